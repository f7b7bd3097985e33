"""Results of the evaluation and how they are reported: a Markdown table, JSON and contact sheets."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np

from installation.training.contact_sheet import CaptionedImage, write_captioned_sheet
from installation.training.evaluation.scoring import ClassFidelity, ScoreCounts

SHEET_COLUMNS, SHEET_IMAGES = 8, 48
COMPARED_PROMPTS = 8  # on the sheet that compares the methods


@dataclass
class EvaluationResult:
    """The results of one generator and one method."""

    generator: str
    method: str
    steps: int
    counts: ScoreCounts = field(default_factory=ScoreCounts)
    scores: dict[int, list[float]] = field(default_factory=dict)  # steps -> cosine for each prompt
    colour_matches: list[bool] = field(default_factory=list)  # whether a colour metric found what was asked for
    seconds: float = 0.0  # of processor time
    prompts: list[dict[str, object]] = field(default_factory=list)  # a JSON record for each prompt
    images: list[CaptionedImage] = field(default_factory=list)

    def colour_share(self) -> float | None:
        """The share of the colours and lights asked for that the colour metrics found; None if none was."""
        return float(np.mean(self.colour_matches)) if self.colour_matches else None

    def mean_scores(self) -> dict[int, float]:
        """The mean cosine by the number of steps."""
        return {steps: round(float(np.mean(values)), 4) for steps, values in sorted(self.scores.items())}


@dataclass(frozen=True)
class Evaluation:
    """The results of all generators and methods, and the accuracy of the classifier that they depend on."""

    classifier_accuracy: Mapping[str, float]  # by group name; its keys are the columns of the table
    results: Sequence[EvaluationResult]
    common_words: Mapping[str, float] = field(default_factory=dict)  # share of the words, by generator
    fidelity: Mapping[str, ClassFidelity] = field(default_factory=dict)  # by generator


def format_table(evaluation: Evaluation) -> str:
    """The shares found as a Markdown table, with the accuracy of the classifier in the first row."""
    groups = list(evaluation.classifier_accuracy)
    head = ["generator", "method", *(name.replace("_", " ") for name in groups), "**all**",
            "unrequested subject", "where no figure is asked for", "colour metrics", "score by steps", "s per prompt",
            ]  # fmt: skip
    accuracy = [format_percent(evaluation.classifier_accuracy[name]) for name in groups]
    rows = [["*classifier, held-out renders*", "", *accuracy, *[""] * 6]]
    for name, fidelity in evaluation.fidelity.items():
        shares = [format_percent(fidelity.shares[group]) for group in groups]
        rows.append([name, "*class fidelity*", *shares, *[""] * 6])
    rows += [_result_row(result, groups) for result in evaluation.results]
    lines = [head, ["---"] * len(head), *rows]
    table = "\n".join("| " + " | ".join(line) + " |" for line in lines)
    return "\n".join([table, "", *_notes(evaluation)]) + "\n"


def write_json(evaluation: Evaluation, path: Path) -> None:
    """Write all results, with a record for each prompt."""
    rows = [
        {"generator": result.generator, "method": result.method, "steps": result.steps,
         "shares": result.counts.shares(), "counts": asdict(result.counts), "scores": result.mean_scores(),
         "colour_share": result.colour_share(), "seconds": round(result.seconds, 1), "prompts": result.prompts}
        for result in evaluation.results
    ]  # fmt: skip
    document = {
        "written": time.strftime("%Y-%m-%d"),
        "classifier_accuracy": dict(evaluation.classifier_accuracy),
        "common_words": dict(evaluation.common_words),
        "class_fidelity": {name: fidelity._asdict() for name, fidelity in evaluation.fidelity.items()},
        "results": rows,
    }
    path.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


def write_sheets(results: Sequence[EvaluationResult], name: str, folder: Path) -> None:
    """Write a contact sheet of the last method, and one that compares all methods of a generator."""
    images = results[-1].images
    count = min(SHEET_IMAGES, len(images))
    chosen = [images[index * len(images) // count] for index in range(count)]
    rows = [chosen[begin : begin + SHEET_COLUMNS] for begin in range(0, count, SHEET_COLUMNS)]
    write_captioned_sheet(rows, folder / f"{name}.png")
    compared = range(0, len(images), max(1, len(images) // COMPARED_PROMPTS))[:COMPARED_PROMPTS]
    write_captioned_sheet(
        [[result.images[index] for index in compared] for result in results],
        folder / f"{name}-methods.png",
        [result.method for result in results],
    )


def format_percent(share: float | None) -> str:
    """A share in whole percent; a dash for None."""
    return "–" if share is None else f"{share:.0%}"


def _result_row(result: EvaluationResult, groups: Sequence[str]) -> list[str]:
    counts, shares = result.counts, result.counts.shares()
    return [
        result.generator,
        result.method,
        *(format_percent(shares.get(name)) for name in groups),
        f"**{format_percent(shares['all'])}**",
        format_percent(counts.unrequested_subjects / max(counts.prompts, 1)),
        format_percent(counts.unrequested_without_figure / max(counts.prompts_without_figure, 1)),
        format_percent(result.colour_share()),
        ", ".join(f"{steps}: {score:.2f}" for steps, score in result.mean_scores().items()),
        f"{result.seconds / max(counts.prompts, 1):.1f}",
    ]


def _notes(evaluation: Evaluation) -> list[str]:
    notes = []
    if evaluation.results:
        counts = evaluation.results[0].counts
        asked = [f"{name} {counts.asked[name]}" for name in evaluation.classifier_accuracy if name in counts.asked]
        notes.append(f"Asked for in {counts.prompts} prompts: {', '.join(asked)}.")
    for name, share in evaluation.common_words.items():
        notes.append(f"Common words whose nearest bank entry shows what is expected, {name}: {format_percent(share)}.")
    for name, fidelity in evaluation.fidelity.items():
        if fidelity.l1 > 0.0:
            notes.append(f"L1 distance of {name} to its teacher: {fidelity.l1:.4f} (colours in -1..1).")
    return notes
