from __future__ import annotations

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose

from installation.core.messages import Prompt
from installation.dream.noise_prompts import embed_noise
from installation.dream.session import DreamSession
from installation.models.clip.ensemble import Ensemble
from installation.models.fake import FakePerceptor


def test_a_seed_gives_the_direction_that_vqgan_clip_draws() -> None:
    perceptor = FakePerceptor()
    theirs = torch.empty([1, perceptor.embedding_size]).normal_(generator=torch.Generator().manual_seed(7))[0]
    assert_allclose(embed_noise(7, perceptor), (theirs / theirs.norm()).numpy(), atol=1e-6)


def test_each_perceptor_of_an_ensemble_has_noise_of_its_own_length() -> None:
    both = Ensemble({"a": (FakePerceptor(), 3.0), "b": (FakePerceptor(), 1.0)})
    row = embed_noise(7, both)
    assert row.shape == (both.embedding_size,)
    assert row @ row == pytest.approx(1.0)
    assert_allclose(both.leading(row[None])[0], embed_noise(7, FakePerceptor()), atol=1e-6)


@pytest.mark.slow
def test_noise_leads_a_dream_aside_and_needs_no_words(theatre_session: DreamSession) -> None:
    def z(text: str) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
        dream = theatre_session.dream((Prompt(1, text),), 1, {})
        dream.settle()
        while dream.steps < 2:
            dream.step()
        assert dream.pop_notice() == "", "noise is no word that could be unknown"
        return dream.point().z

    assert_allclose(z("a fox | noise#7:.5"), z("a fox | NOISE#7:.5"), atol=1e-5)
    assert np.abs(z("a fox | noise#7:.5") - z("a fox | noise#8:.5")).max() > 1e-3
    assert np.abs(z("noise#7") - z("noise#8")).max() > 1e-3


@pytest.mark.slow
def test_a_dream_shows_what_is_named_beside_noise(theatre_session: DreamSession) -> None:
    for seed in range(4):
        dream = theatre_session.dream((Prompt(1, f"a fox in the snow | noise#{seed}:.5"),), 1, {})
        dream.settle()
        assert {"fox", "snow"} <= set(dream.labels())
