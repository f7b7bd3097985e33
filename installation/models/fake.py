"""Models without weights for rehearsals and tests: drifting coloured lights, and a perceptor that hashes words.

Everything is numpy, so that a rehearsal needs no torch. Given tensors, the same code runs on torch and is
differentiable; torch is then taken from where the caller imported it.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Sequence
from re import finditer
from typing import Any

import numpy as np

from installation.core.model_files import ModelKind, embedded_files
from installation.models.interfaces import (
    Floats,
    Generator,
    Group,
    Latents,
    ModelPlace,
    Perceptor,
    Picture,
    Point,
    Size,
    height_width,
    slices,
)
from installation.models.latent_sampling import sample_class_logits, truncated_normal
from installation.models.spec import GeneratorSpec, PerceptorSpec

LIGHTS = 4

# colours of the zenith, of the horizon and of the lights
_HOURS = {
    "dusk": ("120d38", "c74d57", "ffbd5c", "e03866", "662e94", "ff854d"),
    "night": ("030517", "082652", "cce6ff", "0f708c", "33298c", "1a9e80"),
    "morning": ("4d8fcc", "ffdba8", "fff7d1", "fa9985", "80c7d1", "fac766"),
    "woods": ("051c1c", "3d7038", "f5eb75", "1f6b57", "0a3d47", "8fb33d"),
}
_GLASSES = {"clear glass": "ffffff", "red glass": "ff291f", "blue glass": "296bff"}
_TINT_STRENGTH = 0.75
_TINT_GAMMA = 0.6  # below 1: brightens, since tinted glass darkens

_DRIFT_RATES = np.array([0.23, 0.17, 0.29, 0.19], np.float32)  # radians per second: a round takes about half a minute
_DRIFT_STARTS = np.array([0.0, 1.7, 3.1, 4.6], np.float32)


class FakeGenerator:
    """A Generator of soft coloured lights on a bright sky; any size, under a millisecond at its native one."""

    name = "fake"
    z_dim = 3 * LIGHTS  # for each light: x, y, size
    groups: tuple[Group, ...] = (Group("hour", tuple(_HOURS)), Group("glass", tuple(_GLASSES), neutral=0))
    native_size = 128
    resolution_free = True

    def sample(self, n: int, seed: int) -> Point:
        """See `Generator.sample`."""
        random = np.random.default_rng(seed)
        return Latents(truncated_normal(random, (n, self.z_dim)), sample_class_logits(random, n, self.groups))

    def render(self, latents: Latents[Any], size: Size | None = None, phase: float = 0.0) -> Any:
        """See `Generator.render`; latents of numpy arrays give a numpy array.

        A pixel is the mean of the colours of sky and lights, weighted by how much of each there is. The weights are
        products of a vertical and a horizontal curve, so that an image is two matrix products.
        """
        height, width = height_width(self.native_size if size is None else size)
        xp, to_array = _array_module(latents.z)
        colours = self._colours(latents.classes, xp, to_array)
        vertical, horizontal = _curves(latents.z, height, width, phase, xp, to_array)
        weighted = colours[:, :, None, :] * vertical[:, None]
        coloured = weighted.reshape(len(latents), 3 * height, LIGHTS + 2) @ horizontal
        return coloured.reshape(len(latents), 3, height, width) / (vertical @ horizontal)[:, None]

    def paint(self, latents: Point, size: Size | None = None, phase: float = 0.0) -> Picture:
        """See `Generator.paint`."""
        picture = self.render(latents[:1], size, phase)[0]
        painted: Picture = np.rint(picture.transpose(1, 2, 0) * 255.0).astype(np.uint8)
        return painted

    def _colours(self, classes: Any, xp: Any, to_array: Callable[[Any], Any]) -> Any:
        """Class logits -> colours [batch, 3, LIGHTS + 2] in 0..1."""
        hour, glass = (_softmax(classes[:, where], xp) for where in slices(self.groups))
        plain = (hour @ to_array([_rgb("".join(hour)) for hour in _HOURS.values()])).reshape(-1, LIGHTS + 2, 3)
        lightness = plain.mean(2)[:, :, None] ** _TINT_GAMMA
        tinted = lightness * (glass @ to_array([_rgb(glass) for glass in _GLASSES.values()]))[:, None]
        share = _TINT_STRENGTH * (1.0 - glass[:, :1])[:, :, None]
        return (plain + (tinted - plain) * share).swapaxes(1, 2)


class FakePerceptor:
    """A Perceptor of the mean colours of sixteen patches and of hashed words: meaningless, but it can be optimised."""

    name = "fake"
    context_length = 16
    input_size = 16
    embedding_size = 32
    _PATCHES = 4  # per side

    def __init__(self) -> None:
        features = 3 * self._PATCHES**2
        self._projection = np.random.default_rng(4).standard_normal((features, self.embedding_size)).astype(np.float32)

    def embed_text(self, texts: Sequence[str]) -> Floats:
        """See `Perceptor.embed_text`: the mean of the words' random directions, the same in every process."""
        rows = np.stack([self._direction(self.fit(text)) for text in texts])
        unit: Floats = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
        return unit

    def fit(self, text: str) -> str:
        """See `Perceptor.fit`: a word is a token."""
        ends = [word.end() for word in finditer(r"\S+", text)][: self.context_length - 2]
        return text.strip() if not ends else text[: ends[-1]].strip()

    def embed_image(self, pictures: Any) -> Any:
        """See `Perceptor.embed_image`; numpy images of at least 4 x 4 pixels give numpy rows."""
        _, to_array = _array_module(pictures)
        patches = self._PATCHES
        height, width = pictures.shape[2] // patches, pictures.shape[3] // patches
        whole = pictures[:, :, : height * patches, : width * patches]
        means = whole.reshape(len(pictures), 3, patches, height, patches, width).mean((3, 5))
        rows = (means.reshape(len(pictures), -1) - 0.5) @ to_array(self._projection)
        return rows / ((rows * rows).sum(1)[:, None] + 1e-12) ** 0.5

    def _direction(self, text: str) -> Floats:
        words = text.lower().split() or [""]
        seeds = [int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "big") for word in words]
        draws = [np.random.default_rng(seed).standard_normal(self.embedding_size) for seed in seeds]
        total: Floats = np.sum(draws, axis=0).astype(np.float32)
        return total


