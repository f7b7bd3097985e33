"""States that words say of a figure: what an audience sees of each, where, and that models see nothing of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from installation.models import default_place
from installation.models.interfaces import Floats, Point
from installation.models.theatre.figure_atlas import PaperLayer
from installation.models.theatre.figure_states import closed_eyes, eyes_of
from installation.models.theatre.generator import Theatre
from installation.models.theatre.marks import DOINGS, MARKED_COLOURS, STATES, marks_of
from installation.models.theatre.vocabulary import rgb
from tests.conftest import spread
from tests.models.theatre.conftest import render, scene

SIZE = (90, 160)
PHASE = 2.3
SEEN = 0.12  # least difference of a pixel that counts
Image = np.ndarray[tuple[int, ...], np.dtype[np.float32]]


@pytest.fixture(scope="module")
def stage() -> Theatre:
    own = Theatre(default_place())
    own.set_stage(0.0, "scenes")
    return own


def staged(stage: Theatre, *marks: str, subject: str = "dog", **classes: str) -> Image:
    point: Point = stage.with_marks(scene(4, subject=subject, sky="noon", terrain="field", **classes), marks)
    return np.asarray(stage.paint(point, SIZE, PHASE)).astype(np.float32) / np.float32(255)


def changed(before: Image, after: Image) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    return np.asarray(np.abs(before - after).max(2) > SEEN)


@pytest.fixture(scope="module")
def unmarked(stage: Theatre) -> dict[str, Image]:
    """Figures without a state."""
    return {subject: staged(stage, subject=subject) for subject in ("dog", "king")}


@pytest.mark.parametrize("state", spread(STATES, 4))
def test_an_audience_sees_each_state(stage: Theatre, unmarked: dict[str, Image], state: str) -> None:
    subject = "king" if state in ("sitting", "kneeling", "leaving", "skipping", *DOINGS) else "dog"
    assert changed(unmarked[subject], staged(stage, state, subject=subject)).sum() > 25


@pytest.fixture(scope="module")
def seen_by_models(theatre: Theatre) -> Floats:
    """A dog without a state."""
    return render(theatre, scene(4, subject="dog"))


@pytest.mark.parametrize("state", spread(STATES, 4))
def test_models_see_no_state(theatre: Theatre, seen_by_models: Floats, state: str) -> None:
    point = theatre.with_marks(scene(4, subject="dog"), (state,))
    assert np.array_equal(seen_by_models, render(theatre, point))


def test_what_floats_is_above_the_figure_and_what_is_painted_on_it_is_not(stage: Theatre) -> None:
    plain = staged(stage)
    figure = np.argwhere(changed(plain, staged(stage, subject="nobody")))
    top, bottom = figure[:, 0].min(), figure[:, 0].max()
    for state in ("steaming", "loving", "singing"):
        assert np.argwhere(changed(plain, staged(stage, state)))[:, 0].min() < top
    rusty = np.argwhere(changed(plain, staged(stage, "rusty")))[:, 0]
    assert top <= rusty.min()
    assert rusty.max() <= bottom


def test_a_tall_figure_keeps_its_feet_and_a_long_one_its_height(stage: Theatre) -> None:
    empty = staged(stage, subject="nobody")
    rows = {state: np.argwhere(changed(empty, staged(stage, state)))[:, 0] for state in ("glowing", "tall")}
    plain = np.argwhere(changed(empty, staged(stage)))
    long = np.argwhere(changed(empty, staged(stage, "long")))
    assert abs(int(rows["tall"].max()) - int(plain[:, 0].max())) <= 2
    assert np.ptp(rows["tall"]) > 1.25 * np.ptp(plain[:, 0])
    assert np.ptp(long[:, 1]) > 1.15 * np.ptp(plain[:, 1])


def test_only_the_second_figure_has_a_state_of_the_second(stage: Theatre) -> None:
    alone = changed(staged(stage, companion="cat"), staged(stage, "rusty", companion="cat"))
    second = changed(staged(stage, companion="cat"), staged(stage, "second rusty", companion="cat"))
    assert second.sum() > 10
    assert not (alone & second).any()


def test_states_colours_and_numbers_are_said_together() -> None:
    stage = Theatre(default_place())
    said = (
        "two",
        "silver",
        "shining",
        "sleeping",
        "long",
        "second rusty",
        "second crying",
        "second thin",
        "second fox",
    )
    assert set(marks_of(stage.with_marks(scene(1), said).z)) == set(said)


@pytest.mark.parametrize(("colour", "luma"), [("black", 0.25), ("silver", 0.6), ("yellow", 0.75)])
def test_a_named_colour_is_that_of_the_paper(stage: Theatre, colour: str, luma: float) -> None:
    figure = changed(staged(stage, subject="swan"), staged(stage, subject="nobody"))
    painted = staged(stage, colour, subject="swan")[figure].mean(0)
    assert abs(float(painted.mean()) - luma) < 0.24  # its shadow is a part of what changes
    assert colour in MARKED_COLOURS


def test_a_small_hole_that_nothing_covers_is_an_eye() -> None:
    channels = torch.full((4, 60, 60), 40, dtype=torch.int8)
    channels[0, 20:25, 30:35] = -20
    sheet = PaperLayer(channels, 0.2, 0.1, 0.6, 0.6, (0.5, 0.5), "rest", 0.0, 0)
    (found,) = eyes_of((sheet,))
    assert np.allclose(found, (0, 0.425, 0.425, 0.028), atol=0.01)
    assert not eyes_of((sheet, replace(sheet, channels=torch.full_like(channels, 40))))
    assert not eyes_of((replace(sheet, channels=torch.full_like(channels, 40)),))


def test_dark_spots_with_white_or_gold_are_the_eyes_that_lids_hide() -> None:
    channels = torch.zeros((12, 60, 60), dtype=torch.int8)
    channels[0] = 40
    for colour, rows, columns in (
        ("2a2228", slice(20, 26), slice(10, 16)),
        ("f6efe0", slice(22, 24), slice(12, 14)),
        ("2a2228", slice(20, 26), slice(40, 46)),
        ("f4c850", slice(20, 22), slice(40, 46)),
        ("2a2228", slice(45, 52), slice(25, 32)),  # a nose, all dark
    ):
        parts = [round(part * 127) for part in (*rgb(colour), 1.0)]
        channels[4:8, rows, columns] = torch.tensor(parts, dtype=torch.int8).view(4, 1, 1)
    channels[0, 50:55, 50:55] = -20  # a hole
    sheet = PaperLayer(channels, 0.0, 0.0, 1.0, 1.0, (0.5, 0.5), "rest", 0.0, 0)
    eyes = sorted(eyes_of((sheet,)), key=lambda eye: eye.x)
    assert np.allclose(eyes, [(0, 0.217, 0.383, 0.056), (0, 0.717, 0.383, 0.056)], atol=0.01)
    x, y = torch.tensor([[[[0.217, 0.717, 0.467]]]]), torch.tensor([[[[0.383, 0.383, 0.8]]]])
    lids = closed_eyes(eyes, {"sleeping": torch.ones(1, 1, 1, 1)}, torch.zeros_like(x), x, y)
    assert lids.lid.flatten().tolist() == pytest.approx([1, 1, 0], abs=0.01)


def test_dark_spots_of_the_colour_of_peoples_eyes_are_eyes_without_white_or_gold() -> None:
    channels = torch.zeros((12, 60, 60), dtype=torch.int8)
    channels[0] = 40
    parts = [round(part * 127) for part in (*rgb("2c2426"), 1.0)]
    channels[4:8, 20:26, 10:16] = torch.tensor(parts, dtype=torch.int8).view(4, 1, 1)
    (eye,) = eyes_of((PaperLayer(channels, 0.0, 0.0, 1.0, 1.0, (0.5, 0.5), "rest", 0.0, 0),))
    assert np.allclose(eye, (0, 0.217, 0.383, 0.056), atol=0.01)


def test_a_letter_lies_flat_outdoors(stage: Theatre) -> None:
    def proportions(**classes: str) -> float:
        points = (stage.with_marks(scene(4, subject=who, sky="noon", **classes), ()) for who in ("nobody", "letter"))
        before, after = (
            np.asarray(stage.paint(one, SIZE, PHASE)).astype(np.float32) / np.float32(255) for one in points
        )
        seen = changed(before, after)
        return float(seen.any(1).sum() / seen.any(0).sum())

    assert proportions(terrain="field") < 0.45 < proportions(terrain="room")
