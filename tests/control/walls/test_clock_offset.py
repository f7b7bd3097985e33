"""How far two clocks are apart."""

from __future__ import annotations

import random

from installation.control.walls.clock_offset import ClockOffset


def test_the_offset_is_found_in_spite_of_packets_that_wait() -> None:
    dice, offset = random.Random(3), ClockOffset()
    ahead = 0.25  # of our clock
    for number in range(100):
        sent = 1000.0 + number
        there, back = 0.0002 + dice.expovariate(500.0), 0.0002 + dice.expovariate(500.0)
        offset.add(sent, sent + there - ahead, sent + there + back)
    assert offset.best
    assert abs(offset.best.offset - ahead) < 0.001
    assert offset.best.delay < 0.002


def test_another_leader_has_another_clock() -> None:
    offset = ClockOffset()
    assert offset.best is None
    offset.add(10.0, 5.0, 10.0)
    assert offset.best
    assert offset.best.offset == 5.0
    offset.clear()
    assert offset.best is None
