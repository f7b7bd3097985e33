"""StyleGAN2 as a Generator: z is normal noise, or noise for each layer, whose styles are mixed."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from installation.core.errors import ShowError
from installation.core.params import PARAMS
from installation.models.capabilities import PendingPictures
from installation.models.captured_painter import CapturedPainter
from installation.models.cuda_graphs import HIGH_PRIORITY, Stream
from installation.models.interfaces import Group, Latents, Picture, Point, Size, height_width
from installation.models.latent_sampling import truncated_normal
from installation.models.resize import resized
from installation.models.stylegan2.checkpoint import LoadedNetwork

DEFAULT_TRUNCATION = float(PARAMS["latent/truncation"].default)


class StyleGAN2:
    """A Generator without classes; images are native squares, and a size resizes them to its height."""

    groups: tuple[Group, ...] = ()
    resolution_free = False

    def __init__(self, name: str, loaded: LoadedNetwork, device: str) -> None:
        """Take a network in evaluation mode without gradients of its own."""
        self.name = name
        self.native_size = loaded.sizes.side
        self.z_dim = loaded.sizes.style
        self.layers = loaded.sizes.layers
        self._network = loaded.network.to(device)
        self._mean = loaded.mean.to(device)
        self._stream = Stream(torch.device(device), HIGH_PRIORITY)
        self._painters: dict[tuple[tuple[int, ...], int | None], CapturedPainter] = {}
        with torch.inference_mode(False):  # the model may be loaded in inference mode, and gradients flow past this
            self._truncation = torch.zeros((), device=device)
        self.set_truncation(DEFAULT_TRUNCATION)

    def set_truncation(self, truncation: float) -> None:
        """Move styles towards the mean style from now on: at 0 all pictures are the mean one, at 1 none is moved.

        Raises:
            ShowError: The truncation is outside of 0..1.
        """
        if not 0.0 < truncation <= 1.0:
            raise ShowError(f"Truncation {truncation:g} is out of range: it must be above 0 and at most 1.")
        self._truncation.fill_(truncation)

    def sample(self, n: int, seed: int) -> Point:
        """See `Generator.sample`. The length of z means nothing; dreams expect that of the default truncation."""
        z = DEFAULT_TRUNCATION * truncated_normal(np.random.default_rng(seed), (n, self.z_dim))
        return Latents(z.astype(np.float32), np.zeros((n, 0), np.float32))

    def render(self, latents: Latents[Tensor], size: Size | None = None, phase: float = 0.0) -> Tensor:
        """See `Generator.render`. z is [batch, z_dim] or [batch, layers, z_dim]; `phase` is ignored."""
        del phase
        styles = self._network.styles(latents.z)
        if styles.ndim == 2:
            styles = styles[:, None].expand(-1, self.layers, -1)
        pictures = self._network.paint(torch.lerp(self._mean.expand_as(styles), styles, self._truncation))
        pictures = pictures.add(1.0).mul(0.5).clamp(0.0, 1.0)
        return pictures if size is None else resized(pictures, height_width(size)[0])

    def paint(self, latents: Point, size: Size | None = None, phase: float = 0.0) -> Picture:
        """See `Generator.paint`."""
        del phase
        picture: Picture = self._paint(latents[:1], None if size is None else height_width(size)[0])[0]
        return picture

    def paint_batch(self, latents: Point) -> NDArray[np.uint8]:
        """See `GraphCapturable`."""
        return self._paint(latents, None)

    @property
    def asynchronous(self) -> bool:
        """See `GraphCapturable`."""
        return self._stream.asynchronous

    def begin_batch(self, latents: Point, size: Size | None = None) -> PendingPictures:
        """See `GraphCapturable`."""
        side = None if size is None else height_width(size)[0]
        return self._painter(latents, side).begin(latents, lambda painted: painted.pictures)

    def prepare(self, *examples: Point) -> None:
        """See `GraphCapturable`."""
        for example in examples:
            self._painter(example, None).prepare()

    def _paint(self, latents: Point, side: int | None) -> NDArray[np.uint8]:
        return self._painter(latents, side).paint(latents).pictures

    def _painter(self, example: Point, side: int | None) -> CapturedPainter:
        key = (example.z.shape, side)
        if key not in self._painters:
            self._painters[key] = CapturedPainter(lambda latents: self.render(latents, side), example, self._stream)
        return self._painters[key]
