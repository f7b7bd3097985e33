"""Converts between the student and the files of the BigGAN library."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from installation.models.biggan import CONFIG, WEIGHTS
from installation.models.biggan.loading import GROUPS
from installation.models.interfaces import Floats, Group
from installation.models.latent_sampling import ConditionalPriors
from installation.training.generator.student import StudentGenerator

POWER_ITERATIONS = 30


def from_library(library: Any) -> StudentGenerator:
    """A student that computes the function of a trained library model: each weight is divided by its spectral norm."""
    from pytorch_pretrained_biggan import BigGAN

    plain = BigGAN(library.config)
    plain.load_state_dict(library.state_dict())
    with torch.no_grad():
        for module in plain.modules():
            if hasattr(module, "weight_orig"):
                module.weight_orig.div_(_spectral_norm(module))
        for layer in plain.generator.layers:
            if hasattr(layer, "gamma"):
                layer.gamma.zero_()
    return StudentGenerator(plain.requires_grad_(True)).to(memory_format=torch.channels_last)


@torch.no_grad()
def to_library(student: StudentGenerator) -> Any:
    """A library model that computes the function of a student: a copy of its parameters with spectral norms of 1.

    The library divides each weight by u @ weight @ v (Miyato et al., 2018). v is the leading singular vector, found by
    the power method, and u is divided by the norm.
    """
    from pytorch_pretrained_biggan import BigGAN

    library = BigGAN(student.library.config)
    library.load_state_dict({key: value.contiguous() for key, value in student.library.state_dict().items()})
    random = torch.Generator().manual_seed(1)
    for module in library.modules():
        if hasattr(module, "weight_orig"):
            u, v = _leading_singular_vectors(module.weight_orig.flatten(1), random)
            module.weight_v.copy_(v)
            module.weight_u.copy_(u)
            module.weight_u.div_(_spectral_norm(module))
    return library.eval().requires_grad_(False)


def write_generator(
    library: Any, groups: tuple[Group, ...], priors: Mapping[str, ConditionalPriors], folder: Path
) -> int:
    """Write `config.json`, `pytorch_model.bin` (float16) and `groups.json`. Returns the bytes of the weights."""
    folder.mkdir(parents=True, exist_ok=True)
    weights = {key: value.half().contiguous() for key, value in library.state_dict().items()}
    torch.save(weights, folder / WEIGHTS)
    (folder / CONFIG).write_text(library.config.to_json_string(), encoding="utf-8")
    rows = [json.dumps(_group_record(group, priors[group.name])) for group in groups]
    (folder / GROUPS).write_text("[\n  " + ",\n  ".join(rows) + "\n]\n", encoding="utf-8")
    return (folder / WEIGHTS).stat().st_size


def _group_record(group: Group, priors: ConditionalPriors) -> dict[str, Any]:
    return group.to_row() | {
        "chances": _rounded(priors.chances),
        "given": {name: [_rounded(row) for row in table] for name, table in priors.given.items()},
    }


def _rounded(values: Floats) -> list[float]:
    return [int(value) if float(value).is_integer() else round(float(value), 4) for value in values]


def _spectral_norm(module: Any) -> Tensor:
    return torch.dot(module.weight_u, torch.mv(module.weight_orig.flatten(1), module.weight_v))


def _leading_singular_vectors(matrix: Tensor, random: torch.Generator) -> tuple[Tensor, Tensor]:
    """The left and the right one, by the power method."""
    v = F.normalize(torch.randn(matrix.shape[1], generator=random), dim=0)
    for _ in range(POWER_ITERATIONS):
        u = F.normalize(matrix @ v, dim=0)
        v = F.normalize(matrix.T @ u, dim=0)
    return u, v
