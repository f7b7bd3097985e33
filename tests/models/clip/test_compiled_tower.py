"""A compiled image tower computes what the tower computes, and the compiler may fail."""

from __future__ import annotations

import open_clip
import pytest
import torch
from torch import Tensor

from installation.models.clip.compiled_tower import Encode, compiled_tower, faster_tower
from installation.models.cuda_graphs import Stream

COUNT, SIDE = 3, 32


@pytest.fixture(scope="module")
def tower() -> Encode:
    """A small image tower with QuickGELU, as OpenAI's."""
    torch.manual_seed(1)
    vision = {"layers": 2, "width": 64, "head_width": 32, "patch_size": 8, "image_size": SIDE}
    text = {"context_length": 8, "vocab_size": 16, "width": 32, "heads": 2, "layers": 1}
    model = open_clip.CLIP(16, vision, text, quick_gelu=True).eval().requires_grad_(False)
    encode: Encode = model.encode_image
    return encode


def pictures(count: int = COUNT) -> Tensor:
    return torch.rand(count, 3, SIDE, SIDE, generator=torch.Generator().manual_seed(2))


def with_gradient(encode: Encode, images: Tensor) -> tuple[Tensor, Tensor]:
    """Features, and the gradient of their weighted sum."""
    leaf = images.clone().requires_grad_(True)
    features = encode(leaf)
    weights = torch.linspace(-1, 1, features.shape[1])
    return features.detach(), torch.autograd.grad((features * weights).sum(), leaf)[0]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # of torch's compiler
def test_a_compiled_tower_gives_the_same_features_and_gradients(tower: Encode) -> None:
    compiled = compiled_tower(tower, COUNT, "aot_eager")
    for count in (COUNT, COUNT, 1, COUNT):
        for expected, got in zip(
            with_gradient(tower, pictures(count)), with_gradient(compiled, pictures(count)), strict=True
        ):
            torch.testing.assert_close(got, expected)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # likewise
def test_a_tower_that_cannot_be_compiled_or_is_no_faster_stays(tower: Encode, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = Stream(torch.device("cpu"))
    kept, problem = faster_tower(tower, pictures(), stream, backend="no such backend")
    assert kept is tower
    assert problem.startswith("The perceptor could not be compiled (InvalidBackend")
    monkeypatch.setattr("installation.models.clip.compiled_tower.GAIN", 0.0)
    kept, problem = faster_tower(tower, pictures(), stream, backend="eager")
    assert kept is tower
    assert "is not compiled" in problem
    monkeypatch.setattr("installation.models.clip.compiled_tower.GAIN", 1e9)
    taken, problem = faster_tower(tower, pictures(), stream, backend="eager")
    assert (taken is not tower, problem) == (True, "")
