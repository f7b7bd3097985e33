"""Who may do what over OSC: the passcode, limits of attempts, and answers that are no larger than their requests."""

from __future__ import annotations

import hmac
import math
from collections import OrderedDict

from installation.control.osc_codec import write
from installation.control.osc_dispatch import address_of
from installation.control.peers import Peer
from installation.control.rate_limit import RateLimit
from installation.core.errors import Rejected

AUTHORIZED_SECONDS = 12 * 3600.0  # of silence, until a host has to give the passcode again
ATTEMPTS_PER_SECOND = 1.0  # of each host; many hosts do not limit each other
MAX_HOSTS = 256

_ERROR = address_of("error")


class OscAccess:
    """The hosts that have given the passcode. A host counts with all its ports, until it is silent for 12 hours."""

    def __init__(self, passcode: str, now: float, hosts: tuple[tuple[str, float], ...] = ()) -> None:
        """`hosts`: who is authorised already, and when they were last heard; all if `passcode` is empty."""
        self._passcode = passcode
        self._hosts: OrderedDict[str, float] = OrderedDict(hosts)
        self._attempts = RateLimit(ATTEMPTS_PER_SECOND, math.inf, now)

    @property
    def hosts(self) -> tuple[tuple[str, float], ...]:
        """The authorised hosts and when they were last heard, the latest last."""
        return tuple(self._hosts.items())

    def allows(self, peer: Peer, now: float) -> bool:
        """Whether this peer may do everything; if so, its host counts as heard now."""
        if not self._passcode:
            return True
        heard = self._hosts.get(peer.host)
        if heard is None or now > heard + AUTHORIZED_SECONDS:
            return False
        self._note(peer.host, now)
        return True

    def check(self, peer: Peer, now: float) -> None:
        """Raise Rejected if this peer has to give the passcode first."""
        if not self.allows(peer, now):
            raise Rejected(f"a passcode is required: send it to {address_of('connect')}.")

    def connect(self, peer: Peer, passcode: str, now: float) -> None:
        """Authorise the host of this peer. Raises Rejected for a wrong passcode, or too many attempts."""
        if not self._attempts.take(peer.host, now):
            raise Rejected("only one passcode per second is checked.")
        given = passcode.encode(errors="replace")
        if self._passcode and not hmac.compare_digest(given, self._passcode.encode()):
            raise Rejected("wrong passcode.")
        self._note(peer.host, now)

    def _note(self, host: str, now: float) -> None:
        self._hosts[host] = now
        self._hosts.move_to_end(host)
        if len(self._hosts) > MAX_HOSTS:
            self._hosts.popitem(last=False)


def error_within(address: str, reason: str, size: int) -> bytes | None:
    """The most helpful error message of at most `size` bytes; None if there is none.

    Before login no answer is larger than its request: a forged sender address must not multiply traffic.
    """
    known = (write(_ERROR, address, reason), write(_ERROR, "", reason), write(_ERROR, "passcode"))
    return next((message for message in known if len(message) <= size), None)
