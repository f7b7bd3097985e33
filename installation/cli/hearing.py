"""The commands for speech without pictures: `devices`, `listen` and `transcribe`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from installation.cli import models

RECOGNIZER_HELP = "auto, sphinx, whisper, a Whisper model's name, or the path of a checkpoint."
LANGUAGE_HELP = 'Language of the speech: two letters, several as ["de", "en"], or auto.'


def devices(seconds: Annotated[float, typer.Option(help="Seconds to measure each one.", min=0.1)] = 1.0) -> int:
    """List the microphones with their levels."""
    from installation.runtime.listen_only import list_devices

    list_devices(seconds)
    return 0


def listen(
    show: Annotated[str, typer.Option(help="Use the settings and the words of this show.")] = "",
    mic: Annotated[str | None, typer.Option(help="A part of the microphone's name.")] = None,
    recognizer: Annotated[str | None, typer.Option(help=RECOGNIZER_HELP)] = None,
    venue: Annotated[str | None, typer.Option(help="quiet, stage or crowd.")] = None,
    language: Annotated[str | None, typer.Option(help=LANGUAGE_HELP)] = None,
    seconds: Annotated[float | None, typer.Option(help="End after this many seconds.", min=0.1)] = None,
    models: models.Folder = None,
) -> int:
    """Transcribe the microphone without pictures, to set up a room: level, partials, finals, rejections, delays."""
    from installation.conductor.conductor import Conductor
    from installation.models import default_place
    from installation.runtime.listen_only import listen as listen_only
    from installation.show.loader import load_show, override
    from installation.show.settings import Show

    options = {"device": mic, "recognizer": recognizer, "venue": venue, "language": language}
    settings = {f"listen.{key}": value for key, value in options.items() if value is not None}
    chosen, _ = override(load_show(show) if show else Show(), settings)
    cache = default_place(cache=models).cache
    listen_only(chosen.listen, cache, seconds, Conductor(chosen).recognizer_hints if show else None)
    return 0


def transcribe(
    file: Annotated[Path, typer.Argument(help="An audio file: WAV, FLAC, MP3, M4A and others.")],
    recognizer: Annotated[str, typer.Option(help=RECOGNIZER_HELP)] = "auto",
    language: Annotated[str, typer.Option(help=LANGUAGE_HELP)] = "en",
    models: models.Folder = None,
) -> int:
    """Transcribe a recording through the same pipeline as a microphone, as fast as possible."""
    from installation.models import default_place
    from installation.runtime.listen_only import transcribe as transcribe_only
    from installation.show.loader import override
    from installation.show.settings import Show

    show, _ = override(Show(), {"listen.recognizer": recognizer, "listen.language": language})
    transcribe_only(show.listen, default_place(cache=models).cache, file)
    return 0
