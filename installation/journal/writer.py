"""Write the journal: every message of a performance with its time, as JSON Lines, without ever blocking main.

The first line of each file is a header, the second line of each but the first a `JournalState`. Times (`t`) are seconds
since the first message. See `frames` for the records of frames, and `files` for the names of the files.
"""

from __future__ import annotations

import dataclasses
import threading
from collections import deque
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from installation.core.errors import ShowError
from installation.core.messages import (
    Array,
    Bundle,
    Changed,
    Direction,
    FrameReady,
    MessageRejected,
    Notice,
    Prompt,
    Query,
    SetParam,
    Trigger,
    Value,
)
from installation.core.speech_messages import SpeechRejected, Transcription
from installation.journal.codec import JournalGap, Message, RendererStarted, encode, to_line
from installation.journal.files import JournalLine, RotatingFiles
from installation.journal.frames import FrameEncoder
from installation.journal.state import StateTracker

# Version 2 had other names for some messages, and `source` for `origin`. Versions 2 and 3 wrote each frame as a
# message, and no state at the beginning of a file.
VERSION = 4
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
            path: The current file. Older ones are kept as `path.1` (the newest of them) to `path.3`, those of earlier
                performances under their start times.
            words: False leaves out what people said, and keeps only its length.
            max_megabytes: The size of one file.
            metadata: Written into the header as JSON: the show's name, its seed, its settings.

        Raises:
            ShowError: the file cannot be created, or something that is not a journal is in its place.
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
            self._files = RotatingFiles(path, header)
        except OSError as error:
            raise ShowError(f"the journal cannot be written to {path}: {error.strerror}.") from None
        self._start: float | None = None
        self._latest = 0.0
        self._pending: deque[JournalLine] = deque()
        self._max_bytes = int(max_megabytes * 1e6)
        self._part_bytes = self._files.header_size  # of the file that the last pending line goes to
        self._part_lines = 0
        self._frames = FrameEncoder()
        self._state = StateTracker()
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
        if len(self._pending) < MAX_PENDING_LINES:
            self._write_gap()
            self._append(message, characters)
        else:
            self._dropped += 1
        self._state.note(message)

    def renderer_started(
        self, latents: tuple[Array, Array] | None, now: float, direction: Direction | None = None
    ) -> None:
        """Write that a renderer is started with these latents and this Direction."""
        self.write(RendererStarted(latents, direction), now)

    def note_latents(self, latents: tuple[Array, Array]) -> None:
        """Note the latents on screen, for a replay that starts with the next file."""
        self._state.latents = latents

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
            self._append(JournalGap(self._dropped))
            self._dropped = 0

    def _append(self, message: Message, characters: int = 0) -> None:
        line = self._line(message, characters)
        if self._part_lines and self._part_bytes + len(line) > self._max_bytes:
            self._begin_part()
            line = self._line(message, characters)
        self._pending.append(JournalLine(line))
        self._part_bytes += len(line)
        self._part_lines += 1

    def _line(self, message: Message, characters: int) -> bytes:
        if isinstance(message, FrameReady):
            return to_line(self._frames.encode(message, self._latest))
        return to_line({"t": self._latest, **encode(message), **({"characters": characters} if characters else {})})

    def _begin_part(self) -> None:
        """Begin a new file, which can be read without the ones before it."""
        self._frames = FrameEncoder()
        state = to_line({"t": self._latest, **encode(self._state.state)})
        self._pending.append(JournalLine(state, begins_part=True))
        self._part_bytes = self._files.header_size + len(state)
        self._part_lines = 0

    # -- the thread -------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        failed = closing = False
        lines: list[JournalLine] = []
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
            pairs = [(each, 0) if isinstance(each, Query) else _redact_command(each) for each in messages]
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
    prompts = tuple(dataclasses.replace(prompt, text="", caption="", picture="") for prompt in direction.prompts)
    params = {name: "" if isinstance(value, str) else value for name, value in direction.params.items()}
    characters = sum(len(prompt.text) for prompt in direction.prompts) + _characters(direction.params.values())
    return dataclasses.replace(direction, prompts=prompts, params=params, pictures=()), characters


def _characters(values: Iterable[Value]) -> int:
    return sum(len(value) for value in values if isinstance(value, str))
