"""The honest peer of a benchmark: what a good engineer gets from torch without writing a kernel.

Spectral norms removed, channels last, all crops in one call; on CUDA autocast and `torch.compile` as well.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

from installation.bench.baseline import LEARNING_RATE
from installation.models.cuda_graphs import fast_precision
from installation.models.spec import ReferenceGenerator


class Peer:
    """A dream."""

    def __init__(
        self, generator: ReferenceGenerator, encode_image: Callable[[Tensor], Tensor], text: Tensor, side: int
    ) -> None:
        """`text` is the embedded prompt [1, d] on the device, `side` the perceptor's input size.

        On CUDA the first step compiles, which takes a minute.
        """
        self._device = text.device
        self._render, self._encode = generator.render, encode_image
        if self._device.type == "cuda":
            self._render, self._encode = torch.compile(self._render), torch.compile(self._encode)
        self._text, self._side = text, side
        random = torch.Generator().manual_seed(1)
        sizes = generator.z_dim, generator.classes
        self._parameters = [
            torch.randn(1, size, generator=random).to(self._device).requires_grad_(True) for size in sizes
        ]
        self._optimiser = torch.optim.Adam(self._parameters, lr=LEARNING_RATE)

    def step(self, cutouts: int) -> None:
        """One optimisation step."""
        z, logits = self._parameters
        on_cuda = self._device.type == "cuda"  # on a CPU gradients take minutes in bfloat16
        with torch.autocast(self._device.type, fast_precision(self._device), enabled=on_cuda):
            picture = self._render(z, logits.softmax(dim=1))
            embeddings = F.normalize(self._encode(self._crops(picture.float(), cutouts)).float(), dim=1)
        loss = -100.0 * (embeddings @ self._text.T).mean()
        self._optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        self._optimiser.step()

    def _crops(self, picture: Tensor, cutouts: int) -> Tensor:
        """Squares of half to nearly all of the side at random places, resized in one call."""
        scale = 0.5 + 0.45 * torch.rand(cutouts, device=self._device)
        place = (2.0 * torch.rand(cutouts, 2, device=self._device) - 1.0) * (1.0 - scale[:, None])
        matrices = torch.cat([torch.diag_embed(scale[:, None].expand(-1, 2)), place[:, :, None]], dim=2)
        grid = F.affine_grid(matrices, [cutouts, 3, self._side, self._side], align_corners=False)
        return F.grid_sample(picture.expand(cutouts, -1, -1, -1), grid, align_corners=False)
