"""Figures stand whole in the theatre, can be told apart, have their colours and their light, and move."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from installation.models.interfaces import ABSENT, Floats, Latents, ModelPlace, Point
from installation.models.theatre import Theatre, load, scene_classes
from installation.models.theatre.figure_layout import FigureLayout, company
from installation.models.theatre.raster import Frame
from installation.models.theatre.scene import Scene
from installation.models.theatre.sdf_atlas import Atlas, Figure, load_atlas
from installation.models.theatre.vocabulary import (
    COMPANIONS,
    GROUP_SLICES,
    GROUPS,
    ROTATING_PARTS,
    SUBJECTS,
    SWAY_RADIANS,
    rgb,
)

ASSETS = Path(__file__).resolve().parents[3] / "assets"
SILHOUETTES = ASSETS / "theatre" / "silhouettes.npz"
SHAPES = [(64, 114), (114, 64)]
FLAGS = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


@pytest.fixture(scope="module")
def theatre() -> Theatre:
    torch.set_num_threads(1)
    return load(ModelPlace(ASSETS, ASSETS))


@pytest.fixture(scope="module")
def atlas() -> Atlas:
    return load_atlas(SILHOUETTES, torch.device("cpu"))


def scene(seed: int = 0, **labels: str) -> Point:
    z = 0.8 * np.random.default_rng(seed).standard_normal((1, 96))
    return Latents(z.astype(np.float32), scene_classes(**labels))


def each_of(group: str, seed: int = 3, **labels: str) -> Point:
    """One scene for each class of a group, alike in everything else."""
    place = GROUP_SLICES[group]
    logits = np.repeat(scene_classes(**labels), place.stop - place.start, 0)
    logits[:, place] = ABSENT
    logits[np.arange(len(logits)), np.arange(place.start, place.stop)] = 0.0
    return Latents(np.repeat(scene(seed).z, len(logits), 0), logits)


def tensors(point: Point) -> Latents[Tensor]:
    return Latents(torch.tensor(point.z), torch.tensor(point.classes))


def shown(theatre: Theatre, point: Point, size: int | tuple[int, int] = 64, phase: float = 0.0) -> Floats:
    """Pictures in 0..1, [batch, 3, height, width]."""
    with torch.no_grad():
        pictures: Floats = theatre.render(tensors(point), size, phase).numpy()
    return pictures


def cast(point: Point, atlas: Atlas, phase: float = 0.0) -> FigureLayout:
    return company(Scene(tensors(point), Frame(64, 64, torch.device("cpu")), phase), atlas)


def extent(figure: Figure, atlas: Atlas) -> tuple[Floats, Floats, Floats, Floats]:
    """Left, right, top and bottom of figures, each [batch]."""
    half, tall = (figure.weights @ atlas.half).T
    x, foot, side = (part.flatten() for part in (figure.x, figure.foot, figure.side))
    edges = (x - half * side, x + half * side, foot - tall * side, foot - 0.04 * side)
    left, right, top, bottom = (edge.numpy() for edge in edges)
    return left, right, top, bottom


def there(figure: Figure) -> FLAGS:
    """Where there is clearly a figure, [batch]."""
    return np.asarray((figure.weights[:, :-1].sum(1) > 0.6).numpy())


def test_the_atlas_holds_the_subjects_in_their_order(atlas: Atlas) -> None:
    with np.load(SILHOUETTES) as stored:
        assert tuple(stored["names"]) == tuple(SUBJECTS)
        assert set(stored["turning_names"]) == set(ROTATING_PARTS)
    body = atlas.depth.clone()
    for place, field in atlas.turning.items():
        body[place] = torch.maximum(body[place], field)
    filled = (body > 0).float().mean((1, 2))
    assert filled[-1] == 0
    assert filled[:-1].min() > 0.05


def test_an_atlas_of_other_subjects_is_refused(tmp_path: Path) -> None:
    with np.load(SILHOUETTES) as stored:
        parts = dict(stored)
    parts["names"] = parts["names"][::-1]
    np.savez(tmp_path / "other.npz", **parts)
    with pytest.raises(ValueError, match="other silhouettes than the theatre's subjects"):
        load_atlas(tmp_path / "other.npz", torch.device("cpu"))


def test_companions_and_what_moves_are_subjects() -> None:
    assert set(COMPANIONS) - {"alone"} < set(SUBJECTS)
    assert ROTATING_PARTS.keys() | SWAY_RADIANS.keys() < set(SUBJECTS)


@pytest.mark.parametrize("group", ["subject", "companion"])
def test_each_figure_is_seen_and_unlike_every_other(theatre: Theatre, group: str) -> None:
    pictures = shown(theatre, each_of(group, sky="dawn", terrain="desert"))
    nothing = next(one.neutral for one in GROUPS if one.name == group) or 0
    flat = torch.tensor(pictures).flatten(1)
    apart = torch.cdist(flat, flat, p=1).numpy() / flat.shape[1]
    np.fill_diagonal(apart, 1)
    assert apart.min() > 0.002
    assert np.delete(apart[nothing], nothing).min() > 0.008


def test_a_companion_is_seen_with_and_without_a_subject(theatre: Theatre) -> None:
    for subject in ("bear", "ferris wheel", "nobody"):
        pictures = shown(theatre, each_of("companion", sky="morning", terrain="hills", subject=subject))
        assert np.abs(pictures[1:] - pictures[:1]).mean((1, 2, 3)).min() > 0.006


def test_figures_stand_whole_within_the_square_and_apart(theatre: Theatre, atlas: Atlas) -> None:
    """The square is in the middle of every picture, so what is whole in it is whole at any shape."""
    pair = cast(theatre.sample(3000, seed=5), atlas)
    edges = [extent(figure, atlas) for figure in pair]
    for figure, (left, right, top, bottom) in zip(pair, edges, strict=True):
        seen = there(figure)
        assert min(left[seen].min(), top[seen].min()) >= 0.02
        assert max(right[seen].max(), bottom[seen].max()) <= 0.98
    both = there(pair.subject) & there(pair.companion)
    (left, right, *_), (start, end, *_) = edges
    assert both.sum() > 200
    assert np.maximum(start - right, left - end)[both].min() > -0.01


def test_a_subject_is_a_fifth_of_the_height_and_mostly_a_third(theatre: Theatre, atlas: Atlas) -> None:
    subject = cast(theatre.sample(3000, seed=6), atlas).subject
    _, _, top, bottom = extent(subject, atlas)
    tall = (bottom - top)[there(subject)]
    assert tall.min() > 0.2
    assert np.median(tall) > 0.4


def test_the_sun_is_not_hidden_behind_a_figure(theatre: Theatre, atlas: Atlas) -> None:
    """Half of its disc at least is free of the figure's bounding box."""
    point = theatre.sample(3000, seed=7)
    stage = Scene(tensors(point), Frame(64, 64, torch.device("cpu")), 0.0)
    x, y, _ = (part.flatten().numpy() for part in stage.sun)
    celestial = next(group for group in GROUPS if group.name == "celestial")
    shining = stage.group("celestial")[:, celestial.labels.index("empty sky")].numpy() < 0.5
    for figure in company(stage, atlas):
        left, right, top, bottom = extent(figure, atlas)
        hidden = (left < x) & (x < right) & (top < y) & (y < bottom)
        assert (hidden & shining & there(figure)).mean() < 0.004


