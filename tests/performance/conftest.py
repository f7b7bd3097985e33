"""What the tests of whole shows share."""

from __future__ import annotations

from tests.listen.conftest import microphone

__all__ = ["microphone"]
