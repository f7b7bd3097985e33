"""The atlas holds all figures, in the order of the subjects, and their parts move about their joints."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
import torch

from installation.models.interfaces import ModelPlace
from installation.models.theatre.figure_atlas import (
    CUT,
    FIGURE_LABELS,
    LABELS,
    SWING_SECONDS,
    Atlas,
    PaperLayer,
    _sharpened,
    _smoothed,
    load_atlas,
    subject_weights,
)
from installation.models.theatre.further_figures import FURTHER
from installation.models.theatre.vocabulary import COMPANIONS, SUBJECTS
from tests.models.theatre.conftest import CPU


@pytest.fixture(scope="module")
def figures(place: ModelPlace) -> Path:
    return place.assets / "theatre" / "figures.npz"


def layers_of(atlas: Atlas, label: str) -> tuple[PaperLayer, ...]:
    return atlas.layers[LABELS.index(label)]


def test_the_atlas_holds_the_subjects_in_their_order(figures: Path, atlas: Atlas) -> None:
    with np.load(figures) as stored:
        names = tuple(stored["names"])
    assert names == FIGURE_LABELS[: len(names)]
    assert set(FIGURE_LABELS[len(names) :]) <= set(CUT)
    assert sorted(atlas.layers) == list(range(len(SUBJECTS) - 1))


def test_the_atlas_stays_small(figures: Path) -> None:
    assert figures.stat().st_size < 4_500_000


@pytest.mark.slow  # it cuts many figures, for .15 s each
def test_every_figure_fills_a_part_of_its_square(atlas: Atlas) -> None:
    """Of the hundreds that are cut, every third."""
    axis = torch.linspace(0, 1, 32)
    x, y = axis.view(1, 1, 1, -1), axis.view(1, 1, -1, 1)
    cut = [index for index in atlas.layers if LABELS[index] in CUT]
    for index in sorted({*atlas.layers} - {*cut} | {*cut[::3]}):
        layers = atlas.layers[index]
        inside = torch.stack([layer.sample(x, y, 0.0)[0, 0] > 0 for layer in layers if not layer.lit]).any(0)
        assert inside.float().mean() > 0.05, LABELS[index]
        assert LABELS[index] not in CUT or len(layers) == 1, LABELS[index]
    assert (atlas.extent[-1] == 0).all()


def test_more_than_twenty_figures_make_a_small_gesture_every_few_seconds(atlas: Atlas) -> None:
    drawn = [atlas.layers[LABELS.index(label)] for label in SUBJECTS if label not in ("nobody", *FURTHER)]
    acting = [layers for layers in drawn if any(layer.motion == "swing" for layer in layers)]
    assert len(acting) > 20
    for layers in acting:
        layer = next(layer for layer in layers if layer.motion == "swing")
        turned = [abs(layer.angle(seconds)) > 1e-6 for seconds in np.arange(0.05, 10, 0.1).tolist()]
        assert any(turned)
        assert np.mean(turned) < 2.2 * SWING_SECONDS / 6
        assert layer.angle(0.0) == 0


@pytest.mark.parametrize("label", ["windmill", "wheel", "ferris wheel"])
def test_a_wheel_turns_at_its_speed_and_stays_exact_after_weeks(atlas: Atlas, label: str) -> None:
    part = next(layer for layer in layers_of(atlas, label) if layer.motion == "spin")
    assert part.angle(1.0) == pytest.approx(part.amount)
    whole_turns = 2 * math.pi / part.amount * 200_000
    assert math.cos(part.angle(whole_turns)) == pytest.approx(1.0, abs=1e-6)


def test_a_part_turns_about_its_joint(atlas: Atlas) -> None:
    part = next(layer for layer in layers_of(atlas, "windmill") if layer.motion == "spin")
    px, py = part.pivot
    quarter = math.pi / 2 / part.amount
    radius = 0.25
    there, before = (
        part.sample(torch.tensor([[[[px + dx]]]]), torch.tensor([[[[py + dy]]]]), seconds)[0, 0].item()
        for dx, dy, seconds in ((radius, 0.0, quarter), (0.0, -radius, 0.0))
    )
    assert there == pytest.approx(before, abs=0.01)


def test_an_atlas_of_other_subjects_is_refused(figures: Path, tmp_path: Path) -> None:
    with np.load(figures) as stored:
        np.savez(tmp_path / "other.npz", names=stored["names"][::-1])
    with pytest.raises(ValueError, match="other figures than the subjects"):
        load_atlas(tmp_path / "other.npz", CPU)


def test_companions_are_drawn_with_the_figures_of_their_names() -> None:
    weights = subject_weights(torch.eye(len(COMPANIONS)))
    names = [list(SUBJECTS)[i] for i in weights.argmax(1).tolist()]
    assert names == ["nobody" if name == "alone" else name for name in COMPANIONS]
    torch.testing.assert_close(weights.sum(1), torch.ones(len(COMPANIONS)))


def test_a_small_figure_has_soft_facets_and_the_outline_of_a_large_one(atlas: Atlas) -> None:
    """Facets average out in a small figure; where it ends does not change, and nothing shines beyond its field."""
    layer = atlas.layers[LABELS.index("fox")][0]
    across = torch.linspace(-0.1, 1.1, 240)
    x, y = across.view(1, 1, 1, -1), across.view(1, 1, -1, 1)
    sharp, soft = (layer.sample(x, y, 0.0, side=side) for side in (None, 60.0))
    assert sharp is not None
    inside, small = sharp[:, 0] > 0, soft[:, 0] > 0
    assert (inside != small).float().mean() < 0.02
    assert (soft[:, 0][sharp[:, 0] < -0.02] < 0).all()
    steps = [(field[:, 1].diff(dim=2).abs() * inside[:, :, 1:]).amax() for field in (sharp, soft)]
    assert steps[1] < 0.75 * steps[0]


def test_edges_between_facets_are_sharp_where_a_figure_is_enlarged() -> None:
    channels = torch.zeros(12, 32, 32, dtype=torch.int8)
    channels[0], channels[1], channels[1, :, 16:] = 24, 100, -100
    smooth, sharp = _smoothed(channels, 0)[0, 1], _sharpened(channels)[0, 1]
    assert sharp.shape == (64, 64)
    steep, gentle = (field[field.shape[0] // 2].diff().abs().amax() for field in (sharp, smooth))
    assert float(gentle) < 1.1 * 100 / 127
    assert float(steep) > 1.8 * 100 / 127  # over from one facet to the other within a pixel


def test_gentle_slopes_stay_gentle_where_a_figure_is_enlarged() -> None:
    channels = torch.zeros(12, 32, 32, dtype=torch.int8)
    channels[0], channels[1] = 24, torch.arange(-64, 64, 4)
    sharp = _sharpened(channels)[0, 1, 32, 4:-4] * 127
    torch.testing.assert_close(sharp.diff(), torch.full_like(sharp[1:], 2.0), atol=0.1, rtol=0)
