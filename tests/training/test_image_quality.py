"""The statistics by which bank entries are filtered and ranked."""

from __future__ import annotations

import numpy as np
import torch

from installation.training.image_quality import aesthetic_score, class_balanced_rank, colourfulness, has_content


def test_black_white_and_uniform_images_have_no_content() -> None:
    noise = torch.rand(1, 3, 16, 16, generator=torch.Generator().manual_seed(1))
    uniform = torch.full((1, 3, 16, 16), 0.5)
    images = torch.cat((noise, torch.zeros_like(noise), torch.ones_like(noise), uniform))
    assert has_content(images).tolist() == [True, False, False, False]


def test_a_grey_image_has_no_colourfulness_and_a_two_coloured_one_has_much() -> None:
    grey = torch.rand(1, 1, 16, 16, generator=torch.Generator().manual_seed(1)).expand(1, 3, 16, 16)
    coloured = torch.zeros(1, 3, 16, 16)
    coloured[:, 0, :8], coloured[:, 2, 8:] = 1.0, 1.0
    assert float(colourfulness(grey)) < 1e-6
    assert float(colourfulness(coloured)) > 0.6


def test_a_colourful_image_scores_above_a_dark_and_an_overexposed_one() -> None:
    gradient = torch.linspace(0.0, 0.8, 16).expand(1, 3, 16, 16).clone()
    gradient[:, 0] = gradient[:, 0].flip(1)
    dark, bright = gradient * 0.1, 0.9 + gradient * 0.1
    scores = aesthetic_score(torch.cat((gradient, dark, bright)))
    assert float(scores[0]) > float(scores[1:].max())


def test_a_rank_compares_images_of_the_same_class_and_leaves_out_those_without_content() -> None:
    scores = np.array([0.9, 0.8, 0.7, 0.3, 0.2, -np.inf], np.float32)
    classes = np.array([[0], [0], [0], [1], [1], [1]])
    ranks = class_balanced_rank(scores, classes)
    assert ranks[:3].tolist() == sorted(ranks[:3].tolist(), reverse=True)
    assert ranks[3] > ranks[1]  # the best of the duller class is above the second of the brighter one
    assert ranks[5] == -np.inf
