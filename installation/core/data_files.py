"""The folders of the files that come with Laterna: models and fonts, and the shows."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]


def _data_folder(name: str) -> Path:
    """The folder beside the package in a checkout; inside the package where a wheel has been installed."""
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name


ASSETS = _data_folder("assets")
SHOWS = _data_folder("shows")
