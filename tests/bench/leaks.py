"""Finds leaks: what processes hold is sampled after so many words, and its growth per word is estimated robustly."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

import numpy as np
import psutil

WARM_UP_SHARE = 1 / 3  # of the words, in which caches fill
MAX_KIB_A_WORD = 1.0  # of private memory, or of a card's
MAX_A_THOUSAND_WORDS = 0.5  # file descriptors, threads and the like
KIB = 1024.0
FIGURES = ("private", "resident", "card", "descriptors", "threads")


@dataclass(frozen=True)
class Sample:
    """What a process holds after so many words; memory in KiB."""

    words: int
    seconds: float
    private: float  # anonymous pages: what is shared, such as frame rings and libraries, does not count
    resident: float
    card: float
    descriptors: int
    threads: int


def theil_sen(x: Sequence[float], y: Sequence[float]) -> float:
    """The median slope of all pairs of points, which outliers and single steps do not move (Sen, 1968)."""
    dx, dy = np.subtract.outer(x, x), np.subtract.outer(y, y)
    later = dx > 0
    return float(np.median(dy[later] / dx[later])) if later.any() else 0.0


def after_warm_up(samples: Sequence[Sample]) -> list[Sample]:
    """The samples that count."""
    return [each for each in samples if each.words >= samples[-1].words * WARM_UP_SHARE]


def growth(samples: Sequence[Sample], figure: str) -> float:
    """How much a figure grows with each word, after the warm-up."""
    counted = after_warm_up(samples)
    return theil_sen([each.words for each in counted], [getattr(each, figure) for each in counted])


def megabytes_an_hour(samples: Sequence[Sample]) -> float:
    """How much private memory grows with time, after the warm-up: also what each frame leaks, not each word."""
    counted = after_warm_up(samples)
    slope = theil_sen([each.seconds for each in counted], [each.private for each in counted])
    return slope * 3600 * KIB / 1e6


def leaks(samples: Sequence[Sample]) -> list[str]:
    """What a process leaks, in sentences."""
    found = []
    for figure in ("private", "card"):
        if (slope := growth(samples, figure)) > MAX_KIB_A_WORD:
            found.append(f"{slope:.2f} KiB of {figure} memory a word")
    for figure in ("descriptors", "threads"):
        if (slope := 1000 * growth(samples, figure)) > MAX_A_THOUSAND_WORDS:
            found.append(f"{slope:.1f} {figure} in a thousand words")
    return found


def sample(process: psutil.Process, words: int, seconds: float, card: Mapping[int, float]) -> Sample:
    """Look at a process. `card`: memory of each process id on the cards, in KiB. Raises psutil.Error if it is gone."""
    memory = process.memory_info()
    return Sample(
        words,
        seconds,
        (memory.rss - getattr(memory, "shared", 0)) / KIB,  # only Linux tells shared pages apart
        memory.rss / KIB,
        card.get(process.pid, 0.0),
        process.num_fds(),
        process.num_threads(),
    )


def card_memory() -> dict[int, float]:
    """Memory on NVIDIA cards by process id, in KiB; empty where there is none."""
    if not shutil.which("nvidia-smi"):
        return {}
    query = ["nvidia-smi", "--query-compute-apps=pid,used_memory", "--format=csv,noheader,nounits"]
    ended = subprocess.run(query, capture_output=True, text=True, timeout=10)
    return parse_card_memory(ended.stdout) if ended.returncode == 0 else {}


def parse_card_memory(text: str) -> dict[int, float]:
    """The lines `pid, MiB` of nvidia-smi; a process on several cards has several, and some say [N/A]."""
    used: dict[int, float] = {}
    for line in text.splitlines():
        pid, _, mib = line.partition(",")
        if pid.strip().isdigit() and mib.strip().isdigit():
            used[int(pid)] = used.get(int(pid), 0.0) + int(mib) * KIB
    return used


def shared_bytes(pids: Sequence[int]) -> int:
    """The size of the files in memory that these processes have mapped: the frame rings of a show."""
    files: dict[Path, int] = {}
    for pid in pids:
        for line in _lines(Path(f"/proc/{pid}/maps")):
            path = Path(line.split(maxsplit=5)[-1])
            if path.is_relative_to("/dev/shm") and path.exists():
                files[path] = path.stat().st_size
    return sum(files.values())


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text().splitlines()
    except OSError:  # the process is gone
        return []


def write_samples(path: Path, samples: Mapping[str, Sequence[Sample]]) -> None:
    """Write all samples as CSV."""
    rows = [",".join([name, *map(str, astuple(each))]) for name, one in samples.items() for each in one]
    path.write_text("\n".join([f"process,words,seconds,{','.join(FIGURES)}", *rows]) + "\n", encoding="utf-8")
