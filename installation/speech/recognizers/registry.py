"""The registry of recognisers.

To add a recogniser, write one module with a subclass of `Recognizer` and a factory, and add one entry to `RECOGNIZERS`.
Importing a recogniser's module must be cheap: libraries are imported when a model is loaded.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from installation.core.errors import ShowError, suggest
from installation.core.model_files import ModelKind, embedded_files
from installation.speech.interfaces import Recognizer, RecognizerFactory, RecognizerRequest
from installation.speech.recognizers import sphinx, whisper, whisper_files


def create_auto(request: RecognizerRequest) -> Recognizer:
    """Create a Whisper recogniser if one of its checkpoints is present, else the embedded recogniser."""
    return whisper.create_best(request) if whisper.is_present(request) else sphinx.create(request)


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


def required_model(recognizer: str) -> str:
    """The model that a show with this `[listen] recognizer` needs: for "whisper" the preferred one for a CPU."""
    return whisper_files.PREFERRED["cpu"][0] if recognizer == "whisper" else recognizer


def create_recognizer(name: str, request: RecognizerRequest) -> Recognizer:
    """Create a recogniser by its name, or by the path of a checkpoint. Its `load` loads the model.

    Raises:
        ShowError: The name is unknown, a file is missing or wrong, or the recogniser does not support the language.
    """
    from_file = CHECKPOINT_FORMATS.get(Path(name).suffix)
    if from_file:
        return from_file(Path(name).expanduser(), request)
    if name not in RECOGNIZERS:
        raise ShowError(f"No recogniser '{name}'; {suggest(name, RECOGNIZERS)}")
    return RECOGNIZERS[name](request)
