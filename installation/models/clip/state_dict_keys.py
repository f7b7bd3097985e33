"""The keys of an open_clip architecture, held against those of a file before it is let in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from installation.core.errors import ShowError

_WRAPPED = "module."  # what a training on several cards puts before every name; open_clip's loader takes it off
_SCALAR = ("logit_scale", "logit_bias")  # may be written as a number or as a row of one


def wanted_keys(name: str) -> dict[str, Tensor]:
    """Every key of an architecture that open_clip knows, with tensors of the right shape and no memory."""
    import open_clip

    with torch.device("meta"):
        model: Any = open_clip.CLIP(**open_clip.get_model_config(name))
    return dict(model.state_dict())


def check_clip(state: Mapping[str, Tensor], wanted: Mapping[str, Tensor], name: str, where: str) -> None:
    """Raises ShowError naming the key that is missing, too many or of another shape; `where` says in which file."""
    given = {key.removeprefix(_WRAPPED): value for key, value in state.items()}
    for key, like in wanted.items():
        if key not in given:
            raise ShowError(f"{where} lacks key '{key}': it is not the file of {name}.")
        if given[key].shape != like.shape and not (key in _SCALAR and given[key].numel() == like.numel()):
            raise ShowError(f"{where} has key '{key}' in another shape: it is not the file of {name}.")
    extra = sorted(given.keys() - wanted.keys())
    if extra:
        raise ShowError(f"{where} has the unknown key '{extra[0]}': it is not the file of {name}.")
