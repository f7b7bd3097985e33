"""Floods of one word are read like any text, in whichever language they look to be; see `tests.text.floods`."""

from __future__ import annotations

import pytest

from installation.dream.text_reading import TextReader
from installation.models.theatre.vocabulary import GROUPS
from tests.text.floods import BEGINNINGS, FLOODS, flood_of

LABELS = {group.name: {*group.labels} for group in GROUPS}


@pytest.mark.parametrize("beginning", BEGINNINGS[::3])
def test_a_flood_is_read(reader: TextReader, beginning: str) -> None:
    for flood in FLOODS:
        classes = reader.read(flood_of(beginning, flood)).classes
        assert all(label in LABELS[group] for group, label in classes.items())


def test_a_clause_of_nothing_is_read(reader: TextReader) -> None:
    assert reader.read("a " + "is " * 160).missing == ("is",)
