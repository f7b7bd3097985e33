"""Two shows in step on this machine: the same frames, and how far apart in time they are.

python -m tests.bench.walls [--seconds 40] [--show rehearsal] [--kill]

The journals of both say which frames were drawn (their checksums) and for which moment; both read the same clock. The
reports say how late frames were taken for the display. With `--kill` all of the follower is killed on the way and
started again.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Annotated, Any

import numpy as np
import typer
from rich.console import Console
from rich.table import Table

from installation.show.loader import show_path
from tests.running import RunningShow, free_port, running, until

LEAD_SECONDS = 0.3
WORDS = ("a red fox", "a white ship", "a burning city", "a golden moon")
SAY_SECONDS = 5.0  # between two prompts
FIRST_FRAME_SECONDS = 90.0
LOOK_SECONDS = 0.5  # between two looks into the journals, which are read from their beginning


@dataclass(frozen=True)
class Network:
    """Where the walls meet: ports of this test alone."""

    port: int
    place: str


def network(multicast: bool) -> Network:
    """A group, or the loopback address, on free ports."""
    host = "239.255.76.84" if multicast else "127.0.0.1"
    return Network(free_port(), f"{host}:{free_port()}")


@contextmanager
def wall(role: str, folder: Path, where: Network, show: str = "rehearsal", passcode: str = "") -> Iterator[RunningShow]:
    """A show that leads or follows."""
    folder.mkdir(parents=True)
    file = folder / f"{role}.toml"
    surface = f"[[surface]]\nkind = 'walls'\nrole = '{role}'\nto = ['{where.place}']\nport = {where.port}\n"
    text = show_path(show).read_text(encoding="utf-8")
    file.write_text(f"{text}\n{surface}passcode = '{passcode}'\nlead_seconds = {LEAD_SECONDS}\n")
    with running(str(file), folder) as started:
        yield started


@dataclass(frozen=True)
class Comparison:
    """What two walls have shown.

    Attributes:
        frames: Of the follower while it was led.
        same: Of them that the leader has drawn as well, by their checksums.
        skew: Seconds between the moments for which both were to be shown, of each frame that is unique.
    """

    frames: int
    same: int
    skew: list[float]


def compare(leader: list[dict[str, Any]], follower: list[dict[str, Any]], since: float) -> Comparison:
    """Compare the frames that the follower has drawn for a moment after `since` with all of the leader."""
    moments: dict[int, list[float]] = {}
    for frame in leader:
        moments.setdefault(frame["crc"], []).append(frame["show_at"] + LEAD_SECONDS)
    led = [frame for frame in follower if frame["show_at"] >= since]
    same = [frame for frame in led if frame["crc"] in moments]
    unique = [frame for frame in same if len(moments[frame["crc"]]) == 1]
    return Comparison(len(led), len(same), [abs(frame["show_at"] - moments[frame["crc"]][0]) for frame in unique])


def compare_walls(leader: RunningShow, follower: RunningShow, since: float) -> Comparison:
    """Compare what both have drawn; the journal of the leader may be a moment behind."""
    followed = follower.drawn()
    last = followed[-1]["show_at"]
    until(lambda: leader.drawn()[-1]["show_at"] >= last, FIRST_FRAME_SECONDS, "the journal of the leader")
    return compare(leader.drawn(), followed, since)


def led_since(leader: RunningShow, follower: RunningShow) -> float:
    """Wait until the follower draws what the leader has drawn; return the moment of that frame."""

    def first() -> float:
        time.sleep(LOOK_SECONDS)
        known = {frame["crc"] for frame in leader.drawn()}
        return next((frame["show_at"] for frame in follower.drawn() if frame["crc"] in known), 0.0)

    return float(until(first, FIRST_FRAME_SECONDS, "a frame of the leader on the follower"))


def main(
    seconds: Annotated[float, typer.Option(min=5.0)] = 40.0,
    show: Annotated[str, typer.Option()] = "rehearsal",
    kill: Annotated[bool, typer.Option("--kill")] = False,
) -> None:
    """Play, compare, and print."""
    folder, where = Path(mkdtemp(prefix="laterna-bench-")), network(multicast=True)
    table = Table("figure", "value")
    with wall("leader", folder / "leader", where, show) as leader, ExitStack() as stack:
        follower = stack.enter_context(wall("follower", folder / "follower", where, show))
        since = led_since(leader, follower)
        if kill:
            stack.close()
            began = time.perf_counter()
            follower = stack.enter_context(wall("follower", folder / "again", where, show))
            since = led_since(leader, follower)
            table.add_row("killed follower is in step again after", f"{since - began:.1f} s, its start included")
        for word in WORDS * (int(seconds / SAY_SECONDS / len(WORDS)) + 1):
            leader.say(word)
            time.sleep(SAY_SECONDS)
        found = compare_walls(leader, follower, since)
        late = [each.end(90.0)["walls"] for each in (follower, leader)]
    table.add_row("frames of the follower / the same as the leader's", f"{found.frames} / {found.same}")
    p50, p99 = np.percentile(found.skew, (50, 99)) * 1000.0
    table.add_row("their moments differ by, p50 / p99", f"{p50:.2f} / {p99:.2f} ms")
    for name, row in zip(("follower", "leader"), late, strict=True):
        table.add_row(f"{name}: shown late, p50 / p99", f"{row['late_ms_p50']} / {row['late_ms_p99']} ms")
    Console().print(table)


if __name__ == "__main__":
    typer.run(main)
