"""One file over HTTP, from a real server that behaves and misbehaves."""

from __future__ import annotations

import hashlib
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from installation.core import clock
from installation.core.errors import ShowError
from installation.core.model_files import DownloadSource
from installation.model_store import download as module
from installation.model_store.download import HostUnreachable, SourceFailed, download
from tests.conftest import require_system
from tests.model_store.conftest import NO_WAIT, no_progress
from tests.model_store.server import ServedFile, Server

CONTENT = bytes(range(256)) * 1000  # 256,000 bytes
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def part(tmp_path: Path) -> Path:
    return tmp_path / "weights.part"


def source_of(server: Server, file: ServedFile, sha256: str = SHA256, path: str = "/weights") -> DownloadSource:
    server.files[path] = file
    return DownloadSource(server.url + path, "weights", sha256)


def test_a_file_arrives_whole_with_its_progress(server: Server, part: Path) -> None:
    steps: list[tuple[int, int]] = []
    source = source_of(server, ServedFile(CONTENT))
    found = download(source, part, lambda so_far, total: steps.append((so_far, total)), NO_WAIT)
    assert (found, part.read_bytes()) == (SHA256, CONTENT)
    assert steps == sorted(steps)
    assert steps[-1] == (len(CONTENT), len(CONTENT))
    assert list(part.parent.iterdir()) == [part]


def test_an_interrupted_download_resumes_where_it_stopped(server: Server, part: Path) -> None:
    source = source_of(server, ServedFile(CONTENT, breaks=[100_000, 50_000]))
    assert download(source, part, no_progress, NO_WAIT) == SHA256
    assert part.read_bytes() == CONTENT
    assert [requested for _, requested in server.requests] == ["", "bytes=100000-", "bytes=150000-"]


def test_a_later_run_of_the_program_resumes_as_well(server: Server, part: Path) -> None:
    source = source_of(server, ServedFile(CONTENT, breaks=[100_000, 0, 0]))
    with pytest.raises(SourceFailed, match="broke off"):
        download(source, part, no_progress, NO_WAIT)
    assert part.stat().st_size == 100_000
    assert download(source, part, no_progress, NO_WAIT) == SHA256
    assert server.requests[-1] == ("/weights", "bytes=100000-")


def test_a_server_without_range_requests_starts_over(server: Server, part: Path) -> None:
    source = source_of(server, ServedFile(CONTENT, breaks=[100_000], ranges=False))
    assert download(source, part, no_progress, NO_WAIT) == SHA256
    assert part.read_bytes() == CONTENT


def test_the_rest_of_another_version_is_never_appended(server: Server, part: Path) -> None:
    newer = bytes(reversed(CONTENT))
    source = source_of(server, ServedFile(CONTENT, breaks=[100_000, 0, 0]), sha256="")
    with pytest.raises(SourceFailed):
        download(source, part, no_progress, NO_WAIT)
    server.files["/weights"] = ServedFile(newer)
    assert download(source, part, no_progress, NO_WAIT) == hashlib.sha256(newer).hexdigest()
    assert part.read_bytes() == newer


def test_a_file_without_a_validator_is_not_resumed(server: Server, part: Path) -> None:
    source = source_of(server, ServedFile(CONTENT, breaks=[100_000], validators=False))
    assert download(source, part, no_progress, NO_WAIT) == SHA256
    assert [requested for _, requested in server.requests] == ["", ""]


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        (ServedFile(CONTENT, length=len(CONTENT) + 1), r"broke off"),
        (ServedFile(CONTENT, length=1000), r"sent another file: sha256 \w{12}… instead of \w{12}…"),
        (ServedFile(CONTENT[:-1]), r"sent another file"),
        (ServedFile(CONTENT, status=404), r"answered 404 Not Found"),
        (ServedFile(CONTENT, status=403), r"answered 403 Forbidden"),
        (ServedFile(CONTENT, status=500), r"answered 500 Internal Server Error"),
        (ServedFile(CONTENT, status=503), r"answered 503 Service Unavailable"),
    ],
)
def test_a_faulty_server_fails_with_a_reason(server: Server, part: Path, file: ServedFile, reason: str) -> None:
    with pytest.raises(SourceFailed, match=reason):
        download(source_of(server, file), part, no_progress, NO_WAIT)


@pytest.mark.parametrize("bytes_before", [0, 1000])
def test_a_server_that_stalls_fails(server: Server, part: Path, bytes_before: int) -> None:
    retries = replace(NO_WAIT, stall_seconds=0.2)
    source = source_of(server, ServedFile(CONTENT, stalls_after=bytes_before))
    with pytest.raises(SourceFailed, match=r"(stalled|did not answer) for 0\.2 s"):
        download(source, part, no_progress, retries)


