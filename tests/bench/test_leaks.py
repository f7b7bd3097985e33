"""The detector of leaks, on a process that really leaks, and on one that does not."""

from __future__ import annotations

import subprocess
import sys

import psutil
import pytest

from tests.bench.leaks import Sample, leaks, parse_card_memory, sample, theil_sen

WORDS = 1500
EVERY = 25  # words between two samples
PROCESS = """
import os, sys
kept = []
for line in sys.stdin:
    work = [os.urandom(4096) for _ in range(8)]  # what a word needs, and gives back
    {leak}
    print(flush=True)
"""


def watched(leak: str) -> list[Sample]:
    """The samples of a process that takes `WORDS` words, and does this with each."""
    command = [sys.executable, "-c", PROCESS.format(leak=leak)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin
        assert process.stdout
        samples = []
        for word in range(WORDS + 1):
            process.stdin.write("a word\n")
            process.stdin.flush()
            process.stdout.readline()
            if word % EVERY == 0:
                samples.append(sample(psutil.Process(process.pid), word, word / 10, {}))
        process.stdin.close()
    return samples


@pytest.mark.slow
@pytest.mark.parametrize(
    ("leak", "found"),
    [
        ("pass", ""),
        ("kept.append(os.urandom(4096))", "KiB of private memory a word"),
        ("len(kept) < 200 and kept.append(os.urandom(65536))", ""),  # a cache that fills in the warm-up
        ("len(kept) < 900 and kept.append(os.open('/dev/null', 0))", "descriptors in a thousand words"),
    ],
)
def test_a_leak_of_four_kib_a_word_is_found_and_a_cache_is_none(leak: str, found: str) -> None:
    said = leaks(watched(leak))
    assert [found in text for text in said] == [True] * bool(found), said


def test_the_slope_is_that_of_most_points() -> None:
    words = list(range(0, 1000, 10))
    outliers = [3000.0 if word % 200 == 0 else 40.0 + 0.5 * word for word in words]
    assert theil_sen(words, outliers) == pytest.approx(0.5, abs=0.01)
    assert theil_sen(words, [100.0 if word < 600 else 900.0 for word in words]) == 0.0  # one step
    assert theil_sen([5.0], [1.0]) == 0.0


def test_memory_of_cards_is_added_up_by_process() -> None:
    text = "4711, 812\n 4711, 100\n99, [N/A]\n\nNo running processes found\n"
    assert parse_card_memory(text) == {4711: 912 * 1024.0}
