"""The classes of open_clip that the embedded perceptor needs, without the rest of it.

All of open_clip brings torchvision, timm and, where it is installed, transformers, and with them torch's compiler:
1,500 modules and 2.6 s of a core before the first dream, and again in each renderer that replaces another.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any, NamedTuple

_LIBRARY = "open_clip"
_OPTIONAL = ("timm", "transformers")  # open_clip does without them, except in models that are made of theirs
_REQUIRED = "torchvision.ops.misc"  # of which it takes a class that nothing here uses
_importing = threading.RLock()


class EmbeddedClasses(NamedTuple):
    """`open_clip.CLIP` and `open_clip.SimpleTokenizer`."""

    clip: Any
    tokenizer: Any


@cache
def embedded_classes() -> EmbeddedClasses:
    """Import them. A later import of open_clip imports all of it.

    Raises:
        ImportError: open_clip is not installed, or is another one.
    """
    with _importing:
        if _LIBRARY in sys.modules:
            return _classes()
        library = ModuleType(_LIBRARY)
        spec = find_spec(_LIBRARY)
        if spec is None or spec.submodule_search_locations is None:
            raise ModuleNotFoundError(f"No module named '{_LIBRARY}'", name=_LIBRARY)
        library.__path__ = list(spec.submodule_search_locations)
        with _replaced({_LIBRARY: library, **dict.fromkeys(_OPTIONAL), **_torchvision()}):
            return _classes()


def _classes() -> EmbeddedClasses:
    return EmbeddedClasses(
        import_module(f"{_LIBRARY}.model").CLIP, import_module(f"{_LIBRARY}.tokenizer").SimpleTokenizer
    )


def _torchvision() -> dict[str, ModuleType]:
    """Empty modules in its place."""
    parts = _REQUIRED.split(".")
    names = [".".join(parts[: length + 1]) for length in range(len(parts))]
    modules = {name: ModuleType(name) for name in names}
    modules[_REQUIRED].FrozenBatchNorm2d = object  # type: ignore[attr-defined]
    return modules


@contextmanager
def _replaced(modules: Mapping[str, ModuleType | None]) -> Iterator[None]:
    """Let imports find these modules, unless others have been imported; None: there is no such module."""
    new = {name: module for name, module in modules.items() if name.partition(".")[0] not in sys.modules}
    sys.modules.update(new)  # type: ignore[arg-type]  # None is what Python documents for this
    try:
        yield
    finally:
        for name in [*new, *(name for name in sys.modules if name.startswith(f"{_LIBRARY}."))]:
            sys.modules.pop(name, None)
