"""Effects: does what the Conductor decides, on the stage, at the workers, in the journal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from installation.conductor.conductor import Conductor, Effect
from installation.core.errors import Rejected, ShowError
from installation.core.messages import (
    Answer,
    CapturePicture,
    Changed,
    CuesChanged,
    Direction,
    Feedback,
    MessageRejected,
    Modulation,
    Notice,
    QueueChanged,
    SaveLook,
    SetParam,
    SnapshotsChanged,
    Trigger,
    feedback_key,
)
from installation.core.params import switched_output
from installation.core.prompt_text import captions
from installation.core.speech_messages import LiveCaption, MicrophoneGate, ReadingPosition, RecognizerHints
from installation.journal.codec import StageCommand
from installation.journal.writer import Journal
from installation.runtime.operator_view import OperatorView
from installation.runtime.options import RunOptions
from installation.runtime.output_switches import OutputSwitches
from installation.runtime.projection_store import ProjectionStore
from installation.runtime.recordings import Recordings
from installation.runtime.report import ReportBuilder
from installation.runtime.show_reload import ShowReload
from installation.runtime.workers import Workers
from installation.show.projection import KeepProjection, ProjectedWindow
from installation.show.projection_file import projection_file
from installation.show.script_file import Script, read_script
from installation.stage.stage import Stage


@dataclass
class EffectRunner:
    """Carries out effects with `run`."""

    options: RunOptions
    conductor: Conductor
    stage: Stage
    workers: Workers
    report: ReportBuilder
    journal: Journal | None
    view: OperatorView
    fade_seconds: float = 0.0  # of the current take

    def __post_init__(self) -> None:
        """Begin with the Conductor's first take."""
        self.pictures = self.workers.pictures
        self.reload = ShowReload(self.options.file, self.options.confined, self.options.settings)
        path = projection_file(self.options.folder, self.options.name) if self.options.folder else None
        self.projection = ProjectionStore(path, self.options.projection)
        self._take = self.conductor.direction.take
        self.recordings = Recordings(self.options, self.workers)
        self.outputs = OutputSwitches(self.workers, self.conductor)
        self._on_stage = Modulation()  # that the stage has

    def run(self, effects: Iterable[Effect], now: float) -> None:
        """Carry out the effects in order."""
        for effect in effects:
            match effect:
                case Direction():
                    self._direct(effect, now)
                case SetParam():
                    self._set(effect, now)
                case Trigger():
                    self._trigger(effect, now)
                case Modulation():
                    self._modulate(effect, now)
                case MicrophoneGate():
                    self._send_speech(effect, "gate")
                case Changed() | QueueChanged() | CuesChanged() | SnapshotsChanged() | Answer():
                    self._send_feedback(effect, now)
                case ReadingPosition():
                    self._send_speech(effect, "position")
                case LiveCaption(text, stable):
                    self.stage.set_live_caption(text, stable)
                case MessageRejected():
                    self._send_rejected(effect, now)
                case SaveLook(look, capture):
                    if self.pictures.save(look, capture) and (link := self.workers.link("renderer")):
                        link.send(CapturePicture(look.picture), key=look.picture)
                case ProjectedWindow(0):
                    self.stage.project(effect)
                case ProjectedWindow():
                    self.workers.project(effect)
                case KeepProjection():
                    self.projection.keep(effect)
                case Notice():
                    self.view.notify_limited(effect, now)

    def _direct(self, direction: Direction, now: float) -> None:
        direction = self.pictures.complete(direction)
        self._write(direction, now)
        if direction.take != self._take:
            self._take, self.fade_seconds = direction.take, direction.fade_seconds
        self.report.show_prompts(direction.prompts, now)
        self.stage.paused = direction.paused
        self.stage.set_caption(captions(direction.prompts), now)
        if link := self.workers.link("renderer"):
            link.send(direction, key="direction")
        self.lead(direction)

    def lead(self, direction: Direction) -> None:
        """Tell shows that follow this one."""
        self.workers.lead(replace(direction, pictures=(), params={}))

    def _set(self, message: SetParam, now: float) -> None:
        self._write(StageCommand(message), now)
        self.stage.set_parameter(message.name, message.value, message.seconds, now)

    def _modulate(self, modulation: Modulation, now: float) -> None:
        if link := self.workers.link("renderer"):
            link.send(modulation, key="modulation")
        if modulation.stage != self._on_stage.stage:
            self._on_stage = Modulation(stage=modulation.stage)
            self._write(StageCommand(self._on_stage), now)
            self.stage.modulate(modulation.stage)

    def _send_speech(self, message: MicrophoneGate | ReadingPosition | RecognizerHints, key: str) -> None:
        """Send a message to the speech workers; of those with the same key only the latest counts."""
        for link in self.workers.speech_links:
            link.send(message, key=key)

    def _trigger(self, trigger: Trigger, now: float) -> None:
        match trigger.name:
            case "panic":
                self._write(StageCommand(trigger), now)
                self.stage.panic(float(trigger.args[0]), now)
            case "reset":
                self._write(StageCommand(trigger), now)
                self.stage.reset(now)
            case "record/still":
                self._save_still(now)
            case "record/start" | "record/stop":
                self._record(trigger, now)
            case "script/load":
                self._load_script(trigger, now)
            case "system/reload":
                self._reload(trigger, now)

    def _send_feedback(self, message: Feedback, now: float) -> None:
        if control := self.workers.link("control"):
            control.send(message, key=feedback_key(message))
        if isinstance(message, Changed) and (number := switched_output(message.name)) is not None:
            self._update_output(number, now)
        if isinstance(message, Changed) and message.name == "script/follow":
            self._send_hints()
        if isinstance(message, Changed) and message.name == "cue/current/index" and message.value:
            name = self.conductor.values["cue/current/name"] or f"Cue {message.value}"
            self.workers.mark(str(name), now)

    def _update_output(self, number: int, now: float) -> None:
        try:
            self.outputs.update(number, now)
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            text = f"Output {number} cannot be started: {reason}; switch it on again in a moment."
            off = self.conductor.update_readings({f"output/{number}/active": False})
            self.run([*off, Notice("stage", text)], now)
        self.run(self.conductor.update_readings(self.outputs.readings()), now)

    def _send_rejected(self, rejected: MessageRejected, now: float) -> None:
        """Answer the sender; the operator sees it too, unless only a value of a remote control was wrong."""
        notice = Notice("stage", f"{rejected.origin}: {rejected.reason}")
        control = self.workers.link("control")
        if control and self.workers.is_surface(rejected.origin):
            control.send(rejected)
            if rejected.of_words:
                self.view.notify_limited(notice, now)
        elif rejected.origin.source == "speech":
            self.view.notify_limited(notice, now)
        else:
            self.view.notify(notice, now)

    def _load_script(self, trigger: Trigger, now: float) -> None:
        name = str(trigger.args[0]) if trigger.args else ""
        try:
            text = read_script(self.options.folder, name)
            self.pictures.read_files(line.picture for line in Script.parse(text, name).lines)
            effects = self.conductor.load_script(text, name)
        except (Rejected, ShowError) as error:
            self.run([MessageRejected(trigger.origin, trigger.name, str(error))], now)
        else:
            self.run(effects, now)
            self._send_hints()

    def _reload(self, trigger: Trigger, now: float) -> None:
        try:
            self.reload.request()
        except ShowError as error:
            self.run([MessageRejected(trigger.origin, trigger.name, str(error))], now)

    def take_reloaded(self, now: float) -> None:
        """Put the cue list of a show file that has been read again into force; a mistake leaves the old one there."""
        try:
            show = self.reload.poll()
            if show is None:
                return
            self.pictures.read(show)
        except ShowError as error:
            notices = [Notice("stage", sentence) for sentence in str(error).splitlines()]
            self.run([*notices, Notice("stage", "The cue list stays as it was.")], now)
        else:
            self.run(self.conductor.reload(show), now)
            self._send_hints()
            self.view.notify(Notice("stage", f"The cue list was read again: {len(show.cue)} cues."), now)

    def _send_hints(self) -> None:
        """Tell the recogniser which lines to expect."""
        self._send_speech(self.conductor.recognizer_hints, "hints")

    def _save_still(self, now: float) -> None:
        stamp = datetime.now().strftime("%Y%m%d-%H%M%S-%f")[:-3]
        path = Path(self.options.show.record.folder) / f"{self.options.name}-{stamp}.png"
        try:
            self.stage.save_still(path)
        except OSError as error:
            self.view.notify(Notice("stage", f"Cannot write the still {path}: {error.strerror}."), now)
        else:
            self.view.notify(Notice("stage", f"Saved {path}."), now)

    def _record(self, trigger: Trigger, now: float) -> None:
        try:
            if trigger.name == "record/start":
                self.recordings.start(trigger, now)
            else:
                self.recordings.stop()
        except Rejected as error:
            self.run([MessageRejected(trigger.origin, trigger.name, str(error))], now)
        self.update_recordings(now)

    def update_recordings(self, now: float) -> None:
        """Begin a recording whose folder is there, end one whose time is over, start an output, and report."""
        for each in self.recordings.update(now):
            if isinstance(each, Notice):
                self.view.notify(each, now)
            else:
                self.run([each], now)
        if number := self.outputs.next:
            self._update_output(number, now)
        self.run(self.conductor.update_readings(self.recordings.readings(now)), now)

    def _write(self, message: Direction | StageCommand, now: float) -> None:
        if self.journal:
            self.journal.write(message, now)
