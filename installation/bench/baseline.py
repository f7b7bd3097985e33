"""The baseline: the same work as Big Sleep and the workshop notebooks do it, over the same networks.

The authors' own forward pass, with the spectral norm in every call; crops cut and resized one by one in a Python loop;
one pass of the perceptor over them; the framework's default precision; Adam. No folding, no graphs.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from installation.models.interfaces import Picture
from installation.models.spec import ReferenceGenerator

LEARNING_RATE = 0.07  # Big Sleep's
CUTOUT_SIZE_MEAN, CUTOUT_SIZE_STD = 0.8, 0.3  # of the side; Big Sleep's, clipped to the bounds
CUTOUT_SIZE_BOUNDS = (0.5, 0.95)


class Baseline:
    """A walk and a dream."""

    def __init__(
        self,
        generator: ReferenceGenerator,
        encode_image: Callable[[Tensor], Tensor],
        text: Tensor,
        *,
        side: int,
        cutouts: int,
        seed: int,
    ) -> None:
        """`text` is the embedded prompt [1, d] on the device; `side`, in pixels, is the perceptor's input size."""
        self._generator = generator
        self._encode_image = encode_image
        self._text = text
        self._side = side
        self._cutouts = cutouts
        self._random = np.random.default_rng(seed)
        self._z = self._parameter(generator.z_dim)
        self._logits = self._parameter(generator.classes)
        self._optimiser = torch.optim.Adam([self._z, self._logits], lr=LEARNING_RATE)

    def frame(self) -> Picture:
        """The image of the present latents as bytes."""
        with torch.no_grad():
            image = self._generator.render(self._z, self._logits.softmax(dim=1))[0]
            pixels = (image * 255).clamp(0, 255).to(torch.uint8).permute(1, 2, 0)
            picture: Picture = pixels.cpu().numpy()
        return picture

    def step(self) -> None:
        """One optimisation step."""
        image = self._generator.render(self._z, self._logits.softmax(dim=1))
        views = torch.cat([self._cutout(image) for _ in range(self._cutouts)])
        embeddings = F.normalize(self._encode_image(views), dim=1)
        loss = -100 * (embeddings @ self._text.T).mean()
        self._optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        self._optimiser.step()

    def _parameter(self, size: int) -> Tensor:
        values = self._random.standard_normal((1, size))
        return torch.tensor(values, dtype=torch.float32, device=self._text.device).requires_grad_(True)

    def _cutout(self, image: Tensor) -> Tensor:
        whole = image.shape[2]
        share = float(np.clip(self._random.normal(CUTOUT_SIZE_MEAN, CUTOUT_SIZE_STD), *CUTOUT_SIZE_BOUNDS))
        size = round(whole * share)
        top, left = self._random.integers(whole - size + 1, size=2)
        crop = image[:, :, top : top + size, left : left + size]
        return F.interpolate(crop, (self._side, self._side), mode="bilinear", align_corners=False)
