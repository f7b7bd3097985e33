"""The main process starts without the libraries that only workers need."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from installation.__main__ import OPENING_NEEDS
from installation.core.os_support import STOP_SIGNALS
from installation.runtime.launch import StopRequests
from tests.running import ROOT, running, until

WORKERS_NEED = {"torch", "open_clip", "whisper", "av", "asyncio", "redis", "uvicorn", "aiortc", "aalink"}


# ends the process when the first picture is on the stage, and prints what has been imported until then
UNTIL_THE_FIRST_PICTURE = """
import json, os, sys
from installation.cli.main import main
from installation.stage.stage import Stage

def presented(*_):
    print(json.dumps(sorted(sys.modules)), flush=True)
    os._exit(0)

Stage.present = presented
main(["play", "first_light", "--headless", "--seconds", "1", "--record", sys.argv[1]])
"""
NOT_BEFORE_THE_FIRST_PICTURE = {
    *("torch", "scipy", "av", "asyncio", "urllib.request", "segno", "installation.outputs.registry"),
    *("installation.conductor.conductor", "installation.control.registry", "installation.runtime.workers"),
    *("installation.cli.imagine", "installation.cli.studio", "installation.cli.doctor"),
}
MOST_MODULES = 115  # of this package, of the 400 that it has: each costs half a millisecond


@pytest.mark.slow
def test_little_is_imported_before_the_first_picture_is_on_the_stage(tmp_path: Path) -> None:
    command = [sys.executable, "-c", UNTIL_THE_FIRST_PICTURE, str(tmp_path / "show.mp4")]
    ran = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    imported = set(json.loads(ran.stdout.splitlines()[-1]))
    assert NOT_BEFORE_THE_FIRST_PICTURE & imported == set()
    assert len([name for name in imported if name.startswith("installation")]) <= MOST_MODULES
    assert set(OPENING_NEEDS) <= imported  # what is read ahead is needed


@pytest.mark.slow
@pytest.mark.parametrize("module", ["installation.cli.main", "installation.runtime.launch"])
def test_the_main_process_does_not_load_what_only_workers_need(module: str) -> None:
    code = f"import {module}, sys; print(sorted({WORKERS_NEED} & sys.modules.keys()))"
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True)
    assert ran.stdout.strip() == "[]"


def test_the_first_signal_stops_the_show_and_a_second_one_half_a_second_later_interrupts_its_end() -> None:
    stopped: list[bool] = []
    before = {number: signal.getsignal(number) for number in STOP_SIGNALS}
    try:
        StopRequests(lambda: stopped.append(True)).install()
        signal.raise_signal(signal.SIGTERM)
        first = time.monotonic()
        signal.raise_signal(signal.SIGINT)  # passed on by a launcher: the terminal has sent it to everybody
        assert stopped == [True]
        until(lambda: time.monotonic() > first + StopRequests.REPEAT_SECONDS + 0.1, 5.0, "the pause")
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGHUP")
def test_a_show_that_was_started_with_nohup_outlives_its_terminal() -> None:
    before = {number: signal.getsignal(number) for number in STOP_SIGNALS}
    try:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        StopRequests(lambda: None).install()
        assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def has_torch(process: psutil.Process) -> bool:
    return any("libtorch" in library.path for library in process.memory_maps())


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lists the libraries of a process")
def test_only_the_renderer_has_torch_while_a_show_plays(tmp_path: Path) -> None:
    with running("first_light", tmp_path) as show:
        until(show.drawn, 120, "the first frame")
        workers = show.workers()
        assert workers.keys() >= {"stage", "renderer", "control", "recorder"}
        assert [name for name, process in workers.items() if has_torch(process)] == ["renderer"]
