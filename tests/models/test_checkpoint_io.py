"""Files of weights that are damaged: whatever is wrong in them is one sentence."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
import torch

from installation.core.errors import ShowError
from installation.models.checkpoint_io import read_weights

STATE = {f"layer.{index}": torch.full((4, 5), float(index)) for index in range(20)}


@pytest.mark.filterwarnings("ignore:Detected pickle protocol")
@pytest.mark.parametrize("zipped", [True, False])
def test_wrong_bytes_anywhere_are_either_harmless_or_told_in_one_sentence(tmp_path: Path, zipped: bool) -> None:
    path = tmp_path / "weights.bin"
    torch.save(STATE, path, _use_new_zipfile_serialization=zipped)
    whole, wrong, told = path.read_bytes(), random.Random(1), []
    for _ in range(300):
        damaged = bytearray(whole)
        for _ in range(wrong.choice((1, 3, 30))):
            damaged[wrong.randrange(min(len(whole), 3000))] = wrong.randrange(256)
        path.write_bytes(damaged)
        try:
            read_weights(path, "the file")
        except ShowError as error:
            told.append(str(error))
    assert len(told) > 100
    assert {sentence.split(" is ")[0].split(" holds ")[0] for sentence in told} == {"the file"}


def test_weights_lie_under_their_keys_or_in_a_training_s_state(tmp_path: Path) -> None:
    path = tmp_path / "weights.bin"
    for content in (STATE, {"epoch": 3, "state_dict": STATE}):
        torch.save(content, path)
        assert read_weights(path, "the file").keys() == STATE.keys()


@pytest.mark.parametrize("content", [[1, 2], {}, {"a": 1.0}, torch.zeros(2)])
def test_what_holds_no_weights_is_told_with_what_to_do(tmp_path: Path, content: object) -> None:
    path = tmp_path / "weights.bin"
    torch.save(content, path)
    with pytest.raises(ShowError, match=r"^the file holds no weights: fetch it again\.$"):
        read_weights(path, "the file", "fetch it again")
