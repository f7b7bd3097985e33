"""The table of what figures are like."""

from __future__ import annotations

import tomllib

import pytest

from installation.models.figure_traits import FILE, trait
from installation.models.theatre.vocabulary import SUBJECTS


@pytest.mark.parametrize("row", tomllib.loads(FILE.read_text(encoding="utf-8")))
def test_a_trait_names_figures_once(row: str) -> None:
    named = trait(row)
    assert set(named) <= set(SUBJECTS)
    assert len(set(named)) == len(named)


def test_a_row_may_name_another_one() -> None:
    assert set(trait("food")) < set(trait("on_tables"))


def test_an_unknown_trait_is_an_error() -> None:
    with pytest.raises(KeyError):
        trait("edible")
