"""OSC as a control surface: one thread that owns the sockets, around an `OscServer`."""

from __future__ import annotations

import errno
import math
import threading
import time

from installation.control.interface import SurfaceContext, SurfaceSpec
from installation.control.osc_server import OscHandover, OscServer
from installation.control.osc_sockets import OscSockets, resolve
from installation.control.peers import KIND, Peer, host_and_port
from installation.core import clock
from installation.core.errors import Rejected
from installation.core.mailbox import Mailbox
from installation.core.messages import Answer, Feedback, MessageRejected, Notice, feedback_key
from installation.core.worker_status import SurfaceFigures
from installation.show.settings import OscSettings

RETRY_SECONDS = 5.0  # between two attempts to open the port, or to resolve a fixed subscriber
MAX_REJECTIONS = 1024  # waiting for the thread; of a changed value only the latest waits


class OscSurface:
    """Serves OSC over UDP and TCP on one port."""

    def __init__(self, osc: OscSettings, context: SurfaceContext, retry_seconds: float = RETRY_SECONDS) -> None:
        """`retry_seconds`: between two attempts to open a port that another program uses."""
        left = context.handover if isinstance(context.handover, OscHandover) else None
        self._osc, self._context, self._retry_seconds = osc, context, retry_seconds
        self._server = OscServer(
            *(osc, context.values, context.send, clock.now(), left, context.listings, context.notice, context.refused)
        )
        self._sockets = OscSockets()
        self._feedback: Mailbox[Feedback | Peer] = Mailbox(MAX_REJECTIONS)
        self._handover = self._server.handover  # replaced by the thread, so that others never see it change
        self._stopped = threading.Event()
        self._open_at = -math.inf
        self._reason = ""
        self._thread = threading.Thread(target=self._run, name="osc", daemon=True)

    def start(self) -> None:
        """Open the port and serve it, in a thread."""
        self._open(clock.now())
        self._thread.start()
        if self._osc.subscribers:
            threading.Thread(target=self._resolve_subscribers, name="osc subscribers", daemon=True).start()

    def feedback(self, message: Feedback) -> None:
        """Pass a message from the show to the thread of the sockets; too many rejections are dropped."""
        mine = not isinstance(message, (Answer, MessageRejected)) or message.origin.source == KIND
        if mine and not isinstance(message, Notice):
            self._feedback.put(message, key=feedback_key(message))
        self._sockets.wake()

    def figures(self) -> SurfaceFigures:
        """Counts since the start."""
        counts = self._server.counts
        return SurfaceFigures(
            kind=KIND,
            reason=self._reason,
            port=self._sockets.port,
            subscribers=len(self._server.subscriptions),
            connections=len(self._sockets),
            messages=counts["packets"],
            malformed=counts["malformed"],
            rejected=counts["rejected"],
        )

    def handover(self) -> OscHandover:
        """The subscribers, and who has given the passcode."""
        return self._handover

    def stop(self) -> None:
        """End the thread and release the port."""
        self._stopped.set()
        self._sockets.wake()
        if self._thread.is_alive():
            self._thread.join(1.0)
        self._sockets.close()

    def _run(self) -> None:
        while not self._stopped.is_set():
            now = clock.now()
            self._open(now)
            due = now + self._server.wait(now) if self._sockets.port else self._open_at
            self._turn(max(0.0, min(due - now, self._retry_seconds)))

    def _turn(self, seconds: float) -> None:
        turn = self._sockets.turn(seconds)
        now, wall = clock.now(), time.time()
        self._take_feedback(now)
        for peer, data in turn.packets:
            self._server.receive(peer, data, now, wall)
        for peer, complaint in turn.complaints:
            self._server.reject(peer, "", Rejected(complaint), now)
        for peer in turn.gone:
            self._server.disconnected(peer)
        if self._sockets.port:  # otherwise feedback could not be sent
            self._server.tick(now)
        for peer, data in self._server.replies():
            self._sockets.send(peer, data)
        self._handover = self._server.handover

    def _take_feedback(self, now: float) -> None:
        for message in self._feedback.take(0.0):
            if isinstance(message, Peer):
                self._server.subscriptions.add_fixed(message, self._server.readings, now)
            else:
                self._server.feedback(message, now)

    def _open(self, now: float) -> None:
        """Open the port, or note why not and try again later."""
        if self._sockets.port or now < self._open_at:
            return
        try:
            self._sockets.open(self._osc.host, self._osc.port)
            self._reason = ""
        except OSError as error:
            self._reason = _sentence(error, self._osc)
            self._open_at = now + self._retry_seconds

    def _resolve_subscribers(self) -> None:
        """Resolve the hosts of the fixed subscribers, in a thread because that may take a minute.

        Repeats until all are found: a show often starts before the network does.
        """
        left, reported = self._osc.subscribers, False
        while left and not self._stopped.is_set():
            failed = {text: reason for text in left if (reason := self._resolve(text))}
            for text, reason in () if reported else failed.items():
                self._context.notice(f"osc.subscribers: no feedback to '{text}': {reason}")
            left, reported = tuple(failed), True
            self._stopped.wait(self._retry_seconds)

    def _resolve(self, text: str) -> str:
        """Pass one fixed subscriber on to the thread of the sockets; return why not, or ""."""
        try:
            host, port = host_and_port(text)
            peer = Peer(resolve(host)[1], port)
            self._feedback.put(peer, key=peer)
        except (Rejected, OSError) as error:
            return str(error)
        self._sockets.wake()
        return ""


def _sentence(error: OSError, osc: OscSettings) -> str:
    """Why the port cannot be opened, and what to do."""
    if error.errno == errno.EADDRINUSE:
        return f"Port {osc.port} is used by another program: no OSC. Choose another port with --set osc.port=N."
    if error.errno in (errno.EADDRNOTAVAIL, None) or not isinstance(error.errno, int) or error.errno < 0:
        return f"osc.host = '{osc.host}' is not an address of this machine; set it to one of its own."
    if error.errno == errno.EACCES:
        return f"This user may not open port {osc.port}; set osc.port to a number above 1023."
    return f"OSC cannot listen on {osc.host}:{osc.port}: {error.strerror}."


SPEC = SurfaceSpec(KIND, "Open Sound Control over UDP and TCP", OscSettings, OscSurface)
