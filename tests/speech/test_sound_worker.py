"""The sound worker in a process of its own: a file, and a line input that comes and goes."""

from __future__ import annotations

import wave
from pathlib import Path

import pytest

from installation.core.speech_messages import SoundFeatures
from installation.show.settings import ListenSettings
from installation.show.sound_settings import SoundSettings
from installation.speech.interfaces import SAMPLE_RATE, Samples, SoundConfig
from installation.speech.sound_worker import run_sound
from tests.speech.music import music
from tests.speech.speech_worker import RunningSpeechWorker, config
from tests.speech.virtual_microphone import VirtualMicrophone
from tests.workers import RunningWorker


def written(path: Path, samples: Samples) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes(samples.tobytes())
    return path


def is_onset(message: object) -> bool:
    return isinstance(message, SoundFeatures) and message.onsets > 0


@pytest.mark.slow
def test_a_file_is_analysed_to_its_end(tmp_path: Path) -> None:
    song = written(tmp_path / "song.wav", music(120.0, 1.6))
    with RunningWorker(run_sound, SoundConfig(SoundSettings(enabled=True), song)) as worker:
        worker.receive(is_onset)
        done = worker.status(state="done", health="ended")
    assert done.reason == ""


def test_a_file_that_is_no_sound_is_reported(tmp_path: Path) -> None:
    (tmp_path / "song.wav").write_bytes(b"not a song")
    with RunningWorker(run_sound, SoundConfig(SoundSettings(enabled=True), tmp_path / "song.wav")) as worker:
        assert "song.wav is damaged" in worker.status(state="failed").reason


@pytest.mark.slow
def test_a_line_input_comes_and_goes(microphone: VirtualMicrophone) -> None:
    settings = SoundSettings(enabled=True, device=microphone.NAME)
    with RunningWorker(run_sound, SoundConfig(settings)) as worker:
        worker.status(state="running", health="live")
        microphone.play(music(120.0, 5.0))
        worker.receive(is_onset)
        microphone.unplug()
        assert "delivers no sound" in worker.status(state="failed").reason
        microphone.plug_in()
        worker.status(state="running", health="live")


@pytest.mark.slow
def test_the_microphone_of_speech_is_analysed_too_even_without_a_recogniser(
    microphone: VirtualMicrophone, tmp_path: Path
) -> None:
    (tmp_path / "own.pt").write_bytes(b"not a model")
    listening = ListenSettings(device=microphone.NAME, model=str(tmp_path / "own.pt"))
    for settings in (config(tmp_path), config(tmp_path, listening=listening)):
        heard = config(tmp_path, settings.recognizer, listening=settings.listening, sound=SoundSettings(enabled=True))
        with RunningSpeechWorker(heard) as worker:
            worker.status(health="live")
            microphone.play(music(120.0, 3.0))
            worker.receive(is_onset)
