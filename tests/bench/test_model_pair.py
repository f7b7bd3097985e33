"""A generator with a perceptor, and the baseline over the same networks."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from installation.bench.model_pair import ModelPair, write_random_bank
from installation.bench.roofline import count_operations
from installation.dream.latent_bank import load_bank
from installation.models import default_place, load_generator, load_perceptor

torch.set_num_threads(1)


@pytest.mark.slow
def test_the_baseline_does_the_same_work_without_folding_and_its_steps_change_the_picture() -> None:
    pair = ModelPair("biggan-embedded", "clip-embedded", default_place())
    baseline = pair.baseline(4)
    assert baseline is not None
    before = baseline.frame().astype(float)
    for _ in range(3):
        baseline.step()
    assert np.abs(baseline.frame() - before).mean() > 1.0
    ours = count_operations(pair.render)
    reference = count_operations(baseline.frame)
    assert 0.5 < ours.operations / reference.operations < 1.0  # folding saves some of the work and adds none


def test_a_generator_without_reference_implementation_has_no_baseline() -> None:
    assert ModelPair("fake", "fake", default_place()).baseline(1) is None


def test_a_random_bank_is_loaded_for_its_models(tmp_path: Path) -> None:
    place = default_place(cache=tmp_path)
    generator, perceptor = load_generator("fake", place), load_perceptor("fake", place)
    write_random_bank(generator, perceptor, place)
    bank = load_bank("fake", "fake", place)
    assert bank.model_names == ("fake", "fake")
    assert bank.point(0, generator.groups).z.shape == (1, generator.z_dim)
