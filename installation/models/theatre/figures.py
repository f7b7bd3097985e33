"""The subject and its companion: sheets of folded paper, lit by the celestial body, with a shadow or a reflection.

Of two figures that share the weight, the heavier one is on stage. It sinks behind the nearest flat, or rises to the
flies, before the other comes, as in a paper theatre; outlines never blend.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

import torch
from torch import Tensor

from installation.models.op_tape import decisions, pause_point
from installation.models.theatre.arrangement import arrange_figures
from installation.models.theatre.cords import Cord, paint_cords
from installation.models.theatre.crowds import Frame, frame_at
from installation.models.theatre.figure_airs import Spot, paint_airs, paint_glow
from installation.models.theatre.figure_atlas import LABELS, Atlas, PaperLayer
from installation.models.theatre.figure_layout import FLOORS, WATERS, Figure, height_at, layout_figures
from installation.models.theatre.figure_papers import FIGURE_PAPERS, GLOWING, LEAFY, SEASONS, SECOND_PAPERS
from installation.models.theatre.figure_states import (
    CLEFT,
    Eye,
    broken_at,
    closed_eyes,
    eyes_of,
    on_paper,
    states_of,
    stretch_of,
)
from installation.models.theatre.footing import Standing, floor_below, level_ground, put_sod, sod_cover
from installation.models.theatre.handling import STRINGS
from installation.models.theatre.land import GRASSY
from installation.models.theatre.outlines import FLOOR, head_place, top_place
from installation.models.theatre.raster import Box, colour_tensor, falloff
from installation.models.theatre.scene import DrawContext, Scene, batch_max, batch_min, is_afloat
from installation.models.theatre.small_fires import BURNING, CAMPFIRE, paint_burning, paint_campfire
from installation.models.theatre.vocabulary import AIRBORNE, DIVERS, DRAUGHTS, SWAY_RADIANS, elevation, rgb

N = TypeVar("N", float, Tensor)
FLAMES = ("flame", "candle")
SLEEVED = ("lantern",)  # figures whose first sheet is a hand that holds them
HALO_ON_STAGE = 0.15  # what an audience sees of it
HALO_REACH = 0.22  # how far the lit mist behind a figure goes beyond it, in units
INDOOR_HALO = 0.35  # of it, before a wall
MANY_HALO = 0.4  # of it, behind the last rank of many
DARK_HALO, PALE_HALO, NIGHT_HALO = 0.24, 0.26, 0.42  # opacity behind dark and pale figures; what a dark sky adds
GRADING_TOP, GRADING_FOOT = 1.30, 0.80  # of a figure's colour, from its head to its feet
PAPER_SHARE, PAPER_AT_NIGHT = 0.85, 0.42  # of its paper's colour in that of a figure of ink; its light in the dark
LIKE_THE_LAND, DARKER = 0.30, 0.45  # difference in luma below which a paper is darkened, and by how much at most
PALE_PAPER = 2.3  # sum of red, green and blue above which a paper stays pale: its shade sets it apart
APART = 0.31  # least difference in luma between a figure and what lies behind it, for an audience
PAPER_GIVES, MIST_GIVES = 0.62, 1.5  # shares of what is missing of it that the paper and the mist behind make up
NAMED_GIVES = 0.35  # of the paper's share, where words name its colour
NO_ROOM_ABOVE = 0.66  # luma from which on nothing can be so much lighter
LIT_INDOORS = 0.14  # how much sooner a figure is the lighter one in a room, whose lamps light it
SAMPLE = 4  # pixels between those that are looked at for it
CONTACT_WIDTH, CONTACT_BESIDE = 1.0, 0.025  # of the shade at a figure's feet: in half widths, and in units more
CONTACT_HEIGHT, CONTACT_STRENGTH = 0.040, 0.72  # of it: units; darkness
ON_ANOTHER = 0.06  # height of feet above the land from which on no shade of them falls on it, in units
RIM_SHADED = 0.006  # how far above the edge of the land it begins, which is lit elsewhere, in units
FACET_CONTRAST, FACET_GLEAM = 0.62, 0.38  # how much the light changes a facet's colour; how much of its own it adds
CONTACT_SHADE = 0.45  # how much a sheet darkens the one below at its edge
RIM_WIDTH, RIM_STRENGTH = 0.010, 0.62  # of the lit edge, in units
LIT_GROUND, LIT_GROUND_STRENGTH = 0.13, 0.50  # how far the ground before windows is lit, in units; how brightly
LIGHT_REACH = 0.14  # of the light around a window or a flame, in units
SHADOW_LENGTH, SHADOW_STRENGTH, REFLECTION_STRENGTH = 0.34, 0.42, 0.50
BEAM_ORIGIN, BEAM_LENGTH = (0.5, 0.17), 0.9  # of the lighthouse: in its square; in units
WARM_LIGHT, FIRELIGHT = "ffd98a", "ff8a2a"
LUMA = "4d8c26"  # 0.30 red, 0.55 green, 0.15 blue
BARS, BAR = 0.042, 0.0035  # from one bar of a cage to the next, and half its width, in units
HIGHEST_GROUND = 0.70  # y above which nothing stands on the ground
PROPS = -1  # group of what no words name
IN_FRONT = ("on", "under", "front", "inside")  # relations in which a companion crosses the subject
PALER_IN_FRONT = 0.26  # how much of the light's colour the ink of a companion takes on before a figure as dark
WHITE_PAPER, GHOSTLY = "f6f1e6", 0.48  # of patterns; how much of a ghostly figure is missing
SEEN_THROUGH = 0.78  # how visible a figure is that swims near the surface
CLARITY, WATERLINE_SOFTNESS = 0.22, 0.012  # how visible a figure is below the surface; width of that edge, in units


@dataclass(frozen=True)
class Role:
    """A figure in its part of the scene.

    Attributes:
        figure: Where it stands.
        group: PROPS for what is painted first, 2 for what is last; of a group, halos are painted before all figures.
        colour: Of its paper, [batch, 3, 1, 1].
        coloured: The weight of the colours other than ink, [batch, 1, 1, 1], or None for ink alone.
        third: Whether it is a third figure, of which words say no more than its kind.
    """

    figure: Figure
    group: int
    colour: Tensor
    coloured: Tensor | None
    third: bool = False


@dataclass(frozen=True)
class Cast:
    """The figures of one scene of a batch.

    Scenes of a batch have different figures, so that painting them one by one is cheaper.

    Attributes:
        context: The scene alone, on its part of the canvas.
        roles: In the order in which they are painted: the companion first, unless it stands in front.
        cords: Between them, painted last.
    """

    context: DrawContext
    roles: tuple[Role, ...]
    cords: tuple[Cord, ...] = ()
    _made: dict[tuple[int, int], PaperFigure] = field(default_factory=dict)

    def figure(self, role: Role, index: int, atlas: Atlas) -> PaperFigure:
        """A figure of one of the roles; it is made once."""
        key = id(role), index
        if key not in self._made:
            self._made[key] = PaperFigure(self.context, role, index, atlas)
        return self._made[key]


def cast_figures(context: DrawContext, atlas: Atlas) -> list[Cast]:
    """The figures of each scene of the batch."""
    scene = context.scene
    empty = scene.has_only("subject", "nobody") and scene.has_only("companion", "alone")
    if empty and not scene.has_second:
        return []
    return [Cast(row, *_roles(row, atlas)) for row in context.rows()]


def _roles(context: DrawContext, atlas: Atlas) -> tuple[tuple[Role, ...], tuple[Cord, ...]]:
    scene = context.scene
    layout = layout_figures(scene, atlas, context.ridges)
    props, behind, subjects, in_front, cords, third, third_first = arrange_figures(scene, atlas, context.ridges, layout)
    colour, coloured = _companion_colour(scene)
    ink = scene.palette.near * 0.85
    farther = tuple(Role(figure, 0 if third_first else 2, ink, None, third=True) for figure in third)
    roles = (
        *(Role(figure, PROPS, ink, None) for figure in props),
        *(role for role in farther if third_first),
        *(Role(figure, 0, colour, coloured) for figure in behind),
        *(Role(figure, 1, scene.subject_colour, scene.coloured) for figure in subjects),
        *(Role(figure, 2, colour, coloured) for figure in in_front),
        *(role for role in farther if not third_first),
    )
    return tuple(role for role in roles if role.figure.present()), cords


def protected_pixels(context: DrawContext, casts: list[Cast]) -> Tensor | None:
    """For the coverage of coloured figures, which a tint must leave alone, [batch, 1, height, width]; None for none."""
    scene = context.scene
    coloured = scene.coloured is not None or scene.second_paper is not None
    protects = coloured and not scene.has_only("tint", "no tint")
    return torch.zeros_like(context.canvas.pixels[:, :1]) if protects and casts else None


def settle_ground(atlas: Atlas, casts: list[Cast]) -> None:
    """Level the nearest land below the figures that stand on it; for an audience alone."""
    for cast in casts:
        figures = [cast.figure(role, index, atlas) for role in cast.roles for index in role.figure.present()]
        places = [place for figure in figures if figure.on_land for place in figure.places()]
        if places:
            fields = (torch.cat(values, 1) for values in zip(*places, strict=True))
            level_ground(cast.context.scene, cast.context.ridges, Standing(*fields))


def paint_far_figures(context: DrawContext, atlas: Atlas, casts: list[Cast]) -> None:
    """Paint the figures that stand on far land, as the camera sees that."""
    for cast in casts:
        far = tuple(role for role in cast.roles if role.figure.far)
        if far:
            paint_figures(atlas, [Cast(context, far)], None, before=False, far=True)


def paint_figures(atlas: Atlas, casts: list[Cast], protected: Tensor | None, before: bool, far: bool = False) -> None:
    """Paint the figures that stand behind the nearest ridge, those `before` it, or `far` ones.

    Where they are coloured is noted in `protected`.
    """
    for row, cast in enumerate(casts):
        for group in range(PROPS, 3):
            roles = [
                role for role in cast.roles if (role.figure.before, role.figure.far, role.group) == (before, far, group)
            ]
            figures = [cast.figure(role, index, atlas) for role in roles for index in role.figure.present()]
            for figure in figures:
                figure.paint_behind()
            for figure in figures:
                covers = figure.paint()
                pause_point()
                if protected is not None and figure.coloured is not None:
                    _protect(protected[row : row + 1], covers, figure.coloured)


def _protect(protected: Tensor, covers: list[tuple[Box, Tensor]], coloured: Tensor) -> None:
    for box, cover in covers:
        part = protected[:, :, box.rows, box.columns]
        part.copy_(torch.maximum(part.clone(), cover * coloured))


def paint_shadows(atlas: Atlas, casts: list[Cast]) -> None:
    """Paint the shadows that the figures cast towards the viewer, or their reflections in the water."""
    for cast in casts:
        for role in cast.roles:
            for index in role.figure.present() if not role.figure.far else ():
                cast.figure(role, index, atlas).paint_shadow()


def paint_all_cords(casts: list[Cast]) -> None:
    """Paint the cords between the figures: of kites, leashes, carts."""
    for cast in casts:
        paint_cords(cast.context, cast.cords)


def paint_fires(context: DrawContext, atlas: Atlas, casts: list[Cast]) -> None:
    """Paint the fires that marks ask for: flames on a figure, and a campfire."""
    if BURNING in context.scene.marks:
        for cast in casts:
            paint_burning(cast.context, atlas, [one for role in cast.roles for one in role.figure.each()])
    if CAMPFIRE in context.scene.marks:
        for cast in casts or [Cast(row, ()) for row in context.rows()]:
            paint_campfire(cast.context, atlas, [one for role in cast.roles for one in role.figure.each()])


def _companion_colour(scene: Scene) -> tuple[Tensor, Tensor | None]:
    """Of its paper, and the weight of colours other than ink (see `Role`).

    Its ink is slightly paler than the subject's, and paler again without a subject (aerial perspective).
    """
    ink = torch.lerp(scene.palette.near * 0.85, scene.palette.far, 0.10 + 0.15 * scene.weight("subject", "nobody"))
    for name in scene.marks & set(IN_FRONT):
        ink = torch.lerp(ink, scene.palette.glow, PALER_IN_FRONT * scene.mark(name))
    if scene.second_paper is None:
        return ink, None
    paper, weight = scene.second_paper
    return torch.lerp(ink, paper, weight), weight


class PaperFigure:
    """One figure of a role: its layers in place, as far as it is on stage."""

    def __init__(self, context: DrawContext, role: Role, index: int, atlas: Atlas) -> None:
        self._context, self._scene, self._role = context, context.scene, role
        self._figure, self._index = role.figure, index
        self._label, self._atlas = LABELS[index], atlas
        self._on_stage = self._figure.on_stage(index)
        if self._figure.posture:
            self._index = LABELS.index(self._figure.posture)
        self._layers = atlas.layers[self._index]
        if self._figure.floats and self._label in SLEEVED:  # the hand is that of the holder
            self._layers = self._layers[1:]
        self._below_feet = 1 - max(layer.bottom for layer in self._layers if not layer.lit)
        self._surface = self._figure.foot - self._below_feet * self._figure.side  # of the ground or the water
        draught = DRAUGHTS.get(self._label, 0.0) * (self._scene.staged and not self._figure.floats)
        self._draught = draught * self._scene.weight("terrain", *WATERS) if draught else None
        self._foot = self._figure.entering_foot(index, atlas)
        if self._draught is not None:
            self._foot = self._foot + self._draught * self._figure.side
        stated = role.group != PROPS and not role.third
        self._states = states_of(self._scene, role.group != 1) if stated else {}
        self._turned = "upside down" in self._states
        half, height = (atlas.extent[self._index] * self._figure.side.view(-1, 1)).view(-1, 2, 1, 1, 1).unbind(1)
        room = self._surface - self._scene.grid.top
        self._stretch = stretch_of(self._scene, self._states, self._figure.x, room, half, height)
        if self._stretch is not None:  # its feet stay where they are
            self._foot = self._foot + self._below_feet * self._figure.side * (self._stretch.tall - 1)
        self._light = self._light_direction()
        self._colour = self._paper_colour()
        self._second_colour = self._second_paper_colour()
        self._tint_light = torch.ones_like(self._colour)  # of the colours within the figure, see `_tinted`
        self._coat_share = self._share_of_coats()
        self._lots_of_colours = 1 if isinstance(self._coat_share, float) else 2
        self._missing: Tensor | None = None  # see `_set_apart`

    @property
    def coloured(self) -> Tensor | None:
        """See `Role.coloured`."""
        return self._role.coloured

    @cached_property
    def on_land(self) -> bool:
        """Whether an audience sees it stand on the edge of the nearest land, or on that land before the edge."""
        scene, figure = self._scene, self._figure
        if not scene.staged or any(scene.has("terrain", floor) for floor in FLOORS):
            return False
        if elevation(self._label, scene.staged) >= AIRBORNE or figure.far or figure.floats or figure.submerged:
            return False
        on_water = is_afloat(self._label) and float(scene.weight("terrain", *WATERS)) > 0.5
        on_way = scene.has_ways and float(torch.maximum(scene.on_wheels, scene.on_rails)) > 0.5
        return not on_water and not on_way and figure.opening is None and not self._lifted

    @cached_property
    def _lifted(self) -> bool:
        """Whether an audience sees it so far above the land that it sits on another, or hangs."""
        scene = self._scene
        in_rank = self._figure.rank >= 0  # the last of which may stand on farther land
        if not scene.staged or in_rank or any(scene.has("terrain", name) for name in (*FLOORS, *WATERS)):
            return False
        ridge = height_at(scene, self._context.ridges.near, self._figure.x)
        return float((ridge - self._surface).max()) > ON_ANOTHER

    def places(self) -> list[tuple[Tensor, ...]]:
        """The fields of `Standing` for the figure or each of its copies; none for who stands before the edge."""
        if self._figure.before:
            return []
        extent, scales = self._atlas.extent[self._index].tolist(), self._scale()
        half, height = (length * scale for length, scale in zip(extent, scales, strict=True))
        below, share = self._below_feet, self._on_stage
        return [
            (one.x, half * one.side, height * one.side, one.foot - below * one.side, one.side, share)
            for one in self._figure.each()
        ]

    def paint_behind(self) -> None:
        """Paint what is behind the figure: a halo, beams of light, the opening in which it is seen."""
        if self._scene.staged and self._figure.opening is None:
            self._missing = self._set_apart()
        if self._label == "lighthouse":
            _paint_beams(self._context, self._figure)
        for spot in self._spots() if "glowing" in self._states else ():
            paint_glow(self._context, self._states, spot, self._on_stage)
        if self._figure.opening is None:
            if not (self._figure.before and self._figure.rank >= 0):  # which would veil the ranks behind it
                self._paint_halo()
        else:
            self._paint_opening(self._figure.opening)

    def paint(self) -> list[tuple[Box, Tensor]]:
        """Paint sheets, rim and lit openings; the coverage of each sheet, [batch, 1, rows, columns] of a box."""
        covers = []
        sod = self._sod() if self._figure.before and self.on_land else None
        for layer in self._layers:
            box = self._box(layer, LIGHT_REACH if layer.lit else 0.0)
            if box.empty:
                continue
            if layer.lit and "sleeping" in self._states:
                self._paint_lid(layer, box)
            elif layer.lit:
                self._paint_light(layer, box)
            else:
                covers.append((box, self._paint_sheet(layer, box)))
        if self._figure.barred:
            self._paint_bars()
        if sod is not None:
            put_sod(self._context.canvas, *sod)
        for number, spot in enumerate(self._spots() if self._states else ()):
            paint_airs(self._context, self._states, spot, self._on_stage, self._figure.delay + 0.61 * number)
        return covers

    def _spots(self) -> list[Spot]:
        """Where what is in the air around the figure and its copies begins."""
        head, top = (place(self._atlas, self._index) for place in (head_place, top_place))
        extent = self._atlas.extent[self._index]
        wide, tall = self._scale()
        found = []
        for copy in self._figure.each():
            half, height = float(extent[0]) * copy.side * wide, float(extent[1]) * copy.side * tall
            foot = copy.foot + self._foot - self._figure.foot
            across = copy.side * copy.facing * wide
            x = copy.x + (head[0] - 0.5) * across
            down = (head[1] - 0.02) * (height - self._below_feet * copy.side * tall)
            crest = copy.x + (top[0] - 0.5) * across
            found.append(Spot(x, foot - height + down, crest, foot - height, half, height, copy.facing))
        return found

    def _scale(self) -> tuple[Tensor | float, Tensor | float]:
        """How much wider and taller the figure is than drawn."""
        return (1.0, 1.0) if self._stretch is None else self._stretch

    def _sod(self) -> tuple[Box, Tensor, Tensor] | None:
        """What grows before its feet: the pixels, what is there before the figure is painted, how much of it stays."""
        scene, canvas = self._scene, self._context.canvas
        half, _, _ = self._span()
        low, high = self._rise(self._surface)
        box = scene.grid.box(low - 0.03, high + 0.03, *self._sides(half))
        if box.empty:
            return None
        frame = frame_at(self._figure, box.x)
        surface = frame.foot - self._below_feet * frame.side
        cover = sod_cover(scene, box, frame, surface, float(scene.weight("terrain", *GRASSY)))
        return box, canvas.pixels[:, :, box.rows, box.columns].clone(), cover

    def paint_shadow(self) -> None:
        """Paint the shadow on the ground or the reflection in the water, mirrored at the foot and foreshortened."""
        scene, figure = self._scene, self._figure
        length = SHADOW_LENGTH * figure.side
        floor = self._surface
        top, bottom = batch_min(floor) - 0.02, batch_max(floor + length)
        aslant = batch_max(self._light[0].abs()) * 0.9 * min(batch_max(length), max(scene.grid.bottom - top, 0.0))
        half = self._span()[0] if scene.staged else figure.side * 0.75 * self._scale()[0]
        left, right = self._sides(half + (aslant + 0.03 if scene.staged else 0.0))
        if figure.copies:
            top, bottom = self._rise(floor)[0] - 0.02, self._rise(floor)[1] + batch_max(length)
        box = scene.grid.box(top, bottom, left, right)
        grounded = self._on_stage * (1 - elevation(self._label, scene.staged))
        if "lifted" in scene.marks:
            grounded = grounded * ((figure.foot - HIGHEST_GROUND) / 0.05).clamp(0, 1)
        if self._label in DIVERS and scene.staged:
            grounded = grounded * (1 - scene.weight("terrain", "deep sea"))
        if figure.submerged or figure.floats or self._lifted:
            grounded = 0 * grounded
        if box.empty or batch_max(grounded) <= 0:
            return
        frame = frame_at(figure, box.x)
        floor = frame.foot - self._below_feet * frame.side
        if self.on_land:
            floor = floor_below(self._context.ridges, box, floor, figure.before)
        below = box.y - floor
        water = scene.weight("terrain", "swamp")
        if is_afloat(self._label) or not scene.staged:
            water = water + scene.weight("terrain", *WATERS)
        ripple = 0.012 * torch.sin(box.y * 190 + scene.angle(1.3)) * water
        lean = (1 - water) * self._light[0] * -0.9
        x = 0.5 + ((box.x - frame.x) + lean * below + ripple) / (frame.side * frame.facing * self._scale()[0])
        y = 1 - self._below_feet - below / SHADOW_LENGTH / frame.side
        if self._draught is not None:
            y = y - self._draught
        depth = self._layers[0].outline_only().sample(x, y, scene.phase)
        soft = 0.004 + 0.10 * below.clamp(min=0)
        cover = torch.sigmoid(depth * frame.side * (2.6 / soft)) * box.coverage(below + 0.004)
        fade = (1 - below / length).clamp(0, 1) * grounded
        shine = (1 - 0.5 * scene.weight("celestial", "empty sky")) * (0.35 + 0.65 * scene.brightness.clamp(0, 1))
        colour = torch.lerp(scene.palette.near * 0.5, self._colour, water * 0.8)
        strength = torch.lerp(SHADOW_STRENGTH * shine, torch.full_like(water, REFLECTION_STRENGTH), water)
        self._context.canvas.over(box, colour, cover * fade * strength)
        if scene.staged and elevation(self._label, scene.staged) < AIRBORNE:
            self._paint_contact(grounded * (1 - water))
            if any(layer.lit for layer in self._layers):
                self._paint_lit_ground(grounded * (1 - water))

    def _paint_contact(self, opacity: Tensor) -> None:
        """A shade on the ground where the figure stands: dark below its feet, and soft around them."""
        scene, figure = self._scene, self._figure
        half, _, _ = self._span()
        across = half * CONTACT_WIDTH + CONTACT_BESIDE
        low, high = self._rise(self._surface)
        left, right = self._sides(across)
        box = scene.grid.box(low - CONTACT_HEIGHT, high + CONTACT_HEIGHT, left, right)
        if box.empty:
            return
        frame = frame_at(figure, box.x)
        floor = frame.foot - self._below_feet * frame.side
        on_edge = self.on_land and not figure.before
        if on_edge:
            floor = floor_below(self._context.ridges, box, floor, figure.before)
        below = (box.y - floor) * (1 / CONTACT_HEIGHT)
        beside = (1 - ((box.x - frame.x) / (half * (frame.side / figure.side) + CONTACT_BESIDE)) ** 2).clamp(min=0)
        up = (1 - below if on_edge else 1 - below.abs()).clamp(0, 1)
        if on_edge:
            up = up * box.coverage(box.y - floor + RIM_SHADED)
        self._context.canvas.darken(box, up * up * beside * (CONTACT_STRENGTH * opacity))

    def _paint_lit_ground(self, opacity: Tensor) -> None:
        """The light of windows or of a flame on the ground before them, in the dark."""
        scene, figure = self._scene, self._figure
        night = (1 - (1.4 * scene.brightness - 0.3).clamp(0, 1)) * opacity
        if batch_max(night) <= 0:
            return
        half, _, _ = self._span()
        low, high = self._rise(self._surface)
        left, right = self._sides(half + LIT_GROUND)
        box = scene.grid.box(low - 0.01, high + LIT_GROUND, left, right)
        if box.empty:
            return
        frame = frame_at(figure, box.x)
        below = (box.y - frame.foot + self._below_feet * frame.side) * (1 / LIT_GROUND)
        across = (box.x - frame.x) / (half * (frame.side / figure.side) + LIT_GROUND)
        light = (1 - across * across - below * below).clamp(min=0) * box.coverage(below * LIT_GROUND + 0.01, 0.01)
        warm = colour_tensor(FIRELIGHT if self._label in FLAMES else WARM_LIGHT, scene.device)
        self._context.canvas.glow(box, warm, light * light * (LIT_GROUND_STRENGTH * night), burn=0.3)

    def _paper_colour(self) -> Tensor:
        """The colour that was asked for, or that of its paper in the light of the scene, [batch, 3, 1, 1]."""
        colour = self._role.colour
        paper = FIGURE_PAPERS.get(self._label)
        if paper is None:
            return colour
        share = PAPER_SHARE if self._role.coloured is None else PAPER_SHARE * (1 - self._role.coloured)
        return torch.lerp(colour, self._in_light(paper), share)

    def _second_paper_colour(self) -> Tensor:
        """Of what keeps its colour when another is asked for: stems, faces; [batch, 3, 1, 1]."""
        paper = SECOND_PAPERS.get(self._label)
        if paper is None:
            return self._colour
        return torch.lerp(self._scene.palette.near * 0.75, self._in_light(paper), PAPER_SHARE)

    def _in_light(self, paper: str) -> Tensor:
        """The colour of a paper in the light of the scene, apart from that of the land, [batch, 3, 1, 1]."""
        scene = self._scene
        lit = self._in_season(paper) * self._light_on(1.0 if paper in GLOWING else PAPER_AT_NIGHT)
        land = torch.lerp(scene.palette.far, scene.palette.horizon, 0.5)
        apart = ((lit - land) * colour_tensor(LUMA, scene.device)).sum(1, keepdim=True)
        alike = (1 - (apart / LIKE_THE_LAND) ** 2).clamp(min=0)
        darker = 0.0 if sum(rgb(paper)) > PALE_PAPER else DARKER
        return lit * (1 - darker * alike)

    def _share_of_coats(self) -> Tensor | float:
        """How much is seen of the coats: none of them where words name a colour, or where leaves follow the season."""
        named = self._role.coloured
        share = 1.0 if named is None else 1 - named
        if self._label in LEAFY:
            for group, name in SEASONS:
                share = share * (1 - self._scene.weight(group, name))
        return share

    def _light_on(self, at_night: float) -> Tensor:
        """The light on paper that has this share of its colour in the dark, [batch, 3, 1, 1]."""
        scene = self._scene
        return scene.palette.glow * (at_night + (1 - at_night) * scene.brightness.clamp(max=1))

    def _in_season(self, paper: str) -> Tensor:
        """A paper's colour; that of leaves follows the weather, [batch or 1, 3, 1, 1]."""
        scene = self._scene
        colour = colour_tensor(paper, scene.device)
        if self._label not in LEAFY or paper != FIGURE_PAPERS[self._label]:
            return colour
        for (group, name), leaves in SEASONS.items():
            colour = torch.lerp(colour, colour_tensor(leaves, scene.device), scene.weight(group, name))
        return colour

    def _set_apart(self) -> Tensor:
        """Lighten or darken the paper where what lies behind it is as light, [batch, 1, 1, 1].

        Returns:
            How much of the difference in luma is still missing: negative where the figure is the darker one.
        """
        scene, luma = self._scene, colour_tensor(LUMA, self._scene.device)
        half, height, middle = self._span()
        (top, _), (_, bottom) = self._rise(middle - 0.5 * height), self._rise(middle + 0.4 * height)
        box = scene.grid.box(top, bottom, *self._sides(half))
        if box.empty:
            return torch.zeros_like(half)
        seen = self._context.canvas.pixels[:, :, box.rows, box.columns][:, :, ::SAMPLE, ::SAMPLE]
        behind = (seen.mean((2, 3), keepdim=True) * luma).sum(1, keepdim=True)
        own = (self._colour * luma).sum(1, keepdim=True)
        paper = torch.lerp(self._daylight(), own, 0.3)
        paper = paper + LIT_INDOORS * scene.weight("terrain", "room")
        lighter = torch.tanh((paper - 1.05 * behind - 3 * (behind - NO_ROOM_ABOVE).clamp(min=0)) * 20)
        missing = (APART - (own - behind).abs() * torch.sign(lighter * (own - behind))).clamp(0, APART) * lighter
        named = torch.zeros_like(own) if self._role.coloured is None else self._role.coloured
        wanted = (own + PAPER_GIVES * missing * (1 - (1 - NAMED_GIVES) * named)).clamp(0.05, 0.92)
        factor = (wanted / own.clamp(min=0.02)).clamp(0.35, 2.2)
        colour, self._second_colour = self._colour * factor, self._second_colour * factor.sqrt()
        self._tint_light = factor.sqrt()
        self._colour = torch.lerp(colour, scene.palette.glow, ((wanted - own) * 0.6).clamp(0, 0.4))
        return missing

    def _daylight(self) -> Tensor:
        """The luma of the paper in white light, [batch, 1, 1, 1]."""
        luma, paper = colour_tensor(LUMA, self._scene.device), FIGURE_PAPERS.get(self._label)
        colour = self._role.colour if paper is None else self._in_season(paper)
        if self._role.coloured is not None:
            colour = torch.lerp(colour, self._role.colour, self._role.coloured)
        return (colour * luma).sum(1, keepdim=True)

    def _span(self) -> tuple[Tensor, Tensor, Tensor]:
        """Half the figure's width, its height, and the y of its middle, each [batch, 1, 1, 1]."""
        extent = self._atlas.extent[self._index] * self._figure.side.view(-1, 1)
        half, height = extent.view(-1, 2, 1, 1, 1).unbind(1)
        half, height = half * self._scale()[0], height * self._scale()[1]
        return half, height, self._foot - 0.5 * height

    def _sides(self, half: Tensor) -> tuple[float, float]:
        """The x of the left and of the right end of what reaches so far to both sides of each copy."""
        each = self._figure.each()
        return batch_min(each[0].x - half), batch_max(each[-1].x + half)

    def _rise(self, y: Tensor) -> tuple[float, float]:
        """The least and the greatest of what has this y in the figure, and as much more or less in its copies."""
        feet = [copy.foot - self._figure.foot for copy in self._figure.copies]
        if not feet:
            return batch_min(y), batch_max(y)
        return min(batch_min(y + foot) for foot in feet), max(batch_max(y + foot) for foot in feet)

    def _frame(self, box: Box) -> Frame:
        """The square of the figure, or of its nearest copy, as it enters or swims, at each column of a box."""
        frame = frame_at(self._figure, box.x)
        return frame._replace(foot=frame.foot + self._foot - self._figure.foot)

    def _light_direction(self) -> tuple[Tensor, Tensor]:
        """From the figure to the celestial body, a unit vector; upwards under an empty sky."""
        scene, figure = self._scene, self._figure
        x, y, _ = scene.celestial_disc
        empty = scene.weight("celestial", "empty sky")
        dx = torch.lerp(x - figure.x, torch.full_like(x, -0.35), empty)
        dy = torch.lerp(y - (figure.foot - 0.5 * figure.side), torch.full_like(x, -0.6), empty)
        length = torch.sqrt(dx**2 + dy**2 + 1e-3)
        return dx / length, dy / length

    def _box(self, layer: PaperLayer, margin: float) -> Box:
        """The pixels that a layer can cover."""
        top, bottom, left, right = layer.reach
        if self._turned:
            top, bottom = self._upside_down(bottom), self._upside_down(top)
        if self._figure.turn:
            top, bottom, left, right = self._leant(top, bottom, left, right)
        if "broken" in self._states:
            left, right = left - CLEFT, right + CLEFT
        half = max(abs(left - 0.5), abs(right - 0.5)) if self._turning() or self._figure.copies else 0.0
        side, facing = self._figure.side, self._figure.facing
        wide, tall = self._scale()
        ends = [self._figure.x + (end - 0.5) * side * facing * wide for end in (left, right)]
        low, high = batch_min(torch.minimum(*ends)), batch_max(torch.maximum(*ends))
        if half:
            low, high = self._sides(half * side * wide)
        sway = 2.2 * SWAY_RADIANS.get(self._label, 0.0) * batch_max(side)
        margin += sway + (0.04 if self._label in FLAMES else 0.0)
        (upper, _), (_, lower) = (self._rise(self._foot + (end - 1) * side * tall) for end in (top, bottom))
        return self._scene.grid.box(upper - margin, lower + margin, low - margin, high + margin, soft_edge=True)

    def _pivot(self) -> float:
        """The y about which it leans, in its square."""
        return FLOOR if self._figure.planted else 0.5

    def _leant(self, top: float, bottom: float, left: float, right: float) -> tuple[float, float, float, float]:
        """Top, bottom, left and right of what reaches so far as the figure leans, in sides."""
        pivot, cosine, sine = self._pivot(), math.cos(self._figure.turn), math.sin(self._figure.turn)
        corners = [(x - 0.5, y - pivot) for x in (left, right) for y in (top, bottom)]
        xs = [0.5 + across * cosine + down * sine for across, down in corners]
        ys = [pivot + down * cosine - across * sine for across, down in corners]
        return min(ys), max(ys), min(xs), max(xs)

    def _turning(self) -> bool:
        return any(decisions((self._figure.facing.detach().abs() < 0.999).flatten()))

    def _positions(self, box: Box) -> tuple[Tensor, Tensor]:
        """Positions of the pixels in the figure's square, with the motion of the whole figure."""
        scene, figure, frame = self._scene, self._figure, self._frame(box)
        wide, tall = self._scale()
        x = 0.5 + (box.x - frame.x) / (frame.side * frame.facing * wide)
        y = 1 + (box.y - frame.foot) / (frame.side * tall)
        if self._turned:
            y = self._upside_down(y)
        if figure.turn:
            pivot, cosine, sine = self._pivot(), math.cos(figure.turn), math.sin(figure.turn)
            across, down = x - 0.5, y - pivot
            x, y = 0.5 + across * cosine - down * sine, pivot + across * sine + down * cosine
        lean = SWAY_RADIANS.get(self._label, 0.0) * math.sin(scene.angle(0.8))
        if lean:
            x, y = x + lean * (1 - y), y + lean * (x - 0.5)
        if self._label in FLAMES:
            wave = torch.sin(10 * y + scene.angle(3.1)) - torch.sin(10 * y)
            x = x + 0.05 * (0.4 - y).clamp(0, 0.5) * 2 * wave
        return x, y

    def _upside_down(self, y: N) -> N:
        """A y of the figure's square as it stands on its head."""
        return 2 - float(self._atlas.extent[self._index, 1]) - self._below_feet - y

    def _paint_halo(self) -> None:
        """Lit mist behind a dark figure, most under a dark sky; a shade of the land behind a light one."""
        scene, figure, canvas = self._scene, self._figure, self._context.canvas
        half, height, middle = self._span()
        reach = HALO_ON_STAGE if scene.staged else HALO_REACH
        across, up = half + reach, 0.5 * height + reach
        (top, _), (_, bottom) = self._rise(middle - up), self._rise(middle + up)
        if self.on_land and not figure.before:  # the nearest land covers the rest
            bottom = min(bottom, batch_max(self._context.ridges.near) + 0.02)
        box = scene.grid.box(top, bottom, *self._sides(across))
        if box.empty:
            return
        middle_x = figure.x
        if figure.copies:  # one halo for all
            ends = torch.cat([copy.x for copy in figure.copies], 3)
            middle_x = box.x.clamp(min=ends.amin(3, keepdim=True), max=ends.amax(3, keepdim=True))
        near = (1 - ((box.x - middle_x) / across) ** 2 - ((box.y - middle) / up) ** 2).clamp(min=0)
        luma, sky = (
            (colour * colour_tensor(LUMA, scene.device)).sum(1, keepdim=True)
            for colour in (self._colour, scene.palette.lower)
        )
        pale = torch.sigmoid((luma - 0.62) * 16)
        strength = torch.lerp(
            DARK_HALO + NIGHT_HALO * (1 - 2 * sky).clamp(min=0), torch.full_like(sky, PALE_HALO), pale
        )
        if self._missing is not None:
            pale = torch.sigmoid((self._missing + (luma - 0.62) * 0.1) * 40)
            strength = (0.10 + self._missing.abs() * MIST_GIVES + 0.5 * strength).clamp(max=0.72)
        light = torch.lerp(scene.mist, scene.palette.far * 0.8, pale)
        outdoors = 1 - (1 - INDOOR_HALO) * scene.weight("terrain", "room")
        share = MANY_HALO if figure.rank >= 0 else 1.0
        strength = strength * outdoors * self._on_stage * share
        canvas.over(box, light, near.square_().mul_(strength) if scene.staged else near * near * strength)

    def _paint_bars(self) -> None:
        """The bars of the cage in front of a figure that is in it."""
        scene, figure = self._scene, self._figure
        half, height = (self._atlas.extent[self._index] * figure.side.view(-1, 1)).view(-1, 2, 1, 1, 1).unbind(1)
        top, low = figure.foot - 1.12 * height, figure.foot
        reach = batch_max(half) + BARS
        box = scene.grid.box(batch_min(top), batch_max(low), batch_min(figure.x) - reach, batch_max(figure.x) + reach)
        if box.empty:
            return
        across = box.x - figure.x
        beside = (across - BARS * torch.round(across / BARS)).abs()
        depth = torch.minimum(BAR - beside, half + 0.5 * BARS - across.abs())
        depth = torch.minimum(depth, torch.minimum(box.y - top, low - box.y))
        light = 0.35 + 0.65 * scene.brightness.clamp(max=1)
        gold = colour_tensor(FIGURE_PAPERS["cage"], scene.device) * light * (1.1 - 0.3 * (beside / BAR).clamp(max=1))
        self._context.canvas.over(box, gold, box.coverage(depth) * self._on_stage)

    def _paint_opening(self, lit: bool) -> None:
        """The arch in which a figure is seen that is inside another."""
        scene, figure = self._scene, self._figure
        half, height = (self._atlas.extent[self._index] * figure.side.view(-1, 1)).view(-1, 2, 1, 1, 1).unbind(1)
        wide, tall = torch.maximum(half, 0.4 * height) * 1.18, height * 1.20
        box = scene.grid.box(
            batch_min(figure.foot - tall) - 0.02,
            batch_max(figure.foot),
            batch_min(figure.x - wide) - 0.02,
            batch_max(figure.x + wide) + 0.02,
        )
        if box.empty:
            return
        up = self._surface - box.y
        round_top = (up - (tall - wide).clamp(min=0)).clamp(min=0) * (wide / torch.minimum(wide, tall))
        depth = torch.minimum(wide - torch.sqrt((box.x - figure.x) ** 2 + round_top**2 + 1e-6), up + 0.004)
        light = (
            colour_tensor(WARM_LIGHT, scene.device) if lit else scene.palette.horizon * 0.7 + scene.palette.glow * 0.3
        )
        self._context.canvas.over(box, scene.palette.near * 0.8, box.coverage(depth + 0.007) * self._on_stage)
        self._context.canvas.over(box, light, box.coverage(depth) * self._on_stage)

    def _paint_sheet(self, layer: PaperLayer, box: Box) -> Tensor:
        """Paint one sheet with its facets and its rim; its coverage of the box."""
        scene, figure = self._scene, self._figure
        frame = self._frame(box)
        x, y = self._positions(box)
        x, apart = broken_at(self._states, x, y, 1 - self._below_feet)
        colours = self._lots_of_colours if scene.staged and layer.tinted else 0
        side = batch_max(figure.side, 0.0) * scene.grid.unit if scene.staged else None
        sampled = layer.sample(x, y, scene.phase + figure.delay, colours=colours, side=side)
        depth, slope_x, slope_y, shade = sampled[:, :4, None].unbind(1)
        if apart is not None:
            depth = torch.minimum(depth, apart)
        line: Tensor | None = None
        if eyes := self._shut_eyes(layer):
            depth, lid, line = closed_eyes(eyes, self._states, depth, x, y)
            sampled = torch.cat([sampled[:, :4], sampled[:, 4:] * (1 - lid)], 1)
        if figure.floats and self._label == "balloon":  # a toy: no basket
            depth = torch.minimum(depth, STRINGS["balloon"][1] - y)
        cover = box.coverage(depth * frame.side) * self._on_stage.clamp(max=0.04).mul(25)
        if figure.submerged:
            cover = cover * self._through_water(box)
        elif self._draught is not None:
            cover = cover * self._above_water(box)
        if "ghostly" in self._states:
            cover = cover * (1 - GHOSTLY * self._states["ghostly"])
        light_x, light_y = self._light
        lit = slope_x * frame.facing * light_x + slope_y * light_y
        paper = self._second_colour if layer.second else self._colour
        if colours:
            paper = self._tinted(paper, sampled[:, 4:8], sampled[:, 8:])
        graded = paper * (GRADING_TOP + (GRADING_FOOT - GRADING_TOP) * y)
        unshaded = 1 - CONTACT_SHADE * shade
        colour = graded * ((1 + FACET_CONTRAST * lit) * unshaded)
        colour = torch.addcmul(colour, scene.mist, lit.clamp(min=0) * (FACET_GLEAM * unshaded))
        if self._states:
            colour = on_paper(self._states, scene, colour, x, y, (slope_y, lit), self._in_light(WHITE_PAPER))
        if line is not None:
            colour = colour * (1 - 0.75 * line)
        rim = (1 - depth * frame.side / RIM_WIDTH).clamp(0, 1) * (3 * lit).clamp(0, 1)
        colour = torch.lerp(colour, scene.palette.glow.expand_as(colour), rim * RIM_STRENGTH)
        self._context.canvas.over(box, colour, cover)
        return cover

    def _shut_eyes(self, layer: PaperLayer) -> list[Eye]:
        """The eyes of a sheet that sleep has closed."""
        if "sleeping" not in self._states:
            return []
        return [eye for eye in eyes_of(self._layers) if self._layers[eye.sheet] is layer]

    def _tinted(self, paper: Tensor, tints: Tensor, coats: Tensor) -> Tensor:
        """A paper with the colours within it, premultiplied, [batch, 4, rows, columns]; coats may be in one lot."""
        laid = torch.addcmul(tints, coats, self._coat_share) if isinstance(self._coat_share, Tensor) else tints
        opacity = laid[:, 3:]
        ink = self._scene.palette.near * (0.75 * (1 - PAPER_SHARE)) * self._tint_light
        light = self._light_on(PAPER_AT_NIGHT) * PAPER_SHARE * self._tint_light
        return torch.addcmul(torch.lerp(paper, ink, opacity), laid[:, :3], light)

    def _paint_lid(self, layer: PaperLayer, box: Box) -> None:
        """A lit eye that sleep has closed: a lid of paper with a dark edge."""
        side = self._frame(box).side
        x, y = self._positions(box)
        depth = layer.sample(x, y, self._scene.phase)
        below = layer.sample(x, y + 0.3 * layer.height, self._scene.phase)
        opacity = self._on_stage.clamp(max=0.04).mul(25)
        whole, lid = box.coverage((depth + 0.006) * side), box.coverage(torch.minimum(depth, below + 0.004) * side)
        self._context.canvas.over(box, self._colour * 0.4, whole * opacity)
        self._context.canvas.over(box, self._colour * 0.95, lid * opacity)

    def _through_water(self, box: Box) -> Tensor:
        """How visible a figure is below the surface: in stripes, because the surface moves."""
        scene = self._scene
        stripes = torch.sin(box.y * 150 + 2 * torch.sin(box.x * 21 + scene.angle(0.7)) - scene.angle(1.3))
        return SEEN_THROUGH + 0.14 * stripes * scene.weight("terrain", *WATERS)

    def _above_water(self, box: Box) -> Tensor:
        """How visible the figure is at each pixel: what is below the surface hardly is."""
        scene = self._scene
        ripple = 0.004 * torch.sin(box.x * 60 + scene.angle(1.1))
        frame = frame_at(self._figure, box.x)
        surface = frame.foot - self._below_feet * frame.side
        below = torch.sigmoid((box.y - surface + ripple) * (4 / WATERLINE_SOFTNESS))
        return 1 - (1 - CLARITY) * below * scene.weight("terrain", *WATERS)

    def _paint_light(self, layer: PaperLayer, box: Box) -> None:
        """Windows and flames, and the light around them as far as LIGHT_REACH."""
        canvas, scene = self._context.canvas, self._scene
        fire = 1.0 if self._label in FLAMES else 0.0
        wobble = 0.06 * math.sin(scene.angle(5.3)) + 0.05 * math.sin(scene.angle(8.9))
        flicker = 1 + fire * wobble + 0.02 * math.sin(scene.angle(0.7))
        night = 1 - (1.4 * scene.brightness - 0.3).clamp(0, 1)  # in daylight a lamp lights only its own pane
        warm, firelight = colour_tensor(WARM_LIGHT, scene.device), colour_tensor(FIRELIGHT, scene.device)
        x, y = self._positions(box)
        depth = layer.sample(x, y, scene.phase) * self._frame(box).side
        colour = torch.lerp(warm, firelight, 0.45 * fire * y.clamp(0, 1))
        on_stage = self._on_stage
        light = falloff(-depth, LIGHT_REACH) * ((0.18 + 0.34 * night) * flicker * on_stage)
        canvas.glow(box, colour, light, burn=0.5)
        opacity = (0.8 + 0.2 * night) * on_stage.clamp(max=0.04).mul(25)
        canvas.over(box, colour * flicker, box.coverage(depth) * opacity)


def _paint_beams(context: DrawContext, lighthouse: Figure) -> None:
    """Two beams of a lighthouse that sweep slowly; as one grows, the other fades."""
    scene = context.scene
    x, y = lighthouse.point(*BEAM_ORIGIN)
    box = scene.grid.box(bottom=0.8)
    dx = box.x - x
    distance = dx.abs()
    slope = 0.10 * math.sin(scene.angle(0.35))
    half_width = 0.012 + 0.16 * distance
    cone = (1 - ((box.y - y - slope * dx) / half_width) ** 2).clamp(min=0) * falloff(distance, 2 * BEAM_LENGTH)
    share = 0.5 + 0.3 * math.sin(scene.angle(0.5)) * torch.tanh(dx * 30)
    night = 1.2 - scene.brightness.clamp(0, 1)
    light = cone * share * night * lighthouse.on_stage(LABELS.index("lighthouse"))
    context.canvas.glow(box, colour_tensor(WARM_LIGHT, scene.device), light, burn=0.6)
