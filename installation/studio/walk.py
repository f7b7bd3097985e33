"""A film that walks through stored latents: hold, transition, loop; holds that breathe, noise that jitters.

The film of the CLIP+BigGAN notebooks: slerp on z and on the class logits, 90 frames from one key to the next, 30 frames
of hold, 30 frames a second, closed to a loop.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

import numpy as np

from installation.core.errors import Rejected, ShowError
from installation.core.param_table import MAX_SEED
from installation.core.paths import writing
from installation.core.prompt_text import caption, clean_whole
from installation.models.interfaces import Floats, Group, Latents, Point, match_layers, same_layers
from installation.models.stored_latents import read_latents
from installation.render.latent_walk import DRIFT_HARMONICS, SPHERE, Geometry, interpolate, loop_offset, slerp
from installation.show.text_file import read_text
from installation.studio.captions import BurntCaptions, Caption, write_srt
from installation.studio.video import FilmWriter
from installation.studio.workspace import Studio

Easing = Literal["smooth", "linear", "in", "out"]
Classes = Literal["logits", "weights"]

BREATH_SECONDS = 6.0  # a hold breathes once in about this time, and a whole number of times
JITTER_RATE = 2.0  # new noise per second
JITTER_SEED = 1 << 20
JITTER_WIDTH = 0.5  # of the full width of a drift
MAX_FRAMES = 1_000_000

EASINGS: dict[Easing, Callable[[float], float]] = {
    "smooth": lambda t: t * t * (3.0 - 2.0 * t),
    "linear": lambda t: t,
    "in": lambda t: t * t,
    "out": lambda t: t * (2.0 - t),
}


@dataclass(frozen=True)
class WalkPlan:
    """How a film walks.

    Attributes:
        steps: Frames from one key to the next.
        hold: Frames that a key stays.
        fps: Frames per second.
        loop: Whether it returns to the first key.
        easing: Of a transition.
        classes: Whether class logits are interpolated spherically, as the notebooks do, or their weights linearly.
        breathe: 0..1, how far a held picture moves on a closed loop around itself.
        jitter: 0..1, how far smooth noise moves z in every frame.
        seed: Of the loops and the noise.
    """

    steps: int = 90
    hold: int = 30
    fps: float = 30.0
    loop: bool = False
    easing: Easing = "smooth"
    classes: Classes = "logits"
    breathe: float = 0.0
    jitter: float = 0.0
    seed: int = 1

    def frames(self, keys: int) -> int:
        """How many frames a walk through so many keys has."""
        transitions = keys if self.loop and keys > 1 else keys - 1
        return keys * self.hold + transitions * self.steps


@dataclass(frozen=True)
class WalkOutput:
    """What is written.

    Attributes:
        path: The film.
        captions: A text file with a line for each key; None: the prompts that are stored with the latents.
        srt: Whether the captions are written beside the film.
        burn: Whether they are drawn into the film.
        audio: A sound track.
    """

    path: Path
    captions: Path | None = None
    srt: bool = False
    burn: bool = False
    audio: Path | None = None


def render_walk(
    studio: Studio, stored: Sequence[Path], plan: WalkPlan, output: WalkOutput, on_frame: Callable[[int, int], None]
) -> int:
    """Render a walk through files of stored latents; return the number of frames.

    A file with several points is several keys.

    Raises:
        ShowError: A file cannot be used, or the film cannot be written.
    """
    keys, texts = _keys(studio, stored)
    if output.captions is not None:
        texts = _lines(output.captions, len(keys))
    captions = walk_captions(texts, plan)
    burnt = BurntCaptions(captions if output.burn else ())
    total = plan.frames(len(keys))
    with FilmWriter(output.path, plan.fps, output.audio) as film:
        points = walk_points(keys, plan, studio.generator.groups, studio.geometry)
        for picture in studio.paint_film((point, frame / plan.fps) for frame, point in enumerate(points)):
            film.write(burnt.draw(picture, film.frames / plan.fps))
            on_frame(film.frames, total)
    if output.srt:
        with writing(path := output.path.with_suffix(".srt")):
            write_srt(path, captions)
    return film.frames


def _keys(studio: Studio, stored: Sequence[Path]) -> tuple[list[Point], list[str]]:
    keys, texts = [], []
    for path in stored:
        latents = read_latents(path)
        point = latents.point_for(studio.generator, path)
        keys += [point[row : row + 1] for row in range(len(point))]
        texts += [caption(latents.settings.get("prompt", ""))] * len(point)
    return same_layers(keys), texts


def _lines(path: Path, keys: int) -> list[str]:
    read = read_text(path, f"the captions {path}").splitlines()
    try:
        lines = [clean_whole(line) for line in read if line.strip()]
    except Rejected as error:
        raise ShowError(f"{path}: {error}") from None
    if len(lines) != keys:
        raise ShowError(f"{path} has {len(lines)} lines, but the walk has {keys} pictures: write a line for each.")
    return lines


def walk_points(
    keys: Sequence[Point], plan: WalkPlan, groups: Sequence[Group], geometry: Geometry = SPHERE
) -> Iterator[Point]:
    """Yield the latents of every frame.

    Args:
        keys: In one shape (see `same_layers`).
        plan: How to walk.
        groups: The generator's.
        geometry: Of its z.

    Raises:
        ShowError: There are no keys, or the film would have no frames or far too many.
    """
    total = plan.frames(len(keys))
    if not keys or not 0 < total <= MAX_FRAMES:
        raise ShowError(f"The walk would have {max(total, 0)} frames: name at least two pictures, or hold one.")
    shape = keys[0].z.shape[1:]
    jitter = _Jitter(plan, geometry, shape)
    frame = 0
    for index, key in enumerate(keys):
        directions = geometry.directions(shape, len(DRIFT_HARMONICS), plan.seed + index) if plan.breathe else None
        for held in range(plan.hold):
            breathing = key if directions is None else _breathing(key, geometry, directions, held, plan)
            yield jitter.apply(breathing, frame)
            frame += 1
        if index + 1 == len(keys) and not (plan.loop and len(keys) > 1):
            return
        following = keys[(index + 1) % len(keys)]
        for step in range(plan.steps):
            # the frame after the last one is the key itself
            t = EASINGS[plan.easing]((step + 1) / (plan.steps + 1) if plan.hold else step / plan.steps)
            yield jitter.apply(blend(key, following, t, groups, plan.classes, geometry), frame)
            frame += 1


def blend(
    a: Point, b: Point, t: float, groups: Sequence[Group], classes: Classes = "logits", geometry: Geometry = SPHERE
) -> Point:
    """Return the point at `t`, 0..1, between two keys."""
    if classes == "weights":
        return interpolate(a, b, t, groups, geometry)
    z = geometry.interpolate(*match_layers(a.z, b.z), geometry.progress(a.classes, b.classes, t))
    return Latents(z, slerp(a.classes, b.classes, t))


def walk_captions(texts: Sequence[str], plan: WalkPlan) -> list[Caption]:
    """Return when each key's words are shown: from the middle of the way to it, to the middle of the way on."""
    period, half, total = plan.hold + plan.steps, plan.steps / 2, plan.frames(len(texts))
    captions = []
    for index, text in enumerate(texts):
        start, end = max(0.0, index * period - half), min(float(total), index * period + plan.hold + half)
        captions.append(Caption(start / plan.fps, end / plan.fps, text))
    if plan.loop and len(texts) > 1:
        captions.append(Caption((total - half) / plan.fps, total / plan.fps, texts[0]))
    return captions


