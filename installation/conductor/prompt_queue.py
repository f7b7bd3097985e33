"""Prompts that wait: for the stage, in two bounded queues, or for the operator's approval."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import zip_longest

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


class RoundRobin:
    """Requests in order of arrival for each sender; senders take turns, so that a flood from one delays no other."""

    def __init__(self) -> None:
        self._by_sender: dict[str, deque[PromptRequest]] = {}  # in the order of their turns; none is empty

    def __len__(self) -> int:
        return sum(map(len, self._by_sender.values()))

    def __iter__(self) -> Iterator[PromptRequest]:
        """All requests in the order in which `pop` returns them."""
        rounds = zip_longest(*self._by_sender.values())
        return (request for turn in rounds for request in turn if request is not None)

    def count(self, sender: str) -> int:
        """How many requests of this sender are waiting."""
        return len(self._by_sender.get(sender, ()))

    def append(self, request: PromptRequest) -> None:
        """Add a request behind the sender's earlier ones."""
        self._by_sender.setdefault(request.prompt.origin.sender, deque()).append(request)

    def pop(self) -> PromptRequest:
        """Remove and return the oldest request of the sender whose turn it is. Raises StopIteration if empty."""
        sender = next(iter(self._by_sender))
        requests = self._by_sender.pop(sender)
        request = requests.popleft()
        if requests:
            self._by_sender[sender] = requests  # last in turn
        return request

    def discard(self, origin: Origin) -> None:
        """Remove the requests of this origin."""
        kept = [request for request in self if request.prompt.origin != origin]
        self._by_sender.clear()
        for request in kept:
            self.append(request)

    def clear(self) -> None:
        """Remove everything."""
        self._by_sender.clear()


class PromptQueue:
    """Live prompts, which come first, and queued prompts.

    Both queues are bounded; a full one rejects. A sender on the network may fill half of a queue.
    """

    def __init__(self, limit: int) -> None:
        self._live, self._queued = RoundRobin(), RoundRobin()
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
        return bool(len(self._live))

    @property
    def has_queued(self) -> bool:
        """Whether a queued prompt waits."""
        return bool(len(self._queued))

    def push(self, request: PromptRequest) -> None:
        """Append a prompt to the queue of its urgency. Raises Rejected if that queue is full."""
        self.check_room(request.prompt.origin, request.urgency)
        (self._queued if request.urgency is Urgency.QUEUED else self._live).append(request)

    def check_room(self, origin: Origin, urgency: Urgency) -> None:
        """Raise Rejected if the queue has no room for another prompt of this origin."""
        queue = self._queued if urgency is Urgency.QUEUED else self._live
        if len(queue) >= self._limit:
            raise Rejected(f"the queue is full: {len(queue)} prompts are waiting already.")
        share = max(1, self._limit // 2) if origin.peer else self._limit
        if queue.count(origin.sender) >= share:
            raise Rejected(f"too many prompts from one sender: {share} are waiting already.")

    def pop(self, queued_only: bool = False) -> PromptRequest:
        """Remove and return the next prompt: a live one if there is one, unless `queued_only`.

        Raises:
            Rejected: there is none.
        """
        queue = self._queued if queued_only or not self.has_live else self._live
        if not len(queue):
            raise Rejected("no prompts are waiting.")
        return queue.pop()

    def discard_live(self, origin: Origin) -> None:
        """Remove the live prompts of this origin."""
        self._live.discard(origin)

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
