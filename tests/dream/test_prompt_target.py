from __future__ import annotations

import math

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch.testing import assert_close

from installation.core.messages import Prompt
from installation.dream.losses import spherical_distance
from installation.dream.prompt_target import PromptTarget, PromptTexts, prompt_texts, stop_cosines

EAST, NORTH = torch.tensor([[1.0, 0.0]]), torch.tensor([[0.0, 1.0]])
NORTH_EAST = torch.tensor([[math.sqrt(0.5), math.sqrt(0.5)]])


def first_four_words(text: str) -> str:
    return " ".join(text.split()[:4])


def target(*weights: float) -> PromptTarget:
    texts = torch.cat((EAST, NORTH))[: len(weights)]
    return PromptTarget(texts, torch.tensor(weights), torch.tensor([1.0 if weight > 0 else 0.1 for weight in weights]))


def test_parts_of_all_prompts_are_collected_with_the_wanted_ones_first() -> None:
    prompts = [Prompt(1, "a fox:2 | people:-1", weight=0.5), Prompt(2, "snow")]
    assert prompt_texts(prompts, "fog:2", first_four_words) == PromptTexts(
        ("a fox", "snow", "people", "fog"), (1.0, 1.0, -0.5, -2.0), (None, None, None, None), ()
    )


def test_only_texts_with_a_positive_weight_are_wanted() -> None:
    assert prompt_texts([Prompt(1, "a fox | people:-1")], "fog", first_four_words).wanted == ("a fox",)


def test_a_text_that_the_perceptor_cuts_is_reported() -> None:
    found = prompt_texts([Prompt(1, "a fox in the deep snow")], "", first_four_words)
    assert found.texts == ("a fox in the",)
    assert found.notices == (
        "The perceptor reads 'a fox in the deep snow' only as far as 'the' (12 of 22 characters).",
    )


def test_the_score_is_the_weighted_mean_cosine_of_the_wanted_texts() -> None:
    assert target(3.0, 1.0).score(EAST).item() == pytest.approx(0.75)
    assert target(1.0, -1.0).score(EAST).item() == pytest.approx(1.0)


def test_nearness_to_an_unwanted_text_lowers_the_rating_and_raises_the_loss() -> None:
    assert target(1.0, -1.0).rating(NORTH_EAST) < target(1.0).rating(NORTH_EAST)
    assert target(1.0, -1.0).loss(NORTH_EAST) > target(1.0).loss(NORTH_EAST)


def test_an_unwanted_text_costs_nothing_below_the_cosine_of_the_average_picture() -> None:
    assert target(1.0, -1.0).rating(EAST) == target(1.0).rating(EAST)


def test_a_text_stops_to_act_at_the_distance_that_vqgan_clip_gives_it() -> None:
    texts = prompt_texts([Prompt(1, "a fox:1:.8 | snow | fog:-1:-.5 | people:-1")], "", first_four_words)
    stops = torch.from_numpy(stop_cosines(texts, np.array([0.3, 0.3, 0.3, 0.3], np.float32)))
    assert_close(stops, torch.tensor([math.cos(math.sqrt(1.6)), 1.0, math.cos(1.0), 0.3]))
    assert_close(spherical_distance(stops[:1]), torch.tensor([0.8]), atol=1e-5, rtol=0.0)


def test_a_picture_that_is_near_enough_to_a_wanted_text_is_pulled_no_further() -> None:
    near = PromptTarget(EAST, torch.ones(1), torch.tensor([0.7]))
    for picture, pulled in ((NORTH_EAST, False), (NORTH, True)):
        point = picture.clone().requires_grad_()
        (gradient,) = torch.autograd.grad(near.loss(point), point)
        assert bool(gradient.abs().sum() > 0) == pulled


def test_padding_changes_no_score() -> None:
    padded = target(1.0, -1.0).resized(8)
    assert len(padded.weights) == 8
    assert_close(padded.rating(NORTH_EAST), target(1.0, -1.0).rating(NORTH_EAST))


def test_a_target_without_texts_is_padded_and_scores_zero() -> None:
    empty = PromptTarget(torch.zeros(0, 2), torch.zeros(0), torch.zeros(0)).resized(8)
    assert (len(empty.weights), empty.score(EAST).item()) == (8, 0.0)


def test_the_lightest_of_too_many_texts_are_merged_into_their_mean_direction() -> None:
    weights = torch.tensor([1.0, 3.0, -2.0, 1.0, -1.0, -1.0, 5.0])
    texts = F.normalize(torch.randn(7, 16, generator=torch.Generator().manual_seed(3)), dim=1)
    merged = PromptTarget(texts, weights, torch.zeros(7)).resized(5)
    assert merged.weights.tolist() == [5.0, 3.0, -2.0, 2.0, -2.0]
    assert_close(merged.texts[:3], texts[[6, 1, 2]])
    assert_close(merged.texts[3:], F.normalize(torch.stack([texts[0] + texts[3], texts[4] + texts[5]]), dim=1))


def test_a_target_is_overwritten_in_place() -> None:
    own = target(1.0, 2.0)
    weights = own.weights
    own.copy_from(target(3.0, -1.0))
    assert weights.tolist() == [3.0, -1.0]


def test_texts_in_other_scripts_are_read_whole_though_the_perceptor_reads_few_of_their_words() -> None:
    russian, english = "идёт дождь, и чёрный кот прячется под машиной", "one two three four five"
    texts = prompt_texts((Prompt(1, russian), Prompt(2, english)), "", first_four_words)
    assert texts.texts == ("идёт дождь, и чёрный", "one two three four")
    assert texts.said == (russian, "one two three four")
    assert len(texts.notices) == 2
    assert texts.told((True, False)) == texts.notices[1:]
