from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from installation.core.messages import Array, Direction, FrameLatents, Prompt, Value
from installation.core.params import default_values
from installation.models import default_place
from installation.models.biggan.generator import BigGAN
from installation.models.capabilities import Transitions
from installation.models.fake import FakeGenerator
from installation.models.interfaces import Floats, Generator, Group, Latents, ModelPlace, Picture, Point, Size
from installation.models.theatre.vocabulary import NUM_CLASSES
from installation.render.fake import FakeDreamFactory
from installation.render.frame_painter import VISIBLE_CHANGE, mean_difference
from installation.render.interfaces import DreamProtocol, RendererConfig
from installation.render.rendered_frame import RenderedFrame
from installation.render.renderer import Renderer, prompt_seed
from installation.show.settings import DreamSettings, ModelSettings
from tests.models.conftest import calibrated_library

FRAME = 1.0 / 15.0
JUMP = 12.0  # of 255: a larger mean difference between two frames is visible as a jump


class Player:
    """A renderer with fake dreams whose clock advances from frame to frame; it remembers the largest difference."""

    def __init__(
        self,
        direction: Direction,
        latents: tuple[Array, Array] | None = None,
        generator: Generator | None = None,
        seed: int = 7,
        place: ModelPlace | None = None,
        transitions: Transitions = "blend",
    ) -> None:
        models, place = ModelSettings(generator="fake", height=64), place or default_place()
        config = RendererConfig(
            models, DreamSettings(), Path(), (16, 9), 15.0, seed, direction, latents=latents, place=place
        )
        config = replace(config, transitions=transitions)
        generator = generator or FakeGenerator()
        self.renderer = Renderer(config, generator, FakeDreamFactory(generator))
        self.renderer.direct(direction)
        self.now = 1000.0
        self.largest_change = 0.0
        self.frame: RenderedFrame | None = None

    def play(self, seconds: float, pieces: int = 1) -> RenderedFrame:
        """Draw frames for so long, with so many pieces of dream work after each; return the last frame."""
        for _ in range(round(seconds / FRAME)):
            self.now += FRAME
            frame = self.renderer.draw(self.now)
            if self.frame is not None:
                self.largest_change = max(self.largest_change, difference(self.frame, frame))
            self.frame = frame
            for _ in range(pieces):
                self.renderer.work()
        assert self.frame is not None
        return self.frame

    def prompt(self, text: str, number: int, **changes: object) -> None:
        self.renderer.direct(direction(text, first=number, **changes))


def difference(a: RenderedFrame, b: RenderedFrame) -> float:
    return mean_difference(a.picture, b.picture)


def direction(*texts: str, first: int = 1, **changes: object) -> Direction:
    prompts = tuple(Prompt(first + i, text) for i, text in enumerate(texts))
    return replace(Direction(take=1, prompts=prompts), **changes)  # type: ignore[arg-type]


def without_drift(**params: Value) -> dict[str, Value]:
    return {"walk/amount": 0.0, **{name.replace("_", "/"): value for name, value in params.items()}}


def test_latents_of_another_generator_are_no_start() -> None:
    player = Player(direction("a fox"), (np.zeros((1, 96), np.float32), np.zeros((1, NUM_CLASSES), np.float32)))
    player.play(1.0)
    latents = player.renderer.latents()
    assert latents is not None
    assert [part.shape for part in latents] == [(1, FakeGenerator.z_dim), (1, 7)]


def test_frames_fill_the_stage_at_the_height_of_the_show() -> None:
    assert Player(direction("a fox")).play(0.1).picture.shape == (64, 114, 3)


def test_prompts_change_the_picture_without_a_jump() -> None:
    player = Player(direction("a fox"))
    before = player.play(4.0)
    for number, text in enumerate(["a red sun", "the night sea", "snow"], 2):
        player.prompt(text, number)
        after = player.play(3.0)
        assert after.prompt_id == number
        assert difference(before, after) > JUMP
        before = after
    assert 0.5 < player.largest_change < JUMP


def test_a_prompt_changes_the_very_next_frame() -> None:
    player = Player(direction("a fox"))
    player.play(4.0)
    player.prompt("the night sea", 2)
    assert player.play(FRAME).change > 1.0
    assert player.play(0.2).change >= VISIBLE_CHANGE


