"""A generator family in a single file, as an example and for tests: grey stripes that move with the first noise value.

Register it with `GENERATORS[TOY.name] = TOY` (in a test by `monkeypatch.setitem`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from installation.core.model_files import ModelKind, embedded_files
from installation.models.interfaces import Generator, Group, Latents, ModelPlace, Picture, Point, Size, height_width
from installation.models.latent_sampling import sample_class_logits, truncated_normal
from installation.models.spec import GeneratorSpec

if TYPE_CHECKING:
    from torch import Tensor


class Toy:
    """Stripes across the image: the noise moves them, the classes say how bright they are."""

    name = "toy"
    z_dim = 2
    groups: tuple[Group, ...] = (Group("stripes", ("dark", "bright")),)
    native_size = 64
    resolution_free = True

    def __init__(self, device: str) -> None:
        self._device = device

    def sample(self, n: int, seed: int) -> Point:
        random = np.random.default_rng(seed)
        return Latents(truncated_normal(random, (n, self.z_dim)), sample_class_logits(random, n, self.groups))

    def render(self, latents: Latents[Tensor], size: Size | None = None, phase: float = 0.0) -> Tensor:
        import torch

        height, width = height_width(size or self.native_size)
        unit = min(height, width)
        rows = (torch.arange(height, device=self._device) + 0.5 - height / 2) / unit
        waves = torch.sin(12.0 * rows[None] + 3.0 * latents.z[:, :1] + latents.z[:, 1:] + phase)
        brightness = latents.classes.softmax(dim=1) @ torch.tensor([0.3, 0.9], device=self._device)
        grey = brightness[:, None] * (0.5 + 0.5 * waves)
        return grey[:, None, :, None].expand(-1, 3, -1, width)

    def paint(self, latents: Point, size: Size | None = None, phase: float = 0.0) -> Picture:
        import torch

        tensors = Latents(*(torch.from_numpy(part[:1]).to(self._device) for part in (latents.z, latents.classes)))
        with torch.inference_mode():
            image = self.render(tensors, size, phase)[0].permute(1, 2, 0)
            picture: Picture = image.mul(255.0).round().to(torch.uint8).cpu().numpy()
        return picture


def load(place: ModelPlace) -> Generator:
    return Toy(place.device)


TOY = GeneratorSpec(
    family="toy",
    files=embedded_files("toy", ModelKind.GENERATOR),
    load=load,
    domain="theatre",  # so that the embedded perceptor is taken for it
    preference=2,  # before the theatre, as soon as it has a latent bank
    benchmarked_on=("cpu",),
)
