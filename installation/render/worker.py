"""The render worker: Directions come over a channel, frames go into the ring, and the rest of the time is dreaming.

One turn reads the messages and then does one thing: draws the frame that is due, does one piece of dream work, or
waits. Where there is a second core, dreams have a process of their own instead, and a turn takes over what is done.
Models load in the order in which they are needed: the generator draws the start of the walk while the perceptor is
still loading.
"""

from __future__ import annotations

import gc
import math
import traceback
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from typing import NamedTuple

from installation.core import clock
from installation.core.errors import ShowError
from installation.core.frame_ring import FrameRing
from installation.core.messages import CapturePicture, Direction, FrameLatents, FrameReady, Modulation, StoredPicture
from installation.core.worker_shell import WorkerChannel, run_worker
from installation.core.worker_status import RendererFigures, RendererHandover, RendererResumed
from installation.models.capabilities import FinishesLoading, MixedPrecision
from installation.models.interfaces import HostQueue, WorkQueue
from installation.render.device_budget import DeviceBudget
from installation.render.dream_process import DreamProcess, DreamsLost, has_process
from installation.render.dreams_beside import DreamsBeside, Work
from installation.render.frame_budget import FrameBudget
from installation.render.interfaces import DreamFactory, RendererConfig
from installation.render.loading import load_dream_factory, load_generator, resolve_models
from installation.render.rendered_frame import PendingFrame, RenderedFrame
from installation.render.renderer import Checkpoint, Renderer

STATUS_SECONDS = 0.5
GPU_STEPS_PER_SECOND = 240.0  # at most: a GPU has time left after the frames
PAUSED_FRAME_SECONDS = 1.0  # between frames while the show is paused
IDLE_SECONDS = 0.02  # between two looks while models are loading
SLOW_FRAME_SECONDS = 0.4  # of painting: a generator that takes longer is too large for its device
SLOW_SECONDS = 10.0  # that frames take so long before the operator is told
POLL_SECONDS = 0.0005  # between two looks at what a card has done
NO_QUEUE = HostQueue()  # before dreams can be started
LED_SECONDS = 5.0  # after the last frame of a leader, until the renderer goes on alone


def run_renderer(connection: Connection, config: RendererConfig) -> None:
    """Run the render worker until main closes the pipe. Main sends Directions."""
    run_worker("renderer", _render, connection, config)


def _render(channel: WorkerChannel, config: RendererConfig) -> None:
    gc.disable()  # loading leaves no garbage, and searching for it costs a sixth of the time
    try:
        RenderLoop(channel, config).run()
    finally:
        gc.enable()


@dataclass(frozen=True)
class FrameOrigin:
    """What a frame follows; see `FrameReady`."""

    steps: int
    pieces: int
    direction: int
    cutouts: int
    modulation: dict[str, float]
    searching: bool


class BegunFrame(NamedTuple):
    """A frame that is begun ahead of its time."""

    frame: PendingFrame
    origin: FrameOrigin
    before: Checkpoint  # where drawing it began


