"""Packets that one process writes and others read."""

from __future__ import annotations

from pathlib import Path

import pytest

from installation.core.packet_ring import PacketRing


def test_a_reader_gets_the_newest_packet_and_each_once(tmp_path: Path) -> None:
    writer = PacketRing(tmp_path / "ring", 4, 100)
    reader = PacketRing(tmp_path / "ring")
    assert reader.newest() is None
    for number in range(9):
        assert writer.write(bytes([number]) * (number + 1))
    assert reader.newest() == (9, bytes([8]) * 9)
    assert reader.newest(after=9) is None


def test_a_packet_that_is_too_large_leaves_the_one_before(tmp_path: Path) -> None:
    writer = PacketRing(tmp_path / "ring", 2, 10)
    assert writer.write(b"small")
    assert not writer.write(bytes(11))
    assert writer.newest() == (1, b"small")


def test_viewers_count_while_they_are_noted_again(tmp_path: Path) -> None:
    writer = PacketRing(tmp_path / "ring", 2, 10)
    PacketRing(tmp_path / "ring").note_viewers(3, 100.0)
    assert (writer.viewers(101.0), writer.viewers(103.0)) == (3, 0)


def test_a_reader_of_a_replaced_ring_notices_it(tmp_path: Path) -> None:
    PacketRing(tmp_path / "ring", 2, 10)
    reader = PacketRing(tmp_path / "ring")
    assert not reader.lost
    PacketRing(tmp_path / "ring", 2, 10)
    assert reader.lost


def test_another_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "ring").write_bytes(bytes(100))
    with pytest.raises(ValueError, match="is not a ring of packets"):
        PacketRing(tmp_path / "ring")
