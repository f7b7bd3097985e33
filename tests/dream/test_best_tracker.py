from __future__ import annotations

import torch

from installation.dream.best_tracker import PULL, BestTracker
from installation.dream.prompt_target import PromptTarget

TARGET = PromptTarget(torch.tensor([[1.0, 0.0]]), torch.ones(1), torch.ones(1))
GOOD, BAD = torch.tensor([[1.0, 0.0]]), torch.tensor([[0.0, 1.0]])


def latents(value: float) -> torch.Tensor:
    return torch.full((1, 4), value)


def test_after_a_drop_z_is_pulled_towards_the_best_latents() -> None:
    tracker, z = BestTracker(latents(0.0), max_drop=0.5), latents(10.0)
    tracker.update(GOOD, TARGET, z, shown=latents(2.0))
    tracker.update(BAD, TARGET, z, shown=latents(9.0))
    torch.testing.assert_close(z, latents(10.0 + PULL * (2.0 - 10.0)))


def test_a_small_drop_leaves_z_alone() -> None:
    tracker, z = BestTracker(latents(0.0), max_drop=1.5), latents(10.0)
    tracker.update(GOOD, TARGET, z, shown=latents(2.0))
    tracker.update(BAD, TARGET, z, shown=latents(9.0))
    assert torch.equal(z, latents(10.0))


def test_a_forgotten_best_pulls_no_more() -> None:
    tracker, z = BestTracker(latents(0.0), max_drop=0.5), latents(10.0)
    tracker.update(GOOD, TARGET, z, shown=latents(2.0))
    tracker.forget_best(z)
    tracker.update(BAD, TARGET, z, shown=latents(9.0))
    assert torch.equal(z, latents(10.0))


def test_the_first_score_after_a_reset_is_taken_whole_and_later_ones_are_smoothed() -> None:
    tracker, z = BestTracker(latents(0.0), max_drop=9.0), latents(0.0)
    tracker.reset(z, 0.2)
    scores = [tracker.score.item()]
    for embedding in (GOOD, BAD):
        tracker.update(embedding, TARGET, z, z)
        scores.append(tracker.score.item())
    torch.testing.assert_close(torch.tensor(scores), torch.tensor([0.2, 1.0, 0.5]))
