"""The base of all sections of a show file, and the types that several of them use."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

MAX_CHARACTERS = 1000  # of any text but a script
MAX_PIXELS = 7680 * 4320  # of the stage


class Section(BaseModel):
    """A table of a show file: frozen, and without unknown keys."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, allow_inf_nan=False, str_max_length=MAX_CHARACTERS
    )


def to_tuple(value: object) -> object:
    """A list as a tuple; anything else as it is."""
    return tuple(value) if isinstance(value, list) else value


def to_tuples(value: object) -> object:
    """Nested lists as tuples, and whole numbers as they are."""
    return tuple(to_tuples(each) for each in value) if isinstance(value, list | tuple) else value


class NamesPath:
    """Marks a setting that names a file or a folder; see `confinement`."""


def _check_path(value: str) -> str:
    if "\n" in value or "\t" in value:
        raise ValueError("\\n and \\t in double quotes are a line break and a tab; write / in place of \\ in a path")
    return value


def _check_area(size: tuple[int, int]) -> tuple[int, int]:
    if size[0] * size[1] > MAX_PIXELS:
        raise ValueError(f"at most {MAX_PIXELS:,} pixels (8K)")
    return size


Side = Annotated[int, Field(ge=16, le=8192)]
Size = Annotated[tuple[Side, Side], BeforeValidator(to_tuple), AfterValidator(_check_area)]
Texts = Annotated[tuple[str, ...], BeforeValidator(to_tuple)]
PathText = Annotated[str, AfterValidator(_check_path), NamesPath()]
