"""Reads the show file again while the show runs: when it was saved, or on request. A mistake changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from installation.core.errors import ShowError
from installation.show.loader import load_show, override
from installation.show.settings import Show

Stamp = tuple[int, int]  # time of the last change, ns, and size


class ShowReload:
    """Watches a show file. `poll` is called once a second and never waits for the disk to be read."""

    def __init__(self, path: Path | None, confined: bool = True, settings: Mapping[str, str] | None = None) -> None:
        """Watch a file.

        Args:
            path: the show file; None: there is none to watch.
            confined: its paths stay in its folder.
            settings: what `--set` puts in place of its values, whose paths may lead anywhere.
        """
        self._path, self._confined, self._settings = path, confined, dict(settings or {})
        self._read = self._seen = _stamp(path)
        self._loader = ThreadPoolExecutor(1, "show file")
        self._loading: Future[Show] | None = None

    def request(self) -> None:
        """Read the file now, whether or not it has changed. Raises ShowError if the show has no file."""
        if self._path is None:
            raise ShowError("this show has no file that could be read again.")
        self._read = None

    def poll(self) -> Show | None:
        """Return the show if it has been read again since the last call.

        Raises:
            ShowError: the file has a mistake.
        """
        if self._loading and self._loading.done():
            loading, self._loading = self._loading, None
            return loading.result()
        stamp = _stamp(self._path)
        settled, self._seen = stamp == self._seen, stamp  # editors write in several steps
        if self._path and stamp and settled and stamp != self._read and self._loading is None:
            self._read = stamp
            self._loading = self._loader.submit(self._load, self._path)
        return None

    def _load(self, path: Path) -> Show:
        show, _ = override(load_show(str(path), self._confined, self._settings), self._settings)
        return show

    def close(self) -> None:
        """Stop reading."""
        self._loader.shutdown(wait=False)


def _stamp(path: Path | None) -> Stamp | None:
    """When a file was changed, and its size; None while it is not there, as in the middle of a save."""
    try:
        status = path.stat() if path else None
    except OSError:
        return None
    return (status.st_mtime_ns, status.st_size) if status else None
