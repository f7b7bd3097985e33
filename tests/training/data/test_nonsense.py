"""Texts without meaning."""

from __future__ import annotations

import numpy as np

from installation.training.data.nonsense import nonsense_text
from installation.training.data.text_batches import draw_scene_labels


def test_nonsense_contains_no_label_of_a_class() -> None:
    random = np.random.default_rng(0)
    labels = {label for scene in draw_scene_labels(random, 50) for label in scene.values()}
    words = {word for _ in range(300) for word in nonsense_text(random).split()}
    assert len(words) > 300
    assert labels & words == set()
