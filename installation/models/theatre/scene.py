"""A batch of latents, decoded: class weights, colours, the horizon and the celestial body; and what painters share.

Most classes have zero weight at any moment, and layers of absent classes are not painted.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import torch
from torch import Tensor

from installation.models.interfaces import Latents
from installation.models.op_tape import decisions, lower_bound, upper_bound
from installation.models.theatre import decoded_marks, marks
from installation.models.theatre.decoded_classes import LABELS, ClassWeights, class_weights, decoded_classes
from installation.models.theatre.raster import PixelGrid, Raster, cached_constant, kept_while_painting
from installation.models.theatre.staged_palettes import scheme_shares, staged_sky_colours
from installation.models.theatre.vocabulary import (
    AIRBORNE,
    CELESTIALS,
    DIVERS,
    DRAUGHTS,
    RAINBOW_SKIES,
    SKIES,
    SUBJECT_COLOURS,
    SUBJECTS,
    TERRAINS,
    TINTS,
    Z,
    elevation,
    rgb,
    scene_classes,
)

MASK_DIMENSIONS = slice(21, 41)  # of z: they move and scale the scenery
CALM = 0.2  # factor of these dimensions in a calmed scene
SLACK = 0.08  # units: how far what bounds a box may move before a tape is recorded anew
DYED = 0.84  # how much of its colour water takes on
CELESTIAL_RANGES = {  # where a terrain leaves the celestial body unhidden: centre x, half width, centre y, half height
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
PLACES_OF_DISC: dict[str, tuple[float | None, float]] = {  # where it is between, behind or above figures; x is free
    "between sky": (0.5, 0.27),
    "behind sky": (None, 0.34),
    "above sky": (None, 0.16),
    "over sky": (0.5, 0.44),
    "on sky": (0.5, 0.52),
}
BESIDE_RAINBOW = (0.50, 0.13)  # where the celestial body is: from the middle sideways, and its y
OPEN_TERRAINS = ("sea", "field", "hills", "desert")
LOW_SUNS = {"dawn": 0.9, "sunset": 1.0, "golden hour": 0.7, "dusk": 0.8, "morning": 0.3, "dusty": 0.4, "blood red": 0.6}
DEFAULT_CELESTIAL_RANGE = (0.5, 0.24, 0.29, 0.15)


def with_neutral_figures(logits: Tensor) -> Tensor:
    """The logits of BACKDROP_GROUPS, completed by those of a scene without figures and details.

    [batch, classes of the backdrop] -> [batch, NUM_CLASSES].
    """
    rest = scene_classes()[:, logits.shape[1] :]
    return torch.cat((logits, torch.from_numpy(rest).to(logits).expand(len(logits), -1)), 1)


@dataclass(frozen=True)
class Palette:
    """Colours of a scene, each [batch, 3, 1, 1] (see `vocabulary.Sky`)."""

    zenith: Tensor
    upper: Tensor
    lower: Tensor
    horizon: Tensor
    glow: Tensor
    far: Tensor
    near: Tensor


@dataclass(frozen=True)
class SkyEffects:
    """Strengths (0..1) of the effects that only some skies have, each [batch, 1, 1, 1]."""

    stars: Tensor
    aurora: Tensor
    milky_way: Tensor
    rainbow: Tensor
    storm_clouds: Tensor
    overcast: Tensor


@cached_constant
def _walkers(group: str, device: torch.device) -> Tensor:
    """1 for the figures of a group that need ground under their feet, [classes]."""
    needs = [label not in ("nobody", "alone") and not is_afloat(label) for label in LABELS[group]]
    return torch.tensor(needs, dtype=torch.float32, device=device)


@cached_constant
def _divers(device: torch.device) -> Tensor:
    """1 for subjects that swim below the surface, [subjects]."""
    return torch.tensor([label in DIVERS for label in SUBJECTS], dtype=torch.float32, device=device)


@kept_while_painting
def _share_of(weights: Tensor, classes: Tensor, staged: bool) -> Tensor:
    """The weights of some classes together before an audience: [batch, n], [n] of 0 and 1 -> [batch, 1, 1, 1]."""
    return (weights @ classes).view(-1, 1, 1, 1) * staged


def is_afloat(label: str) -> bool:
    """Whether a figure is at home in water or in the air."""
    return label in DRAUGHTS or elevation(label, staged=True) >= AIRBORNE


VEHICLES = (
    "car",
    "bus",
    "bicycle",
    "tram",
    "cyclist",
    "truck",
    "motorcycle",
    "scooter",
    "carriage",
)  # figures that need a street
RAILED = ("train", "tram")  # and those that need rails
WAYLESS = ("sea", "lake", "island", "deep sea", "room", "cave", "ice", "swamp", "waterfall", "volcano")  # without both
TWINS = (  # further suns or moons: place beside the first, outwards and down, in units; size; marks that ask for them
    (0.27, 0.11, 0.62, ("two sky", "three sky")),
    (-0.20, -0.06, 0.46, ("three sky",)),
)


class Disc(NamedTuple):
    """Centre and radius in units, each [batch, 1, 1, 1]."""

    x: Tensor
    y: Tensor
    radius: Tensor


class Scene:
    """A batch of latents, decoded.

    Attributes:
        grid: The pixel grid that the scene is painted on.
        phase: Seconds; drives all motion.
        jitter: How much z moves and scales the figures, 0..1.
        staged: Whether it is for an audience: then figures swim, or come ashore. The models know them as they stand.
        classes: The weights of its classes.
        clouded: Where clouds hide the stars, [batch, 1, height, width] in 0..1, or None.
    """

    def __init__(
        self,
        latents: Latents[Tensor],
        grid: PixelGrid,
        phase: float,
        jitter: float = 1.0,
        staged: bool = False,
        classes: ClassWeights | None = None,
        marked: Tensor | None = None,
    ) -> None:
        """`classes`, and `marked`, a z with the marks, are given where they are decoded already."""
        self.grid = grid
        self.phase = phase
        self.jitter = jitter
        self.staged = staged
        self.classes = classes or ClassWeights(class_weights(latents.classes))
        self.clouded: Tensor | None = None
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

    def ashore(self) -> Tensor:
        """How much there is of figures and fires that need ground, or of a beach, [batch, 1, 1, 1] in 0..1."""
        companion = _share_of(self.group("companion"), _walkers("companion", self.device), self.staged)
        second = self.needs_ground(self.second_kind) if self.has_second else torch.zeros_like(companion)
        grounded = torch.maximum(self.needs_ground(self.group("subject")), torch.maximum(companion, second))
        if self.has_third:
            grounded = torch.maximum(grounded, self.needs_ground(self.third_kind))
        for kinds, _ in self.further_figures:
            grounded = torch.maximum(grounded, self.needs_ground(kinds))
        for name in self.marks & {"campfire", "shore"} if self.staged else ():
            grounded = torch.maximum(grounded, self.mark(name))
        return grounded

    def needs_ground(self, weights: Tensor) -> Tensor:
        """How much of figures comes ashore: their weights, [batch, subjects] -> [batch, 1, 1, 1]."""
        return _share_of(weights, _walkers("subject", self.device), self.staged)

    def dives(self, weights: Tensor) -> Tensor:
        """How much of figures swims below the surface: their weights, [batch, subjects] -> [batch, 1, 1, 1]."""
        return _share_of(weights, _divers(self.device), self.staged)

    @property
    def has_ways(self) -> bool:
        """Whether there may be a street or a track below the figures: they need one, before an audience."""
        needs = self.has_second or "street" in self.marks or self.has("subject", *VEHICLES, *RAILED)
        return self.staged and needs

    @cached_property
    def on_wheels(self) -> Tensor:
        """How much of a street there is below the figures, [batch, 1, 1, 1] in 0..1."""
        return torch.maximum(self._on_ways(VEHICLES), self.mark("street") * self.staged)

    @cached_property
    def on_rails(self) -> Tensor:
        """How much of a railway track there is below them, [batch, 1, 1, 1] in 0..1."""
        return self._on_ways(RAILED)

    def _on_ways(self, labels: tuple[str, ...]) -> Tensor:
        """How much there is of some figures on land."""
        amount = self.weight("subject", *labels)
        if self.has_second:
            columns = [LABELS["subject"].index(label) for label in labels]
            amount = torch.maximum(amount, self.second_kind[:, columns].sum(1).view(-1, 1, 1, 1))
        return amount * (1 - self.weight("terrain", *WAYLESS)) * (1 - self.mark("inside"))

    @property
    def device(self) -> torch.device:
        """The device of the grid and of all tensors."""
        return self.grid.device

    def rows(self) -> list[Scene]:
        """Each scene of the batch alone."""
        batch = len(self._latents)
        if batch == 1:
            return [self]
        parts = (self._latents[row : row + 1] for row in range(batch))
        return [Scene(part, self.grid, self.phase, self.jitter, self.staged) for part in parts]

    def on_plane(self, grid: PixelGrid, weights: Tensor) -> Scene:
        """The same scene on a plane of its own, with the colours and the celestial disc of this one.

        Args:
            grid: The picture as a camera sees that plane.
            weights: The class weights of what is on it, [batch, NUM_CLASSES].
        """
        # computed before the copy, which keeps them
        _ = self.palette, self.brightness, self.mist, self.celestial_disc, self.marks
        plane = Scene.__new__(Scene)
        plane.__dict__ |= self.__dict__  # sooner than `copy`
        plane.grid = grid
        if weights is not self.weights:
            plane.classes = decoded_classes(weights)
        return plane

    def calmed(self) -> Scene:
        """The same scene with scenery that follows z by a fifth only, as a small BigGAN can learn it."""
        z = self._latents.z.clone()
        z[:, MASK_DIMENSIONS] *= CALM
        return Scene(Latents(z, self._latents.classes), self.grid, self.phase, self.jitter)

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

    def angle(self, rate: float) -> float:
        """The angle in radians reached at `rate` radians a second; in float64, hence exact after days."""
        return math.fmod(rate * self.phase, 2 * math.pi)

    def distance(self, rates: Tensor, period: float = 2 * math.pi) -> Tensor:
        """The distances travelled at `rates` a second, modulo a period; in float64, hence exact after days."""
        return (rates.double() * self.phase).remainder(period).float()

    @cached_property
    def look(self) -> int:
        """Which looks people have: another on other land, which comes while they are gone."""
        return int(self.group("terrain").detach()[0].argmax())

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
    def scheme_shares(self) -> Tensor:
        """How much of each colour scheme an audience sees, [batch, schemes]."""
        return scheme_shares(self._latents.z)

    @cached_property
    def palette(self) -> Palette:
        """The colours of the sky and of the light; an audience sees those of a scheme that z chooses."""
        if self.staged:
            mixed = staged_sky_colours(self.group("sky"), self.scheme_shares).view(-1, 7, 3, 1, 1)
        else:
            mixed = (self.group("sky") @ _sky_colours(self.device)).view(-1, 7, 3, 1, 1)
        return Palette(*mixed.unbind(1))

    @cached_property
    def sky_effects(self) -> SkyEffects:
        """What only some skies have."""
        table = _sky_effects(self.device)
        return SkyEffects(*((self.group("sky") @ column).view(-1, 1, 1, 1) for column in table.unbind(1)))

    @cached_property
    def celestial_colour(self) -> Tensor:
        """The colour of the celestial body, [batch, 3, 1, 1]."""
        return (self.group("celestial") @ _colours(tuple(CELESTIALS.values()), self.device)).view(-1, 3, 1, 1)

    @cached_property
    def subject_colour(self) -> Tensor:
        """The colour of the subject, [batch, 3, 1, 1]. Ink is three quarters of the palette's near colour."""
        weights = self.group("subject_colour")
        painted = (weights @ _colours(tuple(SUBJECT_COLOURS.values()), self.device))[:, :, None, None]
        colour = painted + self.palette.near * (0.75 * weights[:, :1, None, None])
        for name in self.marks & set(marks.MARKED_COLOURS):
            paper = _colours((marks.MARKED_COLOURS[name],), self.device).view(1, 3, 1, 1)
            colour = torch.lerp(colour, paper.expand_as(colour), self.mark(name))
        return colour

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
        colours = weights @ _colours(tuple(marks.PAPERS.values()), self.device)
        weight = weights.sum(1, keepdim=True)
        return (colours / weight.clamp(min=1e-6))[:, :, None, None], weight[:, :, None, None]

    @cached_property
    def water_colour(self) -> tuple[Tensor, Tensor] | None:
        """The colour that words give the water for an audience, [batch, 3, 1, 1], and its weight; None without one."""
        z = self._marked.detach() if self._marked.requires_grad else self._marked
        if not (self.staged and decoded_marks.names_water(z)):
            return None
        colour, weight = decoded_marks.water_colour(z)
        return colour[:, :, None, None], weight.view(-1, 1, 1, 1)

    def dyed(self, water: Tensor, light: Tensor | float = 1.0) -> Tensor:
        """The colours of water as words colour it: [batch, 3, rows or 1, columns or 1] -> the same."""
        if self.water_colour is None:
            return water
        colour, weight = self.water_colour
        dye = colour * (0.38 + 0.62 * self.brightness.clamp(max=1)) * light
        return torch.lerp(water, dye.expand_as(water), DYED * weight)

    @cached_property
    def tint_colours(self) -> tuple[Tensor, ...]:
        """The tint's colours of shadows, midtones and highlights, each [batch, 3, 1, 1]."""
        return (self.group("tint") @ _tint_colours(self.device)).view(-1, 3, 3, 1, 1).unbind(1)

    @cached_property
    def brightness(self) -> Tensor:
        """How brightly the land is lit, [batch, 1, 1, 1]: 0.29 under a blood red sky, 1.06 under a winter sky."""
        return self.palette.far.mean(1, keepdim=True) * 1.25 + 0.08

    @cached_property
    def mist(self) -> Tensor:
        """The colour of fog, and of the haze between the layers (aerial perspective), [batch, 3, 1, 1]."""
        return self.palette.horizon * 0.6 + self.palette.glow * 0.4

    @cached_property
    def horizon(self) -> Tensor:
        """Its y, [batch, 1, 1, 1]; an audience sees open land and the sea from lower or higher up."""
        horizon = 0.66 + 0.025 * self.bounded(Z.HORIZON)
        if not self.staged:
            return horizon
        wish = self.bounded(Z.HORIZON)
        land = self.weight("terrain", *OPEN_TERRAINS) - self.weight("terrain", "sea")
        return horizon + land * (0.10 * wish - 0.02) + self.weight("terrain", "sea") * (0.12 * wish).clamp(max=0)

    @cached_property
    def low_sun(self) -> Tensor:
        """How low the sun stands, [batch, 1, 1, 1] in 0..1, as the sky tells."""
        return (self.group("sky") @ _low_suns(self.device)).view(-1, 1, 1, 1)

    @property
    def _open_sky(self) -> Tensor:
        """How much of a sky there is down to the horizon, [batch, 1, 1, 1] in 0..1."""
        return self.weight("terrain", *OPEN_TERRAINS, "lake")

    @property
    def _celestial_size(self) -> Tensor | float:
        size = 1.0 if not self.staged else 1 + self._open_sky * 0.25 * (1 + 1.6 * self.bounded(Z.CELESTIAL_Y))
        if not marks_celestial_body(self):
            return size
        size = size + 0.5 * self.mark("over sky") + 0.6 * self.mark("on sky")
        return size + 1.3 * self.mark("huge sky") - 0.45 * self.mark("tiny sky")

    @cached_property
    def celestial_disc(self) -> Disc:
        """Place and size of the celestial body, within the range that the terrain leaves unhidden."""
        ranges = (self.group("terrain") @ _celestial_ranges(self.device)).view(-1, 4, 1, 1, 1)
        x, half_width, y, half_height = ranges.unbind(1)
        x = x + half_width * torch.tanh(1.8 * self.z(Z.CELESTIAL_X))
        y = y + half_height * torch.tanh(0.8 * self.z(Z.CELESTIAL_Y))
        if self.staged:  # by a low sun it is near the horizon
            low = self._open_sky * self.low_sun * (1 - self.weight("celestial", "empty sky"))
            y = torch.lerp(y, self.horizon - 0.13 + 0.05 * self.bounded(Z.CELESTIAL_Y), 0.75 * low)
        if self.staged and self.has("sky", *RAINBOW_SKIES):  # beside the rainbow, not before it
            arch = self.sky_effects.rainbow.clamp(max=1)
            x = torch.lerp(x, 0.5 + BESIDE_RAINBOW[0] * torch.where(x > 0.5, 1.0, -1.0), arch)
            y = torch.lerp(y, torch.full_like(y, BESIDE_RAINBOW[1]), arch)
        for name in sorted(self.marks & set(PLACES_OF_DISC)):
            mark = self.mark(name)
            to_x, to_y = PLACES_OF_DISC[name]
            x = torch.lerp(x, torch.full_like(x, to_x), mark) if to_x is not None else x
            y = torch.lerp(y, torch.full_like(y, to_y), mark)
        return Disc(x, y, 0.080 * torch.exp(0.20 * self.bounded(Z.CELESTIAL_RADIUS)) * self._celestial_size)


