"""`fft`: a picture as decorrelated Fourier coefficients (Olah, Mordvintsev, Schubert, Feature Visualization, 2017).

Coefficients are divided by the spectrum of natural pictures, about 1/f, so that one step of Adam changes coarse shapes
as readily as fine ones. The picture sways slowly, like a reflection in water.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from installation.models.interfaces import Floats, Latents, Size
from installation.models.picture_latents import (
    ASPECT,
    PictureGenerator,
    colours_from,
    colours_to,
    coordinates,
    resampled,
)

HEIGHT, WIDTH = 144, 256  # pixels of the canvas
DECAY = 1.6  # exponent of the spectrum; above 1 prefers coarse shapes
CONTRAST = 1.6  # standard deviation of the logits of a sample
LIMIT = 60.0  # of coefficients
FINE_CYCLES = 12.0  # per height, from which on coefficients are fine
FINE_POWER = 1.0  # of fine coefficients in a sample
PRIOR_WEIGHT = 2.0
DRIFT_CYCLES = 2.5  # per height, up to which a drift reaches: light that passes over the picture
DRIFT_WIDTH = 0.4
SWAY = 0.006  # of the height
SWAY_RATES = (0.31, 0.23)  # radians per second


class FourierPicture(PictureGenerator):
    """A picture as Fourier coefficients, with real and imaginary parts as the first axis of z."""

    name = "fft"
    z_shape = (2, 3, HEIGHT, WIDTH // 2 + 1)
    z_rate = 0.5

    def random_z(self, random: np.random.Generator) -> Floats:
        """See `PictureGenerator.random_z`: clouds of colour."""
        return random.standard_normal(self.z_shape).astype(np.float32) * (self._frequencies.cpu().numpy() > 0)

    def render(self, latents: Latents[Tensor], size: Size | None = None, phase: float = 0.0) -> Tensor:
        """See `Generator.render`; `phase` makes the picture sway."""
        spectrum = torch.complex(latents.z[:, 0], latents.z[:, 1]) * self._spectrum
        canvas = colours_from(torch.fft.irfft2(spectrum, s=(HEIGHT, WIDTH), norm="ortho"))
        grid = self._grid(size or self.native_size, phase).expand(len(canvas), -1, -1, -1)
        sampled = F.grid_sample(canvas, grid, mode="bicubic", padding_mode="reflection", align_corners=False)
        return sampled.clamp(0.0, 1.0)

    def bounded(self, z: Tensor) -> Tensor:
        """See `FreeLatents.bounded`."""
        limit = LIMIT + self._coarse_allowance
        return torch.minimum(torch.maximum(z, -limit), limit)

    def prior(self, z: Tensor) -> Tensor:
        """See `FreeLatents.prior`: the power of fine coefficients beyond that of a sample."""
        fine = z * (self._frequencies > FINE_CYCLES)
        return PRIOR_WEIGHT * (fine.square().mean() - FINE_POWER).clamp(min=0.0)

    def encode(self, pictures: Tensor) -> Tensor:
        """See `PictureEncoder.encode`; exact, apart from resizing and extreme colours."""
        logits = colours_to(resampled(pictures, (HEIGHT, WIDTH)))
        spectrum = torch.fft.rfft2(logits, norm="ortho") / self._spectrum
        return self.bounded(torch.stack([spectrum.real, spectrum.imag], dim=1))

    def drift_directions(self, count: int, seed: int) -> Floats:
        """See `FreeLatents.drift_directions`: coarse changes of light and colour."""
        noise = np.random.default_rng(seed).standard_normal((count, *self.z_shape))
        frequencies = self._frequencies.cpu().numpy()
        coarse = (frequencies > 0) & (frequencies <= DRIFT_CYCLES)
        return (DRIFT_WIDTH * noise * coarse).astype(np.float32)

    @cached_property
    def _frequencies(self) -> Tensor:
        """Cycles per height of each coefficient. -> [HEIGHT, WIDTH // 2 + 1]."""
        down = torch.fft.fftfreq(HEIGHT, 1.0 / HEIGHT)
        across = torch.fft.rfftfreq(WIDTH, 1.0 / WIDTH) / ASPECT
        return torch.hypot(down[:, None], across[None]).to(self.device)

    @cached_property
    def _spectrum(self) -> Tensor:
        """Standard deviation of each coefficient. -> [HEIGHT, WIDTH // 2 + 1]."""
        shape = self._frequencies.clamp(min=1.0 / ASPECT) ** -DECAY
        power = 2.0 * shape.square().sum() / (HEIGHT * WIDTH)  # about the variance of a pixel
        return CONTRAST * shape / power.sqrt()

    @cached_property
    def _coarse_allowance(self) -> Tensor:
        """How much wider the coarsest coefficients may be: the mean of a dark picture is far from 0."""
        return 300.0 / (1.0 + self._frequencies) ** 2

    def _grid(self, size: Size, phase: float) -> Tensor:
        """Where pixels lie on the canvas, for `grid_sample`. -> [1, height, width, 2]."""
        y, x = coordinates(size, self.device)
        slow, fast = (phase * rate for rate in SWAY_RATES)
        offset_x = SWAY * (torch.sin(7.0 * y + slow) + 0.5 * torch.sin(17.0 * y - 2.0 * fast))
        offset_y = SWAY * (torch.sin(6.0 * x + fast) + 0.5 * torch.sin(15.0 * x + 2.0 * slow))
        across = x[None, :] + offset_x[:, None]
        down = y[:, None] + offset_y[None, :]
        return torch.stack([across * (2.0 / ASPECT), down * 2.0], dim=-1)[None]
