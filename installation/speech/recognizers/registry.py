"""The recognisers by name, loaded when they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from installation.core.errors import ShowError, suggest
from installation.speech.interfaces import Recognizer
from installation.speech.recognizers.whisper_files import PREFERRED, PUBLISHED, checked, present

_LATE_SECONDS = 1.5  # of decoding, beyond which a show feels it

Tell = Callable[[str], None]


@dataclass(frozen=True)
class RecognizerRequest:
    """What a show asks of its recogniser."""

    cache: Path  # the folder of fetched models
    language: str  # two letters
    prompt: str  # a hint of the operator's
    words: tuple[str, ...]  # lines of the show
    device: str
    tell: Tell  # hears sentences for the operator
    known: bool = False  # hardly anything but the words will be said


def load_recognizer(
    name: str,
    cache: Path,
    language: str = "en",
    prompt: str = "",
    words: Sequence[str] = (),
    device: str = "cpu",
    tell: Tell = lambda _sentence: None,
    known: bool = False,
) -> Recognizer:
    """A recogniser by its name in RECOGNIZERS, or by the path of a file in openai-whisper's format (`*.pt`).

    Cheap: models are loaded by `warm()`. Raises ShowError for an unknown name, a file that is not there or not the
    published one, and a language that the recogniser does not hear. `known`: the words are nearly all that is said.
    """
    wanted = RecognizerRequest(cache, language, prompt, tuple(words), device, tell, known)
    if name.endswith(".pt"):
        return _whisper(Path(name).expanduser(), wanted)
    if name not in RECOGNIZERS:
        raise ShowError(f"No recogniser '{name}'; {suggest(name, RECOGNIZERS)}")
    return RECOGNIZERS[name](wanted)


def _auto(wanted: RecognizerRequest) -> Recognizer:
    """Whisper where its file is present, else the embedded one."""
    name = present(wanted.cache, wanted.device, wanted.language)
    return _published(name)(wanted) if name else _sphinx(wanted)


def _any_whisper(wanted: RecognizerRequest) -> Recognizer:
    name = present(wanted.cache, wanted.device, wanted.language)
    if not name:
        best = PREFERRED["cpu"][0] if wanted.language == "en" else "turbo"
        raise ShowError(
            f"No Whisper model for '{wanted.language}' in {wanted.cache}: run_show.py fetch {best} brings one."
        )
    return _published(name)(wanted)


def _published(name: str) -> Callable[[RecognizerRequest], Recognizer]:
    def load(wanted: RecognizerRequest) -> Recognizer:
        known = PUBLISHED[name]
        path = wanted.cache / known.file
        if not path.is_file():
            raise ShowError(f"No model '{name}' at {path}: run_show.py fetch {name} brings it.")
        if wanted.device == "cpu" and known.cpu_seconds > _LATE_SECONDS:
            wanted.tell(f"{name} takes about {known.cpu_seconds:.1f} s a sentence without a GPU: words will come late.")
        return _whisper(checked(path, known, wanted.tell), wanted)

    return load


def _whisper(path: Path, wanted: RecognizerRequest) -> Recognizer:
    from installation.speech.recognizers.whisper import WhisperRecognizer

    if not path.is_file():
        raise ShowError(f"No speech model at {path}.")
    published = path.name in {model.file for model in PUBLISHED.values()}  # of others nobody knows how they take a hint
    words = wanted.words if published else ()
    return WhisperRecognizer(path, wanted.language, wanted.prompt, words, wanted.device)


def _sphinx(wanted: RecognizerRequest) -> Recognizer:
    from installation.speech.recognizers.sphinx import SphinxRecognizer

    if wanted.language != "en":
        raise ShowError(
            f"The embedded recogniser hears English, not '{wanted.language}': give a multilingual Whisper model's path."
        )
    return SphinxRecognizer(wanted.words, wanted.tell, wanted.known)


RECOGNIZERS: dict[str, Callable[[RecognizerRequest], Recognizer]] = {
    "auto": _auto,
    "whisper": _any_whisper,
    "sphinx": _sphinx,
    **{name: _published(name) for name in PUBLISHED},
}


def quality(name: str) -> int:
    """Of a recogniser by its full name: 2, or 1 of one that comes with the program and knows a told text best."""
    return 1 if name.endswith("(embedded)") else 2
