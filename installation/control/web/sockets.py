"""What all WebSockets of the web surface share."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketDisconnected

from installation.core.errors import Rejected


async def receive(socket: WebSocket) -> str | bytes:
    """The next message. Raises WebSocketDisconnect when the client has left."""
    message = await socket.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code") or 1006)
    text, data = message.get("text"), message.get("bytes")
    return text if text is not None else data or b""


async def take_each(socket: WebSocket, take: Callable[[str | bytes], None], refuse: Callable[[str, str], None]) -> None:
    """Take every message, until the client leaves; what cannot be taken is refused, with the reason."""
    while True:
        message = await receive(socket)
        try:
            take(message)
        except Rejected as error:
            refuse("", str(error))


async def first_of(*parts: Awaitable[None]) -> None:
    """Run the parts until one ends, then cancel the others. A client that leaves is no error."""
    tasks = [asyncio.ensure_future(part) for part in parts]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in done:
        error = task.exception()
        if error and not isinstance(error, (WebSocketDisconnect, WebSocketDisconnected)):
            raise error
