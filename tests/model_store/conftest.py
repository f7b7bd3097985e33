"""A local HTTP server, a retry policy that does not wait, and catalogue models whose sources are on that server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from installation.core.model_files import ModelFiles
from installation.model_store.catalogue import model_files
from installation.model_store.download import RetryPolicy
from tests.model_store.server import Server, serving

NO_WAIT = RetryPolicy(
    connect_seconds=2.0,
    stall_seconds=5.0,
    min_gain_bytes=50_000,
    attempts=2,
    pause_seconds=0.0,
    sleep=lambda _seconds: None,
)


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


@pytest.fixture
def served(server: Server) -> Callable[..., ModelFiles]:
    """A model of the catalogue with all sources moved to the server, each under its own path.

    Hashes are given by the file name at the source, with underscores for dots and dashes; without one none is
    published.
    """

    def local(name: str, **hashes: str) -> ModelFiles:
        files = model_files(name)
        sources = []
        for source in files.sources:
            sha256 = hashes.get(source.basename.replace(".", "_").replace("-", "_"), "")
            sources.append(replace(source, url=server.url + urlsplit(source.url).path, sha256=sha256))
        return replace(files, sources=tuple(sources))

    return local


def path_of(files: ModelFiles, index: int) -> str:
    """The path of the source with that index on the server."""
    return urlsplit(files.sources[index].url).path


def no_progress(_so_far: int, _total: int) -> None:
    """Ignores the progress of a download."""
