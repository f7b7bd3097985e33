"""BigGAN-deep (Brock, Donahue, Simonyan, 2019) as a Generator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from installation.core.errors import ShowError
from installation.core.params import PARAMS
from installation.models.biggan.folded import FoldedBigGAN, Variant
from installation.models.biggan.tuning import tune
from installation.models.capabilities import PendingPictures, RenderPart
from installation.models.captured_painter import CapturedPainter, PaintedFrame
from installation.models.cuda_graphs import HIGH_PRIORITY, Stream, wait_for
from installation.models.interfaces import ABSENT, Floats, Group, Latents, Picture, Point, Size, height_width, slices
from installation.models.latent_sampling import (
    BOUND,
    ConditionalPriors,
    sample_class_logits,
    sample_joint_classes,
    truncated_normal,
)
from installation.models.resize import resized, stretched

DEFAULT_TRUNCATION = float(PARAMS["latent/truncation"].default)
DARKEST = 0.5 / 255.0  # an image without a brighter value is black: float16 overflows on GTX 16xx GPUs


class BigGAN:
    """A Generator with every optional capability. Images are native squares; a size resizes them to its height.

    With an `aspect` above 1 the squares are wide images, squeezed: they are stretched, and cut to the size.

    Attributes:
        untried: Why `tune` could not try some way of computing here, one sentence for each.
    """

    def __init__(
        self,
        name: str,
        library: Any,
        groups: tuple[Group, ...],
        *,
        priors: Mapping[str, ConditionalPriors] | None = None,
        truncation: float = DEFAULT_TRUNCATION,
        aspect: float = 1.0,
        device: str = "cpu",
        precision: torch.dtype = torch.float32,
    ) -> None:
        """`library` is a loaded `pytorch_pretrained_biggan.BigGAN`; `groups` cover its classes in order.

        `priors` say which classes of different groups a sample draws together; without them each group is drawn by
        itself. `precision` is that of feature maps.
        """
        self.name = name
        self.z_dim = int(library.config.z_dim)
        self.native_size = int(library.config.output_dim)
        self.groups = groups
        self.resolution_free = aspect > 1.0
        self._aspect = aspect
        self._priors = priors
        self._steps = int(library.config.n_stats) - 1
        self._device = torch.device(device)
        self._network = FoldedBigGAN(library, device, precision)
        self._stream = Stream(self._device, HIGH_PRIORITY)
        self._painters: dict[tuple[Any, ...], CapturedPainter] = {}
        self._prepared: list[Point] = []
        with torch.inference_mode(False):  # the model may be loaded in inference mode, and gradients flow past this
            self._bound = torch.zeros((), device=self._device)
        self._notice = ""
        self.untried: list[str] = []
        self.set_truncation(truncation)

    @property
    def layers(self) -> int:
        """The number of noise vectors in a layered z, as in Big Sleep."""
        return self._network.layers

    @property
    def precision(self) -> str:
        """See `MixedPrecision`."""
        return str(self._network.dtype).removeprefix("torch.")

    @property
    def truncation(self) -> float:
        """0..1: how far the noise may leave the middle; lower is more typical, higher more varied."""
        return self._truncation

    def set_truncation(self, truncation: float) -> None:
        """Clamp z to ±2·truncation from now on, and use the batch statistics measured for that truncation.

        Takes the nearest stored statistics. The library interpolates with the two weights swapped, and rounding makes
        it take a neighbour's statistics for .14, .28, .56, .58 and .94.

        Raises:
            ShowError: the truncation is outside of 0..1.
        """
        if not 0.0 < truncation <= 1.0:
            raise ShowError(f"Truncation {truncation:g} is out of range: it must be above 0 and at most 1.")
        self._truncation = truncation
        with self._stream.work():  # frames that are being painted keep the old one
            self._bound.fill_(BOUND * truncation)
            self._network.set_statistics(round(truncation * self._steps))

    @property
    def class_embeddings(self) -> Floats:
        """See `ClassEmbedded`."""
        embeddings: Floats = self._network.class_embeddings.numpy(force=True)
        return embeddings

    def use_independent_classes(self) -> None:
        """See `IndependentClasses`."""
        self.groups = tuple(group._replace(simplex=False) for group in self.groups)

    def sample(self, n: int, seed: int) -> Point:
        """Truncated noise, and one or two strong classes in each group; exactly one if there are priors."""
        random = np.random.default_rng(seed)
        z = self._truncation * truncated_normal(random, (n, self.z_dim))
        if self._priors is None:
            return Latents(z, sample_class_logits(random, n, self.groups))
        choice = sample_joint_classes(random, n, self.groups, self._priors)
        columns = slices(self.groups)
        logits = np.full((n, columns[-1].stop), ABSENT, np.float32)
        for drawn, where in zip(choice.T, columns, strict=True):
            logits[np.arange(n), where.start + drawn] = 0.0
        return Latents(z, logits)

    def render(self, latents: Latents[Tensor], size: Size | None = None, phase: float = 0.0) -> Tensor:
        """See `Generator.render`. z is [batch, z_dim] or [batch, layers, z_dim]; `phase` is ignored.

        A wide or tall size gives the square of its height, since BigGAN shows nothing outside of its square; or what
        there is of a wide image.
        """
        del phase
        return self._fitted(self.render_square(latents), size)

    def render_parts(self, size: Size | None = None) -> Sequence[RenderPart]:
        """See `RendersInParts`: a part for each block of the network."""
        begin, *blocks, finish = self._network.parts()
        return [
            lambda z, classes: begin(z.clamp(-self._bound, self._bound), self._class_weights(classes)),
            *blocks,
            lambda *tensors: (self._fitted(finish(*tensors)[0].add(1.0).mul(0.5), size),),
        ]

    def _fitted(self, pictures: Tensor, size: Size | None) -> Tensor:
        if self._aspect > 1.0:
            height, width = height_width(size or self.native_size)
            return stretched(pictures, height, round(height * self._aspect), width)
        return pictures if size is None else resized(pictures, height_width(size)[0])

    def render_square(self, latents: Latents[Tensor]) -> Tensor:
        """The images as the network makes them: [batch, 3, native_size, native_size] in 0..1, with gradients."""
        z = torch.clamp(latents.z, -self._bound, self._bound)
        return self._network(z, self._class_weights(latents.classes)).add(1.0).mul(0.5)

    def paint(self, latents: Point, size: Size | None = None, phase: float = 0.0) -> Picture:
        """See `Generator.paint`. Raises ValueError if the image is NaN even in float32."""
        del phase
        picture: Picture = self._paint(latents[:1], size)[0]
        return picture

    def paint_batch(self, latents: Point) -> NDArray[np.uint8]:
        """See `GraphCapturable`. Raises ValueError as `paint` does."""
        return self._paint(latents, None)

    @property
    def asynchronous(self) -> bool:
        """See `GraphCapturable`."""
        return self._stream.asynchronous

    def begin_batch(self, latents: Point, size: Size | None = None) -> PendingPictures:
        """See `GraphCapturable`. The result raises ValueError as `paint` does."""
        return self._painter(latents, size).begin(latents, partial(self._checked, latents, size, self._network.dtype))

    def prepare(self, *examples: Point) -> None:
        """See `GraphCapturable`."""
        self._prepared += examples
        for example in examples:
            self._painter(example, None).prepare()

    @property
    def variant(self) -> Variant:
        """How the network is computed here."""
        return self._network.variant

    def tune(self) -> None:
        """On a card, try which way of computing is fastest, and take it; call it before `prepare`."""
        if self._stream.asynchronous:
            self.untried = tune(self._network, self.sample(1, 0), self._stream)

    def use_full_precision(self) -> bool:
        """See `MixedPrecision`."""
        if self._network.dtype == torch.float32:
            return False
        self._notice = f"{self.name} overflowed in {self.precision}: from now on it computes in float32."
        wait_for(self._device)  # for what is under way with the old weights
        self._network.set_precision(torch.float32)
        self._painters.clear()  # their graphs are captured in the old precision
        prepared, self._prepared = self._prepared, []
        self.prepare(*prepared)
        return True

    def notice(self) -> str:
        """See `MixedPrecision`."""
        notice, self._notice = self._notice, ""
        return notice

    def _class_weights(self, logits: Tensor) -> Tensor:
        pairs = zip(self.groups, slices(self.groups), strict=True)
        parts = [logits[:, at].softmax(1) if each.simplex else logits[:, at].clamp(max=0.0).exp() for each, at in pairs]
        return torch.cat(parts, dim=1)

    def _paint(self, latents: Point, size: Size | None) -> NDArray[np.uint8]:
        return self.begin_batch(latents, size).result()

    def _checked(
        self, latents: Point, size: Size | None, precision: torch.dtype, painted: PaintedFrame
    ) -> NDArray[np.uint8]:
        """Images as bytes; if one is black or NaN in half precision, all are painted again in full precision."""
        if not (painted.brightest > DARKEST).all() and precision != torch.float32:
            self.use_full_precision()  # or it does so already, since another frame was as bad
            painted = self._painter(latents, size).paint(latents)
        if np.isnan(painted.brightest).any():
            raise ValueError(f"{self.name} produced NaN in float32.")
        return painted.pictures

    def _painter(self, example: Point, size: Size | None) -> CapturedPainter:
        key = (example.z.shape, size)
        if key not in self._painters:
            self._painters[key] = CapturedPainter(lambda latents: self.render(latents, size), example, self._stream)
        return self._painters[key]
