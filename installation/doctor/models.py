"""The models: whether the embedded ones load, and whether the installed ones are unchanged."""

from __future__ import annotations

from installation import models
from installation.core.errors import ShowError
from installation.core.model_files import ModelFiles
from installation.doctor.finding import Finding, failure, ok, warning
from installation.dream.latent_bank import load_bank
from installation.model_store.catalogue import catalogue
from installation.model_store.trust import TrustState, rehashed_state
from installation.models.interfaces import ModelPlace
from installation.models.spec import GeneratorSpec, PerceptorSpec
from installation.show.settings import Show

_RESTORE = "restore the folder assets/ as it came with Laterna"


def check_embedded(show: Show, place: ModelPlace) -> list[Finding]:
    """Load every embedded generator and perceptor, and the latent bank that comes with it."""
    del show
    return [_check_loading(spec, place) for spec in models.all_specs() if _comes_with_laterna(spec, place)]


def _comes_with_laterna(spec: GeneratorSpec | PerceptorSpec, place: ModelPlace) -> bool:
    return spec.embedded and spec.listed and spec.installed(place)


def _check_loading(spec: GeneratorSpec | PerceptorSpec, place: ModelPlace) -> Finding:
    about = f"model: {spec.name}"
    try:
        spec.load(place)
        if isinstance(spec, GeneratorSpec) and spec.shipped_bank:
            load_bank(spec.name, spec.shipped_bank, place)
    except (ShowError, OSError, ValueError, KeyError) as error:
        return failure(about, _without_full_stop(error), _RESTORE)
    return ok(about, "embedded, loads")


def check_installed(show: Show, place: ModelPlace) -> list[Finding]:
    """Hash every installed model, and check that the models of the show are installed."""
    place = place._replace(device=_device(show))
    installed = [files for files in catalogue().values() if files.weights(place.cache)]
    chosen, findings = _check_chosen(show, place)
    needed = {*(chosen or ()), *show.models.perceptors}
    findings += [_check_hash(files, place, files.name in needed) for files in installed]
    if not installed:
        findings.append(ok("models: installed", f"none in {place.cache}; run_show.py fetch installs larger ones"))
    return findings + (_check_bank(*chosen, place) if chosen else [])


def _check_chosen(show: Show, place: ModelPlace) -> tuple[tuple[str, str] | None, list[Finding]]:
    """The generator and the perceptor that the show would use, or None, and what there is to report."""
    about = "models: of this show"
    try:
        generator, perceptor = models.choose(show.models.generator, show.models.perceptor, place)
        for name in show.models.perceptors:
            models.choose(generator, name, place)
    except ShowError as error:
        return None, [failure(about, _without_full_stop(error), 'or set models.generator = "auto"')]
    perceptors = " and ".join(show.models.perceptors or (perceptor,))
    found = ok(about, f"{generator} with {perceptors}", generator=generator, perceptor=perceptor)
    return (generator, perceptor), [found]


def _check_hash(files: ModelFiles, place: ModelPlace, needed: bool) -> Finding:
    about, remedy = f"model: {files.name}", f"run run_show.py fetch {files.name}"
    try:
        state = rehashed_state(files, place.cache)
    except OSError as error:
        return (failure if needed else warning)(about, f"cannot be read ({error.strerror})", remedy)
    if state is TrustState.CHANGED:
        text = "damaged or changed: its hash is not the one of the installed file"
        return (failure if needed else warning)(about, text, remedy, state=state.value)
    if state is TrustState.UNCHECKED:
        return warning(about, "not checked: it was put there by hand", remedy, state=state.value)
    return ok(about, f"{state.value}, its hash is correct", state=state.value)


def _check_bank(generator: str, perceptor: str, place: ModelPlace) -> list[Finding]:
    """Load the latent bank of the show's models, unless it comes with Laterna (see `check_embedded`)."""
    spec = models.generator_spec(generator)
    if spec.shipped_bank == perceptor or not spec.needs_torch:
        return []
    try:
        load_bank(generator, perceptor, place)
    except ShowError as error:
        remedy = f"run run_show.py bank {generator} --perceptor {perceptor}"
        return [failure("latent bank", _without_full_stop(error), remedy)]
    return [ok("latent bank", f"of {generator} and {perceptor}")]


def _device(show: Show) -> str:
    from installation.render.loading import resolve_device

    try:
        return resolve_device(show.models.device)
    except ShowError:
        return resolve_device(models.AUTO)  # `check_gpu` reports what is wrong


def _without_full_stop(error: Exception) -> str:
    return str(error).rstrip(".")
