"""Compares the ancestors' ways of optimising a prompt with Laterna's, judged by a network that none of them optimises.

    python -m tests.bench.optimisers [--generator theatre] [--prompts 50] [--seconds 20] [--ways ours,big-sleep]

Every way gets the same held-out prompts, the same models and the same processor time of one core. At each checkpoint
the picture of the moment is judged by the classifier of the evaluation: the share of the named things that it finds.
The column `pictures` counts generator evaluations. The last one says after how many seconds a way has reached 90 % of
the best share of all ways, for good.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from installation.core.messages import Prompt
from installation.core.params import default_values
from installation.core.paths import ASSETS
from installation.models.interfaces import Latents
from installation.show.settings import DreamSettings, ModelSettings
from installation.studio.workspace import Studio, StudioOptions
from installation.training.data.held_out import HeldOutPrompt, held_out_prompts
from installation.training.evaluation.classifier import Classifier, load_classifier
from installation.training.evaluation.scoring import is_found

RANDOM: dict[str, Any] = {"classes": "optimised", "start": "random"}
WAYS: dict[str, dict[str, Any]] = {
    "big-sleep": {**RANDOM, "start_classes": "random", "learning_rate": 0.07, "loss": "cosine", "cutouts": 16},
    "workshop": {
        **RANDOM,
        "start_classes": "dirichlet",
        "optimizer": "cma-es",
        "covariance": "full",
        "population": 50,
        "loss": "cosine",
    },
    "separable": {**RANDOM, "start_classes": "dirichlet", "optimizer": "cma-es"},
    "hybrid": {**RANDOM, "start_classes": "dirichlet", "optimizer": "cma-es-then-adam", "generations": 20},
    "fusedream": {"start": "fusedream", "start_samples": 300},
    "ours": {},
}
CHECKPOINTS = 16
FIRST_SECONDS = 0.25
GOOD_SHARE = 0.9  # of the best share of all ways
SEED = 1


@dataclass(frozen=True)
class Run:
    """One way and all prompts.

    Attributes:
        found: [prompts, checkpoints], the share of the named things that the judge finds.
        evaluations: [prompts, checkpoints], pictures rendered so far.
    """

    found: NDArray[np.float64]
    evaluations: NDArray[np.float64]


class CountingGenerator:
    """Passes everything on to a generator and counts the pictures that it renders."""

    def __init__(self, generator: Any) -> None:
        self._generator = generator
        self.count = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._generator, name)

    def render(self, latents: Latents[torch.Tensor], *arguments: Any, **keywords: Any) -> Any:
        self.count += len(latents)
        return self._generator.render(latents, *arguments, **keywords)


def checkpoints(seconds: float) -> list[float]:
    """Times at which pictures are judged, evenly spaced in their logarithms."""
    return [float(each) for each in np.geomspace(FIRST_SECONDS, seconds, CHECKPOINTS)]


def share_found(studio: Studio, judge: Classifier, prompt: HeldOutPrompt, point: Latents[Any]) -> float:
    """The share of what a prompt names that the judge finds in the picture of `point`."""
    with torch.inference_mode():
        latents = Latents(torch.from_numpy(point.z), torch.from_numpy(point.classes))
        (labels,) = judge.labels(studio.generator.render(latents, 128 if studio.generator.resolution_free else None))
    return float(np.mean([is_found(name, wanted, labels) for name, wanted in prompt.expected.items()]))


def run_way(studio: Studio, judge: Classifier, prompts: Sequence[HeldOutPrompt], times: Sequence[float]) -> Run:
    """Dream of every prompt for the last of `times`, and judge it at each."""
    counting: Any = studio.generator
    found, evaluations = np.zeros((len(prompts), len(times))), np.zeros((len(prompts), len(times)))
    for row, prompt in enumerate(prompts):
        spent, first_count = 0.0, counting.count
        began = time.process_time()
        dream = studio.session.dream((Prompt(1, prompt.text),), SEED, default_values("renderer"))
        for column, due in enumerate(times):
            while spent + time.process_time() - began < due:
                dream.step()
            spent += time.process_time() - began
            evaluations[row, column] = counting.count - first_count
            before = counting.count
            found[row, column] = share_found(studio, judge, prompt, dream.point())
            first_count += counting.count - before  # the judge's own pictures do not count
            began = time.process_time()
    return Run(found, evaluations)


def open_studio(generator: str, settings: dict[str, Any]) -> Studio:
    studio = Studio(StudioOptions(ModelSettings(generator=generator), DreamSettings.model_validate(settings)))
    counting: Any = CountingGenerator(studio.generator)
    studio.generator = counting
    studio.session.warm_up()
    return studio


def seconds_to(share: float, run: Run, times: Sequence[float]) -> float:
    """The first time from which the mean share stays at `share` or above; infinite if it never does."""
    means = run.found.mean(axis=0)
    reached = [index for index in range(len(times)) if (means[index:] >= share).all()]
    return times[reached[0]] if reached else float("inf")


def print_table(runs: dict[str, Run], times: Sequence[float]) -> None:
    best = max(float(run.found.mean(axis=0).max()) for run in runs.values())
    shown = [index for index in range(CHECKPOINTS) if index % 3 == 0]
    print("way        " + "".join(f"{times[index]:7.2f} s" for index in shown) + "   pictures  90 % of the best after")
    own = seconds_to(GOOD_SHARE * best, runs["ours"], times) if "ours" in runs else float("nan")
    for name, run in runs.items():
        means = run.found.mean(axis=0)
        reached = seconds_to(GOOD_SHARE * best, run, times)
        late = f"{reached:.2f} s" if np.isfinite(reached) else f"not in {times[-1]:.0f} s"
        factor = f"  ({reached / own:.1f} times ours)" if np.isfinite(reached) and reached != own else ""
        if not np.isfinite(reached) and np.isfinite(own):
            factor = f"  (over {times[-1] / own:.0f} times ours)"
        row = "".join(f"{100 * means[index]:7.0f} %" for index in shown)
        print(f"{name:10} {row} {run.evaluations[:, -1].mean():10.0f}  {late}{factor}", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--generator", default="theatre")
    parser.add_argument("--prompts", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--ways", default=",".join(WAYS))
    options = parser.parse_args()
    judge, times = load_classifier(Path(ASSETS / "judge")), checkpoints(options.seconds)
    prompts = held_out_prompts(options.prompts)
    runs = {}
    for name in options.ways.split(","):
        runs[name] = run_way(open_studio(options.generator, WAYS[name]), judge, prompts, times)
        print(f"{name}: {100 * runs[name].found.mean(axis=0)[-1]:.0f} %", flush=True)
    print_table(runs, times)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
