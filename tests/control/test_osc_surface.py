"""OSC as a surface, over real sockets in this process."""

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from installation.control.interface import SurfaceContext
from installation.control.osc_codec import write
from installation.control.osc_surface import OscSurface
from installation.show.settings import OscSettings


@pytest.fixture
def surface() -> Iterator[OscSurface]:
    context = SurfaceContext({"walk/speed": 0.5}, lambda _message: None, lambda _text: None)
    made = OscSurface(OscSettings(port=0), context)
    made.start()
    yield made
    made.stop()


def test_the_handover_can_be_read_while_clients_come_and_go(surface: OscSurface) -> None:
    address, over = ("127.0.0.1", surface.figures().port), threading.Event()
    before = sys.getswitchinterval()
    with ExitStack() as opened:
        clients = [opened.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) for _ in range(40)]

        def come_and_go() -> None:
            while not over.is_set():
                for client in clients:
                    client.sendto(write("/laterna/subscribe", 0, 1.0, "walk/speed"), address)
                    client.sendto(write("/laterna/unsubscribe"), address)

        thread = threading.Thread(target=come_and_go)
        thread.start()
        sys.setswitchinterval(1e-6)  # threads change places as often as possible
        try:
            for _ in range(20_000):
                surface.handover()
        finally:
            sys.setswitchinterval(before)
            over.set()
            thread.join()
