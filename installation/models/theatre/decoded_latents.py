"""A batch of latents, decoded: the weights of classes, the meaning of z, and the figures that marks name."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import torch
from torch import Tensor

from installation.models.interfaces import Latents
from installation.models.op_tape import decisions
from installation.models.theatre import decoded_marks, marks
from installation.models.theatre.decoded_classes import ClassWeights, class_weights
from installation.models.theatre.raster import kept_while_painting
from installation.models.theatre.scene_colours import colour_table


class DecodedLatents:
    """What the classes and z of a batch say.

    Attributes:
        staged: Whether it is for an audience. The models know figures as they stand.
        classes: The weights of its classes.
    """

    def __init__(
        self,
        latents: Latents[Tensor],
        staged: bool = False,
        classes: ClassWeights | None = None,
        marked: Tensor | None = None,
    ) -> None:
        """`classes`, and `marked`, a z with the marks, are given where they are decoded already."""
        self.staged = staged
        self.classes = classes or ClassWeights(class_weights(latents.classes))
        self._latents = latents
        self._marked = latents.z if marked is None else marked
        self._z = latents.z[:, :, None, None, None]
        self._bounded = torch.tanh(self._z)
        self._each: tuple[tuple[Tensor, ...], ...] = ()  # of z and of its tanh; a gradient would be that of all
        if torch.is_inference_mode_enabled():
            self._each = self._z.unbind(1), self._bounded.unbind(1)

    @property
    def weights(self) -> Tensor:
        """[batch, NUM_CLASSES], class weights."""
        return self.classes.values

    @property
    def device(self) -> torch.device:
        """The device of all tensors."""
        return self._latents.z.device

    def z(self, index: int) -> Tensor:
        """One dimension of z (see `vocabulary.Z`), [batch, 1, 1, 1]."""
        return self._each[0][index] if self._each else self._z[:, index]

    def bounded(self, index: int) -> Tensor:
        """The tanh of one dimension of z, [batch, 1, 1, 1] in -1..1."""
        return self._each[1][index] if self._each else self._bounded[:, index]

    def z_range(self, indices: Sequence[int]) -> Tensor:
        """Neighbouring dimensions of z, [batch, indices, 1, 1]."""
        return self._z[:, indices[0] : indices[-1] + 1].squeeze(4)

    def bounded_range(self, indices: Sequence[int]) -> Tensor:
        """The tanh of neighbouring dimensions of z, [batch, indices, 1, 1] in -1..1."""
        return self._bounded[:, indices[0] : indices[-1] + 1].squeeze(4)

    def mark(self, name: str) -> Tensor:
        """How far a mark of `marks.PLAIN` is set, [batch, 1, 1, 1] in 0..1."""
        return decoded_marks.strength(self._mark_strengths, name)

    @cached_property
    def _mark_strengths(self) -> Tensor:
        """How far each of `marks.PLAIN` is set, [batch, marks]."""
        return decoded_marks.strengths(self._marked)

    @cached_property
    def marks(self) -> frozenset[str]:
        """The plain marks that are set anywhere in the batch."""
        return _marks_set(self._marked, self._mark_strengths)

    @cached_property
    def has_second(self) -> bool:
        """Whether marks name a second figure anywhere in the batch."""
        return decoded_marks.names_second(self._marked)

    @cached_property
    def second_kind(self) -> Tensor:
        """Weights of the second figure that marks name, [batch, subjects]; all 0 without one."""
        return decoded_marks.second_kind(self._marked)

    @cached_property
    def has_third(self) -> bool:
        """Whether marks name a third figure anywhere in the batch, before an audience."""
        return self.staged and self.has_second and decoded_marks.names_third(self._marked)

    @cached_property
    def has_further(self) -> bool:
        """Whether marks name a fourth figure anywhere in the batch."""
        return self.has_third and decisions(marks.names_further(self._latents.z.detach()))[0]

    @cached_property
    def further_figures(self) -> tuple[tuple[Tensor, dict[str, Tensor]], ...]:
        """The fourth and the fifth figure: their weights, [batch, subjects], and numbers, [batch, 1, 1, 1] in 0..1."""
        found = []
        for kinds, _, numbers in self._further_said:
            set_somewhere = decisions(numbers.detach().amax(0) > 0)
            each = {
                name: numbers[:, place].view(-1, 1, 1, 1)
                for place, name in enumerate(marks.FURTHER_COUNTS)
                if set_somewhere[place]
            }
            found.append((kinds, each))
        return tuple(found)

    @cached_property
    def further_papers(self) -> tuple[tuple[Tensor, Tensor] | None, ...]:
        """Of the fourth and the fifth figure, as `third_paper` is."""
        return tuple(
            self._paper(papers) if decisions(papers.detach().amax().view(1) > 0)[0] else None
            for _, papers, _ in self._further_said
        )

    @cached_property
    def _further_said(self) -> tuple[tuple[Tensor, Tensor, Tensor], ...]:
        return marks.further_said(self._latents.z) if self.has_further else ()

    @cached_property
    def third_kind(self) -> Tensor:
        """Weights of the third figure that marks name, [batch, subjects]; all 0 without one."""
        return decoded_marks.third_kind(self._marked)

    @cached_property
    def third_marks(self) -> dict[str, Tensor]:
        """The number, size and state of the third figure, with how far it is there, [batch, 1, 1, 1] in 0..1."""
        if not self.has_third:
            return {}
        numbers, _, states = decoded_marks.third_said(self._marked)
        weights = torch.cat((numbers, states), 1)
        names = (*marks.THIRD_SAID[0], *marks.THIRD_SAID[2])
        seen = decisions(weights.detach().amax(0) > 0)
        return {name: weights[:, place].view(-1, 1, 1, 1) for place, name in enumerate(names) if seen[place]}

    @cached_property
    def third_paper(self) -> tuple[Tensor, Tensor] | None:
        """The colour of the third figure's paper, [batch, 3, 1, 1], and its weight, [batch, 1, 1, 1]; None for ink."""
        if not self.has_third:
            return None
        weights = decoded_marks.third_said(self._marked)[1]
        return self._paper(weights) if decisions(weights.detach().amax().view(1) > 0)[0] else None

    def group(self, name: str) -> Tensor:
        """Weights of a group's classes, [batch, classes]."""
        return self.classes.group(name)

    def has(self, group: str, *labels: str) -> bool:
        """Whether any of the classes has weight anywhere in the batch."""
        return self.classes.has(group, *labels)

    def has_only(self, group: str, label: str) -> bool:
        """Whether no other class of the group has weight anywhere in the batch."""
        return self.present(group) == [label]

    def present(self, group: str) -> list[str]:
        """The labels of a group that have weight anywhere in the batch."""
        return self.classes.present(group)

    def weight(self, group: str, *labels: str) -> Tensor:
        """The weight of a class, or the sum of several, [batch, 1, 1, 1]."""
        return self.classes.weight(group, *labels)

    @cached_property
    def coloured(self) -> Tensor | None:
        """The weight of the subject's colours other than ink, [batch, 1, 1, 1]; None for ink alone."""
        marked = self.marks & set(marks.MARKED_COLOURS)
        if self.has_only("subject_colour", "ink") and not marked:
            return None
        ink = self.weight("subject_colour", "ink")
        for name in marked:
            ink = ink * (1 - self.mark(name))
        return 1 - ink

    @cached_property
    def second_paper(self) -> tuple[Tensor, Tensor] | None:
        """The colour of the second figure's paper, [batch, 3, 1, 1], and its weight, [batch, 1, 1, 1]; None for ink."""
        if not decoded_marks.names_paper(self._marked):
            return None
        return self._paper(decoded_marks.second_paper(self._marked))

    def _paper(self, weights: Tensor) -> tuple[Tensor, Tensor]:
        """The colour and the weight of paper of which the weights of `marks.PAPERS` are given, [batch, papers]."""
        colours = weights @ colour_table(tuple(marks.PAPERS.values()), self.device)
        weight = weights.sum(1, keepdim=True)
        return (colours / weight.clamp(min=1e-6))[:, :, None, None], weight[:, :, None, None]


@kept_while_painting
def _marks_set(z: Tensor, strengths: Tensor) -> frozenset[str]:
    """The plain marks that are set anywhere in the batch."""
    if not decoded_marks.has_any(z):
        return frozenset()
    seen = decisions(strengths.detach().amax(0) > 0)
    return frozenset(name for name, marked in zip(marks.PLAIN, seen, strict=True) if marked)


def marks_celestial_body(scene: DecodedLatents) -> bool:
    """Whether marks give the scene a celestial body of another size, or several."""
    return bool(scene.marks & marks.OF_SKY)
