"""The event log, on a real disk."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from installation.core.errors import ShowError
from installation.show.site_settings import LogSettings
from installation.site.event_log import EventLog
from installation.site.service_notify import ServiceNotify


def test_an_event_is_a_line_and_files_rotate(tmp_path: Path) -> None:
    log = EventLog(LogSettings(log_folder=str(tmp_path / "logs"), max_megabytes=0.001, files=3))
    for number in range(100):
        log.write("notice", 1_000_000.0 + number, worker="stage", text=f"100 % done, \n line {number}")
    log.close()
    files = sorted((tmp_path / "logs").iterdir())
    assert [file.name for file in files] == ["laterna.jsonl", "laterna.jsonl.1", "laterna.jsonl.2"]
    lines = [json.loads(line) for file in reversed(files) for line in file.read_text().splitlines()]
    assert lines[-1]["text"] == "100 % done, \n line 99"
    assert [line["at"] for line in lines] == sorted(line["at"] for line in lines)
    assert log.lost == 0


def test_a_disk_that_refuses_costs_lines_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "laterna.jsonl").symlink_to("/dev/full")
    log = EventLog(LogSettings(log_folder=str(tmp_path), max_megabytes=1000))
    log.write("notice", 0.0)
    log.close()
    assert log.lost >= 1


def test_a_log_that_cannot_be_opened_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "logs").touch()
    with pytest.raises(ShowError, match="cannot be written"):
        EventLog(LogSettings(log_folder=str(tmp_path / "logs")))


def test_the_service_manager_hears_of_presented_frames_once_a_second(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(5.0)
        service = ServiceNotify(str(tmp_path / "notify"))
        for now in (0.0, 0.5, 1.0):
            service.presented(now)
        service.stopping()
        assert [manager.recv(100) for _ in range(3)] == [b"READY=1\nWATCHDOG=1", b"WATCHDOG=1", b"STOPPING=1"]


def test_only_a_leading_at_sign_stands_for_an_abstract_socket(tmp_path: Path) -> None:
    folder = tmp_path / "app@1"
    folder.mkdir()
    for address, bound in (
        (str(folder / "notify"), str(folder / "notify")),
        (f"@{tmp_path.name}-n", f"\0{tmp_path.name}-n"),
    ):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
            manager.bind(bound)
            manager.settimeout(10.0)
            ServiceNotify(address).presented(0.0)
            assert manager.recv(100) == b"READY=1\nWATCHDOG=1"
