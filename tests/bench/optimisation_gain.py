"""Measures how much each stage of a dream raises the score.

    python -m tests.bench.optimisation_gain --generator theatre [--steps 50] [--sheet FILE.png]

Prints the mean score over 30 prompts of the bank entry, then with searched classes, then with optimised z. Exit status
1 if a stage does not raise it, or all together by less than 0.05. A higher score with a worse picture is a failure
too: look at the contact sheet (rows: bank, classes, z; ten prompts across).
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from installation.core.messages import Prompt
from installation.dream.dream import Dream
from installation.dream.session import DreamSession
from installation.models.interfaces import Picture
from tests.bench.dreaming import contact_sheet, load_session, paint

PROMPTS = Path(__file__).parent / "prompts.txt"
STAGES = ("bank", "classes", "z")
MIN_GAIN = 0.05  # from the bank entry to optimised z
COLUMNS = 10  # of the contact sheet


@dataclass(frozen=True)
class Stage:
    """What a dream shows after one stage."""

    score: float
    picture: Picture


def shown(session: DreamSession, dream: Dream) -> Stage:
    """The exact score and the picture of what a dream shows."""
    point = dream.point()
    embedding = session.models.embed_latents(torch.from_numpy(point.z), torch.from_numpy(point.classes))
    return Stage(float(dream.target.score(embedding)), paint(session, point))


def stages_of(session: DreamSession, dream: Dream, steps: int) -> list[Stage]:
    """Run a dream; return what it shows after each of `STAGES`."""
    stages = [shown(session, dream)]
    for until in (1, steps):
        while dream.steps < until:
            dream.step()
        dream.settle()
        stages.append(shown(session, dream))
    return stages


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--generator", default="theatre")
    parser.add_argument("--steps", type=int, default=50)
    parser.add_argument("--sheet", type=Path)
    options = parser.parse_args()
    session, began = load_session(options.generator), time.process_time()
    found: list[list[Stage]] = []
    for text in PROMPTS.read_text(encoding="utf-8").splitlines():
        dream = session.dream((Prompt(1, text),), 1, {})
        found.append(stages_of(session, dream, options.steps))
        scores = " ".join(f"{stage.score:.3f}" for stage in found[-1])
        print(f"{text:40s} {scores}  {', '.join(dream.labels())}")
    bank, classes, z = np.mean([[stage.score for stage in stages] for stages in found], axis=0)
    seconds = time.process_time() - began
    print(f"{options.generator}: bank {bank:.3f}, classes {classes:.3f}, z {z:.3f} ({seconds:.0f} s of CPU time)")
    if options.sheet:
        blocks = [found[begin : begin + COLUMNS] for begin in range(0, len(found), COLUMNS)]
        rows = [[stages[row].picture for stages in block] for block in blocks for row in range(len(STAGES))]
        contact_sheet(rows, options.sheet)
    return 0 if bank < classes < z and z - bank >= MIN_GAIN else 1


if __name__ == "__main__":
    raise SystemExit(main())
