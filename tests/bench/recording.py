"""The cost of recording: `python -m tests.bench.recording` prints CPU per frame and disk per minute as JSON."""

from __future__ import annotations

import json
import tempfile
import time
from pathlib import Path

from installation.core.frame_ring import FrameRing
from installation.core.messages import FramePresented
from installation.outputs.interface import FrameFormat
from installation.outputs.recorder import Recorder, RecorderSettings
from installation.outputs.worker import deliver
from tests.outputs.pictures import gradients

SIZE = (1280, 720)
RATE = 30
SECONDS = 4
ROUNDS = 3


def measure(folder: Path) -> dict[str, float]:
    """CPU per frame of moving gradients, and per repeated frame; the best of three rounds."""
    pictures = [gradients(number / RATE, SIZE) for number in range(SECONDS * RATE)]
    ring = FrameRing(folder / "ring", 4, SIZE[0] * SIZE[1] * 3)
    moving, still, size = [], [], 0
    for turn in range(ROUNDS):
        recorder = Recorder(RecorderSettings(folder / f"{turn}.mp4"))
        recorder.open(FrameFormat(*SIZE, RATE))
        spent = 0.0
        for number, picture in enumerate(pictures):
            slot, info = ring.write(picture)
            begun = time.process_time()
            deliver([FramePresented(slot, info.sequence, number / RATE)], ring, recorder)
            spent += time.process_time() - begun
        moving.append(spent / len(pictures))
        size = recorder.figures().bytes
        begun = time.process_time()
        for number in range(SECONDS * RATE):
            recorder.tick(SECONDS + number / RATE)
        still.append((time.process_time() - begun) / (SECONDS * RATE))
        recorder.close(2 * SECONDS)
    return {
        "cpu_ms_per_frame": round(min(moving) * 1e3, 2),
        "cpu_ms_per_repeated_frame": round(min(still) * 1e3, 2),
        "megabytes_per_minute": round(size / 1e6 * 60 / (SECONDS - 1), 1),  # the last second is not written yet
    }


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        print(json.dumps(measure(Path(name)), indent=2))
