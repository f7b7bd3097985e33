"""Messages as JSON and back."""

from __future__ import annotations

import json
import math
import random
from typing import Any

import numpy as np
import pytest

from installation.core.messages import FramePresented, Origin, SetParam, Trigger
from installation.core.speech_messages import SpeechRejected, Transcription
from installation.journal.codec import MESSAGE_TYPES, StageCommand, decode, encode, to_line
from tests.journal.random_messages import MAKERS, exactly, random_message


def test_random_messages_cover_every_kind() -> None:
    dice = random.Random(1)
    assert {type(make(dice)).__name__ for make in MAKERS} == set(MESSAGE_TYPES)


def test_a_thousand_random_messages_are_restored_exactly() -> None:
    dice = random.Random(20)
    for _ in range(1000):
        message = random_message(dice)
        line = to_line(encode(message))
        assert line.count(b"\n") == 1
        assert exactly(decode(json.loads(line))) == exactly(message)


def test_nan_and_infinity_are_restored_from_plain_json() -> None:
    message = SetParam("a", math.nan, Origin("b"), math.inf)
    line = to_line(encode(message))
    plain = json.loads(line, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))
    assert repr(decode(plain)) == repr(message)


def test_numpy_scalars_are_written_as_numbers() -> None:
    numpy_values: Any = (np.float32(0.5), np.int64(2))
    assert encode(SetParam("a", numpy_values[0], Origin("b"), numpy_values[1])) == encode(
        SetParam("a", 0.5, Origin("b"), 2)
    )


@pytest.mark.parametrize("value", [[1], {1: 2}, {"is": 1}, object(), b"x", np.zeros(2), FramePresented(0, 1, 2.0)])
def test_a_value_without_an_exact_form_is_refused(value: Any) -> None:
    with pytest.raises((TypeError, ValueError), match=r"has no place in a journal|cannot be a key"):
        encode(Trigger("a", (value,)))


def test_a_message_that_is_not_journaled_is_refused() -> None:
    message: Any = FramePresented(0, 1, 2.0)
    with pytest.raises(TypeError, match="a FramePresented has no place in a journal"):
        encode(message)


@pytest.mark.parametrize(
    ("damaged", "said"),
    [
        ({"id": 1, "text": "a"}, "it is not a message"),
        ({"is": "Nobody"}, "there is no message 'Nobody'"),
        ({"is": ["Prompt"]}, "there is no message"),
        ({"is": "Prompt", "id": 1}, "missing 1 required positional argument: 'text'"),
        ({"is": "Prompt", "id": "1", "text": "a"}, "Prompt.id cannot be '1'"),
        ({"is": "Prompt", "id": True, "text": "a"}, "Prompt.id cannot be True"),
        ({"is": "Prompt", "id": 1, "text": "a", "origin": 3}, "Prompt.origin cannot be 3"),
        ({"is": "Prompt", "id": 1, "text": "a", "colour": 2}, "unexpected keyword argument 'colour'"),
        ({"is": "Direction", "take": 1, "prompts": 3}, "Direction.prompts cannot be 3"),
        (
            {"is": "Direction", "take": 1, "prompts": [{"is": "JournalGap", "dropped": 1}]},
            "Direction.prompts cannot be",
        ),
        ({"is": "Direction", "take": 1, "params": {"a": [1]}}, r"Direction.params cannot be \{'a': \(1,\)\}"),
        ({"is": "Trigger", "name": "go", "args": [None]}, r"Trigger.args cannot be \(None,\)"),
        ({"is": "StageCommand", "message": "reset"}, "StageCommand.message cannot be 'reset'"),
        ({"is": "SetParam", "name": "a", "value": [], "origin": "b"}, r"SetParam.value cannot be \(\)"),
        ({"is": "RendererStarted", "latents": [1, 2]}, r"RendererStarted.latents cannot be \(1, 2\)"),
        ({"is": "RendererStarted", "latents": {"float32": "", "shape": [2**70]}}, "Maximum allowed dimension"),
        ({"is": "RendererStarted", "latents": {"float32": "not base64!", "shape": [1]}}, "an array is damaged"),
        ({"is": "RendererStarted", "latents": {"float32": "AAAAAA==", "shape": [3]}}, "cannot reshape array"),
        ({"is": "RendererStarted", "latents": {"float32": "AAAA"}}, "buffer size|an array is damaged"),
    ],
)
def test_damaged_messages_are_not_read(damaged: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        decode(damaged)


@pytest.mark.parametrize(
    ("old", "message"),
    [
        ({"is": "Heard", "utterance": 1, "text": "a fox", "final": True}, Transcription(1, "a fox", True)),
        ({"is": "Unheard", "utterance": 1, "text": "", "reason": "noise"}, SpeechRejected(1, "", "noise")),
        ({"is": "SetParam", "name": "a", "value": 1, "source": "osc:b:1"}, SetParam("a", 1, Origin("osc", "b:1"))),
        ({"is": "ToStage", "message": {"is": "Trigger", "name": "reset"}}, StageCommand(Trigger("reset"))),
    ],
)
def test_messages_with_the_names_of_version_2_are_read(old: dict[str, Any], message: object) -> None:
    assert decode(old) == message
