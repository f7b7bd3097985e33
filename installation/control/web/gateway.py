"""A gateway: the audience page alone, in front of a broker. Any number of them serve one show.

It holds no state but its connections: whichever gateway a phone reaches next, its visitor, its limits and its words are
in the broker.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import math
import re
import secrets
import sys
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from installation.control.broker.gate import Gate, Unavailable
from installation.control.web.access import SECRET_BYTES, Hosts, Signer
from installation.control.web.audience import checked_words
from installation.control.web.guard import Guard, address_of, read_form
from installation.control.web.server import listen, make_server
from installation.control.web.static_files import load_files
from installation.core.errors import Rejected, ShowError
from installation.core.messages import AUDIENCE
from installation.show.settings import AudienceSettings

COOKIE = "laterna_visitor"
COOKIE_SECONDS = 24 * 3600
MAX_CONNECTIONS = 4000  # of one gateway; more get the answer 503
FULL_SECONDS = 60  # after which a phone may try again when the queue is full
LOST_SECONDS = 2  # the same when the broker is not there
IDS = re.compile(r"[0-9A-Za-z_-]{8,40}")
NO_STORE = {"Cache-Control": "no-store"}
FULL = "Very many words are waiting. Your phone will try again."
LOST = "One moment: your phone will try again."
NOT_READY = "No words can be taken now."


@dataclass(frozen=True)
class GatewayConfig:
    """What a gateway serves, and where."""

    broker: str  # URL
    name: str  # of the audience in the broker
    title: str
    audience: AudienceSettings
    host: str = "127.0.0.1"
    port: int = 9413
    limit: int = 1000  # words that may wait in the broker
    proxies: tuple[str, ...] = ()  # addresses whose X-Forwarded-For is believed


class Gateway:
    """The ASGI application; `asgi` is what the server runs."""

    def __init__(self, config: GatewayConfig, gate: Gate, secret: bytes) -> None:
        """`secret` signs the cookies; all gateways have the same."""
        self._config, self._gate, self._signer = config, gate, Signer(secret)
        self._files = load_files()
        self._reason = ""  # why words could not be taken, when that was asked last
        routes = [
            Route("/", self._root),
            Route("/audience", self._page),
            Route("/audience/about", self._about),
            Route("/audience/words", self._words, methods=["POST"]),
            Route("/audience/mine", self._mine),
            Route("/health", self._health),
            Route("/static/{name}", self._static),
        ]
        named = urlsplit(config.audience.url).hostname
        app: ASGIApp = Guard(Starlette(routes=routes), Hosts(*([named] if named else [])))
        if config.proxies:
            app = ProxyHeadersMiddleware(app, list(config.proxies))  # type: ignore[arg-type, assignment]
        self.asgi = app

    async def _root(self, _request: Request) -> Response:
        return RedirectResponse("/audience", 303)

    async def _page(self, request: Request) -> Response:
        response = self._files["audience.html"].response(request.headers)
        if self._visitor(request) is None:
            cookie = self._signer.sign(f"{AUDIENCE}:{secrets.token_hex(8)}")
            secure = request.url.scheme == "https"  # also that of the phone, if the proxy is believed
            response.set_cookie(COOKIE, cookie, max_age=COOKIE_SECONDS, secure=secure, httponly=True, samesite="lax")
        return response

    async def _static(self, request: Request) -> Response:
        name = request.path_params["name"]
        file = self._files.get("posts.mjs" if name == "connection.mjs" else name)  # the page of a show has a socket
        if file is None or file.is_page:
            return PlainTextResponse("There is no such file.", 404)
        return file.response(request.headers)

    async def _about(self, _request: Request) -> Response:
        audience = self._config.audience
        return JSONResponse(
            {"title": self._config.title, "question": audience.question, "characters": audience.max_characters}
        )

    async def _words(self, request: Request) -> Response:
        """Take words; 202 says that they are on the disk of the broker."""
        visitor, form = self._visitor(request), await read_form(request)
        if visitor is None:
            return _sentence("Open the page again, please.", 401)
        if form is None or not IDS.fullmatch(form.get("id", "")):
            return _sentence("That was not understood.", 400)
        try:
            text = checked_words(form.get("text", ""), self._config.audience.max_characters)
            done = await self._gate.submit(visitor, form["id"], address_of(request), text)
        except Rejected as error:
            return _sentence(str(error), 400)
        except Unavailable:
            return _sentence(LOST, 503, LOST_SECONDS)
        if done.outcome == "full":
            return _sentence(FULL, 503, FULL_SECONDS)
        if done.outcome == "slow":
            seconds = math.ceil(done.wait_seconds)
            return _sentence(f"One moment: you can send more words in {seconds} s.", 429, seconds)
        return _sentence("", 202)

    async def _mine(self, request: Request) -> Response:
        visitor = self._visitor(request)
        if visitor is None:
            return _sentence("Open the page again, please.", 401)
        try:
            return JSONResponse(await self._gate.mine(visitor), headers=NO_STORE)
        except Unavailable:
            return _sentence(LOST, 503, LOST_SECONDS)

    async def _health(self, _request: Request) -> Response:
        """For the load balancer in front: whether this gateway can take words; why not is told on stderr alone."""
        reason = ""
        try:
            await self._gate.ready()
        except Unavailable as error:
            reason = str(error)
        if reason and reason != self._reason:
            print(reason, file=sys.stderr, flush=True)
        self._reason = reason
        return PlainTextResponse(NOT_READY, 503) if reason else PlainTextResponse("ready")

    def _visitor(self, request: Request) -> str | None:
        """The visitor of a signed cookie; None without one."""
        kind, _, visitor = (self._signer.verify(request.cookies.get(COOKIE, "")) or "").partition(":")
        return visitor if kind == AUDIENCE and visitor else None


def _sentence(text: str, status: int, retry_seconds: int = 0) -> Response:
    headers = NO_STORE | ({"Retry-After": str(retry_seconds)} if retry_seconds else {})
    return Response(json.dumps({"answer": text}, ensure_ascii=False), status, headers, "application/json")


async def serve(config: GatewayConfig, say: Any) -> None:
    """Serve the audience page until a signal ends it; `say` takes the sentence that it is there.

    Raises:
        ShowError: the broker cannot be reached or may lose words, or the port cannot be opened.
    """
    gate = Gate(config.broker, config.name, config.audience, config.limit)
    try:
        secret = bytes.fromhex(await gate.secret(secrets.token_hex(SECRET_BYTES)))
        gateway = Gateway(config, gate, secret)
        with contextlib.closing(listen(config.host, config.port)) as listener:
            port = listener.getsockname()[1]
            say(f"The audience page is at http://{config.host}:{port}/audience.")
            server = make_server(gateway.asgi, MAX_CONNECTIONS, not config.proxies)
            await server.serve(sockets=[listener])
    except Unavailable as error:
        raise ShowError(str(error)) from None
    except OSError as error:
        raise ShowError(f"The audience page cannot listen on {config.host}:{config.port}: {error.strerror}.") from None
    finally:
        await gate.close()


def run_gateway(config: GatewayConfig, say: Any) -> None:
    """Serve in this process; see `serve`."""
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(config, say))
