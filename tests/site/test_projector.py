"""PJLink with a fake projector on a real socket."""

from __future__ import annotations

import hashlib
import os
import socketserver
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from installation.show.site_settings import ProjectorSettings
from installation.site import pjlink
from installation.site.projector import Projector
from tests.running import free_port, until


class FakeProjector(socketserver.ThreadingTCPServer):
    """Speaks PJLink class 1. It warms up, or cools down, for so many questions."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, password: str = "", slow: int = 2, broken: str = "") -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.password, self.slow, self.broken = password, slow, broken
        self.on, self.asked = False, 0
        self.commands: list[str] = []

    def answer(self, command: str) -> str:
        self.commands.append(command)
        if self.broken:
            return self.broken
        if command == "%1POWR ?":
            self.asked += 1
            state = ("3" if self.on else "2") if self.asked <= self.slow else str(int(self.on))
            return f"%1POWR={state}"
        self.on, self.asked = command == "%1POWR 1", 0
        return "%1POWR=OK"


class _Session(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        projector = self.server
        assert isinstance(projector, FakeProjector)
        self.wfile.write(b"PJLINK 1 498e4a67\r" if projector.password else b"PJLINK 0\r")
        line = b""
        while not line.endswith(b"\r"):
            if not (byte := self.rfile.read(1)):
                return
            line += byte
        command = line.decode().strip()
        if projector.password:
            expected = hashlib.md5(f"498e4a67{projector.password}".encode()).hexdigest()
            if not command.startswith(expected):
                self.wfile.write(b"PJLINK ERRA\r")
                return
            command = command.removeprefix(expected)
        self.wfile.write(f"{projector.answer(command)}\r".encode())


@contextmanager
def projecting(**options: str | int) -> Iterator[FakeProjector]:
    with FakeProjector(**options) as server:  # type: ignore[arg-type]
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def made(server: FakeProjector, password: str = "") -> Projector:
    port = server.server_address[1]
    return Projector(ProjectorSettings(kind="pjlink", host="127.0.0.1", port=port, password=password), pause=0.01)


@pytest.mark.parametrize("password", ["", "JBMIAProjectorLink"])
def test_a_projector_is_switched_and_the_switch_confirmed(password: str) -> None:
    with projecting(password=password) as server:
        projector = made(server, password)
        assert [projector.switch(True), projector.switch(False)] == ["on", "off"]
        assert server.commands == [
            *["%1POWR 1", "%1POWR ?", "%1POWR ?", "%1POWR ?"],
            *["%1POWR 0", "%1POWR ?", "%1POWR ?", "%1POWR ?"],
        ]


@pytest.mark.parametrize(
    ("options", "password", "sentence"),
    [
        ({"password": "right"}, "wrong", "refuses the password"),
        ({"password": "right"}, "", "needs a password"),
        ({"broken": "%1POWR=ERR3"}, "", "it is not ready"),
        ({"broken": "HTTP/1.1 400"}, "", "does not speak PJLink"),
        ({"slow": 10_000}, "", "is warming after"),
    ],
)
def test_what_a_projector_does_not_do_is_one_sentence(options: dict[str, str], password: str, sentence: str) -> None:
    with projecting(**options) as server:
        projector = made(server, password)
        projector.most_seconds = 0.2
        with pytest.raises(pjlink.ProjectorError, match=sentence):
            projector.switch(True)


def test_nobody_waits_for_a_lamp_at_the_end_of_the_show() -> None:
    with projecting(slow=10_000) as server, ThreadPoolExecutor(1) as thread:
        projector = made(server)
        switching = thread.submit(projector.switch, True)
        until(lambda: len(server.commands) > 1, 10.0, "a question about the lamp")
        projector.stop_waiting()
        with pytest.raises(pjlink.ProjectorError, match="The show ended while the projector was warming"):
            switching.result(10.0)


def test_a_projector_that_is_not_there_is_one_sentence() -> None:
    settings = ProjectorSettings(kind="pjlink", host="127.0.0.1", port=free_port())
    with pytest.raises(pjlink.ProjectorError, match="cannot be reached"):
        Projector(settings).state()


# -- CEC and DDC/CI: programs that print what the real ones print ------------------------------------------------------


def program(folder: Path, name: str, script: str) -> None:
    path = folder / name
    path.write_text(f'#!/bin/sh\necho "$@" >> {folder}/calls\n{script}\n')
    path.chmod(0o755)


def test_a_screen_is_switched_by_cec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report = "Received from TV (0):\\n    REPORT_POWER_STATUS (0x90):\\n\\tpwr-state: on (0x00)\\n"
    program(tmp_path, "cec-ctl", f"printf '{report}'")
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    assert Projector(ProjectorSettings(kind="cec", device="/dev/cec1")).switch(True) == "on"
    assert (tmp_path / "calls").read_text().splitlines() == [
        "--device /dev/cec1 --playback --to 0 --image-view-on",
        "--device /dev/cec1 --playback --to 0 --give-device-power-status",
    ]


def test_a_screen_is_switched_by_ddcutil(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path, "ddcutil", 'case "$*" in *getvcp*) echo "VCP D6 SNC x04";; esac')
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    assert Projector(ProjectorSettings(kind="ddcutil")).switch(False) == "off"
    assert (tmp_path / "calls").read_text().splitlines() == ["setvcp D6 04", "getvcp D6 --terse"]


def test_a_program_that_is_missing_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(pjlink.ProjectorError, match="apt install ddcutil"):
        Projector(ProjectorSettings(kind="ddcutil")).state()
