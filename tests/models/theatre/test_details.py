"""Details are visible."""

from __future__ import annotations

import numpy as np
import pytest

from installation.models.theatre.generator import Theatre
from installation.models.theatre.vocabulary import DETAILS
from tests.models.theatre.conftest import plain


@pytest.mark.parametrize("detail", DETAILS[1:])
def test_a_detail_is_visible_under_light_and_dark_skies(theatre: Theatre, detail: str) -> None:
    for sky in ("noon", "night", "sunset"):
        change = np.abs(plain(theatre, 64, 2.0, sky=sky, detail=detail) - plain(theatre, 64, 2.0, sky=sky)).max(0)
        assert (change > 0.12).sum() > 25, sky
