"""Subtitles of a recording: what was said, and when, in a SubRip file (.srt) beside each of its films."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from installation.core.paths import create_free
from installation.outputs.part_notes import add_note, read_notes

FILE = "subtitles.jsonl"  # beside the parts
MIN_SECONDS = 1.0  # that a subtitle stays


@dataclass(frozen=True)
class Subtitle:
    """A sentence, and when it was spoken: seconds of `clock.now` of the performance, or of a film."""

    text: str
    began: float
    ended: float


def add_subtitle(folder: Path, subtitle: Subtitle) -> None:
    """Append a sentence to those of a folder of parts. Raises OSError."""
    add_note(folder / FILE, {"at": round(subtitle.began, 3), "end": round(subtitle.ended, 3), "text": subtitle.text})


def read_subtitles(folder: Path) -> list[Subtitle]:
    """The sentences of a folder of parts, in order, each once. Raises OSError."""
    found: dict[Subtitle, None] = {}
    for note in read_notes(folder / FILE):
        text, end = note.get("text"), note.get("end")
        if isinstance(text, str) and isinstance(end, int | float):
            found[Subtitle(text, note["at"], float(end))] = None
    return list(found)


def film_subtitles(subtitles: Iterable[Subtitle], spans: Iterable[tuple[float, float, float]]) -> list[Subtitle]:
    """The subtitles of a film, by its own time: of the sentences that begin in it, and of one that it begins in.

    Args:
        subtitles: by the time of the performance, in order.
        spans: of the film: begin and end by the time of the performance, begin by that of the film.
    """
    listed, pieces = list(subtitles), list(spans)
    found: list[Subtitle] = []
    for number, (begin, end, at) in enumerate(pieces):
        until = pieces[number + 1][0] if number + 1 < len(pieces) else end  # between two pieces the picture stands
        for each in listed:
            cut = not number and each.began < begin < each.ended
            if cut or begin <= each.began < until:
                found.append(Subtitle(each.text, at + max(each.began - begin, 0.0), at + each.ended - begin))
    return found


def write_subtitles(film: Path, subtitles: Iterable[Subtitle]) -> None:
    """Write the subtitles of a film beside it, under a name that nobody uses. Raises OSError."""
    blocks, before = [], 0.0
    for number, each in enumerate(subtitles, 1):
        start = max(each.began, before)  # two voices at once follow each other
        before = max(each.ended, start + MIN_SECONDS)
        blocks.append(f"{number}\n{timestamp(start)} --> {timestamp(before)}\n{each.text}\n")
    if blocks:
        create_free(film.with_suffix(".srt")).write_text("\n".join(blocks), encoding="utf-8")


def timestamp(seconds: float) -> str:
    """Format a time as SubRip does: hours:minutes:seconds,milliseconds."""
    milliseconds = round(max(seconds, 0.0) * 1000)
    minutes, rest = divmod(milliseconds, 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest // 1000:02},{rest % 1000:03}"
