"""Frames and steps at the same time, in the render loop of a show at 60 frames a second."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

from installation.bench.model_pair import write_random_bank
from installation.core import clock
from installation.core.frame_ring import FrameRing
from installation.core.messages import Direction, FrameReady, Prompt
from installation.core.worker_shell import WorkerChannel
from installation.models import default_place
from installation.models.interfaces import ModelPlace
from tests.bench.gpu_day.stages import Day
from tests.bench.gpu_day.workplace import SEED, pair_of

RATE = 60.0
WARM_UP_SECONDS, SECONDS = 4.0, 10.0
QUICK_SECONDS = 1.0
CUTOUTS, QUICK_CUTOUTS = 32, 2
LARGEST_FRAME = 3 << 20  # bytes
EMBEDDED = "biggan-embedded"  # for a try on the CPU: the perceptor there knows nothing that the other generator shows


@dataclass
class LocalChannel:
    """The renderer's end of a pipe without another end; it keeps the frames with the times at which they came."""

    closed: bool = False
    frames: list[tuple[float, FrameReady]] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    def receive(self, timeout: float | None = 0.0) -> list[object]:
        """Wait: no message comes."""
        time.sleep(timeout or 0.0)
        return []

    def send(self, message: object, key: object = None) -> None:
        """Keep a frame."""
        del key
        if isinstance(message, FrameReady):
            self.frames.append((clock.now(), message))

    def notice(self, text: str, _prompt_id: int = 0) -> None:
        """Keep a sentence for the operator."""
        self.notices.append(text)

    def status(self, *_what: object, **_figures: object) -> None:
        """Nobody reads it."""


def measure_contention(day: Day) -> None:
    """Report frames and steps per second, late frames and what both take the device."""
    try:
        import_module("pydantic")  # which reads the settings of a show
    except ModuleNotFoundError:
        day.report("loop", {"needs": "pydantic"})
        return
    generator, place = EMBEDDED, default_place(day.device)
    if day.on_cuda:
        pair = pair_of(day)
        write_random_bank(pair.generator, pair.perceptor, pair.place)
        generator, place = day.generator, pair.place
    with TemporaryDirectory(prefix="laterna-ring-") as folder:
        ring = Path(folder) / "frames"
        FrameRing(ring, 8, LARGEST_FRAME).close()
        day.report("loop", play(day, ring, generator, place))


def play(day: Day, ring: Path, generator: str, place: ModelPlace) -> dict[str, Any]:
    """Run the loop with a prompt, and count after a while."""
    from installation.render.interfaces import RendererConfig
    from installation.render.loading import load_dream_factory
    from installation.render.worker import RenderLoop
    from installation.show.settings import DreamSettings, ModelSettings

    models = ModelSettings(generator=generator, perceptor=day.perceptor, device=day.device)
    dream = DreamSettings(cutouts=QUICK_CUTOUTS if day.quick else CUTOUTS)
    direction = Direction(take=1, prompts=(Prompt(1, "a fox"),))
    config = RendererConfig(models, dream, ring, (1, 1), RATE, SEED, direction, place=place)
    channel = LocalChannel()
    loop = RenderLoop(cast(WorkerChannel, channel), config)
    loop.renderer.dream_factory = load_dream_factory(loop.config, loop.generator)
    turn(loop, 0.0 if day.quick else WARM_UP_SECONDS)
    channel.frames.clear()
    seconds = turn(loop, QUICK_SECONDS if day.quick else SECONDS)
    times = [at for at, _ in channel.frames]
    gaps = [after - before for before, after in pairwise(times)]
    late = sum(at - frame.show_at > 1.0 / RATE for at, frame in channel.frames)
    return {
        "frames_per_second": round(len(times) / seconds, 2),
        "longest_gap_ms": round(1000 * max(gaps, default=0.0), 1),
        "late_share": round(late / max(len(times), 1), 4),
        "steps_per_second": round(sum(frame.steps for _, frame in channel.frames) / seconds, 2),
        "cutouts": loop.renderer.cutouts,
        "frame_ms": round(1000 * loop.budget.frame_cost.seconds, 2),
        "step_ms": round(1000 * loop.budget.step_cost.seconds, 2),
        "notices": channel.notices,
    }


def turn(loop: Any, seconds: float) -> float:
    """Turn for so long, and until there is a frame; return the seconds that it took."""
    began = clock.now()
    while clock.now() < began + seconds or loop.renderer.painted is None:
        loop.turn()
    return clock.now() - began
