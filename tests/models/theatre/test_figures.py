"""Figures are visible, can be told apart, have their colours and their light, and move."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from installation.models.interfaces import ABSENT, Floats, Latents
from installation.models.theatre.decoded_classes import COLUMNS
from installation.models.theatre.generator import Theatre
from installation.models.theatre.vocabulary import GROUP_SLICES, GROUPS, SUBJECT_COLOURS, Z, rgb, scene_classes
from tests.models.theatre.conftest import Mask, each_of, render, scene, seen_by_models

COLOURS = ("red", "gold", "blue", "green", "violet")


@pytest.mark.slow
@pytest.mark.parametrize("group", ["subject", "companion"])
def test_each_figure_is_visible_and_unlike_every_other(theatre: Theatre, group: str) -> None:
    pictures = torch.from_numpy(render(theatre, each_of(group, 3, sky="dawn", terrain="desert"))).flatten(1)
    pictures = pictures[seen_by_models(group)]
    neutral = len(pictures) - 1 if group == "subject" else next(one.neutral for one in GROUPS if one.name == group)
    assert neutral is not None
    apart = torch.cdist(pictures, pictures, p=1).numpy() / pictures.shape[1]
    np.fill_diagonal(apart, 1)
    assert apart.min() > 0.002
    assert np.delete(apart[neutral], neutral).min() > 0.0045  # a doormat is the flattest


@pytest.mark.parametrize("subject", ["bear", "ferris wheel", "nobody"])
def test_a_companion_is_visible_with_and_without_a_subject(theatre: Theatre, subject: str) -> None:
    pictures = render(theatre, each_of("companion", 3, sky="morning", terrain="hills", subject=subject))
    assert np.abs(pictures[1:] - pictures[:1]).mean((1, 2, 3)).min() > 0.0045


@pytest.mark.parametrize("size", [(64, 114), (114, 64)])
def test_a_figure_is_as_large_in_a_wide_or_a_tall_picture(theatre: Theatre, size: tuple[int, int]) -> None:
    for seed in range(3):
        point = scene(seed, subject="bell", subject_colour="red", terrain="desert", sky="morning", companion="tree")
        square, other = (red_pixels(render(theatre, point, one)[0]).sum() for one in (64, size))
        assert other == pytest.approx(square, rel=0.25)
        assert square > 0.01 * 64**2


def red_pixels(picture: Floats) -> Mask:
    """Pixels of the hue of a red subject, [height, width]."""
    red = np.array(rgb(SUBJECT_COLOURS["red"]))
    away = (picture - picture.mean(0)) - (red - red.mean())[:, None, None] * 0.85
    return np.asarray(np.abs(away).max(0) < 0.14)


@pytest.mark.parametrize("sky", ["noon", "night", "blood red", "blue hour", "golden hour", "dream"])
def test_a_coloured_subject_has_its_colour_under_any_sky(theatre: Theatre, sky: str) -> None:
    def heart(**labels: str) -> Floats:
        picture: Floats = render(theatre, scene(4, sky=sky, terrain="desert", **({"subject": "heart"} | labels)))[0]
        return picture

    change = np.abs(heart(subject_colour="white") - heart(subject="nobody")).mean(0)
    inside = change > 0.25 * change.max()
    for colour in COLOURS:
        median = np.median(heart(subject_colour=colour)[:, inside], 1)
        assert np.abs(median - np.array(rgb(SUBJECT_COLOURS[colour]))).max() < 0.18, colour
    assert np.median(heart(subject_colour="white")[:, inside], 1).min() > 0.7


def test_a_tint_leaves_a_coloured_subject_alone(theatre: Theatre) -> None:
    point = scene(4, sky="noon", terrain="desert", subject="heart", subject_colour="red", tint="blue")
    picture = render(theatre, point)[0]
    assert red_pixels(picture).sum() > 0.01 * 64**2
    assert picture[2].mean() > picture[0].mean()


@pytest.mark.slow
@pytest.mark.parametrize(
    "subject", ["windmill", "ferris wheel", "wheel", "candle", "flame", "boat", "balloon", "lighthouse", "bird"]
)
def test_figures_move_by_themselves_and_never_jump(theatre: Theatre, subject: str) -> None:
    def motion(subject: str, start: float, seconds: float) -> float:
        point = scene(7, subject=subject, terrain="desert", sky="noon")
        before, after = (render(theatre, point, 96, phase) for phase in (start, start + seconds))
        return float(255 * np.abs(after - before).mean())

    assert motion(subject, 0.0, 2.9) > 0.05 + motion("nobody", 0.0, 2.9)
    for start in (0.0, 3.4, 3601.3, 1_000_000.7):
        assert max(motion(subject, *pair) for pair in ((start, 1 / 15), (start + 1 / 15, 1 / 15))) < 2.2


@pytest.mark.parametrize(
    "subject", ["house", "church", "castle", "lighthouse", "lamp", "train", "door", "tent", "candle", "car"]
)
def test_windows_are_lit_at_night(theatre: Theatre, subject: str) -> None:
    red, _, blue = render(theatre, scene(2, subject=subject, sky="night", terrain="desert"), 128)[0]
    assert 8 < ((red > 0.6) & (red > blue + 0.15)).sum() < 2500


def test_of_two_figures_only_the_heavier_is_on_stage_and_enters_by_degrees(theatre: Theatre) -> None:
    """It comes out of the ground, or from above if it flies; outlines never blend."""
    empty = scene_classes(sky="dawn", terrain="desert")
    wolf, bell = (scene_classes(sky="dawn", terrain="desert", subject=one) for one in ("wolf", "bell"))

    def shown(share: float) -> Floats:
        weights = (1 - share) * np.exp(wolf) + share * np.exp(bell)
        picture: Floats = render(theatre, Latents(scene(3).z, np.log(weights).astype(np.float32)))[0]
        difference: Floats = np.abs(picture - render(theatre, Latents(scene(3).z, empty))[0]).mean(0)
        return difference

    lower, upper = slice(40, 64), slice(0, 24)
    amounts = [float(shown(share).sum()) for share in (0.0, 0.3, 0.5, 0.7, 1.0)]
    assert amounts[2] < 0.15 * min(amounts[0], amounts[4])
    assert amounts[0] > amounts[1] > amounts[2] < amounts[3]
    leaving, entering = shown(0.35), shown(0.62)
    assert leaving[lower].sum() > 5 * leaving[upper].sum()
    assert entering[upper].sum() > 5 * entering[lower].sum()


def test_facets_are_lit_from_the_celestial_body(theatre: Theatre) -> None:
    """A figure is brighter on the side of the sun."""
    point = scene(3, sky="noon", terrain="desert", subject="owl", subject_colour="white", celestial="sun")
    for side in (-1.0, 1.0):
        point.z[:, Z.CELESTIAL_X] = side
        point.z[:, [Z.FIGURES_X, Z.SUBJECT_SIZE]] = 0.0
        picture = render(theatre, point, 128)[0].mean(0)
        without = render(theatre, Latents(point.z, scene_classes(sky="noon", terrain="desert", celestial="sun")), 128)
        inside = np.abs(picture - without[0].mean(0)) > 0.12
        columns = np.flatnonzero(inside[60:100].any(0))
        left, right = np.array_split(columns, 2)
        means = [picture[60:100, half][inside[60:100, half]].mean() for half in (left, right)]
        assert np.sign(means[1] - means[0]) == side


def test_a_figure_stands_farther_out_in_a_wide_picture_and_is_as_large(theatre: Theatre) -> None:
    point = scene(5, subject="heart", subject_colour="red", terrain="desert", sky="noon")
    square, wide = (np.nonzero(red_pixels(render(theatre, point, size)[0])) for size in (64, (64, 114)))
    out = [abs(float(columns.mean()) - width / 2) for (_, columns), width in ((square, 64), (wide, 114))]
    assert out[1] > 1.2 * out[0] > 4
    assert len(wide[0]) == pytest.approx(len(square[0]), rel=0.1)


def test_gradients_reach_both_figures_and_their_places(theatre: Theatre) -> None:
    logits = scene_classes(sky="dawn", terrain="desert")
    for group in ("subject", "companion"):
        logits[0, GROUP_SLICES[group]] = ABSENT
    halves = [COLUMNS["subject", "bird"], COLUMNS["subject", "bee"]]
    halves += [COLUMNS["companion", "bird"], COLUMNS["companion", "butterfly"]]
    logits[0, halves] = 0.0
    z, classes = torch.tensor(scene(3).z, requires_grad=True), torch.tensor(logits, requires_grad=True)
    torch.autograd.backward((theatre.render(Latents(z, classes), 48) ** 2).mean())
    assert z.grad is not None
    assert classes.grad is not None
    moving = [Z.SUBJECT_SIZE, Z.FIGURES_X, Z.SUBJECT_HEIGHT, Z.COMPANION_GAP, Z.COMPANION_HEIGHT, Z.COMPANION_SIZE]
    assert (z.grad[0, moving] != 0).all()
    assert (classes.grad[0, halves] != 0).all()
    assert torch.isfinite(classes.grad).all()


def test_on_stage_a_whale_lies_in_the_sea_and_stands_on_land(theatre: Theatre) -> None:
    def whale(terrain: str) -> Floats:
        labels = {"sky": "morning", "terrain": terrain, "subject_colour": "red"}
        there, alone = (
            theatre.paint(scene(3, **labels, subject=name), 64).astype(np.float32) for name in ("whale", "nobody")
        )
        changed: Floats = np.abs(there - alone).mean(2)
        return changed

    theatre.set_stage(0.0, "scenes")
    try:
        land, sea = whale("desert") > 40, whale("sea") > 40
    finally:
        theatre.set_stage(0.0, "blend")
    assert sea.sum() < 0.85 * land.sum()
    top, lower = (np.flatnonzero(part.any(1))[0] for part in (land, sea))
    assert lower > top + 3
