"""Safe mode: a show that has crashed again and again is played with what can hardly fail.

It has the embedded models on the processor, no microphone, no further outputs or surfaces, and begins anew; the cues,
the queue, the operator page and OSC stay. The next start that finds no crashes within ten minutes is a usual one again.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from installation.core.errors import ShowError
from installation.show.settings import ModelSettings, Show
from installation.site.history import read_history

CRASHES = 3  # unexpected ends, this start included
WINDOW = timedelta(minutes=10)


def is_crashing(log_folder: Path, now: datetime) -> bool:
    """Whether a show that starts at `now` is the last of several that ended unexpectedly. `now` has a time zone."""
    try:
        history = read_history(log_folder, now - WINDOW)
    except ShowError:  # the first start
        return False
    ended = bool(history.events) and _running_at_the_end([each["event"] for each in history.events])
    return len(history.unexpected_ends) + ended >= CRASHES


def _running_at_the_end(events: list[str]) -> bool:
    marks = [event for event in events if event in ("started", "ended")]
    return bool(marks) and marks[-1] == "started"


def safe(show: Show) -> Show:
    """The show in safe mode."""
    models = ModelSettings(generator="theatre", perceptor="clip-embedded", device="cpu", seed=show.models.seed)
    listen = show.listen.model_copy(update={"enabled": False})
    log = show.log.model_copy(update={"resume": False})
    off = {"sound": show.sound.model_copy(update={"enabled": False}), "output": (), "surface": ()}
    return show.model_copy(update={"models": models, "listen": listen, "log": log, **off})
