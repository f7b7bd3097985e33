"""The words on the stage: how they come and go, since when they are there, and whether anybody has seen them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from installation.conductor.parameter_state import ParameterState
from installation.conductor.prompt_queue import QueuedPrompt
from installation.core.errors import Rejected
from installation.core.messages import Direction, Prompt
from installation.core.prompt_text import clean, parse_prompt
from installation.text.tokenization import tokens

LEAST_SECONDS = 1.0  # what words get on the stage before the next that are said now: nothing accepted is lost
PARTIAL_WEIGHT = 0.4  # of words whose sentence is not over
NEVER = float("-inf")


@dataclass(frozen=True)
class _Begun:
    """A sentence that is not over and moves the picture already."""

    utterance: int
    prompt: int  # its words' id
    before: tuple[Prompt, ...]  # what was on the stage, for the case that nothing comes of it
    since: float  # and since when


class ActivePrompt:
    """Owns the Direction. Each change of it is emitted."""

    def __init__(self, board: ParameterState) -> None:
        self.direction = Direction(1)
        self.ready = False  # until the renderer draws, words that wait go on waiting
        self.panicked = False
        self._board = board
        self._next_id = 1
        self._since = NEVER  # when the present words took the stage, then when they were first drawn
        self._seen = 0  # the words that the renderer has drawn
        self._begun: _Begun | None = None
        self._last_begun = 0  # the utterance
        self.direct()

    # -- words --------------------------------------------------------------------------------------------------

    def prompt(self, text: str, source: str, now: float, caption: str = "") -> Prompt:
        """New words. Raises Refusal where there are none, and in panic."""
        text = clean(text)
        if not parse_prompt(text):
            raise Rejected("nothing was said: words are needed.")
        self.check_panic()
        self._next_id += 1
        return Prompt(self._next_id - 1, text, 1.0, source, now, caption)

    def check_panic(self) -> None:
        """Raises Refusal in panic."""
        if self.panicked:
            raise Rejected("the show is in panic: F10 or /laterna/reset leaves it.")

    def take(self, waiting: QueuedPrompt, now: float) -> None:
        """These words have the stage from now on."""
        self._since, self._begun = now, None
        self._show((waiting.prompt,), waiting.fade_seconds)

    def reseed(self, now: float) -> None:
        """The present words anew. Raises Refusal."""
        if not self.direction.prompts:
            raise Rejected("nobody's words are on the stage.")
        anew = tuple(replace(prompt, id=self._next_id + i) for i, prompt in enumerate(self.direction.prompts))
        self._next_id += len(anew)
        self._since, self._begun = now, None
        self.direct(prompts=anew, fade_seconds=self._board.fade_seconds)

    def clear(self) -> None:
        """Back to the attract walk."""
        self._begun = None
        self.direct(prompts=(), paused=False, fade_seconds=self._board.fade_seconds)

    def _show(self, prompts: tuple[Prompt, ...], fade_seconds: float | None = None) -> None:
        fade = self._board.fade_seconds if fade_seconds is None else fade_seconds
        take = self.direction.take + (1 if fade == 0 else 0)  # no fade: a hard cut
        self.direct(take=take, prompts=prompts, fade_seconds=fade)

    def direct(self, **changes: object) -> None:
        """The Direction with these changes, and the values of the moment."""
        direction = replace(self.direction, **changes)  # type: ignore[arg-type]
        params = self._board.renderer_params
        self.direction = replace(direction, params=params, number=self.direction.number + 1)
        self._board.emit(self.direction)

    # -- a sentence that is not over ------------------------------------------------------------------------------

    def begin_gently(self, utterance: int, text: str, now: float) -> None:
        """Its first words move the picture a little; once per utterance."""
        if utterance == self._last_begun:
            return
        prompt = replace(self.prompt(text, "speech", now), weight=PARTIAL_WEIGHT)
        begun = _Begun(utterance, prompt.id, self.direction.prompts, self._since)
        self.take(QueuedPrompt(prompt), now)
        self._begun, self._last_begun = begun, utterance

    def has_begun(self, utterance: int) -> bool:
        """Whether the words on the stage are the beginning of this sentence."""
        return self._begun is not None and self._begun.utterance == utterance

    def confirm(self, utterance: int, text: str) -> bool:
        """The sentence is over; True if its beginning was all of it: then its words have their full weight now."""
        present = self.direction.prompts
        if not self.has_begun(utterance) or tokens(present[0].text) != tokens(text):
            return False
        self._begun = None
        self.direct(prompts=(replace(present[0], weight=1.0),))
        return True

    def withdraw(self, utterance: int | None = None) -> None:
        """Nothing came of the sentence that had begun (this one; None: any): the words before it have the stage."""
        begun = self._begun
        if begun is None or utterance not in (None, begun.utterance):
            return
        self._begun = None
        self._seen, self._since = (begun.before[0].id if begun.before else 0), begun.since
        self._show(begun.before)

    def deaf(self) -> None:
        """The listener is gone: what it had begun will not be ended, and a successor counts utterances anew."""
        self.withdraw()
        self._last_begun = 0

    # -- time ---------------------------------------------------------------------------------------------------

    def drawn(self, prompt_id: int, now: float) -> None:
        """The renderer has drawn a frame of these words (0: of nobody's)."""
        self.ready = True
        if prompt_id and prompt_id != self._seen:
            self._seen, self._since = prompt_id, now

    def lost(self) -> None:
        """The renderer is gone."""
        self.ready, self._seen = False, 0

    def unseen(self) -> bool:
        """Whether nobody has yet seen a picture of the present words: then they are not replaced by others."""
        return bool(self.direction.prompts) and self.direction.prompts[0].id != self._seen

    def free(self, now: float) -> bool:
        """Whether words that are said now may take the stage."""
        return not self.unseen() and self.had(LEAST_SECONDS, now)

    def had(self, seconds: float, now: float) -> bool:
        """Whether the present words have had the stage for so long."""
        return now >= self._since + seconds
