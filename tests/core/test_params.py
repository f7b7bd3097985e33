"""The table of live parameters, and what its values accept."""

from __future__ import annotations

import math

import pytest

from installation.core.errors import Rejected
from installation.core.messages import Value
from installation.core.param_table import Owner
from installation.core.params import (
    PARAMS,
    TEMPLATES,
    checked,
    coerce,
    default_values,
    find_param,
    find_value,
    reference_rows,
    resolve,
)


@pytest.mark.parametrize("name", PARAMS)
def test_every_row_has_a_description_and_a_default_of_its_kind_within_its_range(name: str) -> None:
    row = PARAMS[name]
    assert row.name == name
    assert row.help
    assert not row.help.endswith(".")
    if row.access == "value":
        kinds: dict[str, type] = {"float": float, "int": int, "bool": bool, "text": str}
        assert type(row.default) is kinds[row.kind]
        assert coerce(row, row.default) == row.default


def test_descriptions_are_not_shared() -> None:
    assert len({row.help for row in PARAMS.values()}) == len(PARAMS)


def test_the_critical_parameters_are_go_panic_blackout_and_sleep() -> None:
    assert {row.name for row in PARAMS.values() if row.critical} == {
        "go",
        "panic",
        "panicInTime",
        "blackout",
        "master/sleep",
    }


def test_every_value_belongs_to_exactly_one_owner() -> None:
    owners: tuple[Owner, ...] = ("conductor", "renderer", "stage")
    names = [name for owner in owners for name in default_values(owner)]
    assert sorted(names) == sorted(row.name for row in PARAMS.values() if row.access == "value")
    assert set(default_values("stage")) == {
        "blackout",
        "master/sleep",
        "master/opacity",
        "caption/opacity",
        "audience/qr",
        "audience/url",
    }


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
def test_a_value_is_converted_to_the_kind_of_its_row_and_clipped(name: str, given: object, taken: Value) -> None:
    value = coerce(find_param(name), given)
    assert (value, type(value)) == (taken, type(taken))


@pytest.mark.parametrize("name", ["walk/speed", "dream/seed", "blackout"])
@pytest.mark.parametrize("given", [math.nan, math.inf, -math.inf, "fast", "", "nan", None, [1.0], b"1", 10**400])
def test_anything_but_a_finite_number_is_rejected_where_a_number_is_expected(name: str, given: object) -> None:
    with pytest.raises(Rejected, match=f"'{name}' takes a number"):
        coerce(find_param(name), given)


@pytest.mark.parametrize("given", [7, -0.1, "7"])
def test_a_number_out_of_range_is_rejected_where_it_is_a_decision(given: object) -> None:
    assert checked(PARAMS["walk/speed"], 1) == 1.0
    assert checked(PARAMS["prompt/negative"], "fog") == "fog"
    with pytest.raises(Rejected, match=r"'walk/speed' takes a number from 0 to 1, not "):
        checked(PARAMS["walk/speed"], given)


def test_a_number_is_rejected_where_text_is_expected() -> None:
    with pytest.raises(Rejected, match=r"^'prompt/negative' takes text\.$"):
        coerce(find_param("prompt/negative"), 3)


def test_a_rejection_tells_the_range_and_the_closest_name() -> None:
    with pytest.raises(Rejected, match=r"^'transition/time' takes a number from 0 to 60 s, not 'soon'\.$"):
        coerce(find_param("transition/time"), "soon")
    with pytest.raises(Rejected, match=r"^there is no parameter 'walk/sped'; did you mean 'walk/speed'\?$"):
        find_param("walk/sped")


@pytest.mark.parametrize(("name", "access"), [("go", "trigger"), ("status/fps", "reading"), ("prompt", "trigger")])
def test_triggers_and_readings_cannot_be_set(name: str, access: str) -> None:
    with pytest.raises(Rejected, match=f"'{name}' is a {access} and cannot be set; "):
        find_value(name)


@pytest.mark.parametrize(
    "cells",
    [
        ("`/laterna/prompt`", "trigger `s`", "", "show this prompt now; it interrupts"),
        ("`/laterna/blackout`", "`i [f]`", "0", "black screen; the optional second argument is the fade in seconds"),
        ("`/laterna/queue/seconds`", "float 0 to 3600 s", "8", "time on the stage before the next queued prompt"),
        ("`/laterna/dream/enabled`", "0 or 1", "1", "optimise the picture towards the prompt"),
        ("`/laterna/status/fps`", "reading, float 1/s", "", "presented frames per second"),
        ("`/laterna/mode`", "reading, text", "", "attract, live, paused or panic"),
    ],
)
def test_the_reference_shows_the_type_the_range_and_the_default(cells: tuple[str, str, str, str]) -> None:
    assert cells in reference_rows()
    assert len(reference_rows()) == len(PARAMS) + len(TEMPLATES)


def test_a_row_with_a_placeholder_stands_for_every_number() -> None:
    assert resolve("queue/17/text") == (TEMPLATES["queue/{id}/text"], 17)
    assert find_param("queue/3/text").name == "queue/3/text"
    assert resolve("walk/speed") == (PARAMS["walk/speed"], 0)


@pytest.mark.parametrize(
    "name", ["queue/{id}/text", "queue/00/text", "queue/07/text", "queue/-1/text", "queue/1/2/text"]
)
def test_a_placeholder_takes_nothing_but_a_number(name: str) -> None:
    assert resolve(name) is None
