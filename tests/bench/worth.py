"""Is the optimisation worth it? `python -m tests.bench.worth --generator theatre --sheet FILE.png`

Mean score over 30 prompts of the Bank's nearest entry, then with chosen classes, then with z optimised. A higher
score with a worse picture is a failure: look at the sheet (rows: Bank, classes, z; ten prompts across).
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
import torch

from installation import models
from installation.core.messages import Prompt
from installation.dream.dream import Dream
from installation.dream.dream_models import DreamModels
from installation.dream.latent_bank import load_bank
from installation.dream.session import DreamSession
from installation.models.interfaces import Picture, Size
from installation.show.settings import DreamSettings
from tests.bench.sheets import contact_sheet

PROMPTS = Path(__file__).parent / "prompts_worth.txt"
GAIN = 0.05  # that the optimisation must be worth in all
ACROSS = 10


def load(generator: str, dreaming: DreamSettings | None = None) -> DreamSession:
    """The dreamer of a generator, on one thread."""
    torch.set_num_threads(1)
    place = models.default_place()
    generator, perceptor = models.choose(generator, "auto", place)
    bank = load_bank(generator, perceptor, place)
    maker, seer = models.load_generator(generator, place), models.load_perceptor(perceptor, place)
    return DreamSession(DreamModels.prepare(maker, seer, bank, dreaming or DreamSettings()))


def seen(dreamer: DreamSession, dream: Dream) -> tuple[float, Picture]:
    """The exact score of what a dream shows, and its picture."""
    point = dream.point()
    embedding = dreamer.models.embed_latents(torch.from_numpy(point.z), torch.from_numpy(point.classes))
    score = float(dream.target.score(embedding))
    size: Size | None = 160 if dreamer.models.generator.resolution_free else None
    return score, dreamer.models.generator.paint(point, size)


def main() -> int:
    """Print the three means; 1 if a step is no gain or all is less than .05."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--generator", default="theatre")
    parser.add_argument("--steps", type=int, default=50)
    parser.add_argument("--sheet", type=Path)
    options = parser.parse_args()
    dreamer = load(options.generator)
    scores, pictures, began = [], [], time.process_time()
    pieces = 0
    for text in PROMPTS.read_text(encoding="utf-8").splitlines():
        dream = dreamer.dream((Prompt(1, text),), 1, {})
        stages = [seen(dreamer, dream)]
        while not dream.step():
            pieces += 1
        dream.settle()
        stages.append(seen(dreamer, dream))
        for _ in range(options.steps - 1):
            dream.step()
        dream.settle()
        stages.append(seen(dreamer, dream))
        scores.append([score for score, _ in stages])
        pictures.append([picture for _, picture in stages])
        print(f"{text:40s} {' '.join(f'{score:.3f}' for score in scores[-1])}  {', '.join(dream.labels())}")
    bank, classes, z = np.mean(scores, axis=0)
    print(f"{options.generator}: bank {bank:.3f}, classes {classes:.3f}, z {z:.3f} ({pieces / len(scores):.0f} pieces "
          f"of choosing, {time.process_time() - began:.0f} s)")  # fmt: skip
    if options.sheet:
        groups = [pictures[i : i + ACROSS] for i in range(0, len(pictures), ACROSS)]
        contact_sheet([[stages[k] for stages in group] for group in groups for k in range(3)], options.sheet)
    return 0 if bank < classes < z and z - bank >= GAIN else 1


if __name__ == "__main__":
    raise SystemExit(main())
