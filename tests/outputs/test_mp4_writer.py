"""One file: its colours, its timing, and what is left when its writer is killed or its disk refuses."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import av
import numpy as np
import pytest

from installation.outputs.mp4_writer import Mp4Writer
from tests.outputs.pictures import SIZE, gradients, grey, noise, numbers_of, pictures_of, times_of

COLOURS = [(255, 0, 0), (0, 200, 40), (20, 30, 220), (250, 180, 60), (128, 128, 128), (255, 255, 255)]


@pytest.mark.parametrize("colour", COLOURS)
def test_colours_come_back_as_they_were(tmp_path: Path, colour: tuple[int, int, int]) -> None:
    writer = Mp4Writer(tmp_path / "a.mp4", SIZE, 30)
    writer.show(np.full((SIZE[1], SIZE[0], 3), colour, np.uint8))
    writer.write(3)
    writer.close()
    pictures = np.stack(pictures_of(tmp_path / "a.mp4")).astype(int)
    assert len(pictures) == 3
    assert np.abs(pictures - np.array(colour)).max() <= 3


def test_a_file_says_that_its_colours_are_bt709(tmp_path: Path) -> None:
    writer = Mp4Writer(tmp_path / "a.mp4", SIZE, 30)
    writer.show(grey(1))
    writer.write(1)
    writer.close()
    with av.open(str(tmp_path / "a.mp4")) as file:
        frame = next(file.decode(video=0))
        context = file.streams.video[0].codec_context
        tags = (frame.colorspace, frame.color_range, frame.color_primaries, frame.color_trc)
        assert (*tags, context.pix_fmt, context.name) == (1, 1, 1, 1, "yuv420p", "h264")


def test_soft_gradients_stay_soft(tmp_path: Path) -> None:
    size = (640, 360)
    originals = [gradients(i / 30, size) for i in range(10)]
    writer = Mp4Writer(tmp_path / "a.mp4", size, 30)
    for picture in originals:
        writer.show(picture)
        writer.write(1)
    writer.close()
    for original, picture in zip(originals, pictures_of(tmp_path / "a.mp4"), strict=True):
        assert np.abs(original.astype(int) - picture).mean() < 1.5


def test_the_rate_is_constant_and_what_is_passed_over_keeps_its_time(tmp_path: Path) -> None:
    writer = Mp4Writer(tmp_path / "a.mp4", SIZE, 25)
    writer.show(grey(1))
    writer.write(3)
    writer.skip(10)
    writer.show(grey(70))
    writer.write(2)
    writer.close()
    assert times_of(tmp_path / "a.mp4") == pytest.approx([0.0, 0.04, 0.08, 0.52, 0.56])
    assert numbers_of(tmp_path / "a.mp4") == [1, 1, 1, 70, 70]


def test_a_picture_of_another_size_is_fitted_in_undistorted(tmp_path: Path) -> None:
    writer = Mp4Writer(tmp_path / "a.mp4", SIZE, 30)
    writer.show(np.full((300, 300, 3), 255, np.uint8))
    writer.write(1)
    writer.close()
    (picture,) = pictures_of(tmp_path / "a.mp4")
    bright = np.flatnonzero(picture[48, :, 0] > 128)
    assert (bright[0], bright[-1] + 1) == (32, 128)
    assert picture[0, 80, 0] > 240


def test_an_existing_file_is_never_touched(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_text("dear")
    with pytest.raises(FileExistsError):
        Mp4Writer(tmp_path / "a.mp4", SIZE, 30)
    assert (tmp_path / "a.mp4").read_text() == "dear"


def test_an_abandoned_writer_plays_up_to_its_last_whole_fragment(tmp_path: Path) -> None:
    writer = Mp4Writer(tmp_path / "a.mp4", SIZE, 10)
    for number in range(35):
        writer.show(grey(number))
        writer.write(1)
    writer.abandon()
    assert writer.frames == 33
    assert numbers_of(tmp_path / "a.mp4") == list(range(33))


KILLED = """
import os, signal, sys
from pathlib import Path
from installation.outputs.mp4_writer import Mp4Writer
from tests.outputs.pictures import noise
writer = Mp4Writer(Path(sys.argv[1]), (160, 96), 10)
for number in range(int(sys.argv[2])):
    writer.show(noise(number))
    writer.write(1)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is POSIX's")
def test_a_file_whose_writer_was_killed_plays_up_to_the_last_quarter_of_a_second(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path / "a.mp4"), "48"], check=False, timeout=60)
    assert done.returncode == -9
    pictures = pictures_of(tmp_path / "a.mp4")
    assert len(pictures) >= 45
    assert np.corrcoef(pictures[-1][..., 1].ravel(), noise(len(pictures) - 1)[..., 1].ravel())[0, 1] > 0.8
