"""BigGAN-deep (Brock, Donahue, Simonyan, 2019) through `pytorch_pretrained_biggan`, from a local folder.

A folder holds the library's own `config.json` and `pytorch_model.bin`, and may hold a `groups.json` that says what
its classes are and which are drawn together; without one, 1,000 classes are ImageNet's.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from installation.core.errors import ShowError
from installation.core.params import PARAMS
from installation.models.biggan.class_groups import groups_in
from installation.models.biggan.folded import FoldedBigGAN
from installation.models.captured_painter import CapturedPainter
from installation.models.checkpoint_io import read_weights
from installation.models.cuda_graphs import FIRST, Stream, quick_precision
from installation.models.interfaces import (
    ABSENT,
    Group,
    Latents,
    ModelPlace,
    Picture,
    Point,
    Size,
    height_width,
    slices,
)
from installation.models.latent_sampling import BOUND, ConditionalPriors, drawn_together, few_classes, truncated_normal
from installation.models.resize import resized

CONFIG, WEIGHTS = "config.json", "pytorch_model.bin"
DEFAULT_TRUNCATION = float(PARAMS["latent/truncation"].default)  # the workshop notebooks take .4
LARGE = 64  # channels of the last layer, from which on a network is quicker in half precision
DARKEST = 0.5 / 255.0  # a picture that is nowhere brighter is black: float16 has overflowed, as on GTX 16xx cards


class BigGAN:
    """A Generator, and Heavy. Pictures are native squares; a size resizes them to a square of the asked height."""

    resolution_free = False

    def __init__(
        self,
        name: str,
        library: Any,
        groups: tuple[Group, ...],
        *,
        customs: Mapping[str, ConditionalPriors] | None = None,
        truncation: float = DEFAULT_TRUNCATION,
        device: str = "cpu",
        precision: torch.dtype = torch.float32,
    ) -> None:
        """`library` is a loaded `pytorch_pretrained_biggan.BigGAN`; `groups` cover its classes in order.

        `customs` say which classes a sample draws together; without them each group is drawn by itself. `precision` is
        that of feature maps.
        """
        self.name = name
        self.z_dim = int(library.config.z_dim)
        self.native_size = int(library.config.output_dim)
        self.groups = groups
        self._customs = customs
        self._steps = int(library.config.n_stats) - 1
        self._device = torch.device(device)
        self._net = FoldedBigGAN(library, device, precision)
        self._lane = Stream(self._device, FIRST)
        self._painters: dict[tuple[Any, ...], CapturedPainter] = {}
        self._prepared: list[Point] = []
        with torch.inference_mode(False):  # gradients will flow past it, whoever loads the model
            self._bound = torch.zeros((), device=self._device)
        self._notice = ""
        self.set_truncation(truncation)

    @property
    def layers(self) -> int:
        """How many noise vectors a layered z has (Big Sleep's latents)."""
        return self._net.layers

    @property
    def precision(self) -> str:
        """See `Heavy`."""
        return str(self._net.dtype).removeprefix("torch.")

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
        self._bound.fill_(BOUND * truncation)
        self._net.set_statistics(round(truncation * self._steps))

    def free_classes(self) -> None:
        """See `Heavy`."""
        self.groups = tuple(group._replace(simplex=False) for group in self.groups)

    def sample(self, n: int, seed: int) -> Point:
        """Truncated noise, and one or two classes strongly on in each group; one alone where there are customs."""
        random = np.random.default_rng(seed)
        z = self._truncation * truncated_normal(random, (n, self.z_dim))
        if self._customs is None:
            return Latents(z, few_classes(random, n, self.groups))
        choice = drawn_together(random, n, self.groups, self._customs)
        places = slices(self.groups)
        logits = np.full((n, places[-1].stop), ABSENT, np.float32)
        for drawn, where in zip(choice.T, places, strict=True):
            logits[np.arange(n), where.start + drawn] = 0.0
        return Latents(z, logits)

    def render(self, latents: Latents[Tensor], size: Size | None = None, phase: float = 0.0) -> Tensor:
        """See `Generator.render`. z is [batch, z_dim] or [batch, layers, z_dim]; there is no motion by phase.

        A wide or tall size gives the square of its height: BigGAN knows nothing beside its square.
        """
        del phase
        z = torch.clamp(latents.z, -self._bound, self._bound)
        pictures = self._net(z, self._weights(latents.classes)).add(1.0).mul(0.5)
        return pictures if size is None else resized(pictures, height_width(size)[0])

    def paint(self, latents: Point, size: Size | None = None, phase: float = 0.0) -> Picture:
        """See `Generator.paint`. Raises ValueError if no precision helps against values that are no numbers."""
        del phase
        picture: Picture = self._sound(latents[:1], None if size is None else height_width(size)[0])[0]
        return picture

    def paint_all(self, latents: Point) -> NDArray[np.uint8]:
        """See `Heavy`. Raises ValueError as `paint` does."""
        return self._sound(latents, None)

    def prepare(self, *likes: Point) -> None:
        """See `Heavy`."""
        self._prepared += likes
        for like in likes:
            self._painter(like, None).prepare()

    def steady(self) -> bool:
        """See `Heavy`."""
        if self._net.dtype == torch.float32:
            return False
        self._notice = f"{self.name} lost its numbers in {self.precision}: from now on it computes in float32."
        self._net.set_precision(torch.float32)
        self._painters.clear()  # what they have captured computes as before
        again, self._prepared = self._prepared, []
        self.prepare(*again)
        return True

    def notice(self) -> str:
        """See `Heavy`."""
        told, self._notice = self._notice, ""
        return told

    def _weights(self, logits: Tensor) -> Tensor:
        pairs = zip(self.groups, slices(self.groups), strict=True)
        parts = [logits[:, at].softmax(1) if each.simplex else logits[:, at].clamp(max=0.0).exp() for each, at in pairs]
        return torch.cat(parts, dim=1)

    def _sound(self, latents: Point, side: int | None) -> NDArray[np.uint8]:
        """Pictures that may be shown: a black one, or one that is no picture, is painted anew in more precision."""
        painted = self._painter(latents, side).paint(latents)
        if not (painted.brightest > DARKEST).all() and self.steady():
            painted = self._painter(latents, side).paint(latents)
        if np.isnan(painted.brightest).any():
            raise ValueError(f"{self.name} has lost its numbers.")
        return painted.pictures

    def _painter(self, like: Point, side: int | None) -> CapturedPainter:
        key = (like.z.shape, side)
        if key not in self._painters:
            self._painters[key] = CapturedPainter(lambda latents: self.render(latents, side), like, self._lane)
        return self._painters[key]


def load_biggan(name: str, folder: Path, place: ModelPlace, truncation: float = DEFAULT_TRUNCATION) -> BigGAN:
    """The BigGAN in `folder`. Raises ShowError if a file is missing or is not what it should be."""
    for file in (CONFIG, WEIGHTS):
        if not (folder / file).is_file():
            raise ShowError(f"The model '{name}' is not here: put its {CONFIG} and {WEIGHTS} into {folder}.")
    library = load_library(folder)
    groups, customs = groups_in(folder, int(library.config.num_classes))
    # small ones would gain little, and are the same on every processor as they are
    large = int(library.config.channel_width) >= LARGE
    precision = quick_precision(torch.device(place.device)) if large else torch.float32
    generator = BigGAN(
        name, library, groups, customs=customs, truncation=truncation, device=place.device, precision=precision
    )
    generator.prepare(generator.sample(1, 0))
    return generator


def load_library(folder: Path) -> Any:
    """The library's own model with the weights of `folder`, every key accounted for."""
    from pytorch_pretrained_biggan import BigGAN as Library
    from pytorch_pretrained_biggan import BigGANConfig

    path = folder / WEIGHTS
    state = read_weights(path, str(path), "fetch it again")
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
