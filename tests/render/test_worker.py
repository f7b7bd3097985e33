"""The render worker as a real process on the fakes: frames, Directions, and a replay with equal frames."""

from __future__ import annotations

import multiprocessing
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from installation.core import clock
from installation.core.frame_ring import FrameRing
from installation.core.messages import Direction, FrameLatents, FrameReady, Notice, Prompt
from installation.core.worker_shell import WorkerChannel
from installation.core.worker_status import RendererFigures, RendererHandover, WorkerStatus
from installation.models.fake import FakeGenerator
from installation.models.interfaces import Latents
from installation.render.fake import FakeDreamFactory
from installation.render.interfaces import RendererConfig
from installation.render.latent_walk import PHASE_WRAP
from installation.render.replay import replay_frames
from installation.render.worker import RenderLoop, run_renderer
from installation.show.settings import DreamSettings, ModelSettings

PATIENCE = 30.0  # seconds that a busy machine may take to start a process


class Running:
    """A renderer process, and every message it has sent."""

    def __init__(self, config: RendererConfig) -> None:
        self.config = config
        context = multiprocessing.get_context("spawn")
        self.connection: Connection
        self.connection, theirs = context.Pipe()
        self.process: SpawnProcess = context.Process(target=run_renderer, args=(theirs, config), daemon=True)
        self.process.start()
        theirs.close()
        self.said: list[Any] = []

    def until(self, wanted: Callable[[Any], bool]) -> Any:
        """Receive until a message is wanted."""
        give_up = time.monotonic() + PATIENCE
        while self.connection.poll(max(0.0, give_up - time.monotonic())):
            self.said.append(self.connection.recv())
            if wanted(self.said[-1]):
                return self.said[-1]
        pytest.fail(f"the expected message did not come; the last ones: {self.said[-3:]}")

    def drawn(self) -> list[FrameReady]:
        return [message for message in self.said if isinstance(message, FrameReady)]

    def direct(self, direction: Direction) -> None:
        self.connection.send(direction)


@pytest.fixture
def config(tmp_path: Path) -> RendererConfig:
    FrameRing(tmp_path / "frames", 4, 64 * 64 * 3).close()
    models = ModelSettings(generator="fake", perceptor="fake", height=64)
    return RendererConfig(models, DreamSettings(), tmp_path / "frames", (1, 1), 60.0, 7, Direction(take=1))


@contextmanager
def life(config: RendererConfig) -> Iterator[Running]:
    alive = Running(config)
    try:
        yield alive
    finally:
        alive.connection.close()
        alive.process.join(PATIENCE)
        alive.process.kill()


def figures_of(message: Any) -> object:
    return getattr(message, "figures", None)


def words(number: int, text: str) -> Direction:
    return Direction(take=1, prompts=(Prompt(number, text),), fade_seconds=0.5, number=number)


def frames_of(number: int, count: int = 1) -> Callable[[Any], bool]:
    """Whether that many frames of a prompt have been drawn, the last of them with dream work."""
    seen: list[FrameReady] = []

    def wanted(message: Any) -> bool:
        if isinstance(message, FrameReady) and message.prompt_id == number:
            seen.append(message)
        return len(seen) >= count and sum(each.steps for each in seen) > 5

    return wanted


@pytest.mark.slow
def test_words_are_drawn_and_dreamed_and_a_replay_draws_the_same_frames(config: RendererConfig) -> None:
    directions = [words(1, "a fox"), words(2, "snow | people:-1"), words(3, "the sea")]
    directions.append(replace(directions[-1], params={"walk/speed": 1.0, "dream/rate": 1.0}, number=4))
    with life(config) as renderer:
        renderer.until(lambda said: isinstance(said, FrameReady))
        for direction in directions:
            renderer.direct(direction)
            renderer.until(frames_of(direction.prompts[0].id, 10))
    records = renderer.drawn()
    assert len(records) > 40
    assert renderer.process.exitcode == 0  # at the end of its pipe it leaves by itself
    assert [crc for crc, _ in replay_frames(config, directions, records)] == [record.crc for record in records]
    assert len({record.crc for record in records}) > 40


@pytest.mark.slow
def test_it_says_what_it_spends_and_where_a_successor_begins(config: RendererConfig) -> None:
    with life(replace(config, direction=words(4, "a fox"))) as renderer:
        assert renderer.until(lambda said: said is not None) == WorkerStatus("renderer", "starting")
        renderer.until(frames_of(4, 100))
        sign = renderer.until(
            lambda said: isinstance(figures_of(said), RendererFigures) and said.figures.steps_per_second > 10
        )
    assert sign.state == "running"
    figures, left = sign.figures, sign.handover
    assert (figures.generated_size, figures.prompt_id) == ((64, 64), 4)
    assert figures.score > figures.start_score
    assert 20 < figures.generated_fps < 61
    assert [part.shape for part in (left.z, left.classes)] == [(1, FakeGenerator.z_dim), (1, 7)]


@pytest.mark.slow
def test_a_successor_goes_on_where_its_predecessor_was_killed(config: RendererConfig) -> None:
    with life(replace(config, direction=words(4, "a fox"))) as renderer:
        renderer.until(frames_of(4, 60))
        sign = renderer.until(lambda said: isinstance(getattr(said, "handover", None), RendererHandover))
        renderer.process.kill()
    latents = sign.handover.z, sign.handover.classes
    with life(replace(config, direction=words(4, "a fox"), latents=latents)) as renderer:
        first = renderer.until(lambda said: isinstance(said, FrameReady))
        assert renderer.until(frames_of(4)).prompt_id == 4
    begins = FakeGenerator().paint(Latents(*latents), (64, 64), first.show_at % PHASE_WRAP)
    assert zlib.crc32(np.ascontiguousarray(begins).data) == first.crc


