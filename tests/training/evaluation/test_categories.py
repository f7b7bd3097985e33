"""Verdicts by category, from what a scene says of itself."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from installation.models.theatre import marks
from installation.models.theatre.generator import Theatre
from installation.models.theatre.vocabulary import GROUPS
from installation.training.data.held_out import CategoryPrompt, category_prompts, unknown_labels
from installation.training.evaluation.categories import (
    CategoryAnswer,
    SceneDescription,
    describe,
    format_categories,
    judge,
    write_category_sheets,
)
from tests.models.theatre.conftest import scene

WOLVES = CategoryPrompt(
    "two wolves and three sheep in the snow",
    "counts",
    {"subject": ("wolf",), "companion": ("sheep",), "weather": ("snow",)},
    marks=("two/second two", "three/second three"),
)
SHOWN = SceneDescription(
    {"subject": "wolf", "companion": "alone", "weather": "snow", "sky": "night"},
    frozenset(("wolf", "sheep")),
    ("two", "second sheep", "second three"),
)


@pytest.mark.parametrize(
    ("shown", "verdict"),
    [
        (SHOWN, "full"),
        (SceneDescription(SHOWN.classes, SHOWN.figures, ("two", "second sheep")), "partly"),
        (SceneDescription({"weather": "clear"}), "missing"),
        (SceneDescription(SHOWN.classes, SHOWN.figures | {"ship"}, SHOWN.marks), "contradicted"),
        (SceneDescription({**SHOWN.classes, "weather": "fire"}, SHOWN.figures, SHOWN.marks), "contradicted"),
        (None, "missing"),
    ],
)
def test_a_scene_is_compared_with_what_was_asked_for(shown: SceneDescription | None, verdict: str) -> None:
    assert judge(WOLVES, shown) == verdict


def test_words_that_nothing_shows_must_be_told_and_chatter_must_leave_the_picture() -> None:
    samovar = CategoryPrompt("a samovar", "unknown", {}, told=("samovar",))
    assert judge(samovar, SceneDescription({}, told="not pictured: samovar")) == "full"
    assert judge(samovar, SceneDescription({})) == "missing"
    hello = CategoryPrompt("hello", "speech", {}, keep=True)
    assert judge(hello, None) == "full"
    assert judge(hello, SceneDescription({})) == "contradicted"


def test_figures_that_fit_may_be_there() -> None:
    hope = CategoryPrompt("hope", "abstract", {"sky": ("dawn",)}, allowed=("any",))
    assert judge(hope, SceneDescription({"sky": "dawn"}, frozenset(("bird",)))) == "full"


def test_a_point_is_described_with_all_its_figures(theatre: Theatre) -> None:
    point = theatre.with_marks(scene(1, subject="wolf", weather="snow"), ("two", "second sheep", "second three"))
    described = describe(theatre, point, "")
    assert described.figures == {"wolf", "sheep"}
    assert described.marks == ("two", "second three", "second sheep")
    assert described.classes["weather"] == "snow"


def test_all_labels_and_marks_of_the_prompts_exist() -> None:
    for prompt in category_prompts():
        expected = [("subject" if group == "companion" else group, labels) for group, labels in prompt.expected.items()]
        for group, labels in expected:
            assert not unknown_labels({group: labels}, GROUPS), prompt.text
        for mark in prompt.marks:
            assert set(mark.split("/")) <= set(marks.NAMES), prompt.text


def test_the_report_has_a_row_and_a_sheet_for_each_category(tmp_path: Path) -> None:
    picture = np.zeros((32, 32, 3), np.uint8)
    hello = CategoryPrompt("hello", "speech", {}, keep=True)
    answers = [CategoryAnswer(WOLVES, SHOWN, "partly", picture), CategoryAnswer(hello, None, "full", None)]
    assert format_categories(answers).splitlines() == [
        "| category | prompts | full | partly | missing | contradicted |",
        "| --- | --- | --- | --- | --- | --- |",
        "| counts | 1 | 0 | 1 | 0 | 0 |",
        "| speech | 1 | 1 | 0 | 0 | 0 |",
        "| **all** | 2 | 1 | 1 | 0 | 0 |",
        "",
        "- partly: *two wolves and three sheep in the snow* ()",
    ]
    write_category_sheets(answers, tmp_path / "sheets")
    assert [path.name for path in (tmp_path / "sheets").iterdir()] == ["counts.jpg"]
