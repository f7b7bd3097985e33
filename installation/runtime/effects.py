"""The stagehand: does what the Conductor decides, on the stage, at the workers, in the journal."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from installation.conductor.conductor import Conductor, Effect
from installation.core.errors import Rejected, ShowError
from installation.core.messages import Changed, Direction, MessageRejected, Notice, SetParam, Trigger
from installation.core.params import PARAMS
from installation.core.prompt_text import captions
from installation.journal.writer import Journal, StageCommand
from installation.runtime.operator_view import OperatorView
from installation.runtime.options import RunOptions
from installation.runtime.report import ReportBuilder
from installation.runtime.workers import Workers
from installation.show.script_file import read_script
from installation.stage.stage import Stage


class EffectRunner:
    """Give it every effect (`do`). `fade_seconds` is the fade of the present take."""

    def __init__(
        self,
        plan: RunOptions,
        conductor: Conductor,
        stage: Stage,
        crew: Workers,
        ledger: ReportBuilder,
        journal: Journal | None,
        view: OperatorView,
    ) -> None:
        self._plan, self._conductor, self._stage, self._crew = plan, conductor, stage, crew
        self._ledger, self._journal, self._view = ledger, journal, view
        self._take, self.fade_seconds = conductor.direction.take, 0.0

    def do(self, effects: Iterable[Effect], now: float) -> None:
        """All of them, in order."""
        for effect in effects:
            match effect:
                case Direction():
                    self._direct(effect, now)
                case SetParam():
                    self._set(effect, now)
                case Trigger():
                    self._trigger(effect, now)
                case Changed():
                    self._tell(effect)
                case MessageRejected():
                    self._refuse(effect, now)

    def _direct(self, direction: Direction, now: float) -> None:
        self._write(direction, now)
        if direction.take != self._take:
            self._take, self.fade_seconds = direction.take, direction.fade_seconds
        self._ledger.takes_stage(direction.prompts, now)
        self._stage.paused = direction.paused
        self._stage.caption(captions(direction.prompts), now)
        if link := self._crew.link("renderer"):
            link.send(direction, key="direction")

    def _set(self, message: SetParam, now: float) -> None:
        if PARAMS[message.name].owner == "stage":
            self._write(StageCommand(message), now)
            self._stage.set(message.name, message.value, message.seconds, now)
        elif link := self._crew.link("speech"):
            link.send(message)

    def _trigger(self, trigger: Trigger, now: float) -> None:
        match trigger.name:
            case "panic":
                self._write(StageCommand(trigger), now)
                self._stage.panic(float(trigger.args[0]), now)
            case "reset":
                self._write(StageCommand(trigger), now)
                self._stage.reset(now)
            case "record/still":
                self._keep_still(now)
            case "script/load":
                self._load_script(trigger, now)

    def _tell(self, changed: Changed) -> None:
        if desk := self._crew.link("control"):
            desk.send(changed, key=changed.name)
        if changed.name == "script/follow":
            self._expect()

    def _refuse(self, refused: MessageRejected, now: float) -> None:
        """To whom it was said by, and to the operator too where somebody's words were not taken."""
        told = Notice("stage", f"{refused.source}: {refused.reason}")
        desk = self._crew.link("control")
        if desk and refused.source.startswith("osc"):
            desk.send(refused)
            if refused.of_words:
                self._view.remark(told, now)
        elif refused.source == "speech":
            self._view.remark(told, now)
        else:
            self._view.tell(told, now)

    def _load_script(self, trigger: Trigger, now: float) -> None:
        name = str(trigger.args[0]) if trigger.args else ""
        try:
            effects = self._conductor.load_script(read_script(self._plan.folder, name), name)
        except (Rejected, ShowError) as error:
            self.do([MessageRejected(trigger.source, trigger.name, str(error))], now)
        else:
            self.do(effects, now)
            self._expect()

    def _expect(self) -> None:
        """Tells the listener what somebody is going to read, or that anything may be said."""
        if link := self._crew.link("speech"):
            link.send(self._conductor.recognizer_hints, key="expected")

    def _keep_still(self, now: float) -> None:
        stamp = datetime.now().strftime("%Y%m%d-%H%M%S-%f")[:-3]
        path = Path(self._plan.show.record.folder) / f"{self._plan.name}-{stamp}.png"
        try:
            self._stage.save_still(path)
        except OSError as error:
            self._view.tell(Notice("stage", f"The still {path} cannot be written: {error.strerror}."), now)
        else:
            self._view.tell(Notice("stage", f"Kept {path}."), now)

    def _write(self, message: Direction | StageCommand, now: float) -> None:
        if self._journal:
            self._journal.write(message, now)
