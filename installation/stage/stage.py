"""The stage: what the audience sees, a window or a picture in memory.

The stage receives generated frames, captions and settings, and presents one picture for each frame of the display. It
waits for nothing but the display. The caller passes the time in, in seconds, and calls `events` and `present` once for
each frame.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pygame
from numpy.typing import NDArray

from installation.core.messages import Value
from installation.show.projection import ProjectedWindow, ProjectionSettings
from installation.show.settings import LookSettings
from installation.stage.compositor import place_picture
from installation.stage.crossfade import Crossfade, CrossfadeView, GeneratedFrame
from installation.stage.display import Display
from installation.stage.display_loss import on_display_loss
from installation.stage.fades import StageFades
from installation.stage.flash_guard import FlashGuard
from installation.stage.keyboard import Keyboard, StageAction, StageEvent, Toggles
from installation.stage.overlay.overlays import Overlays, OverlaySprites
from installation.stage.picture import prepare, write_picture
from installation.stage.projection.calibration import Calibration, CalibrationEvent
from installation.stage.projection.test_cards import projected_by
from installation.stage.projection.window_marks import WindowMarks

RESET_SECONDS = 0.8  # the fade back from panic and blackout


@dataclass(frozen=True)
class PresentedFrame:
    """Measurements of a presented frame.

    Attributes:
        take: The take of the latest generated frame; -1 before the first.
        prompt_id: The prompt of the latest generated frame; 0 for none.
        change: How far that prompt has visibly changed the picture: a mean difference, 0..255.
        difference: The mean difference (0..255) from the presented frame before.
        limited: Whether the flash guard limited the change.
        vsync_seconds: How long the frame waited for vertical synchronisation.
    """

    take: int
    prompt_id: int
    change: float
    difference: float
    limited: bool
    vsync_seconds: float


class Stage:
    """Crossfades generated frames, guards against flashes, and draws captions, help and text input over them.

    Attributes:
        display: The window or its replacement in memory.
        overlays: Captions, help page and text input.
        paused: Whether the show is paused; the caller sets it, and the pause key reverses it.
    """

    def __init__(self, display: Display, show_title: str, push_to_talk: bool = False) -> None:
        self.display = display
        self.overlays = Overlays(show_title, push_to_talk)
        self.overlays.captions.set_opacity(1.0 if display.look.captions else 0.0, 0.0, 0.0)
        self.paused = False
        self._keyboard = Keyboard(push_to_talk)
        self._crossfade = Crossfade()
        self._flash_guard = FlashGuard()
        self._fades = StageFades()
        self._calibration = Calibration()
        self._window = ProjectedWindow()
        self._projection: ProjectionSettings | None = None  # from the next frame on
        self._marks = WindowMarks(show_title)
        self._view: CrossfadeView | None = None  # as presented last
        self._sprites = OverlaySprites()  # as presented last

    @classmethod
    def open(
        cls,
        look: LookSettings,
        title: str,
        headless: bool = False,
        push_to_talk: bool = False,
        allow_software: bool = False,
    ) -> Stage:
        """Opens a stage in a window; headless, with a notice, if there is no screen.

        Args:
            look: Size and look of the stage.
            title: The title of the show.
            headless: Open no window.
            push_to_talk: Whether a key opens the microphone while it is held.
            allow_software: Use OpenGL even if the CPU emulates it.
        """
        return cls(Display.open(look, f"Laterna — {title}", headless, allow_software), title, push_to_talk)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.display.compositor.size

    @property
    def rate(self) -> float:
        """Presented frames a second to aim for."""
        return self.display.rate

    @property
    def headless(self) -> bool:
        """Whether there is no window."""
        return self.display.headless

    def project(self, window: ProjectedWindow) -> None:
        """Changes how the picture lies in the window, and what lies over it, from the next frame on.

        To invert a mesh takes longer than a frame, and a mouse that drags one of its points sends many.
        """
        self._window = window
        before, after = self.display.projection, projected_by(window.test_card, window.settings)
        self._projection = after
        if (after.canvas, after.portrait) != (before.canvas, before.portrait):  # the picture has another size at once
            self._project()
        self.display.show_pointer(window.calibrating)

    def _project(self) -> None:
        projection, self._projection = self._projection, None
        if projection is not None:
            self.display.project(projection)

    def take_notices(self) -> list[str]:
        """Sentences for the operator since the last call."""
        notices, self.display.notices = self.display.notices, []
        return notices

    def show_frame(self, frame: GeneratedFrame, fade_seconds: float, now: float) -> bool:
        """Shows a generated frame or an opening picture, which is copied. Returns False if its take is over.

        The first frame of a take fades in within `fade_seconds`, or cuts if that is 0.
        """
        height, width = frame.picture.shape[:2]
        x, y, crop_width, crop_height = place_picture((width, height), self.size, self.display.look.fit).crop
        picture = prepare(frame.picture[y : y + crop_height, x : x + crop_width], self.size[1])
        prepared = GeneratedFrame(picture, frame.take, frame.prompt_id, frame.change)
        return self._crossfade.receive(prepared, fade_seconds, now)

    def set_caption(self, text: str, now: float) -> None:
        """Shows the words of the current prompt; "" for none."""
        self.overlays.captions.set_text(text, now)
        self.overlays.captions.prepare(self.size)

    def set_live_caption(self, text: str, stable: int) -> None:
        """Shows words that are being said in place of the caption; the first `stable` characters are certain."""
        self.overlays.captions.set_live(text, stable)
        self.overlays.captions.prepare(self.size)

    def set_invitation(self, text: str) -> None:
        """Sets the line that is shown while there is no caption; "" for none."""
        self.overlays.captions.set_invitation(text)
        self.overlays.captions.prepare(self.size)

    def set_status(self, lines: Sequence[str]) -> None:
        """Sets the state of the show on the help page, one sentence a line."""
        self.overlays.help.status = tuple(lines)

    def add_notice(self, text: str) -> None:
        """Adds a sentence for the operator to the help page."""
        self.overlays.help.add_notice(text)

    def set_parameter(self, name: str, value: Value, seconds: float, now: float) -> None:
        """Sets a live parameter whose owner is the stage, over `seconds`.

        Raises:
            KeyError: The stage does not own this parameter.
        """
        match name:
            case "blackout":
                self._fades.set_blackout(bool(value), seconds, now)
            case "master/sleep":
                self._fades.set_sleep(bool(value), seconds, now)
            case "master/opacity":
                self._fades.set_opacity(float(value), seconds, now)
            case "caption/opacity":
                self.overlays.captions.set_opacity(float(value), seconds, now)
            case "audience/qr":
                self.overlays.qr_code.set_visible(bool(value))
            case "audience/url":
                self.overlays.qr_code.set_address(str(value))
            case _:
                raise KeyError(name)

    def modulate(self, added: Mapping[str, float]) -> None:
        """Adds to live parameters whose owner is the stage, by name, until the next call."""
        self._fades.added_opacity = added.get("master/opacity", 0.0)
        self.overlays.captions.added_opacity = added.get("caption/opacity", 0.0)

    def panic(self, seconds: float, now: float) -> None:
        """Fades to black in `seconds`; cuts if that is 0."""
        self._fades.panic(seconds, now)

    def reset(self, now: float) -> None:
        """Ends panic and blackout."""
        self._fades.reset(RESET_SECONDS, now)

    def events(self, now: float) -> list[StageEvent]:
        """Requests from the keyboard and the window since the last call, in order."""
        requests: list[StageEvent] = []
        toggles = Toggles(
            paused=self.paused,
            blackout=self._fades.blackout,
            captions=self.overlays.captions.enabled,
            fullscreen=self.display.fullscreen,
            calibrating=self._window.calibrating,
            identified=self._window.identified,
        )
        for event in self.display.events():
            moves = self._calibrate(event)
            if moves is not None:
                requests += moves
                continue
            request = self._keyboard.handle(event, toggles, now)
            if isinstance(request, StageAction):
                self._perform(request, now)
            elif request is not None:
                requests.append(request)
        return requests

    def _calibrate(self, event: pygame.event.Event) -> list[CalibrationEvent] | None:
        if not self._window.calibrating:
            return None
        return self._calibration.handle(event, self._window, self.display.compositor.window_size)

    def present(self, now: float) -> PresentedFrame:
        """Presents the frame of `now`. With a window it may wait for vertical synchronisation."""
        self._project()
        brightness = self._fades.brightness(now)
        guarded = self._flash_guard.apply(self._crossfade.advance(now), brightness, now)
        self._view = guarded.view
        sprites = self.overlays.sprites(self._keyboard.text_input, self.size, brightness, now)
        self._sprites = sprites.over(self._marks.card(self._window, self.size, brightness))
        marks = self._marks.marks(self._window, self.display.compositor.window_size, self._calibration)
        if self._sprites.cursor:
            self.display.place_cursor(self._sprites.cursor)
        vsync_seconds = self.display.present(self._view, self._sprites.all, marks)
        crossfade = self._crossfade
        return PresentedFrame(
            take=crossfade.take,
            prompt_id=crossfade.prompt_id,
            change=crossfade.change,
            difference=guarded.difference,
            limited=guarded.limited,
            vsync_seconds=vsync_seconds,
        )

    def read_into(self, array: NDArray[np.uint8]) -> None:
        """Copies the presented frame into `array` [h, w, 3], C-contiguous, of any size. May lag by one frame."""
        self.display.compositor.read_into(array)

    def capture(self) -> NDArray[np.uint8]:
        """Returns the frame that was presented last, [height, width, 3]."""
        return self.display.compositor.capture()

    def capture_still(self) -> NDArray[np.uint8]:
        """Returns the frame that was presented last without help page and text input, [height, width, 3]."""
        compositor = self.display.compositor
        compositor.draw(self._view, self._sprites.audience)
        picture = compositor.capture()
        compositor.draw(self._view, self._sprites.all)  # for `read_into` and `capture`
        return picture

    def save_still(self, path: Path) -> None:
        """Writes `capture_still` to a PNG file.

        Raises:
            OSError: The file cannot be written.
        """
        write_picture(path, self.capture_still())

    def close(self) -> None:
        """Closes the window."""
        self.display.close()

    def on_display_loss(self, finish: Callable[[], None]) -> None:
        """Calls `finish` if the X server dies, which ends the process; see `display_loss`."""
        if not self.display.headless:
            on_display_loss(finish)

    def lose_display(self) -> None:
        """Uses the window no more, because its display is gone."""
        self.display.lose()

    def _perform(self, action: StageAction, now: float) -> None:
        match action.name:
            case "help":
                self.overlays.help.toggle(now)
            case "fullscreen":
                self.display.toggle_fullscreen()
