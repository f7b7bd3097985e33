"""The tables of a show file whose keys belong to an output sink or a control surface."""

from __future__ import annotations

from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from installation.core.errors import ShowError
from installation.show.settings import OutputSettings, SurfaceSettings

T = TypeVar("T")


def extension_settings(entry: OutputSettings | SurfaceSettings, kind: type[T]) -> T:
    """The keys of an `[[output]]` or `[[surface]]` table as the settings class (a dataclass) of that kind.

    Raises:
        ShowError: for an unknown key, a missing one, or a value of the wrong type.
    """
    table = "output" if isinstance(entry, OutputSettings) else "surface"
    try:
        return TypeAdapter(kind).validate_python(entry.model_extra or {})
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"]))
        raise ShowError(f"[[{table}]] of kind '{entry.kind}', key '{key}': {first['msg'].lower()}.") from None
