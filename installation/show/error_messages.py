"""What is wrong in a show file, in the words of its author: the line, the key, what would be right."""

from __future__ import annotations

import re
from difflib import get_close_matches
from inspect import isclass
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from installation.core.errors import suggest
from installation.core.params import PARAMS
from installation.show.settings import CueSettings, Show

MOST = 5  # mistakes that are told at once
CLOSE = 0.75  # likeness, 0..1, of a slip of the fingers

Place = tuple[int | str, ...]

# pydantic speaks of Python's types, the file's author knows TOML's
_IN_TOML = (
    (r"dictionary or instance of \w+|dictionary", "table"),
    (r"^value error, ", ""),
    (r"\btuple\b", "array"),
    (r"\bstring\b", "text"),
    (" after validation", ""),
)


def mistakes(error: ValidationError, text: str, where: str) -> str:
    """A sentence for each mistake, in the order of the file's lines; of many only the first."""
    found = sorted(error.errors(), key=lambda each: _line(text, each["loc"]))
    sentences = list(dict.fromkeys(_sentence(each, text, where) for each in found))
    more = [f"... and {len(sentences) - MOST} more."] if len(sentences) > MOST else []
    return "\n".join(sentences[:MOST] + more)


def _sentence(error: ErrorDetails, text: str, where: str) -> str:
    place = error["loc"]
    key = ".".join(str(part + 1) if isinstance(part, int) else part for part in place)
    if error["type"] == "extra_forbidden":
        what = "section" if len(place) == 1 and isinstance(error["input"], dict) else "key"
        return f"{where}{at_line(text, place)}: there is no {what} '{key}': {_right(place)}"
    if place == ("cue",) and isinstance(error["input"], dict):
        return f"{where}{at_line(text, place)}: each cue begins with [[cue]], in two brackets."
    reason = error["msg"][0].lower() + error["msg"][1:]
    for ours, tomls in _IN_TOML:
        reason = re.sub(ours, tomls, reason)
    found = "" if ", not " in reason else f", not {error['input']!r}"
    return f"{where}{at_line(text, place)}: {key}: {reason}{found}."


def _right(place: Place) -> str:
    """Where a key belongs that was written where it is unknown, or the name that is most like it."""
    key = str(place[-1])
    live = "/".join(part for part in place if isinstance(part, str))
    if live in PARAMS and PARAMS[live].access == "value":
        return f'"{live}" is a live value, and stands under [params].'
    if len(place) > 1 and key in Show.model_fields and Show.model_fields[key].annotation is str:
        return f"'{key}' stands above the first section."
    elsewhere = {name for model in _models().values() for name in model.model_fields}
    if len(place) == 1 and not get_close_matches(key, Show.model_fields, 1, CLOSE):
        key = next(iter(get_close_matches(key, elsewhere, 1, CLOSE)), key)
    homes = [home for home, model in _models().items() if key in model.model_fields]
    return f"'{key}' is a key of {' and of '.join(homes)}." if homes else suggest(key, _keys(place[:-1]))


def _models() -> dict[str, type[BaseModel]]:
    """Every section, as its header is written."""
    fields = {name: field.annotation for name, field in Show.model_fields.items()}
    sections = {f"[{name}]": kind for name, kind in fields.items() if isclass(kind) and issubclass(kind, BaseModel)}
    return {**sections, "[[cue]]": CueSettings}


def _keys(place: Place) -> list[str]:
    model: Any = Show
    for part in place:
        if isinstance(part, str) and part != "params":
            model = CueSettings if part == "cue" else model.model_fields[part].annotation
    return list(model.model_fields)


def at_line(text: str, place: Place) -> str:
    """`, line 12` for the place of a key in a TOML text; nothing where it cannot be told."""
    line = _line(text, place)
    return f", line {line}" if line else ""


def _line(text: str, place: Place) -> int:
    """Counted from 1; 0 where it cannot be told."""
    tables = [str(part) for part in place[:-1] if isinstance(part, str)]
    number = next((part for part in place if isinstance(part, int)), None)
    current: list[str] = []
    seen = -1
    last = 0
    for line_number, line in enumerate(text.splitlines(), 1):
        header = re.match(r"\s*\[\[?\s*([^\]]+?)\s*\]", line)
        if header:
            current = [part.strip().strip('"') for part in header[1].split(".")]
            seen += line.lstrip().startswith("[[" + (tables[0] if tables else ""))
        here = current == tables and (number is None or number == seen)
        found = re.match(rf"\s*[\"']?{re.escape(str(place[-1]))}[\"']?\s*=", line)
        if here and header:
            last = line_number
        if (here and found) or (header and current == [str(part) for part in place if isinstance(part, str)]):
            return line_number
    return last or _only_line(text, str(place[-1]))


def _only_line(text: str, key: str) -> int:
    """The place of a key that is written in an inline table or with dots, where there is but one like it."""
    lines = [
        number
        for number, line in enumerate(text.splitlines(), 1)
        if re.search(rf"(?<![\w/]){re.escape(key)}[\"']?\s*=", line)
    ]
    return lines[0] if len(lines) == 1 else 0
