"""Walls in step as a control surface: it sends what this show does, or passes on what another one does."""

from __future__ import annotations

import math
import socket
import threading
import time
import traceback
from abc import ABC, abstractmethod
from dataclasses import replace
from ipaddress import ip_address

from installation.control.interface import ControlSurface, SurfaceContext, SurfaceSpec
from installation.control.walls.clock_offset import ClockOffset
from installation.control.walls.datagrams import BadDatagram, Datagram, Frame, Ping, Pong, Seal, State
from installation.control.walls.settings import KIND, WallsSettings, address
from installation.control.walls.sockets import follower_socket, leader_socket
from installation.core import clock
from installation.core.errors import Rejected
from installation.core.messages import Changed, Direction, Feedback, Lead, Origin, SetParam, Trigger, Value
from installation.core.worker_status import SurfaceFigures

ORIGIN = Origin(KIND)
FOLLOWED = ("blackout", "master/opacity", "caption/opacity")  # values that all walls share
RETRY_SECONDS = 5.0  # between two attempts to open the port
WAIT_SECONDS = 0.1  # for a datagram
PING_SECONDS = 0.5
FAILURE_SECONDS = 10.0  # that the operator reads of a message that could not be used
SILENCE_SECONDS = 3.0  # after which the leader counts as lost
FAR_SECONDS = 3.0  # how far from now a frame may be due
MAX_OFFSET_SECONDS = 0.02  # between two clocks, before the operator is told
MAX_DATAGRAM = 65_535


