"""Opening pygame's window with the best compositor that the display allows."""

from __future__ import annotations

import os
import sys

import moderngl
import pygame

from installation.core import clock
from installation.show.settings import LookSettings
from installation.stage.compositor import Compositor
from installation.stage.compositor_cpu import CpuCompositor
from installation.stage.compositor_gl import GLCompositor

MAX_WINDOW_SHARE = 0.9  # of the display, for a window that replaces a full screen: there must be room for its frame
MIN_REFRESH_RATE = 24  # Hz; a display that reports less is taken for one that does not know
KEY_REPEAT_DELAY, KEY_REPEAT_INTERVAL = 400, 35  # milliseconds
_HINTS = {
    "SDL_VIDEO_MINIMIZE_ON_FOCUS_LOSS": "0",
    "SDL_WINDOWS_DPI_AWARENESS": "permonitorv2",
    "SDL_IME_SHOW_UI": "1",
    "SDL_FRAMEBUFFER_ACCELERATION": "0",  # else SDL draws a plain window with OpenGL, even an emulated one
    "SDL_VIDEO_X11_NET_WM_BYPASS_COMPOSITOR": "1",
    "PYGAME_HIDE_SUPPORT_PROMPT": "1",
}
_GL_ATTRIBUTES = (
    (pygame.GL_CONTEXT_MAJOR_VERSION, 3),
    (pygame.GL_CONTEXT_MINOR_VERSION, 3),
    (pygame.GL_CONTEXT_PROFILE_MASK, pygame.GL_CONTEXT_PROFILE_CORE),
    (pygame.GL_CONTEXT_FORWARD_COMPATIBLE_FLAG, 1),
)
_DISPLAY_VARIABLES = ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER")
_INDIRECT_RENDERING = "LIBGL_ALWAYS_INDIRECT"  # with it, asking for OpenGL 3.3 ends the process inside Xlib
_DRIVERS_WITHOUT_SCREEN = ("dummy", "offscreen")


def start_display() -> list[str]:
    """Connects to the display; returns notices for the operator.

    Raises:
        pygame.error: There is no display; the message gives the reason.
    """
    for name, value in _HINTS.items():
        os.environ.setdefault(name, value)
    if sys.platform.startswith("linux") and not any(os.environ.get(name) for name in _DISPLAY_VARIABLES):
        raise pygame.error("neither DISPLAY nor WAYLAND_DISPLAY is set")  # clearer than SDL's own message
    pygame.display.init()
    if pygame.display.get_driver() == "wayland":
        os.environ["SDL_FRAMEBUFFER_ACCELERATION"] = "1"  # a plain window has no other framebuffer there
    if pygame.display.get_driver() in _DRIVERS_WITHOUT_SCREEN:
        pygame.display.quit()
        raise pygame.error("no video device")
    if os.environ.pop(_INDIRECT_RENDERING, None) is None:
        return []
    return [f"{_INDIRECT_RENDERING} is ignored: the stage cannot use indirect OpenGL."]


def check_display(look: LookSettings) -> list[str]:
    """Returns a notice for the operator if the display that the show asks for does not exist."""
    count = len(pygame.display.get_desktop_sizes())
    if look.display < count:
        return []
    known = ", ".join(map(str, range(count)))
    return [f"There is no display {look.display} (known: {known}): the stage opens on display {_display(look)}."]


def _display(look: LookSettings) -> int:
    """The number of the display to open the window on: the last one if the show asks for one that does not exist."""
    return min(look.display, len(pygame.display.get_desktop_sizes()) - 1)


def windowed(look: LookSettings) -> LookSettings:
    """The same look in a window instead of full screen, reduced to fit into the display with its frame."""
    display = pygame.display.get_desktop_sizes()[_display(look)]
    scale = min(1.0, *(MAX_WINDOW_SHARE * room / side for room, side in zip(display, look.size, strict=True)))
    size = (round(scale * look.size[0]), round(scale * look.size[1]))
    return look.model_copy(update={"fullscreen": False, "size": size})


