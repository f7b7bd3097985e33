"""Placement of the subject and its companion: on a third of the square, facing the empty side, feet on the ground.

The celestial body stands on the opposite side. Both figures are whole within the square of any picture, side by side.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import torch
from torch import Tensor

from installation.models.op_tape import decisions
from installation.models.theatre.bounding_animals import EXTENTS
from installation.models.theatre.draw_context import Ridges
from installation.models.theatre.figure_atlas import LABELS, Atlas, PaperLayer, subject_weights
from installation.models.theatre.jointed_figures import jointed_of
from installation.models.theatre.marks import COUNTS
from installation.models.theatre.raster import cached_constant, kept_while_painting
from installation.models.theatre.scene import Scene
from installation.models.theatre.vocabulary import COMPANIONS, DIVERS, SUBJECTS, Z, elevation

MARGIN = 0.03  # free at either side of the square
GAP = 0.035  # least distance between subject and companion
SUBJECT_SIDE, COMPANION_SIDE = 0.54, 0.32  # of their squares, at size 1
LONELY_SHOT = 0.84  # size of a figure of which words say that it is alone
WIDE_SHOT, CLOSE_SHOT = 0.66, 1.32  # sizes of a figure that is far away or near, relative to the usual
WIDE_PAIR = 0.88  # the former of two figures, for an audience
LONE_ON_STAGE = 1.22  # how much larger an audience sees a figure that is alone
LEAST_LONE, MOST_GROWN = 0.37, 1.7  # size (the root of its area) of a lone figure, in units; how much it grows for it
LEAST_ON_STAGE = 0.8  # how small an audience sees a figure get that would hide the sun
SHOTS, ASIDE = 0.20, 0.8  # how much an audience sees sizes of lone figures differ; how much their places do
SHOT_EDGE = 0.85  # how far z has to be from 0 for one of them
MOON_BEHIND, PEEPING = "behind sky", 0.8  # a mark; how far the sun or moon then peeps out, in radii of it
THIRD = 0.17  # distance of a figure from the middle
WIDE_SPREAD = 0.7  # how much of the additional width of a wide picture that distance takes up
CAVE_WALL = 0.15  # how much nearer to the middle the sides are in a cave, whose rock would hide them
GROUND, WATER = 0.89, 0.855  # y of the feet on flat ground, and of the waterline
FLOATING = 0.66  # y of the feet of figures in the air
SUNK = 0.045  # share of the square that is below the foot line, where the nearest layer hides it
FOOTPRINT, SINKS = 0.6, 0.5  # share of a figure's half width that stands on the ground; how far its lower side sinks
DISTANCE_RISE = 0.05  # how much higher a companion without a subject stands, because it is farther away
ENTRANCE, ON_STAGE = 0.5, 0.92  # weights at which a figure begins to enter, and has arrived
TURNS_ON_STAGE = 2000  # how soon an audience sees a figure turn round in the middle: hardly ever edgewise
FLOORS = ("road", "room")  # terrains whose figures stand on a flat floor
WATERS = ("sea", "lake", "island")  # and on the water, unless they come ashore
FEET = 0.96  # y of the feet of most figures in their square
NOBODY, CHILD, BOY = (LABELS.index(name) for name in ("nobody", "child", "boy"))


@cached_constant
def _placement_table(group: str, staged: bool, dry: bool, device: torch.device) -> Tensor:
    """[classes, 2 or 3]: the fields of `Subject` or `Companion`; on `dry` land swimmers lie on the ground."""
    if group == "companion":
        return torch.tensor(list(COMPANIONS.values()), dtype=torch.float32, device=device)
    rows = [
        (0.0 if dry and label in DIVERS else elevation(label, staged), subject.size)
        for label, subject in SUBJECTS.items()
    ]
    return torch.tensor(rows, dtype=torch.float32, device=device)


@dataclass(frozen=True, eq=False)
class Figure:
    """A figure placed in the scene; while one replaces another, the heavier of the two.

    Attributes:
        weights: [batch, subjects].
        x: Horizontal centre of its square, in units, [batch, 1, 1, 1].
        foot: y of the floor of its square, [batch, 1, 1, 1].
        side: Side of its square, [batch, 1, 1, 1].
        facing: 1 if it faces left as it is drawn, -1 if it faces right, [batch, 1, 1, 1]; in between it turns round.
        before: Whether it stands in front of the nearest ridge, not behind it.
        opening: Whether it is seen in an opening of what it is in, and whether that is lit; None: in none.
        window: The left, right, top and bottom of the window at which it is seen, each [batch, 1, 1, 1]; None: at none.
        barred: Whether it is behind bars.
        delay: How much later than others of its kind it moves, in seconds.
        turn: How far it leans forwards, in radians.
        planted: Whether it leans about its feet, and not about its middle.
        submerged: Whether it is wholly below the surface of water.
        far: Whether it stands on the far land.
        beyond: Whether it stands on the land beyond the edge of the nearest.
        rank: Its rank among many, or -1.
        floats: Whether it is held, and casts no shadow of its own.
        posture: The figure as which it is drawn while it sits, in its own paper, or "".
        face: What a jointed figure's face shows, of `body_faces.toml`, or "" for what its pose says.
        pose: One of `poses.POSES`, of a jointed figure one of `body_poses.toml`, or "".
        look: Which of the looks of its kind it has.
        stout: Whether it is, if it is jointed.
        single: Whether it is one of those of whom a figure of several people consists.
        cut: The sheets of which it is, in place of its own: a garment that is cut from the outline of its wearer.
        copies: Those of its rank from left to right, itself among them, if they are painted at once.
        back: How much farther up the picture it stands than the nearest of its kind, in units: 0 or less.
        tone: Which of the tones of its paper it has, among several of its kind.
    """

    weights: Tensor
    x: Tensor
    foot: Tensor
    side: Tensor
    facing: Tensor
    before: bool = False
    opening: bool | None = None
    window: tuple[Tensor, Tensor, Tensor, Tensor] | None = None
    barred: bool = False
    delay: float = 0.0
    turn: float = 0.0
    planted: bool = False
    submerged: bool = False
    far: bool = False
    beyond: bool = False
    rank: int = -1
    floats: bool = False
    posture: str = ""
    pose: str = ""
    face: str = ""
    look: int = 0
    stout: bool = False
    single: bool = False
    cut: tuple[PaperLayer, ...] = ()
    copies: tuple[Figure, ...] = ()
    back: Tensor | float = 0.0
    tone: int = 0

    def each(self) -> tuple[Figure, ...]:
        """The figure, or its copies, one by one."""
        return self.copies or (self,)

    @cached_property
    def row(self) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """x, foot, side and facing of the copies, each [batch, 1, 1, copies]."""
        x, foot, side, facing = (
            torch.cat([getattr(copy, name) for copy in self.copies], 3) for name in ("x", "foot", "side", "facing")
        )
        return x, foot, side, facing

    def present(self) -> list[int]:
        """Indices of the figures that are on stage anywhere in the batch."""
        return self._present

    @cached_property
    def _present(self) -> list[int]:
        return _on_stage_anywhere(self.weights)

    def on_stage(self, index: int) -> Tensor:
        """How far one figure has entered, [batch, 1, 1, 1] in 0..1."""
        return _entered(self.weights, index)

    def opacity(self) -> Tensor:
        """The sum of the weights of all figures, [batch, 1, 1, 1] in 0..1."""
        return self.weights[:, :-1].sum(1).view(-1, 1, 1, 1)

    def entering_foot(self, index: int, atlas: Atlas) -> Tensor:
        """The y of the floor of its square as it enters: from below the ground, or from the flies above."""
        away = 1 - self.on_stage(index)
        height = float(atlas.extent[index, 1]) * self.side
        if elevation(LABELS[index], staged=False) >= 0.5:
            return self.foot - away * (self.foot + 0.1)
        return self.foot + away * (height + 0.12)

    def point(self, x: float, y: float) -> tuple[Tensor, Tensor]:
        """A point of the figure's square (0..1, y down) in scene coordinates: x, y, each [batch, 1, 1, 1]."""
        return self.x + (x - 0.5) * self.side * self.facing, self.foot + (y - 1) * self.side


