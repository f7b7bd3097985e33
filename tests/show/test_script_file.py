"""Script files: their format, their errors, and where they may be read from."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from installation.core.errors import Rejected, ShowError
from installation.core.paths import SHOWS
from installation.show.loader import load_show, override, parse_show
from installation.show.script_file import Script, ScriptLine, read_script
from installation.show.text_file import MAX_BYTES


def test_a_line_may_have_another_prompt_a_fade_and_values() -> None:
    text = """\ufeff# a comment

    The ships  have gone to sleep
The city burns => a burning city | people:-1 ; fade = 2;walk/speed=0.6
And then it is quiet => fade = 8
x=>y is no arrow"""
    assert Script.parse(text).lines == (
        ScriptLine("The ships have gone to sleep", "The ships have gone to sleep"),
        ScriptLine("The city burns", "a burning city | people:-1", 2.0, {"walk/speed": 0.6}),
        ScriptLine("And then it is quiet", "And then it is quiet", 8.0),
        ScriptLine("x=>y is no arrow", "x=>y is no arrow"),
    )


@pytest.mark.parametrize("seconds", [0.0, 600.0])
def test_a_fade_may_be_a_cut_or_last_ten_minutes(seconds: float) -> None:
    (line,) = Script.parse(f"a => fade = {seconds}").lines
    assert line.fade_seconds == seconds


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("a => b; fad = 2", "there is no setting 'fad'; did you mean 'fade'?"),
        ("a => walk/sped = 2", "there is no setting 'walk/sped'; did you mean 'walk/speed'?"),
        ("a => b; slowly", "'slowly' is not a setting; write 'fade = 2' or 'walk/speed = 0.6'."),
        ("a => fade = soon", "fade takes seconds from 0 to 600, not 'soon'."),
        ("a => fade = nan", "fade takes seconds from 0 to 600, not 'nan'."),
        ("a => walk/speed = fast", "'walk/speed' takes a number from 0 to 1, not 'fast'."),
        ("a => status/fps = 3", "'status/fps' is a reading and cannot be set; "),
        ("a => script/line = 3", "a line cannot set 'script/line', which would move its own script."),
        (" => b", "there are no words to read before '=>'."),
        ("...", "there are no words to read before '=>'."),
        ("a => people:0", "'people:0' describes nothing to be seen."),
        ("a => b => c", "there is more than one '=>'; separate settings by ';'."),
        ("tyger " * 84, "'tyger tyger tyger tyger tyger …' is longer than 500 characters; divide it."),
        ("a => " + "fox " * 126, "'fox fox fox fox fox fox fox …' is longer than 500 characters; divide it."),
    ],
)
def test_an_invalid_line_is_reported_with_its_number(line: str, said: str) -> None:
    with pytest.raises(ShowError) as error:
        Script.parse(f"first\n\n{line}", "poem.txt")
    assert str(error.value).startswith(f"poem.txt, line 3: {said}")


# -- in a show file --------------------------------------------------------------------------------------------------


def test_a_script_file_is_read_from_the_folder_of_the_show_file(tmp_path: Path) -> None:
    (tmp_path / "poem.txt").write_text("one\ntwo\n", encoding="utf-8")
    show = tmp_path / "show.toml"
    show.write_text('[script]\nfile = "poem.txt"\nstart_line = 2\n', encoding="utf-8")
    loaded = load_show(str(show))
    assert (loaded.script.text, loaded.script.start_line) == ("one\ntwo\n", 2)
    (tmp_path / "other.txt").write_text("three\n", encoding="utf-8")
    changed, _ = override(loaded, {"script.file": str(tmp_path / "other.txt"), "start_line": "1"})
    assert changed.script.text == "three\n"


@pytest.mark.parametrize(
    ("keys", "script", "said"),
    [
        ('file = "peom.txt"', b"one", "show.toml, line 2: the script "),
        ('file = "peom.txt"', b"one", "cannot be read: No such file or directory; the folder contains poem.txt."),
        ('file = "poem.txt"\nstart_line = 3', b"one", "line 3: script.start_line is 3, but the script has 1 lines."),
        ('file = "poem.txt"', b"# nothing\n", "has no lines."),
        ('file = "poem.txt"', b"\xff", "is not UTF-8 text."),
        ('file = "poem.txt"', b"a => b; c", "poem.txt, line 1: 'c' is not a setting"),
        ('fiel = "poem.txt"', b"one", "line 2: unknown key 'script.fiel'; did you mean 'file'?"),
    ],
)
def test_a_script_that_cannot_be_used_is_reported(tmp_path: Path, keys: str, script: bytes, said: str) -> None:
    (tmp_path / "poem.txt").write_bytes(script)
    (tmp_path / "show.toml").write_text(f"[script]\n{keys}\n", encoding="utf-8")
    with pytest.raises(ShowError) as error:
        load_show(str(tmp_path / "show.toml"))
    assert said in str(error.value)


def test_a_script_may_be_part_of_the_show_file() -> None:
    assert parse_show("[script]\ntext = '''\none\ntwo => fade = 1\n'''").script.text == "one\ntwo => fade = 1\n"
    with pytest.raises(ShowError, match=r"line 2: script\.text, line 1: fade takes seconds"):
        parse_show("[script]\ntext = 'one => fade = x'", "my.toml")


SCRIPTS = sorted(SHOWS.glob("*.txt"))


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_every_script_of_laterna_is_valid_and_names_its_source(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith("# ")
    assert len(Script.parse(text, path.name).lines) >= 20


def test_there_are_scripts() -> None:
    assert len(SCRIPTS) >= 3


# -- on request ------------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "show"
    folder.mkdir()
    (folder / "one.txt").write_text("one\n", encoding="utf-8")
    (folder / "latin.txt").write_bytes(b"\xff")
    (folder / "big.txt").write_bytes(b"x" * (MAX_BYTES + 1))
    os.mkfifo(folder / "pipe.txt")
    (folder / "LOUD.TXT").write_bytes(b"\xef\xbb\xbfloud")
    (tmp_path / "secret.txt").write_text("secret\n", encoding="utf-8")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    return folder


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("two.txt", "there is no script 'two.txt' in the show's folder; did you mean"),
        ("../secret.txt", "there is no script '../secret.txt' in the show's folder; "),
        ("", "there is no script '' in the show's folder; "),
        ("link.txt", "the script 'link.txt' is outside the show's folder."),
        ("latin.txt", "the script 'latin.txt' is not UTF-8 text."),
        ("big.txt", "the script 'big.txt' is too long: at most 1 MB."),
        ("pipe.txt", "the script 'pipe.txt' cannot be read: it is not a regular file."),
    ],
)
def test_only_a_readable_script_inside_the_folder_is_read(folder: Path, name: str, said: str) -> None:
    with pytest.raises(Rejected) as error:
        read_script(folder, name)
    assert str(error.value).startswith(said)


def test_a_script_is_read_by_its_name_but_not_by_a_path(folder: Path) -> None:
    assert read_script(folder, "one.txt") == "one\n"
    assert read_script(folder, "LOUD.TXT") == "loud"
    with pytest.raises(Rejected, match="there is no script"):
        read_script(folder, str(folder.parent / "secret.txt"))
    with pytest.raises(Rejected, match="there is no script"):
        read_script(None, "one.txt")
