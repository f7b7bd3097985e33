"""The HTTP server, with real sockets."""

from __future__ import annotations

import gc
import socket
import threading
import warnings
from collections.abc import AsyncIterator

import pytest
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from installation.control.web.server import listen, make_server
from tests.running import until

PATIENCE = 30.0


def test_a_stream_that_nobody_reads_ends_with_the_server_without_a_word(
    capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    sent = 0

    async def stream() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 1
            yield bytes(1 << 16)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await StreamingResponse(stream())(scope, receive, send)

    listener, server = listen("127.0.0.1", 0), make_server(app)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    with socket.create_connection(listener.getsockname()) as viewer:
        viewer.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        until(lambda: sent > 2, PATIENCE, "the stream")
        server.should_exit = True
        thread.join(PATIENCE)
    assert not thread.is_alive()
    with warnings.catch_warnings(action="ignore", category=ResourceWarning):
        del server
        gc.collect()  # the connection, which otherwise ends with its process
    assert (caplog.messages, *capfd.readouterr()) == ([], "", "")