@pytest.mark.parametrize("size", SHAPES)
def test_a_figure_is_no_smaller_in_a_wide_or_a_tall_picture(theatre: Theatre, size: tuple[int, int]) -> None:
    for seed in range(3):
        point = scene(seed, subject="bell", subject_colour="red", terrain="desert", sky="morning", companion="tree")
        seen = painted(shown(theatre, point, size)[0], "red").sum() / min(size) ** 2
        square = painted(shown(theatre, point, 64)[0], "red").sum() / 64**2
        assert seen == pytest.approx(square, rel=0.25)
        assert square > 0.01


def painted(picture: Floats, colour: str) -> FLAGS:
    """Pixels whose hue is that of one of the colours, [height, width]."""
    wanted = np.array(rgb(COLOURS[colour]))
    away = (picture - picture.mean(0)) - (wanted - wanted.mean())[:, None, None] * 0.85
    return np.asarray(np.abs(away).max(0) < 0.14)


COLOURS = {"red": "d81f2a", "gold": "f2b32c", "blue": "2f6fe0", "green": "2f9e55", "violet": "7a3fc0"}


@pytest.mark.parametrize("sky", ["noon", "night", "blood red", "blue hour", "golden hour", "dream"])
def test_a_coloured_subject_has_its_colour_under_any_sky(theatre: Theatre, sky: str) -> None:
    labels = {"sky": sky, "terrain": "desert", "subject": "heart"}
    ink = shown(theatre, scene(4, **labels))[0]
    bare = shown(theatre, scene(4, **labels | {"subject": "nobody"}))[0]
    heart = np.abs(ink - bare).mean(0) > 0.25 * np.abs(ink - bare).mean(0).max()
    for colour, code in COLOURS.items():
        picture = shown(theatre, scene(4, **labels, subject_colour=colour))[0]
        median = np.median(picture[:, heart], 1)
        assert np.abs(median - np.array(rgb(code))).max() < 0.16, colour
    white = np.median(shown(theatre, scene(4, **labels, subject_colour="white"))[0][:, heart], 1)
    assert white.min() > 0.7


