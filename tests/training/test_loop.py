"""The training loop of the towers and its checkpoints."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from installation.training import loop
from installation.training.loop import (
    Checkpoint,
    ParameterGroup,
    TrainingLoop,
    load_checkpoint,
    save_checkpoint,
    set_learning_rates,
)


def train_small_network(folder: Path, steps: int, interrupt_at: int | None = None) -> dict[str, Tensor]:
    torch.manual_seed(3)
    network = nn.Linear(4, 2)

    def step(index: int) -> tuple[Tensor, Mapping[str, float]]:
        if index == interrupt_at:
            raise InterruptedError
        inputs = torch.from_numpy(np.random.default_rng(index).standard_normal((8, 4)).astype(np.float32))
        loss = (network(inputs) - inputs[:, :2]).square().mean()
        return loss, {"loss": float(loss.detach())}

    tensors = dict(network.named_parameters())
    TrainingLoop("small", tensors, (ParameterGroup("", 0.05, 0.0),), folder).run(steps, step, lambda _: None)
    return {key: value.detach().clone() for key, value in tensors.items()}


def test_a_resumed_run_gives_the_same_weights_as_an_uninterrupted_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "SAVE_EVERY", 10)
    uninterrupted = train_small_network(tmp_path / "whole", 30)
    with pytest.raises(InterruptedError):
        train_small_network(tmp_path / "interrupted", 30, interrupt_at=17)
    resumed = train_small_network(tmp_path / "interrupted", 30)
    assert [key for key in uninterrupted if not torch.equal(uninterrupted[key], resumed[key])] == []


def test_each_parameter_has_the_peak_rate_of_the_first_group_whose_prefix_fits(tmp_path: Path) -> None:
    names = ("token.weight", "token.bias", "other")
    tensors = {name: torch.ones(1, requires_grad=True) for name in names}
    groups = (ParameterGroup("token", 0.25, 0.0), ParameterGroup("", 0.5, 0.0))

    def step(_: int) -> tuple[Tensor, Mapping[str, float]]:
        return torch.cat(list(tensors.values())).sum(), {}

    training = TrainingLoop("rates", tensors, groups, tmp_path)
    training.run(1, step, lambda _: None)
    saved = load_checkpoint(tmp_path)
    assert saved is not None
    moved = {name: 1.0 - float(saved.weights[f"live.{name}"]) for name in names}
    assert moved == pytest.approx({"token.weight": 0.25, "token.bias": 0.25, "other": 0.5}, rel=1e-5)


def test_the_learning_rate_rises_to_its_peak_and_falls_to_its_final_share() -> None:
    optimizer = torch.optim.SGD([{"params": [torch.ones(1, requires_grad=True)], "peak": 2.0}], lr=1.0)

    def rate(step: int) -> float:
        set_learning_rates(optimizer, step, 10_000)
        return float(optimizer.param_groups[0]["lr"])

    rates = [rate(step) for step in (0, loop.WARM_UP_STEPS - 1, 5_000, 10_000)]
    assert rates == pytest.approx([2.0 / loop.WARM_UP_STEPS, 2.0, 1.005, 2.0 * loop.FINAL_RATE], rel=1e-3)


def test_a_checkpoint_is_split_into_files_of_sixteen_mebibytes(tmp_path: Path) -> None:
    weights = {"table": torch.arange(6_000_000.0).view(-1, 100), "bias": torch.ones(3), "count": torch.tensor(7)}
    save_checkpoint(tmp_path, Checkpoint(weights, {"state": {}}, 12))
    sizes = [path.stat().st_size for path in tmp_path.glob("weights-*.pt")]
    assert len(sizes) > 1
    assert max(sizes) <= 16 * 2**20
    loaded = load_checkpoint(tmp_path)
    assert loaded is not None
    assert loaded.step == 12
    assert loaded.weights.keys() == weights.keys()
    assert [key for key in weights if not torch.equal(loaded.weights[key], weights[key])] == []


def test_an_incomplete_checkpoint_is_ignored(tmp_path: Path) -> None:
    save_checkpoint(tmp_path, Checkpoint({"bias": torch.ones(3)}, {}, 5))
    assert load_checkpoint(tmp_path) is not None
    (tmp_path / loop.STEP_FILE).unlink()
    assert load_checkpoint(tmp_path) is None
