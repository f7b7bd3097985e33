"""Plays simulated weeks of faults and prints the invariants that did not hold.

python -m tests.bench.weeks [--seeds 1000] [--first 0]
"""

from __future__ import annotations

import time
from typing import Annotated

import typer

from tests.runtime.simulated_week import Week


def main(seeds: Annotated[int, typer.Option()] = 1000, first: Annotated[int, typer.Option()] = 0) -> None:
    """Play the weeks; status 1 if an invariant did not hold."""
    began, broken, accepted, restarts = time.process_time(), 0, 0, 0
    for seed in range(first, first + seeds):
        week = Week(seed)
        sentences = week.play()
        accepted += len(week.accepted)
        restarts += week.renderer.restarts
        if sentences:
            broken += 1
            print(f"seed {seed}: {'; '.join(sentences[:3])}", flush=True)
    print(f"{seeds} weeks, {accepted} accepted words, {restarts} restarts, {broken} weeks broke an invariant")
    print(f"{time.process_time() - began:.0f} s of CPU")
    raise typer.Exit(1 if broken else 0)


if __name__ == "__main__":
    typer.run(main)
