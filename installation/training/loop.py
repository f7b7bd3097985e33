"""The training loop of the towers: AdamW with a schedule, an average of the weights, and resumable checkpoints."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor

WARM_UP_STEPS = 100
FINAL_RATE = 0.005  # of the peak learning rate
MAX_GRADIENT_NORM = 1.0
SAVE_EVERY = 250  # steps
AVERAGE_DECAY = 0.998  # of the exponential moving average of the weights

MAX_SHARD_BYTES = 16 * 2**20  # of one file of weights
SHARD_OVERHEAD = 4096  # bytes of the file format, for each tensor
STEP_FILE, OPTIMIZER_FILE = "step.pt", "optimiser.pt"

Log = Callable[[str], None]
StepFunction = Callable[[int], tuple[Tensor, Mapping[str, float]]]  # step number -> loss, metrics to log


class ParameterGroup(NamedTuple):
    """Optimiser settings of the tensors whose names start with `prefix`."""

    prefix: str
    peak_rate: float
    weight_decay: float


class Checkpoint(NamedTuple):
    """The state of a training run after `step` steps."""

    weights: dict[str, Tensor]
    optimizer: dict[str, Any]
    step: int


class TrainingLoop:
    """Trains named tensors, with checkpoints in a folder."""

    def __init__(
        self, name: str, tensors: Mapping[str, Tensor], groups: Sequence[ParameterGroup], folder: Path
    ) -> None:
        """`tensors` are parameters and buffers; each parameter belongs to the first group whose prefix fits."""
        self._name, self._tensors, self._folder = name, dict(tensors), folder
        self._average = {key: value.detach().clone() for key, value in tensors.items()}
        settings: list[dict[str, Any]] = [
            {"params": [], "peak": group.peak_rate, "weight_decay": group.weight_decay} for group in groups
        ]
        for key, value in tensors.items():
            if value.requires_grad:
                first = next(i for i, group in enumerate(groups) if key.startswith(group.prefix))
                settings[first]["params"].append(value)
        self._parameters = [value for group in settings for value in group["params"]]
        self._optimizer = torch.optim.AdamW(
            [group for group in settings if group["params"]], betas=(0.9, 0.98), fused=True
        )

    def run(self, steps: int, step: StepFunction, log: Log) -> None:
        """Train from the last checkpoint to `steps`, then set the tensors to their averages.

        `step` must depend on the weights and the step number only, so that a resumed run gives the same weights as an
        uninterrupted one.
        """
        history: list[Mapping[str, float]] = []
        for index in range(self._resume(), steps):
            set_learning_rates(self._optimizer, index, steps)
            loss, metrics = step(index)
            self._descend(loss)
            self._update_average(index)
            history.append(metrics)
            if (index + 1) % SAVE_EVERY == 0 or index + 1 == steps:
                self._save(index + 1)
                means = ", ".join(f"{key} {np.mean([one[key] for one in history]):.3f}" for key in metrics)
                log(f"{self._name}: step {index + 1} of {steps}, {means}")
                history.clear()
        with torch.no_grad():
            for key, value in self._tensors.items():
                value.copy_(self._average[key])

    def _descend(self, loss: Tensor) -> None:
        self._optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self._parameters, MAX_GRADIENT_NORM)
        self._optimizer.step()

    def _update_average(self, index: int) -> None:
        weight = 1.0 - min(AVERAGE_DECAY, (index + 1) / (index + 10))
        with torch.no_grad():
            for key, value in self._tensors.items():
                average = self._average[key]
                average.lerp_(value, weight) if value.is_floating_point() else average.copy_(value)

    def _resume(self) -> int:
        checkpoint = load_checkpoint(self._folder)
        if checkpoint is None:
            return 0
        with torch.no_grad():
            for key, value in self._tensors.items():
                value.copy_(checkpoint.weights[f"live.{key}"])
                self._average[key].copy_(checkpoint.weights[f"average.{key}"])
        self._optimizer.load_state_dict(checkpoint.optimizer)
        return checkpoint.step

    def _save(self, step: int) -> None:
        weights = {f"live.{key}": value for key, value in self._tensors.items()}
        weights |= {f"average.{key}": value for key, value in self._average.items()}
        save_checkpoint(self._folder, Checkpoint(weights, self._optimizer.state_dict(), step))


def set_learning_rates(optimizer: torch.optim.Optimizer, step: int, steps: int) -> None:
    """Linear warm-up and cosine decay of the learning rate of each parameter group from its `peak`."""
    warm_up = min(1.0, (step + 1) / max(1, min(WARM_UP_STEPS, steps // 10)))
    decay = (1.0 - FINAL_RATE) * 0.5 * (1.0 + math.cos(math.pi * step / steps)) + FINAL_RATE
    for group in optimizer.param_groups:
        group["lr"] = group["peak"] * warm_up * decay


def save_checkpoint(folder: Path, checkpoint: Checkpoint) -> None:
    """Write a checkpoint in files of at most `MAX_SHARD_BYTES` of weights.

    `step.pt` is removed first and put in place last, in one operation: a folder without it holds no checkpoint.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / STEP_FILE).unlink(missing_ok=True)
    shards = _shards(checkpoint.weights)
    for index, shard in enumerate(shards):
        torch.save(shard, folder / f"weights-{index:02d}.pt")
    torch.save(checkpoint.optimizer, folder / OPTIMIZER_FILE)
    torch.save({"step": checkpoint.step, "shards": len(shards)}, folder / "step.new")
    (folder / "step.new").replace(folder / STEP_FILE)


def load_checkpoint(folder: Path) -> Checkpoint | None:
    """Read a checkpoint; None if there is no complete one."""
    if not (folder / STEP_FILE).is_file():
        return None
    header = torch.load(folder / STEP_FILE)
    pieces: dict[str, list[Tensor]] = {}
    for index in range(header["shards"]):
        for key, piece in torch.load(folder / f"weights-{index:02d}.pt").items():
            pieces.setdefault(key.rpartition("@")[0], []).append(piece)
    weights = {key: parts[0] if len(parts) == 1 else torch.cat(parts) for key, parts in pieces.items()}
    return Checkpoint(weights, torch.load(folder / OPTIMIZER_FILE), header["step"])


def _shards(weights: Mapping[str, Tensor]) -> list[dict[str, Tensor]]:
    """Distribute weights over files. A tensor that is too large is split by rows; piece n of `x` is stored as `x@n`."""
    shards: list[dict[str, Tensor]] = [{}]
    room = MAX_SHARD_BYTES
    for key, weight in weights.items():
        rows = max(1, (MAX_SHARD_BYTES - SHARD_OVERHEAD) // 2 // max(1, weight[:1].nbytes)) if weight.ndim else 1
        for index, piece in enumerate(torch.split(weight, rows) if weight.ndim else (weight,)):
            size = piece.nbytes + SHARD_OVERHEAD
            if size > room:
                shards.append({})
                room = MAX_SHARD_BYTES
            shards[-1][f"{key}@{index}"] = piece.detach().cpu().clone()
            room -= size
    return shards
