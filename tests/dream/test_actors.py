"""Who does what nobody is named for."""

from __future__ import annotations

import pytest

from installation.dream.actors import EITHER, actor_of


@pytest.mark.parametrize(
    ("text", "actor"),
    [
        ("walking the dog", "walker"),
        ("walking sticks", ""),
        ("waiting for the bus", "man"),
        ("I dropped my ice cream", "man"),
        ("we missed the train", "group"),
        ("washing machine", ""),
        ("burning candles", ""),
        ("playing chess", "child"),
        ("swimming in the lake", "swimmer"),
        ("I slept under a tree", "sleeper"),
        ("someone is reading by the fire", "reader"),
        ("jogging along the river", "runner"),
        ("she swims in the lake", "woman"),
        ("falling leaves", ""),
        ("dancing bears", ""),
        ("he reads by the window", "man"),
        ("she was quietly singing", "woman"),
        ("we sat by the fire", "group"),
        ("they are building a house", "group"),
        ("I miss the trains", ""),
        ("we were birds once", ""),
        ("a man reads", ""),
        ("in winter , walking home", "walker"),
    ],
)
def test_who_acts(text: str, actor: str) -> None:
    assert actor_of(text.lower().split()) == actor


@pytest.mark.parametrize(
    ("text", "actor"),
    [
        ("a fox , jumping over a fence", ""),
        ("my fox , she sleeps by the fire", ""),
        ("a fox runs , and she sleeps by the fire", "woman"),
        ("walking home , a fox", "walker"),
    ],
)
def test_who_is_named_acts(text: str, actor: str) -> None:
    assert actor_of(text.split(), {"fox", "walking"}) == actor


def test_the_text_draws_a_woman_or_a_man_where_it_does_not_say() -> None:
    things = ("bread", "soup", "tea", "cake", "coffee", "a kite", "toast", "noodles")
    assert {actor_of(f"making {thing}".split()) for thing in things} == set(EITHER)
