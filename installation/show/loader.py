"""The show file: TOML in, a frozen Show out. A mistake is one sentence: the line, the key, what would be right."""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path

from pydantic import ValidationError

from installation.core.errors import Rejected, ShowError, suggest
from installation.core.messages import Value
from installation.core.params import PARAMS, coerce, find_value
from installation.core.paths import SHOWS
from installation.core.prompt_text import clean, parse_prompt
from installation.show.error_messages import at_line, mistakes
from installation.show.script_file import Script
from installation.show.settings import (
    Show,
)
from installation.show.toml_remedies import remedy
from installation.show.voice_commands import parse_commands


def shows() -> dict[str, Path]:
    """The shows that come with Laterna, by name."""
    return {path.stem: path for path in sorted(SHOWS.glob("*.toml"))}


def show_path(name: str) -> Path:
    """The file of a show by name (`first_light`) or by path (`my/show.toml`). Raises ShowError."""
    path = Path(name)
    if path.suffix == ".toml":
        return path
    known = shows()
    if name not in known:
        raise ShowError(f"there is no show '{name}'; {suggest(name, known)}")
    return known[name]


def load_show(name: str) -> Show:
    """A show by name or by path. Raises ShowError."""
    path = show_path(name)
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ShowError(f"the show file {path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise ShowError(f"the show file {path} is no text in UTF-8.") from None
    return _with_script(parse_show(text, path.name), path.parent, text, path.name)


def parse_show(text: str, where: str = "the show file") -> Show:
    """A show from the text of its file; `where` names the file in errors. Raises ShowError."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ShowError(f"{where}: {error}{remedy(str(error), text)}.") from None
    try:
        show = Show.model_validate(data)
    except ValidationError as error:
        raise ShowError(mistakes(error, text, where)) from None
    _check_params(show, text, where)
    _check_words(show, text, where)
    _check_host(show, text, where)
    _check_commands(show, text, where)
    Script.parse(show.script.text, f"{where}{at_line(text, ('script', 'text'))}: script.text")
    return show


def override(show: Show, settings: dict[str, str]) -> tuple[Show, dict[str, Value]]:
    """Applies `--set name=value`: a show key (`generator`, `models.height`) or a live parameter (`walk/speed`).

    Returns the show and the live values. Raises ShowError.
    """
    live: dict[str, Value] = {}
    data = show.model_dump()
    places = {
        f"{section}.{key}": (section, key)
        for section, part in data.items()
        if isinstance(part, dict) and section != "params"
        for key in part
    }
    keys = Counter(key for _, key in places.values())
    short = {key: (section, key) for section, key in places.values() if keys[key] == 1}
    for name, value in settings.items():
        if name in PARAMS:
            try:
                live[name] = coerce(find_value(name), value)
            except Rejected as error:
                raise ShowError(f"--set {name}: {error}") from None
        elif name in places or name in short:
            section, key = places.get(name) or short[name]
            data[section][key] = _as(data[section][key], value)
        elif name in keys:
            several = " or ".join(place for place, (_, key) in places.items() if key == name)
            raise ShowError(f"--set {name}: which one? Say {several}.")
        else:
            raise ShowError(f"--set {name}: there is no such setting; {suggest(name, [*PARAMS, *places, *short])}")
    try:
        changed = Show.model_validate(data)
    except ValidationError as error:
        raise ShowError(mistakes(error, "", "--set")) from None
    _check_host(changed, "", "--set")
    _check_commands(changed, "", "--set")
    if changed.script.file != show.script.file:
        changed = _with_script(changed, Path(), "", "--set")
    return changed, live


def _as(old: object, value: str) -> object:
    """A text of the command line as the type that stands there now; what does not fit stays text and is refused."""
    if isinstance(old, str):
        return value
    if isinstance(old, bool):
        value = value.lower()
    try:
        return tomllib.loads(f"value = {value}")["value"]
    except tomllib.TOMLDecodeError:
        return value


def _check_params(show: Show, text: str, where: str) -> None:
    places = [(("params",), show.params), *((("cue", i, "params"), cue.params) for i, cue in enumerate(show.cue))]
    for place, values in places:
        for name, value in values.items():
            try:
                coerce(find_value(name), value)
            except Rejected as error:
                raise ShowError(f"{where}{at_line(text, (*place, name))}: {error}") from None


def _check_words(show: Show, text: str, where: str) -> None:
    for number, cue in enumerate(show.cue):
        if cue.words and not parse_prompt(clean(cue.words)):
            line = at_line(text, ("cue", number, "words"))
            raise ShowError(f"{where}{line}: cue.{number + 1}.words: '{cue.words}' holds nothing to be imagined.")


def _check_host(show: Show, text: str, where: str) -> None:
    if show.osc.host not in ("127.0.0.1", "localhost", "::1") and not show.osc.passcode:
        line = at_line(text, ("osc", "host"))
        raise ShowError(
            f"{where}{line}: osc.host = '{show.osc.host}' opens the show to a network; give osc.passcode too."
        )


def _check_commands(show: Show, text: str, where: str) -> None:
    try:
        parse_commands(show.listen.commands)
    except Rejected as error:
        raise ShowError(f"{where}{at_line(text, ('listen', 'commands'))}: listen.commands: {error}") from None


def _with_script(show: Show, folder: Path, text: str, where: str) -> Show:
    """The show with the text of its script read in, so that from here on nothing depends on the file."""
    settings = show.script
    if not settings.file:
        return show
    place = f"{where}{at_line(text, ('script', 'file'))}"
    path = folder / settings.file
    try:
        poem = path.read_text(encoding="utf-8")
    except OSError as error:
        known = ", ".join(sorted(each.name for each in path.parent.glob("*.txt")))
        beside = f"; there are {known}" if known else ""
        raise ShowError(f"{place}: the script {path} cannot be read: {error.strerror}{beside}.") from None
    except UnicodeDecodeError:
        raise ShowError(f"{place}: the script {path} is no text in UTF-8.") from None
    lines = len(Script.parse(poem, path.name).lines)
    if not lines:
        raise ShowError(f"{place}: the script {path} has no lines.")
    if settings.start_line > lines:
        line = at_line(text, ("script", "start_line"))
        raise ShowError(f"{where}{line}: script.start_line is {settings.start_line}, but there are {lines} lines.")
    return show.model_copy(update={"script": settings.model_copy(update={"text": poem})})
