from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest
import torch

from installation.core.errors import ShowError
from installation.models.interfaces import ModelPlace
from installation.models.vqgan.checkpoint import accept_checkpoint, load_network
from tests.models.conftest import write_weights

NAME = "vqgan-imagenet-16384"


class ModelCheckpoint:
    """What a file of PyTorch Lightning names as a callback."""

    def __init__(self) -> None:
        raise AssertionError("a class that a checkpoint names must not be constructed")


def lightning_file(path: Path, random_place: ModelPlace, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The published format: the network under `state_dict` with the loss, an optimiser and a callback's class."""
    write_weights(random_place, NAME)
    state = torch.load(random_place.cache / NAME / "last.ckpt", weights_only=True)["state_dict"]
    module = ModuleType("pytorch_lightning_callbacks")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    callback = type("ModelCheckpoint", (ModelCheckpoint,), {"__module__": module.__name__})
    module.ModelCheckpoint = callback  # type: ignore[attr-defined]
    run = {
        "epoch": 12,
        "pytorch-lightning_version": "1.0.8",
        "state_dict": {**state, "loss.discriminator.main.0.weight": torch.zeros(2)},
        "callbacks": {callback: {"best_model_score": torch.ones(())}},
        "optimizer_states": [{"state": {0: {"step": 3}}, "param_groups": []}],
    }
    torch.save(run, path)
    monkeypatch.delitem(sys.modules, module.__name__)
    return path


def test_a_training_run_is_reduced_to_tensors_without_running_its_classes(
    tmp_path: Path, random_place: ModelPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = lightning_file(tmp_path / "last.ckpt", random_place, monkeypatch)
    assert accept_checkpoint(NAME, path, "the file") is True
    assert accept_checkpoint(NAME, path, "the file") is False
    assert torch.load(path, weights_only=True).keys() == {"state_dict"}
    picture = load_network(NAME, path).decode(torch.zeros(1, 16, 32))
    expected = load_network(NAME, random_place.cache / NAME / "last.ckpt").decode(torch.zeros(1, 16, 32))
    assert torch.equal(picture, expected)


@pytest.mark.parametrize("content", [b"", b"not a file of torch", b"PK\x03\x04 cut short"])
def test_a_damaged_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "last.ckpt"
    path.write_bytes(content)
    with pytest.raises(ShowError, match="the file is not a weights file"):
        accept_checkpoint(NAME, path, "the file")


def test_another_model_s_file_is_refused(random_place: ModelPlace) -> None:
    write_weights(random_place, "vqgan-imagenet-1024")
    with pytest.raises(ShowError, match="it is not the file of this model"):
        accept_checkpoint(NAME, random_place.cache / "vqgan-imagenet-1024" / "last.ckpt", "the file")
