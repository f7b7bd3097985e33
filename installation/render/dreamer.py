"""The process of dreams, at the other end of a `DreamProcess`: does what it is told, and pieces of work meanwhile."""

from __future__ import annotations

import gc
import pickle
import threading
import time
import traceback
from concurrent.futures import Future, ThreadPoolExecutor
from multiprocessing.connection import Connection
from typing import Any

from installation.core.errors import LaternaError
from installation.core.os_support import end_with_parent, ignore_stop_signals, lower_priority, name_process
from installation.models.capabilities import MixedPrecision, Truncatable
from installation.render.dream_messages import Answer, DreamState, Failed, Finished, Piece
from installation.render.frame_budget import MAX_STEP_RATE
from installation.render.interfaces import DreamProtocol, RendererConfig
from installation.render.loading import load_dream_factory, load_generator

NICENESS = 10  # below the renderer, which is below the stage
IDLE_SECONDS = 0.01  # between two pieces of a dream that has nothing to do
SHORT_SECONDS = 0.0005  # a piece that takes less had nothing to do


def main(connection: Connection) -> None:
    """Run the process at the other end of a `DreamProcess`, until that closes or is gone."""
    name_process("dreams")
    ignore_stop_signals(helper=True)
    end_with_parent()
    dreamer = Dreamer(connection)
    try:
        dreamer.serve()
    except (EOFError, OSError):  # the renderer is gone, and needs no answer
        return
    except Exception as error:  # noqa: BLE001 -- the outermost function of a process: the renderer raises it
        dreamer.send(Failed(_sendable(error)))


def _sendable(error: Exception) -> Exception:
    """An exception that can be pickled; one that is not meant for the operator has its traceback as a note."""
    if not isinstance(error, LaternaError):
        error.add_note("".join(traceback.format_exception(error)))
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:  # noqa: BLE001 -- whatever an exception of a library does when it is pickled
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error


class Dreamer:
    """The other end: does what it is told, and pieces of work while it runs."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._sending = threading.Lock()
        self._dream: DreamProtocol | None = None
        self._running = False
        self._next_step_at = 0.0

    def send(self, message: object) -> None:
        """Send a message; from any thread."""
        with self._sending:
            self._connection.send(message)

    def serve(self) -> None:
        """Load, then go on until the other end is closed. Raises EOFError or OSError then, and what the work raises."""
        gc.disable()  # loading leaves no garbage
        config: RendererConfig = self._connection.recv()
        self._max_step_rate = config.dream.steps_per_second or MAX_STEP_RATE
        self._generator = generator = load_generator(config)
        self._factory = load_dream_factory(config, generator)
        self.send(Answer(None, None))
        lower_priority(NICENESS)  # only now, so that the first words do not wait for long
        with ThreadPoolExecutor(1, "loading") as background:
            background.submit(self._factory.finish_loading).add_done_callback(self._finish)
            while True:
                self._turn()

    def _finish(self, loading: Future[None]) -> None:
        gc.freeze()  # later collections need not search the models
        gc.enable()
        error = loading.exception()
        self.send(Finished(_sendable(error) if isinstance(error, Exception) else None))

    def _turn(self) -> None:
        """Do what was asked for, or a piece of work."""
        if self._running and self._dream is not None:
            wait = max(self._next_step_at - time.monotonic(), 0.0)
            if not self._connection.poll(wait):
                self._work(self._dream)
                return
        name, arguments = self._connection.recv()
        self._running = name == "run"
        if not self._running:
            value = self._done(name, arguments)
            self.send(Answer(value, self._state()))

    def _work(self, dream: DreamProtocol) -> None:
        began = time.monotonic()
        optimised = dream.step()
        ended = time.monotonic()
        state = self._state()
        if state is not None:
            self.send(Piece(optimised, ended - began, state))
        self._next_step_at = ended
        if optimised:
            self._next_step_at = began + 1.0 / self._max_step_rate
        elif ended - began < SHORT_SECONDS:
            self._next_step_at = ended + IDLE_SECONDS

    def _done(self, name: str, arguments: tuple[Any, ...]) -> Any:
        """Do what has a name, and return what it returns."""
        if name == "dream":
            self._dream = self._factory.dream(*arguments)
        elif name == "attract_point":
            return self._factory.attract_point(*arguments)
        elif name == "set_truncation":
            if isinstance(self._generator, Truncatable):
                self._generator.set_truncation(*arguments)
        elif name != "hold" and self._dream is not None:
            return getattr(self._dream, name)(*arguments)
        return None

    def _state(self) -> DreamState | None:
        dream, generator = self._dream, self._generator
        if dream is None:
            return None
        mixed = generator if isinstance(generator, MixedPrecision) else None
        notices = dream.pop_notice(), mixed.notice() if mixed else ""
        return DreamState(
            point=dream.point(),
            steps=dream.steps,
            score=dream.score,
            start_score=dream.start_score,
            optimises=dream.optimises,
            cutouts=dream.cutouts,
            most_cutouts=dream.most_cutouts,
            notice=" ".join(filter(None, notices)),
            precision=mixed.precision if mixed else "",
        )
