"""People of jointed paper: their joints, their sheets, and the poses in which they do what words say."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from installation.models.theatre.acting_poses import CYCLES, FIRST, SECOND, STATE_POSES, acting_pose, holding_pose
from installation.models.theatre.body_cutting import FLOOR
from installation.models.theatre.body_extras import extras
from installation.models.theatre.body_heads import head_shapes
from installation.models.theatre.body_pieces import hull
from installation.models.theatre.contact import hand_of
from installation.models.theatre.figure_atlas import Atlas, _in_one_lot
from installation.models.theatre.figure_layout import extent_of
from installation.models.theatre.further_figures import FURTHER_PEOPLE
from installation.models.theatre.generator import Theatre
from installation.models.theatre.jointed_body import BUILDS, LOOKING_OUT, STANDING, body_in, body_poses
from installation.models.theatre.jointed_figures import jointed_of
from installation.models.theatre.people import people
from installation.models.theatre.person_cutting import HEMS, SLEEVES, TROUSERS, cut_person, standing_height
from installation.models.theatre.relations import SADDLES, SITS_ON
from installation.models.theatre.sheet_cutting import SIDE
from installation.models.theatre.vocabulary import SUBJECTS
from tests.models.theatre.test_acts import pair
from tests.models.theatre.test_handling import acting, only

DEPTH, STAYS, COATS = 0, slice(4, 8), slice(8, 12)


def test_all_people_are_figures_and_all_further_people_are_described() -> None:
    assert set(people()) <= set(SUBJECTS)
    assert set(FURTHER_PEOPLE) <= set(people())


def test_the_table_names_only_what_can_be_cut() -> None:
    shapes, drawn = head_shapes(), {*extras().behind, *extras().over, *extras().tools}
    for name, person in people().items():
        assert person.members or person.build in BUILDS, name
        assert {member.who for member in person.members} <= set(people()), name
        assert {member.pose for member in person.members} <= set(body_poses()), name
        for look in person.looks:
            assert look.head.hair[0] in shapes.hair, name
            assert look.head.beard is None or look.head.beard[0] in shapes.beards, name
            assert look.head.hat is None or look.head.hat[0] in shapes.hats, name
            assert look.top[0] in SLEEVES, name
            assert look.below is None or look.below[0] in {*HEMS, *TROUSERS}, name
            assert {extra[0] for extra in look.extras} <= drawn, name
            assert look.stance in body_poses(), name


@pytest.mark.parametrize("pose", body_poses())
def test_the_lowest_point_of_a_body_is_on_the_floor_and_bones_keep_their_length(pose: str) -> None:
    build = BUILDS["adult"]
    body = body_in(pose, build)
    assert min(limb.end[1] for limb in (body.near_leg, body.far_leg)) < 0.5
    assert min(point[1] for leg in (body.near_leg, body.far_leg) for point in leg) > 0
    for limb, lengths in ((body.near_arm, (build.upper_arm, build.forearm)), (body.far_leg, (build.thigh, build.shin))):
        bones = np.hypot(*(limb.middle - limb.begin)), np.hypot(*(limb.end - limb.middle))
        assert bones == pytest.approx(lengths)


@pytest.mark.parametrize("name", ["man", "child", "old woman", "nun", "family"])
def test_sheets_stand_on_the_floor_and_are_coloured_all_over(name: str) -> None:
    sheets = cut_person(people()[name], STANDING, 0).sheets
    lowest = max(sheet.top + int(np.flatnonzero((sheet.channels[DEPTH] > 0).any(1))[-1]) for sheet in sheets)
    assert abs(lowest / SIDE - FLOOR) < 0.02
    for sheet in sheets:
        inside = sheet.channels[DEPTH] > 4  # thousandths of the side
        opacity = sheet.channels[STAYS][3].astype(int) + sheet.channels[COATS][3]
        assert (opacity[inside] > 100).mean() > 0.99


def test_papers_that_share_an_edge_cover_it_together_and_no_more(theatre: Theatre, atlas: Atlas) -> None:
    farmer = only(acting(theatre, atlas, subject="farmer").subjects)  # a bib that stays lies on a coat
    jointed = jointed_of(farmer)
    assert jointed is not None
    for layer in jointed.layers:
        opacity = _in_one_lot(layer.channels)[7][layer.channels[DEPTH] > 4]
        assert opacity.min() >= 0
        assert (opacity > 100).float().mean() > 0.99


def test_who_rests_is_painted_as_one_sheet_that_is_all_of_the_others(theatre: Theatre, atlas: Atlas) -> None:
    jointed = jointed_of(only(acting(theatre, atlas, subject="farmer").subjects))
    assert jointed is not None
    y, x = torch.meshgrid(torch.linspace(0, 1, 90), torch.linspace(0, 1, 90), indexing="ij")
    x, y = x[None, None], y[None, None]
    inside = [layer.sample(x, y, 3.0)[:, 0] > 0 for layer in (jointed.whole, *jointed.layers)]  # a time of rest
    differing = inside[0] != torch.stack(inside[1:]).any(0)
    assert differing.float().mean() < 0.002


def test_who_sits_is_lower_and_who_cheers_is_taller_than_who_stands() -> None:
    tops = {
        pose: min(sheet.top for sheet in cut_person(people()["man"], pose, 0).sheets)
        for pose in ("sitting", STANDING, "cheering")
    }
    assert tops["sitting"] > tops[STANDING] > tops["cheering"]


@pytest.mark.parametrize("name", ["man", "wizard", "child", "family"])
def test_how_tall_somebody_stands_is_known_without_cutting(name: str) -> None:
    tops = [sheet.top for sheet in cut_person(people()[name], STANDING, 1).sheets]
    assert standing_height(people()[name], 1) == pytest.approx(1 - min(tops) / SIDE)


def test_the_hull_of_points_has_their_outer_corners_alone() -> None:
    square = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
    corners = hull([square, 0.2 + 0.5 * square, square[:2] * 0.5])
    assert sorted(map(tuple, corners.tolist())) == sorted(map(tuple, square.tolist()))


def test_nobody_changes_clothes_while_the_sky_changes(theatre: Theatre, atlas: Atlas) -> None:
    dawn, night = (only(acting(theatre, atlas, subject="man", sky=sky).subjects) for sky in ("dawn", "night"))
    assert dawn.look == night.look


def test_who_stands_alone_at_the_sea_turns_his_back(theatre: Theatre, atlas: Atlas) -> None:
    poses = [
        only(acting(theatre, atlas, *marks, subject=who, terrain=where).subjects).pose
        for who, where, marks in (
            ("woman", "sea", ()),
            ("woman", "hills", ()),
            ("woman", "sea", ("waving",)),
            ("pirate", "sea", ()),
        )
    ]
    assert poses == [LOOKING_OUT, STANDING, "waving", STANDING]


def test_two_of_a_kind_have_different_looks(theatre: Theatre, atlas: Atlas) -> None:
    looks = {one.look % people()["woman"].variants for one in acting(theatre, atlas, "three", subject="woman").subjects}
    assert len(looks) == 3


def test_looks_differ() -> None:
    looks = [cut_person(people()["woman"], STANDING, look).sheets[0].channels for look in range(3)]
    assert len({look.shape for look in looks} | {look.tobytes() for look in looks}) > 3


def test_every_pose_that_marks_choose_is_in_the_table() -> None:
    things = ("suitcase", "book", "guitar", "telephone", "baby", "kite", "apple")
    chosen = {*FIRST.values(), *SECOND.values(), *STATE_POSES.values(), *map(holding_pose, things), *CYCLES.values()}
    assert chosen <= set(body_poses())


@pytest.mark.parametrize(
    ("marks", "states", "second", "other", "pose"),
    [
        ({"pushing"}, set(), False, "car", "pushing"),
        ({"held"}, set(), False, "book", "reading"),
        ({"held"}, set(), False, "violin", "playing"),
        ({"held"}, set(), False, "suitcase", "lugging"),
        ({"held"}, set(), True, "man", STANDING),
        ({"riding"}, set(), True, "horse", "astride"),
        ({"riding"}, set(), True, "bicycle", "cycling"),
        ({"fighting"}, set(), True, "woman", "arguing"),
        (set(), {"crying"}, False, "", "weeping"),
        (set(), {"running"}, False, "", "running"),
        ({"embracing"}, {"crying"}, False, "man", "embracing"),
    ],
)
def test_marks_choose_a_pose(marks: set[str], states: set[str], second: bool, other: str, pose: str) -> None:
    assert acting_pose(marks, states, second, other) == pose


def test_an_audience_sees_people_jointed_and_models_do_not(theatre: Theatre, atlas: Atlas) -> None:
    seen = only(acting(theatre, atlas, subject="man").subjects)
    assert jointed_of(seen) is not None
    horse = only(acting(theatre, atlas, subject="horse").subjects)
    assert jointed_of(horse) is None


def test_a_fat_man_is_wider_and_a_group_that_is_counted_consists_of_single_people(
    theatre: Theatre, atlas: Atlas
) -> None:
    slim, stout = (only(acting(theatre, atlas, *marks, subject="man").subjects) for marks in ((), ("fat",)))
    bodies = [jointed_of(one) for one in (slim, stout)]
    thin, fat = (int((body.layers[0].channels[DEPTH] > 0).sum()) for body in bodies if body is not None)
    assert fat > 1.1 * thin
    several = acting(theatre, atlas, "four", subject="group").subjects
    assert len(several) == 4
    assert len({jointed_of(one) for one in several}) > 1
    assert len({one.look for one in several}) == 4


def test_two_who_argue_raise_their_hands_at_each_other(theatre: Theatre, atlas: Atlas) -> None:
    man, woman = pair(acting(theatre, atlas, "fighting", "second woman", subject="man"))
    assert man.pose == woman.pose == "arguing"
    (x, _), (other, _) = (hand_of(one, atlas, 0.0) for one in (man, woman))
    assert abs(float(x - other)) < abs(float(man.x - woman.x))


def test_who_rides_sits_on_the_back_and_each_of_several_on_a_mount(theatre: Theatre, atlas: Atlas) -> None:
    found = acting(theatre, atlas, "riding", "second child", subject="horse")
    rider, horse = only(found.in_front), only(found.subjects)
    body = jointed_of(rider)
    assert body is not None
    _, hips = rider.point(*body.hips)
    top = horse.foot - extent_of(horse, atlas)[1]
    assert float(top) < float(hips) < float(horse.foot)
    three = acting(theatre, atlas, "three", "riding", "second nun", "second three", subject="bicycle")
    assert len(three.in_front) == len(three.subjects) == 3
    for nun, bicycle in zip(three.in_front, three.subjects, strict=True):
        assert abs(float(nun.x - bicycle.x)) < 0.5 * float(extent_of(bicycle, atlas)[0])


def test_several_who_sit_are_side_by_side_and_face_the_same_way() -> None:
    couple, man = people()["couple"], people()["man"]
    seated, standing = (cut_person(couple, pose, 0).sheets[0].channels.shape[2] for pose in ("seated", STANDING))
    alone = cut_person(man, "seated", 0).sheets[0].channels.shape[2]
    assert seated > standing
    assert seated > 1.3 * alone


def test_several_who_shout_quarrel_with_room_between_them() -> None:
    couple = people()["couple"]
    shouting, arguing = (cut_person(couple, pose, 0).sheets[0].channels for pose in ("shouting", "arguing"))
    assert np.array_equal(shouting, arguing)
    assert arguing.shape[2] > cut_person(couple, "embracing", 0).sheets[0].channels.shape[2]


@pytest.mark.parametrize("cycle", sorted(CYCLES))
@pytest.mark.parametrize("rider", ["man", "woman", "child"])
def test_who_rides_a_cycle_sits_on_the_saddle_with_the_hands_at_the_bar(
    theatre: Theatre, atlas: Atlas, cycle: str, rider: str
) -> None:
    machine, person = pair(acting(theatre, atlas, "riding", f"second {rider}", subject=cycle))
    jointed = jointed_of(person)
    assert jointed is not None
    saddle, bar = (machine.point(*place) for place in SADDLES[cycle])
    hips = person.point(jointed.hips[0], jointed.hips[1] + SITS_ON)
    for place, wanted, most in ((hips, saddle, 0.06), (person.point(*jointed.hand), bar, 0.13)):
        away = sum(float(part - to) ** 2 for part, to in zip(place, wanted, strict=True)) ** 0.5
        assert away < most * float(machine.side)


@pytest.mark.parametrize(("carrier", "rider"), [("man", "child"), ("boy", "child"), ("soldier", "man")])
def test_who_rides_piggyback_is_behind_the_waist(theatre: Theatre, atlas: Atlas, carrier: str, rider: str) -> None:
    bearer, borne = pair(acting(theatre, atlas, "riding", f"second {rider}", subject=carrier))
    bodies = jointed_of(bearer), jointed_of(borne)
    assert bodies[0] is not None
    assert bodies[1] is not None
    assert (bearer.pose, borne.pose) == ("bearing", "on a back")
    (x, y), (over, up) = bearer.point(*bodies[0].hips), borne.point(*bodies[1].hips)
    assert 0.05 < float((over - x) * bearer.facing / bearer.side) < 0.15
    assert 0.0 < float((y - up) / bearer.side) < 0.1
