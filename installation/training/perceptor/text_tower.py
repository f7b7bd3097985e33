"""Training of the perceptor's text tower: text embeddings move to the sum of their classes' vectors.

The target of every text is known (`ClassEmbeddings.text_targets`), so no contrastive term is needed. The loss is the
cosine to the target and, in each group that a text names, the cross-entropy of the named class.
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
from installation.training.data.lexicon import GROUP_SLICES
from installation.training.data.text_batches import TextBatches
from installation.training.loop import Log, ParameterGroup, TrainingLoop
from installation.training.perceptor.class_embeddings import ClassEmbeddings

BATCH = 256
LENGTH_BUCKETS = 4  # of a batch, by number of tokens
PARAMETER_GROUPS = (ParameterGroup("token_embedding", 1e-3, 0.0), ParameterGroup("", 2e-3, 0.01))
SHARPNESS = 12.0  # inverse temperature of the softmax over the classes of a group
CLASSIFICATION_WEIGHT = 0.1  # in the loss, beside 1 for the cosine
TOKEN_STD = 0.03  # of token embeddings that are initialised from word embeddings

Tokenize = Callable[[list[str]], Tensor]  # texts -> token ids [n, context]


class TextTowerTrainer:
    """The text tower of an `open_clip.CLIP` in training."""

    def __init__(self, model: Any, tokenize: Tokenize, embeddings: ClassEmbeddings) -> None:
        """`model` is trained in place; it, the tokens and the embeddings are on the same device."""
        self._model, self._tokenize, self._embeddings = model, tokenize, embeddings

    def train(self, batches: TextBatches, steps: int, seed: int, folder: Path, log: Log) -> None:
        """Train from the last checkpoint in `folder` to `steps`."""

        def step(index: int) -> tuple[Tensor, Mapping[str, float]]:
            texts, rows = batches.batch(np.random.default_rng([seed, index]), BATCH)
            labels = torch.from_numpy(rows).to(self._embeddings.text_bias.device)
            embedded = encode_text(self._model, self._tokenize(texts))
            cosine = (embedded * self._embeddings.text_targets(labels)).sum(1).mean()
            classification, accuracy = classification_loss(embedded, labels, self._embeddings)
            loss = (1.0 - cosine) + CLASSIFICATION_WEIGHT * classification
            return loss, {"cosine": float(cosine.detach()), "accuracy": accuracy}

        names = ("visual.", "logit_")
        tensors = {key: value for key, value in self._model.named_parameters() if not key.startswith(names)}
        TrainingLoop("text tower", tensors, PARAMETER_GROUPS, folder).run(steps, step, log)


def encode_text(model: Any, tokens: Tensor) -> Tensor:
    """The same as `CLIP.encode_text`, faster: token ids [n, context] -> unit rows [n, d].

    Texts of similar length are encoded together, without the padding behind the longest of them.
    """
    ends = tokens.argmax(dim=1)  # the end-of-text token has the highest id
    order = ends.argsort()
    embedded = model.token_embedding(tokens[order, : int(ends.max()) + 1])  # one lookup: each costs a dense gradient
    buckets = zip(embedded.chunk(LENGTH_BUCKETS), ends[order].chunk(LENGTH_BUCKETS), strict=True)
    return torch.cat([_encode_bucket(model, *bucket) for bucket in buckets])[order.argsort()]


def _encode_bucket(model: Any, embedded: Tensor, ends: Tensor) -> Tensor:
    length = int(ends.max()) + 1
    x = embedded[:, :length] + model.positional_embedding[:length]
    x = model.ln_final(model.transformer(x, attn_mask=model.attn_mask[:length, :length]))
    return F.normalize(x[torch.arange(len(ends), device=ends.device), ends] @ model.text_projection, dim=1)


def init_token_embeddings(model: Any, tokens: Sequence[int], word_embeddings: Floats) -> None:
    """Initialise the embeddings of some tokens with the principal components of their words' embeddings [n, m]."""
    table = model.token_embedding.weight
    centred = torch.from_numpy(word_embeddings - word_embeddings.mean(axis=0))
    directions = torch.linalg.svd(centred[:: max(1, len(centred) // 6000)], full_matrices=False)[2]
    components = centred @ directions[: table.shape[1]].T
    with torch.no_grad():
        table.mul_(0.5)
        table[list(tokens), : components.shape[1]] = TOKEN_STD * components / components.std()


def classification_loss(embedded: Tensor, labels: Tensor, embeddings: ClassEmbeddings) -> tuple[Tensor, float]:
    """The mean cross-entropy and the accuracy over all groups that the texts [n, d] name; labels are [n, classes]."""
    losses, right, count = embedded.new_zeros(()), 0.0, 0
    for where in GROUP_SLICES.values():
        wanted = labels[:, where]
        named = wanted.amax(dim=1) > 0.5
        if named.any():
            scores = SHARPNESS * embedded[named] @ embeddings.classes[where].T
            losses = losses + F.cross_entropy(scores, F.normalize(wanted[named], p=1.0, dim=1), reduction="sum")
            right += float((scores.argmax(1) == wanted[named].argmax(1)).sum())
            count += int(named.sum())
    return losses / max(1, count), right / max(1, count)
