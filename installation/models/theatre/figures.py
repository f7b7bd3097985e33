"""The subject and its companion: sheets of folded paper, lit by the celestial body, with a shadow or a reflection.

Of two figures that share the weight, the heavier one is on stage. It sinks behind the nearest flat, or rises to the
flies, before the other comes, as in a paper theatre; outlines never blend.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from installation.models.op_tape import pause_point
from installation.models.theatre.arrangement import Arrangement, arrange_figures
from installation.models.theatre.cords import Cord, paint_cords
from installation.models.theatre.draw_context import DrawContext
from installation.models.theatre.figure_atlas import Atlas
from installation.models.theatre.figure_layout import layout_figures
from installation.models.theatre.footing import Standing, level_ground
from installation.models.theatre.named_kinds import Part
from installation.models.theatre.paper_figure import PaperFigure
from installation.models.theatre.placed_figure import PROPS, Role
from installation.models.theatre.raster import Box
from installation.models.theatre.scene import Scene
from installation.models.theatre.small_fires import (
    BURNING,
    CAMPFIRE,
    paint_burning,
    paint_campfire,
    paint_chimney_smoke,
)
from installation.models.theatre.wet_ground import Acting, paint_spray, paint_wet_ground

IN_FRONT = ("on", "under", "front", "inside")  # relations in which a companion crosses the subject
PALER_IN_FRONT = 0.26  # how much of the light's colour the ink of a companion takes on before a figure as dark


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
    found = arrange_figures(scene, atlas, context.ridges, layout)
    colour, coloured = _companion_colour(scene)
    ink = scene.palette.near * 0.85
    paper, weight = scene.third_paper or (ink, None)
    third_colour = ink if weight is None else torch.lerp(ink, paper, weight)
    papers = ((scene.subject_colour, scene.coloured), (colour, coloured), (third_colour, weight))
    at_table = tuple(_role_at_table(part, papers, ink) for part in found.parts)
    third = tuple(Role(one, 0 if found.third_first else 2, third_colour, weight, third=True) for one in found.third)
    further = _further_roles(scene, found, ink)
    roles = (
        *(Role(figure, PROPS, ink, None) for figure in found.props),
        *(role for role in further if role.group == 0),
        *(role for role in third if role.group == 0),
        *(Role(figure, 0, colour, coloured) for figure in found.behind),
        *(Role(figure, 1, scene.subject_colour, scene.coloured) for figure in found.subjects),
        *(Role(figure, 2, colour, coloured) for figure in found.in_front),
        *(role for role in third if role.group == 2),
        *(role for role in further if role.group == 2),
        *at_table,
    )
    return tuple(role for role in roles if role.figure.present()), found.cords


def _role_at_table(part: Part, papers: Sequence[tuple[Tensor, Tensor | None]], ink: Tensor) -> Role:
    """A figure at a table in the paper of its kind: `papers` of the first three, `ink` for all others."""
    known = 0 <= part.order < len(papers)
    colour, weight = papers[part.order] if known else (ink, None)
    return Role(part.figure, 1, colour, weight, plain=part.order != 0)


def _further_roles(scene: Scene, found: Arrangement, ink: Tensor) -> tuple[Role, ...]:
    """A fourth and a fifth figure, each in its own paper."""
    roles = []
    for figures, behind, paper in zip(found.further, found.further_behind, scene.further_papers, strict=False):
        colour = ink if paper is None else torch.lerp(ink, *paper)
        weight = None if paper is None else paper[1]
        roles += [Role(one, 0 if behind else 2, colour, weight, plain=True) for one in figures]
    return tuple(roles)


def protected_pixels(context: DrawContext, casts: list[Cast]) -> Tensor | None:
    """For the coverage of coloured figures, which a tint must leave alone, [batch, 1, height, width]; None for none."""
    scene = context.scene
    coloured = any(
        one is not None for one in (scene.coloured, scene.second_paper, scene.third_paper, *scene.further_papers)
    )
    protects = coloured and not scene.has_only("tint", "no tint")
    return torch.zeros_like(context.canvas.pixels[:, :1]) if protects and casts else None


def settle_ground(atlas: Atlas, casts: list[Cast]) -> None:
    """Level the nearest land below the figures that stand on it; for an audience alone."""
    for cast in casts:
        figures = [cast.figure(role, index, atlas) for role in cast.roles for index in role.figure.present()]
        places = [place for figure in figures if figure.placed.on_land for place in figure.placed.places()]
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


def paint_wet_grounds(atlas: Atlas, casts: list[Cast]) -> None:
    """Paint the water or the ice on the ground at the feet or the mouths of figures."""
    for cast in casts:
        paint_wet_ground(cast.context, atlas, _acting(cast, atlas))


def paint_all_spray(atlas: Atlas, casts: list[Cast]) -> None:
    """Paint drops of water around figures."""
    for cast in casts:
        paint_spray(cast.context, _acting(cast, atlas))


def _acting(cast: Cast, atlas: Atlas) -> list[Acting]:
    """The figures of which words may say that they do something in water, and the states that words say of them."""
    placed = [cast.figure(role, index, atlas).placed for role in cast.roles for index in role.figure.present()]
    return [Acting(one.figure, frozenset(one.states)) for one in placed if not one.figure.far]


def paint_all_cords(casts: list[Cast]) -> None:
    """Paint the cords between the figures: of kites, leashes, carts."""
    for cast in casts:
        paint_cords(cast.context, cast.cords)


def paint_fires(context: DrawContext, atlas: Atlas, casts: list[Cast]) -> None:
    """Paint the fires that words ask for: flames on a figure, smoke of its chimney, and a campfire."""
    if context.scene.staged and context.scene.has("detail", "smoke"):
        for cast in casts:
            paint_chimney_smoke(cast.context, atlas, [one for role in cast.roles for one in role.figure.each()])
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
