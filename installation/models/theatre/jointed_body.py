"""The joints of a person of paper in a pose, and the places of hands, mouth and feet.

A body is measured in heights of the person who stands: x forwards, y upwards from the floor.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Point = NDArray[np.float64]  # x and y
Angles = tuple[float, float]
STANDING, LOOKING_OUT = "standing", "looking out"  # who looks out is seen from behind
FROM_BEHIND = (LOOKING_OUT, "climbing up", "walking away")  # poses in which somebody is seen so
LIMBS = ("near_arm", "far_arm", "near_leg", "far_leg")
NEAR_SHOULDER, FAR_SHOULDER, BESIDE_HIPS = 0.066, 0.052, 0.018  # from the middle, in heights, as seen aslant
RAISED_BACK = 0.024  # how much nearer to the trunk raised hands are than from the middle
HANGING = 0.10  # height above the hips below which a hand hangs
SOLE = 0.03  # height of the ankle's joint above the sole


class BodyPose(NamedTuple):
    """The angles of the joints in degrees; see `body_poses.toml`."""

    torso: float
    head: float
    near_arm: Angles
    far_arm: Angles
    near_leg: Angles
    far_leg: Angles


class Build(NamedTuple):
    """The proportions of a body, in heights.

    Attributes:
        head: Height of the head, from the chin to the crown.
        torso: From the hips to the shoulders.
        neck: From the shoulders to the chin.
        thigh, shin: Lengths.
        upper_arm, forearm: Lengths.
        width: Of limbs and trunk, relative to a lean adult's.
        stoop: Degrees that the torso leans forwards by itself.
    """

    head: float
    torso: float
    neck: float
    thigh: float
    shin: float
    upper_arm: float
    forearm: float
    width: float = 1.0
    stoop: float = 0.0


BUILDS = {
    "adult": Build(0.168, 0.305, 0.028, 0.228, 0.232, 0.158, 0.150),
    "stout": Build(0.172, 0.305, 0.020, 0.224, 0.226, 0.158, 0.150, 1.34),
    "teenager": Build(0.182, 0.292, 0.030, 0.224, 0.232, 0.156, 0.148, 0.92),
    "child": Build(0.240, 0.270, 0.018, 0.190, 0.196, 0.128, 0.118, 1.02),
    "old": Build(0.178, 0.300, 0.012, 0.220, 0.222, 0.158, 0.150, 1.04, 13.0),
}


class Limb(NamedTuple):
    """The joints of an arm or a leg: where it begins, where it bends, and where it ends."""

    begin: Point
    middle: Point
    end: Point


class Body(NamedTuple):
    """The joints of a person in a pose, whose lowest point is on the floor.

    Attributes:
        hips, shoulders, chin: The ends of the trunk, and where the head begins.
        tilt: Of the head, in radians forwards.
        lean: Of the torso, in radians forwards.
        near_arm, far_arm, near_leg, far_leg: With hands and ankles as their ends.
        build: Its proportions.
    """

    hips: Point
    shoulders: Point
    chin: Point
    tilt: float
    lean: float
    near_arm: Limb
    far_arm: Limb
    near_leg: Limb
    far_leg: Limb
    build: Build


@cache
def body_poses() -> dict[str, BodyPose]:
    """All poses by name."""
    rows = tomllib.loads(Path(__file__).with_name("body_poses.toml").read_text(encoding="utf-8"))
    return {
        name: BodyPose(row["torso"], row["head"], *(tuple(row[limb]) for limb in LIMBS)) for name, row in rows.items()
    }


def body_in(pose: str, build: Build) -> Body:
    """The joints of a body of some proportions in a pose. Raises KeyError if there is no such pose."""
    angles = body_poses()[pose]
    lean = np.radians(angles.torso + build.stoop)
    hips = np.zeros(2)
    upwards = np.array([np.sin(lean), np.cos(lean)])
    shoulders = hips + build.torso * upwards
    chin = shoulders + build.neck * upwards
    forwards = build.width * np.array([upwards[1], -upwards[0]])
    arms = [
        _beside(_arm(shoulders - 0.02 * upwards, lean, arm, build), aside * forwards, hips, build)
        for arm, aside in ((angles.near_arm, -NEAR_SHOULDER), (angles.far_arm, FAR_SHOULDER))
    ]
    legs = [
        _leg(hips + np.array([aside * build.width, 0.0]), leg, build)
        for leg, aside in ((angles.near_leg, -BESIDE_HIPS), (angles.far_leg, BESIDE_HIPS))
    ]
    tilt = np.radians(angles.head) + 0.35 * lean
    lowest = min(_lowest(pose, hips, leg, build) for leg in legs)
    moved = np.array([0.0, -lowest])
    near_arm, far_arm, near_leg, far_leg = (Limb(*(point + moved for point in limb)) for limb in (*arms, *legs))
    trunk = (hips + moved, shoulders + moved, chin + moved)
    return Body(*trunk, float(tilt), float(lean), near_arm, far_arm, near_leg, far_leg, build)


def _arm(begin: Point, lean: float, angles: Angles, build: Build) -> Limb:
    """An arm, which hangs from a leaning torso."""
    first = np.radians(angles[0]) + 0.5 * lean
    second = first + np.radians(angles[1])
    middle = begin + build.upper_arm * _downwards(first)
    return Limb(begin, middle, middle + build.forearm * _downwards(second))


def _beside(arm: Limb, aside: Point, hips: Point, build: Build) -> Limb:
    """An arm at its own shoulder, which is beside the middle: one that hangs moves with it, other hands stay."""
    begin = arm.begin + aside
    if arm.end[1] < hips[1] + HANGING:
        return Limb(begin, arm.middle + aside, arm.end + aside)
    end = arm.end - np.array([RAISED_BACK * build.width, 0.0])
    away = end - begin
    length = float(np.hypot(*away))
    upper, lower = build.upper_arm, build.forearm
    reach = min(max(length, abs(upper - lower) + 1e-3), upper + lower - 1e-3)
    along = away / max(length, 1e-6)
    first = (upper**2 - lower**2 + reach**2) / (2 * reach)
    (ax, ay), (bx, by) = arm.middle - arm.begin, arm.end - arm.begin
    side = 1.0 if ax * by - ay * bx > 0 else -1.0  # to which the elbow points
    bent = side * np.sqrt(max(upper**2 - first**2, 0.0))
    middle = begin + first * along + bent * np.array([along[1], -along[0]])
    return Limb(begin, middle, begin + reach * along)


def _leg(hips: Point, angles: Angles, build: Build) -> Limb:
    first = np.radians(angles[0])
    middle = hips + build.thigh * _downwards(first)
    return Limb(hips, middle, middle + build.shin * _downwards(first - np.radians(angles[1])))


def _downwards(angle: float) -> Point:
    return np.array([np.sin(angle), -np.cos(angle)])


def _lowest(pose: str, hips: Point, leg: Limb, build: Build) -> float:
    """The y of the lowest point of a leg, its shoe included, or of who sits."""
    thick = 0.04 * build.width
    low = min(float(leg.end[1]) - SOLE, float(leg.middle[1]) - thick)
    return min(low, float(hips[1]) - 1.3 * thick) if pose == "sitting" else low
