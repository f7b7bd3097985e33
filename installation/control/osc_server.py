"""The Desk itself: packets and news in, messages to main and replies out. Knows no socket; time is an argument."""

from __future__ import annotations

import hmac
import math
from collections import Counter, OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain

from installation.control.bundle_scheduler import HORIZON_SECONDS, BundleScheduler
from installation.control.osc_codec import MAX_MESSAGES, Malformed, Message, read, write
from installation.control.osc_dispatch import ALWAYS_OPEN, ROOT, VERBS, ValueQuery, address_of, interpret, joined
from installation.control.peers import Peer, from_source
from installation.control.rate_limit import RateLimit
from installation.control.subscriptions import MAX_HZ, Lease, Subscriptions
from installation.core.errors import Rejected
from installation.core.mailbox import ControlMailbox
from installation.core.messages import Bundle, Changed, MessageRejected, SetParam, Trigger, Value
from installation.core.params import PARAMS
from installation.show.settings import OscSettings

ERROR, PONG = address_of("error"), address_of("pong")
BUNDLE = "#bundle"  # stands for an address where a whole bundle is meant
ERRORS_PER_SECOND = 10.0  # to each sender; ten times that to all
ANSWERS_PER_SECOND = 2000.0  # to each sender: a pattern asks for many values at once
TRIES_PER_SECOND = 1.0  # of a passcode, from each host
MAX_CONNECTED = 256


@dataclass(frozen=True)
class ControlState:
    """What a desk that is replaced hands to its successor, so that no tool notices: by UDP, nobody sees it go."""

    leases: tuple[Lease, ...] = ()
    connected: tuple[Peer, ...] = ()  # who has given the passcode, the latest last


