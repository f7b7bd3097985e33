"""The recorder: what the audience sees as MP4 files, in bounded memory.

The recorder survives a full or removed disk: it reports it, keeps what was written, and continues in another file.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from installation.core.errors import ShowError
from installation.core.os_support import free_bytes
from installation.core.ring_folder import SOUND_RING
from installation.core.sound_ring import SOUND_RATE, SoundReader
from installation.core.worker_status import OutputFigures
from installation.outputs.chapters import Chapter, add_chapter
from installation.outputs.film_sound import FilmSound
from installation.outputs.frame_timing import FrameTiming
from installation.outputs.interface import FrameFormat, OutputClaim, OutputSpec, Picture
from installation.outputs.recording_parts import RecordingParts, claim_recording
from installation.outputs.subtitles import Subtitle, add_subtitle

if TYPE_CHECKING:
    from installation.outputs.mp4_writer import Mp4Writer

CATCH_UP_SECONDS = 1.0  # a longer gap is skipped instead of being filled with repeated frames
RETRY_SECONDS = 10.0  # between two attempts to write on a disk that refused
SETTLED_SECONDS = 5.0  # of recording after a failure, before the operator is told that it works again
SILENT_SECONDS = 30.0  # without sound, until the operator is told
LOST_NOTICE_SECONDS = 30.0  # between two notices about lost frames


FilmCodec = Literal["h264", "prores", "dnxhr"]
ENDINGS: dict[FilmCodec, str] = {"h264": ".mp4", "prores": ".mov", "dnxhr": ".mov"}


@dataclass(frozen=True)
class RecorderSettings:
    """What is recorded where."""

    path: Path  # of the film: .mp4, or .mov for prores and dnxhr; if it exists, it becomes name-2, name-3 ...
    keep_seconds: float | None = None  # keep only the last of it; None: all
    reserve_bytes: int = 100_000_000  # of the disk, left free for the journal and everybody else
    sound: bool = False  # that of the show's microphone
    seconds: float | None = None  # of the film; what comes later is left out
    codec: FilmCodec = "h264"  # prores and dnxhr are for editing: larger, and every frame is a key frame


class Recorder:
    """An output sink that writes MP4 files at a constant rate. All times are seconds of `clock.now`."""

    every_frame = True

    def __init__(self, settings: RecorderSettings, free: Callable[[Path], int] = free_bytes) -> None:
        """`free` returns the free bytes of a folder's disk."""
        self._settings = settings
        self._free = free
        self._parts = RecordingParts(settings.path, settings.keep_seconds)
        self._files: tuple[str, ...] = ()
        self._picture: Picture | None = None  # of the frames to come
        self._encoded = False  # whether the writer has that picture
        self._writer: Mp4Writer | None = None
        self._chapter = ""  # the latest
        self._sound: FilmSound | None = None
        self._silence_reported = False
        self._part_start = 0.0  # when the first picture of the present part was presented
        self._retry_at = 0.0
        self._failed = False  # the operator has been told of a failure, and not yet of its end
        self._notices: list[str] = []
        self._closed_frames = self._closed_bytes = 0
        self._missed = self._lost_to_disk = self._missed_reported = 0
        self._notice_at = self._check_at = 0.0

    # -- the sink -------------------------------------------------------------------------------------------------

    def open(self, frames: FrameFormat) -> None:
        """Prepare a recording, and load the encoder; its first part is created with the first frame.

        Frames that are missed after the first one are lost, and loading FFmpeg from a cold disk takes seconds.
        """
        from installation.outputs.encoders import first_working
        from installation.outputs.mp4_writer import CODECS, Mp4Writer

        codec = CODECS[self._settings.codec]
        first_working(codec.encoders)  # looking for a graphics card takes a second
        self._new_writer = partial(Mp4Writer, codec=codec, sound_rate=SOUND_RATE if self._settings.sound else 0)
        if self._settings.sound and frames.shared:
            self._reader = SoundReader(frames.shared / SOUND_RING)
            self._sound = FilmSound(self._reader)
        self._format = frames
        self._timing = FrameTiming(frames.rate)
        self._frames_per_file = max(1, round(self._parts.seconds * frames.rate))

    def write(self, frame: Picture, at: float) -> None:
        """Record a frame from `at` on. Frames that fall into the same frame of the file replace each other."""
        first = self._timing.first_frame(at)
        if self._picture is None:
            self._picture = frame  # stands for what was presented while the recorder was starting
        self._write_until(first, at)
        self._picture, self._encoded = frame, False

    def missed(self, at: float) -> None:
        """Count a frame that is not there. The recording begins with the first frame, even with a missed one."""
        self._timing.first_frame(at)
        self._missed += self._picture is not None  # before, the recorder was still starting

    def mark(self, name: str, at: float) -> None:
        """Begin a chapter: a cue was fired."""
        if name == self._chapter:
            return  # told again to the successor of a recorder that was killed
        self._chapter = name
        try:
            self._parts.folder.mkdir(parents=True, exist_ok=True)
            add_chapter(self._parts.folder, Chapter(name, at))
        except OSError as error:
            self._notices.append(f"The chapter '{name}' is not in the recording: {error.strerror}.")

    def say(self, text: str, began: float, ended: float) -> None:
        """Keep a sentence for the subtitles."""
        try:
            self._parts.folder.mkdir(parents=True, exist_ok=True)
            add_subtitle(self._parts.folder, Subtitle(text, began, ended))
        except OSError as error:
            self._notices.append(f"The subtitle '{text}' is not beside the recording: {error.strerror}.")

    def tick(self, now: float) -> None:
        """Repeat the picture where the stage stalls, and watch the disk."""
        self._write_until(self._timing.settled(now), now)
        self._write_sound(now)
        if now >= self._check_at:
            self._check_at = now + 1.0
            self._check_disk(now)
            self._report_missed(now)
            self._report_silence()

    def notices(self) -> list[str]:
        """Take out the sentences for the operator."""
        notices, self._notices = self._notices, []
        return notices

    def figures(self) -> OutputFigures:
        """The file, and the totals of all files of this recorder."""
        frames = self._written()
        return OutputFigures(
            kind="recorder",
            target=str(self._settings.path),
            frames=frames,
            seconds=round(frames / self._format.rate, 2),
            lost=self._missed + self._lost_to_disk,
            bytes=self._closed_bytes + (self._writer.bytes if self._writer else 0),
            files=self._files,
        )

    def close(self, now: float) -> None:
        """Write the last picture, and join the parts, with those that killed recorders have left."""
        if self._picture is not None:
            self._write_until(self._timing.written + 1, now)
        self._finish_file(now)
        self._join()

    # -- frames ---------------------------------------------------------------------------------------------------

    def _written(self) -> int:
        return self._closed_frames + (self._writer.frames if self._writer else 0)

    def _write_until(self, frame: int, now: float) -> None:
        """Fill the file with the present picture up to `frame`, not included."""
        if self._settings.seconds is not None:
            frame = min(frame, round(self._settings.seconds * self._format.rate))
        count = self._timing.advance(frame)
        if self._picture is None or not count:
            return
        skipped = max(0, count - round(CATCH_UP_SECONDS * self._format.rate))
        last = min(skipped, 1)  # frame of a gap: it is written, so that a film that ends there has its length
        before = self._written()
        try:
            self._write_frames(self._picture, count - skipped - last, now, self._timing.written - count)
            if self._writer is not None:
                self._writer.skip(skipped)
                self._write_frames(self._picture, last, now, self._timing.written - last)
        except OSError as error:
            self._fail(error, now)
        self._lost_to_disk += count - (self._written() - before)

    def _write_frames(self, picture: Picture, count: int, now: float, number: int) -> None:
        """Write a picture `count` times. `number`: of the first of these frames, since the recorder's first picture."""
        while count > 0:
            if self._writer is not None and self._writer.frames >= self._frames_per_file:
                self._finish_file(now)
            if self._writer is None and now >= self._retry_at:
                self._open_file(picture, (self._timing.start or 0.0) + number * self._timing.period)
            if self._writer is None:
                return
            if not self._encoded:
                self._writer.show(picture)
                self._encoded = True
            part = min(count, max(1, self._frames_per_file - self._writer.frames))
            self._writer.write(part)
            count, number = count - part, number + part

    def _write_sound(self, now: float, final: bool = False) -> None:
        """Write the sound of the pictures that are written, as far as it has come."""
        if self._sound is None or self._writer is None:
            return
        try:
            self._writer.add_sound(
                self._sound.until(self._part_start + self._writer.frames * self._timing.period, final)
            )
        except OSError as error:
            self._fail(error, now)

    # -- files ----------------------------------------------------------------------------------------------------

    def _open_file(self, picture: Picture, start: float) -> None:
        path = self._parts.next_path(start)
        path.parent.mkdir(parents=True, exist_ok=True)
        self._check_room(path.parent)
        height, width = (self._format.height, self._format.width) if self._format.width else picture.shape[:2]
        self._writer = self._new_writer(path, (width + width % 2, height + height % 2), self._format.rate)
        self._encoded = False
        self._part_start = start
        if self._sound:
            self._sound.begin(start)

    def _finish_file(self, now: float) -> None:
        self._write_sound(now, final=True)
        if self._writer is None:
            return
        try:
            self._writer.close()
            self._add_up(self._writer)
            self._parts.delete_old(now)
        except OSError as error:
            self._fail(error, now)

    def _add_up(self, writer: Mp4Writer) -> None:
        self._closed_frames += writer.frames
        self._closed_bytes += writer.bytes
        self._writer = None

    def _join(self) -> None:
        from installation.outputs.joining import join_parts

        try:
            files = join_parts(self._parts)
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            self._notices.append(
                f"The parts in {self._parts.folder} could not be joined: {reason}. They play as they are."
            )
            files = [part.path for part in self._parts.parts()]
        self._parts.remove_folder()
        self._files = tuple(map(str, files))
        with contextlib.suppress(OSError):  # already removed: then its size does not matter
            self._closed_bytes = sum(path.stat().st_size for path in files)

    # -- the disk -------------------------------------------------------------------------------------------------

    def _fail(self, error: OSError, now: float) -> None:
        """Keep what is written and try another file later."""
        if self._writer is not None:
            self._writer.abandon()
            self._add_up(self._writer)
        self._retry_at = now + RETRY_SECONDS
        if not self._failed:
            self._failed = True
            reason = (error.strerror or str(error)).lower()
            folder = self._settings.path.parent
            self._notices.append(f"Cannot record to {folder}: {reason}. The show goes on; recording is retried.")

    def _check_disk(self, now: float) -> None:
        if self._writer is None:
            return
        if self._failed and self._writer.frames >= SETTLED_SECONDS * self._format.rate:
            self._failed = False
            self._notices.append(f"Recording again, to {self._settings.path}.")
        try:
            self._check_room(self._writer.path.parent)
        except OSError as error:
            self._finish_file(now)
            self._fail(error, now)

    def _check_room(self, folder: Path) -> None:
        if self._free(folder) < self._settings.reserve_bytes:
            raise OSError(0, f"less than {self._settings.reserve_bytes / 1e6:.0f} MB are free")

    def _report_silence(self) -> None:
        """Say once that there is no sound, after some seconds, which a microphone takes to be opened."""
        silent = self._sound and not self._reader.found and not self._silence_reported
        if silent and self._timing.written > SILENT_SECONDS * self._format.rate:
            self._silence_reported = True
            self._notices.append("The recording has no sound: this show has no microphone; start it with --mic.")

    def _report_missed(self, now: float) -> None:
        missed = self._missed - self._missed_reported
        if missed >= self._format.rate and now >= self._notice_at:
            self._notice_at = now + LOST_NOTICE_SECONDS
            self._missed_reported = self._missed
            self._notices.append(f"The recorder cannot keep up: {missed} frames are lost. The show goes on.")


