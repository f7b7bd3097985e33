"""Walls in step: frames that wait for their moment, and two whole shows on this machine."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pytest

from installation.control.walls.settings import WallsSettings
from installation.runtime.walls import FrameSchedule
from installation.stage.crossfade import GeneratedFrame
from tests.bench.walls import LEAD_SECONDS, compare_walls, led_since, network, wall
from tests.running import RunningShow, until

LIMIT = 90.0  # seconds, for anything that must happen on a machine that may be busy


def frame(number: int) -> GeneratedFrame:
    return GeneratedFrame(np.full((2, 2, 3), number, np.uint8), number)


def test_a_frame_of_the_leader_waits_for_the_moment_of_all_walls() -> None:
    schedule = FrameSchedule(WallsSettings("leader", lead_seconds=0.2))
    schedule.put(frame(1), 10.0)
    schedule.put(frame(2), 10.1)
    takes = [[each.take for each in schedule.take(now)] for now in (10.1, 10.25, 10.31)]
    assert takes == [[], [1], [2]]
    assert schedule.readings(0.0125) == {"walls/offset": 12.5, "walls/late": pytest.approx(49.6)}


def test_a_frame_of_a_follower_has_its_moment_from_the_leader() -> None:
    schedule = FrameSchedule(WallsSettings("follower"))
    schedule.put(frame(1), 10.0)
    assert [each.take for each in schedule.take(10.0)] == [1]
    assert schedule.figures() == {"frames": 1, "late_ms_p50": 0.0, "late_ms_p99": 0.0}


def words(show: RunningShow) -> set[str]:
    """The prompts that a show had on its stage."""
    return {
        prompt["text"] for record in show.journal() if record.get("is") == "Direction" for prompt in record["prompts"]
    }


def shows(show: RunningShow, text: str) -> bool:
    return text in words(show)


def draws(show: RunningShow, frames: int) -> bool:
    return len(show.drawn()) > frames


@pytest.mark.slow
def test_two_shows_paint_the_same_frames_for_the_same_moments_also_after_one_was_killed(tmp_path: Path) -> None:
    where = network(multicast=True)
    with wall("leader", tmp_path / "leader", where, passcode="abend") as leader:
        leader.say("a red fox")
        for text in ("a golden moon", "a white ship"):  # the second follower begins when the first has been killed
            with wall("follower", tmp_path / text, where, passcode="abend") as follower:
                since = led_since(leader, follower)
                leader.say(text)
                until(partial(shows, follower, text), LIMIT, "the words")
                until(partial(draws, follower, len(follower.drawn()) + 30), LIMIT, "30 frames")
                found = compare_walls(leader, follower, since)
                assert found.same == found.frames > 30
                assert max(found.skew) < LEAD_SECONDS
                assert words(follower) <= words(leader)
