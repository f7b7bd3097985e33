"""Screens in step: nobody goes on before all show the present frame, and nobody waits for one that is gone."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from installation.core.lockstep import SILENT_SECONDS, Lockstep


def table(tmp_path: Path, screens: int = 2) -> Lockstep:
    made = Lockstep(tmp_path / "screens", screens)
    for number in range(1, screens + 1):
        made.shown(number, 0, 0.0)
    return made


def test_the_next_frame_is_the_newest_once_every_screen_shows_the_present_one(tmp_path: Path) -> None:
    steps = table(tmp_path)
    assert [steps.next_frame(number, 5, 0.0) for number in (2, 1, 2)] == [0, 5, 5]
    steps.shown(1, 5, 0.1)
    assert [steps.next_frame(number, 9, 0.1) for number in (1, 2)] == [5, 5]
    steps.shown(2, 5, 0.2)
    assert [steps.next_frame(number, 9, 0.2) for number in (2, 1, 2)] == [5, 9, 9]


def test_a_screen_that_is_silent_or_gone_is_not_waited_for(tmp_path: Path) -> None:
    steps = table(tmp_path)
    steps.next_frame(1, 5, 0.0)
    steps.shown(1, 5, SILENT_SECONDS)
    assert steps.next_frame(1, 9, SILENT_SECONDS - 0.1) == 5
    assert steps.next_frame(1, 9, SILENT_SECONDS) == 9
    steps = table(tmp_path)
    steps.next_frame(1, 5, 0.0)
    steps.leave(1)  # the next one leads
    steps.shown(2, 5, 0.1)
    assert steps.next_frame(2, 9, 0.1) == 9


def test_another_process_reads_the_same_table(tmp_path: Path) -> None:
    steps = table(tmp_path, 3)
    steps.shown(2, 7, 0.0)
    assert (Lockstep(steps.path).screens, Lockstep(steps.path).frames) == (3, (0, 7, 0))


def test_screens_of_any_speed_are_never_more_than_one_frame_apart(tmp_path: Path) -> None:
    steps = table(tmp_path, 4)
    random = np.random.default_rng(1)
    ready = np.zeros(4)
    shown, newest, wanted = [0] * 4, 0, [0] * 4
    for tick in range(5000):
        at, newest = tick / 1000, tick // 33
        for number in range(1, 5):
            index = number - 1
            if wanted[index] > shown[index] and at >= ready[index]:
                shown[index] = wanted[index]
            elif wanted[index] == shown[index]:
                wanted[index] = steps.next_frame(number, newest, at)
                ready[index] = at + random.uniform(0.002, 0.02 * number)
            steps.shown(number, shown[index], at)
        on_the_way = sorted(set(wanted) | set(shown))
        assert len(on_the_way) <= 2  # the frame that is shown, and the next one
    assert min(shown) > 40
