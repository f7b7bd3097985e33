"""The picture over SRT, read by FFmpeg, which is another process and another implementation of the decoder."""

from __future__ import annotations

import itertools
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psutil
import pytest

from installation.core.errors import ShowError
from installation.outputs.interface import FrameFormat
from installation.outputs.srt import SrtSettings, SrtSink, check, command
from tests.outputs.stream_pictures import SIZE, Source, ffmpeg_viewer, in_order
from tests.running import ROOT, free_port, until

LIMIT = 60.0
PASSCODE = "open-sesame-1"
LATENCY_MS = 2000  # on a busy machine, SRT gives a frame up that comes later


@contextmanager
def sink(**settings: Any) -> Iterator[SrtSink]:
    made = SrtSink(SrtSettings(**{"port": free_port(), **settings}))
    made.open(FrameFormat(*SIZE, 30.0))
    try:
        yield made
    finally:
        made.close(0.0)


def test_without_imageio_ffmpeg_the_operator_reads_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)
    with pytest.raises(ShowError, match=r"pip install '.*\[srt\]'"):
        check(SrtSettings())


def test_the_command_has_an_address_for_each_viewer() -> None:
    settings = SrtSettings(passcode=PASSCODE, viewers=2)
    targets = command(settings, ["srt://[::1]:9710", "srt://[::1]:9711"])[-1]
    assert targets.count("mode=listener&latency=120000&listen_timeout=1000000&passphrase=open-sesame-1") == 2
    assert r"srt\://\[\:\:1\]\:9711" in targets


def test_a_taken_port_is_told_once_and_without_the_passcode() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        with sink(passcode=PASSCODE, port=taken.getsockname()[1]) as made, Source(made):
            until(lambda: made._notices, LIMIT, "a notice")
            until(lambda: made._sender and "passphrase=" in str(made._sender._last_words), LIMIT, "an error of FFmpeg")
            assert made._sender
            assert PASSCODE not in str(made._sender._last_words)
        assert made.notices() == [
            f"The stream over SRT does not start, and is tried again: {made.figures().target}: Address already in use."
        ]


@pytest.mark.slow
def test_viewers_come_and_go_at_two_ports() -> None:
    with sink(viewers=2, passcode=PASSCODE, latency_ms=LATENCY_MS) as made, Source(made) as source:
        first, second = made.figures().target.split()
        with (
            ffmpeg_viewer(f"{first}?passphrase={PASSCODE}") as one,
            ffmpeg_viewer(f"{second}?passphrase={PASSCODE}") as two,
        ):
            for viewer in (one, two):
                seen = list(itertools.islice(viewer, 60))
                assert seen == list(range(seen[0], seen[0] + 60))
            assert made.figures().viewers == 2
        until(lambda: made.figures().viewers == 0, LIMIT, "SRT notices that the viewers are gone")
        with ffmpeg_viewer(f"{first}?passphrase={PASSCODE}") as again:
            assert in_order(list(itertools.islice(again, 5)))
        assert source.error == ""


@pytest.mark.slow
def test_the_picture_is_sent_to_a_listener() -> None:
    port = free_port()
    with (
        ffmpeg_viewer(f"srt://127.0.0.1:{port}?mode=listener") as viewer,
        sink(url=f"srt://127.0.0.1:{port}") as made,
        Source(made),
    ):
        assert in_order(list(itertools.islice(viewer, 30)))


@pytest.mark.slow
def test_a_killed_worker_leaves_no_ffmpeg_that_holds_the_port() -> None:
    program = "import sys; from tests.outputs.test_srt import serve; serve(int(sys.argv[1]))"
    worker = psutil.Popen([sys.executable, "-c", program, str(free_port())], cwd=ROOT)
    try:
        ffmpeg = until(lambda: [each for each in worker.children() if listens(each)], LIMIT, "FFmpeg")[0]
    finally:
        worker.kill()
        worker.wait()
    until(lambda: not listens(ffmpeg), LIMIT, "the end of FFmpeg")


def listens(process: psutil.Process) -> bool:
    """Whether a process has a UDP port."""
    try:
        return bool(process.net_connections("udp"))
    except (psutil.NoSuchProcess, psutil.ZombieProcess):
        return False


def serve(port: int) -> None:
    """Send pictures until somebody kills this process."""
    with sink(port=port) as made, Source(made):
        threading.Event().wait()


def ffmpegs() -> list[psutil.Process]:
    """The processes of FFmpeg that send; earlier tests may have left others."""
    alive = [child for child in psutil.Process().children() if child.status() != psutil.STATUS_ZOMBIE]
    return [child for child in alive if "nut" in child.cmdline()]


@pytest.mark.slow
def test_a_dead_ffmpeg_is_one_sentence() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        with sink(port=taken.getsockname()[1]) as made, Source(made) as source:
            for child in until(ffmpegs, LIMIT, "FFmpeg"):
                child.kill()
            until(lambda: source.error, LIMIT, "an error")
            assert source.error.startswith("FFmpeg has ended: ")


def test_ffmpeg_of_the_extra_knows_srt() -> None:
    from installation.outputs.srt import ffmpeg

    protocols = subprocess.run([ffmpeg(), "-hide_banner", "-protocols"], capture_output=True, text=True, check=True)
    assert " srt" in protocols.stdout
