"""Several perceptors as one."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from installation.core.errors import ShowError
from installation.models.clip.ensemble import Ensemble
from installation.models.fake import FakePerceptor
from installation.models.interfaces import Perceptor
from tests.models.conftest import perceptor_named


def ensemble() -> Ensemble:
    return Ensemble({"fake": (FakePerceptor(), 1.0), "clip-embedded": (perceptor_named("clip-embedded"), 0.5)})


def test_a_cosine_is_the_weighted_mean_of_the_members_cosines() -> None:
    together, texts = ensemble(), ["a red sun", "a wolf"]
    pictures = torch.rand(2, 3, 64, 64, generator=torch.Generator().manual_seed(1))
    cosines = [
        member.embed_image(pictures).numpy() @ member.embed_text(texts).T
        for member in (FakePerceptor(), perceptor_named("clip-embedded"))
    ]
    ours = together.embed_image(pictures).numpy() @ together.embed_text(texts).T
    np.testing.assert_allclose(ours, (2 * cosines[0] + cosines[1]) / 3, atol=1e-5)


def test_it_is_a_perceptor_with_unit_rows_and_the_shortest_context() -> None:
    together = ensemble()
    assert isinstance(together, Perceptor)
    rows = together.embed_text(["a red sun", ""])
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1.0, atol=1e-5)
    np.testing.assert_allclose(together.leading(rows), FakePerceptor().embed_text(["a red sun", ""]), atol=1e-6)
    assert len(together.fit("word " * 100).split()) == FakePerceptor.context_length - 2


def test_it_needs_members_with_weights_above_0() -> None:
    for members in ({}, {"fake": (FakePerceptor(), 0.0)}):
        with pytest.raises(ShowError, match="weight above 0"):
            Ensemble(members)
