"""The colours of a figure: its papers in the light of the scene, apart from what lies behind it."""

from __future__ import annotations

from functools import cached_property

import torch
from torch import Tensor

from installation.models.figure_traits import jointed_people
from installation.models.theatre.figure_papers import FIGURE_PAPERS, GLOWING, LEAFY, SEASONS, SECOND_PAPERS
from installation.models.theatre.figure_states import OF_CLOTHES
from installation.models.theatre.placed_figure import PlacedFigure
from installation.models.theatre.raster import cached_constant, colour_tensor
from installation.models.theatre.vocabulary import rgb

PAPER_SHARE, PAPER_AT_NIGHT = 0.85, 0.42  # of its paper's colour in that of a figure of ink; its light in the dark
OWN_HUE, LAMPS = 0.6, 0.16  # before an audience: share of a warm light that is white; of the night that lamps lighten
LIKE_THE_LAND, DARKER = 0.30, 0.45  # difference in luma below which a paper is darkened, and by how much at most
FADED, IN_THE_LIGHT, NAMED_AT_NIGHT = 0.12, 0.7, 0.65  # of a colour that words name: how grey paper makes it; how much
# of the light of the hour falls on it; its own light in the dark
PALE_PAPER = 2.3  # sum of red, green and blue above which a paper stays pale: its shade sets it apart
APART = 0.31  # least difference in luma between a figure and what lies behind it, for an audience
PAPER_GIVES = 0.62  # share of what is missing of it that the paper makes up; the mist behind gives more
NAMED_GIVES = 0.35  # of the paper's share, where words name its colour
NO_ROOM_ABOVE = 0.66  # luma from which on nothing can be so much lighter
LIT_INDOORS = 0.14  # how much sooner a figure is the lighter one in a room, whose lamps light it
PALEST = 0.78  # luma of a paper before an audience, so that its faces in the light are still told apart
TONES = (  # red, green and blue of the papers of each of several, relative to their own
    (1.0, 1.0, 1.0),
    (0.87, 0.90, 0.96),
    (1.07, 1.03, 0.95),
    (0.95, 0.90, 0.85),
)
GRADING_TOP, GRADING_FOOT = 1.30, 0.80  # of a figure's colour, from its head to its feet
FROM_ABOVE, FROM_GROUND, OF_NAMED = 0.22, 0.42, 0.35  # hue of the sky's light at the head before an audience, and of
# what the land throws back at the feet; how much of them is seen on colours that words name
SAMPLE = 4  # pixels between those that are looked at for it
WARM_LIGHT, FIRELIGHT = "ffd98a", "ff8a2a"
LUMA = "4d8c26"  # 0.30 red, 0.55 green, 0.15 blue


@cached_constant
def _tone(number: int, device: torch.device) -> Tensor:
    """One of TONES, [1, 3, 1, 1]."""
    return torch.tensor(TONES[number], device=device).view(1, 3, 1, 1)


