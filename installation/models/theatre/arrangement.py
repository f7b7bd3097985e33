"""What words say of the figures beside their kinds: how many there are, how large, and who stands on or behind whom.

Words set marks in z (see `marks`), so that an arrangement is walked, stored and replayed like all latents.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import torch
from torch import Tensor

from installation.models.theatre.closer_shot import seen_closer
from installation.models.theatre.contact import resized
from installation.models.theatre.cords import Cord
from installation.models.theatre.crowds import merged
from installation.models.theatre.depth import set_in_depth
from installation.models.theatre.draw_context import Ridges
from installation.models.theatre.fellow_figures import with_fellows
from installation.models.theatre.figure_atlas import LABELS, Atlas
from installation.models.theatre.figure_layout import GAP, MARGIN, SUNK, Figure, FigureLayout, extent_of
from installation.models.theatre.figure_openings import SEATS, Seat
from installation.models.theatre.furniture import Laid, lay_table, table_below
from installation.models.theatre.groups import group_figures
from installation.models.theatre.hand_scenes import is_hand_in_hand, join_hands
from installation.models.theatre.handling import HANDLING, act, handles
from installation.models.theatre.lone_acts import LONE, act_alone, bough, settle_on_peak, several_hung
from installation.models.theatre.magnitudes import rank_of
from installation.models.theatre.marks import SECOND
from installation.models.theatre.named_kinds import Part
from installation.models.theatre.place_acts import UPSIDE_DOWN
from installation.models.theatre.poses import posed
from installation.models.theatre.proportion import grown, in_proportion, is_free, no_larger_than_by_nature
from installation.models.theatre.relations import (
    ABOVE_SIZE,
    RELATIONS,
    ROOMY,
    Pair,
    is_painted_first,
    place_alone,
    relate,
)
from installation.models.theatre.scene import Scene
from installation.models.theatre.seat_scenes import is_on_seats, seat_in_row
from installation.models.theatre.stage_room import keep_within
from installation.models.theatre.table_scenes import is_at_table, seat_around
from installation.models.theatre.third_figure import with_third
from installation.models.theatre.vehicle_windows import WINDOWS, still_at_windows
from installation.models.theatre.whereabouts import settle, settle_on_island
from installation.models.theatre.window_sills import ON_SILL, set_on_sill
from installation.models.theatre.work_scenes import is_at_work, set_to_work

HUGE, TINY, TINY_ON_STAGE = 1.75, 0.5, 0.46  # sizes of a figure, relative to the usual one
SECOND_HUGE, SECOND_TINY = 1.6, 0.45  # of a companion
BOARDED_HEIGHT, BOARDED_HALF = 0.44, 0.40  # of a vehicle in which somebody is, at least one of both, in units
YOUNG = 1.35  # how much larger than other tiny ones several young ones are beside their mother
LESSER, GREATER = 0.72, 1.9  # sizes of a subject and of a companion that is larger by nature
SMALL_MOUNT = 1.4  # size of a mount that is small by nature, relative to the usual one
SAID_ELSE = {
    "between",
    "around",
    "leaping",
    *RELATIONS,
    *HANDLING,
}  # marks of other places
PLACES = (  # scenes in which all figures have places of their own
    *((is_at_table, seat_around), (is_at_work, set_to_work), (is_on_seats, seat_in_row)),
    (is_hand_in_hand, join_hands),
)
THIRD_ORDER = 2  # of a third figure among parts
LOOSE = ("watching", "waiting", "feeding")  # acts of who need not touch
ALONE = ("sill", "flying")  # places of a subject without a companion


class Arrangement(NamedTuple):
    """The figures of a scene, each kind in the order of painting.

    Attributes:
        props: What others stand on that no words name.
        behind: Companions that are painted before the subjects.
        subjects: The subject and its copies.
        in_front: Companions that are painted after the subjects.
        cords: Between them.
        third: A third figure, each of several, or none.
        third_first: Whether it is painted before the others.
        further: A fourth and a fifth figure, each of several.
        further_behind: Whether each of them stands behind the others.
        parts: All figures of people at a table, at work or on seats, in the order of painting, in place of all others.
    """

    props: tuple[Figure, ...]
    behind: tuple[Figure, ...]
    subjects: tuple[Figure, ...]
    in_front: tuple[Figure, ...]
    cords: tuple[Cord, ...] = ()
    third: tuple[Figure, ...] = ()
    third_first: bool = True
    further: tuple[tuple[Figure, ...], ...] = ()
    further_behind: tuple[bool, ...] = ()
    parts: tuple[Part, ...] = ()


def arrange_figures(scene: Scene, atlas: Atlas, ridges: Ridges, layout: FigureLayout) -> Arrangement:
    """Arrange the placed figures as the marks of one scene say."""
    for applies, arrange in PLACES:
        if applies(scene) and (parts := arrange(scene, atlas, ridges, layout.subject, layout.companion)):
            return Arrangement(
                (), (), (), (), parts=_parts_on_sill(scene, atlas, parts) if applies is is_at_work else parts
            )
    found = _arrange_pair(scene, atlas, ridges, layout)
    pair = (found.behind, found.subjects, found.in_front)
    group = with_third(scene, atlas, ridges, pair, found.cords, found.props)
    if group is not None:
        group, further, further_behind = with_fellows(scene, atlas, ridges, group, found.props)
        found = Arrangement(found.props, *group, further, further_behind)
    if ON_SILL in scene.marks and scene.staged and not found.cords:
        found = _on_sill(scene, atlas, found)
    groups = (found.subjects, found.behind, found.in_front, found.third, *found.further)
    if not found.props:
        groups = set_in_depth(scene, atlas, ridges, groups)
    (props, *groups_seen), cords = seen_closer(scene, atlas, (found.props, *groups), found.cords)
    subjects, behind, in_front, third, *others = still_at_windows(atlas, groups_seen)
    return found._replace(
        props=props,
        behind=behind,
        subjects=subjects,
        in_front=in_front,
        cords=cords,
        third=third,
        further=tuple(others),
    )


def _arrange_pair(scene: Scene, atlas: Atlas, ridges: Ridges, layout: FigureLayout) -> Arrangement:
    """The subject and the companion as marks say."""
    subject = _sized(scene, atlas, layout.subject, "", HUGE, TINY_ON_STAGE if scene.staged else TINY)
    companion = _sized(scene, atlas, layout.companion, SECOND, SECOND_HUGE, SECOND_TINY)
    name, other = (LABELS[one.present()[0]] if one.present() else "" for one in (subject, companion))
    subject = posed(scene, subject, second=False, other=other)
    companion = posed(scene, companion, second=True, other=name)
    if scene.staged and subject.present() and companion.present() and not scene.marks & SAID_ELSE:
        subject, companion = _in_proportion(scene, atlas, subject, companion)
    pair, laid = None, Laid(None, subject, companion)
    kinds = subject.present()
    if kinds and companion.present() and handles(scene):
        extents = (*extent_of(subject, atlas), *extent_of(companion, atlas))
        acting = act(Pair(scene, ridges, atlas, subject, companion, kinds[0], *extents))
        companions = settle(scene, atlas, acting.companions) if "watching" in scene.marks else acting.companions
        behind, in_front = (companions, ()) if acting.behind else ((), companions)
        return Arrangement((), behind, acting.subjects, in_front, acting.cords)
    if kinds and companion.present() and scene.marks & set(RELATIONS):
        if "riding" in scene.marks and scene.staged and rank_of(LABELS[kinds[0]]) < 2:  # a snail is large enough
            subject = replace(subject, side=subject.side * (1 + (SMALL_MOUNT - 1) * scene.mark("riding")))
        if scene.staged and "inside" not in scene.marks:
            subject = grown(scene, atlas, subject)
        subject = _with_room_above(scene, atlas, subject, companion)
        if "inside" in scene.marks and name in WINDOWS and scene.staged:
            half, tall = extent_of(subject, atlas)
            near = torch.minimum(BOARDED_HEIGHT / tall.clamp(min=1e-3), BOARDED_HALF / half.clamp(min=1e-3))
            subject = keep_within(resized(subject, near.clamp(min=1)), atlas, scene)
        elif "inside" in scene.marks:
            roomy = torch.lerp(subject.side, subject.side.clamp(min=ROOMY), scene.mark("inside"))
            subject = keep_within(replace(subject, side=roomy), atlas, scene)
        extents = (*extent_of(subject, atlas), *extent_of(companion, atlas))
        pair = Pair(scene, ridges, atlas, subject, companion, kinds[0], *extents)
        subject, companion = (keep_within(one, atlas, scene) for one in relate(pair))
    elif kinds and scene.staged and scene.marks & set(LONE) and not companion.present():
        subject, cords = act_alone(scene, atlas, subject)
        if "hanging" in scene.marks:
            return Arrangement((), (), several_hung(scene, subject, extent_of(subject, atlas)[0]), (), cords)
        return Arrangement((), (), (subject,), (), cords)
    elif kinds and scene.marks & set(ALONE):
        subject = place_alone(scene, subject, extent_of(subject, atlas)[1])
    else:
        laid = lay_table(scene, atlas, ridges, subject, companion)
        subject, companion = laid.subject, laid.companion
    subjects, companions = group_figures(scene, atlas, ridges, subject, companion, laid)
    if pair is None:
        subjects, companions = (settle(scene, atlas, figures) for figures in (subjects, companions))
    settled = settle_on_peak(scene, atlas, ridges, settle_on_island(scene, (*subjects, *companions)))
    subjects, companions = settled[: len(subjects)], settled[len(subjects) :]
    if scene.staged:
        subjects, companions = merged(subjects), merged(companions)
    props = (laid.table,) if laid.table is not None else ()
    supported = (
        table_below(scene, atlas, ridges, subjects, companions) if pair and scene.marks & {"on", "inside"} else None
    )
    if supported is not None:
        table, subjects, companions = supported
        first = is_painted_first(scene, pair)
        return Arrangement((table,), companions if first else (), subjects, () if first else companions)
    if scene.staged and {"above", SECOND + UPSIDE_DOWN} <= scene.marks and companions:
        return _head_down_above(atlas, subjects, companions)
    if props or is_painted_first(scene, pair):
        return Arrangement(props, companions, subjects, ())
    return Arrangement(props, (), subjects, companions)


def _head_down_above(atlas: Atlas, subjects: tuple[Figure, ...], companions: tuple[Figure, ...]) -> Arrangement:
    """The companions head down on a bough above the subjects."""
    hung = tuple(replace(one, floats=True) for one in companions)
    half, height = extent_of(hung[-1], atlas)
    return Arrangement((), (), subjects, hung, bough(hung[-1].x, half, hung[-1].foot - height, hung[-1]))


def _on_sill(scene: Scene, atlas: Atlas, found: Arrangement) -> Arrangement:
    """What a windowsill bears on it, behind those who are in the room."""
    related = bool(scene.marks & SAID_ELSE - set(LOOSE))
    parts = (found.subjects, found.behind, found.in_front, found.third, *found.further)
    (subjects, behind, in_front, third, *further), moved = set_on_sill(scene, atlas, parts, bound=3 * related)
    return found._replace(
        props=() if moved[0] else found.props,
        subjects=subjects,
        behind=behind if moved[1] else (*behind, *(in_front if moved[2] and not related else ())),
        in_front=() if moved[2] and not related else in_front,
        third=third,
        third_first=moved[3] or (found.third_first and not moved[0]),
        further=tuple(further),
        further_behind=tuple(on or back for on, back in zip(moved[4:], found.further_behind, strict=True)),
    )


def _parts_on_sill(scene: Scene, atlas: Atlas, parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The figures of people at work, behind them on a sill those that have nothing to do with it."""
    if ON_SILL not in scene.marks or not scene.staged:
        return parts
    first = [part for part in parts if part.order < THIRD_ORDER]
    others = [part for part in parts if part.order >= THIRD_ORDER]
    placed, _ = set_on_sill(scene, atlas, [tuple(part.figure for part in first), *((one.figure,) for one in others)], 1)
    return (*(part._replace(figure=one) for part, (one,) in zip(others, placed[1:], strict=True)), *first)