def test_the_drift_does_not_count_as_a_change_by_the_prompt() -> None:
    drifting: dict[str, Value] = {"walk/amount": 1.0, "walk/speed": 1.0}
    player, undisturbed = (Player(direction("a fox", params=drifting)) for _ in range(2))
    assert player.play(4.0).change == 0.0
    undisturbed.play(4.0)
    player.prompt("a fox", 2, fade_seconds=60.0, params=drifting)
    frame, expected = player.play(FRAME), undisturbed.play(FRAME)
    assert 0.0 < frame.change == pytest.approx(difference(frame, expected), abs=0.3)


def test_the_same_direction_again_changes_nothing() -> None:
    once, twice = Player(direction("a fox")), Player(direction("a fox"))
    for player in (once, twice):
        player.play(1.0)
    twice.renderer.direct(direction("a fox"))
    assert np.array_equal(once.play(1.0).picture, twice.play(1.0).picture)


def test_a_new_take_without_fade_is_a_cut() -> None:
    player = Player(direction("a fox"))
    player.play(2.0)
    player.prompt("the night sea", 2, take=2, fade_seconds=0.0)
    frame = player.play(FRAME)
    assert (frame.take, frame.prompt_id) == (2, 2)
    assert player.largest_change > JUMP


def test_parameters_change_the_drift_without_a_jump() -> None:
    player = Player(direction("a fox"))
    player.play(3.0)
    player.largest_change = 0.0
    for speed, amount in [(1.0, 1.0), (0.0, 1.0), (1.0, 0.0), (0.3, 0.4)]:
        player.renderer.direct(direction("a fox", params={"walk/speed": speed, "walk/amount": amount}))
        player.play(2.0)
    assert 0.2 < player.largest_change < 6.0


def test_in_a_pause_the_picture_stands_still_and_afterwards_continues_without_a_jump() -> None:
    player = Player(direction("a fox"))
    before = player.play(3.0)
    player.largest_change = 0.0
    player.renderer.direct(direction("a fox", paused=True))
    assert player.renderer.work() is None
    assert difference(before, player.play(20.0)) == player.largest_change == 0.0
    player.renderer.direct(direction("a fox"))
    player.play(2.0)
    assert 0.0 < player.largest_change < 6.0


def test_a_successor_starts_at_the_shown_picture_and_dreams_the_prompt_again() -> None:
    first = Player(direction("a fox", params=without_drift()))
    last = first.play(8.0)
    second = Player(direction("a fox", params=without_drift()), first.renderer.latents())
    second.now, second.frame = first.now, last
    differences = [difference(last, second.play(1.0)) for _ in range(8)]
    assert max(differences) < 15.0
    assert second.largest_change < 2.0
    assert second.frame.score > 0.25


def test_a_successor_shows_a_prompt_at_once_that_its_predecessor_never_showed() -> None:
    first = Player(direction("a fox"))
    first.play(5.0)
    second = Player(direction("a fox"), first.renderer.latents())
    second.prompt("the night sea", 2)
    second.play(FRAME)
    assert second.play(0.3).change >= VISIBLE_CHANGE


def test_a_stall_makes_no_jump() -> None:
    player = Player(direction("a fox"))
    player.play(2.0)
    player.prompt("the night sea", 2)
    player.play(FRAME)
    player.now += 30.0
    player.play(1.0)
    assert player.largest_change < 2 * JUMP  # one frame of up to MAX_FRAME_SECONDS on a way of 2.5 seconds


def test_a_dream_that_starts_while_sound_sounds_has_what_it_adds(monkeypatch: pytest.MonkeyPatch) -> None:
    player, started = Player(direction()), []
    dream = FakeDreamFactory.dream

    def remembered(self: FakeDreamFactory, prompts: Sequence[Prompt], seed: int, params: Any) -> DreamProtocol:
        started.append(params["dream/rate"])
        return dream(self, prompts, seed, params)

    monkeypatch.setattr(FakeDreamFactory, "dream", remembered)
    player.renderer.modulate({"dream/rate": 0.25})
    player.prompt("a fox", 1)
    assert started == [default_values("renderer")["dream/rate"] + 0.25]  # type: ignore[operator]


def test_the_score_of_a_frame_is_the_best_so_far() -> None:
    player = Player(direction("a fox"))
    scores = [player.play(FRAME).score for _ in range(60)]
    assert scores == sorted(scores)
    assert scores[-1] > scores[0] + 0.1


@pytest.mark.parametrize(
    "shown", [direction("a fox", params={"dream/enabled": False}), direction()], ids=["switched off", "no prompt"]
)
def test_there_is_no_dream_work(shown: Direction) -> None:
    renderer = Player(shown).renderer
    assert (renderer.dreaming, renderer.work()) == (False, None)


