"""One file over HTTP, against a real server that behaves and misbehaves."""

from __future__ import annotations

import hashlib
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from installation.core.errors import ShowError
from installation.model_store import download as module
from installation.model_store.catalogue import DownloadSource
from installation.model_store.download import SourceFailed, download
from tests.conftest import require_system
from tests.model_store.conftest import HURRY, unseen
from tests.model_store.server import Dish, Server

CONTENT = bytes(range(256)) * 1000  # 256,000 bytes
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def part(tmp_path: Path) -> Path:
    return tmp_path / "weights.part"


def source_of(server: Server, dish: Dish, sha256: str = SHA256, path: str = "/weights") -> DownloadSource:
    server.dishes[path] = dish
    return DownloadSource(server.url + path, "weights", sha256)


def test_a_file_comes_whole_and_says_how_far_it_is(server: Server, part: Path) -> None:
    steps: list[tuple[int, int]] = []
    found = download(source_of(server, Dish(CONTENT)), part, lambda so_far, total: steps.append((so_far, total)), HURRY)
    assert (found, part.read_bytes()) == (SHA256, CONTENT)
    assert steps == sorted(steps)
    assert steps[-1] == (len(CONTENT), len(CONTENT))
    assert list(part.parent.iterdir()) == [part]


def test_a_download_that_breaks_off_goes_on_where_it_stopped(server: Server, part: Path) -> None:
    source = source_of(server, Dish(CONTENT, breaks=[100_000, 50_000]))
    assert download(source, part, unseen, HURRY) == SHA256
    assert part.read_bytes() == CONTENT
    assert [asked for _, asked in server.asked] == ["", "bytes=100000-", "bytes=150000-"]


def test_the_next_start_of_the_program_goes_on_too(server: Server, part: Path) -> None:
    source = source_of(server, Dish(CONTENT, breaks=[100_000, 0, 0]))
    with pytest.raises(SourceFailed, match="broke off"):
        download(source, part, unseen, HURRY)
    assert part.stat().st_size == 100_000
    assert download(source, part, unseen, HURRY) == SHA256
    assert server.asked[-1] == ("/weights", "bytes=100000-")


def test_a_server_that_knows_no_ranges_starts_over(server: Server, part: Path) -> None:
    source = source_of(server, Dish(CONTENT, breaks=[100_000], ranges=False))
    assert download(source, part, unseen, HURRY) == SHA256
    assert part.read_bytes() == CONTENT


def test_the_rest_of_another_version_is_never_put_behind_the_first(server: Server, part: Path) -> None:
    newer = bytes(reversed(CONTENT))
    source = source_of(server, Dish(CONTENT, breaks=[100_000, 0, 0]), sha256="")
    with pytest.raises(SourceFailed):
        download(source, part, unseen, HURRY)
    server.dishes["/weights"] = Dish(newer)
    assert download(source, part, unseen, HURRY) == hashlib.sha256(newer).hexdigest()
    assert part.read_bytes() == newer


def test_a_file_without_a_version_is_not_resumed(server: Server, part: Path) -> None:
    source = source_of(server, Dish(CONTENT, breaks=[100_000], validators=False))
    assert download(source, part, unseen, HURRY) == SHA256
    assert [asked for _, asked in server.asked] == ["", ""]


@pytest.mark.parametrize(
    ("dish", "reason"),
    [
        (Dish(CONTENT, length=len(CONTENT) + 1), r"broke off"),
        (Dish(CONTENT, length=1000), r"gave another file: sha256 \w{12}… instead of \w{12}…"),
        (Dish(CONTENT[:-1]), r"gave another file"),
        (Dish(CONTENT, status=404), r"answered 404 Not Found"),
        (Dish(CONTENT, status=403), r"answered 403 Forbidden"),
        (Dish(CONTENT, status=500), r"answered 500 Internal Server Error"),
        (Dish(CONTENT, status=503), r"answered 503 Service Unavailable"),
    ],
)
def test_a_bad_server_is_told_in_one_reason(server: Server, part: Path, dish: Dish, reason: str) -> None:
    with pytest.raises(SourceFailed, match=reason):
        download(source_of(server, dish), part, unseen, HURRY)


