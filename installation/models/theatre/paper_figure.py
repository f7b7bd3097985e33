"""One figure as it is painted: sheets of folded paper with facets and rims, lit windows, and what grows at its feet."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from installation.models.theatre.crowds import frame_at
from installation.models.theatre.curled_animals import CURLED
from installation.models.theatre.draw_context import DrawContext, batch_max
from installation.models.theatre.figure_airs import paint_airs, paint_glow
from installation.models.theatre.figure_atlas import Atlas, PaperLayer
from installation.models.theatre.figure_backing import paint_bars, paint_beams, paint_halo, paint_opening
from installation.models.theatre.figure_colours import FIRELIGHT, WARM_LIGHT, FigureColours
from installation.models.theatre.figure_effects import left_of, melted_at, paint_before, paint_beneath
from installation.models.theatre.figure_layout import WATERS
from installation.models.theatre.figure_shadows import paint_paper_shadow, paint_shadow
from installation.models.theatre.figure_states import Eye, broken_at, closed_eyes, eyes_of, on_paper
from installation.models.theatre.footing import put_sod, sod_cover
from installation.models.theatre.handling import STRINGS
from installation.models.theatre.land import GRASSY
from installation.models.theatre.marks import EFFECTS
from installation.models.theatre.placed_figure import FLAMES, PlacedFigure, Role
from installation.models.theatre.poses import FOLDED, LYING
from installation.models.theatre.raster import Box, colour_tensor, falloff
from installation.models.theatre.weathered_papers import UNLIT, WEARS, Sheet, glass_cover, weathered

FACET_CONTRAST, FACET_GLEAM = 0.62, 0.38  # how much the light changes a facet's colour; how much of its own it adds
CONTACT_SHADE = 0.45  # how much a sheet darkens the one below at its edge
RIM_WIDTH, RIM_STRENGTH = 0.010, 0.62  # of the lit edge, in units
LIGHT_REACH = 0.14  # of the light around a window or a flame, in units
WHITE_PAPER, GHOSTLY = "f6f1e6", 0.48  # of patterns; how much of a ghostly figure is missing
FINER = 1.7  # how much finer patterns are on clothes than on other figures
DARK_PANE = "2b2a33"  # of windows without light
SEEN_THROUGH = 0.78  # how visible a figure is that swims near the surface
RESTING = (LYING, FOLDED, CURLED)  # poses of who sleeps, which need no letters to tell it
CLARITY, WATERLINE_SOFTNESS = 0.22, 0.012  # how visible a figure is below the surface; width of that edge, in units


HAPPENING = frozenset(EFFECTS)  # states


class PaperFigure:
    """One figure of a role: sheets of paper in place, as far as it is on stage.

    Attributes:
        placed: Where it is.
        colours: Of its papers.
    """

    def __init__(self, context: DrawContext, role: Role, index: int, atlas: Atlas) -> None:
        self.placed = PlacedFigure(context, role, index, atlas)
        self.colours = FigureColours(self.placed)

    @property
    def coloured(self) -> Tensor | None:
        """See `Role.coloured`."""
        return self.placed.role.coloured

    def paint_behind(self) -> None:
        """Paint what is behind the figure: a halo, beams of light, the opening in which it is seen."""
        placed = self.placed
        figure, opening = placed.figure, placed.figure.opening
        if figure.window is not None:
            return
        if placed.scene.staged and opening is None:
            self.colours.set_apart()
        if placed.label == "lighthouse":
            paint_beams(placed.context, figure)
        for spot in placed.spots() if not HAPPENING.isdisjoint(placed.states) else ():
            paint_beneath(placed.context, placed.states, spot, self.colours.paper, placed.on_stage)
        for spot in placed.spots() if "glowing" in placed.states else ():
            paint_glow(placed.context, placed.states, spot, placed.on_stage)
        if opening is not None:
            paint_opening(placed, opening)
        elif not (figure.before and figure.rank >= 0):  # which would veil the ranks behind it
            paint_halo(placed, self.colours)
        if placed.scene.staged and opening is None and not figure.submerged:
            paint_paper_shadow(placed)

    def paint(self) -> list[tuple[Box, Tensor]]:
        """Paint sheets, rim and lit openings; the coverage of each sheet, [batch, 1, rows, columns] of a box."""
        placed, states = self.placed, self.placed.states
        covers = []
        sod = self._sod() if (placed.figure.before or placed.figure.beyond) and placed.on_land else None
        for layer in placed.painted_layers:
            box = placed.box(layer, LIGHT_REACH if layer.lit else 0.0)
            if box.empty:
                continue
            if layer.lit and "sleeping" in states:
                self._paint_lid(layer, box)
            elif layer.lit and not states.keys().isdisjoint(UNLIT):
                self._paint_dark(layer, box)
            elif layer.lit:
                self._paint_light(layer, box)
            else:
                covers.append((box, self._paint_sheet(layer, box)))
        if placed.figure.barred:
            paint_bars(placed)
        if sod is not None:
            put_sod(placed.context.canvas, *sod)
        for spot in placed.spots() if not HAPPENING.isdisjoint(states) else ():
            paint_before(placed.context, states, spot, self.colours.paper, placed.on_stage)
        airs = {name: states[name] for name in states if not (name == "sleeping" and placed.figure.pose in RESTING)}
        for number, spot in enumerate(placed.spots() if airs else ()):
            paint_airs(placed.context, airs, spot, placed.on_stage, placed.figure.delay + 0.61 * number)
        return covers

    def _sod(self) -> tuple[Box, Tensor, Tensor] | None:
        """What grows before its feet: the pixels, what is there before the figure is painted, how much of it stays."""
        scene, canvas = self.placed.scene, self.placed.context.canvas
        half, _, _ = self.placed.span()
        low, high = self.placed.rise(self.placed.surface)
        box = scene.grid.box(low - 0.03, high + 0.03, *self.placed.sides(half))
        if box.empty:
            return None
        frame = frame_at(self.placed.figure, box.x)
        surface = frame.foot - self.placed.below_feet * frame.side
        cover = sod_cover(scene, box, frame, surface, float(scene.weight("terrain", *GRASSY)))
        return box, canvas.pixels[:, :, box.rows, box.columns].clone(), cover

    def paint_shadow(self) -> None:
        """Paint the shadow on the ground or the reflection in the water."""
        paint_shadow(self.placed, self.colours)

    def _paint_sheet(self, layer: PaperLayer, box: Box) -> Tensor:
        """Paint one sheet with its facets and its rim; its coverage of the box."""
        placed, colours, states = self.placed, self.colours, self.placed.states
        scene, figure = placed.scene, placed.figure
        frame = placed.frame(box)
        x, y = placed.positions(box)
        x, apart = broken_at(states, x, y, 1 - placed.below_feet)
        x = melted_at(states, x, y)
        lots = colours.lots if scene.staged and layer.tinted else 0
        side = batch_max(figure.side, 0.0) * scene.grid.unit if scene.staged else None
        sampled = layer.sample(x, y, scene.phase + figure.delay, colours=lots, side=side)
        depth, slope_x, slope_y, shade = sampled[:, :4, None].unbind(1)
        depth = left_of(states, depth, x, y)
        if apart is not None:
            depth = torch.minimum(depth, apart)
        line: Tensor | None = None
        if eyes := self._shut_eyes(layer):
            depth, lid, line = closed_eyes(eyes, states, depth, x, y)
            sampled = torch.cat([sampled[:, :4], sampled[:, 4:] * (1 - lid)], 1)
        if figure.floats and placed.label == "balloon":  # a toy: no basket
            depth = torch.minimum(depth, STRINGS["balloon"][1] - y)
        inside = depth * frame.side
        cover = box.coverage(inside)
        if not placed.arrived:
            cover = cover * placed.opacity
        if figure.submerged:
            cover = cover * self._through_water(box)
        elif placed.draught is not None:
            cover = cover * self._above_water(box)
        if "ghostly" in states:
            cover = cover * (1 - GHOSTLY * states["ghostly"])
        if "glassy" in states:
            cover = cover * glass_cover(states, depth)
        light_x, light_y = placed.light
        lit = torch.addcmul(slope_x * (frame.facing * light_x), slope_y, light_y)
        paper = colours.second if layer.second else colours.paper
        if lots:
            paper = colours.tinted(paper, sampled[:, 4:8], sampled[:, 8:])
        grading = colours.graded(y)
        in_place = bool(lots) and torch.is_inference_mode_enabled()
        graded = paper.mul_(grading) if in_place else paper * grading
        if not states and line is None and torch.is_inference_mode_enabled():
            self._lay(box, (graded, lit, shade), inside, cover)
            return cover
        unshaded = 1 - CONTACT_SHADE * shade
        colour = graded * ((1 + FACET_CONTRAST * lit) * unshaded)
        colour = torch.addcmul(colour, FACET_GLEAM * scene.mist, lit.clamp(min=0) * unshaded)
        plain = colour
        if states:
            pattern = (FINER * y, FINER * x) if colours.dressed else (x, y)  # stripes lie across a shirt
            colour = on_paper(states, scene, colour, *pattern, (slope_y, lit), colours.in_light(WHITE_PAPER))
        if not WEARS.keys().isdisjoint(states):
            colour = weathered(states, self._sheet(layer, (x, y, depth), (slope_y, lit)), colour)
        if colours.dressed and lots:
            colour = torch.lerp(colour, plain, sampled[:, 7:8])  # skin, hair and shoes
        if line is not None:
            colour = colour * (1 - 0.75 * line)
        rim = (RIM_STRENGTH - inside * (RIM_STRENGTH / RIM_WIDTH)).clamp(0, RIM_STRENGTH) * (3 * lit).clamp(0, 1)
        colour = torch.lerp(colour, scene.palette.glow.expand_as(colour), rim)
        placed.context.canvas.over(box, colour, cover)
        return cover

    def _lay(self, box: Box, paper: tuple[Tensor, Tensor, Tensor], inside: Tensor, cover: Tensor) -> None:
        """Lay a sheet of plain paper on the canvas, in few operations: without gradients.

        Args:
            box: The pixels.
            paper: Its colour, how far it faces the light, and how far other sheets shade it; the last two are used up.
            inside: Distance from its edge, in units.
            cover: Of the box.
        """
        scene, (colour, lit, shade) = self.placed.scene, paper
        rim = (inside * (-RIM_STRENGTH / RIM_WIDTH)).add_(RIM_STRENGTH).clamp_(0, RIM_STRENGTH)
        rim.mul_((3 * lit).clamp_(0, 1)).mul_(cover)
        kept = (cover - rim).mul_(shade.mul_(-CONTACT_SHADE).add_(1))
        body = (lit * FACET_CONTRAST).add_(1).mul_(kept)
        view = self.placed.context.canvas.pixels[:, :, box.rows, box.columns]
        view.mul_(1 - cover).addcmul_(colour, body)
        view.addcmul_(lit.clamp_(min=0).mul_(kept), FACET_GLEAM * scene.mist).addcmul_(rim, scene.palette.glow)

    def _sheet(self, layer: PaperLayer, at: tuple[Tensor, Tensor, Tensor], slopes: tuple[Tensor, Tensor]) -> Sheet:
        """The part of a sheet at positions of this depth, as `weathered` needs it."""
        placed, (x, y, depth) = self.placed, at
        outline, seconds = layer.outline_only(), placed.scene.phase + placed.figure.delay
        floor, height = 1 - placed.below_feet, placed.drawn_extent()[1]

        def below_edge(rise: Tensor) -> Tensor:
            return outline.sample(x, y - rise, seconds)

        high = (floor - y) / height
        return Sheet(x, y, high, depth, below_edge, *slopes, self.colours.in_light(WHITE_PAPER))

    def _shut_eyes(self, layer: PaperLayer) -> list[Eye]:
        """The eyes of a sheet that sleep has closed."""
        if "sleeping" not in self.placed.states:
            return []
        return [eye for eye in eyes_of(self.placed.layers) if self.placed.layers[eye.sheet] is layer]

    def _paint_lid(self, layer: PaperLayer, box: Box) -> None:
        """A lit eye that sleep has closed: a lid of paper with a dark edge."""
        side = self.placed.frame(box).side
        x, y = self.placed.positions(box)
        depth = layer.sample(x, y, self.placed.scene.phase)
        below = layer.sample(x, y + 0.3 * layer.height, self.placed.scene.phase)
        opacity = self.placed.opacity
        whole, lid = box.coverage((depth + 0.006) * side), box.coverage(torch.minimum(depth, below + 0.004) * side)
        self.placed.context.canvas.over(box, self.colours.paper * 0.4, whole * opacity)
        self.placed.context.canvas.over(box, self.colours.paper * 0.95, lid * opacity)

    def _paint_dark(self, layer: PaperLayer, box: Box) -> None:
        """A window behind which there is no light."""
        x, y = self.placed.positions(box)
        depth = layer.sample(x, y, self.placed.scene.phase) * self.placed.frame(box).side
        dark = colour_tensor(DARK_PANE, self.placed.scene.device) * self.colours.in_light(WHITE_PAPER)
        self.placed.context.canvas.over(box, dark, box.coverage(depth) * self.placed.opacity)

    def _through_water(self, box: Box) -> Tensor:
        """How visible a figure is below the surface: in stripes, because the surface moves."""
        scene = self.placed.scene
        stripes = torch.sin(box.y * 150 + 2 * torch.sin(box.x * 21 + scene.angle(0.7)) - scene.angle(1.3))
        return SEEN_THROUGH + 0.14 * stripes * scene.weight("terrain", *WATERS)

    def _above_water(self, box: Box) -> Tensor:
        """How visible the figure is at each pixel: what is below the surface hardly is."""
        scene = self.placed.scene
        ripple = 0.004 * torch.sin(box.x * 60 + scene.angle(1.1))
        frame = frame_at(self.placed.figure, box.x)
        surface = frame.foot - self.placed.below_feet * frame.side
        below = torch.sigmoid((box.y - surface + ripple) * (4 / WATERLINE_SOFTNESS))
        return 1 - (1 - CLARITY) * below * scene.weight("terrain", *WATERS)

    def _paint_light(self, layer: PaperLayer, box: Box) -> None:
        """Windows and flames, and the light around them as far as LIGHT_REACH."""
        canvas, scene = self.placed.context.canvas, self.placed.scene
        fire = 1.0 if self.placed.label in FLAMES else 0.0
        wobble = 0.06 * math.sin(scene.angle(5.3)) + 0.05 * math.sin(scene.angle(8.9))
        flicker = 1 + fire * wobble + 0.02 * math.sin(scene.angle(0.7))
        night = 1 - (1.4 * scene.brightness - 0.3).clamp(0, 1)  # in daylight a lamp lights only its own pane
        warm, firelight = colour_tensor(WARM_LIGHT, scene.device), colour_tensor(FIRELIGHT, scene.device)
        x, y = self.placed.positions(box)
        depth = layer.sample(x, y, scene.phase) * self.placed.frame(box).side
        colour = torch.lerp(warm, firelight, 0.45 * fire * y.clamp(0, 1))
        on_stage = self.placed.on_stage
        light = falloff(-depth, LIGHT_REACH) * ((0.18 + 0.34 * night) * flicker * on_stage)
        canvas.glow(box, colour, light, burn=0.5)
        opacity = (0.8 + 0.2 * night) * self.placed.opacity
        canvas.over(box, colour * flicker, box.coverage(depth) * opacity)
