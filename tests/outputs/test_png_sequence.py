"""PNG sequences: time comes in, files on a real disk."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from installation.core.errors import ShowError
from installation.outputs.interface import FrameFormat
from installation.outputs.png_sequence import STATE, STATE_SECONDS, PngSequence, PngSettings, check, claim
from tests.outputs.pictures import noise

RATE = 10


def opened(folder: Path, room: int = 1000) -> PngSequence:
    made = PngSequence(PngSettings(folder / "wall", RATE, 500), free=lambda _: room)
    made.open(FrameFormat(0, 0, RATE))
    return made


def play(sequence: PngSequence, numbers: range) -> None:
    for number in numbers:
        sequence.write(noise(number), 5.0 + number / RATE)
        sequence.tick(5.0 + number / RATE)


def read(folder: Path, number: int) -> list[list[list[int]]]:
    with Image.open(folder / "wall" / f"{number:07d}.png") as picture:
        found: list[list[list[int]]] = np.asarray(picture).tolist()
        return found


def test_every_picture_is_written_without_loss_and_one_that_stands_is_linked(tmp_path: Path) -> None:
    sequence = opened(tmp_path)
    play(sequence, range(5))
    sequence.tick(6.75)
    sequence.write(noise(9), 6.8)
    sequence.close(6.8)
    assert len(list((tmp_path / "wall").glob("*.png"))) == 19
    shown = [0, 1, 2, 3, *[4] * 14, 9]
    assert all(read(tmp_path, number) == noise(shown[number]).tolist() for number in (0, 3, 4, 17, 18))
    assert (tmp_path / "wall" / "0000004.png").stat().st_nlink == 14
    assert sequence.figures().frames == 19


def test_a_successor_goes_on_with_the_number_that_the_time_says(tmp_path: Path) -> None:
    play(opened(tmp_path), range(10))  # killed: the last picture is not written yet
    successor = opened(tmp_path)
    play(successor, range(15, 20))
    successor.close(7.0)
    assert sorted(int(each.stem) for each in (tmp_path / "wall").glob("*.png")) == list(range(20))
    assert read(tmp_path, 12) == noise(15).tolist()
    assert read(tmp_path, 19) == noise(19).tolist()


@pytest.mark.parametrize("content", ["", '{"start": 5.', "[]", '{"start": NaN}', '{"start": null}', "\xff"])
def test_a_damaged_note_of_the_beginning_is_told_and_written_anew(tmp_path: Path, content: str) -> None:
    play(opened(tmp_path), range(5))  # killed: the last picture is not written yet
    (tmp_path / "wall" / "sequence.json").write_text(content, encoding="latin-1")
    successor = opened(tmp_path)
    assert [notice.partition(" is damaged")[2] for notice in successor.notices()] == [
        ": the sequence begins anew with 0000004.png."
    ]
    successor.missed(6.9)
    play(successor, range(20, 23))
    assert opened(tmp_path).notices() == []
    successor.close(8.0)
    assert [read(tmp_path, number) for number in (3, 5, 7)] == [noise(number).tolist() for number in (3, 20, 22)]
    assert sorted(path.suffix for path in (tmp_path / "wall").iterdir()) == [".json", *[".png"] * 8]


def test_a_full_disk_is_reported_once(tmp_path: Path) -> None:
    sequence = opened(tmp_path, room=10)
    play(sequence, range(50))
    assert [notice.partition(": less")[0] for notice in sequence.notices()] == [f"Cannot write to {tmp_path / 'wall'}"]
    assert sequence.figures().files == ()


def test_a_folder_that_exists_is_left_alone(tmp_path: Path) -> None:
    wanted = PngSettings(tmp_path / "a" / "wall")
    assert [claim(wanted).settings.path.name for _ in range(2)] == ["wall", "wall-2"]
    with pytest.raises(ShowError, match="it goes from"):
        check(PngSettings(tmp_path, rate=0.0))


def test_the_note_says_how_large_the_sequence_is_with_what_killed_processes_have_written(tmp_path: Path) -> None:
    killed = opened(tmp_path)
    play(killed, range(10))
    killed.tick(5.0 + STATE_SECONDS + 1.0)
    successor = opened(tmp_path)
    successor.write(noise(77), 80.0)
    successor.close(80.0)
    sizes = {path.stat().st_ino: path.stat().st_size for path in (tmp_path / "wall").glob("*.png")}
    assert json.loads((tmp_path / "wall" / STATE).read_text())["bytes"] == sum(sizes.values())
