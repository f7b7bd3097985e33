"""The command `bench`: what it measures, and its report."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch

from installation.bench import roofline
from installation.bench.runner import BenchOptions, chosen_pairs
from installation.cli.main import main
from installation.models import default_place

torch.set_num_threads(1)

ON_CPU = [
    ("theatre", "clip-embedded"),
    ("paper-stage", "clip-embedded"),
    ("biggan-embedded", "clip-embedded"),
    ("biggan-deep-128", "clip-embedded"),
]
ON_GPU = [("biggan-deep-512", "ViT-B-32")]


@pytest.mark.parametrize(("device", "pairs"), [("cpu", ON_CPU), ("cuda", ON_GPU)])
def test_without_options_the_specs_say_what_is_measured(device: str, pairs: list[tuple[str, str]]) -> None:
    chosen = chosen_pairs(BenchOptions(default_place(device)))
    assert [(generator.name, perceptor.name) for generator, perceptor in chosen] == pairs


@pytest.mark.slow
def test_the_command_reports_every_figure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roofline, "PROBE_SECONDS", 0.0)
    monkeypatch.setitem(roofline.MATRIX_SIDES, "cpu", 64)
    monkeypatch.setitem(roofline.COPY_BYTES, "cpu", 1 << 20)
    path = tmp_path / "figures.json"
    options = {"generator": "biggan-embedded", "device": "cpu", "seconds": "0.01", "lines": "0", "cutouts": "2"}
    arguments = [part for name in options for part in (f"--{name}", options[name])]
    assert main(["bench", *arguments, "--json", str(path)]) == 0
    (row,) = json.loads(path.read_text(encoding="utf-8"))["models"]
    assert (row["generator"], row["perceptor"], row["random_weights"]) == ("biggan-embedded", "clip-embedded", False)
    for work in (row["walk"], *row["dream"]):
        assert work["ratio"] == pytest.approx(work["baseline"]["median_ms"] / work["ours"]["median_ms"], rel=0.02)
        assert work["share_of_limit"] > 0.0
        assert work.get("peer_ratio", 1.0) > 0.0
    assert row["dream"][0]["peer"]["median_ms"] > 0.0
    assert "steps, 2 cutouts" in capsys.readouterr().out


def test_an_unknown_generator_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "--generator", "bigan", "--seconds", "0.01"]) == 2
    assert "There is no generator 'bigan'" in capsys.readouterr().err
