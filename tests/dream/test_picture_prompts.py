from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from installation.core.errors import ShowError
from installation.dream.picture_prompts import embed_picture, picture_path, picture_problem
from installation.models.fake import FakePerceptor


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "pictures").mkdir()
    Image.new("RGB", (40, 20), (200, 30, 30)).save(tmp_path / "pictures" / "red.png")
    (tmp_path / "secret.png").write_bytes(b"x")
    return tmp_path / "pictures"


def test_only_pictures_of_the_folder_are_opened(folder: Path) -> None:
    assert picture_path("red.png", str(folder)) == folder / "red.png"
    for text in ("blue.png", "../secret.png", str(folder.parent / "secret.png"), "a red fox", "red"):
        assert picture_path(text, str(folder)) is None
    assert picture_path("red.png", "") is None


def test_a_picture_is_embedded_as_a_unit_vector_of_its_middle_square(folder: Path) -> None:
    row = embed_picture(folder / "red.png", FakePerceptor(), torch.device("cpu"))
    square = torch.tensor([200, 30, 30]).view(1, 3, 1, 1).expand(1, 3, 20, 20) / 255
    np.testing.assert_allclose(row, FakePerceptor().embed_image(square)[0].numpy(), atol=1e-5)


def test_a_damaged_picture_is_one_sentence(folder: Path) -> None:
    (folder / "bad.png").write_bytes((folder / "red.png").read_bytes()[:60])
    assert "bad.png" in picture_problem(folder / "bad.png")
    assert picture_problem(folder / "red.png") == ""
    with pytest.raises(ShowError, match=r"is not a picture|damaged or cut short"):
        embed_picture(folder / "bad.png", FakePerceptor(), torch.device("cpu"))
