"""A text that is known in advance: one line of the poem a line, with what it does beside it where that differs.

    # comments and blank lines are no lines
    The ships have gone to sleep
    The city burns behind me => a burning city at night | people:-1; fade = 2; walk/speed = 0.6
    And then it is quiet => fade = 8

After ` => `, parted by semicolons: words to be imagined instead of the line's own, `fade` in seconds, and live values
by their names. The caption always shows the line itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from installation.core.errors import Rejected, ShowError, suggest
from installation.core.messages import Value
from installation.core.params import PARAMS, coerce, find_value
from installation.core.prompt_text import clean, parse_prompt
from installation.text.tokenization import tokens

MAX_FADE_SECONDS = 600.0
MAX_BYTES = 1_000_000  # of a script: some twenty thousand lines

_CUE = re.compile(r"(?:^|\s)=>(?:\s|$)")
_SETTING = re.compile(r"^\s*([A-Za-z/]+)\s*=\s*(.*)$")


@dataclass(frozen=True)
class ScriptLine:
    """A line as it is read and captioned, and what is imagined for it. `fade_seconds` None: `transition/time`."""

    text: str
    words: str
    fade_seconds: float | None = None
    params: dict[str, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class Script:
    """The lines of a text, in order."""

    lines: tuple[ScriptLine, ...] = ()

    @staticmethod
    def parse(text: str, where: str = "the script") -> Script:
        """The lines of a text; `where` names its file in errors. Raises ShowError with the line's number."""
        return Script(tuple(_lines(text, where)))


def _lines(text: str, where: str) -> Iterator[ScriptLine]:
    for number, row in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        if row.strip() and not row.lstrip().startswith("#"):
            try:
                yield _line(row)
            except Rejected as error:
                raise ShowError(f"{where}, line {number}: {error}") from None


def _line(row: str) -> ScriptLine:
    read, *beside = _CUE.split(row)
    text = clean(read)
    if not tokens(text):
        raise Rejected("there are no words to read before '=>'.")
    if len(beside) > 1:
        raise Rejected("there is more than one '=>'; several settings are parted by ';'.")
    words, fade, params = text, None, {}
    for i, part in enumerate(beside[0].split(";") if beside else ()):
        found = _SETTING.match(part)
        if not found and i:
            raise Rejected(f"'{part.strip()}' is no setting; one is written 'fade = 2' or 'walk/speed = 0.6'.")
        if not found:
            words = _imagined(part, text)
        elif found[1] == "fade":
            fade = _fade(found[2])
        else:
            params[found[1]] = _setting(found[1], found[2])
    return ScriptLine(text, words, fade, params)


def _imagined(part: str, text: str) -> str:
    if not part.strip():
        return text
    words = clean(part)
    if not parse_prompt(words):
        raise Rejected(f"'{part.strip()}' holds nothing to be imagined.")
    return words


def _fade(value: str) -> float:
    try:
        seconds = float(value)
    except ValueError:
        seconds = -1.0
    if not 0.0 <= seconds <= MAX_FADE_SECONDS:
        raise Rejected(f"fade takes seconds from 0 to {MAX_FADE_SECONDS:g}, not '{value.strip()}'.")
    return seconds


def _setting(name: str, value: str) -> Value:
    if name not in PARAMS:
        known = ["fade", *(row.name for row in PARAMS.values() if row.access == "value")]
        raise Rejected(f"there is no setting '{name}'; {suggest(name, known)}")
    if name.startswith("script/"):
        raise Rejected(f"a line cannot set '{name}': it would move the script that it stands in.")
    return coerce(find_value(name), value.strip())


def read_script(folder: Path | None, name: str) -> str:
    """The text of another script of a show, from its own folder (None: it has none). Raises Refusal.

    Whoever may send OSC may ask for one: nothing outside of the folder is opened, and nothing is told of it.
    """
    known = sorted(path.name for path in folder.glob("*.txt")) if folder else []
    if folder is None or name not in known:
        raise Rejected(f"there is no script '{name}' in the show's folder; {suggest(name, known or ['none'])}")
    path = folder / name
    try:
        if not path.resolve().is_relative_to(folder.resolve()):
            raise Rejected(f"the script '{name}' lies outside of the show's folder.")
        if path.stat().st_size > MAX_BYTES:
            raise Rejected(f"the script '{name}' is too long: a million bytes at most.")
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise Rejected(f"the script '{name}' cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise Rejected(f"the script '{name}' is no text in UTF-8.") from None
