"""Dreamers shared with the tests of the dream."""

from __future__ import annotations

from tests.dream.conftest import fake_dreamer, theatre_dreamer

__all__ = ["fake_dreamer", "theatre_dreamer"]
