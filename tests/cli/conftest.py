"""Fixtures shared with the tests of speech and of the model store."""

from __future__ import annotations

from tests.model_store.conftest import served, server
from tests.speech.conftest import microphone

__all__ = ["microphone", "served", "server"]
