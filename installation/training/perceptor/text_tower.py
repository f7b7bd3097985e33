"""Training of the reader, the perceptor's text tower: texts land where their pictures land.

The goal of every text is known (`Codes.of_texts`), so there is nothing to be contrasted but the classes: the cosine to
the goal, and in each group that a text speaks of, the said class before the others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from installation.models.interfaces import Floats
from installation.training.data.lexicon import PLACES
from installation.training.data.text_batches import TextBatches
from installation.training.loop import Tell, TrainingLoop
from installation.training.perceptor.class_embeddings import ClassEmbeddings

BATCH = 256
PORTIONS = 4  # of a batch, of texts that are about as long
RATES = (("token_embedding", 1e-3, 0.0), ("", 2e-3, 0.01))
SHARPNESS = 12.0  # of the choice among a group's classes
CHOOSING = 0.1  # its weight beside the cosine
SPREAD_OF_TOKENS = 0.03  # of the token table at the beginning

Tokenize = Callable[[list[str]], Tensor]  # texts -> [n, context]


def read_tokens(model: Any, tokens: Tensor) -> Tensor:
    """`CLIP.encode_text`, for less: [n, context] -> unit rows [n, d].

    Texts of about one length are read together, on no more places than the longest of them has.
    """
    ends = tokens.argmax(dim=1)  # the mark of the end has the highest number
    order = ends.argsort()
    seen = model.token_embedding(tokens[order, : int(ends.max()) + 1])  # at once: each lookup costs a whole gradient
    parts = [_read(model, *part) for part in zip(seen.chunk(PORTIONS), ends[order].chunk(PORTIONS), strict=True)]
    return torch.cat(parts)[order.argsort()]


def _read(model: Any, seen: Tensor, ends: Tensor) -> Tensor:
    places = int(ends.max()) + 1
    seen = seen[:, :places] + model.positional_embedding[:places]
    seen = model.ln_final(model.transformer(seen, attn_mask=model.attn_mask[:places, :places]))
    return F.normalize(seen[torch.arange(len(ends), device=ends.device), ends] @ model.text_projection, dim=1)


def start_tokens(model: Any, tokens: Sequence[int], rows: Floats) -> None:
    """Begin with token embeddings whose likeness is that of their words: the principal components of `rows` [n, m]."""
    table = model.token_embedding.weight
    centred = torch.from_numpy(rows - rows.mean(axis=0))
    directions = torch.linalg.svd(centred[:: max(1, len(rows) // 6000)], full_matrices=False)[2]
    parts = centred @ directions[: table.shape[1]].T
    with torch.no_grad():
        table.mul_(0.5)
        table[list(tokens), : parts.shape[1]] = SPREAD_OF_TOKENS * parts / parts.std()


def train_reader(
    model: Any,
    tokenize: Tokenize,
    codes: ClassEmbeddings,
    lessons: TextBatches,
    steps: int,
    seed: int,
    folder: Path,
    tell: Tell,
) -> None:
    """Train the text tower of a CLIP towards the codes, from the last checkpoint of the folder."""

    def step(index: int) -> tuple[Tensor, Mapping[str, float]]:
        texts, said = lessons.batch(np.random.default_rng([seed, index]), BATCH)
        meant = torch.from_numpy(said).to(codes.hush.device)
        read = read_tokens(model, tokenize(texts))
        cosine = (read * codes.of_texts(meant)).sum(1).mean()
        choice, right = chosen_classes(read, meant, codes)
        return (1.0 - cosine) + CHOOSING * choice, {"cosine": float(cosine.detach()), "classes right": right}

    live = {key: value for key, value in model.named_parameters() if not key.startswith(("visual.", "logit_"))}
    TrainingLoop("reader", live, RATES, folder).run(steps, step, tell)


def chosen_classes(read: Tensor, meant: Tensor, codes: ClassEmbeddings) -> tuple[Tensor, float]:
    """The cross-entropy of the said classes, and the share that comes first, over all groups that are spoken of."""
    losses, right, count = read.new_zeros(()), 0.0, 0
    for where in PLACES.values():
        wanted = meant[:, where]
        spoken = wanted.amax(dim=1) > 0.5
        if spoken.any():
            scores = SHARPNESS * read[spoken] @ codes.classes[where].T
            losses = losses + F.cross_entropy(scores, F.normalize(wanted[spoken], p=1.0, dim=1), reduction="sum")
            right += float((scores.argmax(1) == wanted[spoken].argmax(1)).sum())
            count += int(spoken.sum())
    return losses / max(1, count), right / max(1, count)
