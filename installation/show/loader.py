"""Load show files: TOML in, a frozen Show out, or a ShowError that names the line, the key and what would be right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from installation.core.errors import Rejected, ShowError, suggest
from installation.core.messages import Value
from installation.core.params import PARAMS, checked, find_value
from installation.core.paths import SHOWS, is_file
from installation.core.prompt_text import clean, clean_whole, parse_prompt
from installation.show.confinement import check_paths
from installation.show.error_messages import Location, at_line, either, validation_sentences
from installation.show.script_file import MAX_FADE_SECONDS, Script, script_names
from installation.show.settings import Show
from installation.show.sound_targets import sound_targets
from installation.show.text_file import read_text
from installation.show.toml_data import parse_toml, parse_value
from installation.show.voice_commands import parse_commands

LOOPBACK_HOSTS = ("127.0.0.1", "localhost", "::1")


def shows() -> dict[str, Path]:
    """Return the shows that come with Laterna, by name."""
    return {path.stem: path for path in sorted(SHOWS.glob("*.toml"))}


def show_path(name: str) -> Path:
    """Return the file of a show, given by name (`first_light`) or by path (`my/show.toml`).

    Raises:
        ShowError: there is no show of this name.
    """
    path = Path(name)
    if path.suffix.lower() == ".toml":
        return path
    known = shows()
    if name not in known:
        file = Path(f"{name}.toml")
        closest = f"did you mean the file '{file}'?" if file.is_file() else suggest(name, known)
        raise ShowError(f"there is no show '{name}'; {closest}")
    return known[name]


def load_show(name: str, confined: bool = False, overridden: Collection[str] = ()) -> Show:
    """Load a show by name or by path, together with its script.

    Args:
        name: the name or the path.
        confined: refuse paths outside the folders of the show and of recordings; see `confinement`.
        overridden: keys that the operator sets, whose paths are not checked.

    Raises:
        ShowError: a file cannot be read, or its content is invalid.
    """
    path = show_path(name)
    text = read_text(path, f"the show file {path}")
    show = parse_show(text, path.name)
    if confined:
        check_paths(show, path.parent, path.name, overridden)
    show = _with_script(show, path.parent, text, path.name)
    if confined:  # the script names pictures
        check_paths(show, path.parent, path.name, overridden)
    _check_pictures(show, path.parent, text, path.name)
    return show


def parse_show(text: str, where: str = "the show file") -> Show:
    """Parse the text of a show file. `where` names the file in messages. A script file is not read.

    Raises:
        ShowError: the text is not valid TOML, or a key or a value is wrong.
    """
    data = parse_toml(text, where)
    try:
        show = Show.model_validate(data)
    except ValidationError as error:
        raise ShowError(*validation_sentences(error, text, where)) from None
    _check_params(show, text, where)
    _check_cues(show, text, where)
    _check_sound(show, text, where)
    _check_host(show, text, where)
    _check_commands(show, text, where)
    Script.parse(show.script.text, f"{where}{at_line(text, ('script', 'text'))}: script.text")
    return show


def override(show: Show, assignments: dict[str, str]) -> tuple[Show, dict[str, Value]]:
    """Apply `--set name=value`: a key (`generator`, `models.height`) or a live parameter (`walk/speed`).

    Returns:
        The changed show, and the values of live parameters.

    Raises:
        ShowError: a name is unknown or ambiguous, or a value is wrong.
    """
    values: dict[str, Value] = {}
    data = show.model_dump()
    keys = _section_keys(data)
    for name, value in assignments.items():
        if name in PARAMS:
            values[name] = _live_value(name, value)
        else:
            section, key = _find_key(name, keys)
            data[section][key] = _convert(f"{section}.{key}", data[section][key], value)
    try:
        changed = Show.model_validate(data)
    except ValidationError as error:
        raise ShowError(*validation_sentences(error, "", "--set")) from None
    _check_host(changed, "", "--set")
    _check_commands(changed, "", "--set")
    if changed.script.file != show.script.file:
        changed = _with_script(changed, Path(), "", "--set")
    return changed, values


def _section_keys(data: dict[str, object]) -> dict[str, tuple[str, str]]:
    """Section and key by `section.key`."""
    sections = {name: part for name, part in data.items() if isinstance(part, dict) and name != "params"}
    return {f"{name}.{key}": (name, key) for name, part in sections.items() for key in part}


def _find_key(name: str, keys: dict[str, tuple[str, str]]) -> tuple[str, str]:
    """Section and key for a full name, or for a key's name that occurs in one section only."""
    if name in keys:
        return keys[name]
    same = [full for full, (_, key) in keys.items() if key == name]
    if len(same) == 1:
        return keys[same[0]]
    if same:
        raise ShowError(f"--set {name} is ambiguous: use {either(same)}.")
    counts = Counter(key for _, key in keys.values())
    unique = [key for key, count in counts.items() if count == 1]
    raise ShowError(f"--set {name}: there is no such setting; {suggest(name, [*PARAMS, *keys, *unique])}")


def _live_value(name: str, value: str) -> Value:
    try:
        return checked(find_value(name), value)
    except Rejected as error:
        raise ShowError(f"--set {name}: {error}") from None


TEXT_OR_LIST = ("listen.device", "listen.language")  # one, or a list