@kept_while_painting
def _marks_set(z: Tensor, strengths: Tensor) -> frozenset[str]:
    """The plain marks that are set anywhere in the batch."""
    if not decoded_marks.has_any(z):
        return frozenset()
    seen = decisions(strengths.detach().amax(0) > 0)
    return frozenset(name for name, marked in zip(marks.PLAIN, seen, strict=True) if marked)


def _with_disc(scene: Scene, disc: Disc) -> Scene:
    """The scene with its celestial body elsewhere."""
    moved = copy.copy(scene)
    moved.__dict__["celestial_disc"] = disc  # in place of the cached one
    return moved


def celestial_twins(scene: Scene) -> list[Scene]:
    """The scene once for each further sun or moon that marks ask for, each with that one's disc."""
    twins = []
    x, y, radius = scene.celestial_disc
    outwards = torch.where(x < 0.5, -1.0, 1.0) if scene.grid.width > 1.3 * scene.grid.height else torch.sign(0.5 - x)
    for dx, dy, size, names in TWINS:
        named = [scene.mark(name) for name in scene.marks & set(names)]
        if named:
            smaller = radius * size * sum(named[1:], named[0]).clamp(max=1)
            twins.append(_with_disc(scene, Disc(x + outwards * dx, y + dy, smaller)))
    return twins


