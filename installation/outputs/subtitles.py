"""Subtitles of a recording, in a SubRip file (.srt) beside it: what was said, and when."""

from __future__ import annotations

from pathlib import Path

MIN_SECONDS = 1.0  # that a subtitle stays


class SubtitleFile:
    """Writes each sentence when it is complete, so that the file is whole whenever the show ends."""

    def __init__(self, recording: Path, began: float) -> None:
        """`began`: the time of the recording's first frame, seconds of `clock.now`."""
        self.path = recording.with_suffix(".srt")
        self._began, self._count, self._end = began, 0, 0.0

    def add(self, text: str, began: float, ended: float) -> None:
        """Append a sentence that was spoken between two times, seconds of `clock.now`. Raises OSError."""
        start = max(began - self._began, self._end)  # two voices at once follow each other
        self._end = max(ended - self._began, start + MIN_SECONDS)
        self._count += 1
        block = f"{self._count}\n{timestamp(start)} --> {timestamp(self._end)}\n{text}\n\n"
        with self.path.open("w" if self._count == 1 else "a", encoding="utf-8") as file:
            file.write(block)


def timestamp(seconds: float) -> str:
    """Format a time as SubRip does: hours:minutes:seconds,milliseconds."""
    milliseconds = round(max(seconds, 0.0) * 1000)
    minutes, rest = divmod(milliseconds, 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest // 1000:02},{rest % 1000:03}"
