"""The recorder without its process: time comes in, pictures from a real ring, files on a real disk."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from installation.core.frame_ring import FrameRing
from installation.core.messages import FramePresented
from installation.outputs.config import RecorderConfig
from installation.outputs.recorder import Recorder
from tests.outputs.pictures import SIZE, grey, numbers_of, pictures_of, times_of

RATE = 10


class Stage:
    """Presents pictures: writes them into a ring and tells of them, as the stage does."""

    def __init__(self, folder: Path, slots: int = 4) -> None:
        self.ring = FrameRing(folder / "stage.ring", slots, 400 * 400 * 3)

    def present(self, picture: NDArray[np.uint8], at: float) -> FramePresented:
        slot, info = self.ring.write(picture)
        return FramePresented(slot, info.sequence, at)


def config(folder: Path, keep_seconds: float | None = None, size: tuple[int, int] | None = None) -> RecorderConfig:
    return RecorderConfig(folder / "stage.ring", folder / "out" / "show.mp4", RATE, size, keep_seconds, 0)


def play(recorder: Recorder, stage: Stage, numbers: range, rate: float = RATE) -> list[str]:
    """Presents grey pictures, number n at n / rate seconds; returns the notices."""
    told: list[str] = []
    for number in numbers:
        at = number / rate
        recorder.presented([stage.present(grey(number), at)], at)
        told += [notice.text for notice in recorder.tick(at)]
    return told


def test_what_was_presented_is_recorded_in_a_folder_that_is_made_for_it(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    recorder = Recorder(config(tmp_path))
    assert play(recorder, stage, range(25)) == []
    assert recorder.finish(2.5) == []
    path = tmp_path / "out" / "show.mp4"
    assert numbers_of(path) == list(range(25))
    assert recorder.figures() == {
        "path": str(path), "seconds": 2.5, "frames": 25, "lost": 0, "bytes": path.stat().st_size,
    }  # fmt: skip


def test_a_stage_that_stalls_is_recorded_as_standing_still_while_it_does(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    recorder = Recorder(config(tmp_path))
    recorder.presented([stage.present(grey(1), 5.0)], 5.0)
    for tenths in range(20):
        recorder.tick(5.0 + tenths / 10)
    recorder.presented([stage.present(grey(50), 7.0)], 7.0)
    recorder.finish(7.0)
    assert numbers_of(tmp_path / "out" / "show.mp4") == [1] * 20 + [50]


def test_pictures_that_were_overwritten_before_they_were_read_are_counted_and_leave_no_gap(tmp_path: Path) -> None:
    stage = Stage(tmp_path, slots=4)
    recorder = Recorder(config(tmp_path))
    recorder.presented([stage.present(grey(0), 0.0)], 0.0)
    backlog = [stage.present(grey(number), number / RATE) for number in range(1, 11)]
    recorder.presented(backlog, 1.0)
    recorder.finish(1.0)
    assert recorder.figures()["lost"] == 6
    assert [number for number in numbers_of(tmp_path / "out" / "show.mp4") if number] == [7, 8, 9, 10]
    assert times_of(tmp_path / "out" / "show.mp4")[-1] == pytest.approx(10 / RATE)


def test_a_film_begins_with_what_was_presented_while_the_recorder_was_being_started(tmp_path: Path) -> None:
    stage = Stage(tmp_path, slots=4)
    recorder = Recorder(config(tmp_path))
    recorder.presented([stage.present(grey(number), number / RATE) for number in range(10)], 1.0)
    recorder.finish(1.0)
    assert recorder.figures()["lost"] == 0
    assert set(numbers_of(tmp_path / "out" / "show.mp4")) == {6, 7, 8, 9}
    assert times_of(tmp_path / "out" / "show.mp4")[-1] == pytest.approx(9 / RATE)


def test_a_recorder_that_has_fallen_behind_catches_up_and_says_so_and_keeps_the_time(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    recorder = Recorder(config(tmp_path))
    play(recorder, stage, range(10))
    backlog = [stage.present(grey(number % 70), number / RATE) for number in range(10, 610)]
    recorder.presented(backlog, 61.0)
    told = [notice.text for notice in recorder.tick(61.0)]
    recorder.finish(61.0)
    path = tmp_path / "out" / "show.mp4"
    assert len(told) == 1
    assert "cannot keep up" in told[0]
    assert times_of(path)[-1] == pytest.approx(60.9)
    assert numbers_of(path)[-4:] == [606 % 70, 607 % 70, 608 % 70, 609 % 70]
    assert len(numbers_of(path)) < 30


def test_a_second_recorder_goes_on_beside_the_first_ones_file(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    for first in (0, 20, 40):
        recorder = Recorder(config(tmp_path))
        play(recorder, stage, range(first, first + 5))
        recorder.finish(first / RATE + 0.5)
    names = ["show.mp4", "show-2.mp4", "show-3.mp4"]
    assert [numbers_of(tmp_path / "out" / name)[0] for name in names] == [0, 20, 40]


def test_pictures_that_change_their_size_stay_in_one_file_of_even_size(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    recorder = Recorder(config(tmp_path))
    sizes = [(101, 77), (200, 150), (64, 64)]
    for number, size in enumerate(sizes):
        recorder.presented([stage.present(grey(number, size), number / RATE)], number / RATE)
    recorder.finish(0.3)
    assert [picture.shape for picture in pictures_of(tmp_path / "out" / "show.mp4")] == [(78, 102, 3)] * 3


def test_a_wanted_size_is_kept_from_the_first_picture_on(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    recorder = Recorder(config(tmp_path, size=(320, 192)))
    play(recorder, stage, range(3))
    recorder.finish(0.3)
    assert [picture.shape for picture in pictures_of(tmp_path / "out" / "show.mp4")] == [(192, 320, 3)] * 3
    assert numbers_of(tmp_path / "out" / "show.mp4") == [0, 1, 2]


def test_a_disk_that_fills_up_is_told_once_and_the_recording_goes_on_when_there_is_room(tmp_path: Path) -> None:
    room = {"bytes": 1000}
    stage = Stage(tmp_path)
    tight = RecorderConfig(tmp_path / "stage.ring", tmp_path / "show.mp4", RATE, reserve_bytes=500)
    recorder = Recorder(tight, free=lambda _: room["bytes"])
    assert play(recorder, stage, range(30)) == []
    room["bytes"] = 10
    told = play(recorder, stage, range(30, 200))
    assert len(told) == 1
    assert told[0].startswith(f"Nothing can be recorded to {tmp_path}: less than")
    room["bytes"] = 1000
    told = play(recorder, stage, range(200, 400))
    assert told == [f"The recording goes on in {tmp_path / 'show-2.mp4'}."]
    recorder.finish(40.0)
    assert len(numbers_of(tmp_path / "show.mp4")) in range(29, 41)
    again = 400 - len(numbers_of(tmp_path / "show-2.mp4"))
    assert 200 <= again <= 305  # it looks every ten seconds
    assert recorder.figures()["lost"] == 400 - len(numbers_of(tmp_path / "show.mp4")) - (400 - again)


def test_a_place_that_cannot_be_written_is_one_sentence_and_no_crash(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    (tmp_path / "out").write_text("a file where a folder should be")
    recorder = Recorder(config(tmp_path))
    told = play(recorder, stage, range(300))
    told += [notice.text for notice in recorder.finish(30.0)]
    assert len(told) == 1
    assert str(tmp_path / "out") in told[0]
    assert recorder.figures()["frames"] == 0


def test_a_folder_that_disappears_is_made_again_and_the_recording_goes_on(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    recorder = Recorder(config(tmp_path))
    play(recorder, stage, range(30))
    shutil.rmtree(tmp_path / "out")
    told = play(recorder, stage, range(30, 250))
    recorder.finish(25.0)
    assert [text.split(";")[0] for text in told] == [
        f"Nothing can be recorded to {tmp_path / 'out'}: no such file or directory",
        f"The recording goes on in {tmp_path / 'out' / 'show.mp4'}.",
    ]
    assert numbers_of(tmp_path / "out" / "show.mp4")[-1] == 249 % 78


def test_only_the_last_seconds_are_kept_and_end_as_one_file(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    recorder = Recorder(config(tmp_path, keep_seconds=10.0))
    most = 0
    for first in range(0, 500, 50):
        play(recorder, stage, range(first, first + 50))
        most = max(most, len(list((tmp_path / "out").rglob("*.mp4"))))
    assert recorder.finish(50.0) == []
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["show.mp4"]
    assert most <= 7
    numbers = numbers_of(tmp_path / "out" / "show.mp4")
    assert numbers == [number % 78 for number in range(500 - len(numbers), 500)]
    assert 90 <= len(numbers) <= 100
    times = times_of(tmp_path / "out" / "show.mp4")
    assert np.allclose(np.diff(times), 0.1, atol=1e-4)


def test_a_short_recording_of_the_last_seconds_is_kept_whole(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    recorder = Recorder(config(tmp_path, keep_seconds=600.0))
    play(recorder, stage, range(25))
    recorder.finish(2.5)
    assert numbers_of(tmp_path / "out" / "show.mp4") == list(range(25))
    assert recorder.figures()["path"] == str(tmp_path / "out" / "show.mp4")


def die(recorder: Recorder, folder: Path) -> None:
    """Leaves the disk as a kill at this moment would."""
    shutil.copytree(folder / "out", folder / "left")
    recorder.finish(0.0)
    shutil.rmtree(folder / "out")
    (folder / "left").rename(folder / "out")


def test_the_parts_of_a_recorder_that_died_are_joined_by_the_next(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    dead = Recorder(config(tmp_path, keep_seconds=20.0))
    play(dead, stage, range(60))
    die(dead, tmp_path)
    (tmp_path / "out" / "show-parts" / "part-000099.mp4").write_bytes(b"")  # killed before its first fragment
    heir = Recorder(config(tmp_path, keep_seconds=20.0))
    play(heir, stage, range(60, 77))
    assert heir.finish(7.7) == []
    numbers = numbers_of(tmp_path / "out" / "show.mp4")
    assert numbers[:40] == list(range(40))
    assert numbers[-17:] == list(range(60, 77))


def test_parts_of_different_sizes_become_files_of_their_own(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    small, large = (Recorder(config(tmp_path, keep_seconds=20.0, size=size)) for size in (SIZE, (320, 192)))
    play(small, stage, range(20))
    die(small, tmp_path)
    play(large, stage, range(20))
    large.finish(2.0)
    sizes = {path.name: pictures_of(path)[0].shape[1] for path in (tmp_path / "out").glob("*.mp4")}
    assert sizes == {"show.mp4": 160, "show-2.mp4": 320}