class OscServer:
    """State of the conversation with all tools. `replies` are taken out after each turn and sent by the sockets."""

    def __init__(
        self,
        osc: OscSettings,
        values: Mapping[str, Value],
        outbox: ControlMailbox,
        now: float,
        memory: ControlState | None = None,
    ) -> None:
        """`values`: the present ones, by name. `memory`: of the desk before this one."""
        told = {row.name: row.default for row in PARAMS.values() if row.access != "trigger"}
        self.values = told | {name: value for name, value in values.items() if name in told}
        self.feedback = Subscriptions()
        self.figures: Counter[str] = Counter(packets=0, malformed=0, refused=0)
        self._osc, self._outbox = osc, outbox
        self._scheduler = BundleScheduler()
        self._errors = RateLimit(ERRORS_PER_SECOND, 10 * ERRORS_PER_SECOND, now)
        self._answers = RateLimit(ANSWERS_PER_SECOND, 4 * ANSWERS_PER_SECOND, now)
        self._tries = RateLimit(TRIES_PER_SECOND, 10 * TRIES_PER_SECOND, now)
        self._connected: OrderedDict[Peer, None] = OrderedDict()
        self._replies: list[tuple[Peer, bytes]] = []
        if memory:
            self.feedback.take_over(memory.leases, self.values)
            self._connected.update(dict.fromkeys(memory.connected))

    @property
    def memory(self) -> ControlState:
        """What a successor needs to know."""
        return ControlState(self.feedback.leases, tuple(peer for peer in self._connected if peer.transport == "udp"))

    def receive(self, peer: Peer, data: bytes, now: float, wall: float) -> None:
        """Takes a packet; never raises over what is in it. `wall`: seconds since the epoch, for time tags."""
        self.figures["packets"] += 1
        try:
            packet = read(data)
        except Malformed as error:
            self.figures["malformed"] += 1
            self.refuse(peer, "", error, now)
            return
        meant: list[SetParam | Trigger] = []
        for message in packet.messages:
            try:
                meant += self._understand(message, peer, now)
            except Rejected as error:
                self.refuse(peer, message.address, error, now)
        if packet.bundled:
            ahead = packet.time - wall if packet.time is not None else 0.0
            self._bundle(tuple(meant), ahead, peer, now)
        for single in () if packet.bundled else meant:
            self._pass_on(single, now)

    def told(self, news: Changed | MessageRejected, now: float) -> None:
        """News from main: a value has changed, or a message was not taken."""
        if isinstance(news, MessageRejected):
            peer = from_source(news.source)
            if peer is not None:
                self.refuse(peer, address_of(news.name), Rejected(news.reason), now)
        elif self.values.get(news.name, news.value) != news.value:
            self.values[news.name] = news.value
            self.feedback.changed(news.name, news.value, news.source)

    def gone(self, peer: Peer) -> None:
        """A TCP connection has ended, and what was granted to it with it."""
        self.feedback.forget(peer)
        self._connected.pop(peer, None)

    def tick(self, now: float) -> None:
        """Does what is due: bundles that waited for their time, the next frame of feedback."""
        for bundle in self._scheduler.due(now):
            self._pass_on(bundle, now)
        for peer, name, value in self.feedback.flush(now):
            self._replies.append((peer, self._wire(name, address_of(name), value)))

    def wait(self, now: float) -> float:
        """Seconds until `tick` has something to do; may be infinity."""
        return min(self.feedback.wait(now), self._scheduler.wait(now))

    def replies(self) -> list[tuple[Peer, bytes]]:
        """Takes out what is to be sent."""
        replies, self._replies = self._replies, []
        return replies

    def refuse(self, peer: Peer, address: str, reason: Rejected, now: float) -> None:
        """Says why something was not taken, unless this peer has heard that too often already."""
        self.figures["refused"] += 1
        if self._errors.take(peer, now):
            self._reply(peer, write(ERROR, address[:255], str(reason)))

    def _reply(self, peer: Peer, data: bytes) -> None:
        """To where it was said, and to where the same tool listens if that is another port."""
        for each in dict.fromkeys((peer, *self.feedback.endpoints(peer.source))):
            self._replies.append((each, data))

    def _wire(self, name: str, address: str, value: Value) -> bytes:
        return write(address, float(value) if PARAMS[name].kind == "float" else value)

    def _understand(self, message: Message, peer: Peer, now: float) -> list[SetParam | Trigger]:
        """Answers what is the desk's own; returns what is for main. Raises Refusal."""
        if message.address in (ERROR, PONG):  # never answered, lest two desks talk for ever
            return []
        name = message.address.removeprefix(ROOT)
        if name in VERBS and message.address.startswith(ROOT):
            self._obey(name, message.args, peer, now)
            return []
        meanings = interpret(message.address, message.args, peer.source)
        if not all(isinstance(each, (SetParam, Trigger)) and each.name in ALWAYS_OPEN for each in meanings):
            self._check(peer)
        for meaning in meanings:
            if isinstance(meaning, ValueQuery):
                if not self._answers.take(peer, now):
                    raise Rejected("that is too many questions a second.")
                self._reply(peer, self._wire(meaning.name, meaning.address, self.values[meaning.name]))
        return [each for each in meanings if not isinstance(each, ValueQuery)]

    def _bundle(self, messages: tuple[SetParam | Trigger, ...], ahead: float, peer: Peer, now: float) -> None:
        """Passes a bundle on, whole; at its time if that is near, else now, which is said."""
        if len(messages) > MAX_MESSAGES:
            self.refuse(peer, BUNDLE, Rejected(f"it means more than {MAX_MESSAGES} messages."), now)
        elif messages and 0.0 < ahead <= HORIZON_SECONDS:
            try:
                self._scheduler.add(Bundle(messages), now + ahead)
            except Rejected as error:
                self.refuse(peer, BUNDLE, error, now)
        elif messages:
            self._pass_on(Bundle(messages), now)
            if ahead > 0.0:
                reason = f"its time is {ahead:.0f} s ahead, beyond {HORIZON_SECONDS:.0f} s: applied now."
                self.refuse(peer, BUNDLE, Rejected(reason), now)

    def _pass_on(self, message: SetParam | Trigger | Bundle, now: float) -> None:
        try:
            self._outbox.put(message)
        except Rejected as error:
            first = message.messages[0] if isinstance(message, Bundle) else message
            peer = from_source(first.source)
            if peer is not None:
                self.refuse(peer, address_of(first.name), error, now)

    def _check(self, peer: Peer) -> None:
        if self._osc.passcode and peer not in self._connected:
            raise Rejected(f"a passcode is needed: send it with {address_of('connect')}.")

    def _obey(self, verb: str, args: tuple[Value, ...], peer: Peer, now: float) -> None:
        if verb == "ping":
            self._reply(peer, write(PONG))
        elif verb == "connect":
            self._connect(args, peer, now)
        else:
            self._check(peer)
            numbers = [_finite(arg) for arg in args if not isinstance(arg, str)]
            if verb == "subscribe":
                pattern = next((arg for arg in args if isinstance(arg, str)), "")
                target = self._target(peer, numbers)
                hz = numbers[1] if len(numbers) > 1 else MAX_HZ
                self.feedback.subscribe(target, peer.source, hz, pattern, self.values, now)
            elif verb == "unsubscribe":
                self.feedback.unsubscribe(peer.source, int(numbers[0]) if numbers else None)
            else:
                self.feedback.renew(peer.source, now)

    def _connect(self, args: tuple[Value, ...], peer: Peer, now: float) -> None:
        if not self._tries.take(peer.host, now):
            raise Rejected("a passcode can be tried once a second.")
        given = joined(args)
        if not hmac.compare_digest(given.encode(errors="replace"), self._osc.passcode.encode()) and self._osc.passcode:
            raise Rejected("that is not the passcode.")
        self._connected[peer] = None
        if len(self._connected) > MAX_CONNECTED:
            self._connected.popitem(last=False)
        self._reply(peer, write(address_of("connect"), 1))

    def _target(self, peer: Peer, numbers: list[float]) -> Peer:
        """Where a subscriber listens: its own TCP connection, the port that it names, 9411; 0 is where it speaks."""
        if peer.transport == "tcp":
            return peer
        port = int(next(chain(numbers, (float(self._osc.feedback_port),))))
        if not 0 <= port < 65536:
            raise Rejected(f"there is no port {port}.")
        return Peer(peer.host, port or peer.port)


def _finite(value: bool | int | float) -> float:
    if not math.isfinite(value):
        raise Rejected("it takes finite numbers.")
    return float(value)
