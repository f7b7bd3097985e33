"""Several perceptors as one (pixray looks with up to four): what one of them mistakes, the others may see."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from installation.core.errors import ShowError
from installation.models.interfaces import Floats, Perceptor

if TYPE_CHECKING:
    from torch import Tensor


class Ensemble:
    """A Perceptor whose cosines are those of its members, averaged by weight.

    An embedding is the members' own one after the other, each times the root of its share; so it is a unit vector,
    and a dot product of two is the weighted mean of the members' cosines.
    """

    def __init__(self, members: Mapping[str, tuple[Perceptor, float]]) -> None:
        """Perceptors by name, with weights above 0; the first leads: the Bank is its own. Raises ShowError."""
        if not members or any(weight <= 0.0 for _, weight in members.values()):
            raise ShowError("models.perceptors wants one perceptor or more, each with a weight above 0.")
        total = sum(weight for _, weight in members.values())
        self._members = [(perceptor, math.sqrt(weight / total)) for perceptor, weight in members.values()]
        self.name = "+".join(members)
        self.leader = self._members[0][0]
        self.context_length = min(perceptor.context_length for perceptor, _ in self._members)
        self.input_size = max(perceptor.input_size for perceptor, _ in self._members)
        self.embedding_size = sum(perceptor.embedding_size for perceptor, _ in self._members)

    def embed_text(self, texts: Sequence[str]) -> Floats:
        """See `Perceptor.embed_text`."""
        rows: Floats = np.concatenate([root * seer.embed_text(texts) for seer, root in self._members], axis=1)
        return rows.astype(np.float32)

    def fit(self, text: str) -> str:
        """See `Perceptor.fit`: as much as every member holds."""
        for perceptor, _ in self._members:
            text = perceptor.fit(text)
        return text

    def embed_image(self, pictures: Tensor) -> Tensor:
        """See `Perceptor.embed_image`."""
        import torch

        return torch.cat([root * perceptor.embed_image(pictures) for perceptor, root in self._members], dim=1)

    def leading(self, rows: Floats) -> Floats:
        """The leader's own part of embeddings, unit rows of its space. [n, embedding_size] -> [n, d]."""
        perceptor, root = self._members[0]
        return rows[:, : perceptor.embedding_size] / np.float32(root)
