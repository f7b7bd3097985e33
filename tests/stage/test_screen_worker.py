"""Two screens on one virtual X screen: both halves in step, with an overlap; one is killed and comes back."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from installation.core import clock
from installation.core.frame_ring import FrameRing
from installation.core.lockstep import Lockstep
from installation.core.messages import KEYBOARD, FramePresented, SetParam, Trigger
from installation.runtime import entry_points
from installation.runtime.worker_link import WorkerLink
from installation.show.projection import ProjectedWindow, ScreenSettings
from installation.stage.screen_worker import ScreenConfig, part_of
from tests.conftest import require_system
from tests.running import until
from tests.stage.framebuffer import Framebuffer, framebuffer

CANVAS, WINDOW = (400, 120), (240, 120)
SETTINGS = (
    ScreenSettings(name="left", part=(0.0, 0.0, 0.6, 1.0), size=WINDOW, position=(0, 0)),
    ScreenSettings(name="right", part=(0.4, 0.0, 0.6, 1.0), size=WINDOW, position=(240, 0)),
)
RATE = 30.0
LEVELS = 100  # a frame is as grey as its number, modulo this
PATIENCE = 90.0


class Wall:
    """Two screens in processes of their own, with the test in main's place."""

    def __init__(self, screen: Framebuffer, folder: Path) -> None:
        self.screen = screen
        self.ring = FrameRing(folder / "stage", 8, CANVAS[0] * CANVAS[1] * 3, checked=False)
        self.lockstep = Lockstep(folder / "screens", 2)
        self.presented = 0
        self.links = [self.start(number) for number in (1, 2)]

    def start(self, number: int) -> WorkerLink:
        settings = SETTINGS[number - 1]
        window = ProjectedWindow(number, settings)
        config = ScreenConfig(f"screen-{number}", window, settings, True, self.ring.path, self.lockstep.path)
        return WorkerLink(entry_points.screen, config, f"screen-{number}")

    def present(self) -> None:
        """Put the next frame into the ring: a grey that tells its number, with a ramp of blue from left to right."""
        canvas = np.zeros((CANVAS[1], CANVAS[0], 3), np.uint8)
        canvas[..., 2] = np.linspace(0, 255, CANVAS[0])
        self.presented += 1
        canvas[..., :2] = 2 * (self.presented % LEVELS) + 40
        slot, info = self.ring.write(canvas)
        for link in self.links:
            link.send(FramePresented(slot, info.sequence, clock.now()))

    def numbers(self) -> tuple[int, int]:
        """The numbers of the frames in both windows, modulo `LEVELS`; -1 for none."""
        reds = [self.screen.at(x, 100)[0] for x in (120, 360)]
        left, right = ((red - 40) // 2 if red >= 40 else -1 for red in reds)
        return left, right

    def play(self, condition: Callable[[], bool]) -> list[tuple[int, int]]:
        """Present frames until the condition is true; returns what was in both windows at every moment."""
        seen = [self.numbers()]
        end, due = time.monotonic() + PATIENCE, time.monotonic()
        while not condition():
            assert time.monotonic() < end, "the condition never became true"
            if time.monotonic() >= due:
                due += 1 / RATE
                self.present()
            if (numbers := self.numbers()) != seen[-1]:
                seen.append(numbers)
            time.sleep(0.001)
        return seen

    def has_shown(self, frames: int, number: int = 2) -> Callable[[], bool]:
        """Whether a screen shows a frame that is so many later than the present one."""
        target = max(self.lockstep.frames) + frames
        return lambda: self.lockstep.frames[number - 1] >= target

    def close(self) -> None:
        for link in self.links:
            link.close()
        for link in self.links:
            link.process.join(PATIENCE)
            assert link.process.exitcode is not None
        self.ring.close()


@pytest.fixture
def wall(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Wall]:
    require_system(shutil.which("Xvfb"), "Xvfb is not installed")
    with framebuffer(tmp_path, (480, 120)) as screen:
        monkeypatch.setenv("DISPLAY", screen.display)
        monkeypatch.setenv("SDL_VIDEODRIVER", "x11")
        monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
        made = Wall(screen, tmp_path)
        yield made
        made.close()


def apart(numbers: tuple[int, int]) -> int:
    away = abs(numbers[0] - numbers[1])
    return min(away, LEVELS - away)


@pytest.mark.slow
def test_two_screens_show_two_parts_in_step_and_one_that_is_killed_comes_back(wall: Wall) -> None:
    wall.play(lambda: min(wall.numbers()) >= 0)
    seen = wall.play(wall.has_shown(40))
    assert max(map(apart, seen)) <= 1
    assert len({numbers[0] for numbers in seen}) > 20
    blue = wall.screen.pixels()[60, :, 2].astype(int)
    ramp = np.linspace(0, 255, CANVAS[0]).astype(np.uint8)
    assert np.abs(blue - np.concatenate([ramp[:240], ramp[160:]])).max() <= 1  # both parts, pixel by pixel

    pid = wall.links[1].process.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    until(lambda: not wall.links[1].process.is_alive(), PATIENCE, "the death of the screen")
    wall.lockstep.leave(2)
    wall.play(wall.has_shown(15, number=1))
    wall.links[1] = wall.start(2)
    wall.play(lambda: wall.lockstep.frames[1] > 0)
    wall.play(wall.has_shown(3))
    wall.play(lambda: min(wall.numbers()) >= 0)
    assert max(map(apart, wall.play(wall.has_shown(30)))) <= 1


@pytest.mark.slow
def test_points_are_moved_in_the_window_of_a_screen_and_cards_and_numbers_are_shown_in_it(wall: Wall) -> None:
    require_system(shutil.which("xdotool"), "xdotool is not installed")
    wall.play(wall.has_shown(2))
    red = ProjectedWindow(2, SETTINGS[1], test_card=3)
    wall.links[1].send(red)
    wall.play(lambda: wall.screen.at(400, 30) == (255, 0, 0) and wall.screen.at(100, 30) != (255, 0, 0))
    wall.links[1].send(ProjectedWindow(2, SETTINGS[1], calibrating=True))
    asked: list[object] = []

    def moved() -> bool:
        asked.extend(each for each in wall.links[1].receive() if isinstance(each, Trigger | SetParam))
        return bool(asked)

    wall.play(wall.has_shown(3))
    drag = ("mousemove", "241", "1", "mousedown", "1", "mousemove", "264", "12", "mouseup", "1")
    subprocess.run(["xdotool", *drag], env={**os.environ, "DISPLAY": wall.screen.display}, check=True)
    wall.play(moved)
    assert asked[-1] == Trigger("screen/2/corner/tl", (24 / 240, 12 / 120), KEYBOARD)


def test_a_part_is_a_rectangle_of_the_canvas_and_has_at_least_a_pixel() -> None:
    canvas = np.arange(4 * 10 * 3, dtype=np.uint8).reshape(4, 10, 3)
    assert (part_of(canvas, (0.5, 0.0, 0.5, 0.5)) == canvas[:2, 5:]).all()
    assert part_of(canvas, (1.0, 0.99, 0.001, 0.001)).shape == (1, 1, 3)
