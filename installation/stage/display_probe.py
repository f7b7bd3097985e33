"""A test of the display without a show: which compositor it allows, and whether it synchronises frames."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

import pygame

from installation.core.errors import ShowError
from installation.show.settings import LookSettings
from installation.stage import window
from installation.stage.compositor import Compositor, CompositorName
from installation.stage.compositor_gl import GLCompositor

MAX_FRAMES = 60
MAX_SECONDS = 2.0
MIN_VSYNC_RATE, MAX_VSYNC_RATE = 20.0, 400.0  # Hz; frames outside do not wait for a display


@dataclass(frozen=True)
class DisplayInfo:
    """What the probe found.

    Attributes:
        driver: The video driver of SDL, such as x11, wayland, windows or cocoa.
        compositor: The kind of compositor.
        card: The graphics card as OpenGL names it; "" without OpenGL.
        notice: Why the compositor is not OpenGL as asked for; "" if it is.
        size: Width and height of the display in pixels.
        displays: The number of displays.
        stated_rate: The refresh rate in Hz that the display reports; 0 if it reports none.
        measured_rate: The rate in Hz at which empty frames were presented.
    """

    driver: str
    compositor: CompositorName
    card: str
    notice: str
    size: tuple[int, int]
    displays: int
    stated_rate: float
    measured_rate: float

    @property
    def synchronised(self) -> bool:
        """Whether frames wait for vertical synchronisation."""
        return self.compositor == "opengl" and MIN_VSYNC_RATE < self.measured_rate < MAX_VSYNC_RATE


def probe_display(look: LookSettings) -> DisplayInfo:
    """Opens the window of a show for up to `MAX_SECONDS` and measures its refresh rate.

    Raises:
        ShowError: There is no screen.
    """
    try:
        window.start_display()
        sizes = pygame.display.get_desktop_sizes()
        compositor, notice = window.open_best_window(look, "Laterna: test of the display")
    except pygame.error as error:
        raise ShowError(f"No display found ({error}).") from None
    try:
        times = _present_empty_frames(compositor)
        return DisplayInfo(
            driver=pygame.display.get_driver(),
            compositor=compositor.name,
            card=compositor.renderer if isinstance(compositor, GLCompositor) else "",
            notice=notice,
            size=sizes[min(look.display, len(sizes) - 1)],
            displays=len(sizes),
            stated_rate=float(max(pygame.display.get_current_refresh_rate(), 0)),
            measured_rate=measure_rate(times),
        )
    finally:
        compositor.close()
        pygame.display.quit()


def _present_empty_frames(compositor: Compositor) -> list[float]:
    """Presents black frames; returns the times at which they were shown, in seconds."""
    times: list[float] = []
    while len(times) <= MAX_FRAMES and (not times or times[-1] - times[0] < MAX_SECONDS):
        pygame.event.pump()
        compositor.draw(None, ())
        times.append(window.timed_flip(compositor)[1])
    return times


def measure_rate(times: Sequence[float]) -> float:
    """Frames a second from the times (seconds) of presented frames: the median, so that slow first frames do not count.

    Returns 0 for fewer than two times.
    """
    intervals = [later - earlier for earlier, later in pairwise(times)]
    return 1.0 / max(median(intervals), 1e-6) if intervals else 0.0
