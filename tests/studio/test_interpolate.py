from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from installation.cli.main import main
from installation.core.errors import ShowError
from installation.dream.latent_bank import shipped_bank_path
from installation.models.fake import FakeGenerator, FakePerceptor
from installation.models.interfaces import ModelPlace
from installation.models.stored_latents import save_latents
from installation.outputs.film_frames import film_format
from installation.show.settings import ModelSettings
from installation.studio.interpolate import end_label, steps_between
from installation.studio.workspace import Studio, StudioOptions
from installation.training.bank_builder import build_bank

FAKE = ["--generator", "fake", "--device", "cpu", "--size", "64x64"]


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Studio:
    place = ModelPlace(tmp_path_factory.mktemp("assets"), tmp_path_factory.mktemp("cache"))
    path = shipped_bank_path("fake", place.assets)
    path.parent.mkdir()
    build_bank(FakeGenerator(), FakePerceptor(), 64, 1).save(path)
    return Studio(StudioOptions(ModelSettings(generator="fake", perceptor="fake"), place=place, size=(64, 64)))


def test_ends_are_classes_seeds_stored_latents_and_words(studio: Studio, tmp_path: Path) -> None:
    stored = studio.sample(1, 9)
    save_latents(tmp_path / "nine.safetensors", studio.store(stored, {}))
    points = steps_between(studio, str(tmp_path / "nine.safetensors"), "seed:7", 3, 1)
    np.testing.assert_allclose(points[0].z, stored.z, atol=1e-5)
    np.testing.assert_allclose(points[2].z, studio.sample(1, 7).z, atol=1e-5)
    night, number, words = (
        steps_between(studio, end, "seed:7", 2, 1, dream_steps=4)[0] for end in ("night", "1", "a swan")
    )
    np.testing.assert_array_equal(night.classes, number.classes)
    assert int(night.classes[0, :4].argmax()) == 1
    assert not np.allclose(words.z, night.z)


def test_z_moves_by_slerp_or_along_a_line(studio: Studio) -> None:
    ends = [studio.sample(1, seed).z for seed in (3, 8)]
    slerp, line = (steps_between(studio, "seed:3", "seed:8", 3, 1, blend)[1].z for blend in ("slerp", "linear"))
    np.testing.assert_allclose(line, (ends[0] + ends[1]) / 2, atol=1e-5)
    lengths = [float(np.linalg.norm(z)) for z in (*ends, slerp)]
    assert min(lengths[:2]) - 1e-4 <= lengths[2] <= max(lengths[:2]) + 1e-4
    assert float(np.linalg.norm(line)) < lengths[2]


def test_a_number_is_labelled_with_its_class_and_stored_latents_with_their_file(studio: Studio) -> None:
    ends = ("1", "night", "seed:7", "/a/long/way/fox.safetensors", "a swan at 5")
    assert [end_label(studio, end) for end in ends] == ["night", "night", "seed:7", "fox.safetensors", "a swan at 5"]


def test_the_command_writes_a_sheet_of_rows_or_a_film(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ends = ["night", "seed:7"]
    assert main(["interpolate", *ends, "--steps", "4", "--rows", "2", "-o", str(tmp_path / "way.png"), *FAKE]) == 0
    with Image.open(tmp_path / "way.png") as sheet:
        assert (sheet.width > 4 * 180, sheet.height > 2 * 180) == (True, True)
    film = ["--steps", "5", "--fps", "12", "-o", str(tmp_path / "way.mp4")]
    assert main(["interpolate", *ends, *film, *FAKE]) == 0
    assert film_format(tmp_path / "way.mp4") == (12.0, 5, False)
    assert main(["interpolate", *ends, *film, "--rows", "2", *FAKE]) == 2
    assert "A film has one row: use --rows with a PNG or JPEG file." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("end", "message"),
    [
        ("seed:x", "'seed:x' is no seed: write seed:7"),
        ("99", "There is no class 99: their numbers run from 0 to 6"),
        ("", "The prompt '' is empty"),
        ("none.safetensors", "none.safetensors cannot be read"),
    ],
)
def test_an_end_that_means_nothing_is_one_sentence(studio: Studio, end: str, message: str) -> None:
    with pytest.raises(ShowError, match=message):
        steps_between(studio, end, "night", 2, 1)
