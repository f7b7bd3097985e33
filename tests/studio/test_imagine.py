from __future__ import annotations

from pathlib import Path

import pytest

from installation.core.errors import ShowError
from installation.dream.latent_bank import shipped_bank_path
from installation.models.fake import FakeGenerator, FakePerceptor
from installation.models.interfaces import ModelPlace
from installation.studio.imagine import imagine
from installation.training.bank_builder import build_bank


@pytest.fixture(scope="module")
def fake_place(tmp_path_factory: pytest.TempPathFactory) -> ModelPlace:
    """Where the fake models have a latent bank."""
    place = ModelPlace(tmp_path_factory.mktemp("assets"), tmp_path_factory.mktemp("cache"))
    path = shipped_bank_path("fake", place.assets)
    path.parent.mkdir()
    build_bank(FakeGenerator(), FakePerceptor(), 64, 1).save(path)
    return place


def test_the_same_seed_gives_the_same_file_and_another_seed_another(fake_place: ModelPlace, tmp_path: Path) -> None:
    files = []
    for index, seed in enumerate((1, 1, 2)):
        still = imagine("a swan on the still lake", "fake", "fake", steps=6, seed=seed, size=96, place=fake_place)
        still.save(tmp_path / f"{index}.png")
        files.append((tmp_path / f"{index}.png").read_bytes())
    assert files[0] == files[1] != files[2]


def test_the_default_models_show_what_the_prompt_names() -> None:
    still = imagine("a swan on the still lake", steps=2, size=(64, 96))
    assert "swan" in still.labels
    assert still.picture.shape == (64, 96, 3)
    assert still.steps == 2


@pytest.mark.parametrize("text", ["", " | "])
def test_an_empty_prompt_is_reported(text: str) -> None:
    with pytest.raises(ShowError, match="is empty: say what the picture should show"):
        imagine(text)
