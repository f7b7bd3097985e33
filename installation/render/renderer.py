"""The Renderer: a Direction in, frames out. It knows no queue, no process and no clock, and runs under a debugger.

It draws what its Walk shows, and leads the Walk where its Dream goes. Given the same calls with the same times it
makes the same frames: that is what a replay rests on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from installation.core.messages import Array, Direction, Prompt, Value
from installation.core.params import default_values
from installation.models.interfaces import Generator, Latents, Picture, Point
from installation.render.frame_painter import FramePainter, frame_size
from installation.render.interfaces import Dreamer, DreamProtocol, RendererConfig
from installation.render.latent_walk import Drift, LatentWalk, WalkTime, apart

ATTRACT_SECONDS = 12.0  # from one picture of the attract walk to the next, where the Direction does not say
WANDER_SECONDS = 6.0  # how long the way from one to the next takes at least
RESUME_SECONDS = 8.0  # how long the way takes from what a predecessor showed to where the same dream goes anew
MORPH_SECONDS = 1.8  # how long the way takes at least when a dream chooses other classes
OTHER_CLASSES = 0.25  # share of a group's weight: beyond it, the dream has chosen another class
VISIBLE = 4.0  # of 255: the mean difference from which a change counts as seen
WATCH_SECONDS = 10.0  # after that, words that change nothing visible are not watched any more


@dataclass(frozen=True)
class RenderedFrame:
    """A picture, and what is said of it."""

    picture: Picture
    take: int
    prompt_id: int
    show_at: float
    score: float
    change: float


class Renderer:
    """Shows what a Direction asks for. Times are seconds of the clock and never go back."""

    def __init__(self, config: RendererConfig, generator: Generator, dreamer: Dreamer | None = None) -> None:
        """Without a dreamer it can already draw where it begins (`config.latents`); `direct` needs one.

        Latents of another generator, whose picture has opened the show, are no beginning.
        """
        self.generator = generator
        self.dreamer = dreamer
        self.direction: Direction | None = None
        self.dream: DreamProtocol | None = None
        self.cutouts = config.dream.cutouts
        self.size = frame_size(generator, config)
        self._seed = config.seed
        latents = config.latents if config.latents and _fit(config.latents, generator) else None
        self._inherited = _ids(config.direction) if latents else ()  # words whose dream a predecessor showed
        self._resuming = False  # what it showed stays until the new dream has chosen its classes
        self._random = np.random.default_rng(config.seed)
        self._params: dict[str, Value] = {**default_values("renderer"), **config.direction.params}
        self._take = config.direction.take
        self._time = WalkTime()
        self._walk = self._rest(Latents(*latents)) if latents else None
        self._before: LatentWalk | None = None  # what the walk was until the present words came
        self._watch_until = 0.0
        self._change = 0.0
        self._score = 0.0
        self._moved = False
        self._next_wander = 0.0
        self._canvas = FramePainter(generator, self.size, float(self._params["latent/truncation"]))

    def direct(self, direction: Direction) -> None:
        """From the last frame on this is to be shown. The same Direction again changes nothing."""
        new_take = direction.take != self._take
        before = self.direction
        self.direction = direction
        self._take = direction.take
        self._set({**default_values("renderer"), **direction.params})
        if before is None or new_take or _ids(before) != _ids(direction):
            self._resuming = before is None and not new_take and self._inherited == _ids(direction) != ()
            self._turn_to(direction, cut=new_take)

    def draw(self, now: float) -> RenderedFrame:
        """The frame that is shown at `now`."""
        before = self._now
        self._canvas.glide(self._time.advance(now, self.paused) - before)
        self._lead()
        picture = self._painted(self._shown())
        prompt_id = self.dream.prompt_id if self.dream else 0
        return RenderedFrame(picture, self._take, prompt_id, now, self._score, self._change)

    def work(self) -> bool | None:
        """One short piece of dream work. True if it was an optimisation step, None if there is nothing to be done."""
        if self.dream is None or not self.dreaming:
            return None
        self._moved = True
        optimised = self.dream.step()
        if optimised and self._resuming:
            self._resuming = self._moved = False
            self._go(self.dream.point(), RESUME_SECONDS)
        self._score = max(self._score, self.dream.score)
        return optimised

    @property
    def begun(self) -> bool:
        """Whether there is anything to be drawn."""
        return self._walk is not None

    @property
    def dreaming(self) -> bool:
        """Whether there is dream work to be done."""
        return self.dream is not None and not self.paused and bool(self._params["dream/enabled"])

    @property
    def paused(self) -> bool:
        """Whether everything stands still."""
        return self.direction is not None and self.direction.paused

    @property
    def most_cutouts(self) -> int:
        """As many cutouts as memory has allowed so far, for the present dream."""
        return self.dream.most_cutouts if self.dream else self.cutouts

    def spend(self, cutouts: int) -> None:
        """The governor's word, for this dream and the next ones."""
        if cutouts != self.cutouts:
            self.cutouts = cutouts
            if self.dream:
                self.dream.set_cutouts(cutouts)

    def latents(self) -> tuple[Array, Array] | None:
        """What is shown, so that a successor begins there: z and class logits."""
        if self._walk is None:
            return None
        shown = self._shown()
        return shown.z, shown.classes

    @property
    def _now(self) -> float:
        """The walk's time at the last frame. Changes begin there, at what the audience sees."""
        return self._time.seconds

    def _rest(self, point: Point) -> LatentWalk:
        speed, amount = float(self._params["walk/speed"]), float(self._params["walk/amount"])
        seed = int(self._random.integers(1, 2**31))
        drift = Drift.drawn(point.z.shape[1:], seed, self._now, speed, amount)
        return LatentWalk.at_rest(point, self.generator.groups, drift)

    def _set(self, params: dict[str, Value]) -> None:
        if params == self._params:
            return
        self._params = params
        self._canvas.wanted_truncation = float(params["latent/truncation"])
        if self._walk:
            self._walk = self._walk.drifting(self._now, float(params["walk/speed"]), float(params["walk/amount"]))
        if self.dream:
            self.dream.set_params(params)

    def _turn_to(self, direction: Direction, cut: bool) -> None:
        """Other words, none any more, or another take."""
        opening = self._walk is not None and self.dream is None and self._next_wander == 0.0
        self._score = self._change = 0.0
        self._before, self._watch_until = None, self._now + WATCH_SECONDS
        if direction.prompts:
            self._before = self._walk
            seconds = 0.0 if cut else direction.fade_seconds
            self.dream = self._dream(direction.prompts)
            self._score = self.dream.score
            if not self._resuming:
                self._go(self.dream.point(), seconds)
            return
        self.dream = None
        if opening and not cut:  # nobody has spoken yet: the picture that is there stays for its time
            self._next_wander = self._now + self._attract_seconds
        else:
            self._wander(0.0 if cut else max(direction.fade_seconds, WANDER_SECONDS))

    def _dream(self, prompts: Sequence[Prompt]) -> DreamProtocol:
        seed = int(self._params["dream/seed"]) or self._seed_of(prompts)
        dream = self._equipped.dream(prompts, seed, self._params)
        dream.set_cutouts(self.cutouts)
        return dream

    def _seed_of(self, prompts: Sequence[Prompt]) -> int:
        """Another one for each prompt, but the same for a successor, whose dream comes out much the same."""
        random = np.random.default_rng([self._seed, *(prompt.id for prompt in prompts)])
        return int(random.integers(1, 2**31))

    def _wander(self, seconds: float) -> None:
        self._go(self._equipped.attract_point(int(self._random.integers(1, 2**31))), seconds)
        self._next_wander = self._now + max(self._attract_seconds, seconds)

    @property
    def _equipped(self) -> Dreamer:
        if self.dreamer is None:
            raise ValueError("a Renderer without a Dreamer cannot be directed.")
        return self.dreamer

    @property
    def _attract_seconds(self) -> float:
        return float(self._params.get("attract/seconds", ATTRACT_SECONDS))

    def _go(self, target: Point, seconds: float) -> None:
        self._walk = self._walk.towards(target, self._now, seconds) if self._walk else self._rest(target)

    def _lead(self) -> None:
        """The walk goes where the dream has gone meanwhile, or to the next picture when nobody speaks."""
        if self._walk is None or self.direction is None or self.paused:
            return
        if self.dream is None:
            if self._now >= self._next_wander:
                self._wander(WANDER_SECONDS)
        elif self._moved and not self._resuming:
            self._moved = False
            self._keep_up(self._walk, self.dream.point())

    def _keep_up(self, walk: LatentWalk, point: Point) -> None:
        if not (np.isfinite(point.z).all() and np.isfinite(point.classes).all()):
            raise ValueError("the dream has lost its numbers.")  # before they reach the walk, and a successor
        if apart(point, walk.aim, self.generator.groups) > OTHER_CLASSES:
            left = walk.started + walk.seconds - self._now
            self._walk = walk.towards(point, self._now, max(left, MORPH_SECONDS))
        else:
            self._walk = walk.follow(point, self._now)

    def _shown(self) -> Point:
        if self._walk is None:
            raise ValueError("there is nothing to be drawn before a Direction has come.")
        return self._walk.at(self._now)

    def _painted(self, shown: Point) -> Picture:
        """The frame; measures how far it is from what the old walk would have shown, until that is plain to see."""
        phase = self._time.phase
        if self._before is None:
            return self._canvas.paint(shown, phase)
        picture, self._change = self._canvas.compare(shown, self._before.at(self._now), phase)
        if self._change >= VISIBLE or self._now > self._watch_until:
            self._before = None
        return picture


def _fit(latents: tuple[Array, Array], generator: Generator) -> bool:
    sizes = generator.z_dim, sum(len(group.labels) for group in generator.groups)
    return tuple(part.shape[-1] for part in latents) == sizes


def _ids(direction: Direction) -> tuple[int, ...]:
    return tuple(prompt.id for prompt in direction.prompts)
