"""OSC messages and the actions that they become."""

from __future__ import annotations

import math

import pytest

from installation.control.osc_dispatch import Action, ValueQuery, address_of, always_open, interpret
from installation.core.errors import Rejected
from installation.core.messages import Origin, SetParam, Trigger, Value
from installation.core.params import PARAMS

ME = Origin("osc", "127.0.0.1:5000")


@pytest.mark.parametrize(
    ("address", "args", "meaning"),
    [
        ("/laterna/walk/speed", (0.5,), SetParam("walk/speed", 0.5, ME)),
        ("/laterna/walk/speed", (1,), SetParam("walk/speed", 1.0, ME)),
        ("/laterna/walk/speed", (True,), SetParam("walk/speed", 1.0, ME)),
        ("/laterna/walk/speed", (7.0,), SetParam("walk/speed", 1.0, ME, exact=False)),
        ("/laterna/walk/speed", (-3,), SetParam("walk/speed", 0.0, ME, exact=False)),
        ("/laterna/transition/time", (2**40,), SetParam("transition/time", 60.0, ME, exact=False)),
        ("/laterna/queue/hold", (0.5,), SetParam("queue/hold", True, ME, exact=False)),
        ("/laterna/queue/hold", (0.49,), SetParam("queue/hold", False, ME, exact=False)),
        ("/laterna/queue/hold", (False,), SetParam("queue/hold", False, ME)),
        ("/laterna/dream/seed", (7.0,), SetParam("dream/seed", 7, ME)),
        ("/laterna/blackout", (1,), SetParam("blackout", True, ME)),
        ("/laterna/blackout", (1, 2.5), SetParam("blackout", True, ME, 2.5)),
        ("/laterna/blackout", (0, -1), SetParam("blackout", False, ME, 0.0)),
        ("/laterna/prompt/negative", ("fog", "and", 3, 0.5), SetParam("prompt/negative", "fog and 3 0.5", ME)),
        ("/laterna/prompt/negative", (), SetParam("prompt/negative", "", ME)),
        ("/prompt", ("a", "red", "fox"), Trigger("prompt", ("a red fox",), ME)),
        ("/laterna/prompt", ("a fox:2 | snow",), Trigger("prompt", ("a fox:2 | snow",), ME)),
        ("/laterna/prompt", ("1984",), Trigger("prompt", ("1984",), ME)),
        ("/laterna/pause", (), SetParam("pause", True, ME)),
        ("/laterna/pause", (0,), SetParam("pause", False, ME)),
        ("/laterna/walk/speed", (0.5, 4.0), SetParam("walk/speed", 0.5, ME, 4.0)),
        ("/laterna/walk/speed", ("0.5", "4"), SetParam("walk/speed", 0.5, ME, 4.0, exact=False)),
        ("/laterna/go", ("bang",), Trigger("go", (), ME)),
        ("/laterna/go", ("1",), Trigger("go", (), ME)),
        ("/laterna/queue/7/approve", (), Trigger("queue/7/approve", (), ME)),
        ("/laterna/queue/7/move", (2.0,), Trigger("queue/7/move", (2,), ME)),
        ("/laterna/queue/7/text", ("a", "fox"), Trigger("queue/7/text", ("a fox",), ME)),
        ("/laterna/prompt", ("year", 12345678, 0.1), Trigger("prompt", ("year 12345678 0.1",), ME)),
        ("/laterna/queue/add", ("e\u0301\x00\x07 x",), Trigger("queue/add", ("é x",), ME)),
        ("/laterna/go", (), Trigger("go", (), ME)),
        ("/laterna/go", ("",), Trigger("go", (), ME)),
        ("/laterna/go", (1,), Trigger("go", (), ME)),
        ("/laterna/go", (True,), Trigger("go", (), ME)),
        ("/laterna/queue/approve", (), Trigger("queue/approve", (), ME)),
        ("/laterna/queue/approve", (1.0,), Trigger("queue/approve", (), ME)),
        ("/laterna/queue/approve", (True,), Trigger("queue/approve", (), ME)),
        ("/laterna/queue/reject", (17,), Trigger("queue/reject", (17,), ME)),
        ("/laterna/queue/reject", (17.0,), Trigger("queue/reject", (17,), ME)),
        ("/laterna/script/load", ("two.txt",), Trigger("script/load", ("two.txt",), ME)),
        ("/laterna/panic", (0.2,), Trigger("panic", (), ME)),
        ("/laterna/panicInTime", (3,), Trigger("panicInTime", (3.0,), ME)),
        ("/laterna/panicInTime", (0,), Trigger("panicInTime", (0.0,), ME)),
        ("/laterna/panicInTime", (), Trigger("panicInTime", (), ME)),
        ("/laterna/walk/speed", ("?",), ValueQuery("walk/speed", "/laterna/walk/speed")),
        ("/laterna/status/fps", ("?",), ValueQuery("status/fps", "/laterna/status/fps")),
        ("/prompt", ("?",), ValueQuery("prompt/current", "/prompt")),
    ],
)
def test_a_message_becomes_an_action(address: str, args: tuple[Value, ...], meaning: object) -> None:
    assert interpret(address, args, ME) == [meaning]