@kept_while_painting
def _on_stage_anywhere(weights: Tensor) -> list[int]:
    """Indices of the figures that are on stage anywhere in the batch: [batch, subjects]."""
    on_stage = decisions(weights.detach().amax(0) > ENTRANCE - 0.05)
    return [i for i, present in enumerate(on_stage) if present and LABELS[i] != "nobody"]


@kept_while_painting
def _entered(weights: Tensor, index: int) -> Tensor:
    """How far one figure has entered, [batch, subjects] -> [batch, 1, 1, 1] in 0..1."""
    progress = (weights[:, index] - ENTRANCE + 0.05) / (ON_STAGE - ENTRANCE + 0.05)
    progress = progress.clamp(0, 1).view(-1, 1, 1, 1)
    return progress * progress * (3 - 2 * progress)


class FigureLayout(NamedTuple):
    """The placed figures of a scene."""

    subject: Figure
    companion: Figure


@kept_while_painting
def _sharpened(weights: Tensor) -> Tensor:
    """Weights with the heaviest class emphasised, so that a figure keeps its size and place while it leaves."""
    powers = weights**4
    return powers / powers.sum(1, keepdim=True)


def _placement(group: str, scene: Scene) -> tuple[Tensor, ...]:
    """The fields of `Subject` or `Companion`, those of the heaviest class, each [batch, 1, 1, 1]."""
    return _placed_by(scene.group(group), _placement_table(group, scene.staged, _is_dry(scene), scene.device))


