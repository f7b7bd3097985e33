"""Words of a crowd on their whole way, from phones through gateways and Redis to the wall."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.crowd import kill_and_count

WORDS = 160


@pytest.mark.slow
def test_every_acknowledged_word_is_shown_once_though_broker_and_consumer_are_killed(tmp_path: Path) -> None:
    found = kill_and_count(tmp_path / "chaos", words=WORDS, phones=20, kills=2)
    assert (found.lost, found.twice, found.left) == ([], [], 0)
    assert len(found.crowd.taken) == WORDS
    assert dict(found.killed) == {"broker": 1, "consumer": 1}
