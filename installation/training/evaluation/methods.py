"""Three ways from words to a picture, to be compared: the Bank alone, plain gradients, and ours."""

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
Z_RATE, CLASS_RATE = 0.06, 0.2  # of plain Adam, as the workshop's notebooks have them
SMOOTHING = 0.12  # share of all the other classes where plain gradients begin: without it they cannot move at all
PAINTED = 192  # pixels, of a generator that is free in size
LOOKED = (0, 2, 4, 8, 16, 24, 32, 48, 64, 96, 128)  # steps after which the score is noted


class MethodAnswer(NamedTuple):
    """A picture for some words, and the exact score of what was shown after so many steps."""

    point: Point
    scores: dict[int, float]
    seconds: float  # of the processor


def bank_only(session: DreamSession, text: str, steps: int) -> MethodAnswer:
    """The entry of the Bank that lies nearest to the words."""
    del steps
    began, loaded = time.process_time(), session.models
    entry = nearest_entry(loaded, text)
    point = loaded.bank.point(entry, loaded.generator.groups)
    return MethodAnswer(point, {0: score_of(loaded, text, point)}, time.process_time() - began)


def plain_adam(session: DreamSession, text: str, steps: int) -> MethodAnswer:
    """Adam on z and on class logits, from that entry on, by the cosine of the whole picture and nothing else."""
    began, loaded = time.process_time(), session.models
    groups = loaded.generator.groups
    start = loaded.bank.point(nearest_entry(loaded, text), groups)
    z = torch.from_numpy(start.z.copy()).requires_grad_(True)
    logits = torch.from_numpy(_smoothed(start.classes, loaded)).requires_grad_(True)
    optimiser = torch.optim.Adam([{"params": [z], "lr": Z_RATE}, {"params": [logits], "lr": CLASS_RATE}])
    target = torch.from_numpy(loaded.embed_texts([text])).T
    size = loaded.render_size
    scores = {0: score_of(loaded, text, start)}
    for step in range(1, steps + 1):
        seen = loaded.perceptor.embed_image(loaded.generator.render(Latents(z, logits), size))
        optimiser.zero_grad()
        (-(seen @ target).sum()).backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        if step in LOOKED or step == steps:
            scores[step] = score_of(loaded, text, _held(z, logits))
    return MethodAnswer(_held(z, logits), scores, time.process_time() - began)


def ours(session: DreamSession, text: str, steps: int) -> MethodAnswer:
    """What the show does: classes chosen by words and by looking, then z by gradient through cutouts."""
    began, loaded = time.process_time(), session.models
    dream = session.dream((Prompt(1, text),), SEED, {})
    scores = {0: score_of(loaded, text, dream.point())}
    while dream.steps < steps:
        if dream.step() and dream.steps in LOOKED:
            scores[dream.steps] = score_of(loaded, text, dream.point())
    dream.settle()
    scores[steps] = score_of(loaded, text, dream.point())
    return MethodAnswer(dream.point(), scores, time.process_time() - began)


METHODS: Mapping[str, Callable[[DreamSession, str, int], MethodAnswer]] = {
    "bank": bank_only,
    "adam": plain_adam,
    "ours": ours,
}


def nearest_entry(loaded: DreamModels, text: str) -> int:
    """The entry of the Bank whose picture scores highest."""
    words = loaded.embed_texts([loaded.perceptor.fit(text)])[0]
    return int((loaded.bank.embeddings.astype(np.float32) @ words).argmax())


def score_of(loaded: DreamModels, text: str, point: Point) -> float:
    """The cosine of words and picture, exactly."""
    seen = loaded.embed_latents(torch.from_numpy(point.z), torch.from_numpy(point.classes))
    return float(seen.numpy(force=True)[0] @ loaded.embed_texts([text])[0])


def painted(loaded: DreamModels, point: Point) -> Picture:
    """The picture of a point as it is judged and shown."""
    size: Size | None = PAINTED if loaded.generator.resolution_free else None
    return loaded.generator.paint(point, size)


def _smoothed(logits: Floats, loaded: DreamModels) -> Floats:
    groups = loaded.generator.groups
    even = np.concatenate(
        [np.full(where.stop - where.start, 1 / (where.stop - where.start)) for where in slices(groups)]
    )
    return logits_of(((1 - SMOOTHING) * weights_of(logits, groups) + SMOOTHING * even).astype(np.float32))


def _held(z: torch.Tensor, logits: torch.Tensor) -> Point:
    return Latents(z.detach().numpy().copy(), logits.detach().numpy().copy())
