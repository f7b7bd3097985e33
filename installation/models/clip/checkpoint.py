"""Checkpoints of open_clip architectures: verification before installation, and random weights for benchmarks."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from installation.core.errors import ShowError
from installation.models.checkpoint_io import read_shapes, read_weights
from installation.models.clip import CHECKPOINTS

_PARALLEL_PREFIX = "module."  # of a training on several GPUs; open_clip's loader removes it
_SCALARS = ("logit_scale", "logit_bias")  # stored as a scalar or as a row of one


def check_checkpoint(name: str, path: Path, description: str, suffix: str) -> None:
    """Verify that `path` holds the weights of the architecture `name`; `suffix` says in which format.

    Raises:
        ShowError: the file is damaged, or a key is missing, unknown or of the wrong shape.
    """
    read = read_shapes if suffix == ".safetensors" else read_weights
    check_keys(read(path, description), expected_keys(name), name, description)


def expected_keys(name: str) -> dict[str, Tensor]:
    """Every key of an architecture of open_clip, with tensors of the right shape on the meta device."""
    import open_clip

    with torch.device("meta"):
        model: Any = open_clip.CLIP(**open_clip.get_model_config(name))
    return dict(model.state_dict())


def check_keys(state: Mapping[str, Tensor], expected: Mapping[str, Tensor], name: str, description: str) -> None:
    """Raise ShowError that names the first key of `description` that is missing, unknown or of the wrong shape."""
    given = {key.removeprefix(_PARALLEL_PREFIX): value for key, value in state.items()}
    for key, value in expected.items():
        if key not in given:
            raise ShowError(f"{description} lacks key '{key}': it is not the file of {name}.")
        if given[key].shape != value.shape and not (key in _SCALARS and given[key].numel() == value.numel()):
            raise ShowError(f"{description} has key '{key}' in another shape: it is not the file of {name}.")
    unknown = sorted(given.keys() - expected.keys())
    if unknown:
        raise ShowError(f"{description} has the unknown key '{unknown[0]}': it is not the file of {name}.")


def write_random_clip(name: str, folder: Path, seed: int) -> None:
    """Write random weights of an architecture of open_clip, in the format of the Hugging Face hub."""
    import open_clip
    from safetensors.torch import save_file

    torch.manual_seed(seed)
    model = open_clip.create_model(name, pretrained=None)
    folder.mkdir(parents=True, exist_ok=True)
    save_file({key: value.contiguous() for key, value in model.state_dict().items()}, folder / CHECKPOINTS[0])
