"""Held prompts, the judge, and what its readings mean."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from installation.core.errors import ShowError
from installation.models.theatre.vocabulary import GROUPS
from installation.training.data.held_out import HeldOutPrompt, common_words, held_prompts, unknown_labels
from installation.training.evaluation.classifier import Classifier, ClassifierNet, load_judge, save_judge
from installation.training.evaluation.classifier_training import train_judge
from installation.training.evaluation.contact_sheet import prompt_sheet
from installation.training.evaluation.evaluate import EvaluationResult, table_of
from installation.training.evaluation.scoring import ScoreCounts
from installation.training.progress import TimeBudget, seconds_of

EMPTY = {
    "sky": "night", "tint": "no tint", "celestial": "moon", "weather": "clear", "terrain": "sea",
    "subject": "nobody", "subject_colour": "ink", "companion": "alone", "detail": "nothing more",
}  # fmt: skip


def test_there_are_two_hundred_held_prompts_of_twelve_words_at_most_and_every_class_is_known() -> None:
    prompts = held_prompts()
    assert len(prompts) >= 200
    assert len({held.text for held in prompts}) == len(prompts)
    assert max(len(held.text.split()) for held in prompts) <= 12
    assert [fault for held in prompts for fault in unknown_labels(held.asked, GROUPS)] == []
    assert all(held.asked for held in prompts)


def test_the_held_prompts_ask_for_every_sky_weather_terrain_and_subject() -> None:
    asked = {(name, label) for held in held_prompts() for name, labels in held.asked.items() for label in labels}
    places = ("sky", "weather", "terrain", "subject", "subject_colour")
    wanted = {(group.name, label) for group in GROUPS if group.name in places for label in group.labels}
    assert wanted - asked == set()


def test_fewer_prompts_are_spread_over_all_kinds() -> None:
    assert {held.kind for held in held_prompts(24)} == {"plain", "poetic", "short"}
    assert len(held_prompts(24)) == 24


def test_there_are_two_hundred_common_words_and_what_they_mean_is_known() -> None:
    words = common_words()
    assert len(words) == 200
    assert [fault for asked in words.values() for fault in unknown_labels(asked, GROUPS)] == []


def test_a_figure_counts_as_found_in_either_role_and_a_stranger_as_unasked() -> None:
    tally = ScoreCounts()
    wolf = HeldOutPrompt("a wolf at sea", "plain", {"subject": ("wolf",), "terrain": ("sea",)})
    tally.add(wolf, EMPTY | {"companion": "wolf"}, GROUPS)
    tally.add(wolf, EMPTY | {"subject": "ship", "companion": "dog"}, GROUPS)
    assert tally.shares() == {"subject": 0.5, "terrain": 1.0, "all": 0.75}
    assert (tally.prompts, tally.strangers, tally.followers, tally.empty, tally.intruders) == (2, 1, 1, 0, 0)


def test_somebody_in_a_picture_that_asks_for_nobody_is_an_intruder_unless_the_prompt_lets_him_in() -> None:
    tally = ScoreCounts()
    tally.add(HeldOutPrompt("the sea", "short", {"terrain": ("sea",)}), EMPTY | {"subject": "ship"}, GROUPS)
    tally.add(
        HeldOutPrompt("the sea", "short", {"terrain": ("sea",)}, may=("ship",)), EMPTY | {"subject": "ship"}, GROUPS
    )
    assert (tally.empty, tally.intruders, tally.strangers) == (2, 1, 1)


def test_what_a_generator_cannot_show_is_not_held_against_it() -> None:
    tally = ScoreCounts()
    fox = HeldOutPrompt("a fox at sea", "plain", {"subject": ("fox",), "terrain": ("sea",)})
    small = [group._replace(labels=("wolf", "nobody")) if group.name == "subject" else group for group in GROUPS]
    tally.add(fox, EMPTY, small)
    assert tally.shares() == {"terrain": 1.0, "all": 1.0}


def test_a_stored_judge_reads_as_it_was_rounded_and_weighs_less_than_a_megabyte(tmp_path: Path) -> None:
    torch.manual_seed(1)
    net = ClassifierNet(sum(len(group.labels) for group in GROUPS)).eval()
    size = save_judge(Classifier(GROUPS, net, {"sky": 0.5}), tmp_path)
    judge = load_judge(tmp_path)
    pictures = torch.rand(4, 3, 128, 128, generator=torch.Generator().manual_seed(1))
    readings = judge.labels(pictures)
    assert size < 1_000_000
    assert (judge.groups, judge.accuracy) == (GROUPS, {"sky": 0.5})
    assert [list(reading) for reading in readings] == [[group.name for group in GROUPS]] * 4
    assert judge.labels(pictures[:1]) == readings[:1]


def test_a_judge_that_is_not_there_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ShowError, match="training judge"):
        load_judge(tmp_path)


def test_a_judge_learns_and_the_same_seed_gives_the_same_weights(tmp_path: Path) -> None:
    judges = [
        train_judge(tmp_path / "work", 600.0, tmp_path / f"judge{index}", pictures=64, held=64, steps=steps)
        for index, steps in enumerate((3, 3, 30))
    ]
    weights = [(tmp_path / f"judge{index}" / "judge.safetensors").read_bytes() for index in range(3)]
    assert weights[0] == weights[1] != weights[2]
    assert judges[0].accuracy == judges[1].accuracy
    assert np.mean(list(judges[2].accuracy.values())) > np.mean(list(judges[0].accuracy.values())) + 0.02


def test_the_table_says_how_far_the_judge_is_to_be_trusted_before_what_it_says() -> None:
    torch.manual_seed(1)
    result = EvaluationResult(
        "theatre", "ours", 24, scores={0: [0.5, 0.6], 24: [0.7, 0.8]}, measured=[True, False], seconds=3.0
    )
    result.tally.add(HeldOutPrompt("the sea", "short", {"terrain": ("sea",)}), EMPTY, GROUPS)
    table = table_of([result], Classifier(GROUPS, ClassifierNet(184), {"terrain": 0.93}), {"theatre": 0.5}, {})
    judged, told = table.splitlines()[2:4]
    assert judged.startswith("| *judge on held renders* |")
    assert "93%" in judged
    assert told == (
        "| theatre | ours | – | – | – | – | 100% | – | – | – | – | **100%** | 0% | 0% | 50% | 0: 0.55, 24: 0.75 | 3.0 |"
    )


def test_a_sheet_holds_every_picture(tmp_path: Path) -> None:
    tile = ("a very long line about the sea that goes on for more than it should", np.full((64, 64, 3), 200, np.uint8))
    prompt_sheet([[tile] * 3, [tile]], tmp_path / "sheet.png", ["one", "two"])
    from PIL import Image

    with Image.open(tmp_path / "sheet.png") as sheet:
        bright = np.asarray(sheet).min(axis=2) >= 199
    assert abs(int(bright.sum()) - 4 * 160 * 160) < 4 * 1600


def test_budgets_are_read_and_refused() -> None:
    assert [seconds_of(text) for text in ("90s", "60m", "1.5h")] == [90.0, 3600.0, 5400.0]
    for text in ("", "5", "0m", "m", "-3m", "2 days"):
        with pytest.raises(ShowError, match="time budget"):
            seconds_of(text)
    assert TimeBudget(10.0, began=0.0).spent() > 1.0
