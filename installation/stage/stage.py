"""The Stage: takes pictures, words and the operator's hand, and presents what the audience sees.

It never waits for anybody but the display; the caller gives `now`, in seconds, and calls `events` and `present` once
per tick.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import moderngl
import numpy as np
import pygame
from numpy.typing import NDArray

from installation.core import clock
from installation.core.messages import Value
from installation.show.settings import LookSettings
from installation.stage import window
from installation.stage.compositor import Compositor
from installation.stage.compositor_cpu import CpuCompositor
from installation.stage.crossfade import Crossfade, CrossfadeView
from installation.stage.fades import StageFades
from installation.stage.gate import FlashGate
from installation.stage.image_files import prepared, write_picture
from installation.stage.keyboard import Keyboard, StageAction, Wish
from installation.stage.layout import placing
from installation.stage.overlay.captions import Captions
from installation.stage.overlay.help import HelpOverlay
from installation.stage.overlay.text_input_view import TextInputView
from installation.stage.sprite import Sprite
from installation.stage.text.typesetter import Typesetter

RESET_SECONDS = 0.8  # in which the light comes back after panic


@dataclass(frozen=True)
class PresentedFigures:
    """Figures of one presented frame."""

    take: int  # of the newest generated frame; -1 before the first
    prompt_id: int  # whose words it answers; 0: nobody's
    change: float  # how far these words have visibly changed the picture, 0..255
    difference: float  # mean difference (0..255) from the presented frame before
    light: float  # 0..1
    held: bool  # the flash guard slowed this frame
    waited: float  # seconds that the display's vertical synchronisation took


class Stage:
    """What the audience sees; a window, or a picture in memory."""

    def __init__(
        self,
        look: LookSettings,
        title: str,
        painter: Compositor,
        rate: float,
        headless: bool,
        push_to_talk: bool = False,
    ) -> None:
        """Use `Stage.open`."""
        self.look = look
        self.rate = rate  # presented frames a second
        self.headless = headless
        self.notices: list[str] = []  # sentences for the operator, for the caller to take away
        self._title = title
        self._painter = painter
        self._keyboard = Keyboard(look.fullscreen, push_to_talk)
        self._easing = Crossfade()
        self._gate = FlashGate()
        self._fader = StageFades()
        self._cursor = pygame.Rect(0, 0, 0, 0)
        typesetter = Typesetter()
        self._captions = Captions(typesetter)
        self._captions.opacity(1.0 if look.captions else 0.0, 0.0, 0.0)
        self._line_view = TextInputView(typesetter)
        self._help = HelpOverlay(typesetter, title, push_to_talk)
        self._view: CrossfadeView | None = None  # what was presented last,
        self._words: list[Sprite] = []  # the words over it that the audience reads,
        self._over: list[Sprite] = []  # and all that lay over it

    @classmethod
    def open(
        cls, look: LookSettings, title: str, headless: bool = False, emulated: bool = False, push_to_talk: bool = False
    ) -> Stage:
        """Opens the window; without a display the stage is headless, and `notices` says why.

        `emulated`: paint by OpenGL even where no graphics card but the processor would do its work. `push_to_talk`:
        F3, while it is held, opens the microphone.
        """
        notices = []
        if not headless:
            try:
                window.start_display()
                painter, notice = window.open_painter(look, f"Laterna — {title}", emulated)
                stage = cls(look, title, painter, window.refresh_rate(look), False, push_to_talk)
                stage.notices = [notice] if notice else []
            except pygame.error as error:
                notices = [f"There is no screen ({error}): the show runs headless."]
            else:
                return stage
        stage = cls(look, title, CpuCompositor(look.size, look.fit, look.vignette, False), look.rate, True)
        stage.notices = notices
        return stage

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self._painter.size

    @property
    def painter(self) -> str:
        """What paints: "opengl" or "software"."""
        return self._painter.name

    @property
    def paused(self) -> bool:
        """Whether the show is paused; set it, so that F6 knows which way to go."""
        return self._keyboard.paused

    @paused.setter
    def paused(self, paused: bool) -> None:
        self._keyboard.paused = paused

    def show_picture(
        self,
        picture: NDArray[np.uint8],
        take: int,
        prompt_id: int,
        fade: float,
        now: float,
        change: float = 0.0,
    ) -> bool:
        """A generated frame, or the opening picture, [h, w, 3]; copied. False if its take is over.

        `fade` (seconds) counts for the first frame of a take: 0 cuts. `change`: how far its words have changed it.
        """
        height, width = picture.shape[:2]
        x, y, across, down = placing((width, height), self.size, self.look.fit).crop
        seen = prepared(picture[y : y + down, x : x + across], self.size[1])
        return self._easing.arrive(seen, now, take=take, prompt_id=prompt_id, fade=fade, change=change)

    def caption(self, text: str, now: float) -> None:
        """The present words, as the audience reads them; "" for none."""
        self._captions.show(text, now)
        self._captions.typeset(self.size)

    def invite(self, text: str) -> None:
        """The quiet line that says what to do, seen while there is no caption; "" for none."""
        self._captions.invite(text)

    def help(self, lines: Sequence[str] | None) -> None:
        """Opens the help layer with these lines on the state of the show; None closes it."""
        self._help.shown = lines is not None
        if lines is not None:
            self._help.status(lines)

    def status(self, lines: Sequence[str]) -> None:
        """How the show and its workers are, for the help layer, whether it is open or not."""
        self._help.status(lines)

    def warn(self, text: str) -> None:
        """A sentence for the operator, kept on the help layer."""
        self._help.warn(text)

    def set(self, name: str, value: Value, seconds: float, now: float) -> None:
        """A value of the stage's own (`params.PARAMS`, owner "stage"), over that many seconds. Raises KeyError."""
        if name == "blackout":
            self._fader.blackout(bool(value), seconds, now)
        elif name == "master/opacity":
            self._fader.opacity(float(value), seconds, now)
        elif name == "caption/opacity":
            self._captions.opacity(float(value), seconds, now)
        else:
            raise KeyError(name)

    def panic(self, seconds: float, now: float) -> None:
        """Fades to black in that many seconds; 0 cuts."""
        self._fader.panic(seconds, now)

    def reset(self, now: float) -> None:
        """Leaves panic and blackout."""
        self._fader.reset(RESET_SECONDS, now)

    def events(self, now: float) -> list[Wish]:
        """What came from the keyboard and the window since the last call, in order."""
        if self.headless:
            return []
        self._keyboard.blacked_out = self._fader.blacked_out
        self._keyboard.captions = self._captions.visible
        wishes: list[Wish] = []
        for event in pygame.event.get():
            if event.type == pygame.WINDOWSIZECHANGED:
                self._painter.resize(pygame.display.get_window_size())
            asked = self._keyboard.take(event, now)
            if isinstance(asked, StageAction):
                self._do(asked, now)
            elif asked is not None:
                wishes.append(asked)
        return wishes

    def present(self, now: float) -> PresentedFigures:
        """Presents the frame of `now`. With a window it may wait for the display's vertical synchronisation."""
        light = self._fader.at(now)
        passed = self._gate.through(self._easing.at(now), light, now)
        writing = self._keyboard.line.light(now)
        self._view, self._words = passed.view, self._captions.sprites(self.size, light, writing, now)
        self._over = self._laid_over(now)
        waited = self._paint(self._view, self._over)
        easing = self._easing
        return PresentedFigures(
            easing.take, easing.prompt_id, easing.change, passed.difference, light, passed.held, waited
        )

    def read_into(self, array: NDArray[np.uint8]) -> None:
        """Writes what the audience sees into `array` [h, w, 3], C-contiguous, of any size; may be one frame late."""
        self._painter.read_into(array)

    def capture(self) -> NDArray[np.uint8]:
        """What was presented last, [h, w, 3]."""
        return self._painter.capture()

    def still(self) -> NDArray[np.uint8]:
        """What was presented last as the audience is meant to see it, without what the operator lays over it."""
        self._painter.paint(self._view, self._words)
        picture = self.capture()
        self._painter.paint(self._view, self._over)  # whoever reads after this gets what is on the wall
        return picture

    def save_still(self, path: Path) -> None:
        """Keeps the `still` as a PNG. Raises OSError."""
        write_picture(path, self.still())

    def close(self) -> None:
        """Closes the window."""
        self._painter.close()
        if not self.headless:
            pygame.display.quit()

    def _laid_over(self, now: float) -> list[Sprite]:
        """The words of the audience, which give way to the help page, and what is the operator's own."""
        size = self.size
        help_page = self._help.sprites(size, now)
        unhelped = 1.0 - sum(sprite.alpha for sprite in help_page)
        words = [replace(sprite, alpha=sprite.alpha * unhelped) for sprite in self._words] if unhelped else []
        written = self._line_view.sprites(self._keyboard.line, size, now)
        if written and not self.headless:
            self._tell_input_method(self._line_view.cursor_rect(size))
        return words + help_page + written

    def _tell_input_method(self, cursor: pygame.Rect) -> None:
        """Where the candidates of an input method may stand."""
        if cursor != self._cursor:
            self._cursor = cursor
            pygame.key.set_text_input_rect(cursor)

    def _paint(self, view: CrossfadeView | None, sprites: list[Sprite]) -> float:
        """Returns the seconds that an OpenGL display made the frame wait; the only time that the stage reads."""
        try:
            self._painter.paint(view, sprites)
            ready = clock.now()
            self._painter.flip()
        except (pygame.error, moderngl.Error) as error:
            if self.headless:
                raise
            self._fall_back(str(error))
            self._painter.paint(view, sprites)
            self._painter.flip()
            return 0.0
        return clock.now() - ready if self._painter.name == "opengl" else 0.0

    def _fall_back(self, reason: str) -> None:
        """From OpenGL to a plain window, from a window to none: the show goes on."""
        try:
            self._painter = window.reopen_plain(self.look, f"Laterna — {self._title}")
            self.notices.append(f"The stage lost OpenGL ({reason}) and paints without it.")
        except pygame.error as error:
            self._painter = CpuCompositor(self.size, self.look.fit, self.look.vignette, False)
            self.headless = True
            self.notices.append(f"The stage lost its screen ({error}); the show goes on headless.")

    def _do(self, asked: StageAction, now: float) -> None:
        if asked.name == "help":
            self._help.toggle(now)
        elif asked.name == "fullscreen":
            self._toggle_fullscreen()

    def _toggle_fullscreen(self) -> None:
        try:
            pygame.display.toggle_fullscreen()
        except pygame.error as error:
            self.notices.append(f"The window stays as it is: {error}.")
            return
        self._keyboard.fullscreen = not self._keyboard.fullscreen
        pygame.mouse.set_visible(not self._keyboard.fullscreen)
