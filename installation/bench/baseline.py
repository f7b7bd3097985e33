"""The same work done the ordinary way, as Big Sleep and the workshop notebooks do it: what the ratios compare with.

The library's own forward with its spectral norm in every call, crops cut and resized one by one in a Python loop, one
pass of the perceptor over them, the framework's default precision, Adam. No folding, no graphs.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from installation.models.interfaces import Picture

RATE = 0.07  # Big Sleep's
TRUNCATION = 1.0
BETWEEN = (0.5, 0.95)  # Big Sleep's cutouts are clip(N(.8, .3), .5, .95) of the side


class Baseline:
    """A walk and a dream over the library's BigGAN and an `open_clip` model, as those that came before write them."""

    def __init__(self, library: Any, clip: Any, side: int, cutouts: int, text: Tensor, seed: int, device: str) -> None:
        """`text` is the embedded prompt, [1, d]; `side` the perceptor's, in pixels."""
        self._library = library.to(device)
        self._clip = clip
        self._side = side
        self._cutouts = cutouts
        self._text = text.to(device)
        random = np.random.default_rng(seed)
        self._random = random
        config = library.config
        self._z = torch.tensor(random.standard_normal((1, config.z_dim)), dtype=torch.float32, device=device)
        self._logits = torch.tensor(random.standard_normal((1, config.num_classes)), dtype=torch.float32, device=device)
        self._z.requires_grad_(True)
        self._logits.requires_grad_(True)
        self._optimiser = torch.optim.Adam([self._z, self._logits], lr=RATE)

    def frame(self) -> Picture:
        """The picture of the present latents, as bytes."""
        with torch.no_grad():
            picture = self._library(self._z, self._logits.softmax(dim=1), TRUNCATION)[0]
            bytes_ = ((picture + 1) * 127.5).clamp(0, 255).to(torch.uint8).permute(1, 2, 0)
            shown: Picture = bytes_.cpu().numpy()
        return shown

    def step(self) -> None:
        """One step of the dream."""
        picture = (self._library(self._z, self._logits.softmax(dim=1), TRUNCATION) + 1) / 2
        views = torch.cat([self._cut(picture) for _ in range(self._cutouts)])
        seen = F.normalize(self._clip.encode_image(views), dim=1)
        loss = -100 * (seen @ self._text.T).mean()
        self._optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        self._optimiser.step()

    def _cut(self, picture: Tensor) -> Tensor:
        whole = picture.shape[2]
        size = round(whole * float(np.clip(self._random.normal(0.8, 0.3), *BETWEEN)))
        top, left = self._random.integers(whole - size + 1, size=2)
        crop = picture[:, :, top : top + size, left : left + size]
        return F.interpolate(crop, (self._side, self._side), mode="bilinear", align_corners=False)