def _in_proportion(scene: Scene, atlas: Atlas, subject: Figure, companion: Figure) -> tuple[Figure, Figure]:
    """Both as large as they are by nature; of several, a companion that is much larger by nature is the larger one."""
    if is_free(scene, subject, companion):
        return in_proportion(scene, atlas, subject, companion)
    ranks = [max(rank_of(LABELS[index]) for index in figure.present()) for figure in (subject, companion)]
    if SECOND + "tiny figure" in scene.marks and subject.present() == companion.present():
        return subject, keep_within(resized(companion, torch.full_like(companion.side, YOUNG)), atlas, scene)
    if ranks[1] <= ranks[0] or scene.marks & {"huge figure", SECOND + "tiny figure"}:
        return subject, no_larger_than_by_nature(atlas, subject, companion)
    both = []
    for figure, size in ((subject, LESSER), (companion, GREATER)):
        side = figure.side * size
        larger = replace(figure, side=side, foot=figure.foot + SUNK * (side - figure.side))
        both.append(keep_within(larger, atlas, scene))
    apart = sum(extent_of(figure, atlas)[0] for figure in both) + GAP
    first, second = both
    x = first.x + torch.sign(second.x - first.x) * apart
    return first, keep_within(replace(second, x=x), atlas, scene)


def _sized(scene: Scene, atlas: Atlas, figure: Figure, prefix: str, huge: float, tiny: float) -> Figure:
    """A figure of the size that marks say, whole within the picture."""
    names = {prefix + "huge figure": huge, prefix + "tiny figure": tiny}
    if not scene.marks & set(names):
        return figure
    factor: Tensor | float = 1.0
    for name, size in names.items():
        factor = factor + (size - 1) * scene.mark(name)
    return keep_within(replace(figure, side=figure.side * factor), atlas, scene)


def _with_room_above(scene: Scene, atlas: Atlas, subject: Figure, companion: Figure) -> Figure:
    """Shrink a subject that leaves no room for what is on or above it."""
    _, height = extent_of(subject, atlas)
    _, small = extent_of(companion, atlas)
    rests, hovers = torch.maximum(scene.mark("on"), scene.mark("riding")), scene.mark("above")
    seats = torch.tensor([SEATS.get(label, Seat()) for label in LABELS], device=scene.device)
    seat, seated = (subject.weights @ seats)[..., None, None, None].unbind(1)
    above = (seated * rests + 1.25 * ABOVE_SIZE * hovers) * small
    used = height * (1 - rests * seat)
    fit = ((subject.foot - MARGIN - above) / used.clamp(min=1e-3)).clamp(max=1)
    return replace(subject, side=subject.side * torch.lerp(torch.ones_like(fit), fit, torch.maximum(rests, hovers)))
