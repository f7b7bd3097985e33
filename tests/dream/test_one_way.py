"""Several that go one way, and two that race."""

from __future__ import annotations

import pytest

from installation.dream.one_way import ONE_WAY
from installation.dream.text_reading import Reading, text_reader
from installation.models.theatre.marks import NAMES
from installation.models.theatre.vocabulary import GROUPS


def _read(text: str) -> Reading:
    reader = text_reader(GROUPS, NAMES)
    assert reader is not None
    return reader.read(text)


@pytest.mark.parametrize(
    ("text", "goes"),
    [
        ("five bicycles in a race", True),
        ("six horses galloping", True),
        ("a tortoise and a hare race", True),
        ("the geese fly south in formation", True),
        ("a horse galloping", False),
        ("three cows in a meadow", False),
        ("three shirts on a washing line", False),
    ],
)
def test_several_go_one_way_where_a_text_says_so(text: str, goes: bool) -> None:
    assert (ONE_WAY in _read(text).marks) is goes


def test_a_race_is_shown_by_those_who_run() -> None:
    assert _read("five bicycles in a race").missing == ()
