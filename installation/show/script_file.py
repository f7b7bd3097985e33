"""Script files: a text that is read aloud, one line of the text on each line of the file.

    # Comments and blank lines are skipped.
    The ships have gone to sleep
    The city burns behind me => a burning city at night | people:-1; fade = 2; walk/speed = 0.6
    And then it is quiet => fade = 8

After ` => `, separated by semicolons: the prompt to show instead of the line itself, `fade` in seconds, `picture` (a
file of stored latents, or the seed of the dream), and values of live parameters. The caption is always the line itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from installation.core.errors import Rejected, ShowError, suggest
from installation.core.messages import Value
from installation.core.param_table import MAX_SEED
from installation.core.params import PARAMS, coerce, find_value
from installation.core.prompt_text import clean_whole, parse_prompt
from installation.show.text_file import read_text
from installation.text.tokenization import tokens

MAX_FADE_SECONDS = 600.0

_ARROW = re.compile(r"(?:^|\s)=>(?:\s|$)")
_ASSIGNMENT = re.compile(r"^\s*([A-Za-z/]+)\s*=\s*(.*)$")


@dataclass(frozen=True)
class ScriptLine:
    """A line as it is read, and what it shows. `fade_seconds` None: `transition/time`."""

    text: str
    words: str  # the prompt
    fade_seconds: float | None = None
    params: dict[str, Value] = field(default_factory=dict)
    picture: str = ""  # stored latents in the folder of the show
    seed: int = 0  # of the dream; 0: as usual


@dataclass(frozen=True)
class Script:
    """The lines of a text, in order."""

    lines: tuple[ScriptLine, ...] = ()

    @staticmethod
    def parse(text: str, where: str = "the script") -> Script:
        """Parse the text of a script file. `where` names the file in messages.

        Raises:
            ShowError: a line is invalid; the message has its number.
        """
        return Script(tuple(_lines(text, where)))


def script_names(folder: Path) -> list[str]:
    """The scripts of a folder; none if it cannot be read."""
    try:
        return sorted(path.name for path in folder.iterdir() if path.suffix.lower() == ".txt")
    except OSError:
        return []


def read_script(folder: Path | None, name: str) -> str:
    """Read a script from the folder of the show; None: the show has no folder.

    The name may come from the network, so that nothing outside the folder is opened or revealed.

    Raises:
        Rejected: there is no such script, or it cannot be read.
    """
    names = script_names(folder) if folder else []
    if folder is None or name not in names:
        raise Rejected(f"there is no script '{name}' in the show's folder; {suggest(name, names or ['none'])}")
    path = folder / name
    try:
        if not path.resolve().is_relative_to(folder.resolve()):
            raise Rejected(f"the script '{name}' is outside the show's folder.")
        return read_text(path, f"the script '{name}'")
    except ShowError as error:
        raise Rejected(str(error)) from None


def _lines(text: str, where: str) -> Iterator[ScriptLine]:
    for number, row in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        if row.strip() and not row.lstrip().startswith("#"):
            try:
                yield _line(row)
            except Rejected as error:
                raise ShowError(f"{where}, line {number}: {error}") from None


def _line(row: str) -> ScriptLine:
    read, *rest = _ARROW.split(row)
    text = clean_whole(read)
    if not tokens(text):
        raise Rejected("there are no words to read before '=>'.")
    if len(rest) > 1:
        raise Rejected("there is more than one '=>'; separate settings by ';'.")
    words, fade, params, picture, seed = text, None, {}, "", 0
    for index, part in enumerate(rest[0].split(";") if rest else ()):
        assignment = _ASSIGNMENT.match(part)
        if assignment is None and index:
            raise Rejected(f"'{part.strip()}' is not a setting; write 'fade = 2' or 'walk/speed = 0.6'.")
        if assignment is None:
            words = _prompt(part) or text
        elif assignment[1] == "fade":
            fade = _fade_seconds(assignment[2])
        elif assignment[1] == "picture":
            picture, seed = _picture(assignment[2].strip())
        else:
            params[assignment[1]] = _param(assignment[1], assignment[2])
    return ScriptLine(text, words, fade, params, picture, seed)


def _prompt(part: str) -> str:
    words = clean_whole(part)
    if part.strip() and not parse_prompt(words):
        raise Rejected(f"'{part.strip()}' describes nothing to be seen.")
    return words


def _fade_seconds(value: str) -> float:
    try:
        seconds = float(value)
    except ValueError:
        seconds = -1.0
    if not 0.0 <= seconds <= MAX_FADE_SECONDS:
        raise Rejected(f"fade takes seconds from 0 to {MAX_FADE_SECONDS:g}, not '{value.strip()}'.")
    return seconds


def _picture(value: str) -> tuple[str, int]:
    """A file of stored latents, or the seed of a dream."""
    if not value.isdecimal():
        return value, 0
    if int(value) > MAX_SEED:
        raise Rejected(f"a seed is at most {MAX_SEED}, not {value}.")
    return "", int(value)


def _param(name: str, value: str) -> Value:
    if name not in PARAMS:
        known = ["fade", "picture", *(row.name for row in PARAMS.values() if row.access == "value")]
        raise Rejected(f"there is no setting '{name}'; {suggest(name, known)}")
    if name.startswith("script/"):
        raise Rejected(f"a line cannot set '{name}', which would move its own script.")
    return coerce(find_value(name), value.strip())
