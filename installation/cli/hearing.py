"""The commands that hear without pictures: `devices`, `listen` and `transcribe`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from installation.cli import models


def devices(seconds: Annotated[float, typer.Option(help="How long each is listened to.", min=0.1)] = 1.0) -> int:
    """The microphones, each with its level."""
    from installation.runtime.listen_only import list_devices

    list_devices(seconds)
    return 0


def listen(
    show: Annotated[str, typer.Option(help="Whose words are expected, and whose settings hold.")] = "",
    mic: Annotated[str | None, typer.Option(help="A part of the microphone's name.")] = None,
    recognizer: Annotated[str | None, typer.Option(help="auto, a Whisper model, sphinx, or a Whisper file.")] = None,
    venue: Annotated[str | None, typer.Option(help="quiet, stage or crowd.")] = None,
    language: Annotated[str | None, typer.Option(help="Two letters, of what is said.")] = None,
    seconds: Annotated[float | None, typer.Option(help="End after so long.", min=0.1)] = None,
    models: models.Folder = None,
) -> int:
    """Hear without pictures: level, voice, partials, finals, refusals and delays; to set up a room."""
    from installation.conductor.conductor import Conductor
    from installation.runtime.listen_only import listen as listen_only
    from installation.show.loader import load_show, override
    from installation.show.settings import Show

    del models
    wanted = {"device": mic, "recognizer": recognizer, "venue": venue, "language": language}
    settings = {f"listen.{key}": value for key, value in wanted.items() if value is not None}
    chosen, _ = override(load_show(show) if show else Show(), settings)
    listen_only(chosen.listen, None, seconds, Conductor(chosen).recognizer_hints if show else None)
    return 0


def transcribe(
    file: Annotated[Path, typer.Argument(help="A WAV file.")],
    recognizer: Annotated[str, typer.Option(help="auto, a Whisper model, sphinx, or a Whisper file.")] = "auto",
    language: Annotated[str, typer.Option(help="Two letters, of what is said.")] = "en",
    models: models.Folder = None,
) -> int:
    """The words of a recording, by the same path as a microphone's, as fast as it goes."""
    from installation.runtime.listen_only import listen as listen_only
    from installation.show.loader import override
    from installation.show.settings import Show

    del models
    show, _ = override(Show(), {"listen.recognizer": recognizer, "listen.language": language})
    listen_only(show.listen, file, None)
    return 0
