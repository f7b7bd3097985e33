"""Install a model: from its sources in order, or from a local folder; whole and verified, or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from filelock import FileLock, Timeout

from installation.core.errors import ShowError
from installation.core.model_files import (
    DownloadSource,
    ModelFiles,
    manifest_path,
    read_manifest,
    sha256_of,
    write_manifest,
)
from installation.model_store.download import (
    DEFAULT_RETRIES,
    HostUnreachable,
    Progress,
    RetryPolicy,
    SourceFailed,
    disk_error,
    download,
    require_space,
)
from installation.model_store.trust import TrustState, part_path, trust_state

COPY_CHUNK = 1 << 20  # bytes

Report = Callable[[str], None]  # takes one sentence


@dataclass(frozen=True)
class InstalledModel:
    """A model that is installed now."""

    path: Path
    state: TrustState
    source: str
    converted: bool = False


class _NotTheModel(Exception):
    """The file is complete and does not hold the weights of the model. The text is the reason, without full stop."""


@dataclass(frozen=True)
class _Arrival:
    """A complete file that is to become the weights of a model."""

    files: ModelFiles
    part: Path  # where it is now
    target: Path  # where it goes
    description: str  # for messages
    source: str
    sha256: str

    def accept(self, published: bool) -> InstalledModel:
        """Verify the file, move it to its place and write its manifest.

        Raises:
            _NotTheModel: the file holds something else; it is deleted.
            ShowError: the disk cannot be written.
        """
        sha256 = self.sha256
        try:
            converted = self.files.check is not None and self.files.check(self.part, self.description, self.target)
            if converted:
                sha256 = sha256_of(self.part)
            _remove_predecessors(self.files, self.target)
            _sync(self.part)
            self.part.replace(self.target)
            write_manifest(self.target, sha256, self.source, published)
        except ShowError as error:
            self.part.unlink(missing_ok=True)
            raise _NotTheModel(str(error).rstrip(".")) from error
        except OSError as error:
            raise disk_error(self.target, error) from None
        return InstalledModel(self.target, _trust(published), self.source, converted)


def fetch(
    files: ModelFiles,
    cache: Path,
    progress: Progress,
    report: Report = lambda _sentence: None,
    retries: RetryPolicy = DEFAULT_RETRIES,
) -> InstalledModel:
    """Install a model below `cache` from the first source that offers it.

    A model that is installed and unchanged is left alone; a file that was put there by hand is verified and gets a
    manifest. `report` receives the reason for each source that failed.

    Raises:
        ShowError: the model is embedded, no source offers it (the message has every reason), or the disk fails.
    """
    _require_download(files)
    existing = _existing(files, cache)
    if existing:
        return existing
    if files.own:
        raise ShowError(
            f"'{files.name}' is not offered for download: {files.advice}, then "
            f"`run_show.py fetch {files.name} --from {'FILE' if len(files.own) == 1 else 'FOLDER'}`."
        )
    reasons: list[str] = []
    unreachable: list[str] = []  # hosts
    for source in files.sources:
        if source.host in unreachable:
            continue
        try:
            return _from_source(files, source, cache, progress, retries)
        except HostUnreachable:
            unreachable.append(source.host)
            continue
        except SourceFailed as failed:
            reasons.append(f"{source.host} {failed}")
        except _NotTheModel as failed:
            reasons.append(str(failed))
        report(f"{reasons[-1]}.")
    if unreachable:
        reasons.append(f"{', '.join(unreachable)} cannot be reached: is there a network?")
    raise ShowError(
        f"{files.name} cannot be downloaded ({'; '.join(dict.fromkeys(reasons))}); "
        f"copy it from another machine with `run_show.py fetch {files.name} --from FOLDER`."
    )


def fetch_from(files: ModelFiles, origin: Path, cache: Path, progress: Progress) -> InstalledModel:
    """Install a model below `cache` from a local file, or from a folder that holds it under any of its names.

    A manifest beside the file, as in the models folder of another machine, states the hash that it must have. Of a
    model of several files, all that it needs are copied from the folder, and nothing else.

    Raises:
        ShowError: the model is embedded, the file is missing, damaged or of another model, or the disk fails.
    """
    _require_download(files)
    if len(files.own) > 1:
        return _install_folder(files, origin, cache, progress)
    found = _local_file(files, origin)
    target = cache / files.folder / _name_of(files, found)
    if target.is_file() and target.samefile(found):
        raise ShowError(f"{found} is already in its place.")
    expected = _expected_sha256(files, found)
    with _locked_part(target) as part:
        try:
            require_space(part, found.stat().st_size)
            sha256 = _copy(found, part, progress)
        except OSError as error:
            raise disk_error(part, error) from None
        if not sha256.startswith(expected):
            part.unlink()
            raise ShowError(f"{found} is damaged or another file: sha256 {sha256[:12]}… instead of {expected[:12]}….")
        arrival = _Arrival(files, part, target, str(found), str(found), sha256)
        try:
            return arrival.accept(files.published(sha256))
        except _NotTheModel as failed:
            raise ShowError(f"{failed}.") from None


def _install_folder(files: ModelFiles, origin: Path, cache: Path, progress: Progress) -> InstalledModel:
    """Copy the files that the user brings, the weights last, and verify these."""
    folder = origin / files.folder if (origin / files.folder).is_dir() else origin
    missing = [name for name in files.own if not (folder / name).is_file()]
    if missing:
        raise ShowError(f"{files.name} is not in {folder}: {missing[0]} is missing; {files.advice}.")
    total, done = sum((folder / name).stat().st_size for name in files.own), 0
    for name in reversed(files.own):
        source, target = folder / name, cache / files.folder / name
        if target.is_file() and target.samefile(source):
            raise ShowError(f"{folder} is already in its place.")
        with _locked_part(target) as part:
            try:
                require_space(part, source.stat().st_size)
                _copy(source, part, partial(_report_share, progress, done, total))
                if name == files.own[0] and files.check is not None:
                    files.check(part, str(source), target)
                part.replace(target)
            except OSError as error:
                raise disk_error(part, error) from None
            except ShowError:
                part.unlink(missing_ok=True)
                raise
            done += source.stat().st_size
    weights = cache / files.folder / files.own[0]
    write_manifest(weights, sha256_of(weights), str(folder))
    return InstalledModel(weights, TrustState.PINNED, str(folder))


def _report_share(progress: Progress, before: int, total: int, so_far: int, _size: int) -> None:
    """Report the bytes of one of several files as a share of all."""
    progress(before + so_far, total)


def _require_download(files: ModelFiles) -> None:
    if files.embedded:
        raise ShowError(f"'{files.name}' comes with Laterna: there is nothing to download.")


def _from_source(
    files: ModelFiles, source: DownloadSource, cache: Path, progress: Progress, retries: RetryPolicy
) -> InstalledModel:
    target = cache / files.folder / source.file
    with _locked_part(target) as part:
        sha256 = download(source, part, progress, retries)
        arrival = _Arrival(files, part, target, f"the file from {source.host}", source.url, sha256)
        return arrival.accept(published=bool(source.sha256))


def _existing(files: ModelFiles, cache: Path) -> InstalledModel | None:
    """The model, if it is installed already."""
    state, path = trust_state(files, cache), files.weights(cache)
    if path and state is TrustState.UNCHECKED:
        return _adopt(files, path)
    manifest = read_manifest(path) if path else None
    if path and manifest and state in (TrustState.VERIFIED, TrustState.PINNED):
        return InstalledModel(path, state, manifest.source)
    return None


def _adopt(files: ModelFiles, path: Path) -> InstalledModel:
    """Verify a file that was put there by hand. It is the user's file, so it is not deleted if it is wrong."""
    try:
        sha256 = sha256_of(path)
        published = files.published(sha256)
        if files.check is None and not files.own and not published:
            raise ShowError(f"{path} is damaged or another file: remove it and fetch again.")
        converted = files.check is not None and files.check(path, str(path), path)
        write_manifest(path, sha256_of(path) if converted else sha256, str(path), published)
    except OSError as error:
        raise disk_error(path, error) from None
    return InstalledModel(path, _trust(published), str(path), converted)


