"""The main process of a show: window, Conductor, journal and supervision. It has no torch and outlives every worker."""

from __future__ import annotations

import gc
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from installation.conductor.conductor import Conductor
from installation.core import clock
from installation.core.messages import (
    BeatClock,
    Direction,
    FrameLatents,
    FramePresented,
    FrameReady,
    Notice,
    StoredPicture,
    Trigger,
)
from installation.core.os_support import cores
from installation.core.speech_messages import (
    AudioStarted,
    LineWritten,
    SentenceSpoken,
    SoundFeatures,
    SpeechRejected,
    Transcription,
)
from installation.core.worker_status import RendererHandover, RendererResumed, WorkerStatus
from installation.journal.writer import Journal
from installation.outputs.recorder import claim
from installation.render.opening_picture import OpeningPicture, first_picture
from installation.runtime.continuation import Continuation
from installation.runtime.effects import EffectRunner
from installation.runtime.housekeeping import Housekeeping
from installation.runtime.operator_view import LOADING, OperatorView
from installation.runtime.options import HousekeepingConfig, RunOptions
from installation.runtime.report import ReportBuilder
from installation.runtime.resume import Resume
from installation.runtime.site import Site
from installation.runtime.sound_inputs import is_speech
from installation.runtime.status import StatusMonitor
from installation.runtime.supervisor import SupervisedWorker
from installation.runtime.terminal import StatusLine
from installation.runtime.text_inputs import TextInputs
from installation.runtime.walls import FrameSchedule
from installation.runtime.workers import Workers
from installation.stage.crossfade import GeneratedFrame
from installation.stage.keyboard import QuitRequest, StageEvent
from installation.stage.stage import Stage

STATUS_SECONDS = 1.0
UPDATE_AHEAD = 0.4  # of a frame period: how long before a frame is due everything except presenting it starts
GIVE_UP_SECONDS = 10.0  # without a presented frame, until an error in main ends the show
HOUSEKEEPING_SECONDS = 20.0  # after the start at the latest; sooner once the renderer is ready
WITH_SECRETS = {"osc", "web", "surface", "output", "projector", "alerts"}  # tables that may hold passcodes
FINISH_SECONDS = 2.0  # for the workers to finish their work at the end


