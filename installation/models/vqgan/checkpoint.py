"""Checkpoints of taming-transformers: checked, reduced to the network's tensors, and read without running anything.

The published files hold a whole training run of PyTorch Lightning: besides the network the discriminator, the optimiser
and callbacks, whose classes a pickle names. They are read with stand-ins for those classes, which do nothing, and
written again with tensors only.
"""

from __future__ import annotations

import errno
from pathlib import Path

import torch
from torch import Tensor

from installation.core.errors import ShowError
from installation.models.checkpoint_io import DAMAGED, read_weights
from installation.models.vqgan import WEIGHTS
from installation.models.vqgan.network import Architecture, VQGANNetwork, random_network

ARCHITECTURES = {
    "vqgan-imagenet-16384": Architecture(),
    "vqgan-imagenet-1024": Architecture(codes=1024),
}
_TRAINING_PREFIXES = ("loss.",)  # the discriminator and the perceptual loss


class _StandIn:
    """What takes the place of any class that a checkpoint names besides tensors."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        del args, kwargs

    def __setstate__(self, state: object) -> None:
        del state


def load_network(name: str, path: Path) -> VQGANNetwork:
    """The network of one of `ARCHITECTURES` from its file. Raises ShowError if the file is damaged or another's."""
    state = _network_state(read_weights(path, str(path), "fetch it again"))
    _check(state, name, str(path))
    network = VQGANNetwork(ARCHITECTURES[name])
    network.load_state_dict({key: value.float() for key, value in state.items()})
    return network.eval().requires_grad_(False)


def accept_checkpoint(name: str, path: Path, description: str) -> bool:
    """Verify the weights in `path`; write them again without the training run. Returns whether that was necessary.

    Raises:
        ShowError: The file is damaged, or it does not belong to the model.
        OSError: The disk cannot be written.
    """
    try:
        unknown = torch.serialization.get_unsafe_globals_in_checkpoint(path)
    except DAMAGED as error:
        raise ShowError(f"{description} is not a weights file, or it is damaged or cut short.") from error
    with torch.serialization.safe_globals([(_StandIn, each) for each in unknown]):
        whole = _read_run(path, description)
    state = _network_state(whole)
    _check(state, name, description)
    if not unknown and len(state) == len(whole):
        return False
    _save(state, path)
    return True


def write_random_vqgan(name: str, folder: Path, seed: int) -> None:
    """Write one of `ARCHITECTURES` with random weights, as taming-transformers does."""
    folder.mkdir(parents=True, exist_ok=True)
    torch.save({"state_dict": random_network(ARCHITECTURES[name], seed).state_dict()}, folder / WEIGHTS)


def _read_run(path: Path, description: str) -> dict[str, Tensor]:
    try:
        run = torch.load(path, map_location="cpu", weights_only=True)
    except DAMAGED as error:
        raise ShowError(f"{description} is not a weights file, or it is damaged or cut short.") from error
    state = run.get("state_dict", run) if isinstance(run, dict) else None
    if not (isinstance(state, dict) and state and all(isinstance(value, Tensor) for value in state.values())):
        raise ShowError(f"{description} holds no weights.")
    return dict(state)


def _network_state(state: dict[str, Tensor]) -> dict[str, Tensor]:
    return {key: value for key, value in state.items() if not key.startswith(_TRAINING_PREFIXES)}


def _check(state: dict[str, Tensor], name: str, description: str) -> None:
    """Raise ShowError unless `state` has exactly the keys and shapes of the model."""
    with torch.device("meta"):
        expected = VQGANNetwork(ARCHITECTURES[name]).state_dict()
    wrong = sorted(
        {key for key in expected if key not in state or state[key].shape != expected[key].shape}
        | (state.keys() - expected.keys())
    )
    if wrong:
        raise ShowError(
            f"{description} does not have the key '{wrong[0]}' of {name}: it is not the file of this model."
        )


def _save(state: dict[str, Tensor], path: Path) -> None:
    """Replace the file atomically. Raises OSError."""
    unfinished = path.with_name(f"{path.name}.converted")
    try:
        torch.save({"state_dict": state}, unfinished)
    except RuntimeError as error:  # torch's own writer raises this when the disk is full
        unfinished.unlink(missing_ok=True)
        raise OSError(errno.ENOSPC, str(error)) from error
    unfinished.replace(path)
