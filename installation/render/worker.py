"""The renderer as a process: Directions come over a pipe, frames go into the ring, and the rest is dream work.

A turn takes the messages, draws the frame that is due, or does one piece of dream work, or waits. Models come in the
order in which they are needed: the generator draws where the walk begins while the perceptor is still loading.
"""

from __future__ import annotations

import sys
import traceback
from concurrent.futures import Future, ThreadPoolExecutor
from multiprocessing.connection import Connection
from typing import Any

from installation.core import clock
from installation.core.errors import LaternaError
from installation.core.frame_ring import FrameRing
from installation.core.messages import Direction, FrameReady, Notice, WorkerStatus
from installation.core.os_support import be_nice, ignore_interrupts, name_process
from installation.models.interfaces import GraphCapturable
from installation.render.frame_budget import FrameBudget
from installation.render.interfaces import Dreamer, RendererConfig
from installation.render.loading import load_dreamer, load_generator, settled
from installation.render.renderer import RenderedFrame, Renderer

SIGN_SECONDS = 0.5  # between one sign of life and the next
CARD_STEPS = 240.0  # a second at most, on a graphics card: what is left of it after the frames
PAUSED_SECONDS = 1.0  # between frames while everything stands still


def run_renderer(connection: Connection, config: RendererConfig) -> None:
    """The outermost function of the renderer process. Ends when the pipe does; exit status 1 after a failure."""
    name_process("renderer")
    ignore_interrupts()
    be_nice()
    try:
        connection.send(WorkerStatus("renderer", "starting"))
        RenderLoop(connection, config).run()
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return  # main has hung up
    except Exception as error:  # noqa: BLE001 -- the one place where any failure becomes a message
        if not isinstance(error, LaternaError):
            traceback.print_exc()
        _tell_failure(connection, error)
        sys.exit(1)
    finally:
        connection.close()


def _tell_failure(connection: Connection, error: Exception) -> None:
    reason = str(error) if isinstance(error, LaternaError) else f"{type(error).__name__}: {error}"
    try:
        connection.send(WorkerStatus("renderer", "failed", {"reason": reason}))
    except OSError:
        print(reason, file=sys.stderr)  # nobody is left to be told


