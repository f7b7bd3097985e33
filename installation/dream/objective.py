"""What every optimiser of latents minimises: the distance of cutouts from the prompt, and the regularisers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

import torch
from torch import Tensor

from installation.dream.class_weights import ClassWeighting
from installation.dream.cutouts import cutouts
from installation.dream.latent_space import LatentSpace, latent_space
from installation.dream.losses import (
    few_classes,
    latent_moments,
    normality,
    smooth_entropy,
    total_variation,
)
from installation.dream.prompt_target import PromptTarget
from installation.models.capabilities import PreparesGradients, RenderPart, RendersInParts
from installation.models.interfaces import Generator, Latents, Perceptor, Size, slices

if TYPE_CHECKING:  # so that a dream runs without the show file's library
    from installation.show.settings import Regulariser

CLASS_LOSS_WEIGHT = 0.01  # of the class regulariser; the workshop notebooks take 1e-4 for a thousand classes
# regularisers that are not of latents
OF_PICTURES: Final = "total_variation"
OF_VIEWS: Final = "embedding_normality"
LUMINANCE = (0.2126, 0.7152, 0.0722)  # of red, green and blue (BT.709)


@dataclass(frozen=True)
class OptimizerOptions:
    """What stays the same for all dreams of a session.

    Attributes:
        size: Side in pixels at which a resolution-free generator renders.
        max_drop: z is pulled back once the rating is this much below the best one.
        optimise_classes: Whether class parameters are optimised too.
        class_weighting: How class parameters become class weights.
        regularisers: Further loss terms and their weights.
        stochastic_truncation: Whether values of z beyond the truncation are drawn again instead of being clipped.
        grayscale: Whether pictures are judged without their colours.
        momentum_descent: Whether the gradient step is SGD with momentum instead of Adam.
        warped_views: Whether cutouts are turned, seen aslant, and lack a part.
        antialias: Whether large pictures are averaged before views are taken of them (see `cutouts.take`).
    """

    size: int
    max_drop: float
    optimise_classes: bool = False
    class_weighting: ClassWeighting = field(default_factory=ClassWeighting)
    regularisers: Mapping[Regulariser, float] = field(default_factory=dict)
    stochastic_truncation: bool = False
    grayscale: bool = False
    momentum_descent: bool = False
    warped_views: bool = False
    antialias: bool = False


class Weights(NamedTuple):
    """The scalars that a loss reads: the weight of the latent prior, and the truncation."""

    prior: Tensor
    truncation: Tensor


@dataclass(frozen=True, eq=False)
class Objective:
    """The loss of latents.

    Attributes:
        generator: Renders the pictures.
        perceptor: Embeds their cutouts.
        options: Of the dream.
        random: Of the cutouts; lives on the device.
    """

    generator: Generator
    perceptor: Perceptor
    options: OptimizerOptions
    random: torch.Generator

    @cached_property
    def space(self) -> LatentSpace:
        """The rules for z."""
        return latent_space(self.generator)

    @property
    def size(self) -> Size | None:
        """Height and width at which pictures are rendered; None is the generator's native size."""
        side = self.options.size
        return (side, round(side * self.space.aspect)) if self.generator.resolution_free else None

    @property
    def rated_size(self) -> Size:
        """The size of rated pictures: that of the steps, which may be on tape, or what the perceptor takes."""
        return self.size or self.perceptor.input_size

    def logits(self, parameters: Tensor) -> Tensor:
        """Return the generator's class logits of class parameters. [n, classes] -> the same."""
        return self.options.class_weighting.to_logits(parameters, self.generator.groups)

    def render(self, z: Tensor, parameters: Tensor, size: Size | None) -> Tensor:
        """Render pictures as they are judged: [n, 3, height, width]."""
        pictures = self.generator.render(Latents(z, self.logits(parameters)), size)
        return grayscale(pictures) if self.options.grayscale else pictures

    def render_parts(self, size: Size | None) -> list[RenderPart]:
        """The parts of `render` (see `RendersInParts`), one if the generator has none; the first takes parameters."""
        generator = self.generator
        if isinstance(generator, RendersInParts):
            first, *others = generator.render_parts(size)
            parts = [lambda z, parameters: first(z, self.logits(parameters)), *others]
            return [*parts, lambda pictures: (grayscale(pictures),)] if self.options.grayscale else parts
        return [lambda z, parameters: (self.render(z, parameters, size),)]

    def prepare(self, z: Tensor, parameters: Tensor) -> bool:
        """Do a slice of what makes the loss and its gradient faster; return whether to go on with that first."""
        generator = self.generator
        if not isinstance(generator, PreparesGradients):
            return False
        return generator.prepare_gradient(Latents(z, self.logits(parameters)), self.size)

    def loss(self, z: Tensor, parameters: Tensor, target: PromptTarget, weights: Weights, count: int) -> Tensor:
        """Return the loss of one point with `count` cutouts. -> scalar."""
        pictures = self.render(z, parameters, self.size)
        views = self._views(pictures, count)  # [count, 3, side, side]
        embeddings = self.perceptor.embed_image(views)  # [count, d]
        loss = target.loss(embeddings) + self.latent_terms(z, parameters, weights)
        return loss + self.picture_terms(pictures) + self.view_terms(embeddings)

    def latent_terms(self, z: Tensor, parameters: Tensor, weights: Weights) -> Tensor:
        """Return what the loss says of latents alone. -> scalar."""
        options = self.options
        total = weights.prior * self.space.prior(z, weights.truncation)
        if options.optimise_classes:
            logits = self.logits(parameters)
            total = total + CLASS_LOSS_WEIGHT * options.class_weighting.regulariser(logits, self.generator.groups)
        for name, weight in options.regularisers.items():
            if name not in (OF_PICTURES, OF_VIEWS):
                total = total + weight * self._latent_regulariser(name, z, parameters)
        return total

    def picture_terms(self, pictures: Tensor) -> Tensor:
        """Return what the loss says of pictures alone. -> scalar."""
        weight = self.options.regularisers.get(OF_PICTURES, 0.0)
        return weight * total_variation(pictures) if weight else pictures.new_zeros(())

    def view_terms(self, embeddings: Tensor) -> Tensor:
        """Return what the loss says of views without a prompt, the mean over them. -> scalar."""
        weight = self.options.regularisers.get(OF_VIEWS, 0.0)
        if not weight:
            return embeddings.new_zeros(())
        return weight * normality(embeddings * embeddings.shape[1] ** 0.5)

    def losses(self, z: Tensor, parameters: Tensor, target: PromptTarget, weights: Weights, count: int) -> Tensor:
        """Return the losses of several points, whose pictures and cutouts are computed as one batch. -> [n]."""
        pictures = self.render(z, parameters, self.size)
        views = torch.cat([self._views(picture[None], count) for picture in pictures])
        embeddings = self.perceptor.embed_image(views)  # [n * count, d]
        losses = target.losses(embeddings).view(len(z), count).mean(dim=1)
        terms = []
        for row, own in enumerate(embeddings.view(len(z), count, -1)):
            one = slice(row, row + 1)
            latent = self.latent_terms(z[one], parameters[one], weights)
            terms.append(latent + self.picture_terms(pictures[one]) + self.view_terms(own))
        return losses + torch.stack(terms)

    def _views(self, picture: Tensor, count: int) -> Tensor:
        options, side = self.options, self.perceptor.input_size
        return cutouts(picture, count, side, self.random, warped=options.warped_views, antialias=options.antialias)

    def _latent_regulariser(self, name: Regulariser, z: Tensor, parameters: Tensor) -> Tensor:
        match name:
            case "noise_normality":
                return normality(z)
            case "latent_moments":
                return latent_moments(z)
        weights = [self.logits(parameters)[:, where].softmax(dim=1) for where in slices(self.generator.groups)]
        term = smooth_entropy if name == "class_entropy" else few_classes
        return torch.stack([term(each) for each in weights]).sum()


def grayscale(pictures: Tensor) -> Tensor:
    """Return pictures with their luminance in all three channels. [n, 3, h, w] -> the same."""
    shares = pictures.new_tensor(LUMINANCE).view(1, 3, 1, 1)
    return (pictures * shares).sum(dim=1, keepdim=True).expand_as(pictures)
