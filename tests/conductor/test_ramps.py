"""Values that move over seconds, whoever sets them."""

from __future__ import annotations

import pytest

from installation.conductor.conductor import Conductor
from installation.core.curves import CURVES, along
from installation.core.messages import Changed, Direction, Origin, SetParam, Value
from installation.show.settings import CueSettings
from tests.conductor.harness import changes, make_conductor, rejections, trigger

OSC = Origin("osc", "127.0.0.1:5000")


def fade(conductor: Conductor, name: str, value: Value, seconds: float, now: float = 0.0) -> None:
    conductor.receive(SetParam(name, value, OSC, seconds), now)


def test_a_value_with_seconds_moves_to_its_target_and_its_setter_sees_it_move() -> None:
    conductor = make_conductor(params={"walk/speed": 0.0, "transition/curve": "linear"})
    fade(conductor, "walk/speed", 1.0, 4.0)
    effects = conductor.advance(1.0)
    assert [each for each in effects if isinstance(each, Changed)] == [Changed("walk/speed", 0.25)]
    (direction,) = (each for each in effects if isinstance(each, Direction))
    assert direction.params["walk/speed"] == 0.25
    assert changes(conductor.advance(4.0)) == {"walk/speed": 1.0}
    assert not conductor.advance(5.0)


def test_a_cue_moves_its_values_within_its_fade_and_never_jumps() -> None:
    cue = CueSettings(fade_seconds=4, params={"walk/speed": 0.95, "walk/amount": [0.9, 1.0], "dream/enabled": False})
    conductor = make_conductor(cue=(cue,))
    trigger(conductor, "go", 0.0)
    assert conductor.values["dream/enabled"] is False
    steps, last = [], float(conductor.values["walk/speed"])
    for frame in range(1, 260):
        conductor.advance(frame / 60)
        steps.append(abs(float(conductor.values["walk/speed"]) - last))
        last = float(conductor.values["walk/speed"])
        if frame == 60:
            assert conductor.values["walk/amount"] == 0.9
    assert (last, max(steps) < 0.01) == (0.95, True)


def test_a_value_that_is_set_by_hand_leaves_its_ramp() -> None:
    conductor = make_conductor()
    fade(conductor, "walk/speed", 1.0, 10.0)
    conductor.advance(5.0)
    fade(conductor, "walk/speed", 0.1, 0.0, 5.0)
    conductor.advance(9.0)
    assert conductor.values["walk/speed"] == 0.1


def test_a_panic_leaves_values_where_they_are() -> None:
    conductor = make_conductor(params={"walk/speed": 0.0, "transition/curve": "linear"})
    fade(conductor, "walk/speed", 1.0, 10.0)
    conductor.advance(5.0)
    trigger(conductor, "panic", 5.0)
    trigger(conductor, "reset", 6.0)
    conductor.advance(20.0)
    assert conductor.values["walk/speed"] == 0.5


def test_values_of_the_stage_fade_on_the_stage_which_needs_no_renderer() -> None:
    effects = make_conductor().receive(SetParam("master/opacity", 0.2, OSC, 3.0), 0.0)
    assert SetParam("master/opacity", 0.2, OSC, 3.0) in effects


def test_reset_restores_the_master_as_the_show_had_it_at_first() -> None:
    conductor = make_conductor(params={"master/opacity": 0.7})
    fade(conductor, "master/opacity", 0.0, 0.0)
    trigger(conductor, "reset", 1.0)
    assert conductor.values["master/opacity"] == 0.7


@pytest.mark.parametrize("curve", CURVES)
def test_every_curve_runs_from_0_to_1_without_turning_back(curve: str) -> None:
    values = [along(curve, step / 100) for step in range(-10, 111)]
    assert (values[0], values[-1]) == (0.0, 1.0)
    assert values == sorted(values)


def test_the_curve_is_set_by_name_or_by_number() -> None:
    conductor = make_conductor()
    conductor.receive(SetParam("transition/curve/index", 1, OSC), 0.0)
    assert conductor.direction.params["transition/curve"] == "linear"
    conductor.receive(SetParam("transition/curve", "ease-in", OSC), 0.0)
    assert conductor.values["transition/curve/index"] == 2
    (reason,) = rejections(conductor.receive(SetParam("transition/curve", "linaer", OSC), 0.0))
    assert "did you mean 'linear'" in reason
