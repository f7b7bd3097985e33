"""What is known of a scene before it is painted: the weights of its classes, its colours, its measures.

Most classes have no weight at any moment, and what has none is not painted. So that nothing pops in or out, weights
are counted from a threshold on: a class enters with a weight of nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

from installation.models.interfaces import Latents
from installation.models.theatre.raster import Frame, lasting
from installation.models.theatre.vocabulary import (
    CELESTIALS,
    GROUP_SLICES,
    GROUPS,
    SKIES,
    SUBJECT_COLOURS,
    TERRAINS,
    TINTS,
    rgb,
)

THRESHOLD = 1e-3  # class weights below count as nothing
INDEX = {
    (group.name, label): GROUP_SLICES[group.name].start + i for group in GROUPS for i, label in enumerate(group.labels)
}


def weights(logits: Tensor) -> Tensor:
    """Class weights of logits, a softmax for each group, with small ones removed continuously.

    [batch, CLASSES] -> the same.
    """
    parts = []
    for where in GROUP_SLICES.values():
        kept = (torch.softmax(logits[:, where], 1) - THRESHOLD).clamp(min=0)
        parts.append(kept / kept.sum(1, keepdim=True))
    return torch.cat(parts, 1)


@lasting
def sky_colours(device: torch.device) -> Tensor:
    """[skies, 7 colours * 3]: top, upper, lower, horizon, glow, far, near."""
    rows = [[part for colour in sky[:7] for part in rgb(colour)] for sky in SKIES.values()]
    return torch.tensor(rows, device=device)


@lasting
def sky_lights(device: torch.device) -> Tensor:
    """[skies, 6]: stars, aurora, galaxy, rainbow, rolls, veils."""
    return torch.tensor([sky[7:] for sky in SKIES.values()], device=device)


OPENINGS = {  # where the celestial body may stand: middle and half width across, middle and half height down
    "mountains": (0.5, 0.26, 0.165, 0.04),
    "lake": (0.5, 0.26, 0.27, 0.12),
    "forest": (0.5, 0.24, 0.26, 0.12),
    "city": (0.5, 0.24, 0.23, 0.10),
    "cave": (0.5, 0.10, 0.40, 0.03),
    "cliffs": (0.46, 0.14, 0.28, 0.13),
    "volcano": (0.22, 0.08, 0.24, 0.09),
    "ruins": (0.5, 0.24, 0.24, 0.10),
    "waterfall": (0.5, 0.27, 0.135, 0.02),
    "island": (0.20, 0.06, 0.24, 0.10),
    "village": (0.5, 0.24, 0.25, 0.11),
    "swamp": (0.5, 0.16, 0.30, 0.09),
    "graveyard": (0.5, 0.20, 0.27, 0.10),
    "room": (0.5, 0.09, 0.31, 0.07),
    "deep sea": (0.5, 0.20, 0.18, 0.05),
    "jungle": (0.5, 0.13, 0.30, 0.05),
}
ANYWHERE = (0.5, 0.24, 0.29, 0.15)


@lasting
def _openings(device: torch.device) -> Tensor:
    """[terrains, 4]"""
    return torch.tensor([OPENINGS.get(terrain, ANYWHERE) for terrain in TERRAINS], device=device)


@lasting
def celestial_colours(device: torch.device) -> Tensor:
    return torch.tensor([rgb(colour) for colour in CELESTIALS.values()], device=device)


@lasting
def tint_colours(device: torch.device) -> Tensor:
    """[8 tints, 3 colours * 3]: of shadows, middle tones, lights."""
    return torch.tensor([[part for colour in tint for part in rgb(colour)] for tint in TINTS.values()], device=device)


@lasting
def subject_colours(device: torch.device) -> Tensor:
    return torch.tensor([rgb(colour) for colour in SUBJECT_COLOURS.values()], device=device)


@dataclass(frozen=True)
class Palette:
    """Colours of a scene, each [batch, 3, 1, 1]."""

    top: Tensor
    upper: Tensor
    lower: Tensor
    horizon: Tensor
    glow: Tensor
    far: Tensor
    near: Tensor


class Scene:
    """A batch of latents, read.

    Attributes:
        frame: the coordinates that it is painted in.
        phase: seconds; drives what moves by itself.
        weight_table: [batch, CLASSES], class weights, each group sums to 1.
    """

    def __init__(self, latents: Latents[Tensor], frame: Frame, phase: float, jitter: float = 1.0) -> None:
        self.frame = frame
        self.phase = phase
        self.jitter = jitter
        self.weight_table = weights(latents.classes)
        self._z = latents.z[:, :, None, None, None]
        self._bounded = torch.tanh(self._z)
        self._present = (self.weight_table.detach().amax(0) > 0).tolist()

    @property
    def device(self) -> torch.device:
        return self.frame.device

    def z(self, i: int) -> Tensor:
        """A dimension of z, [batch, 1, 1, 1]."""
        return self._z[:, i]

    def bounded(self, i: int) -> Tensor:
        """A dimension of z brought into -1..1, [batch, 1, 1, 1]."""
        return self._bounded[:, i]

    def group(self, name: str) -> Tensor:
        """Weights of a group's classes, [batch, classes]."""
        return self.weight_table[:, GROUP_SLICES[name]]

    def has(self, group: str, *labels: str) -> bool:
        """Whether any of the classes has weight anywhere in the batch."""
        return any(self._present[INDEX[group, label]] for label in labels)

    def present(self, group: str) -> list[int]:
        """The classes of a group that have weight anywhere in the batch, as places in the group."""
        return [i for i, there in enumerate(self._present[GROUP_SLICES[group]]) if there]

    def weight(self, group: str, *labels: str) -> Tensor:
        """How much there is of a class, or of several together, [batch, 1, 1, 1]."""
        columns = [self.weight_table[:, INDEX[group, label]] for label in labels]
        return sum(columns[1:], columns[0]).view(-1, 1, 1, 1)

    @cached_property
    def palette(self) -> Palette:
        mixed = (self.group("sky") @ sky_colours(self.device)).view(-1, 7, 3, 1, 1)
        return Palette(*mixed.unbind(1))

    @cached_property
    def stars(self) -> Tensor:
        return self._of_sky(0)

    @cached_property
    def aurora(self) -> Tensor:
        return self._of_sky(1)

    @cached_property
    def galaxy(self) -> Tensor:
        return self._of_sky(2)

    @cached_property
    def rainbow(self) -> Tensor:
        return self._of_sky(3)

    @cached_property
    def rolls(self) -> Tensor:
        return self._of_sky(4)

    @cached_property
    def veils(self) -> Tensor:
        return self._of_sky(5)

    def _of_sky(self, column: int) -> Tensor:
        return (self.group("sky") @ sky_lights(self.device)[:, column]).view(-1, 1, 1, 1)

    @cached_property
    def celestial_colour(self) -> Tensor:
        return (self.group("celestial") @ celestial_colours(self.device)).view(-1, 3, 1, 1)

    @cached_property
    def duotone(self) -> tuple[Tensor, ...]:
        """The tint's colours of shadows, middle tones and lights."""
        return (self.group("tint") @ tint_colours(self.device)).view(-1, 3, 3, 1, 1).unbind(1)

    @cached_property
    def brightness(self) -> Tensor:
        """How light the land lies, [batch, 1, 1, 1]."""
        return self.palette.far.mean(1, keepdim=True) * 1.25 + 0.08

    @cached_property
    def mist(self) -> Tensor:
        """The colour of fog, which also lies thinly between the layers."""
        return self.palette.horizon * 0.6 + self.palette.glow * 0.4

    @property
    def no_celestial(self) -> int:
        """Which of the celestial classes is the empty sky."""
        return len(CELESTIALS) - 1

    @cached_property
    def horizon(self) -> Tensor:
        """Its height, [batch, 1, 1, 1]."""
        return 0.66 + 0.025 * self.bounded(0)

    @cached_property
    def sun(self) -> tuple[Tensor, Tensor, Tensor]:
        """Where the celestial body stands and its radius: x, y, r, each [batch, 1, 1, 1].

        Each terrain has a part of the picture in which nothing of it hides the body.
        """
        x, wide, y, high = (self.group("terrain") @ _openings(self.device)).view(-1, 4, 1, 1, 1).unbind(1)
        across = x + wide * torch.tanh(0.8 * self.z(1))
        down = y + high * torch.tanh(0.8 * self.z(2))
        return across, down, 0.080 * torch.exp(0.20 * self.bounded(3))


def lowest(quantity: Tensor) -> float:
    """The smallest value anywhere in the batch, to bound a box by."""
    return float(quantity.detach().amin())


def highest(quantity: Tensor) -> float:
    """The largest value anywhere in the batch, to bound a box by."""
    return float(quantity.detach().amax())
