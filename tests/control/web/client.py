"""A web surface in this process, and clients for it: HTTP and WebSockets."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from websockets.sync.client import ClientConnection, connect

from installation.control.interface import SurfaceContext
from installation.control.web.config import WebConfig
from installation.control.web.surface import WebSurface
from installation.core.errors import Rejected
from installation.core.messages import Inbox, Value
from installation.core.params import PARAMS
from installation.core.worker_status import Handover
from installation.show.settings import AudienceSettings, OscSettings, WebSettings
from tests.workers import PATIENCE

DEFAULTS: dict[str, Value] = {row.name: row.default for row in PARAMS.values() if row.access != "trigger"}


class RunningWeb:
    """A surface that serves on a free port; `sent` are the messages for the show."""

    def __init__(self, web: WebSettings, audience: AudienceSettings, handover: Handover | None, full: bool) -> None:
        self.sent: list[Inbox] = []
        self.notices: list[str] = []
        config = WebConfig(web, audience, OscSettings(port=9999), "Evening")
        context = SurfaceContext(dict(DEFAULTS), self._send, self.notices.append, handover, kinds=("osc", "web"))
        self.full = full  # whether the show takes no more messages
        self.surface = WebSurface(config, context, retry_seconds=0.2)

    def _send(self, message: Inbox) -> None:
        if self.full:
            raise Rejected("too many messages are waiting; this one is dropped.")
        self.sent.append(message)

    @property
    def port(self) -> int:
        return self.surface.figures().port

    def get(self, path: str, **headers: str) -> http.client.HTTPResponse:
        return self.request("GET", path, "", headers)

    def post(self, path: str, body: str = "", **headers: str) -> http.client.HTTPResponse:
        return self.request("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded", **headers})

    def request(self, method: str, path: str, body: str, headers: dict[str, str]) -> http.client.HTTPResponse:
        """The response, read to its end; `text` and `json` take it from there."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            response.content = response.read()  # type: ignore[attr-defined]
            return response
        finally:
            connection.close()

    @contextmanager
    def socket(self, path: str = "/operator/socket", cookie: str = "", **options: Any) -> Iterator[Client]:
        headers = {"Cookie": cookie} if cookie else {}
        with connect(
            f"ws://127.0.0.1:{self.port}{path}", additional_headers=headers, open_timeout=PATIENCE, **options
        ) as connection:
            yield Client(connection)


class Client:
    """The far end of a socket that speaks JSON."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    def send(self, message: object) -> None:
        self.connection.send(message if isinstance(message, (str, bytes)) else json.dumps(message))

    def hear(self, key: str, wanted: Callable[[Any], bool] = lambda _: True) -> Any:
        """The next message part with this key that is wanted."""
        while True:
            message = json.loads(self.connection.recv(timeout=PATIENCE))
            if key in message and wanted(message[key]):
                return message[key]


def content(response: http.client.HTTPResponse) -> Any:
    """The body: JSON, or text."""
    body: bytes = response.content  # type: ignore[attr-defined]
    return json.loads(body) if "json" in str(response.getheader("Content-Type")) else body.decode(errors="replace")


@contextmanager
def running_web(
    web: WebSettings | None = None,
    audience: AudienceSettings | None = None,
    handover: Handover | None = None,
    full: bool = False,
) -> Iterator[RunningWeb]:
    made = RunningWeb(web or WebSettings(port=0), audience or AudienceSettings(), handover, full)
    made.surface.start()
    try:
        yield made
    finally:
        made.surface.stop()
