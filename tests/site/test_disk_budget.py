"""The disk budget, on real files."""

from __future__ import annotations

import os
from pathlib import Path

from installation.site.disk_budget import PRESENT_SECONDS, Place, keep_budget

NOW = 2_000_000_000.0


def make(path: Path, age: float, size: int = 1000) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x" * size)
    os.utime(path, (NOW - age, NOW - age))
    return path


def test_the_oldest_files_of_all_kinds_go_first_and_the_present_ones_stay(tmp_path: Path) -> None:
    days = 86_400.0
    recording = make(tmp_path / "recordings" / "poem-20330101-100000.mp4", 5 * days)
    still = make(tmp_path / "recordings" / "poem-20330102-100000-123.png", 4 * days)
    journal = make(tmp_path / "journals" / "evening-20330103T100000000000Z.jsonl.1", 3 * days)
    log = make(tmp_path / "logs" / "laterna.jsonl.3", 2 * days)
    night = make(tmp_path / "logs" / "selftest-20330104-050000.png", 1.5 * days)
    resume = make(tmp_path / "logs" / "resume-poem.json", 9 * days)
    present = make(tmp_path / "recordings" / "poem-20330518-033000.mp4", PRESENT_SECONDS / 2, 5000)
    own = [Place(tmp_path / name) for name in ("recordings", "logs", "recordings")]
    folders = [*own, Place(tmp_path / "journals", "evening")]
    assert keep_budget(folders, 10_000, NOW) == []
    assert [each.path for each in keep_budget(folders, 8500, NOW)] == [recording, still]
    assert [each.path for each in keep_budget(folders, 100, NOW)] == [journal, log, night]
    assert (present.exists(), resume.exists()) == (True, True)


def test_what_laterna_did_not_name_is_not_touched(tmp_path: Path) -> None:
    names = ("holiday.mp4", "laterna.jsonl", "thesis-20330101.pdf", "poem-20330101-100000-parts/part-000001.mp4")
    own = [make(tmp_path / name, 1e6) for name in names]
    (tmp_path / "link-20330101-100000.mp4").symlink_to(own[0])
    assert keep_budget([Place(tmp_path)], 0, NOW) == []
    assert all(path.exists() for path in own)


def test_in_a_foreign_folder_only_the_files_of_the_given_name_count(tmp_path: Path) -> None:
    photograph = make(tmp_path / "Screenshot-20330101-120000.png", 1e6)
    other = make(tmp_path / "morning-20330103T100000000000Z.jsonl", 1e6)
    journal = make(tmp_path / "evening-20330103T100000000000Z.jsonl", 1e6)
    assert [each.path for each in keep_budget([Place(tmp_path, "evening")], 0, NOW)] == [journal]
    assert photograph.exists()
    assert other.exists()


def test_a_file_with_a_time_stamp_but_another_ending_is_nobodys(tmp_path: Path) -> None:
    photograph = make(tmp_path / "IMG-20330101-120000.jpg", 1e6)
    assert keep_budget([Place(tmp_path)], 0, NOW) == []
    assert photograph.exists()


def test_a_folder_that_does_not_exist_is_empty(tmp_path: Path) -> None:
    assert keep_budget([Place(tmp_path / "none")], 0, NOW) == []


def sequence(folder: Path, age: float, size: int) -> Path:
    """A PNG sequence that was noted as so large."""
    make(folder / "sequence.json", age).write_text(f'{{"start": 5.0, "rate": 25.0, "bytes": {size}}}')
    make(folder / "0000000.png", age)
    for path in (folder / "sequence.json", folder):
        os.utime(path, (NOW - age, NOW - age))
    return folder


def test_a_png_sequence_is_one_file_and_goes_as_a_whole(tmp_path: Path) -> None:
    old = sequence(tmp_path / "recordings" / "wall", 5e5, 4000)
    film = make(tmp_path / "recordings" / "poem-20330101-100000.mp4", 4e5)
    present = sequence(tmp_path / "recordings" / "wall-2", PRESENT_SECONDS / 2, 6000)
    places = [Place(tmp_path / "recordings")]
    assert keep_budget(places, 11_000, NOW) == []
    (deleted,) = keep_budget(places, 10_000, NOW)
    assert (deleted.path, deleted.bytes, old.exists(), film.exists()) == (old, 4000, False, True)
    assert [each.path for each in keep_budget(places, 0, NOW)] == [film]
    assert present.exists()


def test_of_a_folder_with_other_files_only_the_sequence_goes(tmp_path: Path) -> None:
    folder = sequence(tmp_path / "wall", 1e6, 4000)
    note = make(folder / "notes.txt", 1e6)
    os.utime(folder, (NOW - 1e6, NOW - 1e6))
    assert [each.path for each in keep_budget([Place(tmp_path, "wall")], 0, NOW)] == [folder]
    assert list(folder.iterdir()) == [note]
    assert keep_budget([Place(tmp_path, "wall")], 0, NOW) == []


def test_a_folder_that_is_no_sequence_or_has_another_name_stays(tmp_path: Path) -> None:
    make(tmp_path / "holiday" / "0000000.png", 1e6)
    sequence(tmp_path / "holiday-2", 1e6, 4000)
    make(tmp_path / "wall" / "sequence.json", 1e6)
    assert keep_budget([Place(tmp_path, "wall")], 0, NOW) == []
    (tmp_path / "wall-3").symlink_to(tmp_path / "holiday-2")
    assert keep_budget([Place(tmp_path, "wall")], 0, NOW) == []
    assert len(list(tmp_path.glob("holiday*/*.png"))) == 2
