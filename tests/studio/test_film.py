from __future__ import annotations

import wave
from pathlib import Path

import av
import numpy as np
import pytest

from installation.cli.main import main
from installation.studio.captions import read_srt
from tests.running import RunningShow, running, until

LIMIT = 60.0  # seconds, for anything that must happen on a machine that may be busy


@pytest.fixture(scope="module")
def journal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The journal of a short performance with the fake models, in real processes."""
    with running("rehearsal", tmp_path_factory.mktemp("show")) as show:
        until(show.drawn, LIMIT, "the first frame")
        for words in ("a fox", "the sea"):
            before = len(show.drawn())
            show.type(words)
            until(lambda: captioned(show, words), LIMIT, "the words on the stage")  # noqa: B023 -- called at once
            until(lambda: len(show.drawn()) > before + 20, LIMIT, "their picture")  # noqa: B023
        show.end()
    return show.journal_path


def captioned(show: RunningShow, words: str) -> bool:
    """Whether a Direction has asked for the words."""
    return any(
        words == prompt["text"] for each in show.journal() if each["is"] == "Direction" for prompt in each["prompts"]
    )


def frames_of(path: Path) -> list[np.ndarray[tuple[int, ...], np.dtype[np.uint8]]]:
    with av.open(str(path)) as film:
        return [np.asarray(frame.to_ndarray(format="rgb24")) for frame in film.decode(video=0)]


@pytest.mark.slow
def test_a_performance_is_filmed_at_another_size_and_rate_with_captions_and_sound(journal: Path) -> None:
    sound = journal.with_name("sound.wav")
    with wave.open(str(sound), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes((3000 * np.sin(np.arange(8000 * 60) / 5)).astype(np.int16).tobytes())
    target = journal.with_name("film.mp4")
    options = ["--size", "320x240", "--fps", "12", "--srt", "--audio", str(sound)]
    assert main(["film", str(journal), "-o", str(target), *options]) == 0
    frames = frames_of(target)
    assert frames[0].shape == (240, 320, 3)
    with av.open(str(target)) as film:
        (audio,) = film.streams.audio
        assert float(film.streams.video[0].average_rate or 0) == 12.0
        seconds = len(frames) / 12
        assert abs(float(audio.duration or 0) * float(audio.time_base or 0) - seconds) < 0.1
    texts = [caption.text for caption in read_srt(target.with_suffix(".srt"))]
    assert texts == ["a fox", "the sea"]
    middle = frames[len(frames) // 2].astype(float)
    assert float(np.abs(middle - frames[0]).mean()) > 1.0, "the picture moves"


SONG_SHOW = """
[models]
generator = "fake"
perceptor = "fake"
[look]
size = [160, 90]
[sound]
enabled = true
file = "song.wav"
[[sound.map]]
source = "loudness"
param = "walk/push"
"""
QUIET_SECONDS = 2.0  # at the beginning of the song


@pytest.mark.slow
def test_the_song_that_a_show_has_played_is_in_the_film_where_it_was_in_the_show(tmp_path: Path) -> None:
    (tmp_path / "concert.toml").write_text(SONG_SHOW, encoding="utf-8")
    tone = 20_000 * np.sin(np.arange(16_000 * 60) / 5)
    tone[: round(16_000 * QUIET_SECONDS)] = 0.0
    with wave.open(str(tmp_path / "song.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(tone.astype(np.int16).tobytes())
    with running("concert.toml", tmp_path) as show:
        until(lambda: any(frame["modulation"] for frame in show.drawn()), LIMIT, "a frame that the song moves")
        show.end()
    start = next(each["t"] for each in show.journal() if each["is"] == "RendererStarted")
    began = next(each["t"] for each in show.journal() if each["is"] == "AudioStarted") - start
    moved = next(frame["t"] for frame in show.drawn() if frame["modulation"]) - start
    film, song = tmp_path / "film.mp4", str(tmp_path / "song.wav")
    assert main(["film", str(show.journal_path), "-o", str(film), "--size", "160x90", "--audio", song]) == 0
    assert 0.1 < began < moved - QUIET_SECONDS
    assert first_sound(film) == pytest.approx(began + QUIET_SECONDS, abs=0.05)


def first_sound(path: Path) -> float:
    """The second of a film at which it is loud for the first time."""
    with av.open(str(path)) as film:
        (stream,) = film.streams.audio
        for frame in film.decode(stream):
            loud = np.flatnonzero(np.abs(frame.to_ndarray()).max(axis=0) > 0.1)
            if len(loud):
                return float(frame.time or 0.0) + float(loud[0]) / frame.sample_rate
    raise AssertionError("the film is silent")


@pytest.mark.slow
def test_a_film_without_captions_differs_from_one_with_them_below_only(journal: Path) -> None:
    films = {}
    for flag in ("--captions", "--no-captions"):
        target = journal.with_name(f"film{flag}.mp4")
        assert main(["film", str(journal), "-o", str(target), "--size", "320x240", "--fps", "10", flag]) == 0
        films[flag] = frames_of(target)
    differences = [
        np.abs(a.astype(int) - b).mean((1, 2)) for a, b in zip(films["--captions"], films["--no-captions"], strict=True)
    ]
    strongest = max(differences, key=lambda rows: float(rows.max()))
    assert int(strongest.argmax()) > 160
    assert float(strongest[:120].max()) < 4.0 < float(strongest.max())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["missing.jsonl"], "cannot be read"),
        (["missing.jsonl", "-o", "film.avi"], "A film is an MP4, GIF or WebP file"),
        (["missing.jsonl", "--size", "12"], "--size takes WIDTHxHEIGHT"),
    ],
)
def test_a_mistake_is_one_sentence(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["film", *arguments]) == 2
    assert message in capsys.readouterr().err
