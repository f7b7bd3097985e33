"""The WebSocket of the audience page: words in, and what became of them out."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

from starlette.websockets import WebSocket

from installation.control.rate_limit import RateLimit
from installation.control.submissions import Submission
from installation.control.web.audience import Audience
from installation.control.web.hub import Hub, Listener
from installation.control.web.sockets import first_of, receive
from installation.core import clock
from installation.core.errors import Rejected
from installation.core.messages import Changed, Listing, MessageRejected, QueueChanged

MAX_VISITORS = 300  # at a time; the others are asked to wait
SEND_SECONDS = 0.25  # between two messages to a page
MESSAGES_PER_SECOND = 5.0  # of one page


@dataclass(eq=False)
class AudienceDesk(Listener):
    """Follows the show for all visitors, and knows their pages."""

    audience: Audience
    hub: Hub
    pages: set[AudiencePage] = field(default_factory=set)
    left: tuple[Submission, ...] = ()  # for the next process; replaced once a second, so that any thread may read it

    def __post_init__(self) -> None:
        """Listen to the show."""
        self.hub.listeners.add(self)

    def changed(self, message: Changed) -> None:
        """Follow the words on the wall."""
        if message.name == "prompt/current":
            self.audience.take_shown(str(message.value))
            self._update()
        elif message.name == "status/alive":  # once a second
            self.audience.expire(clock.now())
            self.left = self.audience.latest()

    def rejected(self, message: MessageRejected) -> None:
        """Follow a rejection."""
        self.audience.take_rejection(message)
        self._update()

    def listed(self, message: Listing) -> None:
        """Follow the queue."""
        if isinstance(message, QueueChanged):
            self.audience.take_queue(message)
            self._update()

    def _update(self) -> None:
        for page in self.pages:
            page.news.set()


class AudiencePage:
    """One visitor's page at the other end of a socket."""

    def __init__(self, socket: WebSocket, desk: AudienceDesk, visitor: str, about: dict[str, Any]) -> None:
        """`about`: what the page shows besides the visitor's words."""
        self._socket, self._desk, self._visitor, self._about = socket, desk, visitor, about
        self._address = socket.client.host if socket.client else ""
        self._answer = ""
        self._messages = RateLimit(MESSAGES_PER_SECOND, MESSAGES_PER_SECOND, clock.now())
        self.news = asyncio.Event()

    async def run(self) -> None:
        """Serve the page until the visitor leaves."""
        await self._socket.accept()
        await self._send({"hello": self._about})
        self.news.set()
        self._desk.pages.add(self)
        try:
            await first_of(self._read(), self._write())
        finally:
            self._desk.pages.discard(self)

    async def _write(self) -> None:
        sent: object = None
        while True:
            await self.news.wait()
            self.news.clear()
            answer, self._answer = self._answer, ""
            mine = self._desk.audience.listed(self._visitor)
            parts = {"answer": answer, "mine": mine if mine != sent else None}
            sent = mine
            if message := {key: part for key, part in parts.items() if part}:
                await self._send(message)
            await asyncio.sleep(SEND_SECONDS)

    async def _send(self, message: dict[str, Any]) -> None:
        await self._socket.send_text(json.dumps(message, ensure_ascii=False))

    async def _read(self) -> None:
        while True:
            text = await receive(self._socket)
            try:
                self._take(text)
            except Rejected as error:
                self._answer = str(error)
            self.news.set()

    def _take(self, text: str | bytes) -> None:
        try:
            message = json.loads(text)
        except (ValueError, RecursionError):
            raise Rejected("That was not understood.") from None
        if not isinstance(message, dict) or not isinstance(message.get("say"), str):
            if isinstance(message, dict) and "ping" in message:
                self._answer = self._answer or " "  # a sign of life
                return
            raise Rejected("That was not understood.")
        now = clock.now()
        if not self._messages.take("page", now):
            raise Rejected("Not so fast, please.")
        trigger = self._desk.audience.submit(message["say"], self._visitor, self._address, now)
        self._desk.hub.send(trigger, lambda error: self._desk.audience.refused(trigger.origin, str(error)))
