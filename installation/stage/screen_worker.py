"""The worker of one screen: a window of its own that shows a part of the canvas, in step with the other screens.

It reads the ring of the stage, waits for its own display, and moves its own points; the keys that steer the show work
in it too.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
import pygame
from numpy.typing import NDArray

from installation.core.clock import now
from installation.core.frame_ring import FrameRing
from installation.core.lockstep import Lockstep
from installation.core.messages import FramePresented, SetParam, Trigger
from installation.core.param_table import TEST_CARDS
from installation.core.worker_shell import WorkerChannel, run_worker
from installation.core.worker_status import OutputFigures
from installation.show.projection import ProjectedWindow, ProjectionSettings, ScreenSettings
from installation.show.settings import LookSettings
from installation.stage.compositor import Sprite
from installation.stage.crossfade import CrossfadeView
from installation.stage.display import Display
from installation.stage.keyboard import Keyboard, StageEvent, Toggles
from installation.stage.picture import DecodedPicture
from installation.stage.projection.calibration import Calibration
from installation.stage.projection.test_cards import projected_by
from installation.stage.projection.window_marks import WindowMarks

STATUS_SECONDS = 1.0
IDLE_SECONDS = 0.02  # between two looks at the events of the window
STEP_SECONDS = 0.001  # between two looks at the other screens, while a newer frame waits for them
PASSED_ON = ("go", "playhead/previous", "queue/skip", "reset", "panic", "record/still")

Picture = NDArray[np.uint8]


@dataclass(frozen=True)
class ScreenConfig:
    """What a screen starts with."""

    name: str  # of the worker
    window: ProjectedWindow  # at the moment
    settings: ScreenSettings
    opengl: bool
    ring: Path  # of the stage
    lockstep: Path


class ScreenWindow:
    """The window of a screen."""

    def __init__(self, config: ScreenConfig) -> None:
        """Open the window. Without a display it is headless, and `display.notices` gives the reason."""
        settings = config.settings
        if settings.position:
            os.environ["SDL_VIDEO_WINDOW_POS"] = "{},{}".format(*settings.position)
        look = LookSettings(
            fullscreen=settings.fullscreen,
            display=settings.display,
            size=settings.size,
            vignette=0.0,
            paper=0.0,
            opengl=config.opengl,
        )
        title = settings.name or f"screen {config.window.number}"
        self.display = Display.open(look, f"Laterna — {title}", frame=settings.position is None)
        self.changed = True  # something other than the picture
        self._settings, self._keyboard = settings, Keyboard()
        self._calibration, self._marks = Calibration(), WindowMarks(title)
        self._picture: Picture | None = None
        self._projection = ProjectionSettings()
        self.project(config.window)

    @property
    def about(self) -> str:
        """Where the window is, for the operator."""
        width, height = self.display.compositor.window_size
        return f"display {self._settings.display}, {width} x {height}"

    def project(self, window: ProjectedWindow) -> None:
        """Change how the part lies in the window, and what lies over it."""
        self._window, self.changed = window, True
        self.display.show_pointer(window.calibrating)

    def events(self, at: float) -> list[StageEvent]:
        """What the keys and the mouse ask for."""
        requests: list[StageEvent] = []
        events = self.display.events()
        self.changed |= bool(events)
        toggles = Toggles(calibrating=self._window.calibrating, identified=self._window.identified)
        for event in events:
            size = self.display.compositor.window_size
            moves = self._calibration.handle(event, self._window, size) if self._window.calibrating else None
            if moves is not None:
                requests += moves
            elif event.type in (pygame.KEYDOWN, pygame.KEYUP):
                request = self._addressed(self._keyboard.handle(event, toggles, at))
                requests += [request] if request else []
        return requests

    def _addressed(self, request: object) -> StageEvent | None:
        """A request of the keyboard, meant for this window; None for one that is not for a screen."""
        window = self._window
        match request:
            case Trigger("output/testcard/next", _, origin):
                return SetParam(f"{window.prefix}/testcard", (window.test_card + 1) % len(TEST_CARDS), origin)
            case Trigger(name) if name in PASSED_ON:
                return request
            case SetParam("output/calibrate"):
                return replace(request, name=f"{window.prefix}/calibrate")
            case SetParam("output/identify" | "blackout"):
                return request
        return None

    def present(self, canvas: Picture | None) -> None:
        """Show the part of a canvas [h, w, 3]; without one, that of the canvas before."""
        if canvas is not None:
            self._picture = part_of(canvas, self._settings.part)
        height, width = self._picture.shape[:2] if self._picture is not None else (16, 16)
        settings = self._window.settings.model_copy(update={"canvas": (width, height)})
        projection = projected_by(self._window.test_card, settings)
        if projection != self._projection:
            self._projection = projection
            self.display.project(projection)
        compositor = self.display.compositor
        view, sprites = self._content(compositor.name == "opengl")
        card = self._marks.card(self._window, compositor.size, 1.0)
        marks = self._marks.marks(self._window, compositor.window_size, self._calibration)
        self.display.present(view, (*sprites, *card), marks)
        self.changed = not compositor.settled

    def _content(self, opengl: bool) -> tuple[CrossfadeView | None, tuple[Sprite, ...]]:
        """The picture as the compositor draws it fastest, pixel by pixel."""
        if self._picture is None:
            return None, ()
        if opengl:
            decoded = DecodedPicture.from_pixels(self._picture)
            return CrossfadeView(decoded, decoded, 1.0), ()
        height, width = self._picture.shape[:2]
        return None, (Sprite(pygame.image.frombuffer(self._picture.reshape(-1).data, (width, height), "RGB"), 0, 0),)

    def close(self) -> None:
        """Close the window."""
        self.display.close()


def part_of(canvas: Picture, part: tuple[float, float, float, float]) -> Picture:
    """The rectangle x, y, width, height, in shares, of a canvas [h, w, 3]; at least one pixel."""
    height, width = canvas.shape[:2]
    x, y = min(round(part[0] * width), width - 1), min(round(part[1] * height), height - 1)
    right, bottom = max(round((part[0] + part[2]) * width), x + 1), max(round((part[1] + part[3]) * height), y + 1)
    return np.ascontiguousarray(canvas[y:bottom, x:right])


def run_screen(connection: Connection, config: ScreenConfig) -> None:
    """Run the worker of a screen until main closes the pipe."""
    run_worker(config.name, show_frames, connection, config)


def show_frames(channel: WorkerChannel, config: ScreenConfig) -> None:
    """Show every frame that all screens agree on."""
    ring, lockstep = FrameRing(config.ring), Lockstep(config.lockstep)
    window, number = ScreenWindow(config), config.window.number
    newest = frame = frames = lost = 0
    began = status_due = now()
    while not channel.closed:
        for message in channel.receive(STEP_SECONDS if newest > frame else IDLE_SECONDS):
            if isinstance(message, FramePresented):
                newest = max(newest, message.sequence)
            elif isinstance(message, ProjectedWindow):
                window.project(message)
        for request in window.events(now()):
            channel.send(request)
        wanted = lockstep.next_frame(number, newest, now())
        if wanted > frame or window.changed:
            canvas = ring.read(wanted % ring.slots, wanted, check=False) if wanted > frame else None
            window.present(canvas)
            frames, lost = frames + (canvas is not None), lost + (wanted > frame and canvas is None)
            frame = wanted
        lockstep.shown(number, frame, now())
        for text in window.display.notices:
            channel.notice(text)
        window.display.notices.clear()
        if now() >= status_due:
            status_due = now() + STATUS_SECONDS
            figures = OutputFigures("screen", window.about, frames, now() - began, lost)
            channel.status("running", figures=figures)
    lockstep.leave(number)
    window.close()
    ring.close()
    channel.status("done")