class _Walls(ABC):
    """What a leader and a follower have in common: a socket, and a thread that reads it."""

    def __init__(self, settings: WallsSettings, context: SurfaceContext) -> None:
        self._settings, self._context = settings, context
        self._seal = Seal(settings.passcode)
        self._only_here = ip_address(settings.interface).is_loopback
        self._socket: socket.socket | None = None
        self._reason = self._failure = ""
        self._failed_at = -math.inf
        self._messages = self._malformed = 0
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name=KIND, daemon=True)

    def start(self) -> None:
        """Open the port and read it, in a thread."""
        self._thread.start()

    @abstractmethod
    def feedback(self, message: Feedback) -> None:
        """Take a message from the show."""

    def figures(self) -> SurfaceFigures:
        """Counts since the start."""
        port = self._settings.port if self._socket else 0
        return SurfaceFigures(KIND, self._problem, port, messages=self._messages, malformed=self._malformed)

    def handover(self) -> None:
        """The next process hears the leader again within a second."""
        return

    def stop(self) -> None:
        """End the thread and close the socket."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join(RETRY_SECONDS)

    def hears(self, host: str) -> bool:
        """Walls of one machine may have no passcode: others in the network are not heard then."""
        return not self._only_here or ip_address(host).is_loopback

    @abstractmethod
    def _open(self) -> socket.socket:
        """Open the port. Raises OSError."""

    @abstractmethod
    def _take(self, message: Datagram, sender: tuple[str, int]) -> None:
        """Act on a datagram with a valid seal."""

    @abstractmethod
    def _turn(self) -> None:
        """Do what is due, a few times a second."""

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                with self._open() as opened:
                    opened.settimeout(WAIT_SECONDS)
                    self._socket, self._reason = opened, ""
                    self._read(opened)
            except OSError as error:
                self._reason = f"Walls in step: port or network of [[surface]] kind 'walls': {error.strerror}."
            self._socket = None
            self._stopped.wait(RETRY_SECONDS)

    def _read(self, opened: socket.socket) -> None:
        while not self._stopped.is_set():
            try:
                data, sender = opened.recvfrom(MAX_DATAGRAM)
            except (TimeoutError, ConnectionError):  # Windows tells here that an earlier datagram found nobody
                data = b""
            if data and self.hears(sender[0]):
                self._hear(data, sender)
            self._turn()

    def _hear(self, data: bytes, sender: tuple[str, int]) -> None:
        self._messages += 1
        try:
            self._take(self._seal.read(data), sender)
        except BadDatagram:
            self._malformed += 1
        except Exception as error:  # noqa: BLE001 -- the wall hears the next one, and the operator reads what is wrong
            failure = f"Walls in step: a message could not be used ({type(error).__name__}: {error})."
            if failure != self._failure:
                traceback.print_exception(error)
            self._failure, self._failed_at = failure, clock.now()

    @property
    def _problem(self) -> str:
        """What is wrong with the network, or was with a message a moment ago."""
        lately = clock.now() < self._failed_at + FAILURE_SECONDS
        return self._reason or (self._failure if lately else "")

    def _send(self, message: Datagram, place: tuple[str, int]) -> None:
        """Send a datagram; one that the network does not take is lost, as on any other way."""
        if opened := self._socket:
            try:
                opened.sendto(self._seal.write(message), place)
            except OSError as error:
                self._reason = f"Walls in step: {place[0]}:{place[1]} cannot be reached: {error.strerror}."
            else:
                self._reason = ""


class Leader(_Walls):
    """Sends frames as latents, and what else the walls share."""

    def __init__(self, settings: WallsSettings, context: SurfaceContext) -> None:
        super().__init__(settings, context)
        self._places = [address(place) for place in settings.to]
        self._session, self._number = int(1000 * time.time()), 0
        self._state = State(self._session, 0, values={name: context.values.get(name, 0.0) for name in FOLLOWED})
        self._state = replace(self._state, panic=context.values.get("mode") == "panic")

    def lead(self, message: Lead) -> None:
        """Send a frame, or a Direction."""
        if isinstance(message, Direction):
            prompts, fade = message.prompts, message.fade_seconds
            self._tell(
                replace(self._state, take=message.take, prompts=prompts, fade_seconds=fade, paused=message.paused)
            )
            return
        show_at = message.show_at + time.time() - clock.now() + self._settings.lead_seconds
        self._number += 1
        self._send_all(Frame(self._session, self._number, replace(message, show_at=show_at)))

    def feedback(self, message: Feedback) -> None:
        """Send a value that all walls share."""
        match message:
            case Changed(name, value) if name in FOLLOWED:
                self._tell(replace(self._state, values=self._state.values | {name: value}))
            case Changed("mode", mode) if (mode == "panic") != self._state.panic:
                self._tell(replace(self._state, panic=mode == "panic"))

    def _tell(self, state: State) -> None:
        self._number += 1
        self._state = replace(state, number=self._number)
        self._send_all(self._state)

    def _send_all(self, message: Frame | State) -> None:
        try:
            for place in self._places:
                self._send(message, place)
        except ValueError as error:
            self._reason = f"Walls in step: {error}."

    def _open(self) -> socket.socket:
        return leader_socket(self._settings)

    def _take(self, message: Datagram, sender: tuple[str, int]) -> None:
        if isinstance(message, Ping):
            self._send(Pong(message.number, message.sent, time.time()), sender)

    def _turn(self) -> None:
        """Nothing is due: a leader sends when its show does something."""


class Follower(_Walls):
    """Passes on what the leader does, and compares clocks with it."""

    def __init__(self, settings: WallsSettings, context: SurfaceContext) -> None:
        super().__init__(settings, context)
        self._clock = ClockOffset()
        self._leader: tuple[str, int] | None = None
        self._session = self._frame_number = self._state_number = -1
        self._heard_at = -math.inf
        self._take_shown = -1  # of the latest frame
        self._pending: State | None = None  # waits for the first frame of its take
        self._values: dict[str, Value] = {}  # as the leader has them
        self._panic = False
        self._pinged_at = -math.inf
        self._told = False  # that the clocks differ

    def feedback(self, message: Feedback) -> None:
        """Send nothing: only the leader tells what its show does."""

    def figures(self) -> SurfaceFigures:
        """Counts since the start, and how far the clocks are apart."""
        best = self._clock.best
        lost = clock.now() > self._heard_at + SILENCE_SECONDS and self._socket is not None
        reason = self._problem or ("No leader is heard: this wall plays by itself." if lost else "")
        return replace(super().figures(), reason=reason, port=0, clock_offset=best.offset if best else 0.0)

    def _open(self) -> socket.socket:
        self._heard_at = clock.now()  # it has its time to be heard
        return follower_socket(self._settings)

    def _take(self, message: Datagram, sender: tuple[str, int]) -> None:
        now = clock.now()
        match message:
            case Frame(session, number, latents) if self._is_new(session, number, self._frame_number, sender, now):
                self._frame_number = number
                self._take_shown = latents.take
                self._apply_pending()
                self._context.follow(replace(latents, show_at=self._due(latents.show_at, now)))
            case State(session, number) if self._is_new(session, number, self._state_number, sender, now):
                self._state_number = number
                self._pending = message
                self._share(message)
                if message.take == self._take_shown or self._take_shown < 0:
                    self._apply_pending()
            case Pong(_, sent, answered) if sender == self._leader:
                self._clock.add(sent, answered, time.time())
                self._tell_offset()

    def _is_new(self, session: int, number: int, last: int, sender: tuple[str, int], now: float) -> bool:
        """Whether a message is the latest of the leader; another leader counts once this one is silent."""
        if session != self._session:
            if session < self._session and now < self._heard_at + SILENCE_SECONDS:
                return False
            self._session, self._frame_number, self._state_number, self._take_shown = session, -1, -1, -1
            last = -1
        if sender != self._leader:
            self._leader = sender
            self._clock.clear()
        if number <= last:
            return False
        self._heard_at = now
        return True

    def _due(self, show_at: float, now: float) -> float:
        """When a frame is shown here, in seconds of `clock.now`."""
        best = self._clock.best
        due = show_at + (best.offset if best else 0.0) - (time.time() - now)
        return min(max(due, now - FAR_SECONDS), now + FAR_SECONDS)

    def _apply_pending(self) -> None:
        """Take the leader's words with the first frame that shows them after a hard cut."""
        if self._pending and self._take_shown in (-1, self._pending.take):
            self._context.follow(self._pending.direction)
            self._pending = None

    def _share(self, state: State) -> None:
        """Take the values that all walls share, where the leader has changed them."""
        for name in FOLLOWED:
            if name in state.values and state.values[name] != self._values.get(name):
                self._set(SetParam(name, state.values[name], ORIGIN))
        self._values = dict(state.values)
        if state.panic != self._panic:
            self._panic = state.panic
            self._set(Trigger("panic" if state.panic else "reset", (), ORIGIN))

    def _set(self, message: SetParam | Trigger) -> None:
        try:
            self._context.send(message)
        except Rejected:
            self._values, self._panic = {}, False  # the next state brings it again

    def _turn(self) -> None:
        now = clock.now()
        if self._leader and now >= self._pinged_at + PING_SECONDS:
            self._pinged_at = now
            self._send(Ping(self._messages, time.time()), self._leader)

    def _tell_offset(self) -> None:
        best = self._clock.best
        if best and abs(best.offset) > MAX_OFFSET_SECONDS and not self._told:
            self._told = True
            side = "ahead of" if best.offset > 0 else "behind"
            self._context.notice(
                f"This clock is {1000 * abs(best.offset):.0f} ms {side} the leader's. The wall allows for it; "
                "chrony keeps clocks together."
            )


def _make(settings: WallsSettings, context: SurfaceContext) -> ControlSurface:
    return Leader(settings, context) if settings.role == "leader" else Follower(settings, context)


SPEC = SurfaceSpec(KIND, "several walls in step: a leader and its followers", WallsSettings, _make)
