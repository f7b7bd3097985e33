"""The OSC protocol state: packets in, messages to the show and replies out. No sockets; time is an argument."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from installation.control.bundle_scheduler import HORIZON_SECONDS, BundleScheduler, ClockOffsets
from installation.control.osc_access import OscAccess
from installation.control.osc_codec import MAX_MESSAGES, Malformed, Message, Packet, read, write
from installation.control.osc_dispatch import ROOT, VERBS, ValueQuery, address_of, always_open, interpret
from installation.control.osc_repetitions import OscRepetitions
from installation.control.osc_replies import ERROR, OscReplies, value_packet
from installation.control.osc_values import OscValues
from installation.control.osc_verbs import PONG, OscVerbs
from installation.control.peers import Peer, from_origin
from installation.control.subscriptions import LEASE_SECONDS, Lease, Subscriptions
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
from installation.core.params import MODES
from installation.core.worker_status import Handover
from installation.show.settings import OscSettings

GOODBYE = address_of("goodbye")
UNANSWERED = (ERROR, GOODBYE)  # two servers would answer each other for ever
BUNDLE = "#bundle"  # stands for the address where a whole bundle is rejected
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
        self.subscriptions = Subscriptions()
        self._packets = self._malformed = 0
        self._send, self._notice = send, notice
        self._access = OscAccess(osc.passcode, now, handover.hosts if handover else ())
        self._scheduler, self._offsets = BundleScheduler(), ClockOffsets()
        self._repetitions = OscRepetitions()
        self._replies = OscReplies(self._access, self.subscriptions, refused, now)
        self._values = OscValues(values, self._replies, now)
        self._verbs = OscVerbs(osc, self._access, self.subscriptions, self._values, self._replies, self._offsets)
        for listing in listings:
            self._values.take_listing(listing)
        if handover:
            self.subscriptions.restore(handover.leases, self._values.by_name)

    @property
    def handover(self) -> OscHandover:
        """What the next server starts from; TCP connections end with this one."""
        return OscHandover(self.subscriptions.leases, self._access.hosts)

    @property
    def counts(self) -> dict[str, int]:
        """How many packets came, and how many messages were malformed or rejected."""
        return {"packets": self._packets, "malformed": self._malformed, "rejected": self._replies.rejected}

    @property
    def readings(self) -> dict[str, Value]:
        """All values but the names of the cues."""
        return self._values.readings

    # -- in ---------------------------------------------------------------------------------------------------------

    def receive(self, peer: Peer, data: bytes, now: float, wall: float) -> None:
        """Take a packet; whatever is wrong with it is answered, never raised. `wall`: Unix time (s), for time tags."""
        self._packets += 1
        self.subscriptions.heard_from(peer.host, now)
        known, first = self._access.allows(peer, now), len(self._replies)
        self._receive(peer, data, now, wall)
        if not known and not self._access.allows(peer, now):
            self._replies.limit(first, len(data))

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
                self._replies.reject(peer, message.address, error, now, message.args, len(data))
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
                    self._replies.reject(peer, address_of(name), Rejected(reason), now, by_show=True)
            case Answer(name, value, origin, address):
                peer = from_origin(origin)
                if peer is not None:
                    self._replies.reply(peer, value_packet(name, address, value))
            case Changed(name, value, origin):
                self._values.by_name[name] = value
                if name == "mode/index" and value == PANIC:
                    self._scheduler.clear()
                self.subscriptions.changed(name, value, origin)
            case QueueChanged() | CuesChanged() | SnapshotsChanged():
                self._values.take_listing(message)

    def disconnected(self, peer: Peer) -> None:
        """Forget a TCP connection that has ended, with its subscription."""
        self.subscriptions.forget(peer)

    # -- out --------------------------------------------------------------------------------------------------------

    def tick(self, now: float) -> None:
        """Pass on the bundles that are due, and collect the feedback that is due."""
        for bundle in self._scheduler.due(now):
            self._pass_on(bundle, now)
        if self.subscriptions.snapshot_due(now):
            self.subscriptions.refresh_fixed(self._values.readings, now)
        for peer, name, value in self.subscriptions.flush(now):
            self._replies.send(peer, value_packet(name, address_of(name), value))
        for peer in self.subscriptions.take_expired():
            goodbye = f"your subscription has ended after {LEASE_SECONDS:g} s; send {address_of('subscribe')}"
            self._replies.send(peer, write(GOODBYE, goodbye))

    def wait(self, now: float) -> float:
        """Seconds until `tick` has something to do; infinity if nothing is scheduled."""
        return min(self.subscriptions.wait(now), self._scheduler.wait(now))

    def replies(self) -> list[tuple[Peer, bytes]]:
        """Take out the packets to send."""
        return self._replies.take()

    def reject(self, peer: Peer, address: str, reason: Rejected, now: float) -> None:
        """Tell a peer why something of it was not taken, within the rate limit of its host."""
        self._replies.reject(peer, address, reason, now)

    def _reject_malformed(self, peer: Peer, error: Malformed, size: int, now: float) -> None:
        self._malformed += 1
        self._replies.reject(peer, error.address, error, now, (), size)

    # -- messages ---------------------------------------------------------------------------------------------------

    def _interpret(
        self, message: Message, peer: Peer, ahead: float | None, now: float
    ) -> list[SetParam | Trigger | Query]:
        """Answer what the server can answer itself; return the messages for the show. Raises Rejected."""
        name = message.address.removeprefix(ROOT)
        if message.address in UNANSWERED or message.address.startswith(PONG):
            return []
        if name in VERBS and message.address.startswith(ROOT):
            self._verbs.run(name, message.args, peer, ahead, now)
            return []
        actions = interpret(message.address, message.args, peer.origin)
        if not all(map(always_open, actions)) or not actions:
            self._access.check(peer, now)
        taken = self._repetitions.remove(message, actions, peer, now)
        queries = [each for each in taken if isinstance(each, ValueQuery)]
        settings = [each for each in taken if not isinstance(each, ValueQuery)]
        if settings:
            self._replies.log.note(peer.origin.peer, message.address, message.args, "", now)
            self._values.unsettle(peer.origin.sender)
        return [*settings, *self._values.answer(queries, peer, now)]

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
