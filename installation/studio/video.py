"""Films that are rendered offline: MP4, GIF, WebP, or a folder of PNG files. The encoder runs beside the painter."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from queue import Queue
from types import TracebackType
from typing import Any, NamedTuple

from PIL import Image

from installation.core.errors import ShowError
from installation.core.paths import write_whole
from installation.models.interfaces import Picture

ENCODER = {"preset": "medium", "crf": "16", "x264-params": "deblock=1"}  # of a film that may take its time
PART = ".part.mp4"  # a film that is being written; it plays up to where the process was killed
QUEUED_FRAMES = 8
SUFFIXES = (".mp4", ".gif", ".webp")


class Sound(NamedTuple):
    """A sound track; None: no sound."""

    file: Path | None
    at: float = 0.0  # seconds of the film at which it begins


Encode = Callable[[Path, Iterator[Picture], float, Sound], None]


def check_target(path: Path) -> None:
    """Raise ShowError unless `path` is a film that can be written: MP4, GIF, WebP, or a folder for PNG files."""
    if path.suffix and path.suffix.lower() not in SUFFIXES:
        raise ShowError(
            f"A film is an MP4, GIF or WebP file, or a folder of PNG files: -o {path.with_suffix('.mp4')}, not {path}."
        )


class FilmWriter:
    """Writes a film in a thread of its own, at most `QUEUED_FRAMES` behind the painter. A context manager.

    When it ends early, by Ctrl-C or a full disk, the frames so far are kept as a shorter film.

    Attributes:
        frames: Frames that were handed over.
    """

    def __init__(self, path: Path, rate: float, audio: Path | None = None, audio_at: float = 0.0) -> None:
        """Prepare `path`; its suffix chooses the format. `audio` is laid under an MP4, from `audio_at` seconds on.

        Raises:
            ShowError: The format is unknown, or the sound or the folder cannot be used.
        """
        check_target(path)
        encode = _ENCODERS[path.suffix.lower()]
        if audio is not None:
            if encode is not _encode_mp4:
                raise ShowError("Only an MP4 has a sound track: use -o NAME.mp4 with --audio.")
            from installation.outputs.mp4_finish import check_sound

            check_sound(audio)
        self.frames = 0
        self._path = path
        self._queue: Queue[Picture | None] = Queue(QUEUED_FRAMES)
        self._error: BaseException | None = None
        self._ended = False  # whether the thread has taken the end of the queue
        sound = Sound(audio, audio_at)
        self._thread = threading.Thread(target=self._run, args=(encode, rate, sound), name="film", daemon=True)

    def __enter__(self) -> FilmWriter:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._queue.put(None)
        self._thread.join()
        if kind is None:
            self._check()

    def write(self, picture: Picture) -> None:
        """Append a frame [height, width, 3]; waits while the encoder is behind.

        Raises:
            ShowError: The disk is full or the file cannot be written; what was written is kept.
        """
        self._check()
        self._queue.put(picture)
        self.frames += 1

    def _check(self) -> None:
        if isinstance(self._error, OSError):
            reason = self._error.strerror or self._error
            raise ShowError(f"{self._path} cannot be written any further: {reason}{self._kept()}.")
        if self._error is not None:
            raise self._error

    def _kept(self) -> str:
        """Where the user finds what was written before an error."""
        if (part := _part_of(self._path)).exists():
            return f"; what is written is kept in {part}"
        return "; the frames so far are kept" if self._path.is_dir() else ""

    def _run(self, encode: Encode, rate: float, sound: Sound) -> None:
        try:
            encode(self._path, self._pictures(), rate, sound)
        except BaseException as error:  # noqa: BLE001 -- raised again in the painter's thread
            self._error = error
        finally:
            for _ in self._pictures():
                pass  # after an error: the painter must not wait for a dead encoder

    def _pictures(self) -> Iterator[Picture]:
        while not self._ended:
            picture = self._queue.get()
            self._ended = picture is None
            if picture is not None:
                yield picture


def _encode_mp4(path: Path, pictures: Iterator[Picture], rate: float, sound: Sound) -> None:
    from installation.outputs.mp4_finish import finish_mp4
    from installation.outputs.mp4_writer import Codec, Mp4Writer

    first = next(pictures, None)
    if first is None:
        return
    part = _part_of(path)
    part.unlink(missing_ok=True)
    height, width = (side - side % 2 for side in first.shape[:2])  # yuv420p needs even sides
    writer = Mp4Writer(part, (width, height), rate, Codec({"libx264": ENCODER}))
    try:
        writer.show(first[:height, :width])
        writer.write(1)
        for picture in pictures:
            writer.show(picture[:height, :width])
            writer.write(1)
        writer.close()
    except OSError:
        writer.abandon()
        raise
    try:
        finish_mp4(part, path, sound.file, sound.at)
    except OSError:
        path.unlink(missing_ok=True)  # half of a copy of the part
        raise
    part.unlink()


def _part_of(path: Path) -> Path:
    return path.with_name(path.stem + PART)


def _encode_png(path: Path, pictures: Iterator[Picture], rate: float, sound: Sound) -> None:
    del rate, sound
    path.mkdir(parents=True, exist_ok=True)
    for index, picture in enumerate(pictures):
        _save(path / f"{index:05}.png", Image.fromarray(picture), "PNG", compress_level=3)


def _encode_gif(path: Path, pictures: Iterator[Picture], rate: float, sound: Sound) -> None:
    del sound
    durations: list[int] = []
    images = (
        Image.fromarray(each).quantize(255, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        for each in _timed(pictures, rate, durations)
    )
    if (first := next(images, None)) is not None:
        _save(path, first, "GIF", save_all=True, append_images=images, duration=durations, loop=0)


def _timed(pictures: Iterator[Picture], rate: float, durations: list[int]) -> Iterator[Picture]:
    """Pass pictures on and append how many milliseconds each is shown: whole hundredths of a second, as in a GIF.

    The frames of 30 a second last 3, 4, 3, 3, 4 ... hundredths, so that the film keeps its length. Viewers slow down
    frames that are shorter than two.
    """
    end = 0
    for index, picture in enumerate(pictures, 1):
        begin, end = end, max(end + 2, round(index * 100 / rate))
        durations.append(10 * (end - begin))
        yield picture


def _encode_webp(path: Path, pictures: Iterator[Picture], rate: float, sound: Sound) -> None:
    del sound
    images = (Image.fromarray(each) for each in pictures)
    if (first := next(images, None)) is not None:
        _save(
            path, first, "WEBP", save_all=True, append_images=images, quality=80, method=3, duration=1000 / rate, loop=0
        )


def _save(path: Path, image: Image.Image, kind: str, **options: Any) -> None:
    """Write a whole file, or none. Raises OSError."""
    file = BytesIO()
    image.save(file, kind, **options)
    write_whole(path, file.getvalue())


_ENCODERS: dict[str, Encode] = {".mp4": _encode_mp4, ".gif": _encode_gif, ".webp": _encode_webp, "": _encode_png}
