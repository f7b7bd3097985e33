"""Joins the parts of a recording without encoding them again."""

from __future__ import annotations

import contextlib
import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeGuard

import av
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.packet import Packet
from av.stream import Stream
from av.video.stream import VideoStream

from installation.core.paths import create_free
from installation.outputs import chapters, subtitles
from installation.outputs.chapters import Chapter, av_chapters, film_chapters, read_chapters
from installation.outputs.recording_parts import FILE_SECONDS, Part, RecordingParts, delete_parts
from installation.outputs.subtitles import film_subtitles, read_subtitles, write_subtitles

MAX_GAP_SECONDS = 10.0  # between two parts of one file, in which its picture stands; after a longer one another begins
MAX_EMPTY_BYTES = 10_000  # of a part whose recorder was killed before it wrote a picture
UNFINISHED = "joining"  # with the ending of the film


@dataclass(frozen=True)
class _Piece:
    """What is taken of a part."""

    part: Part
    seconds: float  # length of the part
    skip: float  # seconds left out at its start
    configuration: bytes  # of the decoder
    sound: bool

    @property
    def end(self) -> float:
        return self.part.start + self.seconds


def join_parts(recording: RecordingParts) -> list[Path]:
    """Join the parts into as few files as possible, and delete them.

    A new file begins where the size of the picture changes, after a gap of ten seconds, and after four hours.

    Returns:
        The files, named path, path-2, path-3 ...

    Raises:
        OSError: the disk refuses. What is not joined yet remains as parts.
    """
    joined = []
    cues, spoken = read_chapters(recording.folder), read_subtitles(recording.folder)
    for group in _groups(_kept(recording)):
        joined.append(_join(group, recording, cues))
        write_subtitles(joined[-1], film_subtitles(spoken, _spans(group)))
        delete_parts([piece.part for piece in group])
    left = recording.parts()  # those before what is kept, and those that hold no picture
    delete_parts([part for part in left if _piece(part) or part.path.stat().st_size < MAX_EMPTY_BYTES])
    if not recording.parts():
        for notes in (recording.folder / chapters.FILE, recording.folder / subtitles.FILE):
            if notes.is_file():
                notes.unlink()
    return joined


def _kept(recording: RecordingParts) -> list[_Piece]:
    pieces = [piece for part in recording.parts() if (piece := _piece(part))]
    if recording.keep_seconds is None or not pieces:
        return pieces
    kept: list[_Piece] = []
    left = recording.keep_seconds
    for piece in reversed(pieces):
        if left > 0:
            kept.insert(
                0, _Piece(piece.part, piece.seconds, max(0.0, piece.seconds - left), piece.configuration, piece.sound)
            )
        left -= piece.seconds
    return kept


def _piece(part: Part) -> _Piece | None:
    with _opened(part.path) as file:
        if file is None:
            return None
        video = file.streams.video[0]  # the sound may be a little longer
        seconds = float((video.duration or 0) * (video.time_base or 0)) or (file.duration or 0) / av.time_base
        return _Piece(part, seconds, 0.0, video.codec_context.extradata or b"", bool(file.streams.audio))


def _groups(pieces: list[_Piece]) -> Iterator[list[_Piece]]:
    """The pieces that become one file each."""
    group: list[_Piece] = []
    for piece in pieces:
        if group and not _belong_together(group, piece):
            yield group
            group = []
        group.append(piece)
    if group:
        yield group


def _belong_together(group: list[_Piece], piece: _Piece) -> bool:
    last = group[-1]
    return (
        (piece.configuration, piece.sound) == (last.configuration, last.sound)
        and piece.part.start - last.end < MAX_GAP_SECONDS
        and sum(each.seconds for each in group) + piece.seconds <= FILE_SECONDS
    )


def _join(group: list[_Piece], recording: RecordingParts, cues: list[Chapter]) -> Path:
    """Make one file of the pieces; a single one that needs no change is only renamed. Raises OSError."""
    only = group[0]
    own = film_chapters(cues, _spans(group))
    if len(group) == 1 and not only.skip and not own and not _is_fragmented(only.part.path):
        return only.part.path.replace(create_free(recording.path))
    unfinished = recording.folder / f"{UNFINISHED}{recording.path.suffix}"
    try:
        _remux(group, unfinished, own)
        return unfinished.replace(create_free(recording.path))
    finally:
        unfinished.unlink(missing_ok=True)


def _spans(group: list[_Piece]) -> Iterator[tuple[float, float, float]]:
    """Where the pieces are in their film; see `film_chapters`."""
    at, before = 0.0, group[0].part.start + group[0].skip
    for piece in group:
        begin = piece.part.start + piece.skip
        at += max(0.0, begin - before)
        yield begin, piece.end, at
        at, before = at + piece.seconds - piece.skip, piece.end


