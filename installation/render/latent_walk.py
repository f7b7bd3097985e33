"""The latent walk: a path from the latents on screen to those of the dream, then a slow closed drift around them.

Every change of a walk starts at what it shows at that moment, so that no change of target, speed or amount makes the
picture jump. Times are seconds of a `WalkClock`, which stands still while the show is paused.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from installation.core.curves import DEFAULT_CURVE, along
from installation.models.capabilities import Arrangeable, FreeLatents, Recasting, Staged, WordPainter
from installation.models.interfaces import (
    Floats,
    Generator,
    Group,
    Latents,
    Point,
    logits_of,
    match_layers,
    slices,
    weights_of,
)

FOLLOW_SECONDS = 0.6  # time constant with which the walk follows a dream that progresses
DRIFT_EASE_SECONDS = 1.5  # duration of a change of the drift's amount
DRIFT_PERIOD_SECONDS = 12.0  # of the closed loop at speed 1
DRIFT_HARMONICS = ((1, 1.0), (2, 0.45), (3, 0.25))  # for each direction: turns within a period, and relative width
MAX_FRAME_SECONDS = 0.1  # by which a frame advances the walk at most: a stall is not caught up with
PHASE_WRAP = 32768.0  # seconds; phases start below it, because float32 cannot resolve fine motion after weeks


class WalkClock:
    """Time of the walk in seconds: that of the clock without pauses and stalls. Only `advance` moves it."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._origin = 0.0
        self._last: float | None = None

    def advance(self, now: float, paused: bool = False) -> float:
        """Advance to a frame that is shown at `now`, in seconds of the clock; return the time of the walk."""
        if self._last is None:
            self._origin = now % PHASE_WRAP
        elif not paused:
            self.seconds += min(max(now - self._last, 0.0), MAX_FRAME_SECONDS)
        self._last = now
        return self.seconds

    @property
    def phase(self) -> float:
        """Seconds for the generator's own motion; they follow the clock, so that a new renderer continues them."""
        return self._origin + self.seconds


def slerp(a: Floats, b: Floats, t: float) -> Floats:
    """Interpolate spherically between vectors of the last axis (Shoemake, 1985), and linearly between their lengths.

    Args:
        a: [..., d], returned at t = 0.
        b: [..., d], returned at t = 1.
        t: 0..1.
    """
    length_a, length_b = (np.linalg.norm(each, axis=-1, keepdims=True) for each in (a, b))
    unit_a, unit_b = a / np.maximum(length_a, 1e-8), b / np.maximum(length_b, 1e-8)
    angle = np.arccos(np.clip((unit_a * unit_b).sum(-1, keepdims=True), -1.0, 1.0))  # [..., 1]
    sine = np.sin(angle)
    collinear = sine < 1e-4  # equal directions, where the arc is a line, or opposite ones, where it is undefined
    safe_sine = np.where(collinear, 1.0, sine)
    share_a = np.where(collinear, 1.0 - t, np.sin((1.0 - t) * angle) / safe_sine)
    share_b = np.where(collinear, t, np.sin(t * angle) / safe_sine)
    arc: Floats = ((share_a * unit_a + share_b * unit_b) * ((1.0 - t) * length_a + t * length_b)).astype(np.float32)
    return arc


def lerp(a: Floats, b: Floats, t: float) -> Floats:
    """Interpolate linearly. [...] and [...] -> [...]."""
    between: Floats = a + np.float32(t) * (b - a)
    return between


def displace(z: Floats, offset: Floats, amount: float) -> Floats:
    """Add `amount * offset`. [..., d] and [..., d] -> [..., d]."""
    displaced: Floats = z + np.float32(amount) * offset
    return displaced


def class_distance(a: Point, b: Point, groups: Sequence[Group]) -> float:
    """Return the largest share of a group's weight that differs between two points, 0..1."""
    moved = np.abs(weights_of(a.classes, groups) - weights_of(b.classes, groups))  # [batch, classes]
    return max((float(moved[:, where].sum(axis=1).max()) / 2.0 for where in slices(groups)), default=0.0)