class FigureColours:
    """The colours of a figure's papers in the light of its scene.

    Attributes:
        paper: Of its first paper, [batch, 3, 1, 1].
        second: Of its second one.
        dressed: Whether states of the figure are those of its clothes alone, as a striped shirt is.
        lots: How many lots of colours within its sheets are told apart (see `PaperLayer.sample`).
        missing: After `set_apart`, what is missing of the difference in luma to what lies behind, [batch, 1, 1, 1]:
            negative where the figure is the darker one.
    """

    def __init__(self, placed: PlacedFigure) -> None:
        self._placed = placed
        tone = _tone(placed.figure.tone % len(TONES), placed.scene.device)
        self.paper = self._paper_colour() * tone
        self.second = self._second_paper_colour() * tone
        self._tint_light = tone.expand_as(self.paper)  # of the colours within the figure, see `tinted`
        self.dressed = placed.label in jointed_people() and not placed.states.keys().isdisjoint(OF_CLOTHES)
        self._coat_share = self._share_of_coats()
        self.lots = 1 if isinstance(self._coat_share, float) else 2
        self.missing: Tensor | None = None
        self._inks: tuple[Tensor, Tensor] | None = None

    def _paper_colour(self) -> Tensor:
        """The colour that was asked for, or that of its paper in the light of the scene, [batch, 3, 1, 1]."""
        colour = self._named_colour()
        paper = FIGURE_PAPERS.get(self._placed.label)
        if paper is None:
            return colour
        share = PAPER_SHARE if self._placed.role.coloured is None else PAPER_SHARE * (1 - self._placed.role.coloured)
        return torch.lerp(colour, self.in_light(paper), share)

    def _named_colour(self) -> Tensor:
        """The colour of its role; one that words name is, for an audience, that of paper in the light of the hour."""
        role, scene = self._placed.role, self._placed.scene
        if role.coloured is None or not scene.staged:
            return role.colour
        grey = (role.colour * colour_tensor(LUMA, scene.device)).sum(1, keepdim=True)
        dyed = torch.lerp(role.colour, grey, FADED) * torch.lerp(
            torch.ones_like(role.colour), self.light_on(NAMED_AT_NIGHT), IN_THE_LIGHT
        )
        return torch.lerp(role.colour, dyed, role.coloured)

    def _second_paper_colour(self) -> Tensor:
        """Of what keeps its colour when another is asked for: stems, faces; [batch, 3, 1, 1]."""
        paper = SECOND_PAPERS.get(self._placed.label)
        if paper is None:
            return self.paper
        return torch.lerp(self._placed.scene.palette.near * 0.75, self.in_light(paper), PAPER_SHARE)

    def in_light(self, paper: str) -> Tensor:
        """The colour of a paper in the light of the scene, apart from that of the land, [batch, 3, 1, 1]."""
        scene = self._placed.scene
        lit = self._in_season(paper) * self.light_on(1.0 if paper in GLOWING else PAPER_AT_NIGHT)
        land = torch.lerp(scene.palette.far, scene.palette.horizon, 0.5)
        apart = ((lit - land) * colour_tensor(LUMA, scene.device)).sum(1, keepdim=True)
        alike = (1 - (apart / LIKE_THE_LAND) ** 2).clamp(min=0)
        darker = 0.0 if sum(rgb(paper)) > PALE_PAPER else DARKER
        return lit * (1 - darker * alike)

    def _share_of_coats(self) -> Tensor | float:
        """How much is seen of the coats: none of them where words name a colour, or where leaves follow the season."""
        named = self._placed.role.coloured
        share = 1.0 if named is None else 1 - named
        if self.dressed and isinstance(share, float):
            share = torch.ones_like(self.paper[:, :1])
        if self._placed.label in LEAFY:
            for group, name in SEASONS:
                share = share * (1 - self._placed.scene.weight(group, name))
        return share

    def light_on(self, at_night: float) -> Tensor:
        """The light on paper that has this share of its colour in the dark, [batch, 3, 1, 1]."""
        scene = self._placed.scene
        glow = scene.palette.glow
        if scene.staged:  # or every paper were brownish at dusk
            at_night = at_night + (1 - at_night) * LAMPS
            glow = torch.lerp(glow, glow.amax(1, keepdim=True), OWN_HUE)
        return glow * (at_night + (1 - at_night) * scene.brightness.clamp(max=1))

    def _in_season(self, paper: str) -> Tensor:
        """A paper's colour; that of leaves follows the weather, [batch or 1, 3, 1, 1]."""
        scene = self._placed.scene
        colour = colour_tensor(paper, scene.device)
        if self._placed.label not in LEAFY or paper != FIGURE_PAPERS[self._placed.label]:
            return colour
        for (group, name), leaves in SEASONS.items():
            colour = torch.lerp(colour, colour_tensor(leaves, scene.device), scene.weight(group, name))
        return colour

    def graded(self, y: Tensor) -> Tensor:
        """How light the papers are at y in the figure's square, in the hues of the light above and of the land."""
        head, foot = self._grading
        return torch.addcmul(head, foot - head, y)

    @cached_property
    def _grading(self) -> tuple[Tensor, Tensor]:
        """At the top and at the foot of the figure's square, each [batch, 3, 1, 1]."""
        scene, land = self._placed.scene, self._placed.context.colours.near
        head, foot = torch.full_like(land, GRADING_TOP), torch.full_like(land, GRADING_FOOT)
        if not scene.staged:
            return head, foot
        seen = 1.0 if self._placed.role.coloured is None else 1 - (1 - OF_NAMED) * self._placed.role.coloured
        light = scene.palette.lower / scene.palette.lower.amax(1, keepdim=True).clamp(min=0.05)
        ground = land / land.amax(1, keepdim=True).clamp(min=0.05)
        return head * (1 + FROM_ABOVE * seen * (light - 1)), foot * (1 + FROM_GROUND * seen * (ground - 1))

    def set_apart(self) -> None:
        """Lighten or darken the papers where what lies behind them is as light; once for each picture."""
        placed = self._placed
        scene, luma = placed.scene, colour_tensor(LUMA, placed.scene.device)
        half, height, middle = placed.span()
        (top, _), (_, bottom) = placed.rise(middle - 0.5 * height), placed.rise(middle + 0.4 * height)
        box = scene.grid.box(top, bottom, *placed.sides(half))
        if box.empty:
            self.missing = torch.zeros_like(half)
            return
        seen = placed.context.canvas.pixels[:, :, box.rows, box.columns][:, :, ::SAMPLE, ::SAMPLE]
        behind = (seen.mean((2, 3), keepdim=True) * luma).sum(1, keepdim=True)
        own = (self.paper * luma).sum(1, keepdim=True)
        paper = torch.lerp(self._daylight(), own, 0.3)
        paper = paper + LIT_INDOORS * scene.weight("terrain", "room")
        lighter = torch.tanh((paper - 1.05 * behind - 3 * (behind - NO_ROOM_ABOVE).clamp(min=0)) * 20)
        missing = (APART - (own - behind).abs() * torch.sign(lighter * (own - behind))).clamp(0, APART) * lighter
        named = torch.zeros_like(own) if self._placed.role.coloured is None else self._placed.role.coloured
        wanted = (own + PAPER_GIVES * missing * (1 - (1 - NAMED_GIVES) * named)).clamp(0.05, PALEST)
        factor = (wanted / own.clamp(min=0.02)).clamp(0.35, 2.2)
        colour, self.second = self.paper * factor, self.second * factor.sqrt()
        self._tint_light, self._inks = self._tint_light * factor.sqrt(), None
        self.paper = torch.lerp(colour, scene.palette.glow, ((wanted - own) * 0.6).clamp(0, 0.4))
        self.missing = missing

    def _daylight(self) -> Tensor:
        """The luma of the paper in white light, [batch, 1, 1, 1]."""
        luma, paper = colour_tensor(LUMA, self._placed.scene.device), FIGURE_PAPERS.get(self._placed.label)
        colour = self._placed.role.colour if paper is None else self._in_season(paper)
        if self._placed.role.coloured is not None:
            colour = torch.lerp(colour, self._placed.role.colour, self._placed.role.coloured)
        return (colour * luma).sum(1, keepdim=True)

    def tinted(self, paper: Tensor, tints: Tensor, coats: Tensor) -> Tensor:
        """A paper with the colours within it, premultiplied, [batch, 4, rows, columns]; coats may be in one lot."""
        laid = torch.addcmul(tints, coats, self._coat_share) if isinstance(self._coat_share, Tensor) else tints
        opacity = laid[:, 3:]
        ink, light = self._ink_and_light()
        below = torch.lerp(paper, ink, opacity)
        if torch.is_inference_mode_enabled():
            return below.addcmul_(laid[:, :3], light)
        return torch.addcmul(below, laid[:, :3], light)

    def _ink_and_light(self) -> tuple[Tensor, Tensor]:
        """The ink below the colours within the figure and the light on them, each [batch, 3, 1, 1], for all sheets."""
        if self._inks is None:
            ink = self._placed.scene.palette.near * (0.75 * (1 - PAPER_SHARE)) * self._tint_light
            self._inks = ink, self.light_on(PAPER_AT_NIGHT) * PAPER_SHARE * self._tint_light
        return self._inks
