"""The HTTP server: opens the port, bounds connections, and runs uvicorn in the thread of the caller."""

from __future__ import annotations

import asyncio
import logging
import os
import socket

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from installation.control.osc_sockets import resolve

MAX_CONNECTIONS = 600  # more get the answer 503
MAX_CONNECTIONS_OF_HOST = 200  # more are closed: a crowd behind one access point has room, one attacker not for ever
HEADER_SECONDS = 10.0  # for the head of a request; a connection that sends none is closed
MAX_SOCKET_BYTES = 64 * 1024  # of a WebSocket message from a client
PING_SECONDS = 15.0  # a WebSocket whose client does not answer is closed
FAREWELL_SECONDS = 1  # for open connections at the end


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 is any free port. Raises OSError."""
    family, address = resolve(host)
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name == "posix":  # on Windows it would let two programs share the port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((address, port))
        listener.listen(128)
    except OSError:
        listener.close()
        raise
    return listener


def make_server(app: ASGIApp, connections: int = MAX_CONNECTIONS, bounded_hosts: bool = True) -> uvicorn.Server:
    """A server for the app; `serve(sockets=[…])` runs it until `should_exit` is set.

    Args:
        app: the app.
        connections: at a time; more get the answer 503.
        bounded_hosts: False for a server whose connections all come from a proxy.
    """
    config = uvicorn.Config(
        app,
        http=_BoundedProtocol if bounded_hosts else _PatientProtocol,
        ws="websockets-sansio",
        lifespan="off",
        log_config=None,
        log_level="error",  # an error in the app is printed, whatever a client gets wrong is not
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=False,
        limit_concurrency=connections,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=FAREWELL_SECONDS,
        ws_max_size=MAX_SOCKET_BYTES,
        ws_ping_interval=PING_SECONDS,
        ws_ping_timeout=PING_SECONDS,
        ws_per_message_deflate=False,
        h11_max_incomplete_event_size=16 * 1024,
    )
    logging.getLogger("uvicorn.error").addFilter(_is_fault)
    return uvicorn.Server(config)


def _is_fault(record: logging.LogRecord) -> bool:
    """Whether uvicorn tells of more than answers that it ends with the show, such as streams that nobody reads."""
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, asyncio.CancelledError) and "graceful shutdown" not in record.getMessage()


class _PatientProtocol(H11Protocol):
    """uvicorn's HTTP protocol with a bound that it lacks: time for a request's head."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._deadline = self.loop.call_later(HEADER_SECONDS, self._close_if_idle)

    def connection_lost(self, exc: Exception | None) -> None:
        self._deadline.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._is_answering or self._is_upgraded:
            self._deadline.cancel()
        elif self._deadline.cancelled():
            self._deadline = self.loop.call_later(HEADER_SECONDS, self._close_if_idle)

    @property
    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    @property
    def _is_upgraded(self) -> bool:
        return self.transport.get_protocol() is not self  # a WebSocket has limits of its own

    def _close_if_idle(self) -> None:
        if not self._is_answering and not self._is_upgraded:
            self.transport.close()


class _BoundedProtocol(_PatientProtocol):
    """The same with a bound for the connections of one host."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        hosts = [(getattr(each, "client", None) or ("", 0))[0] for each in self.connections]
        if hosts.count((self.client or ("", 0))[0]) > MAX_CONNECTIONS_OF_HOST:
            transport.abort()
