"""Checkpoints of taming-transformers: checked, reduced to the network's tensors, and read without running anything.

The published files hold a whole training run of PyTorch Lightning: besides the network the discriminator, the optimiser
and callbacks, whose classes a pickle names. They are read with stand-ins for those classes, which do nothing, and
written again with tensors only.
"""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor

from installation.core.errors import ShowError
from installation.models.checkpoint_io import check_keys, read_run, read_weights, replace_weights
from installation.models.vqgan import WEIGHTS
from installation.models.vqgan.network import Architecture, VQGANNetwork, random_network

ARCHITECTURES = {
    "vqgan-imagenet-16384": Architecture(),
    "vqgan-imagenet-1024": Architecture(codes=1024),
}
_TRAINING_PREFIXES = ("loss.",)  # the discriminator and the perceptual loss


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
    run, names_classes = read_run(path, description)
    whole = run.get("state_dict", run)
    if not (isinstance(whole, dict) and whole and all(isinstance(value, Tensor) for value in whole.values())):
        raise ShowError(f"{description} holds no weights.")
    state = _network_state(whole)
    _check(state, name, description)
    if not names_classes and len(state) == len(whole):
        return False
    replace_weights(path, {"state_dict": state})
    return True


def write_random_vqgan(name: str, folder: Path, seed: int) -> None:
    """Write one of `ARCHITECTURES` with random weights, as taming-transformers does."""
    folder.mkdir(parents=True, exist_ok=True)
    torch.save({"state_dict": random_network(ARCHITECTURES[name], seed).state_dict()}, folder / WEIGHTS)


def _network_state(state: dict[str, Tensor]) -> dict[str, Tensor]:
    return {key: value for key, value in state.items() if not key.startswith(_TRAINING_PREFIXES)}


def _check(state: dict[str, Tensor], name: str, description: str) -> None:
    with torch.device("meta"):
        expected = VQGANNetwork(ARCHITECTURES[name]).state_dict()
    check_keys(state, expected, name, description)
