"""Poses: which pose a figure has, and how those without joints sit on the ground or on a seat, kneel, or lie.

People are cut in their pose (see `jointed_figures`). Any other figure (a robot, a skeleton, a cow), and whoever lies,
is sheets of paper without joints that stand. It is bent where it is sampled: the part of its square below the hips is
turned forwards to sit, and that below the knees backwards to kneel; who lies is turned as a whole, and an animal folds
its legs. The floor of its square stays where it is.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import torch
from torch import Tensor

from installation.models.figure_traits import trait
from installation.models.theatre.acting_poses import SEATED_ON, acting_pose
from installation.models.theatre.animal_poses import (
    ANIMAL_POSES,
    ANIMAL_STATES,
    FEET_APART,
    GALLOPING,
    as_animal,
    does_as_animal,
    galloping_at,
)
from installation.models.theatre.body_faces import face_of
from installation.models.theatre.curled_animals import CURLED, CURLED_AWAKE, curls_up
from installation.models.theatre.figure_atlas import LABELS, PaperLayer
from installation.models.theatre.figure_effects import SINKS
from installation.models.theatre.figure_layout import Figure
from installation.models.theatre.jointed_body import LOOKING_OUT, STANDING
from installation.models.theatre.marks import NUMBERS, SECOND
from installation.models.theatre.outlines import FLOOR, solid_cells
from installation.models.theatre.people import people
from installation.models.theatre.raster import cached_constant
from installation.models.theatre.scene import Scene
from installation.models.theatre.vocabulary import DIVERS, TERRAINS

SITTING, SEATED, KNEELING, LYING, FOLDED = "sitting", "seated", "kneeling", "lying down", "folded"
LAID_DOWN = ("picnic blanket", "rug", "carpet")  # on which one sits as on the ground
POSES = (SITTING, SEATED, KNEELING, LYING, FOLDED)  # SEATED: on something; FOLDED: an animal that lies
HIP, KNEE = 0.64, 0.83  # rows of the joints, in heights from the top
THINNEST, THICKEST = 0.068, 0.105  # half the thickness of bent legs, in sides
TRUNK = 0.62  # share of its widest row that a row of an animal's trunk fills at least
LEAST_LEGS, LEGS_SHOWN = 0.16, 0.24  # share of an animal's height that is legs, at least; of them that is seen
LEAST_LEG, STRIDE = 0.045, 0.10  # width of a leg; how much farther ahead its foot is if it strides, in sides
SLEEPING = "sleeping"  # a state of who lies
LEAP, LEAPS = -0.55, 0.12  # how far who leaps out of water leans, in radians, and how high it is, in sides
SITTERS = tuple(label for label in (*trait("people"), "queen") if label not in trait("shaped_people"))
ABOVE_GROUND = ("at", "flying", "peak", "over sky", "on sky")
HELD_UP = ("on", "riding", "inside", "above", "lifted", "hanging", "falling", *ABOVE_GROUND)
BOUND = (  # what the first figure does that it does on its feet
    *("pushing", "pulling", "chasing", "lifting", "tossing", "stealing", "embracing", "dancing", "fighting"),
    *("climbing", "falling", "hanging", "wrapping", "lying", "leash", "leaping", "biting", "dropping", "swallowing"),
)
LONE_BOUND = ("climbing", "falling", "hanging", "leaping")
CURLED_ON = frozenset(("on", "lying"))  # relations in which an animal may lie curled up
WIDE_WATERS = ("sea", "lake")
WITH_VIEW = frozenset(("shore", "wide"))  # marks of who only stands there
WITHOUT_TRADE = (  # people who are known by nothing that they wear or hold in front
    *("man", "woman", "child", "boy", "old man", "old woman", "mother", "teenager", "teenage girl"),
    *("couple", "family", "group"),
)
NOWHERE = -3.0  # a place outside of every figure's square


class Joints(NamedTuple):
    """Where a figure bends, in sides of its square.

    Attributes:
        top: y of its highest point.
        hip: y of the hips.
        knee: y of the knees.
        middle: x of the middle of its legs.
        legs: Half the width of its legs.
        half: Half the width of the whole figure.
        trunk: y of the lower edge of an animal's trunk; the floor if it has no legs to fold.
    """

    top: float
    hip: float
    knee: float
    middle: float
    legs: float
    half: float
    trunk: float

    @property
    def thick(self) -> float:
        """Half the thickness of bent legs."""
        return min(max(self.legs, THINNEST), THICKEST)


def posed(scene: Scene, figure: Figure, second: bool, third: bool = False, other: str = "") -> Figure:
    """The first, the second or the third figure in the pose that marks say; people always have one before an audience.

    Args:
        scene: The scene.
        figure: As it is placed.
        second: Whether it is the second one.
        third: Whether it is the third one.
        other: The kind of the other one of the first two, or "".
    """
    found = _resting(scene, figure, second, third, other)
    if scene.staged and not third and not second and "jumping" in scene.marks:
        found = _leaping(found)
    if scene.staged and not third and (SECOND if second else "") + "sinking" in scene.marks:
        found = replace(found, turn=SINKS)
    if not scene.staged or "burning" in scene.marks or not any(LABELS[index] in people() for index in figure.present()):
        return found
    said = {name.removeprefix(SECOND) for name in scene.marks if name.startswith(SECOND) == second}
    states = {*scene.third_marks} if third else said
    pose = (
        found.pose
        if found.pose and len(found.present()) == 1
        else acting_pose(() if third else scene.marks, states, second, other)
    )
    if pose == STANDING and not (second or third or other) and looks_out(scene, found):
        pose = LOOKING_OUT
    look = scene.look + (2 if third else int(second))
    single = not states.isdisjoint(NUMBERS)
    return replace(found, pose=pose, face=face_of(states), look=look, stout="fat" in states, single=single)


def _leaping(figure: Figure) -> Figure:
    """One who lives in water in the air above it."""
    if not any(LABELS[index] in DIVERS for index in figure.present()):
        return figure
    return replace(figure, turn=LEAP, foot=figure.foot - LEAPS * figure.side, floats=True)


def looks_out(scene: Scene, figure: Figure) -> bool:
    """Whether a figure of people who do nothing at the water looks out over it, and so turns his back to us."""
    at_water = TERRAINS[scene.look] in WIDE_WATERS and scene.marks <= WITH_VIEW
    return at_water and all(LABELS[index] in WITHOUT_TRADE for index in figure.present())


def _resting(scene: Scene, figure: Figure, second: bool, third: bool, other: str) -> Figure:
    """A figure that sits, kneels or lies as marks say, if it stands on the ground."""
    kinds = figure.present()
    said = [name.removeprefix(SECOND) for name in scene.marks if name.startswith(SECOND) == second]
    states = [*scene.third_marks] if third else said
    if not scene.staged or len(kinds) != 1:
        return figure
    label = LABELS[kinds[0]]
    if second and "on" in scene.marks and label in SITTERS and (SITTING in states or other in SEATED_ON):
        return replace(figure, pose=SITTING if other in LAID_DOWN else SEATED)
    if not {SITTING, KNEELING, LYING, SLEEPING, *ANIMAL_STATES} & {*states}:
        return figure
    bound = scene.marks & {*(BOUND if other else LONE_BOUND), *(HELD_UP if second else ())}
    if bound - (CURLED_ON if SLEEPING in states and curls_up(label) else frozenset()):
        return figure
    if not second and not scene.marks.isdisjoint(ABOVE_GROUND):
        return figure
    rests = LYING in states or (SLEEPING in states and not {SITTING, KNEELING} & {*states})
    if label in SITTERS:
        if not {SITTING, KNEELING, LYING, SLEEPING} & {*states}:
            return figure  # who runs has a pose of its own
        return replace(figure, pose=LYING if rests else SITTING if SITTING in states else KNEELING)
    if rests and curls_up(label):
        return replace(figure, pose=CURLED if SLEEPING in states else CURLED_AWAKE)
    if not does_as_animal(figure):
        return figure
    return replace(figure, pose=FOLDED) if rests else as_animal(figure, states)


@cached_constant
def joints_of(sheets: tuple[PaperLayer, ...]) -> Joints:
    """The joints of a figure of these sheets at rest."""
    solid = solid_cells(sheets)
    cells = len(solid)
    rows, columns = solid.any(1).nonzero().flatten(), solid.any(0).nonzero().flatten()
    top = float(rows[0]) / cells
    height = FLOOR - top
    hip = top + HIP * height
    front, rear = _legs(solid[round(hip * cells) : round((FLOOR - 0.02) * cells)])
    filled = solid.float().sum(1)
    trunk = float((filled >= TRUNK * filled.amax()).nonzero().amax() + 1) / cells
    folds = trunk < FLOOR - LEAST_LEGS * height
    half = (float(columns[-1]) + 1 - float(columns[0])) / (2 * cells)
    legs = (front + rear) / 2, (rear - front) / 2
    return Joints(top, hip, top + KNEE * height, *legs, half, trunk if folds else FLOOR)


def _legs(low: Tensor) -> tuple[float, float]:
    """The front and the rear end of the legs in the lower rows of a figure; of the front one if they stand apart.

    A staff is no leg.
    """
    cells = low.shape[1]
    rows = [[run for run in _runs(row) if run[1] - run[0] >= LEAST_LEG * cells] for row in low]
    rows = [runs for runs in rows if runs]
    several = [runs for runs in rows if len(runs) > 1]
    middles = [sum(runs[0]) / 2 for runs in several] or [0.0]
    apart = len(several) > len(rows) / 3 and max(middles) - min(middles) < STRIDE * cells
    taken = [runs[0] for runs in several] if apart else [(runs[0][0], runs[-1][1]) for runs in rows]
    front, rear = (sorted(ends)[len(taken) // 2] / cells for ends in zip(*taken, strict=True))
    return front, rear


def _runs(row: Tensor) -> list[tuple[int, int]]:
    """Where each solid part of a row begins and ends."""
    edges = torch.diff(torch.nn.functional.pad(row.int(), (1, 1)))
    return list(zip((edges > 0).nonzero().flatten().tolist(), (edges < 0).nonzero().flatten().tolist(), strict=True))


def lowered(pose: str, joints: Joints) -> float:
    """How much lower the head and the hands of a figure are in a pose, in sides."""
    if pose == SITTING:
        return FLOOR - joints.hip - joints.thick
    if pose == SEATED:
        return joints.knee - joints.hip
    if pose == KNEELING:
        return FLOOR - joints.knee - 0.7 * joints.thick
    if pose == FOLDED:
        return (FLOOR - joints.trunk) * (1 - LEGS_SHOWN)
    return 0.0


def seat_of(joints: Joints) -> float:
    """How far above the floor of who is SEATED the seat is, in sides."""
    return FLOOR - joints.knee - joints.thick


def reach_of(pose: str, joints: Joints, reach: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """Top, bottom, left and right of what a sheet with such a reach can cover in a pose, in sides."""
    top, bottom, left, right = reach
    down, length = lowered(pose, joints), FLOOR - joints.hip
    if pose == LYING:
        tall = (FLOOR - joints.top) / 2
        return FLOOR - 2.6 * joints.half, FLOOR + 0.3 * joints.half, 0.44 - tall, 0.56 + tall
    if pose in ANIMAL_POSES:
        strides = FEET_APART if pose == GALLOPING else 0.0
        return top, bottom, left - strides, right + strides
    ahead = {SITTING: length, SEATED: joints.knee - joints.hip + joints.thick}.get(pose, 0.0)
    behind = FLOOR - joints.knee if pose == KNEELING else 0.0
    left, right = min(left, joints.middle - ahead - 0.02), max(right, joints.middle + behind + 0.02)
    return top + down, max(bottom, FLOOR) + 0.01, left, right


def half_width(pose: str, joints: Joints, half: float) -> float:
    """Half the width of a figure in a pose, which is `half` as it stands; in sides."""
    return (FLOOR - joints.top) / 2 if pose == LYING else half


def bent(pose: str, joints: Joints, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """The places of a standing figure that are seen at positions in the square of one in a pose.

    Args:
        pose: One of POSES.
        joints: Of the figure, which faces left.
        x: Position in its square, like y, any shapes that broadcast.
        y: From above.
    """
    if pose == LYING:
        return 0.5 + (y - FLOOR + joints.half) + 0 * x, (joints.top + FLOOR) / 2 - (x - 0.5) + 0 * y
    y = y - lowered(pose, joints)
    if pose == GALLOPING:
        return galloping_at(joints.trunk, FLOOR, x, y)
    if pose == FOLDED:
        folded = joints.trunk + (y - joints.trunk) / LEGS_SHOWN
        return x + 0 * y, torch.where(y > joints.trunk, folded, y) + 0 * x
    x, y = x + 0 * y, y + 0 * x
    if pose in ANIMAL_POSES:
        return x, y
    if pose == KNEELING:
        return _kneeling(joints, x, y)
    return _sitting(joints, x, y, seated=pose == SEATED)


def _sitting(joints: Joints, x: Tensor, y: Tensor, seated: bool) -> tuple[Tensor, Tensor]:
    """Thighs forwards; shins as well, or down before the seat."""
    middle, hip, thick = joints.middle, joints.hip, joints.thick
    stretch = joints.legs / thick
    lap = (x < middle) & ((y - hip).abs() < thick)
    from_x, from_y = torch.where(lap, middle + (y - hip) * stretch, x), torch.where(lap, hip + middle - x, y)
    below = (y > hip + thick) | (~lap & (x < middle) & (y > hip - thick))
    if not seated:
        return torch.where(below, NOWHERE, from_x), from_y
    knees = middle - (joints.knee - hip)
    shin = ((x - knees).abs() < thick) & (y > hip - thick)
    from_x = torch.where(shin, middle + (x - knees) * stretch, torch.where(below, NOWHERE, from_x))
    return from_x, torch.where(shin, joints.knee + y - hip, from_y)


def _kneeling(joints: Joints, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Shins backwards."""
    middle, knee, thick = joints.middle, joints.knee, 0.7 * joints.thick
    shin = (x > middle) & ((y - knee).abs() < thick)
    from_x = torch.where(shin, middle - (y - knee) * (joints.legs / thick), x)
    from_y = torch.where(shin, knee + (x - middle), y)
    return torch.where((y > knee + thick) & ~shin, NOWHERE, from_x), from_y
