"""Building latent banks."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from installation.models.fake import FakeGenerator, FakePerceptor
from installation.training.bank_builder import build_bank


def test_a_bank_is_reproducible_and_reports_its_progress() -> None:
    shares: list[float] = []
    first = build_bank(FakeGenerator(), FakePerceptor(), 24, 1, shares.append)
    again, other = (build_bank(FakeGenerator(), FakePerceptor(), 24, seed) for seed in (1, 2))
    assert 0 < len(first) <= 24
    np.testing.assert_array_equal(first.z, again.z)
    np.testing.assert_array_equal(first.embeddings, again.embeddings)
    assert not np.array_equal(first.z, other.z)
    assert all(before < after for before, after in pairwise(shares))
    assert shares[-1] == pytest.approx(1.0)
