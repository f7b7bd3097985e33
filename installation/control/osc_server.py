"""The OSC protocol state: packets in, messages to the show and replies out. No sockets; time is an argument."""

from __future__ import annotations

import hmac
import math
from collections import Counter, OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import chain

from installation.control.bundle_scheduler import HORIZON_SECONDS, BundleScheduler
from installation.control.osc_codec import MAX_MESSAGES, Malformed, Message, read, write
from installation.control.osc_dispatch import ALWAYS_OPEN, ROOT, VERBS, ValueQuery, address_of, interpret, joined
from installation.control.peers import Peer, from_origin
from installation.control.rate_limit import RateLimit
from installation.control.subscriptions import MAX_HZ, Lease, Subscriptions
from installation.core.errors import Rejected
from installation.core.messages import Bundle, Changed, Inbox, MessageRejected, SetParam, Trigger, Value
from installation.core.params import PARAMS
from installation.core.worker_status import Handover
from installation.show.settings import OscSettings

ERROR, PONG = address_of("error"), address_of("pong")
BUNDLE = "#bundle"  # stands for the address where a whole bundle is rejected
ERRORS_PER_SECOND = 10.0  # to each sender; ten times that in all
ANSWERS_PER_SECOND = 2000.0  # to each sender: one pattern queries many values
PASSCODES_PER_SECOND = 1.0  # attempts from each host
MAX_AUTHORIZED = 256


@dataclass(frozen=True)
class OscHandover(Handover):
    """What the next OSC server starts from. UDP clients do not notice that the process was replaced."""

    leases: tuple[Lease, ...] = ()
    authorized: tuple[Peer, ...] = ()  # peers that gave the passcode, the latest last


