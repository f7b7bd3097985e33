"""What every request has to pass, and how requests are read: hosts, origins, headers, small forms."""

from __future__ import annotations

import asyncio
import base64
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket

from installation.control.web.access import Hosts, same_origin

MAX_BODY_BYTES = 4096  # of a form
BODY_SECONDS = 5.0
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


class Guard:
    """Refuses foreign hosts and origins, and sets the headers that keep pages safe."""

    def __init__(self, app: ASGIApp, hosts: Hosts) -> None:
        self._app, self._hosts = app, hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or socket."""
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        safe = scope["type"] == "http" and scope["method"] in ("GET", "HEAD")
        if not self._hosts.knows(host):
            await refuse(scope, receive, send, "This machine does not know itself by that name.")
        elif not safe and not same_origin(headers.get("origin"), host):
            await refuse(scope, receive, send, "Only pages of this server may do that.")
        else:
            await self._app(scope, receive, lambda message: send(_guarded(message)))


def _guarded(message: Message) -> Message:
    if message["type"] == "http.response.start":
        headers = MutableHeaders(scope=message)
        for name, value in HEADERS.items():
            headers.setdefault(name, value)
    return message


async def refuse(scope: Scope, receive: Receive, send: Send, reason: str) -> None:
    """Answer 403, or close the socket before it opens."""
    if scope["type"] == "websocket":
        await WebSocket(scope, receive, send).close(1008, reason)
    else:
        await PlainTextResponse(reason, 403)(scope, receive, send)


async def refuse_socket(socket: WebSocket, code: int) -> None:
    """Close a socket with a code that its page can read: a browser does not tell why a handshake failed."""
    await socket.accept()
    await socket.close(code)


def basic_password(header: str) -> str | None:
    """The password of HTTP basic authentication; the user name does not matter. None if there is none."""
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        return base64.b64decode(encoded, validate=True).decode().partition(":")[2]
    except ValueError:  # also text that is not UTF-8
        return None


def address_of(request: Request | WebSocket) -> str:
    """The client's address."""
    return request.client.host if request.client else ""


async def read_text(request: Request, max_bytes: int) -> str | None:
    """The body of a request, or None if it is too large or too slow."""
    body = b""
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.stream():
                body += chunk
                if len(body) > max_bytes:
                    return None
    except TimeoutError:
        return None
    return body.decode(errors="replace")


async def read_form(request: Request) -> dict[str, str] | None:
    """A small URL-encoded form, or None if it is too large or too slow."""
    body = await read_text(request, MAX_BODY_BYTES)
    if body is None:
        return None
    try:
        fields = parse_qs(body, max_num_fields=8)
    except ValueError:  # too many fields
        return None
    return {name: values[0] for name, values in fields.items()}
