"""The stream of a whole show: viewers over HTTP, in a browser, slow ones, and without the passcode."""

from __future__ import annotations

import base64
import http.client
import io
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from installation.core.clock import now
from installation.core.errors import ShowError
from installation.core.packet_ring import PacketRing
from installation.core.ring_folder import JPEG_RING
from installation.outputs.interface import FrameFormat
from installation.outputs.mjpeg import MjpegSettings, MjpegSink, check
from tests.control.web.browser import opened, running_browser
from tests.outputs.pictures import SIZE, grey
from tests.running import RunningShow, running, until

LIMIT = 60.0


def test_nothing_is_encoded_until_somebody_looks(tmp_path: Path) -> None:
    sink = MjpegSink(MjpegSettings())
    sink.open(FrameFormat(*SIZE, 30.0, tmp_path))
    ring = PacketRing(tmp_path / JPEG_RING)
    sink.write(grey(1), 1.0)
    assert ring.newest() is None
    ring.note_viewers(2, now())
    sink.write(grey(2), 2.0)
    newest = ring.newest()
    assert newest is not None
    assert sink.figures().viewers == 2
    assert np.abs(np.asarray(Image.open(io.BytesIO(newest[1])), int) - grey(2)).max() <= 2
    sink.close(3.0)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("settings", [MjpegSettings(quality=0), MjpegSettings(rate=0.0)])
def test_a_setting_out_of_range_is_one_sentence(settings: MjpegSettings) -> None:
    with pytest.raises(ShowError, match="it goes from"):
        check(settings)


class Viewer:
    """A program that reads the stream."""

    def __init__(self, port: int, **headers: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=LIMIT)
        self.connection.request("GET", "/stream.mjpg", headers=headers)
        self.response = self.connection.getresponse()

    def picture(self) -> Image.Image:
        """The next picture."""
        length = 0
        while (line := self.response.readline().strip()) or not length:
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        return Image.open(io.BytesIO(self.response.read(length)))

    def __enter__(self) -> Viewer:
        return self

    def __exit__(self, *_: object) -> None:
        self.response.close()
        self.connection.close()


def slow_viewer(port: int) -> socket.socket:
    """A viewer that asks and never reads."""
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    made.connect(("127.0.0.1", port))
    made.sendall(b"GET /stream.mjpg HTTP/1.1\r\nHost: localhost\r\n\r\n")
    return made


def free_tcp_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def arguments(port: int, *more: str) -> list[str]:
    return [*("--output", "mjpeg", "--set", "web.enabled=true", "--set", f"web.port={port}"), *more]


def streams(port: int, **headers: str) -> bool:
    """Whether the stream answers."""
    try:
        with Viewer(port, **headers) as viewer:
            return viewer.response.status == 200
    except OSError:
        return False


@pytest.fixture(scope="module")
def show(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[RunningShow, int]]:
    port = free_tcp_port()
    with running("rehearsal", tmp_path_factory.mktemp("show"), arguments(port)) as made:
        until(lambda: streams(port), LIMIT, "the stream")
        yield made, port


@pytest.mark.slow
def test_viewers_that_do_not_read_hold_up_nobody(show: tuple[RunningShow, int]) -> None:
    _, port = show
    with Viewer(port) as viewer, ExitStack() as slow:
        assert viewer.picture().size == (1280, 720)
        for _ in range(20):
            slow.enter_context(slow_viewer(port))
        for _ in range(200):  # many more than the buffers of a connection that is not read have room for
            viewer.picture()


@pytest.mark.slow
def test_a_browser_shows_the_picture(show: tuple[RunningShow, int]) -> None:
    _, port = show
    with running_browser() as browser, opened(browser, "about:blank") as page:
        page.goto(f"http://127.0.0.1:{port}/stream", wait_until="domcontentloaded")  # the picture never ends
        # No predicate in the page: its content security policy forbids the evaluation that a repeated one needs.
        until(lambda: page.evaluate("document.images[0]?.naturalWidth") == 1280, LIMIT, "the picture in the browser")


@pytest.mark.slow
def test_a_stream_goes_on_when_the_output_is_killed(show: tuple[RunningShow, int]) -> None:
    made, port = show
    with Viewer(port) as viewer:
        viewer.picture()
        made.workers()["mjpeg"].kill()
        until(lambda: "mjpeg" in made.workers(), LIMIT, "the next process")
        for _ in range(200):  # more than all that was sent before
            viewer.picture()


@pytest.mark.slow
def test_the_stream_asks_for_the_passcode(tmp_path: Path) -> None:
    port = free_tcp_port()
    right = f"Basic {base64.b64encode(b':secret').decode()}"
    with running("rehearsal", tmp_path, arguments(port, "--set", "web.passcode=secret")):
        until(lambda: streams(port, Authorization=right), LIMIT, "the stream")
        with Viewer(port) as stranger:
            assert stranger.response.status == 401