def test_a_wrong_file_is_deleted(server: Server, part: Path) -> None:
    with pytest.raises(SourceFailed):
        download(source_of(server, ServedFile(b"another file")), part, no_progress, NO_WAIT)
    assert list(part.parent.iterdir()) == []


@pytest.mark.parametrize(("status", "requests"), [(500, NO_WAIT.attempts), (404, 1)])
def test_a_server_error_is_retried_and_a_missing_file_is_not(
    server: Server, part: Path, status: int, requests: int
) -> None:
    with pytest.raises(SourceFailed):
        download(source_of(server, ServedFile(CONTENT, status=status)), part, no_progress, NO_WAIT)
    assert len(server.requests) == requests


def test_a_refused_connection_fails(part: Path) -> None:
    with pytest.raises(SourceFailed, match="cannot be reached"):
        download(DownloadSource("http://127.0.0.1:9/weights", "weights"), part, no_progress, NO_WAIT)


def test_an_unknown_host_is_unreachable_without_another_attempt(part: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")
    waits: list[float] = []
    source = DownloadSource("http://models.invalid/weights", "weights")
    with pytest.raises(HostUnreachable, match="cannot be reached"):
        download(source, part, no_progress, replace(NO_WAIT, sleep=waits.append))
    assert waits == []


def test_the_pause_doubles_while_nothing_arrives(server: Server, part: Path) -> None:
    waits: list[float] = []
    retries = replace(NO_WAIT, attempts=4, pause_seconds=1.0, sleep=waits.append)
    with pytest.raises(SourceFailed):
        download(source_of(server, ServedFile(CONTENT, status=500)), part, no_progress, retries)
    assert waits == [1.0, 2.0, 4.0]


def test_a_very_slow_connection_counts_as_a_stall(server: Server, part: Path) -> None:
    retries = replace(NO_WAIT, stall_seconds=5.0, min_bytes_per_second=1e12, min_gain_bytes=1 << 30)
    seconds = iter(range(0, 10_000, 20))
    source = source_of(server, ServedFile(CONTENT))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: float(next(seconds)))
        with pytest.raises(SourceFailed, match=r"sent only [\d,]+ bytes in 20 s"):
            download(source, part, no_progress, retries)


def test_the_hash_that_the_hugging_face_hub_states_is_verified(server: Server, part: Path) -> None:
    server.files["/store"] = ServedFile(CONTENT)
    redirect = ServedFile(b"", location=f"{server.url}/store", headers={"X-Linked-Etag": f'"{"0" * 64}"'})
    with pytest.raises(SourceFailed, match="instead of 000000000000"):
        download(source_of(server, redirect, sha256=""), part, no_progress, NO_WAIT)
    redirect.headers["X-Linked-Etag"] = f'"{SHA256}"'
    assert download(source_of(server, redirect, sha256=""), part, no_progress, NO_WAIT) == SHA256


def test_a_disk_that_is_too_small_is_refused_before_the_download(
    server: Server, part: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "DISK_RESERVE", 1 << 62)
    with pytest.raises(ShowError, match=r"There is no space left in .*: 0 MB are needed and .* are free"):
        download(source_of(server, ServedFile(CONTENT)), part, no_progress, NO_WAIT)
    assert not part.exists()


def test_a_disk_that_fills_up_during_the_download_is_a_show_error(server: Server, part: Path) -> None:
    require_system(Path("/dev/full").exists(), "there is no /dev/full here")
    part.symlink_to("/dev/full")
    with pytest.raises(ShowError, match=r"There is no space left in .*: make room and fetch again"):
        download(source_of(server, ServedFile(CONTENT)), part, no_progress, NO_WAIT)


@pytest.mark.parametrize("folder", ["/sys/kernel/laterna", "/proc/laterna"])
def test_a_folder_that_cannot_be_written_is_a_show_error(server: Server, folder: str) -> None:
    require_system(sys.platform == "linux", "there is no /sys here")
    with pytest.raises(ShowError, match=r"cannot be written \(.*\): choose another folder with --models"):
        download(source_of(server, ServedFile(CONTENT)), Path(folder) / "weights.part", no_progress, NO_WAIT)


def test_the_proxy_of_the_environment_is_used(server: Server, part: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server.files["http://models.invalid/weights"] = ServedFile(CONTENT)
    for name in ("http_proxy", "HTTP_PROXY"):
        monkeypatch.setenv(name, server.url)
    monkeypatch.setenv("no_proxy", "")
    source = DownloadSource("http://models.invalid/weights", "weights", SHA256)
    assert download(source, part, no_progress, NO_WAIT) == SHA256
