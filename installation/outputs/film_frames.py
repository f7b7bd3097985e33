"""Reads the frames of a film, for the search and for enlarging."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import av
import numpy as np
from numpy.typing import NDArray

from installation.core.errors import ShowError


class FilmFormat(NamedTuple):
    """What is known about a film before its frames are read."""

    rate: float  # frames per second
    frames: int  # 0: unknown
    has_sound: bool


def film_format(path: Path) -> FilmFormat:
    """The format of a film. Raises ShowError if the file is not one."""
    try:
        with av.open(str(path)) as container:
            if not container.streams.video:
                raise ShowError(f"{path} has no pictures.")
            video = container.streams.video[0]
            return FilmFormat(float(video.average_rate or 30.0), video.frames, bool(container.streams.audio))
    except (av.FFmpegError, OSError) as error:
        raise ShowError(f"The film {path} cannot be read: {error.strerror or error}.") from None


def film_frames(path: Path, every_seconds: float) -> Iterator[tuple[float, NDArray[np.uint8]]]:
    """Yield a frame [height, width, 3] every so many seconds, with its time.

    Raises:
        ShowError: The file is not a film, or it is damaged before its first frame.
    """
    due, count = 0.0, 0
    try:
        with av.open(str(path)) as container:
            if not container.streams.video:
                raise ShowError(f"{path} has no pictures.")
            for frame in container.decode(video=0):
                at = float(frame.time or 0.0)
                if at >= due:
                    yield at, _pixels(frame)
                    due = at + every_seconds
                    count += 1
    except (av.FFmpegError, OSError) as error:
        if not count:
            raise ShowError(f"The film {path} cannot be read: {error.strerror or error}.") from None
    if not count:
        raise ShowError(f"The film {path} has no frames.")


def film_frame(path: Path, seconds: float) -> NDArray[np.uint8]:
    """The frame [height, width, 3] at a time that `film_frames` gave. Raises ShowError as it does."""
    for at, picture in film_frames(path, 0.0):
        if at >= seconds:
            return picture
    raise ShowError(f"The film {path} has no frame at {seconds:.1f} s.")


def _pixels(frame: Any) -> NDArray[np.uint8]:
    pixels: NDArray[np.uint8] = frame.to_ndarray(format="rgb24")
    return pixels
