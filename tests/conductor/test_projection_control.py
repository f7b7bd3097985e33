"""How the picture lies on the wall, changed while a show runs: from a message to the state of a window."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from installation.conductor.conductor import Conductor, Effect
from installation.core.messages import Bundle, MessageRejected, Notice, Origin, SetParam
from installation.core.params import TEMPLATES, find_param
from installation.show.projection import WHOLE, KeepProjection, ProjectedWindow, ProjectionSettings
from installation.show.projection_values import projection_settings, projection_values
from installation.show.settings import Show
from tests.conductor.harness import make_conductor, trigger

OSC = Origin("osc")
KEYSTONE = ProjectionSettings(
    corners=((0.1, 0.05), (0.9, 0.0), (1.0, 0.95), (0.0, 0.9)),
    mesh=(((0.0, 0.1), (1.0, 0.0)), ((0.0, 1.0), (1.0, 1.0))),
    mask=(((0.0, 0.0), (0.5, 0.0), (0.5, 0.5)), ((0.7, 0.7), (0.8, 0.7), (0.8, 0.8))),
    rotation=180,
    mirror="horizontal",
    blend_right=0.2,
    blend_gamma=1.8,
    contrast=1.2,
)


def put(
    conductor: Conductor, name: str, value: bool | float | str, now: float = 1.0, source: str = "osc"
) -> list[Effect]:
    return conductor.receive(SetParam(name, value, Origin(source)), now)


def windows(effects: Sequence[Effect]) -> list[ProjectedWindow]:
    return [each for each in effects if isinstance(each, ProjectedWindow)]


def reasons(effects: Sequence[Effect]) -> list[str]:
    return [each.reason for each in effects if isinstance(each, MessageRejected)]


def test_the_values_of_a_projection_are_the_whole_projection() -> None:
    values = projection_values(KEYSTONE)
    assert projection_settings(values, ProjectionSettings()) == KEYSTONE
    assert {f"screen/{{n}}/{name}" for name in values} <= set(TEMPLATES)


def test_a_show_begins_with_the_projection_of_its_file_and_shows_it_in_its_values() -> None:
    conductor = make_conductor(projection=KEYSTONE)
    (window,) = windows(conductor.begin())
    assert window == ProjectedWindow(0, KEYSTONE)
    assert (conductor.values["output/corner/tl/x"], conductor.values["output/mirror/index"]) == (0.1, 1)


@pytest.mark.parametrize(
    ("name", "value", "field", "expected"),
    [
        ("output/brightness", 0.5, "brightness", 0.5),
        ("output/rotate", 100, "rotation", 90),
        ("output/mirror/index", 2, "mirror", "vertical"),
        ("output/blend/left", 0.25, "blend_left", 0.25),
        ("output/blend/gamma", 9.0, "blend_gamma", 4.0),
        ("output/mesh", "0,0 1,0;0,1 1,1", "mesh", (((0.0, 0.0), (1.0, 0.0)), ((0.0, 1.0), (1.0, 1.0)))),
        ("output/mask", "0,0 .5,0 .5,.5", "mask", (((0.0, 0.0), (0.5, 0.0), (0.5, 0.5)),)),
        ("output/corner/br/y", 0.8, "corners", (*WHOLE[:2], (1.0, 0.8), WHOLE[3])),
    ],
)
def test_each_value_changes_the_window(name: str, value: float | str, field: str, expected: object) -> None:
    (window,) = windows(put(make_conductor(), name, value))
    assert getattr(window.settings, field) == expected


def test_a_value_can_take_seconds() -> None:
    conductor = make_conductor()
    conductor.receive(SetParam("output/brightness", 0.0, OSC, 2.0), 1.0)
    (window,) = windows(conductor.advance(2.0))
    assert 0.0 < window.settings.brightness < 1.0


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("screen/1/brightness", 0.5, "there is no screen 1; the show has none."),
        ("output/mesh", "0,0 1,0; 0,1", "a mesh has 2 to 17 rows"),
        ("output/mesh", "0,0 1", "'1' is not a point"),
        ("output/mask", "0,0 1,1", "Tuple should have at least 3 items"),
        ("output/mirror", "sideways", "'output/mirror' takes none, horizontal"),
    ],
)
def test_a_wrong_value_is_one_sentence_and_changes_nothing(name: str, value: float | str, reason: str) -> None:
    conductor = make_conductor()
    effects = put(conductor, name, value)
    assert windows(effects) == []
    assert reasons(effects)[0].startswith(reason)


def test_corners_may_cross_within_a_bundle_and_otherwise_leave_the_wall_as_it_was() -> None:
    conductor = make_conductor()
    upside_down = {"tl/y": 1.0, "tr/y": 1.0, "br/y": 0.0, "bl/y": 0.0}
    together = Bundle(tuple(SetParam(f"output/corner/{name}", at, OSC) for name, at in upside_down.items()))
    (window,) = windows(conductor.receive(together, 1.0))
    assert window.settings.corners[0] == (0.0, 1.0)
    crossed = put(conductor, "output/corner/tl/y", -1.0)
    assert windows(crossed) == []
    assert [each.text for each in crossed if isinstance(each, Notice)] == [
        "The projection stays as it was: the four corners should form a convex quadrilateral: "
        "top left, top right, bottom right, …"
    ]


def test_a_corner_is_moved_by_one_message_and_taken_back_by_another() -> None:
    conductor = make_conductor()
    trigger(conductor, "output/corner/tl", 1.0, 0.1, 0.2)
    trigger(conductor, "output/corner/tl", 1.2, 0.15, 0.2)  # the same hand goes on: one change
    (moved,) = windows(trigger(conductor, "output/corner/br", 1.3, 0.9, 0.9))
    assert moved.settings.corners == ((0.15, 0.2), (1.0, 0.0), (0.9, 0.9), (0.0, 1.0))
    (once,) = windows(trigger(conductor, "output/undo", 5.0))
    (twice,) = windows(trigger(conductor, "output/undo", 5.1))
    assert (once.settings.corners[0], twice.settings.corners) == ((0.15, 0.2), WHOLE)
    assert reasons(trigger(conductor, "output/undo", 5.2)) == ["there is no change of the projection to take back."]


def test_everything_is_straight_again_at_once_and_can_be_taken_back() -> None:
    conductor = make_conductor(projection=KEYSTONE)
    (straight,) = windows(trigger(conductor, "output/corner/reset", 1.0))
    assert (straight.settings.corners, straight.settings.mesh) == (WHOLE, ())
    (back,) = windows(trigger(conductor, "output/undo", 2.0))
    assert back.settings == KEYSTONE


def test_a_mesh_gets_more_points_on_the_same_surface_and_each_can_be_moved() -> None:
    conductor = make_conductor(projection=KEYSTONE)
    (finer,) = windows(trigger(conductor, "output/mesh/size", 1.0, 3, 2))
    assert finer.settings.mesh == (((0.0, 0.1), (0.5, 0.05), (1.0, 0.0)), ((0.0, 1.0), (0.5, 1.0), (1.0, 1.0)))
    (moved,) = windows(trigger(conductor, "output/mesh/point", 2.0, 2, 1, 0.5, -0.02))
    assert moved.settings.mesh[0] == ((0.0, 0.1), (0.5, -0.02), (1.0, 0.0))
    assert reasons(trigger(conductor, "output/mesh/point", 2.0, 4, 1, 0, 0)) == ["the mesh has 3 columns and 2 rows."]
    assert reasons(trigger(conductor, "output/mesh/size", 2.0, 3, 40)) == ["a mesh has 2 to 17 columns and rows."]


def test_the_lock_refuses_what_moves_the_picture_and_nothing_else() -> None:
    conductor = make_conductor()
    put(conductor, "output/lock", True)
    refused = [
        put(conductor, "output/corner/tl/x", 0.1),
        trigger(conductor, "output/corner/tl", 1.0, 0.1, 0.1),
        put(conductor, "output/blend/left", 0.1),
    ]
    assert [windows(each) for each in refused] == [[], [], []]
    assert all("is locked; set output/lock to 0 first." in reasons(each)[0] for each in refused)
    assert len(windows(put(conductor, "output/brightness", 0.5))) == 1
    put(conductor, "output/lock", False)
    assert len(windows(put(conductor, "output/corner/tl/x", 0.1))) == 1


def test_what_a_hand_changes_is_kept_and_what_a_cue_changes_is_not() -> None:
    conductor = make_conductor()
    by_hand = put(conductor, "output/corner/tl/x", 0.1)
    assert [each.settings.corners[0] for each in by_hand if isinstance(each, KeepProjection)] == [(0.1, 0.0)]
    others = [
        *put(conductor, "output/corner/tl/x", 0.2, source="cue"),
        *put(conductor, "output/brightness", 0.2),
        *put(conductor, "output/testcard", 1),
    ]
    assert [each for each in others if isinstance(each, KeepProjection)] == []


def test_cards_and_numbers_are_shown_in_the_windows() -> None:
    conductor = make_conductor()
    (card,) = windows(trigger(conductor, "output/testcard/next", 1.0))
    (number,) = windows(put(conductor, "output/identify", True))
    (points,) = windows(put(conductor, "output/calibrate", True))
    assert (card.test_card, number.identified, points.calibrating) == (1, True, True)
    assert find_param("screen/3/testcard").kind == "int"


def test_a_value_given_on_the_command_line_is_part_of_the_first_state() -> None:
    conductor = Conductor(Show(), {"output/lock": True, "output/contrast": 0.5})
    (window,) = windows(conductor.begin())
    assert (window.locked, window.settings.contrast) == (True, 0.5)
