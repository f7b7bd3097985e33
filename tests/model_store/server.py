"""A real HTTP server on this machine that serves files well, and in all the ways in which servers fail."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Dish:
    """One file, and how it is served."""

    content: bytes
    etag: str = ""  # "": the hash of the content
    ranges: bool = True
    status: int = 200
    length: int | None = None  # what is said of its length; None: the truth
    breaks: list[int] = field(default_factory=list)  # after so many bytes each answer in turn ends; then none does
    stalls_after: int | None = None
    validators: bool = True
    headers: dict[str, str] = field(default_factory=dict)
    location: str = ""  # where it passes the request on to


class Server:
    """Dishes by their path, and what was asked for."""

    def __init__(self) -> None:
        self.dishes: dict[str, Dish] = {}
        self.asked: list[tuple[str, str]] = []  # path, Range
        self.closing = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.answer(self)

            def log_message(self, *_: object) -> None:
                """The tests read `asked`."""

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def close(self) -> None:
        self.closing.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        wanted = request.headers.get("Range", "")
        self.asked.append((request.path, wanted))
        dish = self.dishes.get(request.path)
        if dish is None or dish.status >= 400:
            request.send_error(404 if dish is None else dish.status)
            return
        if dish.location:
            request.send_response(302)
            request.send_header("Location", dish.location)
            for name, value in dish.headers.items():
                request.send_header(name, value)
            request.end_headers()
            return
        begin = self._begin(dish, wanted, request.headers.get("If-Range", ""))
        self._head(request, dish, begin)
        self._body(request, dish, begin)

    def _begin(self, dish: Dish, wanted: str, version: str) -> int:
        found = re.fullmatch(r"bytes=(\d+)-", wanted)
        if not (found and dish.ranges) or (version and version != _etag(dish)):
            return 0
        return int(found[1])

    def _head(self, request: BaseHTTPRequestHandler, dish: Dish, begin: int) -> None:
        if begin > len(dish.content) - 1 and begin:
            request.send_response(416)
            request.send_header("Content-Length", "0")
            request.end_headers()
            return
        request.send_response(206 if begin else 200)
        length = len(dish.content) if dish.length is None else dish.length
        request.send_header("Content-Length", str(length - begin))
        if begin:
            request.send_header("Content-Range", f"bytes {begin}-{length - 1}/{length}")
        if dish.validators:
            request.send_header("ETag", _etag(dish))
        for name, value in dish.headers.items():
            request.send_header(name, value)
        request.end_headers()

    def _body(self, request: BaseHTTPRequestHandler, dish: Dish, begin: int) -> None:
        rest = dish.content[begin:]
        if dish.breaks:
            rest = rest[: dish.breaks.pop(0)]
        if dish.stalls_after is not None:
            request.wfile.write(rest[: dish.stalls_after])
            request.wfile.flush()
            self.closing.wait(10.0)
            return
        request.wfile.write(rest)


def _etag(dish: Dish) -> str:
    return dish.etag or f'"{hashlib.sha256(dish.content).hexdigest()[:16]}"'


@contextmanager
def serving() -> Iterator[Server]:
    server = Server()
    try:
        yield server
    finally:
        server.close()
