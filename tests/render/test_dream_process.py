"""Dreams in a process of their own: the same pieces as here, at the same frames, and errors that are told."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, cast

import numpy as np
import psutil
import pytest

from installation.core.frame_ring import FrameRing
from installation.core.messages import Direction, FrameReady, Modulation, Prompt
from installation.core.worker_shell import WorkerChannel
from installation.core.worker_status import RendererResumed
from installation.models.fake import FakeGenerator
from installation.models.interfaces import Picture, Point
from installation.render import dream_process, worker
from installation.render.dream_process import DreamProcess, DreamsLost, has_process
from installation.render.fake import SEARCH_PIECES, FakeDream
from installation.render.interfaces import DreamProtocol, RendererConfig
from installation.render.rendered_frame import RenderedFrame
from installation.render.replay import replay_frames
from installation.render.worker import RenderLoop
from installation.show.settings import DreamSettings, ModelSettings
from tests.running import ROOT, until

FAKE = ModelSettings(generator="fake", perceptor="fake", height=64, device="cpu")
CONFIG = RendererConfig(FAKE, DreamSettings(), Path(), (1, 1), 60.0, 7, Direction(take=1))
FOX = [Prompt(4, "a fox")]
LIMIT = 90.0  # seconds, on a busy machine


@contextmanager
def process_of(config: RendererConfig = CONFIG) -> Iterator[DreamProcess]:
    process = DreamProcess(config)
    try:
        yield process.load()
    finally:
        process.close()


def has_finished(process: DreamProcess) -> bool:
    """Whether it has loaded all, or said that it could not."""
    process.poll()
    return process._finished.is_set()


def same(point: Point, other: Point) -> bool:
    return np.array_equal(point.z, other.z) and np.array_equal(point.classes, other.classes)


def here() -> FakeDream:
    return FakeDream(FakeGenerator(), FOX, 3, {"dream/rate": 0.5})


def test_each_piece_is_the_one_that_would_have_been_done_here() -> None:
    with process_of() as process:
        ours, remote = here(), process.dream(FOX, 3, {"dream/rate": 0.5})
        assert same(ours.point(), remote.point())
        process.run()
        for _ in range(SEARCH_PIECES + 12):
            assert remote.step() == ours.step()
            assert same(ours.point(), remote.point())
            assert (remote.prompt_id, remote.steps, remote.score) == (4, ours.steps, ours.score)
        assert remote.related_classes() == ours.related_classes()
        assert same(process.attract_point(9), FakeGenerator().sample(1, 9))
        until(lambda: has_finished(process), LIMIT, "the end of loading")
        process.finish_loading()


def test_what_is_changed_is_changed_after_the_piece_in_flight_and_before_the_next_one() -> None:
    with process_of() as process:
        ours, remote = here(), process.dream(FOX, 3, {"dream/rate": 0.5})
        process.run()
        until(lambda: process.ready, LIMIT, "a piece")
        process.hold()
        while process.ready:
            assert ours.step() == remote.step()
        for dream in (ours, remote):
            dream.set_prompts([Prompt(4, "a wolf")])
            dream.set_params({"dream/rate": 1.0})
            dream.set_cutouts(5)
        assert not process.ready
        assert remote.cutouts == 5
        process.run()
        for _ in range(5):
            assert ours.step() == remote.step()
            assert same(ours.point(), remote.point())


def test_what_is_left_to_do_is_done_while_a_dream_is_being_started() -> None:
    done: list[bool] = []
    with process_of() as process:
        process.meanwhile = lambda: done.append(process.running)
        remote = process.dream(FOX, 3, {"dream/rate": 0.5})
    assert done == [False]
    assert same(remote.point(), here().point())


def test_an_error_of_a_piece_is_raised_where_the_piece_is_taken_over() -> None:
    with process_of() as process:
        remote = process.dream(FOX, 3, {})
        remote.set_cutouts(cast(Any, "many"))
        process.run()
        for _ in range(SEARCH_PIECES):
            remote.step()
        with pytest.raises(TypeError, match="unsupported operand") as raised:
            remote.step()
    assert "in step" in raised.value.__notes__[0]  # where it was raised, in the other process


def test_the_end_of_the_process_is_an_error() -> None:
    with process_of() as process:
        remote = process.dream(FOX, 3, {})
        process._process.kill()
        with pytest.raises(DreamsLost, match="has ended with exit status -9; it is started again"):
            remote.set_cutouts(3)


def take_all(process: DreamProcess, remote: DreamProtocol) -> None:
    """Take over what is done, as frames do, for ever."""
    process.run()
    while True:
        if process.ready:
            remote.step()
        time.sleep(0.01)


@pytest.mark.slow
@pytest.mark.parametrize("running", [True, False])
def test_a_stopped_process_is_given_up_whether_it_is_waited_for_or_not(running: bool) -> None:
    with process_of() as process:
        remote = process.dream(FOX, 3, {})
        psutil.Process(process._process.pid).suspend()
        with pytest.raises(DreamsLost, match="has not answered for 1 s; it is started again"):
            take_all(process, remote) if running else remote.set_cutouts(3)
    assert process._process.poll() == -signal.SIGKILL


def test_a_process_that_waits_is_given_up_and_one_that_computes_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dream_process, "HUNG_SECONDS", 0.3)
    monkeypatch.setattr(dream_process, "LOOK_SECONDS", 0.05)
    with process_of() as process:
        doing, used = iter(["busy", "waiting", "waiting"]), iter([1.0, 2.0, 2.0])
        monkeypatch.setattr(dream_process, "activity", lambda _pid: next(doing))
        monkeypatch.setattr(dream_process, "cpu_seconds", lambda _pid: next(used))
        with pytest.raises(DreamsLost, match="has not answered"):
            process._receive_rest(0.3)  # nothing was asked for: it says nothing
        assert next(doing, None) is None


BESIDE = """
import signal, sys, time
from installation.render.dream_process import DreamProcess
from tests.render.test_dream_process import CONFIG