def _array_module(like: Any) -> tuple[Any, Callable[[Any], Any]]:
    """Numpy or torch, whichever `like` belongs to, and a function that makes such arrays of constants."""
    if isinstance(like, np.ndarray):
        return np, lambda values: np.asarray(values, np.float32)
    torch = sys.modules["torch"]
    return torch, lambda values: torch.as_tensor(np.asarray(values, np.float32), device=like.device)


def _softmax(logits: Any, xp: Any) -> Any:
    exponentials = xp.exp(logits - logits.max())
    return exponentials / exponentials.sum(1)[:, None]


def _curves(z: Any, height: int, width: int, phase: float, xp: Any, to_array: Callable[[Any], Any]) -> tuple[Any, Any]:
    """How much of zenith, horizon and each light there is.

    Vertical curves [batch, height, LIGHTS + 2] and horizontal ones [batch, LIGHTS + 2, width].
    """
    y, x = _pixel_centres(height, min(height, width)), _pixel_centres(width, min(height, width))
    angle = phase * _DRIFT_RATES + _DRIFT_STARTS
    lights = xp.tanh(z.reshape(len(z), LIGHTS, 3) * 0.8)
    size = 0.34 * xp.exp(0.5 * lights[:, :, 2])
    centre_x = 0.95 * lights[:, :, 0] + to_array(0.10 * np.sin(angle))
    centre_y = 0.85 * lights[:, :, 1] + to_array(0.07 * np.cos(1.3 * angle))
    lights_y = 3.0 * xp.exp(-(((to_array(y)[None, :, None] - centre_y[:, None]) / size[:, None]) ** 2))
    lights_x = xp.exp(-(((to_array(x)[None, None] - centre_x[:, :, None]) / size[:, :, None]) ** 2))
    depth = np.clip((y + 1.0) / 2.0, 0.0, 1.0)  # 0 at the top
    gradient = np.stack([(1.0 - depth) ** 1.5 + 0.02, depth**1.5 + 0.02], axis=1)
    sky = xp.broadcast_to(to_array(gradient), (len(z), height, 2))
    even = xp.broadcast_to(to_array(1.0), (len(z), 2, width))
    return xp.concatenate([sky, lights_y], 2), xp.concatenate([even, lights_x], 1)


def _pixel_centres(count: int, unit: int) -> Floats:
    """Centres of `count` pixels, where -1..1 spans the middle `unit` of them."""
    centres: Floats = ((np.arange(count) + 0.5 - count / 2) * (2.0 / unit)).astype(np.float32)
    return centres


def _rgb(digits: str) -> list[float]:
    """Pairs of hexadecimal digits -> values in 0..1."""
    return [value / 255.0 for value in bytes.fromhex(digits)]


def _load_generator(place: ModelPlace) -> Generator:
    del place
    return FakeGenerator()


def _load_perceptor(place: ModelPlace) -> Perceptor:
    del place
    return FakePerceptor()


SPECS = (
    GeneratorSpec(
        family="fake",
        files=embedded_files("fake", ModelKind.GENERATOR),
        load=_load_generator,
        domain="fake",
        needs_torch=False,
        listed=False,
    ),
    PerceptorSpec(
        family="fake",
        files=embedded_files("fake", ModelKind.PERCEPTOR),
        load=_load_perceptor,
        domain="fake",
        listed=False,
    ),
)
