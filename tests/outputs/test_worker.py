"""The output worker as a real process, with the recorder as its sink."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any

import pytest

from installation.core.clock import now
from installation.core.frame_ring import FrameRing
from installation.core.messages import FramePresented, Notice
from installation.core.os_support import end_of_file
from installation.core.worker_shell import WorkerChannel
from installation.core.worker_status import OutputFigures, WorkerStatus
from installation.outputs.interface import FrameFormat, OutputConfig, OutputSpec, Picture
from installation.outputs.recorder import SPEC, RecorderSettings
from installation.outputs.worker import run_output, write_frames
from tests.outputs.pictures import grey, noise, numbers_of, pictures_of

RATE = 20
PATIENCE = 60.0  # seconds after which a test gives up
LATE = 2.0 / RATE  # seconds by which the first and the last frame of a film may differ from when they were presented


def config(ring: Path, path: Path, reserve_bytes: int = 0) -> OutputConfig:
    settings = RecorderSettings(path, reserve_bytes=reserve_bytes)
    return OutputConfig("recorder", SPEC, settings, ring, FrameFormat(0, 0, RATE))


@contextmanager
def recording(config: OutputConfig, target: Any = run_output) -> Iterator[tuple[Connection, SpawnProcess]]:
    """A running recorder process, and main's end of its pipe."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=target, args=(theirs, config))
    process.start()
    theirs.close()
    try:
        wait_for(ours, lambda message: isinstance(message, WorkerStatus) and message.state == "running")
        yield ours, process
    finally:
        process.kill()
        process.join(PATIENCE)


def wait_for(pipe: Connection, wanted: Any, seconds: float = PATIENCE) -> Any:
    """The first message that is wanted."""
    until = now() + seconds
    while now() < until:
        if pipe.poll(0.1) and wanted(message := pipe.recv()):
            return message
    pytest.fail("the message never came")


def present(pipe: Connection, ring: FrameRing, numbers: range, rich: bool = False) -> float:
    """Present frames in real time; return the seconds from the first to the last, longer on a machine that is busy."""
    times: list[float] = []
    for number in numbers:
        slot, info = ring.write(noise(number) if rich else grey(number))
        times.append(now())
        pipe.send(FramePresented(slot, info.sequence, times[-1]))
        time.sleep(max(0.0, times[0] + len(times) / RATE - now()))
    return times[-1] - times[0]


def has_frames(count: int) -> Any:
    """Whether a message says that so many frames are written."""
    return lambda message: (
        isinstance(message, WorkerStatus)
        and isinstance(message.figures, OutputFigures)
        and message.figures.frames >= count
    )


@pytest.fixture
def ring(tmp_path: Path) -> FrameRing:
    return FrameRing(tmp_path / "ring", 80, 160 * 96 * 3)  # room for all: a busy machine reads them when it can


@pytest.mark.slow
def test_the_end_of_the_pipe_finishes_the_file(tmp_path: Path, ring: FrameRing) -> None:
    with recording(config(ring.path, tmp_path / "a.mp4")) as (pipe, process):
        seconds = present(pipe, ring, range(30))
        end_of_file(pipe)
        if sys.platform != "win32":
            done = wait_for(pipe, lambda message: isinstance(message, WorkerStatus) and message.state == "done")
            assert done.figures.target == str(tmp_path / "a.mp4")
            assert done.figures.lost == 0
        process.join(PATIENCE)
        assert process.exitcode == 0
    numbers = numbers_of(tmp_path / "a.mp4")
    assert sorted(numbers) == numbers
    assert (numbers[0], numbers[-1]) == (0, 29)
    assert abs((len(numbers) - 1) / RATE - seconds) < LATE


class LastFrame:
    """A sink that presents one more frame just before main closes the pipe."""

    every_frame = True
    frames = 0

    def __init__(self, ring: FrameRing, pipe: Connection) -> None:
        self.ring, self.pipe = ring, pipe
        self.channel: WorkerChannel

    def open(self, frames: FrameFormat) -> None:
        pass

    def write(self, frame: Picture, at: float) -> None:  # noqa: ARG002
        self.frames += 1

    def missed(self, at: float) -> None:
        pass

    def tick(self, now: float) -> None:
        if not self.channel.closed:
            slot, info = self.ring.write(grey(1))
            self.pipe.send(FramePresented(slot, info.sequence, now))
            end_of_file(self.pipe)
            assert self.channel.wait(PATIENCE)

    def notices(self) -> list[str]:
        return []

    def figures(self) -> OutputFigures:
        return OutputFigures("last frame", frames=self.frames)

    def close(self, now: float) -> None:
        pass


