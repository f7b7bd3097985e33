"""Dreams in a process of their own, so that a core paints frames while another one works on the dream.

Two threads of one process would not do: painting and dreaming call torch thousands of times a second, and each call
needs the interpreter's lock. A `DreamProcess` is a `DreamFactory`. Its process loads the same models; `run` lets it do
pieces of work until the next call of anything else, which first waits for the piece in flight. Each finished piece
brings the state of the dream with it, and `RemoteDream.step` takes them over one by one. So what a frame shows depends
on the pieces that were taken over before it, and a replay can do the same pieces at the same place.

The renderer waits for no process that is hung or stopped: every call may raise `DreamsLost`, after which the process
has to be closed. It never outlives the renderer: it ends with its pipe and, on Linux, is killed with its parent.
"""

from __future__ import annotations

import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence

from installation.core.errors import LaternaError
from installation.core.messages import Prompt, Value
from installation.core.os_support import (
    activity,
    available_memory,
    can_start_helpers,
    cores,
    cpu_seconds,
    is_worker_process,
    start_helper,
)
from installation.models import generator_spec
from installation.models.capabilities import MixedPrecision
from installation.models.interfaces import Generator, HostQueue, Point, WorkQueue
from installation.render import dreamer
from installation.render.dream_messages import Answer, DreamState, Failed, Finished, Piece
from installation.render.interfaces import DreamProtocol, RendererConfig

EXIT_SECONDS = 5.0
LOOK_SECONDS = 0.25  # between two looks at a process that is waited for
STOPPED_SECONDS = 1.0  # of silence, after which a process that has been stopped is given up
HUNG_SECONDS = 2.0  # of silence of one that waits, after which it is given up if it uses no processor time for as long
LOADING_SECONDS = 60.0  # the same while it is loading
LEAST_MEMORY = 2 << 30  # bytes that are available, for the models a second time


class DreamsLost(LaternaError):
    """The process of dreams has ended, or is hung or stopped, in one sentence."""


def has_process(config: RendererConfig) -> bool:
    """Whether dreams of a resolved config are to have a process of their own.

    A card works beside the host anyway; a single core does one thing at a time; a generator that reads words, or needs
    no torch, has no work to be done; and a worker that is a thread of main may have models that only main knows.
    """
    spec = generator_spec(config.models.generator)
    return (
        config.models.device == "cpu"
        and spec.needs_torch
        and not spec.reads_words
        and can_start_helpers()
        and is_worker_process()
        and cores() > 1
        and available_memory() > LEAST_MEMORY
    )


class RemoteDream:
    """A dream in another process, as it was after the last piece that was taken over; see `DreamProtocol`.

    Attributes:
        seconds: That this piece took.
    """

    def __init__(self, process: DreamProcess, prompt_id: int, state: DreamState) -> None:
        self.prompt_id = prompt_id
        self.seconds = 0.0
        self._process = process
        self._notices: list[str] = []
        self._take(state)

    def _take(self, state: DreamState) -> None:
        self._state = state
        self.steps, self.score, self.start_score = state.steps, state.score, state.start_score
        if state.notice:
            self._notices.append(state.notice)

    @property
    def optimises(self) -> bool:
        """See `DreamProtocol.optimises`."""
        return self._state.optimises

    @property
    def cutouts(self) -> int:
        """See `DreamProtocol.cutouts`."""
        return self._state.cutouts

    @property
    def most_cutouts(self) -> int:
        """See `DreamProtocol.most_cutouts`."""
        return self._state.most_cutouts

    def step(self) -> bool:
        """Take over the next piece of work, waiting for it if none is finished; see `DreamProtocol.step`."""
        piece = self._process.take_piece()
        self.seconds = piece.seconds
        self._take(piece.state)
        return piece.optimised

    def point(self) -> Point:
        """See `DreamProtocol.point`."""
        return self._state.point

    def set_prompts(self, prompts: Sequence[Prompt]) -> None:
        """See `DreamProtocol.set_prompts`."""
        self._change("set_prompts", tuple(prompts))

    def set_params(self, params: Mapping[str, Value]) -> None:
        """See `DreamProtocol.set_params`."""
        self._change("set_params", dict(params))

    def set_cutouts(self, cutouts: int) -> None:
        """See `DreamProtocol.set_cutouts`."""
        self._change("set_cutouts", cutouts)

    def related_classes(self) -> tuple[int, ...]:
        """See `DreamProtocol.related_classes`."""
        related: tuple[int, ...] = self._process.call("related_classes").value
        return related

    def pop_notice(self) -> str:
        """See `DreamProtocol.pop_notice`."""
        notice = " ".join(self._notices)
        self._notices.clear()
        return notice

    def _change(self, name: str, *arguments: object) -> None:
        state = self._process.call(name, *arguments).state
        if state is not None:
            self._take(state)


