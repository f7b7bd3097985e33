"""The Renderer shows what it is directed to show, and its picture never jumps unless somebody asks for a cut."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from installation.core.messages import Array, Direction, Prompt, Value
from installation.models.biggan.generator import BigGAN
from installation.models.fake import FakeGenerator
from installation.models.interfaces import Group
from installation.render.fake import FakeDreamer
from installation.render.interfaces import RendererConfig
from installation.render.renderer import VISIBLE, RenderedFrame, Renderer
from installation.show.settings import DreamSettings, ModelSettings
from tests.models.conftest import calibrated_library

FRAME = 1.0 / 15.0
JUMP = 12.0  # of 255: more than that from one frame to the next would be seen as a jump


class Watcher:
    """A Renderer on the fakes, whose clock goes on from frame to frame; it remembers the largest jump."""

    def __init__(self, direction: Direction, latents: tuple[Array, Array] | None = None, seed: int = 7) -> None:
        models = ModelSettings(generator="fake", height=64)
        config = RendererConfig(models, DreamSettings(), Path(), (16, 9), 15.0, seed, direction, latents)
        generator = FakeGenerator()
        self.renderer = Renderer(config, generator, FakeDreamer(generator))
        self.renderer.direct(direction)
        self.now = 1000.0
        self.jump = 0.0
        self.frame: RenderedFrame | None = None

    def go(self, seconds: float, steps: int = 1) -> RenderedFrame:
        for _ in range(round(seconds / FRAME)):
            self.now += FRAME
            frame = self.renderer.draw(self.now)
            if self.frame is not None:
                self.jump = max(self.jump, difference(self.frame, frame))
            self.frame = frame
            for _ in range(steps):
                self.renderer.work()
        assert self.frame is not None
        return self.frame


def difference(a: RenderedFrame, b: RenderedFrame) -> float:
    return float(np.abs(a.picture.astype(np.int16) - b.picture).mean())


def direction(*texts: str, first: int = 1, **changes: object) -> Direction:
    prompts = tuple(Prompt(first + i, text) for i, text in enumerate(texts))
    return replace(Direction(take=1, prompts=prompts), **changes)  # type: ignore[arg-type]


def still(**params: Value) -> dict[str, Value]:
    return {"walk/amount": 0.0, **{name.replace("_", "/"): value for name, value in params.items()}}


def test_a_show_that_opened_with_another_generators_picture_begins_with_its_own() -> None:
    theirs = (np.zeros((1, 96), np.float32), np.zeros((1, 184), np.float32))
    watcher = Watcher(direction("a fox"), theirs)
    watcher.go(1.0)
    shown = watcher.renderer.latents()
    assert shown is not None
    assert [part.shape for part in shown] == [(1, FakeGenerator.z_dim), (1, 7)]


def test_frames_fill_the_stage_at_the_height_of_the_show() -> None:
    assert Watcher(direction("a fox")).go(0.1).picture.shape == (64, 114, 3)


def test_words_change_the_picture_without_a_jump() -> None:
    watcher = Watcher(direction("a fox"))
    before = watcher.go(4.0)
    for number, text in enumerate(["a red sun", "the night sea", "snow"], 2):
        watcher.renderer.direct(direction(text, first=number))
        after = watcher.go(3.0)
        assert (after.prompt_id, difference(before, after) > JUMP) == (number, True)
        before = after
    assert 0.5 < watcher.jump < JUMP


def test_words_are_seen_in_the_very_next_frame() -> None:
    watcher = Watcher(direction("a fox"))
    watcher.go(4.0)
    watcher.renderer.direct(direction("the night sea", first=2))
    assert watcher.go(FRAME).change > 1.0
    assert watcher.go(0.2).change >= VISIBLE


def test_the_change_is_measured_against_what_the_drift_alone_would_have_shown() -> None:
    drifting: dict[str, Value] = {"walk/amount": 1.0, "walk/speed": 1.0}
    watcher, alone = (Watcher(direction("a fox", params=drifting)) for _ in range(2))
    assert watcher.go(4.0).change == 0.0
    alone.go(4.0)
    watcher.renderer.direct(direction("a fox", first=2, fade_seconds=60.0, params=drifting))
    frame, undisturbed = watcher.go(FRAME), alone.go(FRAME)
    assert 0.0 < frame.change == pytest.approx(difference(frame, undisturbed), abs=0.3)


def test_the_same_direction_again_changes_nothing() -> None:
    watcher, disturbed = Watcher(direction("a fox")), Watcher(direction("a fox"))
    for each in (watcher, disturbed):
        each.go(1.0)
    disturbed.renderer.direct(direction("a fox"))
    assert np.array_equal(watcher.go(1.0).picture, disturbed.go(1.0).picture)


def test_another_take_is_a_cut() -> None:
    watcher = Watcher(direction("a fox"))
    watcher.go(2.0)
    watcher.renderer.direct(direction("the night sea", first=2, take=2, fade_seconds=0.0))
    frame = watcher.go(FRAME)
    assert (frame.take, frame.prompt_id) == (2, 2)
    assert watcher.jump > JUMP


def test_parameters_change_the_drift_without_a_jump() -> None:
    watcher = Watcher(direction("a fox"))
    watcher.go(3.0)
    watcher.jump = 0.0
    for speed, amount in [(1.0, 1.0), (0.0, 1.0), (1.0, 0.0), (0.3, 0.4)]:
        watcher.renderer.direct(direction("a fox", params={"walk/speed": speed, "walk/amount": amount}))
        watcher.go(2.0)
    assert 0.2 < watcher.jump < 6.0


def test_a_pause_stands_still_and_goes_on_without_a_jump() -> None:
    watcher = Watcher(direction("a fox"))
    before = watcher.go(3.0)
    watcher.jump = 0.0
    watcher.renderer.direct(direction("a fox", paused=True))
    assert watcher.renderer.work() is None
    frozen = watcher.go(FRAME)
    assert difference(before, frozen) == 0.0
    assert difference(frozen, watcher.go(20.0)) == 0.0
    watcher.renderer.direct(direction("a fox"))
    watcher.go(2.0)
    assert 0.0 < watcher.jump < 6.0


def test_a_successor_begins_at_what_was_shown_and_its_dream_goes_on_nearby() -> None:
    first = Watcher(direction("a fox", params=still()))
    last = first.go(8.0)
    second = Watcher(direction("a fox", params=still()), first.renderer.latents())
    second.now, second.frame = first.now, last
    apart = [difference(last, second.go(1.0)) for _ in range(8)]
    assert max(apart) < 15.0
    assert second.jump < 2.0
    assert second.frame.score > 0.25  # and it is dreamed again


def test_a_successor_turns_at_once_to_words_that_its_predecessor_never_showed() -> None:
    first = Watcher(direction("a fox"))
    first.go(5.0)
    second = Watcher(direction("a fox"), first.renderer.latents())
    second.renderer.direct(direction("the night sea", first=2))
    second.go(FRAME)
    assert second.go(0.3).change >= VISIBLE


def test_a_stall_makes_no_jump() -> None:
    watcher = Watcher(direction("a fox"))
    watcher.go(2.0)
    watcher.renderer.direct(direction("the night sea", first=2))
    watcher.go(FRAME)
    watcher.now += 30.0
    watcher.go(1.0)
    assert watcher.jump < 2 * JUMP  # the longest step of the walk, on a way of two and a half seconds


def test_the_score_rises_and_is_that_of_the_best_so_far() -> None:
    watcher = Watcher(direction("a fox"))
    scores = [watcher.go(FRAME).score for _ in range(60)]
    assert scores == sorted(scores)
    assert scores[-1] > scores[0] + 0.1


def test_no_dreaming_where_it_is_switched_off_or_nobody_speaks() -> None:
    off = Watcher(direction("a fox", params={"dream/enabled": False}))
    assert (off.renderer.work(), Watcher(direction()).renderer.work()) == (None, None)


def test_without_words_the_opening_picture_stays_for_its_time_and_then_wanders_on() -> None:
    start = FakeGenerator().sample(1, 3)
    params: dict[str, Value] = {**still(), "attract/seconds": 4.0}
    watcher = Watcher(direction(params=params), (start.z, start.classes))
    opening = watcher.go(FRAME).picture
    expected = watcher.renderer.generator.paint(start, (64, 114), watcher.now)
    assert np.array_equal(opening, expected)
    frame = watcher.go(3.5)
    assert watcher.jump < 1.0  # the generator's own motion
    assert difference(frame, watcher.go(6.0)) > JUMP
    assert watcher.jump < JUMP


def test_when_the_words_have_gone_the_walk_wanders_on_gently() -> None:
    watcher = Watcher(direction("a fox"))
    before = watcher.go(3.0)
    watcher.renderer.direct(direction())
    after = watcher.go(5.0)
    assert after.prompt_id == 0
    assert difference(before, after) > JUMP > watcher.jump


def test_the_same_words_twice_begin_differently_unless_a_seed_is_given() -> None:
    def begins(seed: int) -> bool:
        watcher = Watcher(direction("a fox", params=still(dream_seed=seed)))
        first = watcher.go(FRAME)
        cut = direction("a fox", first=2, take=2, fade_seconds=0.0, params=still(dream_seed=seed))
        watcher.renderer.direct(cut)
        return difference(first, watcher.go(FRAME)) > 2.0

    assert (begins(0), begins(5)) == (True, False)


def test_the_same_calls_give_the_same_frames() -> None:
    def run() -> list[bytes]:
        watcher = Watcher(direction())
        frames = [watcher.go(1.0, steps=2)]
        watcher.renderer.direct(direction("a fox", "snow"))
        frames.append(watcher.go(1.0, steps=3))
        return [frame.picture.tobytes() for frame in frames]

    assert run() == run()


def test_a_dream_that_loses_its_numbers_never_reaches_what_a_successor_is_given() -> None:
    watcher = Watcher(direction("a fox"))
    watcher.go(1.0)
    assert watcher.renderer.dream is not None
    watcher.renderer.dream.point().z[:] = np.nan
    with pytest.raises(ValueError, match="lost its numbers"):
        watcher.go(1.0)
    latents = watcher.renderer.latents()
    assert latents is not None
    assert np.isfinite(latents[0]).all()


def smooth_library() -> Any:
    """Whose statistics change little from one truncation to the next, as those of a trained network do."""
    library = calibrated_library(1)
    for name, rows in library.named_buffers():
        if "running" in name:
            share = torch.linspace(0.0, 1.0, len(rows))[:, None]
            rows.copy_(torch.lerp(rows[:1].clone(), rows[-1:].clone(), share))
    return library


def heavy_watcher(params: dict[str, Value]) -> tuple[BigGAN, Watcher]:
    generator = BigGAN("small", smooth_library(), (Group("class", tuple("abcdefghij")),))
    watcher = Watcher(direction("a fox", params=params))
    config = RendererConfig(
        ModelSettings(), DreamSettings(), Path(), (16, 9), 15.0, 7, direction("a fox", params=params)
    )
    watcher.renderer = Renderer(config, generator, FakeDreamer(generator))
    watcher.renderer.direct(direction("a fox", params=params))
    return generator, watcher


def test_the_truncation_goes_where_it_is_set_without_a_jump() -> None:
    generator, watcher = heavy_watcher(still(latent_truncation=0.9))
    watcher.go(3.0, steps=0)
    assert generator.truncation == 0.9
    watcher.jump = 0.0
    watcher.renderer.direct(direction("a fox", params=still(latent_truncation=0.1)))
    watcher.go(0.5, steps=0)
    assert 0.6 < generator.truncation < 0.8
    watcher.go(3.0, steps=0)
    assert generator.truncation == pytest.approx(0.1)
    assert watcher.jump < JUMP


def test_a_pause_holds_the_truncation_and_nought_is_the_least() -> None:
    generator, watcher = heavy_watcher(still(latent_truncation=0.9))
    watcher.go(0.5, steps=0)
    watcher.renderer.direct(direction("a fox", params=still(latent_truncation=0.0), paused=True))
    watcher.go(2.0, steps=0)
    assert generator.truncation == 0.9
    watcher.renderer.direct(direction("a fox", params=still(latent_truncation=0.0)))
    watcher.go(4.0, steps=0)
    assert generator.truncation == pytest.approx(0.05)


def test_new_words_are_seen_on_a_generator_of_one_size_too() -> None:
    _, watcher = heavy_watcher(still())
    watcher.go(3.0, steps=0)
    watcher.renderer.direct(direction("the night sea", first=2, params=still()))
    first, later = watcher.go(FRAME), watcher.go(1.0)
    assert 0.0 < first.change < later.change
    assert later.change >= VISIBLE
