"""Write the journal: every message of a performance with its time, as JSON Lines, without ever blocking main.

The first line of each file is a header. Times (`t`) are seconds since the first message.
"""

from __future__ import annotations

import dataclasses
import threading
from bisect import bisect_right
from collections import deque
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from itertools import accumulate
from pathlib import Path
from typing import BinaryIO

from installation.core.errors import ShowError
from installation.core.messages import (
    Array,
    Bundle,
    Changed,
    Direction,
    MessageRejected,
    Notice,
    Prompt,
    SetParam,
    SpeechRejected,
    Transcription,
    Trigger,
    Value,
)
from installation.journal.codec import JournalGap, Message, RendererStarted, encode, to_line

VERSION = 3  # version 2 had other names for some messages, and `source` for `origin`
OLD_FILES = 3  # kept beside the current one
MAX_PENDING_LINES = 10_000  # between main and the disk
WRITE_SECONDS = 0.25  # between two writes
RETRY_SECONDS = 10.0  # after a failed write
CLOSE_SECONDS = 2.0
WORDLESS_WORKERS = ("recorder", "journal")  # whose notices never quote a prompt


class Journal:
    """Takes messages from main and writes them in a thread of its own."""

    def __init__(
        self,
        path: Path,
        words: bool = True,
        max_megabytes: float = 64.0,
        metadata: Mapping[str, object] | None = None,
    ) -> None:
        """Create the file and start the thread.

        Args:
            path: The current file. Older ones are kept as `path.1` (the newest of them) to `path.3`.
            words: False leaves out what people said, and keeps only its length.
            max_megabytes: The size of one file.
            metadata: Written into the header as JSON: the show's name, its seed, its settings.

        Raises:
            ShowError: the file cannot be created.
        """
        self.words = words
        header = {
            "is": "journal",
            "version": VERSION,
            "began": datetime.now(UTC).isoformat(),
            "words": words,
            "about": dict(metadata or {}),
        }
        try:
            self._files = RotatingFiles(path, int(max_megabytes * 1e6), header)
        except OSError as error:
            raise ShowError(f"the journal cannot be written to {path}: {error.strerror}.") from None
        self._start: float | None = None
        self._latest = 0.0
        self._pending: deque[bytes] = deque()
        self._dropped = 0
        self._notices: deque[Notice] = deque(maxlen=4)
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
        self._thread.start()

    def write(self, message: Message, now: float) -> None:
        """Take a message; `now` in seconds of `clock.now`. Never blocks.

        If too many lines wait for the disk, messages are dropped, and a `JournalGap` is written in their place.

        Raises:
            TypeError: the message contains something that has no place in a journal.
        """
        if self._start is None:
            self._start = now
        characters = 0
        if not self.words:
            message, characters = redact(message)
        self._latest = round(now - self._start, 6)
        line = {"t": self._latest, **encode(message), **({"characters": characters} if characters else {})}
        if len(self._pending) >= MAX_PENDING_LINES:
            self._dropped += 1
            return
        self._write_gap()
        self._pending.append(to_line(line))

    def renderer_started(
        self, latents: tuple[Array, Array] | None, now: float, direction: Direction | None = None
    ) -> None:
        """Write that a renderer is started with these latents and this Direction."""
        self.write(RendererStarted(latents, direction), now)

    def notices(self) -> list[Notice]:
        """Return what the operator should know since the last call."""
        return [self._notices.popleft() for _ in range(len(self._notices))]

    def close(self) -> None:
        """Write the pending lines, for at most two seconds."""
        self._write_gap()
        self._closing.set()
        self._thread.join(CLOSE_SECONDS)

    def _write_gap(self) -> None:
        if self._dropped:
            self._pending.append(to_line({"t": self._latest, **encode(JournalGap(self._dropped))}))
            self._dropped = 0

    # -- the thread -------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        failed = closing = False
        lines: list[bytes] = []
        while not closing:
            closing = self._closing.wait(RETRY_SECONDS if failed else WRITE_SECONDS)
            lines = lines or [self._pending.popleft() for _ in range(len(self._pending))]
            try:
                self._files.write(lines)
            except OSError as error:
                if not failed:
                    self._notify(f"The journal cannot be written ({error.strerror}); the show goes on without it.")
                failed = True
                continue
            lines = []
            if failed:
                self._notify("The journal is being written again.")
            failed = False
        self._files.close()

    def _notify(self, text: str) -> None:
        self._notices.append(Notice("journal", text))


