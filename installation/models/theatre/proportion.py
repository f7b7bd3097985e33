"""The sizes of two figures beside each other: as large as both are by nature, and as the stage allows."""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor

from installation.models.theatre.contact import resized
from installation.models.theatre.figure_atlas import LABELS, Atlas
from installation.models.theatre.figure_layout import GAP, Figure, extent_of
from installation.models.theatre.magnitudes import UPRIGHT
from installation.models.theatre.marks import NUMBERS as COUNTS
from installation.models.theatre.marks import SECOND
from installation.models.theatre.pairing import BESIDE_SMALL, SMALLER, by_nature
from installation.models.theatre.scene import Scene
from installation.models.theatre.stage_room import keep_within, room_beside
from installation.models.theatre.vocabulary import AIRBORNE, elevation

TALLEST, WIDEST = 0.62, 1.06  # of both together, in units
WIDER = 1.0  # share of the room of a wide picture that they add
LEAST = 0.52  # size (the root of its area) of who another is on or before, in units
CENTRED = 0.6  # distance of the middle between both from that of the picture, relative to the usual
FLATTEST = 0.38  # half the width of who another is on, as far as it grows, in units
LARGEST = 1.4  # how much the subject grows at most
SMALLEST = 0.4  # how much smaller than usual a companion gets beside a small subject
SAID = {  # marks of sizes: what they make of the size of the second in sizes of the first, and its bounds
    "huge figure": (0.55, 0.0, 0.72),
    "tiny figure": (1.8, 1.7, 9.0),
    SECOND + "huge figure": (1.7, 1.4, 9.0),
    SECOND + "tiny figure": (0.5, 0.0, 0.55),
}


def is_free(scene: Scene, subject: Figure, companion: Figure) -> bool:
    """Whether both stand on the ground, one of each."""
    counted = not scene.marks.isdisjoint((*COUNTS, *(SECOND + name for name in COUNTS)))
    return not counted and all(elevation(_label(one), staged=True) < AIRBORNE for one in (subject, companion))


def in_proportion(scene: Scene, atlas: Atlas, subject: Figure, companion: Figure) -> tuple[Figure, Figure]:
    """Both as large as they are by nature and as words say, side by side, as large as the stage allows."""
    (half, height), (wide, tall) = extent_of(subject, atlas), extent_of(companion, atlas)
    size = natural_size(scene, atlas, subject, companion)
    highest = torch.maximum(height, size * tall).clamp(min=1e-3)
    broadest = WIDEST + WIDER * room_beside(scene)
    scale = torch.minimum(TALLEST / highest, broadest / (2 * (half + size * wide))).clamp(max=LARGEST)
    return _side_by_side(scene, atlas, resized(subject, scale), resized(companion, size * scale))


def natural_size(scene: Scene, atlas: Atlas, subject: Figure, companion: Figure) -> Tensor:
    """By how much a companion grows to be as large beside the subject as by nature, and as words say."""
    first, second = _label(subject), _label(companion)
    ratio = by_nature(second, first)
    for name in scene.marks & set(SAID):
        factor, least, most = SAID[name]
        if name == "tiny figure" and ratio < SMALLER:  # a butterfly is smaller than a small dog, too
            factor, least = BESIDE_SMALL, 0.0
        ratio = min(max(ratio * factor, least), most)
    (half, height), (wide, tall) = extent_of(subject, atlas), extent_of(companion, atlas)
    if first in UPRIGHT and second in UPRIGHT:  # whose heights are compared
        return ratio * height / tall.clamp(min=1e-3)
    return ratio * torch.sqrt(half * height) / torch.sqrt(wide * tall).clamp(min=1e-3)


def no_larger_than_by_nature(atlas: Atlas, subject: Figure, companion: Figure) -> Figure:
    """A companion, of which or of whose subject there are several, that is not too large beside it."""
    (half, height), (wide, tall) = extent_of(subject, atlas), extent_of(companion, atlas)
    size = by_nature(_label(companion), _label(subject)) * torch.sqrt(half * height)
    return resized(companion, (size / torch.sqrt(wide * tall).clamp(min=1e-3)).clamp(SMALLEST, 1))


def _side_by_side(scene: Scene, atlas: Atlas, subject: Figure, companion: Figure) -> tuple[Figure, Figure]:
    """Both about the middle between them, which moves towards that of the picture, with a gap."""
    (half, _), (wide, _) = extent_of(subject, atlas), extent_of(companion, atlas)
    towards = torch.where(companion.x < subject.x, -1.0, 1.0)
    middle = 0.5 + CENTRED * (0.5 * (subject.x + companion.x) - 0.5)
    subject = replace(subject, x=middle - towards * (wide + GAP / 2))
    companion = replace(companion, x=middle + towards * (half + GAP / 2))
    return keep_within(subject, atlas, scene), keep_within(companion, atlas, scene)


def grown(scene: Scene, atlas: Atlas, subject: Figure) -> Figure:
    """Who another is on, above, before or behind, so large that both fill their part of the stage."""
    if "tiny figure" in scene.marks or elevation(_label(subject), staged=True) >= AIRBORNE:
        return subject
    half, height = extent_of(subject, atlas)
    size = torch.sqrt(2 * half * height).clamp(min=1e-3)
    outdoors = 1.0 if _label(subject) == "table" else 1 - scene.weight("terrain", "room")
    most = torch.minimum(TALLEST / height.clamp(min=1e-3), FLATTEST / half.clamp(min=1e-3))
    factor = torch.minimum(LEAST / size, most).clamp(1, LARGEST)
    return keep_within(resized(subject, 1 + (factor - 1) * outdoors), atlas, scene)


def _label(figure: Figure) -> str:
    return LABELS[figure.present()[0]]
