"""What walls in step send each other."""

from __future__ import annotations

import math
import random
from dataclasses import replace

import numpy as np
import pytest

from installation.control.walls.datagrams import BadDatagram, Datagram, Frame, Ping, Pong, Seal, State
from installation.core.messages import FrameLatents, Origin, Prompt

SEAL = Seal("abend")


def latents(size: int = 12) -> FrameLatents:
    noise = np.random.default_rng(1).standard_normal((1, size)).astype(np.float32)
    return FrameLatents(noise, noise[:, :6] * 3.0, 12.345678901, 0.8, 3, 1764400000.123456, "fake")


PROMPT = Prompt(7, "a füchs", 0.5, Origin("audience", "10.0.0.7:ada-1"), 12.5, "a fox!", seed=9)
STATE = State(5, 9, 3, (PROMPT,), 1.5, True, True, {"master/opacity": 0.25, "blackout": True})


@pytest.mark.parametrize("message", [STATE, State(5, 1), Ping(4, 1764400000.25), Pong(4, 1764400000.25, 1764400001.5)])
def test_messages_arrive_as_they_were_sent(message: Datagram) -> None:
    assert SEAL.read(SEAL.write(message)) == message


def test_latents_arrive_bit_by_bit() -> None:
    sent = latents()
    frame = SEAL.read(SEAL.write(Frame(5, 8, sent)))
    assert isinstance(frame, Frame)
    got = frame.latents
    assert (frame.session, frame.number) == (5, 8)
    assert (got.z.tobytes(), got.classes.tobytes()) == (sent.z.tobytes(), sent.classes.tobytes())
    assert got.z.shape == (1, 12)
    numbers = (got.phase, got.truncation, got.take, got.show_at, got.generator)
    assert numbers == (sent.phase, sent.truncation, sent.take, sent.show_at, sent.generator)


def test_another_passcode_and_damage_are_refused() -> None:
    whole: bytes = SEAL.write(STATE)
    dice = random.Random(1)
    for _ in range(300):
        data = bytearray(whole)
        data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
        with pytest.raises(BadDatagram):
            SEAL.read(bytes(data))
    for other in (b"", whole[:20], Seal("morgen").write(STATE)):
        with pytest.raises(BadDatagram):
            SEAL.read(other)


def test_signed_nonsense_is_refused() -> None:
    for content in (b"", b"/laterna/walls/frame\0\0\0\0,s\0\0", b"/x\0\0,\0\0\0", b"#bundle\0", b"\xff" * 40):
        with pytest.raises(BadDatagram):
            SEAL.read(content + SEAL._sign(content))


def test_latents_that_are_no_numbers_are_refused() -> None:
    broken = latents()
    broken.z[0, 3] = np.nan
    with pytest.raises(BadDatagram, match="not finite"):
        SEAL.read(SEAL.write(Frame(5, 8, broken)))


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_times_and_settings_that_are_no_numbers_are_refused(number: float) -> None:
    frames = [Frame(5, 8, replace(latents(), **{name: number})) for name in ("show_at", "phase", "truncation")]  # type: ignore[arg-type]
    others: list[Datagram] = [replace(STATE, fade_seconds=number), Ping(4, number), Pong(4, 1.0, number)]
    for message in (*frames, *others):
        with pytest.raises(BadDatagram, match="not finite"):
            SEAL.read(SEAL.write(message))


def test_a_frame_that_is_too_large_is_refused_at_the_sender() -> None:
    with pytest.raises(ValueError, match="too large"):
        SEAL.write(Frame(5, 8, latents(20_000)))
