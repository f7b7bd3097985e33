"""What all tests share."""

from __future__ import annotations

import os

import pytest

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")


def require_system(condition: object, reason: str) -> None:
    """Skips where a system package is missing, unless LATERNA_REQUIRE_SYSTEM=1 makes that a failure."""
    if condition:
        return
    if os.environ.get("LATERNA_REQUIRE_SYSTEM") == "1":
        pytest.fail(f"LATERNA_REQUIRE_SYSTEM=1, and {reason}")
    pytest.skip(reason)
