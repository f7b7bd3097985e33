"""Ableton Link: the tempo and the bars that several programs in a network share. A show follows, it never leads."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any

from installation.control.interface import SurfaceContext, SurfaceSpec
from installation.core import clock
from installation.core.errors import Rejected
from installation.core.messages import BeatClock, Feedback
from installation.core.paths import pip_install
from installation.core.worker_status import SurfaceFigures

KIND = "link"
EVERY_SECONDS = 0.1  # between two looks at the session
RETRY_SECONDS = 5.0  # after the library has failed
MISSING = f"Ableton Link needs a package: {pip_install('link')}. The show plays without it."


@dataclass(frozen=True)
class LinkSettings:
    """The keys of the `[[surface]]` table."""

    beats: int = 4  # of a bar

    def __post_init__(self) -> None:
        """Check the value. Raises ValueError."""
        if not 1 <= self.beats <= 64:
            raise ValueError("beats: a number from 1 to 64")


class LinkSurface:
    """Joins the Link session of the network. While nobody else is in it, the show keeps its own tempo."""

    def __init__(self, settings: LinkSettings, context: SurfaceContext) -> None:
        self._settings, self._context = settings, context
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="link", daemon=True)
        self._peers = self._sent = 0
        self._reason = ""

    def start(self) -> None:
        """Join, in a thread."""
        self._thread.start()

    def feedback(self, message: Feedback) -> None:
        """Ignore it: a show does not lead."""

    def figures(self) -> SurfaceFigures:
        """Counts since the start; connections are the other programs."""
        return SurfaceFigures(KIND, self._reason, connections=self._peers, messages=self._sent)

    def handover(self) -> None:
        """The session is in the network."""
        return

    def stop(self) -> None:
        """Leave the session."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join(3.0)

    def _run(self) -> None:
        import asyncio  # not needed by main, which reads the settings

        try:
            import aalink
        except ImportError:
            self._reason = MISSING
            return
        while not self._stopped.is_set():
            try:
                asyncio.run(self._follow(aalink))
            except Exception as error:  # noqa: BLE001 -- whatever the library raises: the operator reads it
                self._reason = f"Ableton Link has failed ({type(error).__name__}: {error}), and is tried again."
                self._stopped.wait(RETRY_SECONDS)

    async def _follow(self, library: Any) -> None:
        import asyncio

        link = library.Link(120.0)  # the tempo until somebody else is there; nobody hears of it
        link.quantum, link.enabled = float(self._settings.beats), True
        self._reason = ""
        try:
            while not self._stopped.is_set():
                self._peers = link.num_peers
                if self._peers:
                    self._send(BeatClock(KIND, link.tempo, link.phase, clock.now()))
                await asyncio.sleep(EVERY_SECONDS)
        finally:
            link.enabled = False

    def _send(self, beat: BeatClock) -> None:
        try:
            self._context.send(beat)
            self._sent += 1
        except Rejected:
            return  # the next one comes soon


SPEC = SurfaceSpec(KIND, "Ableton Link: tempo and bars shared with other programs", LinkSettings, LinkSurface)