def _trust(published: bool) -> TrustState:
    return TrustState.VERIFIED if published else TrustState.PINNED


def _remove_predecessors(files: ModelFiles, target: Path) -> None:
    """Remove the manifest of an earlier file and weights in another format, which would be taken for the new ones."""
    for path in {*(target.with_name(Path(name).name) for name in files.names), target}:
        manifest_path(path).unlink(missing_ok=True)
        if path != target:
            path.unlink(missing_ok=True)


@contextmanager
def _locked_part(target: Path) -> Iterator[Path]:
    """The path of the unfinished file, locked against other processes. Raises ShowError if that is impossible."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(target.with_name(f"{target.name}.lock"), timeout=0):
            yield part_path(target)
    except Timeout:
        raise ShowError(f"{target.name} is being fetched by another process: wait for it.") from None
    except OSError as error:
        raise disk_error(target, error) from None


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _copy(found: Path, part: Path, progress: Progress) -> str:
    total, so_far = found.stat().st_size, 0
    with found.open("rb") as source, part.open("wb") as copy:
        while chunk := source.read(COPY_CHUNK):
            copy.write(chunk)
            so_far += len(chunk)
            progress(so_far, total)
    shutil.copystat(found, part)
    return sha256_of(part)  # of what was written, not of what was read


def _local_file(files: ModelFiles, origin: Path) -> Path:
    """The weights in a place that the operator named."""
    if origin.is_file():
        return origin
    if not origin.is_dir():
        raise ShowError(f"There is no file or folder {origin}.")
    own_names = files.names
    names = list(dict.fromkeys([*own_names, *(source.basename for source in files.sources)]))
    # a model with a folder of its own shares its file names with other models, so that they count only in that folder
    shared = set(own_names) if files.folder and origin.name != files.name else set()
    in_folder = [origin / files.name / name for name in names]
    loose = [origin / name for name in names if name not in shared]
    for path in (*in_folder, *loose):
        if path.is_file():
            return path
    expected = " or ".join(str(path.relative_to(origin)) for path in (*in_folder[:1], *loose[:2]))
    raise ShowError(f"{files.name} is not in {origin}: expected {expected}; you can also name the file itself.")


def _name_of(files: ModelFiles, found: Path) -> str:
    """What the file is called in the models folder: the name with its suffix, else the last one."""
    names = files.names
    return next((name for name in names if Path(name).suffix == found.suffix), names[-1])


def _expected_sha256(files: ModelFiles, found: Path) -> str:
    """The hash or prefix that a local file must have: published, or in a manifest beside it; "" if unknown."""
    if files.check is None:
        return files.sources[0].sha256
    manifest = read_manifest(found)
    if manifest:
        return manifest.sha256
    return next((source.sha256 for source in files.sources if source.basename == found.name != source.file), "")
