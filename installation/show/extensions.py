"""The [[output]] and [[surface]] tables of a show file, whose keys are defined by a sink or a control surface."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from installation.core.errors import ShowError, suggest
from installation.show.settings import OutputSettings, SurfaceSettings

T = TypeVar("T")


def extension_settings(entry: OutputSettings | SurfaceSettings, settings: type[T]) -> T:
    """Convert the keys of a table to the settings class of its kind: a dataclass or a pydantic model.

    Raises:
        ShowError: a key is unknown or missing, or a value has the wrong type.
    """
    table = "output" if isinstance(entry, OutputSettings) else "surface"
    where = f"[[{table}]] of kind '{entry.kind}'"
    given, known = entry.model_extra or {}, _keys(settings)
    for key in given:
        if key not in known:
            raise ShowError(f"{where}: unknown key '{key}'; {suggest(key, known)}")
    try:
        return TypeAdapter(settings).validate_python(given)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"]))
        raise ShowError(f"{where}: {key}: {first['msg'].lower()}.") from None


def _keys(settings: type[Any]) -> list[str]:
    if issubclass(settings, BaseModel):
        return list(settings.model_fields)
    return [field.name for field in fields(settings)]