def claim(settings: RecorderSettings) -> OutputClaim:
    """Claim a name for the recording; see `OutputSpec.claim`. The recorder itself reports a disk that refuses."""
    try:
        found = claim_recording(settings.path, settings.keep_seconds)
    except OSError:
        return OutputClaim(settings, lambda: None, lambda: _unfinished(settings))
    settings = replace(settings, path=found.path)
    notice = f"Another show is recording to {found.taken}; this one records to {found.path}." if found.taken else ""
    return OutputClaim(settings, found.release, lambda: _unfinished(settings), notice)


def _unfinished(settings: RecorderSettings) -> str:
    parts = RecordingParts(settings.path, settings.keep_seconds)
    left = f"The parts of {parts.path} are in {parts.folder}; they play, and the next show joins them."
    return left if parts.parts() else ""


def codec_of(path: Path, wanted: FilmCodec) -> FilmCodec:
    """The codec of a film with that ending: the one that is wanted, if it fits."""
    if ENDINGS[wanted] == path.suffix.lower():
        return wanted
    return "prores" if path.suffix.lower() == ".mov" else "h264"


def check(settings: RecorderSettings) -> None:
    """Raise ShowError for an ending that does not fit the codec."""
    ending = ENDINGS[settings.codec]
    if settings.path.suffix.lower() != ending:
        raise ShowError(f"A recording in {settings.codec} is a {ending} file: {settings.path.with_suffix(ending)}.")


SPEC = OutputSpec("recorder", "a film of what the audience sees", RecorderSettings, Recorder, claim, check)
