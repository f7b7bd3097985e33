"""Suggestions in error messages."""

from __future__ import annotations

from installation.core.errors import suggest


def test_the_closest_known_name_is_suggested() -> None:
    assert suggest("first_lihgt", ["first_light", "poem"]) == "did you mean 'first_light'?"


def test_all_names_are_listed_when_none_is_close() -> None:
    assert suggest("xyz", ["poem", "first_light"]) == "known: first_light, poem."
