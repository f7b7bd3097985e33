"""From the broker's stream to the show: which words are sent, and when the broker may forget them.

Pure: no sockets, and time is an argument in seconds of `clock.now`. Words stay in the broker until the show has
finished with them: they were shown, or somebody decided against them. If the show or this process dies before, they are
sent again; the Conductor ignores what it has taken already.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from installation.control.submissions import Submission, Submissions
from installation.core.errors import Rejected
from installation.core.messages import (
    Answer,
    Changed,
    Feedback,
    Inbox,
    MessageRejected,
    Origin,
    Query,
    QueueChanged,
    Trigger,
)

KIND = "broker"
BUSY_SECONDS = 3.0  # after the show could not take words, until it is asked again
BATCH = 16  # words that are sent between two questions whether they have arrived
KEEP_SECONDS = 24 * 3600.0  # that words may wait in the show


@dataclass
class Word:
    """Words from the stream."""

    entry: str  # of the stream
    key: str  # where the broker keeps what became of them
    text: str
    origin: Origin
    batch: int = 0  # in which they were sent last; 0: not yet
    taken: bool = False  # the show has them


@dataclass(frozen=True)
class News:
    """What became of words, for the page of their visitor."""

    key: str
    text: str
    state: str
    position: int
    reason: str


class WordRelay:
    """Passes words on to the show, a bounded number at a time, and follows what becomes of them."""

    def __init__(
        self, ahead: int, send: Callable[[Inbox], None], on_the_wall: Iterable[tuple[str, Submission]] = ()
    ) -> None:
        """Begin without words.

        Args:
            ahead: words that are in the show at a time.
            send: passes a message to the show; raises Rejected if it cannot be taken.
            on_the_wall: of the process before.
        """
        self._ahead, self._send = ahead, send
        self._words: OrderedDict[Origin, Word] = OrderedDict()  # in the show, or on the way there
        left = tuple(on_the_wall)
        self._keys = {each.origin: key for key, each in left}  # of all that are followed, also of those on the wall
        self._followed = Submissions(KEEP_SECONDS, (each for _, each in left))
        self._told: dict[Origin, News] = {}
        self._left: set[Origin] = set()  # what the show has finished with lately
        self._batch = 0
        self._ask_again_at = 0.0
        self._panic = False
        self.finished: dict[str, None] = {}  # entries of the stream that the broker may forget
        self.passed_on = self.refused = 0

    @property
    def room(self) -> int:
        """How many more words may be taken from the stream."""
        return max(0, self._ahead - len(self._words))

    def take(self, entry: str, key: str, text: str, origin: Origin, now: float) -> None:
        """Take words from the stream; those that are known already are ignored."""
        if origin in self._words or entry in self.finished:
            return
        self._words[origin] = Word(entry, key, text, origin)
        self._keys[origin] = key
        self._followed.add(Submission(0, "", text, origin, now))

    def pass_on(self, now: float) -> None:
        """Send what has not been sent, unless the show was busy a moment ago."""
        if self._panic or now < self._ask_again_at:
            return
        waiting = [word for word in self._words.values() if not word.batch][:BATCH]
        if not waiting:
            return
        self._batch += 1
        try:
            for word in waiting:
                self._send(Trigger("queue/add", (word.text,), word.origin))
                word.batch = self._batch
                self.passed_on += 1
            # it is answered after everything that was sent before: what was not rejected then is taken
            self._send(Query("queue/length", Origin(KIND, str(self._batch))))
        except Rejected:
            self._wait(now, self._batch)

    def feedback(self, message: Feedback, now: float) -> None:
        """Follow what the show does with the words."""
        match message:
            case MessageRejected(origin) if word := self._words.get(origin):
                if message.busy:
                    word.batch, self._ask_again_at = 0, now + BUSY_SECONDS
                else:
                    self.refused += 1
                    self._followed.take_rejection(message)
                    self._finish(word)
            case Answer(origin=Origin(source="broker", peer=batch)):
                for word in self._words.values():
                    word.taken |= word.batch == int(batch)
                self._finish_left(self._left)
            case QueueChanged():
                self._followed.take_queue(message)
                self._take_queue(message)
            case Changed("prompt/current", current):
                self._followed.take_shown(str(current))
            case Changed("mode", mode):
                self._panic = mode == "panic"

    def _take_queue(self, queue: QueueChanged) -> None:
        """Finish with the words that have left the queue, also with those whose traces are gone already."""
        waiting = {entry.origin for entry in queue.waiting}
        self._left = {entry.origin for entry in queue.history} - waiting
        self._finish_left(self._left)
        for word in list(self._words.values()):
            if word.taken and word.origin not in waiting:
                self._followed.take_left(word.origin)
                self._finish(word)

    def _finish_left(self, left: set[Origin]) -> None:
        for word in [each for each in self._words.values() if each.origin in left]:
            self._finish(word)

    def _finish(self, word: Word) -> None:
        self.finished[word.entry] = None
        del self._words[word.origin]

    def _wait(self, now: float, batch: int) -> None:
        """Send a batch again later."""
        self._ask_again_at = now + BUSY_SECONDS
        for word in self._words.values():
            if word.batch == batch:
                word.batch = 0

    def news(self) -> list[News]:
        """What has changed for visitors since the last call."""
        changed = []
        for origin, key in list(self._keys.items()):
            found = self._followed.find(origin)
            if found is None:
                self._forget(origin)
                continue
            news = News(key, found.text, found.state, found.position, found.reason)
            if news != self._told.get(origin, News(key, found.text, "sent", 0, "")):
                changed.append(news)
            self._told[origin] = news
            if found.state in ("shown", "refused"):
                self._forget(origin)
        return changed

    @property
    def on_the_wall(self) -> tuple[tuple[str, Submission], ...]:
        """The words on the wall with their keys: the next process tells when they have left it."""
        found = ((key, self._followed.find(origin)) for origin, key in self._keys.items())
        return tuple((key, replace(each)) for key, each in found if each and each.state == "wall")

    def _forget(self, origin: Origin) -> None:
        self._followed.forget(origin)
        self._keys.pop(origin, None)
        self._told.pop(origin, None)
