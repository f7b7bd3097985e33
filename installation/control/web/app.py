"""The routes of the web surface, and the rules that every request has to pass."""

from __future__ import annotations

import asyncio
import secrets
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp
from starlette.websockets import WebSocket

from installation.control.rate_limit import RateLimit
from installation.control.submissions import Submission
from installation.control.web.access import Hosts, Passcode, Signer
from installation.control.web.audience import Audience
from installation.control.web.audience_socket import MAX_VISITORS, AudienceDesk, AudiencePage
from installation.control.web.config import KIND, WebConfig
from installation.control.web.discovery import Announcement, own_address
from installation.control.web.guard import Guard, address_of, basic_password, read_form, read_text, refuse_socket
from installation.control.web.hub import Hub, Listener
from installation.control.web.metrics import CONTENT_TYPE, exposition
from installation.control.web.operator_socket import OperatorPage, stream_picture
from installation.control.web.oscquery import AddressSpace, changed_paths, numbers_of
from installation.control.web.oscquery_socket import OscQuerySocket
from installation.control.web.picture import LivePicture
from installation.control.web.static_files import load_files
from installation.control.web.stream import JpegStream
from installation.core import clock
from installation.core.call_desk import ask
from installation.core.errors import Rejected
from installation.core.messages import (
    AUDIENCE,
    Listing,
    Origin,
    SetParam,
    Trigger,
)
from installation.core.ring_folder import WEBRTC_DESK
from installation.show.loader import LOOPBACK_HOSTS

MAX_OFFER_BYTES = 32_768  # of a browser that wants the picture by WebRTC
COOKIE = "laterna_operator"
COOKIE_SECONDS = 7 * 24 * 3600
VISITOR_COOKIE = "laterna_visitor"
VISITOR_SECONDS = 24 * 3600
EMERGENCIES_PER_SECOND = 2.0  # panic and blackout of one address without the passcode


