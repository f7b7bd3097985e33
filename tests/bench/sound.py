"""Sound: what a hop of the analysis costs, and how long a drum takes to the pixel that it moves.

python -m tests.bench.sound [--generator theatre] [--drums 30]

The show runs in this process, headless at 1280 x 720 and 30 frames per second, with its workers and a line input of
PulseAudio. A drum is played at a random moment of a frame; it counts as seen when a frame has been presented that it
has moved: in the brightness of the wall, and in the picture of the renderer.
"""

from __future__ import annotations

import argparse
import os
import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from installation.core import clock
from installation.core.messages import FrameReady
from installation.runtime.options import RunOptions
from installation.runtime.show_runner import ShowRunner
from installation.runtime.supervisor import SupervisedWorker
from installation.show.settings import ModelSettings, OscSettings, RecordSettings, Show, WebSettings
from installation.show.sound_settings import SoundMapSettings, SoundSettings
from installation.speech.interfaces import SAMPLE_RATE
from installation.speech.sound_analysis import HOP, HOP_SECONDS, SoundAnalysis
from installation.stage.stage import Stage
from tests.speech.music import music
from tests.speech.virtual_microphone import VirtualMicrophone

DRUM = music(60.0, 2.0)[SAMPLE_RATE // 2 :][: SAMPLE_RATE // 8]  # it is at 0.5 s
SEEN = 0.1  # of 0.5, that a drum adds
MAP = tuple(
    SoundMapSettings(source="onset", param=param, range=(0.0, 0.5), attack_seconds=0.0, release_seconds=0.2)
    for param in ("master/opacity", "latent/noise")
)


class MeasuredRunner(ShowRunner):
    """A show that knows what sound has moved in the frame that was presented last."""

    on_stage = in_picture = 0.0
    _received = 0.0

    def _take_frame(self, worker: SupervisedWorker, frame: FrameReady, now: float) -> None:
        super()._take_frame(worker, frame, now)
        self._received = frame.modulation.get("latent/noise", 0.0)

    def _present(self, now: float) -> None:
        received, on_stage = self._received, self.stage._fades.added_opacity
        super()._present(now)
        self.in_picture, self.on_stage = received, on_stage


def hop_costs() -> list[float]:
    """The CPU time of a hop in seconds, of each half second of 20 s of music, five times: other programs cost cache."""
    samples, costs = music(120.0, 20.0, hats=True), []
    hops = round(0.5 / HOP_SECONDS)
    for _ in range(5):
        analysis = SoundAnalysis()
        for first in range(0, len(samples), hops * HOP):
            began = time.process_time()
            for start in range(first, first + hops * HOP, 2 * HOP):
                analysis.feed(samples[start : start + 2 * HOP], start / SAMPLE_RATE)
            costs.append((time.process_time() - began) / hops)
    return costs


def latencies(generator: str, drums: int, folder: Path) -> tuple[list[float], list[float]]:
    """Seconds from a drum to the wall: its brightness, and the picture."""
    microphone = VirtualMicrophone(folder)
    os.environ.update(microphone.environment)
    microphone.start()
    show = Show(
        models=ModelSettings(generator=generator, perceptor="fake" if generator == "fake" else "auto"),
        osc=OscSettings(enabled=False),
        web=WebSettings(enabled=False),
        record=RecordSettings(folder=str(folder)),
        sound=SoundSettings(enabled=True, device=microphone.NAME, map=MAP),
        params={"master/opacity": 0.4},
    )
    runner = MeasuredRunner(
        RunOptions(show, headless=True, terminal=False), Stage.open(show.look, "", True), clock.now()
    )
    runner._start(clock.now())
    try:
        turn_until(
            runner, lambda: runner.conductor.renderer_ready and bool(runner.conductor.values["audio/live"]), 90.0
        )
        return [*zip(*(one_drum(runner, microphone) for _ in range(drums)), strict=True)]  # type: ignore[return-value]
    finally:
        runner._end()
        microphone.kill()


def one_drum(runner: MeasuredRunner, microphone: VirtualMicrophone) -> tuple[float, float]:
    """Play a drum into silence; return the seconds until each of the two is presented."""
    silent = clock.now() + 0.6 + random.random() / 30.0
    turn_until(runner, lambda: clock.now() > silent and not runner.on_stage and not runner.in_picture, 20.0)
    began = clock.now()
    microphone.play(DRUM)
    seen: dict[str, float] = {}

    def both_seen() -> bool:
        for name in ("on_stage", "in_picture"):
            if getattr(runner, name) > SEEN:
                seen.setdefault(name, clock.now() - began)
        return len(seen) == 2

    turn_until(runner, both_seen, 5.0)
    return seen["on_stage"], seen["in_picture"]


def turn_until(runner: ShowRunner, condition: Callable[[], bool], seconds: float) -> None:
    end = clock.now() + seconds
    while not condition():
        if clock.now() > end:
            raise SystemExit("the sound never reached the wall; is the machine too busy?")
        runner.turn()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--generator", default="fake")
    parser.add_argument("--drums", type=int, default=30)
    options = parser.parse_args()
    costs = hop_costs()
    best, middle = 1e6 * min(costs), 1e6 * float(np.median(costs))
    print(f"a hop of {1000 * HOP_SECONDS:.0f} ms, best / median half second: {best:.0f} / {middle:.0f} µs")
    with tempfile.TemporaryDirectory(prefix="mic") as folder:
        found = latencies(options.generator, options.drums, Path(folder))
        for what, measured in zip(("brightness", "picture"), found, strict=True):
            middle, high = (1000 * float(np.quantile(measured, share)) for share in (0.5, 0.95))
            print(f"drum to {what}, median / p95: {middle:.0f} / {high:.0f} ms")


if __name__ == "__main__":
    main()
