"""The routes of the web surface, and the rules that every request has to pass."""

from __future__ import annotations

import asyncio
import hashlib
import mimetypes
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket

from installation.control.rate_limit import RateLimit
from installation.control.web.access import Hosts, Passcode, Signer, same_origin
from installation.control.web.config import KIND, WebConfig
from installation.control.web.hub import Hub
from installation.control.web.operator_socket import OperatorPage, stream_picture
from installation.control.web.picture import LivePicture
from installation.core import clock
from installation.core.messages import Origin, SetParam, Trigger

STATIC = Path(__file__).with_name("static")
COOKIE = "laterna_operator"
COOKIE_SECONDS = 7 * 24 * 3600
MAX_BODY_BYTES = 4096  # of a form
BODY_SECONDS = 5.0
EMERGENCIES_PER_SECOND = 2.0  # panic and blackout of one address without the passcode
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


class WebApp:
    """The ASGI application; `asgi` is what the server runs."""

    def __init__(self, config: WebConfig, hub: Hub, secret: bytes) -> None:
        self._config, self._hub = config, hub
        self._signer, self._passcode = Signer(secret), Passcode(config.web.passcode)
        self._emergencies = RateLimit(EMERGENCIES_PER_SECOND, 1e6, clock.now())
        self._picture = LivePicture(hub.context.stage_ring if config.web.picture_rate else None)
        self._files = {path.name: StaticFile(path) for path in STATIC.iterdir()}
        self._port = config.web.port
        named = urlsplit(config.audience.url).hostname
        routes = [
            Route("/", self._root),
            Route("/operator", self._operator),
            Route("/login", self._login, methods=["GET", "POST"]),
            Route("/emergency/{name}", self._emergency, methods=["POST"]),
            Route("/picture.jpg", self._still),
            Route("/static/{name}", self._static),
            WebSocketRoute("/operator/socket", self._operator_socket),
            WebSocketRoute("/operator/picture", self._picture_socket),
        ]
        self.asgi: ASGIApp = Guard(Starlette(routes=routes), Hosts(*([named] if named else [])))

    async def serving(self, port: int) -> None:
        """Take note that the server is about to answer on this port."""
        self._port = port

    def close(self) -> None:
        """Release the stage ring."""
        self._picture.close()

    # -- pages ------------------------------------------------------------------------------------------------------

    async def _root(self, _request: Request) -> Response:
        return RedirectResponse("/operator", 303)

    async def _operator(self, request: Request) -> Response:
        if not self._is_operator(request):
            return RedirectResponse("/login", 303)
        return self._files["operator.html"].response(request.headers)

    async def _static(self, request: Request) -> Response:
        file = self._files.get(request.path_params["name"])
        if file is None or file.is_page:
            return PlainTextResponse("There is no such file.", 404)
        return file.response(request.headers)

    async def _still(self, request: Request) -> Response:
        """The newest picture, while somebody looks at the operator page."""
        if not self._is_operator(request):
            return PlainTextResponse("A passcode is required.", 403)
        _, jpeg = self._picture.newest(clock.now())
        return Response(jpeg, 200 if jpeg else 204, media_type="image/jpeg", headers={"Cache-Control": "no-store"})

    # -- access -----------------------------------------------------------------------------------------------------

    def _is_operator(self, connection: Request | WebSocket) -> bool:
        if not self._passcode.required:
            return True
        return self._signer.verify(connection.cookies.get(COOKIE, "")) == KIND

    async def _login(self, request: Request) -> Response:
        if self._is_operator(request):
            return RedirectResponse("/operator", 303)
        if request.method == "GET":
            return self._files["login.html"].response(request.headers)
        address, now = address_of(request), clock.now()
        if wait := self._passcode.wait(address, now):
            return RedirectResponse(f"/login?wait={wait:.0f}", 303)
        form = await read_form(request)
        if form is None or not self._passcode.check(form.get("passcode", ""), address, now):
            return RedirectResponse("/login?wrong", 303)
        response = RedirectResponse("/operator", 303)
        cookie = self._signer.sign(KIND)
        response.set_cookie(COOKIE, cookie, max_age=COOKIE_SECONDS, httponly=True, samesite="strict")
        return response

    async def _emergency(self, request: Request) -> Response:
        """Panic and blackout, from the login page: they need no passcode."""
        origin = Origin(KIND, f"{address_of(request)}:{request.client.port if request.client else 0}")
        message: Trigger | SetParam
        match request.path_params["name"]:
            case "panic":
                message = Trigger("panic", (), origin)
            case "blackout":
                message = SetParam("blackout", True, origin)
            case _:
                return PlainTextResponse("There is panic and blackout.", 404)
        if not self._emergencies.take(address_of(request), clock.now()):
            return PlainTextResponse("Too many.", 429)
        self._hub.send(message, lambda error: self._hub.note("refused", str(error), origin, message.name))
        return RedirectResponse("/login?done", 303)

    # -- sockets ----------------------------------------------------------------------------------------------------

    async def _operator_socket(self, socket: WebSocket) -> None:
        if not self._is_operator(socket):
            await socket.close(4401)
            return
        about = {
            "title": self._config.title,
            "surfaces": self._hub.context.kinds,
            "picture": bool(self._config.web.picture_rate),
            "audience": self._config.audience.enabled,
        }
        await OperatorPage(socket, self._hub, about).run()

    async def _picture_socket(self, socket: WebSocket) -> None:
        if not self._is_operator(socket):
            await socket.close(4401)
            return
        await stream_picture(socket, self._hub, self._picture)


class StaticFile:
    """A file of a page, in memory: a slow disk delays no operator."""

    def __init__(self, path: Path) -> None:
        self._content = path.read_bytes()
        self._etag = f'"{hashlib.sha256(self._content).hexdigest()[:16]}"'
        self.is_page = path.suffix == ".html"
        self._type = mimetypes.guess_type(path.with_suffix(".js" if path.suffix == ".mjs" else path.suffix))[0]

    def response(self, headers: Headers) -> Response:
        """The file, or 304 if the browser has it."""
        ours = {"ETag": self._etag, "Cache-Control": "no-cache"}
        if headers.get("if-none-match") == self._etag:
            return Response(status_code=304, headers=ours)
        return Response(self._content, media_type=self._type, headers=ours)


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


def address_of(request: Request | WebSocket) -> str:
    """The client's address."""
    return request.client.host if request.client else ""


async def read_form(request: Request) -> dict[str, str] | None:
    """A small URL-encoded form, or None if it is too large or too slow."""
    body = b""
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.stream():
                body += chunk
                if len(body) > MAX_BODY_BYTES:
                    return None
    except TimeoutError:
        return None
    try:
        fields = parse_qs(body.decode(errors="replace"), max_num_fields=8)
    except ValueError:  # too many fields
        return None
    return {name: values[0] for name, values in fields.items()}
