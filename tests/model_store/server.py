"""A real HTTP server on this machine that serves files correctly, and in the ways in which servers fail."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class ServedFile:
    """One file and how it is served."""

    content: bytes
    etag: str = ""  # "": made from the content
    ranges: bool = True  # whether range requests are honoured
    status: int = 200
    length: int | None = None  # the stated length; None: the true one
    breaks: list[int] = field(default_factory=list)  # bytes after which the next responses end, one for each response
    stalls_after: int | None = None  # bytes
    validators: bool = True  # whether an ETag is sent
    headers: dict[str, str] = field(default_factory=dict)
    location: str = ""  # where the request is redirected


class Server:
    """Files by their path, and the requests so far."""

    def __init__(self) -> None:
        self.files: dict[str, ServedFile] = {}
        self.requests: list[tuple[str, str]] = []  # path, Range
        self.closing = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.answer(self)

            def log_message(self, *_: object) -> None:
                """Silent: the tests read `requests`."""

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
        requested_range = request.headers.get("Range", "")
        self.requests.append((request.path, requested_range))
        file = self.files.get(request.path)
        if file is None or file.status >= 400:
            request.send_error(404 if file is None else file.status)
            return
        if file.location:
            request.send_response(302)
            request.send_header("Location", file.location)
            for name, value in file.headers.items():
                request.send_header(name, value)
            request.end_headers()
            return
        start = self._start(file, requested_range, request.headers.get("If-Range", ""))
        self._send_head(request, file, start)
        self._send_body(request, file, start)

    def _start(self, file: ServedFile, requested_range: str, version: str) -> int:
        found = re.fullmatch(r"bytes=(\d+)-", requested_range)
        if not (found and file.ranges) or (version and version != _etag(file)):
            return 0
        return int(found[1])

    def _send_head(self, request: BaseHTTPRequestHandler, file: ServedFile, start: int) -> None:
        if start > len(file.content) - 1 and start:
            request.send_response(416)
            request.send_header("Content-Length", "0")
            request.end_headers()
            return
        request.send_response(206 if start else 200)
        length = len(file.content) if file.length is None else file.length
        request.send_header("Content-Length", str(length - start))
        if start:
            request.send_header("Content-Range", f"bytes {start}-{length - 1}/{length}")
        if file.validators:
            request.send_header("ETag", _etag(file))
        for name, value in file.headers.items():
            request.send_header(name, value)
        request.end_headers()

    def _send_body(self, request: BaseHTTPRequestHandler, file: ServedFile, start: int) -> None:
        rest = file.content[start:]
        if file.breaks:
            rest = rest[: file.breaks.pop(0)]
        if file.stalls_after is not None:
            request.wfile.write(rest[: file.stalls_after])
            request.wfile.flush()
            self.closing.wait(10.0)
            return
        request.wfile.write(rest)


def _etag(file: ServedFile) -> str:
    return file.etag or f'"{hashlib.sha256(file.content).hexdigest()[:16]}"'


@contextmanager
def serving() -> Iterator[Server]:
    server = Server()
    try:
        yield server
    finally:
        server.close()
