"""The desk's process: the sockets in its main thread, one thread to read main's pipe, one to write it."""

from __future__ import annotations

import errno
import math
import queue
import threading
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection

from installation.control.osc_server import ControlState, OscServer
from installation.control.osc_sockets import OscSockets, resolve
from installation.control.peers import Peer, host_and_port
from installation.core import clock
from installation.core.errors import Rejected
from installation.core.mailbox import ControlMailbox
from installation.core.messages import Changed, MessageRejected, Notice, Value, WorkerStatus
from installation.core.os_support import ignore_interrupts, name_process
from installation.show.settings import OscSettings

SIGN_SECONDS = 1.0
TURN_SECONDS = 0.005  # continuous values of so long reach main as one
MAX_NEWS = 4096


@dataclass(frozen=True)
class ControlConfig:
    """All that a desk needs to begin. `values`: the present ones, by name; main sends the changes."""

    osc: OscSettings
    values: dict[str, Value]
    retry_seconds: float = 5.0  # between tries to take a port that somebody else has
    memory: ControlState | None = None  # of the desk before this one


def run_control(connection: Connection, config: ControlConfig) -> None:
    """The desk's life, in a process of its own: ends when main closes its end of the pipe, or is gone."""
    name_process("control")
    ignore_interrupts()
    life = _Life(connection, config)
    try:
        life.run()
    finally:
        life.close()


class _Life:
    def __init__(self, connection: Connection, config: ControlConfig) -> None:
        self._pipe, self._osc, self._retry_seconds = connection, config.osc, config.retry_seconds
        self._outbox = ControlMailbox()
        self._desk = OscServer(config.osc, config.values, self._outbox, clock.now(), config.memory)
        self._sockets = OscSockets()
        self._news: queue.Queue[Changed | MessageRejected | Peer] = queue.Queue(MAX_NEWS)
        self._ended = threading.Event()
        self._open_at = self._sign_at = -math.inf
        self._reason = ""
        self._threads = [threading.Thread(target=work, daemon=True) for work in (self._read, self._write)]

    def run(self) -> None:
        """Turns until main is gone."""
        self._outbox.put(WorkerStatus("control", "starting"))
        for thread in self._threads:
            thread.start()
        if self._osc.subscribers:
            threading.Thread(target=self._find_subscribers, daemon=True).start()
        while not self._ended.is_set():
            now = clock.now()
            self._open(now)
            self._sign(now)
            due = now + self._desk.wait(now) if self._sockets.port else self._open_at
            self._turn(max(0.0, min(self._sign_at, due) - now))

    def close(self) -> None:
        """Gives the port back, and lets what waits for main go if main still takes it."""
        self._sockets.close()
        self._outbox.close()
        self._threads[1].join(1.0)

    def _turn(self, seconds: float) -> None:
        turn = self._sockets.turn(seconds)
        now, wall = clock.now(), time.time()
        while not self._news.empty():
            news = self._news.get()
            if isinstance(news, Peer):
                self._desk.feedback.fix(news, self._desk.values)
            else:
                self._desk.told(news, now)
        for peer, data in turn.packets:
            self._desk.receive(peer, data, now, wall)
        for peer, complaint in turn.complaints:
            self._desk.refuse(peer, "", Rejected(complaint), now)
        for peer in turn.gone:
            self._desk.gone(peer)
        if self._sockets.port:  # else nobody would hear it
            self._desk.tick(now)
        for peer, data in self._desk.replies():
            self._sockets.send(peer, data)

    def _find_subscribers(self) -> None:
        """Looks the fixed subscribers' hosts up, in a thread, since that may take a minute; again until all are found.

        A show often starts before the network does.
        """
        left, told = self._osc.subscribers, False
        while left and not self._ended.is_set():
            lost = {text: reason for text in left if (reason := self._find(text))}
            for text, reason in () if told else lost.items():
                self._say(f"osc.subscribers: '{text}' is told nothing: {reason}")
            left, told = tuple(lost), True
            self._ended.wait(self._retry_seconds)

    def _find(self, text: str) -> str:
        """Passes one fixed subscriber on to the socket's thread; returns why not, or ""."""
        try:
            host, port = host_and_port(text)
            self._news.put(Peer(resolve(host)[1], port))
        except (Rejected, OSError) as error:
            return str(error)
        self._sockets.wake()
        return ""

    def _say(self, sentence: str) -> None:
        try:
            self._outbox.put(Notice("control", sentence))
        except Rejected:
            return  # main takes nothing at the moment, and has worse to care for

    def _open(self, now: float) -> None:
        """Takes the port, or says why not and tries again later; the show goes on without."""
        if self._sockets.port or now < self._open_at:
            return
        try:
            self._sockets.open(self._osc.host, self._osc.port)
            self._reason = ""
        except OSError as error:
            self._reason = _sentence(error, self._osc)
            self._open_at = now + self._retry_seconds
        self._sign_at = now

    def _sign(self, now: float) -> None:
        if now < self._sign_at:
            return
        self._sign_at = now + SIGN_SECONDS
        if self._reason:
            self._outbox.put(WorkerStatus("control", "failed", {"reason": self._reason}))
            return
        figures = {
            "port": self._sockets.port,
            "subscribers": len(self._desk.feedback),
            "connections": len(self._sockets),
            "memory": self._desk.memory,
            **self._desk.figures,
        }
        self._outbox.put(WorkerStatus("control", "running", figures))

    def _read(self) -> None:
        """The reader's thread. When too much news waits, main's own writer is made to wait, which is bounded too."""
        try:
            while True:
                self._news.put(self._pipe.recv())
                self._sockets.wake()
        except (EOFError, OSError):
            self._end()

    def _write(self) -> None:
        """The writer's thread: the only one that a stopped main can hold up."""
        try:
            while messages := self._outbox.take():
                for message in messages:
                    self._pipe.send(message)
                self._ended.wait(TURN_SECONDS)
        except OSError:
            self._end()

    def _end(self) -> None:
        self._ended.set()
        self._sockets.wake()


def _sentence(error: OSError, osc: OscSettings) -> str:
    if error.errno == errno.EADDRINUSE:
        taken = f"port {osc.port} (UDP and TCP) is taken by another program"
        return f"{taken}; the show goes on without OSC, or with --set osc.port=N."
    if error.errno in (errno.EADDRNOTAVAIL, None) or not isinstance(error.errno, int) or error.errno < 0:
        return f"osc.host = '{osc.host}' is no address of this machine; set osc.host to one of its own."
    if error.errno == errno.EACCES:
        return f"port {osc.port} is not allowed to this user; set osc.port to one above 1023."
    return f"OSC cannot be heard on {osc.host}:{osc.port}: {error.strerror}."