def _breathing(key: Point, geometry: Geometry, directions: Floats, held: int, plan: WalkPlan) -> Point:
    """Return a key moved along a closed loop that starts and ends at the key itself."""
    breaths = max(1, round(plan.hold / plan.fps / BREATH_SECONDS))
    share = held / plan.hold
    swell = math.sin(math.pi * share) ** 2  # no jump of the speed where the hold begins and ends
    offset = loop_offset(directions, breaths * share)
    return Latents(geometry.displace(key.z, offset, plan.breathe * swell), key.classes)


class _Jitter:
    """Smooth random noise around z: a new direction `JITTER_RATE` times a second, and interpolation between them."""

    def __init__(self, plan: WalkPlan, geometry: Geometry, shape: tuple[int, ...]) -> None:
        self._plan, self._geometry = plan, geometry
        self._noise = lru_cache(2)(lambda number: geometry.directions(shape, 1, self._seed(number)))

    def apply(self, point: Point, frame: int) -> Point:
        if not self._plan.jitter:
            return point
        position = frame / self._plan.fps * JITTER_RATE
        before = int(position)
        noise = self._geometry.interpolate(self._noise(before), self._noise(before + 1), position - before)
        return Latents(self._geometry.displace(point.z, noise, JITTER_WIDTH * self._plan.jitter), point.classes)

    def _seed(self, number: int) -> int:
        return int(np.random.default_rng([JITTER_SEED, self._plan.seed, number]).integers(MAX_SEED))
