from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from installation.cli.main import main
from installation.models.image_files import read_image
from installation.models.interfaces import Latents, Picture, Point
from installation.models.stored_latents import read_latents
from installation.models.theatre.vocabulary import scene_classes
from installation.show.settings import ModelSettings
from installation.studio.composition import Collage
from installation.studio.workspace import Studio, StudioOptions

SIZE = (72, 128)


@pytest.fixture(scope="module")
def studio() -> Studio:
    return Studio(StudioOptions(ModelSettings(generator="theatre", perceptor="clip-embedded"), size=SIZE))


def scene(**labels: str) -> Point:
    return Latents(np.zeros((1, 96), np.float32), scene_classes(**labels))


FRONT, BACK = scene(sky="noon", subject="wolf"), scene(sky="night", terrain="sea")


def changed(studio: Studio, picture: Picture) -> tuple[float, float]:
    """The area in which a picture differs from the back, and the x of its middle, both as shares."""
    difference = np.abs(picture.astype(int) - studio.paint(BACK).astype(int)).max(axis=2) > 12
    return float(difference.mean()), float(np.nonzero(difference)[1].mean()) / SIZE[1]


@pytest.mark.slow
def test_a_figure_is_cut_out_along_its_outline_moved_and_scaled(studio: Studio) -> None:
    collage = Collage(studio, FRONT, BACK)
    area, x = changed(studio, collage.paint(torch.tensor([0.0, 0.2, 1.0])))
    small_area, small_x = changed(studio, collage.paint(torch.tensor([0.4, 0.2, 0.6])))
    assert 0.01 < area < 0.2
    assert abs(x - 0.5) < 0.03
    assert abs(small_x - (0.5 + 0.4 * SIZE[0] / SIZE[1])) < 0.03
    assert 0.25 < small_area / area < 0.5


@pytest.mark.slow
@pytest.mark.parametrize("front", [scene(weather="snow", sky="noon"), scene(tint="red", sky="noon")])
def test_weather_and_tints_are_no_figures_and_the_cut_out_is_an_ellipse(studio: Studio, front: Point) -> None:
    area, x = changed(studio, Collage(studio, front, BACK).paint(torch.tensor([0.0, 0.0, 1.0])))
    assert 0.3 < area < 0.75
    assert abs(x - 0.5) < 0.03


@pytest.mark.slow
def test_the_command_composes_two_prompts_and_repeats_the_picture(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = tmp_path / "both.png", tmp_path / "again.png"
    options = ["--iterations", "5", "--latents", "--size", "128x72", "--device", "cpu"]
    assert main(["imagine", "a fox", "--onto", "a ship on the sea", "-o", str(first), *options]) == 0
    assert "fox" in capsys.readouterr().out
    assert len(read_latents(first.with_suffix(".safetensors")).point) == 2
    assert {path.name for path in tmp_path.glob("*_noise.txt")} == {"both_1_noise.txt", "both_2_noise.txt"}
    assert main(["imagine", "--like", str(first), "-o", str(second), "--device", "cpu"]) == 0
    np.testing.assert_array_equal(read_image(first), read_image(second))


def test_a_composition_does_not_continue_stored_latents(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["imagine", "a fox", "--onto", "the sea", "--video", "--device", "cpu"]) == 2
    assert "leave out --resume, --video and --save-every" in capsys.readouterr().err
