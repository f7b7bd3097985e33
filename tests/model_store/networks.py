"""OpenMMLab's BigGAN-deep: random weights under its key names, and its forward pass.

It is written from the description of that network, independently of the conversion that it tests.
"""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

State = dict[str, Tensor]
EPS = 1e-4  # of the batch normalisation in training


def openmmlab_state(config: dict[str, Any], seed: int) -> State:
    """Weights of the generator that the library's `config.json` describes."""
    random = torch.Generator().manual_seed(seed)
    width, condition = config["channel_width"], config["z_dim"] + config["class_embed_dim"]
    state = {"shared_embedding.weight": 0.1 * torch.randn(config["num_classes"], config["class_embed_dim"])}
    state |= _spectral_norm("noise2feat", (16 * 16 * width, condition), random, bias=True)
    index = 0
    for position, (_, wide, narrow) in enumerate(config["layers"]):
        if position == config["attention_layer_position"]:
            state |= _attention(f"conv_blocks.{index}", wide * width, random)
            index += 1
        state |= _block(f"conv_blocks.{index}", wide * width, narrow * width, condition, random)
        index += 1
    state |= _statistics("output_layer.bn", width, random)
    state |= {"output_layer.bn.weight": _scales(width, random), "output_layer.bn.bias": _offsets(width, random)}
    return state | _spectral_norm("output_layer.conv", (3, width, 3, 3), random, bias=True)


def openmmlab_forward(state: State, config: dict[str, Any], z: Tensor, classes: Tensor) -> Tensor:
    """Noise [n, z] and class weights [n, classes] -> pictures [n, 3, side, side] in -1..1."""
    condition = torch.cat((z, classes @ state["shared_embedding.weight"]), dim=1)
    x = F.linear(condition, _weight(state, "noise2feat"), state["noise2feat.bias"])
    x = x.view(len(z), 4, 4, -1).permute(0, 3, 1, 2)
    index = 0
    for position, (up, _, _) in enumerate(config["layers"]):
        if position == config["attention_layer_position"]:
            x = _apply_attention(state, f"conv_blocks.{index}", x)
            index += 1
        x = _apply_block(state, f"conv_blocks.{index}", x, condition, up)
        index += 1
    last = "output_layer.bn"
    x = _batch_norm(state, last, x) * state[f"{last}.weight"].view(1, -1, 1, 1) + state[f"{last}.bias"].view(
        1, -1, 1, 1
    )
    return torch.tanh(_conv(state, "output_layer", x.relu(), 1))


def _scales(size: int, random: torch.Generator) -> Tensor:
    return 1.0 + 0.2 * torch.randn(size, generator=random)


def _offsets(size: int, random: torch.Generator) -> Tensor:
    return 0.1 * torch.randn(size, generator=random)


def _spectral_norm(name: str, shape: tuple[int, ...], random: torch.Generator, bias: bool = False) -> State:
    weight = torch.randn(shape, generator=random)
    matrix = weight.flatten(1)
    u = F.normalize(torch.randn(shape[0], generator=random), dim=0)
    for _ in range(2):
        v = F.normalize(matrix.t() @ u, dim=0)
        u = F.normalize(matrix @ v, dim=0)
    own = {f"{name}.bias": _offsets(shape[0], random)} if bias else {}
    return own | {f"{name}.weight_orig": weight, f"{name}.weight_u": u, f"{name}.weight_v": v}


def _statistics(name: str, size: int, random: torch.Generator) -> State:
    return {
        f"{name}.running_mean": _offsets(size, random),
        f"{name}.running_var": torch.empty(size).uniform_(0.5, 1.5, generator=random),
        f"{name}.num_batches_tracked": torch.tensor(0),
    }


def _block(name: str, wide: int, narrow: int, condition: int, random: torch.Generator) -> State:
    hidden = wide // 4
    state: State = {}
    for index, size in enumerate((wide, hidden, hidden, hidden), 1):
        state |= _statistics(f"{name}.bn{index}.bn", size, random)
        state |= _spectral_norm(f"{name}.bn{index}.gain", (size, condition), random)
        state |= _spectral_norm(f"{name}.bn{index}.bias", (size, condition), random)
    shapes = ((hidden, wide, 1, 1), (hidden, hidden, 3, 3), (hidden, hidden, 3, 3), (narrow, hidden, 1, 1))
    for index, shape in enumerate(shapes, 1):
        state |= _spectral_norm(f"{name}.conv{index}.conv", shape, random, bias=True)
    return state


def _attention(name: str, size: int, random: torch.Generator) -> State:
    state = {f"{name}.gamma": torch.tensor(0.7)}
    shapes = {"theta": (size // 8, size), "phi": (size // 8, size), "g": (size // 2, size), "o": (size, size // 2)}
    for part, (out, into) in shapes.items():
        state |= _spectral_norm(f"{name}.{part}.conv", (out, into, 1, 1), random)
    return state


def _weight(state: State, name: str) -> Tensor:
    weight = state[f"{name}.weight_orig"]
    return weight / (state[f"{name}.weight_u"] @ weight.flatten(1) @ state[f"{name}.weight_v"])


def _conv(state: State, name: str, x: Tensor, padding: int) -> Tensor:
    return F.conv2d(x, _weight(state, f"{name}.conv"), state.get(f"{name}.conv.bias"), padding=padding)


def _batch_norm(state: State, name: str, x: Tensor) -> Tensor:
    return F.batch_norm(x, state[f"{name}.running_mean"], state[f"{name}.running_var"], eps=EPS)


def _conditional_relu(state: State, name: str, x: Tensor, condition: Tensor) -> Tensor:
    gain = 1.0 + condition @ _weight(state, f"{name}.gain").t()
    shift = condition @ _weight(state, f"{name}.bias").t()
    return (_batch_norm(state, f"{name}.bn", x) * gain[:, :, None, None] + shift[:, :, None, None]).relu()


def _apply_block(state: State, name: str, x: Tensor, condition: Tensor, up: bool) -> Tensor:
    h = _conv(state, f"{name}.conv1", _conditional_relu(state, f"{name}.bn1", x, condition), 0)
    h = _conditional_relu(state, f"{name}.bn2", h, condition)
    if up:
        h, x = (part.repeat_interleave(2, dim=2).repeat_interleave(2, dim=3) for part in (h, x))
    h = _conv(state, f"{name}.conv2", h, 1)
    h = _conv(state, f"{name}.conv3", _conditional_relu(state, f"{name}.bn3", h, condition), 1)
    h = _conv(state, f"{name}.conv4", _conditional_relu(state, f"{name}.bn4", h, condition), 0)
    return h + x[:, : h.shape[1]]


def _apply_attention(state: State, name: str, x: Tensor) -> Tensor:
    batch, _, height, width = x.shape
    query = _conv(state, f"{name}.theta", x, 0).flatten(2)
    key = F.max_pool2d(_conv(state, f"{name}.phi", x, 0), 2).flatten(2)
    value = F.max_pool2d(_conv(state, f"{name}.g", x, 0), 2).flatten(2)
    attention = torch.softmax(query.transpose(1, 2) @ key, dim=-1)
    attended = (value @ attention.transpose(1, 2)).view(batch, -1, height, width)
    return x + state[f"{name}.gamma"] * _conv(state, f"{name}.o", attended, 0)
