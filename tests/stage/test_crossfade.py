"""What is shown between generated frames."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from installation.stage.crossfade import Crossfade
from installation.stage.picture import DecodedPicture, resize

Picture = NDArray[np.uint8]


def grey(value: int, height: int = 36, width: int = 64) -> Picture:
    return np.full((height, width, 3), value, np.uint8)


def noise(seed: int, height: int = 36, width: int = 64) -> Picture:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def opened(picture: Picture, take: int = 0) -> Crossfade:
    """An easing on which that picture already stands whole, at second 9."""
    easing = Crossfade()
    easing.arrive(picture, 0.0, take=take)
    for tick in range(271):
        easing.at(tick / 30)
    return easing


def shown(easing: Crossfade, now: float) -> Picture:
    easing.at(now)
    picture = easing.blend()
    assert picture is not None
    return picture


def test_before_the_first_picture_there_is_nothing_to_show() -> None:
    assert Crossfade().at(1.0) is None
    assert Crossfade().blend() is None


def test_the_first_picture_rises_from_black_without_a_jump_and_stands_whole_within_a_second() -> None:
    easing = Crossfade()
    easing.arrive(grey(200), 0.0)
    levels = [int(shown(easing, tick / 30)[0, 0, 0]) for tick in range(31)]
    assert levels[0] == 0
    assert levels[-1] == 200
    assert max(np.diff(levels)) <= 10


def test_a_slow_generator_moves_evenly_at_the_rate_of_the_display() -> None:
    easing = opened(grey(0))
    levels = []
    for tick in range(240):
        now = 9.1 + tick / 60
        if tick % 5 == 0:
            easing.arrive(grey(min(255, tick)), now)
        levels.append(int(shown(easing, now)[0, 0, 0]))
    steps = np.diff(levels[60:])
    assert steps.min() >= 0
    assert steps.max() <= 3
    assert (steps == 0).mean() < 0.2


def test_a_crossfade_goes_linearly_from_what_is_shown_to_the_new_frame() -> None:
    easing = opened(grey(100))
    easing.interval = 0.2
    easing.arrive(grey(110), 9.03)
    view = easing.at(9.0 + 0.5 * easing.interval * 1.15)
    assert view is not None
    assert view.mix == pytest.approx(0.5)
    assert np.allclose(view.pixels(), 105, atol=0.01)


def test_frames_of_an_older_take_are_dropped() -> None:
    easing = opened(grey(50), take=3)
    assert not easing.arrive(grey(250), 9.1, take=2)
    assert shown(easing, 9.5)[0, 0, 0] == 50
    assert easing.take == 3


def test_a_new_take_without_fade_cuts_within_one_presented_frame() -> None:
    easing = opened(grey(20))
    easing.arrive(grey(220), 9.02, take=1, fade=0.0)
    assert np.array_equal(shown(easing, 9.03), grey(220))


def test_a_new_take_fades_from_the_old_picture_in_its_seconds_and_eases_out() -> None:
    easing = opened(grey(40))
    levels = []
    for tick in range(90):
        now = 9.0 + tick / 30
        if tick % 2 == 0:
            easing.arrive(grey(140), now, take=1, fade=2.0)
        levels.append(int(shown(easing, now)[0, 0, 0]))
    assert 40 + 0.8 * 100 < levels[30] < 40 + 0.92 * 100  # ease_out(.5) is .875
    assert levels[61] == 140
    assert np.diff(levels[:20]).min() > 0


def test_a_very_long_fade_reaches_its_picture_although_every_frame_brings_less_than_one_step_of_it() -> None:
    easing = opened(grey(100))
    for tick in range(1860):
        now = 9.0 + tick / 30
        if tick % 2 == 0:
            easing.arrive(grey(130), now, take=1, fade=60.0)
        level = int(shown(easing, now)[0, 0, 0])
        if tick == 600:
            assert 118 <= level <= 123  # ease_out(1/3) is .70
    assert level == 130


@pytest.mark.parametrize("rate", [24, 30, 60])
def test_no_jump_is_ever_shown_through_stalls_restarts_and_wholly_different_frames(rate: int) -> None:
    rng = np.random.default_rng(5)
    easing = opened(noise(0))
    last, now, take = shown(easing, 9.0), 9.0, 0
    for step in range(400):
        now += 1 / rate if step % 37 else rng.uniform(0.5, 3.0)  # a stall
        if rng.random() < 0.4:
            take += int(rng.random() < 0.1)
            size = (36, 64) if rng.random() < 0.8 else (48, 48)
            easing.arrive(
                noise(step, *size) // 2 if step % 3 else grey(255 * (step % 2), *size), now, take=take, fade=1.0
            )
        picture = shown(easing, now)
        if picture.shape == last.shape:
            assert np.abs(picture.astype(float) - last).mean() < 12
        last = picture


def test_a_frame_of_another_size_grows_out_of_the_picture_that_is_shown() -> None:
    ramp = np.repeat(np.linspace(0, 255, 64).astype(np.uint8)[None, :, None], 36, 0).repeat(3, 2)
    easing = opened(ramp)
    easing.arrive(grey(0, 72, 128), 9.0)
    first = shown(easing, 9.0)
    assert first.shape == (72, 128, 3)
    assert np.abs(first[::2, ::2].astype(int) - ramp).mean() < 3


def test_the_caller_may_use_its_array_again_at_once() -> None:
    easing, frame = opened(grey(10)), grey(60)
    easing.arrive(frame, 9.0, take=1)
    frame[...] = 255
    assert shown(easing, 9.1)[0, 0, 0] == 60


def test_the_change_of_the_newest_words_is_told_as_it_becomes_visible() -> None:
    easing = opened(grey(100))
    easing.arrive(grey(108), 9.0, prompt_id=7, change=8.0)
    told = []
    for tick in range(1, 6):
        easing.at(9.0 + tick / 60)
        told.append(easing.change)
    assert 0 < told[0] < 4
    assert told == sorted(told)
    assert told[-1] == pytest.approx(8.0)
    easing.arrive(grey(108), 9.1, prompt_id=8, change=2.0)
    assert easing.change == 0.0  # other words have changed nothing yet


def test_resizing_keeps_edges_and_means() -> None:
    picture = noise(3, 20, 30)
    assert resize(picture, 20, 30) == pytest.approx(picture.astype(float))
    assert resize(picture, 40, 60).mean() == pytest.approx(picture.mean(), abs=1)
    assert resize(grey(9, 1, 1), 4, 4) == pytest.approx(9)


def test_a_plate_of_any_size_has_its_sample_points_all_over_it() -> None:
    left_black = noise(1, 128, 256)
    left_black[:, :128] = 0
    samples = DecodedPicture.of(left_black).samples
    assert samples.shape == (36, 64, 3)
    assert samples[:, :32].max() == 0
    assert samples[:, 32:].mean() == pytest.approx(127, abs=8)
