"""The prompts that wait, those on hold, and what became of the others: what the operator sees of the queue."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from installation.conductor.parameter_state import ParameterState
from installation.conductor.prompt_queue import ApprovalQueue, History, PromptQueue, PromptRequest, Urgency
from installation.core.errors import Rejected
from installation.core.messages import CUE, Origin, Prompt, QueueChanged


class WaitingPrompts:
    """The queue, the approvals and the history, which are listed together."""

    def __init__(self, limit: int) -> None:
        """`limit`: how many may wait, and how many may be on hold."""
        self._queue = PromptQueue(limit)
        self._approvals = ApprovalQueue(limit)
        self._history = History()
        self._changed = True  # since the listing was sent last

    # -- what is there ----------------------------------------------------------------------------------------------

    @property
    def room(self) -> int:
        """How many more queued prompts there is room for."""
        return self._queue.room

    @property
    def has_live(self) -> bool:
        """Whether a live prompt waits."""
        return self._queue.has_live

    @property
    def has_queued(self) -> bool:
        """Whether a queued prompt waits; live prompts do not count."""
        return self._queue.has_queued

    @property
    def prompts(self) -> tuple[Prompt, ...]:
        """All waiting prompts, next first."""
        return self._queue.prompts

    @property
    def held(self) -> tuple[Prompt, ...]:
        """All prompts on hold, the oldest first."""
        return self._approvals.prompts

    @property
    def pending_approvals(self) -> str:
        """The prompts on hold, as a list for the operator; empty if there are none."""
        return self._approvals.listing

    @property
    def listing(self) -> QueueChanged:
        """The queue and its history, for the operator."""
        return QueueChanged((*self._queue.entries, *self._approvals.entries), self._history.entries)

    def update_readings(self, state: ParameterState, on_stage: Iterable[Prompt]) -> None:
        """Update the `queue/` readings, and emit the listing if it has changed. `on_stage`: the prompts shown now."""
        state.update("queue/now", " | ".join(prompt.text for prompt in on_stage if prompt.origin != CUE))
        if not self._changed:
            return
        self._changed = False
        waiting = self._queue.prompts
        state.update("queue/length", len(waiting))
        state.update("queue/next", waiting[0].text if waiting else "")
        state.update("queue/next/id", waiting[0].id if waiting else 0)
        state.update("queue/pending", len(self._approvals))
        state.update("queue/pending/id", self._approvals.oldest_number)
        state.update("queue/pending/words", self._approvals.oldest_text)
        state.update("queue/pending/list", self._approvals.listing)
        state.emit(self.listing)

    # -- in and out -------------------------------------------------------------------------------------------------

    def check_room(self, origin: Origin) -> None:
        """Raise Busy if a queued prompt of this sender finds no room."""
        self._queue.check_room(origin, Urgency.QUEUED)

    def push(self, request: PromptRequest) -> None:
        """Let a prompt wait. Raises Busy if there is no room."""
        self._queue.push(request)
        self._changed = True

    def hold(self, request: PromptRequest) -> None:
        """Put a prompt on hold, until it is approved or rejected. Raises Busy if there is no room."""
        self._approvals.hold(request)
        self._changed = True

    def pop(self, queued_only: bool = False) -> PromptRequest:
        """Take the next waiting prompt out. Raises Rejected if none is waiting."""
        return self._queue.pop(queued_only)

    def shown(self, request: PromptRequest) -> None:
        """Note that a prompt is on the stage."""
        self._history.add("shown", request)
        self._changed = True

    def discard_live(self, origin: Origin) -> None:
        """Drop the waiting live prompts of this sender."""
        self._history.add("replaced", *self._queue.discard_live(origin.sender))
        self._changed = True

    def clear_queue(self) -> None:
        """Drop all waiting prompts, except those on hold."""
        self._history.add("removed", *self._queue.clear())
        self._changed = True

    def clear(self) -> None:
        """Drop all waiting prompts, and those on hold."""
        self.clear_queue()
        self._history.add("removed", *self._approvals.clear())

    def forget(self, source: str, before: float) -> None:
        """Forget the past prompts of a source that are older than `before`, seconds of `clock.now`."""
        self._changed |= self._history.forget(source, before)

    # -- the operator decides ---------------------------------------------------------------------------------------

    def on_hold(self, number: int | None) -> PromptRequest:
        """The held prompt with this number; None: the oldest. Raises Rejected if there is none."""
        return self._approvals.find(number)

    def approve(self, request: PromptRequest) -> None:
        """Take a prompt off hold that has found its place."""
        self._approvals.remove(request.prompt.id)
        self._changed = True

    def drop(self, number: int, state: Literal["rejected", "removed"]) -> None:
        """Discard a prompt on hold or waiting. Raises Rejected if there is none with this id."""
        request = self.find(number)
        if self._approvals.get(number):
            self._approvals.remove(number)
        else:
            self._queue.remove(request)
        self._history.add(state, request)
        self._changed = True

    def change(self, old: PromptRequest, new: PromptRequest) -> None:
        """Put a prompt with other words in the place of one on hold or waiting."""
        if self._approvals.get(old.prompt.id):
            self._approvals.change(new)
        else:
            self._queue.change(old, new)
        self._changed = True

    def move(self, number: int, place: int) -> None:
        """Move a waiting prompt to a place in its queue, counted from 1. Raises Rejected if there is none."""
        request = self._queue.find(number)
        if request is None:
            raise _missing(number)
        self._queue.move(request, place)
        self._changed = True

    def find(self, number: int) -> PromptRequest:
        """The prompt on hold or waiting with this id. Raises Rejected if there is none."""
        request = self._approvals.get(number) or self._queue.find(number)
        if request is None:
            raise _missing(number)
        return request


def _missing(number: int) -> Rejected:
    return Rejected(f"no prompt with the number {number} is waiting.")
