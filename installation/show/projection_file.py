"""The file beside a show in which a projection that was changed by hand is kept, `NAME.projection.toml`.

Its tables are those of a show file, so that they can be copied into it. It is written whole or not at all.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from installation.core.errors import ShowError
from installation.show.error_messages import validation_sentences
from installation.show.projection import ProjectionSettings
from installation.show.settings import Show
from installation.show.text_file import read_text
from installation.show.toml_data import parse_toml

SUFFIX = ".projection.toml"
KEPT = (
    *("corners", "mesh", "rotation", "mirror", "mask"),
    *("blend_left", "blend_right", "blend_top", "blend_bottom", "blend_gamma", "blend_curve"),
    *("dome_width", "dome_height", "dome_elevation", "dome_view"),
)
HEAD = """\
# How the picture lies on the wall, as it was set by hand while the show ran. Laterna writes this file, and it replaces
# the same keys of the show file. Delete it to go back to those.
"""


@dataclass(frozen=True)
class KeptProjection:
    """What the file contains.

    Attributes:
        windows: The keys of each window that was changed; 0 is the window of the stage, 1 the first screen.
        locked: Whether the points are locked.
    """

    windows: Mapping[int, dict[str, Any]] = field(default_factory=dict)
    locked: bool = False

    def with_window(self, number: int, settings: ProjectionSettings, locked: bool) -> KeptProjection:
        """The same with the present settings of one window."""
        keys = {key: _rounded(value) for key, value in settings.model_dump(mode="json", include=set(KEPT)).items()}
        return KeptProjection({**self.windows, number: keys}, locked)

    def text(self) -> str:
        """The file as TOML."""
        parts = [HEAD, f"locked = {json.dumps(self.locked)}\n"]
        for number, keys in sorted(self.windows.items()):
            parts.append(f"\n[screen.{number}]\n" if number else "\n[projection]\n")
            parts += [f"{key} = {json.dumps(value)}\n" for key, value in keys.items()]
        return "".join(parts)


def _rounded(value: Any) -> Any:
    """Numbers without the digits that OSC's floats of 32 bits add, also in lists."""
    if isinstance(value, list):
        return [_rounded(each) for each in value]
    return round(value, 6) if isinstance(value, float) else value


def projection_file(folder: Path, show: str) -> Path:
    """The file of a show by its name."""
    return folder / f"{show}{SUFFIX}"


def apply_projection(show: Show, path: Path) -> tuple[Show, KeptProjection]:
    """The show with what the file contains, if there is one.

    Raises:
        ShowError: the file cannot be read, or a key or a value is wrong.
    """
    if not path.is_file():
        return show, KeptProjection()
    text = read_text(path, f"the file {path}")
    data = parse_toml(text, path.name)
    tables = {0: data.get("projection"), **{int(key): keys for key, keys in _screens(data).items() if key.isdecimal()}}
    windows = {number: _known(keys) for number, keys in tables.items() if isinstance(keys, dict)}
    kept = KeptProjection(windows, data.get("locked") is True)
    try:
        return show.with_windows(windows), kept
    except ValidationError as error:
        raise ShowError(*validation_sentences(error, text, path.name)) from None


def _screens(data: dict[str, Any]) -> dict[str, Any]:
    screens = data.get("screen")
    return screens if isinstance(screens, dict) else {}


def _known(keys: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in keys.items() if key in KEPT}


def write_projection(path: Path, kept: KeptProjection) -> None:
    """Replace the file. Raises OSError, and leaves what was there."""
    partial = path.with_name(f"{path.name}.part")
    with partial.open("w", encoding="utf-8") as file:
        file.write(kept.text())
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
