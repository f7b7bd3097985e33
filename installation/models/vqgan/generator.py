"""VQGAN as a Generator: z is a grid of codebook vectors, quantised with a straight-through gradient.

As in VQGAN+CLIP (Crowson et al., 2022): z moves freely within the range of the codebook, and every vector is replaced
by the nearest code before it is decoded; the gradient passes as if it were not.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from installation.models.interfaces import Floats, Group, Latents, Picture, Point, Size, height_width
from installation.models.picture_latents import resampled, smooth_field
from installation.models.resize import resized
from installation.models.vqgan.network import Architecture, VQGANNetwork

DRIFT_WIDTH = 1.5  # of a code; from 1 on it outweighs the one that is there


class VQGAN:
    """A Generator without classes; images are native squares, and a size resizes them to its height."""

    groups: tuple[Group, ...] = ()
    resolution_free = False
    aspect = 1.0

    def __init__(self, name: str, network: VQGANNetwork, sizes: Architecture, device: str) -> None:
        """Take a network in evaluation mode without gradients of its own."""
        self.name = name
        self.native_size = sizes.picture_side
        self.encoded_size = (sizes.picture_side, sizes.picture_side)
        self.z_dim = sizes.code_size
        self.z_shape = (sizes.grid_side**2, sizes.code_size)
        self._network = network.to(device)
        self._device = torch.device(device)
        book = network.quantize.embedding.weight
        self._lowest, self._highest = book.amin(dim=0), book.amax(dim=0)
        self._spread = float(book.std())
        self.z_rate = 2.0 * self._spread  # VQGAN+CLIP takes 0.1 for codes with a deviation of about 1

    def sample(self, n: int, seed: int) -> Point:
        """See `Generator.sample`: random codes, in patches of equal ones so that there are shapes."""
        random = np.random.default_rng(seed)
        side, book = round(self.z_shape[0] ** 0.5), self._network.quantize.embedding.weight
        few = book[torch.from_numpy(random.integers(len(book), size=(n, 16))).to(self._device)]  # [n, 16, code_size]
        places = np.stack([smooth_field(random, 16, (side, side), 3).argmax(axis=0).ravel() for _ in range(n)])
        index = torch.from_numpy(places).to(self._device)[..., None].expand(-1, -1, self.z_dim)
        return Latents(few.gather(1, index).numpy(force=True), np.zeros((n, 0), np.float32))

    def render(self, latents: Latents[Tensor], size: Size | None = None, phase: float = 0.0) -> Tensor:
        """See `Generator.render`; `phase` is ignored."""
        del phase
        pictures = self._network.decode(latents.z)
        return pictures if size is None else resized(pictures, height_width(size)[0])

    def paint(self, latents: Point, size: Size | None = None, phase: float = 0.0) -> Picture:
        """See `Generator.paint`."""
        with torch.no_grad():
            z = torch.from_numpy(latents.z[:1]).to(self._device)
            pictures = self.render(Latents(z, z.new_zeros(1, 0)), size, phase)
            picture: Picture = pictures[0].permute(1, 2, 0).mul(255.0).round().to(torch.uint8).cpu().numpy()
        return picture

    def encode(self, pictures: Tensor) -> Tensor:
        """See `PictureEncoder.encode`."""
        return self._network.encode(resampled(pictures, self.encoded_size))

    def bounded(self, z: Tensor) -> Tensor:
        """See `FreeLatents.bounded`: within the range of the codebook."""
        return torch.minimum(torch.maximum(z, self._lowest), self._highest)

    def prior(self, z: Tensor) -> Tensor:
        """See `FreeLatents.prior`: the mean squared distance from the nearest codes, in units of their spread."""
        with torch.no_grad():
            nearest = self._network.quantize(z.detach())
        distance: Tensor = (z - nearest).square().mean() / self._spread**2
        return distance

    def drift_directions(self, count: int, seed: int) -> Floats:
        """See `FreeLatents.drift_directions`: in some places another code takes over, soft at the edges of the patch.

        Noise would change nothing, as the nearest code would stay the same.
        """
        random, side = np.random.default_rng(seed), round(self.z_shape[0] ** 0.5)
        book = self._network.quantize.embedding.weight
        codes = book[torch.from_numpy(random.integers(len(book), size=count)).to(self._device)].numpy(force=True)
        patches = np.stack([smooth_field(random, 1, (side, side), 2).reshape(-1, 1) for _ in range(count)])
        directions: Floats = DRIFT_WIDTH * patches.clip(min=0.0) * codes[:, None]
        return directions
