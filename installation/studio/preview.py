"""A window that shows a picture while it is being made."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType

from installation.core.clock import now
from installation.models.interfaces import Picture
from installation.show.settings import LookSettings
from installation.stage.crossfade import GeneratedFrame
from installation.stage.keyboard import QuitRequest
from installation.stage.stage import Stage

FADE_SECONDS = 0.2


class Preview:
    """A window of the stage; headless where there is no screen. A context manager."""

    def __init__(self, title: str, size: tuple[int, int]) -> None:
        """`size`: height and width of the pictures."""
        self._stage = Stage.open(LookSettings(size=(size[1], size[0]), captions=False), title)

    @property
    def notices(self) -> list[str]:
        """Why there is no window."""
        return self._stage.take_notices()

    def __enter__(self) -> Preview:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stage.close()

    def on_display_loss(self, finish: Callable[[], None]) -> None:
        """Call `finish` if the X server dies, which ends the process."""
        self._stage.on_display_loss(finish)

    def show(self, picture: Picture) -> None:
        """Show a picture.

        Raises:
            KeyboardInterrupt: The window was closed.
        """
        t = now()
        if any(isinstance(event, QuitRequest) for event in self._stage.events(t)):
            raise KeyboardInterrupt
        self._stage.show_frame(GeneratedFrame(picture, 1), FADE_SECONDS, t)
        self._stage.present(now())
