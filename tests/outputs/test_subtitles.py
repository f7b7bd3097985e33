"""Subtitles beside a recording."""

from __future__ import annotations

from pathlib import Path

import pytest

from installation.outputs.subtitles import SubtitleFile, timestamp


def test_each_sentence_is_in_the_file_when_it_is_complete_with_its_time_in_the_recording(tmp_path: Path) -> None:
    subtitles = SubtitleFile(tmp_path / "evening.mp4", began=100.0)
    assert not subtitles.path.exists()
    subtitles.add("A red sun", 101.5, 103.25)
    first = "1\n00:00:01,500 --> 00:00:03,250\nA red sun\n\n"
    assert (tmp_path / "evening.srt").read_text(encoding="utf-8") == first
    subtitles.add("Öl", 103.0, 103.1)  # another voice, before the first has ended
    assert subtitles.path.read_text(encoding="utf-8") == first + "2\n00:00:03,250 --> 00:00:04,250\nÖl\n\n"


@pytest.mark.parametrize(
    ("seconds", "text"), [(-1.0, "00:00:00,000"), (59.9996, "00:01:00,000"), (36_061.007, "10:01:01,007")]
)
def test_times_are_written_as_subrip_does(seconds: float, text: str) -> None:
    assert timestamp(seconds) == text
