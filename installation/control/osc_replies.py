"""What goes back to OSC peers: answers, rejections within rate limits, and the log that `/laterna/why` tells."""

from __future__ import annotations

from collections.abc import Callable

from installation.control.message_log import MessageLog
from installation.control.osc_access import OscAccess, error_within
from installation.control.osc_codec import write
from installation.control.osc_dispatch import ROOT, UnknownAddress, address_of
from installation.control.peers import Peer
from installation.control.rate_limit import RateLimit
from installation.control.subscriptions import Subscriptions
from installation.core.errors import Rejected
from installation.core.messages import MessageRejected, Value
from installation.core.params import resolve

ERROR = address_of("error")
ERRORS_PER_SECOND = 10.0  # to each peer; five times that to each host, a hundred times that in all
SUGGESTIONS_PER_SECOND = 20.0  # in all: finding the closest of all addresses is slow
MAX_NAMED = 255  # characters of an address that is named in an error


class OscReplies:
    """Collects the packets to send."""

    def __init__(
        self, access: OscAccess, subscriptions: Subscriptions, refused: Callable[[MessageRejected], None], now: float
    ) -> None:
        """`refused`: tells the operator's surfaces what was refused here, before it reached the show."""
        self.log = MessageLog()
        self.rejected = 0  # messages
        self._access, self._subscriptions, self._refused = access, subscriptions, refused
        self._errors = RateLimit(ERRORS_PER_SECOND, 100 * ERRORS_PER_SECOND, now)
        self._host_errors = RateLimit(5 * ERRORS_PER_SECOND, 100 * ERRORS_PER_SECOND, now)
        self._suggestions = RateLimit(SUGGESTIONS_PER_SECOND, SUGGESTIONS_PER_SECOND, now)
        self._packets: list[tuple[Peer, bytes]] = []

    def __len__(self) -> int:
        return len(self._packets)

    def take(self) -> list[tuple[Peer, bytes]]:
        """Take out the packets."""
        packets, self._packets = self._packets, []
        return packets

    def limit(self, first: int, size: int) -> None:
        """Of the packets from `first` on, keep at most one, of at most `size` bytes."""
        self._packets[first:] = [packet for packet in self._packets[first:] if len(packet[1]) <= size][:1]

    def send(self, peer: Peer, data: bytes) -> None:
        """Send to this peer alone."""
        self._packets.append((peer, data))

    def reply(self, peer: Peer, data: bytes) -> None:
        """Send to the peer, and to the ports where the same peer has subscribed."""
        for each in dict.fromkeys((peer, *self._subscriptions.endpoints(peer.origin))):
            self.send(each, data)

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
        self.rejected += 1
        if not (self._errors.take(peer, now) and self._host_errors.take(peer.host, now)):
            return
        named, known = address[:MAX_NAMED], self._access.allows(peer, now)
        suggests = not isinstance(reason, UnknownAddress) or (known and self._suggestions.take("", now))
        sentence = str(reason) if suggests else "unknown address."
        self.log.note(peer.origin.peer, named, args, sentence, now)
        if known and not by_show:
            self._refused(MessageRejected(peer.origin, named.removeprefix(ROOT), sentence))
        if known:
            self.reply(peer, write(ERROR, named, sentence))
        elif request_size and (error := error_within(named, sentence, request_size)):
            self.send(peer, error)


def value_packet(name: str, address: str, value: Value) -> bytes:
    """The message that tells a value, with the type of its parameter."""
    found = resolve(name)
    return write(address, float(value) if found and found[0].kind == "float" else value)
