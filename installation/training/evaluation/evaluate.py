"""`python -m installation.training evaluate`: scores the images for held-out prompts, by generator and method."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from installation import models
from installation.dream.dream_models import DreamModels
from installation.dream.latent_bank import load_bank
from installation.dream.session import DreamSession
from installation.models.interfaces import ModelPlace, Picture
from installation.models.theatre.generator import Theatre
from installation.show.settings import DreamSettings
from installation.training.data.held_out import HeldOutPrompt, category_prompts, common_words, held_out_prompts
from installation.training.data.render_store import to_tensor
from installation.training.evaluation.categories import (
    evaluate_categories,
    format_categories,
    write_category_sheets,
)
from installation.training.evaluation.classifier import Classifier, load_classifier
from installation.training.evaluation.colour_metrics import METRICS
from installation.training.evaluation.methods import METHODS, nearest_entry, render_point
from installation.training.evaluation.report import (
    Evaluation,
    EvaluationResult,
    format_percent,
    format_table,
    write_json,
    write_sheets,
)
from installation.training.evaluation.scoring import FIDELITY_SCENES, is_found, measure_fidelity
from installation.training.progress import log_progress

SCENES_PER_PROMPT = 16  # for the class fidelity, up to FIDELITY_SCENES
LOG_EVERY = 40  # prompts
THRESHOLD_ENTRIES, THRESHOLD_SEED, THRESHOLD_QUANTILE = 120, 7, 2 / 3  # bank entries, for the colour metrics
COLOUR_METRICS = {  # (group, label) -> the colour metric that detects it
    ("tint", "red"): "red",
    ("tint", "blue"): "blue",
    ("tint", "green"): "green",
    ("tint", "gold"): "gold",
    ("sky", "night"): "night",
    ("sky", "milky way"): "night",
    ("sky", "noon"): "day",
    ("weather", "fire"): "fire",
    ("weather", "snow"): "snow",
}


@dataclass(frozen=True)
class EvaluationOptions:
    """What is evaluated: generators and methods by name, `prompts` held-out prompts (None: all), optimisation steps."""

    generators: Sequence[str]
    methods: Sequence[str]
    prompts: int | None
    steps: int


def evaluate(place: ModelPlace, options: EvaluationOptions, out: Path) -> Evaluation:
    """Run every method on every prompt, and write `table.md`, `table.json` and contact sheets into `out`.

    For each generator there are also the verdicts by category, `categories-NAME.md`, with a sheet of each category.

    Raises:
        ShowError: A model, a latent bank or the classifier is missing.
    """
    torch.set_num_threads(1)
    out.mkdir(parents=True, exist_ok=True)
    classifier = load_classifier(place.assets / "judge")
    prompts = held_out_prompts(options.prompts)
    results: list[EvaluationResult] = []
    words, fidelity = {}, {}
    for name in options.generators:
        session = _open_session(name, place)
        loaded = session.models
        words[name] = _common_word_share(loaded, classifier)
        reference = loaded.generator if name == "theatre" else Theatre(place)
        scenes = min(FIDELITY_SCENES, SCENES_PER_PROMPT * len(prompts))
        if (measured := measure_fidelity(loaded.generator, reference, classifier, scenes)) is not None:
            fidelity[name] = measured
        thresholds = _colour_thresholds(loaded)
        own = [
            _run_method(session, classifier, method, prompts, options.steps, thresholds) for method in options.methods
        ]
        write_sheets(own, name, out)
        answers = evaluate_categories(session, category_prompts(options.prompts), options.steps)
        (out / f"categories-{name}.md").write_text(format_categories(answers), encoding="utf-8")
        write_category_sheets(answers, out / f"categories-{name}")
        results += own
    evaluation = Evaluation(classifier.accuracy, results, words, fidelity)
    table = format_table(evaluation)
    (out / "table.md").write_text(table, encoding="utf-8")
    write_json(evaluation, out / "table.json")
    print(table)
    return evaluation


def _open_session(name: str, place: ModelPlace) -> DreamSession:
    generator, perceptor = models.choose(name, "auto", place)
    loaded = DreamModels.prepare(
        models.load_generator(generator, place),
        models.load_perceptor(perceptor, place),
        load_bank(generator, perceptor, place),
        DreamSettings(),
    )
    return DreamSession(loaded)


def _run_method(
    session: DreamSession,
    classifier: Classifier,
    method: str,
    prompts: Sequence[HeldOutPrompt],
    steps: int,
    thresholds: Mapping[str, float],
) -> EvaluationResult:
    result = EvaluationResult(session.models.generator.name, method, steps)
    for index, prompt in enumerate(prompts, start=1):
        answer = METHODS[method](session, prompt.text, steps)
        picture = render_point(session.models, answer.point)
        labels = _predict(classifier, picture)
        result.counts.add(prompt, labels, session.models.generator.groups)
        for step, score in answer.scores.items():
            result.scores.setdefault(step, []).append(score)
        result.colour_matches += _colour_matches(prompt, picture, thresholds)
        result.seconds += answer.seconds
        result.images.append((prompt.text, picture))
        final_score = list(answer.scores.values())[-1]
        result.prompts.append(
            {"text": prompt.text, "expected": prompt.expected, "predicted": labels, "score": final_score}
        )
        if index % LOG_EVERY == 0 or index == len(prompts):
            share = format_percent(result.counts.shares()["all"])
            log_progress("evaluate", f"{result.generator}, {method}: {index} prompts, {share} found")
    return result


def _predict(classifier: Classifier, picture: Picture) -> dict[str, str]:
    return classifier.labels(to_tensor(picture[None]))[0]


def _colour_matches(prompt: HeldOutPrompt, picture: Picture, thresholds: Mapping[str, float]) -> list[bool]:
    """For each colour metric that applies to a prompt, whether the image exceeds its threshold."""
    applicable = {
        COLOUR_METRICS[name, labels[0]]
        for name, labels in prompt.expected.items()
        if (name, labels[0]) in COLOUR_METRICS
    }
    return [METRICS[name](picture) > thresholds[name] for name in applicable]


def _colour_thresholds(loaded: DreamModels) -> dict[str, float]:
    """The value of each colour metric that two thirds of the bank's images do not reach."""
    count = min(THRESHOLD_ENTRIES, len(loaded.bank))
    entries = np.random.default_rng(THRESHOLD_SEED).choice(len(loaded.bank), count, replace=False)
    points = [loaded.bank.point(int(entry), loaded.generator.groups) for entry in entries]
    pictures = [render_point(loaded, point) for point in points]
    return {
        name: float(np.quantile([metric(picture) for picture in pictures], THRESHOLD_QUANTILE))
        for name, metric in METRICS.items()
    }


def _common_word_share(loaded: DreamModels, classifier: Classifier) -> float:
    """The share of the common words with expected labels whose nearest bank entry shows one of them."""
    known = {(group.name, label) for group in loaded.generator.groups for label in group.labels}
    found = []
    for word, expected in common_words().items():
        if not any((name, label) in known for name, labels in expected.items() for label in labels):
            continue
        point = loaded.bank.point(nearest_entry(loaded, word), loaded.generator.groups)
        predicted = _predict(classifier, render_point(loaded, point))
        found.append(any(is_found(name, labels, predicted) for name, labels in expected.items()))
    return float(np.mean(found))
