"""Frames shared through a memory-mapped file: torn, overwritten, damaged, and continued by another writer."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from installation.core.frame_ring import HEADER_BYTES, FrameInfo, FrameRing


def picture(number: int, height: int = 4, width: int = 6) -> NDArray[np.uint8]:
    return np.random.default_rng(number).integers(0, 256, (height, width, 3), dtype=np.uint8)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    FrameRing(tmp_path / "ring", 3, 8 * 8 * 3).close()
    return tmp_path / "ring"


def test_a_frame_and_its_header_are_read_through_another_mapping(path: Path) -> None:
    writer, reader = FrameRing(path), FrameRing(path)
    slot, info = writer.write(picture(1), take=3, prompt_id=7, show_at=12.25)
    assert reader.info(slot) == info == FrameInfo(1, 3, 7, 12.25, 6, 4, info.crc)
    frame = reader.read(slot, 1)
    assert frame is not None
    np.testing.assert_array_equal(frame, picture(1))


def test_a_frame_that_was_read_is_a_copy(path: Path) -> None:
    ring = FrameRing(path)
    slot, _ = ring.write(picture(1))
    frame = ring.read(slot, 1)
    for number in range(2, 8):
        ring.write(picture(number))
    assert frame is not None
    np.testing.assert_array_equal(frame, picture(1))


def test_a_frame_that_was_overwritten_is_not_read(path: Path) -> None:
    ring = FrameRing(path)
    written = [ring.write(picture(number)) for number in range(5)]
    readable = [ring.read(slot, info.sequence) is not None for slot, info in written]
    assert readable == [False, False, True, True, True]


def test_frames_may_have_any_size_that_fits_a_slot(path: Path) -> None:
    ring = FrameRing(path)
    for height, width in ((8, 8), (1, 64), (5, 3), (8, 8)):
        slot, info = ring.write(picture(1, height, width))
        frame = ring.read(slot, info.sequence)
        assert frame is not None
        np.testing.assert_array_equal(frame, picture(1, height, width))


def test_a_frame_that_is_too_large_is_refused_and_leaves_the_ring_unchanged(path: Path) -> None:
    ring = FrameRing(path)
    slot, _ = ring.write(picture(1))
    with pytest.raises(ValueError, match="a frame of 9 x 8 does not fit"):
        ring.write(picture(2, 8, 9))
    assert ring.newest() == (slot, ring.info(slot))


def test_a_frame_whose_pixels_changed_fails_the_crc_check(path: Path) -> None:
    ring = FrameRing(path)
    slot, _ = ring.write(picture(1))
    ring.pixels(slot, 4, 6)[3, 5, 2] ^= 1
    assert ring.read(slot, 1) is None
    assert ring.read(slot, 1, check=False) is not None


def test_a_slot_that_was_left_half_written_is_torn(path: Path) -> None:
    ring = FrameRing(path)
    for number in range(3):
        ring.write(picture(number))
    with pytest.raises(ValueError):
        ring.write(np.zeros((4, 4, 2), np.uint8))  # fails after the slot was marked, as a kill would
    reader = FrameRing(path)
    assert [reader.info(slot) is None for slot in range(3)] == [False, True, False]
    assert reader.read(1, 1) is None
    newest = reader.newest()
    assert newest is not None
    assert newest[1].sequence == 3


def test_the_newest_frame_is_found_from_the_headers(path: Path) -> None:
    ring = FrameRing(path)
    assert FrameRing(path).newest() is None
    for number in range(7):
        written = ring.write(picture(number))
        assert FrameRing(path).newest() == written


def test_a_second_writer_continues_the_sequence(path: Path) -> None:
    first = FrameRing(path)
    for number in range(5):
        first.write(picture(number))
    second = FrameRing(path)
    slot, info = second.write(picture(9))
    assert info.sequence == 6
    assert FrameRing(path).newest() == (slot, info)


WRITER = """
import sys
from pathlib import Path
import numpy as np
from installation.core.frame_ring import FrameRing
ring = FrameRing(Path(sys.argv[1]))
print("ready", flush=True)
for number in range(20_000):
    ring.write(np.full((8, 8, 3), number % 251, np.uint8))
"""


def test_a_reader_never_sees_a_mixed_frame_while_another_process_writes(path: Path) -> None:
    reader = FrameRing(path)
    process = subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    seen = 0
    try:
        while process.poll() is None:
            newest = reader.newest()
            frame = reader.read(newest[0], newest[1].sequence) if newest else None
            if frame is not None and newest is not None:
                seen += 1
                assert (frame == (newest[1].sequence - 1) % 251).all()
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
    assert seen > 0


@pytest.mark.parametrize("content", [b"x", b"LTRN", b"JUNK" + bytes(1000), b"LTRN\x63\x00" + bytes(1000)])
def test_a_file_that_is_not_a_ring_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "ring").write_bytes(content)
    with pytest.raises(ValueError, match="is not a frame ring of version 1"):
        FrameRing(tmp_path / "ring")


def test_a_truncated_or_missing_file_is_refused(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: HEADER_BYTES + 100])
    with pytest.raises(ValueError, match="is not a frame ring"):
        FrameRing(path)
    with pytest.raises(FileNotFoundError):
        FrameRing(path.with_name("nowhere"))


def test_a_header_with_more_pixels_than_a_slot_holds_is_ignored(path: Path) -> None:
    ring = FrameRing(path)
    slot, _ = ring.write(picture(1))
    data = bytearray(path.read_bytes())
    offset = HEADER_BYTES + slot * (HEADER_BYTES + ring.max_bytes)
    data[offset + 32 : offset + 36] = b"\xff\xff\xff\xff"  # width and height
    path.write_bytes(data)
    damaged = FrameRing(path)
    assert damaged.info(slot) is None
    assert damaged.read(slot, 1) is None


def test_a_view_stays_valid_after_closing(path: Path) -> None:
    ring = FrameRing(path)
    slot, _ = ring.write(picture(1))
    view = ring.pixels(slot, 4, 6)
    ring.close()
    np.testing.assert_array_equal(view, picture(1))
