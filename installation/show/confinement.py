"""What a show file may reach: a show from a stranger reads and writes only where shows and recordings are.

Paths are those of the settings of type `PathText`, of pictures of cues and of script lines, and of keys of [[output]]
and [[surface]] tables that are called path, folder or file, or end so. Hosts are those of keys called host, url,
subscribers or to.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from pathlib import Path

from pydantic import BaseModel

from installation.core.errors import ShowError
from installation.show.script_file import Script
from installation.show.section import NamesPath
from installation.show.settings import RecordSettings, Show

PATH_KEYS = ("path", "folder", "file")
HOST_KEYS = ("host", "url", "urls", "subscribers", "to")
IN_SHOW_FOLDER = (
    "script.file",
    "sound.file",
    "cue.picture",
    "script.picture",
)  # relative to the show file; others: to where we are
OWN_FOLDERS = (RecordSettings().folder, RecordSettings().snapshot_folder, "logs")
LOOPBACK = ("127.0.0.1", "localhost", "::1")


def check_paths(show: Show, folder: Path, where: str, overridden: Collection[str] = ()) -> None:
    """Check that every path stays in the folder of the show file, or in `recordings` and `snapshots`.

    Args:
        show: the settings.
        folder: of the show file.
        where: names the show file in messages.
        overridden: keys that the operator has set, by full or short name; these are not checked.

    Raises:
        ShowError: a path leads elsewhere.
    """
    allowed = [_resolved(each, where) for each in (folder, *map(Path, OWN_FOLDERS))]
    for key, value in named_paths(show):
        if key in overridden or key.rpartition(".")[2] in overridden:
            continue
        base = folder if key in IN_SHOW_FOLDER else Path()
        path = _resolved(base / Path(value).expanduser(), where)
        if not any(path.is_relative_to(each) for each in allowed):
            raise ShowError(
                f"{where}: {key} is {value}, outside the folder of the show and of its recordings; "
                f"if you trust the author of this show, start it with --trust."
            )


def _resolved(path: Path, where: str) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError, ValueError):  # too long, a loop of links, a null character
        raise ShowError(f"{where}: {path} is not a usable path.") from None


def named_paths(show: Show) -> Iterator[tuple[str, str]]:
    """The key and the value of every path in a show; empty ones are left out."""
    for name, section in _sections(show):
        for key, field in type(section).model_fields.items():
            value = getattr(section, key)
            if value and any(isinstance(each, NamesPath) for each in field.metadata):
                yield f"{name}.{key}", str(value)
    for cue in show.cue:
        if isinstance(cue.picture, str) and cue.picture:
            yield "cue.picture", cue.picture
    for line in Script.parse(show.script.text).lines:
        if line.picture:
            yield "script.picture", line.picture
    for key, value in _extension_keys(show):
        if value and isinstance(value, str) and _called(key, PATH_KEYS):
            yield key, value


def named_hosts(show: Show) -> list[str]:
    """`key = value` for every host in a show that is not this machine."""
    found = [(f"{name}.{key}", value) for name, section in _sections(show) for key, value in section]
    named = []
    for key, value in [*found, *_extension_keys(show)]:
        if _called(key, HOST_KEYS):
            values = value if isinstance(value, tuple | list) else (value,)
            hosts = [each for each in values if isinstance(each, str) and each and not _is_local(each)]
            named += [f"{key} = {_without_secrets(key, each)}" for each in hosts]
    return named


def _without_secrets(key: str, value: str) -> str:
    """An address without what only its owner should know: passwords, options, and of alerts all but the kind."""
    scheme, separator, rest = value.partition("?")[0].partition("://")
    if key.startswith("alerts."):
        return f"{scheme}://…"
    _, at, place = rest.partition("/")[0].rpartition("@")
    return f"{scheme}{separator}{f'…@{rest[rest.index(place) :]}' if at else rest}"


def _is_local(host: str) -> bool:
    address = host.partition("://")[2] or host
    place = re.split("[/?#]", address, maxsplit=1)[0].rpartition("@")[2]
    return any(place == local or place.startswith((f"{local}:", f"[{local}]")) for local in LOOPBACK)


def _called(key: str, names: Collection[str]) -> bool:
    last = key.rpartition(".")[2]
    return any(last == name or last.endswith(f"_{name}") for name in names)


def _sections(show: Show) -> Iterator[tuple[str, BaseModel]]:
    return ((name, section) for name, section in show if isinstance(section, BaseModel))


def _extension_keys(show: Show) -> Iterator[tuple[str, object]]:
    for table, entries in (("output", show.output), ("surface", show.surface)):
        for entry in entries:
            for key, value in (entry.model_extra or {}).items():
                yield f"{table}.{key}", value
