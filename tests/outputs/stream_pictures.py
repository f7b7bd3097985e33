"""Pictures that carry a number through any encoder, and a viewer that reads it with FFmpeg."""

from __future__ import annotations

import itertools
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import imageio_ffmpeg
import numpy as np
from numpy.typing import NDArray

from installation.core.clock import now
from installation.outputs.interface import OutputSink

SIZE = (640, 360)
BITS = 12
BLOCK = 32  # pixels of a bit's square, in the top rows
ORANGE = (200, 120, 40)  # of a square at the bottom right


def numbered(number: int, size: tuple[int, int] = SIZE) -> NDArray[np.uint8]:
    """A picture whose top rows show its number in black and white squares, above a grey that moves, and an orange."""
    picture = np.full((size[1], size[0], 3), 40 + number % 100, np.uint8)
    picture[-BLOCK:, -BLOCK:] = ORANGE
    for bit in range(BITS):
        picture[:BLOCK, bit * BLOCK : (bit + 1) * BLOCK] = 255 * (number >> bit & 1)
    return picture


def number_of(picture: NDArray[np.uint8]) -> int:
    """The number in a picture, grey or RGB."""
    row = picture[BLOCK // 2, BLOCK // 2 : BITS * BLOCK : BLOCK].reshape(BITS, -1)[:, 0]
    return sum(int(level > 128) << bit for bit, level in enumerate(row))


class Source:
    """Writes numbered pictures to a sink in real time, from a thread; `sent` are their times."""

    def __init__(self, sink: OutputSink, rate: float = 30.0, size: tuple[int, int] = SIZE) -> None:
        self.sink, self.sent, self.error = sink, list[float](), ""
        self._rate, self._size, self._over = rate, size, threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        while not self._over.wait(max(0.0, (self.sent[-1] + 1 / self._rate - now()) if self.sent else 0.0)):
            self.sent.append(now())
            try:
                self.sink.write(numbered(len(self.sent) - 1, self._size), self.sent[-1])
            except Exception as error:  # noqa: BLE001 -- the test sees it
                self.error = str(error)
                return

    def __enter__(self) -> Source:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()


@contextmanager
def ffmpeg_viewer(url: str, *options: str, size: tuple[int, int] = SIZE) -> Iterator[Iterator[int]]:
    """The numbers of the pictures as FFmpeg shows them; it ends when the stream does, or with the block."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-loglevel", "error", "-fflags", "nobuffer", "-flags", "low_delay"]
    command += [
        "-analyzeduration",
        "500000",
        *options,
        "-i",
        url,
        "-fps_mode",
        "passthrough",
        "-f",
        "rawvideo",
        "-pix_fmt",
        "gray",
        "-",
    ]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        yield _numbers(process, size)
    finally:
        process.kill()
        process.wait()
        assert process.stdout
        process.stdout.close()


def _numbers(process: subprocess.Popen[bytes], size: tuple[int, int]) -> Iterator[int]:
    assert process.stdout
    while len(data := process.stdout.read(size[0] * size[1])) == size[0] * size[1]:
        yield number_of(np.frombuffer(data, np.uint8).reshape(size[1], size[0]))


def in_order(numbers: Sequence[int]) -> bool:
    """Whether each number is larger than the one before."""
    return all(after > before for before, after in itertools.pairwise(numbers))
