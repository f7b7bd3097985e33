"""What waits for main. Finals are kept in order; of signs and partials only the latest."""

from __future__ import annotations

import threading
from collections.abc import Hashable
from itertools import count

from installation.core.messages import Notice, SpeechRejected, Transcription, WorkerStatus

ROOM = 512  # messages that each count; then whoever has another waits

ToMain = Transcription | SpeechRejected | WorkerStatus | Notice


class SpeechMailbox:
    """Filled by the listener's threads, emptied by the one that writes the pipe."""

    def __init__(self, room: int = ROOM) -> None:
        self._room = room
        self._waiting: dict[Hashable, ToMain] = {}
        self._order = count()
        self._changed = threading.Condition()
        self._closed = False

    def put(self, message: ToMain) -> None:
        """Takes a message. One that replaces another never waits; finals do, when main has not listened for long."""
        with self._changed:
            key = _replaces(message)
            if key is None:
                self._changed.wait_for(lambda: len(self._waiting) < self._room or self._closed)
            if isinstance(message, (Transcription, SpeechRejected)):
                self._waiting.pop(message.utterance, None)  # the partial that it is about is old news
            elif key is not None:
                self._waiting.pop(key, None)
            self._waiting[("one of all", next(self._order)) if key is None else key] = message
            self._changed.notify_all()

    def take(self) -> list[ToMain]:
        """Waits for messages and takes all, in order; an empty list when the box is closed and empty."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closed)
            taken, self._waiting = list(self._waiting.values()), {}
            self._changed.notify_all()
            return taken

    def close(self) -> None:
        """Lets everybody go who waits."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()


def _replaces(message: ToMain) -> Hashable | None:
    """What a later message of the same kind replaces; None where each one counts."""
    if isinstance(message, WorkerStatus):
        return "sign"
    return message.utterance if isinstance(message, Transcription) and not message.final else None
