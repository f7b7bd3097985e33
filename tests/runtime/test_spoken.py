"""Whole shows with speech, in real processes with the fake models."""

from __future__ import annotations

import contextlib
import wave
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from installation.core.speech_messages import Transcription
from installation.speech.audio_devices import input_devices, rescan_devices
from installation.speech.interfaces import SAMPLE_RATE, Samples
from tests.conftest import require_system
from tests.running import RunningShow, running, until
from tests.speech.flite import synthesize
from tests.speech.real_whisper import real_whisper
from tests.speech.virtual_microphone import VirtualMicrophone

pytestmark = pytest.mark.slow

LIMIT = 90.0  # seconds, for anything that must happen on a machine that may be busy
SAID_AGAIN = 3  # times that a line is said
WEIGHTS_LIMIT = 180.0  # the same, where real weights are loaded
SHOW = """
title = "Ears"
[models]
generator = "fake"
perceptor = "fake"
[look]
size = [320, 180]
rate = 15.0
[record]
rate = 5.0
"""
POEM = (
    "The lighthouse turns its slow eye over the harbour",
    "Seven white horses run along the shore",
    "A violin sleeps in a bed of moss",
    "Nobody answers the telephone in the garden",
)


def written(folder: Path, more: str = "") -> str:
    """A small show that costs next to nothing; with the poem beside it."""
    (folder / "poem.txt").write_text("\n".join(POEM), encoding="utf-8")
    (folder / "speech.toml").write_text(SHOW + more, encoding="utf-8")
    return str(folder / "speech.toml")


def notices(show: RunningShow) -> list[str]:
    """The notices that the operator got."""
    return [record["text"] for record in show.journal() if record["is"] == "Notice"]


def finals(show: RunningShow) -> list[str]:
    """What was heard, in order."""
    return [record["text"] for record in show.journal() if record["is"] == Transcription.__name__ and record["final"]]


def mostly_heard(show: RunningShow, line: str) -> bool:
    """Whether a final says half of the line's words: a busy machine's loopback may cost the recogniser some of them."""
    words = line.lower().split()
    return any(2 * sum(word in final.lower().split() for word in words) >= len(words) for final in finals(show))


def staged(show: RunningShow, source: str) -> list[str]:
    """What the audience read when words of that source took the stage, in order."""
    prompts: dict[int, dict[str, Any]] = {}
    for record in show.journal():
        if record["is"] == "Direction":
            prompts |= {prompt["id"]: prompt for prompt in record["prompts"] if prompt["origin"] == source}
    return [prompt["caption"] or prompt["text"] for prompt in prompts.values()]


def staged_last(show: RunningShow, source: str, text: str) -> bool:
    """Whether these were the last words of that source on the stage."""
    return staged(show, source)[-1:] == [text]


def staged_of_any(show: RunningShow, sources: Sequence[str]) -> list[str]:
    """What the audience read of any of these sources."""
    return [text for source in sources for text in staged(show, source)]


def followed(show: RunningShow, line: str, whole: bool) -> bool:
    """Whether a line of the script is on the stage and, if asked, has been heard to its end."""
    return staged_last(show, "script", line) and (not whole or mostly_heard(show, line))


def drawn_beyond(show: RunningShow, count: int) -> bool:
    """Whether more frames than that have been drawn."""
    return len(show.drawn()) > count


def after(show: RunningShow, place: int, notice: str) -> int:
    """The place after the first notice like this from that place on; 0: there is none."""
    said = notices(show)
    return next((number for number in range(place + 1, len(said) + 1) if said[number - 1].startswith(notice)), 0)


def said(
    microphone: VirtualMicrophone, sentence: Samples, condition: Callable[[], object], what: str, seconds: float = LIMIT
) -> None:
    """Say a sentence until something is true, as a poet repeats what a busy machine's loopback has swallowed."""
    for _ in range(SAID_AGAIN):
        microphone.play(sentence)
        with contextlib.suppress(AssertionError):
            until(condition, seconds / SAID_AGAIN, what)
            return
    raise AssertionError(f"{what} did not happen although it was said {SAID_AGAIN} times")


def recorded(path: Path, lines: Sequence[str]) -> Path:
    gap = np.zeros(SAMPLE_RATE, np.int16)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes(
            np.concatenate([gap, *(piece for line in lines for piece in (synthesize(line), gap))]).tobytes()
        )
    return path