class ShowRunner:
    """One performance of a show, from the opening picture to the last frame; `turn` is one frame of the stage."""

    def __init__(self, options: RunOptions, stage: Stage, began: float, opening: OpeningPicture | None = None) -> None:
        """Prepare a performance.

        Args:
            options: What to play and how.
            stage: Where to play it.
            began: Seconds of `clock.now` from which the report counts.
            opening: The first picture; without one it is chosen at the start.

        Raises:
            ShowError: A text cannot be read.
        """
        now = clock.now()
        self.options, self.stage, self._opening = options, stage, opening
        self.conductor = Conductor(options.show, dict(options.values))
        self.report = ReportBuilder(began)
        self.text_inputs = TextInputs(options)
        self.journal = _journal(options, stage)
        self.workers = Workers(options, self.conductor, stage.size, stage.rate, self.journal)
        self.schedule = FrameSchedule(self.workers.walls)
        self.monitor = StatusMonitor(self.workers, self.report)
        self.status_line = StatusLine() if options.terminal else None
        self.site = Site(options, self.workers)
        self.view = OperatorView(stage, self.status_line, self.conductor, self.monitor, self.journal, self._publish)
        self.effects = EffectRunner(options, self.conductor, stage, self.workers, self.report, self.journal, self.view)
        self.continuation = (
            Continuation(options.show, self.text_inputs.prepared, options.seed, now, ask=self.workers.ask_writer)
            if options.continues
            else None
        )
        self.metronome = clock.Metronome(stage.rate, now)
        self.resume = Resume(options.show, options.name)
        self.over = False
        self._in_order = False  # whether the show ends because somebody wants it to
        self._housekeeping: Housekeeping | None = None
        self._status_due = self._presented_at = self._previewed_at = now
        self._shown_take = self.conductor.direction.take

    # -- start and end ----------------------------------------------------------------------------------------------

    def run(self) -> dict[str, Any]:
        """Play until the time is over or somebody ends the show; return the report."""
        try:
            self._start(clock.now())
            gc.freeze()  # later collections need not search what exists now; to search it here takes a frame and a half
            gc.enable()
            self._presented_at = clock.now()
            while not self.over:
                if not self._guarded(self.turn):
                    time.sleep(self.metronome.period)
        finally:
            report = self._end()
        return report

    def _start(self, now: float) -> None:
        width, height = self.stage.size
        options = self.options
        opening = self._opening or first_picture(options.show.models, options.place, options.seed, (height, width))
        self.workers.opening = RendererHandover(*opening.latents) if opening.latents else None
        self.workers.start_renderer(now)  # first: it takes longest
        if opening.shown_at is None:
            self.stage.show_frame(GeneratedFrame(opening.picture, self.conductor.direction.take), 0.0, now)
        self.stage.set_invitation(self.options.show.look.invitation)
        self.metronome = clock.Metronome(self.stage.rate, clock.now())
        self._follow_schedule(clock.now())  # before the first frame: at night it is black
        self._present(clock.now())
        self.report.opening_picture = opening.shown_at or clock.now()
        for start in self._first_workers():
            start(clock.now())
            if not self.metronome.wait(clock.now()):
                self._present(clock.now())  # to start a process takes half a frame
        if options.hosts:
            self.view.notify(Notice("stage", f"The show file names hosts: {', '.join(options.hosts)}."), now)
        for text in options.notices:
            self.view.notify(Notice("stage", text), now)
        for claimed in self.workers.endings.claims.values():
            if claimed.notice:
                self.view.notify(Notice("recorder", claimed.notice), now)
        self.effects.run(self.conductor.begin(), now)
        looks, damaged = self.workers.pictures.looks()
        self.effects.run([*self.conductor.load_looks(looks), *(Notice("stage", each) for each in damaged)], now)
        self._guarded(self._resume, now)  # whatever is in that file, the show begins

    def _first_workers(self) -> Iterator[Callable[[float], object]]:
        """What starts each of the workers, except the renderer and outputs that can wait."""
        yield self.workers.start_control
        if self.options.audio:
            text = f"{self.options.audio.name} starts with the first generated picture."
            self.view.notify(Notice("speech", text), clock.now())
        else:
            yield self.workers.start_speech
        if not self.workers.inputs.sound_file:
            yield self.workers.start_sound
        yield self.workers.start_writer
        yield self._start_recorder
        for number in self.effects.outputs.files:
            yield partial(self.effects.outputs.update, number)
        yield self._start_screens

    def _resume(self, now: float) -> None:
        """Go on where the show was, if it has ended unexpectedly."""
        saved = self.resume.read(time.time())
        if saved and saved.summary:
            self.effects.run(self.conductor.resume(saved, now), now)
            self.view.notify(Notice("stage", f"The show had ended unexpectedly: it goes on ({saved.summary})."), now)

    def _start_audio(self, now: float) -> None:
        """Start recordings only when their pictures can be seen."""
        if not self.conductor.renderer_ready:
            return
        if self.options.audio and "speech" not in self.workers.by_name:
            self.workers.start_speech(now)
        if self.workers.inputs.sound_file and "sound" not in self.workers.by_name:
            self.workers.start_sound(now)

    def _start_recorder(self, now: float) -> None:
        options = self.options
        path, keep_seconds = options.record, None
        if path is None and self.stage.headless:
            stamp = datetime.now().strftime("%Y%m%d-%H%M%S")
            path = Path(options.show.record.folder) / f"{options.name}-{stamp}.mp4"
            keep_seconds = options.show.record.keep_minutes * 60
        if path:
            self.workers.start_recorder(claim(self.workers.recorder_settings(path, keep_seconds)), now)

    def _start_screens(self, now: float) -> None:
        if self.options.show.screen and self.stage.headless:
            self.view.notify(Notice("stage", "The show is headless: no window is opened for its screens."), now)
        else:
            self.workers.start_screens(now)

    def stop(self, in_order: bool = True) -> None:
        """End the show after the present frame. Unless `in_order`, the next one goes on where this one was."""
        self.over, self._in_order = True, in_order

    def end_without_display(self) -> dict[str, Any]:
        """End the show in order although the display is gone; return the report."""
        self.stage.lose_display()
        self.view.notify(Notice("stage", "The display is gone: the show ends."), clock.now())
        return self._end()

    def _end(self) -> dict[str, Any]:
        now = clock.now()
        with ExitStack() as closing:  # also after a second Ctrl-C
            if self.status_line:
                closing.callback(self.status_line.close)
            closing.callback(self.site.close)
            closing.callback(self.resume.close, self._in_order)
            if self.journal:
                closing.callback(self.journal.close)
            closing.callback(self.stage.close)
            if self._housekeeping:
                closing.callback(self._housekeeping.end)
            closing.callback(self.workers.pictures.close)
            closing.callback(self.effects.reload.close)
            closing.callback(self.effects.recordings.close)
            closing.callback(self._close_projection)
            self.monitor.note_processes(now, end=True)
            report = self.report.report(self.metronome.missed, self.stage.size, now)
            report["walls"] = self.schedule.figures()
            report["selftest"] = self.site.tested.row() if self.site.tested else None
            for notice in self.workers.finish(FINISH_SECONDS):
                self.view.notify(notice, now)
        return report

    def _close_projection(self) -> None:
        self.effects.projection.close()
        if sentence := self.effects.projection.failure():
            self.view.notify(Notice("stage", sentence), clock.now())

    # -- one frame --------------------------------------------------------------------------------------------------

    def turn(self) -> None:
        """Present one frame at its due time; everything else happens shortly before, so that it delays no frame."""
        time.sleep(max(0.0, self.metronome.wait(clock.now()) - UPDATE_AHEAD * self.metronome.period))
        self.update(clock.now())
        time.sleep(self.metronome.wait(clock.now()))
        if control := self.workers.by_name.get("control"):
            self._take_messages(control, clock.now())  # a blackout or a fader that came since is in this frame
        self._present(clock.now())

    def update(self, now: float) -> None:
        """Take all inputs and worker messages, advance the Conductor, and supervise the workers."""
        for event in self.stage.events(now):
            self._guarded(self._take_event, event, now)
        for trigger in self.text_inputs.take(self.conductor.queue_room):
            self._guarded(self._take_line, trigger, now)
        if self.continuation:
            for trigger in self.continuation.take(self.conductor, now):
                self._guarded(self._take_line, trigger, now)
        for worker in list(self.workers):
            self._take_messages(worker, now)
        self._show_due_frames(now)
        self._start_audio(now)
        self.effects.run(self.conductor.advance(now), now)
        self.effects.projection.write(now)
        if self.effects.recordings.is_starting:
            self.effects.update_recordings(now)
        for worker in self.monitor.supervise(now):
            self._worker_lost(worker, now)
        if now >= self._status_due:
            self._update_status(now)
        if self.options.seconds is not None and now >= self.report.began + self.options.seconds:
            self.stop()

    def _guarded(self, call: Callable[..., None], *args: Any) -> bool:
        """Call a function; return whether it succeeded.

        An error in main is reported. It costs a message or a frame, but does not end a show that still presents. If no
        frame has been presented for ten seconds it is raised, so that a service manager can restart the program.
        """
        try:
            call(*args)
        except Exception as error:  # of any kind: a live show goes on, and the operator reads what is wrong
            now = clock.now()
            if now > self._presented_at + GIVE_UP_SECONDS:
                raise
            notice = Notice("stage", f"An error in the show ({type(error).__name__}: {error}). It goes on.")
            if self.view.notify_limited(notice, now):
                traceback.print_exc()
            return False
        return True

    def _take_event(self, event: StageEvent, now: float) -> None:
        if isinstance(event, QuitRequest):
            self.stop(in_order=not self.options.window)  # otherwise the compositor of a kiosk has ended
        else:
            self._receive(event, now)

    def _take_line(self, trigger: Trigger, now: float) -> None:
        self._receive(trigger, now)
        if trigger.name == "prompt" and not self.conductor.renderer_ready and self.status_line:
            self.status_line.print(LOADING)

    def _take_messages(self, worker: SupervisedWorker, now: float) -> None:
        for message in worker.link.receive():
            self._guarded(self._take_message, worker, message, now)

    def _take_message(self, worker: SupervisedWorker, message: Any, now: float) -> None:
        match message:
            case FrameReady():
                self._take_frame(worker, message, now)
            case WorkerStatus():
                self._take_status(worker, message, now)
            case RendererResumed(latents, direction):
                if self.journal:
                    self.journal.renderer_started(latents, now, direction)
                    self.journal.write(
                        self.workers.pictures.complete(self.conductor.direction), now
                    )  # on its way to it
            case Notice():
                self.view.notify_limited(message, now)
            case Transcription() | SpeechRejected():
                self._take_speech(message, now)
            case BeatClock():
                self.effects.run(self.conductor.receive(message, now), now)  # the journal has what follows from it
            case SoundFeatures():
                self.effects.run(self.conductor.hear(message, now), now)
            case AudioStarted():
                if self.journal:
                    self.journal.write(message, message.at)  # a film has its sound from there
            case LineWritten():
                if self.continuation:
                    self.continuation.offer(message)
            case StoredPicture():
                self.workers.pictures.keep(message)
            case FrameLatents():
                self._pass_latents(worker, message)
            case Direction():  # of the leader
                self.effects.run(self.conductor.follow(message, now), now)
            case _:
                self._receive(message, now)

    def _receive(self, message: Any, now: float) -> None:
        """Pass a message to the Conductor."""
        if self.continuation:
            self.continuation.note(message, now)
        if self.journal:
            self.journal.write(message, now)
        self.effects.run(self.conductor.receive(message, now), now)

    def _take_status(self, worker: SupervisedWorker, status: WorkerStatus, now: float) -> None:
        notice = self.monitor.take(worker, status, now)
        if notice:
            self.view.notify_limited(notice, now)
        if is_speech(worker.name):
            self._update_speech(now)
        if self.journal and isinstance(status.handover, RendererHandover):
            self.journal.note_latents((status.handover.z, status.handover.classes))

    def _take_speech(self, message: Transcription | SpeechRejected, now: float) -> None:
        self.report.speech.count(message)
        rejected = self.conductor.values["queue/refusals"]
        self._receive(message, now)
        if isinstance(message, Transcription) and message.final and self.options.show.journal.words:
            self.workers.say(SentenceSpoken(message.text, message.began, message.ended))
        if self.options.audio and self.conductor.values["queue/refusals"] == rejected:
            self.view.print_speech(message)

    def _take_frame(self, worker: SupervisedWorker, frame: FrameReady, now: float) -> None:
        """Show a generated frame, unless the ring has overwritten it already."""
        self.report.count_generated(frame, now)
        if frame.direction >= 0:  # before, the renderer draws the start of the walk and cannot dream yet
            worker.mark_productive()
            self.conductor.frame_drawn(frame.prompt_id, now)
        if self.journal:
            self.journal.write(frame, now)
        picture = self.workers.rings.generated.read(frame.slot, frame.sequence)
        if picture is None:
            return
        generated = GeneratedFrame(picture, frame.take, frame.prompt_id, frame.change)
        if self.workers.walls:
            self.schedule.put(generated, frame.show_at)
        else:
            self.stage.show_frame(generated, self.effects.fade_seconds, now)
        self.workers.announce(FramePresented(frame.slot, frame.sequence, now), "generator")

    def _show_due_frames(self, now: float) -> None:
        """Show the generated frames of walls in step whose moment has come."""
        soon = now + UPDATE_AHEAD * self.metronome.period
        for frame in self.schedule.take(soon):
            self.stage.show_frame(frame, self.effects.fade_seconds, now)

    def _pass_latents(self, worker: SupervisedWorker, latents: FrameLatents) -> None:
        """Pass on a frame of the renderer to other walls, or one of the leader to the renderer."""
        if worker.name == "renderer":
            self.workers.lead(latents)
        elif link := self.workers.link("renderer"):
            link.send(latents, key="latents")

    def _present(self, now: float) -> None:
        shown = self.stage.present(now)
        presented = clock.now()
        self.metronome.presented(presented, shown.vsync_seconds, presented - now)
        cut = shown.take != self._shown_take
        self._shown_take = shown.take
        self._presented_at = clock.now()
        self.site.presented(clock.now())
        self.report.count_presented(clock.now(), shown.prompt_id, shown.change, 0.0 if cut else shown.difference)
        if self.workers.has_outputs("stage") or self._preview_is_due(now):
            width, height = self.workers.size  # outputs keep this size when the window is resized
            slot, info = self.workers.rings.stage.fill(height, width, self.stage.read_into, show_at=now)
            self.workers.announce(FramePresented(slot, info.sequence, now), "stage")

    def _preview_is_due(self, now: float) -> bool:
        """Whether a control surface gets this frame: only while somebody looks, and at the rate of its picture."""
        rate = self.options.show.web.picture_rate
        if not rate or not self.workers.has_viewers or now < self._previewed_at + 1.0 / rate:
            return False
        self._previewed_at = now
        return True

    def _worker_lost(self, worker: SupervisedWorker, now: float) -> None:
        if worker.name == "renderer":
            self.effects.run(self.conductor.renderer_lost(worker.reason, now), now)
        elif is_speech(worker.name):
            self.effects.run(self.conductor.speech_lost(self.workers.inputs.microphone(worker.name)), now)
            self._update_speech(now)
        self.workers.screen_lost(worker.name)
        notice = Notice(worker.name, f"The {worker.name} worker failed ({worker.reason}) and is restarted.")
        self.view.notify_limited(notice, now)

    # -- what the operator sees -------------------------------------------------------------------------------------

    def _update_status(self, now: float) -> None:
        self._status_due = max(self._status_due + STATUS_SECONDS, now)
        for notice in [*(self.journal.notices() if self.journal else []), *self._stage_notices()]:
            self.view.notify(notice, now)
        self.report.note_missed(self.metronome.missed, now)
        readings = self.monitor.readings(self.metronome.missed, now) | self.site.readings(now)
        readings |= self.effects.outputs.readings()
        if self.workers.walls:
            readings |= self.schedule.readings(self.workers.clock_offset)
            self.effects.lead(self.conductor.direction)  # for walls that have just begun to follow
        self.effects.run(self.conductor.update_readings(readings), now)
        self.monitor.note_processes(now)
        self.effects.take_reloaded(now)
        self.effects.update_recordings(now)
        for sentence in self.workers.pictures.failures():
            self.view.notify_limited(Notice("stage", sentence), now)
        if sentence := self.effects.projection.failure():
            self.view.notify_limited(Notice("stage", sentence), now)
        self.view.update(readings, now)
        self._follow_schedule(now)
        self.site.update(self.conductor.values, now)
        for notice in self.site.notices():
            self.view.notify(notice, now)
        self._keep_house(now)
        if kept := self.resume.keep(self.conductor.saved_state, time.time()):
            self.view.notify(Notice("stage", kept), now)
        if self.options.window and self.stage.headless:
            self.stop(in_order=False)  # so that the service manager starts it again, with a window

    def _publish(self, notice: Notice) -> None:
        self.workers.publish(notice)
        self.site.note(notice)

    def _follow_schedule(self, now: float) -> None:
        """Sleep, wake, or replace the workers, as the opening hours say."""
        for message in self.site.due_messages():
            self._receive(message, now)

    def _keep_house(self, now: float) -> None:
        """Check files and join old recordings, once the renderer no longer needs the machine to load its models."""
        if self._housekeeping is None:
            if self.conductor.renderer_ready or now > self.report.began + HOUSEKEEPING_SECONDS:
                self._housekeeping = Housekeeping(self._housekeeping_config())
        elif not self._housekeeping.over:
            for notice in self._housekeeping.notices():
                self.view.notify(notice, now)

    def _housekeeping_config(self) -> HousekeepingConfig:
        options, show, renderer = self.options, self.options.show, self.report.renderer
        loaded = (renderer.generator, renderer.perceptor) if renderer else ()
        folders = [Path(show.record.folder), *([options.record.parent] if options.record else [])]
        return HousekeepingConfig(
            options.place,
            frozenset([*show.models.named, *loaded]),
            show.listen.enabled or options.audio is not None,
            tuple(dict.fromkeys(folders)),
        )

    def _stage_notices(self) -> list[Notice]:
        return [Notice("stage", text) for text in self.stage.take_notices()]

    def _update_speech(self, now: float) -> None:
        """Publish the `speech` readings at once: the operator sees a lost microphone within a second."""
        before = self.conductor.values["speech/health"]
        self.effects.run(self.conductor.update_readings(self.monitor.speech_readings()), now)
        if self.conductor.values["speech/health"] != before:
            self.view.refresh(now)


def _journal(options: RunOptions, stage: Stage) -> Journal | None:
    """The journal that the options ask for; its header holds what a replay needs."""
    if options.journal is None:
        return None
    settings = options.show.journal
    show = options.show.model_dump(mode="json", exclude=WITH_SECRETS)
    about = {"name": options.name, "seed": options.seed, "size": list(stage.size), "show": show, "cores": cores()}
    return Journal(options.journal, settings.words, settings.max_megabytes, about)
