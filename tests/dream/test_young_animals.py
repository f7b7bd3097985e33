"""Young animals: of which kind they are, and their mothers."""

from __future__ import annotations

import pytest

from installation.dream.young_animals import with_animal_families, with_kinds_of_cubs, with_mothers


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a mother bear with two cubs", "a mother bear with two bear cubs"),
        ("a lioness and her cub", "a lioness and her lion cub"),
        ("two fox cubs and a bear", "two fox cubs and a bear"),
        ("three cubs at play", "three cubs at play"),
    ],
)
def test_cubs_are_of_the_kind_of_the_beast_before_them(text: str, told: str) -> None:
    assert with_kinds_of_cubs(text) == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a penguin family on the ice", "two penguins with a baby penguin on the ice"),
        ("a family of geese", "a family of geese"),
        ("a family of foxes", "two foxes with a fox cub"),
        ("the whole family", "the whole family"),
    ],
)
def test_a_family_of_animals_has_a_young_one(text: str, told: str) -> None:
    assert with_animal_families(text) == told


def test_the_mother_of_young_animals_is_a_large_one_of_their_kind() -> None:
    assert with_mothers("ducklings following their mother") == "ducklings following a huge duck"
