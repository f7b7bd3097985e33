"""In a change of scene one set leaves whole before the other comes, and nothing jumps."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import torch

from installation.models.interfaces import Floats, Point, logits_of, weights_of
from installation.models.theatre.camera import FAR, MIDDLE, NEAR, STAGE
from installation.models.theatre.figure_layout import ENTRANCE
from installation.models.theatre.generator import Theatre
from installation.models.theatre.scene_change import scene_change, sky_weights, stage_weights, z_progress
from installation.models.theatre.vocabulary import GROUP_SLICES, GROUPS, scene_classes
from installation.render.latent_walk import geometry_of, interpolate
from tests.models.theatre.conftest import scene

SIZE = (72, 128)
WOLF = scene(1, terrain="mountains", subject="wolf", celestial="sun", sky="dusk")
BOAT = scene(2, terrain="sea", subject="boat", companion="bird", celestial="moon", sky="night")


@pytest.fixture
def stage(theatre: Theatre) -> Theatre:
    """A theatre that changes scenes; the shared one stays as it is."""
    own = object.__new__(Theatre)
    own.__dict__.update(theatre.__dict__)
    own.set_stage(0.0, "scenes")
    return own


def mixed(share: float, a: Point = WOLF, b: Point = BOAT) -> torch.Tensor:
    weights = (1 - share) * weights_of(a.classes, GROUPS) + share * weights_of(b.classes, GROUPS)
    return torch.tensor(weights)


def between(theatre: Theatre, t: float, a: Point = WOLF, b: Point = BOAT) -> Point:
    return interpolate(a, b, t, GROUPS, geometry_of(theatre))


def painted(theatre: Theatre, point: Point, phase: float = 5.0) -> Floats:
    picture: Floats = theatre.paint(point, SIZE, phase).astype(np.float32)
    return picture


@pytest.mark.parametrize("share", [0.02, 0.2, 0.4, 0.49, 0.51, 0.6, 0.8, 0.98])
def test_one_terrain_and_one_cast_are_on_stage(share: float) -> None:
    weights = mixed(share)
    staged = stage_weights(weights, scene_change(weights, moves=True))
    for group in ("terrain", "subject"):
        part = staged[0, GROUP_SLICES[group]]
        assert int((part > 0).sum()) == 1
        assert int(part.argmax()) == int(weights[0, GROUP_SLICES[group]].argmax())


def test_figures_leave_first_then_the_nearest_flat_and_the_farthest_last() -> None:
    gone = {}
    for step in range(101):
        weights = mixed(step / 200)
        change = scene_change(weights, moves=True)
        figure = stage_weights(weights, change)[0, GROUP_SLICES["subject"]].max()
        away = {"figures": float(figure) < ENTRANCE, **{p: change.away(p) > 0.9 for p in (STAGE, NEAR, MIDDLE, FAR)}}
        gone.update({name: step for name, is_away in away.items() if is_away and name not in gone})
    assert gone["figures"] < gone[NEAR] <= gone[STAGE] < gone[MIDDLE] < gone[FAR] <= 100


def test_the_stage_is_empty_and_darker_in_the_middle(stage: Theatre) -> None:
    middle = between(stage, 0.4999)
    land = painted(stage, middle)[48:]
    assert np.abs(land - land.mean((0, 1))).mean() < 0.5 * np.abs(painted(stage, WOLF)[48:] - land.mean((0, 1))).mean()
    assert scene_change(mixed(0.5), moves=True).light < 0.6
    assert scene_change(mixed(0.0), moves=True).light == 1.0


def test_celestial_bodies_fade_where_they_are_and_flats_keep_theirs() -> None:
    weights = mixed(0.5)
    faded = sky_weights(weights, scene_change(weights, moves=True))[0, GROUP_SLICES["celestial"]]
    assert float(faded[-1]) == pytest.approx(1.0)
    still = mixed(0.0)
    assert sky_weights(still, scene_change(still, moves=True)) is still


def test_a_cast_changes_without_its_land() -> None:
    weights = mixed(0.5, WOLF, scene(1, terrain="mountains", subject="owl", celestial="sun", sky="dusk"))
    change = scene_change(weights, moves=True)
    assert change.away(FAR) == change.away(STAGE) == 0
    assert float(stage_weights(weights, change)[0, GROUP_SLICES["subject"]].max()) < ENTRANCE


def test_a_colour_is_held_until_its_figure_has_left() -> None:
    weights = mixed(0.3, WOLF, scene(1, terrain="mountains", subject="owl", subject_colour="red"))
    colours = stage_weights(weights, scene_change(weights, moves=True))[0, GROUP_SLICES["subject_colour"]]
    assert float(colours[0]) == pytest.approx(1.0)


@pytest.mark.slow
@pytest.mark.parametrize(
    "labels",
    [
        {"terrain": "room", "subject": "cat"},
        {"terrain": "cave", "subject": "lamp"},
        {"terrain": "deep sea", "subject": "whale"},
        {"terrain": "jungle", "subject": "bird"},
    ],
    ids=lambda labels: labels["terrain"],
)
def test_no_step_of_a_change_is_a_jump(stage: Theatre, labels: dict[str, str]) -> None:
    other = scene(7, sky="night", **labels)
    steps = np.linspace(0, 1, 121)
    pictures = [painted(stage, between(stage, t, WOLF, other)) for t in steps]
    changes = [float(np.abs(b - a).mean()) for a, b in itertools.pairwise(pictures)]
    assert max(changes) < 12.0
    swap = changes[58:62]
    assert max(swap) < 4.0


def test_a_change_ends_at_the_scenes_themselves(stage: Theatre) -> None:
    for t, scene_itself in ((0.0, WOLF), (1.0, BOAT)):
        assert (painted(stage, between(stage, t)) == painted(stage, scene_itself)).all()


def test_a_third_scene_does_not_empty_the_stage() -> None:
    weights = 0.5 * mixed(0.5) + 0.5 * mixed(1.0, BOAT, scene(3, terrain="city", subject="car"))
    assert scene_change(weights, moves=True).flats == pytest.approx(2 / 3, abs=1e-3)


def test_a_dip_goes_through_black_and_moves_nothing(stage: Theatre) -> None:
    stage.set_stage(0.0, "dip")
    assert painted(stage, between(stage, 0.5)).max() < 3
    early = weights_of(between(stage, 0.2).classes, GROUPS)
    assert scene_change(torch.tensor(early), moves=False).away(FAR) == 0


def test_z_waits_until_the_stage_is_empty() -> None:
    sea, same = BOAT.classes, WOLF.classes
    owl = scene_classes(terrain="mountains", subject="owl", celestial="sun", sky="dusk")
    assert [z_progress(same, sea, t, True) for t in (0.0, 0.4, 0.5, 0.6, 1.0)] == pytest.approx([0, 0, 0.5, 1, 1])
    assert [z_progress(same, owl, t, True) for t in (0.2, 0.8)] == pytest.approx([0, 1])
    assert [z_progress(same, owl, t, False) for t in (0.4, 0.6)] == pytest.approx([0, 1])
    assert z_progress(same, same, 0.3, True) == 0.3


def test_a_change_that_is_turned_round_goes_on_from_what_is_shown(stage: Theatre) -> None:
    shown = between(stage, 0.3)
    back = interpolate(shown, WOLF, 0.0, GROUPS, geometry_of(stage))
    assert (painted(stage, back) == painted(stage, shown)).all()
    assert logits_of(weights_of(back.classes, GROUPS)).shape == shown.classes.shape


def test_the_curtain_of_an_opening_parts_before_its_mark_goes(stage: Theatre) -> None:
    opening = stage.with_marks(WOLF, ("curtain",))
    edges = []
    for t in (0.0, 0.1, 0.2, 0.3, 0.39):
        with_curtain, without = (painted(stage, between(stage, t, point, BOAT)) for point in (opening, WOLF))
        edges.append(float((np.abs(with_curtain - without)[:40].mean(-1) > 6).mean()))
    assert edges[0] > 0.3
    assert edges == sorted(edges, reverse=True)
    assert edges[-1] < 0.15
    arrived = between(stage, 1.0, opening, BOAT)
    assert (painted(stage, arrived) == painted(stage, BOAT)).all()
