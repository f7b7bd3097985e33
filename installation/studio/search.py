"""Finds pictures, and frames of films, by words or by another picture."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from installation.core.errors import ShowError
from installation.core.prompt_text import PICTURE_SUFFIXES, parse_prompt
from installation.models.image_files import read_image
from installation.models.interfaces import Floats, Perceptor, Picture
from installation.studio.classify import CELL_HEIGHT, SHEET_COLUMNS, embed_pictures
from installation.studio.contact_sheet import Cell, cell_size, contact_sheet, rows_of
from installation.studio.search_index import Entry, SearchIndex
from installation.studio.workspace import check_length

APART_SECONDS = 5.0  # between two hits in one film


class Hit(NamedTuple):
    """A found picture or frame."""

    entry: Entry
    score: float  # cosine with what was searched, -1..1


def query_embedding(perceptor: Perceptor, query: str, device: str) -> Floats:
    """Return the unit row [d] of the words, which may be weighted as in a prompt, or of the picture of that name.

    Raises:
        ShowError: The picture cannot be read, or the words are empty or too long.
    """
    path = Path(query)
    if path.suffix.lower() in PICTURE_SUFFIXES:
        row = embed_pictures(perceptor, [read_image(path)], device)[0]
    else:
        check_length(query)
        parts = parse_prompt(query)
        if not parts:
            raise ShowError(f"'{query}' is empty: say what to search for, or name a picture.")
        weights = np.array([part.weight for part in parts], np.float32)
        row = weights @ perceptor.embed_text([part.text for part in parts])
    unit: Floats = row / max(float(np.linalg.norm(row)), 1e-9)
    return unit


def best_hits(index: SearchIndex, query: Floats, count: int) -> list[Hit]:
    """Return the entries most like the query; of neighbouring frames of one film only the best."""
    scores = index.embeddings @ query
    hits: list[Hit] = []
    best_of_film: dict[str, list[float]] = {}
    for row in np.argsort(-scores, kind="stable").tolist():
        entry = index.entries[row]
        near = best_of_film.setdefault(entry.file, [])
        if entry.seconds >= 0.0 and any(abs(entry.seconds - at) < APART_SECONDS for at in near):
            continue
        near.append(entry.seconds)
        hits.append(Hit(entry, round(float(scores[row]), 4)))
        if len(hits) == count:
            break
    return hits


def hit_picture(folder: Path, entry: Entry) -> Picture:
    """Return the picture or frame of an entry. Raises ShowError if it cannot be read any more."""
    if entry.seconds < 0.0:
        return read_image(folder / entry.file)
    from installation.outputs.film_frames import film_frame

    picture: Picture = film_frame(folder / entry.file, entry.seconds)
    return picture


def hit_name(entry: Entry) -> str:
    """Return the file of a hit, with the time of a frame as minutes and seconds."""
    if entry.seconds < 0.0:
        return entry.file
    minutes, seconds = divmod(entry.seconds, 60.0)
    return f"{entry.file} {int(minutes)}:{seconds:04.1f}"


def hit_sheet(folder: Path, hits: Sequence[Hit], query: str) -> Picture:
    """Return a contact sheet of the hits, the best first."""
    pictures = [hit_picture(folder, hit.entry) for hit in hits]
    cells = [Cell(picture, hit_name(hit.entry)) for picture, hit in zip(pictures, hits, strict=True)]
    rows = rows_of(cells, SHEET_COLUMNS)
    return contact_sheet(rows, [query, *[""] * (len(rows) - 1)], cell_size(pictures[0], CELL_HEIGHT))
