"""OSC messages that the server itself answers: subscriptions, the passcode, `ping` and `why`."""

from __future__ import annotations

import math
from itertools import chain

from installation.control.bundle_scheduler import ClockOffsets
from installation.control.osc_access import OscAccess
from installation.control.osc_codec import write
from installation.control.osc_dispatch import address_of, joined
from installation.control.osc_replies import OscReplies
from installation.control.osc_values import OscValues
from installation.control.peers import Peer
from installation.control.subscriptions import LEASE_SECONDS, MAX_HZ, Subscriptions
from installation.core.errors import Rejected
from installation.core.messages import Value
from installation.show.settings import OscSettings

PONG, WHY = address_of("pong"), address_of("why")


class OscVerbs:
    """Carries out what peers ask of the server."""

    def __init__(
        self,
        osc: OscSettings,
        access: OscAccess,
        subscriptions: Subscriptions,
        values: OscValues,
        replies: OscReplies,
        offsets: ClockOffsets,
    ) -> None:
        self._osc, self._access, self._subscriptions = osc, access, subscriptions
        self._values, self._replies, self._offsets = values, replies, offsets

    def run(self, verb: str, args: tuple[Value, ...], peer: Peer, ahead: float | None, now: float) -> None:
        """Carry out one of `osc_dispatch.VERBS`; raises Rejected. `ahead`: seconds that its time tag is ahead of us."""
        if verb == "ping":
            self._pong(args, peer, ahead, now)
            return
        if verb == "connect":
            self._access.connect(peer, joined(args), now)
            self._replies.reply(peer, write(address_of("connect"), 1))
            return
        self._access.check(peer, now)
        numbers = [_finite(arg) for arg in args if not isinstance(arg, str)]
        match verb:
            case "subscribe":
                patterns = tuple(arg for arg in args if isinstance(arg, str))
                target = self._target(peer, numbers)
                hz = numbers[1] if len(numbers) > 1 else MAX_HZ
                self._subscriptions.subscribe(target, peer.origin, hz, patterns, self._values.readings, now)
            case "unsubscribe":
                self._subscriptions.unsubscribe(peer.origin, int(numbers[0]) if numbers else None)
            case "renew":
                self._subscriptions.expire(now)
                self._subscriptions.renew(peer.origin, now)
                self._replies.reply(peer, write(address_of("renew"), LEASE_SECONDS))
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
                "subscriptions": len(self._subscriptions.endpoints(peer.origin)),
            }
            for name, fact in facts.items():
                self._replies.reply(peer, write(f"{PONG}/{name}", fact))
        self._replies.reply(peer, write(PONG, *(float(arg) for arg in args[:1] if not isinstance(arg, str))))

    def _why(self, peer: Peer, now: float) -> None:
        """Tell the latest messages: seconds ago, sender, message, and why it was refused."""
        for each in self._replies.log.messages:
            said = f"{each.address} {each.arguments}".rstrip()
            verdict = f"refused: {each.reason}" if each.reason else "taken"
            self._replies.reply(peer, write(WHY, f"{now - each.at:.1f} s ago", each.sender, said, verdict))

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
