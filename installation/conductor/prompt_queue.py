"""The words that wait for the stage: those said just now, then those whose turn comes. What is full refuses aloud."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from installation.core.errors import Rejected
from installation.core.messages import Prompt


@dataclass(frozen=True)
class QueuedPrompt:
    """Words with what their cue asks for."""

    prompt: Prompt
    fade_seconds: float | None = None  # None: transition/time
    in_turn: bool = False  # not said now: waits until the words before have had their time


class PromptQueue:
    """Two lines of the same bounded length. Nothing that was taken in is ever lost, unless somebody clears it."""

    def __init__(self, limit: int) -> None:
        self.said: deque[QueuedPrompt] = deque()  # said now, but the words before them have only just come
        self.queued: deque[QueuedPrompt] = deque()
        self._limit = limit

    @property
    def room(self) -> int:
        """How many more words the queue takes."""
        return self._limit - len(self.queued)

    @property
    def waiting(self) -> tuple[Prompt, ...]:
        """The words whose turn comes, next first."""
        return tuple(each.prompt for each in (*self.said, *self.queued))

    def say(self, waiting: QueuedPrompt) -> None:
        """Behind what was said before. Raises Refusal."""
        if len(self.said) >= self._limit:
            raise Rejected(f"too many words at once: {len(self.said)} wait already.")
        self.said.append(waiting)

    def add(self, waiting: QueuedPrompt) -> None:
        """To the end of the queue. Raises Refusal."""
        self.check_room()
        self.queued.append(waiting)

    def check_room(self) -> None:
        """Raises Refusal if the queue is full."""
        if self.room <= 0:
            raise Rejected(f"the queue is full: {len(self.queued)} wait already.")

    def next(self) -> QueuedPrompt:
        """Takes out the next words, whatever their time. Raises Refusal if there are none."""
        if not self.said and not self.queued:
            raise Rejected("no words wait.")
        return (self.said or self.queued).popleft()

    def overtake(self, source: str) -> None:
        """What this source has said now and is not yet shown is not wanted any more."""
        self.said = deque(each for each in self.said if each.prompt.source != source)

    def clear(self) -> None:
        """Forgets all."""
        self.said.clear()
        self.queued.clear()
