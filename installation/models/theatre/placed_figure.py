"""Where one figure of a scene is: its square, how it leans, turns and stretches, and on what it stands."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

import torch
from torch import Tensor

from installation.models.op_tape import decisions
from installation.models.theatre.animal_poses import in_animal_pose
from installation.models.theatre.bounding_animals import EXTENTS, ROOSTING, redrawn_sheets
from installation.models.theatre.crowds import Frame, frame_at
from installation.models.theatre.draw_context import DrawContext, batch_max, batch_min
from installation.models.theatre.figure_airs import Spot
from installation.models.theatre.figure_atlas import LABELS, Atlas, PaperLayer
from installation.models.theatre.figure_effects import DEEPER
from installation.models.theatre.figure_layout import FLOORS, WATERS, Figure, height_at
from installation.models.theatre.figure_openings import CONTENTS
from installation.models.theatre.figure_states import CLEFT, Stretch, states_of, stretch_of
from installation.models.theatre.jointed_figures import Jointed, jointed_of
from installation.models.theatre.marks import SECOND, THIRD
from installation.models.theatre.outlines import FLOOR, feet_span, head_place, silhouette, top_place
from installation.models.theatre.poses import LYING, bent, half_width, joints_of, lowered, reach_of
from installation.models.theatre.raster import Box
from installation.models.theatre.scene import is_afloat
from installation.models.theatre.vocabulary import AIRBORNE, DRAUGHTS, SWAY_RADIANS, elevation

N = TypeVar("N", float, Tensor)
FLAMES = ("flame", "candle")
SLEEVED = ("lantern",)  # figures whose first sheet is a hand that holds them
FLAT = ("letter", "sandal", "footprints", "paw prints", "newspaper", "map", "photograph", "playing card", "rope")
LAID, INDOORS = 0.42, ("room", "deep sea")  # height of what lies flat, as drawn upright; where nothing lies like that
OFF_GROUND = (  # marks of what does not lie on the ground
    *("on", "inside", "above", "flying", "held", "piled", "sill", "lifted", "huge figure", "riding", "hanging"),
    *("second on", "second flying", "third flying", "tethered", "between", "pinned", "giving", "reading", "winged"),
)
LETTERED = ("shop", "calendar", "police car", "ambulance", "hospital", "hotel")  # on which a number or a sign is read
ON_ANOTHER = 0.06  # height of feet above the land from which on no shade of them falls on it, in units
LEANS = 0.5  # radians that who stands leans at most
PROPS = -1  # group of what no words name


@dataclass(frozen=True)
class Role:
    """A figure in its part of the scene.

    Attributes:
        figure: Where it stands.
        group: PROPS for what is painted first, 2 for what is last; of a group, halos are painted before all figures.
        colour: Of its paper, [batch, 3, 1, 1].
        coloured: The weight of the colours other than ink, [batch, 1, 1, 1], or None for ink alone.
        third: Whether it is a third figure.
        plain: Whether words say no state of it.
    """

    figure: Figure
    group: int
    colour: Tensor
    coloured: Tensor | None
    third: bool = False
    plain: bool = False


class PlacedFigure:
    """Where one figure of a role is: its layers, its square and what it is like, as far as it is on stage.

    Attributes:
        context: The scene, and the canvas.
        role: Of the figure.
        figure: Where it stands.
        index: Of what is drawn, in SUBJECTS.
        label: Of the figure.
        atlas: Of all figures.
        on_stage: How far it is, 0..1, [batch, 1, 1, 1].
        layers: From back to front.
        below_feet: What is free below its lowest point, in sides.
        surface: The y of the ground or of the water below it, [batch, 1, 1, 1].
        draught: How deep it lies in the water, in sides, or None.
        foot: The y of the floor of its square, as it enters or swims, [batch, 1, 1, 1].
        states: What words say of it, with their strengths (see `figure_states`).
        light: From it to the celestial body, x and y of a unit vector.
    """

    def __init__(self, context: DrawContext, role: Role, index: int, atlas: Atlas) -> None:
        self.context, self.scene, self.role = context, context.scene, role
        self.label, self.atlas = LABELS[index], atlas
        self.figure, self.index = _readable(role.figure) if self.label in LETTERED else role.figure, index
        self.on_stage = self.figure.on_stage(index)
        if self.figure.posture:
            self.index = LABELS.index(self.figure.posture)
        self.jointed = jointed_of(self.figure, self.index)
        at_rest = atlas.layers[self.index] if self.jointed is None else self.jointed.layers
        self._redrawn = self.figure.pose in EXTENTS
        if self._redrawn:
            at_rest = redrawn_sheets(self.label, self.figure.pose, self.scene.device)
        self.layers = self.figure.cut or in_animal_pose(at_rest, self.figure.pose)
        if self.figure.floats and self.label in SLEEVED:  # the hand is that of the holder
            self.layers = self.layers[1:]
        for name, contents in CONTENTS.items() if role.group == 1 and self.scene.staged else ():
            if name in self.scene.marks and self.label in contents:
                self.layers = tuple(one for place, one in enumerate(self.layers) if place not in contents[self.label])
        self._sheets = tuple(layer for layer in self.layers if not layer.lit)
        self.below_feet = 1 - max(layer.bottom for layer in self.layers if not layer.lit)
        self.surface = self.figure.foot - self.below_feet * self.figure.side  # of the ground or the water
        order = THIRD if role.third else SECOND if role.group != 1 else ""
        self.states = states_of(self.scene, order) if role.group != PROPS and not role.plain else {}
        if "exploding" in self.states:
            self.states["broken"] = self.states["exploding"]
        draught = DRAUGHTS.get(self.label, 0.0) + DEEPER * ("sinking" in self.states)
        draught *= self.scene.staged and not self.figure.floats
        self.draught = draught * self.scene.weight("terrain", *WATERS) if draught else None
        self.foot = self.figure.entering_foot(index, atlas)
        if self.draught is not None:
            self.foot = self.foot + self.draught * self.figure.side
        self._turned = "upside down" in self.states and self.figure.pose != ROOSTING
        half, height = (length * self.figure.side for length in self.drawn_extent())
        room = self.surface - self.scene.grid.top
        shapes = {name: share for name, share in self.states.items() if name != "fat" or self.jointed is None}
        self._stretch = stretch_of(self.scene, shapes, self.figure.x, room, half, height)
        if self._lies_flat():
            wide, tall = self._stretch or (torch.ones_like(half), torch.ones_like(half))
            self._stretch = Stretch(wide, LAID * tall)
        if self._stretch is not None:  # its feet stay where they are
            self.foot = self.foot + self.below_feet * self.figure.side * (self._stretch.tall - 1)
        self.light = self._light_direction()

    def _lies_flat(self) -> bool:
        """Whether an audience sees it flat on the ground outdoors: a letter, a sandal, a trail of footprints."""
        if self.label not in FLAT or not self.scene.staged or self.figure.floats or self.figure.turn:
            return False
        return self.scene.marks.isdisjoint(OFF_GROUND) and not self.scene.has("terrain", *INDOORS)

    @cached_property
    def on_land(self) -> bool:
        """Whether an audience sees it stand on the edge of the nearest land, or on that land before the edge."""
        scene, figure = self.scene, self.figure
        if not scene.staged or any(scene.has("terrain", floor) for floor in FLOORS):
            return False
        if elevation(self.label, scene.staged) >= AIRBORNE or figure.far or figure.floats or figure.submerged:
            return False
        on_water = is_afloat(self.label) and float(scene.weight("terrain", *WATERS)) > 0.5
        on_way = scene.has_ways and float(torch.maximum(scene.on_wheels, scene.on_rails)) > 0.5
        return not on_water and not on_way and figure.opening is None and not self.lifted

    @cached_property
    def lifted(self) -> bool:
        """Whether an audience sees it so far above the land that it sits on another, or hangs."""
        scene = self.scene
        farther = self.figure.beyond or self.figure.rank >= 0  # the last of a rank may stand on farther land
        if not scene.staged or farther or any(scene.has("terrain", name) for name in (*FLOORS, *WATERS)):
            return False
        ridge = height_at(scene, self.context.ridges.near, self.figure.x)
        return float((ridge - self.surface).max()) > ON_ANOTHER

    @cached_property
    def opacity(self) -> Tensor:
        """How opaque it is on its way to its place, [batch, 1, 1, 1]: soon wholly."""
        return self.on_stage.clamp(max=0.04).mul(25)

    @cached_property
    def arrived(self) -> bool:
        """Whether an audience sees it wholly opaque."""
        return self.scene.staged and not torch.is_grad_enabled() and float(self.opacity.min()) >= 1

    def places(self) -> list[tuple[Tensor, ...]]:
        """The fields of `Standing` for the figure or each of its copies; none for who is before the edge, or beyond."""
        if self.figure.before or self.figure.beyond:
            return []
        extent, scales = self._extent(), self.scale()
        half, height = (length * scale for length, scale in zip(extent, scales, strict=True))
        below, share = self.below_feet, self.on_stage
        return [
            (one.x, half * one.side, height * one.side, one.foot - below * one.side, one.side, share)
            for one in self.figure.each()
        ]

    def spots(self) -> list[Spot]:
        """Where what is in the air around the figure and its copies begins."""
        if self.jointed is not None:
            return [self._spot_of(self.jointed, copy) for copy in self.figure.each()]
        head, top = (place(self._sheets) for place in (head_place, top_place))
        extent = self.drawn_extent()
        lower = lowered(self.figure.pose, joints_of(self._sheets)) if self.figure.pose else 0.0
        wide, tall = self.scale()
        found = []
        for copy in self.figure.each():
            half, height = float(extent[0]) * copy.side * wide, float(extent[1]) * copy.side * tall
            foot = copy.foot + self.foot - self.figure.foot + lower * copy.side
            across = copy.side * copy.facing * wide
            x = copy.x + (head[0] - 0.5) * across
            down = (head[1] - 0.02) * (height - self.below_feet * copy.side * tall)
            crest = copy.x + (top[0] - 0.5) * across
            found.append(Spot(x, foot - height + down, crest, foot - height, half, height, copy.facing))
        return found

    def _spot_of(self, jointed: Jointed, copy: Figure) -> Spot:
        """The same of a jointed person."""
        wide, tall = self.scale()
        half, height = jointed.half * copy.side * wide, jointed.height * copy.side * tall
        foot = copy.foot + self.foot - self.figure.foot
        x = copy.x + (jointed.crown[0] - 0.5) * copy.side * copy.facing * wide
        return Spot(x, foot - height, x, foot - height, half, height, copy.facing)

    def drawn_extent(self) -> tuple[float, float]:
        """Half the width and the height of the figure as its sheets are cut, in sides."""
        if self.jointed is not None:
            return self.jointed.half, self.jointed.height
        if self._redrawn:
            return EXTENTS[self.figure.pose]
        half, height = self.atlas.extent[self.index].tolist()
        return half, height

    @property
    def _bends(self) -> bool:
        """Whether its sheets are bent into its pose; those of jointed people are cut in it, but for who lies."""
        return bool(self.figure.pose) and (self.jointed is None or self.figure.pose == LYING)

    @property
    def painted_layers(self) -> tuple[PaperLayer, ...]:
        """The layers as they are painted now: those of who stands still as one."""
        jointed, seconds = self.jointed, self.scene.phase + self.figure.delay
        if jointed is None or self._bends or "sleeping" in self.states:
            return self.layers
        return self.layers if any(layer.angle(seconds) for layer in self.layers) else (jointed.whole,)

    @property
    def silhouette(self) -> PaperLayer:
        """The outline of all its sheets at rest."""
        return silhouette(self._sheets) if self.jointed is None else self.jointed.whole.outline_only()

    def scale(self) -> tuple[Tensor | float, Tensor | float]:
        """How much wider and taller the figure is than drawn."""
        return (1.0, 1.0) if self._stretch is None else self._stretch

    def _extent(self) -> tuple[float, float]:
        """Half the width and the height of the figure in its pose, in sides."""
        half, height = self.drawn_extent()
        if not self._bends:
            return half, height
        joints = joints_of(self._sheets)
        if self.figure.pose == LYING:
            return half_width(LYING, joints, half), 2 * joints.half
        return half, height - lowered(self.figure.pose, joints)

    def span(self) -> tuple[Tensor, Tensor, Tensor]:
        """Half the figure's width, its height, and the y of its middle, each [batch, 1, 1, 1]."""
        half, height = (length * self.figure.side for length in self._extent())
        half, height = half * self.scale()[0], height * self.scale()[1]
        return half, height, self.foot - 0.5 * height

    def sides(self, half: Tensor) -> tuple[float, float]:
        """The x of the left and of the right end of what reaches so far to both sides of each copy."""
        each = self.figure.each()
        return batch_min(each[0].x - half), batch_max(each[-1].x + half)

    @property
    def stands_straight(self) -> bool:
        """Whether its lowest sheets are where they are drawn: it is neither turned nor bent into a pose."""
        leans = self.figure.turn and not (self.figure.planted and abs(self.figure.turn) < LEANS)
        return not (self._bends or self._turned or leans)

    def feet(self) -> tuple[float, Tensor]:
        """How far the middle of the feet is to the right of a figure's middle, in sides; half the way between them.

        The latter is in units, [batch, 1, 1, 1].
        """
        half, _, _ = self.span()
        if not self.stands_straight:
            return 0.0, half
        middle, wide = feet_span(self._sheets)
        return middle - 0.5, torch.minimum(wide * self.scale()[0] * self.figure.side, half)

    def rise(self, y: Tensor) -> tuple[float, float]:
        """The least and the greatest of what has this y in the figure, and as much more or less in its copies."""
        feet = [copy.foot - self.figure.foot for copy in self.figure.copies]
        if not feet:
            return batch_min(y), batch_max(y)
        return min(batch_min(y + foot) for foot in feet), max(batch_max(y + foot) for foot in feet)

    def frame(self, box: Box) -> Frame:
        """The square of the figure, or of its nearest copy, as it enters or swims, at each column of a box."""
        frame = frame_at(self.figure, box.x)
        return frame._replace(foot=frame.foot + self.foot - self.figure.foot)

    def _light_direction(self) -> tuple[Tensor, Tensor]:
        """From the figure to the celestial body, a unit vector; upwards under an empty sky."""
        scene, figure = self.scene, self.figure
        x, y, _ = scene.celestial_disc
        empty = scene.weight("celestial", "empty sky")
        dx = torch.lerp(x - figure.x, torch.full_like(x, -0.35), empty)
        dy = torch.lerp(y - (figure.foot - 0.5 * figure.side), torch.full_like(x, -0.6), empty)
        length = torch.sqrt(dx**2 + dy**2 + 1e-3)
        return dx / length, dy / length

    def box(self, layer: PaperLayer, margin: float) -> Box:
        """The pixels that a layer can cover, within the window at which the figure is seen."""
        box = self._reached(layer, margin)
        if self.figure.window is None:
            return box
        left, right, top, bottom = self.figure.window
        return box.within(self.scene.grid.box(batch_min(top), batch_max(bottom), batch_min(left), batch_max(right)))

    def _reached(self, layer: PaperLayer, margin: float) -> Box:
        """The pixels that a layer can cover."""
        top, bottom, left, right = layer.reach
        if self._bends:
            top, bottom, left, right = reach_of(self.figure.pose, joints_of(self._sheets), layer.reach)
        if self._turned:
            top, bottom = self._upside_down(bottom), self._upside_down(top)
        if self.figure.turn:
            top, bottom, left, right = self._leant(top, bottom, left, right)
        if not {"broken", "melting"}.isdisjoint(self.states):
            left, right = left - CLEFT, right + CLEFT
        half = max(abs(left - 0.5), abs(right - 0.5)) if self._turning() or self.figure.copies else 0.0
        sway = 2.2 * SWAY_RADIANS.get(self.label, 0.0) * batch_max(self.figure.side)
        margin += sway + (0.04 if self.label in FLAMES else 0.0)
        if torch.is_inference_mode_enabled():
            return self._seen_box((top, bottom, left, right), half, margin)
        side, facing = self.figure.side, self.figure.facing
        wide, tall = self.scale()
        ends = [self.figure.x + (end - 0.5) * side * facing * wide for end in (left, right)]
        low, high = batch_min(torch.minimum(*ends)), batch_max(torch.maximum(*ends))
        if half:
            low, high = self.sides(half * side * wide)
        (upper, _), (_, lower) = (self.rise(self.foot + (end - 1) * side * tall) for end in (top, bottom))
        return self.scene.grid.box(upper - margin, lower + margin, low - margin, high + margin, soft_edge=True)

    def _seen_box(self, reach: tuple[float, float, float, float], half: float, margin: float) -> Box:
        """The same of one scene without gradients, on the host: top, bottom, left and right are in sides."""
        top, bottom, left, right = reach
        x, foot, across, down, (first, last, highest, lowest) = self._on_host
        low, high = sorted(x + (end - 0.5) * across for end in (left, right))
        if half:
            low, high = first - half * abs(across), last + half * abs(across)
        upper, lower = foot + (top - 1) * down + highest, foot + (bottom - 1) * down + lowest
        return self.scene.grid.box(upper - margin, lower + margin, low - margin, high + margin, soft_edge=True)

    @cached_property
    def _on_host(self) -> tuple[float, float, float, float, tuple[float, float, float, float]]:
        """x, foot, side and mirrored width and height of its square, and how far its copies reach beyond it."""
        figure, (wide, tall) = self.figure, self.scale()
        side, each = float(figure.side), figure.each()
        feet = [float(copy.foot) - float(figure.foot) for copy in figure.copies] or [0.0]
        reach = float(each[0].x), float(each[-1].x), min(feet), max(feet)
        return float(figure.x), float(self.foot), side * float(figure.facing) * float(wide), side * float(tall), reach

    def _pivot(self) -> float:
        """The y about which it leans, in its square."""
        return FLOOR if self.figure.planted else 0.5

    def _leant(self, top: float, bottom: float, left: float, right: float) -> tuple[float, float, float, float]:
        """Top, bottom, left and right of what reaches so far as the figure leans, in sides."""
        pivot, cosine, sine = self._pivot(), math.cos(self.figure.turn), math.sin(self.figure.turn)
        corners = [(x - 0.5, y - pivot) for x in (left, right) for y in (top, bottom)]
        xs = [0.5 + across * cosine + down * sine for across, down in corners]
        ys = [pivot + down * cosine - across * sine for across, down in corners]
        return min(ys), max(ys), min(xs), max(xs)

    def _turning(self) -> bool:
        return any(decisions((self.figure.facing.detach().abs() < 0.999).flatten()))

    def positions(self, box: Box) -> tuple[Tensor, Tensor]:
        """Positions of the pixels in the figure's square, with the motion of the whole figure."""
        scene, figure, frame = self.scene, self.figure, self.frame(box)
        wide, tall = self.scale()
        x = 0.5 + (box.x - frame.x) / (frame.side * frame.facing * wide)
        y = 1 + (box.y - frame.foot) / (frame.side * tall)
        if self._turned:
            y = self._upside_down(y)
        if figure.turn:
            pivot, cosine, sine = self._pivot(), math.cos(figure.turn), math.sin(figure.turn)
            across, down = x - 0.5, y - pivot
            x, y = 0.5 + across * cosine - down * sine, pivot + across * sine + down * cosine
        if self._bends:
            return bent(figure.pose, joints_of(self._sheets), x, y)
        lean = SWAY_RADIANS.get(self.label, 0.0) * math.sin(scene.angle(0.8))
        if lean:
            x, y = x + lean * (1 - y), y + lean * (x - 0.5)
        if self.label in FLAMES:
            wave = torch.sin(10 * y + scene.angle(3.1)) - torch.sin(10 * y)
            x = x + 0.05 * (0.4 - y).clamp(0, 0.5) * 2 * wave
        return x, y

    def _upside_down(self, y: N) -> N:
        """A y of the figure's square as it stands on its head."""
        return 2 - self.drawn_extent()[1] - self.below_feet - y


def _readable(figure: Figure) -> Figure:
    """A figure as it is drawn, whatever side it faces, so that its letters are not reversed."""
    copies = tuple(replace(copy, facing=copy.facing.abs()) for copy in figure.copies)
    return replace(figure, facing=figure.facing.abs(), copies=copies)
