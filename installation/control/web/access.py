"""Who may do what: the passcode, signed cookies, attempts, and which hosts and origins a request may name.

Pure: no sockets, no clock; time is an argument in seconds of `clock.now`.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import math
import secrets
import socket
from collections import OrderedDict
from urllib.parse import urlsplit

FREE_ATTEMPTS = 5  # wrong passcodes from one address before it has to wait
LONGEST_WAIT_SECONDS = 60.0
MAX_ADDRESSES = 1024  # whose attempts are remembered; the one that has been silent longest is forgotten
SECRET_BYTES = 32


def new_secret() -> bytes:
    """A key for signatures. It is handed over from one control worker to the next, so that nobody logs in twice."""
    return secrets.token_bytes(SECRET_BYTES)


class Signer:
    """Signs the text of a cookie with HMAC-SHA256, so that nobody can make one up."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def sign(self, text: str) -> str:
        """Return the text with its signature."""
        return f"{text}.{self._signature(text)}"

    def verify(self, signed: str) -> str | None:
        """Return the text, or None if the signature is not ours."""
        text, _, signature = signed.rpartition(".")
        same = hmac.compare_digest(signature.encode(errors="replace"), self._signature(text).encode())
        return text if text and same else None

    def _signature(self, text: str) -> str:
        return hmac.new(self._secret, text.encode(errors="replace"), hashlib.sha256).hexdigest()


class Passcode:
    """Compares passcodes in constant time, and makes an address wait that has given wrong ones.

    Attempts of one address never delay another one.
    """

    def __init__(self, passcode: str) -> None:
        self._digest = _digest(passcode)
        self.required = bool(passcode)
        self._wrong: OrderedDict[str, tuple[int, float]] = OrderedDict()  # (attempts, not before) by address

    def wait(self, address: str, now: float) -> float:
        """Seconds until this address may try again; 0 if it may try now."""
        return max(0.0, self._wrong.get(address, (0, -math.inf))[1] - now)

    def check(self, given: str, address: str, now: float) -> bool:
        """Whether the passcode is right. The caller asks `wait` first."""
        if hmac.compare_digest(_digest(given), self._digest):
            self._wrong.pop(address, None)
            return True
        attempts = self._wrong.pop(address, (0, 0.0))[0] + 1
        delay = min(2.0 ** (attempts - FREE_ATTEMPTS), LONGEST_WAIT_SECONDS) if attempts >= FREE_ATTEMPTS else 0.0
        self._wrong[address] = (min(attempts, 64), now + delay)
        if len(self._wrong) > MAX_ADDRESSES:
            self._wrong.popitem(last=False)
        return False


def _digest(text: str) -> bytes:
    """Of equal length for every text, so that the comparison does not tell the length either."""
    return hashlib.sha256(text.encode(errors="replace")).digest()


class Hosts:
    """The names under which this machine may be addressed.

    A web page of a stranger whose name resolves to this machine (DNS rebinding) comes with its own name, and is
    refused; an address in numbers cannot be rebound.
    """

    def __init__(self, *more: str) -> None:
        """`more`: further names, such as the one in the address of the audience page."""
        own = socket.gethostname().lower()
        self._names = {"localhost", own, own.partition(".")[0], f"{own.partition('.')[0]}.local", *map(str.lower, more)}

    def knows(self, host: str) -> bool:
        """Whether a Host header (`name:port`) names this machine."""
        try:
            name = (urlsplit(f"//{host}").hostname or "").lower()
        except ValueError:
            return False
        return name in self._names or name.endswith(".localhost") or _is_numeric(name)


def same_origin(origin: str | None, host: str) -> bool:
    """Whether a request comes from a page of this server. A program that is no browser sends no Origin."""
    return origin is None or urlsplit(origin).netloc.lower() == host.lower()


def _is_numeric(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