class RenderLoop:
    """A Renderer, its budget and its ring, at one end of a channel.

    On a processor a frame is drawn when it is due. A card works while the loop goes on: frames are begun ahead and
    shown when they are due, and work is queued for the rest of its time; the loop waits for neither.
    """

    def __init__(self, channel: WorkerChannel, config: RendererConfig) -> None:
        """Load the generator. Raises ShowError if it cannot be loaded."""
        self.channel = channel
        self.config = config = resolve_models(config, channel.notice)
        on_gpu = config.models.device.startswith("cuda")
        steps = config.dream.steps_per_second or (GPU_STEPS_PER_SECOND if on_gpu else 0.0)
        rate = config.rate or config.models.rate_on(config.models.device)
        cutouts = config.dream.cutouts_on(config.models.device)
        if on_gpu and not (config.rate and config.dream.cutouts):
            channel.notice(f"'{config.models.device}' plays at most {rate:g} frames/s and {cutouts} cutouts a step.")
        self.ring = FrameRing(config.ring)
        process = DreamProcess(config) if has_process(config) else None
        self.generator = load_generator(config)
        self.renderer = Renderer(config, self.generator)
        self.budget: FrameBudget | DeviceBudget = FrameBudget(rate, cutouts, steps)
        if self.renderer.draws_ahead:
            self.budget = DeviceBudget(rate, cutouts, steps or GPU_STEPS_PER_SECOND)
        self._beside: DreamsBeside | None = None
        if process and isinstance(self.budget, FrameBudget):
            self._beside = DreamsBeside(process, self.renderer, self.budget)
        self._begun: deque[BegunFrame] = deque()  # ahead of their time, in their order
        self._background = ThreadPoolExecutor(2, "loading")
        self._dream_factory: Future[DreamFactory] | None = None
        self._finished: Future[None] | None = None  # what the first pictures do without
        self._latest: Direction | None = config.direction  # not applied yet
        self._applied = -1  # the number of the Direction that frames follow; none yet
        self._added: dict[str, float] = {}  # by sound, to live parameters
        self._steps = 0  # optimisation steps since the last frame
        self._pieces = 0  # pieces of dream work since the last frame
        self._frame: RenderedFrame | None = None
        self._status_at = 0.0
        self._led: FrameLatents | None = None  # of the leader, not drawn yet
        self._led_until = -math.inf  # while the renderer follows a leader
        self._slow_since = math.inf
        self._slow_told = False  # whether the operator was told that frames are rare
        self._misfit = False  # whether the operator was told that the leader's frames cannot be painted

    def run(self) -> None:
        """Turn until the channel is closed."""
        with self._background:
            if self._beside:
                self._dream_factory = self._background.submit(self._beside.process.load)
                if isinstance(self.generator, FinishesLoading):
                    self._background.submit(self.generator.finish_painting)
            else:
                if isinstance(self.generator, FinishesLoading):  # which takes long, but hardly any of Python's own time
                    self._background.submit(self.generator.finish_loading)
                self._dream_factory = self._background.submit(load_dream_factory, self.config, self.generator)
            try:
                while not self.channel.closed:
                    self.turn()
            finally:
                if self._beside:
                    self._beside.process.close()

    def turn(self) -> None:
        """Read the messages, then draw a frame, do a piece of dream work, or wait for the next of them."""
        try:
            self._turn()
        except DreamsLost as lost:
            if self.renderer.dream_factory is None:  # it has never been ready: another one would hardly be
                raise
            self._resume(str(lost))

    def _resume(self, reason: str) -> None:
        """Begin anew in this process, from the picture on screen, as a successor would: the dreams are lost."""
        if self._beside:
            self._beside.process.close()
        direction = self._latest or self.renderer.direction or self.config.direction
        config = replace(self.config, direction=direction, latents=self.renderer.latents())
        self.channel.notice(reason)
        self.channel.send(RendererResumed(config.latents, direction), critical=True)
        self.renderer = Renderer(config, self.generator)
        self._latest, self._applied, self._finished = direction, -1, None
        self._steps = self._pieces = 0
        self._begin_dreams(DreamProcess(config))

    def _begin_dreams(self, process: DreamProcess) -> None:
        """Load what dreams need, in a process of their own."""
        if isinstance(self.budget, FrameBudget):
            self._beside = DreamsBeside(process, self.renderer, self.budget)
            self._dream_factory = self._background.submit(process.load)

    def _turn(self) -> None:
        self._receive(0.0)
        now = clock.now()
        if now >= self._status_at:
            self._report(now)
        if self._led is not None:
            self._draw_led(self._led)
        elif now < self._led_until:
            self._receive(max(min(self._led_until, self._status_at) - now, 0.0))
        elif self._due(now):
            self._show_next(now)
        elif self._drawable and (now >= self.budget.next_frame_at or self._urgent):
            self._draw()
        elif self._works_here and self._queue.has_room and self.budget.allows_work(now):
            self._work(now)
        else:
            self._receive(max(self._next_turn(now) - clock.now(), 0.0))

    @property
    def _works_here(self) -> bool:
        """Whether there is dream work to be done in this process."""
        return self.renderer.macros.searching or (self._beside is None and self.renderer.dreaming)

    def _next_turn(self, now: float) -> float:
        """When there is something to do, or something to look at that a card may have done."""
        times = [self._status_at, self.budget.next_frame_at if self._drawable else now + IDLE_SECONDS]
        if self._begun:
            times.append(max(self._begun[0].frame.show_at, now + POLL_SECONDS))
        if self._queue.asynchronous and self.renderer.dreaming:
            times.append(now + POLL_SECONDS)
        return min(times)

    def _receive(self, timeout: float) -> None:
        for message in self.channel.receive(timeout):
            match message:
                case Direction():
                    self._latest = message
                case Modulation(renderer=added):
                    self._added = added
                case CapturePicture(name):
                    self._send_picture(self.renderer.capture(name))
                case FrameLatents():
                    self._take_led(message)
                case _:
                    raise TypeError(f"the renderer takes Directions, not {type(message).__name__}.")

    def _send_picture(self, picture: StoredPicture | None) -> None:
        if picture:
            self.channel.send(picture, key=picture.name)

    @property
    def _ready(self) -> bool:
        """Whether the perceptor is loaded, so that prompts can be dreamed."""
        loading = self._dream_factory
        if self.renderer.dream_factory is None and loading is not None and loading.done():
            self.renderer.dream_factory = loading.result()
            self._finished = self._background.submit(self.renderer.dream_factory.finish_loading)
        return self.renderer.dream_factory is not None

    @property
    def _queue(self) -> WorkQueue:
        """Where dream work is queued."""
        factory = self.renderer.dream_factory
        return factory.queue if factory else NO_QUEUE

    @property
    def _drawable(self) -> bool:
        return self._ready or self.renderer.can_draw

    @property
    def _urgent(self) -> bool:
        """Whether the latest Direction must be visible at once: other prompts, another take, or the end of a pause.

        Where frames are begun ahead, any other Direction as well: those frames do not follow it.
        """
        latest, current = self._latest, self.renderer.direction
        if latest is None or not self._ready:
            return False
        if current is None or any(self._replaceable(begun) for begun in self._begun):
            return True
        return (latest.prompts, latest.take, latest.paused) != (current.prompts, current.take, current.paused)

    def _take_led(self, frame: FrameLatents) -> None:
        """Follow the leader from this frame on, or say why that cannot be."""
        if self.renderer.can_follow(frame):
            self._led, self._led_until = frame, clock.now() + LED_SECONDS
        elif not self._misfit:
            self._misfit = True
            ours = self.generator.name
            self.channel.notice(f"The leader plays '{frame.generator}', this wall '{ours}': it plays on by itself.")

    def _draw_led(self, frame: FrameLatents) -> None:
        """Draw a frame of the leader as one of the latest Direction, which is not dreamed here."""
        self._led, began = None, clock.now()
        direction = self._latest or self.renderer.direction or self.config.direction
        self._begun.clear()
        if self._beside:
            self._count(self._beside.pause())
        self._applied = direction.number
        prompt_id = direction.prompts[-1].id if direction.prompts else 0
        self._show(self.renderer.draw_led(frame, direction.take, prompt_id), self._new_origin())
        if isinstance(self.budget, FrameBudget):
            self.budget.frame_done(began, clock.now(), dreaming=False)
        else:
            self.budget.frame_rate.add(began)

    def _leave_leader(self) -> None:
        self._led_until = -math.inf
        self.renderer.leave_leader()

    def _draw(self) -> None:
        began = clock.now()
        if self._led_until > -math.inf:
            self._leave_leader()
        directed = self._latest is not None and self._ready
        if self._beside and self._ready:
            self._count(self._beside.begin_frame(directed, self._added))
        if self._latest is not None and directed:
            self._drop_begun()
            self._apply(self._latest)
        if isinstance(self.budget, FrameBudget):
            self.renderer.modulate(self._added)
            if self._beside and self._ready:
                self._beside.directed()
            self._show(self.renderer.draw(clock.now()), self._new_origin())
            self.budget.frame_done(began, clock.now(), self._works_here)
        else:
            before = self.renderer.checkpoint()
            self.renderer.modulate(self._added)
            frame = self.renderer.begin(self.budget.begin_frame(clock.now()))
            self._begun.append(BegunFrame(frame, self._new_origin(), before))
        if self._beside is None:
            self.renderer.set_cutouts(self.budget.cutouts)
        elif self._ready:
            self._beside.frame_done()
        if self.renderer.paused:
            self.budget.hold(began + PAUSED_FRAME_SECONDS)

    def _count(self, work: Work) -> None:
        """Count work that was done beside the frames."""
        self._pieces += work.pieces
        self._steps += work.steps

    def _new_origin(self) -> FrameOrigin:
        """What the present frame follows, with the work since the one before it."""
        steps, pieces, self._steps, self._pieces = self._steps, self._pieces, 0, 0
        renderer = self.renderer
        return FrameOrigin(steps, pieces, self._applied, renderer.cutouts, self._added, renderer.macros.searching)

    def _due(self, now: float) -> bool:
        """Whether the first of the begun frames is to be shown now, and painted."""
        return bool(self._begun) and now >= self._begun[0].frame.show_at and self._begun[0].frame.picture.ready

    def _show_next(self, now: float) -> None:
        frame, origin, _ = self._begun.popleft()
        self._show(frame.finish(), origin)
        if isinstance(self.budget, DeviceBudget):
            self.budget.work_finished(self._queue.finished(), now)
            seconds, dreaming = frame.picture.seconds, self.renderer.dreaming
            self.budget.frame_shown(frame.show_at, seconds, dreaming, sound=bool(self._added))

    def _replaceable(self, begun: BegunFrame) -> bool:
        """Whether another frame can be painted before this one is to be shown."""
        return begun.frame.show_at > clock.now() + self.budget.frame_cost.seconds

    def _drop_begun(self) -> None:
        """Forget the frames that were begun before a Direction came, but not those that are about to be shown."""
        if isinstance(self.budget, FrameBudget):
            return
        kept = [begun for begun in self._begun if not self._replaceable(begun)]
        dropped = [*self._begun][len(kept) :]
        if dropped:
            self.renderer.rewind(dropped[0].before)
        self._steps += sum(begun.origin.steps for begun in dropped)
        self._pieces += sum(begun.origin.pieces for begun in dropped)
        self._begun = deque(kept)
        self.budget.drop_frames(clock.now(), kept[-1].frame.show_at if kept else -math.inf)

    def _show(self, frame: RenderedFrame, origin: FrameOrigin) -> None:
        """Put a frame into the ring and tell main."""
        slot, info = self.ring.write(frame.picture, frame.take, frame.prompt_id, frame.show_at)
        self.channel.send(
            FrameReady(
                slot=slot,
                sequence=info.sequence,
                take=frame.take,
                prompt_id=frame.prompt_id,
                show_at=frame.show_at,
                score=frame.score,
                steps=origin.steps,
                direction=origin.direction,
                change=frame.change,
                crc=info.crc,
                pieces=origin.pieces,
                cutouts=origin.cutouts,
                modulation=origin.modulation,
                searching=origin.searching,
            )
        )
        self._frame = frame
        if self.config.leads:
            point, name = frame.painted.point, self.generator.name
            phase, truncation = frame.painted.phase, frame.painted.truncation
            latents = FrameLatents(point.z, point.classes, phase, truncation, frame.take, frame.show_at, name)
            self.channel.send(latents, key="latents")

    def _apply(self, direction: Direction) -> None:
        dream = self.renderer.dream
        self.renderer.direct(direction)
        self._latest = None
        self._applied = direction.number
        for picture in self.renderer.take_ended():
            self._send_picture(picture)
        if self.renderer.dream is not dream:
            self.budget.dream_started()
            self._send_notices()

    def _work(self, began: float) -> None:
        self._pieces += not self.renderer.macros.searching
        queue = self._queue
        before = queue.begun
        optimised = bool(self.renderer.work())
        if isinstance(self.budget, FrameBudget):
            self.budget.work_done(began, clock.now(), optimised)
        else:
            self.budget.work_queued(queue.begun - before, optimised)
            self.budget.work_finished(queue.finished(), began)  # which may have been queued just now
        self._steps += optimised
        if self.renderer.most_cutouts < self.budget.most_cutouts:
            self.budget.limit_cutouts(self.renderer.most_cutouts)
            self.renderer.set_cutouts(self.budget.cutouts)

    def _send_notices(self) -> None:
        dream = self.renderer.dream
        text = " ".join(filter(None, (self.renderer.pop_notice(), dream.pop_notice() if dream else "")))
        if text:
            self.channel.notice(text, dream.prompt_id if dream else 0)
        text = self.generator.notice() if isinstance(self.generator, MixedPrecision) else ""
        if text:
            self.channel.notice(text)

    def _end_loading(self) -> None:
        """Once all is loaded, collect garbage again, and tell the operator what could not be loaded."""
        finished = self._finished
        if finished is None or not finished.done():
            return
        self._finished = None
        gc.freeze()  # later collections need not search the models and word lists; to search them takes six frames
        gc.enable()
        if error := finished.exception():
            if not isinstance(error, ShowError):  # a package that is broken, or a disk: the pictures go on
                traceback.print_exception(error)
            self.channel.notice(f"Words of other languages may not be understood: {error}")

    def _report_slow(self, now: float) -> None:
        """Tell the operator, once, that the generator is too large for this device to move.

        While models load, and for a moment after, frames of any generator take long.
        """
        cost, models = self.budget.frame_cost, self.config.models
        if self._slow_told or not self._ready or not cost.measured or cost.seconds < SLOW_FRAME_SECONDS:
            self._slow_since = now
            return
        if now < self._slow_since + SLOW_SECONDS:
            return
        self._slow_told = True
        self.channel.notice(
            f"'{models.generator}' needs {cost.seconds:.1f} s for a frame on '{models.device}': the stage blends from "
            "one to the next. A lower height in [models], or another generator, moves."
        )

    def _report(self, now: float) -> None:
        self._status_at = now + STATUS_SECONDS
        if self._beside and self._ready:
            self._beside.process.poll()
        self._end_loading()
        self._report_slow(now)
        if not self._ready:
            self.channel.status("starting")
            return
        self._send_notices()
        latents = self.renderer.latents()
        handover = RendererHandover(*latents) if latents else None
        self.channel.status("running", figures=self._figures(now), handover=handover)

    def _figures(self, now: float) -> RendererFigures:
        budget, dream = self.budget, self.renderer.dream
        height, width = self._frame.picture.shape[:2] if self._frame else (0, 0)
        return RendererFigures(
            device=self.config.models.device,
            generator=self.config.models.generator,
            perceptor=self.config.models.perceptor,
            precision=self.generator.precision if isinstance(self.generator, MixedPrecision) else "float32",
            generated_size=(width, height),
            generated_fps=round(budget.frame_rate.per_second(now), 2),
            steps_per_second=round(budget.step_rate.per_second(now), 2),
            frame_ms=round(budget.frame_cost.seconds * 1000.0, 1),
            step_ms=round(budget.step_cost.seconds * 1000.0, 1),
            cutouts=self.renderer.cutouts,
            most_cutouts=budget.most_cutouts,
            prompt_id=dream.prompt_id if dream else 0,
            score=dream.score if dream else 0.0,
            start_score=dream.start_score if dream else 0.0,
            dream_step=dream.steps if dream else 0,
        )
