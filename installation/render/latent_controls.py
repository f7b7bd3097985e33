"""Faders on latent space: eight directions (macros), a fixed noise, and weights of single classes.

They displace what the walk shows, so that dreams, drift and stored pictures know nothing of them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from installation.core.messages import Value
from installation.core.params import MACROS
from installation.models.interfaces import Floats, Generator, Latents, Point, logits_of, slices, weights_of
from installation.render.latent_walk import orthonormal_directions, rotate_towards

CLASS_PREFIX, CLASS_SUFFIX = "latent/class/", "/weight"
NEUTRAL = 0.5  # of a macro
MACRO_AMOUNT = 0.9  # displacement at a macro's ends, as a share of the length of z
NOISE_AMOUNT = 1.2  # the same for `latent/noise` at 1
FOLLOW_SECONDS = 0.15  # time constant with which the picture follows a fader
NOISE_SEED = 5


class LatentControls:
    """The displacement that the faders ask for. It follows them smoothly."""

    def __init__(self, generator: Generator) -> None:
        self._generator = generator
        self._classes = sum(len(group.labels) for group in generator.groups)
        self._directions = np.zeros((MACROS, generator.z_dim), np.float32)
        self._noise = orthonormal_directions((generator.z_dim,), 1, NOISE_SEED)[0]
        self._target = self._shown = np.zeros(MACROS + 1 + self._classes, np.float32)  # macros, noise, class weights

    def set_directions(self, directions: Floats) -> None:
        """Take the directions of the macros. [MACROS, z_dim], unit vectors."""
        self._directions = directions

    def set_params(self, params: Mapping[str, Value]) -> list[str]:
        """Take the faders; return a sentence for each class that the generator does not have."""
        target = np.zeros_like(self._target)
        for number in range(MACROS):
            target[number] = 2.0 * (float(params.get(f"latent/macro/{number + 1}", NEUTRAL)) - NEUTRAL)
        target[MACROS] = float(params.get("latent/noise", 0.0))
        unknown = []
        for number, weight in class_weights(params).items():
            if number < self._classes:
                target[MACROS + 1 + number] = weight
            elif weight:
                last = self._classes - 1
                unknown.append(f"'{self._generator.name}' has no class {number}; its classes are 0 to {last}.")
        self._target = target
        return unknown

    @property
    def uses_macros(self) -> bool:
        """Whether any macro is away from its middle."""
        return bool(self._target[:MACROS].any())

    def advance(self, seconds: float) -> None:
        """Follow the faders for so long."""
        share = 1.0 - math.exp(-seconds / FOLLOW_SECONDS)
        shown = self._shown + (self._target - self._shown) * share
        self._shown = np.where(np.abs(self._target - shown) < 1e-4, self._target, shown).astype(np.float32)

    def apply(self, point: Point) -> Point:
        """Displace a point as the faders ask."""
        if not self._shown.any():
            return point
        macros, noise, weights = np.split(self._shown, (MACROS, MACROS + 1))
        offset = MACRO_AMOUNT * (macros @ self._directions) + NOISE_AMOUNT * noise * self._noise  # [z_dim]
        z = rotate_towards(point.z, offset, 1.0) if offset.any() else point.z
        return Latents(z, self._with_classes(point.classes, weights) if weights.any() else point.classes)

    def _with_classes(self, logits: Floats, chosen: Floats) -> Floats:
        """Mix classes into those of a picture: in each group, they take their weights from the others."""
        weights = weights_of(logits, self._generator.groups)
        for group, where in zip(self._generator.groups, slices(self._generator.groups), strict=True):
            wanted = chosen[where] / max(1.0, float(chosen[where].sum())) if group.simplex else chosen[where]
            rest = 1.0 - float(wanted.sum()) if group.simplex else 1.0
            weights[:, where] = np.minimum(rest * weights[:, where] + wanted, 1.0)
        return logits_of(weights)


def class_weights(params: Mapping[str, Value]) -> dict[int, float]:
    """The weights of single classes among the parameters, by the number of the class, from 0."""
    names = (name for name in params if name.startswith(CLASS_PREFIX))
    return {int(name.removeprefix(CLASS_PREFIX).removesuffix(CLASS_SUFFIX)): float(params[name]) for name in names}