def marks_celestial_body(scene: Scene) -> bool:
    """Whether marks give the scene a celestial body of another size, or several."""
    return bool(scene.marks & marks.OF_SKY)


class Ridges:
    """The upper edges of the far, the middle and the near layer of land: y for each column, [batch, 1, 1, width].

    Each is computed when it is asked for.

    Attributes:
        trodden: How much shorter the grass is before small figures, [1, 1, 1, width] in 0..1; None before any.
        pool: How much of the light around figures falls on the near layer, likewise.
    """

    trodden: Tensor | None = None
    pool: Tensor | None = None

    def __init__(self, edge: Callable[[int], Tensor]) -> None:
        """`edge` computes one: 0 for the far, 1 for the middle and 2 for the near layer."""
        self.edge = edge

    def level(self, near: Tensor, trodden: Tensor, pool: Tensor) -> None:
        """Give the near layer the edge that figures stand on (see `footing`)."""
        self.__dict__["near"] = near  # in place of the cached one
        self.trodden, self.pool = trodden, pool

    @cached_property
    def far(self) -> Tensor:
        """Of the far layer."""
        return self.edge(0)

    @cached_property
    def middle(self) -> Tensor:
        """Of the middle layer."""
        return self.edge(1)

    @cached_property
    def near(self) -> Tensor:
        """Of the near layer."""
        return self.edge(2)

    def row(self, row: int, batch: int) -> Ridges:
        """Those of one scene of a batch."""
        return Ridges(lambda layer: _row((self.far, self.middle, self.near)[layer], row, batch))


