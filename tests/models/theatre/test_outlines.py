"""Where the outlines of figures have their heads."""

from __future__ import annotations

from installation.models.theatre.figure_atlas import LABELS, Atlas
from installation.models.theatre.outlines import head_place, sheets_of, top_place


def test_the_top_of_a_head_is_between_its_ears(atlas: Atlas) -> None:
    (_, cat), (bear, _), (_, child) = (
        head_place(sheets_of(atlas, LABELS.index(name))) for name in ("cat", "bear", "child")
    )
    _, ears = top_place(sheets_of(atlas, LABELS.index("cat")))
    assert 0.06 < cat - ears < 0.16  # of its height
    assert bear < 0.4  # of its square: it faces left, and its back is as high as its head
    assert child < 0.06
