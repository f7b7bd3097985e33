"""Checkpoints of BigGAN-deep: the published architectures, the key names, and the conversion of OpenMMLab's files.

`pytorch_pretrained_biggan` ("the library") reads a `config.json` and a `pytorch_model.bin`. OpenMMLab's MMGeneration,
and MMagic after it, publishes the same weights under the key names of its own network. Apart from the names,

- the class embedding is transposed;
- the last convolution keeps only the three channels that are shown, of the library's `channel_width`;
- there is one set of batch statistics instead of one per truncation, so that truncation only bounds the noise.
  The library needs at least two sets and gets the same one twice.
"""

from __future__ import annotations

import errno
import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from installation.core.errors import ShowError
from installation.models.checkpoint_io import read_weights

State = dict[str, Tensor]

WIDTH = 128  # channels of the last block
STATISTICS = 51  # sets of batch statistics: truncations in steps of .02
SINGLE_STATISTICS = 2  # sets of a converted file: the same one twice
# channels, in units of WIDTH, at each resolution from 4 pixels up (Brock, Donahue, Simonyan, 2019, tables 7 to 9);
# between two resolutions there are two blocks, of which the second upsamples
_CHANNELS = {
    "biggan-deep-128": (16, 16, 8, 4, 2, 1),
    "biggan-deep-256": (16, 16, 8, 8, 4, 2, 1),
    "biggan-deep-512": (16, 16, 8, 8, 4, 2, 1, 1),
}
ARCHITECTURES = tuple(_CHANNELS)

# prefixes in a file that holds a whole training run; the moving average comes first since it makes better pictures
_GENERATOR_PREFIXES = ("generator_ema.", "generator.")
_OTHER_PREFIXES = ("discriminator.",)
_COLOUR_CHANNELS = 3
_BLOCK = r"generator\.layers\.(\d+)\."
# the library's name -> OpenMMLab's; a number in angle brackets is counted from 1 there
_RENAMINGS = (
    (r"embeddings\.weight", "shared_embedding.weight"),
    (r"generator\.gen_z\.(.+)", r"noise2feat.\1"),
    (_BLOCK + r"conv_(\d)\.(.+)", r"conv_blocks.\1.conv<\2>.conv.\3"),
    (_BLOCK + r"bn_(\d)\.scale\.(.+)", r"conv_blocks.\1.bn<\2>.gain.\3"),
    (_BLOCK + r"bn_(\d)\.offset\.(.+)", r"conv_blocks.\1.bn<\2>.bias.\3"),
    (_BLOCK + r"bn_(\d)\.running_(mean|var)s", r"conv_blocks.\1.bn<\2>.bn.running_\3"),
    (_BLOCK + r"gamma", r"conv_blocks.\1.gamma"),
    (_BLOCK + r"snconv1x1_(theta|phi|g|o)(?:_conv)?\.(.+)", r"conv_blocks.\1.\2.conv.\3"),
    (r"generator\.bn\.running_(mean|var)s", r"output_layer.bn.running_\1"),
    (r"generator\.bn\.(weight|bias)", r"output_layer.bn.\1"),
    (r"generator\.conv_to_rgb\.(.+)", r"output_layer.conv.\1"),
)


def config_of(name: str, statistics: int = STATISTICS) -> dict[str, Any]:
    """The library's `config.json` of one of ARCHITECTURES, with that many sets of batch statistics.

    It is stated here because not every source of the weights offers a config.
    """
    channels = _CHANNELS[name]
    layers = []
    for wide, narrow in pairwise(channels):
        layers += [[False, wide, wide], [True, wide, narrow]]
    return {
        "output_dim": 4 << (len(channels) - 1),
        "z_dim": 128,
        "class_embed_dim": 128,
        "channel_width": WIDTH,
        "num_classes": 1000,
        "layers": layers,
        "attention_layer_position": 8,  # at 64 pixels in all three
        "eps": 1e-4,
        "n_stats": statistics,
    }


def accept_checkpoint(name: str, path: Path, description: str, config_path: Path) -> bool:
    """Verify the weights in `path`, convert OpenMMLab's in place, and write the config to `config_path`.

    `description` names the file in messages. Returns whether the file was converted.

    Raises:
        ShowError: the file is damaged, or a key is missing, unknown or of the wrong shape.
        OSError: the disk cannot be written.
    """
    state = read_weights(path, description)
    convert = is_openmmlab(list(state))
    config = config_of(name, SINGLE_STATISTICS if convert else STATISTICS)
    if convert:
        _save(from_openmmlab(state, config, description), path)
    else:
        check_library_keys(state, config, description)
    _write_config(config, config_path)
    return convert


