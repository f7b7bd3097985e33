"""The journal: every message of a performance with its time, as JSON Lines; written without ever holding up main.

The first line of each file is a header. `t` is in seconds since the first message.
"""

from __future__ import annotations

import dataclasses
import threading
from bisect import bisect_right
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate
from pathlib import Path
from typing import Any, BinaryIO

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
from installation.journal.codec import encode, register, to_line

VERSION = 2
OLD_FILES = 3
MAX_WAITING = 10_000  # lines between main and the disk
WRITE_SECONDS = 0.25
RETRY_SECONDS = 10.0
CLOSE_SECONDS = 2.0
WORDLESS = ("recorder", "journal")  # whose notices never quote anybody


@register
@dataclass(frozen=True)
class RendererStarted:
    """A renderer was started, for the first time or again, at these latents and with this Direction applied first."""

    latents: tuple[Array, Array] | None
    direction: Direction | None = None


@register
@dataclass(frozen=True)
class JournalGap:
    """So many messages are missing here: the disk was full, or too slow."""

    dropped: int


@register
@dataclass(frozen=True)
class StageCommand:
    """What the stage was told, whoever asked for it: a replay moves it by the same hand."""

    message: SetParam | Trigger


class Journal:
    """Takes messages from main and writes them in a thread of its own."""

    def __init__(
        self,
        path: Path,
        words: bool = True,
        max_megabytes: float = 64.0,
        metadata: Mapping[str, Any] | None = None,
    ) -> None:
        """`max_megabytes`: of each file; three old ones are kept as path.1 (the newest of them) to path.3.

        Without `words`, what visitors said is left out and only its length is kept. `metadata` goes into the header:
        the show's name, its seed, its settings, as plain JSON. Raises ShowError if the file cannot be made.
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
        self._began: float | None = None
        self._latest = 0.0
        self._waiting: deque[bytes] = deque()
        self._missing = 0
        self._notices: deque[Notice] = deque(maxlen=4)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
        self._thread.start()

    def write(self, message: Any, now: float) -> None:
        """Takes a message; `now` in seconds of clock.now. Raises TypeError or ValueError for what is no message.

        Never waits: when too much is waiting for the disk, messages are dropped, and a Gap is written in their place.
        """
        if self._began is None:
            self._began = now
        said = 0
        if not self.words:
            message, said = hushed(message)
        self._latest = round(now - self._began, 6)
        line = {"t": self._latest, **encode(message), **({"characters": said} if said else {})}
        if len(self._waiting) >= MAX_WAITING:
            self._missing += 1
            return
        self._tell_gap()
        self._waiting.append(to_line(line))

    def renderer_started(
        self, latents: tuple[Array, Array] | None, now: float, direction: Direction | None = None
    ) -> None:
        """A renderer is started, with these latents and this Direction in its config."""
        self.write(RendererStarted(latents, direction), now)

    def notices(self) -> list[Notice]:
        """What the operator should know since the last call."""
        return [self._notices.popleft() for _ in range(len(self._notices))]

    def close(self) -> None:
        """Writes what waits, for two seconds at most."""
        self._tell_gap()
        self._over.set()
        self._thread.join(CLOSE_SECONDS)

    def _tell_gap(self) -> None:
        if self._missing:
            self._waiting.append(to_line({"t": self._latest, **encode(JournalGap(self._missing))}))
            self._missing = 0

    # -- the thread -------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        broken = over = False
        lines: list[bytes] = []
        while not over:
            over = self._over.wait(RETRY_SECONDS if broken else WRITE_SECONDS)
            lines = lines or [self._waiting.popleft() for _ in range(len(self._waiting))]
            try:
                self._files.write(lines)
            except OSError as error:
                if not broken:
                    self._tell(f"The journal cannot be written ({error.strerror}); the show goes on without it.")
                broken = True
                continue
            lines = []
            if broken:
                self._tell("The journal is written again.")
            broken = False
        self._files.close()

    def _tell(self, text: str) -> None:
        self._notices.append(Notice("journal", text))


class RotatingFiles:
    """The files of a journal: lines are appended to `path`; when it is full it becomes path.1, and so on to path.3."""

    def __init__(self, path: Path, max_bytes: int, header: Mapping[str, Any]) -> None:
        """An older journal at that path is moved on as well, never written over. Raises OSError."""
        self.path = path
        self._max_bytes = max_bytes
        self._header = header
        self._part = 0
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists():
            self._shift()
        self._file: BinaryIO | None = self._open()

    def write(self, lines: list[bytes]) -> None:
        """Appends whole lines; takes those that it has written out of the list. Raises OSError."""
        while lines:
            if self._file is None:
                self._file = self._open()
            room = self._max_bytes - self._size
            count = bisect_right(list(accumulate(map(len, lines))), room)
            if count == 0 and self._size > self._empty:
                self._rotate()
                continue
            self._append(b"".join(lines[: max(count, 1)]))
            del lines[: max(count, 1)]

    def close(self) -> None:
        if self._file is not None:
            self._file.close()

    def _open(self) -> BinaryIO:
        """A new file with its header. Raises OSError, and leaves no file then."""
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
        self._empty = self._size
        return file

    def _append(self, data: bytes) -> None:
        """All of the data or, with an OSError, none of it."""
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
    """The path of the journal's file before the last `number` rotations."""
    return path.with_name(f"{path.name}.{number}") if number else path


def hushed(message: Any) -> tuple[Any, int]:
    """The message without what somebody said, and how many characters that was."""
    match message:
        case Prompt(text=text):
            return dataclasses.replace(message, text="", caption=""), len(text)
        case Transcription(text=text) | SpeechRejected(text=text):
            return dataclasses.replace(message, text=""), len(text)
        case Direction(prompts=prompts, params=params):
            pairs = [hushed(prompt) for prompt in prompts]
            quiet = {name: "" if isinstance(value, str) else value for name, value in params.items()}
            said = sum(length for _, length in pairs) + _length(params.values())
            return dataclasses.replace(message, prompts=tuple(prompt for prompt, _ in pairs), params=quiet), said
        case SetParam(value=str(text)) | Changed(value=str(text)):
            return dataclasses.replace(message, value=""), len(text)
        case Trigger(args=args):
            quiet_args = tuple("" if isinstance(value, str) else value for value in args)
            return dataclasses.replace(message, args=quiet_args), _length(args)
        case Bundle(messages=messages):
            both = [hushed(each) for each in messages]
            return Bundle(tuple(each for each, _ in both)), sum(length for _, length in both)
        case RendererStarted(direction=Direction() as direction):
            quiet_direction, said = hushed(direction)
            return dataclasses.replace(message, direction=quiet_direction), said
        case Notice(worker=worker, text=text) if worker not in WORDLESS:
            return dataclasses.replace(message, text=""), len(text)
        case MessageRejected(reason=text):
            return dataclasses.replace(message, reason=""), len(text)
    return message, 0


def _length(values: Iterable[Value]) -> int:
    return sum(len(value) for value in values if isinstance(value, str))
