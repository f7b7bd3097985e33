"""The command `bench`: counting, the baseline, and the report."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from installation.bench.model_pair import ModelPair
from installation.bench.roofline import DeviceLimit, OperationCount, count_operations
from installation.bench.timing import time_alternately
from installation.cli.main import main
from installation.models import default_place
from installation.models.biggan.generator import BigGAN
from installation.models.biggan.random_weights import random_library
from installation.models.interfaces import Group

torch.set_num_threads(1)

SHALLOW = {
    "output_dim": 32,
    "channel_width": 8,
    "num_classes": 7,
    "layers": [(True, 16, 8), (True, 8, 4), (True, 4, 2), (False, 2, 1)],
    "attention_layer_position": 2,
}


def test_operations_and_bytes_of_a_matrix_product_are_counted_exactly() -> None:
    left, right = torch.ones(30, 40), torch.ones(40, 50)
    assert count_operations(lambda: (left @ right).relu()) == OperationCount(
        2.0 * 30 * 40 * 50, 4.0 * (30 * 40 + 40 * 50 + 30 * 50)
    )


def test_the_roofline_is_the_slower_of_computing_and_moving() -> None:
    limit = DeviceLimit(operations=100.0, bytes=10.0, precision="float32")
    assert limit.share(OperationCount(50.0, 1.0), 1.0) == 0.5
    assert limit.share(OperationCount(50.0, 8.0), 1.0) == 0.8


def test_works_are_timed_in_turns() -> None:
    calls: list[str] = []
    timings = time_alternately({"a": lambda: calls.append("a"), "b": lambda: calls.append("b")}, "cpu", 0.0)
    assert "".join(calls) == "aaabbb" + "ab" * 5
    assert {name: len(timing.seconds) for name, timing in timings.items()} == {"a": 5, "b": 5}


def test_the_baseline_does_the_same_work_without_folding_and_its_steps_change_the_picture() -> None:
    pair = ModelPair("biggan-embedded", "clip-embedded", default_place())
    baseline = pair.baseline(4)
    assert baseline is not None
    before = baseline.frame().astype(float)
    for _ in range(3):
        baseline.step()
    assert np.abs(baseline.frame() - before).mean() > 1.0
    ours = count_operations(pair.render)
    theirs = count_operations(baseline.frame)
    assert 0.5 < ours.operations / theirs.operations < 1.0  # folding saves some of the work and adds none


def test_random_weights_give_pictures_that_are_neither_flat_nor_saturated() -> None:
    library = random_library(3, SHALLOW)
    generator = BigGAN("small", library, (Group("class", tuple("abcdefg")),))
    for truncation in (0.2, 1.0):
        generator.set_truncation(truncation)
        pictures = np.stack([generator.paint(generator.sample(1, seed)) for seed in range(6)])
        assert pictures.std(axis=(1, 2, 3)).min() > 8.0
        assert ((pictures == 0) | (pictures == 255)).mean() < 0.2


def test_the_command_reports_every_figure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "figures.json"
    options = {"generator": "biggan-embedded", "device": "cpu", "seconds": "0.01", "lines": "0", "cutouts": "2"}
    assert (
        main(["bench", *(part for name in options for part in (f"--{name}", options[name])), "--json", str(path)]) == 0
    )
    figures = json.loads(path.read_text(encoding="utf-8"))
    (row,) = figures["models"]
    assert (row["generator"], row["perceptor"], row["random_weights"]) == ("biggan-embedded", "clip-embedded", False)
    for work in (row["walk"], *row["dream"]):
        assert work["ratio"] == pytest.approx(work["baseline"]["median_ms"] / work["ours"]["median_ms"], rel=0.02)
        assert work["share_of_limit"] > 0.0
    assert "steps, 2 cutouts" in capsys.readouterr().out


def test_an_unknown_generator_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "--generator", "bigan", "--seconds", "0.01"]) == 2
    assert "There is no generator 'bigan'" in capsys.readouterr().err
