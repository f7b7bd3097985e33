"""Main: the window, the Conductor and the whole state of the show. It has no torch and outlives every worker."""

from __future__ import annotations

import gc
import shutil
import time
import traceback
from datetime import datetime
from pathlib import Path
from typing import Any

from installation.conductor.conductor import Conductor
from installation.core import clock
from installation.core.messages import (
    FramePresented,
    FrameReady,
    Notice,
    SpeechRejected,
    Transcription,
    Trigger,
    WorkerStatus,
)
from installation.core.os_support import ring_folder
from installation.journal.writer import Journal
from installation.outputs.config import free_path
from installation.runtime.effects import EffectRunner
from installation.runtime.opening_picture import first_picture
from installation.runtime.operator_view import WAKING, OperatorView
from installation.runtime.options import RunOptions
from installation.runtime.report import ReportBuilder
from installation.runtime.status import StatusMonitor
from installation.runtime.terminal import StatusLine
from installation.runtime.text_inputs import TextInputs
from installation.runtime.workers import Workers, room_for_rings
from installation.stage.image_files import read_picture
from installation.stage.keyboard import QuitRequest
from installation.stage.stage import Stage

STATUS_SECONDS = 1.0
ATTEND_AHEAD = 0.4  # of a period: how long before its tick everything but the presenting of a frame is begun
GIVE_UP_SECONDS = 10.0  # without a presented frame, before a fault in main ends the show
FINISH_SECONDS = 2.0  # what workers get to finish their work at the end


