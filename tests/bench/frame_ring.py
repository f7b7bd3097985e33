"""What the checksum of a frame costs its writer: `python -m tests.bench.frame_ring` prints milliseconds a frame.

The stage's ring is written without one, since its readers are told about every frame and look at the header again.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from statistics import median

import numpy as np
from rich.console import Console
from rich.table import Table

from installation.core.frame_ring import FrameRing

SIZES = ((1280, 720), (1920, 1080), (3840, 2160))
FRAMES = 60


def milliseconds(ring: FrameRing, frame: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> float:
    """CPU time of the writer for one frame."""
    begun = time.process_time()
    ring.write(frame)
    return 1000 * (time.process_time() - begun)


def main() -> None:
    """Measures both ways by turns and prints the medians."""
    table = Table("size", "without, ms", "with checksum, ms", "saved, ms")
    dice = np.random.default_rng(1)
    with tempfile.TemporaryDirectory() as folder:
        for width, height in SIZES:
            frame = dice.integers(0, 255, (height, width, 3), dtype=np.uint8)
            rings = {
                checked: FrameRing(Path(folder) / f"{width}-{checked}", 4, frame.nbytes, checked)
                for checked in (False, True)
            }
            found: dict[bool, list[float]] = {False: [], True: []}
            for _ in range(FRAMES):
                for checked, ring in rings.items():
                    found[checked].append(milliseconds(ring, frame))
            without, checksum = median(found[False]), median(found[True])
            table.add_row(f"{width} x {height}", f"{without:.1f}", f"{checksum:.1f}", f"{checksum - without:.1f}")
    Console().print(table)


if __name__ == "__main__":
    main()
