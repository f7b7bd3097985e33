"""Subtitles beside recordings."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from installation.outputs.part_notes import MAX_BYTES, add_note, prune_notes, read_notes
from installation.outputs.subtitles import (
    Subtitle,
    add_subtitle,
    film_subtitles,
    read_subtitles,
    timestamp,
    write_subtitles,
)


def test_sentences_are_read_in_the_order_of_their_voices_each_once(tmp_path: Path) -> None:
    late, early = Subtitle("Öl", 7.5, 8.0), Subtitle("A red sun", 5.0, 6.25)
    for each in (late, early, late):  # a new recorder is told the latest ones again
        add_subtitle(tmp_path, each)
    with (tmp_path / "subtitles.jsonl").open("a") as file:
        file.write('{"at": 9.0, "text": 3}\n{"at": 10.0, "te')  # torn by a kill
    assert read_subtitles(tmp_path) == [early, late]
    assert read_subtitles(tmp_path / "elsewhere") == []


def test_a_film_has_the_sentences_that_begin_in_it_and_the_rest_of_one_that_it_begins_in() -> None:
    spoken = [
        Subtitle("before", 1.0, 9.0),
        Subtitle("cut", 9.5, 12.0),
        Subtitle("first", 13.0, 14.0),
        Subtitle("while the picture stood", 21.0, 22.0),
        Subtitle("second", 26.0, 27.0),
        Subtitle("after", 30.0, 31.0),
    ]
    spans = [(10.0, 20.0, 0.0), (25.0, 30.0, 15.0)]
    assert film_subtitles(spoken, spans) == [
        Subtitle("cut", 0.0, 2.0),
        Subtitle("first", 3.0, 4.0),
        Subtitle("while the picture stood", 11.0, 12.0),
        Subtitle("second", 16.0, 17.0),
    ]


def test_a_film_without_words_has_no_file_and_no_file_is_overwritten(tmp_path: Path) -> None:
    write_subtitles(tmp_path / "evening.mp4", [])
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "evening.srt").write_text("another one's")
    write_subtitles(tmp_path / "evening.mp4", [Subtitle("A red sun", 1.5, 3.25), Subtitle("Öl", 3.0, 3.1)])
    assert (tmp_path / "evening-2.srt").read_text(encoding="utf-8") == (
        "1\n00:00:01,500 --> 00:00:03,250\nA red sun\n\n2\n00:00:03,250 --> 00:00:04,250\nÖl\n"
    )


@pytest.mark.parametrize(
    ("seconds", "text"), [(-1.0, "00:00:00,000"), (59.9996, "00:01:00,000"), (36_061.007, "10:01:01,007")]
)
def test_times_are_written_as_subrip_does(seconds: float, text: str) -> None:
    assert timestamp(seconds) == text


def test_old_notes_of_a_long_file_are_deleted_except_the_last_one(tmp_path: Path) -> None:
    path = tmp_path / "chapters.jsonl"
    prune_notes(path, 5.0)
    add_note(path, {"at": 0.0, "name": "x"})
    add_note(path, {"at": 1.0, "name": "y"})
    prune_notes(path, 5.0)
    assert len(read_notes(path)) == 2  # as long as it is short
    path.write_text("".join(json.dumps({"at": float(at), "name": "x" * 100}) + "\n" for at in range(1000)))
    prune_notes(path, 900.5)
    assert [note["at"] for note in read_notes(path)] == [float(at) for at in range(900, 1000)]
    assert [each.name for each in tmp_path.iterdir()] == ["chapters.jsonl"]


def test_a_file_that_cannot_be_ours_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "chapters.jsonl"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    assert read_notes(path) == []
