"""How far two clocks are apart, from questions and answers.

As in NTP (RFC 5905, section 8 and the clock filter of section 10): the offset of the exchange with the shortest way of
the latest ones counts, since a packet that had to wait on one way only shifts the offset by half its delay.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

KEPT = 32  # of the latest exchanges


@dataclass(frozen=True)
class Exchange:
    """One question and its answer."""

    offset: float  # seconds that our clock is ahead of the other one
    delay: float  # seconds that the packets were under way, both ways together


class ClockOffset:
    """The offset of our clock to another one."""

    def __init__(self) -> None:
        self._exchanges: deque[Exchange] = deque(maxlen=KEPT)

    def add(self, sent: float, answered: float, received: float) -> None:
        """Take an exchange: `sent` and `received` by our clock, `answered` by the other one, in seconds."""
        delay = max(0.0, received - sent)
        self._exchanges.append(Exchange((sent + received) / 2.0 - answered, delay))

    def clear(self) -> None:
        """Forget everything: the other clock is that of another machine now."""
        self._exchanges.clear()

    @property
    def best(self) -> Exchange | None:
        """The exchange with the shortest way; None before the first."""
        return min(self._exchanges, key=lambda each: each.delay, default=None)
