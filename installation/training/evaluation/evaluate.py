"""`python -m installation.training evaluate`: how well pictures answer the held prompts, by generator and method."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
import torch

from installation import models
from installation.dream.dream_models import DreamModels
from installation.dream.latent_bank import load_bank
from installation.dream.session import DreamSession
from installation.models.interfaces import ModelPlace, Picture
from installation.show.settings import DreamSettings
from installation.training.data.distillation_targets import SteadyTheatre
from installation.training.data.held_out import HeldOutPrompt, common_words, held_prompts
from installation.training.evaluation.classifier import Classifier, load_judge
from installation.training.evaluation.colour_metrics import MEASURES
from installation.training.evaluation.contact_sheet import Tile, prompt_sheet
from installation.training.evaluation.methods import METHODS, nearest_entry, painted
from installation.training.evaluation.scoring import ScoreCounts, is_found
from installation.training.generator.class_fidelity import SCENES, ClassFidelity, faithfulness
from installation.training.progress import say

ACROSS, ON_SHEET, COMPARED = 8, 48, 8  # pictures of a row, of a sheet, and for each method of the sheet that compares
NEUTRAL = 120  # entries of the Bank that measures are compared with
SEEABLE = {  # what colour and light can tell without a model: groups and labels, and the measure of each
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


@dataclass
class EvaluationResult:
    """What came of one generator and one method."""

    generator: str
    method: str
    steps: int
    tally: ScoreCounts = field(default_factory=ScoreCounts)
    scores: dict[int, list[float]] = field(default_factory=dict)
    measured: list[bool] = field(default_factory=list)
    seconds: float = 0.0
    rows: list[dict[str, object]] = field(default_factory=list)
    tiles: list[Tile] = field(default_factory=list)

    def told(self) -> float | None:
        """The share of what colour and light can tell that they do tell."""
        return float(np.mean(self.measured)) if self.measured else None

    def curve(self) -> dict[int, float]:
        """The mean score after so many steps."""
        return {steps: round(float(np.mean(values)), 4) for steps, values in sorted(self.scores.items())}


def evaluate(
    place: ModelPlace, generators: Sequence[str], methods: Sequence[str], prompts: int | None, steps: int, out: Path
) -> list[EvaluationResult]:
    """Answer the held prompts in every way, let the judge look, and write `table.md`, `table.json` and sheets to `out`.

    Raises ShowError if a model, a Bank or the judge is not here.
    """
    torch.set_num_threads(1)
    out.mkdir(parents=True, exist_ok=True)
    judge = load_judge(place.assets / "judge")
    helds, results, words = held_prompts(prompts), [], {}
    told = {}
    for name in generators:
        session = _session(name, place)
        loaded = session.models
        words[name] = _common_words(loaded, judge)
        painter = loaded.generator if name == "theatre" else SteadyTheatre(place)
        told[name] = faithfulness(loaded.generator, painter, judge, min(SCENES, 16 * len(helds)))
        least = _thresholds(loaded)
        own = [_answered(session, judge, method, helds, steps, least) for method in methods]
        results += own
        _draw_sheets(own, name, out)
    table = table_of(results, judge, words, told)
    (out / "table.md").write_text(table, encoding="utf-8")
    _write_json(results, judge, words, told, out / "table.json")
    print(table)
    return results


def table_of(
    results: Sequence[EvaluationResult],
    judge: Classifier,
    words: Mapping[str, float],
    told: Mapping[str, ClassFidelity | None],
) -> str:
    """Shares of what was asked for and found, in Markdown.

    The first row says how far the judge is to be trusted; *as told* is how often it reads what a generator's classes
    say, without any words.
    """
    groups = [group.name for group in judge.groups]
    head = ["generator", "method", *(name.replace("_", " ") for name in groups), "**all**",
            "unasked subject", "where none is named", "colour and light", "score by steps", "s a prompt"]  # fmt: skip
    trusted = [_percent(judge.accuracy.get(name)) for name in groups]
    rows = [["*judge on held renders*", "", *trusted, *[""] * 6]]
    for name, faith in told.items():
        if faith is not None:
            rows.append([name, "*as told*", *(_percent(faith.shares[group]) for group in groups), *[""] * 6])
    for result in results:
        tally, shares = result.tally, result.tally.shares()
        curve = ", ".join(f"{steps}: {score:.2f}" for steps, score in result.curve().items())
        rows.append([
            result.generator, result.method, *(_percent(shares.get(name)) for name in groups),
            f"**{_percent(shares['all'])}**", _percent(tally.strangers / max(tally.prompts, 1)),
            _percent(tally.intruders / max(tally.empty, 1)),
            _percent(result.told()), curve,
            f"{result.seconds / max(tally.prompts, 1):.1f}",
        ])  # fmt: skip
    lines = [head, ["---"] * len(head), *rows]
    table = "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n\n"
    asked = results[0].tally.asked if results else {}
    table += f"Asked over {results[0].tally.prompts if results else 0} prompts: "
    table += ", ".join(f"{name} {asked[name]}" for name in groups if name in asked) + ".\n"
    return (
        table
        + "".join(
            f"Common words whose nearest entry of the Bank holds what they mean, {name}: {_percent(share)}.\n"
            for name, share in words.items()
        )
        + "".join(
            f"L1 of {name} to the painter that it learnt from: {faith.l1:.4f} (colours in -1..1).\n"
            for name, faith in told.items()
            if faith is not None and faith.l1 > 0.0
        )
    )


def _session(name: str, place: ModelPlace) -> DreamSession:
    generator, perceptor = models.choose(name, "auto", place)
    bank = load_bank(generator, perceptor, place)
    made, seer = models.load_generator(generator, place), models.load_perceptor(perceptor, place)
    return DreamSession(DreamModels.prepare(made, seer, bank, DreamSettings()))


def _answered(
    session: DreamSession,
    judge: Classifier,
    method: str,
    helds: Sequence[HeldOutPrompt],
    steps: int,
    least: Mapping[str, float],
) -> EvaluationResult:
    groups = session.models.generator.groups
    result = EvaluationResult(session.models.generator.name, method, steps)
    for index, held in enumerate(helds, start=1):
        answer = METHODS[method](session, held.text, steps)
        picture = painted(session.models, answer.point)
        seen = seen_in(judge, picture)
        result.tally.add(held, seen, groups)
        for step, score in answer.scores.items():
            result.scores.setdefault(step, []).append(score)
        result.measured += _measured(held, picture, least)
        result.seconds += answer.seconds
        result.tiles.append((held.text, picture))
        result.rows.append(
            {"text": held.text, "asked": held.asked, "seen": seen, "score": list(answer.scores.values())[-1]}
        )
        if index % 40 == 0 or index == len(helds):
            share = result.tally.shares()["all"]
            say("evaluate", f"{result.generator}, {method}: {index} prompts, {_percent(share)} found")
    return result


def seen_in(judge: Classifier, picture: Picture) -> dict[str, str]:
    """The judge's labels of one picture."""
    return judge.labels(torch.from_numpy(picture.copy()).permute(2, 0, 1)[None].float().div(255))[0]


