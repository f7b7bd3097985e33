"""Models without weights: soft lights that drift, and a perceptor that hashes words. For rehearsals and tests.

Everything is numpy, so that a rehearsal needs no torch. Handed tensors, the same lines run on torch and are
differentiable; torch is then taken from where the caller has imported it.
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
from installation.models.latent_sampling import few_classes, truncated_normal
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
_TINTED = 0.75  # how much of a tinted glass's colour there is

_RATES = np.array([0.23, 0.17, 0.29, 0.19], np.float32)  # radians a second: a light drifts round in half a minute
_STARTS = np.array([0.0, 1.7, 3.1, 4.6], np.float32)


class FakeGenerator:
    """A Generator of soft coloured lights before a luminous sky; any size, under a millisecond at its native one."""

    name = "fake"
    z_dim = 3 * LIGHTS  # for each light: place across, place down, size
    groups: tuple[Group, ...] = (Group("hour", tuple(_HOURS)), Group("glass", tuple(_GLASSES), neutral=0))
    native_size = 128
    resolution_free = True

    def sample(self, n: int, seed: int) -> Point:
        """See `Generator.sample`."""
        random = np.random.default_rng(seed)
        return Latents(truncated_normal(random, (n, self.z_dim)), few_classes(random, n, self.groups))

    def render(self, latents: Latents[Any], size: Size | None = None, phase: float = 0.0) -> Any:
        """See `Generator.render`; latents of numpy arrays give a numpy array.

        Each place is the mean of the sky's and the lights' colours, weighted by how much of each is there. Those
        weights are products of a curve across and a curve down, so a picture is two matrix products.
        """
        height, width = height_width(self.native_size if size is None else size)
        maths, put = _arithmetic(latents.z)
        colours = self._colours(latents.classes, maths, put)
        down, across = _curves(latents.z, height, width, phase, maths, put)
        coloured = (colours[:, :, None, :] * down[:, None]).reshape(len(latents), 3 * height, LIGHTS + 2) @ across
        return coloured.reshape(len(latents), 3, height, width) / (down @ across)[:, None]

    def paint(self, latents: Point, size: Size | None = None, phase: float = 0.0) -> Picture:
        """See `Generator.paint`."""
        picture = self.render(latents[:1], size, phase)[0]
        painted: Picture = np.rint(picture.transpose(1, 2, 0) * 255.0).astype(np.uint8)
        return painted

    def _colours(self, classes: Any, maths: Any, put: Callable[[Any], Any]) -> Any:
        """Class logits -> [batch, 3, LIGHTS + 2] colours in 0..1."""
        hour, glass = (_softmax(classes[:, where], maths) for where in slices(self.groups))
        plain = (hour @ put([_rgb("".join(hour)) for hour in _HOURS.values()])).reshape(len(classes), LIGHTS + 2, 3)
        lightness = plain.mean(2)[:, :, None] ** 0.6  # glass takes light away; this gives some back
        tinted = lightness * (glass @ put([_rgb(glass) for glass in _GLASSES.values()]))[:, None]
        share = _TINTED * (1.0 - glass[:, :1])[:, :, None]
        return (plain + (tinted - plain) * share).swapaxes(1, 2)


class FakePerceptor:
    """A Perceptor that sees sixteen patches and hashes words: it understands nothing, but can be climbed."""

    name = "fake"
    context_length = 16
    input_size = 16
    embedding_size = 32
    _PATCHES = 4  # across and down

    def __init__(self) -> None:
        seen = 3 * self._PATCHES**2
        self._projection = np.random.default_rng(4).standard_normal((seen, self.embedding_size)).astype(np.float32)

    def embed_text(self, texts: Sequence[str]) -> Floats:
        """See `Perceptor.embed_text`: the mean of the words' own directions, the same in every process."""
        rows = np.stack([self._direction(self.fit(text)) for text in texts])
        unit: Floats = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
        return unit

    def fit(self, text: str) -> str:
        """See `Perceptor.fit`: a word is a token."""
        ends = [word.end() for word in finditer(r"\S+", text)][: self.context_length - 2]
        return text.strip() if not ends else text[: ends[-1]].strip()

    def embed_image(self, pictures: Any) -> Any:
        """See `Perceptor.embed_image`; numpy pictures of at least 4 x 4 give numpy rows."""
        _, put = _arithmetic(pictures)
        patches = self._PATCHES
        high, wide = pictures.shape[2] // patches, pictures.shape[3] // patches
        whole = pictures[:, :, : high * patches, : wide * patches]
        means = whole.reshape(len(pictures), 3, patches, high, patches, wide).mean((3, 5))
        rows = (means.reshape(len(pictures), -1) - 0.5) @ put(self._projection)
        return rows / ((rows * rows).sum(1)[:, None] + 1e-12) ** 0.5

    def _direction(self, text: str) -> Floats:
        words = text.lower().split() or [""]
        seeds = [int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "big") for word in words]
        draws = [np.random.default_rng(seed).standard_normal(self.embedding_size) for seed in seeds]
        total: Floats = np.sum(draws, axis=0).astype(np.float32)
        return total


def _arithmetic(like: Any) -> tuple[Any, Callable[[Any], Any]]:
    """The module that computes with arrays of this kind, and what turns constants into arrays of this kind."""
    if isinstance(like, np.ndarray):
        return np, lambda values: np.asarray(values, np.float32)
    torch = sys.modules["torch"]
    return torch, lambda values: torch.as_tensor(np.asarray(values, np.float32), device=like.device)


def _softmax(logits: Any, maths: Any) -> Any:
    grown = maths.exp(logits - logits.max())
    return grown / grown.sum(1)[:, None]


def _curves(z: Any, height: int, width: int, phase: float, maths: Any, put: Callable[[Any], Any]) -> tuple[Any, Any]:
    """How much of zenith, horizon and each light there is: down [batch, height, 6] and across [batch, 6, width]."""
    y, x = _places(height, min(height, width)), _places(width, min(height, width))
    turn = phase * _RATES + _STARTS
    places = maths.tanh(z.reshape(len(z), LIGHTS, 3) * 0.8)
    size = 0.34 * maths.exp(0.5 * places[:, :, 2])
    centre_x = 0.95 * places[:, :, 0] + put(0.10 * np.sin(turn))
    centre_y = 0.85 * places[:, :, 1] + put(0.07 * np.cos(1.3 * turn))
    lights_down = 3.0 * maths.exp(-(((put(y)[None, :, None] - centre_y[:, None]) / size[:, None]) ** 2))
    lights_across = maths.exp(-(((put(x)[None, None] - centre_x[:, :, None]) / size[:, :, None]) ** 2))
    fall = np.clip((y + 1.0) / 2.0, 0.0, 1.0)
    sky = maths.broadcast_to(put(np.stack([(1.0 - fall) ** 1.5 + 0.02, fall**1.5 + 0.02], axis=1)), (len(z), height, 2))
    even = maths.broadcast_to(put(1.0), (len(z), 2, width))
    return maths.concatenate([sky, lights_down], 2), maths.concatenate([even, lights_across], 1)


def _places(count: int, unit: int) -> Floats:
    """Middles of pixels, where -1..1 is the middle `unit` of them."""
    places: Floats = ((np.arange(count) + 0.5 - count / 2) * (2.0 / unit)).astype(np.float32)
    return places


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
