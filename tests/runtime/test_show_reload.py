"""The show file is read again while the show runs."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from installation.core.errors import ShowError
from installation.runtime.show_reload import ShowReload
from installation.show.settings import Show
from tests.running import until

ONE = '[[cue]]\nwords = "one"\n'


def next_show(reload: ShowReload) -> Show:
    found = until(reload.poll, 5.0, "a reload")
    assert isinstance(found, Show)
    return found


def save(path: Path, text: str, second: int) -> None:
    """Save a file, with a time of its own: the clock of a disk may be coarse."""
    path.write_text(text, encoding="utf-8")
    os.utime(path, (1_700_000_000 + second,) * 2)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "show.toml"
    save(path, ONE, 0)
    return path


def test_a_saved_file_is_read_once(path: Path) -> None:
    reload = ShowReload(path)
    assert [reload.poll() for _ in range(3)] == [None] * 3
    save(path, ONE + '[[cue]]\nwords = "two"\n', 1)
    assert [cue.words for cue in next_show(reload).cue] == ["one", "two"]
    assert [reload.poll() for _ in range(3)] == [None] * 3


def test_a_mistake_says_where_it_is_and_the_next_save_is_read(path: Path) -> None:
    reload = ShowReload(path)
    save(path, ONE + "fade_secnds = 3\n", 1)
    with pytest.raises(ShowError, match=r"show\.toml, line 3.*fade_seconds"):
        next_show(reload)
    save(path, ONE + "fade_seconds = 3\n", 2)
    assert next_show(reload).cue[0].fade_seconds == 3


def test_a_file_that_is_missing_during_a_save_is_waited_for(path: Path) -> None:
    reload = ShowReload(path)
    path.unlink()
    assert [reload.poll() for _ in range(3)] == [None] * 3
    save(path, ONE * 3, 1)
    assert len(next_show(reload).cue) == 3


def test_a_request_reads_a_file_that_has_not_changed(path: Path) -> None:
    reload = ShowReload(path)
    reload.request()
    assert len(next_show(reload).cue) == 1


def test_what_was_set_for_the_performance_stays_set(path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    poem = tmp_path_factory.mktemp("elsewhere") / "poem.txt"
    poem.write_text("seven lines\n", encoding="utf-8")
    save(path, ONE + f"[script]\nfile = '{poem}'\n", 1)
    refusing = ShowReload(path)
    refusing.request()
    with pytest.raises(ShowError, match=r"show\.toml: script\.file is .*outside the folder"):
        next_show(refusing)
    reload = ShowReload(path, settings={"script.file": str(poem), "look.fullscreen": "true"})
    reload.request()
    show = next_show(reload)
    assert (len(show.cue), show.script.text, show.look.fullscreen) == (1, "seven lines\n", True)


def test_a_show_without_a_file_cannot_be_read_again() -> None:
    with pytest.raises(ShowError, match="no file"):
        ShowReload(None).request()
