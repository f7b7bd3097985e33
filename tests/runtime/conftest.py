"""What the tests of whole shows share."""

from __future__ import annotations

from tests.speech.conftest import microphone

__all__ = ["microphone"]