@pytest.mark.parametrize("bytes_before", [0, 1000])
def test_a_server_that_falls_silent_is_given_up(server: Server, part: Path, bytes_before: int) -> None:
    patience = replace(HURRY, stall_seconds=0.2)
    with pytest.raises(SourceFailed, match=r"(stalled|did not answer) for 0\.2 s"):
        download(source_of(server, Dish(CONTENT, stalls_after=bytes_before)), part, unseen, patience)


def test_a_wrong_file_is_not_kept(server: Server, part: Path) -> None:
    with pytest.raises(SourceFailed):
        download(source_of(server, Dish(b"another file")), part, unseen, HURRY)
    assert list(part.parent.iterdir()) == []


def test_an_error_of_the_server_is_tried_again_and_a_missing_file_is_not(server: Server, part: Path) -> None:
    for status, times in ((500, HURRY.tries), (404, 1)):
        server.asked.clear()
        with pytest.raises(SourceFailed):
            download(source_of(server, Dish(CONTENT, status=status)), part, unseen, HURRY)
        assert len(server.asked) == times


def test_a_server_that_is_not_there_is_told(part: Path) -> None:
    with pytest.raises(SourceFailed, match="cannot be reached"):
        download(DownloadSource("http://127.0.0.1:9/weights", "weights"), part, unseen, HURRY)


def test_tries_wait_longer_each_time_while_nothing_comes(server: Server, part: Path) -> None:
    waits: list[float] = []
    patience = replace(HURRY, tries=4, pause_seconds=1.0, sleep=waits.append)
    with pytest.raises(SourceFailed):
        download(source_of(server, Dish(CONTENT, status=500)), part, unseen, patience)
    assert waits == [1.0, 2.0, 4.0]


def test_a_trickle_counts_as_a_stall(server: Server, part: Path) -> None:
    patience = replace(HURRY, stall_seconds=5.0, slowest=1e12, gain=1 << 30)
    ticks = iter(range(0, 10_000, 20))
    source = source_of(server, Dish(CONTENT))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module.clock, "now", lambda: float(next(ticks)))
        with pytest.raises(SourceFailed, match=r"gave only [\d,]+ bytes in 20 s"):
            download(source, part, unseen, patience)


def test_a_hash_that_the_hub_names_on_the_way_is_checked(server: Server, part: Path) -> None:
    server.dishes["/store"] = Dish(CONTENT)
    passed_on = Dish(b"", location=f"{server.url}/store", headers={"X-Linked-Etag": f'"{"0" * 64}"'})
    with pytest.raises(SourceFailed, match="instead of 000000000000"):
        download(source_of(server, passed_on, sha256=""), part, unseen, HURRY)
    passed_on.headers["X-Linked-Etag"] = f'"{SHA256}"'
    assert download(source_of(server, passed_on, sha256=""), part, unseen, HURRY) == SHA256


def test_a_disk_that_is_too_small_is_told_before_anything_comes(
    server: Server, part: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MARGIN", 1 << 62)
    with pytest.raises(ShowError, match=r"There is no space left in .*: 0 MB are wanted and .* are free"):
        download(source_of(server, Dish(CONTENT)), part, unseen, HURRY)
    assert not part.exists()


def test_a_disk_that_fills_up_on_the_way_is_told(server: Server, part: Path) -> None:
    require_system(Path("/dev/full").exists(), "there is no /dev/full here")
    part.symlink_to("/dev/full")
    with pytest.raises(ShowError, match=r"There is no space left in .*: make room and fetch again"):
        download(source_of(server, Dish(CONTENT)), part, unseen, HURRY)


@pytest.mark.parametrize("place", ["/sys/kernel/laterna", "/proc/laterna"])
def test_a_folder_that_cannot_be_written_is_told(server: Server, place: str) -> None:
    require_system(sys.platform == "linux", "there is no /sys here")
    with pytest.raises(ShowError, match=r"cannot be written \(.*\): choose another folder by --models"):
        download(source_of(server, Dish(CONTENT)), Path(place) / "weights.part", unseen, HURRY)


def test_proxies_of_the_environment_are_asked(server: Server, part: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server.dishes["http://models.invalid/weights"] = Dish(CONTENT)
    for name in ("http_proxy", "HTTP_PROXY"):
        monkeypatch.setenv(name, server.url)
    monkeypatch.setenv("no_proxy", "")
    assert download(DownloadSource("http://models.invalid/weights", "weights", SHA256), part, unseen, HURRY) == SHA256
