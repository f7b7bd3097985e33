"""Figures stand whole within the square, apart from each other and clear of the sun, and follow z."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest

from installation.models.interfaces import Floats, Latents, Point
from installation.models.theatre.figure_atlas import Atlas
from installation.models.theatre.figure_layout import Figure, FigureLayout, layout_figures
from installation.models.theatre.generator import Theatre
from installation.models.theatre.land import land_ridges
from installation.models.theatre.raster import PixelGrid
from installation.models.theatre.scene import Scene
from installation.models.theatre.vocabulary import COMPANIONS, GROUP_SLICES, Z, scene_classes
from tests.models.theatre.conftest import CPU, Mask, labels_of, noise, scene, tensors


def decoded(point: Point, staged: bool = False) -> Scene:
    return Scene(tensors(point), PixelGrid(64, 64, CPU), phase=0.0, staged=staged)


def layout(scene: Scene, atlas: Atlas) -> FigureLayout:
    return layout_figures(scene, atlas, land_ridges(scene))


class Extent(NamedTuple):
    """Edges of figures, each [batch]."""

    left: Floats
    right: Floats
    top: Floats
    bottom: Floats


def extent(figure: Figure, atlas: Atlas) -> Extent:
    half_width, height = (figure.weights @ atlas.extent).T
    x, foot, side = (part.flatten() for part in (figure.x, figure.foot, figure.side))
    edges = (x - half_width * side, x + half_width * side, foot - height * side, foot - 0.04 * side)
    return Extent(*(edge.numpy() for edge in edges))


def visible(figure: Figure) -> Mask:
    """Which scenes clearly show the figure, [batch]."""
    return np.asarray(figure.opacity().flatten().numpy() > 0.6)


def test_figures_stand_whole_within_the_square_and_apart(theatre: Theatre, atlas: Atlas) -> None:
    """Every picture has the square in its middle, so what is whole in it is whole at any shape."""
    placed = layout(decoded(theatre.sample(3000, seed=5)), atlas)
    subject, companion = (extent(figure, atlas) for figure in placed)
    for figure, edges in zip(placed, (subject, companion), strict=True):
        shown = visible(figure)
        assert min(edges.left[shown].min(), edges.top[shown].min()) >= 0.02
        assert max(edges.right[shown].max(), edges.bottom[shown].max()) <= 0.98
    both = visible(placed.subject) & visible(placed.companion)
    assert both.sum() > 200
    assert np.maximum(companion.left - subject.right, subject.left - companion.right)[both].min() > -0.01


def test_a_subject_is_at_least_a_seventh_of_the_height_and_mostly_more_than_a_third(
    theatre: Theatre, atlas: Atlas
) -> None:
    subject = layout(decoded(theatre.sample(3000, seed=6)), atlas).subject
    edges = extent(subject, atlas)
    height = (edges.bottom - edges.top)[visible(subject)]
    assert height.min() > 1 / 7
    assert np.median(height) > 0.4


def test_figures_hardly_ever_hide_the_centre_of_the_celestial_body(theatre: Theatre, atlas: Atlas) -> None:
    scene = decoded(theatre.sample(3000, seed=7))
    x, y, _ = (part.flatten().numpy() for part in scene.celestial_disc)
    shining = scene.weight("celestial", "empty sky").flatten().numpy() < 0.5
    for figure in layout(scene, atlas):
        edges = extent(figure, atlas)
        hidden = (edges.left < x) & (x < edges.right) & (edges.top < y) & (y < edges.bottom)
        assert (hidden & shining & visible(figure)).mean() < 0.004


def moved(atlas: Atlas, z_index: int, value: float) -> FigureLayout:
    z = np.zeros_like(noise(0))
    z[0, z_index] = value
    return layout(decoded(Latents(z, scene_classes(subject="deer", companion="tree", terrain="field"))), atlas)


def test_z_moves_figures_scales_them_and_sets_them_apart(atlas: Atlas) -> None:
    left, right = (moved(atlas, Z.FIGURES_X, value) for value in (-1.0, 1.0))
    assert float(right.subject.x - left.subject.x) > 0.06
    small, large = (moved(atlas, Z.SUBJECT_SIZE, value) for value in (-1.0, 1.0))
    assert float(large.subject.side / small.subject.side) > 1.15
    close, apart = (moved(atlas, Z.COMPANION_GAP, value) for value in (-1.0, 1.0))
    distance = [float(layout.subject.x - layout.companion.x) for layout in (close, apart)]
    assert distance[1] > distance[0] + 0.03


def test_a_companion_keeps_its_side(theatre: Theatre, atlas: Atlas) -> None:
    """If it changed sides while z moves, it would have to pass through the subject."""
    point = theatre.sample(2000, seed=8)
    placed = layout(decoded(point), atlas)
    kinds = point.classes[:, GROUP_SLICES["companion"]].argmax(1)
    sides = np.array([COMPANIONS[labels_of("companion")[kind]].side for kind in kinds])
    both = visible(placed.subject) & visible(placed.companion)
    away = (placed.companion.x - placed.subject.x).flatten().numpy()
    np.testing.assert_array_equal(np.sign(away[both]), sides[both])
    assert set(sides[both]) == {-1.0, 1.0}


@pytest.mark.parametrize("subject", ["deer", "bird"])
def test_a_companion_without_a_subject_stands_higher(atlas: Atlas, subject: str) -> None:
    z = np.zeros_like(noise(0))
    with_it, alone = (
        layout(decoded(Latents(z, scene_classes(subject=one, companion="dog", terrain="hills"))), atlas)
        for one in (subject, "nobody")
    )
    assert float(alone.companion.foot) < float(with_it.companion.foot) - 0.02


@pytest.mark.parametrize("width", [64, 114])
def test_figures_in_a_cave_stand_within_its_mouth(theatre: Theatre, atlas: Atlas, width: int) -> None:
    sampled = theatre.sample(300, seed=6)
    caves = Latents(sampled.z, sampled.classes.copy())
    caves.classes[:, GROUP_SLICES["terrain"]] = scene_classes(terrain="cave")[:, GROUP_SLICES["terrain"]]
    scene = Scene(tensors(caves), PixelGrid(64, width, CPU), phase=0.0)
    for figure in layout(scene, atlas):
        edges, shown = extent(figure, atlas), visible(figure)
        assert edges.left[shown].min() >= 0.16
        assert edges.right[shown].max() <= 0.84


@pytest.mark.parametrize("terrain", ["sea", "lake"])
def test_who_cannot_swim_stands_ashore_and_boats_stay_on_the_water(terrain: str, atlas: Atlas) -> None:
    pair = decoded(scene(3, terrain=terrain, subject="horse", companion="boat"), staged=True)
    horse, boat = layout(pair, atlas)
    ashore = land_ridges(pair).near[0, 0, 0, round(float(horse.x) * 63)]
    assert float(horse.foot - 0.045 * horse.side) == pytest.approx(float(ashore), abs=0.02)
    assert 0.85 < float(ashore) < 0.92
    swimming = decoded(scene(3, terrain=terrain, subject="swan"), staged=True)
    assert float(land_ridges(swimming).near.min()) > 0.91
    assert float(boat.foot - 0.045 * boat.side) < float(ashore)


def test_who_swims_floats_in_the_deep_sea_and_a_wreck_lies_on_its_floor(atlas: Atlas) -> None:
    feet = {}
    for subject in ("whale", "fish", "ship", "anchor"):
        placed = layout(decoded(scene(4, terrain="deep sea", subject=subject), staged=True), atlas).subject
        feet[subject] = float(placed.foot - 0.045 * placed.side)
    assert max(feet["whale"], feet["fish"]) < 0.75
    assert min(feet["ship"], feet["anchor"]) > 0.8
