"""What a show file may reach on the disk, and which hosts it names."""

from __future__ import annotations

from pathlib import Path

import pytest

from installation.core.errors import ShowError
from installation.core.paths import SHOWS
from installation.show.confinement import named_hosts, named_paths
from installation.show.loader import load_show, parse_show


@pytest.fixture
def show(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "work").mkdir()
    (tmp_path / "shows").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    (tmp_path / "secret.txt").write_text("a secret line")
    (tmp_path / "shows" / "poem.txt").write_text("a line")
    return tmp_path / "shows" / "mine.toml"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('[script]\nfile = "../secret.txt"', "script.file"),
        ('[script]\nfile = "link.txt"', "script.file"),
        ('[record]\nfolder = "/etc"', "record.folder"),
        ('[record]\nfolder = "~/films"', "record.folder"),
        ('[record]\nfolder = "recordings/../../films"', "record.folder"),
        ('[listen]\nmodel = "/models/stranger.pt"', "listen.model"),
        ('[[output]]\nkind = "recorder"\npath = "/home/somebody/film.mp4"', "output.path"),
        ('[[cue]]\npicture = "../../latents.safetensors"', "cue.picture"),
        ('[script]\ntext = "a line => picture = /latents.safetensors"', "script.picture"),
        ('[[output]]\nkind = "other"\nlog_file = "../log"', "output.log_file"),
    ],
)
def test_a_path_that_leads_elsewhere_is_refused_unless_the_show_is_trusted(show: Path, text: str, key: str) -> None:
    (show.parent / "link.txt").symlink_to(show.parent.parent / "secret.txt")
    show.write_text(text)
    with pytest.raises(ShowError, match=rf"^mine\.toml: {key} is .*outside the folder .* --trust\.$"):
        load_show(str(show), confined=True)


def test_a_trusted_show_may_name_any_path(show: Path) -> None:
    show.write_text('[script]\nfile = "../secret.txt"')
    assert load_show(str(show)).script.text == "a secret line"


@pytest.mark.parametrize(
    "text",
    [
        '[script]\nfile = "poem.txt"',
        '[record]\nfolder = "recordings"',
        '[record]\nfolder = "recordings/today"',
        '[record]\nfolder = "../shows/films"',
        '[[output]]\nkind = "recorder"\npath = "recordings/film.mp4"',
    ],
)
def test_paths_beside_the_show_and_in_recordings_are_accepted(show: Path, text: str) -> None:
    show.write_text(text)
    load_show(str(show), confined=True)


def test_a_path_that_the_operator_replaces_is_not_checked(show: Path) -> None:
    show.write_text('[record]\nfolder = "/etc"')
    load_show(str(show), confined=True, overridden=["record.folder"])
    load_show(str(show), confined=True, overridden=["folder"])


@pytest.mark.parametrize("path", sorted(SHOWS.glob("*.toml")), ids=lambda path: path.stem)
def test_shows_that_come_with_laterna_are_confined(path: Path) -> None:
    load_show(str(path), confined=True)


def test_every_setting_that_is_a_path_is_known() -> None:
    text = '[script]\nfile = "a"\n[record]\nfolder = "b"\n[listen]\nmodel = "c"\n[dream]\npictures = "d"'
    assert dict(named_paths(parse_show(text))) == {
        "script.file": "a",
        "record.folder": "b",
        "listen.model": "c",
        "dream.pictures": "d",
        "record.snapshot_folder": "snapshots",
    }


def test_hosts_other_than_this_machine_are_named() -> None:
    text = (
        '[osc]\nhost = "0.0.0.0"\npasscode = "x"\nsubscribers = ["10.0.0.5:9000", "localhost:9001"]\n'
        '[[output]]\nkind = "stream"\nurl = "srt://example.org:9000"\n[[surface]]\nkind = "lines"\nhost = "127.0.0.1"'
    )
    assert named_hosts(parse_show(text)) == [
        "osc.host = 0.0.0.0",
        "osc.subscribers = 10.0.0.5:9000",
        "output.url = srt://example.org:9000",
    ]


def test_no_password_of_a_named_host_is_told() -> None:
    text = (
        '[[surface]]\nkind = "broker"\nurl = "redis://me:secret@broker.example:6379/0"\n'
        '[[surface]]\nkind = "broker"\nurl = "redis://:secret@127.0.0.1:6379"\n'
    )
    assert named_hosts(parse_show(text)) == ["surface.url = redis://…@broker.example:6379/0"]


def test_no_option_of_a_named_host_is_told_or_taken_for_the_host() -> None:
    text = (
        '[[surface]]\nkind = "broker"\nurl = "redis://me:secret@broker.example:6379/0?password=secret"\n'
        '[[surface]]\nkind = "broker"\nurl = "redis://broker.example?password=secret@127.0.0.1"\n'
        '[[output]]\nkind = "stream"\nurl = "srt://example.org:9000?passphrase=secret&x=://localhost"\n'
        '[[surface]]\nkind = "broker"\nurl = "redis://127.0.0.1?password=secret"\n'
    )
    assert sorted(named_hosts(parse_show(text))) == [
        "output.url = srt://example.org:9000",
        "surface.url = redis://broker.example",
        "surface.url = redis://…@broker.example:6379/0",
    ]
