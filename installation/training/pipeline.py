"""`python -m installation.training all`: trains and evaluates all embedded models within one time budget.

The theatre and its figures are the input. The result is the folder `assets` in the work folder, which has the
layout of the repository's own assets: `cp -r WORK/assets/* assets/` installs it.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from installation import models
from installation.dream.latent_bank import shipped_bank_path
from installation.models.interfaces import ModelPlace
from installation.training.bank_builder import build_bank
from installation.training.evaluation.classifier_training import ClassifierPlan, train_classifier
from installation.training.evaluation.evaluate import EvaluationOptions, evaluate
from installation.training.evaluation.methods import METHODS
from installation.training.generator.train import NAME, VALIDATION_SCENES, GeneratorOptions, train_generator
from installation.training.perceptor.train import NAME as PERCEPTOR
from installation.training.perceptor.train import PerceptorOptions, train_perceptor
from installation.training.progress import log_progress

SHARES = {"perceptor": 0.34, "generator": 0.42, "judge": 0.14, "banks": 0.04, "evaluate": 0.06}  # of the budget
CLASSIFIER_SECONDS = 1500.0  # of one core, for the full plan of the classifier
BANKS = ("theatre", NAME)
EVALUATED = ("theatre", "paper-stage")


@dataclass(frozen=True)
class PipelineSizes:
    """The sizes that do not scale with the budget."""

    bank_entries: int
    prompts: int
    steps: int  # of the optimisation for each prompt


USUAL, TINY = PipelineSizes(4096, 32, 24), PipelineSizes(64, 3, 2)
TINY_CLASSIFIER = ClassifierPlan(training_images=64, validation_images=32, steps=2)
TINY_GENERATOR_IMAGES, TINY_VALIDATION_SCENES = 16, 4


@dataclass(frozen=True)
class PipelineOptions:
    """Options of the whole training.

    `tiny` trains each model for a few steps only, to test that the pipeline runs. `cold_start` starts from random
    weights instead of the models in the assets.
    """

    work: Path
    budget_seconds: float
    device: str = "cpu"
    tiny: bool = False
    cold_start: bool = False
    seed: int = 1


def train_all(options: PipelineOptions) -> Path:
    """Run all stages. Returns the folder with the trained models."""
    work, sizes = options.work, TINY if options.tiny else USUAL
    seconds = {name: share * options.budget_seconds for name, share in SHARES.items()}
    log_progress("all", ", ".join(f"{name} {part / 60:.1f} min" for name, part in seconds.items()))
    place = _copy_inputs(work)
    _train_perceptor(options, place, seconds["perceptor"])
    _train_generator(options, place, seconds["generator"])
    _train_classifier(options, place, seconds["judge"])
    for name in BANKS:
        _build_bank(name, place, sizes.bank_entries, options.seed)
    evaluate(place, EvaluationOptions(EVALUATED, tuple(METHODS), sizes.prompts, sizes.steps), work / "evaluation")
    log_progress("all", f"finished; `cp -r {place.assets}/* assets/` installs the models, then write the manifest")
    return place.assets


def _copy_inputs(work: Path) -> ModelPlace:
    """A place whose assets are the theatre's alone."""
    place = models.default_place()
    shutil.copytree(place.assets / "theatre", work / "assets" / "theatre", dirs_exist_ok=True)
    return place._replace(assets=work / "assets")


def _train_perceptor(options: PipelineOptions, place: ModelPlace, seconds: float) -> None:
    perceptor_options = PerceptorOptions(
        options.work / "perceptor",
        0.0 if options.tiny else seconds / 60,
        device=options.device,
        out=place.assets / PERCEPTOR,
        warm_start=None if options.cold_start else models.default_place().assets / PERCEPTOR,
        seed=options.seed,
    )
    train_perceptor(perceptor_options, lambda message: log_progress("perceptor", message))


def _train_generator(options: PipelineOptions, place: ModelPlace, seconds: float) -> None:
    folder = options.work / "generator"
    generator_options = GeneratorOptions(
        folder,
        seconds,
        device=options.device,
        resume=folder.exists(),
        images=TINY_GENERATOR_IMAGES if options.tiny else None,
        cold_start=options.cold_start,
        seed=options.seed,
        validation_scenes=TINY_VALIDATION_SCENES if options.tiny else VALIDATION_SCENES,
    )
    shutil.copytree(train_generator(generator_options), place.assets / NAME, dirs_exist_ok=True)


def _train_classifier(options: PipelineOptions, place: ModelPlace, seconds: float) -> None:
    full, share = ClassifierPlan(), min(1.0, seconds / CLASSIFIER_SECONDS)
    plan = ClassifierPlan(round(share * full.training_images), full.validation_images, round(share * full.steps))
    plan = TINY_CLASSIFIER if options.tiny else plan
    train_classifier(options.work / "judge", seconds, place.assets / "judge", plan)


def _build_bank(name: str, place: ModelPlace, entries: int, seed: int) -> None:
    generator = models.load_generator(name, place)
    bank = build_bank(generator, models.load_perceptor(PERCEPTOR, place), entries, seed)
    path = shipped_bank_path(name, place.assets)
    path.parent.mkdir(parents=True, exist_ok=True)
    bank.save(path)
    log_progress("banks", f"{name}: {len(bank)} entries")
