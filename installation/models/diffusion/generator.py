"""Turbo diffusion models as a Generator (Sauer et al., Adversarial Diffusion Distillation, 2023).

z holds everything that a picture is made of, in rows of one width: first the noise, then the pooled embedding of the
text if the model has one, then its tokens. So a walk between two pictures is a slerp of each row: of the noise and of
the words. Between them the model paints what lies between, at every step a whole picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from installation.models.diffusion.loading import MAX_TOKENS, Parts
from installation.models.diffusion.quiet import quietly
from installation.models.interfaces import Floats, Group, Latents, Picture, Point, Size, height_width
from installation.models.resize import resized

CACHED_TEXTS = 256
UNWANTED = 0.6  # how far a text of weight -1 pushes the embedding away, as a share of its difference from no words
STEP_SEED = 1  # of the noise that is added between steps: the same for every frame, so that pictures do not flicker
MAX_CHARACTERS = 1000


class Condition(NamedTuple):
    """The embedding of words.

    Attributes:
        tokens: [tokens, width].
        pooled: [pooled], or [0] for a model without it.
    """

    tokens: Floats
    pooled: Floats


class TurboDiffusion:
    """A Generator that reads words; images are native squares, and a size resizes them to its height."""

    groups: tuple[Group, ...] = ()
    resolution_free = False

    def __init__(self, name: str, parts: Parts, steps: int, device: str) -> None:
        """Take loaded parts on the device; a picture takes `steps` steps."""
        self.name = name
        self._parts, self._device = parts, torch.device(device)
        with quietly():
            parts.scheduler.set_timesteps(steps, device=self._device)
        config = parts.unet.config
        side = int(config.sample_size)
        self._noise_shape = (int(config.in_channels), side, side)
        self.native_size = side * 2 ** (len(parts.vae.config.block_out_channels) - 1)
        self.z_dim = int(config.cross_attention_dim)
        self._embedded = lru_cache(CACHED_TEXTS)(self._embed)
        self._empty = self._embedded("")
        self.noise_rows = _rows(int(np.prod(self._noise_shape)), self.z_dim)
        self._pooled_rows = _rows(len(self._empty.pooled), self.z_dim)
        self.z_shape: tuple[int, ...] = (self.noise_rows + self._pooled_rows + len(self._empty.tokens), self.z_dim)

    def sample(self, n: int, seed: int) -> Point:
        """See `Generator.sample`: what the model paints without words."""
        rows = [self._join(self._noise(seed * 1000 + index), self._empty) for index in range(n)]
        return Latents(np.stack(rows), np.zeros((n, 0), np.float32))

    def compose(self, texts: Sequence[str], weights: Sequence[float], seed: int) -> Floats:
        """See `WordPainter.compose`: the weighted mean of the embeddings of the texts, and noise."""
        return self._join(self._noise(seed), self._mixed(texts, weights))[None]

    def fit(self, text: str) -> str:
        """See `WordPainter.fit`."""
        words = text[:MAX_CHARACTERS].split()
        kept = len(words)
        while kept and self._tokens(" ".join(words[:kept])) > MAX_TOKENS:
            kept -= 1
        return text if kept == len(text.split()) else " ".join(words[:kept])

    def noise_directions(self, count: int, seed: int) -> Floats:
        """See `WordPainter.noise_directions`."""
        directions = np.zeros((count, *self.z_shape), np.float32)
        noise = np.random.default_rng(seed).standard_normal((count, self.noise_rows, self.z_dim))
        directions[:, : self.noise_rows] = noise / np.linalg.norm(noise, axis=-1, keepdims=True)
        return directions

    def render(self, latents: Latents[Tensor], size: Size | None = None, phase: float = 0.0) -> Tensor:
        """See `Generator.render`; `phase` is ignored."""
        del phase
        unet, vae = self._parts.unet, self._parts.vae
        scheduler = copy(self._parts.scheduler)  # it counts the steps of one picture
        sample, pooled, tokens = self._split(latents.z)
        words = {"encoder_hidden_states": tokens.to(unet.dtype), "added_cond_kwargs": self._added(pooled)}
        sample = sample * scheduler.init_noise_sigma
        between = [torch.Generator().manual_seed(STEP_SEED) for _ in range(len(sample))]
        for time in scheduler.timesteps:
            scaled = scheduler.scale_model_input(sample, time).to(unet.dtype)
            noise = unet(scaled, time, **words).sample
            sample = scheduler.step(noise.float(), time, sample, generator=between).prev_sample
        pictures = vae.decode((sample / vae.config.scaling_factor).to(vae.dtype)).sample.float()
        pictures = (0.5 + 0.5 * pictures).clamp(0.0, 1.0)
        return pictures if size is None else resized(pictures, height_width(size)[0])

    def paint(self, latents: Point, size: Size | None = None, phase: float = 0.0) -> Picture:
        """See `Generator.paint`."""
        with torch.no_grad():
            z = torch.from_numpy(latents.z[:1]).to(self._device)
            pictures = self.render(Latents(z, z.new_zeros(1, 0)), size, phase)
            picture: Picture = pictures[0].permute(1, 2, 0).mul(255.0).round().to(torch.uint8).cpu().numpy()
        return picture

    # -- words ------------------------------------------------------------------------------------------------------

    def _mixed(self, texts: Sequence[str], weights: Sequence[float]) -> Condition:
        """The weighted mean of wanted texts, moved away from unwanted ones; no words if none is wanted."""
        pairs = [(self._embedded(text), weight) for text, weight in zip(texts, weights, strict=True)]
        total = sum(weight for _, weight in pairs if weight > 0)
        parts = []
        for part in range(len(Condition._fields)):
            middle = self._empty[part]
            if total:
                middle = np.sum([each[part] * (weight / total) for each, weight in pairs if weight > 0], axis=0)
            away = [UNWANTED * -weight * (self._empty[part] - each[part]) for each, weight in pairs if weight < 0]
            parts.append(np.sum([middle, *away], axis=0).astype(np.float32))
        return Condition(*parts)

    def _embed(self, text: str) -> Condition:
        pipeline = self._parts.pipeline
        with torch.no_grad():
            found = pipeline.encode_prompt(
                self.fit(text), device=self._device, num_images_per_prompt=1, do_classifier_free_guidance=False
            )
        pooled = found[2][0].float().numpy(force=True) if len(found) > 2 else np.zeros(0, np.float32)
        return Condition(found[0][0].float().numpy(force=True), pooled)

    def _tokens(self, text: str) -> int:
        pipeline = self._parts.pipeline
        return len(pipeline.tokenizer(text).input_ids)

    # -- z ----------------------------------------------------------------------------------------------------------

    def _noise(self, seed: int) -> Floats:
        return np.random.default_rng(seed).standard_normal(int(np.prod(self._noise_shape))).astype(np.float32)

    def _join(self, noise: Floats, words: Condition) -> Floats:
        """Rows of z. -> [*z_shape]."""
        parts = (_padded(noise, self.noise_rows, self.z_dim), _padded(words.pooled, self._pooled_rows, self.z_dim))
        return np.concatenate([*parts, words.tokens]).astype(np.float32)

    def _split(self, z: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """[n, *z_shape] -> noise [n, channels, side, side], pooled [n, pooled] and tokens [n, tokens, width]."""
        sizes = [self.noise_rows, self._pooled_rows, len(self._empty.tokens)]
        noise, pooled, tokens = torch.split(z, sizes, dim=1)
        noise = noise.flatten(1)[:, : int(np.prod(self._noise_shape))].reshape(-1, *self._noise_shape)
        return noise, pooled.flatten(1)[:, : len(self._empty.pooled)], tokens

    def _added(self, pooled: Tensor) -> dict[str, Tensor] | None:
        """What SDXL wants to know besides the words: the pooled embedding, and that the picture is uncropped."""
        if not self._pooled_rows:
            return None
        side = float(self.native_size)
        times = pooled.new_tensor([[side, side, 0.0, 0.0, side, side]]).expand(len(pooled), -1)
        dtype = self._parts.unet.dtype
        return {"text_embeds": pooled.to(dtype), "time_ids": times.to(dtype)}


def _rows(numbers: int, width: int) -> int:
    return -(-numbers // width)


def _padded(values: Floats, rows: int, width: int) -> Floats:
    """A vector as rows, with zeros at the end. [n] -> [rows, width]."""
    return np.pad(values, (0, rows * width - len(values))).reshape(rows, width)
