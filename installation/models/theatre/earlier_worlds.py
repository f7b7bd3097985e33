"""Latents of the theatre's earlier editions, which had fewer figures: a stored picture outlives a larger world.

New figures are appended to their group, before "nobody". In the first two editions the number of the second figure had
one digit less (`marks`).
"""

from __future__ import annotations

import numpy as np

from installation.models.interfaces import ABSENT, Floats, Latents, Point
from installation.models.theatre.marks import BEGINS, KIND, PAPER, SET
from installation.models.theatre.vocabulary import GROUP_SLICES, NUM_CLASSES, SUBJECTS

EARLIER_SUBJECTS = (86, 111, 136, 152, 255, 327, 513, 545, 676)  # of each edition, "nobody" included
SEVEN_DIGITS = (86, 111)  # editions with a shorter number of the second figure


def from_earlier(point: Point) -> Point | None:
    """The same scenes in the classes of today; None if the latents are of no earlier edition."""
    for subjects in EARLIER_SUBJECTS:
        added = len(SUBJECTS) - subjects
        if point.classes.shape[1:] == (NUM_CLASSES - added,):
            nobody = GROUP_SLICES["subject"].start + subjects - 1
            new = np.full((len(point.classes), added), ABSENT, np.float32)
            classes = np.concatenate((point.classes[:, :nobody], new, point.classes[:, nobody:]), 1)
            return Latents(_with_longer_number(point.z) if subjects in SEVEN_DIGITS else point.z, classes)
    return None


def _with_longer_number(z: Floats) -> Floats:
    """The second figure's number with a further digit, 0, and its paper behind it, [n, z_dim]."""
    longer = z.copy()
    longer[:, list(PAPER)] = z[:, [index - 1 for index in PAPER]]
    numbered = np.abs(z[:, list(KIND[:-1])]).min(1) > BEGINS
    longer[:, KIND[-1]] = np.where(numbered, -SET, 0.0)
    return longer
