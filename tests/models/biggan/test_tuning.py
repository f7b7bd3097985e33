from __future__ import annotations

import math

import pytest
import torch

from installation.models.biggan.folded import Variant
from installation.models.biggan.generator import BigGAN
from installation.models.biggan.tuning import fastest, tune
from installation.models.cuda_graphs import Stream
from installation.models.interfaces import Group
from tests.models.conftest import calibrated_library


def test_only_changes_that_save_time_are_kept() -> None:
    saved = {"fused_affine": 0.4, "padded_colours": 0.0, "product_attention": 0.1}

    def seconds(variant: Variant) -> float:
        return 1.0 - sum(saved[name] for name, used in variant._asdict().items() if used)

    assert fastest(seconds) == Variant(fused_affine=True, product_attention=True)


def test_what_cannot_be_computed_here_is_left_out() -> None:
    assert fastest(lambda variant: math.inf if variant.fused_affine else 1.0) == Variant()


def test_a_way_that_fails_is_named_and_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.backends.cudnn, "benchmark", False)  # and set back afterwards
    generator = BigGAN("small", calibrated_library(1), (Group("class", tuple("abcdefghij")),))
    problems = tune(generator._network, generator.sample(1, 0), Stream(torch.device("cpu")))
    assert [problem.split("(")[0] for problem in problems] == ["Variant"]  # Triton needs a card
    assert not generator.variant.fused_affine
    generator.paint(generator.sample(1, 1))
