"""Read weights files without running anything in them; a damaged file is a ShowError."""

from __future__ import annotations

import errno
import struct
from collections.abc import Mapping
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import torch
from torch import Tensor

from installation.core.errors import ShowError

# what torch's weights-only loader was observed to raise over files with a few wrong bytes
DAMAGED = (
    *(UnpicklingError, RuntimeError, EOFError, OSError, struct.error, AssertionError),
    *(ValueError, LookupError, TypeError, AttributeError),
)


class _StandIn:
    """What takes the place of any class that a checkpoint names besides tensors."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        del args, kwargs

    def __setstate__(self, state: object) -> None:
        del state


def read_run(path: Path, description: str) -> tuple[dict[str, Any], bool]:
    """The content of a file that may hold a whole training run, and whether it names classes besides tensors.

    The classes of optimisers, callbacks and settings are replaced by stand-ins, which do nothing.

    Raises:
        ShowError: The file is damaged, or holds no dictionary.
    """
    try:
        unknown = torch.serialization.get_unsafe_globals_in_checkpoint(path)
        with torch.serialization.safe_globals([(_StandIn, each) for each in unknown]):
            run = torch.load(path, map_location="cpu", weights_only=True)
    except DAMAGED as error:
        raise ShowError(f"{description} is not a weights file, or it is damaged or cut short.") from error
    if not isinstance(run, dict):
        raise ShowError(f"{description} holds no weights.")
    return run, bool(unknown)


def check_keys(state: Mapping[str, Tensor], expected: Mapping[str, Tensor], name: str, description: str) -> None:
    """Raise ShowError unless `state` has exactly the keys and shapes of the model of that name."""
    wrong = sorted(
        {key for key in expected if key not in state or state[key].shape != expected[key].shape}
        | (state.keys() - expected.keys())
    )
    if wrong:
        raise ShowError(
            f"{description} does not have the key '{wrong[0]}' of {name}: it is not the file of this model."
        )


def replace_weights(path: Path, content: Mapping[str, Any]) -> None:
    """Write a weights file again, atomically. Raises OSError."""
    unfinished = path.with_name(f"{path.name}.converted")
    try:
        torch.save(dict(content), unfinished)
    except RuntimeError as error:  # torch's own writer raises this when the disk is full
        unfinished.unlink(missing_ok=True)
        raise OSError(errno.ENOSPC, str(error)) from error
    unfinished.replace(path)


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
