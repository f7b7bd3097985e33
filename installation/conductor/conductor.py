"""The Conductor: pure rules. Messages and time in, effects out; it owns the words, the cues and the live values.

It reads no clock, opens nothing and waits for nothing, so a whole evening can be tested in a millisecond.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from installation.conductor.active_prompt import NEVER, ActivePrompt
from installation.conductor.cue_list import CueList
from installation.conductor.parameter_state import Effect, ParameterState
from installation.conductor.prompt_intake import PromptIntake
from installation.conductor.prompt_queue import QueuedPrompt
from installation.conductor.speech_control import SpeechControl
from installation.core.errors import Rejected
from installation.core.messages import (
    Bundle,
    Changed,
    Direction,
    Inbox,
    MessageRejected,
    Prompt,
    RecognizerHints,
    SetParam,
    SpeechRejected,
    Transcription,
    Trigger,
    Value,
)
from installation.core.params import MODES, coerce, default_values, find_param, find_value
from installation.show.settings import Show

__all__ = ["Conductor", "Effect"]

PANIC_CUT_SECONDS = 1.0  # a second panic within this cuts
PANIC_FADE_SECONDS = 1.5


class Conductor:
    """Give it every message (`receive`) and the time (`advance`); do what the effects say, in order.

    It decides who does what: the Board has the live values, Staging the words on the stage, Admission those that wait,
    Ears what is heard, the CueList the cues.
    """

    def __init__(self, show: Show, values: Mapping[str, Value] | None = None) -> None:
        """`values`: live values that win over the show file's. Raises ShowError or Refusal for a show that is wrong."""
        self.show = show
        self._board = ParameterState(show, values or {})
        self._staging = ActivePrompt(self._board)
        self._admission = PromptIntake(show, self._staging)
        self._ears = SpeechControl(show, self._board, self._staging, self._admission, self._attempt)
        self._cues = CueList(show.cue, self._board, self._staging, self._admission, self._ears, self._attempt)
        self._last_panic = NEVER
        self._board.taken()

    def begin(self) -> list[Effect]:
        """What a show begins with: the stage's values, and the first Direction."""
        stage = [SetParam(name, self.values[name], "show") for name in default_values("stage")]
        return [*stage, self.direction]

    # -- in ---------------------------------------------------------------------------------------------------

    def receive(self, message: Inbox | Transcription | SpeechRejected, now: float) -> list[Effect]:
        """What one message leads to. Never raises: what cannot be taken comes back as Refused."""
        if isinstance(message, (Transcription, SpeechRejected)):
            try:
                self._ears.hear(message, now)
            except Rejected as error:
                self._refuse("speech", "speech", error)
            return self._flush()
        for each in message.messages if isinstance(message, Bundle) else (message,):
            self._attempt(each, now)
        return self._flush()

    def advance(self, now: float) -> list[Effect]:
        """What has become due by itself: waiting words, a following cue, the attract walk."""
        if self.in_panic or self.direction.paused:
            return self._flush()
        try:
            self._cues.advance(now)
        except Rejected as error:  # nobody asked: the operator is told
            self._refuse("cue", "go", error)
        seconds, hold = float(self.values["queue/seconds"]), bool(self.values["queue/hold"])
        if not self._admission.advance(now, seconds, hold) and self._idle(now):
            self._staging.clear()
        return self._flush()

    def frame_drawn(self, prompt_id: int, now: float) -> None:
        """The renderer has drawn a frame of these words (0: of nobody's): words that wait may come."""
        self._staging.drawn(prompt_id, now)

    def renderer_lost(self, prompt_id: int) -> list[Effect]:
        """Report that the renderer died while it worked on this prompt (0: on none).

        Queued prompts stay queued until the next renderer has drawn the prompt on the stage.
        """
        self._staging.lost()
        return self._flush()

    def speech_lost(self) -> list[Effect]:
        """The listener is gone: its successor counts utterances anew, and nothing that it heard goes on."""
        self._ears.deaf()
        return self._flush()

    def load_script(self, text: str, name: str) -> list[Effect]:
        """Another script is read from its first line on. Raises ShowError, with nothing changed, for what is none."""
        self._ears.take_up(text, name)
        return self._flush()

    def update_readings(self, figures: Mapping[str, Value]) -> list[Effect]:
        """Takes measured readings (`status/fps`) and gives back those that changed."""
        for name, value in figures.items():
            self._board.tell(name, value)
        return self._flush()

    # -- what there is to be known --------------------------------------------------------------------------------

    @property
    def values(self) -> dict[str, Value]:
        """Every live value and reading by its name."""
        return self._board.values

    @property
    def direction(self) -> Direction:
        """What the renderer is to do."""
        return self._staging.direction

    @property
    def renderer_ready(self) -> bool:
        """Whether the renderer draws."""
        return self._staging.ready

    @property
    def in_panic(self) -> bool:
        """Whether somebody has called panic."""
        return self._staging.panicked

    @property
    def queue_room(self) -> int:
        """How many more words the queue takes."""
        return self._admission.lineup.room

    @property
    def queued_prompts(self) -> tuple[Prompt, ...]:
        """The words whose turn comes, next first."""
        return self._admission.lineup.waiting

    @property
    def pending_approvals(self) -> str:
        """The words that wait for approval, for the operator; "" for none."""
        return self._admission.approvals.listing

    @property
    def script_lines(self) -> tuple[str, ...]:
        """The lines that somebody is going to read."""
        return tuple(line.text for line in self._ears.recital.lines)

    @property
    def recognizer_hints(self) -> RecognizerHints:
        """What is likely to be said from now on, for the recogniser."""
        return self._ears.expected

    @property
    def cue_status(self) -> str:
        """Where the list of cues stands and what GO brings, for the operator; "" for a show without cues."""
        return self._cues.playhead.outlook

    @property
    def mode(self) -> str:
        """attract, live, paused or panic."""
        if self.in_panic:
            return "panic"
        if self.direction.paused:
            return "paused"
        return "live" if self.direction.prompts else "attract"

    # -- values and triggers --------------------------------------------------------------------------------------

    def _attempt(self, message: SetParam | Trigger, now: float) -> None:
        """Does it, or says why not: one value that is not taken keeps nothing else of its cue or line away."""
        try:
            self._do(message, now)
        except Rejected as error:
            self._refuse(message.source, message.name, error)

    def _refuse(self, source: str, name: str, reason: Rejected) -> None:
        refused = MessageRejected(source, name, str(reason))
        self._board.emit(refused)
        if refused.of_words:
            self._board.tell("queue/refused", f"{source}: {reason}")
            self._board.tell("queue/refusals", int(self.values["queue/refusals"]) + 1)

    def _do(self, message: SetParam | Trigger, now: float) -> None:
        if isinstance(message, SetParam):
            self._set(message)
        else:
            self._trigger(message, now)

    def _set(self, message: SetParam) -> None:
        row = find_value(message.name)
        value = coerce(row, message.value)
        if row.name == "speech/talk" and value and not self.show.listen.push_to_talk:
            raise Rejected("this show hears all the time; 'push_to_talk = true' under [listen] would ask for a key.")
        if row.name == "script/line":
            if not self.script_lines:
                raise Rejected("this show has no script.")
            value = self._ears.move(int(value))
        self.values[row.name] = value
        self._board.emit(Changed(row.name, value, message.source))
        if row.name == "speech/enabled" and not value:
            self._staging.withdraw()
        if row.owner in ("stage", "speech"):
            self._board.emit(SetParam(row.name, value, message.source, message.seconds))
        elif row.owner == "renderer":
            self._staging.direct()

    def _trigger(self, message: Trigger, now: float) -> None:
        row = find_param(message.name)
        if row.access != "trigger":
            raise Rejected(f"'{row.name}' is a value, not a trigger.")
        match row.name:
            case "prompt" | "queue/add":
                self._say(message, now)
            case "queue/skip":
                self._staging.take(self._admission.lineup.next(), now)
            case "queue/clear":
                self._admission.lineup.clear()
            case "queue/approve" | "queue/reject":
                self._admission.decide(row.name == "queue/approve", _number(message), now)
            case "go":
                self._cues.go(now)
            case "pause" | "resume":
                self._staging.direct(paused=row.name == "pause")
            case "panic" | "panicInTime":
                self._panic(message, now)
            case "reset":
                self._reset(message)
            case "dream/reseed":
                self._staging.reseed(now)
            case "script/next" | "script/previous":
                self._ears.step(1 if row.name == "script/next" else -1, now)
            case _:
                self._board.emit(message)  # for main itself, such as record/still

    def _say(self, message: Trigger, now: float) -> None:
        in_turn = message.name == "queue/add"
        if in_turn:
            self._admission.lineup.check_room()
        prompt = self._staging.prompt(" ".join(map(str, message.args)), message.source, now)
        self._admission.admit(QueuedPrompt(prompt, in_turn=in_turn), now)

    def _panic(self, message: Trigger, now: float) -> None:
        seconds = _seconds(message) if message.name == "panicInTime" and message.args else PANIC_FADE_SECONDS
        again = now < self._last_panic + PANIC_CUT_SECONDS
        self._last_panic = now
        self._staging.panicked = True
        self._admission.clear()
        self._cues.hold()
        self._board.emit(Trigger("panic", (0.0 if again else max(0.0, seconds),), message.source))

    def _reset(self, message: Trigger) -> None:
        self._staging.panicked = False
        self.values["blackout"] = False
        self._board.emit(Changed("blackout", False, message.source), Trigger("reset", (), message.source))
        self._staging.clear()

    def _idle(self, now: float) -> bool:
        """Whether the present words have had the stage for so long that the attract walk goes on."""
        after, present = self.show.queue.attract_after_seconds, self.direction.prompts
        prepared = self._cues.playhead.present or any(each.source == "script" for each in present)
        quiet = not prepared and not self._admission.lineup.queued and after > 0
        return quiet and bool(present) and self._staging.had(after, now)

    def _flush(self) -> list[Effect]:
        self._board.tell("prompt/current", " | ".join(prompt.text for prompt in self.direction.prompts))
        self._admission.tell(self._board)
        self._board.tell("mode", self.mode)
        self._board.tell("mode/index", MODES.index(self.mode))
        return self._board.taken()


def _seconds(message: Trigger) -> float:
    seconds = message.args[0]
    if isinstance(seconds, str) or not math.isfinite(seconds):
        raise Rejected(f"'{message.name}' takes a number of seconds.")
    return float(seconds)


def _number(message: Trigger) -> int | None:
    if not message.args:
        return None
    number = message.args[0]
    if isinstance(number, str) or not math.isfinite(number):
        raise Rejected(f"'{message.name}' takes the number of the words that wait.")
    return int(number)
