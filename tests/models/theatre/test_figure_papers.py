"""The paper of each figure."""

from __future__ import annotations

from installation.models.theatre.figure_papers import FIGURE_PAPERS
from installation.models.theatre.vocabulary import SUBJECTS


def test_every_figure_has_a_paper() -> None:
    assert set(FIGURE_PAPERS) == set(SUBJECTS) - {"nobody"}
