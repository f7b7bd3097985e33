"""A show in the test's own process, turn by turn."""

from __future__ import annotations

from collections.abc import Callable

from installation.core import clock
from installation.runtime.show_runner import ShowRunner
from tests.workers import PATIENCE


def turn_until(runner: ShowRunner, condition: Callable[[], bool], seconds: float = PATIENCE) -> None:
    """Play until a condition is true, for so long at most."""
    end = clock.now() + seconds
    while not condition():
        assert clock.now() < end, "the condition never became true"
        runner.turn()
