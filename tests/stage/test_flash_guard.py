"""The flash guard, judged by a checker of its own that looks at whole presented frames (WCAG 2.3.1)."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from installation.show.settings import LookSettings
from installation.stage.flash_guard import FlashGuard
from installation.stage.stage import Stage

RATE = 30
SIZE = (160, 90)
Frames = list[NDArray[np.uint8]]


def relative_luminance(frame: NDArray[np.uint8]) -> NDArray[np.float64]:
    """WCAG's formula, for every pixel."""
    part = frame / 255
    linear = np.where(part <= 0.03928, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
    return np.asarray(linear @ [0.2126, 0.7152, 0.0722])


def worst_second(frames: Frames) -> int:
    """The most flashes of any second. A pixel changes when its luminance goes .1 away from its last extreme, the
    darker side under .8; the picture changes in a frame in which a quarter of the pixels do so in one direction,
    counting those of the five frames before; a flash is a pair of changes."""
    first = relative_luminance(frames[0])
    low, high, heading = first.copy(), first.copy(), np.zeros(first.shape)
    rose, fell = np.full(first.shape, -99), np.full(first.shape, -99)
    changes = np.zeros(len(frames), int)
    for number, frame in enumerate(frames):
        light = relative_luminance(frame)
        up = (light - low >= 0.1) & (low < 0.8) & (heading <= 0)
        down = (high - light >= 0.1) & (light < 0.8) & (heading >= 0)
        high, low = np.where(up, light, np.maximum(high, light)), np.where(down, light, np.minimum(low, light))
        heading = np.where(up, 1, np.where(down, -1, heading))
        rose, fell = np.where(up, number, rose), np.where(down, number, fell)
        for times in (rose, fell):
            if (times > number - 5).mean() >= 0.25:
                changes[number] = 1
                times[...] = -99
    return int(np.convolve(changes, np.ones(RATE, int)).max()) // 2


def grey(value: int) -> NDArray[np.uint8]:
    return np.full((90, 160, 3), value, np.uint8)


def halves(left: int, right: int) -> NDArray[np.uint8]:
    picture = grey(left)
    picture[:, 80:] = right
    return picture


def cuts_every_frame(stage: Stage, tick: int, now: float) -> None:
    stage.show_picture(grey(255 * (tick % 2)), tick, 0, 0.0, now)


def cuts_between_random_pictures(stage: Stage, tick: int, now: float) -> None:
    blocks = np.random.default_rng(tick // 2).integers(0, 2, (3, 4, 1), dtype=np.uint8) * 255
    stage.show_picture(np.repeat(np.repeat(np.repeat(blocks, 30, 0), 40, 1), 3, 2), tick // 2, 0, 0.0, now)


def cuts_between_halves(stage: Stage, tick: int, now: float) -> None:
    stage.show_picture(halves(255 * (tick % 2), 255 * (1 - tick % 2)), tick, 0, 0.0, now)


def blackout_toggled_at_10_hz(stage: Stage, tick: int, now: float) -> None:
    stage.set("blackout", (tick // 3) % 2 == 0, 0.0, now)


def opacity_strobing(stage: Stage, tick: int, now: float) -> None:
    stage.set("master/opacity", 0.5 + 0.5 * np.sin(tick * 1.3), 0.0, now)


def generator_strobing_within_a_take(stage: Stage, tick: int, now: float) -> None:
    stage.show_picture(grey(255 * (tick % 2)), 0, 0, 0.0, now)


def cuts_while_the_operator_strobes(stage: Stage, tick: int, now: float) -> None:
    cuts_between_random_pictures(stage, tick, now)
    stage.set("blackout", tick % 4 < 2, 0.0, now)


def a_dim_strobe(stage: Stage, tick: int, now: float) -> None:
    stage.show_picture(grey(60 + 70 * ((tick // 2) % 2)), tick // 2, 0, 0.0, now)


ATTACKS: list[Callable[[Stage, int, float], None]] = [
    cuts_every_frame,
    cuts_between_random_pictures,
    cuts_between_halves,
    blackout_toggled_at_10_hz,
    opacity_strobing,
    generator_strobing_within_a_take,
    cuts_while_the_operator_strobes,
    a_dim_strobe,
]


def present(attack: Callable[[Stage, int, float], None], ticks: int = 150, vignette: float = 0.3) -> Frames:
    stage = Stage.open(LookSettings(size=SIZE, vignette=vignette), "attack", headless=True)
    stage.show_picture(halves(230, 255), 0, 0, 0.0, 0.0)
    for tick in range(60):
        stage.present(tick / RATE)
    frames: Frames = []
    for tick in range(ticks):
        now = 2 + tick / RATE
        attack(stage, tick, now)
        stage.present(now)
        frames.append(stage.capture())
    return frames


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_no_attack_brings_more_than_three_flashes_in_any_second(attack: Callable[[Stage, int, float], None]) -> None:
    assert worst_second(present(attack)) <= 3


def test_the_checker_sees_what_an_unguarded_stage_would_do() -> None:
    assert worst_second([grey(255 * (tick % 2)) for tick in range(60)]) == 15
    assert worst_second([grey(255 * ((tick // 3) % 2)) for tick in range(60)]) == 5
    assert worst_second([grey(200 + (tick % 2)) for tick in range(60)]) == 0


def test_under_attack_the_picture_is_slowed_but_does_not_freeze() -> None:
    frames = present(cuts_every_frame)
    moved = [np.abs(a.astype(int) - b).mean() for a, b in pairwise(frames)]
    still = "".join("1" if step < 0.05 else "0" for step in moved)
    assert max(map(len, still.split("0"))) < RATE


def test_a_single_cut_and_a_single_blackout_pass_at_once() -> None:
    guard = FlashGuard()
    dark, bright = np.zeros((36, 64, 3), np.float32), np.full((36, 64, 3), 255, np.float32)
    shares = [guard.allow(each, now) for now, each in ((0.0, dark), (0.03, bright), (0.07, dark), (1.5, bright))]
    assert shares == [1.0, 1.0, 1.0, 1.0]


def test_the_operators_blackout_comes_at_once_although_the_picture_has_spent_its_flashes() -> None:
    stage = Stage.open(LookSettings(size=SIZE), "strobe", headless=True)
    for tick in range(90):
        cuts_every_frame(stage, tick, tick / RATE)
        shown = stage.present(tick / RATE)
    assert shown.held
    stage.set("blackout", True, 0.0, 3.0)
    stage.present(3.0)
    assert stage.capture().max() == 0


def test_a_slow_fade_to_black_and_back_is_never_held() -> None:
    stage = Stage.open(LookSettings(size=SIZE), "fade", headless=True)
    stage.show_picture(grey(255), 0, 0, 0.0, 0.0)
    held = []
    for tick in range(240):
        now = tick / RATE
        if tick in (60, 150):
            stage.set("blackout", tick == 60, 2.0, now)
        held.append(stage.present(now).held)
    assert not any(held)
