"""A small mutation fuzzer: seeded, for a duration, with a budget of CPU time and memory for each input."""

from __future__ import annotations

import os
import random
import resource
import signal
import sys
import time
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from installation.core.errors import LaternaError

SECONDS = float(os.environ.get("LATERNA_FUZZ_SECONDS", "0.2"))
SEED = int(os.environ.get("LATERNA_FUZZ_SEED", "1"))
MAX_SENTENCE = 300  # characters
MAX_SENTENCES = 6  # a show file may have several mistakes
MAX_CPU_SECONDS = 10.0  # for one input: most take milliseconds
MAX_MEGABYTES = 400  # by which the peak memory of the process may grow

NUMBERS = (
    b"0",
    b"-1",
    b"nan",
    b"inf",
    b"-inf",
    b"1e400",
    b"65536",
    b"4294967296",
    b"-9223372036854775809",
    b"9" * 5_000,
)
NOISE = (b"\0", b"\xff", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\x1b[2J", b"\r\n", b"\n", b" " * 500, "\u202e𝕏é".encode())


@dataclass(frozen=True)
class Outcome:
    """How many inputs were tried, and how many of them were accepted."""

    tried: int
    accepted: int


def fuzz(check: Callable[[bytes], object], samples: Sequence[bytes], words: Sequence[bytes] = ()) -> Outcome:
    """Pass mutations of the samples to `check` for `SECONDS`, at least 20 of them, after the samples themselves.

    `check` returns if an input is accepted, and raises a LaternaError of a few short sentences if it is not. Anything
    else fails, with the input written to a file.

    Args:
        check: Reads an input.
        samples: Valid inputs.
        words: Parts of the format that mutations insert.
    """
    dice = random.Random(SEED)
    peak, end = _peak_megabytes(), time.monotonic() + SECONDS
    tried = accepted = 0
    for data in _inputs(samples, words, dice):
        if tried >= len(samples) + 20 and time.monotonic() > end:
            break
        tried += 1
        try:
            with _cpu_limit(MAX_CPU_SECONDS):
                check(data)
            accepted += 1
        except LaternaError as error:
            problem = _problem(str(error))
        except BaseException as error:
            raise AssertionError(f"{type(error).__name__} instead of a sentence: {_kept(data, tried)}") from error
        else:
            problem = ""
        if _peak_megabytes() > peak + MAX_MEGABYTES:
            problem = f"more than {MAX_MEGABYTES} MB were used"
        assert not problem, f"{problem}: {_kept(data, tried)}"
    return Outcome(tried, accepted)


def _problem(message: str) -> str:
    """What is wrong with an error message; "" if nothing is."""
    lines = message.split("\n")
    if not message.strip() or len(lines) > MAX_SENTENCES or max(map(len, lines)) > MAX_SENTENCE:
        return f"not a short sentence: {message!r}"
    harmful = [each for line in lines for each in line if unicodedata.category(each) in ("Cc", "Cs")]
    return f"contains {harmful[0]!r}: {message!r}" if harmful else ""


def _kept(data: bytes, number: int) -> str:
    path = Path(os.environ.get("TMPDIR", "/tmp")) / f"laterna-fuzz-{os.getpid()}-{number}"
    path.write_bytes(data)
    return f"input {number} of seed {SEED}, kept in {path}"


def _peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)


@contextmanager
def _cpu_limit(seconds: float) -> Iterator[None]:
    """Interrupt the block after so many seconds of CPU time of this process."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise TimeoutError(f"more than {seconds} s of CPU time")

    previous = signal.signal(signal.SIGVTALRM, interrupt)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0.0)
        signal.signal(signal.SIGVTALRM, previous)


# -- mutations -------------------------------------------------------------------------------------------------------


def _inputs(samples: Sequence[bytes], words: Sequence[bytes], dice: random.Random) -> Iterator[bytes]:
    yield from samples
    while True:
        data = dice.choice(samples)
        for _ in range(dice.choice((1, 1, 2, 4, 16))):
            data = _mutated(data, samples, words, dice)
        yield data


def _mutated(data: bytes, samples: Sequence[bytes], words: Sequence[bytes], dice: random.Random) -> bytes:
    at = dice.randrange(len(data) + 1)
    length = dice.choice((1, 2, 4, 16, 64, 1024))
    inserted = dice.choice([*words, *NOISE, *NUMBERS])
    match dice.randrange(9):
        case 0:
            return data[:at] + bytes([dice.randrange(256)]) + data[at + 1 :]
        case 1 if data:
            flipped = data[at % len(data)] ^ (1 << dice.randrange(8))
            return data[: at % len(data)] + bytes([flipped]) + data[at % len(data) + 1 :]
        case 2:
            return data[:at] + data[at + length :]
        case 3:
            return data[:at] + data[at : at + length] * dice.choice((2, 3, 100)) + data[at + length :]
        case 4:
            return data[:at] + inserted + data[at:]
        case 5:
            return data[:at] + inserted + data[at + len(inserted) :]
        case 6:
            other = dice.choice(samples)
            return data[:at] + other[dice.randrange(len(other) + 1) :]
        case 7:
            return data[:at]
        case _:
            return _with_another_number(data, dice)


def _with_another_number(data: bytes, dice: random.Random) -> bytes:
    """Replace a run of digits, if there is one after a random position."""
    start = next((i for i in range(dice.randrange(len(data) + 1), len(data)) if data[i : i + 1].isdigit()), None)
    if start is None:
        return data
    stop = next((i for i in range(start, len(data)) if not data[i : i + 1].isdigit()), len(data))
    return data[:start] + dice.choice(NUMBERS) + data[stop:]
