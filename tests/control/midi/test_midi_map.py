"""What MIDI controls mean."""

from __future__ import annotations

import pytest

from installation.control.midi.midi_map import ECHO_SECONDS, Control, MidiMap, parse_control
from installation.core.errors import Rejected
from installation.core.messages import Origin, SetParam, Trigger

ME, OTHER = Origin("midi"), Origin("keyboard")
KNOB, PAD, MOTOR = Control("cc", 1, 7), Control("note", 10, 36), Control("pitch", 1)


def bound(control: Control, name: str, soft: bool = True, **values: float) -> MidiMap:
    made = MidiMap(ME, soft, {key.replace("_", "/"): value for key, value in values.items()})
    made.bind(control, name)
    return made


@pytest.mark.parametrize("control", [KNOB, PAD, MOTOR])
def test_a_control_is_written_as_it_is_read(control: Control) -> None:
    assert parse_control(str(control)) == control


@pytest.mark.parametrize("text", ["cc 0/7", "cc 17/7", "cc 1/128", "cc 1", "pitch 1/2", "knob 1/2", "", "cc x/y"])
def test_what_is_no_control_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(Rejected, match="write 'cc 1/7'"):
        parse_control(text)


@pytest.mark.parametrize("name", ["walk/sped", "status/fps", "prompt/negative", "prompt", "panicInTime"])
def test_only_numbers_and_plain_triggers_can_be_steered(name: str) -> None:
    with pytest.raises(Rejected):
        bound(KNOB, name)


def test_a_fader_takes_over_where_it_meets_the_value() -> None:
    one = bound(KNOB, "walk/speed", walk_speed=0.5)
    moves = [one.moved(KNOB, position, 0.0) for position in (0.1, 0.3, 0.6, 0.7)]
    assert moves == [None, None, SetParam("walk/speed", 0.6, ME), SetParam("walk/speed", 0.7, ME)]


def test_a_fader_that_a_cue_left_behind_has_to_meet_the_value_again() -> None:
    one = bound(KNOB, "walk/speed", walk_speed=0.5)
    one.moved(KNOB, 0.5, 0.0)
    one.changed("walk/speed", 0.9, OTHER, 1.0)
    assert one.moved(KNOB, 0.55, 2.0) is None
    assert one.moved(KNOB, 0.95, 3.0) == SetParam("walk/speed", 0.95, ME)


def test_without_soft_takeover_a_fader_jumps() -> None:
    assert bound(KNOB, "walk/speed", soft=False).moved(KNOB, 0.0, 0.0) == SetParam("walk/speed", 0.0, ME)


def test_positions_are_scaled_to_the_range_of_the_parameter() -> None:
    assert bound(MOTOR, "transition/time", soft=False).moved(MOTOR, 0.5, 0.0) == SetParam("transition/time", 30.0, ME)


def test_a_pad_fires_a_trigger_once_per_press() -> None:
    one = bound(PAD, "go")
    moves = [one.moved(PAD, position, 0.0) for position in (1.0, 1.0, 0.0, 1.0)]
    assert moves == [Trigger("go", (), ME), None, None, Trigger("go", (), ME)]


@pytest.mark.parametrize("name", ["cue/3/start", "snapshot/2/recall", "playhead/previous"])
def test_a_pad_fires_a_numbered_cue_or_look(name: str) -> None:
    assert bound(PAD, name).moved(PAD, 1.0, 0.0) == Trigger(name, (), ME)


def test_a_pad_toggles_a_switch_and_a_fader_switches_in_the_middle() -> None:
    pad = bound(PAD, "blackout")
    assert [pad.moved(PAD, position, 0.0) for position in (1.0, 0.0, 1.0)] == [
        SetParam("blackout", True, ME),
        None,
        SetParam("blackout", False, ME),
    ]
    knob = bound(KNOB, "blackout")
    assert [knob.moved(KNOB, position, 0.0) for position in (0.2, 0.4, 0.6, 0.9, 0.3)] == [
        SetParam("blackout", False, ME),
        None,
        SetParam("blackout", True, ME),
        None,
        SetParam("blackout", False, ME),
    ]


def test_motors_follow_the_others_and_not_the_hand() -> None:
    one = bound(KNOB, "walk/speed", soft=False, walk_speed=0.5)
    one.moved(KNOB, 0.25, 1.0)
    assert one.changed("walk/speed", 0.25, ME, 1.1) == []
    assert one.changed("walk/speed", 0.75, OTHER, 1.2) == [(KNOB, 0.75)]
    assert one.changed("walk/speed", 0.25, ME, 1.0 + 2 * ECHO_SECONDS) == [(KNOB, 0.25)]
    assert one.changed("walk/amount", 0.1, OTHER, 2.0) == []


def test_a_control_steers_one_thing_and_a_thing_has_one_control() -> None:
    one = bound(KNOB, "walk/speed")
    one.bind(KNOB, "walk/amount")
    one.bind(PAD, "walk/amount")
    assert one.bindings == {"note 10/36": "walk/amount"}
    assert one.moved(KNOB, 0.5, 0.0) is None
