"""The models without weights."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
from numpy.testing import assert_allclose

from installation.models.fake import FakeGenerator, FakePerceptor
from installation.models.interfaces import ABSENT

IN_A_FRESH_PROCESS = """
import sys
from installation.models import choose, default_place, load_generator, load_perceptor
place = default_place()
assert choose("fake", "auto", place) == ("fake", "fake")
generator, perceptor = load_generator("fake", place), load_perceptor("fake", place)
point = generator.sample(2, 1)
assert generator.paint(point[:1], (90, 160), 3.0).shape == (90, 160, 3)
rows = perceptor.embed_image(generator.render(point))
print(*(f"{value:.6f}" for value in (rows @ perceptor.embed_text(["a red fox"]).T)[:, 0]))
assert "torch" not in sys.modules, "torch was imported"
"""


def test_they_need_no_torch_and_scores_are_the_same_in_every_process() -> None:
    command = [sys.executable, "-c", IN_A_FRESH_PROCESS]
    outputs = {subprocess.run(command, check=True, capture_output=True, text=True).stdout for _ in range(2)}
    generator, perceptor = FakeGenerator(), FakePerceptor()
    here = perceptor.embed_image(generator.render(generator.sample(2, 1))) @ perceptor.embed_text(["a red fox"]).T
    (output,) = outputs
    assert_allclose([float(value) for value in output.split()], here[:, 0], atol=1e-5)


def test_phase_moves_the_lights_slowly() -> None:
    generator = FakeGenerator()
    point = generator.sample(1, seed=3)
    first, next_frame, later = (generator.paint(point, 64, phase).astype(int) for phase in (0.0, 1 / 30, 8.0))
    assert np.abs(next_frame - first).max() <= 3
    assert np.abs(later - first).mean() > 1.0


def test_classes_set_the_colours() -> None:
    generator = FakeGenerator()
    point = generator.sample(1, seed=4)
    labels = [label for group in generator.groups for label in group.labels]
    ratios = []
    for glass in ("red glass", "blue glass"):
        point.classes[:] = ABSENT
        point.classes[0, [labels.index("morning"), labels.index(glass)]] = 0.0
        red, _, blue = generator.paint(point, 32).reshape(-1, 3).mean(axis=0)
        ratios.append(red / blue)
    assert ratios[0] > 2.0 > 0.5 > ratios[1]


def test_texts_with_the_same_words_have_the_same_embedding() -> None:
    fox, reordered, ship = FakePerceptor().embed_text(["a red fox", "fox red a", "the white ship"])
    assert fox @ reordered > 0.999 > 0.6 > fox @ ship