class Sunlight(NamedTuple):
    """How the land of one scene is lit for an audience.

    Attributes:
        sunny: The colour of light on it, [1, 3, 1, 1].
        shade: What shade leaves of the far, the middle and the near layer, and of the foot of the last, likewise.
    """

    sunny: Tensor
    shade: tuple[Tensor, ...]


@dataclass(frozen=True)
class LayerColours:
    """The colours of the far, the middle and the near layer of land, each [batch, 3, 1, 1]; and how they are lit."""

    far: Tensor
    middle: Tensor
    near: Tensor
    sunlight: Sunlight | None = None


@dataclass(frozen=True)
class DrawContext:
    """What a painter gets: the canvas to paint on, the scene, and the shape and colours of its land.

    From y = `hidden` on, nearer land covers all that is painted on this plane.
    """

    canvas: Raster
    scene: Scene
    ridges: Ridges
    colours: LayerColours
    hidden: float = math.inf

    def rows(self) -> list[DrawContext]:
        """Each scene of the batch alone, on its part of the canvas."""
        scenes = self.scene.rows()
        if len(scenes) == 1:
            return [self]
        batch = len(scenes)
        return [
            DrawContext(
                Raster(self.canvas.pixels[row : row + 1]),
                scene,
                self.ridges.row(row, batch),
                LayerColours(
                    _row(self.colours.far, row, batch),
                    _row(self.colours.middle, row, batch),
                    _row(self.colours.near, row, batch),
                    self.colours.sunlight,
                ),
            )
            for row, scene in enumerate(scenes)
        ]


