"""A local language model that continues a text, in a process of its own."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from installation.core.errors import ShowError
from installation.core.paths import pip_install
from installation.models.interfaces import ModelPlace

EXTRA = "language"
CONFIG, TOKENIZERS = "config.json", ("tokenizer.json", "tokenizer.model", "vocab.json")


def language_model_folder(name: str, place: ModelPlace) -> Path:
    """The folder of a language model, given by its path or by its name in the models folder; it is not loaded.

    Raises:
        ShowError: There is no such folder, a file is missing, or the package that runs it is not installed.
    """
    folder = next((each for each in (Path(name), place.cache / name) if each.is_dir()), None)
    if folder is None:
        raise ShowError(f"There is no language model '{name}': name a folder, or one in {place.cache}.")
    missing = [kind for kind, found in _parts(folder).items() if not found]
    if missing:
        raise ShowError(f"{folder} is no language model: it has no {missing[0]}.")
    if find_spec("transformers") is None:
        raise ShowError(f"A language model needs a package that is not installed: {pip_install(EXTRA)}.")
    return folder


def _parts(folder: Path) -> dict[str, bool]:
    return {
        CONFIG: (folder / CONFIG).is_file(),
        "tokenizer": any((folder / name).is_file() for name in TOKENIZERS),
        "weights (*.safetensors)": any(folder.glob("*.safetensors")),
    }
