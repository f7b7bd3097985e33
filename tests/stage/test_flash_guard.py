"""The flash guard, judged by an independent checker of WCAG 2.3.1 that looks at whole presented frames."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from installation.show.settings import LookSettings
from installation.stage.crossfade import MAX_STEP, CrossfadeView, GeneratedFrame
from installation.stage.flash_guard import FlashCounter, FlashGuard, GuardedFrame
from installation.stage.picture import DecodedPicture
from installation.stage.stage import Stage
from tests.stage.pictures import Picture, grey

RATE = 30
SIZE = (160, 90)
Frames = list[Picture]
Attack = Callable[[Stage, int, float], None]


def relative_luminance(frame: Picture) -> NDArray[np.float64]:
    """WCAG's formula, for every pixel."""
    part = frame / 255
    linear = np.where(part <= 0.03928, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
    return np.asarray(linear @ [0.2126, 0.7152, 0.0722])


def worst_second(frames: Frames) -> int:
    """The largest number of flashes in any second.

    A pixel changes when its luminance differs by .1 from its last extreme and the darker of the two is below .8. The
    picture changes in a frame in which a quarter of the pixels have changed in one direction, counting those of the
    five frames before. A flash is a pair of changes.
    """
    first = relative_luminance(frames[0])
    low, high, direction = first.copy(), first.copy(), np.zeros(first.shape)
    rose, fell = np.full(first.shape, -99), np.full(first.shape, -99)
    changes = np.zeros(len(frames), int)
    for number, frame in enumerate(frames):
        light = relative_luminance(frame)
        up = (light - low >= 0.1) & (low < 0.8) & (direction <= 0)
        down = (high - light >= 0.1) & (light < 0.8) & (direction >= 0)
        high, low = np.where(up, light, np.maximum(high, light)), np.where(down, light, np.minimum(low, light))
        direction = np.where(up, 1, np.where(down, -1, direction))
        rose, fell = np.where(up, number, rose), np.where(down, number, fell)
        for times in (rose, fell):
            if (times > number - 5).mean() >= 0.25:
                changes[number] = 1
                times[...] = -99
    return int(np.convolve(changes, np.ones(RATE, int)).max()) // 2


def flat(value: int) -> Picture:
    return grey(value, 90, 160)


def halves(left: int, right: int) -> Picture:
    picture = flat(left)
    picture[:, 80:] = right
    return picture


def cut_to(stage: Stage, picture: Picture, take: int, now: float) -> None:
    stage.show_frame(GeneratedFrame(picture, take), 0.0, now)


def cuts_in_every_frame(stage: Stage, tick: int, now: float) -> None:
    cut_to(stage, flat(255 * (tick % 2)), tick, now)


def cuts_between_random_pictures(stage: Stage, tick: int, now: float) -> None:
    blocks = np.random.default_rng(tick // 2).integers(0, 2, (3, 4, 1), dtype=np.uint8) * 255
    cut_to(stage, np.repeat(np.repeat(np.repeat(blocks, 30, 0), 40, 1), 3, 2), tick // 2, now)


def cuts_between_halves(stage: Stage, tick: int, now: float) -> None:
    cut_to(stage, halves(255 * (tick % 2), 255 * (1 - tick % 2)), tick, now)


def blackout_toggled_at_10_hz(stage: Stage, tick: int, now: float) -> None:
    stage.set_parameter("blackout", (tick // 3) % 2 == 0, 0.0, now)


def strobing_opacity(stage: Stage, tick: int, now: float) -> None:
    stage.set_parameter("master/opacity", 0.5 + 0.5 * np.sin(tick * 1.3), 0.0, now)


def strobing_within_a_take(stage: Stage, tick: int, now: float) -> None:
    cut_to(stage, flat(255 * (tick % 2)), 0, now)


def cuts_while_the_operator_strobes(stage: Stage, tick: int, now: float) -> None:
    cuts_between_random_pictures(stage, tick, now)
    stage.set_parameter("blackout", tick % 4 < 2, 0.0, now)


def a_dim_strobe(stage: Stage, tick: int, now: float) -> None:
    cut_to(stage, flat(60 + 70 * ((tick // 2) % 2)), tick // 2, now)


ATTACKS: list[Attack] = [
    cuts_in_every_frame,
    cuts_between_random_pictures,
    cuts_between_halves,
    blackout_toggled_at_10_hz,
    strobing_opacity,
    strobing_within_a_take,
    cuts_while_the_operator_strobes,
    a_dim_strobe,
]


def open_stage() -> Stage:
    return Stage.open(LookSettings(size=SIZE), "Test", headless=True)


def present(attack: Attack, ticks: int = 3 * RATE) -> Frames:
    stage = open_stage()
    cut_to(stage, halves(230, 255), 0, 0.0)
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
def test_no_attack_flashes_more_than_three_times_in_any_second(attack: Attack) -> None:
    assert worst_second(present(attack)) <= 3


def test_the_checker_finds_the_flashes_of_an_unguarded_stage() -> None:
    assert worst_second([flat(255 * (tick % 2)) for tick in range(60)]) == 15
    assert worst_second([flat(255 * ((tick // 3) % 2)) for tick in range(60)]) == 5
    assert worst_second([flat(200 + (tick % 2)) for tick in range(60)]) == 0


def test_under_attack_the_picture_slows_down_but_never_freezes_for_a_second() -> None:
    steps = [np.abs(after.astype(int) - before).mean() for before, after in pairwise(present(cuts_in_every_frame))]
    frozen = "".join("1" if step < 0.05 else "0" for step in steps)
    assert max(map(len, frozen.split("0"))) < RATE


def test_a_single_cut_and_a_single_blackout_are_not_limited() -> None:
    counter = FlashCounter()
    dark, bright = np.zeros((36, 64, 3), np.float32), np.full((36, 64, 3), 255, np.float32)
    times = ((0.0, dark), (0.03, bright), (0.07, dark), (1.5, bright))
    assert [counter.limit(samples, now) for now, samples in times] == [1.0, 1.0, 1.0, 1.0]


def test_a_blackout_is_immediate_although_pictures_have_used_up_their_changes() -> None:
    stage = open_stage()
    for tick in range(90):
        cuts_in_every_frame(stage, tick, tick / RATE)
        presented = stage.present(tick / RATE)
    assert presented.limited
    stage.set_parameter("blackout", True, 0.0, 3.0)
    stage.present(3.0)
    assert stage.capture().max() == 0


def test_a_slow_fade_to_black_and_back_is_never_limited() -> None:
    stage = open_stage()
    cut_to(stage, flat(255), 0, 0.0)
    limited = []
    for tick in range(240):
        now = tick / RATE
        if tick in (60, 150):
            stage.set_parameter("blackout", tick == 60, 2.0, now)
        limited.append(stage.present(now).limited)
    assert not any(limited)


GREY, WHITE, BLACK = (DecodedPicture.from_pixels(np.full((36, 64, 3), value, np.float32)) for value in (110, 250, 10))


def apply(guard: FlashGuard, picture: DecodedPicture, frame: int, brightness: float = 1.0) -> GuardedFrame:
    return guard.apply(CrossfadeView(picture, picture, 1.0), brightness, frame / RATE)


def test_after_limited_flashes_the_picture_catches_up_without_a_jump() -> None:
    guard = FlashGuard()
    apply(guard, GREY, 0)
    strobe = [BLACK if frame // 3 % 2 else WHITE for frame in range(1, 30)]
    guarded = [apply(guard, picture, frame) for frame, picture in enumerate([*strobe, *[WHITE] * 31], 1)]
    first = next(number for number, each in enumerate(guarded) if each.limited)
    catching_up = [after.difference for before, after in pairwise(guarded[first + 1 :]) if before.limited]
    assert len(catching_up) > 5
    assert max(catching_up) <= MAX_STEP + 0.1
    assert guarded[-1].view is not None
    assert guarded[-1].view.pixels() == pytest.approx(250, abs=1)


def test_a_blackout_is_immediate_even_while_the_picture_catches_up() -> None:
    guard = FlashGuard()
    for frame in range(30):
        guarded = apply(guard, BLACK if frame // 3 % 2 else WHITE, frame)
    assert guarded.limited
    black = apply(guard, WHITE, 30, brightness=0.0)
    assert black.view is not None
    assert black.view.pixels().max() < 1.0
