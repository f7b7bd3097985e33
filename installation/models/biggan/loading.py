"""Load a BigGAN from a folder.

A folder holds the `config.json` and `pytorch_model.bin` of `pytorch_pretrained_biggan` ("the library"). An optional
`groups.json` names the groups of classes and says how likely classes of different groups occur together; without it
1,000 classes are ImageNet's. An `aspect` in the configuration says that the images are wide ones, squeezed.
"""

from __future__ import annotations

import json
import runpy
from functools import cache
from importlib.machinery import PathFinder
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.nn.utils import remove_spectral_norm
from torch.nn.utils.spectral_norm import SpectralNorm

from installation.core.errors import ShowError
from installation.models.biggan import CONFIG, WEIGHTS
from installation.models.biggan.generator import DEFAULT_TRUNCATION, BigGAN
from installation.models.checkpoint_io import DAMAGED, read_weights
from installation.models.cuda_graphs import fast_precision
from installation.models.interfaces import Group, ModelPlace
from installation.models.latent_sampling import ConditionalPriors
from installation.models.spec import ReferenceGenerator

GROUPS = "groups.json"
LARGE_WIDTH = 64  # channels of the last layer from which on half precision is faster
_REFERENCE_TRUNCATION = 1.0

Priors = dict[str, ConditionalPriors]


def load_biggan(name: str, folder: Path, place: ModelPlace, truncation: float = DEFAULT_TRUNCATION) -> BigGAN:
    """The BigGAN in `folder`, on the device of `place`.

    Raises:
        ShowError: a file is missing, damaged or of another model.
    """
    for file in (CONFIG, WEIGHTS):
        if not (folder / file).is_file():
            raise ShowError(f"The model '{name}' is incomplete: {folder / file} is missing.")
    library = load_library(folder)
    groups, priors = read_groups(folder, int(library.config.num_classes))
    # a small network gains little, and in float32 it gives the same picture on every processor
    large = int(library.config.channel_width) >= LARGE_WIDTH
    precision = fast_precision(torch.device(place.device)) if large else torch.float32
    generator = BigGAN(
        name,
        library,
        groups,
        priors=priors,
        truncation=truncation,
        aspect=float(getattr(library.config, "aspect", 1.0)),
        device=place.device,
        precision=precision,
    )
    generator.tune()
    generator.prepare(generator.sample(1, 0))
    return generator


def load_library(folder: Path) -> Any:
    """The library's own `BigGAN` with the weights of `folder`, in evaluation mode, without gradients.

    Raises:
        ShowError: a file is damaged, or the keys and shapes of the weights are not those of the config.
    """
    from pytorch_pretrained_biggan import BigGAN as Library
    from pytorch_pretrained_biggan import BigGANConfig

    path = folder / WEIGHTS
    state = read_weights(path, str(path), "fetch it again")
    try:
        config = BigGANConfig.from_json_file(str(folder / CONFIG))
        library = Library(config)
    except json.JSONDecodeError as error:
        raise ShowError(f"{folder / CONFIG} is not JSON ({error}): fetch it again.") from error
    except (RecursionError, ArithmeticError, *DAMAGED) as error:
        raise ShowError(f"{folder / CONFIG} does not describe a BigGAN ({error}): fetch it again.") from error
    expected = library.state_dict()
    _require_none(expected.keys() - state.keys(), "lacks", path)
    _require_none(state.keys() - expected.keys(), "has the unknown", path)
    _require_none(
        {key for key in expected if expected[key].shape != state[key].shape}, f"does not fit {CONFIG} in", path
    )
    library.load_state_dict({key: value.float() for key, value in state.items()})
    return library.eval().requires_grad_(False)


def _require_none(keys: set[str], problem: str, path: Path) -> None:
    if keys:
        more = f" and {len(keys) - 1} more" if len(keys) > 1 else ""
        raise ShowError(f"{path} {problem} key '{min(keys)}'{more}: it is not the file of this model.")


def reference_generator(folder: Path, device: str, plain: bool = True) -> ReferenceGenerator:
    """The library's own forward pass over the weights in `folder`; raises ShowError.

    Unless it is to be `plain`, its weights are divided by their spectral norms once, and lie with channels last.
    """
    library = load_library(folder).to(device)
    if not plain:
        library = without_spectral_norms(library).to(memory_format=torch.channels_last)

    def render(z: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
        pictures: torch.Tensor = library(z, weights, _REFERENCE_TRUNCATION)
        return (pictures + 1) / 2

    return ReferenceGenerator(int(library.config.z_dim), int(library.config.num_classes), render)


def without_spectral_norms(library: Any) -> Any:
    """The library with its weights divided by their spectral norms, in place."""
    for module in library.modules():
        for hook in [each for each in module._forward_pre_hooks.values() if isinstance(each, SpectralNorm)]:
            remove_spectral_norm(module, hook.name)
    return library.requires_grad_(False)


def read_groups(folder: Path, classes: int) -> tuple[tuple[Group, ...], Priors | None]:
    """The groups of a model with `classes` classes, and the priors of each group if the folder states them.

    Raises:
        ShowError: the file is damaged, or the groups do not add up to `classes`.
    """
    path = folder / GROUPS
    priors: Priors | None = None
    if path.is_file():
        try:
            rows = json.loads(path.read_text(encoding="utf-8"))
            groups = tuple(Group.from_row(row) for row in rows)
            priors = {row["name"]: _priors(row) for row in rows}
        except (RecursionError, *DAMAGED) as error:
            raise ShowError(f"{path} does not describe groups of classes: fetch it again.") from error
    else:
        groups = (Group("class", _default_labels(classes)),)
    total = sum(len(group.labels) for group in groups)
    if total != classes:
        raise ShowError(f"{path} names {total} classes, but the model in its folder has {classes}.")
    return groups, priors


def _priors(row: dict[str, Any]) -> ConditionalPriors:
    given = {name: np.array(table, np.float32) for name, table in row["given"].items()}
    return ConditionalPriors(np.array(row["chances"], np.float32), given)


def _default_labels(classes: int) -> tuple[str, ...]:
    if classes != 1000:
        return tuple(f"class {index}" for index in range(classes))
    return _imagenet_labels()


@cache
def _imagenet_labels() -> tuple[str, ...]:
    """open_clip's names of ImageNet's classes, from its file: all of open_clip takes 4 s of a core to import."""
    library = PathFinder.find_spec("open_clip")
    if library is None or not library.submodule_search_locations:
        raise ModuleNotFoundError("No module named 'open_clip'", name="open_clip")
    names = runpy.run_path(str(Path(library.submodule_search_locations[0]) / "zero_shot_metadata.py"))
    return tuple(names["IMAGENET_CLASSNAMES"])
