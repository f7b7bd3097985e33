"""What several tests share: dream sessions of the fake models and of the theatre as it ships, and a reader of texts."""

from __future__ import annotations

import pytest
import torch

from installation import models
from installation.dream.dream_models import DreamModels
from installation.dream.latent_bank import LatentBank, load_bank
from installation.dream.session import DreamSession
from installation.dream.text_reading import TextReader, text_reader
from installation.models.biggan.generator import BigGAN
from installation.models.fake import FakeGenerator, FakePerceptor
from installation.models.interfaces import Generator, Group, Perceptor
from installation.models.theatre.marks import NAMES
from installation.models.theatre.vocabulary import GROUPS
from installation.show.settings import DreamSettings
from installation.training.bank_builder import build_bank
from tests.models.conftest import calibrated_library

FAKE_SETTINGS = DreamSettings(size=32, cutouts=3)


def session_of(
    generator: Generator, perceptor: Perceptor, bank: LatentBank, settings: DreamSettings = FAKE_SETTINGS
) -> DreamSession:
    return DreamSession(DreamModels.prepare(generator, perceptor, bank, settings))


def small_biggan() -> BigGAN:
    """A BigGAN of ten classes with random weights, small enough to be optimised in a test."""
    return BigGAN("small", calibrated_library(1), (Group("class", tuple("abcdefghij")),))


@pytest.fixture(scope="session")
def fake_session() -> DreamSession:
    """Fast models that understand nothing; their scores can still be raised by gradient."""
    torch.set_num_threads(1)
    generator, perceptor = FakeGenerator(), FakePerceptor()
    return session_of(generator, perceptor, build_bank(generator, perceptor, 64, 1))


@pytest.fixture(scope="session")
def theatre_session() -> DreamSession:
    """The default models and the latent bank that ships with them."""
    torch.set_num_threads(1)
    place = models.default_place()
    generator = models.load_generator("theatre", place)
    perceptor = models.load_perceptor("clip-embedded", place)
    bank = load_bank("theatre", "clip-embedded", place)
    return session_of(generator, perceptor, bank, DreamSettings(size=64, cutouts=2))


@pytest.fixture(scope="session")
def biggan_bank() -> LatentBank:
    """The latent bank of `small_biggan` and the fake perceptor."""
    return build_bank(small_biggan(), FakePerceptor(), 64, 1)


@pytest.fixture(scope="session")
def reader() -> TextReader:
    """What reads texts for the theatre."""
    found = text_reader(GROUPS, NAMES)
    assert found is not None
    return found
