"""Tells the service manager that the show runs (sd_notify): ready once, then alive while frames are presented."""

from __future__ import annotations

import os
import socket

PERIOD_SECONDS = 1.0


class ServiceNotify:
    """Does nothing where no service manager listens."""

    def __init__(self, address: str | None = None) -> None:
        """`address` of the socket; None: that of the environment, which workers then do not inherit."""
        self._address = os.environ.pop("NOTIFY_SOCKET", "") if address is None else address
        self._told = float("-inf")

    def presented(self, now: float) -> None:
        """Take note of a presented frame: at most once a second the watchdog is fed."""
        if self._address and now >= self._told + PERIOD_SECONDS:
            ready = "READY=1\n" if self._told == float("-inf") else ""
            self._told = now
            self._send(f"{ready}WATCHDOG=1")

    def stopping(self) -> None:
        """The show ends in order: recordings may take a minute."""
        self._send("STOPPING=1")

    def _send(self, text: str) -> None:
        if not self._address:
            return
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as client:
            client.setblocking(False)
            try:
                client.sendto(text.encode(), _socket_name(self._address))
            except BlockingIOError:  # the manager is busy; the next frame tells it
                self._told = float("-inf") if "READY" in text else self._told
            except OSError:  # it has gone; nobody listens any more
                self._address = ""


def _socket_name(address: str) -> str:
    """A leading @ stands for the zero byte of an abstract socket (sd_notify(3))."""
    return f"\0{address[1:]}" if address.startswith("@") else address
