"""Where a show is, as far as a show that starts after a power cut or a crash goes on there: words, values, playhead.

What the show file or the command line gives again (`--say`, `--text`) is not part of it, nor what has another owner:
sleep belongs to the opening hours, and a projection is kept by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial

from installation.conductor.active_prompt import ActivePrompt
from installation.conductor.cue_list import CueList
from installation.conductor.parameter_state import ParameterState
from installation.conductor.prompt_intake import PromptIntake
from installation.core.errors import Rejected
from installation.core.messages import SAY, SHOW, TEXT, MessageRejected, Origin, Prompt, SetParam, Trigger, Value
from installation.core.params import find_param, switched_output

GIVEN_AGAIN = (SAY, TEXT)  # origins whose prompts the next start queues by itself
EXCEPT = ("master/sleep", "speech/talk")
EXCEPT_SUBJECTS = ("output", "screen")
REMEMBERED = "prompt:"  # names of pictures that only the process of this show knows


@dataclass(frozen=True)
class SavedState:
    """Where a show is.

    Attributes:
        values: Live values that differ from those at the start.
        cue: The cue that was fired last; 0 for none.
        standby: The cue that GO fires; 0 after the last, and in a show without cues.
        shown: The prompts on the stage.
        waiting: The prompts in the queue, next first.
        held: The prompts that wait for approval, the oldest first.
        panic: Whether the show is in panic.
    """

    values: dict[str, Value] = field(default_factory=dict)
    cue: int = 0
    standby: int = 0
    shown: tuple[Prompt, ...] = ()
    waiting: tuple[Prompt, ...] = ()
    held: tuple[Prompt, ...] = ()
    panic: bool = False

    @property
    def summary(self) -> str:
        """What it holds, for the operator; "" for a show at its start."""
        words = len({prompt.text for prompt in self.shown}) + len(self.waiting) + len(self.held)
        counts = ((len(self.values), "value"), (words, "prompt"))
        parts = [f"{count} {noun}{'s' if count > 1 else ''}" for count, noun in counts if count]
        return ", ".join([f"cue {self.cue}", *parts] if self.cue else parts)


@dataclass
class Resumption:
    """Reads the state from the parts of a Conductor, and puts it back. `attempt` carries out or rejects a message."""

    state: ParameterState
    active: ActivePrompt
    intake: PromptIntake
    cues: CueList
    attempt: Callable[[SetParam | Trigger, float], None]

    @property
    def saved(self) -> SavedState:
        """Where the show is."""
        prompts = self.active.direction.prompts
        return SavedState(
            values={name: value for name, value in self.state.values.items() if self._is_saved(name, value)},
            cue=self.cues.playhead.current,
            standby=self.cues.playhead.standby if self.cues.playhead.next else 0,
            shown=tuple(prompt for prompt in prompts if prompt.text and prompt.origin not in GIVEN_AGAIN),
            waiting=tuple(prompt for prompt in self.intake.waiting.prompts if prompt.origin not in GIVEN_AGAIN),
            held=self.intake.waiting.held,
            panic=self.active.in_panic,
        )

    def _is_saved(self, name: str, value: Value) -> bool:
        if value == self.state.initial.get(name) or name in EXCEPT:
            return False
        if name.split("/")[0] in EXCEPT_SUBJECTS and switched_output(name) is None:
            return False
        return find_param(name).access == "value"

    def restore(self, saved: SavedState, now: float, t: float) -> None:
        """Go on where the show was: fire its cue, set its values, show and queue its words again, under new ids.

        `t`: the time of the show.
        """
        if saved.cue:
            self._try(SHOW, "cue", lambda: self.cues.resume(saved.cue, now, t))
        if saved.standby and saved.standby != saved.cue + 1:
            self.attempt(Trigger(f"playhead/{saved.standby}", (), SHOW), now)
        for name, value in saved.values.items():
            self.attempt(SetParam(name, value, SHOW), now)
        if saved.shown:
            self.active.show(tuple(self._again(prompt, now) for prompt in saved.shown), None, now)
            for prompt in saved.shown:
                self.intake.know(prompt.origin)
        for held, prompts in ((False, saved.waiting), (True, saved.held)):
            for prompt in prompts:
                self._try(prompt.origin, "prompt", partial(self.intake.restore, self._again(prompt, now), held))
        if saved.panic:
            self.attempt(Trigger("panic", (), SHOW), now)

    def _try(self, origin: Origin, name: str, call: Callable[[], None]) -> None:
        """Report what the show file, which may have changed, does not allow any more."""
        try:
            call()
        except Rejected as error:
            self.state.emit(MessageRejected(origin, name, str(error)))

    def _again(self, prompt: Prompt, now: float) -> Prompt:
        picture = "" if prompt.picture.startswith(REMEMBERED) else prompt.picture
        return replace(prompt, id=self.intake.take_id(), at=now, picture=picture)
