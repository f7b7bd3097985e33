"""The models without weights."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
from numpy.testing import assert_allclose

from installation.models.fake import FakeGenerator, FakePerceptor

ALONE = """
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


def test_a_rehearsal_needs_no_torch_and_words_mean_the_same_in_every_process() -> None:
    printed = {
        subprocess.run([sys.executable, "-c", ALONE], check=True, capture_output=True, text=True).stdout
        for _ in range(2)
    }
    generator, perceptor = FakeGenerator(), FakePerceptor()
    here = perceptor.embed_image(generator.render(generator.sample(2, 1))) @ perceptor.embed_text(["a red fox"]).T
    (there,) = printed
    assert_allclose([float(value) for value in there.split()], here[:, 0], atol=1e-5)


def test_phase_moves_the_lights_gently() -> None:
    generator = FakeGenerator()
    point = generator.sample(1, seed=3)
    first, next_frame, later = (generator.paint(point, 64, phase).astype(int) for phase in (0.0, 1 / 30, 8.0))
    assert np.abs(next_frame - first).max() <= 3
    assert np.abs(later - first).mean() > 1.0


def test_colours_follow_the_classes() -> None:
    generator = FakeGenerator()
    point = generator.sample(1, seed=4)
    labels = [label for group in generator.groups for label in group.labels]
    reds = []
    for glass in ("red glass", "blue glass"):
        point.classes[:] = -14.0
        point.classes[0, [labels.index("morning"), labels.index(glass)]] = 0.0
        red, _, blue = generator.paint(point, 32).reshape(-1, 3).mean(axis=0)
        reds.append(red / blue)
    assert reds[0] > 2.0 > 0.5 > reds[1]


def test_texts_that_share_words_are_near() -> None:
    fox, same, ship = FakePerceptor().embed_text(["a red fox", "fox red a", "the white ship"])
    assert fox @ same > 0.999 > 0.6 > fox @ ship
