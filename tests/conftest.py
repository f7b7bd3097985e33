"""What all tests share."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from installation.core import llvm

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")


def require_system(condition: object, reason: str) -> None:
    """Skips where a system package is missing, unless LATERNA_REQUIRE_SYSTEM=1 makes that a failure."""
    if condition:
        return
    if os.environ.get("LATERNA_REQUIRE_SYSTEM") == "1":
        pytest.fail(f"LATERNA_REQUIRE_SYSTEM=1, and {reason}")
    pytest.skip(reason)


def require_package(name: str) -> Any:
    """Return a module that only tests use; where it is missing, do as `require_system`."""
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        require_system(False, f"{error.name} is missing (pip install -r .ci/requirements.txt)")
        raise


def spread(cases: Iterable[Any], step: int) -> list[Any]:
    """The cases of a long sweep, for `parametrize`: every `step`-th is a fast test, the others are slow ones."""
    return [
        pytest.param(*(case if isinstance(case, tuple) else (case,)), marks=[pytest.mark.slow] if index % step else [])
        for index, case in enumerate(cases)
    ]


@pytest.fixture
def without_llvm(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine on which LLVM cannot be loaded."""
    llvm.is_available.cache_clear()
    monkeypatch.setitem(sys.modules, "llvmlite", None)
    yield
    llvm.is_available.cache_clear()
