"""A path through latent space over seconds: from what is shown to what is dreamed, then a slow closed drift around it.

Every change of a Walk begins at what it shows at that moment, so that no change of target, speed or size ever makes
the picture jump. Times are seconds of a `WalkTime`, which stands still while the show is paused.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from installation.core.clock import ease_out
from installation.models.interfaces import Floats, Group, Latents, Point, logits_of, match_layers, slices, weights_of

FOLLOW_SECONDS = 0.6  # how long the aim lags behind a dream that progresses
SETTLE_SECONDS = 1.5  # how long the drift takes to another size
PERIOD_SECONDS = 12.0  # of the drift's closed loop at full speed
WANDER = 1.0  # how far the drift leads at full size, as a share of the length of z
LOOPS = ((1, 1.0), (2, 0.45), (3, 0.25))  # turns within one period, and how wide each turn is
LONGEST_STEP = 0.1  # seconds from one frame to the next at most: what a stall has cost is not made up for
PHASE_WRAP = 32768.0  # seconds: phases begin below it, since 32-bit floats resolve no fine motion after weeks


class WalkTime:
    """The walk's own seconds: from nothing on those of the clock, less pauses and stalls. Only `advance` moves it."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._origin = 0.0
        self._seen: float | None = None

    def advance(self, now: float, paused: bool = False) -> float:
        """Goes on to a frame that is shown at `now`, seconds of the clock; returns the walk's time."""
        if self._seen is None:
            self._origin = now % PHASE_WRAP
        elif not paused:
            self.seconds += min(max(now - self._seen, 0.0), LONGEST_STEP)
        self._seen = now
        return self.seconds

    @property
    def phase(self) -> float:
        """Seconds for the generator's own motion; a successor's goes on from here, since both follow the clock."""
        return self._origin + self.seconds


def slerp(a: Floats, b: Floats, t: float) -> Floats:
    """On the arc from `a` to `b` (Shoemake, 1985), for each vector of the last axis; lengths go linearly."""
    long_a, long_b = (np.linalg.norm(each, axis=-1, keepdims=True) for each in (a, b))
    unit_a, unit_b = a / np.maximum(long_a, 1e-8), b / np.maximum(long_b, 1e-8)
    angle = np.arccos(np.clip((unit_a * unit_b).sum(-1, keepdims=True), -1.0, 1.0))
    sine = np.sin(angle)
    straight = sine < 1e-4  # the same direction, where the arc is a line; or the opposite one, where any arc would do
    safe = np.where(straight, 1.0, sine)
    share_a = np.where(straight, 1.0 - t, np.sin((1.0 - t) * angle) / safe)
    share_b = np.where(straight, t, np.sin(t * angle) / safe)
    arc: Floats = ((share_a * unit_a + share_b * unit_b) * ((1.0 - t) * long_a + t * long_b)).astype(np.float32)
    return arc


def mix(a: Point, b: Point, t: float, groups: Sequence[Group]) -> Point:
    """Between two points: z on the arc, classes linearly in their weights, which gives the soft mixtures.

    One z stands for the same z in every layer, where the other point has one for each.
    """
    if t <= 0.0 or a is b:
        return a
    if t >= 1.0:
        return b
    weights = (1.0 - t) * weights_of(a.classes, groups) + t * weights_of(b.classes, groups)
    return Latents(slerp(*match_layers(a.z, b.z), t), logits_of(weights))


def apart(a: Point, b: Point, groups: Sequence[Group]) -> float:
    """How different the classes of two points are: the largest share of a group's weight that moves, 0..1."""
    moved = np.abs(weights_of(a.classes, groups) - weights_of(b.classes, groups))
    return max((float(moved[:, where].sum(axis=1).max()) / 2.0 for where in slices(groups)), default=0.0)


