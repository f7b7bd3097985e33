"""Brings a model into its folder: from its sources in order, or from a stick; whole and checked, or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from installation.core.errors import ShowError
from installation.model_store.catalogue import CatalogueEntry, FileFormat
from installation.model_store.download import (
    USUAL,
    HostUnreachable,
    Progress,
    RetryPolicy,
    SourceFailed,
    disk_trouble,
    download,
    room,
)
from installation.model_store.manifest import (
    TrustState,
    note_path,
    part_path,
    read_note,
    state_of,
    write_note,
)
from installation.model_store.verify import admit
from installation.speech.recognizers.whisper_files import sha256_of

CHUNK = 1 << 20  # bytes that are copied at a time
_FROM = "bring it on a stick: run_show.py fetch {name} --from FOLDER"


@dataclass(frozen=True)
class InstalledModel:
    """A model that is here now."""

    path: Path
    state: TrustState
    source: str
    converted: bool = False


def fetch(
    entry: CatalogueEntry,
    cache: Path,
    progress: Progress,
    tell: Callable[[str], None] = lambda _sentence: None,
    patience: RetryPolicy = USUAL,
) -> InstalledModel:
    """The model, from the first of its sources that gives it. One that is here and unchanged is left alone; one that
    somebody put there by hand is checked and pinned.

    `tell` hears why a source was passed over. Raises ShowError with every source's reason if none gives it, or if the
    disk is the trouble.
    """
    if entry.embedded:
        raise ShowError(f"'{entry.name}' travels with Laterna: there is nothing to fetch.")
    here = _here(entry, cache)
    if here:
        return here
    reasons: list[str] = []
    beyond: list[str] = []  # hosts to which there is no way
    for source in (each for each in entry.sources if each.host not in beyond):
        target = cache / entry.folder / source.file
        try:
            with _growing(target) as part:
                found = download(source, part, progress, patience)
                return _let_in(
                    entry, part, target, f"the file of {source.host}", source.url, found, bool(source.sha256)
                )
        except HostUnreachable:
            beyond.append(source.host)
        except SourceFailed as failed:
            reasons.append(f"{source.host} {failed}")
            tell(f"{reasons[-1]}.")
        except _Unfit as unfit:
            reasons.append(str(unfit))
            tell(f"{reasons[-1]}.")
    if beyond:
        reasons.append(f"no way to {', '.join(beyond)}: is there a network?")
    why = "; ".join(dict.fromkeys(reasons))
    raise ShowError(f"{entry.name} cannot be fetched ({why}); {_FROM.format(name=entry.name)}.")


def fetch_from(entry: CatalogueEntry, place: Path, cache: Path, progress: Progress) -> InstalledModel:
    """The model from a local file, or from a folder in which it lies under any of its names.

    A note beside the file (another machine's models' folder, carried on a stick) is held against it.
    Raises ShowError if it is not there, not the right one, or the disk is the trouble.
    """
    if entry.embedded:
        raise ShowError(f"'{entry.name}' travels with Laterna: there is nothing to fetch.")
    found = _local(entry, place)
    target = cache / entry.folder / _file_for(entry, found)
    if target.is_file() and target.samefile(found):
        raise ShowError(f"{found} already lies where it belongs.")
    known = _expected(entry, found)
    with _growing(target) as part:
        try:
            room(part, found.stat().st_size)
            sha256 = _copy(found, part, progress)
        except OSError as error:
            raise disk_trouble(part, error) from None
        if not sha256.startswith(known):
            part.unlink()
            raise ShowError(f"{found} is damaged or another file: sha256 {sha256[:12]}… instead of {known[:12]}….")
        try:
            return _let_in(entry, part, target, str(found), str(found), sha256, _published(entry, sha256))
        except _Unfit as unfit:
            raise ShowError(f"{unfit}.") from None


class _Unfit(Exception):
    """The file came whole, and is not the weights of the model; without a full stop."""


def _here(entry: CatalogueEntry, cache: Path) -> InstalledModel | None:
    """What need not be fetched."""
    state, path = state_of(entry, cache), entry.present(cache)
    if path and state is TrustState.UNCHECKED:
        return _adopted(entry, path)
    note = read_note(path) if path else None
    if path and note and state in (TrustState.VERIFIED, TrustState.PINNED):
        return InstalledModel(path, state, note.source)
    return None


def _adopted(entry: CatalogueEntry, path: Path) -> InstalledModel:
    """A file that somebody put there. Raises ShowError if it is not the model: it is theirs, and not thrown away."""
    try:
        sha256 = sha256_of(path)
        published = _published(entry, sha256)
        if entry.form is FileFormat.WHISPER and not published:
            raise ShowError(f"{path} is damaged or another file: remove it and fetch again.")
        converted = admit(entry, path, str(path), path)
        write_note(path, sha256_of(path) if converted else sha256, str(path), published)
    except OSError as error:
        raise disk_trouble(path, error) from None
    return InstalledModel(path, TrustState.VERIFIED if published else TrustState.PINNED, str(path), converted)


def _published(entry: CatalogueEntry, sha256: str) -> bool:
    return any(source.sha256 and sha256.startswith(source.sha256) for source in entry.sources)


def _let_in(
    entry: CatalogueEntry, part: Path, target: Path, called: str, origin: str, sha256: str, published: bool
) -> InstalledModel:
    """Checks what came, gives it its name, and pins it."""
    try:
        converted = admit(entry, part, called, target)
        if converted:
            sha256 = sha256_of(part)
        _remove_others(entry, target)
        _sync(part)
        part.replace(target)
        write_note(target, sha256, origin, published)
    except ShowError as error:
        part.unlink(missing_ok=True)
        raise _Unfit(str(error).rstrip(".")) from error
    except OSError as error:
        raise disk_trouble(target, error) from None
    return InstalledModel(target, TrustState.VERIFIED if published else TrustState.PINNED, origin, converted)


def _remove_others(entry: CatalogueEntry, target: Path) -> None:
    """A note of an earlier file, or the model's weights in another format, must not speak for this one."""
    for path in {*(target.with_name(source.file) for source in entry.sources), target}:
        note_path(path).unlink(missing_ok=True)
        if path != target:
            path.unlink(missing_ok=True)