def _is_fragmented(path: Path) -> bool:
    """Whether an MP4 still consists of fragments, because its writer did not close it."""
    with path.open("rb") as file:
        while len(header := file.read(8)) == 8:
            size, kind = struct.unpack(">I4s", header)
            if kind == b"moof":
                return True
            if size == 1:  # the size follows in 64 bits
                file.seek(struct.unpack(">Q", file.read(8))[0] - 16, 1)
            elif size < 8:
                return False
            else:
                file.seek(size - 8, 1)
    return False


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[InputContainer | None]:
    """A part; None if it holds no picture, because its recorder was killed at once."""
    try:
        part = av.open(str(path))
    except av.InvalidDataError:
        yield None
        return
    with part:
        yield part if part.streams.video else None


def _remux(pieces: list[_Piece], path: Path, cues: list[Chapter]) -> None:
    """Copy the packets of the pieces into one file, each at its place in time."""
    with path.open("wb") as file, av.open(file, "w", format=path.suffix.removeprefix(".")) as joined:
        joined.set_chapters(av_chapters(cues, sum(piece.seconds - piece.skip for piece in pieces)))
        stream: VideoStream | None = None
        sound: _Sound | None = None
        end = 0  # of what is copied, in the stream's units
        for number, piece in enumerate(pieces):
            gap = max(0.0, piece.part.start - pieces[number - 1].end) if number else 0.0
            with _opened(piece.part.path) as source:
                if source is None:
                    continue
                template = source.streams.video[0]
                if stream is None:
                    stream = joined.add_stream_from_template(template)
                    sound = _Sound(joined, source.streams.audio[0]) if source.streams.audio else None
                frame = 1.0 / float(template.average_rate or 30)
                begin = end + math.floor(gap / frame + 0.5) * round(frame / float(template.time_base or 1))
                for packet in _packets(source, piece.skip, begin, sound):
                    if isinstance(packet.stream, VideoStream):
                        end = (packet.pts or 0) + (packet.duration or 0)
                        packet.stream = stream
                    joined.mux(packet)


class _Sound:
    """The sound of a joined film."""

    def __init__(self, joined: OutputContainer, template: AudioStream) -> None:
        self._stream = joined.add_stream_from_template(template)
        self._end: float | None = None  # of what is copied, seconds

    def shifted(self, packet: Packet[AudioStream], seconds: float) -> Packet[AudioStream] | None:
        """A packet moved by so many seconds; None if another one is there, or it is before the film."""
        if packet.pts is None or not packet.time_base:
            return None
        at, length = float(packet.pts * packet.time_base) + seconds, float((packet.duration or 0) * packet.time_base)
        if at < (-0.1 if self._end is None else self._end - length / 2):  # an encoder begins before 0
            return None
        self._end = at + length
        packet.pts = packet.dts = round(at / float(packet.time_base))
        packet.stream = self._stream
        return packet


def _packets(
    source: InputContainer, skip: float, begin: int, sound: _Sound | None
) -> Iterator[Packet[VideoStream] | Packet[AudioStream]]:
    """Packets from the first keyframe at or after `skip` (s), with timestamps shifted to begin at `begin`.

    Packets of sound already belong to the joined film; those that come before that keyframe are held back until then.
    """
    shift: int | None = None
    early: list[Packet[AudioStream]] = []
    for packet in _whole_packets(source):
        if packet.pts is None or packet.dts is None or packet.is_corrupt:
            continue
        if isinstance(packet.stream, AudioStream):
            early.append(packet)
        elif shift is None:
            if not packet.is_keyframe or float(packet.pts * packet.time_base) < skip - 1e-3:
                continue
            shift = begin - packet.pts
        if shift is None:
            continue
        seconds = float(shift * (source.streams.video[0].time_base or 0))
        for held in early:
            if sound and (moved := sound.shifted(held, seconds)):
                yield moved
        early = []
        if isinstance(packet.stream, VideoStream):
            packet.pts, packet.dts = packet.pts + shift, packet.dts + shift
            yield packet


def _whole_packets(source: InputContainer) -> Iterator[Packet[VideoStream] | Packet[AudioStream]]:
    """The packets up to where a kill has torn the file."""
    with contextlib.suppress(av.InvalidDataError):
        for packet in source.demux([*source.streams.video[:1], *source.streams.audio[:1]]):
            if _is_video(packet) or _is_sound(packet):
                yield packet


def _is_video(packet: Packet[Stream]) -> TypeGuard[Packet[VideoStream]]:
    return isinstance(packet.stream, VideoStream)


def _is_sound(packet: Packet[Stream]) -> TypeGuard[Packet[AudioStream]]:
    return isinstance(packet.stream, AudioStream)
