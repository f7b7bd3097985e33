"""One file over HTTP: resumed where it broke off, given up when it stalls, and never trusted before it is whole.

The file grows under its `.part` name; beside it `.part.json` keeps what the server called this version of it, so that
the rest of another version is never put behind it.
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
from installation.model_store.catalogue import DownloadSource

MARGIN = 64 << 20  # bytes of a disk that are left alone
AGENT = "laterna (models for a live show)"

Progress = Callable[[int, int], None]  # bytes so far, bytes in all (0: not known)


class SourceFailed(Exception):
    """This source does not give the file; the text says why, without a full stop."""


class HostUnreachable(SourceFailed):
    """There is no network, or none that knows the source's host."""


class _Broken(Exception):
    """The connection ended before the file did: worth another try from where it stopped."""


class _Cut(_Broken):
    """There is no way to the host: worth another try only where there was one just now."""


@dataclass(frozen=True)
class RetryPolicy:
    """How long a source is borne with."""

    connect_seconds: float = 10.0
    stall_seconds: float = 30.0  # without a byte
    slowest: float = 1024.0  # bytes a second, over twice that time
    gain: int = 1 << 20  # bytes that a try must bring to count as one that went on
    tries: int = 5  # in a row that do not go on
    pause_seconds: float = 1.0  # before another try; doubled each time
    sleep: Callable[[float], None] = time.sleep


USUAL = RetryPolicy()


@dataclass
class _Part:
    """What has come so far."""

    path: Path
    version: dict[str, str] = field(default_factory=dict)  # url, and the server's name for this version of the file

    @property
    def size(self) -> int:
        return self.path.stat().st_size if self.path.is_file() else 0

    @property
    def memo(self) -> Path:
        return self.path.with_name(f"{self.path.name}.json")

    def recall(self) -> None:
        try:
            found = json.loads(self.memo.read_text(encoding="utf-8"))
            self.version = {str(key): str(value) for key, value in found.items()}
        except (OSError, ValueError, AttributeError):
            self.version = {}

    def drop(self) -> None:
        self.path.unlink(missing_ok=True)
        self.memo.unlink(missing_ok=True)
        self.version = {}


def download(source: DownloadSource, part: Path, progress: Progress, patience: RetryPolicy = USUAL) -> str:
    """Brings a source's file to `part`; returns its sha256, which is the source's own if it publishes one.

    Raises SourceFailed if this source does not give it (`part` then stays if the rest may still come; NoWay, at once,
    if its host cannot be reached at all), ShowError where the disk is the trouble.
    """
    growing = _Part(part)
    growing.recall()
    failures, furthest = 0, growing.size
    began = furthest
    while True:
        try:
            return _attempt(source, growing, progress, patience)
        except _Broken as broken:
            if isinstance(broken, _Cut) and growing.size == began:
                raise HostUnreachable(str(broken)) from None
            gained = growing.size - furthest  # a lying server can begin anew for ever: only what is new counts
            failures, furthest = (0, growing.size) if gained >= patience.gain else (failures + 1, furthest)
            if failures >= patience.tries:
                raise SourceFailed(str(broken)) from None
        except OSError as error:
            raise disk_trouble(part, error) from None
        patience.sleep(patience.pause_seconds * 2 ** max(failures - 1, 0))


def _attempt(source: DownloadSource, part: _Part, progress: Progress, patience: RetryPolicy) -> str:
    resumed = _resumable(part, source)
    with _answer(source, part, resumed, patience) as response:
        begin, total = _range(response, part, resumed)
        if part.size and not begin:
            part.drop()
        part.version = {"url": source.url, **_version(response)}
        part.path.parent.mkdir(parents=True, exist_ok=True)
        part.memo.write_text(json.dumps(part.version), encoding="utf-8")
        room(part.path, total - begin)
        digest = _hash_of(part.path) if begin else hashlib.sha256()
        with part.path.open("ab") as file:
            so_far = begin
            for chunk in _body(response, patience):
                file.write(chunk)
                digest.update(chunk)
                so_far += len(chunk)
                progress(so_far, total)
        promised = _promised(response)
    if total and so_far < total:
        raise _Broken(f"broke off after {so_far:,} of {total:,} bytes")
    return _verdict(part, digest.hexdigest(), source.sha256 or promised)


def _verdict(part: _Part, found: str, wanted: str) -> str:
    if not found.startswith(wanted):
        part.drop()
        raise SourceFailed(f"gave another file: sha256 {found[:12]}… instead of {wanted[:12]}…")
    part.memo.unlink(missing_ok=True)
    return found


def _resumable(part: _Part, source: DownloadSource) -> bool:
    """Only the rest of the very same version may be put behind what is there."""
    return bool(part.size) and part.version.get("url") == source.url and bool(part.version.get("validator"))