def library_shapes(config: Mapping[str, Any]) -> dict[str, torch.Size]:
    """Every key of the library's network with its shape; `config` is the content of a `config.json`."""
    return _shapes(json.dumps(config))


@cache
def _shapes(config: str) -> dict[str, torch.Size]:
    from pytorch_pretrained_biggan import BigGAN, BigGANConfig

    with torch.device("meta"):  # allocates no memory for the weights
        library = BigGAN(BigGANConfig.from_dict(json.loads(config)))
    return {name: value.shape for name, value in library.state_dict().items()}


def check_library_keys(state: Mapping[str, Tensor], config: Mapping[str, Any], description: str) -> None:
    """Raise ShowError unless `state` has exactly the keys and shapes of the library's network of `config`."""
    expected = library_shapes(config)
    for name, shape in expected.items():
        if name not in state:
            raise ShowError(f"{description} lacks key '{name}': it is not the file of this model.")
        if state[name].shape != shape:
            raise ShowError(f"{description} has key '{name}' in another shape: it is not the file of this model.")
    unknown = sorted(state.keys() - expected.keys())
    if unknown:
        raise ShowError(f"{description} has the unknown key '{unknown[0]}': it is not the file of this model.")


def is_openmmlab(names: Sequence[str]) -> bool:
    """Whether these are key names of OpenMMLab's network."""
    return any(name.endswith("shared_embedding.weight") for name in names)


def openmmlab_name(name: str) -> str:
    """OpenMMLab's name of a key of the library's. Raises KeyError if there is none."""
    for pattern, replacement in _RENAMINGS:
        found = re.fullmatch(pattern, name)
        if found:
            return re.sub(r"<(\d)>", lambda index: str(int(index[1]) + 1), found.expand(replacement))
    raise KeyError(name)


def from_openmmlab(state: Mapping[str, Tensor], config: Mapping[str, Any], description: str) -> State:
    """OpenMMLab's weights under the library's names and in its shapes.

    `config` is the content of the library's `config.json` with SINGLE_STATISTICS sets of statistics. Raises ShowError
    that names the first key of `description` that is missing, unknown or of the wrong shape.
    """
    remaining = dict(_generator_keys(state))
    converted = {}
    for name, shape in library_shapes(config).items():
        source = openmmlab_name(name)
        if source not in remaining:
            raise ShowError(f"{description} lacks key '{source}': it is not OpenMMLab's file of this model.")
        converted[name] = _converted(remaining.pop(source), name, tuple(shape), description)
    unknown = sorted(name for name in remaining if not name.endswith("num_batches_tracked"))
    if unknown:
        raise ShowError(f"{description} has the unknown key '{unknown[0]}': it is not OpenMMLab's file of this model.")
    return converted


def _generator_keys(state: Mapping[str, Tensor]) -> Mapping[str, Tensor]:
    """The generator's keys without their prefix, and any key that belongs to no known part."""
    for prefix in _GENERATOR_PREFIXES:
        if any(name.startswith(prefix) for name in state):
            known = (*_GENERATOR_PREFIXES, *_OTHER_PREFIXES)
            unknown = {name: value for name, value in state.items() if not name.startswith(known)}
            own = {name.removeprefix(prefix): value for name, value in state.items() if name.startswith(prefix)}
            return own | unknown
    return state


def _converted(value: Tensor, name: str, shape: tuple[int, ...], description: str) -> Tensor:
    if name == "embeddings.weight":
        value = value.t()
    elif name.endswith(("running_means", "running_vars")):
        value = value.unsqueeze(0).expand(SINGLE_STATISTICS, -1)
    elif name.endswith("gamma"):
        value = value.reshape(1)
    elif name.startswith("generator.conv_to_rgb.") and not name.endswith("weight_v") and len(value) == _COLOUR_CHANNELS:
        value = torch.cat((value, value.new_zeros(shape[0] - _COLOUR_CHANNELS, *value.shape[1:])))
    if tuple(value.shape) != shape:
        key = openmmlab_name(name)
        raise ShowError(f"{description} has key '{key}' in another shape: it is not OpenMMLab's file of this model.")
    return value.contiguous()


def _save(state: State, path: Path) -> None:
    """Replace the file atomically. Raises OSError."""
    unfinished = path.with_name(f"{path.name}.converted")
    try:
        torch.save(state, unfinished)
    except RuntimeError as error:  # torch's own writer raises this when the disk is full
        unfinished.unlink(missing_ok=True)
        raise OSError(errno.ENOSPC, str(error)) from error
    unfinished.replace(path)


def _write_config(config: dict[str, Any], path: Path) -> None:
    unfinished = path.with_name(f"{path.name}.new")
    unfinished.write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    unfinished.replace(path)
