"""A leader and a follower over real UDP, with lists in the places of their shows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pytest

from installation.control.interface import SurfaceContext
from installation.control.walls.settings import WallsSettings
from installation.control.walls.surface import ORIGIN, SPEC, Follower, Leader
from installation.core import clock
from installation.core.messages import Changed, Direction, FrameLatents, Inbox, Lead, Prompt, SetParam, Trigger, Value
from tests.bench.walls import network
from tests.running import until
from tests.workers import PATIENCE


class Wall:
    """One surface, what it sends to its show, and what it passes on of the leader."""

    def __init__(self, **settings: Any) -> None:
        self.sent: list[Inbox] = []
        self.followed: list[Lead] = []
        values: dict[str, Value] = {"master/opacity": 1.0, "caption/opacity": 1.0, "blackout": False, "mode": "attract"}
        context = SurfaceContext(values, self.sent.append, lambda _text: None, follow=self.followed.append)
        self.surface: Any = SPEC.make(WallsSettings(**settings), context)

    @property
    def directions(self) -> list[Direction]:
        return [each for each in list(self.followed) if isinstance(each, Direction)]

    @property
    def frames(self) -> list[FrameLatents]:
        return [each for each in list(self.followed) if isinstance(each, FrameLatents)]

    def has_frames(self, number: int) -> bool:
        return len(self.frames) >= number

    def is_open(self) -> bool:
        return bool(self.surface.figures().port)

    def heard(self, what: Inbox) -> bool:
        return what in list(self.sent)


@contextmanager
def walls(multicast: bool = False, passcode: str = "") -> Iterator[tuple[Wall, Wall]]:
    where = network(multicast)
    shared: dict[str, Any] = {"to": (where.place,), "port": where.port}
    leader = Wall(role="leader", lead_seconds=0.2, **shared)
    follower = Wall(role="follower", passcode=passcode, **shared)
    for each in (leader, follower):
        each.surface.start()
    until(leader.is_open, PATIENCE, "an open port")
    try:
        yield leader, follower
    finally:
        for each in (leader, follower):
            each.surface.stop()


def frame(take: int = 1, show_at: float = 0.0) -> FrameLatents:
    z = np.full((1, 12), 0.5, np.float32)
    return FrameLatents(z, z, 1.0, 0.8, take, show_at or clock.now(), "fake")


def repeat(leader: Wall, message: Lead, arrived: Any, what: str) -> None:
    """Send until it has arrived: the follower may not listen yet, and datagrams may be lost."""

    def sent() -> bool:
        leader.surface.lead(message)
        return bool(arrived())

    until(sent, PATIENCE, what)


@pytest.mark.parametrize("multicast", [False, True])
def test_frames_arrive_with_the_moment_of_the_leader(multicast: bool) -> None:
    with walls(multicast) as (leader, follower):
        shown = frame(show_at=clock.now())
        repeat(leader, shown, lambda: follower.frames, "a frame")
        until(lambda: follower.surface.figures().clock_offset, PATIENCE, "a comparison of the clocks")
        repeat(leader, shown, lambda: len(follower.frames) > 3, "more frames")
        got = follower.frames[-1]
        assert got.z.tobytes() == shown.z.tobytes()
        assert abs(got.show_at - (shown.show_at + 0.2)) < 0.05
        assert abs(follower.surface.figures().clock_offset) < 0.05
        assert (leader.surface.figures().reason, follower.surface.figures().reason) == ("", "")


def test_words_values_and_panic_of_the_leader_are_shared() -> None:
    with walls() as (leader, follower):
        prompts = (Prompt(7, "a fox"),)
        repeat(leader, Direction(1, prompts, 1.5), lambda: follower.directions, "a Direction")
        got = follower.directions[-1]
        assert (got.prompts, got.fade_seconds, got.paused) == (prompts, 1.5, False)
        for message, arrived in (
            (Changed("master/opacity", 0.25), SetParam("master/opacity", 0.25, ORIGIN)),
            (Changed("blackout", True), SetParam("blackout", True, ORIGIN)),
            (Changed("mode", "panic"), Trigger("panic", (), ORIGIN)),
            (Changed("mode", "attract"), Trigger("reset", (), ORIGIN)),
        ):
            leader.surface.feedback(message)
            repeat(leader, Direction(1, prompts), partial(follower.heard, arrived), str(message))
        leader.surface.feedback(Changed("walk/speed", 0.9))
        assert not [each for each in follower.sent if isinstance(each, SetParam) and each.name == "walk/speed"]


def test_words_of_a_hard_cut_come_with_its_first_frame() -> None:
    with walls() as (leader, follower):
        repeat(leader, frame(1), lambda: follower.frames, "a frame")
        repeat(leader, Direction(1), lambda: follower.directions, "a Direction")
        before = follower.surface.figures().messages
        cut = Direction(2, (Prompt(8, "a wolf"),), 0.0)
        repeat(leader, cut, lambda: follower.surface.figures().messages > before + 2, "the new take")
        assert [each.take for each in follower.directions if each.take == 2] == []
        repeat(leader, frame(2), lambda: follower.directions[-1].take == 2, "its words")
        first = next(each for each in follower.followed if each.take == 2)
        assert isinstance(first, Direction)


def test_a_leader_with_another_passcode_is_not_followed() -> None:
    with walls(passcode="abend") as (leader, follower):
        repeat(leader, frame(), lambda: follower.surface.figures().malformed > 2, "refused frames")
        assert follower.followed == []


def test_a_frame_that_fails_is_told_and_the_next_ones_are_followed(capsys: pytest.CaptureFixture[str]) -> None:
    with walls() as (leader, follower):
        follow = follower.surface._context.follow

        def fails(message: Lead) -> None:
            if message.take == 1:
                raise RuntimeError("unheard of")
            follow(message)

        follower.surface._context = replace(follower.surface._context, follow=fails)
        repeat(leader, frame(1), lambda: "RuntimeError: unheard of" in follower.surface.figures().reason, "the reason")
        repeat(leader, frame(2), lambda: follower.frames, "the next frame")
    assert capsys.readouterr().err.count("RuntimeError: unheard of") == 1


def test_walls_of_one_machine_do_not_hear_others_in_the_network() -> None:
    here = WallsSettings("follower")
    there = WallsSettings("follower", interface="192.168.1.20", passcode="abend")
    context = SurfaceContext({}, lambda _message: None, lambda _text: None)
    assert Follower(here, context).hears("127.0.0.1")
    assert not Follower(here, context).hears("192.168.1.66")
    assert Follower(there, context).hears("192.168.1.66")


def test_a_leader_that_is_replaced_is_followed_again() -> None:
    where = network(multicast=False)
    shared: dict[str, Any] = {"to": (where.place,), "port": where.port}
    follower = Wall(role="follower", **shared)
    follower.surface.start()
    try:
        for number in (1, 2):
            leader = Wall(role="leader", **shared)
            leader.surface.start()
            until(leader.is_open, PATIENCE, "an open port")
            repeat(leader, frame(), partial(follower.has_frames, 3 * number), "frames")
            leader.surface.stop()
    finally:
        follower.surface.stop()


@pytest.mark.slow
def test_a_follower_without_a_leader_says_so_after_a_while() -> None:
    follower = Wall(role="follower", to=(network(multicast=False).place,))
    follower.surface.start()
    until(lambda: "No leader is heard" in follower.surface.figures().reason, PATIENCE, "a reason")
    follower.surface.stop()


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"to": ("here:9420",)}, "not an IPv4 address"),
        ({"to": ("127.0.0.1",)}, "not an IPv4 address"),
        ({"to": ("127.0.0.1:x",)}, "has no port"),
        ({"to": ()}, "at least one"),
        ({"interface": "192.168.1.20"}, "need one, the same on all"),
        ({"interface": "eth0"}, "an address in numbers"),
        ({"lead_seconds": 9.0}, "0 to 2"),
    ],
)
def test_wrong_settings_are_one_sentence(settings: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        WallsSettings(**{"role": "leader", **settings})


def test_the_role_decides() -> None:
    assert isinstance(Wall(role="leader").surface, Leader)
    assert isinstance(Wall(role="follower").surface, Follower)
