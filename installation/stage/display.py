"""The display of the stage: a window or, headless, a picture in memory; it survives the loss of either."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import moderngl
import pygame

from installation.show.projection import ProjectionSettings
from installation.show.settings import LookSettings
from installation.stage import window
from installation.stage.compositor import Compositor, Sprite
from installation.stage.compositor_cpu import CpuCompositor
from installation.stage.crossfade import CrossfadeView


@dataclass
class Display:
    """Presents frames, and falls back from OpenGL to a plain window, and from a window to none.

    Attributes:
        look: Size and look of the stage.
        title: The title of the window.
        compositor: What draws the frames.
        rate: Presented frames a second to aim for.
        headless: Whether there is no window.
        notices: Sentences for the operator, which the caller takes away.
        projection: How the picture lies on the display; set it with `project`.
    """

    look: LookSettings
    title: str
    compositor: Compositor
    rate: float
    headless: bool
    fullscreen: bool
    notices: list[str] = field(default_factory=list)
    projection: ProjectionSettings = field(default_factory=ProjectionSettings)
    _cursor: pygame.Rect | None = None

    @classmethod
    def open(
        cls,
        look: LookSettings,
        title: str,
        headless: bool = False,
        allow_software: bool = False,
        frame: bool = True,
    ) -> Display:
        """Opens the window. Without a screen the display is headless, and `notices` gives the reason.

        Args:
            look: Size and look of the stage.
            title: The title of the window.
            headless: Open no window.
            allow_software: Use OpenGL even if the CPU emulates it.
            frame: Whether the window has a frame.
        """
        if headless:
            return cls._open_headless(look, title, [])
        try:
            notices = [*window.start_display(), *window.check_display(look)]
            compositor, notice = window.open_best_window(look, title, allow_software, frame)
        except pygame.error as error:
            return cls._open_headless(look, title, [f"No display found ({error}): the show runs headless."])
        notices += [notice] if notice else []
        return cls(look, title, compositor, window.refresh_rate(look), False, look.fullscreen, notices)

    @classmethod
    def _open_headless(cls, look: LookSettings, title: str, notices: list[str]) -> Display:
        return cls(look, title, _in_memory(look, look.size), look.rate, True, False, notices)

    def present(self, view: CrossfadeView | None, sprites: Sequence[Sprite], marks: Sequence[Sprite] = ()) -> float:
        """Draws and shows a frame; returns the seconds that it waited for vertical synchronisation."""
        try:
            self.compositor.draw(view, sprites, marks)
            start, end = window.timed_flip(self.compositor)
        except (pygame.error, moderngl.Error) as error:
            if self.headless:
                raise
            self._fall_back(str(error))
            self.compositor.draw(view, sprites)
            self.compositor.flip()
            return 0.0
        return end - start if self.compositor.name == "opengl" else 0.0

    def project(self, settings: ProjectionSettings) -> None:
        """Changes how the picture lies on the display, also for a compositor that replaces this one."""
        before, self.projection = self.projection, settings
        if settings == before:
            return
        self.compositor.project(settings)
        if before.neutral and not settings.neutral and not self.headless and self.compositor.name == "software":
            self.notices.append("The projection is computed without OpenGL, which is slower: check the frame rate.")

    def events(self) -> list[pygame.event.Event]:
        """The events since the last call. Adapts the compositor if the window was resized."""
        if self.headless:
            return []
        events = pygame.event.get()
        if any(event.type == pygame.WINDOWSIZECHANGED for event in events):
            self.compositor.resize(pygame.display.get_window_size())
        return events

    def toggle_fullscreen(self) -> None:
        """Switches between window and full screen; a failure becomes a notice."""
        if self.fullscreen and self.look.fullscreen:
            self._leave_opening_fullscreen()
            return
        try:
            pygame.display.toggle_fullscreen()
        except pygame.error as error:
            self.notices.append(f"The window cannot change to or from full screen: {error}.")
            return
        self.fullscreen = not self.fullscreen
        pygame.mouse.set_visible(not self.fullscreen)

    def show_pointer(self, shown: bool) -> None:
        """Shows the pointer of the mouse also in a full screen."""
        if not self.headless:
            pygame.mouse.set_visible(shown or not self.fullscreen)

    def place_cursor(self, cursor: pygame.Rect) -> None:
        """Tells the input method where the text cursor is, so that it opens its list of candidates there."""
        if not self.headless and cursor != self._cursor:
            self._cursor = cursor
            pygame.key.set_text_input_rect(cursor)

    def close(self) -> None:
        """Closes the window."""
        self.compositor.close()
        if not self.headless:
            pygame.display.quit()

    def lose(self) -> None:
        """Goes on in memory and leaves the window as it is, because its display is gone."""
        self.compositor = _in_memory(self.look, self.compositor.size)
        self.headless = True

    def _leave_opening_fullscreen(self) -> None:
        """Replaces a window that was opened full screen: it has no other size, and would keep that of the display."""
        self.look, self.fullscreen, self._cursor = window.windowed(self.look), False, None
        opengl = self.compositor.name == "opengl"
        self.compositor.close()
        try:
            self.compositor = window.reopen_window(self.look, self.title, opengl)
            self.compositor.project(self.projection)
        except (pygame.error, moderngl.Error) as error:
            self._fall_back(str(error))

    def _fall_back(self, reason: str) -> None:
        try:
            self.compositor = window.reopen_window(self.look, self.title, opengl=False)
            self.compositor.project(self.projection)
            self.notices.append(f"OpenGL failed ({reason}): the stage draws on the CPU.")
        except pygame.error as error:
            self.lose()
            self.notices.append(f"The window failed ({error}): the show goes on headless.")


def _in_memory(look: LookSettings, size: tuple[int, int]) -> Compositor:
    return CpuCompositor(size, look.fit, look.vignette, windowed=False, paper=look.paper)
