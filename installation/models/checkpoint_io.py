"""Files of weights as torch writes them, from anywhere: nothing in them is ever run, and a damaged one is told."""

from __future__ import annotations

import struct
from pathlib import Path
from pickle import UnpicklingError

import torch
from torch import Tensor

from installation.core.errors import ShowError

# what torch's loader of weights only has been seen to raise over files with a few wrong bytes
DAMAGED = (
    *(UnpicklingError, RuntimeError, EOFError, OSError, struct.error, AssertionError),
    *(ValueError, LookupError, TypeError, AttributeError),
)


def read_weights(path: Path, called: str, remedy: str = "") -> dict[str, Tensor]:
    """The tensors of a file by their keys, on the CPU; those under `state_dict` where it holds more than them.

    Raises ShowError if it is no such file, or a damaged one: `called` is what people know it by, `remedy` what to do.
    """
    advice = f": {remedy}." if remedy else "."
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except DAMAGED as error:
        raise ShowError(f"{called} is not a file of weights, or is damaged or cut short{advice}") from error
    if isinstance(state, dict) and isinstance(state.get("state_dict"), dict):
        state = state["state_dict"]
    if not (isinstance(state, dict) and state and all(isinstance(value, Tensor) for value in state.values())):
        raise ShowError(f"{called} holds no weights{advice}")
    return dict(state)
