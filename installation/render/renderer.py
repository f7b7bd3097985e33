"""The renderer: a Direction in, frames out. It knows no process and no clock, so that it runs in a debugger.

It paints what the latent walk shows, and moves the walk to where the dream goes. The same calls with the same times
give the same frames, which is what a replay relies on.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from installation.core.messages import Array, Direction, FrameLatents, Prompt, StoredPicture
from installation.models.capabilities import z_shapes
from installation.models.interfaces import Generator, Latents, Point, slices, weights_of
from installation.render.frame_painter import ChangeMeter, FramePainter, frame_size
from installation.render.interfaces import DreamFactory, DreamProtocol, RendererConfig
from installation.render.latent_controls import LatentControls
from installation.render.latent_directions import MacroDirections
from installation.render.latent_walk import Drift, LatentWalk, WalkClock, class_distance, geometry_of
from installation.render.live_values import LiveValues
from installation.render.pinned_picture import PinnedPicture, missing_pictures, pinned_picture
from installation.render.rendered_frame import PaintedPoint, PendingFrame, RenderedFrame
from installation.render.stage_control import StageControl

ATTRACT_WALK_SECONDS = 6.0  # duration of the way from one to the next, at least
RESUME_SECONDS = 8.0  # duration of the way from a predecessor's last picture to the restarted dream
MORPH_SECONDS = 1.8  # duration of the way at least, when a dream chooses other classes
UNDECIDED = 0.45  # how far a change of scene comes before the dream has chosen its classes: the old set is gone by then
UNDECIDED_SECONDS = 3.0  # after which it goes on in any case
BAR_RATE = 4.0  # of the whole way per second, at which the walk follows `transition/position` at most
NEW_CLASSES = 0.25  # class distance from which on a dream counts as having chosen other classes
MAX_SEED = 2**31
# what drawing a frame changes, beside the dream
DRAWN_STATE = (
    *("_clock", "_controls", "_live", "_next_attract_at", "_painter", "_random", "_related_to", "_resuming", "_stage"),
    *("_walk", "painted"),
)

Checkpoint = Mapping[str, Any]  # of `DRAWN_STATE`


class Renderer:
    """Shows what a Direction asks for. Times are seconds of the clock and never go back.

    Attributes:
        generator: Paints the frames.
        dream_factory: Starts dreams; may be set after the first frames.
        direction: The last one applied.
        dream: Of the present prompts; None in the attract walk.
        size: (height, width) of frames; None is the generator's native size.
        painted: What the last frame that was begun is painted from; None before the first.
        macros: The directions of the macros.
    """

    def __init__(self, config: RendererConfig, generator: Generator, dream_factory: DreamFactory | None = None) -> None:
        """Start at `config.latents` if they fit the generator.

        They do not if another generator's opening picture was shown. Without a dream factory the renderer can already
        draw that start, but `direct` needs one.
        """
        latents = config.latents if config.latents and _latents_fit(config.latents, generator) else None
        self.generator = generator
        self.dream_factory = dream_factory
        self.direction: Direction | None = None
        self.dream: DreamProtocol | None = None
        self._cutouts = config.dream.cutouts_on(config.place.device)
        self.size = frame_size(generator, config)
        self._geometry = geometry_of(generator)
        self._seed = config.seed
        self._random = np.random.default_rng(config.seed)
        self._live = LiveValues().directed(config.direction.params)
        self._dream_params = self._live.of_dream  # that the dream has
        self._take = config.direction.take
        self._clock = WalkClock()
        self._walk = self._walk_at_rest(Latents(*latents)) if latents else None
        self._painter = FramePainter(generator, self.size, float(self._live.params["latent/truncation"]))
        self._stage = StageControl(generator, config)
        self._change = ChangeMeter()
        self.painted: PaintedPoint | None = None
        self._score = 0.0
        self._dream_moved = False  # since the last frame
        self._inherited_ids = _prompt_ids(config.direction) if latents else ()  # of a predecessor's dream
        self._resuming = False  # the predecessor's picture stays until the new dream has chosen its classes
        self._next_attract_at: float | None = None
        self._controls = LatentControls(generator)
        self.macros = MacroDirections(generator, config.place)
        self._related_to: object = None  # the prompts that the related classes are those of
        self._ended: list[StoredPicture] = []  # what dreams have come to that are over
        self._notices: list[str] = []
        self._set_controls()

    def direct(self, direction: Direction) -> None:
        """Apply a Direction from the last frame on. The same Direction again changes nothing.

        Raises:
            ValueError: There is no dream factory yet.
        """
        previous, self.direction = self.direction, direction
        new_take = direction.take != self._take
        self._take = direction.take
        self._apply_values(self._live.directed(direction.params))
        ids = _prompt_ids(direction)
        if previous is None or new_take or _prompt_ids(previous) != ids:
            self._resuming = previous is None and not new_take and self._inherited_ids == ids != ()
            self._apply_prompts(direction, cut=new_take)
        elif self.dream and previous.prompts != direction.prompts:
            self.dream.set_prompts(direction.prompts)
            self._dream_moved = True

    def modulate(self, added: Mapping[str, float]) -> None:
        """Add to live parameters from the next frame on, by name, until the next call; see `Modulation`."""
        self._apply_values(self._live.modulated(added))

    def draw(self, now: float) -> RenderedFrame:
        """Draw the frame that is shown at `now`.

        Raises:
            ValueError: There is nothing to draw yet (see `can_draw`), or the dream has produced NaN.
        """
        return self.begin(now).finish()

    @property
    def draws_ahead(self) -> bool:
        """Whether a device paints while the host goes on, so that frames may be begun ahead of their time."""
        return self._painter.paints_ahead

    def begin(self, now: float) -> PendingFrame:
        """Begin the frame that is shown at `now`; raises as `draw` does."""
        before = self._now
        self._stage.advance(now)
        self._painter.advance(self._clock.advance(now, self.paused) - before)
        self._move_bar(self._now - before)
        self._update_related()
        self._controls.set_directions(self.macros.current)
        self._controls.advance(self._now - before)
        self._update_walk()
        point, phase = self._shown_point(), self._clock.phase
        picture = self._change.begin(self._painter, point, self._controls.apply, self._now, phase)
        self.painted = PaintedPoint(point, phase, self._painter.truncation)
        prompt_id = self.dream.prompt_id if self.dream else 0
        measured = partial(self._change.measured, now=self._now)
        return PendingFrame(picture, self.painted, self._take, prompt_id, now, self._score, measured)

    def checkpoint(self) -> Checkpoint:
        """Return what the next frame changes, so that it can be drawn otherwise after all."""
        state = {name: copy.copy(getattr(self, name)) for name in DRAWN_STATE}
        return state | {"_random": copy.deepcopy(self._random)}

    def rewind(self, checkpoint: Checkpoint) -> None:
        """Forget the frames begun since a checkpoint; what the dream has done since then stays."""
        for name, value in checkpoint.items():
            setattr(self, name, value)
        self._painter.set_truncation(self._painter.truncation)
        self._dream_moved = self.dream is not None and self.dream.optimises

    def prepare_comparison(self) -> None:
        """Paint what the change by new prompts is measured against, while their dream is being started elsewhere."""
        self._change.prepare(self._painter, self._controls.apply, self._now, self._clock.phase)

    def can_follow(self, frame: FrameLatents) -> bool:
        """Whether the generator paints what the leader's generator has painted."""
        return frame.generator == self.generator.name and _latents_fit((frame.z, frame.classes), self.generator)

    def draw_led(self, frame: FrameLatents, take: int, prompt_id: int) -> RenderedFrame:
        """Draw a frame of the leader, for `frame.show_at`; `can_follow` must hold."""
        point = Latents(frame.z, frame.classes)
        self._painter.set_truncation(frame.truncation)
        self._stage.advance(frame.show_at)
        picture = self._painter.paint(point, frame.phase)
        self.painted = PaintedPoint(point, frame.phase, frame.truncation)
        return RenderedFrame(picture, self.painted, take, prompt_id, frame.show_at, 0.0, 0.0)

    def leave_leader(self) -> None:
        """Go on alone, from the last picture of the leader."""
        if self.painted is None:
            return
        self._walk = self._walk_at_rest(self.painted.point)
        self._next_attract_at = None
        if self.dream:
            self._walk_to(self.dream.point(), RESUME_SECONDS)
        elif self.direction is not None:
            self._walk_to_attract_point(RESUME_SECONDS)

    def work(self) -> bool | None:
        """Do one piece of dream work, or of the search for the macros' directions while that lasts.

        Returns:
            True for an optimisation step, None if there is nothing to do.
        """
        if self.macros.searching:
            self.macros.step()
            return False
        if self.dream is None or not self.dreaming:
            return None
        return self.step_dream(self.dream)

    def step_dream(self, dream: DreamProtocol) -> bool:
        """Do one piece of work of the present dream; return whether it was an optimisation step."""
        self._dream_moved = True
        optimised = dream.step()
        if optimised and self._walk and self._walk.limit < 1.0 and self._stage.has_decided(dream.point()):
            self._walk = self._walk.released(self._now)
        if optimised and self._resuming:
            self._resuming = self._dream_moved = False
            self._walk_to(dream.point(), RESUME_SECONDS)
        self._score = max(self._score, dream.score)
        return optimised

    def steers_dream(self, added: Mapping[str, float], cutouts: int) -> bool:
        """Whether the next frame changes what the dream is done with, when sound adds this and steps take cutouts."""
        live = self._live.modulated(added)
        truncation = float(live.values["latent/truncation"])
        changed = live is not self._live and live.of_dream != self._dream_params
        return changed or cutouts != self._cutouts or self._painter.moves_truncation(truncation)

    @property
    def truncation(self) -> float:
        """Of the pictures of the last frame, for generators that can be truncated."""
        return self._painter.truncation

    @property
    def can_draw(self) -> bool:
        """Whether there is anything to draw."""
        return self._walk is not None

    @property
    def dreaming(self) -> bool:
        """Whether there is work to do."""
        if self.macros.searching:
            return True
        return (
            self.dream is not None
            and self.dream.optimises
            and not self.paused
            and bool(self._live.values["dream/enabled"])
        )

    @property
    def paused(self) -> bool:
        """Whether the picture stands still."""
        return self.direction is not None and self.direction.paused

    @property
    def most_cutouts(self) -> int:
        """The most cutouts that memory has allowed so far, for the present dream."""
        return self.dream.most_cutouts if self.dream else self._cutouts

    @property
    def cutouts(self) -> int:
        """Of the next step: as many as were asked for, or as the dream can take of them."""
        return self.dream.cutouts if self.dream and self.dream.optimises else self._cutouts

    def set_cutouts(self, cutouts: int) -> None:
        """Take so many cutouts a step, in this dream and the next ones."""
        if cutouts != self._cutouts:
            self._cutouts = cutouts
            if self.dream:
                self.dream.set_cutouts(cutouts)

    def latents(self) -> tuple[Array, Array] | None:
        """Return z and class logits on screen, without faders, where a successor starts; None before any frame."""
        if self._walk is None:
            return None
        point = self._walk.at(self._now)
        return point.z, point.classes

    def capture(self, name: str) -> StoredPicture | None:
        """Return the latents on screen under a name; None before the first frame."""
        latents = self.latents()
        return StoredPicture(name, *latents, self.generator.name) if latents else None

    def take_ended(self) -> list[StoredPicture]:
        """Return what dreams had come to that have ended since the last call, as `prompt:ID`."""
        ended, self._ended = self._ended, []
        return ended

    def pop_notice(self) -> str:
        """Return the sentences for the operator since the last call, or ''."""
        notice = " ".join(self._notices)
        self._notices.clear()
        return notice

    @property
    def _now(self) -> float:
        """Time of the walk at the last frame; changes start there, at what the audience sees."""
        return self._clock.seconds

    # -- Direction ------------------------------------------------------------------------------------------------

    def _apply_values(self, live: LiveValues) -> None:
        if live is self._live:
            return
        self._live = live
        self._painter.target_truncation = float(live.values["latent/truncation"])
        self._set_controls()
        if self._walk:
            self._walk = self._walk.with_drift(self._now, *live.drift)
        if self.dream and live.of_dream != self._dream_params:
            self._dream_params = live.of_dream
            self.dream.set_params(self._dream_params)

    def _apply_prompts(self, direction: Direction, cut: bool) -> None:
        """Start a dream of other prompts, or the attract walk."""
        at_opening = self._walk is not None and self.dream is None and self._next_attract_at is None
        self._score = 0.0
        self._change.reset(self._walk if direction.prompts else None, self._now)
        self._keep_ended()
        if direction.prompts:
            self.dream = self._start_dream(direction)
            self._score = self.dream.score
            if self._resuming and not self.dream.optimises:
                self._resuming = False
                self._walk_to(self.dream.point(), RESUME_SECONDS)
            elif not self._resuming:
                self._walk_to(self.dream.point(), 0.0 if cut else direction.fade_seconds)
                self._wait_for_classes()
            return
        self.dream = None
        if at_opening and not cut:  # there were no prompts yet: the opening picture stays for its time
            self._next_attract_at = self._now + self._live.attract_seconds
        else:
            self._walk_to_attract_point(0.0 if cut else max(direction.fade_seconds, ATTRACT_WALK_SECONDS))

    def _wait_for_classes(self) -> None:
        """Let no set come that the dream would send away again."""
        dreams = not isinstance(self.dream, PinnedPicture)
        if self._walk and self._walk.seconds > 0 and dreams and self._stage.changes_sets:
            self._walk = self._walk.limited(UNDECIDED)

    def _keep_ended(self) -> None:
        """Keep what the dream that ends has come to, so that its picture can be shown again."""
        if self.dream and not isinstance(self.dream, PinnedPicture):
            point = self.dream.point()
            name = f"prompt:{self.dream.prompt_id}"
            self._ended.append(StoredPicture(name, point.z, point.classes, self.generator.name))

    def _start_dream(self, direction: Direction) -> DreamProtocol:
        prompts = direction.prompts
        if pinned := pinned_picture(direction, self.generator):
            return pinned
        self._notices += missing_pictures(direction, self.generator)
        seed = prompts[-1].seed or int(self._live.params["dream/seed"]) or prompt_seed(self._seed, prompts)
        self._dream_params = self._live.of_dream
        dream = self._required_factory.dream(prompts, seed, self._dream_params)
        dream.set_cutouts(self._cutouts)
        return dream

    @property
    def _required_factory(self) -> DreamFactory:
        if self.dream_factory is None:
            raise ValueError("A renderer without a dream factory cannot apply a Direction.")
        return self.dream_factory

    # -- walk -----------------------------------------------------------------------------------------------------

    def _update_walk(self) -> None:
        """Move the walk to where the dream has gone since the last frame, or to the next attract picture."""
        if self._walk is None or self.direction is None or self.paused:
            return
        if self._walk.limit < 1.0 and self._now > self._walk.started + UNDECIDED_SECONDS:
            self._walk = self._walk.released(self._now)
        if self.dream is None:
            if self._next_attract_at is not None and self._now >= self._next_attract_at:
                self._walk_to_attract_point(ATTRACT_WALK_SECONDS)
        elif self._dream_moved and not self._resuming:
            self._dream_moved = False
            self._follow_dream(self._walk, self.dream.point())

    def _move_bar(self, seconds: float) -> None:
        """Move the walk towards `transition/position`, not faster than a hand moves a T-bar."""
        position = float(self._live.values["transition/position"])
        if self._walk and position != self._walk.position:
            step = BAR_RATE * seconds
            way = min(max(position - self._walk.position, -step), step)
            self._walk = self._walk.at_position(self._walk.position + way)

    def _follow_dream(self, walk: LatentWalk, point: Point) -> None:
        if not (np.isfinite(point.z).all() and np.isfinite(point.classes).all()):
            # raised before NaN reaches the walk, from which a successor starts
            raise ValueError("The dream has produced NaN.")
        if (
            walk.position == walk.limit == 1.0
            and class_distance(point, walk.target, self.generator.groups) > NEW_CLASSES
        ):
            remaining = walk.started + walk.seconds - self._now
            self._stage.begin_change(walk.without_drift(self._now), self._rest(point))
            self._walk = walk.move_to(point, self._now, max(remaining, MORPH_SECONDS), walk.curve)
        else:
            self._stage.follow(self._rest(point))
            self._walk = walk.follow(point, self._now)

    def _walk_to(self, target: Point, seconds: float) -> None:
        self._stage.begin_change(self._walk.without_drift(self._now) if self._walk else None, self._rest(target))
        curve = str(self._live.params["transition/curve"])
        self._walk = self._walk.move_to(target, self._now, seconds, curve) if self._walk else self._walk_at_rest(target)

    def _rest(self, target: Point) -> Point | None:
        """Where the walk to a target ends for good; None if a dream moves on from there."""
        return target if isinstance(self.dream, PinnedPicture) else None

    def _walk_to_attract_point(self, seconds: float) -> None:
        self._walk_to(self._required_factory.attract_point(self._draw_seed()), seconds)
        self._next_attract_at = self._now + max(self._live.attract_seconds, seconds)

    def _walk_at_rest(self, point: Point) -> LatentWalk:
        shape, seed = point.z.shape[1:], self._draw_seed()
        drift = Drift.begin(shape, seed, self._now, *self._live.drift, geometry=self._geometry)
        return LatentWalk.at_rest(point, self.generator.groups, drift)

    def _draw_seed(self) -> int:
        return int(self._random.integers(1, MAX_SEED))

    def _shown_point(self) -> Point:
        if self._walk is None:
            raise ValueError("There is nothing to draw before the first Direction.")
        return self._controls.apply(self._walk.at(self._now, self._live.added_drift))

    # -- faders ---------------------------------------------------------------------------------------------------

    def _set_controls(self) -> None:
        self._notices += self._controls.set_params(self._live.params, self._live.values)
        if self._controls.uses_macros and (notice := self.macros.want()):
            self._notices.append(notice)

    def _update_related(self) -> None:
        """Let the faders know the classes that are related to the words on the stage, if they ask."""
        key = (self._take, self.direction.prompts if self.direction else (), self._next_attract_at)
        if self._controls.uses_related and key != self._related_to:
            self._related_to = key
            self._controls.set_related(self.dream.related_classes() if self.dream else self._scattered_classes())

    def _scattered_classes(self) -> tuple[int, ...]:
        """Classes in a random order, for the attract walk; of several groups, those of which the picture shows none."""
        groups = self.generator.groups
        present = weights_of(self._walk.target.classes, groups)[0] if self._walk else np.zeros(0)
        classes: list[int] = []
        for group, where in zip(groups, slices(groups), strict=True):
            if len(groups) == 1 or (group.neutral is not None and present[where][group.neutral] > 0.5):
                classes += [index for index in range(where.start, where.stop) if index - where.start != group.neutral]
        return tuple(np.random.default_rng(self._seed).permutation(classes).tolist())


def prompt_seed(seed: int, prompts: Sequence[Prompt]) -> int:
    """Return a seed that differs between prompts but not between a renderer and its successor."""
    random = np.random.default_rng([seed, *(prompt.id for prompt in prompts)])
    return int(random.integers(1, MAX_SEED))


def _latents_fit(latents: tuple[Array, Array], generator: Generator) -> bool:
    z, classes = latents
    return z.shape[1:] in z_shapes(generator) and classes.shape[-1] == sum(
        len(group.labels) for group in generator.groups
    )


def _prompt_ids(direction: Direction) -> tuple[int, ...]:
    return tuple(prompt.id for prompt in direction.prompts)
