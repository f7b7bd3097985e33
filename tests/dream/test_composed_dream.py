from __future__ import annotations

import numpy as np
import pytest

from installation import models
from installation.core.messages import Prompt
from installation.dream.composed_dream import ComposedDream, ComposedSession
from installation.dream.loading import load_session
from installation.dream.session import DreamSession
from installation.models.interfaces import Generator
from installation.show.settings import DreamSettings


@pytest.fixture(scope="module")
def mosaic() -> Generator:
    return models.load_generator("pixels", models.default_place())


@pytest.fixture(scope="module")
def session(mosaic: Generator, theatre_session: DreamSession) -> ComposedSession:
    place, perceptor = models.default_place(), theatre_session.models.perceptor
    loaded = load_session(mosaic, perceptor, "clip-embedded", DreamSettings(size=64, cutouts=2), place)
    assert isinstance(loaded, ComposedSession)
    return loaded


def dream_of(session: ComposedSession, text: str) -> ComposedDream:
    return session.dream((Prompt(4, text),), 3, {})


def test_it_begins_with_the_source_s_picture_that_is_nearest_to_the_words(
    session: ComposedSession, mosaic: Generator, theatre_session: DreamSession
) -> None:
    source = theatre_session.dream((Prompt(4, "a red fox under the moon"),), 3, {})
    expected = theatre_session.models.generator.paint(source.point(), (48, 86)).astype(int)
    shown = mosaic.paint(dream_of(session, "a red fox under the moon").point(), (48, 86)).astype(int)
    assert np.abs(shown - expected).mean() < 16.0


@pytest.mark.slow
def test_the_source_composes_before_the_optimisation(session: ComposedSession, theatre_session: DreamSession) -> None:
    dream = dream_of(session, "a red fox under the moon")
    before = dream.point()
    while not dream.step():
        pass
    assert {"fox", "moon", "red"} <= set(dream.labels())
    assert (dream.steps, dream.prompt_id) == (1, 4)
    dream.settle()
    assert np.abs(dream.point().z - before.z).mean() > 0.05
    picture = session.models.embed_latents(
        session.models.to_device(dream.point().z), session.models.to_device(before.classes)
    )
    words = theatre_session.models.embed_text("a red fox under the moon")
    assert float(picture[0].numpy() @ words) > dream.start_score


def test_a_session_with_other_settings_still_composes(session: ComposedSession, mosaic: Generator) -> None:
    other = session.with_settings(DreamSettings(size=64, cutouts=3))
    assert other.models.settings.cutouts == 3
    pictures = [
        mosaic.paint(dream_of(each, "a red fox under the moon").point(), (48, 86)).astype(int)
        for each in (session, other)
    ]
    assert np.abs(pictures[1] - pictures[0]).mean() < 1.0


@pytest.mark.slow
def test_optimisation_raises_the_score(session: ComposedSession) -> None:
    dream = dream_of(session, "a ship in a storm")
    dream.settle()
    dream.step()
    first = dream.score
    for _ in range(24):
        dream.step()
    assert dream.score > first


@pytest.mark.slow
def test_a_dream_without_words_stays_a_picture_of_the_source(session: ComposedSession) -> None:
    dream = session.dream((Prompt(1, "fog:-1"),), 1, {})
    dream.set_params({"latent/truncation": 0.2})
    dream.set_cutouts(1)
    dream.settle()
    assert np.isfinite(dream.point().z).all()
    assert session.attract_point(2).z.shape == dream.point().z.shape


def test_words_that_the_perceptor_hardly_knows_are_reported(session: ComposedSession) -> None:
    dream = dream_of(session, "quarterly and merely")
    session.finish_loading()  # the words may be of another language
    dream.step()
    assert "hardly knows" in dream.pop_notice()
