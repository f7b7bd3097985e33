"""What `imagine` shows while it works: a table in the terminal, and a window."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import RenderableType

    from installation.studio.imagine import ImagineState
    from installation.studio.workspace import Studio

REPAINT_SECONDS = 0.5  # of the window


@contextmanager
def live_view(
    studio: Studio, preview: bool, rescue: Callable[[ImagineState], None]
) -> Iterator[Callable[[ImagineState], None] | None]:
    """What shows the progress: in the terminal, if there is one, and in a window, if one is asked for.

    `rescue` gets the newest state if the window's display dies, which ends the process.
    """
    from rich.console import Console
    from rich.live import Live

    console = Console(stderr=True)
    if not console.is_terminal and not preview:
        yield None
        return
    with ExitStack() as stack:
        live = stack.enter_context(Live(console=console, transient=True)) if console.is_terminal else None
        show = stack.enter_context(_window(studio, rescue)) if preview else None
        pace = _Pace()

        def on_state(state: ImagineState) -> None:
            if live is not None:
                live.update(_state_view(state, pace.iterations_per_second(state.step), studio.card_bytes))
            if show is not None:
                show(state)

        yield on_state


@contextmanager
def _window(studio: Studio, rescue: Callable[[ImagineState], None]) -> Iterator[Callable[[ImagineState], None]]:
    from installation.studio.imagine import paint
    from installation.studio.preview import Preview
    from installation.studio.workspace import FILM_SIZE

    shown_at, newest = -REPAINT_SECONDS, None

    def keep() -> None:
        if newest is not None:
            rescue(newest)

    with Preview("imagine", studio.options.size or FILM_SIZE) as window:
        for notice in window.notices:
            print(notice)
        window.on_display_loss(keep)

        def show(state: ImagineState) -> None:
            nonlocal shown_at, newest
            newest = state
            if time.monotonic() - shown_at >= REPAINT_SECONDS or state.step == state.steps:
                window.show(paint(studio, state.point))
                shown_at = time.monotonic()

        yield show


class _Pace:
    """The rate of the iterations since the first one of a dream, without the time in which models load."""

    def __init__(self) -> None:
        self._first, self._began = 0, 0.0

    def iterations_per_second(self, step: int) -> float:
        """The rate at this iteration; 0 as long as it is unknown."""
        now = time.monotonic()
        if self._began == 0.0 or step <= self._first:  # the first of all, or of another dream
            self._first, self._began = step, now
        return (step - self._first) / max(now - self._began, 1e-9)


def _state_view(state: ImagineState, rate: float, card_bytes: int) -> RenderableType:
    from rich.table import Table

    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    pace = f", {rate:.1f} a second, {(state.steps - state.step) / rate:.0f} s left" if rate else ""
    table.add_row("iteration", f"{state.step} of {state.steps}{pace}")
    table.add_row("score", f"{state.score:.3f}, best {state.best_score:.3f}")
    table.add_row("loss", f"{state.loss:.4g}")
    table.add_row("classes", ", ".join(f"{name} {weight:.2f}" for name, weight in state.classes))
    if card_bytes:
        table.add_row("memory", f"{card_bytes / 1e9:.1f} GB of the card")
    table.add_row("understood", " | ".join(f"{text}:{weight:g}" for text, weight in state.understood))
    return table
