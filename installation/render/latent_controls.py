"""Faders on latent space: eight directions (macros), a fixed noise, and weights of classes by number or by the words.

They displace what the walk shows, so that dreams, drift and stored pictures know nothing of them. The picture follows a
fader smoothly. What sound adds to macros and noise acts at once: it has an attack and a release of its own.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from installation.core.messages import Value
from installation.core.param_table import MACROS
from installation.models.capabilities import WordPainter
from installation.models.interfaces import Floats, Generator, Latents, Point, logits_of, slices, weights_of
from installation.render.latent_walk import orthonormal_directions, rotate_noise

CLASS_PREFIX, RELATED_PREFIX, SUFFIX = "latent/class/", "latent/related/", "/weight"
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
        self._added = np.zeros(MACROS + 1, np.float32)  # to macros and noise, by sound
        self._related: tuple[int, ...] = ()  # classes, the closest to the words first
        self._weights: dict[int, float] = {}  # of classes by number
        self._related_weights: dict[int, float] = {}  # of classes by their place among the related ones, from 1

    def set_directions(self, directions: Floats) -> None:
        """Take the directions of the macros. [MACROS, z_dim], unit vectors."""
        self._directions = directions

    def set_params(self, params: Mapping[str, Value], values: Mapping[str, Value] | None = None) -> list[str]:
        """Take the faders, and their values with what sound adds to them.

        Returns a sentence for each class that the generator does not have.
        """
        values = params if values is None else values
        vector = _macros_and_noise(params)
        self._added = _macros_and_noise(values) - vector
        self._weights, self._related_weights = (class_weights(values, each) for each in (CLASS_PREFIX, RELATED_PREFIX))
        self._target = np.concatenate([vector, self._wanted_classes()])
        last = self._classes - 1
        return [
            f"'{self._generator.name}' has no class {number}; its classes are 0 to {last}."
            for number, weight in self._weights.items()
            if weight and number > last
        ]

    def set_related(self, classes: tuple[int, ...]) -> None:
        """Take the classes that are related to the words, the closest first."""
        if classes != self._related:
            self._related = classes
            self._target = np.concatenate([self._target[: MACROS + 1], self._wanted_classes()])

    @property
    def uses_related(self) -> bool:
        """Whether any class is shown because the words are close to it."""
        return any(self._related_weights.values())

    def _wanted_classes(self) -> Floats:
        """The weight of each class that the faders ask for. -> [classes]."""
        wanted = np.zeros(self._classes, np.float32)
        for number, weight in self._weights.items():
            if number < self._classes:
                wanted[number] = weight
        for place, weight in self._related_weights.items():
            if 1 <= place <= len(self._related):
                wanted[self._related[place - 1]] += weight
        return wanted

    @property
    def uses_macros(self) -> bool:
        """Whether any macro is away from its middle."""
        return bool(self._target[:MACROS].any() or self._added[:MACROS].any())

    def advance(self, seconds: float) -> None:
        """Follow the faders for so long; the macros rest until their directions are known, so that nothing jumps."""
        share = 1.0 - math.exp(-seconds / FOLLOW_SECONDS)
        target = self._target.copy()
        if not self._directions.any():
            target[:MACROS] = 0.0
        shown = self._shown + (target - self._shown) * share
        self._shown = np.where(np.abs(target - shown) < 1e-4, target, shown).astype(np.float32)

    def apply(self, point: Point) -> Point:
        """Displace a point as the faders ask."""
        if not self._shown.any() and not self._added.any():
            return point
        macros, noise, weights = np.split(self._shown, (MACROS, MACROS + 1))
        macros, noise = macros + self._added[:MACROS], noise + self._added[MACROS:]
        offset = MACRO_AMOUNT * (macros @ self._directions) + NOISE_AMOUNT * noise * self._noise  # [z_dim]
        z = rotate_noise(self._generator, point.z, on_noise(self._generator, offset), 1.0) if offset.any() else point.z
        return Latents(z, self._with_classes(point.classes, weights) if weights.any() else point.classes)

    def _with_classes(self, logits: Floats, chosen: Floats) -> Floats:
        """Mix classes into those of a picture: in each group, they take their weights from the others."""
        weights = weights_of(logits, self._generator.groups)
        for group, where in zip(self._generator.groups, slices(self._generator.groups), strict=True):
            wanted = chosen[where] / max(1.0, float(chosen[where].sum())) if group.simplex else chosen[where]
            rest = 1.0 - float(wanted.sum()) if group.simplex else 1.0
            weights[:, where] = np.minimum(rest * weights[:, where] + wanted, 1.0)
        return logits_of(weights)


def on_noise(generator: Generator, offset: Floats) -> Floats:
    """An offset of z that leaves words as they are. [z_dim] -> [z_dim], or [rows, z_dim] for a `WordPainter`."""
    if not isinstance(generator, WordPainter):
        return offset
    rows = np.zeros(generator.z_shape, np.float32)
    rows[: generator.noise_rows] = offset
    return rows


def _macros_and_noise(params: Mapping[str, Value]) -> Floats:
    """The positions of the macros, -1..1, and the noise, 0..1. -> [MACROS + 1]."""
    macros = [2.0 * (float(params.get(f"latent/macro/{number + 1}", NEUTRAL)) - NEUTRAL) for number in range(MACROS)]
    return np.array([*macros, float(params.get("latent/noise", 0.0))], np.float32)


def class_weights(params: Mapping[str, Value], prefix: str = CLASS_PREFIX) -> dict[int, float]:
    """The weights of single classes among the parameters, by number; of `latent/class` from 0, of `related` from 1."""
    names = (name for name in params if name.startswith(prefix))
    return {int(name.removeprefix(prefix).removesuffix(SUFFIX)): float(params[name]) for name in names}
