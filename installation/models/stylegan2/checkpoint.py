"""Checkpoints of rosinality's stylegan2-pytorch: `g_ema` holds the averaged generator, `latent_avg` the mean style.

A file converted from NVIDIA's holds these two. A file that was written while training also holds the networks that
were trained, optimisers and settings, and no mean style: it is reduced, and the mean is computed.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch import Tensor

from installation.core.errors import ShowError
from installation.models.checkpoint_io import check_keys, read_run, replace_weights
from installation.models.stylegan2 import WEIGHTS
from installation.models.stylegan2.network import Architecture, StyleGAN2Network, random_network

NETWORK, MEAN = "g_ema", "latent_avg"
MEAN_SAMPLES, MEAN_SEED = 4096, 1  # of the mean style, where the file has none
ANY_SIZE = 0
RANDOM_SIDE = 1024  # of random weights for the model of any size


class LoadedNetwork(NamedTuple):
    """What a file holds."""

    network: StyleGAN2Network
    sizes: Architecture
    mean: Tensor  # [style], the mean w


def load_network(name: str, side: int, path: Path) -> LoadedNetwork:
    """Load a generator for pictures of `side` pixels, or of `ANY_SIZE`.

    Raises:
        ShowError: The file is damaged or of another model.
    """
    content, _ = read_run(path, str(path))
    state, sizes = _checked(content, name, side, str(path))
    network = StyleGAN2Network(sizes)
    network.load_state_dict({key: value.float() for key, value in state.items()})
    network = network.eval().requires_grad_(False)
    return LoadedNetwork(network, sizes, _mean(content, network, sizes, str(path)))


def accept_checkpoint(name: str, side: int, path: Path, description: str) -> bool:
    """Verify the weights in `path`; write them again without the training run. Returns whether that was necessary.

    Raises:
        ShowError: The file is damaged, or it does not belong to the model.
        OSError: The disk cannot be written.
    """
    content, names_classes = read_run(path, description)
    state, _ = _checked(content, name, side, description)
    if not names_classes and content.keys() == {NETWORK, MEAN}:
        return False
    mean = load_network(name, side, path).mean
    replace_weights(path, {NETWORK: state, MEAN: mean})
    return True


def write_random_stylegan2(side: int, folder: Path, seed: int) -> None:
    """Write random weights for pictures of `side` pixels, as rosinality's converter does."""
    sizes = Architecture.config_f(side or RANDOM_SIDE)
    network = random_network(sizes, seed)
    folder.mkdir(parents=True, exist_ok=True)
    torch.save({NETWORK: network.state_dict(), MEAN: mean_style(network, sizes)}, folder / WEIGHTS)


def mean_style(network: StyleGAN2Network, sizes: Architecture) -> Tensor:
    """Return the mean w of normal noise. -> [style]."""
    random = torch.Generator().manual_seed(MEAN_SEED)
    with torch.no_grad():
        return network.styles(torch.randn(MEAN_SAMPLES, sizes.style, generator=random)).mean(dim=0)


def _checked(
    content: Mapping[str, Any], name: str, side: int, description: str
) -> tuple[dict[str, Tensor], Architecture]:
    state = content.get(NETWORK)
    if not (isinstance(state, dict) and state and all(isinstance(value, Tensor) for value in state.values())):
        raise ShowError(
            f"{description} has no '{NETWORK}': {name} needs a checkpoint of rosinality's stylegan2-pytorch."
        )
    try:
        sizes = Architecture.of(state)
    except LookupError:
        raise ShowError(f"{description} is not a StyleGAN2: a key of its generator is missing.") from None
    with torch.device("meta"):
        expected = StyleGAN2Network(sizes).state_dict()
    check_keys(state, expected, name, description)
    if side not in (ANY_SIZE, sizes.side):
        raise ShowError(f"{description} paints {sizes.side} pixels, not the {side} of {name}: use the name stylegan2.")
    return state, sizes


def _mean(content: Mapping[str, Any], network: StyleGAN2Network, sizes: Architecture, description: str) -> Tensor:
    mean = content.get(MEAN)
    if mean is None:
        return mean_style(network, sizes)
    if not isinstance(mean, Tensor) or mean.numel() != sizes.style:
        raise ShowError(f"{description} has a '{MEAN}' of another size: it is not the file of one model.")
    return mean.float().reshape(sizes.style)
