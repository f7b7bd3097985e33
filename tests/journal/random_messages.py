"""Random messages of every kind that the journal keeps."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from installation.core.messages import (
    Array,
    Bundle,
    Changed,
    Direction,
    FrameReady,
    MessageRejected,
    Modulation,
    Notice,
    Origin,
    Prompt,
    Query,
    SetParam,
    StoredPicture,
    Trigger,
    Value,
)
from installation.core.speech_messages import AudioStarted, SpeechRejected, Transcription
from installation.journal.codec import JournalGap, JournalState, Message, RendererStarted, StageCommand

TEXTS = ("", "a fox", "ein Fuchs im Schnee", "نجوم", "🦊🏽\u200d", 'quoted "\\ and \n', "\ud800 torn", "\x00")


def _text(dice: random.Random) -> str:
    return dice.choice(TEXTS)


def _float(dice: random.Random) -> float:
    return dice.choice([0.0, -0.0, 1.0, 1e-300, 1e300, 0.1 + 0.2, dice.random(), dice.uniform(-1e9, 1e9)])


def _value(dice: random.Random) -> Value:
    values: list[Value] = [True, False, dice.randrange(-(2**40), 2**40), _float(dice), _text(dice)]
    return dice.choice(values)


def _prompt(dice: random.Random) -> Prompt:
    return Prompt(dice.randrange(2**31), _text(dice), _float(dice), Origin(_text(dice)), _float(dice), "a caption")


def _direction(dice: random.Random) -> Direction:
    prompts = tuple(_prompt(dice) for _ in range(dice.randrange(4)))
    params = {f"{dice.choice('abc')}/{n}": _value(dice) for n in range(dice.randrange(6))}
    return Direction(dice.randrange(99), prompts, _float(dice), params, dice.random() < 0.5)


def _array(dice: random.Random) -> Array:
    return np.array([[dice.gauss(0, 1) for _ in range(dice.randrange(1, 9))]], np.float32)


def random_frame(dice: random.Random) -> FrameReady:
    slot, sequence, take, prompt_id, steps, directions, crc = (dice.randrange(2**32) for _ in range(7))
    show_at, score, change = (_float(dice) for _ in range(3))
    searching = dice.random() < 0.5
    return FrameReady(
        slot, sequence, take, prompt_id, show_at, score, steps, directions, change, crc, searching=searching
    )


def _set(dice: random.Random) -> SetParam:
    return SetParam(_text(dice), _value(dice), Origin(_text(dice)), _float(dice))


def _trigger(dice: random.Random) -> Trigger:
    return Trigger(_text(dice), tuple(_value(dice) for _ in range(3)), Origin(_text(dice)))


def _query(dice: random.Random) -> Query:
    return Query(_text(dice), Origin(_text(dice)), _text(dice))


def _transcription(dice: random.Random) -> Transcription:
    final, began, ended = dice.random() < 0.5, _float(dice), _float(dice)
    return Transcription(dice.randrange(2**31), _text(dice), final, 3, began, ended, _text(dice))


def _modulation(dice: random.Random) -> Modulation:
    return Modulation({"walk/push": _float(dice)}, {"master/opacity": _float(dice)} if dice.random() < 0.5 else {})


MAKERS: tuple[Callable[[random.Random], Message], ...] = (
    _prompt,
    _direction,
    random_frame,
    _set,
    _trigger,
    _transcription,
    lambda dice: Bundle((_set(dice), _trigger(dice), _query(dice))),
    lambda dice: _query(dice),
    lambda dice: StoredPicture(_text(dice), _array(dice), _array(dice), _text(dice)),
    lambda dice: Notice(_text(dice), _text(dice), dice.randrange(2**31)),
    lambda dice: Changed(_text(dice), _value(dice), Origin(_text(dice))),
    lambda dice: MessageRejected(Origin(_text(dice)), _text(dice), _text(dice)),
    lambda dice: SpeechRejected(dice.randrange(2**31), _text(dice), _text(dice)),
    lambda dice: RendererStarted((_array(dice), _array(dice)), _direction(dice)),
    lambda dice: JournalGap(dice.randrange(2**31)),
    lambda dice: StageCommand(dice.choice((_set, _trigger, _modulation))(dice)),
    lambda dice: _modulation(dice),
    lambda dice: AudioStarted(_text(dice), _float(dice)),
    lambda dice: JournalState((_array(dice), _array(dice)), (_direction(dice),), (StageCommand(_set(dice)),)),
)


def random_message(dice: random.Random) -> Message:
    """A message of any kind."""
    return dice.choice(MAKERS)(dice)


def exactly(message: Message) -> str:
    """Tells 1 from 1.0 from True, and 0.0 from -0.0, as == does not; and compares arrays by their bytes."""
    if isinstance(message, RendererStarted | JournalState):
        arrays = [(array.dtype.str, array.shape, array.tobytes()) for array in message.latents or ()]
        return f"{arrays} {replace(message, latents=None)!r}"
    return repr(message)
