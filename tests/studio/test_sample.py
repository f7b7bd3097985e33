from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from installation.cli.main import main
from installation.core.errors import ShowError
from installation.dream.class_names import class_labels, find_class, find_classes
from installation.models.fake import FakeGenerator
from installation.models.interfaces import Group
from installation.models.stored_latents import read_latents
from installation.show.settings import ModelSettings
from installation.studio.class_samples import sample_of_classes
from installation.studio.sample import sample, truncated
from installation.studio.workspace import Studio, StudioOptions

IMAGENET = (Group("class", tuple(f"label {index}" for index in range(1000))),)
GROUPS = FakeGenerator().groups
FAKE = ["--generator", "fake", "--device", "cpu"]


@pytest.fixture(scope="module")
def studio() -> Studio:
    return Studio(StudioOptions(ModelSettings(generator="fake", perceptor="fake")))


def test_a_class_is_found_by_number_name_spelling_and_kind() -> None:
    assert find_classes(["4", "Night", "mornin"], GROUPS) == [(1, (0,)), (0, (1,)), (0, (2,))]
    assert find_class("dog", IMAGENET) == (0, tuple(range(151, 269)))
    assert find_class("crane", IMAGENET) == (0, (134, 517))
    assert find_classes(["golden retreiver"], IMAGENET) == [(0, (207,))]


@pytest.mark.parametrize(
    ("name", "message"),
    [("99", "no class 99: their numbers run from 0 to 6"), ("xylophone", "no class 'xylophone'")],
)
def test_an_unknown_class_is_one_sentence(name: str, message: str) -> None:
    with pytest.raises(ShowError, match=message):
        find_classes([name], GROUPS)


def test_samples_show_the_named_classes_and_vary_in_the_rest(studio: Studio) -> None:
    points = sample_of_classes(studio, find_classes(["red glass"], GROUPS), 6, seed=1)
    labels = [class_labels(points[row : row + 1], GROUPS) for row in range(6)]
    assert all("red glass" in each for each in labels)
    assert len({each[0] for each in labels}) > 1


def test_a_sweep_has_a_column_for_each_truncation_and_keeps_the_bound(studio: Studio) -> None:
    sheet = sample(studio, ["night"], 2, seed=3, sweep=True).sheet
    assert sheet.shape[1] > 6 * 200
    narrow = truncated(studio.generator, studio.sample(50, 1), 0.1)
    assert float(np.abs(narrow.z).max()) <= 0.2001


def test_the_command_writes_the_same_bytes_for_a_seed_and_latents_that_load(tmp_path: Path) -> None:
    for name in "ab":
        files = ["-o", str(tmp_path / f"{name}.png"), "--save-latents", str(tmp_path / f"{name}.safetensors")]
        assert main(["sample", "night", "--count", "3", "--seed", "5", *files, *FAKE]) == 0
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    assert len(read_latents(tmp_path / "a.safetensors").point) == 3
    with Image.open(tmp_path / "a.png") as image:
        assert image.width > 3 * 180


@pytest.mark.parametrize("name", ["a.jpg", "a.webp", "a.png"])
def test_every_picture_format_holds_its_settings(tmp_path: Path, name: str) -> None:
    from installation.models.image_files import read_image
    from installation.studio.picture_files import read_settings, write_picture

    picture = np.full((20, 30, 3), 90, np.uint8)
    write_picture(tmp_path / name, picture, {"prompt": "ein Wolf, 狼", "seed": "3"})
    assert read_settings(tmp_path / name) == {"prompt": "ein Wolf, 狼", "seed": "3"}
    assert read_image(tmp_path / name).shape == picture.shape
