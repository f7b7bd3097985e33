"""The manifest of the assets that come with Laterna: the SHA-256 of each file, to find damaged ones.

`python -m installation.training manifest` writes it.
"""

from __future__ import annotations

import json
from pathlib import Path

from installation.core.model_files import sha256_of

NAME = "manifest.json"
LEFT_OUT = ("readme",)  # folders that no show reads


def asset_files(assets: Path) -> list[Path]:
    """The files that the manifest lists, in order: all but documents, and pictures for documents."""
    found = (path for path in sorted(assets.rglob("*")) if path.is_file())
    return [path for path in found if _is_listed(path.relative_to(assets))]


def _is_listed(path: Path) -> bool:
    hidden = any(part.startswith(".") for part in path.parts)
    return not hidden and path.suffix != ".md" and path.parts[0] not in (*LEFT_OUT, NAME)


def write_asset_manifest(assets: Path) -> Path:
    """Write the manifest of a folder of assets; return its path. Raises OSError."""
    hashes = {path.relative_to(assets).as_posix(): sha256_of(path) for path in asset_files(assets)}
    target = assets / NAME
    target.write_text(json.dumps(hashes, indent=1) + "\n", encoding="utf-8")
    return target


def damaged_assets(assets: Path) -> list[str]:
    """Sentences about missing and changed files; none if there is no manifest, as while models are trained."""
    try:
        hashes = json.loads((assets / NAME).read_text(encoding="utf-8"))
        listed = [(assets / str(name), str(sha256)) for name, sha256 in hashes.items()]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, AttributeError):
        return [f"{assets / NAME} is damaged: restore the folder assets as it came with Laterna."]
    return [
        f"{path} is {problem}: restore the folder assets as it came with Laterna."
        for path, sha256 in listed
        if (problem := _problem(path, sha256))
    ]


def _problem(path: Path, sha256: str) -> str:
    try:
        return "" if sha256_of(path) == sha256 else "damaged"
    except OSError as error:
        return "missing" if isinstance(error, FileNotFoundError) else f"unreadable ({error.strerror})"
