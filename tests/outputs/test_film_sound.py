"""Films with sound: clicks must be heard when their flashes are seen, through kills, parts and a drifting clock."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from installation.core.ring_folder import SOUND_RING
from installation.core.sound_ring import CAPACITY, SOUND_RATE, SoundReader, SoundWriter
from installation.outputs.film_sound import FilmSound
from installation.outputs.interface import FrameFormat
from installation.outputs.recorder import FilmCodec, Recorder, RecorderSettings
from tests.outputs.pictures import SIZE, grey, pictures_of
from tests.outputs.test_recorder import die

RATE = 20
CHUNK = SOUND_RATE // RATE  # samples of a frame
CLICK_EVERY = RATE  # frames


def chunk(number: int) -> NDArray[np.int16]:
    """The sound of a frame: a click in every twentieth, else silence."""
    made = np.zeros(CHUNK, np.int16)
    if number % CLICK_EVERY == 10:
        made[:200] = 20_000
    return made


def flash(number: int) -> NDArray[np.uint8]:
    """The picture of a frame: white with the click, else black."""
    return grey(77 if number % CLICK_EVERY == 10 else 0)


def play(recorder: Recorder, sound: SoundWriter, numbers: range) -> list[str]:
    """Frame n at n / rate seconds; its sound comes a little later."""
    notices = []
    for number in numbers:
        recorder.write(flash(number), number / RATE)
        sound.write(chunk(number), (number + 1) / RATE - 1 / SOUND_RATE)
        recorder.tick(number / RATE)
        notices += recorder.notices()
    return notices


def opened(folder: Path, keep_seconds: float | None = None, codec: FilmCodec = "h264") -> Recorder:
    name = "show.mp4" if codec == "h264" else "show.mov"
    recorder = Recorder(RecorderSettings(folder / "out" / name, keep_seconds, 0, sound=True, codec=codec))
    recorder.open(FrameFormat(*SIZE, RATE, folder))
    return recorder


def flashes(path: Path) -> NDArray[np.float64]:
    """When the picture turns white, seconds."""
    white = np.array([picture.mean() > 128 for picture in pictures_of(path)])
    with av.open(str(path)) as film:
        times = np.array([float(frame.time or 0.0) for frame in film.decode(video=0)], np.float64)
    return np.asarray(times[1:][white[1:] & ~white[:-1]], np.float64)


def clicks(path: Path) -> NDArray[np.float64]:
    """When a click begins, seconds."""
    with av.open(str(path)) as film:
        resampler = av.AudioResampler("flt", "mono", SOUND_RATE)
        found = []
        for frame in film.decode(audio=0):
            for part in resampler.resample(frame):
                loud = np.flatnonzero(np.abs(part.to_ndarray()[0]) > 0.2)
                found += [float(part.time or 0.0) + loud[0] / SOUND_RATE] if len(loud) else []
    times = np.array(found)
    return np.asarray(times[np.insert(np.diff(times) > 0.3, 0, True)], np.float64) if len(times) else times


def in_step(path: Path, count: int) -> None:
    seen, heard = flashes(path), clicks(path)
    assert len(seen) == count
    assert len(heard) == count
    assert np.abs(seen - heard).max() < 0.06  # a frame, and the block of an encoder


@pytest.mark.parametrize("codec", ["h264", "prores"])
def test_sound_and_picture_are_in_step(tmp_path: Path, codec: FilmCodec) -> None:
    sound, recorder = SoundWriter(tmp_path / SOUND_RING), opened(tmp_path, codec=codec)
    assert play(recorder, sound, range(100)) == []
    recorder.close(5.0)
    in_step(Path(recorder.figures().files[0]), 5)


def test_they_stay_in_step_over_parts_of_which_the_last_are_kept(tmp_path: Path) -> None:
    sound, recorder = SoundWriter(tmp_path / SOUND_RING), opened(tmp_path, keep_seconds=10.0)
    play(recorder, sound, range(600))
    recorder.close(30.0)
    in_step(tmp_path / "out" / "show.mp4", 10)


def test_they_stay_in_step_after_a_kill(tmp_path: Path) -> None:
    sound, killed = SoundWriter(tmp_path / SOUND_RING), opened(tmp_path)
    play(killed, sound, range(120))
    die(killed, tmp_path)
    successor = opened(tmp_path)
    play(successor, sound, range(150, 220))
    successor.close(11.0)
    seen, heard = flashes(tmp_path / "out" / "show.mp4"), clicks(tmp_path / "out" / "show.mp4")
    assert np.abs(seen[-3:] - heard[-3:]).max() < 0.06
    assert len(heard) >= 8


@pytest.mark.slow
def test_a_film_without_a_microphone_is_silent_and_says_so_once(tmp_path: Path) -> None:
    recorder = opened(tmp_path)
    notices = []
    for number in range(700):
        recorder.write(flash(number), number / RATE)
        recorder.tick(number / RATE)
        notices += recorder.notices()
    recorder.close(35.0)
    assert notices == ["The recording has no sound: this show has no microphone; start it with --mic."]
    assert len(flashes(tmp_path / "out" / "show.mp4")) == 35
    assert len(clicks(tmp_path / "out" / "show.mp4")) == 0


def test_a_clock_that_drifts_and_a_microphone_that_was_away_are_corrected(tmp_path: Path) -> None:
    writer, film = SoundWriter(tmp_path / "ring"), FilmSound(SoundReader(tmp_path / "ring"))
    film.begin(100.0)
    taken = []
    for number in range(400):  # 1 % too few samples come, and none for two seconds
        if not 200 <= number < 240:
            writer.write(np.full(CHUNK * 99 // 100, number, np.int16), 100.0 + (number + 1) / RATE)
        taken.append(film.until(100.0 + (number + 1) / RATE))
    taken.append(film.until(120.0, final=True))
    samples = np.concatenate(taken)
    assert len(samples) == 20 * SOUND_RATE
    for number in (50, 199, 245, 399):
        (places,) = np.nonzero(samples == number)
        assert abs(places.mean() / CHUNK - number - 0.5) * CHUNK / SOUND_RATE < 0.05


def test_a_reader_that_is_far_behind_gets_the_newest_half(tmp_path: Path) -> None:
    writer, reader = SoundWriter(tmp_path / "ring"), SoundReader(tmp_path / "ring")
    assert reader.take() is None
    for second in range(60):
        writer.write(np.full(SOUND_RATE, second, np.int16), float(second + 1))
    sound = reader.take()
    assert sound is not None
    assert (len(sound.samples), sound.samples[-1]) == (CAPACITY // 2, 59)
    assert sound.at == pytest.approx(45.0, abs=1e-3)
