"""Compares the ancestors' ways of optimising a prompt with Laterna's, judged by a network that none of them optimises.

    python -m tests.bench.optimisers [--generator theatre] [--prompts 50] [--seconds 5] [--evaluations 24]
        [--ways ours,big-sleep] [--results FILE.jsonl [--minutes 2]] [--table]

Every way gets the same held-out prompts and the same models, and goes on until it has had both so many seconds of
processor time, whatever else the machine does, and so many generator evaluations. Meanwhile what it has found, without
the smoothing of what a show shows, is judged by the classifier of the evaluation: the share of the named things that it
finds. The first table shows that share at equal seconds, and after how many seconds a way has reached, for good, 90 %
of the best share that any way has in the end; the second at equal evaluations.

With `--results` each finished run is appended to a file, and runs that are in it are not repeated; `--minutes` ends
after the run of that moment, `--table` only prints what there is. The exit status is 1 while runs are missing.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from installation.core.messages import Prompt
from installation.core.params import default_values
from installation.core.paths import ASSETS
from installation.dream.composed_dream import AnyDream
from installation.dream.dream import Dream
from installation.models.capabilities import Arrangeable
from installation.models.interfaces import Latents, Point, logits_of
from installation.show.settings import ModelSettings
from installation.studio.workspace import Studio, StudioOptions
from installation.training.data.held_out import HeldOutPrompt, held_out_prompts
from installation.training.evaluation.classifier import Classifier, load_classifier
from installation.training.evaluation.scoring import is_found

RANDOM: dict[str, Any] = {"classes": "optimised", "start": "random", "loss": "cosine"}
CMA_ES: dict[str, Any] = {**RANDOM, "start_classes": "dirichlet", "optimizer": "cma-es"}
WAYS: dict[str, dict[str, Any]] = {
    "ours": {},  # latent bank, class search, Adam
    "big-sleep": {**RANDOM, "start_classes": "random", "learning_rate": 0.07, "cutouts": 16},
    "sgd": {**RANDOM, "start_classes": "dirichlet", "optimizer": "sgd", "learning_rate": 0.1},
    "workshop": {**CMA_ES, "covariance": "full", "population": 50},
    "separable": CMA_ES,
    "interleaved": {**CMA_ES, "optimizer": "cma-es-with-adam"},
    "terminal": {**CMA_ES, "optimizer": "cma-es-then-adam", "generations": 20},
    "fusedream": {**RANDOM, "start": "fusedream", "start_samples": 300, "start_classes": "random"},
}
OURS = "ours"
FIRST_SECONDS, MOMENTS = 0.1, 24  # the first time a picture is judged, and how often
GOOD_SHARE = 0.9  # of the best share in the end
COLUMNS = 6  # of a table
SEED = 1


@dataclass(frozen=True)
class Run:
    """One way and one prompt: what was judged, and when.

    Attributes:
        way: A key of `WAYS`.
        prompt: Its text.
        seconds: [moments], of one core.
        evaluations: [moments], pictures rendered.
        found: [moments], the share of the named things that the judge finds.
    """

    way: str
    prompt: str
    seconds: tuple[float, ...]
    evaluations: tuple[int, ...]
    found: tuple[float, ...]

    def at(self, scale: Sequence[float], limit: float) -> float:
        """The share at the last moment whose place on a scale is at most `limit`; 0 before the first."""
        index = int(np.searchsorted(np.asarray(scale), limit * (1 + 1e-9), side="right")) - 1
        return self.found[index] if index >= 0 else 0.0


class CountingGenerator:
    """Passes everything on to a generator and counts the pictures that it renders."""

    def __init__(self, generator: Any) -> None:
        self.generator = generator
        self.count = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self.generator, name)

    def render(self, latents: Latents[torch.Tensor], *arguments: Any, **keywords: Any) -> Any:
        self.count += len(latents)
        return self.generator.render(latents, *arguments, **keywords)


class Bench:
    """The models, loaded once, and a session for each way."""

    def __init__(self, generator: str, ways: Sequence[str]) -> None:
        base = Studio(StudioOptions(ModelSettings(generator=generator)))
        self._counting = CountingGenerator(base.generator)
        base.generator = self._counting
        base.session.warm_up()
        self._judge: Classifier = load_classifier(Path(ASSETS / "judge"))
        settings = {name: base.options.dream.model_validate(WAYS[name]) for name in ways}
        self._sessions = {name: base.session.with_settings(each) for name, each in settings.items()}

    def run(self, way: str, prompt: HeldOutPrompt, moments: Sequence[float], evaluations: int) -> Run:
        """Dream of a prompt until the last of `moments` and so many evaluations; judge at each moment and the end."""
        spent, first = 0.0, self._counting.count
        judged: list[tuple[float, int, float]] = []
        due = list(moments)
        began = time.process_time()
        dream = self._sessions[way].dream((Prompt(1, prompt.text),), SEED, default_values("renderer"))
        while due or self._counting.count - first < evaluations:
            dream.step()
            now = spent + time.process_time() - began
            ended = not due and self._counting.count - first >= evaluations
            if ended or (due and now >= due[0]):
                judged.append((now, self._counting.count - first, self._found(prompt, found_by(dream))))
                due = [each for each in due if each > now]
                spent, began = now, time.process_time()  # judging costs a way nothing
        seconds, counts, found = zip(*judged, strict=True)
        return Run(way, prompt.text, seconds, counts, found)

    def _found(self, prompt: HeldOutPrompt, point: Point) -> float:
        """The share of what a prompt names that the judge finds in the picture of a point."""
        generator = self._counting.generator
        with torch.inference_mode():
            latents = Latents(torch.from_numpy(point.z), torch.from_numpy(point.classes))
            (labels,) = self._judge.labels(generator.render(latents, 128 if generator.resolution_free else None))
        return float(np.mean([is_found(name, wanted, labels) for name, wanted in prompt.expected.items()]))


def found_by(dream: AnyDream) -> Point:
    """The latents that a dream has come to, whatever it shows meanwhile."""
    assert isinstance(dream, Dream)
    z = dream._optimizer.z.numpy(force=True)
    point, generator = Latents(z, logits_of(dream._chosen_weights())), dream._models.generator
    return generator.with_marks(point, dream._marks) if isinstance(generator, Arrangeable) else point


def curve(runs: Sequence[Run], scale: str, limits: Sequence[float]) -> list[float]:
    """The mean share over runs at limits on the scale `seconds` or `evaluations`."""
    return [float(np.mean([run.at(getattr(run, scale), limit) for run in runs])) for limit in limits]


def reached(share: float, means: Sequence[float], limits: Sequence[float]) -> float:
    """The first limit from which the mean share stays at `share` or above; infinite if it never does."""
    below = [index for index, mean in enumerate(means) if mean < share]
    first = below[-1] + 1 if below else 0
    return limits[first] if first < len(limits) else float("inf")


def print_table(runs: Mapping[str, Sequence[Run]], scale: str, limits: Sequence[float]) -> None:
    """Print the shares of all ways at some of the limits, and when each has reached 90 % of the best."""
    means = {name: curve(each, scale, limits) for name, each in runs.items()}
    best = max(each[-1] for each in means.values())
    times = {name: reached(GOOD_SHARE * best, each, limits) for name, each in means.items()}
    shown = np.unique(np.linspace(0, len(limits) - 1, COLUMNS).round().astype(int)).tolist()
    heads = "".join(f"{limits[index]:8.2f}" if scale == "seconds" else f"{limits[index]:8.0f}" for index in shown)
    print(f"{scale:12}{heads}   90 % of the best after")
    for name, each in means.items():
        row = "".join(f"{100 * each[index]:6.0f} %" for index in shown)
        own = times.get(OURS, float("nan"))
        late, sign = (times[name], "") if np.isfinite(times[name]) else (limits[-1], "over ")
        factor = f", {sign}{late / own:.0f} times ours" if name != OURS and np.isfinite(own) else ""
        print(f"{name:12}{row}   {sign}{late:.3g}{factor}")


def read_results(path: Path | None) -> list[Run]:
    """Read the runs of earlier pieces."""
    if path is None or not path.is_file():
        return []
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [_run_of(row) for row in rows]


def _run_of(row: dict[str, Any]) -> Run:
    return Run(row["way"], row["prompt"], tuple(row["seconds"]), tuple(row["evaluations"]), tuple(row["found"]))


def missing_runs(
    runs: Sequence[Run], prompts: Sequence[HeldOutPrompt], ways: Sequence[str]
) -> Iterator[tuple[str, HeldOutPrompt]]:
    """Yield what has not been run, prompt by prompt, so that each way has had the same prompts at any time."""
    done = {(run.way, run.prompt) for run in runs}
    for prompt in prompts:
        yield from ((way, prompt) for way in ways if (way, prompt.text) not in done)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--generator", default="theatre")
    parser.add_argument("--prompts", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--evaluations", type=int, default=24)
    parser.add_argument("--ways", default=",".join(WAYS))
    parser.add_argument("--results", type=Path, help="keep finished runs in this file")
    parser.add_argument("--minutes", type=float, default=float("inf"))
    parser.add_argument("--table", action="store_true")
    options = parser.parse_args()
    ways, prompts = options.ways.split(","), list(held_out_prompts(options.prompts))
    random.Random(SEED).shuffle(prompts)  # so that those of an unfinished run are a fair sample
    moments = np.geomspace(FIRST_SECONDS, options.seconds, MOMENTS).tolist()
    ends, runs = time.monotonic() + 60 * options.minutes, read_results(options.results)
    todo = list(missing_runs(runs, prompts, ways))
    if todo and not options.table:
        bench = Bench(options.generator, ways)
        while todo and time.monotonic() < ends:
            runs.append(bench.run(*todo.pop(0), moments, options.evaluations))
            if options.results:
                with options.results.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(asdict(runs[-1])) + "\n")
    whole = [prompt.text for prompt in prompts if not any(prompt is each for _, each in todo)]
    print(f"{len(whole)} of {len(prompts)} prompts, generator {options.generator}")
    if whole:
        chosen = {way: [run for run in runs if run.way == way and run.prompt in whole] for way in ways}
        print_table(chosen, "seconds", moments)
        print_table(chosen, "evaluations", np.unique(np.geomspace(4, options.evaluations, 12).round()).tolist())
    return 1 if todo else 0


if __name__ == "__main__":
    raise SystemExit(main())
