"""Prompts that wait: for the stage, in two bounded queues, or for the operator's approval."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum
from itertools import zip_longest

from installation.core.errors import Busy, Rejected
from installation.core.messages import EntryState, Origin, Prompt, QueueEntry

MAX_HISTORY = 100  # prompts that have left the queue
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

    def with_text(self, text: str) -> PromptRequest:
        """The same request for other words."""
        return replace(self, prompt=replace(self.prompt, text=text))

    def entry(self, state: EntryState) -> QueueEntry:
        """What the operator sees of it."""
        prompt = self.prompt
        return QueueEntry(prompt.id, prompt.text, prompt.origin, state, prompt.at)


class RoundRobin:
    """Requests in order of arrival for each sender; senders take turns, so that a flood from one delays no other.

    Once the operator has moved a request, the present order stays; later requests come behind it.
    """

    def __init__(self) -> None:
        self._by_sender: dict[str, deque[PromptRequest]] = {}  # in the order of their turns; none is empty
        self._fixed: deque[PromptRequest] = deque()  # come first, in the operator's order

    def __len__(self) -> int:
        return len(self._fixed) + sum(map(len, self._by_sender.values()))

    def __iter__(self) -> Iterator[PromptRequest]:
        """All requests in the order in which `pop` returns them."""
        yield from self._fixed
        for turn in zip_longest(*self._by_sender.values()):
            yield from (request for request in turn if request is not None)

    def count(self, sender: str) -> int:
        """How many requests of this sender are waiting."""
        fixed = sum(request.prompt.origin.sender == sender for request in self._fixed)
        return fixed + len(self._by_sender.get(sender, ()))

    def append(self, request: PromptRequest) -> None:
        """Add a request behind the sender's earlier ones."""
        self._by_sender.setdefault(request.prompt.origin.sender, deque()).append(request)

    def pop(self) -> PromptRequest:
        """Remove and return the oldest request of the sender whose turn it is. Raises StopIteration if empty."""
        if self._fixed:
            return self._fixed.popleft()
        sender = next(iter(self._by_sender))
        requests = self._by_sender.pop(sender)
        request = requests.popleft()
        if requests:
            self._by_sender[sender] = requests  # last in turn
        return request

    def discard(self, sender: str) -> list[PromptRequest]:
        """Remove and return the requests of this sender."""
        dropped = [request for request in self if request.prompt.origin.sender == sender]
        for request in dropped:
            self.remove(request)
        return dropped

    def remove(self, request: PromptRequest) -> None:
        """Remove a request. Raises ValueError if it is not here."""
        if request in self._fixed:
            self._fixed.remove(request)
            return
        sender = request.prompt.origin.sender
        self._by_sender.get(sender, deque[PromptRequest]()).remove(request)
        if not self._by_sender[sender]:
            del self._by_sender[sender]

    def change(self, old: PromptRequest, new: PromptRequest) -> None:
        """Put one request in the place of another. Raises ValueError if that is not here."""
        requests = self._fixed if old in self._fixed else self._by_sender[old.prompt.origin.sender]
        requests[requests.index(old)] = new

    def move(self, request: PromptRequest, place: int) -> None:
        """Move a request to a place, counted from 0, and keep the order that all requests have then."""
        order = [each for each in self if each is not request]
        order.insert(place, request)
        self.clear()
        self._fixed.extend(order)

    def clear(self) -> None:
        """Remove everything."""
        self._by_sender.clear()
        self._fixed.clear()


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
    def entries(self) -> tuple[QueueEntry, ...]:
        """All waiting prompts for the operator, next first."""
        live = (request.entry("live") for request in self._live)
        return (*live, *(request.entry("queued") for request in self._queued))

    @property
    def has_live(self) -> bool:
        """Whether a live prompt waits."""
        return bool(len(self._live))

    @property
    def has_queued(self) -> bool:
        """Whether a queued prompt waits."""
        return bool(len(self._queued))

    def push(self, request: PromptRequest) -> None:
        """Append a prompt to the queue of its urgency. Raises Busy if that queue is full."""
        self.check_room(request.prompt.origin, request.urgency)
        (self._queued if request.urgency is Urgency.QUEUED else self._live).append(request)

    def check_room(self, origin: Origin, urgency: Urgency) -> None:
        """Raise Busy if the queue has no room for another prompt of this origin."""
        queue = self._queued if urgency is Urgency.QUEUED else self._live
        if len(queue) >= self._limit:
            raise Busy(f"the queue is full: {len(queue)} prompts are waiting already.")
        share = max(1, self._limit // 2) if origin.peer else self._limit
        if queue.count(origin.sender) >= share:
            raise Busy(f"too many prompts from one sender: {share} are waiting already.")

    def pop(self, queued_only: bool = False) -> PromptRequest:
        """Remove and return the next prompt: a live one if there is one, unless `queued_only`.

        Raises:
            Rejected: there is none.
        """
        queue = self._queued if queued_only or not self.has_live else self._live
        if not len(queue):
            raise Rejected("no prompts are waiting.")
        return queue.pop()

    def find(self, prompt_id: int) -> PromptRequest | None:
        """The waiting prompt with this id."""
        waiting = (*self._live, *self._queued)
        return next((request for request in waiting if request.prompt.id == prompt_id), None)

    def remove(self, request: PromptRequest) -> None:
        """Take a waiting prompt out."""
        self._queue_of(request).remove(request)

    def change(self, old: PromptRequest, new: PromptRequest) -> None:
        """Put one prompt in the place of another."""
        self._queue_of(old).change(old, new)

    def move(self, request: PromptRequest, place: int) -> None:
        """Move a prompt to a place among those of its urgency, counted from 1; the ends for one beyond."""
        queue = self._queue_of(request)
        queue.move(request, min(max(place, 1), len(queue)) - 1)

    def discard_live(self, sender: str) -> list[PromptRequest]:
        """Remove and return the live prompts of this sender."""
        return self._live.discard(sender)

    def clear(self) -> list[PromptRequest]:
        """Remove everything, and return it."""
        dropped = [*self._live, *self._queued]
        self._live.clear()
        self._queued.clear()
        return dropped

    def _queue_of(self, request: PromptRequest) -> RoundRobin:
        return self._live if request in list(self._live) else self._queued


class ApprovalQueue:
    """Prompts on hold, the oldest first, by their ids."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._held: dict[int, PromptRequest] = {}

    def __len__(self) -> int:
        return len(self._held)

    @property
    def prompts(self) -> tuple[Prompt, ...]:
        """All prompts on hold, the oldest first."""
        return tuple(request.prompt for request in self._held.values())

    @property
    def entries(self) -> tuple[QueueEntry, ...]:
        """All prompts on hold for the operator, the oldest first."""
        return tuple(request.entry("held") for request in self._held.values())

    def hold(self, request: PromptRequest) -> None:
        """Append a prompt. Raises Busy if the queue is full."""
        if len(self._held) >= self._limit:
            raise Busy(f"too many prompts: {len(self._held)} are waiting for approval already.")
        self._held[request.prompt.id] = request

    def get(self, number: int) -> PromptRequest | None:
        """The held prompt with this id."""
        return self._held.get(number)

    def find(self, number: int | None) -> PromptRequest:
        """Return the prompt with this id, or the oldest if `number` is None.

        Raises:
            Rejected: no such prompt is on hold.
        """
        if not self._held:
            raise Rejected("no prompts are waiting for approval.")
        number = self.oldest_number if number is None else number
        if number not in self._held:
            known = ", ".join(map(str, list(self._held)[:MAX_LISTED]))
            raise Rejected(f"no prompt with the number {number} is waiting for approval; waiting: {known}.")
        return self._held[number]

    def change(self, request: PromptRequest) -> None:
        """Replace the held prompt with the same id."""
        self._held[request.prompt.id] = request

    def remove(self, number: int) -> None:
        """Remove the prompt with this id."""
        del self._held[number]

    def clear(self) -> list[PromptRequest]:
        """Remove everything, and return it."""
        dropped = list(self._held.values())
        self._held.clear()
        return dropped

    @property
    def oldest_number(self) -> int:
        """The id of the oldest prompt; 0 if the queue is empty."""
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


class History:
    """What became of the latest prompts, the latest first."""

    def __init__(self) -> None:
        self._entries: deque[QueueEntry] = deque(maxlen=MAX_HISTORY)

    def add(self, state: EntryState, *requests: PromptRequest) -> None:
        """Note what became of prompts."""
        self._entries.extendleft(request.entry(state) for request in requests)

    def forget(self, source: str, before: float) -> bool:
        """Forget what a source sent before that time. Returns whether there was anything."""
        kept = [entry for entry in self._entries if entry.origin.source != source or entry.at >= before]
        forgotten = len(kept) < len(self._entries)
        if forgotten:
            self._entries = deque(kept, maxlen=MAX_HISTORY)
        return forgotten

    @property
    def entries(self) -> tuple[QueueEntry, ...]:
        """The latest entries, the latest first."""
        return tuple(self._entries)
