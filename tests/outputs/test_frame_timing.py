"""Which picture belongs to which frame, without a clock."""

from __future__ import annotations

import random

from installation.outputs.frame_timing import FrameTiming


def shown(cadence: FrameTiming, times: list[float]) -> list[int]:
    """The picture (its index) of every frame, as the recorder would write them."""
    frames: list[int] = []
    for number, at in enumerate(times):
        frames += [number - 1] * cadence.advance(cadence.first_frame(at))
    return [*frames, *[len(times) - 1] * cadence.advance(cadence.written + 1)]


def test_a_stage_at_the_files_rate_is_written_picture_by_picture_in_spite_of_jitter() -> None:
    dice = random.Random(1)
    times = [100 + i / 30 + dice.uniform(-0.4, 0.4) / 30 for i in range(300)]
    times[0] = 100.0
    assert shown(FrameTiming(30), times) == list(range(300))


def test_a_stage_of_half_the_rate_is_written_twice_and_one_of_twice_the_rate_by_halves() -> None:
    assert shown(FrameTiming(30), [i / 15 for i in range(4)]) == [0, 0, 1, 1, 2, 2, 3]
    assert shown(FrameTiming(30), [i / 60 for i in range(7)]) == [1, 3, 5, 6]


def test_every_frame_shows_the_newest_picture_of_its_time_plus_half_a_period() -> None:
    dice = random.Random(2)
    times = [0.0]
    for _ in range(500):
        times.append(times[-1] + dice.expovariate(40))
    cadence = FrameTiming(24)
    frames = shown(cadence, times)
    assert len(frames) > 200
    for number, picture in enumerate(frames[:-1]):
        moment = number / 24 + 0.5 / 24
        assert picture == max(i for i, at in enumerate(times) if at <= moment + 1e-5)


def test_ten_hours_later_frame_and_clock_still_agree() -> None:
    cadence = FrameTiming(30)
    cadence.first_frame(7.0)
    cadence.advance(cadence.first_frame(7.0 + 36_000.0))
    assert cadence.written == 30 * 36_000


def test_frames_without_news_settle_after_the_grace_and_not_before() -> None:
    cadence = FrameTiming(10, grace=0.25)
    assert cadence.settled(99.0) == 0
    cadence.first_frame(1.0)
    assert cadence.settled(1.29) == 0
    assert [cadence.settled(1.31), cadence.settled(2.31)] == [1, 11]


def test_news_that_come_too_late_count_from_the_next_frame_and_nothing_is_written_twice() -> None:
    cadence = FrameTiming(10)
    cadence.first_frame(0.0)
    cadence.advance(8)
    assert cadence.first_frame(0.3) == 8
    assert cadence.advance(5) == 0
    assert cadence.written == 8
