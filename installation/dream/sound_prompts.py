"""Sounds as prompts: a part of a prompt may name a sound file, as in `rain.wav | a fox:.5`.

A listener says in words what the sound is (`models.clap`), and the words take the place of the file's name, each with
its share of the weight. Loading the listener and hearing a file take seconds: a thread does it while the show goes on.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from installation.core.errors import ShowError
from installation.core.paths import is_file
from installation.core.prompt_text import looks_like_sound
from installation.models.interfaces import ModelPlace, SoundNamer

MAX_SECONDS = 600.0  # of a sound that are heard
MOST_WORDS = 3  # that a sound becomes
LEAST_SHARE = 0.12  # of the probability, for words beside the first


@dataclass(frozen=True)
class Heard:
    """What a sound is.

    Attributes:
        words: With their shares, which sum to 1; empty if the sound could not be heard.
        sentence: For the operator.
    """

    words: tuple[tuple[str, float], ...]
    sentence: str


class SoundReader:
    """Hears the sounds of prompts, each file once."""

    def __init__(self, load: Callable[[], SoundNamer], folder: str, waits: bool = False) -> None:
        """Hear nothing yet.

        Args:
            load: Loads the listener.
            folder: Only files below it are opened, because words come from the public; "" is none.
            waits: Whether `heard` waits, for work without an audience.
        """
        self._load, self._folder, self._waits = load, folder, waits
        self._thread = ThreadPoolExecutor(1, "hearing")
        self._heard: dict[Path, Future[Heard]] = {}

    def path(self, text: str) -> Path | None:
        """Return the file that a part of a prompt names; None for words."""
        if not self._folder or not looks_like_sound(text):
            return None
        path = (Path(self._folder) / text).resolve()
        return path if path.is_relative_to(Path(self._folder).resolve()) and is_file(path) else None

    def prepare(self) -> None:
        """Begin to load the listener if the folder has any sound, so that the first prompt waits less.

        If that fails, the first sound that is heard says so.
        """
        if self._folder and any(looks_like_sound(each.name) for each in Path(self._folder).glob("*")):
            self._thread.submit(lambda: self._listener)

    def heard(self, path: Path) -> Heard | None:
        """Return what a sound is; None while it is heard, unless the reader waits."""
        future = self._future(path)
        if not self._waits and not future.done():
            return None
        error = future.exception()
        if error is None:
            return future.result()
        if not isinstance(error, ShowError):  # a fault in a library costs the sound, not the show
            traceback.print_exception(error)
        return Heard((), f"{path.name} is left out: {error}")

    def hear(self, path: Path) -> Heard:
        """Return what a sound is.

        Raises:
            ShowError: The file cannot be read, or the listener is not installed.
        """
        return self._future(path).result()

    @property
    def listening(self) -> bool:
        """Whether any sound is being heard."""
        return any(not future.done() for future in self._heard.values())

    @cached_property
    def _listener(self) -> SoundNamer:
        return self._load()

    def _future(self, path: Path) -> Future[Heard]:
        if path not in self._heard:
            self._heard[path] = self._thread.submit(self._hear, path)
        return self._heard[path]

    def _hear(self, path: Path) -> Heard:
        from installation.speech.audio_file import read_sound

        listener = self._listener
        found = listener.names(read_sound(path, listener.sample_rate, MAX_SECONDS))
        kept = [pair for index, pair in enumerate(found[:MOST_WORDS]) if not index or pair[1] >= LEAST_SHARE]
        total = sum(share for _, share in kept)
        named = ", ".join(f"{words} ({share:.0%})" for words, share in kept)
        return Heard(tuple((words, share / total) for words, share in kept), f"{path.name} sounds like {named}.")


def sound_reader(place: ModelPlace, folder: str, waits: bool = False) -> SoundReader:
    """Return a reader of the sounds below a folder, with the listener of the models folder."""

    def load() -> SoundNamer:
        from installation.models import load_listener

        return load_listener(place)

    return SoundReader(load, folder, waits)
