"""A course of training: a schedule, an average of the weights, and a checkpoint to go on from."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from installation.training import checkpoint

WARM_UP = 100  # steps
LAST = 0.005  # of the peak rate
CLIP = 1.0  # length of a gradient
SAVE_EVERY = 250  # steps
AVERAGE = 0.998  # of the weights that are kept

Tell = Callable[[str], None]
Step = Callable[[int], tuple[Tensor, Mapping[str, float]]]  # a step -> its loss, and figures to be told


class TrainingLoop:
    """Trains `live` (parameters and buffers by name) in `folder`; `rates` name the peak rate of parts of them.

    `rates` are (beginning of the key, peak rate, weight decay); the first that fits counts.
    """

    def __init__(self, name: str, live: Mapping[str, Tensor], rates: Sequence[tuple[str, float, float]],
                 folder: Path) -> None:  # fmt: skip
        self._name, self._live, self._folder = name, dict(live), folder
        self._average = {key: value.detach().clone() for key, value in live.items()}
        groups: list[dict[str, Any]] = [{"params": [], "peak": peak, "weight_decay": decay} for _, peak, decay in rates]
        for key, value in live.items():
            if value.requires_grad:
                first = next(i for i, (begin, _, _) in enumerate(rates) if key.startswith(begin))
                groups[first]["params"].append(value)
        self._trained = [value for group in groups for value in group["params"]]
        self._optimiser = torch.optim.AdamW(
            [group for group in groups if group["params"]], betas=(0.9, 0.98), fused=True
        )

    def run(self, steps: int, step: Step, tell: Tell) -> None:
        """From the last checkpoint to the end; what is trained holds the averaged weights afterwards.

        `step` must depend on nothing but the weights and its number, so that a course that was broken off ends as one
        made at a stroke.
        """
        seen: list[Mapping[str, float]] = []
        for index in range(self._resume(), steps):
            schedule(self._optimiser, index, steps)
            loss, figures = step(index)
            self._descend(loss)
            self._remember(index)
            seen.append(figures)
            if (index + 1) % SAVE_EVERY == 0 or index + 1 == steps:
                self._save(index + 1)
                told = ", ".join(f"{key} {np.mean([one[key] for one in seen]):.3f}" for key in figures)
                tell(f"{self._name}: step {index + 1} of {steps}, {told}")
                seen.clear()
        with torch.no_grad():
            for key, value in self._live.items():
                value.copy_(self._average[key])

    def _descend(self, loss: Tensor) -> None:
        self._optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self._trained, CLIP)
        self._optimiser.step()

    def _remember(self, index: int) -> None:
        new = 1.0 - min(AVERAGE, (index + 1) / (index + 10))
        with torch.no_grad():
            for key, value in self._live.items():
                kept = self._average[key]
                kept.lerp_(value, new) if value.is_floating_point() else kept.copy_(value)

    def _resume(self) -> int:
        held = checkpoint.load(self._folder)
        if held is None:
            return 0
        weights, state, step = held
        with torch.no_grad():
            for key, value in self._live.items():
                value.copy_(weights[f"live.{key}"])
                self._average[key].copy_(weights[f"average.{key}"])
        self._optimiser.load_state_dict(state)
        return step

    def _save(self, step: int) -> None:
        weights = {f"live.{key}": value for key, value in self._live.items()}
        weights |= {f"average.{key}": value for key, value in self._average.items()}
        checkpoint.save(self._folder, weights, self._optimiser.state_dict(), step)


def schedule(optimiser: torch.optim.Optimizer, step: int, steps: int) -> None:
    """A warm-up, then down by a cosine; each group of parameters has its own `peak`."""
    rising = min(1.0, (step + 1) / max(1, min(WARM_UP, steps // 10)))
    falling = (1.0 - LAST) * 0.5 * (1.0 + math.cos(math.pi * step / steps)) + LAST
    for group in optimiser.param_groups:
        group["lr"] = group["peak"] * rising * falling
