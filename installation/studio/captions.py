"""Captions of films: as an SRT file beside the film, and burnt into its pictures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from installation.core.errors import ShowError
from installation.models.interfaces import Picture
from installation.stage.text.raster import TextRaster, draw_over

# shares of the picture's height, and of its width: those of the stage
SIZE, BOTTOM, MAX_WIDTH, HALO = 0.058, 0.115, 0.74, 0.9
FADE_SECONDS = 0.5

_TIMES = re.compile(r"(\d+):(\d\d):(\d\d)[,.](\d{1,3})\s*-->\s*(\d+):(\d\d):(\d\d)[,.](\d{1,3})")


class Caption(NamedTuple):
    """Words and when they are shown, in seconds of the film."""

    start: float
    end: float
    text: str


def write_srt(path: Path, captions: Sequence[Caption]) -> None:
    """Write SubRip subtitles. Raises OSError if the file cannot be written."""
    shown = [caption for caption in captions if caption.text and caption.end > caption.start]
    blocks = (
        f"{number}\n{timecode(start)} --> {timecode(end)}\n{text}\n"
        for number, (start, end, text) in enumerate(shown, 1)
    )
    path.write_text("\n".join(blocks), encoding="utf-8")


def timecode(seconds: float) -> str:
    """Seconds as SubRip writes them: 01:02:03,456."""
    milliseconds = round(max(seconds, 0.0) * 1000)
    minutes, rest = divmod(milliseconds, 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{rest // 1000:02},{rest % 1000:03}"


def read_srt(path: Path) -> list[Caption]:
    """Read SubRip subtitles.

    Raises:
        ShowError: The file cannot be read, or is not a file of subtitles.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise ShowError(f"The subtitles {path} cannot be read: {reason}.") from None
    captions = []
    for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n")):
        rows = block.strip().splitlines()
        match = next((found for row in rows[:2] if (found := _TIMES.search(row))), None)
        if match:
            h1, m1, s1, ms1, h2, m2, s2, ms2 = (int(part) for part in match.groups())
            words = " ".join(row for row in rows if not _TIMES.search(row) and not row.strip().isdigit())
            captions.append(Caption(_seconds(h1, m1, s1, ms1), _seconds(h2, m2, s2, ms2), words))
    if not captions:
        raise ShowError(f"{path} holds no subtitles: a number, then 00:00:01,000 --> 00:00:04,000, then the words.")
    return captions


def _seconds(hours: int, minutes: int, seconds: int, milliseconds: int) -> float:
    return hours * 3600 + minutes * 60 + seconds + milliseconds / 1000


class BurntCaptions:
    """Draws captions into the pictures of a film, where and as the stage shows them."""

    def __init__(self, captions: Sequence[Caption]) -> None:
        self._captions = captions
        self._text = TextRaster()

    def draw(self, picture: Picture, t: float) -> Picture:
        """Return the picture with the caption of time `t`; the picture itself if there is none."""
        caption = next((each for each in self._captions if each.start <= t < each.end), None)
        if caption is None or not caption.text:
            return picture
        height, width = picture.shape[:2]
        block = self._text.block(caption.text, max(8, round(SIZE * height)), round(MAX_WIDTH * width), halo=HALO)
        fade = min(FADE_SECONDS, (caption.end - caption.start) / 2)
        opacity = min(1.0, (t - caption.start) / fade, (caption.end - t) / fade)
        drawn = picture.copy()
        draw_over(
            drawn, block, (width - block.shape[1]) // 2, round(height * (1 - BOTTOM)) - block.shape[0] // 2, opacity
        )
        return drawn