class RenderLoop:
    """A Renderer, its Governor and its ring, at one end of a pipe."""

    def __init__(self, connection: Connection, config: RendererConfig) -> None:
        self.connection = connection
        self.config = config = settled(config)
        steps = config.dream.steps_per_second or (CARD_STEPS if config.models.device.startswith("cuda") else 0.0)
        self.governor = FrameBudget(config.rate, config.dream.cutouts, steps)
        self.ring = FrameRing(config.ring)
        self.generator = load_generator(config)
        self.renderer = Renderer(config, self.generator)
        self._dreamer: Future[Dreamer] | None = None
        self._latest: Direction | None = config.direction  # not applied yet
        self._follows = -1  # the number of the Direction that frames follow; none yet
        self._steps = 0
        self._pieces = 0
        self._frame: RenderedFrame | None = None
        self._signed = 0.0

    def run(self) -> None:
        """Turns until the pipe ends. Raises EOFError then."""
        with ThreadPoolExecutor(1, "dreamer") as background:
            self._dreamer = background.submit(load_dreamer, self.config, self.generator)
            while True:
                self.turn()

    def turn(self) -> None:
        """Messages, then one thing: a frame, a piece of dream work, a sign, or waiting for the next of them."""
        self._receive()
        now = clock.now()
        if now >= self._signed + SIGN_SECONDS:
            self._sign(now)
        if self._drawable and (now >= self.governor.due or self._urgent):
            self._draw()
        elif self.renderer.dreaming and self.governor.grants(now):
            self._work(now)
        else:
            until = min(self.governor.due if self._drawable else now + 0.02, self._signed + SIGN_SECONDS)
            self.connection.poll(max(until - clock.now(), 0.0))

    def _receive(self) -> None:
        while self.connection.poll(0):
            message = self.connection.recv()
            if not isinstance(message, Direction):
                raise TypeError(f"the renderer takes Directions, not {type(message).__name__}.")
            self._latest = message

    @property
    def _ready(self) -> bool:
        """Whether words can be dreamed."""
        if self.renderer.dreamer is None and self._dreamer is not None and self._dreamer.done():
            self.renderer.dreamer = self._dreamer.result()
        return self.renderer.dreamer is not None

    @property
    def _drawable(self) -> bool:
        return self._ready or self.renderer.begun

    @property
    def _urgent(self) -> bool:
        """Whether a Direction waits that is to be seen at once: other words, another take, or the end of a pause."""
        latest, present = self._latest, self.renderer.direction
        if latest is None or not self._ready:
            return False
        if present is None:
            return True
        return (latest.prompts, latest.take, latest.paused) != (present.prompts, present.take, present.paused)

    def _draw(self) -> None:
        began = clock.now()
        if self._latest is not None and self._ready:
            self._direct(self._latest)
        frame = self.renderer.draw(clock.now())
        slot, info = self.ring.write(frame.picture, frame.take, frame.prompt_id, frame.show_at)
        self.connection.send(
            FrameReady(
                slot,
                info.sequence,
                frame.take,
                frame.prompt_id,
                frame.show_at,
                frame.score,
                self._steps,
                self._follows,
                frame.change,
                info.crc,
                self._pieces,
                self.renderer.cutouts,
            )
        )
        self._frame = frame
        self._steps = self._pieces = 0
        self.governor.drew(began, clock.now(), self.renderer.dreaming)
        self.renderer.spend(self.governor.cutouts)
        if self.renderer.paused:
            self.governor.due = began + PAUSED_SECONDS

    def _direct(self, direction: Direction) -> None:
        dream = self.renderer.dream
        self.renderer.direct(direction)
        self._latest = None
        self._follows = direction.number
        if self.renderer.dream is not dream:
            self.governor.begins()
            self._notice()

    def _work(self, began: float) -> None:
        optimised = bool(self.renderer.work())
        self.governor.worked(began, clock.now(), optimised)
        self._pieces += 1
        self._steps += optimised
        if self.renderer.most_cutouts < self.governor.most_cutouts:
            self.governor.limit(self.renderer.most_cutouts)
            self.renderer.spend(self.governor.cutouts)

    def _notice(self) -> None:
        dream = self.renderer.dream
        text = dream.notice() if dream else ""
        if dream and text:
            self.connection.send(Notice("renderer", text, dream.prompt_id))
        told = self.generator.notice() if isinstance(self.generator, GraphCapturable) else ""
        if told:
            self.connection.send(Notice("renderer", told))

    def _sign(self, now: float) -> None:
        self._signed = now
        if not self._ready:
            self.connection.send(WorkerStatus("renderer", "starting"))
            return
        self._notice()
        self.connection.send(WorkerStatus("renderer", "running", self._figures(now), self.renderer.latents()))

    def _figures(self, now: float) -> dict[str, Any]:
        governor, dream = self.governor, self.renderer.dream
        height, width = self._frame.picture.shape[:2] if self._frame else (0, 0)
        return {
            "device": self.config.models.device,
            "generator": self.config.models.generator,
            "perceptor": self.config.models.perceptor,
            "generated_fps": round(governor.frames.per_second(now), 2),
            "steps_per_second": round(governor.steps.per_second(now), 2),
            "cutouts": governor.cutouts,
            "most_cutouts": governor.most_cutouts,
            "precision": self.generator.precision if isinstance(self.generator, GraphCapturable) else "float32",
            "generated_size": [width, height],
            "frame_ms": round(governor.frame.seconds * 1000.0, 1),
            "step_ms": round(governor.step.seconds * 1000.0, 1),
            "prompt_id": dream.prompt_id if dream else 0,
            "score": dream.score if dream else 0.0,
            "start_score": dream.start_score if dream else 0.0,
            "dream_step": dream.steps if dream else 0,
        }
