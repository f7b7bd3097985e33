"""Prompts that wait: for the stage, in two bounded queues, or for the operator's approval."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from enum import Enum

from installation.core.errors import Rejected
from installation.core.messages import Origin, Prompt

FIRST_HELD_NUMBER = 2  # a button sends 1 when it is pressed and 0 when it is released
MAX_LISTED = 10  # held prompts in the operator's list
MAX_LISTED_CHARACTERS = 80  # of each of them


class Urgency(Enum):
    """When a prompt may take the stage."""

    IMMEDIATE = "at once"
    LIVE = "as soon as the prompt before has been seen for a moment"
    QUEUED = "in turn, after the prompts before have had their time"


@dataclass(frozen=True)
class PromptRequest:
    """A prompt and how it is to take the stage. `fade_seconds` None: `transition/time`."""

    prompt: Prompt
    urgency: Urgency = Urgency.LIVE
    fade_seconds: float | None = None


class PromptQueue:
    """Live prompts, which come first, and queued prompts. Both queues are bounded; a full one rejects."""

    def __init__(self, limit: int) -> None:
        self._live: deque[PromptRequest] = deque()
        self._queued: deque[PromptRequest] = deque()
        self._limit = limit

    @property
    def room(self) -> int:
        """How many more queued prompts there is room for."""
        return self._limit - len(self._queued)

    @property
    def prompts(self) -> tuple[Prompt, ...]:
        """All waiting prompts, next first."""
        return tuple(request.prompt for request in (*self._live, *self._queued))

    @property
    def has_live(self) -> bool:
        """Whether a live prompt waits."""
        return bool(self._live)

    @property
    def has_queued(self) -> bool:
        """Whether a queued prompt waits."""
        return bool(self._queued)

    def push(self, request: PromptRequest) -> None:
        """Append a prompt to the queue of its urgency. Raises Rejected if that queue is full."""
        if request.urgency is Urgency.QUEUED:
            self.check_room()
            self._queued.append(request)
            return
        if len(self._live) >= self._limit:
            raise Rejected(f"too many live prompts: {len(self._live)} are waiting already.")
        self._live.append(request)

    def check_room(self) -> None:
        """Raise Rejected if there is no room for a queued prompt."""
        if self.room <= 0:
            raise Rejected(f"the queue is full: {len(self._queued)} prompts are waiting already.")

    def pop(self, queued_only: bool = False) -> PromptRequest:
        """Remove and return the next prompt: the first live one if there is one, unless `queued_only`.

        Raises:
            Rejected: there is none.
        """
        queue = self._queued if queued_only or not self._live else self._live
        if not queue:
            raise Rejected("no prompts are waiting.")
        return queue.popleft()

    def discard_live(self, origin: Origin) -> None:
        """Remove the live prompts of this origin."""
        self._live = deque(request for request in self._live if request.prompt.origin != origin)

    def clear(self) -> None:
        """Remove everything."""
        self._live.clear()
        self._queued.clear()


class ApprovalQueue:
    """Prompts on hold, the oldest first. Each has a number that is never used twice."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._next_number = FIRST_HELD_NUMBER
        self._held: dict[int, PromptRequest] = {}

    def __len__(self) -> int:
        return len(self._held)

    def hold(self, request: PromptRequest) -> None:
        """Append a prompt. Raises Rejected if the queue is full."""
        if len(self._held) >= self._limit:
            raise Rejected(f"too many prompts: {len(self._held)} are waiting for approval already.")
        self._held[self._next_number] = request
        self._next_number += 1

    def find(self, number: int | None) -> tuple[int, PromptRequest]:
        """Return the prompt with this number, or the oldest if `number` is None, and its number.

        Raises:
            Rejected: no such prompt is on hold.
        """
        if not self._held:
            raise Rejected("no prompts are waiting for approval.")
        number = self.oldest_number if number is None else number
        if number not in self._held:
            known = ", ".join(map(str, list(self._held)[:MAX_LISTED]))
            raise Rejected(f"no prompt with the number {number} is waiting for approval; waiting: {known}.")
        return number, self._held[number]

    def remove(self, number: int) -> None:
        """Remove the prompt with this number."""
        del self._held[number]

    def clear(self) -> None:
        """Remove everything."""
        self._held.clear()

    @property
    def oldest_number(self) -> int:
        """The number of the oldest prompt; 0 if the queue is empty."""
        return next(iter(self._held), 0)

    @property
    def oldest_text(self) -> str:
        """The text of the oldest prompt; empty if the queue is empty."""
        return self._held[self.oldest_number].prompt.text if self._held else ""

    @property
    def listing(self) -> str:
        """The oldest prompts with their numbers, for the operator: `2: a fox · 3: a wolf`."""
        rows = [f"{number}: {request.prompt.text[:MAX_LISTED_CHARACTERS]}" for number, request in self._held.items()]
        more = [f"and {len(rows) - MAX_LISTED} more"] if len(rows) > MAX_LISTED else []
        return " · ".join(rows[:MAX_LISTED] + more)
