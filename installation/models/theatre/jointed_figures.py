"""Figures of jointed people as an audience sees them: the sheets of each pose, with the places of hands and mouths.

The models see people as the atlas has them; before an audience who can act is cut anew in the pose of what it does.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple, Protocol

import torch
from torch import Tensor

from installation.models.theatre.figure_atlas import LABELS, PaperLayer
from installation.models.theatre.jointed_body import STANDING, body_poses
from installation.models.theatre.people import people
from installation.models.theatre.person_cutting import PersonSheets, cut_person, standing_height
from installation.models.theatre.sheet_cutting import SIDE, CutSheet, joined_sheets

NODS, SWINGS = 0.05, 0.08  # how far heads and near arms move, in radians
KEPT = 96  # people in a pose whose sheets are kept
STOUT = "stout"

Place = tuple[float, float]


class PosedFigure(Protocol):
    """What tells how a person is drawn, of `figure_layout.Figure`, whose attributes these are."""

    @property
    def weights(self) -> Tensor:
        """Of its kinds, [batch, subjects]."""
        ...

    @property
    def pose(self) -> str:
        """Of `body_poses.toml`, or "" where no audience sees it."""
        ...

    @property
    def face(self) -> str:
        """What its face shows, of `body_faces.toml`, or "" for what its pose says."""
        ...

    @property
    def look(self) -> int:
        """Which of the looks of its kind it has."""
        ...

    @property
    def stout(self) -> bool:
        """Whether it is."""
        ...

    @property
    def single(self) -> bool:
        """Whether it is one of those of whom a figure of several people consists."""
        ...

    @property
    def rank(self) -> int:
        """Its rank among many, whose heads and arms rest, or -1."""
        ...

    def present(self) -> list[int]:
        """Its kinds, in SUBJECTS."""
        ...


class Jointed(NamedTuple):
    """A person in a pose, in sides of the square of who faces left.

    Attributes:
        layers: From back to front: the body, the head, the near arm.
        whole: All of them as one, while they rest: it is painted at once.
        half: Half the width of a square around the middle that holds all of it.
        height: Above the lower edge of the square, like all of `Atlas.extent`.
        standing: The height of the same person standing.
        hand: The middle of the near hand.
        far_hand: Of the other.
        mouth: Of the head.
        hips: The joint of the legs.
        crown: The middle of the top of the head.
    """

    layers: tuple[PaperLayer, ...]
    whole: PaperLayer
    half: float
    height: float
    standing: float
    hand: Place
    far_hand: Place
    mouth: Place
    hips: Place
    crown: Place


def jointed_of(figure: PosedFigure, index: int | None = None) -> Jointed | None:
    """A figure as a jointed person, or None if it is none, or not before an audience.

    Args:
        figure: As it is placed; its pose tells whether an audience sees it.
        index: Which of its kinds, in SUBJECTS; the first one if None.
    """
    if not figure.pose:
        return None
    if index is None:
        kinds = figure.present()
        index = kinds[0] if kinds else -1
    label = LABELS[index]
    if index < 0 or label not in people():
        return None
    pose, look, members = figure.pose if figure.pose in body_poses() else STANDING, figure.look, people()[label].members
    if figure.single and members:
        label, look = members[look % len(members)].who, look // len(members)
    look %= people()[label].variants
    return _jointed(label, pose, figure.face, look, figure.stout, figure.rank >= 0, figure.weights.device)


@lru_cache(maxsize=KEPT)
def _jointed(label: str, pose: str, face: str, look: int, stout: bool, whole: bool, device: torch.device) -> Jointed:
    person = people()[label]
    if stout and person.build == "adult":
        person = person._replace(build=STOUT)
    sheets = cut_person(person, pose, look, whole, face)
    cut = sheets.sheets
    motions = (("rest", 0.0, (0.5, 0.5)), ("swing", NODS, sheets.chin), ("swing", -SWINGS, sheets.shoulder))
    with torch.inference_mode(False):
        layers = tuple(
            _layer(one, *motion, number, device) for number, (one, motion) in enumerate(zip(cut, motions, strict=False))
        )
        at_rest = _layer(joined_sheets(cut), *motions[0], 0, device)
    tops = [one.top / SIDE for one in cut]
    half = max(max(0.5 - one.left / SIDE, (one.left + one.channels.shape[2]) / SIDE - 0.5) for one in cut)
    height = 1 - min(tops)
    standing = height if pose == STANDING else standing_height(person, look)
    return Jointed(layers, at_rest, half, height, standing, *_places(sheets))


def _layer(sheet: CutSheet, motion: str, amount: float, pivot: Place, number: int, device: torch.device) -> PaperLayer:
    channels = torch.from_numpy(sheet.channels).to(device)
    rows, columns = sheet.channels.shape[1:]
    return PaperLayer(
        channels, sheet.top / SIDE, sheet.left / SIDE, rows / SIDE, columns / SIDE, pivot, motion, amount, number
    )


def _places(sheets: PersonSheets) -> tuple[Place, ...]:
    top = min(sheets.sheets, key=lambda sheet: sheet.top)  # the head, or a raised arm above it
    head = sheets.sheets[min(1, len(sheets.sheets) - 1)]
    crown = (head.left + 0.5 * head.channels.shape[2]) / SIDE, top.top / SIDE
    return sheets.hand, sheets.far_hand, sheets.mouth, sheets.hips, crown
