"""The results of `render`: a folder for each prompt, complete or not there at all.

A result is written into a folder beside its place, with a manifest of the hashes of its files, and renamed. It is done
if the manifest and the files agree, whatever has happened to the machine meanwhile.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from installation import __version__
from installation.core.errors import ShowError
from installation.core.os_support import flush_folder, lock_file
from installation.core.paths import writing
from installation.core.prompt_text import looks_like_picture, parse_prompt
from installation.studio.job_work import Result
from installation.studio.jobs import Job
from installation.studio.picture_files import safe_name

MANIFEST = "manifest.json"
FILE_NAMES = {".png": "picture.png", ".safetensors": "latents.safetensors"}
SET_ASIDE = "set-aside"  # the folder of prompts that killed their workers
LOCK = ".laterna-render"
PARTIAL = ".partial"  # the suffix of a folder that is being written


@dataclass(frozen=True)
class Done:
    """A result that is there."""

    name: str
    seconds: float  # that it took
    steps: int
    bytes: int


class RenderFolder:
    """Finds and writes results. One program at a time."""

    def __init__(self, path: Path, settings: Mapping[str, Any]) -> None:
        """`settings`: what all results have in common, ready for JSON; other settings give other results."""
        self.path = path
        self._settings = settings

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other programs from writing here meanwhile; what a killed one left half done is removed.

        Raises:
            ShowError: Another `render` writes here, or the folder cannot be written.
        """
        with writing(self.path / LOCK):
            lock = (self.path / LOCK).open("a", encoding="utf-8")
        with lock:
            if not lock_file(lock):
                raise ShowError(f"Another render is writing into {self.path}: wait for it, or choose another --out.")
            with writing(self.path):
                for left in self.path.glob(f".*{PARTIAL}"):
                    shutil.rmtree(left)
            yield

    def name(self, job: Job) -> str:
        """The name of a job's folder. It depends on what the picture shows, not on the job's place in its file."""
        about = {"prompt": job.prompt, "seed": job.seed, "steps": job.steps, "settings": dict(job.settings)}
        about |= {"common": dict(self._settings), "pictures": _hashes_of_pictures(job.prompt)}
        key = hashlib.sha256(json.dumps(about, sort_keys=True).encode()).hexdigest()
        return f"{safe_name(job.prompt, 50)}-{key[:12]}"

    def done(self, name: str) -> Done | None:
        """The result of this name; None if it is not there, or damaged."""
        manifest = _read_manifest(self.path / name)
        if manifest is None:
            return None
        files = manifest["files"]
        if any(_sha256(self.path / name / each) != files[each]["sha256"] for each in files):
            return None
        size = sum(each["bytes"] for each in files.values())
        return Done(name, manifest["seconds"], manifest["job"]["steps"], size)

    def publish(self, name: str, result: Result) -> None:
        """Write a result that is not there yet.

        Raises:
            ShowError: It cannot be written, or a folder of that name is not one of Laterna's.
        """
        target, partial = self.path / name, self.path / f".{name}{PARTIAL}"
        contents = {FILE_NAMES[suffix]: content for suffix, content in result.files.items()}
        with writing(target):
            self._remove_damaged(target)
            shutil.rmtree(partial, ignore_errors=True)
            partial.mkdir()
            for file, content in contents.items():
                _write_durably(partial / file, content)
            manifest = json.dumps(_manifest(result, contents), indent=1, ensure_ascii=False)
            _write_durably(partial / MANIFEST, manifest.encode())
            flush_folder(partial)
            partial.rename(target)
            flush_folder(self.path)

    def _remove_damaged(self, target: Path) -> None:
        if not target.exists():
            return
        if _read_manifest(target) is None:
            raise ShowError(f"{target} is there, but without a manifest of Laterna's: move it away.")
        shutil.rmtree(target)

    # -- prompts that killed their workers ----------------------------------------------------------------------------

    def set_aside(self, name: str, result: Result) -> None:
        """Note that a prompt is not to be tried again. Raises ShowError if that cannot be written."""
        path = self.path / SET_ASIDE / f"{name}.json"
        note = {"prompt": result.job.prompt, "line": result.job.number, "reason": result.error}
        with writing(path):
            path.parent.mkdir(exist_ok=True)
            _write_durably(path, json.dumps(note, ensure_ascii=False).encode())

    def set_aside_names(self) -> set[str]:
        """The names of the prompts that were set aside."""
        return {path.stem for path in (self.path / SET_ASIDE).glob("*.json")}

    def release(self, names: Iterable[str]) -> None:
        """Allow prompts again that were set aside. Raises ShowError if the folder cannot be written."""
        for name in names:
            path = self.path / SET_ASIDE / f"{name}.json"
            with writing(path):
                path.unlink(missing_ok=True)


def _manifest(result: Result, contents: Mapping[str, bytes]) -> dict[str, Any]:
    job = result.job
    return {
        "made by": "Laterna",
        "version": __version__,
        "job": {"prompt": job.prompt, "seed": job.seed, "steps": job.steps, "settings": dict(job.settings)},
        "seconds": round(result.seconds, 3),
        "files": {
            name: {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            for name, content in contents.items()
        },
    }


def _read_manifest(folder: Path) -> dict[str, Any] | None:
    """The manifest of a folder; None if it is not one of Laterna's."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(manifest, dict) or manifest.get("made by") != "Laterna":
        return None
    keys = {"job": dict, "seconds": int | float, "files": dict}
    return manifest if all(isinstance(manifest.get(key), kind) for key, kind in keys.items()) else None


def _hashes_of_pictures(prompt: str) -> list[str]:
    """Of the pictures that a prompt names: another picture gives another result."""
    return [_sha256(Path(part.text)) for part in parse_prompt(prompt) if looks_like_picture(part.text)]


def _sha256(path: Path) -> str:
    """The hash of a file; '' if it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _write_durably(path: Path, content: bytes) -> None:
    """Write a file that is complete on disk afterwards, also if the power fails. Raises OSError."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
