"""Error messages for show files: which line, which key, and what would be right."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from inspect import isclass
from tomllib import TOMLDecodeError

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from installation.core.errors import suggest
from installation.core.params import PARAMS
from installation.show.projection import ScreenSettings
from installation.show.settings import CueSettings, OutputSettings, Show, SurfaceSettings
from installation.show.sound_settings import SoundMapSettings

MAX_REPORTED = 5  # errors at a time
MAX_LOCATED = 100  # errors whose lines are searched for
MIN_TYPO_SIMILARITY = 0.75  # difflib's ratio, 0 to 1, from which on a section is taken for a misspelt one

Location = tuple[int | str, ...]  # of a key, as pydantic gives it: ("cue", 1, "words")

TABLE_ARRAYS: dict[str, type[BaseModel]] = {
    "cue": CueSettings,
    "screen": ScreenSettings,
    "output": OutputSettings,
    "surface": SurfaceSettings,
    "sound.map": SoundMapSettings,
}

_PYDANTIC_TO_TOML = (  # pydantic names the types of Python
    (r"dictionary or instance of \w+|dictionary", "table"),
    (r"^value error, ", ""),
    (r"\btuple\b", "array"),
    (r"\bstring\b", "text"),
    (" after validation", ""),
)
_TOML_HINTS = (  # part of a message of tomllib, and what is usually wrong
    ("Illegal character '\\n'", "the text that starts on this line needs a closing quote"),
    ("""Expected "'\"""", "text that starts with ' must end with '"),
    ("Expected newline or end of document", "put each key and each [section] on a line of its own"),
    ("Cannot overwrite a value", "this key is defined twice"),
    ("Cannot declare", "this section is defined twice"),
    ("Invalid value", "put text in quotes"),
    ("Unescaped '\\'", "write / in place of \\ in a path, or put it in single quotes"),
    ("Invalid hex value", "write / in place of \\ in a path, or put it in single quotes"),
)
_UNQUOTED_PARAMETER = re.compile(r"""\s*([\w-]+(?:/[\w-]+)+)\s*=""")
_HEADER = re.compile(r"\s*\[\[?\s*([^\]]+?)\s*\]")


def toml_message(error: TOMLDecodeError, text: str, where: str) -> str:
    """Describe a syntax error in a TOML text, with a hint for the common ones. `where` names the file."""
    message = str(error)
    found = re.search(r"at line (\d+)", message)
    lines = text.splitlines()
    line = lines[int(found[1]) - 1] if found and int(found[1]) <= len(lines) else ""
    name = _UNQUOTED_PARAMETER.match(line)
    hints = (
        [f'put the name in quotes: "{name[1]}"'] if name else [hint for part, hint in _TOML_HINTS if part in message]
    )
    return f"{where}: {message}{''.join(f': {hint}' for hint in hints[:1])}."


def validation_sentences(error: ValidationError, text: str, where: str) -> list[str]:
    """Describe the first errors in a show file, in the order of the file. `where` names the file."""
    errors = sorted(error.errors()[:MAX_LOCATED], key=lambda each: _line_number(text, each["loc"]))
    sentences = list(dict.fromkeys(_sentence(each, text, where) for each in errors))
    left = len(sentences) - MAX_REPORTED + error.error_count() - len(errors)
    more = [f"... and {left} more."] if left > 0 else []
    return sentences[:MAX_REPORTED] + more


def at_line(text: str, location: Location) -> str:
    """Return `, line 12` for a key in a TOML text; empty if the line is unknown."""
    line = _line_number(text, location)
    return f", line {line}" if line else ""