print(DreamProcess(CONFIG).load()._process.pid, flush=True)
signal.pause()
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux kills a process with its parent")
def test_a_stopped_process_does_not_outlive_a_renderer_that_is_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", BESIDE], cwd=ROOT, stdout=subprocess.PIPE, text=True) as renderer:
        assert renderer.stdout
        dreams = psutil.Process(int(renderer.stdout.readline()))
        dreams.suspend()
        renderer.kill()
    until(lambda: not dreams.is_running() or dreams.status() == psutil.STATUS_ZOMBIE, LIMIT, "its end")


def test_it_ends_when_the_renderer_is_gone() -> None:
    with process_of() as process:
        process.dream(FOX, 3, {})
        process.run()
        process._connection.close()
        assert process._process.wait(LIMIT) == 0


def test_a_card_a_single_core_and_a_generator_that_needs_no_torch_need_no_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    config = replace(CONFIG, models=ModelSettings(generator="theatre", perceptor="clip-embedded", device="cpu"))
    card = replace(config, models=config.models.model_copy(update={"device": "cuda"}))
    assert not has_process(config)  # in main, whose models another process may not know
    monkeypatch.setattr(dream_process, "is_worker_process", lambda: True)
    for name, value in (("can_start_helpers", True), ("cores", 2), ("available_memory", 16 << 30)):
        monkeypatch.setattr(dream_process, name, lambda value=value: value)
    assert [has_process(each) for each in (config, card, CONFIG)] == [True, False, False]
    monkeypatch.setattr(dream_process, "cores", lambda: 1)
    assert not has_process(config)


class Script:
    """The channel of a loop in this process; `sent` are the frames."""

    closed = False

    def __init__(self) -> None:
        self.waiting: list[Any] = []
        self.sent: list[FrameReady] = []
        self.resumed: list[RendererResumed] = []
        self.notices: list[str] = []

    def receive(self, _timeout: float) -> list[Any]:
        waiting, self.waiting = self.waiting, []
        return waiting

    def send(self, message: Any, **_how: Any) -> None:
        if isinstance(message, FrameReady):
            self.sent.append(message)
        elif isinstance(message, RendererResumed):
            self.resumed.append(message)

    def notice(self, text: str, _prompt_id: int = 0) -> None:
        self.notices.append(text)

    def status(self, *_what: Any, **_figures: Any) -> None:
        return


@pytest.fixture
def loop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RenderLoop]:
    """One with fakes whose dreams have a process all the same."""
    FrameRing(tmp_path / "frames", 4, 64 * 64 * 3).close()
    monkeypatch.setattr(worker, "has_process", lambda _config: True)
    loop = RenderLoop(cast(WorkerChannel, Script()), replace(CONFIG, ring=tmp_path / "frames"))
    assert loop._beside is not None
    loop.renderer.dream_factory = loop._beside.process.load()
    yield loop
    loop._beside.process.close()


def frames(loop: RenderLoop, count: int) -> list[FrameReady]:
    """Turn until so many more frames are drawn; all of them so far."""
    sent = cast(Script, loop.channel).sent
    wanted = len(sent) + count
    while len(sent) < wanted:
        loop.turn()
    return sent


def has_steps(loop: RenderLoop, direction: int, count: int) -> bool:
    """Draw some frames; whether the dream of a Direction has made so many steps."""
    return sum(record.steps for record in frames(loop, 5) if record.direction == direction) >= count


