"""A server, patience that does not wait, and models small enough to be made in a test under their true names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from installation.model_store.catalogue import CATALOGUE, CatalogueEntry
from installation.model_store.download import RetryPolicy
from tests.model_store.server import Server, serving

HURRY = RetryPolicy(
    connect_seconds=2.0, stall_seconds=5.0, gain=50_000, tries=2, pause_seconds=0.0, sleep=lambda _seconds: None
)


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


@pytest.fixture
def served(server: Server) -> Callable[..., CatalogueEntry]:
    """A model of the catalogue whose sources are all on the server, each at the path that it has at home."""

    def local(name: str, **hashes: str) -> CatalogueEntry:
        entry = CATALOGUE[name]
        sources = []
        for source in entry.sources:
            sha256 = hashes.get(source.basename.replace(".", "_").replace("-", "_"), "")
            sources.append(replace(source, url=server.url + urlsplit(source.url).path, sha256=sha256))
        return replace(entry, sources=tuple(sources))

    return local


def path_of(entry: CatalogueEntry, index: int) -> str:
    """The path of a source, by its place in the order."""
    return urlsplit(entry.sources[index].url).path


def unseen(_so_far: int, _total: int) -> None:
    """Progress that nobody looks at."""
