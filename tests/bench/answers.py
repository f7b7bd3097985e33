"""Do pictures answer the words, by measured colour and light? `python -m tests.bench.answers --generator theatre`

Each prompt's picture should lie in the top third of a neutral set (entries of the Bank) for its property, in 85 % of
the prompts at least; and the same words five times should give five different pictures that all answer.
"""

from __future__ import annotations

import argparse
import tomllib
from pathlib import Path

import numpy as np
import torch

from installation.core.messages import Prompt
from installation.dream.session import DreamSession
from installation.models.interfaces import Picture, Size
from installation.training.evaluation.colour_metrics import MEASURES
from tests.bench.sheets import contact_sheet
from tests.bench.worth import load

PROMPTS = Path(__file__).parent / "prompts_answers.toml"
ENOUGH = 0.85
NEUTRAL = 120  # entries of the Bank
SAME = ("red", "night", "snow")  # properties whose first prompt is dreamed five times
DIFFERENT = 5.0  # mean difference of two pictures, of 255


def dreamed(dreamer: DreamSession, text: str, seed: int, steps: int) -> Picture:
    """The settled picture of some words."""
    dream = dreamer.dream((Prompt(1, text),), seed, {})
    while dream.steps < steps:
        dream.step()
    dream.settle()
    return dreamer.models.generator.paint(dream.point(), size_of(dreamer))


def size_of(dreamer: DreamSession) -> Size | None:
    """The size at which pictures are measured."""
    return 160 if dreamer.models.generator.resolution_free else None


def thresholds(dreamer: DreamSession) -> dict[str, float]:
    """For each property, what a third of the neutral pictures exceed."""
    entries = np.random.default_rng(7).choice(len(dreamer.models.bank), NEUTRAL, replace=False)
    groups = dreamer.models.generator.groups
    pictures = [
        dreamer.models.generator.paint(dreamer.models.bank.point(int(entry), groups), size_of(dreamer))
        for entry in entries
    ]
    return {
        name: float(np.quantile([measure(picture) for picture in pictures], 2 / 3))
        for name, measure in MEASURES.items()
    }


def main() -> int:
    """Print what answers; 1 if too little does."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--generator", default="theatre")
    parser.add_argument("--steps", type=int, default=30)
    parser.add_argument("--sheet", type=Path)
    options = parser.parse_args()
    torch.set_num_threads(1)
    dreamer = load(options.generator)
    least = thresholds(dreamer)
    prompts: dict[str, list[str]] = tomllib.loads(PROMPTS.read_text(encoding="utf-8"))
    rows, answered = [], []
    for name, texts in prompts.items():
        row = [dreamed(dreamer, text, 1, options.steps) for text in texts]
        for text, picture in zip(texts, row, strict=True):
            value = MEASURES[name](picture)
            answered.append(value > least[name])
            print(f"{'  ' if answered[-1] else '- '}{name:6s} {value:.3f} > {least[name]:.3f}  {text}")
        rows.append(row)
    share = float(np.mean(answered))
    print(f"{options.generator}: {sum(answered)} of {len(answered)} answer ({share:.0%})")
    again = [_five_times(dreamer, name, prompts[name][0], least[name], options.steps, rows) for name in SAME]
    if options.sheet:
        contact_sheet(rows, options.sheet)
    return 0 if share >= ENOUGH and all(again) else 1


def _five_times(
    dreamer: DreamSession, name: str, text: str, least: float, steps: int, rows: list[list[Picture]]
) -> bool:
    five = [dreamed(dreamer, text, seed, steps) for seed in range(1, 6)]
    rows.append(five)
    answering = sum(MEASURES[name](picture) > least for picture in five)
    apart = min(_difference(a, b) for i, a in enumerate(five) for b in five[:i])
    print(f"five times '{text}': {answering} answer, the nearest two differ by {apart:.1f}")
    return answering == 5 and apart >= DIFFERENT


def _difference(a: Picture, b: Picture) -> float:
    return float(np.abs(a.astype(np.float32) - b.astype(np.float32)).mean())


if __name__ == "__main__":
    raise SystemExit(main())
