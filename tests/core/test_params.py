"""The table of live parameters: complete, coherent, and strict about what it takes."""

from __future__ import annotations

import math

import pytest

from installation.core.errors import Rejected
from installation.core.messages import Value
from installation.core.params import PARAMS, coerce, default_values, find_param, find_value


def test_every_row_explains_itself_and_its_default_lies_within_its_bounds() -> None:
    for name, row in PARAMS.items():
        assert row.name == name
        assert row.help
        assert not row.help.endswith(".")
        if row.access == "value":
            assert coerce(row, row.default) == row.default
            kinds: dict[str, type] = {"float": float, "int": int, "bool": bool, "text": str}
            assert type(row.default) is kinds[row.kind]


def test_what_must_never_be_lost_is_marked() -> None:
    assert {row.name for row in PARAMS.values() if row.critical} == {"go", "panic", "panicInTime", "blackout"}


def test_the_defaults_of_the_owners_are_all_values_and_each_once() -> None:
    owned = [default_values("conductor"), default_values("renderer"), default_values("stage"), default_values("speech")]
    names = [name for values in owned for name in values]
    assert sorted(names) == sorted(row.name for row in PARAMS.values() if row.access == "value")
    assert owned[2] == {"blackout": False, "master/opacity": 1.0, "caption/opacity": 1.0}


@pytest.mark.parametrize(
    ("name", "given", "taken"),
    [
        ("walk/speed", 0.25, 0.25),
        ("walk/speed", 1, 1.0),
        ("walk/speed", True, 1.0),
        ("walk/speed", 7.0, 1.0),
        ("walk/speed", -3, 0.0),
        ("walk/speed", " .5 ", 0.5),
        ("walk/speed", "on", 1.0),
        ("transition/time", 45, 45.0),
        ("dream/seed", 12.4, 12),
        ("dream/seed", 2**40, 2**31 - 1),
        ("blackout", 0.7, True),
        ("blackout", 0, False),
        ("blackout", "off", False),
        ("blackout", "TRUE", True),
        ("prompt/negative", "  people\x00 ", "people"),
    ],
)
def test_values_become_what_their_row_takes(name: str, given: object, taken: Value) -> None:
    value = coerce(find_param(name), given)
    assert (value, type(value)) == (taken, type(taken))


@pytest.mark.parametrize("given", [math.nan, math.inf, -math.inf, "fast", "", "nan", None, [1.0], b"1", 10**400])
def test_what_is_no_number_is_refused_where_a_number_is_due(given: object) -> None:
    for name in ("walk/speed", "dream/seed", "blackout"):
        with pytest.raises(Rejected, match=f"'{name}' takes a number"):
            coerce(find_param(name), given)


def test_a_number_is_refused_where_a_text_is_due() -> None:
    with pytest.raises(Rejected, match="'prompt/negative' takes a text"):
        coerce(find_param("prompt/negative"), 3)


def test_a_refusal_tells_the_bounds_and_the_nearest_right_name() -> None:
    with pytest.raises(Rejected, match=r"from 0 to 60 s, not 'soon'\.$"):
        coerce(find_param("transition/time"), "soon")
    with pytest.raises(Rejected, match=r"no parameter 'walk/sped'; did you mean 'walk/speed'\?"):
        find_param("walk/sped")


@pytest.mark.parametrize("name", ["go", "status/fps", "prompt"])
def test_triggers_and_readings_cannot_be_set(name: str) -> None:
    with pytest.raises(Rejected, match=f"'{name}' is no value that can be set"):
        find_value(name)