@kept_while_painting
def _placed_by(weights: Tensor, table: Tensor) -> tuple[Tensor, ...]:
    """The columns of a table for the heaviest class, each [batch, 1, 1, 1]."""
    return (_sharpened(weights) @ table)[..., None, None, None].unbind(1)


def _is_dry(scene: Scene) -> bool:
    """Whether an audience sees a place without water."""
    return scene.staged and not any(scene.has("terrain", water) for water in (*WATERS, "deep sea", "waterfall"))


def lying(scene: Scene, atlas: Atlas, figure: Figure) -> Tensor:
    """How much lower the square of a swimmer is that lies on dry ground: many are drawn in the middle of it."""
    lower = torch.zeros_like(figure.side)
    if not _is_dry(scene):
        return lower
    weights = _sharpened(figure.weights)
    for index in figure.present():
        if LABELS[index] in DIVERS:
            bottom = max(layer.bottom for layer in atlas.layers[index] if not layer.lit)
            lower = lower + weights[:, index].view(-1, 1, 1, 1) * max(0.0, FEET - bottom) * figure.side
    return lower


def _companion(scene: Scene) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Its elevation, size and side, each [batch, 1, 1, 1], and the weights of its figures, [batch, subjects].

    A second figure that marks name takes the place of the companion's class, and leaves with the subject.
    """
    height, size, side = _placement("companion", scene)
    figures = _kept_subject_weights(scene.group("companion"))
    if not scene.has_second:
        return height, size, side, figures
    second = scene.second_kind
    named = second.sum(1, keepdim=True)
    table = _placement_table("subject", scene.staged, _is_dry(scene), scene.device)
    place = (second / named.clamp(min=1e-6)) @ table
    share = named.view(-1, 1, 1, 1)
    parts = zip((height, size, side), (place[:, 0], place[:, 1], torch.ones_like(place[:, 0])), strict=True)
    height, size, side = (torch.lerp(own, marked.view(-1, 1, 1, 1), share) for own, marked in parts)
    return height, size, side, _with_second(figures, second, scene.group("subject"))


_kept_subject_weights = kept_while_painting(subject_weights)


@kept_while_painting
def _with_second(companions: Tensor, second: Tensor, subjects: Tensor) -> Tensor:
    """The weights of companions, in whose place a second figure is as far as subjects are there, [batch, subjects]."""
    return companions * (1 - second.sum(1, keepdim=True)) + second * subjects.sum(1, keepdim=True)


def layout_figures(scene: Scene, atlas: Atlas, ridges: Ridges) -> FigureLayout:
    """Place subject and companion side by side, whole within the square whatever the shape of the picture.

    Both are scaled down together if they do not fit; z moves the pair within the room that is left, and chooses the
    distance of the shot. Without a subject the companion stands farther away, or it would read as the subject.
    """
    jitter = scene.jitter
    height, size = _placement("subject", scene)
    companion_height, companion_size, on_side, figures = _companion(scene)
    no_subject, paired = scene.weight("subject", "nobody"), 1 - figures[:, NOBODY].view(-1, 1, 1, 1)

    side = SUBJECT_SIDE * size * _as_alone(scene, _shot(scene, paired)) * (1 - 0.14 * paired)
    companion_side = COMPANION_SIDE * companion_size * torch.exp(0.10 * jitter * scene.bounded(Z.COMPANION_SIZE))
    companion_side = companion_side * (1 + 0.15 * no_subject)
    half = _half_width(scene.group("subject"), atlas) * side
    companion_half = _half_width(figures, atlas) * companion_side
    if scene.staged and scene.marks.isdisjoint((*COUNTS, "tiny figure")):
        side, half = _filling(scene, atlas, side, half, paired)
    gap = (GAP + 0.03 * jitter * (1 + scene.bounded(Z.COMPANION_GAP))) * paired * (1 - no_subject)

    cave = scene.weight("terrain", "cave")
    reach = 0.5 - MARGIN - CAVE_WALL * cave
    fit = ((reach - gap / 2) / (half + companion_half).clamp(min=1e-3)).clamp(max=1)
    side, companion_side, half, companion_half = side * fit, companion_side * fit, half * fit, companion_half * fit
    room = reach - half - companion_half - gap / 2
    towards = side_of_figures(scene)
    aspect = max(1.0, scene.grid.width / scene.grid.height)
    off_centre = THIRD * (1 + 0.25 * scene.bounded(Z.FIGURES_X))
    if scene.staged:  # a lone figure stands anywhere between the middle and the side
        off_centre = off_centre * (1 + ASIDE * scene.bounded(Z.COMPANION_GAP) * (1 - paired))
    off_centre = torch.minimum(room, off_centre)
    off_centre = off_centre * (1 + WIDE_SPREAD * (aspect - 1) * (1 - cave))
    middle = 0.5 + off_centre * jitter * towards
    disc_x, _, radius = scene.celestial_disc
    for name, aside in ((MOON_BEHIND, PEEPING), ("above sky", 0.0)):  # a figure before or below the sun or the moon
        if name in scene.marks:
            middle = torch.lerp(middle, disc_x + aside * radius, scene.mark(name))
    on_side = on_side / (paired + 1e-6)
    x = middle - on_side * (companion_half + gap / 2)
    companion_x = middle + on_side * (half + gap / 2)

    facing = torch.tanh((TURNS_ON_STAGE if scene.staged else 120) * towards)
    facing = torch.where(facing.abs() < 0.06, torch.where(facing < 0, -0.06, 0.06), facing)
    paired_facing = torch.where(on_side < 0, 1.0, -1.0)  # the subject looks at its companion
    facing = torch.where(paired > 0.5, paired_facing, facing)
    subject = Figure(scene.group("subject"), x, x, side, facing)
    companion = Figure(figures, companion_x, x, companion_side, torch.where(on_side < 0, -1.0, 1.0))
    companion_foot = _foot(scene, ridges, companion, companion_half, companion_height, Z.COMPANION_HEIGHT)
    companion_foot = companion_foot - DISTANCE_RISE * no_subject + lying(scene, atlas, companion)
    companion = replace(companion, foot=companion_foot)
    foot = _foot(scene, ridges, subject, half, height, Z.SUBJECT_HEIGHT) + lying(scene, atlas, subject)
    subject = replace(subject, foot=foot)
    return FigureLayout(*(_below_celestial_body(scene, atlas, _below_top(one, atlas)) for one in (subject, companion)))


def extent_of(figure: Figure, atlas: Atlas) -> tuple[Tensor, Tensor]:
    """Half the width and the height of a figure, [batch, 1, 1, 1], in units; a jointed one as tall as it stands."""
    jointed = jointed_of(figure) if len(figure.present()) == 1 else None
    if jointed is not None:
        return jointed.half * figure.side, jointed.standing * figure.side
    if figure.pose in EXTENTS:
        half, height = EXTENTS[figure.pose]
        return half * figure.side, height * figure.side
    wide, tall = _heaviest_extent(figure.weights, atlas.extent)
    return wide * figure.side, tall * figure.side


@kept_while_painting
def _heaviest_extent(weights: Tensor, extent: Tensor) -> tuple[Tensor, Tensor]:
    """Half the width and the height of the heaviest figure, of all their `extent`s: each [batch, 1, 1, 1], in sides."""
    powers = weights**4
    half, height = ((powers / powers.sum(1, keepdim=True).clamp(min=1e-6)) @ extent).unbind(1)
    return half.view(-1, 1, 1, 1), height.view(-1, 1, 1, 1)


def _below_top(figure: Figure, atlas: Atlas) -> Figure:
    """Shrink a figure that the upper edge would cut off."""
    height = _placed_by(figure.weights, atlas.extent)[1] * figure.side
    fit = ((figure.foot - MARGIN) / (height + 1e-3)).clamp(max=1)
    return replace(figure, side=figure.side * fit)


def _shot(scene: Scene, paired: Tensor) -> Tensor:
    """The size of the subject: a wide, a medium or a close shot, with transitions in between."""
    z = scene.z(Z.SUBJECT_SIZE) * scene.jitter
    close, wide = torch.sigmoid((z - SHOT_EDGE) * 9), torch.sigmoid((-SHOT_EDGE - z) * 9)
    least = WIDE_SHOT + (WIDE_PAIR - WIDE_SHOT) * paired if scene.staged else WIDE_SHOT
    shot = 1 + (CLOSE_SHOT - 1) * close * (1 - paired) + (least - 1) * wide
    if scene.staged and scene.marks.isdisjoint((*COUNTS, "tiny figure")):  # the models know it smaller
        outdoors = (1 - scene.weight("terrain", "room")) * (1 - paired)
        shot = shot * (1 + (LONE_ON_STAGE - 1) * outdoors) * torch.exp(SHOTS * torch.tanh(1.5 * z) * outdoors)
    return shot * torch.exp(0.06 * torch.tanh(z))


def _filling(scene: Scene, atlas: Atlas, side: Tensor, half: Tensor, paired: Tensor) -> tuple[Tensor, Tensor]:
    """The side and half the width of a subject which, if it is alone outdoors, is large enough not to be lost."""
    height = (_sharpened(scene.group("subject")) @ atlas.extent[:, 1]).view(-1, 1, 1, 1) * side
    size = torch.sqrt(2 * half * height).clamp(min=1e-3)
    outdoors = (1 - scene.weight("terrain", "room")) * (1 - paired)
    grown = 1 + ((LEAST_LONE / size).clamp(1, MOST_GROWN) - 1) * outdoors
    return side * grown, half * grown


def _as_alone(scene: Scene, shot: Tensor) -> Tensor:
    """A wide shot of what words say is alone."""
    return torch.lerp(shot, torch.full_like(shot, LONELY_SHOT), scene.mark("wide")) if "wide" in scene.marks else shot


def side_of_figures(scene: Scene) -> Tensor:
    """The side of the figures, -1 left to 1 right: opposite the celestial body, and hardly ever the middle."""
    shining = 1 - 0.6 * scene.weight("celestial", "empty sky")
    return torch.tanh(2.0 * (0.8 * scene.z(Z.FIGURES_X) - 2.0 * shining * scene.z(Z.CELESTIAL_X)) + 0.3)


def _below_celestial_body(scene: Scene, atlas: Atlas, figure: Figure) -> Figure:
    """Lower and shrink a figure that would hide the sun or the moon."""
    if scene.has_only("celestial", "empty sky"):
        return figure
    x, y, radius = scene.celestial_disc
    half_width, height = (length * figure.side for length in _placed_by(figure.weights, atlas.extent))
    beside = half_width - 0.25 * radius if scene.staged else half_width + radius  # an audience may see it half hidden
    overlap = torch.sigmoid((beside - (figure.x - x).abs()) / 0.02)
    overlap = (
        overlap
        * (1 - scene.weight("celestial", "empty sky"))
        * (1 - scene.mark("between sky"))
        * (1 - scene.mark(MOON_BEHIND))
    )
    lowest = figure.foot if scene.staged else torch.maximum(figure.foot, _ground(scene) - 0.02)
    foot = torch.lerp(figure.foot, lowest, overlap)
    fit = ((foot - y - 0.95 * radius) / (height + 1e-3)).clamp(LEAST_ON_STAGE if scene.staged else 0.3, 1)
    side = figure.side * torch.lerp(torch.ones_like(fit), fit, overlap)
    return replace(figure, foot=foot, side=side)


def _half_width(weights: Tensor, atlas: Atlas) -> Tensor:
    """Half the width of the heaviest figure in sides of its square, [batch, 1, 1, 1]."""
    return _placed_by(weights, atlas.extent)[0]


def _foot(scene: Scene, ridges: Ridges, figure: Figure, half: Tensor, height: Tensor, z_index: int) -> Tensor:
    """The y of the floor of a figure's square: on the ground below it, on the water, or in the air, bobbing gently."""
    weights = figure.weights
    on_water = scene.weight("terrain", "sea", "lake") * (1 - scene.needs_ground(weights))
    height = torch.maximum(height, scene.weight("terrain", "deep sea") * scene.dives(weights))
    floating = FLOATING + 0.04 * scene.jitter * scene.bounded(z_index)
    bob = (0.006 * height + 0.004 * on_water) * math.sin(scene.angle(0.9))
    ground = ground_at(scene, ridges, figure.x, half, weights)
    return ground * (1 - height) + height * floating + figure.side * SUNK + bob


