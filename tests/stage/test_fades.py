"""The light of the stage."""

from __future__ import annotations

import pytest

from installation.stage.fades import StageFades
from installation.stage.ramp import Ramp, Visibility


def test_a_ramp_begins_to_move_at_once_and_rests_at_its_target() -> None:
    ramp = Ramp(1.0)
    ramp.go(0.0, 2.0, 10.0)
    assert [round(ramp.at(10 + each), 3) for each in (0, 0.1, 1, 2, 9)] == [1.0, 0.857, 0.125, 0.0, 0.0]
    assert ramp.moving(11.0)
    assert not ramp.moving(12.0)


def test_a_ramp_turned_round_on_its_way_goes_on_from_where_it_is() -> None:
    ramp = Ramp(0.0)
    ramp.go(1.0, 1.0, 0.0)
    before = ramp.at(0.3)
    ramp.go(0.0, 1.0, 0.3)
    assert ramp.at(0.3) == pytest.approx(before)
    assert ramp.at(1.3) == 0.0


def test_blackout_is_black_at_once_and_leaves_the_opacity_as_it_was() -> None:
    fader = StageFades()
    fader.opacity(0.6, 0.0, 0.0)
    fader.blackout(True, 0.0, 1.0)
    assert fader.at(1.0) == 0.0
    fader.blackout(False, 0.0, 2.0)
    assert fader.at(2.0) == pytest.approx(0.6)


def test_a_second_panic_makes_the_fade_shorter_and_never_longer() -> None:
    fader = StageFades()
    fader.panic(20.0, 0.0)
    fader.panic(3.0, 5.0)
    assert fader.at(6.0) > 0.0
    assert fader.at(8.0) == 0.0
    fader.reset(0.0, 10.0)
    fader.panic(1.5, 11.0)
    fader.panic(1.5, 12.2)
    assert fader.at(12.5) == 0.0


def test_panic_fades_while_the_light_is_coming_back_and_cuts_when_asked_to() -> None:
    fader = StageFades()
    fader.panic(0.0, 0.0)
    assert fader.at(0.0) == 0.0
    fader.reset(0.8, 1.0)
    fader.panic(1.5, 1.4)
    assert 0.0 < fader.at(1.5) < 1.0


def test_reset_leaves_panic_and_blackout_but_keeps_the_opacity() -> None:
    fader = StageFades()
    fader.opacity(0.5, 0.0, 0.0)
    fader.blackout(True, 0.0, 0.0)
    fader.panic(0.0, 0.0)
    fader.reset(1.0, 1.0)
    assert 0.0 < fader.at(1.2) < 0.5
    assert fader.at(2.0) == pytest.approx(0.5)
    assert not fader.blacked_out


def test_the_opacity_is_kept_within_its_range() -> None:
    fader = StageFades()
    fader.opacity(7.0, 0.0, 0.0)
    assert fader.at(0.0) == 1.0
    fader.opacity(-1.0, 0.0, 0.0)
    assert fader.at(0.0) == 0.0


def test_visibility_comes_and_goes_softly() -> None:
    visibility = Visibility(appear=0.2, vanish=0.8)
    seen = [
        visibility.at(there, now) for there, now in ((True, 0.0), (True, 0.1), (True, 0.3), (False, 1.0), (False, 2))
    ]
    assert seen[0] == 0.0
    assert 0 < seen[1] < 1
    assert seen[2:] == [1.0, 1.0, 0.0]
