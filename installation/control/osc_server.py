"""The OSC protocol state: packets in, messages to the show and replies out. No sockets; time is an argument."""

from __future__ import annotations

import math
from collections import Counter, OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import chain

from installation.control.bundle_scheduler import HORIZON_SECONDS, BundleScheduler, ClockOffsets
from installation.control.message_log import MessageLog
from installation.control.osc_access import OscAccess, error_within
from installation.control.osc_codec import MAX_MESSAGES, Malformed, Message, Packet, read, write
from installation.control.osc_dispatch import (
    ROOT,
    VERBS,
    UnknownAddress,
    ValueQuery,
    address_of,
    always_open,
    interpret,
    joined,
)
from installation.control.osc_repetitions import OscRepetitions
from installation.control.peers import Peer, from_origin
from installation.control.rate_limit import RateLimit
from installation.control.subscriptions import LEASE_SECONDS, MAX_HZ, Lease, Subscriptions
from installation.core.errors import Rejected
from installation.core.messages import (
    Answer,
    Bundle,
    Changed,
    CuesChanged,
    Feedback,
    Inbox,
    Listing,
    MessageRejected,
    Query,
    QueueChanged,
    SetParam,
    SnapshotsChanged,
    Trigger,
    Value,
)
from installation.core.params import MODES, PARAMS, resolve
from installation.core.worker_status import Handover
from installation.show.settings import OscSettings

ERROR, PONG, WHY, GOODBYE = (address_of(name) for name in ("error", "pong", "why", "goodbye"))
UNANSWERED = (ERROR, GOODBYE)  # two servers would answer each other for ever
BUNDLE = "#bundle"  # stands for the address where a whole bundle is rejected
ERRORS_PER_SECOND = 10.0  # to each peer; five times that to each host, a hundred times that in all
ANSWERS_PER_SECOND = 2000.0  # to each host: one pattern queries many values
SUGGESTIONS_PER_SECOND = 20.0  # in all: finding the closest of all addresses is slow
MAX_UNSETTLED = 1024  # hosts whose messages may not have been applied yet
PANIC = MODES.index("panic")


