"""The text of a script: what is right is read, what is wrong is one sentence with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from installation.core.errors import Rejected, ShowError
from installation.core.paths import SHOWS
from installation.show.loader import load_show, override, parse_show
from installation.show.script_file import Script, ScriptLine, read_script


def test_a_line_may_say_what_is_imagined_and_how() -> None:
    text = """\ufeff# a comment

    The ships  have gone to sleep
The city burns => a burning city | people:-1 ; fade = 2;walk/speed=0.6
And then it is quiet => fade = 8
x=>y is no cue"""
    assert Script.parse(text).lines == (
        ScriptLine("The ships have gone to sleep", "The ships have gone to sleep"),
        ScriptLine("The city burns", "a burning city | people:-1", 2.0, {"walk/speed": 0.6}),
        ScriptLine("And then it is quiet", "And then it is quiet", 8.0),
        ScriptLine("x=>y is no cue", "x=>y is no cue"),
    )


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("a => b; fad = 2", "there is no setting 'fad'; did you mean 'fade'?"),
        ("a => walk/sped = 2", "there is no setting 'walk/sped'; did you mean 'walk/speed'?"),
        ("a => b; slowly", "'slowly' is no setting; one is written 'fade = 2' or 'walk/speed = 0.6'."),
        ("a => fade = soon", "fade takes seconds from 0 to 600, not 'soon'."),
        ("a => fade = nan", "fade takes seconds from 0 to 600, not 'nan'."),
        ("a => walk/speed = fast", "'walk/speed' takes a number from 0 to 1, not 'fast'."),
        ("a => status/fps = 3", "'status/fps' is a reading and cannot be set; "),
        ("a => script/line = 3", "it would move the script that it stands in."),
        (" => b", "there are no words to read before '=>'."),
        ("...", "there are no words to read"),
        ("a => people:0", "holds nothing to be imagined."),
        ("a => b => c", "there is more than one '=>'; several settings are parted by ';'."),
    ],
)
def test_a_mistake_is_one_sentence_with_its_line(line: str, said: str) -> None:
    with pytest.raises(ShowError) as error:
        Script.parse(f"first\n\n{line}", "poem.txt")
    assert str(error.value).startswith("poem.txt, line 3: ")
    assert said in str(error.value)


def test_the_file_of_a_script_lies_beside_its_show(tmp_path: Path) -> None:
    (tmp_path / "poem.txt").write_text("one\ntwo\n", encoding="utf-8")
    show = tmp_path / "show.toml"
    show.write_text('[script]\nfile = "poem.txt"\nstart_line = 2\n', encoding="utf-8")
    loaded = load_show(str(show))
    assert (loaded.script.text, loaded.script.start_line) == ("one\ntwo\n", 2)
    (tmp_path / "other.txt").write_text("three\n", encoding="utf-8")
    changed, _ = override(loaded, {"script.file": str(tmp_path / "other.txt"), "start_line": "1"})
    assert changed.script.text == "three\n"


@pytest.mark.parametrize(
    ("keys", "poem", "said"),
    [
        ('file = "peom.txt"', "one", "show.toml, line 2: the script "),
        ('file = "peom.txt"', "one", "cannot be read: No such file or directory; there are poem.txt."),
        ('file = "poem.txt"\nstart_line = 3', "one", "line 3: script.start_line is 3, but there are 1 lines."),
        ('file = "poem.txt"', "# nothing\n", "has no lines."),
        ('file = "poem.txt"', "a => b; c", "poem.txt, line 1: 'c' is no setting"),
        ('fiel = "poem.txt"', "one", "line 2: there is no key 'script.fiel': did you mean 'file'?"),
    ],
)
def test_a_script_that_cannot_be_had_is_one_sentence(tmp_path: Path, keys: str, poem: str, said: str) -> None:
    (tmp_path / "poem.txt").write_text(poem, encoding="utf-8")
    (tmp_path / "show.toml").write_text(f"[script]\n{keys}\n", encoding="utf-8")
    with pytest.raises(ShowError) as error:
        load_show(str(tmp_path / "show.toml"))
    assert said in str(error.value)


def test_a_script_may_stand_in_the_show_file_itself() -> None:
    assert parse_show("[script]\ntext = '''\none\ntwo => fade = 1\n'''").script.text == "one\ntwo => fade = 1\n"
    with pytest.raises(ShowError, match=r"line 2: script\.text, line 1: fade takes seconds"):
        parse_show("[script]\ntext = 'one => fade = x'", "my.toml")


def test_every_text_that_comes_with_laterna_is_one_and_says_where_it_is_from() -> None:
    texts = sorted(SHOWS.glob("*.txt"))
    assert len(texts) >= 3
    for path in texts:
        text = path.read_text(encoding="utf-8")
        assert text.startswith("# "), path
        assert len(Script.parse(text, path.name).lines) >= 20, path


def test_another_script_is_read_from_the_folder_of_the_show_only(tmp_path: Path) -> None:
    folder = tmp_path / "show"
    folder.mkdir()
    (folder / "one.txt").write_text("one\n", encoding="utf-8")
    (folder / "latin.txt").write_bytes(b"\xff")
    (folder / "big.txt").write_bytes(b"x" * 1_000_001)
    (tmp_path / "secret.txt").write_text("secret\n", encoding="utf-8")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    assert read_script(folder, "one.txt") == "one\n"
    known = "there is no script '{}' in the show's folder; "
    for name, said in (
        ("two.txt", f"{known.format('two.txt')}did you mean"),
        ("../secret.txt", known.format("../secret.txt")),
        (str(tmp_path / "secret.txt"), known.format(tmp_path / "secret.txt")),
        ("", known.format("")),
        ("link.txt", "the script 'link.txt' lies outside of the show's folder."),
        ("latin.txt", "the script 'latin.txt' is no text in UTF-8."),
        ("big.txt", "the script 'big.txt' is too long: a million bytes at most."),
    ):
        with pytest.raises(Rejected) as error:
            read_script(folder, name)
        assert str(error.value).startswith(said)
    with pytest.raises(Rejected, match="there is no script"):
        read_script(None, "one.txt")
