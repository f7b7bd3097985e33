"""Key names of BigGAN-deep's published files: the library's own, and OpenMMLab's, which are turned into the library's.

OpenMMLab's MMGeneration (and MMagic after it) publishes the same weights under the names of its own network. Three
things differ besides names: the class embedding is transposed; the last convolution keeps only the three channels that
are shown, of the library's `channel_width`; and there is a single set of batch statistics, so that truncation bounds
the noise and no more. The library wants two sets at least, so it gets that one twice.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import torch
from torch import Tensor

from installation.core.errors import ShowError

State = dict[str, Tensor]

SINGLE = 2  # sets of statistics of a converted file: one, twice
_PARTS = ("generator_ema.", "generator.")  # of a file of a whole training; the average is the better one
_SHOWN = 3  # channels of a picture
_IGNORED = ("discriminator.",)
_BLOCK = r"generator\.layers\.(\d+)\."
# the library's name -> OpenMMLab's; in theirs a number in angle brackets is counted from 1
_RULES = (
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


def library_shapes(config: Mapping[str, Any]) -> dict[str, torch.Size]:
    """Every key of the library's network of a `config.json`'s content, with its shape."""
    return _shapes(json.dumps(config))


@cache
def _shapes(config: str) -> dict[str, torch.Size]:
    from pytorch_pretrained_biggan import BigGAN, BigGANConfig

    with torch.device("meta"):  # no memory for the weights
        library = BigGAN(BigGANConfig.from_dict(json.loads(config)))
    return {name: value.shape for name, value in library.state_dict().items()}


def is_openmmlab(names: Sequence[str]) -> bool:
    """Whether these are key names of OpenMMLab's network."""
    return any(name.endswith("shared_embedding.weight") for name in names)


def from_openmmlab(state: Mapping[str, Tensor], config: Mapping[str, Any], where: str) -> State:
    """OpenMMLab's weights under the library's names and shapes, every key accounted for.

    `config` is the content of the library's `config.json`, with `n_stats` of SINGLE. Raises ShowError naming the key
    that is missing, too many or of another shape; `where` says in which file.
    """
    left = dict(_generator_of(state))
    converted = {}
    for name, shape in library_shapes(config).items():
        theirs = openmmlab_name(name)
        if theirs not in left:
            raise ShowError(f"{where} lacks key '{theirs}': it is not OpenMMLab's file of this model.")
        converted[name] = _fitted(left.pop(theirs), name, tuple(shape), where)
    extra = sorted(name for name in left if not name.endswith("num_batches_tracked"))
    if extra:
        raise ShowError(f"{where} has the unknown key '{extra[0]}': it is not OpenMMLab's file of this model.")
    return converted


def openmmlab_name(name: str) -> str:
    """What OpenMMLab calls a key of the library's."""
    for pattern, theirs in _RULES:
        found = re.fullmatch(pattern, name)
        if found:
            return re.sub(r"<(\d)>", lambda counted: str(int(counted[1]) + 1), found.expand(theirs))
    raise KeyError(name)


def check_library(state: Mapping[str, Tensor], config: Mapping[str, Any], where: str) -> None:
    """Raises ShowError unless `state` has exactly the keys and shapes of the library's network of `config`."""
    wanted = library_shapes(config)
    for name, shape in wanted.items():
        if name not in state:
            raise ShowError(f"{where} lacks key '{name}': it is not the file of this model.")
        if state[name].shape != shape:
            raise ShowError(f"{where} has key '{name}' in another shape: it is not the file of this model.")
    extra = sorted(state.keys() - wanted.keys())
    if extra:
        raise ShowError(f"{where} has the unknown key '{extra[0]}': it is not the file of this model.")


def _generator_of(state: Mapping[str, Tensor]) -> Mapping[str, Tensor]:
    """The generator's keys of a file that may hold a whole training, without their prefix."""
    for part in _PARTS:
        if any(name.startswith(part) for name in state):
            known = (*_PARTS, *_IGNORED)
            strange = {name: value for name, value in state.items() if not name.startswith(known)}
            return {name.removeprefix(part): value for name, value in state.items() if name.startswith(part)} | strange
    return state


def _fitted(value: Tensor, name: str, shape: tuple[int, ...], where: str) -> Tensor:
    if name == "embeddings.weight":
        value = value.t()
    elif name.endswith(("running_means", "running_vars")):
        value = value.unsqueeze(0).expand(SINGLE, -1)
    elif name.endswith("gamma"):
        value = value.reshape(1)
    elif name.startswith("generator.conv_to_rgb.") and not name.endswith("weight_v") and len(value) == _SHOWN:
        value = torch.cat((value, value.new_zeros(shape[0] - _SHOWN, *value.shape[1:])))
    if tuple(value.shape) != shape:
        theirs = openmmlab_name(name)
        raise ShowError(f"{where} has key '{theirs}' in another shape: it is not OpenMMLab's file of this model.")
    return value.contiguous()
