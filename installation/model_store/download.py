"""Download one file over HTTP: resume after an interruption, give up on a stall, verify before use.

The file grows under its `.part` name. `.part.json` beside it records the server's version (the ETag), so that the rest
of another version is never appended.
"""

from __future__ import annotations

import errno
import hashlib
import json
import re
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests
import urllib3

from installation.core import clock
from installation.core.errors import ShowError
from installation.core.model_files import DownloadSource

DISK_RESERVE = 64 << 20  # bytes of a disk that stay free
USER_AGENT = "laterna (models for a live show)"
READ_CHUNK = 1 << 18  # bytes

Progress = Callable[[int, int], None]  # takes the bytes so far and the total, which is 0 if unknown


class SourceFailed(Exception):
    """The source does not offer the file; the text is the reason, without full stop."""


class HostUnreachable(SourceFailed):
    """There is no network, or the host of the source is unknown."""


class _Interrupted(Exception):
    """The connection ended too early; another attempt may resume."""


class _NoRoute(_Interrupted):
    """There is no route to the host; another attempt makes sense only if there was one before."""


@dataclass(frozen=True)
class RetryPolicy:
    """When an attempt counts as failed, and how many may fail in a row."""

    connect_seconds: float = 10.0
    stall_seconds: float = 30.0  # without a byte
    min_bytes_per_second: float = 1024.0  # over twice the stall time
    min_gain_bytes: int = 1 << 20  # that make an attempt a successful one
    attempts: int = 5  # in a row that fail
    pause_seconds: float = 1.0  # before another attempt; doubles each time
    sleep: Callable[[float], None] = time.sleep


DEFAULT_RETRIES = RetryPolicy()


@dataclass
class _PartialFile:
    """What has arrived so far, and of which version of the file."""

    path: Path
    version: dict[str, str] = field(default_factory=dict)  # the URL, and the server's validator (ETag or date)

    @property
    def size(self) -> int:
        return self.path.stat().st_size if self.path.is_file() else 0

    @property
    def version_path(self) -> Path:
        return self.path.with_name(f"{self.path.name}.json")

    def read_version(self) -> None:
        try:
            found = json.loads(self.version_path.read_text(encoding="utf-8"))
            self.version = {str(key): str(value) for key, value in found.items()}
        except (OSError, ValueError, AttributeError):
            self.version = {}

    def write_version(self, version: dict[str, str]) -> None:
        self.version = version
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.version_path.write_text(json.dumps(version), encoding="utf-8")

    def resumable(self, source: DownloadSource) -> bool:
        """Whether the rest can be requested: only of the same version from the same URL."""
        return bool(self.size) and self.version.get("url") == source.url and bool(self.version.get("validator"))

    def discard(self) -> None:
        self.path.unlink(missing_ok=True)
        self.version_path.unlink(missing_ok=True)
        self.version = {}


def download(source: DownloadSource, part: Path, progress: Progress, retries: RetryPolicy = DEFAULT_RETRIES) -> str:
    """Download a source's file to `part`; return its SHA-256, which is the published one if there is one.

    Raises:
        SourceFailed: the source does not offer the file; `part` stays if the rest may still come.
        HostUnreachable: the host cannot be reached; raised without another attempt.
        ShowError: the disk is full or cannot be written.
    """
    partial = _PartialFile(part)
    partial.read_version()
    start_size = furthest = partial.size
    failures = 0
    while True:
        try:
            return _attempt(source, partial, progress, retries)
        except _Interrupted as interruption:
            if isinstance(interruption, _NoRoute) and partial.size == start_size:
                raise HostUnreachable(str(interruption)) from None
            # a faulty server could start over forever, so only bytes that are new count as progress
            gained = partial.size - furthest >= retries.min_gain_bytes
            failures, furthest = (0, partial.size) if gained else (failures + 1, furthest)
            if failures >= retries.attempts:
                raise SourceFailed(str(interruption)) from None
        except OSError as error:
            raise disk_error(part, error) from None
        retries.sleep(retries.pause_seconds * 2 ** max(failures - 1, 0))


def _attempt(source: DownloadSource, partial: _PartialFile, progress: Progress, retries: RetryPolicy) -> str:
    resume = partial.resumable(source)
    with _request(source, partial, resume, retries) as response:
        start, total = _range(response, partial, resume)
        if partial.size and not start:
            partial.discard()
        partial.write_version({"url": source.url, **_validator(response)})
        require_space(partial.path, total - start)
        digest = _digest_of(partial.path) if start else hashlib.sha256()
        so_far = start
        with partial.path.open("ab") as file:
            for chunk in _chunks(response, retries):
                file.write(chunk)
                digest.update(chunk)
                so_far += len(chunk)
                progress(so_far, total)
        announced = _announced_sha256(response)
    if total and so_far < total:
        raise _Interrupted(f"broke off after {so_far:,} of {total:,} bytes")
    return _verified(partial, digest.hexdigest(), source.sha256 or announced)


def _verified(partial: _PartialFile, sha256: str, expected: str) -> str:
    if not sha256.startswith(expected):
        partial.discard()
        raise SourceFailed(f"sent another file: sha256 {sha256[:12]}… instead of {expected[:12]}…")
    partial.version_path.unlink(missing_ok=True)
    return sha256