def open_window(
    look: LookSettings, title: str, opengl: bool, allow_software: bool = False, frame: bool = True
) -> Compositor:
    """Opens the window with one kind of compositor.

    Args:
        look: Size, display and look of the stage.
        title: The title of the window.
        opengl: Use OpenGL; else SDL's plain window.
        allow_software: Accept an OpenGL that the CPU emulates.
        frame: Whether the window has a frame.

    Raises:
        pygame.error: The window cannot be opened.
        moderngl.Error: There is no usable OpenGL 3.3.
    """
    sizes = pygame.display.get_desktop_sizes()
    display = _display(look)
    flags = pygame.FULLSCREEN if look.fullscreen else pygame.RESIZABLE if frame else pygame.NOFRAME
    if opengl:
        flags |= pygame.OPENGL | pygame.DOUBLEBUF
        for attribute, value in _GL_ATTRIBUTES:
            pygame.display.gl_set_attribute(attribute, value)
    _set_mode(sizes[display] if look.fullscreen else look.size, flags, display)
    pygame.display.set_caption(title)
    pygame.display.set_allow_screensaver(False)
    pygame.mouse.set_visible(not look.fullscreen)
    pygame.key.set_repeat(KEY_REPEAT_DELAY, KEY_REPEAT_INTERVAL)
    pygame.key.start_text_input()
    size = pygame.display.get_window_size()
    if opengl:
        return GLCompositor(size, look.fit, look.vignette, allow_software, look.paper)
    return CpuCompositor(size, look.fit, look.vignette, windowed=True, paper=look.paper)


def _set_mode(size: tuple[int, int], flags: int, display: int) -> None:
    """Sets the display mode; with OpenGL also vertical synchronisation, which some drivers reject with an error."""
    if flags & pygame.OPENGL:
        try:
            pygame.display.set_mode(size, flags, display=display, vsync=1)
        except pygame.error:
            pygame.display.set_mode(size, flags, display=display)
    else:
        pygame.display.set_mode(size, flags, display=display)


def open_best_window(
    look: LookSettings, title: str, allow_software: bool = False, frame: bool = True
) -> tuple[Compositor, str]:
    """Opens the window with OpenGL or, where that is not usable, without.

    Args:
        look: Size, display and look of the stage; `look.opengl` can forbid OpenGL.
        title: The title of the window.
        allow_software: Use OpenGL even if the CPU emulates it, although SDL's plain window is faster then.
        frame: Whether the window has a frame.

    Returns:
        The compositor, and why it is not OpenGL as asked for, or "".

    Raises:
        pygame.error: Not even a plain window can be opened.
    """
    if not look.opengl:
        return open_window(look, title, opengl=False, frame=frame), ""
    try:
        return open_window(look, title, True, allow_software, frame), ""
    except (pygame.error, moderngl.Error) as error:
        notice = f"No usable OpenGL 3.3 ({error}): the stage draws on the CPU."
        return reopen_window(look, title, opengl=False, frame=frame), notice


def reopen_window(look: LookSettings, title: str, opengl: bool, frame: bool = True) -> Compositor:
    """Replaces the window by a new one.

    Raises:
        pygame.error: The window cannot be opened.
        moderngl.Error: OpenGL is asked for and has become unusable.
    """
    pygame.display.quit()
    start_display()
    compositor = open_window(look, title, opengl, True, frame)
    pygame.event.post(pygame.event.Event(pygame.WINDOWFOCUSLOST))  # the KEYUP of held keys went with the old window
    return compositor


def refresh_rate(look: LookSettings) -> float:
    """Frames a second of the display that shows the window; `look.rate` where the display does not report it."""
    rate = pygame.display.get_current_refresh_rate()
    return float(rate) if rate >= MIN_REFRESH_RATE else look.rate


def timed_flip(compositor: Compositor) -> tuple[float, float]:
    """Shows the drawn frame; returns when that began and ended, in seconds of `clock.now`.

    This is the only place where the stage reads a clock: the time that a display takes cannot be passed in.
    """
    start = clock.now()
    compositor.flip()
    return start, clock.now()
