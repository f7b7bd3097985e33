"""Fixtures of the tests of whole shows."""

from __future__ import annotations

from tests.speech.conftest import microphone

__all__ = ["microphone"]
