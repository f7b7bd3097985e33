"""The registry of recognisers.

To add a recogniser, write one module with a subclass of `Recognizer` and a factory, and add one entry to `RECOGNIZERS`.
Importing a recogniser's module must be cheap: libraries are imported when a model is loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from installation.core.errors import ShowError, suggest
from installation.core.model_files import ModelKind, embedded_files
from installation.speech.interfaces import Recognizer, RecognizerFactory, RecognizerRequest
from installation.speech.recognizers import sphinx, whisper, whisper_files, whisper_int8
from installation.speech.recognizers.whisper_engine import check_languages


def create_auto(request: RecognizerRequest) -> Recognizer:
    """Create a Whisper recogniser if one of its checkpoints is present, else the embedded recogniser.

    The operator of a show whose words are not known in advance is told what that means.
    """
    if whisper.is_present(request):
        return whisper.create_best(request)
    recognizer = sphinx.create(request)
    if not request.hints.known:
        request.report(f"The embedded recogniser {EMBEDDED_LIMITS}; {fetch_advice(request.languages)}.")
    return recognizer


EMBEDDED_LIMITS = "follows known texts, and mishears every fourth word of free speech"


def fetch_advice(languages: Sequence[str]) -> str:
    """What to do for free speech in these languages (none: any)."""
    return f"free speech needs Whisper: run_show.py fetch {whisper_files.recommended(languages)}"


RECOGNIZERS: dict[str, RecognizerFactory] = {
    "auto": create_auto,
    "whisper": whisper.create_best,
    "sphinx": sphinx.create,
    **whisper.PUBLISHED_FACTORIES,
}
"""By the name that `[listen] recognizer` gives."""

CHECKPOINT_FORMATS: dict[str, Callable[[Path, RecognizerRequest], Recognizer]] = {".pt": whisper.create_from_file}
"""By the suffix of a path that is given in place of a name."""

RECOGNIZER_FILES = (
    embedded_files("sphinx", ModelKind.RECOGNIZER, licence="BSD-2-Clause"),
    *whisper_files.MODEL_FILES,
)
"""The files of every recogniser, for `model_store`."""


def required_model(recognizer: str, languages: Sequence[str] = ("en",)) -> str:
    """The model that a show needs with this `[listen] recognizer`: for "whisper" the recommended one for a CPU."""
    if recognizer == "whisper":
        return whisper_files.recommended(languages)
    return recognizer.removesuffix(whisper.INT8)


def create_recognizer(name: str, request: RecognizerRequest) -> Recognizer:
    """Create a recogniser by its name, or by the path of a checkpoint or folder. Its `load` loads the model.

    Raises:
        ShowError: The name is unknown, a file is missing or wrong, or the recogniser does not support the language.
    """
    check_languages(request.languages)
    if (Path(name) / whisper_int8.MODEL_FILE).is_file():
        return whisper.create_int8(Path(name), request)
    from_file = CHECKPOINT_FORMATS.get(Path(name).suffix)
    if from_file:
        return from_file(Path(name).expanduser(), request)
    if name not in RECOGNIZERS:
        raise ShowError(f"No recogniser '{name}'; {suggest(name, RECOGNIZERS)}")
    return RECOGNIZERS[name](request)