class DreamProcess:
    """Starts dreams in a process of its own; see `DreamFactory`. One dream at a time: a new one ends the one before.

    Only the thread that draws may call it, except for `load` before everything else, and `finish_loading`.

    Attributes:
        generator: The one that paints here, to which a loss of precision there is passed on; may be set later.
        meanwhile: What to do here while a dream is being started there.
        running: Whether it goes on with the dream.
    """

    def __init__(self, config: RendererConfig) -> None:
        """Start the process with a resolved config. Raises OSError."""
        self.queue: WorkQueue = HostQueue()
        self.generator: Generator | None = None
        self.meanwhile: Callable[[], None] | None = None
        self.running = False
        self._pieces: deque[Piece] = deque()  # finished, not taken over yet
        self._finished = threading.Event()
        self._not_loaded: Exception | None = None
        self._truncation: float | None = None  # that the process has
        self._heard = time.monotonic()  # when something came from it, was asked of it, or it was found at work
        self._cpu_seconds = 0.0  # that it had used when its silence was looked into
        self._process, self._connection = start_helper(dreamer.__name__)
        self._connection.send(config)

    def load(self) -> DreamProcess:
        """Wait until dreams can be started. Raises what loading the models raises."""
        while not isinstance(self._receive(LOADING_SECONDS), Answer):
            pass
        return self

    def dream(self, prompts: Sequence[Prompt], seed: int, params: Mapping[str, Value]) -> DreamProtocol:
        """See `DreamFactory.dream`."""
        self._ask("dream", tuple(prompts), seed, dict(params))
        if self.meanwhile:
            self.meanwhile()
        state = self._answer().state
        self._pieces.clear()  # of the dream before
        if state is None:
            raise ValueError("The process of dreams has not started a dream.")
        return RemoteDream(self, prompts[-1].id if prompts else 0, state)

    def attract_point(self, seed: int) -> Point:
        """See `DreamFactory.attract_point`."""
        point: Point = self.call("attract_point", seed).value
        return point

    def set_truncation(self, truncation: float) -> None:
        """Let the pictures that dreams look at have this truncation, as those that are painted here."""
        if truncation != self._truncation:
            self._truncation = truncation
            self.call("set_truncation", truncation)

    def finish_loading(self) -> None:
        """See `DreamFactory.finish_loading`: wait for it."""
        self._finished.wait()
        if self._not_loaded is not None:
            raise self._not_loaded

    def run(self) -> None:
        """Go on with the dream, piece by piece, until the next call."""
        if not self.running:
            self.running = True
            self._send("run")

    def hold(self) -> None:
        """Wait for the piece in flight; no other is begun before `run`."""
        if self.running:
            self.call("hold")

    @property
    def ready(self) -> bool:
        """Whether a finished piece can be taken over, without waiting."""
        self.poll()
        return bool(self._pieces)

    def poll(self) -> None:
        """Receive what has been sent, without waiting."""
        while self._connection.poll():
            self._receive()
        if self.running:
            self._watch(HUNG_SECONDS)

    def take_piece(self) -> Piece:
        """Return the next finished piece, after waiting for it."""
        while not self._pieces:
            self._receive()
        piece = self._pieces.popleft()
        generator = self.generator
        if isinstance(generator, MixedPrecision) and piece.state.precision not in ("", generator.precision):
            generator.use_full_precision()
        return piece

    def call(self, name: str, *arguments: object) -> Answer:
        """Have something done between two pieces, and wait for the answer. Raises what it raises there."""
        self._ask(name, *arguments)
        return self._answer()

    def _ask(self, name: str, *arguments: object) -> None:
        self.running = False
        self._send(name, *arguments)

    def _answer(self) -> Answer:
        while True:
            message = self._receive()
            if isinstance(message, Answer):
                return message

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait(EXIT_SECONDS)
        self._finished.set()

    def _send(self, name: str, *arguments: object) -> None:
        self._heard = time.monotonic()
        try:
            self._connection.send((name, arguments))
        except OSError:
            self._receive_rest()

    def _receive_rest(self, allowed: float = HUNG_SECONDS) -> None:
        """Receive until the process says why it ended."""
        while True:
            self._receive(allowed)

    def _watch(self, allowed: float) -> None:
        """Raise DreamsLost if the process is silent and will hardly speak again: one that is slow is waited for."""
        now = time.monotonic()
        silent = now - self._heard
        if silent < min(allowed, STOPPED_SECONDS):
            return
        doing = activity(self._process.pid)
        if silent < allowed and doing != "stopped":
            return
        used = cpu_seconds(self._process.pid)
        if doing == "stopped" or (doing == "waiting" and used == self._cpu_seconds):
            raise DreamsLost(f"The process of dreams has not answered for {silent:.0f} s; it is started again.")
        self._cpu_seconds, self._heard = used, now

    def _exit_status(self) -> int:
        """Wait until the process has ended, for a moment; then kill it."""
        try:
            return self._process.wait(STOPPED_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait(EXIT_SECONDS)

    def _receive(self, allowed: float = HUNG_SECONDS) -> object:
        try:
            while not self._connection.poll(LOOK_SECONDS):
                self._watch(allowed)
            message = self._connection.recv()
        except (EOFError, OSError):
            ended = self._exit_status()
            raise DreamsLost(
                f"The process of dreams has ended with exit status {ended}; it is started again."
            ) from None
        self._heard = time.monotonic()
        if isinstance(message, Piece):
            self._pieces.append(message)
        elif isinstance(message, Finished):
            self._not_loaded = message.error
            self._finished.set()
        elif isinstance(message, Failed):
            raise message.error
        return message
