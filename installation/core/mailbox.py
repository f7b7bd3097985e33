"""The one queue between threads: keyed, bounded, in order."""

from __future__ import annotations

import threading
from collections.abc import Hashable
from itertools import count
from typing import Generic, TypeVar

T = TypeVar("T")


class Mailbox(Generic[T]):
    """Messages from any number of threads to the one that takes them.

    A message with a key replaces the queued one with the same key and moves to the end, so that it never overtakes
    older messages. Only messages without a key count towards `limit`: a flood of fader values cannot crowd out words.
    """

    def __init__(self, limit: int, reserve: int = 0) -> None:
        """Create an empty mailbox.

        Args:
            limit: total size of the messages without a key.
            reserve: room beyond `limit` that only critical messages may use.
        """
        self._limit, self._reserve = limit, reserve
        self._messages: dict[Hashable, T] = {}  # by key or order of arrival
        self._used = 0  # room taken by the messages without a key
        self._order = count()
        self._changed = threading.Condition()
        self._closed = False

    def put(
        self,
        message: T,
        *,
        key: Hashable = None,
        supersedes: Hashable = None,
        size: int = 1,
        critical: bool = False,
        wait: bool = False,
    ) -> bool:
        """Queue a message; return False if there is no room for it or the mailbox is closed.

        Args:
            message: the message.
            key: messages with the same key replace each other; such a message always has room.
            supersedes: the key of a queued message that this one makes obsolete.
            size: the room that a message without a key takes.
            critical: the message may use the reserve.
            wait: block until there is room, instead of returning False.
        """
        with self._changed:
            if supersedes is not None:
                self._messages.pop(("key", supersedes), None)
            if key is None:
                room = self._limit + (self._reserve if critical else 0) - size
                if wait:
                    self._changed.wait_for(lambda: self._used <= room or self._closed)
                if self._used > room:
                    return False
            if self._closed:
                return False
            slot = ("order", next(self._order)) if key is None else ("key", key)
            self._messages.pop(slot, None)
            self._messages[slot] = message
            self._used += size if key is None else 0
            self._changed.notify_all()
            return True

    def take(self, timeout: float | None = None) -> list[T]:
        """Take all messages in order, after waiting for one; empty on a timeout (s), or when closed and drained."""
        with self._changed:
            self._changed.wait_for(lambda: self._messages or self._closed, timeout)
            taken = list(self._messages.values())
            self._messages, self._used = {}, 0
            self._changed.notify_all()
            return taken

    def close(self) -> None:
        """Accept no more messages and release every waiting thread; queued messages can still be taken."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def __len__(self) -> int:
        return len(self._messages)
