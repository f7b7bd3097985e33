"""Only the last minutes: short parts in a folder, old ones deleted, joined at the end without encoding again."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import av
from av.container import InputContainer
from av.packet import Packet
from av.video.stream import VideoStream

from installation.outputs.config import free_path

PART_SECONDS = 60.0


class RollingSegments:
    """The parts of a recording of which only the last `keep_seconds` are wanted; each plays by itself."""

    def __init__(self, path: Path, keep_seconds: float) -> None:
        """`path`: of the file that they become; the parts lie in a folder beside it until then."""
        self.path = path
        self.folder = path.with_name(f"{path.stem}-parts")
        self.keep_seconds = keep_seconds
        self.seconds = min(PART_SECONDS, keep_seconds / 5)

    def paths(self) -> list[Path]:
        """The parts there are, in order."""
        return sorted(self.folder.glob("part-*.mp4"))

    def next_path(self) -> Path:
        """Of the next part; those of a recorder that was killed count."""
        last = self.paths()[-1:]
        number = int(last[0].stem.split("-")[1]) + 1 if last else 1
        return self.folder / f"part-{number:06d}.mp4"

    def forget_old(self) -> None:
        """Deletes the parts that are wholly too old."""
        needed = -int(-self.keep_seconds // self.seconds)
        for path in self.paths()[:-needed]:
            path.unlink(missing_ok=True)

    def join(self) -> list[Path]:
        """One file of the last `keep_seconds`, or several where the size of the picture changed; the parts are gone.

        Raises OSError when the disk refuses; the parts stay then.
        """
        joined: list[Path] = []
        parts = self._wanted()
        for _, group in groupby(parts, key=lambda part: part[0]):
            path = free_path(self.path)
            try:
                _remux([(part, start) for _, part, start in group], path)
            except OSError:
                path.unlink(missing_ok=True)
                raise
            joined.append(path)
        for path in self.paths():
            path.unlink(missing_ok=True)
        with contextlib.suppress(OSError):  # somebody keeps something else in it
            self.folder.rmdir()
        return joined

    def _wanted(self) -> list[tuple[bytes, Path, float]]:
        """The parts that hold the last `keep_seconds`: what their decoders need, path, and second to begin at."""
        left = self.keep_seconds
        wanted: list[tuple[bytes, Path, float]] = []
        for path in reversed(self.paths()):
            with _opened(path) as part:
                if part is None or left <= 0:
                    continue
                seconds = (part.duration or 0) / av.time_base
                extradata = part.streams.video[0].codec_context.extradata or b""
                wanted.insert(0, (extradata, path, max(0.0, seconds - left)))
                left -= seconds
        return wanted


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[InputContainer | None]:
    """A part; None if there is no picture in it, as its recorder was killed at once."""
    try:
        part = av.open(str(path))
    except av.InvalidDataError:
        yield None
        return
    with part:
        yield part if part.streams.video else None


def _remux(parts: list[tuple[Path, float]], path: Path) -> None:
    """Copies the packets of the parts, each from its second on (at the keyframe after it), into one file."""
    with path.open("x+b") as file, av.open(file, "w", format="mp4") as joined:
        stream: VideoStream | None = None
        end = 0
        for source, start in parts:
            with _opened(source) as part:
                if part is None:
                    continue
                stream = stream or joined.add_stream_from_template(part.streams.video[0])
                for packet in _packets(part, start, end):
                    end = (packet.pts or 0) + (packet.duration or 0)
                    packet.stream = stream
                    joined.mux(packet)


def _packets(part: InputContainer, start: float, follow: int) -> Iterator[Packet[VideoStream]]:
    """A part's packets from the first keyframe at or after `start` (s), moved so that they begin at `follow`."""
    shift: int | None = None
    for packet in part.demux(part.streams.video[0]):
        if packet.pts is None or packet.dts is None or packet.is_corrupt:
            continue
        if shift is None:
            if not packet.is_keyframe or float(packet.pts * packet.time_base) < start - 1e-3:
                continue
            shift = follow - packet.pts
        packet.pts, packet.dts = packet.pts + shift, packet.dts + shift
        yield packet
