"""A recording of which only the last minutes are kept: short segments in a folder, joined at the end."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import av
from av.container import InputContainer
from av.packet import Packet
from av.video.stream import VideoStream

from installation.core.paths import free_path

SEGMENT_SECONDS = 60.0  # at most


class RollingSegments:
    """The segments of a recording; each is an MP4 that plays by itself."""

    def __init__(self, path: Path, keep_seconds: float) -> None:
        """`path` is the file that they become; until then they lie in a folder beside it."""
        self.path = path
        self.folder = path.with_name(f"{path.stem}-parts")
        self.keep_seconds = keep_seconds
        self.seconds = min(SEGMENT_SECONDS, keep_seconds / 5)

    def paths(self) -> list[Path]:
        """The segments on disk, in order."""
        return sorted(self.folder.glob("part-*.mp4"))

    def next_path(self) -> Path:
        """The path of the next segment; numbering continues after those of a killed recorder."""
        last = self.paths()[-1:]
        number = int(last[0].stem.split("-")[1]) + 1 if last else 1
        return self.folder / f"part-{number:06d}.mp4"

    def delete_old(self) -> None:
        """Delete segments that lie entirely before the last `keep_seconds`."""
        needed = math.ceil(self.keep_seconds / self.seconds)
        for path in self.paths()[:-needed]:
            path.unlink(missing_ok=True)

    def join(self) -> list[Path]:
        """Join the last `keep_seconds` into one file (several where the frame size changed) without re-encoding.

        Returns the files; the segments are deleted. Raises OSError if the disk refuses; the segments remain then.
        """
        joined: list[Path] = []
        for _, group in groupby(self._kept(), key=lambda segment: segment[0]):
            path = free_path(self.path)
            try:
                _remux([(segment, start) for _, segment, start in group], path)
            except OSError:
                path.unlink(missing_ok=True)
                raise
            joined.append(path)
        for path in self.paths():
            path.unlink(missing_ok=True)
        with contextlib.suppress(OSError):  # the folder holds something else too
            self.folder.rmdir()
        return joined

    def _kept(self) -> list[tuple[bytes, Path, float]]:
        """The segments to join: decoder configuration, path, and the second to start at."""
        left = self.keep_seconds
        kept: list[tuple[bytes, Path, float]] = []
        for path in reversed(self.paths()):
            with _opened(path) as segment:
                if segment is None or left <= 0:
                    continue
                seconds = (segment.duration or 0) / av.time_base
                extradata = segment.streams.video[0].codec_context.extradata or b""
                kept.insert(0, (extradata, path, max(0.0, seconds - left)))
                left -= seconds
        return kept


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[InputContainer | None]:
    """A segment; None if it holds no picture, because its recorder was killed at once."""
    try:
        segment = av.open(str(path))
    except av.InvalidDataError:
        yield None
        return
    with segment:
        yield segment if segment.streams.video else None


def _remux(segments: list[tuple[Path, float]], path: Path) -> None:
    """Copy the packets of the segments, each from the first keyframe after its start (s), into one file."""
    with path.open("x+b") as file, av.open(file, "w", format="mp4") as joined:
        stream: VideoStream | None = None
        end = 0
        for source, start in segments:
            with _opened(source) as segment:
                if segment is None:
                    continue
                stream = stream or joined.add_stream_from_template(segment.streams.video[0])
                for packet in _packets(segment, start, end):
                    end = (packet.pts or 0) + (packet.duration or 0)
                    packet.stream = stream
                    joined.mux(packet)


def _packets(segment: InputContainer, start: float, begin_at: int) -> Iterator[Packet[VideoStream]]:
    """Packets from the first keyframe at or after `start` (s), with timestamps shifted to begin at `begin_at`."""
    shift: int | None = None
    for packet in segment.demux(segment.streams.video[0]):
        if packet.pts is None or packet.dts is None or packet.is_corrupt:
            continue
        if shift is None:
            if not packet.is_keyframe or float(packet.pts * packet.time_base) < start - 1e-3:
                continue
            shift = begin_at - packet.pts
        packet.pts, packet.dts = packet.pts + shift, packet.dts + shift
        yield packet
