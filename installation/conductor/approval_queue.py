"""Words that wait until the operator approves of them, each with a number that is never given twice."""

from __future__ import annotations

from installation.conductor.prompt_queue import QueuedPrompt
from installation.core.errors import Rejected

FIRST = 2  # 1 is what a button sends when it is pressed, 0 when it is released
LISTED = 10  # of those that wait, the oldest
LISTED_CHARACTERS = 80  # of each


class ApprovalQueue:
    """The words on hold, the oldest first."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._next = FIRST
        self._held: dict[int, QueuedPrompt] = {}

    def __len__(self) -> int:
        return len(self._held)

    def hold(self, waiting: QueuedPrompt) -> None:
        """Takes words in. Raises Refusal if too many wait."""
        if len(self._held) >= self._limit:
            raise Rejected(f"too many words wait for approval: {len(self._held)}.")
        self._held[self._next] = waiting
        self._next += 1

    def meant(self, number: int | None) -> tuple[int, QueuedPrompt]:
        """The words of that number; None: the oldest. Raises Refusal if they do not wait, or not any more."""
        if not self._held:
            raise Rejected("no words wait for approval.")
        number = self.oldest if number is None else number
        if number not in self._held:
            known = ", ".join(map(str, list(self._held)[:LISTED]))
            raise Rejected(f"no words with the number {number} wait for approval, but {known}.")
        return number, self._held[number]

    def forget(self, number: int) -> None:
        """It is decided."""
        del self._held[number]

    def clear(self) -> None:
        """Forgets all."""
        self._held.clear()

    @property
    def oldest(self) -> int:
        """The number of the oldest; 0: nothing waits."""
        return next(iter(self._held), 0)

    @property
    def words(self) -> str:
        """The words of the oldest."""
        return self._held[self.oldest].prompt.text if self._held else ""

    @property
    def listing(self) -> str:
        """The oldest few with their numbers, for the operator: `2: a fox · 3: a wolf`."""
        rows = [f"{number}: {each.prompt.text[:LISTED_CHARACTERS]}" for number, each in self._held.items()]
        more = [f"and {len(rows) - LISTED} more"] if len(rows) > LISTED else []
        return " · ".join(rows[:LISTED] + more)