def test_without_prompts_the_opening_picture_stays_for_its_time_and_then_changes_gradually() -> None:
    start = FakeGenerator().sample(1, 3)
    params: dict[str, Value] = {**without_drift(), "attract/seconds": 4.0}
    player = Player(direction(params=params), (start.z, start.classes))
    expected = player.renderer.generator.paint(start, (64, 114), player.now + FRAME)
    assert np.array_equal(player.play(FRAME).picture, expected)
    opening = player.play(3.5)
    assert player.largest_change < 1.0  # the generator's own motion
    assert difference(opening, player.play(6.0)) > JUMP > player.largest_change


def test_after_the_last_prompt_the_attract_walk_begins_gradually() -> None:
    player = Player(direction("a fox"))
    before = player.play(3.0)
    player.renderer.direct(direction())
    after = player.play(5.0)
    assert after.prompt_id == 0
    assert difference(before, after) > JUMP > player.largest_change


class ScenesGenerator(FakeGenerator):
    """A generator that changes scenes; it remembers the hour that is heaviest in each frame."""

    def __init__(self) -> None:
        super().__init__()
        self.hours: list[int] = []

    def paint(self, latents: Point, size: Size | None = None, phase: float = 0.0) -> Picture:
        if size == (64, 114):
            self.hours.append(int(latents.classes[0, :4].argmax()))
        return super().paint(latents, size, phase)

    def set_stage(self, camera: float, transitions: Transitions) -> None:
        pass

    def is_mixed(self, _classes: Floats) -> bool:
        return False

    def z_progress(self, _before: Floats, _after: Floats, progress: float) -> float:
        return progress


@pytest.mark.parametrize("frames", [2.5, 3.5, 15.0], ids=lambda rate: f"{rate} frames a second")
def test_no_set_comes_that_the_dream_would_send_away_again(frames: float) -> None:
    generator = ScenesGenerator()
    player = Player(direction(), generator=generator, transitions="scenes")
    start = Latents(generator.sample(1, 3).z, np.array([[-14, -14, 0, -14, 0, -14, -14]], np.float32))
    player.renderer._walk = player.renderer._walk_at_rest(start)
    player.prompt("a fox", 5, fade_seconds=1.5)
    for frame in range(round(6 * frames)):
        player.renderer.draw(player.now + frame / frames)
        if frame % max(1, round(frames / 3)) == 0:  # the dream is slow as well
            player.renderer.work()
    target = int(player.renderer.dream.point().classes[0, :4].argmax())  # type: ignore[union-attr]
    changes = [hour for hour, before in zip(generator.hours[1:], generator.hours, strict=False) if hour != before]
    assert changes == [target]


@pytest.mark.parametrize(("seed", "differs"), [(0, True), (5, False)], ids=["no seed", "a seed"])
def test_a_repeated_prompt_starts_differently_unless_a_seed_is_set(seed: int, differs: bool) -> None:
    player = Player(direction("a fox", params=without_drift(dream_seed=seed)))
    first = player.play(FRAME)
    player.prompt("a fox", 2, take=2, fade_seconds=0.0, params=without_drift(dream_seed=seed))
    assert (difference(first, player.play(FRAME)) > 2.0) == differs


def test_the_seed_of_a_prompt_depends_on_its_id_alone() -> None:
    first, other = (prompt_seed(7, [Prompt(number, "a fox")]) for number in (1, 2))
    assert first != other
    assert first == prompt_seed(7, [Prompt(1, "snow")])


def test_the_same_calls_give_the_same_frames() -> None:
    def play() -> list[bytes]:
        player = Player(direction())
        frames = [player.play(1.0, pieces=2)]
        player.renderer.direct(direction("a fox", "snow"))
        frames.append(player.play(1.0, pieces=3))
        return [frame.picture.tobytes() for frame in frames]

    assert play() == play()


def test_nan_from_a_dream_is_an_error_before_a_successor_could_start_from_it() -> None:
    player = Player(direction("a fox"))
    player.play(1.0)
    assert player.renderer.dream is not None
    player.renderer.dream.point().z[:] = np.nan
    with pytest.raises(ValueError, match="produced NaN"):
        player.play(1.0)
    latents = player.renderer.latents()
    assert latents is not None
    assert np.isfinite(latents[0]).all()