@dataclass(frozen=True)
class OscHandover(Handover):
    """What the next OSC server starts from. UDP clients do not notice that the process was replaced."""

    leases: tuple[Lease, ...] = ()
    hosts: tuple[tuple[str, float], ...] = ()  # that gave the passcode, and when they were last heard


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
        listings: tuple[Listing, ...] = (),
        notice: Callable[[str], None] = lambda text: None,  # noqa: ARG005
        refused: Callable[[MessageRejected], None] = lambda message: None,  # noqa: ARG005
    ) -> None:
        """Create the server.

        Args:
            osc: the settings of the show file.
            values: the current live values and readings, by name.
            send: passes a message to the show; raises Rejected when it cannot be taken.
            now: seconds of `clock.now`.
            handover: what the previous server left.
            listings: the queue, cues and snapshots.
            notice: tells the operator a sentence.
            refused: tells the operator's surfaces what was refused here, before it reached the show.
        """
        defaults = {row.name: row.default for row in PARAMS.values() if row.access != "trigger"}
        self.values = defaults | {name: value for name, value in values.items() if resolve(name)}
        self.subscriptions = Subscriptions()
        self.log = MessageLog()
        self.counts: Counter[str] = Counter(packets=0, malformed=0, rejected=0)
        self._osc, self._send, self._notice, self._refused = osc, send, notice, refused
        self._access = OscAccess(osc.passcode, now, handover.hosts if handover else ())
        self._scheduler, self._offsets = BundleScheduler(), ClockOffsets()
        self._repetitions = OscRepetitions()
        self._errors = RateLimit(ERRORS_PER_SECOND, 100 * ERRORS_PER_SECOND, now)
        self._host_errors = RateLimit(5 * ERRORS_PER_SECOND, 100 * ERRORS_PER_SECOND, now)
        self._answers = RateLimit(ANSWERS_PER_SECOND, 4 * ANSWERS_PER_SECOND, now)
        self._suggestions = RateLimit(SUGGESTIONS_PER_SECOND, SUGGESTIONS_PER_SECOND, now)
        self._unsettled: OrderedDict[str, None] = OrderedDict()  # senders with messages on their way to the show
        self._replies: list[tuple[Peer, bytes]] = []
        for listing in listings:
            self._take_listing(listing)
        if handover:
            self.subscriptions.restore(handover.leases, self.values)

    @property
    def handover(self) -> OscHandover:
        """What the next server starts from; TCP connections end with this one."""
        return OscHandover(self.subscriptions.leases, self._access.hosts)

    # -- in ---------------------------------------------------------------------------------------------------------

    def receive(self, peer: Peer, data: bytes, now: float, wall: float) -> None:
        """Take a packet; whatever is wrong with it is answered, never raised. `wall`: Unix time (s), for time tags."""
        self.counts["packets"] += 1
        self.subscriptions.heard_from(peer.host, now)
        if self._access.allows(peer, now):
            self._receive(peer, data, now, wall)
            return
        before, self._replies = self._replies, []
        self._receive(peer, data, now, wall)
        if not self._access.allows(peer, now):
            self._replies = [reply for reply in self._replies if len(reply[1]) <= len(data)][:1]
        self._replies = before + self._replies

    def _receive(self, peer: Peer, data: bytes, now: float, wall: float) -> None:
        try:
            packet = read(data)
        except Malformed as error:
            self._reject_malformed(peer, error, len(data), now)
            return
        for malformed in packet.malformed:
            self._reject_malformed(peer, malformed, len(data), now)
        ahead = packet.time - wall if packet.time is not None else None
        actions: list[SetParam | Trigger | Query] = []
        for message in packet.messages:
            try:
                actions += self._interpret(message, peer, ahead, now)
            except Rejected as error:
                self.reject(peer, message.address, error, now, message.args, len(data))
        if packet.bundled:
            self._bundle(packet, tuple(actions), ahead, peer, now)
        for action in () if packet.bundled else actions:
            self._pass_on(action, now)

    def feedback(self, message: Feedback, now: float) -> None:
        """Take a message from the show: a value has changed, an answer, or a message of a peer was rejected."""
        match message:
            case MessageRejected(origin, name, reason):
                peer = from_origin(origin)
                if peer is not None:
                    self.reject(peer, address_of(name), Rejected(reason), now, by_show=True)
            case Answer(name, value, origin, address):
                peer = from_origin(origin)
                if peer is not None:
                    self._reply(peer, self._wire(name, address, value))
            case Changed(name, value, origin):
                self._take_change(name, value)
                self.subscriptions.changed(name, value, origin)
            case QueueChanged() | CuesChanged() | SnapshotsChanged():
                self._take_listing(message)

    def disconnected(self, peer: Peer) -> None:
        """Forget a TCP connection that has ended, with its subscription."""
        self.subscriptions.forget(peer)

    def _take_change(self, name: str, value: Value) -> None:
        self.values[name] = value
        if name == "mode/index" and value == PANIC:
            self._scheduler.clear()

    def _take_listing(self, listing: Listing) -> None:
        """Keep the names of the cues, so that they can be queried."""
        if isinstance(listing, CuesChanged):
            for name in [name for name in self.values if name.startswith("cue/") and name.endswith("/name")]:
                if name not in PARAMS:
                    del self.values[name]
            self.values |= {f"cue/{cue.number}/name": cue.name for cue in listing.cues}

    # -- out --------------------------------------------------------------------------------------------------------

    def tick(self, now: float) -> None:
        """Pass on the bundles that are due, and collect the feedback that is due."""
        for bundle in self._scheduler.due(now):
            self._pass_on(bundle, now)
        if self.subscriptions.snapshot_due(now):
            self.subscriptions.refresh_fixed(self.readings, now)
        for peer, name, value in self.subscriptions.flush(now):
            self._replies.append((peer, self._wire(name, address_of(name), value)))
        for peer in self.subscriptions.take_expired():
            goodbye = f"your subscription has ended after {LEASE_SECONDS:g} s; send {address_of('subscribe')}"
            self._replies.append((peer, write(GOODBYE, goodbye)))

    @property
    def readings(self) -> dict[str, Value]:
        """All values but the names of the cues, of which there may be thousands."""
        return {name: value for name, value in self.values.items() if not _is_cue_name(name)}

    def wait(self, now: float) -> float:
        """Seconds until `tick` has something to do; infinity if nothing is scheduled."""
        return min(self.subscriptions.wait(now), self._scheduler.wait(now))

    def replies(self) -> list[tuple[Peer, bytes]]:
        """Take out the packets to send."""
        replies, self._replies = self._replies, []
        return replies

    def reject(
        self,
        peer: Peer,
        address: str,
        reason: Rejected,
        now: float,
        args: tuple[Value, ...] = (),
        request_size: int | None = None,
        by_show: bool = False,
    ) -> None:
        """Answer with `/laterna/error ADDRESS REASON`, within the rate limit of this host.

        `request_size`, in bytes: a host that has not given the passcode gets no larger answer. `by_show`: the show has
        rejected the message, and has said so to every surface.
        """
        self.counts["rejected"] += 1
        if not (self._errors.take(peer, now) and self._host_errors.take(peer.host, now)):
            return
        known = self._access.allows(peer, now)
        suggests = not isinstance(reason, UnknownAddress) or (known and self._suggestions.take("", now))
        sentence = str(reason) if suggests else "unknown address."
        self.log.note(peer.origin.peer, address[:255], args, sentence, now)
        if known and not by_show:
            self._refused(MessageRejected(peer.origin, address[:255].removeprefix(ROOT), sentence))
        if known:
            self._reply(peer, write(ERROR, address[:255], sentence))
        elif request_size and (error := error_within(address[:255], sentence, request_size)):
            self._replies.append((peer, error))

    def _reject_malformed(self, peer: Peer, error: Malformed, size: int, now: float) -> None:
        self.counts["malformed"] += 1
        self.reject(peer, error.address, error, now, (), size)

    def _reply(self, peer: Peer, data: bytes) -> None:
        """Send to the peer, and to the ports where the same peer has subscribed."""
        for each in dict.fromkeys((peer, *self.subscriptions.endpoints(peer.origin))):
            self._replies.append((each, data))

    def _wire(self, name: str, address: str, value: Value) -> bytes:
        found = resolve(name)
        return write(address, float(value) if found and found[0].kind == "float" else value)

    # -- messages ---------------------------------------------------------------------------------------------------

    def _interpret(
        self, message: Message, peer: Peer, ahead: float | None, now: float
    ) -> list[SetParam | Trigger | Query]:
        """Answer what the server can answer itself; return the messages for the show. Raises Rejected."""
        name = message.address.removeprefix(ROOT)
        if message.address in UNANSWERED or message.address.startswith(PONG):
            return []
        if name in VERBS and message.address.startswith(ROOT):
            self._run_verb(name, message.args, peer, ahead, now)
            return []
        actions = interpret(message.address, message.args, peer.origin)
        if not all(map(always_open, actions)) or not actions:
            self._access.check(peer, now)
        taken = self._repetitions.remove(message, actions, peer, now)
        queries = [each for each in taken if isinstance(each, ValueQuery)]
        settings = [each for each in taken if not isinstance(each, ValueQuery)]
        if settings:
            self.log.note(peer.origin.peer, message.address, message.args, "", now)
            self._unsettled[peer.origin.sender] = None
            self._unsettled.move_to_end(peer.origin.sender)
            if len(self._unsettled) > MAX_UNSETTLED:
                self._unsettled.popitem(last=False)
        return [*settings, *self._answer(queries, peer, now)]

    def _answer(self, queries: list[ValueQuery], peer: Peer, now: float) -> list[Query]:
        """Answer queries at once, or by the show if that may not have applied all messages of this sender yet."""
        through_show: list[Query] = []
        for query in queries:
            if not self._answers.take(peer.host, now):
                raise Rejected("too many queries per second.")
            if peer.origin.sender in self._unsettled and not _is_cue_name(query.name):
                through_show.append(Query(query.name, peer.origin, query.address))
            elif query.name in self.values:
                self._reply(peer, self._wire(query.name, query.address, self.values[query.name]))
            else:
                self._reply_default(query, peer)
        if through_show:
            del self._unsettled[peer.origin.sender]
        return through_show

    def _reply_default(self, query: ValueQuery, peer: Peer) -> None:
        """Answer for one of many values, none of which has been set. Raises Rejected if there is no such cue."""
        found = resolve(query.name)
        if found is None or _is_cue_name(query.name):
            raise Rejected("there is no cue with this number.")
        self._reply(peer, self._wire(query.name, query.address, found[0].default))

    def _bundle(
        self,
        packet: Packet,
        messages: tuple[SetParam | Trigger | Query, ...],
        ahead: float | None,
        peer: Peer,
        now: float,
    ) -> None:
        """Pass a bundle on as a whole: at its time if that is within the horizon, otherwise at once with an error."""
        if ahead is not None and packet.messages:
            self._check_clock(peer, ahead, now)
        seconds = ahead or 0.0
        if len(messages) > MAX_MESSAGES:
            self.reject(peer, BUNDLE, Rejected(f"the bundle expands to more than {MAX_MESSAGES} messages."), now)
        elif messages and 0.0 < seconds <= HORIZON_SECONDS:
            try:
                self._scheduler.add(Bundle(messages), now + seconds)
            except Rejected as error:
                self.reject(peer, BUNDLE, error, now)
        elif messages:
            self._pass_on(Bundle(messages), now)
            if seconds > 0.0:
                reason = f"the time tag is {seconds:.0f} s ahead, more than {HORIZON_SECONDS:.0f} s: applied now."
                self.reject(peer, BUNDLE, Rejected(reason), now)

    def _check_clock(self, peer: Peer, ahead: float, now: float) -> None:
        """Tell a sender whose time tags are always ahead, and the operator, that its clock is wrong."""
        offset = self._offsets.note(peer.host, ahead, now)
        if offset is not None and self._access.allows(peer, now):
            late = f"{offset:.1f} s ahead: everything it sends is delayed by that"
            self.reject(peer, BUNDLE, Rejected(f"the clock of {peer.host} is {late}."), now)
            self._notice(f"The clock of {peer.host} is {late}. Set its clock, or send no time tags.")

    def _pass_on(self, message: SetParam | Trigger | Query | Bundle, now: float) -> None:
        messages = message.messages if isinstance(message, Bundle) else (message,)
        if any(isinstance(each, Trigger) and each.name in ("panic", "panicInTime") for each in messages):
            self._scheduler.clear()
        try:
            self._send(message)
        except Rejected as error:
            peer = from_origin(messages[0].origin)
            if peer is not None:
                self.reject(peer, address_of(messages[0].name), error, now)

    # -- commands to the server -------------------------------------------------------------------------------------

    def _run_verb(self, verb: str, args: tuple[Value, ...], peer: Peer, ahead: float | None, now: float) -> None:
        if verb == "ping":
            self._pong(args, peer, ahead, now)
            return
        if verb == "connect":
            self._access.connect(peer, joined(args), now)
            self._reply(peer, write(address_of("connect"), 1))
            return
        self._access.check(peer, now)
        numbers = [_finite(arg) for arg in args if not isinstance(arg, str)]
        match verb:
            case "subscribe":
                patterns = tuple(arg for arg in args if isinstance(arg, str))
                target = self._target(peer, numbers)
                hz = numbers[1] if len(numbers) > 1 else MAX_HZ
                self.subscriptions.subscribe(target, peer.origin, hz, patterns, self.readings, now)
            case "unsubscribe":
                self.subscriptions.unsubscribe(peer.origin, int(numbers[0]) if numbers else None)
            case "renew":
                self.subscriptions.expire(now)
                self.subscriptions.renew(peer.origin, now)
                self._reply(peer, write(address_of("renew"), LEASE_SECONDS))
            case "why":
                self._why(peer, now)

    def _pong(self, args: tuple[Value, ...], peer: Peer, ahead: float | None, now: float) -> None:
        """Answer a ping, with its number if it has one, and with what the show knows about the sender."""
        if self._access.allows(peer, now):
            offset = self._offsets.offset(peer.host) if ahead is None else ahead
            facts: dict[str, Value] = {
                "address": peer.origin.peer,
                "offset": float(offset),
                "passcode": 1 if self._osc.passcode else 0,
                "subscriptions": len(self.subscriptions.endpoints(peer.origin)),
            }
            for name, fact in facts.items():
                self._reply(peer, write(f"{PONG}/{name}", fact))
        self._reply(peer, write(PONG, *(float(arg) for arg in args[:1] if not isinstance(arg, str))))

    def _why(self, peer: Peer, now: float) -> None:
        """Tell the latest messages: seconds ago, sender, message, and why it was refused."""
        for each in self.log.messages:
            said = f"{each.address} {each.arguments}".rstrip()
            verdict = f"refused: {each.reason}" if each.reason else "taken"
            self._reply(peer, write(WHY, f"{now - each.at:.1f} s ago", each.sender, said, verdict))

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


def _is_cue_name(name: str) -> bool:
    return name not in PARAMS and name.startswith("cue/")


def _finite(value: bool | int | float) -> float:
    if not math.isfinite(value):
        raise Rejected("the numbers must be finite.")
    return float(value)
