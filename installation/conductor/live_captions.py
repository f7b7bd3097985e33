"""What the audience reads while somebody speaks: the words so far, or subtitles of all that is said.

- `[look] live_captions`: the words of an utterance in progress, in place of the prompt's caption, until it is complete.
- `[look] subtitles`: every utterance, complete ones for some seconds as well, in place of all other captions.

Words that the audience may not see, or not before the operator approves them, are not shown.
"""

from __future__ import annotations

from collections.abc import Callable

from installation.conductor.parameter_state import ParameterState
from installation.core.prompt_text import clean
from installation.core.speech_messages import LiveCaption, SpeechRejected, Transcription
from installation.show.settings import Show

MIN_SECONDS = 2.0  # that a complete utterance stays as a subtitle
SECONDS_PER_CHARACTER = 1 / 15  # that it stays longer, for slow readers


class LiveCaptions:
    """Emits a LiveCaption whenever the words on the stage change."""

    def __init__(self, show: Show, state: ParameterState, allows: Callable[[str], bool]) -> None:
        """`allows` says whether the audience may see a text."""
        self._subtitles = show.look.subtitles
        self._partials = show.look.live_captions or self._subtitles
        self._held = show.moderation.hold
        self._state, self._allows = state, allows
        self._shown = LiveCaption()
        self._until = float("inf")  # when a subtitle has been there for long enough

    def receive(self, message: Transcription | SpeechRejected, followed: bool, now: float) -> None:
        """Take what was heard. `followed`: it is compared with the script, whose lines have captions of their own."""
        text = "" if isinstance(message, SpeechRejected) else clean(message.text)
        partial = isinstance(message, Transcription) and not message.final
        wanted = self._subtitles or (partial and self._partials and not followed)
        if not (wanted and text and self._may_be_seen(text)):
            self.clear()
            return
        stable = min(message.stable, len(text)) if isinstance(message, Transcription) and partial else len(text)
        self._show(LiveCaption(text, stable))
        self._until = float("inf") if partial else now + max(MIN_SECONDS, len(text) * SECONDS_PER_CHARACTER)

    def advance(self, now: float) -> None:
        """Remove a subtitle that has been there for long enough."""
        if now >= self._until:
            self.clear()

    def clear(self) -> None:
        """Show the caption of the prompt again."""
        self._show(LiveCaption())
        self._until = float("inf")

    def _may_be_seen(self, text: str) -> bool:
        return not self._held and self._allows(text)

    def _show(self, caption: LiveCaption) -> None:
        if caption != self._shown:
            self._shown = caption
            self._state.emit(caption)