def _row(values: Tensor, row: int, batch: int) -> Tensor:
    """One row of values that all rows may share."""
    return values[row : row + 1] if len(values) == batch else values


def batch_min(quantity: Tensor, slack: float = SLACK) -> float:
    """The smallest value anywhere in the batch, without gradient, to bound a box.

    On a tape (see `op_tape`) it is smaller by `slack`, so that the box holds for a while.
    """
    if torch.is_inference_mode_enabled():  # no tape is recorded
        return float(quantity if quantity.numel() == 1 else quantity.amin())
    return lower_bound(quantity.detach() if quantity.numel() == 1 else quantity.detach().amin(), slack)


def batch_max(quantity: Tensor, slack: float = SLACK) -> float:
    """The largest value anywhere in the batch, without gradient, to bound a box; see `batch_min`."""
    if torch.is_inference_mode_enabled():
        return float(quantity if quantity.numel() == 1 else quantity.amax())
    return upper_bound(quantity.detach() if quantity.numel() == 1 else quantity.detach().amax(), slack)


@cached_constant
def _sky_colours(device: torch.device) -> Tensor:
    """[skies, 7 colours * 3], in the order of `Palette`."""
    return torch.tensor([[part for colour in sky[:7] for part in rgb(colour)] for sky in SKIES.values()], device=device)


@cached_constant
def _sky_effects(device: torch.device) -> Tensor:
    """[skies, 6], in the order of `SkyEffects`."""
    return torch.tensor([sky[7:] for sky in SKIES.values()], device=device)


@cached_constant
def _low_suns(device: torch.device) -> Tensor:
    """[skies]."""
    return torch.tensor([LOW_SUNS.get(sky, 0.0) for sky in SKIES], device=device)


@cached_constant
def _tint_colours(device: torch.device) -> Tensor:
    """[tints, 3 colours * 3]: of shadows, midtones and highlights."""
    return torch.tensor([[part for colour in tint for part in rgb(colour)] for tint in TINTS.values()], device=device)


@cached_constant
def _colours(colours: tuple[str, ...], device: torch.device) -> Tensor:
    """[colours, 3]."""
    return torch.tensor([rgb(colour) for colour in colours], device=device)


@cached_constant
def _celestial_ranges(device: torch.device) -> Tensor:
    """[terrains, 4], as in CELESTIAL_RANGES."""
    rows = [CELESTIAL_RANGES.get(terrain, DEFAULT_CELESTIAL_RANGE) for terrain in TERRAINS]
    return torch.tensor(rows, device=device)