def test_without_a_dream_factory_the_start_can_be_drawn_but_no_direction_applied() -> None:
    start = FakeGenerator().sample(1, 3)
    config = RendererConfig(
        ModelSettings(), DreamSettings(), Path(), (1, 1), 15.0, 7, direction("a fox"), (start.z, start.classes)
    )
    renderer = Renderer(config, FakeGenerator())
    assert renderer.can_draw
    assert renderer.draw(1.0).prompt_id == 0
    with pytest.raises(ValueError, match="without a dream factory"):
        renderer.direct(direction("a fox"))


def smooth_library() -> Any:
    """A BigGAN whose batch statistics change little with the truncation, as those of a trained network do."""
    library = calibrated_library(1)
    for name, rows in library.named_buffers():
        if "running" in name:
            share = torch.linspace(0.0, 1.0, len(rows))[:, None]
            rows.copy_(torch.lerp(rows[:1].clone(), rows[-1:].clone(), share))
    return library


def biggan_player(params: dict[str, Value]) -> tuple[BigGAN, Player]:
    generator = BigGAN("small", smooth_library(), (Group("class", tuple("abcdefghij")),))
    return generator, Player(direction("a fox", params=params), generator=generator)


def test_the_truncation_changes_without_a_jump() -> None:
    generator, player = biggan_player(without_drift(latent_truncation=0.9))
    player.play(3.0, pieces=0)
    assert generator.truncation == 0.9
    player.largest_change = 0.0
    player.renderer.direct(direction("a fox", params=without_drift(latent_truncation=0.1)))
    player.play(0.5, pieces=0)
    assert 0.6 < generator.truncation < 0.8
    player.play(3.0, pieces=0)
    assert generator.truncation == pytest.approx(0.1)
    assert player.largest_change < JUMP


def test_in_a_pause_the_truncation_stands_still() -> None:
    generator, player = biggan_player(without_drift(latent_truncation=0.9))
    player.play(0.5, pieces=0)
    player.renderer.direct(direction("a fox", params=without_drift(latent_truncation=0.1), paused=True))
    player.play(2.0, pieces=0)
    assert generator.truncation == 0.9


def test_a_change_is_measured_with_a_generator_of_one_size_too() -> None:
    _, player = biggan_player(without_drift())
    player.play(3.0, pieces=0)
    player.prompt("the night sea", 2, params=without_drift())
    changes = [player.play(FRAME).change for _ in range(15)]
    assert 0.0 < changes[0] < changes[-1]
    assert changes[-1] >= VISIBLE_CHANGE
    assert all(a <= b for a, b in pairwise(changes))


# -- walls in step ----------------------------------------------------------------------------------------------------


def latents_of(leader: Player) -> FrameLatents:
    """What the leader reports of its last frame."""
    assert leader.renderer.painted
    assert leader.frame
    point = leader.renderer.painted.point
    numbers = (leader.renderer.painted.phase, leader.renderer.painted.truncation, leader.frame.take)
    return FrameLatents(point.z, point.classes, *numbers, leader.frame.show_at, "fake")


def test_a_follower_paints_the_frames_of_the_leader_whatever_it_dreams_itself() -> None:
    leader, follower = Player(direction("a fox")), Player(direction("a wolf"), seed=8)
    follower.play(1.0)
    for _ in range(10):
        shown = leader.play(FRAME)
        led = follower.renderer.draw_led(latents_of(leader), take=4, prompt_id=9)
        assert np.array_equal(led.picture, shown.picture)
        assert (led.take, led.prompt_id, led.show_at) == (4, 9, shown.show_at)


@pytest.mark.parametrize("texts", [("a wolf",), ()])
def test_a_follower_that_loses_its_leader_goes_on_without_a_jump(texts: tuple[str, ...]) -> None:
    leader, follower = Player(direction("a fox")), Player(direction(*texts), seed=8)
    leader.play(3.0)
    follower.play(0.5)
    follower.frame = follower.renderer.draw_led(latents_of(leader), 1, 1)
    follower.largest_change = 0.0
    first = follower.frame
    follower.renderer.leave_leader()
    last = follower.play(12.0)
    assert follower.largest_change < JUMP
    assert difference(first, last) > VISIBLE_CHANGE


def test_frames_of_another_generator_cannot_be_painted() -> None:
    leader = Player(direction("a fox"))
    leader.play(FRAME)
    good = latents_of(leader)
    can_follow = leader.renderer.can_follow
    assert can_follow(good)
    assert not can_follow(replace(good, generator="theatre"))
    assert not can_follow(replace(good, z=good.z[:, :5]))