@pytest.mark.slow
def test_a_replay_draws_the_frames_of_dreams_that_went_on_beside_them(loop: RenderLoop) -> None:
    channel = cast(Script, loop.channel)
    directions = [
        Direction(take=1, prompts=(Prompt(number, f"words {number}"),), number=number, fade_seconds=0.3)
        for number in range(1, 5)
    ]
    directions.append(replace(directions[-1], params={"dream/rate": 0.9, "latent/truncation": 0.4}, number=5))
    directions.append(replace(directions[-1], prompts=(Prompt(4, "other words"),), number=6))
    directions.append(replace(directions[-1], paused=True, number=7))
    directions.append(replace(directions[-1], paused=False, number=8))
    for number, direction in enumerate(directions):
        channel.waiting.append(direction)
        frames(loop, 1 if direction.paused else 12)
        loop.budget.cutouts = 2 + number % 3
        channel.waiting.append(Modulation({"dream/rate": 0.1 * number, "walk/push": 0.2}, {}))
        records = frames(loop, 1 if direction.paused else 8)
    assert sum(record.steps for record in records) > 20
    assert {record.cutouts for record in records} >= {2, 3, 4}
    assert [crc for crc, _ in replay_frames(CONFIG, directions, records)] == [record.crc for record in records]
    assert len({record.crc for record in records}) > 100


@pytest.mark.slow
def test_a_replay_draws_the_frames_of_a_theatre_whose_dreams_went_on_beside_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    FrameRing(tmp_path / "frames", 4, 96 * 96 * 3).close()
    monkeypatch.setattr(worker, "has_process", lambda _config: True)
    models = ModelSettings(generator="theatre", perceptor="clip-embedded", height=96, device="cpu")
    config = replace(CONFIG, models=models, ring=tmp_path / "frames", rate=8.0, camera=1.0, transitions="scenes")
    texts = ("a red sun over the sea", "a wolf in the snow at night")
    directions = [
        Direction(take=1, prompts=(Prompt(number, text),), number=number, fade_seconds=0.5)
        for number, text in enumerate(texts, 1)
    ]
    loop = RenderLoop(cast(WorkerChannel, Script()), config)
    assert loop._beside is not None
    shown: list[Picture] = []
    draw = loop.renderer.draw

    def drawn(now: float) -> RenderedFrame:
        frame = draw(now)
        shown.append(frame.picture.copy())
        return frame

    monkeypatch.setattr(loop.renderer, "draw", drawn)
    try:
        process = loop._beside.process
        loop.renderer.dream_factory = process.load()
        until(lambda: has_finished(process), LIMIT, "the end of loading")
        for direction in directions:
            cast(Script, loop.channel).waiting.append(direction)
            records = frames(loop, 10)
            until(partial(has_steps, loop, direction.number, 6), LIMIT, "six steps")
    finally:
        loop._beside.process.close()
    replayed = [picture for _, picture in replay_frames(config, directions, records)]
    assert len(replayed) == len(shown)
    # sums of floats may end in another digit in another process, where memory lies elsewhere
    apart = [np.abs(one.astype(int) - other) for one, other in zip(replayed, shown, strict=True)]
    assert max(int(each.max()) for each in apart) <= 1
    assert max(float((each > 0).mean()) for each in apart) < 1e-3


def test_a_frame_waits_for_no_piece_in_flight(loop: RenderLoop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dream_process, "STOPPED_SECONDS", LIMIT)
    assert loop._beside is not None
    cast(Script, loop.channel).waiting.append(Direction(take=1, prompts=tuple(FOX), number=1))
    frames(loop, 20)
    dreams = psutil.Process(loop._beside.process._process.pid)
    dreams.suspend()
    try:
        frames(loop, 3)  # with what was done before
        assert [record.pieces for record in frames(loop, 20)[-20:]] == [0] * 20
    finally:
        dreams.resume()
    until(lambda: frames(loop, 1)[-1].steps > 0, LIMIT, "a step")


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGSTOP, signal.SIGKILL])
def test_frames_go_on_where_the_dreams_are_lost_and_a_replay_repeats_what_follows(
    loop: RenderLoop, number: signal.Signals
) -> None:
    assert loop._beside is not None
    channel, lost = cast(Script, loop.channel), loop._beside.process._process
    first = Direction(take=1, prompts=tuple(FOX), number=1, fade_seconds=0.2)
    second = replace(first, prompts=(Prompt(5, "a wolf"),), number=2)
    channel.waiting.append(first)
    until(partial(has_steps, loop, 1, 3), LIMIT, "steps")
    os.kill(lost.pid, number)
    channel.waiting.append(second)
    began, before = time.monotonic(), len(frames(loop, 1))
    assert lost.poll() == -signal.SIGKILL
    assert time.monotonic() - began < dream_process.STOPPED_SECONDS + LIMIT
    assert frames(loop, 1)[before - 1].direction == -1  # from the picture on screen, before the models are loaded again
    until(partial(has_steps, loop, 2, 3), LIMIT, "steps of the second process")
    [resumed] = channel.resumed
    assert resumed.direction == second
    config = replace(CONFIG, direction=second, latents=resumed.latents)
    again = [crc for crc, _ in replay_frames(config, [], channel.sent[before - 1 :])]
    assert again == [record.crc for record in channel.sent[before - 1 :]]
    assert len(set(again)) > 10
    assert [notice.endswith("it is started again.") for notice in channel.notices] == [True]
