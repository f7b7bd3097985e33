"""The show's end of the broker: one thread that takes the words of visitors from a stream, around a `WordRelay`."""

from __future__ import annotations

import math
import secrets
import threading
import traceback
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from installation.control.broker.durability import MISSING, QUESTIONS, check_durability, check_url, flatten
from installation.control.broker.keys import CONSUMER, GROUP, LEASE, RELEASE, TELL, Keys
from installation.control.broker.relay import KIND, News, WordRelay
from installation.control.interface import SurfaceContext, SurfaceSpec
from installation.control.submissions import Submission
from installation.core import clock
from installation.core.errors import Rejected, ShowError
from installation.core.mailbox import Mailbox
from installation.core.messages import (
    AUDIENCE,
    Answer,
    Changed,
    Feedback,
    MessageRejected,
    Origin,
    QueueChanged,
    SetParam,
    feedback_key,
)
from installation.core.worker_status import Handover, SurfaceFigures

if TYPE_CHECKING:
    import redis

RETRY_SECONDS = 2.0  # between two attempts to reach the broker
LEASE_SECONDS = 10.0  # after which another show may take over
RENEW_SECONDS = 3.0
TURN_SECONDS = 0.1  # that the thread waits for words, or for the show
ANSWER_SECONDS = 5.0  # that the broker may take for an answer
MAX_FEEDBACK = 4096
FIELDS = {"word", "visitor", "id", "address", "text"}  # of an entry of the stream


@dataclass(frozen=True)
class BrokerSettings:
    """The keys of the `[[surface]]` table."""

    url: str  # redis://:password@host:6379, or rediss:// for TLS
    name: str = "laterna"  # of this audience, where several share a broker
    ahead: int = 50  # words of visitors that wait in the show at a time; the others wait in the broker
    page: str = ""  # address of the audience page, for the QR code

    def __post_init__(self) -> None:
        """Check the values. Raises ValueError."""
        if not 1 <= self.ahead <= 1000:
            raise ValueError("ahead: a number from 1 to 1000")
        if not self.name.isidentifier():
            raise ValueError("name: letters, digits and _, beginning with a letter")
        try:
            check_url(self.url)
        except ShowError as error:
            raise ValueError(str(error)) from None


@dataclass(frozen=True)
class BrokerHandover(Handover):
    """What the next process starts from."""

    token: str  # of the lease
    on_the_wall: tuple[tuple[str, Submission], ...] = ()


