"""Values that fade, and the brightness of the stage."""

from __future__ import annotations

import pytest

from installation.stage.fades import Ramp, StageFades, Visibility


def test_a_ramp_starts_to_move_at_once_and_stops_at_its_target() -> None:
    ramp = Ramp(1.0)
    ramp.start(0.0, 2.0, 10.0)
    assert [round(ramp.at(10 + each), 3) for each in (0, 0.1, 1, 2, 9)] == [1.0, 0.857, 0.125, 0.0, 0.0]
    assert (ramp.is_moving(11.0), ramp.is_moving(12.0)) == (True, False)


def test_a_ramp_that_is_reversed_continues_from_its_present_value() -> None:
    ramp = Ramp(0.0)
    ramp.start(1.0, 1.0, 0.0)
    before = ramp.at(0.3)
    ramp.start(0.0, 1.0, 0.3)
    assert ramp.at(0.3) == pytest.approx(before)
    assert ramp.at(1.3) == 0.0


def test_something_visible_fades_in_and_out() -> None:
    visibility = Visibility(fade_in=0.2, fade_out=0.8)
    calls = ((True, 0.0), (True, 0.1), (True, 0.3), (False, 1.0), (False, 2.0))
    opacities = [visibility.update(wanted, now) for wanted, now in calls]
    assert 0 < opacities.pop(1) < 1
    assert opacities == [0.0, 1.0, 1.0, 0.0]


def test_blackout_is_black_at_once_and_keeps_the_opacity() -> None:
    fades = StageFades()
    fades.set_opacity(0.6, 0.0, 0.0)
    fades.set_blackout(True, 0.0, 1.0)
    assert fades.brightness(1.0) == 0.0
    fades.set_blackout(False, 0.0, 2.0)
    assert fades.brightness(2.0) == pytest.approx(0.6)


def test_a_second_panic_shortens_the_fade_and_never_lengthens_it() -> None:
    fades = StageFades()
    fades.panic(20.0, 0.0)
    fades.panic(3.0, 5.0)
    assert fades.brightness(6.0) > 0.0
    assert fades.brightness(8.0) == 0.0
    fades.reset(0.0, 10.0)
    fades.panic(1.5, 11.0)
    fades.panic(1.5, 12.2)
    assert fades.brightness(12.5) == 0.0


def test_panic_cuts_with_zero_seconds_and_fades_even_during_a_reset() -> None:
    fades = StageFades()
    fades.panic(0.0, 0.0)
    assert fades.brightness(0.0) == 0.0
    fades.reset(0.8, 1.0)
    fades.panic(1.5, 1.4)
    assert 0.0 < fades.brightness(1.5) < 1.0


def test_reset_ends_panic_and_blackout_and_keeps_the_opacity() -> None:
    fades = StageFades()
    fades.set_opacity(0.5, 0.0, 0.0)
    fades.set_blackout(True, 0.0, 0.0)
    fades.panic(0.0, 0.0)
    fades.reset(1.0, 1.0)
    assert 0.0 < fades.brightness(1.2) < 0.5
    assert fades.brightness(2.0) == pytest.approx(0.5)
    assert not fades.blackout


def test_the_opacity_is_clipped_to_its_range() -> None:
    fades = StageFades()
    levels = []
    for value in (7.0, -1.0):
        fades.set_opacity(value, 0.0, 0.0)
        levels.append(fades.brightness(0.0))
    assert levels == [1.0, 0.0]


def test_sound_adds_to_the_opacity_and_never_lifts_a_blackout() -> None:
    fades = StageFades()
    fades.set_opacity(0.5, 0.0, 0.0)
    for added, brightness in ((0.2, 0.7), (0.9, 1.0), (-0.8, 0.0), (0.0, 0.5)):
        fades.added_opacity = added
        assert fades.brightness(1.0) == pytest.approx(brightness)
    fades.added_opacity = 0.5
    fades.set_blackout(True, 0.0, 1.0)
    assert fades.brightness(2.0) == 0.0
