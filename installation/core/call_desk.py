"""Questions and answers between two workers of a show: one text there, one back, over the loopback address.

The one who answers writes its port and a secret into a file of the show's folder, which only this user can read.
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import json
import os
import secrets
from collections.abc import Awaitable, Callable
from pathlib import Path

from installation.core.errors import Rejected

MAX_BYTES = 65_536  # of a question, or an answer
ASK_SECONDS = 15.0


class CallDesk:
    """Answers questions."""

    def __init__(self, path: Path, answer: Callable[[str], Awaitable[str]]) -> None:
        """`path`: the file. `answer` may raise Rejected, with a sentence for the one who asks."""
        self._path, self._answer = path, answer
        self._secret = secrets.token_hex(16)

    async def open(self) -> None:
        """Listen. Raises OSError."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=2 * MAX_BYTES)
        port = self._server.sockets[0].getsockname()[1]
        made = self._path.with_name(f"{self._path.name}.new")
        with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump({"port": port, "secret": self._secret}, file)
        made.replace(self._path)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            question = json.loads(await asyncio.wait_for(reader.readline(), ASK_SECONDS))
            if not hmac.compare_digest(str(question["secret"]), self._secret):
                return
            try:
                reply = {"text": await self._answer(str(question["text"]))}
            except Rejected as error:
                reply = {"rejected": str(error)}
            writer.write(json.dumps(reply).encode() + b"\n")
            await writer.drain()
        except (OSError, ValueError, KeyError, TypeError, TimeoutError):  # not one of us, or gone
            return
        finally:
            writer.close()

    async def close(self) -> None:
        """Answer no more."""
        self._server.close()
        with contextlib.suppress(FileNotFoundError):
            self._path.unlink()


async def ask(path: Path, text: str) -> str:
    """Ask the one who has written that file. Raises Rejected if it refuses, or if there is nobody."""
    try:
        desk = json.loads(path.read_text(encoding="utf-8"))
        reader, writer = await asyncio.open_connection("127.0.0.1", int(desk["port"]), limit=2 * MAX_BYTES)
        try:
            writer.write(json.dumps({"secret": desk["secret"], "text": text}).encode() + b"\n")
            reply = json.loads(await asyncio.wait_for(reader.readline(), ASK_SECONDS))
        finally:
            writer.close()
    except (OSError, ValueError, KeyError, TypeError, TimeoutError):
        raise Rejected("nobody answers; try again in a moment.") from None
    if "rejected" in reply:
        raise Rejected(str(reply["rejected"]))
    return str(reply["text"])