def _measured(held: HeldOutPrompt, picture: Picture, least: Mapping[str, float]) -> list[bool]:
    """Whether measured colour and light exceed those of two thirds of the world, for what can be told so."""
    names = {SEEABLE.get((name, labels[0])) for name, labels in held.asked.items()} - {None}
    return [MEASURES[name](picture) > least[name] for name in names if name is not None]


def _thresholds(loaded: DreamModels) -> dict[str, float]:
    count = min(NEUTRAL, len(loaded.bank))
    entries = np.random.default_rng(7).choice(len(loaded.bank), count, replace=False)
    pictures = [painted(loaded, loaded.bank.point(int(entry), loaded.generator.groups)) for entry in entries]
    return {
        name: float(np.quantile([measure(picture) for picture in pictures], 2 / 3))
        for name, measure in MEASURES.items()
    }


def _common_words(loaded: DreamModels, judge: Classifier) -> float:
    """The share of the common words with a clear meaning whose nearest entry holds it."""
    known = {(group.name, label) for group in loaded.generator.groups for label in group.labels}
    right = []
    for word, asked in common_words().items():
        if not any((name, label) in known for name, labels in asked.items() for label in labels):
            continue
        point = loaded.bank.point(nearest_entry(loaded, word), loaded.generator.groups)
        seen = seen_in(judge, painted(loaded, point))
        right.append(any(is_found(name, labels, seen) for name, labels in asked.items()))
    return float(np.mean(right))


def _draw_sheets(results: Sequence[EvaluationResult], name: str, out: Path) -> None:
    """One sheet of the last method's pictures, and one that compares all methods."""
    tiles = results[-1].tiles
    chosen = [tiles[index * len(tiles) // ON_SHEET] for index in range(ON_SHEET)] if len(tiles) > ON_SHEET else tiles
    rows = [chosen[begin : begin + ACROSS] for begin in range(0, len(chosen), ACROSS)]
    prompt_sheet(rows, out / f"{name}.png")
    some = range(0, len(tiles), max(1, len(tiles) // COMPARED))[:COMPARED]
    prompt_sheet(
        [[result.tiles[index] for index in some] for result in results],
        out / f"{name}-methods.png",
        [result.method for result in results],
    )


def _write_json(
    results: Sequence[EvaluationResult],
    judge: Classifier,
    words: Mapping[str, float],
    told: Mapping[str, ClassFidelity | None],
    path: Path,
) -> None:
    rows = [
        {"generator": result.generator, "method": result.method, "steps": result.steps, "shares": result.tally.shares(),
         "tally": asdict(result.tally), "scores": result.curve(), "measured": result.told(),
         "seconds": round(result.seconds, 1), "prompts": result.rows}
        for result in results
    ]  # fmt: skip
    about = {"written": time.strftime("%Y-%m-%d"), "judge": judge.accuracy, "common_words": dict(words),
             "as_told": {name: faith._asdict() for name, faith in told.items() if faith is not None}}  # fmt: skip
    path.write_text(json.dumps(about | {"results": rows}, indent=1) + "\n", encoding="utf-8")


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}"
