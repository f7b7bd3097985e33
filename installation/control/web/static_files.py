"""The files of the pages, in memory: a slow disk delays no operator."""

from __future__ import annotations

import hashlib
import mimetypes
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import Response

STATIC = Path(__file__).with_name("static")


def load_files() -> dict[str, StaticFile]:
    """Every file, by name."""
    return {path.name: StaticFile(path) for path in STATIC.iterdir()}


class StaticFile:
    """One file, and its hash for the browser's cache."""

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