@pytest.mark.slow
def test_only_the_latest_direction_is_shown_and_the_frame_says_which(config: RendererConfig) -> None:
    with life(config) as renderer:
        renderer.until(lambda said: isinstance(said, FrameReady))
        for number in range(1, 31):
            renderer.direct(words(number, f"words {number}"))
        assert renderer.until(lambda said: isinstance(said, FrameReady) and said.prompt_id == 30).direction == 30


def test_a_killed_renderer_leaves_no_torn_frame_that_a_reader_would_take(config: RendererConfig) -> None:
    ring = FrameRing(config.ring)
    with life(replace(config, direction=words(4, "a fox"))) as renderer:
        renderer.until(frames_of(4, 5))
        renderer.process.kill()
        renderer.process.join()
    whole = []
    for slot in range(ring.slots):
        if info := ring.info(slot):
            frame = ring.read(slot, info.sequence, check=False)
            whole.append(frame is not None and zlib.crc32(frame.data) == info.crc)
    ring.close()
    assert whole
    assert all(whole)


def test_words_that_ask_for_nothing_are_told(config: RendererConfig) -> None:
    with life(config) as renderer:
        renderer.until(lambda said: isinstance(said, FrameReady))
        renderer.direct(words(5, "people:-1"))
        notice = renderer.until(lambda said: isinstance(said, Notice))
    assert (notice.worker, notice.prompt_id) == ("renderer", 5)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ({"models": ModelSettings(generator="fakir", perceptor="fake", device="cpu")}, "did you mean 'fake'?"),
        ({"ring": Path("nowhere")}, "FileNotFoundError"),
    ],
)
def test_a_renderer_that_cannot_start_says_why(config: RendererConfig, broken: dict[str, Any], reason: str) -> None:
    with life(replace(config, **broken)) as renderer:
        sign = renderer.until(lambda said: isinstance(said, WorkerStatus) and said.state == "failed")
        renderer.process.join(PATIENCE)
    assert reason in sign.reason
    assert renderer.process.exitcode == 1


@pytest.mark.slow
def test_a_follower_draws_the_frames_of_its_leader_and_goes_on_alone_when_they_cease(
    config: RendererConfig, tmp_path: Path
) -> None:
    FrameRing(tmp_path / "other", 4, 64 * 64 * 3).close()
    with (
        life(replace(config, leads=True, direction=words(4, "a fox"))) as leader,
        life(replace(config, ring=tmp_path / "other", seed=8, direction=words(9, "a wolf"))) as follower,
    ):
        follower.until(lambda said: isinstance(said, FrameReady))
        in_a_minute = clock.now() + 60.0  # frames of the leader are due later, its own are not
        for _ in range(20):
            latents = leader.until(lambda said: isinstance(said, FrameLatents))
            drawn = leader.drawn()[-1]
            follower.connection.send(replace(latents, show_at=latents.show_at + 100.0))
            led = follower.until(lambda said: isinstance(said, FrameReady) and said.show_at > in_a_minute)
            assert (led.crc, led.show_at, led.prompt_id) == (drawn.crc, latents.show_at + 100.0, 9)
        follower.until(lambda said: isinstance(said, FrameReady) and said.steps > 0)
    assert follower.process.exitcode == 0


def test_frames_of_a_leader_that_cannot_be_painted_are_told_once(config: RendererConfig) -> None:
    point = FakeGenerator().sample(1, 3)
    with life(config) as renderer:
        for _ in range(3):
            renderer.connection.send(FrameLatents(point.z, point.classes, 1.0, 0.8, 1, 5.0, "theatre"))
        notice = renderer.until(lambda said: isinstance(said, Notice))
        renderer.direct(words(4, "a fox"))
        renderer.until(frames_of(4))
    assert "The leader plays 'theatre', this wall 'fake'" in notice.text
    assert [said for said in renderer.said if isinstance(said, Notice)] == [notice]


class RecordedChannel:
    """The channel of a loop in this process; `notices` are what the operator reads."""

    closed = False

    def __init__(self) -> None:
        self.notices: list[str] = []

    def notice(self, text: str, _prompt_id: int = 0) -> None:
        self.notices.append(text)

    def status(self, *_what: Any, **_figures: Any) -> None:
        return


def test_a_generator_that_is_too_large_for_its_device_is_told_once(config: RendererConfig) -> None:
    channel = RecordedChannel()
    loop = RenderLoop(cast(WorkerChannel, channel), config)
    for _ in range(9):
        loop.budget.frame_cost.add(1.5)
    loop._report(0.0)
    loop._report(60.0)
    assert not channel.notices  # the perceptor is still loading
    loop.renderer.dream_factory = FakeDreamFactory(loop.generator)
    loop._report(60.5)
    assert not channel.notices
    loop._report(70.5)
    loop._report(90.0)
    assert channel.notices == [
        "'fake' needs 1.5 s for a frame on 'cpu': the stage blends from one to the next. A lower height in [models], "
        "or another generator, moves."
    ]
