"""Displays that are missing, that fail, or that refuse."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import moderngl
import pygame
import pytest

from installation.show.settings import LookSettings
from installation.stage import window
from installation.stage.compositor import Sprite
from installation.stage.compositor_cpu import CpuCompositor
from installation.stage.crossfade import CrossfadeView
from installation.stage.display import Display
from installation.stage.display_probe import measure_rate, probe_display
from installation.stage.stage import Stage

ROOT = Path(__file__).resolve().parents[2]
SIZE = (320, 180)
LOOK = LookSettings(size=SIZE)


@pytest.fixture
def dummy_window(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A window of SDL's dummy driver, which knows no full screen."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    pygame.display.init()
    pygame.display.set_mode(SIZE)
    yield
    pygame.display.quit()


class LostCompositor(CpuCompositor):
    """A compositor whose graphics card fails while it draws."""

    def draw(self, view: CrossfadeView | None, sprites: Sequence[Sprite], marks: Sequence[Sprite] = ()) -> None:
        super().draw(view, sprites, marks)
        raise moderngl.Error("the card is gone")


@pytest.mark.parametrize("driver", ["dummy", "no-such-driver"])
def test_without_a_screen_the_display_is_headless_and_gives_the_reason(
    monkeypatch: pytest.MonkeyPatch, driver: str
) -> None:
    monkeypatch.setenv("SDL_VIDEODRIVER", driver)
    display = Display.open(LOOK, "Test")
    assert (display.headless, display.compositor.size, display.events()) == (True, SIZE, [])
    (notice,) = display.notices
    assert notice.startswith("No display found (")
    assert notice.endswith("): the show runs headless.")
    assert not pygame.display.get_init()


@pytest.mark.usefixtures("dummy_window")
def test_a_display_without_full_screen_gives_a_notice_and_the_show_goes_on() -> None:
    compositor = CpuCompositor(SIZE, "fill", 0.0, windowed=True)
    stage = Stage(Display(LOOK, "Test", compositor, 30.0, headless=False, fullscreen=False), "Test")
    pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=pygame.K_F11, mod=0, unicode=""))
    assert stage.events(0.0) == []
    assert stage.take_notices() == ["The window cannot change to or from full screen: That operation is not supported."]
    assert (stage.display.fullscreen, stage.take_notices()) == (False, [])


@pytest.mark.usefixtures("dummy_window")
def test_a_display_that_fails_and_does_not_reopen_becomes_headless() -> None:
    compositor = LostCompositor(SIZE, "fill", 0.0, windowed=True)
    display = Display(LOOK, "Test", compositor, 30.0, headless=False, fullscreen=False)
    assert display.present(None, ()) == 0.0
    assert display.headless
    assert display.notices == ["The window failed (no video device): the show goes on headless."]


@pytest.fixture
def x_server(x_display: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An X display of 1280 x 800, the only one."""
    monkeypatch.setenv("DISPLAY", x_display)
    monkeypatch.setenv("SDL_VIDEODRIVER", "x11")
    yield
    pygame.display.quit()


@pytest.mark.usefixtures("x_server")
@pytest.mark.parametrize("opengl", [False, True])
def test_a_stage_that_was_opened_full_screen_leaves_it_for_a_window_of_its_own_size(opengl: bool) -> None:
    look = LookSettings(size=SIZE, fullscreen=True, opengl=opengl)
    stage = Stage(Display.open(look, "Test", allow_software=True), "Test")
    compositor = stage.display.compositor.name
    assert (stage.size, pygame.display.is_fullscreen()) == ((1280, 800), True)
    for size in (SIZE, (1280, 800), SIZE) if compositor == "opengl" else (SIZE,):
        pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=pygame.K_F11, mod=0, unicode=""))
        stage.events(0.0)
        pygame.event.post(pygame.event.Event(pygame.KEYUP, key=pygame.K_F11, mod=0))
        stage.events(0.0)
        stage.present(0.0)
        assert (stage.size, pygame.display.get_window_size()) == (size, size)
    assert not pygame.display.is_fullscreen()
    assert (stage.display.compositor.name, stage.headless) == (compositor, False)


@pytest.mark.usefixtures("x_server")
def test_a_window_that_replaces_a_full_screen_leaves_room_for_its_frame() -> None:
    window.start_display()
    assert window.windowed(LookSettings(size=(1280, 800), fullscreen=True)).size == (1152, 720)
    assert window.windowed(LookSettings(size=SIZE, fullscreen=True)) == LOOK


@pytest.mark.usefixtures("x_server")
def test_a_display_that_does_not_exist_gives_a_notice_and_another_one_is_used() -> None:
    display = Display.open(LookSettings(size=SIZE, opengl=False, display=5), "Test")
    assert display.notices == ["There is no display 5 (known: 0): the stage opens on display 0."]
    assert not display.headless


@pytest.mark.slow
def test_indirect_opengl_is_ignored_with_a_notice(x_display: str) -> None:
    program = (
        "from installation.show.settings import LookSettings\n"
        "from installation.stage.display import Display\n"
        "print(Display.open(LookSettings(size=(320, 180)), 'Test', allow_software=True).notices[0])"
    )
    environment = {**os.environ, "DISPLAY": x_display, "SDL_VIDEODRIVER": "x11", "LIBGL_ALWAYS_INDIRECT": "1"}
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr  # Xlib ends the process if indirect OpenGL is tried
    assert "LIBGL_ALWAYS_INDIRECT is ignored: the stage cannot use indirect OpenGL." in done.stdout


def test_a_headless_display_that_fails_raises() -> None:
    display = Display(LOOK, "Test", LostCompositor(SIZE, "fill", 0.0, False), 30.0, headless=True, fullscreen=False)
    with pytest.raises(moderngl.Error):
        display.present(None, ())


def test_the_measured_rate_ignores_slow_first_frames() -> None:
    assert measure_rate([0.0, 0.5, 0.52, 0.54, 0.56, 0.58]) == pytest.approx(50)
    assert (measure_rate([]), measure_rate([1.0])) == (0.0, 0.0)


def test_the_probe_describes_the_display_and_closes_its_window(x_display: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", x_display)
    monkeypatch.setenv("SDL_VIDEODRIVER", "x11")
    info = probe_display(LookSettings(size=SIZE, opengl=False))
    assert (info.driver, info.compositor, info.card, info.notice) == ("x11", "software", "", "")
    assert (info.size, info.displays, info.synchronised) == ((1280, 800), 1, False)
    assert info.measured_rate > 0.0
    assert not pygame.display.get_init()


def test_the_refresh_rate_of_a_display_that_reports_none_is_that_of_the_show(
    x_display: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISPLAY", x_display)
    monkeypatch.setenv("SDL_VIDEODRIVER", "x11")
    look = LookSettings(size=SIZE, opengl=False, rate=25.0)
    window.start_display()
    window.open_window(look, "Test", opengl=False).close()
    monkeypatch.setattr(pygame.display, "get_current_refresh_rate", lambda: 0)
    assert window.refresh_rate(look) == 25.0
    monkeypatch.setattr(pygame.display, "get_current_refresh_rate", lambda: 60)
    assert window.refresh_rate(look) == 60.0
    pygame.display.quit()