@pytest.mark.parametrize("address", ["/laterna/go", "/laterna/panic", "/laterna/prompt", "/laterna/queue/add"])
@pytest.mark.parametrize("release", [0, 0.0, False])
def test_the_release_of_a_button_is_ignored(address: str, release: Value) -> None:
    assert interpret(address, (release,), ME) == []


@pytest.mark.parametrize(
    ("address", "args", "reason"),
    [
        ("/laterna/walk/speed", (math.nan,), "takes a number from 0 to 1"),
        ("/laterna/walk/speed", (math.inf,), "takes a number"),
        ("/laterna/walk/speed", ("fast",), "not 'fast'"),
        ("/laterna/walk/speed", (), "value is missing"),
        ("/laterna/walk/speed", (0.1, 0.2, 0.3), "one value"),
        ("/laterna/walk/speed", ("0,5",), "not '0,5'"),
        ("/laterna/queue/hold", (1, 2.0), "one value"),
        ("/laterna/prompt", (1.0,), "a number alone is not words"),
        ("/laterna/prompt/negative", (1,), "a number alone is not words"),
        ("/laterna/queue/7/move", (), "number"),
        ("/laterna/blackout", (1, math.nan), "finite"),
        ("/laterna/blackout", (1, "slowly"), "not 'slowly'"),
        ("/laterna/blackout", (1, 2, 3), "one value"),
        ("/laterna/panicInTime", (-math.inf,), "finite"),
        ("/laterna/go", (math.nan,), "finite"),
        ("/laterna/go", ("now",), "no argument"),
        ("/laterna/go", ("?",), "no value to query"),
        ("/laterna/prompt", (), "text is empty"),
        ("/laterna/prompt", ("\x00 \x07",), "text is empty"),
        ("/laterna/prompt", (True,), "true or false"),
        ("/laterna/prompt", ("fox", math.nan), "finite"),
        ("/laterna/status/fps", (30.0,), "cannot be set"),
        ("/laterna/walk/sped", (1,), "did you mean '/laterna/walk/speed'"),
        ("/go", (), "did you mean '/laterna/go'"),
        ("/laterna/subscrib", (), "did you mean '/laterna/subscribe'"),
        ("/laterna/" + "x" * 1000, (), "255 characters"),
        ("/laterna/wa[lk/speed", (1,), "bracket"),
        ("/laterna/b*", (1,), "full address"),
        ("/laterna/g?", (), "full address"),
    ],
)
def test_a_rejection_says_why(address: str, args: tuple[Value, ...], reason: str) -> None:
    with pytest.raises(Rejected) as refused:
        interpret(address, args, ME)
    assert reason in str(refused.value)


def test_a_very_long_prompt_is_cut_at_the_limit() -> None:
    [trigger] = interpret("/prompt", ("fox " * 25_000,), ME)
    assert isinstance(trigger, Trigger)
    assert len(str(trigger.args[0])) <= 500


def test_a_pattern_sets_all_matching_values_except_critical_ones() -> None:
    names = {"walk/speed", "walk/amount", "walk/push", "master/opacity", "caption/opacity"}
    found = interpret("/laterna/{walk,master,caption}/*", (0.25,), ME)
    assert found == [SetParam(name, 0.25, ME) for name in PARAMS if name in names]
    everything = interpret("/*/*/*", (1,), ME)
    assert len(everything) > 5
    assert {each.name for each in everything}.isdisjoint({row.name for row in PARAMS.values() if row.critical})
    assert interpret("/*/prompt/neg*", ("fog",), ME) == [SetParam("prompt/negative", "fog", ME)]


def test_a_pattern_queries_values_and_readings() -> None:
    assert interpret("/laterna/mode*", ("?",), ME) == [ValueQuery("mode", "/laterna/mode")]


def test_every_parameter_can_be_used_at_its_address() -> None:
    for row in PARAMS.values():
        args: tuple[Value, ...] = ("words",) if row.kind == "text" or row.arguments == "s" else (1,)
        if row.choices or row.arguments in ("iif", "ff", "ii", "iiff"):
            args = row.choices[:1] or (1, 2, 0.5, 0.5)[: len(row.arguments)]
        if row.access == "reading":
            with pytest.raises(Rejected, match="cannot be set"):
                interpret(address_of(row.name), args, ME)
            continue
        [meaning] = interpret(address_of(row.name), args, ME)
        assert isinstance(meaning, SetParam if row.access == "value" else Trigger)
        assert meaning.name == row.name


def test_panic_and_blackout_need_no_passcode_but_the_end_of_a_blackout_does() -> None:
    open_to_all: list[Action] = [
        Trigger("panic", (), ME),
        Trigger("panicInTime", (2.0,), ME),
        SetParam("blackout", True, ME),
    ]
    closed: list[Action] = [SetParam("blackout", False, ME), Trigger("reset", (), ME), Trigger("go", (), ME)]
    assert [always_open(each) for each in (*open_to_all, *closed)] == [True] * 3 + [False] * 3
