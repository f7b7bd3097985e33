"""A look at the display without a show: what would paint, and whether it waits for the display's own beat."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from statistics import median

import moderngl
import pygame

from installation.core import clock
from installation.core.errors import ShowError
from installation.show.settings import LookSettings
from installation.stage import window

FRAMES = 60
SECONDS = 2.0  # at most
_FASTEST = 400.0  # frames a second, beyond which nobody waited for a display


@dataclass(frozen=True)
class DisplayInfo:
    """What was found."""

    driver: str  # SDL's: x11, wayland, windows, cocoa
    painter: str  # "opengl" or "software"
    card: str  # what OpenGL calls it; "" without OpenGL
    notice: str  # why it is not as asked; "" if it is
    size: tuple[int, int]  # of the display, pixels
    displays: int
    stated: float  # frames a second that the display says; 0 if it does not
    measured: float  # frames a second that were presented, one after the other

    @property
    def synchronised(self) -> bool:
        """Whether frames wait for the display."""
        return self.painter == "opengl" and 20.0 < self.measured < _FASTEST


def look_at_display(look: LookSettings) -> DisplayInfo:
    """Opens the show's window for a second or two. Raises ShowError where there is no screen."""
    try:
        window.start_display()
        sizes = pygame.display.get_desktop_sizes()
        painter, notice = window.open_painter(look, "Laterna looks at the display")
    except pygame.error as error:
        raise ShowError(f"There is no screen ({error}).") from None
    try:
        card = str(moderngl.create_context().info["GL_RENDERER"]) if painter.name == "opengl" else ""
        moments = [clock.now()]
        while len(moments) <= FRAMES and moments[-1] - moments[0] < SECONDS:
            pygame.event.pump()
            painter.paint(None, ())
            painter.flip()
            moments.append(clock.now())
        stated = pygame.display.get_current_refresh_rate()
        return DisplayInfo(
            driver=pygame.display.get_driver(),
            painter=painter.name,
            card=card,
            notice=notice,
            size=sizes[min(look.display, len(sizes) - 1)],
            displays=len(sizes),
            stated=float(max(stated, 0)),
            measured=rate_of(moments),
        )
    finally:
        painter.close()
        pygame.display.quit()


def rate_of(moments: list[float]) -> float:
    """Frames a second of moments of presentation, by the median gap, so that the first slow ones do not count."""
    gaps = [later - earlier for earlier, later in pairwise(moments)]
    return 1.0 / max(median(gaps), 1e-6) if gaps else 0.0
