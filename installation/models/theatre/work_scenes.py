"""People at work, for an audience: with a tool in the hand, before what they work on, or each with a thing in the hand.

Small things lie on a table before them, plants and animals are on the ground, and what is large stands so near that the
hands are at it. Two stand on both sides of it. What is heavy they carry between them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import torch
from torch import Tensor

from installation.models.figure_traits import trait
from installation.models.theatre.acting_poses import holding_pose
from installation.models.theatre.contact import hand_of, leant, mouth_of
from installation.models.theatre.draw_context import Ridges
from installation.models.theatre.figure_atlas import LABELS, Atlas
from installation.models.theatre.figure_layout import SUNK, Figure, extent_of, ground_at
from installation.models.theatre.handling import LENGTHS, READ, USUAL_LENGTHS
from installation.models.theatre.jointed_body import STANDING
from installation.models.theatre.jointed_figures import jointed_of
from installation.models.theatre.magnitudes import rank_of
from installation.models.theatre.named_kinds import NamedKind, Part, each_of, is_young, named_kinds, painted_at_once
from installation.models.theatre.outlines import edge_place, lowest_point, sheets_as
from installation.models.theatre.pairing import by_nature
from installation.models.theatre.people import people
from installation.models.theatre.relations import SITS_ON
from installation.models.theatre.scene import Scene
from installation.models.theatre.table_scenes import CHAIR_SEAT, CHAIR_SIDE
from installation.models.theatre.table_things import height_of

AT_WORK = "at work"  # a mark
TABLE, CHAIR = LABELS.index("table"), LABELS.index("chair")
MOST = 4  # people
GROWN, CHILD = 0.60, 0.78  # side of a grown person's square, in units; of a child's, in those
LARGEST, TALLEST = 1.55, 0.62  # how much larger few are; height of all at most, in units
TABLE_SIDE, TABLE_TOP, TABLE_HALF = 0.80, 0.425, 0.45  # as in `table_scenes`
ON_TABLE_MOST = 3  # things of a kind on it
LEAST_THING, MAGNIFIED = 0.12, 1.35  # height of a thing on a table at least, in sides; how much larger it is
NEXT = 0.42  # from one who works to the next, in sides
TOUCHES = 0.03  # how far a hand reaches over the edge of a thing, in sides
CARRIED_AT = 0.33  # height of the lower edge of what two carry, in sides
LOW = 0.30  # height of a thing below which one kneels for it, in sides


class Tool(NamedTuple):
    """How a tool is held: its side in sides of a person, the place of the hand on it, and how it is turned.

    Attributes:
        side: Of its square.
        grip: Where the hand is, in its square.
        pose: Of who holds it.
        mirrored: Whether it is drawn with its handle in front.
        turn: How far it is turned forwards, in radians.
        stands: Whether it is on the floor.
    """

    side: float
    grip: tuple[float, float] = (0.5, 0.5)
    pose: str = "working"
    mirrored: bool = False
    turn: float = 0.0
    stands: bool = False


TOOLS = {
    "broom": Tool(0.62, (0.5, 0.22), "sweeping", stands=True),
    "spade": Tool(0.58, (0.5, 0.15), "sweeping", stands=True),
    "pitchfork": Tool(0.62, (0.5, 0.15), "sweeping", stands=True),
    "rolling pin": Tool(0.2),
    "vacuum cleaner": Tool(0.6, (0.24, 0.30), "sweeping", stands=True),
    "paintbrush": Tool(0.22, (0.72, 0.30)),
    "hammer": Tool(0.22, (0.85, 0.85)),
    "spanner": Tool(0.2, (0.82, 0.82)),
    "screwdriver": Tool(0.2),
    "handsaw": Tool(0.3, (0.80, 0.75)),
    "scissors": Tool(0.16, (0.5, 0.15)),
    "needle": Tool(0.14, (0.8, 0.15)),
    "comb": Tool(0.16, (0.15, 0.85), mirrored=True),
    "razor": Tool(0.15, (0.15, 0.85), "at the face", mirrored=True),
    "toothbrush": Tool(0.18, (0.15, 0.85), "at the mouth"),
    "umbrella": Tool(0.66, (0.5, 0.88), "holding"),
    "lipstick": Tool(0.1, pose="at the face"),
    "sponge": Tool(0.13),
    "soap": Tool(0.1),
    "spoon": Tool(0.24, (0.82, 0.82), turn=1.5),
    "knife": Tool(0.2, (0.8, 0.2)),
    "frying pan": Tool(0.3, (0.85, 0.35), "holding"),
    "ball of wool": Tool(0.15, pose="reading"),
    "camera": Tool(0.15, pose="photographing"),
    "smartphone": Tool(0.10, pose="reading"),
    "telephone": Tool(0.12, (0.5, 0.3), "phoning"),
    "fishing rod": Tool(0.80, (0.64, 0.86), "offering"),
    "watering can": Tool(0.26, (0.55, 0.28), "offering", turn=0.4),
    "flat iron": Tool(0.2, (0.63, 0.36)),
    "bucket": Tool(0.24, (0.5, 0.04), "offering"),
    "pencil": Tool(0.16, (0.8, 0.15)),
    "teapot": Tool(0.20, (0.85, 0.5), "offering", turn=0.45),
    "bottle": Tool(0.24, (0.5, 0.7), "offering", turn=1.9),
    "sword": Tool(0.52, (0.5, 0.88), "arguing", turn=0.55),
    "axe": Tool(0.30, (0.62, 0.9), "lifting"),
    "pickaxe": Tool(0.36, (0.85, 0.9), "lifting"),
}
PLANTS = ("potted plant", "flower", "rose", "tulip", "sunflower", "seedling", "lettuce", "corn", "pumpkin", "carrot")
TOPS = frozenset((*trait("on_tables"), *trait("food"), "t-shirt", "dress", "jeans", "socks", "picture frame"))
HEAVY = (
    *("sofa", "armchair", "bed", "table", "piano", "fridge", "wardrobe", "log", "ladder", "bench", "canoe", "box"),
    *("television", "bathtub", "washing machine", "stove", "christmas tree", "bookshelf", "mirror", "treasure chest"),
)
APART = (  # tools that do not touch what else is named
    *("camera", "fishing rod", "telephone", "smartphone", "ball of wool", "broom", "vacuum cleaner", "toothbrush"),
    *("pencil", "razor", "spade", "pitchfork"),
)
PICKED_FROM = ("apple tree", "orange tree", "olive tree", "berry bush")
LINE, HUNG_ON = "washing line", 0.92  # its height, in sides
FOUGHT_WITH, FENCING = ("sword",), 0.50  # what two who each hold one fight with, and how far apart, in sides
UMBRELLA, TOOTHBRUSH = "umbrella", "toothbrush"
BRISTLES = (0.80, 0.26)  # of a toothbrush, in its square
OWN_HAIR, OWN_HAIR_POSE = ("comb",), "combing"  # with which one who is alone does his own
TENDING = ("scissors", "comb", TOOTHBRUSH)  # with which one works on the head of somebody who sits


def is_at_work(scene: Scene) -> bool:
    """Whether an audience sees people at work."""
    return scene.staged and AT_WORK in scene.marks


def set_to_work(scene: Scene, atlas: Atlas, ridges: Ridges, first: Figure, second: Figure) -> tuple[Part, ...]:
    """All figures of a scene at work, in the order of painting; none where there are no people.

    Args:
        scene: Of one batch.
        atlas: Of all figures.
        ridges: On which they stand outside of rooms.
        first: The subject.
        second: Its companion.
    """
    named = list(named_kinds(scene, first, second))
    workers = [(figure, one) for one in named if one.label in people() for figure in each_of(scene, one)][:MOST]
    if not workers:
        return ()
    things = [one for one in named if one.label not in people() and (one.label != "table" or len(named) == 2)]
    tool = next((one for one in things if one.label in TOOLS), None)
    if tool is not None and tool.label == "camera" and workers[0][1] is not workers[-1][1]:
        things += [one for _, one in workers[1:] if one is not workers[0][1]][:1]  # who is photographed
        workers = [each for each in workers if each[1] is workers[0][1]]
    rest = [one for one in things if one is not tool]
    if tool is None and rest and "held" in scene.marks:
        tool, rest = rest[0], rest[1:]
    return _Work(scene, atlas, ridges, workers, tool, rest).parts()


class _Work(NamedTuple):
    """What is arranged.

    Attributes:
        scene, atlas, ridges: See `set_to_work`.
        workers: Each with his kind.
        tool: What each has in the hand, or None.
        rest: What they work on, and what else there is.
    """

    scene: Scene
    atlas: Atlas
    ridges: Ridges
    workers: list[tuple[Figure, NamedKind]]
    tool: NamedKind | None
    rest: list[NamedKind]

    def parts(self) -> tuple[Part, ...]:
        """All figures in the order of painting."""
        apart = self.tool is not None and (self.tool.label in APART or self.tool.label not in TOOLS)
        near = [] if apart else [one for one in self.rest if rank_of(one.label) < 4 or len(self.rest) == 1]
        near = [one for one in self.rest if one.label in PICKED_FROM] or near
        thing = next(iter(near), None)
        blank = torch.ones_like(self.workers[0][0].x)
        floor = ground_at(self.scene, self.ridges, 0.5 * blank, None, None)
        laid = self._laid(thing, floor, blank) if thing is not None else []
        placed = self._placed(thing, laid, floor, blank)
        if self._tends():
            return self._tended(floor, blank)
        beside = [one for one in self.rest if one is not thing]
        if len(laid) > 1 and laid[0].order == -1 and len(self.workers) == 1:  # what else stands on a table
            on_table = [one for one in beside if one.label in TOPS and one.label not in PLANTS][:1]
            laid += [self._further_on(one, laid, floor) for one in on_table]
            beside = [one for one in beside if one not in on_table]
        others = [part for number, one in enumerate(beside) for part in self._others(one, floor, blank, number)]
        shared = self._fitted([*others, *laid, *placed], floor)
        figures = [part.figure for part in shared[len(others) + len(laid) :]]
        tools = [self._in_hand(figure) for figure in figures] if self.tool is not None else []
        behind, before = shared[: len(others)], shared[len(others) :]
        carried = thing is not None and self._carries(thing)
        if carried:
            before = [*before[len(laid) :], *before[: len(laid)]]
        return (*behind, *painted_at_once(before), *painted_at_once(tools))

    def _tends(self) -> bool:
        return self.tool is not None and self.tool.label in TENDING and len(self.workers) == 2

    def _tended(self, floor: Tensor, blank: Tensor) -> tuple[Part, ...]:
        """Somebody on a chair, and who stands behind with a tool at the head."""
        (worker, kind), (sitter, other) = self.workers
        size = CHILD if is_young(sitter) else 1.0
        side, own = GROWN * blank, GROWN * size * blank
        seat_side = CHAIR_SIDE * side
        weights = torch.zeros_like(sitter.weights)
        weights[:, CHAIR] = sitter.opacity().view(-1)
        chair = Figure(weights, 0.5 * blank, floor + SUNK * seat_side, seat_side, blank)
        one = replace(sitter, pose="seated", x=0.5 * blank, side=own, foot=floor, facing=-blank, floats=True)
        jointed = jointed_of(one)
        hips, crown = (jointed.hips, jointed.mouth) if jointed is not None else ((0.5, 0.6), (0.4, 0.3))
        foot = floor - CHAIR_SEAT * seat_side - SITS_ON * own + (1 - hips[1]) * own
        one = replace(one, foot=foot, x=0.5 * blank + (hips[0] - 0.5) * own)
        treats = self.tool is not None and self.tool.label == TOOTHBRUSH  # from the front, at the teeth
        head_x, head_y = one.point(
            *((crown[0] - 0.13, crown[1] + 0.06) if treats else (crown[0] + 0.10, crown[1] - 0.05))
        )
        facing = blank if treats else -blank
        standing = replace(
            worker, pose="at the head", x=0.5 * blank, side=side, foot=floor + SUNK * side, facing=facing
        )
        hand_x, hand_y = hand_of(standing, self.atlas, 0.0)
        size_up = ((floor - head_y) / (floor - hand_y).clamp(min=1e-3)).clamp(0.8, 1.15)
        standing = replace(standing, x=standing.x + head_x - hand_x - 0.02 * side, side=side * size_up)
        shared = self._fitted([Part(chair, -1), Part(one, other.order), Part(standing, kind.order)], floor)
        return (*shared, self._in_hand(shared[-1].figure))

    def _carries(self, thing: NamedKind) -> bool:
        return thing.label in HEAVY and len(self.workers) > 1 and self.tool is None

    def _laid(self, thing: NamedKind, floor: Tensor, blank: Tensor) -> list[Part]:
        """What they work on around the middle, with the table below it."""
        index, side = LABELS.index(thing.label), GROWN * blank
        tall = float(self.atlas.extent[index, 1])
        watered = self.tool is not None and self.tool.label == "watering can"
        if thing.label in TOPS and thing.label not in PLANTS and not watered:
            height = max(LEAST_THING, MAGNIFIED * height_of(thing.label))
            own = height / tall * side
            table_side = TABLE_SIDE * side
            top = floor - TABLE_TOP * table_side
            weights = torch.zeros_like(thing.figure.weights)
            weights[:, TABLE] = thing.figure.opacity().view(-1)
            table = Figure(weights, 0.5 * blank, floor + SUNK * table_side, table_side, blank)
            shift = 0.0 if len(self.workers) > 1 else -0.45 * TABLE_HALF
            x = 0.5 * blank + shift * table_side
            foot = top + (1 - lowest_point(self.atlas, index)) * own
            step = 2.1 * float(self.atlas.extent[index, 0]) * own
            number = min(thing.number, ON_TABLE_MOST)
            first = x - (step * (number - 1) / 2 if len(self.workers) > 1 else 0.0)
            laid = [self._at(thing, first + place * step, foot, own, place) for place in range(number)]
            return [Part(table, -1), *(Part(replace(one, floats=True), thing.order) for one in laid)]
        wide = float(self.atlas.extent[index, 0])
        size = by_nature(thing.label, "man") * 0.42 / (wide * tall) ** 0.5
        size = min(size, 0.85 / tall, 1.5 / wide) if rank_of(thing.label) < 3 else min(size, 1.25 / tall)
        own = max(size, HUNG_ON / tall if thing.label == LINE else 0.0) * side
        below = (1 - lowest_point(self.atlas, index)) * own
        if self._carries(thing):
            return [
                Part(
                    replace(self._at(thing, 0.5 * blank, floor - CARRIED_AT * side + below, own), floats=True),
                    thing.order,
                )
            ]
        number = min(thing.number, 3)
        step = 2.1 * wide * own
        return [
            Part(self._at(thing, 0.5 * blank + place * step, floor + below, own, place), thing.order)
            for place in range(number)
        ]

    def _further_on(self, thing: NamedKind, laid: Sequence[Part], floor: Tensor) -> Part:
        """What else is on the table, beyond what is worked on."""
        index, last = LABELS.index(thing.label), laid[-1].figure
        wide, tall = (float(part) for part in self.atlas.extent[index])
        own = max(LEAST_THING, MAGNIFIED * height_of(thing.label)) / tall * GROWN * torch.ones_like(last.x)
        top = floor - TABLE_TOP * TABLE_SIDE * GROWN
        half, _ = extent_of(last, self.atlas)
        x = last.x + half + (wide + 0.06) * own
        return Part(
            replace(self._at(thing, x, top + (1 - lowest_point(self.atlas, index)) * own, own), floats=True),
            thing.order,
        )

    @staticmethod
    def _at(thing: NamedKind, x: Tensor, foot: Tensor, side: Tensor, place: int = 0) -> Figure:
        facing = torch.ones_like(x)
        return replace(thing.figure, x=x, foot=foot, side=side, facing=facing, pose="", delay=2.0 * place)

    def _placed(self, thing: NamedKind | None, laid: Sequence[Part], floor: Tensor, blank: Tensor) -> list[Part]:
        """Those who work, by turns on the left and on the right of the thing."""
        found = []
        ends = [0.5 * blank, 0.5 * blank]
        for number, (figure, kind) in enumerate(self.workers):
            fights = len(self.workers) == 2 and self.tool is not None and self.tool.label in FOUGHT_WITH
            right = number % 2 == 1 and (thing is not None or fights)
            facing = 1.0 if right else -1.0
            side = GROWN * (CHILD if is_young(figure) else 1.0) * blank
            pose = self._pose(thing, laid)
            one = replace(figure, pose=pose, x=0.5 * blank, side=side, foot=floor + SUNK * side, facing=facing * blank)
            first = number < 2 if thing is not None else number == 0
            if thing is not None and first:
                edge = self._edge(laid, one, right)
                hand, _ = hand_of(one, self.atlas, 0.0)
                inwards = -facing
                x = one.x + edge - hand + inwards * TOUCHES * side
                x = torch.minimum(x, edge - 0.1 * side) if not right else torch.maximum(x, edge + 0.1 * side)
            else:
                x = ends[int(right)] + (NEXT if right else -NEXT) * side * (0.0 if first else 1.0)
                x = x + FENCING * side if fights and right else x
            ends[int(right)] = x
            found.append(Part(replace(one, x=x), kind.order))
        return found

    def _edge(self, laid: Sequence[Part], worker: Figure, right: bool) -> Tensor:
        """The x of the edge of what is worked on at the height of the hand."""
        near = laid[-1].figure if right or len(laid) < 2 else laid[0].figure
        on_table = len(laid) > 1 and LABELS[laid[0].figure.present()[0]] == "table"
        if on_table and not right:
            near = laid[1].figure
        _, y = hand_of(worker, self.atlas, 0.0)
        row = (1 + (y - near.foot) / near.side).clamp(0.05, 0.93)
        _, height = extent_of(near, self.atlas)
        top = near.foot - 0.04 * near.side - height
        row = torch.maximum(row, 1 + (top + 0.12 * height - near.foot) / near.side)
        column = edge_place(sheets_as(near, self.atlas), row, rear=right)
        return near.x + (column - 0.5) * near.side

    def _pose(self, thing: NamedKind | None, laid: Sequence[Part]) -> str:
        tool = TOOLS.get(self.tool.label) if self.tool is not None else None
        if self.tool is not None and self.tool.label == "smartphone" and "held" not in self.scene.marks:
            return "phoning"
        if thing is not None and thing.label in PICKED_FROM:
            return "reaching" if rank_of(thing.label) == 4 else "working"
        if self.tool is not None and tool is None:
            return holding_pose(self.tool.label)
        if self.tool is not None and self.tool.label in OWN_HAIR and thing is None:
            return OWN_HAIR_POSE
        if tool is not None and (tool.pose != "working" or thing is None):
            return tool.pose
        if thing is None:
            return "bending" if "bending" in self.scene.marks else "working"
        if self._carries(thing):
            return "carrying"
        if thing.label == LINE:
            return "reaching"
        if thing.label in PLANTS:
            return "bending"
        _, height = extent_of(laid[0].figure, self.atlas)
        low = float(height.detach().amax()) < LOW * GROWN or "kneeling" in self.scene.marks
        return "working low" if low else "working"

    def _others(self, one: NamedKind, floor: Tensor, blank: Tensor, number: int) -> list[Part]:
        """What else there is, boxes on both sides of those who carry others."""
        part = self._other(one, floor, blank, number)
        if one.label != "box" or one.number < 2:
            return [part]
        half, _ = extent_of(part.figure, self.atlas)
        left = -(2 * NEXT * len(self.workers) + 0.3) * part.figure.side
        return [
            part._replace(figure=replace(part.figure, x=part.figure.x + away))
            for away in (0.0 * half, 2.2 * half, left, left - 2.2 * half)
        ]

    def _other(self, one: NamedKind, floor: Tensor, blank: Tensor, number: int) -> Part:
        """What else there is, behind."""
        index, side = LABELS.index(one.label), GROWN * blank
        wide, tall = (float(part) for part in self.atlas.extent[index])
        size = by_nature(one.label, "man") * 0.42 / (wide * tall) ** 0.5
        own = min(size, 1.3 / tall) * side
        x = 0.5 * blank + (0.75 + 0.3 * number) * side
        up = 0.02 if rank_of(one.label) == 4 else -0.015
        figure = self._at(one, x, floor - up + (1 - lowest_point(self.atlas, index)) * own, own)
        return Part(replace(figure, pose=STANDING) if one.label in people() else figure, one.order)

    def _fitted(self, parts: Sequence[Part], floor: Tensor) -> list[Part]:
        """All of them in one scale around the middle of the picture, as large as there is room."""
        figures = [part.figure for part in parts]
        halves = [extent_of(one, self.atlas) for one in figures]
        low = torch.stack([one.x - half for one, (half, _) in zip(figures, halves, strict=True)]).amin(0)
        high = torch.stack([one.x + half for one, (half, _) in zip(figures, halves, strict=True)]).amax(0)
        tops = [floor - one.foot + height for one, (_, height) in zip(figures, halves, strict=True)]
        tallest = torch.stack(tops).amax(0)
        room = 0.9 * self.scene.grid.width / self.scene.grid.height
        scale = torch.minimum(room / (high - low), TALLEST / tallest).clamp(max=LARGEST)
        middle = (low + high) / 2

        def moved(one: Figure) -> Figure:
            return replace(
                one, x=0.5 + (one.x - middle) * scale, foot=floor + (one.foot - floor) * scale, side=one.side * scale
            )

        return [part._replace(figure=moved(part.figure)) for part in parts]

    def _in_hand(self, worker: Figure) -> Part:
        """The tool in the hand of somebody."""
        assert self.tool is not None
        label = self.tool.label
        tall = float(self.atlas.extent[LABELS.index(label), 1])
        usual = LENGTHS.get(label, USUAL_LENGTHS[rank_of(label)]) * 0.85 / tall
        tool = TOOLS.get(label, Tool(usual, (0.5, 0.6)))
        same = tool.stands or label == UMBRELLA  # as large in the hand of a child
        side = tool.side * worker.side / (CHILD if is_young(worker) and same else 1.0)
        away = (tool.mirrored and worker.pose != OWN_HAIR_POSE) or (label == TOOTHBRUSH and self._tends())
        facing = -worker.facing if away else worker.facing
        one = replace(self.tool.figure, x=worker.x, foot=worker.foot, side=side, facing=facing)
        held = replace(one, pose="", turn=tool.turn, floats=True)
        x, y = hand_of(worker, self.atlas, self.scene.phase)
        if jointed_of(worker) is not None and label in READ:
            y = y - 0.04 * worker.side
        to_x, to_y = leant(held, *tool.grip)
        moved = replace(held, x=held.x + x - to_x, foot=held.foot + y - to_y)
        if label == TOOTHBRUSH and worker.pose == tool.pose:
            to_x, to_y = leant(moved, *BRISTLES)
            mouth_x, mouth_y = mouth_of(worker, self.atlas)
            moved = replace(moved, x=moved.x + mouth_x - to_x, foot=moved.foot + mouth_y - to_y)
        if tool.stands:
            index = LABELS.index(label)
            foot = worker.foot - SUNK * worker.side + (1 - lowest_point(self.atlas, index)) * side
            moved = replace(moved, foot=foot)
        return Part(moved, self.tool.order)
