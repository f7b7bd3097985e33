"""Measures whether pictures match their prompts, by colour and brightness.

    python -m tests.bench.prompt_adherence --generator theatre [--steps 30] [--sheet FILE.png]

A picture matches if it lies in the top third of neutral pictures (entries of the latent bank) for the prompt's
property. At least 85 % of the prompts have to match; and five seeds of one prompt have to give five different pictures
that all match. Exit status 1 otherwise.
"""

from __future__ import annotations

import argparse
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np

from installation.dream.session import DreamSession
from installation.models.interfaces import Picture
from installation.render.frame_painter import mean_difference
from installation.training.evaluation.colour_metrics import METRICS
from tests.bench.dreaming import contact_sheet, load_session, paint, settled_picture

PROMPTS = Path(__file__).parent / "prompts_by_property.toml"
MIN_SHARE = 0.85  # of prompts whose pictures match
NEUTRAL_PICTURES = 120
REPEATED = ("red", "night", "snow")  # properties whose first prompt is dreamed with five seeds
SEEDS = range(1, 6)
MIN_DIFFERENCE = 5.0  # mean difference of two of them, of 255


@dataclass(frozen=True)
class Match:
    """A picture and its measured property."""

    picture: Picture
    value: float
    threshold: float

    @property
    def matches(self) -> bool:
        return self.value > self.threshold


def neutral_thresholds(session: DreamSession) -> dict[str, float]:
    """The value of each property that a third of the neutral pictures exceed."""
    bank, groups = session.models.bank, session.models.generator.groups
    entries = np.random.default_rng(7).choice(len(bank), NEUTRAL_PICTURES, replace=False)
    pictures = [paint(session, bank.point(int(entry), groups)) for entry in entries]
    return {
        name: float(np.quantile([measure(picture) for picture in pictures], 2 / 3)) for name, measure in METRICS.items()
    }


def measured(session: DreamSession, name: str, text: str, threshold: float, *, seed: int, steps: int) -> Match:
    """The picture of a prompt, measured for a property."""
    picture = settled_picture(session, text, seed, steps)
    return Match(picture, METRICS[name](picture), threshold)


def match_prompts(
    session: DreamSession, prompts: Mapping[str, Sequence[str]], thresholds: Mapping[str, float], steps: int
) -> dict[str, list[Match]]:
    """Measure the pictures of all prompts, and print each."""
    found: dict[str, list[Match]] = {}
    for name, texts in prompts.items():
        for text in texts:
            match = measured(session, name, text, thresholds[name], seed=1, steps=steps)
            found.setdefault(name, []).append(match)
            mark = "  " if match.matches else "- "
            print(f"{mark}{name:6s} {match.value:.3f} > {match.threshold:.3f}  {text}")
    return found


def repeat_prompt(session: DreamSession, name: str, text: str, threshold: float, steps: int) -> list[Match]:
    """Measure the pictures of one prompt with five seeds, and print how many match and how much they differ."""
    repeats = [measured(session, name, text, threshold, seed=seed, steps=steps) for seed in SEEDS]
    matching = sum(match.matches for match in repeats)
    print(f"five seeds of '{text}': {matching} match, the smallest difference is {smallest_difference(repeats):.1f}")
    return repeats


def smallest_difference(repeats: Sequence[Match]) -> float:
    """The smallest mean difference of two of the pictures, 0..255."""
    return min(mean_difference(a.picture, b.picture) for a, b in combinations(repeats, 2))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--generator", default="theatre")
    parser.add_argument("--steps", type=int, default=30)
    parser.add_argument("--sheet", type=Path)
    options = parser.parse_args()
    session = load_session(options.generator)
    thresholds = neutral_thresholds(session)
    prompts: dict[str, list[str]] = tomllib.loads(PROMPTS.read_text(encoding="utf-8"))
    found = match_prompts(session, prompts, thresholds, options.steps)
    every = [match.matches for row in found.values() for match in row]
    share = float(np.mean(every))
    print(f"{options.generator}: {sum(every)} of {len(every)} match ({share:.0%})")
    repeats = [repeat_prompt(session, name, prompts[name][0], thresholds[name], options.steps) for name in REPEATED]
    if options.sheet:
        contact_sheet([[match.picture for match in row] for row in (*found.values(), *repeats)], options.sheet)
    repeatable = all(
        all(match.matches for match in row) and smallest_difference(row) >= MIN_DIFFERENCE for row in repeats
    )
    return 0 if share >= MIN_SHARE and repeatable else 1


if __name__ == "__main__":
    raise SystemExit(main())