@dataclass(frozen=True)
class Drift:
    """A closed Lissajous-like loop in a few orthogonal directions of z. Speed and size can change at any time."""

    directions: Floats  # [loops, *shape of z without the batch]: unit vectors of the last axis
    speed: float  # 0..1
    turn: float  # where in the loop (1 is a full one) it is at `since`
    amount: float  # 0..1, where the size leads to
    amount_before: float
    since: float

    @classmethod
    def drawn(cls, shape: Sequence[int], seed: int, since: float, speed: float, amount: float) -> Drift:
        """Around the shape of one z ([z_dim] or [layers, z_dim]); begins at rest in the middle and widens."""
        random = np.random.default_rng(seed)
        *layers, size = shape
        count = min(len(LOOPS), size)
        drawn = random.standard_normal((*layers, size, count))
        directions = np.moveaxis(np.linalg.qr(drawn)[0], -1, 0).astype(np.float32)
        return cls(directions, speed, 0.0, amount, 0.0, since)

    def changed(self, now: float, speed: float, amount: float) -> Drift:
        """From `now` on with another speed and size, going on from where it is."""
        if speed == self.speed and amount == self.amount:
            return self
        return replace(
            self,
            speed=speed,
            turn=self._turn(now),
            amount=amount,
            amount_before=self._amount(now),
            since=now,
        )

    def applied(self, z: Floats, now: float) -> Floats:
        """[batch, ...] z led away from its place, at the length that it had."""
        shares = self._shares(now)[: len(self.directions)]
        away = np.tensordot(shares, self.directions[: len(shares)], axes=1)[None]
        length = np.linalg.norm(z, axis=-1, keepdims=True)
        led = z + (self._amount(now) * WANDER) * length * away
        same: Floats = (led * (length / np.maximum(np.linalg.norm(led, axis=-1, keepdims=True), 1e-8))).astype(
            np.float32
        )
        return same

    def _shares(self, now: float) -> Floats:
        """How far along each direction; sines alone, so that each period passes twice through the dream itself."""
        turn = 2.0 * math.pi * self._turn(now)
        return np.array([width * math.sin(n * turn) for n, width in LOOPS], np.float32)

    def _turn(self, now: float) -> float:
        return self.turn + (now - self.since) * self.speed / PERIOD_SECONDS

    def _amount(self, now: float) -> float:
        t = min(max((now - self.since) / SETTLE_SECONDS, 0.0), 1.0)
        return self.amount_before + (self.amount - self.amount_before) * t * t * (3.0 - 2.0 * t)


@dataclass(frozen=True)
class LatentWalk:
    """From `start` to an aim, with a drift around. Every method that changes it returns another Walk."""

    groups: tuple[Group, ...]
    start: Point
    started: float
    seconds: float
    aim_before: Point
    aim: Point
    aimed: float
    drift: Drift

    @classmethod
    def at_rest(cls, point: Point, groups: tuple[Group, ...], drift: Drift) -> LatentWalk:
        """A Walk that has arrived."""
        return cls(groups, point, 0.0, 0.0, point, point, 0.0, drift)

    def at(self, now: float) -> Point:
        """What is shown."""
        middle = self.middle(now)
        return Latents(self.drift.applied(middle.z, now), middle.classes)

    def middle(self, now: float) -> Point:
        """What is shown, without the drift around it."""
        if now >= self.started + self.seconds:
            return self._aim(now)
        return mix(self.start, self._aim(now), ease_out((now - self.started) / self.seconds), self.groups)

    def towards(self, target: Point, now: float, seconds: float) -> LatentWalk:
        """From what is shown at `now` to a target; sets off at once and arrives softly. 0 seconds: is there at once."""
        return replace(
            self,
            start=self.middle(now),
            started=now,
            seconds=seconds,
            aim_before=target,
            aim=target,
            aimed=now,
        )

    def follow(self, target: Point, now: float) -> LatentWalk:
        """The target has moved a little: goes after it, on the way as well as after the arrival."""
        return replace(self, aim_before=self._aim(now), aim=target, aimed=now)

    def drifting(self, now: float, speed: float, amount: float) -> LatentWalk:
        """From `now` on with another drift; speed and amount in 0..1."""
        return replace(self, drift=self.drift.changed(now, speed, amount))

    def _aim(self, now: float) -> Point:
        return mix(self.aim_before, self.aim, 1.0 - math.exp(-max(now - self.aimed, 0.0) / FOLLOW_SECONDS), self.groups)
