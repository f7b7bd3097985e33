"""Poses of figures that are drawn standing."""

from __future__ import annotations

import pytest
import torch

from installation.models.theatre.figure_atlas import LABELS, Atlas
from installation.models.theatre.figure_layout import extent_of
from installation.models.theatre.generator import Theatre
from installation.models.theatre.outlines import FLOOR, sheets_of
from installation.models.theatre.poses import (
    FOLDED,
    KNEELING,
    LYING,
    SEATED,
    SITTERS,
    SITTING,
    Joints,
    bent,
    joints_of,
    lowered,
    seat_of,
)
from tests.models.theatre.test_handling import acting, only

MAN = Joints(top=0.06, hip=0.64, knee=0.81, middle=0.5, legs=0.08, half=0.2, trunk=FLOOR)


def _seen(pose: str, x: float, y: float, joints: Joints = MAN) -> tuple[float, float]:
    at_x, at_y = bent(pose, joints, torch.tensor([[[[x]]]]), torch.tensor([[[[y]]]]))
    return round(float(at_x), 3), round(float(at_y), 3)


def test_who_sits_on_the_ground_has_the_legs_ahead_and_the_head_lower() -> None:
    down = lowered(SITTING, MAN)
    assert down == pytest.approx(FLOOR - 0.64 - 0.08)
    assert _seen(SITTING, 0.5, 0.1 + down) == (0.5, 0.1)  # the head
    assert _seen(SITTING, 0.3, 0.64 + down) == (0.5, 0.84)  # a shin, ahead of the hips
    assert _seen(SITTING, 0.6, 0.9 + down)[0] < 0  # nothing below the seat


def test_who_is_seated_has_the_shins_before_the_seat() -> None:
    assert _seen(SEATED, 0.33, 0.9) == (0.5, 0.9)
    assert seat_of(MAN) == pytest.approx(FLOOR - 0.81 - 0.08)


def test_who_kneels_has_the_shins_behind() -> None:
    down = lowered(KNEELING, MAN)
    assert _seen(KNEELING, 0.6, 0.81 + down) == (0.5, 0.91)


def test_who_lies_is_as_long_as_tall_and_rests_on_the_ground() -> None:
    assert _seen(LYING, 0.5 + (FLOOR - 0.06) / 2, FLOOR - MAN.half) == (0.5, 0.06)  # the head, behind
    assert _seen(LYING, 0.5, FLOOR) == (0.7, 0.51)  # the back, below


def test_animals_fold_their_legs_and_people_have_them_below_their_hips(atlas: Atlas) -> None:
    cow = joints_of(sheets_of(atlas, LABELS.index("cow")))
    assert cow.trunk < 0.85
    assert 0.05 < lowered(FOLDED, cow) < 0.4
    for label in SITTERS:
        joints = joints_of(sheets_of(atlas, LABELS.index(label)))
        assert joints.top < joints.hip < joints.knee < FLOOR, label
        assert 0.15 < joints.middle < 0.85, label


def test_sleep_lays_people_down_and_folds_the_legs_of_animals(theatre: Theatre, atlas: Atlas) -> None:
    assert only(acting(theatre, atlas, "sleeping", subject="king").subjects).pose == LYING
    assert only(acting(theatre, atlas, "sleeping", subject="lion").subjects).pose == FOLDED
    assert only(acting(theatre, atlas, "sleeping", subject="owl").subjects).pose == ""


def test_who_sits_on_something_hangs_the_legs(theatre: Theatre, atlas: Atlas) -> None:
    found = acting(theatre, atlas, "second farmer", "second sitting", "on", subject="fence")
    assert only(found.in_front).pose == SEATED
    assert only(acting(theatre, atlas, "second farmer", "on", subject="bench").in_front).pose == SEATED
    robot = only(acting(theatre, atlas, "second robot", "second sitting", "on", subject="bench").in_front)
    assert robot.pose == ""  # who is drawn standing stands before it, with the seat at his hips


def test_what_is_read_on_a_bench_is_before_the_reader_and_two_things_share_a_table(
    theatre: Theatre, atlas: Atlas
) -> None:
    found = acting(theatre, atlas, "second man", "third newspaper", "on", subject="bench")
    reader, newspaper = only(found.in_front), only(found.third)
    assert newspaper.floats
    assert abs(float(newspaper.x - reader.x)) < 0.5 * float(reader.side)
    assert float(newspaper.foot) < float(reader.foot)
    found = acting(theatre, atlas, "second bread", "third cup", "on", subject="table", terrain="room")
    bread, cup, table = only(found.in_front), only(found.third), only(found.subjects)
    assert float(bread.x) < float(table.x) < float(cup.x)
    assert float(cup.foot) < float(table.foot) - 0.3 * float(table.side)


def test_few_of_a_kind_fill_the_stage(theatre: Theatre, atlas: Atlas) -> None:
    pair = acting(theatre, atlas, "two", subject="old man").subjects
    assert min(float(one.side) for one in pair) > 0.38


def test_two_people_beside_each_other_are_as_tall_as_by_nature(theatre: Theatre, atlas: Atlas) -> None:
    found = acting(theatre, atlas, "second man", subject="violinist")
    heights = [extent_of(only(part), atlas)[1] for part in (found.subjects, found.behind)]
    assert 0.75 < float(heights[1] / heights[0]) < 1.3
    child = acting(theatre, atlas, "second boy", subject="soldier")
    heights = [extent_of(only(part), atlas)[1] for part in (child.subjects, child.behind)]
    assert float(heights[1] / heights[0]) < 0.85