def _convert(name: str, old: object, value: str) -> object:
    """Parse a value from the command line as TOML, unless the setting is text; text that is not TOML stays text."""
    if isinstance(old, str) and not (name in TEXT_OR_LIST and value.startswith("[")):
        return value
    return parse_value(name, value.lower() if isinstance(old, bool) else value, "--set")


# -- checks ----------------------------------------------------------------------------------------------------------


def _check_params(show: Show, text: str, where: str) -> None:
    tables: list[tuple[Location, dict[str, Value]]] = [(("params",), show.params)]
    tables += [(("cue", index, "params"), _without_seconds(cue.params)) for index, cue in enumerate(show.cue)]
    for location, values in tables:
        for name, value in values.items():
            try:
                checked(find_value(name), value)
            except Rejected as error:
                raise ShowError(f"{where}{at_line(text, (*location, name))}: {error}") from None


def _check_sound(show: Show, text: str, where: str) -> None:
    for index, mapping in enumerate(show.sound.map):
        try:
            sound_targets(mapping)
        except Rejected as error:
            line = at_line(text, ("sound", "map", index, "param"))
            raise ShowError(f"{where}{line}: sound.map.{index + 1}: {error}") from None


def _without_seconds(params: dict[str, Any]) -> dict[str, Value]:
    """The values of a cue; of `[value, seconds]` the value, if the seconds are right."""
    return {name: value[0] if _has_seconds(value) else value for name, value in params.items()}


def _has_seconds(value: object) -> bool:
    if not isinstance(value, list) or len(value) != 2 or isinstance(value[1], bool):
        return False
    return isinstance(value[1], (int, float)) and 0.0 <= value[1] <= MAX_FADE_SECONDS


def _check_cues(show: Show, text: str, where: str) -> None:
    for index, cue in enumerate(show.cue):
        if isinstance(cue.picture, int) and cue.picture and not cue.words:
            line = at_line(text, ("cue", index, "picture"))
            raise ShowError(f"{where}{line}: cue.{index + 1}.picture is the seed of a dream, which needs words.")
        if cue.words and not parse_prompt(clean(cue.words)):
            line = at_line(text, ("cue", index, "words"))
            raise ShowError(f"{where}{line}: cue.{index + 1}.words: '{cue.words}' describes nothing to be seen.")
        for key, read in (("words", cue.words), ("caption", cue.caption)):
            try:
                clean_whole(read)
            except Rejected as error:
                line = at_line(text, ("cue", index, key))
                raise ShowError(f"{where}{line}: cue.{index + 1}.{key}: {error}") from None


def _check_host(show: Show, text: str, where: str) -> None:
    for name, settings in (("osc", show.osc), ("web", show.web)):
        if settings.host not in LOOPBACK_HOSTS and not settings.passcode:
            line = at_line(text, (name, "host"))
            raise ShowError(
                f"{where}{line}: {name}.host = '{settings.host}' opens the show to a network; set {name}.passcode too."
            )
    if show.audience.enabled and not show.web.enabled:
        raise ShowError(f"{where}{at_line(text, ('audience', 'enabled'))}: the audience page needs web.enabled = true.")


def _check_commands(show: Show, text: str, where: str) -> None:
    try:
        parse_commands(show.listen.commands, show.listen.languages)
    except Rejected as error:
        raise ShowError(f"{where}{at_line(text, ('listen', 'commands'))}: listen.commands: {error}") from None


def _check_pictures(show: Show, folder: Path, text: str, where: str) -> None:
    """Raise ShowError for stored latents that are not in the folder of the show."""
    for index, cue in enumerate(show.cue):
        if isinstance(cue.picture, str) and cue.picture and not is_file(folder / cue.picture):
            line = at_line(text, ("cue", index, "picture"))
            raise ShowError(f"{where}{line}: cue.{index + 1}.picture: there is no file {folder / cue.picture}.")
    for row in Script.parse(show.script.text, show.script.file or "the script").lines:
        if row.picture and not is_file(folder / row.picture):
            raise ShowError(f"{show.script.file or where}: '{row.text}': there is no file {folder / row.picture}.")


# -- the script ------------------------------------------------------------------------------------------------------


def _with_script(show: Show, folder: Path, text: str, where: str) -> Show:
    """Return the show with the text of its script file, so that nothing depends on the file any more."""
    settings = show.script
    if not settings.file:
        return show
    place = f"{where}{at_line(text, ('script', 'file'))}"
    script = _read_script(folder / settings.file, place)
    lines = len(Script.parse(script, Path(settings.file).name).lines)
    if not lines:
        raise ShowError(f"{place}: the script {folder / settings.file} has no lines.")
    if settings.start_line > lines:
        line = at_line(text, ("script", "start_line"))
        raise ShowError(f"{where}{line}: script.start_line is {settings.start_line}, but the script has {lines} lines.")
    return show.model_copy(update={"script": settings.model_copy(update={"text": script})})


def _read_script(path: Path, place: str) -> str:
    try:
        return read_text(path, f"{place}: the script {path}")
    except ShowError as error:
        names = script_names(path.parent)
        if path.name in names or not names:
            raise
        raise ShowError(f"{str(error).rstrip('.')}; the folder contains {', '.join(names)}.") from None
