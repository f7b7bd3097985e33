"""A batch of latents, decoded, on a pixel grid at a time: its ground, colours, horizon and celestial body.

Most classes have zero weight at any moment, and layers of absent classes are not painted.
"""

from __future__ import annotations

import math
from functools import cached_property

import torch
from torch import Tensor

from installation.models.interfaces import Latents
from installation.models.theatre import decoded_marks, marks
from installation.models.theatre.decoded_classes import LABELS, ClassWeights, decoded_classes
from installation.models.theatre.decoded_latents import DecodedLatents
from installation.models.theatre.marks import FOOTWAYS, HIDE_ALL, HIDE_LAND, OPEN_SETS
from installation.models.theatre.raster import PixelGrid, cached_constant, kept_while_painting
from installation.models.theatre.scene_colours import (
    Palette,
    SkyEffects,
    colour_table,
    mixed_effects,
    mixed_palette,
    mixed_tint,
)
from installation.models.theatre.sky_geometry import Disc, celestial_disc_of, horizon_of, low_sun_of
from installation.models.theatre.staged_palettes import scheme_shares
from installation.models.theatre.vocabulary import (
    AIRBORNE,
    CELESTIALS,
    DIVERS,
    DRAUGHTS,
    RAINBOW_SKIES,
    SUBJECT_COLOURS,
    SUBJECTS,
    elevation,
)

MASK_DIMENSIONS = slice(21, 41)  # of z: they move and scale the scenery
CALM = 0.2  # factor of these dimensions in a calmed scene
DYED = 0.84  # how much of its colour water takes on
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


class Scene(DecodedLatents):
    """A batch of latents, decoded, where and when it is painted.

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
        super().__init__(latents, staged, classes, marked)
        self.grid = grid
        self.phase = phase
        self.jitter = jitter
        self.clouded: Tensor | None = None

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
    def in_open_set(self) -> Tensor:
        """How far the scene is in a street, a garden or the like, before an audience, [batch, 1, 1, 1] in 0..1."""
        names = self.marks.intersection(OPEN_SETS) if self.staged else ()
        share = torch.zeros_like(self.z(0))
        for name in names:
            share = torch.maximum(share, self.mark(name))
        return share * (1 - self.weight("terrain", "room"))

    @cached_property
    def covered_land(self) -> tuple[bool, bool, bool]:
        """Whether a place of `marks.OPEN_SETS` hides the nearest land, the middle one and the far one."""
        names = self.marks.intersection(OPEN_SETS) if self.staged else ()
        if not names or float(self.in_open_set.detach().amin()) < 1:
            return False, False, False
        return True, not names.isdisjoint(HIDE_LAND), not names.isdisjoint(HIDE_ALL)

    @cached_property
    def on_wheels(self) -> Tensor:
        """How much of a street there is below the figures, [batch, 1, 1, 1] in 0..1."""
        way = torch.maximum(self._on_ways(VEHICLES), self.mark("street") * self.staged)
        for name in self.marks.intersection(FOOTWAYS) if self.staged else ():
            way = way * (1 - self.mark(name))
        return way

    @cached_property
    def on_rails(self) -> Tensor:
        """How much of a railway track there is below them, [batch, 1, 1, 1] in 0..1."""
        return self._on_ways(RAILED) * (1 - self.mark("on") * self.weight("subject", "bridge"))

    def _on_ways(self, labels: tuple[str, ...]) -> Tensor:
        """How much there is of some figures on land."""
        amount = self.weight("subject", *labels)
        if self.has_second:
            columns = [LABELS["subject"].index(label) for label in labels]
            amount = torch.maximum(amount, self.second_kind[:, columns].sum(1).view(-1, 1, 1, 1))
        return amount * (1 - self.weight("terrain", *WAYLESS)) * (1 - self.mark("inside"))

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

    @cached_property
    def scheme_shares(self) -> Tensor:
        """How much of each colour scheme an audience sees, [batch, schemes]."""
        return scheme_shares(self._latents.z)

    @cached_property
    def palette(self) -> Palette:
        """The colours of the sky and of the light; an audience sees those of a scheme that z chooses."""
        return mixed_palette(self.group("sky"), self.scheme_shares if self.staged else None)

    @cached_property
    def sky_effects(self) -> SkyEffects:
        """What only some skies have."""
        return mixed_effects(self.group("sky"))

    @cached_property
    def celestial_colour(self) -> Tensor:
        """The colour of the celestial body, [batch, 3, 1, 1]."""
        return (self.group("celestial") @ colour_table(tuple(CELESTIALS.values()), self.device)).view(-1, 3, 1, 1)

    @cached_property
    def subject_colour(self) -> Tensor:
        """The colour of the subject, [batch, 3, 1, 1]. Ink is three quarters of the palette's near colour."""
        weights = self.group("subject_colour")
        painted = (weights @ colour_table(tuple(SUBJECT_COLOURS.values()), self.device))[:, :, None, None]
        colour = painted + self.palette.near * (0.75 * weights[:, :1, None, None])
        for name in self.marks & set(marks.MARKED_COLOURS):
            paper = colour_table((marks.MARKED_COLOURS[name],), self.device).view(1, 3, 1, 1)
            colour = torch.lerp(colour, paper.expand_as(colour), self.mark(name))
        return colour

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
        return mixed_tint(self.group("tint"))

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
        """Its y, [batch, 1, 1, 1]."""
        return horizon_of(self)

    @cached_property
    def low_sun(self) -> Tensor:
        """How low the sun stands, [batch, 1, 1, 1] in 0..1, as the sky tells."""
        return low_sun_of(self.group("sky"))

    @cached_property
    def celestial_disc(self) -> Disc:
        """Place and size of the celestial body."""
        arched = self.staged and self.has("sky", *RAINBOW_SKIES)
        rainbow = self.sky_effects.rainbow if arched else None
        return celestial_disc_of(self, self.horizon, self.low_sun, rainbow)
