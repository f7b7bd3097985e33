"""Chapters of a recording: the cues that were fired, with their times, kept beside the parts until these are joined."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from installation.outputs.part_notes import add_note, read_notes

if TYPE_CHECKING:
    import av.container.core

FILE = "chapters.jsonl"
TIME_BASE = Fraction(1, 1000)


@dataclass(frozen=True)
class Chapter:
    """A chapter begins at a time: seconds of `clock.now` of the performance, or of a film."""

    name: str
    at: float


def add_chapter(folder: Path, chapter: Chapter) -> None:
    """Append a chapter, in one piece. Raises OSError."""
    add_note(folder / FILE, {"name": chapter.name, "at": round(chapter.at, 3)})


def read_chapters(folder: Path) -> list[Chapter]:
    """The chapters of a folder of parts, in order. Raises OSError."""
    return [Chapter(str(note["name"]), note["at"]) for note in read_notes(folder / FILE) if "name" in note]


def film_chapters(chapters: Iterable[Chapter], spans: Iterable[tuple[float, float, float]]) -> list[Chapter]:
    """The chapters of a film, by its own time. One that began before the film begins with it.

    Args:
        chapters: by the time of the performance, in order.
        spans: of the film: begin and end by the time of the performance, begin by that of the film.
    """
    found: list[Chapter] = []
    listed = list(chapters)
    for begin, end, at in spans:
        before = [chapter for chapter in listed if chapter.at <= begin]
        if before and not found:
            found.append(Chapter(before[-1].name, at))
        found += [Chapter(each.name, at + each.at - begin) for each in listed if begin < each.at < end]
    return [each for number, each in enumerate(found) if not number or each.name != found[number - 1].name]


def av_chapters(chapters: list[Chapter], seconds: float) -> list[av.container.core.Chapter]:
    """The same for FFmpeg; each ends where the next one begins, the last one with the film of so many seconds."""
    ends = [*(each.at for each in chapters[1:]), seconds][: len(chapters)]
    return [
        {
            "id": number,
            "start": round(chapter.at / TIME_BASE),
            "end": round(end / TIME_BASE),
            "time_base": TIME_BASE,
            "metadata": {"title": chapter.name},
        }
        for number, (chapter, end) in enumerate(zip(chapters, ends, strict=True))
    ]