def either(names: Sequence[str]) -> str:
    """Join names to `a, b or c`."""
    return " or ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _sentence(error: ErrorDetails, text: str, where: str) -> str:
    location = error["loc"]
    prefix = f"{where}{at_line(text, location)}:"
    key = ".".join(str(part + 1) if isinstance(part, int) else part for part in location)
    if error["type"] == "extra_forbidden":
        what = "section" if len(location) == 1 and isinstance(error["input"], dict) else "key"
        return f"{prefix} unknown {what} '{key}'; {_suggestion(location)}"
    if error["type"] == "missing":
        return f"{prefix} {key} is missing."
    if key in TABLE_ARRAYS and isinstance(error["input"], dict):
        return f"{prefix} each {key} starts with [[{key}]], in double brackets."
    reason = error["msg"][0].lower() + error["msg"][1:]
    for pydantic, toml in _PYDANTIC_TO_TOML:
        reason = re.sub(pydantic, toml, reason)
    given = "" if ", not " in reason or isinstance(error["input"], dict) else f", not {error['input']!r}"
    return f"{prefix} {key}: {reason}{given}."


# -- suggestions -----------------------------------------------------------------------------------------------------


def _suggestion(location: Location) -> str:
    """Where an unknown key belongs, or the closest key of its section."""
    key = str(location[-1])
    param = "/".join(part for part in location if isinstance(part, str))
    if param in PARAMS and PARAMS[param].access == "value":
        return f'"{param}" is a live parameter, it belongs under [params].'
    if len(location) > 1 and key in Show.model_fields and Show.model_fields[key].annotation is str:
        return f"'{key}' belongs above the first section."
    sections = _sections()
    if len(location) == 1 and not get_close_matches(key, Show.model_fields, 1, MIN_TYPO_SIMILARITY):
        keys = {name for model in sections.values() for name in model.model_fields}
        key = next(iter(get_close_matches(key, keys, 1, MIN_TYPO_SIMILARITY)), key)
    homes = [header for header, model in sections.items() if key in model.model_fields]
    return f"'{key}' belongs to {either(homes)}." if homes else suggest(key, _known_keys(location))


def _sections() -> dict[str, type[BaseModel]]:
    """Every section by its header."""
    fields = {name: field.annotation for name, field in Show.model_fields.items()}
    tables = {f"[{name}]": kind for name, kind in fields.items() if isclass(kind) and issubclass(kind, BaseModel)}
    return tables | {f"[[{name}]]": kind for name, kind in TABLE_ARRAYS.items()}


def _known_keys(location: Location) -> Iterable[str]:
    """The keys of the section in which this location lies."""
    if len(location) == 1:
        return Show.model_fields
    table, _ = _table_of(location)
    header = f"[[{table}]]" if table else f"[{location[0]}]"
    return _sections()[header].model_fields


def _table_of(location: Location) -> tuple[str, int | None]:
    """The `[[table]]` in which a location lies and its place among those of that name; "" and None if in none."""
    for depth, part in enumerate(location):
        table = ".".join(map(str, location[:depth]))
        if isinstance(part, int) and table in TABLE_ARRAYS:
            return table, part
    return "", None


# -- lines -----------------------------------------------------------------------------------------------------------


def _line_number(text: str, location: Location) -> int:
    """Find the line of a key, counted from 1, or that of its section if the key is missing; 0 if neither is found."""
    names = [part for part in location if isinstance(part, str)]
    table, wanted = _table_of(location)
    key = re.compile(rf"\s*[\"']?{re.escape(names[-1])}[\"']?\s*=")
    section: list[str] = []
    section_line, index = 0, -1
    for number, line in enumerate(text.splitlines(), 1):
        header = _HEADER.match(line)
        if header:
            section = [part.strip().strip("\"'") for part in header[1].split(".")]
            index += bool(table) and line.lstrip().startswith("[[") and section == table.split(".")
        if wanted is not None and wanted != index:
            continue
        if section == names or (section == names[:-1] and key.match(line)):
            return number
        if header and section == names[:-1]:
            section_line = number
    return section_line or _unique_line(text, names[-1])


def _unique_line(text: str, key: str) -> int:
    """Find the line of a key in an inline table or with a dotted name, if only one line has such a key."""
    pattern = re.compile(rf"(?<![\w/]){re.escape(key)}[\"']?\s*=")
    lines = [number for number, line in enumerate(text.splitlines(), 1) if pattern.search(line)]
    return lines[0] if len(lines) == 1 else 0