def test_script_following_continues_after_the_speech_worker_is_killed(
    microphone: VirtualMicrophone, tmp_path: Path
) -> None:
    poem = written(tmp_path, '[script]\nfile = "poem.txt"\n')
    with running(poem, tmp_path, ["--mic", microphone.NAME]) as show:
        until(show.drawn, LIMIT, "the first frame")
        opened = 0
        for number, line in enumerate(POEM, 1):
            opened = until(partial(after, show, opened, "pulse is open."), LIMIT, "the microphone")
            whole = number in (2, len(POEM))  # not only its beginning, which is enough to show the line
            said(microphone, synthesize(line), partial(followed, show, line, whole), line)
            if number < len(POEM):
                show.workers()["speech"].kill()  # after the second line, in the middle of the others
                drawn = len(show.drawn())
                until(partial(drawn_beyond, show, drawn), LIMIT, "a moving picture")
        report = show.end()
    assert staged(show, "script") == list(POEM)
    assert {name: each["restarts"] for name, each in report["processes"].items()} == {
        "stage": 0,
        "renderer": 0,
        "control": 0,
        "recorder": 0,
        "speech": 3,
    }
    assert report["speech"]["finals"] == len(finals(show))


def test_a_recording_is_transcribed_to_its_end_and_the_show_goes_on(tmp_path: Path) -> None:
    recording = recorded(tmp_path / "talk.wav", POEM[1:3])
    with running(written(tmp_path), tmp_path, ["--audio", str(recording)]) as show:
        until(lambda: "talk.wav starts with the first generated picture." in notices(show), LIMIT, "the show")
        until(lambda: "speech" in show.workers(), LIMIT, "the speech worker")
        assert show.drawn()  # its first words are not over before there is a picture
        until(lambda: len(finals(show)) == 2, LIMIT, "both sentences")
        heard = finals(show)
        until(lambda: staged(show, "speech")[-1:] == [heard[-1]], LIMIT, "its words on the stage")
        until(lambda: "talk.wav is over: 2 sentences transcribed." in notices(show), LIMIT, "its end")
        drawn = len(show.drawn())
        until(lambda: len(show.drawn()) > drawn + 20, LIMIT, "a moving picture")
        report = show.end()
    assert heard[0].split()[0] == "Seven"
    assert [line for line in show.log().splitlines() if line.startswith("heard: ")] == [
        f"heard: {text}" for text in heard
    ]
    assert report["speech"]["finals"] == 2
    assert report["processes"]["speech"]["restarts"] == 0
    (subtitles,) = (tmp_path / "recordings").glob("*.srt")
    assert all(f"\n{text}\n" in subtitles.read_text(encoding="utf-8") for text in heard)


def prompts(show: RunningShow, text: str) -> list[int]:
    """The ids of the prompts that begin with this text."""
    directions = (record for record in show.journal() if record["is"] == "Direction")
    return [
        prompt["id"] for each in directions for prompt in each["prompts"] if prompt["text"].lower().startswith(text)
    ]


def answered(show: RunningShow, heard: int) -> bool:
    """Whether more than so many finals have come, or one was rejected."""
    return len(finals(show)) > heard or after(show, 0, "speech: ") > 0


def test_a_spoken_wish_becomes_the_picture_with_real_weights(microphone: VirtualMicrophone, tmp_path: Path) -> None:
    arguments = ["--mic", microphone.NAME, "--set", f"listen.model={real_whisper()}", "--record", "evening.mp4"]
    with running(written(tmp_path), tmp_path, arguments) as show:
        until(lambda: "pulse is open." in notices(show), WEIGHTS_LIMIT, "the microphone")
        until(lambda: show.drawn(), WEIGHTS_LIMIT, "the first frame")
        sentence = synthesize("Can you show me a castle on a hill?", "rms")
        wished = partial(prompts, show, "a castle")
        said(microphone, sentence, wished, "the wish, without its frame", 2 * WEIGHTS_LIMIT)
        until(lambda: finals(show), WEIGHTS_LIMIT, "the sentence")
        wish, heard = prompts(show, "a castle")[-1], len(finals(show))
        until(lambda: show.drawn()[-1]["prompt_id"] == wish, WEIGHTS_LIMIT, "its picture")
        thanks = synthesize("Thank you very much.", "rms")
        thanked = partial(answered, show, heard)
        said(microphone, thanks, thanked, "thanks", 2 * WEIGHTS_LIMIT)
        drawn = len(show.drawn())
        until(partial(drawn_beyond, show, drawn), WEIGHTS_LIMIT, "a moving picture")
        assert show.drawn()[-1]["prompt_id"] == wish  # thanks do not change it
        show.end(WEIGHTS_LIMIT)
    assert staged(show, "speech")[-1].startswith("Can you show me a castle")
    subtitles = (tmp_path / "evening.srt").read_text(encoding="utf-8")
    assert subtitles.startswith("1\n00:00:")
    assert "castle" in subtitles


