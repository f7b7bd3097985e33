"""Music through a real virtual microphone drives a whole show, in real processes with the fake models."""

from __future__ import annotations

import time
import wave
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from installation.models import default_place
from installation.speech.interfaces import SAMPLE_RATE
from installation.studio.replay import replay_performance
from tests.running import RunningShow, running, until
from tests.speech.music import CHORDS, music
from tests.speech.virtual_microphone import VirtualMicrophone

pytestmark = pytest.mark.slow

LIMIT = 60.0  # seconds, for anything that must happen on a machine that may be busy
SHOW = """
[models]
generator = "fake"
perceptor = "fake"
rate = 20.0
[look]
size = [320, 180]
rate = 30.0
[record]
rate = 5.0
[sound]
enabled = true
device = "pulse"
[[sound.map]]
source = "onset"
param = "walk/push"
attack_seconds = 0.0
release_seconds = 0.05
[[sound.map]]
source = "chroma"
param = "latent/related/{n}/weight"
attack_seconds = 0.0
release_seconds = 0.1
[[sound.map]]
source = "low"
param = "master/opacity"
range = [-0.4, 0.0]
[params]
"tempo/source" = "sound"
"tempo/quantise" = 4
[[cue]]
words = "a red sun"
[[cue]]
words = "a white horse"
"""


def live_frames(show: RunningShow) -> list[dict[str, Any]]:
    return [frame for frame in show.drawn() if frame["direction"] >= 0]


def moved(frames: list[dict[str, Any]], name: str) -> list[float]:
    """What sound added to a parameter, frame by frame."""
    return [frame["modulation"].get(name, 0.0) for frame in frames]


def pitches(frame: dict[str, Any]) -> set[int]:
    """The three pitch classes that a frame was drawn with."""
    levels = [frame["modulation"].get(f"latent/related/{n}/weight", 0.0) for n in range(1, 13)]
    return set(np.argsort(levels)[-3:].tolist())


@pytest.mark.parametrize("bpm", [90.0, 174.0])
def test_music_drives_a_show(microphone: VirtualMicrophone, tmp_path: Path, bpm: float) -> None:
    (tmp_path / "concert.toml").write_text(SHOW, encoding="utf-8")
    chords = [set(chord) for chord in CHORDS]
    with running(str(tmp_path / "concert.toml"), tmp_path) as show:
        until(lambda: live_frames(show), LIMIT, "the first frame")
        until(lambda: "sound" in show.workers(), LIMIT, "the sound worker")
        still = len(show.drawn())
        until(lambda: len(show.drawn()) > still + 20, LIMIT, "a moving picture")
        assert not any(frame["modulation"] for frame in show.drawn())  # silence moves nothing
        microphone.play(music(bpm, 5 * LIMIT))  # a busy machine may draw no frame in a bar, but it does in a later one
        until(lambda: max(moved(show.drawn(), "walk/push")) > 0.2, LIMIT, "the first drum")
        show.osc.send_message("/laterna/subscribe", [0, 30, "/laterna/tempo/bpm"])
        until(lambda: abs(tempo(show) - bpm) < 0.02 * bpm, LIMIT, "the tempo")
        show.osc.send_message("/laterna/go", [])
        until(lambda: prompts(show) == ["a red sun"], LIMIT, "the cue on the beat")
        until(lambda: all(chord in map(pitches, show.drawn()) for chord in chords), LIMIT, "frames with each chord")
        until(lambda: min(brightness(show)) < -0.2, LIMIT, "a stage that the drums darken")
        microphone.hush()
        until(lambda: not show.drawn()[-1]["modulation"], LIMIT, "silence again")
        drawn = show.drawn()
        show.end()
    heard = [pitches(frame) for frame in drawn if frame["modulation"]]
    assert sum(each in chords for each in heard) > 0.5 * len(heard)


def brightness(show: RunningShow) -> list[float]:
    """What sound has added to the opacity of the stage so far."""
    commands = [record["message"] for record in show.journal() if record["is"] == "StageCommand"]
    return [0.0, *(each["stage"].get("master/opacity", 0.0) for each in commands if each["is"] == "Modulation")]


def tempo(show: RunningShow) -> float:
    """The tempo of the show, as OSC answers it."""
    show.osc.send_message("/laterna/tempo/bpm", "?")
    end = time.monotonic() + 2.0
    while time.monotonic() < end:
        for message in show.osc.get_messages(0.5):
            if message.address == "/laterna/tempo/bpm":
                return float(message.params[0])
    return 0.0


def prompts(show: RunningShow) -> list[str]:
    """The words on the stage."""
    directions = [record for record in show.journal() if record["is"] == "Direction"]
    return [prompt["text"] for prompt in directions[-1]["prompts"]]


def test_a_replay_of_a_show_with_sound_shows_the_same_frames(tmp_path: Path) -> None:
    (tmp_path / "concert.toml").write_text(SHOW.replace('device = "pulse"', 'file = "song.wav"'), encoding="utf-8")
    with wave.open(str(tmp_path / "song.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes(music(120.0, 50.0).tobytes())
    with running(str(tmp_path / "concert.toml"), tmp_path) as show:
        until(lambda: sum(bool(frame["modulation"]) for frame in show.drawn()) > 30, LIMIT, "the sound")
        show.end()
    again = replay_performance(default_place(), show.journal_path, None)
    assert again["equal"] == again["frames"] > 30