def _request(source: DownloadSource, partial: _PartialFile, resume: bool, retries: RetryPolicy) -> requests.Response:
    """The open response. Raises SourceFailed if another attempt makes no sense, else _Interrupted."""
    headers = {"Accept-Encoding": "identity", "User-Agent": USER_AGENT}
    if resume:
        headers |= {"Range": f"bytes={partial.size}-", "If-Range": partial.version["validator"]}
    timeouts = (retries.connect_seconds, retries.stall_seconds)
    try:
        response = requests.get(source.url, headers=headers, stream=True, timeout=timeouts)
    except requests.Timeout:
        raise _Interrupted(f"did not answer for {retries.stall_seconds:g} s") from None
    except requests.ConnectionError as error:
        raise (_NoRoute if _is_no_route(error) else _Interrupted)("cannot be reached") from None
    except requests.RequestException as error:
        raise SourceFailed(f"cannot be requested ({type(error).__name__})") from None
    if response.status_code in (200, 206):
        return response
    response.close()
    if response.status_code == 416:  # the server's file is shorter than what is here
        partial.discard()
        raise _Interrupted("cannot resume the download")
    answer = f"answered {response.status_code} {response.reason}".rstrip()
    temporary = response.status_code in (408, 429) or response.status_code >= 500
    raise (_Interrupted if temporary else SourceFailed)(answer)


def _is_no_route(error: requests.ConnectionError) -> bool:
    """Whether the host's name cannot be resolved or there is no route to it, or to the proxy."""
    reason = getattr(error.args[0], "reason", None) if error.args else None
    if isinstance(reason, urllib3.exceptions.ProxyError):
        reason = reason.original_error
    if isinstance(reason, urllib3.exceptions.NameResolutionError):
        return True
    cause = reason.__cause__ if reason else None
    return isinstance(cause, OSError) and cause.errno in (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN)


def _range(response: requests.Response, partial: _PartialFile, resume: bool) -> tuple[int, int]:
    """The offset at which the body starts, and the total size in bytes, which is 0 if unknown."""
    length = response.headers.get("Content-Length", "")
    if response.status_code == 200:
        return 0, int(length) if length.isdigit() else 0
    found = re.fullmatch(r"bytes (\d+)-(\d+)/(\d+|\*)", response.headers.get("Content-Range", ""))
    if not (resume and found and int(found[1]) == partial.size):
        partial.discard()
        raise _Interrupted("answered with another range than the requested one")
    return partial.size, int(found[3]) if found[3].isdigit() else 0


def _validator(response: requests.Response) -> dict[str, str]:
    """The strong ETag of this version of the file, else its date; empty if the server states neither."""
    etag = response.headers.get("ETag", "")
    validator = etag if etag and not etag.startswith("W/") else response.headers.get("Last-Modified", "")
    return {"validator": validator} if validator else {}


def _announced_sha256(response: requests.Response) -> str:
    """The SHA-256 that the Hugging Face hub states when it redirects to its storage; "" elsewhere."""
    for step in (*response.history, response):
        etag = step.headers.get("X-Linked-Etag", "").strip('"')
        if re.fullmatch(r"[0-9a-f]{64}", etag):
            return etag
    return ""


def _chunks(response: requests.Response, retries: RetryPolicy) -> Iterator[bytes]:
    """The body in pieces. Raises _Interrupted if it breaks off, stalls or is too slow."""
    raw: Any = response.raw
    window_start, received = clock.now(), 0
    try:
        while chunk := raw.read1(READ_CHUNK):
            yield chunk
            received += len(chunk)
            elapsed = clock.now() - window_start
            if elapsed > 2 * retries.stall_seconds:
                if received < retries.min_bytes_per_second * elapsed:
                    raise _Interrupted(f"sent only {received:,} bytes in {elapsed:.0f} s")
                window_start, received = clock.now(), 0
    except urllib3.exceptions.ReadTimeoutError:
        raise _Interrupted(f"stalled for {retries.stall_seconds:g} s") from None
    except urllib3.exceptions.HTTPError as error:
        raise _Interrupted(f"broke off ({type(error).__name__})") from None


def _digest_of(path: Path) -> Any:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256")


def require_space(path: Path, size: int) -> None:
    """Raise ShowError unless `size` more bytes fit on the disk of `path`."""
    free = shutil.disk_usage(path.parent).free
    if size + DISK_RESERVE > free:
        raise ShowError(
            f"There is no space left in {path.parent}: {format_bytes(size)} are needed and {format_bytes(free)} are "
            f"free; make room, or choose another folder with --models."
        )


def disk_error(path: Path, error: OSError) -> ShowError:
    """The ShowError for a failure to write `path`."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return ShowError(
            f"There is no space left in {path.parent}: make room and fetch again, which resumes the download; "
            f"or choose another folder with --models."
        )
    return ShowError(
        f"{path.parent} cannot be written ({error.strerror or error}): choose another folder with --models."
    )


def format_bytes(size: float) -> str:
    """A size in MB or GB."""
    return f"{size / 1e9:.2f} GB" if size >= 1e9 else f"{size / 1e6:.0f} MB"
