"""What the figures of hearing say together."""

from __future__ import annotations

from tests.bench.hearing import PARTS, rows_of


def test_parts_that_were_measured_apart_are_summed_up_and_judged() -> None:
    results = {
        "lines/English 1-20": {"followed": 20, "wrong": [], "count": 20},
        "lines/German": {"followed": 18, "wrong": ["3 at 'Schnee' (2)"], "count": 20},
        "sounds/hum": {"invented": [], "rejected": 2, "minutes": 5.0},
        "sounds/music": {"invented": [], "rejected": 1, "minutes": 5.0},
    }
    assert results.keys() <= PARTS.keys()
    rows = rows_of(results)
    assert [(row.figure, row.holds) for row in rows["lines"]] == [
        ("38 of 40", False),
        ("1", False),
        ("3 at 'Schnee' (2)", None),
    ]
    assert [(row.figure, row.holds) for row in rows["sounds"]] == [("0", True), ("3", None)]
    assert rows["sounds"][0].what == "invented finals in 10 minutes of hum, music"
    assert rows["script"] == []
