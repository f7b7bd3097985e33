"""Every model that Laterna knows by name, with its files, and the models that a command line or a show asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from installation import models
from installation.core.errors import ShowError, suggest
from installation.core.model_files import ModelFiles
from installation.show.settings import Show
from installation.speech.recognizers.registry import RECOGNIZER_FILES, required_model


def catalogue() -> Mapping[str, ModelFiles]:
    """The files of every listed model by its name: generators, perceptors, recognisers, and others."""
    listed = [spec.files for spec in models.listed_specs()]
    return {files.name: files for files in (*listed, *RECOGNIZER_FILES)}


def model_files(name: str) -> ModelFiles:
    """The files of the model of that name. Raises ShowError with the nearest name if there is none."""
    known = catalogue()
    if name not in known:
        raise ShowError(f"There is no model '{name}'; {suggest(name, known)}")
    return known[name]


def requested(names: Sequence[str], show: Show | None) -> list[ModelFiles]:
    """The models of those names and of that show, each once. Raises ShowError for an unknown name."""
    known = catalogue()
    wanted = [model_files(name) for name in names]
    if show is not None:
        wanted += [known[name] for name in needed(show)]
    return list(dict.fromkeys(wanted))


def needed(show: Show) -> list[str]:
    """The models that a show names and that must be installed. "auto" needs none: it takes what is installed.

    Raises:
        ShowError: the show names an unknown model.
    """
    settings = show.models
    names = [*settings.named]
    if settings.generator != models.AUTO:
        spec = models.generator_spec(settings.generator)
        if settings.perceptor == models.AUTO and not spec.embedded:
            names += [perceptor.name for perceptor in models.matching_perceptors(spec)[:1]]
    for name in settings.named:
        if name not in (models.AUTO, *models.GENERATORS, *models.PERCEPTORS):
            model_files(name)  # raises, with the nearest name
    if show.listen.enabled:
        names.append(required_model(show.listen.recognizer, show.listen.languages))
    known = catalogue()
    return [name for name in dict.fromkeys(names) if name in known and not known[name].embedded]


def nothing_requested() -> ShowError:
    """The error of `fetch` without a name."""
    names = ", ".join(name for name, files in catalogue().items() if not files.embedded)
    return ShowError(f"fetch needs the names of models, or --all-for SHOW; there are {names}.")