class OscServer:
    """Subscriptions, authorisation and scheduled bundles of all peers.

    The caller passes packets to `receive`, calls `tick`, and sends what `replies` returns.
    """

    def __init__(
        self,
        osc: OscSettings,
        values: Mapping[str, Value],
        send: Callable[[Inbox], None],
        now: float,
        handover: OscHandover | None = None,
    ) -> None:
        """Create the server.

        Args:
            osc: the settings of the show file.
            values: the current live values and readings, by name.
            send: passes a message to the show; raises Rejected when it cannot be taken.
            now: seconds of `clock.now`.
            handover: what the previous server left.
        """
        defaults = {row.name: row.default for row in PARAMS.values() if row.access != "trigger"}
        self.values = defaults | {name: value for name, value in values.items() if name in defaults}
        self.subscriptions = Subscriptions()
        self.counts: Counter[str] = Counter(packets=0, malformed=0, rejected=0)
        self._osc, self._send = osc, send
        self._scheduler = BundleScheduler()
        self._errors = RateLimit(ERRORS_PER_SECOND, 10 * ERRORS_PER_SECOND, now)
        self._answers = RateLimit(ANSWERS_PER_SECOND, 4 * ANSWERS_PER_SECOND, now)
        self._passcodes = RateLimit(PASSCODES_PER_SECOND, 10 * PASSCODES_PER_SECOND, now)
        self._authorized: OrderedDict[Peer, None] = OrderedDict()
        self._replies: list[tuple[Peer, bytes]] = []
        if handover:
            self.subscriptions.restore(handover.leases, self.values)
            self._authorized.update(dict.fromkeys(handover.authorized))

    @property
    def handover(self) -> OscHandover:
        """What the next server starts from; TCP connections end with this one."""
        authorized = tuple(peer for peer in self._authorized if peer.transport == "udp")
        return OscHandover(self.subscriptions.leases, authorized)

    def receive(self, peer: Peer, data: bytes, now: float, wall: float) -> None:
        """Take a packet; whatever is wrong with it is answered, never raised. `wall`: Unix time (s), for time tags."""
        self.counts["packets"] += 1
        try:
            packet = read(data)
        except Malformed as error:
            self.counts["malformed"] += 1
            self.reject(peer, "", error, now)
            return
        actions: list[SetParam | Trigger] = []
        for message in packet.messages:
            try:
                actions += self._interpret(message, peer, now)
            except Rejected as error:
                self.reject(peer, message.address, error, now)
        if packet.bundled:
            ahead = packet.time - wall if packet.time is not None else 0.0
            self._bundle(tuple(actions), ahead, peer, now)
        for action in () if packet.bundled else actions:
            self._pass_on(action, now)

    def feedback(self, message: Changed | MessageRejected, now: float) -> None:
        """Take a message from the show: a value has changed, or a message of a peer was rejected."""
        if isinstance(message, MessageRejected):
            peer = from_origin(message.origin)
            if peer is not None:
                self.reject(peer, address_of(message.name), Rejected(message.reason), now)
        elif message.name in self.values:
            self.values[message.name] = message.value
            self.subscriptions.changed(message.name, message.value, message.origin)

    def disconnected(self, peer: Peer) -> None:
        """Forget a TCP connection that has ended, with its subscription and authorisation."""
        self.subscriptions.forget(peer)
        self._authorized.pop(peer, None)

    def tick(self, now: float) -> None:
        """Pass on the bundles that are due, and collect the feedback that is due."""
        for bundle in self._scheduler.due(now):
            self._pass_on(bundle, now)
        for peer, name, value in self.subscriptions.flush(now):
            self._replies.append((peer, self._wire(name, address_of(name), value)))

    def wait(self, now: float) -> float:
        """Seconds until `tick` has something to do; infinity if nothing is scheduled."""
        return min(self.subscriptions.wait(now), self._scheduler.wait(now))

    def replies(self) -> list[tuple[Peer, bytes]]:
        """Take out the packets to send."""
        replies, self._replies = self._replies, []
        return replies

    def reject(self, peer: Peer, address: str, reason: Rejected, now: float) -> None:
        """Answer with `/laterna/error ADDRESS REASON`, within the rate limit of this peer."""
        self.counts["rejected"] += 1
        if self._errors.take(peer, now):
            self._reply(peer, write(ERROR, address[:255], str(reason)))

    def _reply(self, peer: Peer, data: bytes) -> None:
        """Send to the peer, and to the ports where the same peer has subscribed."""
        for each in dict.fromkeys((peer, *self.subscriptions.endpoints(peer.origin))):
            self._replies.append((each, data))

    def _wire(self, name: str, address: str, value: Value) -> bytes:
        return write(address, float(value) if PARAMS[name].kind == "float" else value)

    def _interpret(self, message: Message, peer: Peer, now: float) -> list[SetParam | Trigger]:
        """Answer what the server can answer itself; return the messages for the show. Raises Rejected."""
        if message.address in (ERROR, PONG):  # never answered: two servers would answer each other for ever
            return []
        name = message.address.removeprefix(ROOT)
        if name in VERBS and message.address.startswith(ROOT):
            self._run_verb(name, message.args, peer, now)
            return []
        actions = interpret(message.address, message.args, peer.origin)
        if not all(isinstance(each, (SetParam, Trigger)) and each.name in ALWAYS_OPEN for each in actions):
            self._check_authorized(peer)
        for action in actions:
            if isinstance(action, ValueQuery):
                if not self._answers.take(peer, now):
                    raise Rejected("too many queries per second.")
                self._reply(peer, self._wire(action.name, action.address, self.values[action.name]))
        return [each for each in actions if not isinstance(each, ValueQuery)]

    def _bundle(self, messages: tuple[SetParam | Trigger, ...], ahead: float, peer: Peer, now: float) -> None:
        """Pass a bundle on as a whole: at its time if that is within the horizon, otherwise at once with an error."""
        if len(messages) > MAX_MESSAGES:
            self.reject(peer, BUNDLE, Rejected(f"the bundle expands to more than {MAX_MESSAGES} messages."), now)
        elif messages and 0.0 < ahead <= HORIZON_SECONDS:
            try:
                self._scheduler.add(Bundle(messages), now + ahead)
            except Rejected as error:
                self.reject(peer, BUNDLE, error, now)
        elif messages:
            self._pass_on(Bundle(messages), now)
            if ahead > 0.0:
                reason = f"the time tag is {ahead:.0f} s ahead, more than {HORIZON_SECONDS:.0f} s: applied now."
                self.reject(peer, BUNDLE, Rejected(reason), now)

    def _pass_on(self, message: SetParam | Trigger | Bundle, now: float) -> None:
        try:
            self._send(message)
        except Rejected as error:
            first = message.messages[0] if isinstance(message, Bundle) else message
            peer = from_origin(first.origin)
            if peer is not None:
                self.reject(peer, address_of(first.name), error, now)

    def _check_authorized(self, peer: Peer) -> None:
        if self._osc.passcode and peer not in self._authorized:
            raise Rejected(f"a passcode is required: send it to {address_of('connect')}.")

    def _run_verb(self, verb: str, args: tuple[Value, ...], peer: Peer, now: float) -> None:
        if verb == "ping":
            self._reply(peer, write(PONG))
        elif verb == "connect":
            self._connect(args, peer, now)
        else:
            self._check_authorized(peer)
            numbers = [_finite(arg) for arg in args if not isinstance(arg, str)]
            if verb == "subscribe":
                pattern = next((arg for arg in args if isinstance(arg, str)), "")
                target = self._target(peer, numbers)
                hz = numbers[1] if len(numbers) > 1 else MAX_HZ
                self.subscriptions.subscribe(target, peer.origin, hz, pattern, self.values, now)
            elif verb == "unsubscribe":
                self.subscriptions.unsubscribe(peer.origin, int(numbers[0]) if numbers else None)
            else:
                self.subscriptions.renew(peer.origin, now)

    def _connect(self, args: tuple[Value, ...], peer: Peer, now: float) -> None:
        if not self._passcodes.take(peer.host, now):
            raise Rejected("only one passcode per second is checked.")
        given = joined(args)
        if not hmac.compare_digest(given.encode(errors="replace"), self._osc.passcode.encode()) and self._osc.passcode:
            raise Rejected("wrong passcode.")
        self._authorized[peer] = None
        if len(self._authorized) > MAX_AUTHORIZED:
            self._authorized.popitem(last=False)
        self._reply(peer, write(address_of("connect"), 1))

    def _target(self, peer: Peer, numbers: list[float]) -> Peer:
        """Where to send feedback: the TCP connection itself, or the given UDP port (default `osc.feedback_port`).

        Port 0 is the port that the message came from.
        """
        if peer.transport == "tcp":
            return peer
        port = int(next(chain(numbers, (float(self._osc.feedback_port),))))
        if not 0 <= port < 65536:
            raise Rejected(f"{port} is not a port number.")
        return Peer(peer.host, port or peer.port)


def _finite(value: bool | int | float) -> float:
    if not math.isfinite(value):
        raise Rejected("the numbers must be finite.")
    return float(value)
