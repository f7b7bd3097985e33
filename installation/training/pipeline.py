"""`python -m installation.training all`: the embedded world from its painter to its table, within one budget.

The painter and its silhouettes are given. What is made lies in the work folder's `assets`, which has the shape of the
repository's own, so that `cp -r WORK/assets/* assets/` puts it into the show.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import NamedTuple

from installation import models
from installation.dream.latent_bank import shipped_bank_path
from installation.models.interfaces import ModelPlace
from installation.training.bank_builder import build_bank
from installation.training.evaluation.classifier_training import HELD, PICTURES, STEPS, train_judge
from installation.training.evaluation.evaluate import evaluate
from installation.training.generator.train import NAME, GeneratorOptions, train_generator
from installation.training.perceptor.train import PerceptorOptions, train_perceptor
from installation.training.progress import say

SHARES = {"perceptor": 0.34, "generator": 0.42, "judge": 0.14, "banks": 0.04, "evaluate": 0.06}  # of the budget
JUDGE_SECONDS = 1500.0  # that the judge's whole plan takes on one core
METHODS = ("bank", "adam", "ours")


class PipelineSizes(NamedTuple):
    """How much of that is made which no budget scales."""

    entries: int  # of a Bank
    prompts: int  # of the held ones; `evaluate` by itself asks all
    steps: int


USUAL, TINY = PipelineSizes(4096, 32, 24), PipelineSizes(64, 3, 2)
TINY_PICTURES, TINY_JUDGE, TINY_HELD, TINY_STEPS = 48, 256, 64, 6


def train_all(work: Path, seconds: float, device: str, tiny: bool, cold: bool, seed: int = 1) -> Path:
    """Make everything; returns the folder that holds it. A `tiny` world is good for nothing but for being loaded."""
    sizes, share = TINY if tiny else USUAL, {name: part * seconds for name, part in SHARES.items()}
    listed = ", ".join(f"{name} {part / 60:.1f} min" for name, part in share.items())
    say("all", listed)
    place = _assets(work)
    train_perceptor(
        PerceptorOptions(
            work / "perceptor", 0.0 if tiny else share["perceptor"] / 60, device, place.assets / "clip-embedded",
            None if cold else models.default_place().assets / "clip-embedded", seed,
        ),
        lambda line: say("perceptor", line),
    )  # fmt: skip
    pictures = TINY_PICTURES if tiny else None
    wish = GeneratorOptions(
        work / "generator", share["generator"], device, (work / "generator").exists(), pictures, cold, seed
    )
    shutil.copytree(train_generator(wish), place.assets / NAME, dirs_exist_ok=True)
    part = min(1.0, share["judge"] / JUDGE_SECONDS)
    plan = (TINY_JUDGE, TINY_HELD, TINY_STEPS) if tiny else (round(part * PICTURES), HELD, round(part * STEPS))
    train_judge(work / "judge", share["judge"], place.assets / "judge", *plan)
    for name in ("theatre", NAME):
        _bank(name, place, sizes.entries, seed)
    evaluate(place, ("theatre", NAME), METHODS, sizes.prompts, sizes.steps, work / "evaluation")
    say("all", f"{place.assets} holds the world; `cp -r {place.assets}/* assets/` puts it into the show")
    return place.assets


def _assets(work: Path) -> ModelPlace:
    """A folder like the repository's assets, with what is given."""
    given = models.default_place()
    shutil.copytree(given.assets / "theatre", work / "assets" / "theatre", dirs_exist_ok=True)
    return given._replace(assets=work / "assets")


def _bank(name: str, place: ModelPlace, entries: int, seed: int) -> None:
    generator = models.load_generator(name, place)
    bank = build_bank(generator, models.load_perceptor("clip-embedded", place), entries, seed)
    path = shipped_bank_path(name, place.assets)
    path.parent.mkdir(parents=True, exist_ok=True)
    bank.save(path)
    say("banks", f"{name}: {len(bank)} entries")
