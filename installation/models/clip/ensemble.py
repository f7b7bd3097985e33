"""Several perceptors as one, as in pixray: what one of them misjudges, the others may judge correctly."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from installation.core.errors import ShowError
from installation.models.interfaces import Floats, Perceptor

if TYPE_CHECKING:
    from torch import Tensor


class Ensemble:
    """A Perceptor whose cosines are the weighted mean of its members' cosines.

    An embedding is the concatenation of the members' embeddings, each multiplied by the square root of its share of
    the total weight. So it is a unit vector, and the dot product of two embeddings is that weighted mean.
    """

    def __init__(self, members: Mapping[str, tuple[Perceptor, float]]) -> None:
        """Perceptors by name, each with its weight; the first is the leader, whose latent bank is used.

        Raises:
            ShowError: there is no member, or a weight is not above 0.
        """
        if not members or any(weight <= 0.0 for _, weight in members.values()):
            raise ShowError("models.perceptors needs at least one perceptor, each with a weight above 0.")
        total = sum(weight for _, weight in members.values())
        self._members = [(perceptor, math.sqrt(weight / total)) for perceptor, weight in members.values()]
        self.name = "+".join(members)
        self.leader = self._members[0][0]
        self.context_length = min(perceptor.context_length for perceptor, _ in self._members)
        self.input_size = max(perceptor.input_size for perceptor, _ in self._members)
        self.embedding_size = sum(perceptor.embedding_size for perceptor, _ in self._members)

    def embed_text(self, texts: Sequence[str]) -> Floats:
        """See `Perceptor.embed_text`."""
        return self.joined(lambda member: member.embed_text(texts))

    def joined(self, embed: Callable[[Perceptor], Floats]) -> Floats:
        """Return the ensemble's embeddings of what `embed` gives for each member: unit rows [n, d] -> [n, size]."""
        rows: Floats = np.concatenate([factor * embed(each) for each, factor in self._members], axis=1)
        return rows.astype(np.float32)

    def fit(self, text: str) -> str:
        """See `Perceptor.fit`: as much as every member holds."""
        for perceptor, _ in self._members:
            text = perceptor.fit(text)
        return text

    def embed_image(self, pictures: Tensor) -> Tensor:
        """See `Perceptor.embed_image`."""
        import torch

        return torch.cat([factor * perceptor.embed_image(pictures) for perceptor, factor in self._members], dim=1)

    def leading(self, rows: Floats) -> Floats:
        """The leader's own embeddings within those of the ensemble. [n, embedding_size] -> unit rows [n, d]."""
        perceptor, factor = self._members[0]
        return rows[:, : perceptor.embedding_size] / np.float32(factor)