def test_place_and_size_follow_z(atlas: Atlas) -> None:
    point = scene(1, subject="deer", terrain="field")
    rows = {"place": 42, "size": 41, "gap": 46}
    figures = {}
    for name, column in rows.items():
        for sign in (-1.0, 1.0):
            z = np.zeros_like(point.z)
            z[0, column] = sign
            with_tree = scene_classes(subject="deer", companion="tree", terrain="field")
            figures[name, sign] = cast(Latents(z, with_tree), atlas)
    assert float(figures["place", 1.0].subject.x - figures["place", -1.0].subject.x) > 0.1
    assert float(figures["size", 1.0].subject.side / figures["size", -1.0].subject.side) > 1.15
    gaps = [float(figures["gap", sign].subject.x - figures["gap", sign].companion.x) for sign in (-1.0, 1.0)]
    assert gaps[1] > gaps[0] + 0.03


def test_a_companion_keeps_its_side(theatre: Theatre, atlas: Atlas) -> None:
    """None swaps sides while z moves: it would have to pass through the subject."""
    point = theatre.sample(2000, seed=8)
    pair = cast(point, atlas)
    labels = next(group.labels for group in GROUPS if group.name == "companion")
    kind = point.classes[:, GROUP_SLICES["companion"]].argmax(1)
    sides = np.array([COMPANIONS[labels[i]].side for i in kind])
    both = there(pair.subject) & there(pair.companion)
    away = (pair.companion.x - pair.subject.x).flatten().numpy()
    assert (np.sign(away[both]) == sides[both]).all()
    assert set(sides[both]) == {-1.0, 1.0}


@pytest.mark.parametrize(
    "subject", ["windmill", "ferris wheel", "wheel", "candle", "flame", "boat", "balloon", "lighthouse", "bird"]
)
def test_figures_move_by_themselves_and_never_jump(theatre: Theatre, subject: str) -> None:
    point = scene(7, subject=subject, terrain="desert", sky="noon")
    still = scene(7, subject="nobody", terrain="desert", sky="noon")
    moved = 255 * np.abs(shown(theatre, point, 96, 2.9) - shown(theatre, point, 96)).mean()
    assert moved > 0.05 + 255 * np.abs(shown(theatre, still, 96, 2.9) - shown(theatre, still, 96)).mean()
    for start in (0.0, 3.4, 3601.3, 1_000_000.7):
        frames = [shown(theatre, point, 96, start + i / 15) for i in range(3)]
        assert max(255 * np.abs(after - before).mean() for before, after in pairwise(frames)) < 1.5


def test_windows_are_lit_at_night(theatre: Theatre) -> None:
    for subject in ("house", "church", "castle", "lighthouse", "lamp", "train", "door", "tent", "candle", "car"):
        picture = shown(theatre, scene(2, subject=subject, sky="night", terrain="desert"), 128)[0]
        warm = (picture[0] > 0.6) & (picture[0] > picture[2] + 0.15)
        assert 8 < warm.sum() < 2500, subject


def test_gradient_reaches_both_figures_and_their_places(theatre: Theatre) -> None:
    halves = {"subject": ("bird", "bee"), "companion": ("bird", "butterfly")}
    logits = torch.tensor(scene_classes(sky="dawn", terrain="desert"))
    places = {}
    for group in GROUPS:
        if group.name in halves:
            places[group.name] = [
                GROUP_SLICES[group.name].start + group.labels.index(label) for label in halves[group.name]
            ]
            logits[0, GROUP_SLICES[group.name]] = ABSENT
            logits[0, places[group.name]] = 0.0
    z = torch.tensor(scene(3).z)
    z.requires_grad_()
    logits.requires_grad_()
    torch.autograd.backward((theatre.render(Latents(z, logits), 48) ** 2).mean())
    assert z.grad is not None
    assert logits.grad is not None
    assert all(float(z.grad[0, column].abs()) > 0 for column in (41, 42, 43, 46, 47, 48))
    assert all((logits.grad[0, columns] != 0).all() for columns in places.values())
    assert torch.isfinite(logits.grad).all()
