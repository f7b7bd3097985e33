"""A twin before and after its training: first weights, and the library's own file of what has been learnt."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from installation.models.biggan import CONFIG, WEIGHTS
from installation.models.biggan.loading import GROUPS
from installation.models.interfaces import Floats, Group
from installation.models.latent_sampling import ConditionalPriors
from installation.training.generator.student import StudentGenerator, new_library

ITERATIONS = 30  # of the power method
FIRST_SPREAD, CLASS_SPREAD, AFFINE_SPREAD, LAST_SPREAD = 0.12, 0.5, 0.02, 0.02
BRANCH = 0.5  # of an orthogonal matrix: how strongly a residual block begins


def new_twin(width: int, classes: int, seed: int) -> StudentGenerator:
    """A twin with orthogonal first weights, in channels-last layout."""
    torch.manual_seed(seed)  # the library's constructors know no generator
    library = new_library(width, classes)
    twin = StudentGenerator(library)
    generator = library.generator
    for module in library.modules():
        if hasattr(module, "weight_orig"):
            nn.init.orthogonal_(module.weight_orig)
            if module.bias is not None:
                nn.init.zeros_(module.bias)
    for norm in twin.norms:
        nn.init.normal_(norm.scale.weight_orig, 0.0, AFFINE_SPREAD)
        nn.init.normal_(norm.offset.weight_orig, 0.0, AFFINE_SPREAD)
    for layer in generator.layers:
        if hasattr(layer, "conv_3"):
            layer.conv_3.weight_orig.data.mul_(BRANCH)
    nn.init.normal_(library.embeddings.weight, 0.0, CLASS_SPREAD)
    nn.init.normal_(generator.gen_z.weight_orig, 0.0, FIRST_SPREAD)
    nn.init.normal_(generator.conv_to_rgb.weight_orig, 0.0, LAST_SPREAD)
    nn.init.ones_(generator.bn.weight)
    nn.init.zeros_(generator.bn.bias)
    return twin.to(memory_format=torch.channels_last)


def opened(library: Any) -> StudentGenerator:
    """A twin that computes what a finished library model computes: each weight divided by its spectral norm."""
    from pytorch_pretrained_biggan import BigGAN

    plain = BigGAN(library.config)
    plain.load_state_dict(library.state_dict())
    with torch.no_grad():
        for module in plain.modules():
            if hasattr(module, "weight_orig"):
                module.weight_orig.div_(_norm(module))
        for layer in plain.generator.layers:
            if hasattr(layer, "gamma"):
                layer.gamma.zero_()
    return StudentGenerator(plain.requires_grad_(True)).to(memory_format=torch.channels_last)


@torch.no_grad()
def seal(library: Any) -> Any:
    """A copy of a twin's library model whose spectral norms are all 1, so that its own forward computes the twin's.

    `weight_u` is divided by the norm, and `weight_v` is as the power method has it (Miyato et al., 2018).
    """
    from pytorch_pretrained_biggan import BigGAN

    sealed = BigGAN(library.config)
    sealed.load_state_dict({key: value.contiguous() for key, value in library.state_dict().items()})
    random = torch.Generator().manual_seed(1)
    for module in sealed.modules():
        if hasattr(module, "weight_orig"):
            u, v = _singular(module.weight_orig.flatten(1), random)
            module.weight_v.copy_(v)
            module.weight_u.copy_(u)
            module.weight_u.div_(_norm(module))
    return sealed.eval().requires_grad_(False)


def write_folder(
    library: Any, groups: tuple[Group, ...], customs: Mapping[str, ConditionalPriors], folder: Path
) -> int:
    """`config.json`, `pytorch_model.bin` (float16) and `groups.json` of a sealed model; returns the weights' bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    halves = {key: value.half().contiguous() for key, value in library.state_dict().items()}
    torch.save(halves, folder / WEIGHTS)
    (folder / CONFIG).write_text(library.config.to_json_string(), encoding="utf-8")
    rows = [json.dumps(_row(group, customs[group.name])) for group in groups]
    (folder / GROUPS).write_text("[\n  " + ",\n  ".join(rows) + "\n]\n", encoding="utf-8")
    return (folder / WEIGHTS).stat().st_size


def _row(group: Group, customs: ConditionalPriors) -> dict[str, Any]:
    return {
        "name": group.name,
        "labels": list(group.labels),
        "neutral": group.neutral,
        "chances": _short(customs.chances),
        "given": {name: [_short(row) for row in table] for name, table in customs.given.items()},
    }


def _short(values: Floats) -> list[float]:
    return [int(value) if float(value).is_integer() else round(float(value), 4) for value in values]


def _norm(module: Any) -> Tensor:
    return torch.dot(module.weight_u, torch.mv(module.weight_orig.flatten(1), module.weight_v))


def _singular(matrix: Tensor, random: torch.Generator) -> tuple[Tensor, Tensor]:
    """The leading pair of singular vectors, by the power method."""
    v = F.normalize(torch.randn(matrix.shape[1], generator=random), dim=0)
    for _ in range(ITERATIONS):
        u = F.normalize(matrix @ v, dim=0)
        v = F.normalize(matrix.T @ u, dim=0)
    return u, v