def rotate_towards(z: Floats, offset: Floats, amount: float) -> Floats:
    """Add `amount * offset` times the length of z, and restore that length. [..., d] and [..., d] -> [..., d]."""
    length = np.linalg.norm(z, axis=-1, keepdims=True)
    moved = z + amount * length * offset
    rotated: Floats = moved * (length / np.maximum(np.linalg.norm(moved, axis=-1, keepdims=True), 1e-8))
    return rotated.astype(np.float32)


def orthonormal_directions(shape: Sequence[int], count: int, seed: int) -> Floats:
    """Draw random orthonormal vectors by QR decomposition. -> [count, *shape], unit vectors of the last axis."""
    *layers, size = shape
    drawn = np.random.default_rng(seed).standard_normal((*layers, size, min(count, size)))
    return np.moveaxis(np.linalg.qr(drawn)[0], -1, 0).astype(np.float32)


def loop_offset(directions: Floats, turn: float) -> Floats:
    """Return the offset at `turn` of a closed Lissajous-like loop; 1 is a full loop. [k, ...] -> [1, ...]."""
    angle = 2.0 * math.pi * turn
    # sines alone, so that each period passes through the undisplaced z twice
    shares = np.array([width * math.sin(turns * angle) for turns, width in DRIFT_HARMONICS], np.float32)
    shares = shares[: len(directions)]
    offset: Floats = np.tensordot(shares, directions[: len(shares)], axes=1)[None]
    return offset


class Geometry(NamedTuple):
    """How the z of a generator are interpolated and displaced.

    Attributes:
        interpolate: Two z and t in 0..1 -> a z between them.
        displace: z, an offset and an amount in 0..1 -> z near it.
        directions: Shape of z without the batch, count and seed -> [count, *shape], offsets of a drift.
        progress: Class logits at the start and at the end of a way, and t -> how far z is, 0..1.
        recast: Start and end of a way, the point between them at t, and t -> that point, or one without what no words
            say (see `Recasting`).
    """

    interpolate: Callable[[Floats, Floats, float], Floats]
    displace: Callable[[Floats, Floats, float], Floats]
    directions: Callable[[Sequence[int], int, int], Floats]
    progress: Callable[[Floats, Floats, float], float] = lambda _before, _after, t: t
    recast: Callable[[Point, Point, Point, float], Point] = lambda _before, _after, between, _t: between


SPHERE = Geometry(slerp, rotate_towards, orthonormal_directions)  # of normal noise, whose lengths are nearly equal


def rotate_noise(generator: Generator, z: Floats, offset: Floats, amount: float) -> Floats:
    """Rotate as `rotate_towards` does, but leave the marks of an `Arrangeable` generator. [..., d] -> [..., d]."""
    if not isinstance(generator, Arrangeable):
        return rotate_towards(z, offset, amount)
    noise = generator.noise_dimensions
    rotated = rotate_towards(z[..., :noise], offset[..., :noise], amount)
    return np.concatenate([rotated, z[..., noise:]], axis=-1)


def _beside_marks(noise: int) -> Geometry:
    """The geometry of normal noise in the first dimensions of z, and of marks in the others."""

    def interpolate(a: Floats, b: Floats, t: float) -> Floats:
        parts = slerp(a[..., :noise], b[..., :noise], t), lerp(a[..., noise:], b[..., noise:], t)
        return np.concatenate(parts, axis=-1)

    def displace(z: Floats, offset: Floats, amount: float) -> Floats:
        return np.concatenate([rotate_towards(z[..., :noise], offset, amount), z[..., noise:]], axis=-1)

    def directions(shape: Sequence[int], count: int, seed: int) -> Floats:
        return orthonormal_directions((*shape[:-1], noise), count, seed)

    return Geometry(interpolate, displace, directions)


