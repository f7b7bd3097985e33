"""Dreamers that several tests share: the fakes with a small Bank, and the theatre as it ships."""

from __future__ import annotations

import pytest
import torch

from installation import models
from installation.dream.dream import DreamSession
from installation.dream.latent_bank import load_bank
from installation.models.fake import FakeGenerator, FakePerceptor
from installation.show.settings import DreamSettings
from installation.training.bank_builder import build_bank


@pytest.fixture(scope="session")
def fake_dreamer() -> DreamSession:
    """Fast, and understands nothing; it can still be climbed."""
    torch.set_num_threads(1)
    generator, perceptor = FakeGenerator(), FakePerceptor()
    bank = build_bank(generator, perceptor, 64, 1)
    return DreamSession(generator, perceptor, bank, DreamSettings(size=32, cutouts=3))


@pytest.fixture(scope="session")
def theatre_dreamer() -> DreamSession:
    """The default models and the Bank that ships with them."""
    torch.set_num_threads(1)
    place = models.default_place()
    generator = models.load_generator("theatre", place)
    perceptor = models.load_perceptor("clip-embedded", place)
    bank = load_bank("theatre", "clip-embedded", place)
    return DreamSession(generator, perceptor, bank, DreamSettings(size=64, cutouts=2))
