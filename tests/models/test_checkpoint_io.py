"""Weights files, damaged ones above all: whatever is wrong with them is a ShowError."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from installation.core.errors import ShowError
from installation.models.checkpoint_io import read_shapes, read_weights

STATE = {f"layer.{index}": torch.full((4, 5), float(index)) for index in range(20)}


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:Detected pickle protocol")
@pytest.mark.parametrize("zipped", [True, False])
def test_wrong_bytes_are_either_harmless_or_a_show_error(tmp_path: Path, zipped: bool) -> None:
    path = tmp_path / "weights.bin"
    torch.save(STATE, path, _use_new_zipfile_serialization=zipped)
    whole, rng, errors = path.read_bytes(), random.Random(1), []
    for _ in range(300):
        damaged = bytearray(whole)
        for _ in range(rng.choice((1, 3, 30))):
            damaged[rng.randrange(min(len(whole), 3000))] = rng.randrange(256)
        path.write_bytes(damaged)
        try:
            read_weights(path, "the file")
        except ShowError as error:
            errors.append(str(error))
    assert len(errors) > 100
    assert all(error.startswith("the file ") for error in errors)


def test_weights_are_found_by_their_keys_or_below_state_dict(tmp_path: Path) -> None:
    path = tmp_path / "weights.bin"
    for content in (STATE, {"epoch": 3, "state_dict": STATE}):
        torch.save(content, path)
        weights = read_weights(path, "the file")
        assert weights.keys() == STATE.keys()
        assert torch.equal(weights["layer.3"], STATE["layer.3"])


@pytest.mark.parametrize("content", [[1, 2], {}, {"a": 1.0}, torch.zeros(2)])
def test_a_file_without_weights_is_refused_with_a_remedy(tmp_path: Path, content: object) -> None:
    path = tmp_path / "weights.bin"
    torch.save(content, path)
    with pytest.raises(ShowError, match=r"^the file holds no weights: fetch it again\.$"):
        read_weights(path, "the file", "fetch it again")


def test_the_shapes_of_a_safetensors_file_are_read_without_its_values(tmp_path: Path) -> None:
    path = tmp_path / "weights.safetensors"
    save_file(STATE, path)
    shapes = read_shapes(path, "the file")
    assert {key: value.shape for key, value in shapes.items()} == {key: value.shape for key, value in STATE.items()}
    assert {value.device.type for value in shapes.values()} == {"meta"}


def test_a_safetensors_file_that_is_cut_short_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "weights.safetensors"
    save_file(STATE, path)
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(ShowError, match=r"^the file is not a weights file, or it is damaged or cut short"):
        read_shapes(path, "the file")
