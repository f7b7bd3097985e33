"""Read weights files without running anything in them; a damaged file is a ShowError."""

from __future__ import annotations

import struct
from pathlib import Path
from pickle import UnpicklingError

import torch
from torch import Tensor

from installation.core.errors import ShowError

# what torch's weights-only loader was observed to raise over files with a few wrong bytes
DAMAGED = (
    *(UnpicklingError, RuntimeError, EOFError, OSError, struct.error, AssertionError),
    *(ValueError, LookupError, TypeError, AttributeError),
)


def read_weights(path: Path, description: str, remedy: str = "") -> dict[str, Tensor]:
    """The tensors of a torch file by their keys, on the CPU; those under `state_dict` if the file has that entry.

    `description` names the file in messages, and `remedy` says what to do.

    Raises:
        ShowError: the file is damaged or holds anything but tensors.
    """
    advice = f": {remedy}." if remedy else "."
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except DAMAGED as error:
        raise ShowError(f"{description} is not a weights file, or it is damaged or cut short{advice}") from error
    if isinstance(state, dict) and isinstance(state.get("state_dict"), dict):
        state = state["state_dict"]
    if not (isinstance(state, dict) and state and all(isinstance(value, Tensor) for value in state.values())):
        raise ShowError(f"{description} holds no weights{advice}")
    return dict(state)


def read_shapes(path: Path, description: str) -> dict[str, Tensor]:
    """Tensors on the meta device with the keys and shapes of a safetensors file, whose values are not read.

    The header of such a file states its length, so that a file that is cut short is found without reading it whole.

    Raises:
        ShowError: the file is damaged.
    """
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, "pt") as file:
            keys = list(file.keys())
            return {key: torch.empty(file.get_slice(key).get_shape(), device="meta") for key in keys}
    except (SafetensorError, *DAMAGED) as error:
        raise ShowError(f"{description} is not a weights file, or it is damaged or cut short.") from error