def geometry_of(generator: Generator) -> Geometry:
    """Return the geometry of a generator's z."""
    if isinstance(generator, Staged):
        noise = _beside_marks(generator.noise_dimensions) if isinstance(generator, Arrangeable) else SPHERE
        staged = noise._replace(progress=generator.z_progress)
        return staged._replace(recast=generator.recast) if isinstance(generator, Recasting) else staged
    if isinstance(generator, WordPainter):
        painter = generator
        return SPHERE._replace(directions=lambda _shape, count, seed: painter.noise_directions(count, seed))
    if not isinstance(generator, FreeLatents):
        return SPHERE
    free = generator
    return Geometry(lerp, displace, lambda _shape, count, seed: free.drift_directions(count, seed))


def interpolate(a: Point, b: Point, t: float, groups: Sequence[Group], geometry: Geometry = SPHERE) -> Point:
    """Interpolate between two points at `t` in 0..1: z by the geometry, classes linearly in their weights.

    If only one point has a z for each layer, the other's z is repeated. Classes that are the same stay so bit for bit,
    since a generator may keep what it has decoded of them.
    """
    if t <= 0.0 or a is b:
        return a
    if t >= 1.0:
        return b
    classes, z_t = a.classes, t
    if not np.array_equal(a.classes, b.classes):
        classes = logits_of((1.0 - t) * weights_of(a.classes, groups) + t * weights_of(b.classes, groups))
        z_t = geometry.progress(a.classes, b.classes, t)
    between = Latents(geometry.interpolate(*match_layers(a.z, b.z), z_t), classes)
    return geometry.recast(a, b, between, t)


@dataclass(frozen=True)
class Drift:
    """A closed Lissajous-like loop in a few directions of z. Speed and amount can change at any time.

    Attributes:
        geometry: Of z.
        directions: [directions, *shape of z without the batch].
        speed: 0..1.
        turn: Position in the loop at `since`; 1 is a full loop.
        amount: 0..1, the width that the loop changes to.
        amount_before: The width that it changes from.
        since: Time of the last change of the speed.
        amount_since: Time of the last change of the amount.
    """

    geometry: Geometry
    directions: Floats
    speed: float
    turn: float
    amount: float
    amount_before: float
    since: float
    amount_since: float

    @classmethod
    def begin(
        cls, shape: Sequence[int], seed: int, since: float, speed: float, amount: float, geometry: Geometry = SPHERE
    ) -> Drift:
        """Start a drift in the middle of its loop, with amount 0 at first.

        Args:
            shape: Of one z, [z_dim] or [layers, z_dim].
            seed: Of the directions.
            since: Time of the start.
            speed: 0..1.
            amount: 0..1.
            geometry: Of z.
        """
        directions = geometry.directions(shape, len(DRIFT_HARMONICS), seed)
        return cls(
            geometry, directions, speed, turn=0.0, amount=amount, amount_before=0.0, since=since, amount_since=since
        )

    def changed(self, now: float, speed: float, amount: float) -> Drift:
        """Return the drift with another speed and amount from `now` on; it continues where it is."""
        changed = self
        if speed != self.speed:
            changed = replace(changed, speed=speed, turn=self._turn_at(now), since=now)
        if amount != self.amount:
            changed = replace(changed, amount=amount, amount_before=self._amount_at(now), amount_since=now)
        return changed

    def apply(self, z: Floats, now: float, added: float = 0.0) -> Floats:
        """Return z displaced along the loop, by `added` more than its amount. [batch, ...] -> the same shape."""
        amount = min(max(self._amount_at(now) + added, 0.0), 1.0)
        return self.geometry.displace(z, loop_offset(self.directions, self._turn_at(now)), amount)

    def _turn_at(self, now: float) -> float:
        return self.turn + (now - self.since) * self.speed / DRIFT_PERIOD_SECONDS

    def _amount_at(self, now: float) -> float:
        t = min(max((now - self.amount_since) / DRIFT_EASE_SECONDS, 0.0), 1.0)
        return self.amount_before + (self.amount - self.amount_before) * t * t * (3.0 - 2.0 * t)  # smoothstep


