"""The table of models: what each is, where it lies, how far it may be trusted, whether it can be used now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from installation.model_store.catalogue import CATALOGUE, CatalogueEntry, ModelKind
from installation.model_store.download import megabytes
from installation.model_store.manifest import TrustState, part_path, read_note, state_of
from installation.models import FULL_SIZE, LEAST, OPEN_CLIP, bank_file
from installation.models.interfaces import ModelPlace

NOT_HERE = "not here"
SLOW = "slow without a graphics card"
_GOOD = (TrustState.EMBEDDED, TrustState.VERIFIED, TrustState.PINNED, TrustState.UNCHECKED)


@dataclass(frozen=True)
class InventoryRow:
    """One model as it stands."""

    name: str
    kind: str
    size: int  # bytes, here or as published
    licence: str
    place: str  # its file; "" if it is not here
    state: str
    sha256: str  # of the file when it came; "" if nobody looked
    source: str
    usable: bool
    why: str  # what stands against it


def rows(place: ModelPlace, free: Callable[[str], int]) -> list[InventoryRow]:
    """Every model. `free`: bytes of a device's memory that are free, asked only where a full-size model is here."""
    return [_row(entry, place, free) for entry in CATALOGUE.values()]


def _row(entry: CatalogueEntry, place: ModelPlace, free: Callable[[str], int]) -> InventoryRow:
    path, state = entry.present(place.cache), state_of(entry, place.cache)
    note = read_note(path) if path else None
    why = _against(entry, state, place, free)
    return InventoryRow(
        name=entry.name,
        kind=entry.kind.value,
        size=path.stat().st_size if path else entry.size,
        licence=entry.licence,
        place=str(path) if path else _travelling(entry, place),
        state=_broken_off(entry, place.cache) if state is TrustState.PARTIAL else state.value,
        sha256=note.sha256 if note else "",
        source=note.source if note else "",
        usable=why in ("", SLOW),
        why=why,
    )


def _against(entry: CatalogueEntry, state: TrustState, place: ModelPlace, free: Callable[[str], int]) -> str:
    if state is TrustState.CHANGED:
        return "fetch it again"
    if state not in _GOOD:
        return NOT_HERE
    if entry.name in FULL_SIZE and place.device.startswith("cuda") and free(place.device) < _least(entry):
        return f"wants {megabytes(_least(entry))} of the card's memory"
    if entry.name in FULL_SIZE and not any(bank_file(entry.name, each, place.cache).is_file() for each in OPEN_CLIP):
        return f"run_show.py bank {entry.name}"
    if entry.kind is not ModelKind.RECOGNIZER and not entry.embedded and place.device == "cpu":
        return SLOW
    return ""


def _least(entry: CatalogueEntry) -> float:
    return FULL_SIZE[entry.name] * LEAST


def _broken_off(entry: CatalogueEntry, cache: Path) -> str:
    parts = (part_path(path) for path in entry.files(cache))
    size = max(part.stat().st_size for part in parts if part.is_file())
    return f"{TrustState.PARTIAL.value} at {megabytes(size)}"


def _travelling(entry: CatalogueEntry, place: ModelPlace) -> str:
    folder = place.assets / entry.name
    if not entry.embedded:
        return ""
    return str(folder) if folder.is_dir() else "in its package"
