"""The paper stage: what BigGAN paints of a picture, and what the theatre paints before it."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor

from installation.models.interfaces import Latents, Point
from installation.models.paper_stage.generator import PaperStage
from installation.models.theatre import marks
from installation.models.theatre.generator import Theatre
from installation.models.theatre.vocabulary import Z, scene_classes
from tests.models.conftest import generator_named

WIDE = (72, 128)


@pytest.fixture(scope="module")
def stage() -> PaperStage:
    generator = generator_named("paper-stage")
    assert isinstance(generator, PaperStage)
    return generator


def render(stage: PaperStage, z: dict[int, float] | None = None, **labels: str) -> Tensor:
    """A wide picture of a scene, [3, height, width]; `z` sets some dimensions."""
    noise = torch.zeros(1, stage.z_dim)
    for index, value in (z or {}).items():
        noise[0, index] = value
    with torch.no_grad():
        return stage.render(Latents(noise, torch.from_numpy(scene_classes(**labels))), WIDE)[0]


def changed(one: Tensor, other: Tensor) -> Tensor:
    """Where two pictures differ visibly, [height, width]."""
    return (one - other).abs().amax(0) > 4 / 255


def test_a_figure_is_the_theatres_and_stands_before_the_backdrop(stage: PaperStage) -> None:
    theatre = generator_named("theatre")
    assert isinstance(theatre, Theatre)
    assert stage.groups == theatre.groups
    with_wolf, alone = (render(stage, sky="noon", terrain="desert", subject=name) for name in ("wolf", "nobody"))
    wolf = changed(with_wolf, alone)
    assert 0.01 < float(wolf.float().mean()) < 0.3
    assert not wolf[:, :20].any()
    assert float(with_wolf[:, wolf].mean()) < float(alone[:, wolf].mean())


def test_sky_and_light_come_from_biggan_with_gradients(stage: PaperStage) -> None:
    z = torch.zeros(1, stage.z_dim, requires_grad=True)
    classes = torch.from_numpy(scene_classes(sky="night", celestial="moon")).requires_grad_()
    stage.render(Latents(z, classes), 96)[:, :, :30].mean().backward()  # type: ignore[no-untyped-call]
    assert z.grad is not None
    assert classes.grad is not None
    assert float(z.grad[0, Z.CELESTIAL_Y].abs()) > 0.0
    assert float(classes.grad.abs().max()) > 0.0
    theatre = generator_named("theatre")
    scene = Latents(torch.zeros(1, stage.z_dim), torch.from_numpy(scene_classes(sky="night", terrain="mountains")))
    with torch.no_grad():
        soft, sharp = (each.render(scene, 128)[0, :, :70] for each in (stage, theatre))
    assert gradient(soft) < 0.8 * gradient(sharp)
    assert float((soft.mean((1, 2)) - sharp.mean((1, 2))).abs().max()) < 0.12  # the same night


def gradient(picture: Tensor) -> float:
    """The mean square difference of neighbours: how sharp a picture is."""
    return float((picture[:, :, 1:] - picture[:, :, :-1]).square().mean())


def test_stars_shine_above_the_land_alone(stage: PaperStage) -> None:
    few, many = (render(stage, {Z.SMALL_STARS: value}, sky="night", terrain="mountains") for value in (-5.0, 5.0))
    stars = (many - few).amin(0) > 0.1
    assert stars[:26].any()
    assert not stars[46:].any()


@pytest.mark.parametrize("mark", ["huge sky", "three sky", "tiny sky", "two sky"])
def test_the_theatre_paints_a_moon_of_another_size_and_several(stage: PaperStage, mark: str) -> None:
    usual = render(stage, sky="night", celestial="moon", terrain="sea")
    marked = render(stage, {marks.SINGLE[mark][0]: marks.SET}, sky="night", celestial="moon", terrain="sea")
    bright = [float((picture.mean(0) > 0.75).float().mean()) for picture in (usual, marked)]
    assert bright[1] < 0.8 * bright[0] if mark == "tiny sky" else bright[1] > 1.2 * bright[0]


def test_it_paints_wide_pictures_whose_middle_is_the_square(stage: PaperStage) -> None:
    point = Point(np.zeros((1, stage.z_dim), np.float32), scene_classes(sky="sunset", terrain="hills"))
    wide, square = stage.paint(point, (72, 128)).astype(float), stage.paint(point, 72).astype(float)
    assert np.abs(wide[20:50, 28:100] - square[20:50]).mean() < 4.0
