"""Messages survive the way to JSON and back."""

from __future__ import annotations

import json
import math
import random
from typing import Any

import numpy as np
import pytest

from installation.core.messages import (
    Array,
    Bundle,
    Direction,
    FramePresented,
    FrameReady,
    Notice,
    Prompt,
    SetParam,
    SpeechRejected,
    Transcription,
    Trigger,
    Value,
)
from installation.journal.codec import decode, encode, to_line
from installation.journal.writer import RendererStarted

TEXTS = ("", "a fox", "ein Fuchs im Schnee", "نجوم", "🦊🏽\u200d", 'quoted "\\ and \n', "\ud800 torn", "\x00")


def any_text(dice: random.Random) -> str:
    return dice.choice(TEXTS)


def any_float(dice: random.Random) -> float:
    return dice.choice([0.0, -0.0, 1.0, 1e-300, 1e300, 0.1 + 0.2, dice.random(), dice.uniform(-1e9, 1e9)])


def any_value(dice: random.Random) -> Value:
    values: list[Value] = [True, False, dice.randrange(-(2**40), 2**40), any_float(dice), any_text(dice)]
    return dice.choice(values)


def any_prompt(dice: random.Random) -> Prompt:
    return Prompt(dice.randrange(2**31), any_text(dice), any_float(dice), any_text(dice), any_float(dice), "a caption")


def any_direction(dice: random.Random) -> Direction:
    prompts = tuple(any_prompt(dice) for _ in range(dice.randrange(4)))
    params = {f"{dice.choice('abc')}/{n}": any_value(dice) for n in range(dice.randrange(6))}
    return Direction(dice.randrange(99), prompts, any_float(dice), params, dice.random() < 0.5)


def any_array(dice: random.Random) -> Array:
    return np.array([[dice.gauss(0, 1) for _ in range(dice.randrange(1, 9))]], np.float32)


def any_drawn(dice: random.Random) -> FrameReady:
    slot, sequence, take, prompt_id, steps, directions, crc = (dice.randrange(2**32) for _ in range(7))
    show_at, score, change = (any_float(dice) for _ in range(3))
    return FrameReady(slot, sequence, take, prompt_id, show_at, score, steps, directions, change, crc)


def any_message(dice: random.Random) -> Any:
    """A message of any kind that is journaled, with anything in it."""
    number, text, other = dice.randrange(2**31), any_text(dice), any_text(dice)
    match dice.randrange(10):
        case 0:
            return any_prompt(dice)
        case 1:
            return any_direction(dice)
        case 2:
            return SetParam(text, any_value(dice), other, any_float(dice))
        case 3:
            return Trigger(text, tuple(any_value(dice) for _ in range(3)), other)
        case 4:
            return Bundle((SetParam("a", any_value(dice), "b"), Trigger("go")))
        case 5:
            return any_drawn(dice)
        case 6:
            return Notice(text, other, number)
        case 7:
            return Transcription(number, text, dice.random() < 0.5, 3, any_float(dice), any_float(dice), other)
        case 8:
            return SpeechRejected(number, text, other)
    return RendererStarted((any_array(dice), any_array(dice)), any_direction(dice))


def exactly(value: Any) -> str:
    """Tells 1 from 1.0 from True, and 0.0 from -0.0, as == does not; and arrays by every bit."""
    if isinstance(value, RendererStarted):
        arrays = [(a.dtype.str, a.shape, a.tobytes()) for a in value.latents or ()]
        return f"{arrays} {value.direction!r}"
    return repr(value)


def test_a_thousand_random_messages_come_back_exactly_as_they_were() -> None:
    dice = random.Random(20)
    for _ in range(1000):
        message = any_message(dice)
        line = to_line(encode(message))
        assert line.count(b"\n") == 1
        assert exactly(decode(json.loads(line))) == exactly(message)


def test_numbers_that_are_none_come_back_and_the_line_stays_plain_json() -> None:
    message = SetParam("a", math.nan, "b", math.inf)
    line = to_line(encode(message))
    json.loads(line, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))
    assert repr(decode(json.loads(line))) == repr(message)


def test_scalars_of_numpy_are_written_as_the_numbers_that_they_are() -> None:
    assert encode(SetParam("a", np.float32(0.5), "b", np.int64(2))) == encode(SetParam("a", 0.5, "b", 2))  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [[1], {1: 2}, {"is": 1}, object(), b"x", np.zeros(2), FramePresented(0, 1, 2.0)])
def test_what_would_not_come_back_as_it_was_is_refused(value: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        encode(Trigger("a", (value,)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "damaged",
    [
        {"is": "Nobody"},
        {"is": ["Prompt"]},
        {"is": "Prompt", "id": 1},
        {"is": "Prompt", "id": "1", "text": "a"},
        {"is": "Prompt", "id": True, "text": "a"},
        {"is": "Prompt", "id": 1, "text": "a", "colour": 2},
        {"float32": "not base64!", "shape": [1]},
        {"float32": "AAAAAA==", "shape": [3]},
        {"float32": "AAAA"},
    ],
)
def test_what_was_never_written_is_not_read(damaged: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        decode(damaged)