@dataclass(frozen=True)
class LatentWalk:
    """A path from `start` to a target, with a drift around it. Methods that change it return another walk.

    Attributes:
        groups: The generator's.
        start: Where the walk left from.
        started: When.
        seconds: Duration of the way; 0 is there at once.
        target_before: Where the target was at `target_since`.
        target: Where it moves to, with `FOLLOW_SECONDS`.
        target_since: Time of the target's last change.
        drift: Added to everything that is shown.
        curve: How it runs from `start` to the target; a name of `core.curves`.
        position: Below 1, how far it has come, 0..1, whatever the time: a T-bar holds it there.
        limit: How far it comes at most, 0..1, until it is `released`.
    """

    groups: tuple[Group, ...]
    start: Point
    started: float
    seconds: float
    target_before: Point
    target: Point
    target_since: float
    drift: Drift
    curve: str = DEFAULT_CURVE
    position: float = 1.0
    limit: float = 1.0

    @classmethod
    def at_rest(cls, point: Point, groups: tuple[Group, ...], drift: Drift) -> LatentWalk:
        """Return a walk that has arrived at `point`."""
        return cls(groups, point, 0.0, 0.0, point, point, 0.0, drift)

    def at(self, now: float, added_drift: float = 0.0) -> Point:
        """Return the latents to show; `added_drift`: to the amount of the drift."""
        point = self.without_drift(now)
        return Latents(self.drift.apply(point.z, now, added_drift), point.classes)

    def without_drift(self, now: float) -> Point:
        """Return the latents to show before the drift is added."""
        if self.position < 1.0:
            t = self.position
        elif now >= self.started + self.seconds and self.limit == 1.0:
            return self._target_at(now)
        else:
            t = min(self._way_at(now), self.limit)
        return interpolate(self.start, self._target_at(now), t, self.groups, self.drift.geometry)

    def move_to(self, target: Point, now: float, seconds: float, curve: str = DEFAULT_CURVE) -> LatentWalk:
        """Walk from what is shown at `now` to a new target."""
        return replace(
            self,
            start=self.without_drift(now),
            started=now,
            seconds=seconds,
            curve=curve,
            position=0.0 if self.position < 1.0 else 1.0,
            limit=1.0,
            target_before=target,
            target=target,
            target_since=now,
        )

    def limited(self, limit: float) -> LatentWalk:
        """Wait at `limit`, 0..1, of the way until it is released."""
        return replace(self, limit=limit)

    def released(self, now: float) -> LatentWalk:
        """Go on from what is shown at `now`."""
        if self.limit < self._way_at(now):
            return self.move_to(self.target, now, (1.0 - self.limit) * self.seconds, self.curve)
        return replace(self, limit=1.0)

    def follow(self, target: Point, now: float) -> LatentWalk:
        """Follow a target that has moved a little, on the way as well as after the arrival."""
        return replace(self, target_before=self._target_at(now), target=target, target_since=now)

    def with_drift(self, now: float, speed: float, amount: float) -> LatentWalk:
        """Change the drift from `now` on; the amount in 0..1."""
        return replace(self, drift=self.drift.changed(now, speed, amount))

    def at_position(self, position: float) -> LatentWalk:
        """Hold the walk at a position between `start` and the target, 0..1; at 1 it runs by itself."""
        return replace(self, position=position)

    def _way_at(self, now: float) -> float:
        return along(self.curve, (now - self.started) / self.seconds) if self.seconds > 0 else 1.0

    def _target_at(self, now: float) -> Point:
        t = 1.0 - math.exp(-max(now - self.target_since, 0.0) / FOLLOW_SECONDS)
        return interpolate(self.target_before, self.target, t, self.groups, self.drift.geometry)
