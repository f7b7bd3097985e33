"""Four prompts that are mixed by their weights: `/prompt/1/text`, `/prompt/1/weight` and so on, as faders."""

from __future__ import annotations

from dataclasses import replace

from installation.conductor.active_prompt import ActivePrompt
from installation.conductor.parameter_state import ParameterState
from installation.conductor.prompt_intake import PromptIntake
from installation.core.messages import Origin, Prompt
from installation.core.param_table import SLOTS


class PromptMixer:
    """Puts the mixture on the stage when one of its texts changes, and changes its weights while it is there."""

    def __init__(self, state: ParameterState, active: ActivePrompt, intake: PromptIntake) -> None:
        self._state, self._active, self._intake = state, active, intake
        self._prompts: dict[int, Prompt] = {}  # by slot

    @staticmethod
    def owns(name: str) -> bool:
        """Whether this is the name of one of its values."""
        parts = name.split("/")
        return len(parts) == 3 and parts[0] == "prompt" and parts[1].isdecimal()

    def check(self, name: str, text: str) -> None:
        """Raise Rejected if a text cannot be shown, or not now."""
        if name.endswith("/text") and text:
            self._active.check_running()
            self._intake.check_words(text)

    def changed(self, name: str, origin: Origin, now: float) -> None:
        """Take note that a text or a weight has changed."""
        before = tuple(self._prompts.values())
        for slot in range(1, SLOTS + 1):
            text = str(self._state.values[f"prompt/{slot}/text"])
            weight = float(self._state.values[f"prompt/{slot}/weight"])
            known = self._prompts.get(slot)
            if not text:
                self._prompts.pop(slot, None)
            elif known and known.text == text:
                self._prompts[slot] = replace(known, weight=weight)
            else:
                self._prompts[slot] = Prompt(self._intake.take_id(), text, weight, origin, now)
        mixture = tuple(self._prompts[slot] for slot in sorted(self._prompts))
        if not mixture or not any(prompt.weight for prompt in mixture):
            return
        if [each.id for each in self._active.direction.prompts] == [each.id for each in mixture]:
            self._active.change(mixture)
        elif name.endswith("/text") or before == self._active.direction.prompts:
            self._active.show(mixture, None, now)