def _answer(source: DownloadSource, part: _Part, resumed: bool, patience: RetryPolicy) -> requests.Response:
    headers = {"Accept-Encoding": "identity", "User-Agent": AGENT}
    if resumed:
        headers |= {"Range": f"bytes={part.size}-", "If-Range": part.version["validator"]}
    waits = (patience.connect_seconds, patience.stall_seconds)
    try:
        response = requests.get(source.url, headers=headers, stream=True, timeout=waits)
    except requests.Timeout:
        raise _Broken(f"did not answer for {patience.stall_seconds:g} s") from None
    except requests.ConnectionError as error:
        raise (_Cut if _cut(error) else _Broken)("cannot be reached") from None
    except requests.RequestException as error:
        raise SourceFailed(f"cannot be asked ({type(error).__name__})") from None
    if response.status_code == 416:  # what is there is not the beginning of what they have
        part.drop()
        response.close()
        raise _Broken("would not go on where it broke off")
    if response.status_code in (408, 429) or response.status_code >= 500:
        response.close()
        raise _Broken(f"answered {response.status_code} {response.reason}".rstrip())
    if response.status_code not in (200, 206):
        response.close()
        raise SourceFailed(f"answered {response.status_code} {response.reason}".rstrip())
    return response


def _cut(error: requests.ConnectionError) -> bool:
    """Whether nobody can tell the host's address, or there is no way to it; of a proxy, the same."""
    reason = getattr(error.args[0], "reason", None) if error.args else None
    if isinstance(reason, urllib3.exceptions.ProxyError):
        reason = reason.original_error
    if isinstance(reason, urllib3.exceptions.NameResolutionError):
        return True
    cause = reason.__cause__ if reason else None
    return isinstance(cause, OSError) and cause.errno in (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN)


def _range(response: requests.Response, part: _Part, resumed: bool) -> tuple[int, int]:
    """Where the body begins, and the bytes in all (0: not known)."""
    length = response.headers.get("Content-Length", "")
    if response.status_code == 200:
        return 0, int(length) if length.isdigit() else 0
    found = re.fullmatch(r"bytes (\d+)-(\d+)/(\d+|\*)", response.headers.get("Content-Range", ""))
    if not (resumed and found and int(found[1]) == part.size):
        part.drop()
        raise _Broken("answered with another part than was asked for")
    return part.size, int(found[3]) if found[3].isdigit() else 0


def _version(response: requests.Response) -> dict[str, str]:
    """A strong name of this version of the file, or its date; nothing where the server has neither."""
    etag = response.headers.get("ETag", "")
    validator = etag if etag and not etag.startswith("W/") else response.headers.get("Last-Modified", "")
    return {"validator": validator} if validator else {}


def _promised(response: requests.Response) -> str:
    """The sha256 that the Hugging Face hub names when it passes a request on to its store; "" elsewhere."""
    for step in (*response.history, response):
        etag = step.headers.get("X-Linked-Etag", "").strip('"')
        if re.fullmatch(r"[0-9a-f]{64}", etag):
            return etag
    return ""


def _body(response: requests.Response, patience: RetryPolicy) -> Iterator[bytes]:
    raw: Any = response.raw
    window, came = clock.now(), 0
    try:
        while chunk := raw.read1(1 << 18):
            yield chunk
            came += len(chunk)
            passed = clock.now() - window
            if passed > 2 * patience.stall_seconds:
                if came < patience.slowest * passed:
                    raise _Broken(f"gave only {came:,} bytes in {passed:.0f} s")
                window, came = clock.now(), 0
    except urllib3.exceptions.ReadTimeoutError:
        raise _Broken(f"stalled for {patience.stall_seconds:g} s") from None
    except urllib3.exceptions.HTTPError as error:
        raise _Broken(f"broke off ({type(error).__name__})") from None


def _hash_of(path: Path) -> Any:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest


def room(path: Path, wanted: int) -> None:
    """Raises ShowError unless so many bytes more fit beside `path`."""
    free = shutil.disk_usage(path.parent).free
    if wanted + MARGIN > free:
        raise ShowError(
            f"There is no space left in {path.parent}: {megabytes(wanted)} are wanted and {megabytes(free)} are free; "
            f"make room, or choose another folder by --models."
        )


def disk_trouble(path: Path, error: OSError) -> ShowError:
    """What the operator is told when the disk does not take a file."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return ShowError(
            f"There is no space left in {path.parent}: make room and fetch again, it goes on where it stopped; "
            f"or choose another folder by --models."
        )
    return ShowError(f"{path.parent} cannot be written ({error.strerror or error}): choose another folder by --models.")


def megabytes(size: float) -> str:
    """Bytes for people."""
    return f"{size / 1e9:.2f} GB" if size >= 1e9 else f"{size / 1e6:.0f} MB"
