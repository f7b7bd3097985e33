"""Opening, watching and closing pygame's window."""

from __future__ import annotations

import os
import sys

import moderngl
import pygame

from installation.show.settings import LookSettings
from installation.stage.compositor import Compositor
from installation.stage.compositor_cpu import CpuCompositor
from installation.stage.compositor_gl import GLCompositor

_HINTS = {
    "SDL_VIDEO_MINIMIZE_ON_FOCUS_LOSS": "0",
    "SDL_WINDOWS_DPI_AWARENESS": "permonitorv2",
    "SDL_IME_SHOW_UI": "1",
    "SDL_FRAMEBUFFER_ACCELERATION": "0",  # else a plain window is painted by OpenGL after all, emulated or not
    "SDL_VIDEO_X11_NET_WM_BYPASS_COMPOSITOR": "1",
    "PYGAME_HIDE_SUPPORT_PROMPT": "1",
}

_SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER")


def start_display() -> None:
    """Connects to the display. Raises pygame.error, with the reason, where there is none."""
    for name, value in _HINTS.items():
        os.environ.setdefault(name, value)
    if sys.platform.startswith("linux") and not any(os.environ.get(name) for name in _SCREENS):
        raise pygame.error("neither DISPLAY nor WAYLAND_DISPLAY is set")  # SDL would say it less plainly
    pygame.display.init()
    if pygame.display.get_driver() in ("dummy", "offscreen"):
        pygame.display.quit()
        raise pygame.error("no video device")


def open_window(look: LookSettings, title: str, opengl: bool, emulated: bool = False) -> Compositor:
    """Opens the window and what paints on it. Raises pygame.error or moderngl.Error."""
    flags = pygame.OPENGL | pygame.DOUBLEBUF if opengl else 0
    sizes = pygame.display.get_desktop_sizes()
    display = min(look.display, len(sizes) - 1)
    if opengl:
        for attribute, value in (
            (pygame.GL_CONTEXT_MAJOR_VERSION, 3),
            (pygame.GL_CONTEXT_MINOR_VERSION, 3),
            (pygame.GL_CONTEXT_PROFILE_MASK, pygame.GL_CONTEXT_PROFILE_CORE),
            (pygame.GL_CONTEXT_FORWARD_COMPATIBLE_FLAG, 1),
        ):
            pygame.display.gl_set_attribute(attribute, value)
    size = sizes[display] if look.fullscreen else look.size
    flags |= pygame.FULLSCREEN if look.fullscreen else pygame.RESIZABLE
    _set_mode(size, flags, display)
    pygame.display.set_caption(title)
    pygame.display.set_allow_screensaver(False)
    pygame.mouse.set_visible(not look.fullscreen)
    pygame.key.set_repeat(400, 35)
    pygame.key.start_text_input()
    real = pygame.display.get_window_size()
    if opengl:
        return GLCompositor(real, look.fit, look.vignette, emulated)
    return CpuCompositor(real, look.fit, look.vignette, window=True)


def _set_mode(size: tuple[int, int], flags: int, display: int) -> None:
    """With vertical synchronisation where OpenGL has it; some drivers refuse the very question."""
    if flags & pygame.OPENGL:
        try:
            pygame.display.set_mode(size, flags, display=display, vsync=1)
        except pygame.error:
            pygame.display.set_mode(size, flags, display=display)
    else:
        pygame.display.set_mode(size, flags, display=display)


def open_painter(look: LookSettings, title: str, emulated: bool = False) -> tuple[Compositor, str]:
    """The best painter that the display allows, and a sentence about what is not as asked, or "".

    `emulated`: OpenGL is taken even where the processor does a graphics card's work, though SDL's own path is faster
    there. Raises pygame.error where not even a plain window opens.
    """
    if not look.opengl:
        return open_window(look, title, opengl=False), ""
    try:
        return open_window(look, title, opengl=True, emulated=emulated), ""
    except (pygame.error, moderngl.Error) as error:
        return reopen_plain(look, title), f"There is no good OpenGL 3.3 here ({error}): the stage paints without it."


def reopen_plain(look: LookSettings, title: str) -> Compositor:
    """A plain window in place of what was open. Raises pygame.error."""
    pygame.display.quit()
    start_display()
    return open_window(look, title, opengl=False)


def refresh_rate(look: LookSettings) -> float:
    """Of the display that the window is on; `look.rate` where it does not say."""
    rate = pygame.display.get_current_refresh_rate()
    return float(rate) if rate >= 24 else look.rate
