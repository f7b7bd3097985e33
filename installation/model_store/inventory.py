"""The table of models: what each is, where it is, how far it can be trusted, whether it can be used now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from installation import models
from installation.core.model_files import ModelFiles, ModelKind, read_manifest
from installation.model_store.catalogue import catalogue
from installation.model_store.download import format_bytes
from installation.model_store.trust import TrustState, part_path, trust_state
from installation.models.interfaces import ModelPlace
from installation.models.spec import GeneratorSpec

NOT_INSTALLED = "not installed"
SLOW = "slow without a GPU"
_USABLE_STATES = (TrustState.EMBEDDED, TrustState.VERIFIED, TrustState.PINNED, TrustState.UNCHECKED)


@dataclass(frozen=True)
class InventoryRow:
    """One model and its present state."""

    name: str
    kind: str
    size: int  # bytes of the installed file, else as published
    licence: str
    place: str  # the weights file, or where the embedded model is; "" if it is not installed
    state: str
    sha256: str  # from the manifest; "" if there is none
    source: str
    usable: bool
    why: str  # the reason if it is not usable, or a warning


def inventory(place: ModelPlace, memory: Callable[[str], int] = models.free_memory) -> list[InventoryRow]:
    """Every listed model. `memory` returns the free bytes of a device, if an installed model needs a GPU."""
    return [_row(files, place, memory) for files in catalogue().values()]


def _row(files: ModelFiles, place: ModelPlace, memory: Callable[[str], int]) -> InventoryRow:
    path, state = files.weights(place.cache), trust_state(files, place.cache)
    manifest = read_manifest(path) if path else None
    problem = _problem(files, state, place, memory)
    return InventoryRow(
        name=files.name,
        kind=files.kind.value,
        size=path.stat().st_size if path else files.size,
        licence=files.licence,
        place=str(path) if path else _embedded_place(files, place),
        state=_partial_state(files, place.cache) if state is TrustState.PARTIAL else state.value,
        sha256=manifest.sha256 if manifest else "",
        source=manifest.source if manifest else "",
        usable=problem in ("", SLOW),
        why=problem,
    )


def _problem(files: ModelFiles, state: TrustState, place: ModelPlace, memory: Callable[[str], int]) -> str:
    """What prevents the use of a model, or SLOW; "" if there is no problem."""
    if state is TrustState.CHANGED:
        return "changed: fetch it again"
    if state not in _USABLE_STATES:
        return NOT_INSTALLED
    if files.kind is not ModelKind.RECOGNIZER:
        spec = next(spec for spec in models.listed_specs() if spec.files is files)
        if spec.missing_packages:
            return f"needs the extra '{spec.extra}'"
    if not files.complete(place.cache):
        return "a file is missing: fetch it again"
    if files.kind is ModelKind.GENERATOR:
        problem = _generator_problem(models.generator_spec(files.name), place, memory)
        if problem:
            return problem
    if files.kind in (ModelKind.GENERATOR, ModelKind.PERCEPTOR) and not files.embedded and place.device == "cpu":
        return SLOW
    return ""


def _generator_problem(spec: GeneratorSpec, place: ModelPlace, memory: Callable[[str], int]) -> str:
    least = spec.minimum_memory_bytes
    if least and place.device.startswith("cuda") and memory(place.device) < least:
        return f"needs {format_bytes(least)} of GPU memory"
    if not any(models.has_bank(spec, perceptor.name, place) for perceptor in models.matching_perceptors(spec)):
        return f"needs a latent bank: run_show.py bank {spec.name}"
    return ""


def _partial_state(files: ModelFiles, cache: Path) -> str:
    parts = (part_path(path) for path in files.candidates(cache))
    size = max(part.stat().st_size for part in parts if part.is_file())
    return f"{TrustState.PARTIAL.value} at {format_bytes(size)}"


def _embedded_place(files: ModelFiles, place: ModelPlace) -> str:
    if not files.embedded:
        return ""
    folder = place.assets / files.name
    return str(folder) if folder.is_dir() else "in its package"
