"""Points that are moved by mouse and keys: what each event asks for, and that the asked place is reached."""

from __future__ import annotations

import pygame
import pytest

from installation.conductor.conductor import Conductor
from installation.core.messages import KEYBOARD, SetParam, Trigger
from installation.show.projection import ProjectedWindow, ProjectionSettings
from installation.show.settings import Show
from installation.stage.projection.calibration import Calibration
from tests.stage.events import key

SIZE = (1000, 500)
KEYSTONE = ProjectionSettings(corners=((0.1, 0.1), (0.9, 0.0), (1.0, 1.0), (0.0, 0.9)))


class Wall:
    """A show whose only window is moved by the events of a test."""

    def __init__(self, settings: ProjectionSettings = KEYSTONE) -> None:
        self.conductor = Conductor(Show(projection=settings))
        self.calibration = Calibration()
        (self.window,) = (each for each in self.conductor.begin() if isinstance(each, ProjectedWindow))
        self.now = 0.0

    def do(self, *events: pygame.event.Event) -> None:
        for event in events:
            self.now += 1.0
            for message in self.calibration.handle(event, self.window, SIZE) or []:
                effects = self.conductor.receive(message, self.now)
                self.window = ([self.window] + [each for each in effects if isinstance(each, ProjectedWindow)])[-1]

    def place(self, number: int) -> tuple[float, float]:
        """Where a handle is, in pixels."""
        x, y = self.calibration.handles(self.window)[number].at
        return x * SIZE[0], y * SIZE[1]


def mouse(kind: int, x: float, y: float) -> pygame.event.Event:
    return pygame.event.Event(kind, pos=(x, y), button=pygame.BUTTON_LEFT)


def drag(start: tuple[float, float], end: tuple[float, float]) -> list[pygame.event.Event]:
    return [
        mouse(pygame.MOUSEBUTTONDOWN, *start),
        mouse(pygame.MOUSEMOTION, *end),
        mouse(pygame.MOUSEBUTTONUP, *end),
        mouse(pygame.MOUSEMOTION, 700, 100),
    ]


def test_arrows_move_a_corner_by_one_pixel_and_with_shift_by_ten() -> None:
    wall = Wall()
    wall.do(key(pygame.K_RIGHT), key(pygame.K_DOWN, pygame.KMOD_LSHIFT))
    assert wall.place(0) == pytest.approx((101, 60))
    wall.do(key(pygame.K_TAB), key(pygame.K_LEFT), key(pygame.K_TAB, pygame.KMOD_LSHIFT), key(pygame.K_UP))
    assert [wall.place(0), wall.place(1)] == [pytest.approx((101, 59)), pytest.approx((899, 0))]


def test_a_corner_follows_the_mouse_until_the_button_is_released() -> None:
    wall = Wall()
    wall.do(*drag((1000, 498), (950, 470)))
    assert wall.place(2) == pytest.approx((950, 470))
    wall.do(*drag((500, 250), (600, 300)))  # no point is there
    assert wall.place(2) == pytest.approx((950, 470))


def test_mesh_points_are_moved_where_they_are_seen() -> None:
    wall = Wall()
    wall.do(key(pygame.K_m))
    assert len(wall.calibration.handles(wall.window)) == 9
    before = wall.place(4)
    wall.do(*drag(before, (before[0] + 30, before[1] - 20)))
    assert wall.place(4) == pytest.approx((before[0] + 30, before[1] - 20), abs=0.01)
    wall.do(key(pygame.K_LEFT, pygame.KMOD_LSHIFT))
    assert wall.place(4) == pytest.approx((before[0] + 20, before[1] - 20), abs=0.02)


def test_changes_are_taken_back_and_locked() -> None:
    wall = Wall()
    wall.do(key(pygame.K_RIGHT), key(pygame.K_z, pygame.KMOD_LCTRL))
    assert wall.place(0) == pytest.approx((100, 50))
    wall.do(key(pygame.K_l), key(pygame.K_RIGHT))
    assert wall.window.locked
    assert wall.place(0) == pytest.approx((100, 50))


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (key(pygame.K_ESCAPE), [SetParam("output/calibrate", False, KEYBOARD)]),
        (key(pygame.K_z, pygame.KMOD_LCTRL), [Trigger("output/undo", (), KEYBOARD)]),
        (key(pygame.K_a), []),  # not typed into the line of words
        (pygame.event.Event(pygame.TEXTINPUT, text="a"), []),
        (key(pygame.K_F9), None),  # panic is as near as ever
        (key(pygame.K_k, pygame.KMOD_LCTRL), None),
        (pygame.event.Event(pygame.QUIT), None),
    ],
)
def test_other_keys(event: pygame.event.Event, expected: object) -> None:
    assert Calibration().handle(event, ProjectedWindow(), SIZE) == expected


def test_the_points_of_another_screen_have_its_name() -> None:
    moved = Calibration().handle(key(pygame.K_RIGHT), ProjectedWindow(2), SIZE)
    assert moved == [Trigger("screen/2/corner/tl", (0.001, 0.0), KEYBOARD)]