class WebApp(Listener):
    """The ASGI application; `asgi` is what the server runs."""

    def __init__(self, config: WebConfig, hub: Hub, secret: bytes, left: tuple[Submission, ...] = ()) -> None:
        """`secret` signs the cookies; `left` is what visitors have sent to the process before."""
        self._config, self._hub = config, hub
        self._signer, self._passcode = Signer(secret), Passcode(config.web.passcode)
        self._emergencies = RateLimit(EMERGENCIES_PER_SECOND, 1e6, clock.now())
        self._picture = LivePicture(hub.context.stage_ring if config.web.picture_rate else None)
        self._stream = JpegStream(hub.context.stage_ring)
        ring = hub.context.stage_ring
        self._desk_path = ring.with_name(WEBRTC_DESK) if ring else None
        self._files = load_files()
        self._port = config.web.port
        self._space = AddressSpace(config.osc, config.title)
        self._desk = AudienceDesk(Audience(config.audience, left), hub) if config.audience.enabled else None
        self._clients: set[OscQuerySocket] = set()
        self._stopped: asyncio.Event | None = None
        self._announcing: asyncio.Task[None] | None = None
        named = urlsplit(config.audience.url).hostname
        routes = [
            Route("/operator", self._operator),
            Route("/login", self._login, methods=["GET", "POST"]),
            Route("/emergency/{name}", self._emergency, methods=["POST"]),
            Route("/picture.jpg", self._still),
            Route("/metrics", self._metrics),
            Route("/stream", self._stream_page),
            Route("/webrtc", self._webrtc, methods=["POST"]),
            Route("/stream.mjpg", self._stream_pictures),
            Route("/static/{name}", self._static),
            WebSocketRoute("/operator/socket", self._operator_socket),
            WebSocketRoute("/operator/picture", self._picture_socket),
            *([Route("/audience", self._audience_page)] if config.audience.enabled else []),
            *([WebSocketRoute("/audience/socket", self._audience_socket)] if config.audience.enabled else []),
            Route("/{path:path}", self._oscquery),
            WebSocketRoute("/{path:path}", self._oscquery_socket),
        ]
        self.asgi: ASGIApp = Guard(Starlette(routes=routes), Hosts(*([named] if named else [])))

    async def serving(self, port: int) -> None:
        """Begin what needs an event loop; the server is about to answer on this port."""
        self._port = port
        self._hub.listeners.add(self)
        self._use_numbers()
        web = self._config.web
        address = own_address(web.host)
        place = f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
        if self._config.audience.enabled:
            url = self._config.audience.url or f"http://{place}/audience"
            if not self._hub.values["audience/url"]:
                self._hub.send(SetParam("audience/url", url, Origin(KIND)), lambda _error: None)
        if web.host not in LOOPBACK_HOSTS:
            self._hub.context.notice(f"The operator page is at http://{place}, with the passcode.")
        if web.announce and web.host not in LOOPBACK_HOSTS:
            self._stopped = asyncio.Event()
            osc_port = self._osc_port if self._config.osc.host not in LOOPBACK_HOSTS else 0
            announcement = Announcement(self._config.title, port, osc_port, address)
            self._announcing = asyncio.ensure_future(announcement.run(self._stopped, self._hub.context.notice))

    async def ending(self) -> None:
        """Say goodbye in the network."""
        if self._stopped and self._announcing:
            self._stopped.set()
            await self._announcing

    @property
    def left(self) -> tuple[Submission, ...]:
        """What visitors have sent, for the next process."""
        return self._desk.left if self._desk else ()

    @property
    def _osc_port(self) -> int:
        return self._config.osc.port if self._config.osc.enabled else 0

    # -- from the show ----------------------------------------------------------------------------------------------

    def listed(self, message: Listing) -> None:
        """Follow which numbered addresses there are."""
        del message
        self._use_numbers()

    def _use_numbers(self) -> None:
        before, now = self._space.numbers, numbers_of(self._hub.listings.values())
        if now != before:
            self._space.use(now)
            for client in self._clients:
                client.paths_changed(changed_paths(before, now))

    def close(self) -> None:
        """Release the rings."""
        self._picture.close()
        self._stream.close()

    # -- pages ------------------------------------------------------------------------------------------------------

    async def _operator(self, request: Request) -> Response:
        if not self._is_operator(request):
            return RedirectResponse("/login", 303)
        return self._files["operator.html"].response(request.headers)

    async def _oscquery(self, request: Request) -> Response:
        """The address space; a browser at the root gets the operator page."""
        wants_page = request.url.query.upper() == "HTML" or "text/html" in request.headers.get("accept", "")
        if wants_page and (request.url.path == "/" or request.url.query):
            return RedirectResponse("/operator", 303)
        if not self._is_operator(request):
            return self._ask_passcode()
        ports = (self._osc_port, self._port)
        status, content = self._space.answer(request.url.path, request.url.query, self._hub.values, ports)
        if content is None:
            return Response(status_code=status)
        return JSONResponse(content, status, {"Cache-Control": "no-store"})

    async def _oscquery_socket(self, socket: WebSocket) -> None:
        if not self._is_operator(socket):
            await refuse_socket(socket, 4401)
            return
        client = OscQuerySocket(socket, self._hub, self._space)
        self._clients.add(client)
        try:
            await client.run()
        finally:
            self._clients.discard(client)

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

    async def _metrics(self, request: Request) -> Response:
        """All numbers of the show, for Prometheus."""
        if not self._is_operator(request):
            return self._ask_passcode()
        return Response(exposition(self._hub.values), media_type=CONTENT_TYPE)

    async def _stream_page(self, request: Request) -> Response:
        """The picture alone, for a browser and for the browser source of OBS."""
        if not self._is_operator(request):
            return self._ask_passcode()
        return self._files["stream.html"].response(request.headers)

    async def _stream_pictures(self, request: Request) -> Response:
        """Every picture as JPEG, of the output `mjpeg`."""
        return self._stream.response() if self._is_operator(request) else self._ask_passcode()

    async def _webrtc(self, request: Request) -> Response:
        """Pass the offer of a browser on to the output `webrtc`, and its answer back."""
        if not self._is_operator(request):
            return self._ask_passcode()
        offer = await read_text(request, MAX_OFFER_BYTES)
        if offer is None or not self._desk_path:
            return PlainTextResponse("That is no offer.", 400)
        try:
            return PlainTextResponse(await ask(self._desk_path, offer), media_type="application/sdp")
        except Rejected as error:
            return PlainTextResponse(str(error), 503)

    @staticmethod
    def _ask_passcode() -> Response:
        """A program without cookies gives it as the password of basic authentication."""
        return PlainTextResponse("A passcode is required.", 401, {"WWW-Authenticate": 'Basic realm="Laterna"'})

    # -- access -----------------------------------------------------------------------------------------------------

    def _is_operator(self, connection: Request | WebSocket) -> bool:
        if not self._passcode.required:
            return True
        if self._signer.verify(connection.cookies.get(COOKIE, "")) == KIND:
            return True
        return self._has_passcode(connection)

    def _has_passcode(self, connection: Request | WebSocket) -> bool:
        """Whether the request brings the passcode, as programs without cookies do (HTTP basic authentication)."""
        given = basic_password(connection.headers.get("authorization", ""))
        address, now = address_of(connection), clock.now()
        return given is not None and not self._passcode.wait(address, now) and self._passcode.check(given, address, now)

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
            await refuse_socket(socket, 4401)
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
            await refuse_socket(socket, 4401)
            return
        await stream_picture(socket, self._hub, self._picture)

    async def _audience_page(self, request: Request) -> Response:
        response = self._files["audience.html"].response(request.headers)
        if self._visitor(request) is None:
            cookie = self._signer.sign(f"{AUDIENCE}:{secrets.token_hex(8)}")
            response.set_cookie(VISITOR_COOKIE, cookie, max_age=VISITOR_SECONDS, httponly=True, samesite="lax")
        return response

    async def _audience_socket(self, socket: WebSocket) -> None:
        visitor = self._visitor(socket)
        assert self._desk, "there is no route without it"
        if visitor is None:
            await refuse_socket(socket, 4401)
        elif len(self._desk.pages) >= MAX_VISITORS:
            await refuse_socket(socket, 4429)
        else:
            audience = self._config.audience
            about = {"title": self._config.title, "question": audience.question, "characters": audience.max_characters}
            await AudiencePage(socket, self._desk, visitor, about).run()

    def _visitor(self, connection: Request | WebSocket) -> str | None:
        """The visitor of a signed cookie; None without one."""
        text = self._signer.verify(connection.cookies.get(VISITOR_COOKIE, "")) or ""
        kind, _, visitor = text.partition(":")
        return visitor if kind == AUDIENCE and visitor else None
