"""What every optimiser of latents minimises: the distance of cutouts from the prompt, and the regularisers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

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
from installation.models.interfaces import Generator, Latents, Perceptor, Size, slices

if TYPE_CHECKING:  # so that a dream runs without the show file's library
    from installation.show.settings import Regulariser

CLASS_LOSS_WEIGHT = 0.01  # of the class regulariser; the workshop notebooks take 1e-4 for a thousand classes
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

    def logits(self, parameters: Tensor) -> Tensor:
        """Return the generator's class logits of class parameters. [n, classes] -> the same."""
        return self.options.class_weighting.to_logits(parameters, self.generator.groups)

    def render(self, z: Tensor, parameters: Tensor, size: Size | None) -> Tensor:
        """Render pictures as they are judged: [n, 3, height, width]."""
        pictures = self.generator.render(Latents(z, self.logits(parameters)), size)
        return grayscale(pictures) if self.options.grayscale else pictures

    def loss(self, z: Tensor, parameters: Tensor, target: PromptTarget, weights: Weights, count: int) -> Tensor:
        """Return the loss of one point with `count` cutouts. -> scalar."""
        pictures = self.render(z, parameters, self.size)
        views = self._views(pictures, count)  # [count, 3, side, side]
        embeddings = self.perceptor.embed_image(views)  # [count, d]
        loss = target.loss(embeddings) + weights.prior * self.space.prior(z, weights.truncation)
        return loss + self._regularisers(z, parameters, pictures, embeddings)

    def losses(self, z: Tensor, parameters: Tensor, target: PromptTarget, weights: Weights, count: int) -> Tensor:
        """Return the losses of several points, whose pictures and cutouts are computed as one batch. -> [n]."""
        pictures = self.render(z, parameters, self.size)
        views = torch.cat([self._views(picture[None], count) for picture in pictures])
        embeddings = self.perceptor.embed_image(views)  # [n * count, d]
        losses = target.losses(embeddings).view(len(z), count).mean(dim=1)
        terms = []
        for row, own in enumerate(embeddings.view(len(z), count, -1)):
            one = slice(row, row + 1)
            prior = weights.prior * self.space.prior(z[one], weights.truncation)
            terms.append(prior + self._regularisers(z[one], parameters[one], pictures[one], own))
        return losses + torch.stack(terms)

    def _views(self, picture: Tensor, count: int) -> Tensor:
        return cutouts(picture, count, self.perceptor.input_size, self.random, self.options.warped_views)

    def _regularisers(self, z: Tensor, parameters: Tensor, pictures: Tensor, embeddings: Tensor) -> Tensor:
        options = self.options
        total = z.new_zeros(())
        if options.optimise_classes:
            logits = self.logits(parameters)
            total = total + CLASS_LOSS_WEIGHT * options.class_weighting.regulariser(logits, self.generator.groups)
        for name, weight in options.regularisers.items():
            total = total + weight * self._regulariser(name, z, parameters, pictures, embeddings)
        return total

    def _regulariser(
        self, name: Regulariser, z: Tensor, parameters: Tensor, pictures: Tensor, embeddings: Tensor
    ) -> Tensor:
        match name:
            case "noise_normality":
                return normality(z)
            case "embedding_normality":
                return normality(embeddings * embeddings.shape[1] ** 0.5)
            case "latent_moments":
                return latent_moments(z)
            case "total_variation":
                return total_variation(pictures)
        weights = [self.logits(parameters)[:, where].softmax(dim=1) for where in slices(self.generator.groups)]
        term = smooth_entropy if name == "class_entropy" else few_classes
        return torch.stack([term(each) for each in weights]).sum()


def grayscale(pictures: Tensor) -> Tensor:
    """Return pictures with their luminance in all three channels. [n, 3, h, w] -> the same."""
    shares = pictures.new_tensor(LUMINANCE).view(1, 3, 1, 1)
    return (pictures * shares).sum(dim=1, keepdim=True).expand_as(pictures)
