"""Which models a show uses: where models are, which of them can be used now, and what "auto" means."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from installation.core.errors import ShowError
from installation.core.paths import ASSETS
from installation.models.interfaces import ModelPlace
from installation.models.registry import GENERATORS, PERCEPTORS, generator_spec, not_installed, perceptor_spec
from installation.models.spec import GeneratorSpec, PerceptorSpec

AUTO = "auto"
MODELS_VARIABLE = "LATERNA_MODELS"  # the user's default for `--models`

_GIB = 1 << 30


def default_place(device: str = "cpu", cache: Path | None = None) -> ModelPlace:
    """The assets that come with Laterna, and the models folder.

    The models folder is `cache`, else the one that LATERNA_MODELS names, else one in the user's cache directory.
    """
    from platformdirs import user_cache_path

    if cache is None:
        named = os.environ.get(MODELS_VARIABLE)
        cache = Path(named) if named else user_cache_path("laterna", appauthor=False) / "models"
    return ModelPlace(ASSETS, cache.expanduser(), device)


def bank_file(generator: str, perceptor: str, cache: Path) -> Path:
    """The latent bank that was built on this machine for two models, in the models folder."""
    return cache / "banks" / f"{generator}+{perceptor}.npz"


def has_bank(generator: GeneratorSpec, perceptor: str, place: ModelPlace) -> bool:
    """Whether dreams of these two have a latent bank to start from, or need none."""
    if other := generator.starts_from or generator.bank_of:
        return has_bank(generator_spec(other), perceptor, place)
    if not generator.needs_torch or generator.reads_words or generator.shipped_bank == perceptor:
        return True
    return bank_file(generator.name, perceptor, place.cache).is_file()


def free_memory(device: str) -> int:
    """Free bytes on a GPU; 0 for a CPU."""
    if device.startswith("cuda"):
        import torch

        return int(torch.cuda.mem_get_info(device)[0])
    if device.startswith("mps"):  # it shares the machine's memory; the system says how much of it the GPU may use
        import torch

        return int(torch.mps.recommended_max_memory() - torch.mps.driver_allocated_memory())
    return 0


def matching_perceptors(generator: GeneratorSpec) -> list[PerceptorSpec]:
    """The perceptors that recognise what a generator shows, the preferred first: those of its own domain lead."""
    matching = [spec for spec in PERCEPTORS.values() if generator.matches(spec)]
    return sorted(matching, key=lambda spec: (spec.domain == generator.domain, spec.preference), reverse=True)


def fallback_generator() -> GeneratorSpec:
    """The least demanding generator that "auto" takes; its opening pictures serve generators without their own."""
    return _candidates(AUTO)[-1]


def choose(
    generator: str, perceptor: str, place: ModelPlace, memory: Callable[[str], int] = free_memory
) -> tuple[str, str]:
    """The names of the two models to load, with "auto" resolved.

    The generator "auto" is the preferred one of those that are installed, fit the free memory of the device and have
    an installed perceptor and a latent bank; else the least demanding one. The perceptor "auto" follows the generator.
    `memory` returns the free bytes of a device.

    Raises:
        ShowError: a name is unknown, a model is not installed (a show never downloads), the GPU is too small, or the
            perceptor does not recognise what the generator shows.
    """
    if perceptor != AUTO:
        perceptor_spec(perceptor)
    spec = generator_spec(generator) if generator != AUTO else _preferred_generator(perceptor, place, memory)
    found = perceptor_spec(perceptor) if perceptor != AUTO else _preferred_perceptor(spec, place)
    if not spec.matches(found):
        others = ", ".join(each.name for each in matching_perceptors(spec))
        raise ShowError(f"'{found.name}' does not recognise what {spec.name} shows: choose one of {others}.")
    for each in (spec, found):
        if not each.installed(place):
            raise not_installed(each.name, place)
    if place.device.startswith("cuda"):
        _check_memory(spec, memory, place.device)
    return spec.name, found.name


def _check_memory(generator: GeneratorSpec, memory: Callable[[str], int], device: str) -> None:
    least = generator.minimum_memory_bytes
    if not least:
        return
    free = memory(device)
    if free < least:
        raise ShowError(
            f"The GPU is too small for {generator.name}: it needs {least / _GIB:.0f} GiB and {free / _GIB:.1f} GiB "
            f'are free; choose a smaller generator, or "auto".'
        )


def _preferred_generator(perceptor: str, place: ModelPlace, memory: Callable[[str], int]) -> GeneratorSpec:
    """The generator that "auto" stands for, with a perceptor by name or "auto"."""
    candidates = _candidates(perceptor)
    usable = [spec for spec in candidates if spec.installed(place) and _has_partner(spec, perceptor, place)]
    free = memory(place.device) if any(spec.memory_bytes for spec in usable) else 0
    fitting = (spec for spec in usable if spec.memory_bytes <= free)
    return next(fitting, candidates[-1])


def _candidates(perceptor: str) -> list[GeneratorSpec]:
    """The generators that "auto" may take, the preferred first."""
    domain = "" if perceptor == AUTO else perceptor_spec(perceptor).domain
    if domain:
        candidates = [spec for spec in GENERATORS.values() if spec.domain == domain]
    else:
        candidates = [spec for spec in GENERATORS.values() if spec.preference > 0]
    return sorted(candidates, key=lambda spec: spec.preference, reverse=True)


def _has_partner(generator: GeneratorSpec, perceptor: str, place: ModelPlace) -> bool:
    """Whether the perceptor (with "auto" any installed one) has a latent bank with this generator."""
    if perceptor != AUTO:
        return has_bank(generator, perceptor, place)
    return any(has_bank(generator, spec.name, place) for spec in _installed_perceptors(generator, place))


def _preferred_perceptor(generator: GeneratorSpec, place: ModelPlace) -> PerceptorSpec:
    """The perceptor that "auto" stands for: an installed one, if possible with a latent bank."""
    installed = _installed_perceptors(generator, place)
    if not installed:
        missing = [spec.name for spec in (generator, *matching_perceptors(generator)[:1]) if not spec.installed(place)]
        raise ShowError(
            f"{generator.name} needs a perceptor and none is installed: run `run_show.py fetch {' '.join(missing)}`."
        )
    return next((spec for spec in installed if has_bank(generator, spec.name, place)), installed[0])


def _installed_perceptors(generator: GeneratorSpec, place: ModelPlace) -> list[PerceptorSpec]:
    """The installed perceptors that "auto" may take: with preference 0 only those of the generator's own domain."""
    installed = (spec for spec in matching_perceptors(generator) if spec.installed(place))
    return [spec for spec in installed if spec.preference or spec.domain == generator.domain != ""]
