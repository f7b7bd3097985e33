"""Interpolation between generated frames."""

from __future__ import annotations

import numpy as np
import pytest

from installation.stage.crossfade import MAX_STEP, STRETCH, Crossfade, GeneratedFrame
from tests.stage.pictures import Picture, grey, noise


def standing(picture: Picture, take: int = 0) -> Crossfade:
    """A crossfade that has shown that picture, complete, until second 9."""
    crossfade = Crossfade()
    crossfade.receive(GeneratedFrame(picture, take), 0.0, 0.0)
    for tick in range(271):
        crossfade.advance(tick / 30)
    return crossfade


def shown(crossfade: Crossfade, now: float) -> Picture:
    crossfade.advance(now)
    picture = crossfade.blended()
    assert picture is not None
    return picture


def test_before_the_first_frame_there_is_nothing_to_present() -> None:
    assert (Crossfade().advance(1.0), Crossfade().blended()) == (None, None)


def test_the_first_picture_fades_in_from_black_within_a_second_and_without_a_jump() -> None:
    crossfade = Crossfade()
    crossfade.receive(GeneratedFrame(grey(200)), 0.0, 0.0)
    levels = [int(shown(crossfade, tick / 30)[0, 0, 0]) for tick in range(31)]
    assert (levels[0], levels[-1]) == (0, 200)
    assert max(np.diff(levels)) <= MAX_STEP + 1  # rounding


def test_a_slow_generator_moves_evenly_at_the_rate_of_the_display() -> None:
    crossfade = standing(grey(0))
    levels = []
    for tick in range(240):
        now = 9.1 + tick / 60
        if tick % 5 == 0:
            crossfade.receive(GeneratedFrame(grey(min(255, tick))), 0.0, now)
        levels.append(int(shown(crossfade, now)[0, 0, 0]))
    steps = np.diff(levels[60:])
    assert steps.min() >= 0
    assert steps.max() <= 3
    assert (steps == 0).mean() < 0.2


def test_a_crossfade_is_linear_from_the_shown_picture_to_the_new_frame() -> None:
    crossfade = standing(grey(100))
    crossfade.interval = 0.2
    crossfade.receive(GeneratedFrame(grey(110)), 0.0, 9.03)
    view = crossfade.advance(9.0 + 0.5 * crossfade.interval * STRETCH)
    assert view is not None
    assert view.mix == pytest.approx(0.5)
    assert view.pixels() == pytest.approx(105, abs=0.01)


def test_frames_of_an_earlier_take_are_dropped() -> None:
    crossfade = standing(grey(50), take=3)
    assert not crossfade.receive(GeneratedFrame(grey(250), take=2), 0.0, 9.1)
    assert shown(crossfade, 9.5)[0, 0, 0] == 50
    assert crossfade.take == 3


def test_a_new_take_without_fade_cuts_in_the_next_presented_frame() -> None:
    crossfade = standing(grey(20))
    crossfade.receive(GeneratedFrame(grey(220), take=1), 0.0, 9.02)
    assert np.array_equal(shown(crossfade, 9.03), grey(220))


def test_a_new_take_fades_in_with_an_ease_out_over_its_seconds() -> None:
    crossfade = standing(grey(40))
    levels = []
    for tick in range(90):
        now = 9.0 + tick / 30
        if tick % 2 == 0:
            crossfade.receive(GeneratedFrame(grey(140), take=1), 2.0, now)
        levels.append(int(shown(crossfade, now)[0, 0, 0]))
    assert 40 + 0.8 * 100 < levels[30] < 40 + 0.92 * 100  # ease_out(.5) is .875
    assert levels[61] == 140
    assert np.diff(levels[:20]).min() > 0


def test_a_fade_of_a_minute_completes_although_each_frame_moves_it_by_less_than_one_level() -> None:
    crossfade = standing(grey(100))
    for tick in range(1860):
        now = 9.0 + tick / 30
        if tick % 2 == 0:
            crossfade.receive(GeneratedFrame(grey(130), take=1), 60.0, now)
        level = int(shown(crossfade, now)[0, 0, 0])
        if tick == 600:
            assert 118 <= level <= 123  # ease_out(1/3) is .70
    assert level == 130


@pytest.mark.parametrize("rate", [24, 30, 60])
def test_no_step_exceeds_the_limit_through_stalls_restarts_and_unrelated_frames(rate: int) -> None:
    rng = np.random.default_rng(5)
    crossfade = standing(noise(0))
    last, now, take = shown(crossfade, 9.0), 9.0, 0
    for step in range(400):
        now += 1 / rate if step % 37 else rng.uniform(0.5, 3.0)  # a stall
        if rng.random() < 0.4:
            take += int(rng.random() < 0.1)
            size = (36, 64) if rng.random() < 0.8 else (48, 48)
            frame = noise(step, *size) // 2 if step % 3 else grey(255 * (step % 2), *size)
            crossfade.receive(GeneratedFrame(frame, take), 1.0, now)
        picture = shown(crossfade, now)
        if picture.shape == last.shape:
            assert np.abs(picture.astype(float) - last).mean() < MAX_STEP + 3  # the limit is held on the sample grid
        last = picture


def test_a_frame_of_another_size_fades_in_over_the_shown_picture() -> None:
    ramp = np.repeat(np.linspace(0, 255, 64).astype(np.uint8)[None, :, None], 36, 0).repeat(3, 2)
    crossfade = standing(ramp)
    crossfade.receive(GeneratedFrame(grey(0, 72, 128)), 0.0, 9.0)
    first = shown(crossfade, 9.0)
    assert first.shape == (72, 128, 3)
    assert np.abs(first[::2, ::2].astype(int) - ramp).mean() < 3


def test_the_caller_may_reuse_the_array_of_a_frame() -> None:
    crossfade, picture = standing(grey(10)), grey(60)
    crossfade.receive(GeneratedFrame(picture, take=1), 0.0, 9.0)
    picture[...] = 255
    assert shown(crossfade, 9.1)[0, 0, 0] == 60


def test_the_change_by_a_prompt_is_reported_as_it_becomes_visible() -> None:
    crossfade = standing(grey(100))
    crossfade.receive(GeneratedFrame(grey(108), prompt_id=7, change=8.0), 0.0, 9.0)
    changes = []
    for tick in range(1, 6):
        crossfade.advance(9.0 + tick / 60)
        changes.append(crossfade.change)
    assert 0 < changes[0] < 4
    assert changes == sorted(changes)
    assert changes[-1] == pytest.approx(8.0)
    crossfade.receive(GeneratedFrame(grey(108), prompt_id=8, change=2.0), 0.0, 9.1)
    assert crossfade.change == 0.0  # nothing of the next prompt is visible yet
