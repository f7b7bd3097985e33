"""The budget of a card: by itself, and in the real render loop with real dreams on a card that is simulated."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple, cast

import numpy as np
import pytest

from installation.core import clock
from installation.core.frame_ring import FrameRing
from installation.core.messages import Direction, FrameReady, Modulation, Prompt
from installation.core.worker_shell import WorkerChannel
from installation.dream.dream_models import DreamModels
from installation.dream.session import DreamSession
from installation.models.fake import FakeGenerator, FakePerceptor
from installation.render import worker
from installation.render.device_budget import AHEAD, LEAST_CUTOUTS, DeviceBudget
from installation.render.fake import FakeDreamFactory
from installation.render.frame_budget import MIN_FRAME_RATE
from installation.render.interfaces import RendererConfig
from installation.render.renderer import Renderer
from installation.render.worker import RenderLoop
from installation.show.settings import DreamSettings, ModelSettings
from installation.training.bank_builder import build_bank
from tests.render.simulated_card import CardGenerator, CardPerceptor, CardStream, SimulatedCard, SimulatedChannel

RATE = 60.0
CUTOUTS = 32
SECONDS, STEPS = 1.0, 20  # that are counted, at least
SETTINGS = DreamSettings(cutouts=CUTOUTS, classes="frozen")


class Speed(NamedTuple):
    """Seconds that a card takes for a frame, and for a step of 32 cutouts without the rating."""

    frame: float
    step: float

    @property
    def cutout(self) -> float:
        """Seconds of a cutout, forward."""
        return (self.step - 3.0 * self.frame) / CUTOUTS / 3.0


# the frame takes a tenth of the step: BigGAN-deep-512 with ViT-B-32
SPEEDS = [Speed(0.1 * step, step) for step in (0.007, 0.017, 0.026, 0.076)]


class Show:
    """A render loop on a simulated card."""

    def __init__(
        self,
        card: SimulatedCard,
        speed: Speed,
        folder: Path,
        monkeypatch: pytest.MonkeyPatch,
        settings: DreamSettings = SETTINGS,
    ) -> None:
        self.card = card
        monkeypatch.setattr(clock, "now", lambda: card.now)
        generator, perceptor = CardGenerator(card, speed.frame), CardPerceptor(card, speed.cutout)
        monkeypatch.setattr(worker, "load_generator", lambda _config: generator)
        bank = build_bank(FakeGenerator(), FakePerceptor(), 64, 1)
        self.stream = CardStream(card)
        models = DreamModels.prepare(cast(Any, generator), perceptor, bank, settings, stream=self.stream)
        self.session = DreamSession(models)
        self.session.warm_up()
        FrameRing(folder / "frames", 8, 24 * 24 * 3).close()
        chosen = ModelSettings(generator="fake", perceptor="fake", device="cpu")
        direction = Direction(take=1)
        config = RendererConfig(chosen, settings, folder / "frames", (1, 1), RATE, 7, direction)
        self.channel = SimulatedChannel(card)
        self.loop = RenderLoop(cast(WorkerChannel, self.channel), config)
        self.loop.renderer.dream_factory = self.session
        card.waited = 0.0

    def play(self, seconds: float, *messages: tuple[float, object]) -> list[tuple[float, FrameReady]]:
        """Turn for so long; messages come after so many seconds. Returns the frames with their times."""
        begin = self.card.now
        self.channel.messages = [(begin + after, message) for after, message in messages]
        self.channel.sent.clear()
        while self.card.now < begin + seconds:
            self.loop.turn()
        return [(at, sent) for at, sent in self.channel.sent if isinstance(sent, FrameReady)]


def words(number: int, text: str, **changes: Any) -> Direction:
    return Direction(take=1, prompts=(Prompt(number, text),), fade_seconds=0.5, number=number, **changes)


@pytest.fixture(params=[True, False], ids=["kernels", "whole graphs"])
def card(request: pytest.FixtureRequest) -> SimulatedCard:
    return SimulatedCard(preemptive=request.param)


@pytest.mark.slow
@pytest.mark.parametrize("speed", SPEEDS, ids=lambda speed: f"{1000 * speed.step:.0f} ms a step")
def test_sixty_frames_a_second_are_held_beside_steps(
    card: SimulatedCard, speed: Speed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    show = Show(card, speed, tmp_path, monkeypatch)
    seconds = max(SECONDS, STEPS * speed.step)
    show.play(0.75 * seconds, (0.0, words(1, "a fox")))
    frames = show.play(seconds)
    times = np.array([at for at, _ in frames])
    assert len(frames) >= RATE * seconds - 1
    assert np.diff(times).max() < 1.5 / RATE
    assert max(at - frame.show_at for at, frame in frames) < 0.005  # seconds that a frame came late
    assert card.waited < 0.001  # the loop never waits for a step
    steps = sum(frame.steps for _, frame in frames) / seconds
    cutouts = frames[-1][1].cutouts
    assert cutouts >= LEAST_CUTOUTS
    possible = (1.0 - RATE * speed.frame) / (3.0 * speed.frame + 3.0 * cutouts * speed.cutout)
    assert steps > 0.75 * possible


@pytest.mark.slow
def test_new_words_are_seen_at_once_though_frames_were_begun_ahead(
    card: SimulatedCard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    show = Show(card, SPEEDS[2], tmp_path, monkeypatch)
    show.play(0.3, (0.0, words(1, "a fox")))
    asked = card.now + 0.1
    frames = show.play(0.4, (0.1, words(2, "the night sea")))
    seen = [at for at, frame in frames if frame.prompt_id == 2]
    assert seen[0] - asked < 0.03  # a frame of the card, a slice that it waits for, and what is left of the period
    assert np.diff([at for at, _ in frames]).max() < 1.5 / RATE
    assert [frame.prompt_id for _, frame in frames] == sorted(frame.prompt_id for _, frame in frames)
    assert card.waited < 0.001


@pytest.mark.slow
def test_pieces_of_a_search_that_the_card_has_done_at_once_do_not_end_a_show(
    card: SimulatedCard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    show = Show(card, SPEEDS[0], tmp_path, monkeypatch, SETTINGS.model_copy(update={"classes": "discrete"}))
    frames = show.play(0.5, (0.0, words(1, "a fox")))
    assert sum(frame.steps for _, frame in frames) > 0  # the search is over
    assert frames[-1][1].pieces > 0


@pytest.mark.slow
def test_what_an_operator_moves_is_followed_within_two_frames(
    card: SimulatedCard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    show = Show(card, SPEEDS[1], tmp_path, monkeypatch)
    show.play(0.3, (0.0, words(1, "a fox")))
    begin = card.now
    faders = [(0.007 * number, moved(number)) for number in range(1, 60)]  # faster than frames
    frames = show.play(0.42, *faders)
    assert len(frames) >= 0.42 * RATE - 1
    for at, frame in frames:
        two_frames_ago = [each.number for after, each in faders if begin + after <= at - 2.0 / RATE]
        assert frame.direction >= max(two_frames_ago, default=1)


def moved(number: int) -> Direction:
    """A Direction with another position of a fader."""
    return replace(words(1, "a fox", params={"walk/amount": 0.01 * number}), number=number)


@pytest.mark.slow
def test_a_pause_holds_the_picture_and_its_end_is_seen_at_once(
    card: SimulatedCard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    show = Show(card, SPEEDS[1], tmp_path, monkeypatch)
    show.play(0.3, (0.0, words(1, "a fox")))
    held = show.play(0.5, (0.0, words(1, "a fox", paused=True)))
    assert len(held) <= 4  # those that were about to be shown, and one of the pause
    asked = card.now
    frames = show.play(0.2, (0.0, words(1, "a fox")))
    assert frames[0][0] - asked < 0.03
    assert len(frames) >= 0.2 * RATE - 2


@pytest.mark.slow
def test_frames_that_the_card_cannot_paint_in_time_come_as_fast_as_they_are_painted(
    card: SimulatedCard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    show = Show(card, Speed(0.025, 0.3), tmp_path, monkeypatch)
    show.play(2.0, (0.0, words(1, "a fox")))
    frames = show.play(1.0)
    steps = sum(frame.steps for _, frame in frames)
    assert 12 <= len(frames) <= 40
    assert steps >= 2  # of a fifth of a second each
    assert frames[-1][1].cutouts == LEAST_CUTOUTS


@pytest.mark.slow
def test_sound_moves_frames_that_are_begun_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    show = Show(SimulatedCard(), SPEEDS[0], tmp_path, monkeypatch)
    show.play(0.2, (0.0, words(1, "a fox")))
    pushed = {"walk/amount": 0.5}
    begin = show.card.now
    frames = show.play(0.3, (0.1, Modulation(renderer=pushed)))
    moving = [at for at, frame in frames if frame.modulation == pushed]
    assert moving[0] - begin - 0.1 < (AHEAD + 1) / RATE
    assert len(moving) > 8


def test_a_rewound_renderer_draws_what_it_would_have_drawn() -> None:
    generator = FakeGenerator()
    config = RendererConfig(
        ModelSettings(generator="fake", height=64), SETTINGS, Path(), (1, 1), RATE, 7, words(1, "a fox")
    )
    straight, rewound = (Renderer(config, generator, FakeDreamFactory(generator)) for _ in range(2))
    for renderer in (straight, rewound):
        renderer.direct(words(1, "a fox"))
        renderer.draw(1.0)
    before = rewound.checkpoint()
    rewound.modulate({"walk/amount": 0.3})
    for now in (1.1, 1.2, 1.3):
        rewound.draw(now)
    rewound.rewind(before)
    for renderer in (straight, rewound):
        renderer.direct(replace(words(2, "snow"), params={"walk/speed": 0.9}))
    for now in (1.1, 1.2, 1.3, 1.4):
        assert np.array_equal(straight.draw(now).picture, rewound.draw(now).picture)


# -- by itself --------------------------------------------------------------------------------------------------------


def settled(frame: float, step_of: float, cutouts: int = 64) -> DeviceBudget:
    """A budget after some seconds on a card with these seconds of a frame and of each cutout."""
    budget, now = DeviceBudget(RATE, cutouts, 240.0), 10.0
    for _ in range(400):
        now += 1.0 / RATE
        budget.frame_shown(budget.begin_frame(now), frame, dreaming=True)
        budget.work_queued(1, completes=True)
        budget.work_finished([step_of * budget.cutouts], now)
    return budget


def test_cutouts_are_given_up_before_frames() -> None:
    fast, slow = settled(0.002, 0.0002), settled(0.004, 0.003)
    assert (fast.cutouts, slow.cutouts) == (64, LEAST_CUTOUTS)
    for budget in (fast, slow):
        first, second = budget.begin_frame(100.0), budget.begin_frame(100.0)
        assert second - first == pytest.approx(1.0 / RATE)


def test_frames_are_spaced_wider_only_where_the_least_step_leaves_no_time() -> None:
    budget = settled(0.01, 0.007)
    first, second = budget.begin_frame(100.0), budget.begin_frame(100.0)
    assert budget.cutouts == LEAST_CUTOUTS
    assert 1.0 / RATE < second - first <= 1.0 / MIN_FRAME_RATE


def test_cutouts_that_memory_does_not_allow_are_not_taken_back() -> None:
    budget = settled(0.002, 0.0002)
    budget.limit_cutouts(20)
    for _ in range(100):
        budget.frame_shown(1.0, 0.002, dreaming=True)
    assert (budget.cutouts, budget.most_cutouts) == (20, 20)


def test_a_step_costs_what_its_slices_cost() -> None:
    budget = DeviceBudget(RATE, 32, 240.0)
    for _ in range(5):
        budget.work_queued(1, completes=False)
        budget.work_queued(2, completes=True)
        budget.work_finished([0.001, 0.002], 1.0)
        budget.work_finished([0.004], 1.0)
    assert budget.step_cost.seconds == pytest.approx(0.007)


def test_the_maximum_number_of_steps_per_second_is_kept() -> None:
    budget, steps = DeviceBudget(RATE, 32, 5.0), 0
    for millisecond in range(4000):
        if budget.allows_work(0.001 * millisecond):
            budget.work_queued(1, completes=True)
            steps += 1
    assert steps == pytest.approx(20, abs=2)
