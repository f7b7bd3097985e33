"""Latents that were stored when the theatre had fewer figures show the same scene today."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from installation.models.interfaces import Latents
from installation.models.stored_latents import StoredLatents
from installation.models.theatre.earlier_worlds import EARLIER_SUBJECTS, SEVEN_DIGITS
from installation.models.theatre.generator import Theatre
from installation.models.theatre.marks import KIND, PAPER
from installation.models.theatre.vocabulary import GROUP_SLICES, SUBJECTS
from tests.models.theatre.conftest import scene


@pytest.mark.parametrize("subjects", EARLIER_SUBJECTS)
@pytest.mark.parametrize("subject", ["fox", "nobody"])
def test_a_picture_of_an_earlier_world_is_shown_as_it_was(theatre: Theatre, subjects: int, subject: str) -> None:
    today = theatre.with_marks(scene(1, sky="night", terrain="hills", subject=subject), ("second owl", "second red"))
    nobody = GROUP_SLICES["subject"].start + len(SUBJECTS) - 1
    classes = np.delete(today.classes, np.arange(nobody - (len(SUBJECTS) - subjects), nobody), 1)
    z = today.z.copy()
    if subjects in SEVEN_DIGITS:
        z[:, [index - 1 for index in PAPER]] = today.z[:, list(PAPER)]
    stored = StoredLatents(Latents(z, classes), "theatre")
    shown = stored.point_for(theatre, Path("evening.safetensors"))
    assert_array_equal(shown.classes, today.classes)
    assert_array_equal(shown.z, today.z)
    assert theatre.marks_of(shown) == ("second owl", "second red")


def test_latents_of_today_stay_as_they_are(theatre: Theatre) -> None:
    today = scene(1, subject="king")
    assert theatre.from_earlier(today) is None
    assert len(KIND) == 8