class RotatingFiles:
    """Appends lines to `path`. When it is full it becomes `path.1`, the file before it `path.2`, and so on."""

    def __init__(self, path: Path, max_bytes: int, header: Mapping[str, object]) -> None:
        """Create the file. A file that is there already is rotated, never overwritten. Raises OSError."""
        self.path = path
        self._max_bytes = max_bytes
        self._header = header
        self._part = 0
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists():
            self._shift()
        self._file: BinaryIO | None = self._open()

    def write(self, lines: list[bytes]) -> None:
        """Append whole lines, and remove those that are written from the list. Raises OSError."""
        while lines:
            if self._file is None:
                self._file = self._open()
            room = self._max_bytes - self._size
            count = bisect_right(list(accumulate(map(len, lines))), room)
            if count == 0 and self._size > self._header_size:
                self._rotate()
                continue
            self._append(b"".join(lines[: max(count, 1)]))
            del lines[: max(count, 1)]

    def close(self) -> None:
        """Close the current file."""
        if self._file is not None:
            self._file.close()

    def _open(self) -> BinaryIO:
        """Create a file with its header. Raises OSError, and leaves no file then."""
        file = self.path.open("xb", buffering=0)
        self._file, self._size = file, 0
        try:
            self._append(to_line({**self._header, "part": self._part + 1}))
        except OSError:
            file.close()
            self._file = None
            self.path.unlink()
            raise
        self._part += 1
        self._header_size = self._size
        return file

    def _append(self, data: bytes) -> None:
        """Write all of the data or, with an OSError, none of it."""
        assert self._file is not None
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[self._file.write(rest) :]
        except OSError:
            self._file.truncate(self._size)
            self._file.seek(self._size)
            raise
        self._size += len(data)

    def _rotate(self) -> None:
        assert self._file is not None
        self._file.close()
        self._file = None
        self._shift()

    def _shift(self) -> None:
        for number in range(OLD_FILES, 0, -1):
            older = old_path(self.path, number - 1)
            if older.exists():
                older.replace(old_path(self.path, number))


def old_path(path: Path, number: int) -> Path:
    """Return the path of a file that was rotated this many times."""
    return path.with_name(f"{path.name}.{number}") if number else path


# -- without words ---------------------------------------------------------------------------------------------------


def redact(message: Message) -> tuple[Message, int]:
    """Remove what people said from a message. Returns the message and the number of characters removed."""
    match message:
        case Prompt(text=text):
            return dataclasses.replace(message, text="", caption=""), len(text)
        case Transcription(text=text) | SpeechRejected(text=text):
            return dataclasses.replace(message, text=""), len(text)
        case Changed(value=str(text)):
            return dataclasses.replace(message, value=""), len(text)
        case MessageRejected(reason=text):
            return dataclasses.replace(message, reason=""), len(text)
        case Notice(worker=worker, text=text) if worker not in WORDLESS_WORKERS:
            return dataclasses.replace(message, text=""), len(text)
        case SetParam() | Trigger():
            return _redact_command(message)
        case Bundle(messages=messages):
            pairs = [_redact_command(each) for each in messages]
            return Bundle(tuple(each for each, _ in pairs)), sum(characters for _, characters in pairs)
        case Direction():
            return _redact_direction(message)
        case RendererStarted(direction=Direction() as direction):
            redacted, characters = _redact_direction(direction)
            return dataclasses.replace(message, direction=redacted), characters
    return message, 0


def _redact_command(message: SetParam | Trigger) -> tuple[SetParam | Trigger, int]:
    match message:
        case SetParam(value=str(text)):
            return dataclasses.replace(message, value=""), len(text)
        case Trigger(args=args):
            redacted = tuple("" if isinstance(value, str) else value for value in args)
            return dataclasses.replace(message, args=redacted), _characters(args)
    return message, 0


def _redact_direction(direction: Direction) -> tuple[Direction, int]:
    prompts = tuple(dataclasses.replace(prompt, text="", caption="") for prompt in direction.prompts)
    params = {name: "" if isinstance(value, str) else value for name, value in direction.params.items()}
    characters = sum(len(prompt.text) for prompt in direction.prompts) + _characters(direction.params.values())
    return dataclasses.replace(direction, prompts=prompts, params=params), characters


def _characters(values: Iterable[Value]) -> int:
    return sum(len(value) for value in values if isinstance(value, str))
