"""The models: that those that travel with Laterna load, and that fetched ones are what they were when they came."""

from __future__ import annotations

from installation.core.errors import ShowError
from installation.doctor.finding import Finding, failure, ok, warning
from installation.dream.latent_bank import load_bank
from installation.model_store.catalogue import CATALOGUE, CatalogueEntry
from installation.model_store.manifest import TrustState, checked_state
from installation.models import AUTO, FULL_SIZE, choose, default_place, load_generator, load_perceptor
from installation.models.interfaces import ModelPlace
from installation.show.settings import Show

_EMBEDDED = ("theatre", "biggan-embedded")
_SEER = "clip-embedded"
_RESTORE = "bring the folder assets/ back as it came with Laterna"


def check_embedded(show: Show) -> list[Finding]:
    """The pair that is the last resort of every show, its Bank, and the small BigGAN."""
    del show
    place = default_place()
    found = []
    for name in (*_EMBEDDED, _SEER):
        try:
            (load_perceptor if name == _SEER else load_generator)(name, place)
            if name in _EMBEDDED:
                load_bank(name, _SEER, place)
        except (ShowError, OSError, ValueError, KeyError) as error:
            found.append(failure(f"model: {name}", _sentence(error), _RESTORE))
        else:
            found.append(ok(f"model: {name}", "embedded, loads"))
    return found


def check_fetched(show: Show) -> list[Finding]:
    """Every fetched file, read whole and hashed, and whether this show has what it names."""
    place = default_place(_device(show))
    here = [entry for entry in CATALOGUE.values() if entry.present(place.cache)]
    chosen, found = _chosen(show, place)
    wanted = {*(chosen or ()), *show.models.perceptors}
    found += [_state(entry, place, entry.name in wanted) for entry in here]
    if not here:
        found.append(ok("models: fetched", f"none in {place.cache}; run_show.py fetch brings larger ones"))
    return found + _company(chosen, place)


def _chosen(show: Show, place: ModelPlace) -> tuple[tuple[str, str] | None, list[Finding]]:
    """The models that this show would take, or why it takes none."""
    try:
        generator, perceptor = choose(show.models.generator, show.models.perceptor, place)
        for name in show.models.perceptors:
            choose(generator, name, place)
    except ShowError as error:
        return None, [failure("models: of this show", _sentence(error), 'see above, or set models.generator = "auto"')]
    seers = " and ".join(show.models.perceptors or (perceptor,))
    told = ok("models: of this show", f"{generator} with {seers}", generator=generator, perceptor=perceptor)
    return (generator, perceptor), [told]


def _state(entry: CatalogueEntry, place: ModelPlace, wanted: bool) -> Finding:
    about, again = f"model: {entry.name}", f"run run_show.py fetch {entry.name}"
    try:
        state = checked_state(entry, place.cache)
    except OSError as error:
        return (failure if wanted else warning)(about, f"cannot be read ({error.strerror})", again)
    if state is TrustState.CHANGED:
        text = "damaged or changed: its hash is not the one that it came with"
        return (failure if wanted else warning)(about, text, again, state=state.value)
    if state is TrustState.UNCHECKED:
        return warning(about, "nobody knows its hash: it was put there by hand", again, state=state.value)
    return ok(about, f"{state.value}, its hash is right", state=state.value)


def _company(chosen: tuple[str, str] | None, place: ModelPlace) -> list[Finding]:
    """A full-size generator that is chosen wants a Bank."""
    generator, perceptor = chosen or ("", "")
    if generator not in FULL_SIZE:
        return []
    try:
        load_bank(generator, perceptor, place)
    except ShowError as error:
        return [failure("bank", _sentence(error), f"run run_show.py bank {generator} --perceptor {perceptor}")]
    return [ok("bank", f"of {generator} and {perceptor}")]


def _device(show: Show) -> str:
    from installation.render.loading import resolve_device

    try:
        return resolve_device(show.models.device)
    except ShowError:
        return resolve_device(AUTO)  # the check of the card says what is wrong


def _sentence(error: Exception) -> str:
    return str(error).rstrip(".")
