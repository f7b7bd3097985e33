"""Three methods from a text to an image: the nearest bank entry, plain gradients, and the optimisation of the show."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
import torch

from installation.core.messages import Prompt
from installation.dream.dream_models import DreamModels
from installation.dream.session import DreamSession
from installation.models.interfaces import Floats, Latents, Picture, Point, Size, logits_of, slices, weights_of

SEED = 1
Z_RATE, CLASS_RATE = 0.06, 0.2  # learning rates of plain Adam, as in the notebooks of its time
SMOOTHING = 0.12  # class weight that plain Adam starts with on all other classes, without which it cannot change them
IMAGE_SIZE = 192  # pixels, of a generator without a fixed size
SCORED_STEPS = (0, 2, 4, 8, 16, 24, 32, 48, 64, 96, 128)


class MethodResult(NamedTuple):
    """The latents found for a text."""

    point: Point
    scores: dict[int, float]  # steps -> cosine of text and image after so many steps
    seconds: float  # of processor time


def bank_only(session: DreamSession, text: str, steps: int) -> MethodResult:
    """The nearest entry of the latent bank."""
    del steps
    started, loaded = time.process_time(), session.models
    point = loaded.bank.point(nearest_entry(loaded, text), loaded.generator.groups)
    return MethodResult(point, {0: score(loaded, text, point)}, time.process_time() - started)


def plain_adam(session: DreamSession, text: str, steps: int) -> MethodResult:
    """Adam on z and class logits from the nearest entry, by the cosine of the whole image: no priors, no cutouts."""
    started, loaded = time.process_time(), session.models
    start = loaded.bank.point(nearest_entry(loaded, text), loaded.generator.groups)
    z = torch.from_numpy(start.z.copy()).requires_grad_(True)
    logits = torch.from_numpy(_smoothed(start.classes, loaded)).requires_grad_(True)
    optimizer = torch.optim.Adam([{"params": [z], "lr": Z_RATE}, {"params": [logits], "lr": CLASS_RATE}])
    target = torch.from_numpy(loaded.embed_texts([text])).T
    scores = {0: score(loaded, text, start)}
    for step in range(1, steps + 1):
        embedded = loaded.perceptor.embed_image(loaded.generator.render(Latents(z, logits), loaded.render_size))
        optimizer.zero_grad()
        (-(embedded @ target).sum()).backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        if step in SCORED_STEPS or step == steps:
            scores[step] = score(loaded, text, _to_point(z, logits))
    return MethodResult(_to_point(z, logits), scores, time.process_time() - started)


def ours(session: DreamSession, text: str, steps: int) -> MethodResult:
    """A dream as in the show: a discrete choice of classes, then Adam on z through cutouts."""
    started, loaded = time.process_time(), session.models
    dream = session.dream((Prompt(1, text),), SEED, {})
    scores = {0: score(loaded, text, dream.point())}
    while dream.steps < steps:
        if dream.step() and dream.steps in SCORED_STEPS:
            scores[dream.steps] = score(loaded, text, dream.point())
    dream.settle()
    scores[steps] = score(loaded, text, dream.point())
    return MethodResult(dream.point(), scores, time.process_time() - started)


METHODS: Mapping[str, Callable[[DreamSession, str, int], MethodResult]] = {
    "bank": bank_only,
    "adam": plain_adam,
    "ours": ours,
}


def nearest_entry(loaded: DreamModels, text: str) -> int:
    """The index of the bank entry whose image has the greatest cosine to the text."""
    embedded = loaded.embed_texts([loaded.perceptor.fit(text)])[0]
    return int((loaded.bank.embeddings.astype(np.float32) @ embedded).argmax())


def score(loaded: DreamModels, text: str, point: Point) -> float:
    """The cosine of a text and the image of a point."""
    embedded = loaded.embed_latents(torch.from_numpy(point.z), torch.from_numpy(point.classes))
    return float(embedded.numpy(force=True)[0] @ loaded.embed_texts([text])[0])


def render_point(loaded: DreamModels, point: Point) -> Picture:
    """The image of a point at the size of the evaluation."""
    size: Size | None = IMAGE_SIZE if loaded.generator.resolution_free else None
    return loaded.generator.paint(point, size)


def _smoothed(logits: Floats, loaded: DreamModels) -> Floats:
    """Logits mixed with the uniform distribution over each group."""
    groups = loaded.generator.groups
    uniform = np.concatenate(
        [np.full(where.stop - where.start, 1 / (where.stop - where.start)) for where in slices(groups)]
    )
    return logits_of(((1 - SMOOTHING) * weights_of(logits, groups) + SMOOTHING * uniform).astype(np.float32))


def _to_point(z: torch.Tensor, logits: torch.Tensor) -> Point:
    return Latents(z.detach().numpy().copy(), logits.detach().numpy().copy())
