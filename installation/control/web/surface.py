"""The web surface: one thread with an event loop, around an HTTP server."""

from __future__ import annotations

import asyncio
import errno
import socket
import threading
from dataclasses import dataclass

import uvicorn

from installation.control.interface import SurfaceContext
from installation.control.submissions import Submission
from installation.control.web.access import new_secret
from installation.control.web.app import WebApp
from installation.control.web.config import KIND, WebConfig
from installation.control.web.hub import Hub
from installation.control.web.server import listen, make_server
from installation.core.messages import Feedback
from installation.core.worker_status import Handover, SurfaceFigures
from installation.show.settings import WebSettings

RETRY_SECONDS = 5.0  # between two attempts to open the port
STOP_SECONDS = 3.0  # for the thread to end


@dataclass(frozen=True)
class WebHandover(Handover):
    """What the next web surface starts from: whoever is logged in stays so, and visitors see their words again."""

    secret: bytes
    submissions: tuple[Submission, ...] = ()


class WebSurface:
    """Serves the operator page, the audience page and OSCQuery."""

    def __init__(self, config: WebConfig, context: SurfaceContext, retry_seconds: float = RETRY_SECONDS) -> None:
        """`retry_seconds`: between two attempts to open a port that another program uses."""
        left = context.handover if isinstance(context.handover, WebHandover) else None
        self._config, self._retry_seconds = config, retry_seconds
        self._secret = left.secret if left else new_secret()
        self._hub = Hub(context)
        self._app = WebApp(config, self._hub, self._secret, left.submissions if left else ())
        self._server: uvicorn.Server | None = None
        self._listener: socket.socket | None = None
        self._port = 0
        self._reason = ""
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="web", daemon=True)

    def start(self) -> None:
        """Open the port and serve it, in a thread."""
        self._open()
        self._thread.start()

    def feedback(self, message: Feedback) -> None:
        """Pass a message on to the sockets."""
        self._hub.feedback(message)

    def figures(self) -> SurfaceFigures:
        """Counts since the start."""
        return SurfaceFigures(
            kind=KIND,
            reason=self._reason,
            port=self._port,
            connections=len(self._hub.listeners),
            messages=self._hub.received,
            rejected=self._hub.rejected,
            viewers=self._hub.viewers,
        )

    def handover(self) -> WebHandover:
        """The key of the cookies, and the words of visitors."""
        return WebHandover(self._secret, self._app.left)

    def stop(self) -> None:
        """End the thread and release the port."""
        self._stopped.set()
        if self._server:
            self._server.should_exit = True
        if self._thread.is_alive():
            self._thread.join(STOP_SECONDS)
        if self._listener:
            self._listener.close()
        self._app.close()

    def _open(self) -> None:
        """Open the port, or note why not."""
        web = self._config.web
        try:
            self._listener = listen(web.host, web.port)
            self._port, self._reason = self._listener.getsockname()[1], ""
        except OSError as error:
            self._reason = _sentence(error, web)

    def _run(self) -> None:
        while self._listener is None and not self._stopped.wait(self._retry_seconds):
            self._open()
        if self._listener is not None and not self._stopped.is_set():
            asyncio.run(self._serve(self._listener))

    async def _serve(self, listener: socket.socket) -> None:
        self._hub.attach(asyncio.get_running_loop())
        self._server = make_server(self._app.asgi)
        self._server.should_exit = self._stopped.is_set()  # it may have been set before there was a server
        await self._app.serving(self._port)
        try:
            await self._server.serve(sockets=[listener])
        finally:
            await self._app.ending()


def _sentence(error: OSError, web: WebSettings) -> str:
    """Why the port cannot be opened, and what to do."""
    if error.errno == errno.EADDRINUSE:
        return f"Port {web.port} is used by another program: no operator page. Choose another with --set web.port=N."
    if error.errno in (errno.EADDRNOTAVAIL, None) or not isinstance(error.errno, int) or error.errno < 0:
        return f"web.host = '{web.host}' is not an address of this machine; set it to one of its own."
    if error.errno == errno.EACCES:
        return f"This user may not open port {web.port}; set web.port to a number above 1023."
    return f"The operator page cannot listen on {web.host}:{web.port}: {error.strerror}."