def as_boy_or_girl(scene: Scene, figure: Figure, number: int) -> Figure:
    """One of several children of whom words do not say what they are: every other one is a boy."""
    if number % 2 == 0 or "mixed" not in scene.marks or CHILD not in figure.present():
        return figure
    weights = figure.weights.clone()
    weights[:, [CHILD, BOY]] = figure.weights[:, [BOY, CHILD]]
    return replace(figure, weights=weights)


def ground_at(scene: Scene, ridges: Ridges, x: Tensor, half: Tensor | None, weights: Tensor | None) -> Tensor:
    """The y of what figures stand on at x, [batch, 1, 1, 1]: the nearest ridge, a floor, or the water.

    Before an audience a wide figure stands half as low as the lowest point below it, so that no side of it hangs much.

    Args:
        scene: The scene.
        ridges: Its land.
        x: Where, [batch, 1, 1, 1].
        half: Half the width of the figure, in units; None for a point.
        weights: Of the figures, [batch, subjects], some of which swim; None for what needs ground.
    """
    ashore = torch.full_like(x, float(scene.staged)) if weights is None else scene.needs_ground(weights)
    bare = scene.weight("terrain", *FLOORS) + scene.weight("terrain", *WATERS) * (1 - ashore)
    ridge = height_at(scene, ridges.near, x)
    if half is not None and scene.staged:
        beside = [height_at(scene, ridges.near, x + side * half) for side in (-FOOTPRINT, FOOTPRINT)]
        ridge = torch.lerp(ridge, torch.maximum(ridge, torch.maximum(*beside)), SINKS)
    return torch.lerp(ridge + 0.008, _ground(scene), bare).clamp(0.76, 0.93)


def height_at(scene: Scene, ridge: Tensor, x: Tensor) -> Tensor:
    """The y of a ridge at x, [batch, 1, 1, 1]."""
    grid = scene.grid
    if x.numel() == 1 and ridge.shape[-1] > 1 and torch.is_inference_mode_enabled():
        place = min(max(float(grid.column(x)), 0.0), grid.width - 1.001)
        low, high = ridge[..., int(place) : int(place) + 2].unbind(3)
        return torch.lerp(low, high, place - int(place))[..., None]
    column = grid.column(x).clamp(0, grid.width - 1.001)
    before = column.detach().floor().long()
    ridge = ridge.expand(len(column), -1, -1, grid.width)
    low, high = ridge.gather(3, before), ridge.gather(3, before + 1)
    return torch.lerp(low, high, column - before)


def _ground(scene: Scene) -> Tensor:
    """The y of the ground or of the waterline, [batch, 1, 1, 1]."""
    water = scene.weight("terrain", "sea", "lake") + scene.weight("terrain", "island") * scene.staged
    return GROUND + (WATER - GROUND) * water