def test_frames_presented_just_before_the_end_are_written(ring: FrameRing) -> None:
    ours, theirs = multiprocessing.Pipe()
    sink = LastFrame(ring, ours)
    sink.channel = WorkerChannel("output", theirs)
    spec = OutputSpec("last frame", "", int, lambda _settings: sink)
    write_frames(sink.channel, OutputConfig("output", spec, None, ring.path, FrameFormat(0, 0, RATE)))
    assert sink.frames == 1
    sink.channel.close(PATIENCE)
    ours.close()


class Blocked(LastFrame):
    """A sink whose first tick blocks until main has received two signs of life meanwhile."""

    signs = 0

    def tick(self, now: float) -> None:
        while not self.signs:  # of the time before
            self.signs += self._running()
        self.signs = 0
        while self.signs < 2:
            self.signs += self._running()
        super().tick(now)

    def _running(self) -> bool:
        message = self.pipe.recv() if self.pipe.poll(PATIENCE) else pytest.fail("no sign of life")
        return isinstance(message, WorkerStatus) and message.state == "running"


@pytest.mark.slow
def test_a_sink_that_blocks_shows_signs_of_life(ring: FrameRing) -> None:
    ours, theirs = multiprocessing.Pipe()
    sink = Blocked(ring, ours)
    sink.channel = WorkerChannel("output", theirs)
    spec = OutputSpec("blocked", "", int, lambda _settings: sink)
    write_frames(sink.channel, OutputConfig("output", spec, None, ring.path, FrameFormat(0, 0, RATE)))
    assert sink.signs >= 2
    sink.channel.close(PATIENCE)
    ours.close()


@pytest.mark.slow
def test_a_status_comes_every_second_even_when_nothing_is_presented(tmp_path: Path, ring: FrameRing) -> None:
    with recording(config(ring.path, tmp_path / "a.mp4")) as (pipe, _):
        begun = now()
        for _ in range(2):
            sign = wait_for(pipe, lambda message: isinstance(message, WorkerStatus))
            assert sign.figures.frames == 0
        assert now() - begun > 0.8
    assert not (tmp_path / "a.mp4").exists()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")
def test_the_successor_of_a_killed_recorder_joins_both_parts(tmp_path: Path, ring: FrameRing) -> None:
    with recording(config(ring.path, tmp_path / "a.mp4")) as (pipe, process):
        assert process.pid
        os.kill(process.pid, signal.SIGINT)  # left to main
        present(pipe, ring, range(50), rich=True)
        wait_for(pipe, has_frames(50))
        os.kill(process.pid, signal.SIGKILL)
        process.join(PATIENCE)
    with recording(config(ring.path, tmp_path / "a.mp4")) as (pipe, process):
        present(pipe, ring, range(5))
        pipe.close()
        process.join(PATIENCE)
    assert [path.name for path in tmp_path.glob("*.mp4")] == ["a.mp4"]
    assert numbers_of(tmp_path / "a.mp4")[-1] == 4
    assert len(pictures_of(tmp_path / "a.mp4")) >= 1.5 * RATE


def limited_recorder(connection: Connection, config: OutputConfig) -> None:
    """A recorder in a process that may not write files larger than 300 kB."""
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
    run_output(connection, config)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="file size limits are POSIX's")
def test_a_disk_that_refuses_in_the_middle_leaves_a_playable_file(tmp_path: Path, ring: FrameRing) -> None:
    with recording(config(ring.path, tmp_path / "a.mp4"), limited_recorder) as (pipe, process):
        present(pipe, ring, range(70), rich=True)
        notice = wait_for(pipe, lambda message: isinstance(message, Notice))
        assert notice.text.startswith(f"Cannot record to {tmp_path}: file too large. The show goes on")
        wait_for(
            pipe,
            lambda message: (
                isinstance(message, WorkerStatus)
                and isinstance(message.figures, OutputFigures)
                and message.figures.lost > 0
            ),
        )
        pipe.close()
        process.join(PATIENCE)
        assert process.exitcode == 0
    assert len(pictures_of(tmp_path / "a.mp4")) >= RATE
    assert (tmp_path / "a.mp4").stat().st_size <= 300_000
