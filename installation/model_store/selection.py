"""Which models a command line or a show asks for."""

from __future__ import annotations

from collections.abc import Sequence

from installation.core.errors import ShowError
from installation.model_store.catalogue import CATALOGUE, CatalogueEntry, entry
from installation.models import AUTO, FULL_SIZE, OPEN_CLIP
from installation.show.settings import Show
from installation.speech.recognizers.whisper_files import PREFERRED


def wished(names: Sequence[str], show: Show | None) -> list[CatalogueEntry]:
    """The models of those names and of that show, each once. Raises ShowError for a name that nobody knows."""
    wanted = [entry(name) for name in names]
    if show is not None:
        wanted += [CATALOGUE[name] for name in needed(show)]
    return list(dict.fromkeys(wanted))


def needed(show: Show) -> list[str]:
    """The models that a show names and that do not travel with Laterna. "auto" asks for none: it takes what is here."""
    wanted = list(show.models.named)
    if show.models.generator in FULL_SIZE and show.models.perceptor == AUTO:
        wanted.append(OPEN_CLIP[0])
    if show.listen.enabled:
        wanted.append(PREFERRED["cpu"][0] if show.listen.recognizer == "whisper" else show.listen.recognizer)
    for name in show.models.named:
        if name not in (AUTO, "fake") and name not in CATALOGUE:
            entry(name)  # says which would be right
    return [name for name in wanted if name in CATALOGUE and not CATALOGUE[name].embedded]


def nothing_named() -> ShowError:
    """What `fetch` says without a name."""
    names = ", ".join(name for name, each in CATALOGUE.items() if not each.embedded)
    return ShowError(f"fetch wants the names of models, or --all-for SHOW; there are {names}.")