class ShowRunner:
    """One show, from the opening picture to the last frame. `turn` is one frame of the stage."""

    def __init__(self, plan: RunOptions, stage: Stage, began: float) -> None:
        """`began`: the moment of clock.now from which the report counts. Raises ShowError for a text unread."""
        now = clock.now()
        self.plan, self.stage = plan, stage
        self.conductor = Conductor(plan.show, dict(plan.values))
        self.ledger = ReportBuilder(began)
        self.sources = TextInputs(plan)
        self.journal = _journal(plan, stage)
        self.folder = ring_folder(room_for_rings(stage.size))
        self.crew = Workers(plan, self.conductor, self.folder, stage.size, self.journal)
        self.watch = StatusMonitor(self.crew, self.ledger)
        self.status = StatusLine() if plan.terminal else None
        self.view = OperatorView(stage, self.status, self.conductor, self.watch, self.journal)
        self.stagehand = EffectRunner(plan, self.conductor, stage, self.crew, self.ledger, self.journal, self.view)
        self.metronome = clock.Metronome(stage.rate, now)
        self.recording: Path | None = None
        self.over = False
        self._status_due = self._well = now
        self._shown_take = self.conductor.direction.take

    # -- beginning and end ----------------------------------------------------------------------------------------

    def run(self) -> dict[str, Any]:
        """Plays until the time is over or somebody ends it; returns the report."""
        try:
            self._begin(clock.now())
            gc.collect()
            gc.freeze()  # what is there now stays: it need not be searched while frames are due
            self._well = clock.now()
            while not self.over:
                self._turn_whatever_happens()
        finally:
            report = self._end()
        return report

    def _begin(self, now: float) -> None:
        width, height = self.stage.size
        picture, self.crew.latents = first_picture(self.plan.show.models, self.plan.seed, (height, width))
        self.crew.start_renderer(now)  # first, for it takes longest
        opening = read_picture(picture) if isinstance(picture, Path) else picture
        self.stage.show_picture(opening, self.conductor.direction.take, 0, 0.0, now)
        self.stage.invite(self.plan.show.look.invitation)
        self.metronome = clock.Metronome(self.stage.rate, clock.now())
        self._present(clock.now())
        self.ledger.opening_picture = clock.now()
        self.crew.start_control(now)
        if self.plan.audio:
            self.view.tell(Notice("speech", f"{self.plan.audio.name} begins with the first picture."), now)
        else:
            self.crew.start_speech(now)
        self._start_recorder(now)
        self.stagehand.do(self.conductor.begin(), now)

    def _play_audio(self, now: float) -> None:
        """A recording is not over before its pictures can be seen: it begins when the renderer draws."""
        if self.plan.audio and self.conductor.renderer_ready and "speech" not in self.crew.workers:
            self.crew.start_speech(now)

    def _start_recorder(self, now: float) -> None:
        plan = self.plan
        path, keep = plan.record, None
        if path is None and self.stage.headless:
            stamp = datetime.now().strftime("%Y%m%d-%H%M%S")
            path = Path(plan.show.record.folder) / f"{plan.name}-{stamp}.mp4"
            keep = plan.show.record.keep_minutes * 60
        if path:
            self.recording = free_path(path)  # an older one is never written over
            self.crew.start_recorder(path, keep, now)

    def _end(self) -> dict[str, Any]:
        now = clock.now()
        self.watch.weigh(now, end=True)
        report = self.ledger.report(self.metronome.missed, self.stage.size, now)
        self.crew.finish(FINISH_SECONDS)
        self.stage.close()
        if self.journal:
            self.journal.close()
        if self.status:
            self.status.close()
        shutil.rmtree(self.folder, ignore_errors=True)
        return report

    # -- one tick ---------------------------------------------------------------------------------------------------

    def _turn_whatever_happens(self) -> None:
        """A fault of our own costs a frame and is told, but ends no show that still presents pictures.

        Raises what happens again and again until no frame has been presented for ten seconds: then the picture stands,
        and whoever looks after the machine can start anew.
        """
        try:
            self.turn()
            self._well = clock.now()
        except Exception as error:
            if clock.now() > self._well + GIVE_UP_SECONDS:
                raise
            fault = f"A fault in the show itself ({type(error).__name__}: {error}); it goes on."
            if self.view.remark(Notice("stage", fault), clock.now()):
                traceback.print_exc()
            time.sleep(self.metronome.period)

    def turn(self) -> None:
        """One frame: attends to everybody shortly before its tick, so that nothing delays it, then presents it."""
        time.sleep(max(0.0, self.metronome.wait(clock.now()) - ATTEND_AHEAD * self.metronome.period))
        self.attend(clock.now())
        time.sleep(self.metronome.wait(clock.now()))
        self._present(clock.now())

    def attend(self, now: float) -> None:
        """Hears, listens to the workers, lets time pass for the Conductor, and looks after everybody."""
        for event in self.stage.events(now):
            if isinstance(event, QuitRequest):
                self.over = True
            else:
                self._hear(event, now)
        for words in self.sources.take(self.conductor.queue_room):
            self._hear(words, now)
            self._say_that_it_wakes(words)
        for name in self.crew.workers:
            self._listen(name, now)
        self._play_audio(now)
        self.stagehand.do(self.conductor.advance(now), now)
        for name, happened in self.watch.lost(now):
            self._lost(name, happened, now)
        if now >= self._status_due:
            self._tell_status(now)
        if self.plan.seconds is not None and now >= self.ledger.began + self.plan.seconds:
            self.over = True

    def _hear(self, message: Any, now: float) -> None:
        if self.journal:
            self.journal.write(message, now)
        self.stagehand.do(self.conductor.receive(message, now), now)

    def _say_that_it_wakes(self, words: Trigger) -> None:
        if words.name == "prompt" and not self.conductor.renderer_ready and self.status:
            self.status.say(WAKING)

    def _listen(self, name: str, now: float) -> None:
        worker = self.crew.workers[name]
        for message in worker.link.receive():
            if isinstance(message, FrameReady):
                self._show(message, now)
                worker.produced()
            elif isinstance(message, WorkerStatus):
                notice = self.watch.sign(worker, message, now)
                if notice:
                    self.view.remark(notice, now)
                if name == "speech":
                    self._tell_hearing(now)
            elif isinstance(message, Notice):
                self.view.remark(message, now)
            elif isinstance(message, Transcription | SpeechRejected):
                self.ledger.ears.hear(message)
                refused = self.conductor.values["queue/refusals"]
                self._hear(message, now)
                if self.plan.audio and self.conductor.values["queue/refusals"] == refused:
                    self.view.overhear(message)
            else:
                self._hear(message, now)

    def _show(self, drawn: FrameReady, now: float) -> None:
        """A generated frame has come: onto the stage with it, unless the ring has gone over it already."""
        self.ledger.drawn(drawn, now)
        if drawn.direction >= 0:  # until then it draws where the walk begins, and cannot dream yet
            self.conductor.frame_drawn(drawn.prompt_id, now)
        if self.journal:
            self.journal.write(drawn, now)
        picture = self.crew.frames.read(drawn.slot, drawn.sequence)
        if picture is None:
            return
        self.stage.show_picture(picture, drawn.take, drawn.prompt_id, self.stagehand.fade_seconds, now, drawn.change)
        if self.plan.show.record.source == "generator" and (link := self.crew.link("recorder")):
            link.send(FramePresented(drawn.slot, drawn.sequence, now))

    def _present(self, now: float) -> None:
        shown = self.stage.present(now)
        self.metronome.presented(clock.now(), shown.waited)
        cut = shown.take != self._shown_take
        self._shown_take = shown.take
        self.ledger.presents(clock.now(), shown.prompt_id, shown.change, 0.0 if cut else shown.difference)
        link = self.crew.link("recorder")
        if link and self.plan.show.record.source == "stage":
            width, height = self.crew.aspect  # the window may have been resized: the recording keeps its size
            slot, info = self.crew.stage_ring.fill(height, width, self.stage.read_into, show_at=now)
            link.send(FramePresented(slot, info.sequence, now))

    def _lost(self, name: str, happened: str, now: float) -> None:
        if happened != "lost":
            return
        if name == "renderer":
            prompts = self.conductor.direction.prompts
            self.stagehand.do(self.conductor.renderer_lost(prompts[-1].id if prompts else 0), now)
        elif name == "speech":
            self.stagehand.do(self.conductor.speech_lost(), now)
            self._tell_hearing(now)
        reason = self.crew.workers[name].reason or "it ended"
        self.view.remark(Notice(name, f"The {name} is gone ({reason}) and is started again."), now)

    # -- what the operator sees -----------------------------------------------------------------------------------

    def _tell_status(self, now: float) -> None:
        self._status_due = max(self._status_due + STATUS_SECONDS, now)
        for notice in [*(self.journal.notices() if self.journal else []), *self._stage_notices()]:
            self.view.tell(notice, now)
        readings = self.watch.readings(self.metronome.missed, now)
        self.stagehand.do(self.conductor.update_readings(readings), now)
        self.watch.weigh(now)
        self.view.renew(readings, now)

    def _stage_notices(self) -> list[Notice]:
        texts, self.stage.notices = self.stage.notices, []
        return [Notice("stage", text) for text in texts]

    def _tell_hearing(self, now: float) -> None:
        """What the listener says of itself, as it comes: a microphone that is gone is seen within the second."""
        before = self.conductor.values["speech/health"]
        self.stagehand.do(self.conductor.update_readings(self.watch.hearing()), now)
        if self.conductor.values["speech/health"] != before:
            self.view.refresh(now)


def _journal(plan: RunOptions, stage: Stage) -> Journal | None:
    """The journal that the plan asks for; its header holds what a replay needs."""
    if plan.journal is None:
        return None
    settings = plan.show.journal
    show = plan.show.model_dump(mode="json", exclude={"osc"})  # nothing that a replay needs, and it holds the passcode
    about = {"name": plan.name, "seed": plan.seed, "size": list(stage.size), "show": show}
    return Journal(plan.journal, settings.words, settings.max_megabytes, about)
