"""BigGAN-deep (Brock, Donahue, Simonyan, 2019) through `pytorch_pretrained_biggan`, from a local folder.

A folder holds the library's own `config.json` and `pytorch_model.bin`, and may hold a `groups.json` that says what
its classes are and which are drawn together; without one, 1,000 classes are ImageNet's.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import numpy as np
import torch
from torch import Tensor

from installation.errors import ShowError
from installation.models.base import (
    ABSENT,
    Floats,
    Group,
    Latents,
    ModelPlace,
    Picture,
    Point,
    Size,
    height_width,
    slices,
)
from installation.models.biggan_fold import FoldedBigGAN
from installation.models.resize import resized
from installation.models.sampling import BOUND, Customs, drawn_together, few_classes, truncated_normal

CONFIG, WEIGHTS, GROUPS = "config.json", "pytorch_model.bin", "groups.json"
DEFAULT_TRUNCATION = 0.4  # the workshop notebooks' own


class BigGAN:
    """A Generator. Pictures are native squares; a size resizes them to a square of the asked height."""

    resolution_free = False

    def __init__(
        self,
        name: str,
        library: Any,
        groups: tuple[Group, ...],
        *,
        customs: Mapping[str, Customs] | None = None,
        truncation: float = DEFAULT_TRUNCATION,
        device: str = "cpu",
    ) -> None:
        """`library` is a loaded `pytorch_pretrained_biggan.BigGAN`; `groups` cover its classes in order.

        `customs` say which classes a sample draws together; without them each group is drawn by itself.
        """
        self.name = name
        self.z_dim = int(library.config.z_dim)
        self.native_size = int(library.config.output_dim)
        self.groups = groups
        self._customs = customs
        self._steps = int(library.config.n_stats) - 1
        self._slices = slices(groups)
        self._device = device
        self._net = FoldedBigGAN(library, device)
        self.set_truncation(truncation)

    @property
    def layers(self) -> int:
        """How many noise vectors a layered z has (Big Sleep's latents)."""
        return self._net.layers

    @property
    def truncation(self) -> float:
        """0..1: how far the noise may leave the middle; lower is more typical, higher more various."""
        return self._truncation

    def set_truncation(self, truncation: float) -> None:
        """Clamp z to ±2·truncation from now on, with the batch statistics that were measured for it.

        Snaps to the nearest stored statistics: the library interpolates with the two weights swapped, and float
        error makes it take a neighbour's for .14, .28, .56, .58 and .94.
        Raises ShowError outside of 0..1.
        """
        if not 0.0 < truncation <= 1.0:
            raise ShowError(f"Truncation {truncation:g} is out of range: it lies above 0 and up to 1.")
        self._truncation = truncation
        self._net.set_statistics(round(truncation * self._steps))

    def sample(self, n: int, seed: int) -> Point:
        """Truncated noise, and one or two classes strongly on in each group; one alone where there are customs."""
        random = np.random.default_rng(seed)
        z = self._truncation * truncated_normal(random, (n, self.z_dim))
        if self._customs is None:
            return Latents(z, few_classes(random, n, self.groups))
        choice = drawn_together(random, n, self.groups, self._customs)
        logits = np.full((n, self._slices[-1].stop), ABSENT, np.float32)
        for drawn, where in zip(choice.T, self._slices, strict=True):
            logits[np.arange(n), where.start + drawn] = 0.0
        return Latents(z, logits)

    def render(self, latents: Latents[Tensor], size: Size | None = None, phase: float = 0.0) -> Tensor:
        """See `Generator.render`. z is [batch, z_dim] or [batch, layers, z_dim]; there is no motion by phase.

        A wide or tall size gives the square of its height: BigGAN knows nothing beside its square.
        """
        del phase
        bound = BOUND * self._truncation
        weights = torch.cat([latents.classes[:, where].softmax(dim=1) for where in self._slices], dim=1)
        pictures = self._net(latents.z.clamp(-bound, bound), weights).add(1.0).mul(0.5)
        return pictures if size is None else resized(pictures, height_width(size)[0])

    def paint(self, latents: Point, size: Size | None = None, phase: float = 0.0) -> Picture:
        """See `Generator.paint`."""
        with torch.inference_mode():
            picture = self.render(Latents(self._tensor(latents.z), self._tensor(latents.classes)), size, phase)[0]
            painted: Picture = picture.mul(255.0).round().to(torch.uint8).permute(1, 2, 0).contiguous().cpu().numpy()
        return painted

    def _tensor(self, values: Floats) -> Tensor:
        return torch.as_tensor(values, dtype=torch.float32, device=self._device)


def load_biggan(name: str, folder: Path, place: ModelPlace, truncation: float = DEFAULT_TRUNCATION) -> BigGAN:
    """The BigGAN in `folder`. Raises ShowError if a file is missing or is not what it should be."""
    for file in (CONFIG, WEIGHTS):
        if not (folder / file).is_file():
            raise ShowError(f"The model '{name}' is not here: put its {CONFIG} and {WEIGHTS} into {folder}.")
    library = load_library(folder)
    groups, customs = _groups(folder, int(library.config.num_classes))
    return BigGAN(name, library, groups, customs=customs, truncation=truncation, device=place.device)


def load_library(folder: Path) -> Any:
    """The library's own model with the weights of `folder`, every key accounted for."""
    from pytorch_pretrained_biggan import BigGAN as Library
    from pytorch_pretrained_biggan import BigGANConfig

    path = folder / WEIGHTS
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except (UnpicklingError, RuntimeError, EOFError, OSError) as error:
        raise ShowError(f"{path} is not a file of weights, or is cut short: fetch it again.") from error
    try:
        config = BigGANConfig.from_json_file(str(folder / CONFIG))
    except ValueError as error:
        raise ShowError(f"{folder / CONFIG} is not JSON ({error}): fetch it again.") from error
    library = Library(config)
    own = library.state_dict()
    _check(own.keys() - state.keys(), "lacks", path)
    _check(state.keys() - own.keys(), "has the unknown", path)
    _check({key for key in own if own[key].shape != state[key].shape}, f"does not fit {CONFIG} in", path)
    library.load_state_dict({key: value.float() for key, value in state.items()})
    return library.eval().requires_grad_(False)


def _check(keys: set[str], what: str, path: Path) -> None:
    if keys:
        more = f" and {len(keys) - 1} more" if len(keys) > 1 else ""
        raise ShowError(f"{path} {what} key '{min(keys)}'{more}: it is not the file of this model.")


def _groups(folder: Path, classes: int) -> tuple[tuple[Group, ...], dict[str, Customs] | None]:
    path = folder / GROUPS
    if path.is_file():
        rows = json.loads(path.read_text(encoding="utf-8"))
        groups = tuple(Group(row["name"], tuple(row["labels"]), row["neutral"]) for row in rows)
        customs = {row["name"]: _customs(row) for row in rows}
    else:
        groups, customs = (Group("class", _labels(classes)),), None
    total = sum(len(group.labels) for group in groups)
    if total != classes:
        raise ShowError(f"{path} names {total} classes, but the model in its folder has {classes}.")
    return groups, customs


def _customs(row: dict[str, Any]) -> Customs:
    given = {name: np.array(table, np.float32) for name, table in row["given"].items()}
    return Customs(np.array(row["chances"], np.float32), given)


def _labels(classes: int) -> tuple[str, ...]:
    if classes != 1000:
        return tuple(f"class {index}" for index in range(classes))
    from open_clip import IMAGENET_CLASSNAMES

    return tuple(IMAGENET_CLASSNAMES)