class BrokerSurface:
    """Takes the words of visitors from a broker, and tells their pages what becomes of them."""

    def __init__(self, settings: BrokerSettings, context: SurfaceContext) -> None:
        left = context.handover if isinstance(context.handover, BrokerHandover) else None
        self._settings, self._context = settings, context
        self._place, self._keys = check_url(settings.url), Keys(settings.name)
        self._token = left.token if left else secrets.token_hex(8)
        self._relay = WordRelay(settings.ahead, context.send, left.on_the_wall if left else ())
        for listing in context.listings:
            self._relay.feedback(listing, clock.now())
        self._news: dict[str, News] = {}  # that the broker does not have yet, by key
        self._handover = BrokerHandover(self._token)
        self._box: Mailbox[Feedback] = Mailbox(MAX_FEEDBACK)
        self._cursor: str | None = "0"  # in what the show has not finished with; None: all of it has been read
        self._renew_at = -math.inf  # the lease
        self._reason = ""
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="broker", daemon=True)

    def start(self) -> None:
        """Look for the broker, in a thread."""
        self._thread.start()

    def feedback(self, message: Feedback) -> None:
        """Pass on what concerns words of visitors."""
        match message:
            case MessageRejected(origin=Origin(source="audience")) | Answer(origin=Origin(source="broker")):
                self._box.put(message)
            case QueueChanged() | Changed(name="prompt/current") | Changed(name="mode"):
                self._box.put(message, key=feedback_key(message))

    def figures(self) -> SurfaceFigures:
        """Counts since the start."""
        relay = self._relay
        return SurfaceFigures(KIND, self._reason, messages=relay.passed_on, rejected=relay.refused)

    def handover(self) -> BrokerHandover:
        """The lease, and whose words are on the wall; everything else is in the broker."""
        return self._handover

    def stop(self) -> None:
        """End the thread; another show may take over at once."""
        self._stopped.set()
        self._box.close()
        if self._thread.is_alive():
            self._thread.join(ANSWER_SECONDS + 1.0)

    # -- the thread -------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            import redis
            from redis.backoff import NoBackoff
            from redis.retry import Retry
        except ImportError:
            self._reason = MISSING
            return
        self._name_page()
        while not self._stopped.is_set():
            try:
                with redis.Redis.from_url(
                    self._settings.url,
                    decode_responses=True,
                    encoding_errors="replace",  # whatever others have put there
                    protocol=2,
                    socket_timeout=ANSWER_SECONDS,
                    socket_connect_timeout=ANSWER_SECONDS,
                    retry=Retry(NoBackoff(), 0),
                ) as broker:
                    self._serve(broker)
            except ShowError as error:
                self._reason = str(error)
            except redis.AuthenticationError:
                self._reason = f"The broker at {self._place} needs another password: put it into url."
            except redis.RedisError as error:
                self._reason = f"The broker at {self._place} is not there ({_brief(error)}); its words wait for it."
            except Exception as error:  # noqa: BLE001 -- the thread goes on, and the operator reads why nothing comes
                self._fail(error)
            self._stopped.wait(RETRY_SECONDS)

    def _fail(self, error: Exception) -> None:
        reason = f"The broker at {self._place} cannot be used ({type(error).__name__}: {error})."
        if reason != self._reason:
            traceback.print_exception(error)
        self._reason = reason

    def _name_page(self) -> None:
        """Put the address of the audience page into the QR code."""
        if self._settings.page:
            try:
                self._context.send(SetParam("audience/url", self._settings.page, Origin(KIND)))
            except Rejected as error:
                self._context.notice(f"The QR code lacks the address of the audience page: {error}")

    def _serve(self, broker: redis.Redis) -> None:
        """Take words until the broker is lost or the surface stops."""
        check_durability(self._place, flatten([self._ask(broker, *question) for question in QUESTIONS]))
        self._make_group(broker)
        self._cursor = "0"  # what was sent to a connection that broke is read again
        self._renew_at = -math.inf
        try:
            while not self._stopped.is_set():
                if self._leads(broker):
                    self._reason = ""
                    self._turn(broker)
                else:
                    self._reason = f"Another show takes the words of '{self._settings.name}'; this one stands by."
                    self._stopped.wait(1.0)
        finally:
            if self._stopped.is_set():
                broker.eval(RELEASE, 1, self._keys.lease, self._token)

    @staticmethod
    def _ask(broker: Any, *command: str) -> object:
        return broker.execute_command(*command)

    def _make_group(self, broker: redis.Redis) -> None:
        import redis

        try:
            broker.xgroup_create(self._keys.stream, GROUP, "0", mkstream=True)
        except redis.ResponseError as error:
            if not str(error).startswith("BUSYGROUP"):  # it is there already
                raise

    def _leads(self, broker: redis.Redis) -> bool:
        """Whether this show is the one that takes the words."""
        now = clock.now()
        if now >= self._renew_at:
            leads = broker.eval(LEASE, 1, self._keys.lease, self._token, str(int(1000 * LEASE_SECONDS)))
            self._renew_at = now + RENEW_SECONDS if leads else -math.inf
        return now < self._renew_at

    def _turn(self, broker: redis.Redis) -> None:
        relay = self._relay
        if relay.room:
            self._read(broker)
        relay.pass_on(clock.now())
        for message in self._box.take(0.0 if relay.room and self._cursor is None else TURN_SECONDS):
            relay.feedback(message, clock.now())
        self._write(broker)
        self._handover = BrokerHandover(self._token, relay.on_the_wall)

    def _read(self, broker: redis.Redis) -> None:
        """Take words from the stream, first those that the show has not finished with."""
        waiting = int(1000 * TURN_SECONDS) if self._cursor is None else None
        found: Any = broker.xreadgroup(
            GROUP, CONSUMER, {self._keys.stream: self._cursor or ">"}, count=self._relay.room, block=waiting
        )
        entries: list[tuple[str, dict[str, str] | None]] = found[0][1] if found else []
        for entry, fields in entries:
            if not fields or not fields.keys() >= FIELDS:  # forgotten just before the broker died, or not of a gateway
                self._relay.finished[entry] = None
            else:
                origin = Origin(AUDIENCE, f"{fields['address']}:{fields['visitor']}-{fields['id']}")
                self._relay.take(entry, fields["word"], fields["text"], origin, clock.now())
        if self._cursor is not None:
            self._cursor = entries[-1][0] if entries else None

    def _write(self, broker: redis.Redis) -> None:
        """Tell visitors what is new, and let the broker forget the words that the show has finished with."""
        self._news |= {each.key: each for each in self._relay.news()}
        news, finished = dict(self._news), list(self._relay.finished)
        if not news and not finished:
            return
        pipeline: Any = broker.pipeline(transaction=True)
        for each in news.values():
            pipeline.eval(TELL, 1, each.key, each.text, each.state, str(each.position), each.reason)
        if finished:
            pipeline.xack(self._keys.stream, GROUP, *finished)
            pipeline.xdel(self._keys.stream, *finished)
        pipeline.execute()
        self._news.clear()
        for entry in finished:
            del self._relay.finished[entry]


def _brief(error: Exception) -> str:
    return str(error).rstrip(".").partition("\n")[0] or type(error).__name__


SPEC = SurfaceSpec(KIND, "words of many visitors through Redis or Valkey", BrokerSettings, BrokerSurface, (AUDIENCE,))
