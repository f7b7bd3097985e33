"""What a training can be broken off at: weights in files of 16 MiB at most, and the optimiser beside them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

LARGEST = 16 * 2**20  # bytes of one file of weights
SLACK = 4096  # bytes of a file that are no weights
STEP = "step.pt"


def save(folder: Path, weights: Mapping[str, Tensor], optimiser: Mapping[str, Any], step: int) -> None:
    """Write a checkpoint. It counts only once `step.pt` is there, which is put in place last, at a stroke."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / STEP).unlink(missing_ok=True)
    shards = _shards(weights)
    for index, shard in enumerate(shards):
        torch.save(shard, folder / f"weights-{index:02d}.pt")
    torch.save(dict(optimiser), folder / "optimiser.pt")
    torch.save({"step": step, "shards": len(shards)}, folder / "step.new")
    (folder / "step.new").rename(folder / STEP)


def load(folder: Path) -> tuple[dict[str, Tensor], dict[str, Any], int] | None:
    """Weights, the optimiser's state and the step of a checkpoint; None if there is none."""
    if not (folder / STEP).is_file():
        return None
    about = torch.load(folder / STEP)
    pieces: dict[str, list[Tensor]] = {}
    for index in range(about["shards"]):
        for key, piece in torch.load(folder / f"weights-{index:02d}.pt").items():
            pieces.setdefault(key.rpartition("@")[0], []).append(piece)
    weights = {key: parts[0] if len(parts) == 1 else torch.cat(parts) for key, parts in pieces.items()}
    return weights, torch.load(folder / "optimiser.pt"), about["step"]


def _shards(weights: Mapping[str, Tensor]) -> list[dict[str, Tensor]]:
    """Weights in portions; what is larger than a file is cut by rows. A piece of `x` is called `x@n`."""
    shards: list[dict[str, Tensor]] = [{}]
    room = LARGEST
    for key, weight in weights.items():
        rows = max(1, (LARGEST - SLACK) // 2 // max(1, weight[:1].nbytes)) if weight.ndim else 1
        for index, piece in enumerate(torch.split(weight, rows) if weight.ndim else (weight,)):
            size = piece.nbytes + SLACK
            if size > room:
                shards.append({})
                room = LARGEST
            shards[-1][f"{key}@{index}"] = piece.detach().cpu().clone()
            room -= size
    return shards
