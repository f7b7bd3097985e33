from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from numpy.testing import assert_array_equal

from installation.core.errors import ShowError
from installation.core.messages import Direction, Prompt
from installation.dream.sound_prompts import SoundReader
from installation.dream.word_session import WordSession
from installation.models import load_generator
from installation.models.diffusion.generator import TurboDiffusion
from installation.models.interfaces import ModelPlace
from installation.render.interfaces import RendererConfig
from installation.render.renderer import Renderer
from installation.show.settings import DreamSettings, ModelSettings
from installation.studio.composition import compose
from installation.studio.imagine import imagine
from installation.studio.interpolate import steps_between
from installation.studio.sample import sample
from installation.studio.workspace import Studio, StudioOptions
from tests.dream.listening import BELLS, PitchListener, write_tone
from tests.models.diffusion.conftest import diffusion_place

__all__ = ["diffusion_place"]


@pytest.fixture(scope="module")
def painter(diffusion_place: ModelPlace) -> TurboDiffusion:
    generator = load_generator("sd-turbo", diffusion_place)
    assert isinstance(generator, TurboDiffusion)
    return generator


def direction(text: str, weight: float = 1.0, number: int = 1) -> Direction:
    return Direction(take=0, number=number, prompts=(Prompt(1, text, weight),), fade_seconds=1.0)


def config_of(text: str, folder: Path) -> RendererConfig:
    return RendererConfig(
        models=ModelSettings(generator="sd-turbo"),
        dream=DreamSettings(),
        ring=folder,
        aspect=(16, 9),
        rate=20.0,
        seed=1,
        direction=direction(text),
    )


def test_the_words_are_there_at_once_and_the_noise_stays_when_they_change(painter: TurboDiffusion) -> None:
    dream = WordSession(painter).dream((Prompt(7, "a fox:2 | fog"),), 3, {"prompt/negative": "people"})
    assert (dream.prompt_id, dream.step(), dream.optimises) == (7, False, False)
    assert_array_equal(dream.point().z, painter.compose(("a fox", "fog", "people"), (2.0, 1.0, -1.0), 3))
    dream.set_prompts((Prompt(7, "a ship"),))
    dream.set_params({})
    assert_array_equal(dream.point().z, painter.compose(("a ship",), (1.0,), 3))


def test_a_sound_is_painted_once_it_is_heard(painter: TurboDiffusion, tmp_path: Path) -> None:
    listener = PitchListener()
    listener.allowed.clear()
    reader = SoundReader(lambda: listener, str(tmp_path))
    sound = write_tone(tmp_path / "bells.wav", BELLS)
    dream = WordSession(painter, reader).dream((Prompt(1, "bells.wav"),), 3, {})
    assert dream.optimises
    listener.allowed.set()
    reader.hear(sound)
    dream.step()
    assert not dream.optimises
    assert dream.texts.texts == ("a church", "rain")
    assert "bells.wav sounds like" in dream.pop_notice()


def test_pictures_and_noise_are_left_out_with_a_sentence(painter: TurboDiffusion) -> None:
    dream = WordSession(painter).dream((Prompt(1, "a fox | /photos/wood.png:.5 | noise#7"),), 3, {})
    assert (dream.texts.texts, dream.texts.weights) == (("a fox",), (1.0,))
    assert dream.pop_notice() == (
        "wood.png is left out: 'sd-turbo' reads words. noise#7 is left out: 'sd-turbo' reads words."
    )


@pytest.mark.slow
def test_a_renderer_shows_the_words_and_walks_to_others(painter: TurboDiffusion, tmp_path: Path) -> None:
    renderer = Renderer(config_of("a fox", tmp_path), painter, WordSession(painter))
    renderer.direct(direction("a fox"))
    first = renderer.draw(0.0)
    assert not renderer.dreaming
    assert first.picture.shape == (64, 64, 3)
    renderer.direct(Direction(take=0, number=2, prompts=(Prompt(2, "a ship at night"),), fade_seconds=1.0))
    for step in range(1, 15):
        renderer.draw(step / 10)
    assert renderer.dream is not None
    walk = renderer._walk
    assert walk is not None
    assert_array_equal(walk.without_drift(renderer._now).z, renderer.dream.point().z)


def test_a_successor_walks_from_its_predecessor_s_picture_to_the_words(painter: TurboDiffusion, tmp_path: Path) -> None:
    left = painter.sample(1, 5)
    config = replace(config_of("a fox", tmp_path), latents=(left.z, left.classes))
    renderer = Renderer(config, painter, WordSession(painter))
    renderer.direct(direction("a fox"))
    renderer.draw(0.0)
    for step in range(1, 100):
        renderer._clock.advance(step / 10)
    renderer.draw(10.0)
    assert renderer.dream is not None
    assert renderer._walk is not None
    assert_array_equal(renderer._walk.without_drift(renderer._now).z, renderer.dream.point().z)


def test_the_studio_paints_words_at_once(diffusion_place: ModelPlace) -> None:
    studio = Studio(StudioOptions(ModelSettings(generator="sd-turbo"), place=diffusion_place, size=(64, 64)))
    made = imagine(studio, "a fox in the snow | fog:.5", seed=2, steps=150)
    assert (made.steps, made.scores) == (0, ())
    assert made.picture.shape == (64, 64, 3)
    assert_array_equal(made.picture, imagine(studio, "a fox in the snow | fog:.5", seed=2).picture)
    with pytest.raises(ShowError, match="paints words at once"):
        compose(studio, "a fox", "the sea")
    points = steps_between(studio, "a fox", "a ship", 3, seed=1)
    assert_array_equal(points[0].z, studio.dream("a fox", 1).point().z)
    drawn = sample(studio, (), 2, seed=1)
    assert_array_equal(drawn.points.z, studio.generator.sample(2, 1).z)
