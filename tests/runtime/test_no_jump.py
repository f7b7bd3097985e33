"""Renderer and stage together on a simulated clock: no visible jump that nobody requested."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from installation.core.messages import Direction, Prompt
from installation.models import default_place, load_generator
from installation.render.fake import FakeDreamFactory
from installation.render.interfaces import RendererConfig
from installation.render.renderer import Renderer
from installation.show.settings import DreamSettings, LookSettings, ModelSettings
from installation.stage.crossfade import GeneratedFrame
from installation.stage.stage import Stage

JUMP = 12.0  # of 255
PRESENTED, GENERATED = 30.0, 13.0  # a second
LOOK = LookSettings(size=(320, 180))


class Theatre:
    """A stage and a renderer of the theatre, in virtual time; what is presented is kept as differences."""

    def __init__(self, folder: Path) -> None:
        self.generator = load_generator("theatre", default_place())
        self.stage = Stage.open(LOOK, "test", headless=True)
        self.direction = Direction(1)
        self.config = RendererConfig(
            ModelSettings(generator="theatre", height=96),
            DreamSettings(),
            folder,
            LOOK.size,
            GENERATED,
            5,
            self.direction,
            camera=LOOK.camera,
            transitions=LOOK.transitions,
        )
        self.renderer = self.started(self.config)
        self.now, self.due, self.words = 100.0, 100.0, 0
        self.last: np.ndarray[tuple[int, ...], np.dtype[np.int16]] | None = None
        self.steps: list[float] = []

    def started(self, config: RendererConfig) -> Renderer:
        return Renderer(config, self.generator, FakeDreamFactory(self.generator))

    def say(self, text: str, fade: float = 2.0, cut: bool = False) -> None:
        self.words += 1
        take = self.direction.take + cut
        self.direction = replace(
            self.direction, take=take, prompts=(Prompt(self.words, text),), fade_seconds=0.0 if cut else fade
        )
        self.renderer.direct(self.direction)

    def restart(self) -> None:
        """The renderer is killed; its successor begins at what it reported."""
        self.renderer = self.started(replace(self.config, latents=self.renderer.latents(), direction=self.direction))
        self.renderer.direct(self.direction)

    def play(self, seconds: float, drawing: bool = True) -> None:
        """So many seconds of the show; without `drawing` the renderer hangs while the stage goes on."""
        end = self.now + seconds
        while self.now < end:
            if drawing and self.now >= self.due:
                self.due = self.now + 1 / GENERATED
                frame = self.renderer.draw(self.now)
                fade = self.direction.fade_seconds
                generated = GeneratedFrame(frame.picture, frame.take, frame.prompt_id, frame.change)
                self.stage.show_frame(generated, fade, self.now)
                self.renderer.work()
            self.stage.present(self.now)
            picture = self.stage.capture().astype(np.int16)
            if self.last is not None:
                self.steps.append(float(np.abs(picture - self.last).mean()))
            self.last = picture
            self.now += 1 / PRESENTED


@pytest.fixture
def theatre(tmp_path: Path) -> Theatre:
    made = Theatre(tmp_path)
    made.renderer.direct(made.direction)
    made.play(1.0)
    return made


@pytest.mark.slow
def test_successive_prompts_never_jump(theatre: Theatre) -> None:
    for text in ("a red sun over the sea", "snow at night", "the city burns", "a white morning", "black"):
        theatre.say(text, fade=1.0)
        theatre.play(1.7)
    assert 0.5 < max(theatre.steps) < JUMP


@pytest.mark.slow
def test_a_restarted_renderer_continues_without_a_jump(theatre: Theatre) -> None:
    for text in ("a red sun over the sea", "snow at night", "the city burns"):
        theatre.say(text)
        theatre.play(1.0)
        theatre.play(2.0, drawing=False)
        theatre.restart()
        theatre.play(1.0)
    assert max(theatre.steps) < JUMP


@pytest.mark.slow
def test_a_stall_during_a_change_is_not_caught_up(theatre: Theatre) -> None:
    theatre.say("snow at night", fade=1.5)
    theatre.play(0.4)
    theatre.play(6.0, drawing=False)
    theatre.play(2.0)
    assert max(theatre.steps) < JUMP


@pytest.mark.slow
def test_a_requested_cut_is_a_cut(theatre: Theatre) -> None:
    theatre.say("the city burns", cut=True)
    theatre.play(0.3)
    assert max(theatre.steps) > JUMP