def test_two_microphones_are_two_sources(microphone: VirtualMicrophone, tmp_path: Path) -> None:
    microphones = ["--set", "listen.enabled=true", "--set", 'listen.device=["virtual", "pulse"]']  # they hear the same
    with running(written(tmp_path), tmp_path, microphones) as show:
        until(lambda: sum("is open." in text for text in notices(show)) == 2, LIMIT, "both microphones")
        assert {"speech (virtual)", "speech (pulse)"} <= show.workers().keys()
        until(show.drawn, LIMIT, "the first frame")
        heard = partial(staged_of_any, show, ("speech:virtual", "speech:pulse"))
        said(microphone, synthesize(POEM[1]), heard, "its words on the stage")
        show.workers()["speech (pulse)"].kill()
        until(lambda: any("speech-2 worker failed" in text for text in notices(show)), LIMIT, "the report")
        report = show.end(LIMIT)
    assert {name: each["restarts"] for name, each in report["processes"].items() if "speech" in name} == {
        "speech": 0,
        "speech-2": 1,
    }


def without_portaudio(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Python does not find the library, as on a machine where it is not installed."""
    (folder / "sitecustomize.py").write_text(
        "import ctypes.util\n"
        "find = ctypes.util.find_library\n"
        "ctypes.util.find_library = lambda name: None if name == 'portaudio' else find(name)\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("PYTHONPATH", str(folder))


def assert_speech_fails(folder: Path, arguments: Sequence[str], reason: str) -> None:
    """A show without speech reports why, once, and still shows typed prompts."""
    with running(written(folder), folder, arguments) as show:
        until(lambda: any(reason in text for text in notices(show)), LIMIT, reason)
        show.type("a red sun")
        until(lambda: staged(show, "terminal") == ["a red sun"], LIMIT, "typed words on the stage")
        until(lambda: show.drawn() and show.drawn()[-1]["prompt_id"] == 1, LIMIT, "their picture")
        report = show.end()
    said = [text for text in notices(show) if reason in text]
    assert said == [said[0]]
    assert said[0] in show.log()
    assert said[0].endswith((".", "?"))
    assert "Traceback" not in show.log()
    assert report["processes"]["speech"]["restarts"] == 0


def test_a_show_without_the_audio_library_says_how_to_install_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_portaudio(tmp_path, monkeypatch)
    assert_speech_fails(
        tmp_path, ["--mic"], "the microphone needs the PortAudio library; on Debian and Ubuntu: apt install lib"
    )


def test_a_show_without_a_microphone_reports_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULSE_SERVER", f"unix:{tmp_path}/missing")
    rescan_devices()
    require_system(not input_devices(), "this machine has a microphone of its own")
    assert_speech_fails(tmp_path, ["--mic"], "there is no microphone: plug one in")


def test_a_wrong_microphone_name_is_reported_with_the_closest_match(
    microphone: VirtualMicrophone, tmp_path: Path
) -> None:
    del microphone  # it is there all the time
    sentence = "there is no microphone 'puls-e'; did you mean 'pulse'? The show goes on without it."
    assert_speech_fails(tmp_path, ["--mic", "puls-e"], sentence)


def test_a_damaged_speech_model_is_reported(microphone: VirtualMicrophone, tmp_path: Path) -> None:
    (tmp_path / "own.pt").write_bytes(b"not a model" * 1000)
    arguments = ["--mic", microphone.NAME, "--set", "listen.model=own.pt"]
    assert_speech_fails(tmp_path, arguments, "own.pt is damaged or not a Whisper checkpoint")