@contextmanager
def _growing(target: Path) -> Iterator[Path]:
    """Where the file may grow, for one fetch at a time. Raises ShowError if there is another, or no place."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(target.with_name(f"{target.name}.lock"), timeout=0):
            yield part_path(target)
    except Timeout:
        raise ShowError(f"{target.name} is being fetched by another Laterna: wait for it.") from None
    except OSError as error:
        raise disk_trouble(target, error) from None


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _copy(found: Path, part: Path, progress: Progress) -> str:
    total, so_far = found.stat().st_size, 0
    with found.open("rb") as source, part.open("wb") as copy:
        while chunk := source.read(CHUNK):
            copy.write(chunk)
            so_far += len(chunk)
            progress(so_far, total)
    shutil.copystat(found, part)
    return sha256_of(part)  # what was written, not what was read


def _local(entry: CatalogueEntry, place: Path) -> Path:
    """The model's file in a place that the operator named."""
    if place.is_file():
        return place
    if not place.is_dir():
        raise ShowError(f"There is no file or folder {place}.")
    names = list(dict.fromkeys([*(each.file for each in entry.sources), *(each.basename for each in entry.sources)]))
    own = [place / entry.name / name for name in names]
    # a name that many models share counts only in the model's own folder
    shared = {"pytorch_model.bin", "open_clip_model.safetensors", "open_clip_pytorch_model.bin"}
    loose = [place / name for name in names if name not in shared or place.name == entry.name]
    for path in (*own, *loose):
        if path.is_file():
            return path
    wanted = " or ".join(str(path.relative_to(place)) for path in (*own[:1], *loose[:2]))
    raise ShowError(f"{entry.name} is not in {place}: {wanted} is looked for; a file may be named itself.")


def _file_for(entry: CatalogueEntry, found: Path) -> str:
    """What the file is called here: of the names that its model knows, the one of its format."""
    if entry.form is FileFormat.CLIP:
        return next(
            (source.file for source in entry.sources if Path(source.file).suffix == found.suffix),
            entry.sources[-1].file,
        )
    return entry.sources[0].file


def _expected(entry: CatalogueEntry, found: Path) -> str:
    """The hash that the file must have: another machine's note beside it, or the publisher's; "" where nobody says."""
    if entry.form is FileFormat.WHISPER:
        return entry.sources[0].sha256
    note = read_note(found)
    if note:
        return note.sha256
    return next((source.sha256 for source in entry.sources if source.basename == found.name != source.file), "")
