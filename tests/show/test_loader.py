"""Loading show files, finding them, and changing settings from the command line."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import ValidationError

from installation.core.errors import MAX_LINE, ShowError
from installation.show.loader import load_show, override, parse_show, shows
from installation.show.settings import Show


@pytest.mark.parametrize("name", shows())
def test_every_show_of_laterna_loads_and_has_a_title_and_a_description(name: str) -> None:
    show = load_show(name)
    assert show.title != "Untitled"
    assert show.description


def test_the_shows_that_the_documents_mention_are_there() -> None:
    assert {"first_light", "poem", "reading", "rehearsal"} <= set(shows())


def test_a_key_that_is_not_in_the_file_has_its_default() -> None:
    show = parse_show(
        """
        title = "Evening"
        [look]
        size = [640, 360]
        [params]
        "walk/speed" = 0.5
        [[cue]]
        words = "a red sun"
        [[cue]]
        fade_seconds = 4.5
        [cue.params]
        "blackout" = true
        """
    )
    assert (show.title, show.look.size, show.look.rate) == ("Evening", (640, 360), 30.0)
    assert show.params == {"walk/speed": 0.5}
    assert [(cue.words, cue.fade_seconds, cue.params) for cue in show.cue] == [
        ("a red sun", None, {}),
        ("", 4.5, {"blackout": True}),
    ]
    assert parse_show("") == Show()


def test_a_show_is_immutable() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Show().look.rate = 60.0


def test_a_show_is_found_by_name_and_by_path(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("title = 'Mine'", encoding="utf-8")
    assert load_show(str(path)).title == "Mine"
    assert load_show("first_light").title == "First light"
    with pytest.raises(ShowError, match=r"^there is no show 'first_lihgt'; did you mean 'first_light'\?$"):
        load_show("first_lihgt")


def test_the_name_of_a_file_without_its_suffix_suggests_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "gallery.toml").write_text("title = 'Gallery'", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ShowError, match=r"^there is no show 'gallery'; did you mean the file 'gallery\.toml'\?$"):
        load_show("gallery")


def test_a_file_that_cannot_be_read_is_reported(tmp_path: Path) -> None:
    with pytest.raises(ShowError, match=r"nowhere\.toml cannot be read: No such file or directory\.$"):
        load_show("nowhere.toml")
    path = tmp_path / "latin.toml"
    path.write_bytes(b"title = '\xff'")
    with pytest.raises(ShowError, match=r"latin\.toml is not UTF-8 text\.$"):
        load_show(str(path))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_is_removed(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "mine.toml").write_text("[script]\nfile = 'poem.txt'\n", encoding=encoding)
    (tmp_path / "poem.txt").write_text("# Schnee\nes fällt\n", encoding=encoding)
    assert load_show(str(tmp_path / "mine.toml")).script.text == "# Schnee\nes fällt\n"


def test_a_suffix_in_capitals_is_that_of_a_show_file(tmp_path: Path) -> None:
    (tmp_path / "MINE.TOML").write_text("title = 'Mine'", encoding="utf-8")
    assert load_show(str(tmp_path / "MINE.TOML")).title == "Mine"


def too_long(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(50_000_000)


UNREADABLE: list[tuple[Callable[[Path], object], str]] = [
    (os.mkfifo, "cannot be read: it is not a regular file."),
    (Path.mkdir, "cannot be read: it is not a regular file."),
    (lambda path: path.symlink_to("/dev/zero"), "cannot be read: it is not a regular file."),
    (too_long, "is too long: at most 1 MB."),
]


@pytest.mark.parametrize(("make", "reason"), UNREADABLE)
def test_a_show_file_that_would_never_end_is_refused(
    tmp_path: Path, make: Callable[[Path], object], reason: str
) -> None:
    make(tmp_path / "mine.toml")
    with pytest.raises(ShowError) as error:
        load_show(str(tmp_path / "mine.toml"))
    assert str(error.value) == f"the show file {tmp_path / 'mine.toml'} {reason}"


@pytest.mark.parametrize(("make", "reason"), UNREADABLE)
def test_a_script_that_would_never_end_is_refused(tmp_path: Path, make: Callable[[Path], object], reason: str) -> None:
    (tmp_path / "mine.toml").write_text("[script]\nfile = 'poem.txt'\n", encoding="utf-8")
    make(tmp_path / "poem.txt")
    with pytest.raises(ShowError) as error:
        load_show(str(tmp_path / "mine.toml"))
    assert str(error.value) == f"mine.toml, line 2: the script {tmp_path / 'poem.txt'} {reason}"


@pytest.mark.parametrize("name", ["d" * 300, "d" * 300 + "/poem", "n/" * 3_000 + "poem"])
def test_a_name_that_no_file_can_have_is_reported(tmp_path: Path, name: str) -> None:
    (tmp_path / "mine.toml").write_text(f"[script]\nfile = '{name[:999]}'\n", encoding="utf-8")
    for show in (str(tmp_path / f"{name}.toml"), str(tmp_path / "mine.toml")):
        with pytest.raises(ShowError) as error:
            load_show(show)
        assert "cannot be read: " in str(error.value)
        assert len(str(error.value)) <= MAX_LINE


def test_a_name_with_a_null_character_is_reported() -> None:
    with pytest.raises(ShowError, match=r"a\\x00b\.toml cannot be read: embedded null byte\.$"):
        load_show("a\0b.toml")


# -- the command line ------------------------------------------------------------------------------------------------


def test_a_setting_is_changed_by_its_full_name_or_by_a_key_that_is_unique() -> None:
    settings = {"models.generator": "fake", "height": "256", "look.size": "[640, 360]", "opengl": "False"}
    show, values = override(Show(), {**settings, "folder": "there", "walk/speed": "0.25", "blackout": "on"})
    assert (show.models.generator, show.models.height, show.look.size) == ("fake", 256, (640, 360))
    assert (show.look.opengl, show.record.folder) == (False, "there")
    assert values == {"walk/speed": 0.25, "blackout": True}


def test_settings_that_are_not_changed_keep_the_values_of_the_file() -> None:
    show = parse_show("[look]\nsize = [640, 360]\n[[cue]]\nwords = 'a'\n[params]\n'walk/speed' = 0.5")
    assert override(show, {}) == (show, {})


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("heigt", "3", "--set heigt: there is no such setting; did you mean 'height'?"),
        ("models.height", "tall", "--set: models.height: input should be a valid integer, not 'tall'."),
        ("rate", "25", "--set rate is ambiguous: use models.rate, look.rate or record.rate."),
        ("size", "[8, 8]", "--set size is ambiguous: use dream.size or look.size."),
        ("walk/speed", "fast", "--set walk/speed: 'walk/speed' takes a number from 0 to 1, not 'fast'."),
        ("prompt", "a fox", "--set prompt: 'prompt' is a trigger and cannot be set; "),
        ("osc.host", "0.0.0.0", "--set: osc.host = '0.0.0.0' opens the show to a network; set osc.passcode too."),
        ("models.seed", "[" * 3_000 + "]" * 3_000, "--set: models.seed is nested too deeply, or too long a number."),
        ("models.seed", "9" * 5_000, "--set: models.seed is nested too deeply, or too long a number."),
        ("models.seed", "0x" + "f" * 5_000, "--set: models.seed is too large a number."),
        ("look.rate", "nan", "--set: look.rate cannot be nan: use a finite number."),
        ("listen.commands", "{ go = 'goo' }", "--set: listen.commands: there is no parameter 'goo'; "),
    ],
)
def test_a_wrong_assignment_is_reported(name: str, value: str, said: str) -> None:
    with pytest.raises(ShowError) as error:
        override(Show(), {name: value})
    assert str(error.value).startswith(said)


def test_a_network_address_is_accepted_with_a_passcode() -> None:
    show, _ = override(Show(), {"osc.host": "0.0.0.0", "osc.passcode": "1234"})
    assert show.osc.host == "0.0.0.0"


def test_the_first_of_several_perceptors_becomes_the_perceptor() -> None:
    show = parse_show('[models]\nperceptors = { "ViT-B-32" = 1.0, RN50 = 0.5 }')
    assert show.models.perceptor == "ViT-B-32"
    assert override(show, {"models.generator": "theatre"})[0].models.perceptors == {"ViT-B-32": 1.0, "RN50": 0.5}
    assert show.models.named == ("auto", "ViT-B-32", "RN50")
    with pytest.raises(ShowError, match=r"models: perceptor is 'RN50', but the first of perceptors is 'ViT-B-32'\.$"):
        parse_show('[models]\nperceptor = "RN50"\nperceptors = { "ViT-B-32" = 1.0, RN50 = 0.5 }')
    with pytest.raises(ShowError, match="greater than 0"):
        parse_show('[models]\nperceptors = { "ViT-B-32" = 0.0 }')


@pytest.mark.parametrize(
    ("value", "devices", "languages"),
    [("stage", ("stage",), ("de",)), ('["stage", "audience"]', ("stage", "audience"), ("de", "en"))],
)
def test_one_or_several_microphones_and_languages_are_set_on_the_command_line(
    value: str, devices: tuple[str, ...], languages: tuple[str, ...]
) -> None:
    language = "de" if len(languages) == 1 else '["de", "en"]'
    changed, _ = override(Show(), {"listen.device": value, "listen.language": language})
    assert (changed.listen.devices, changed.listen.languages) == (devices, languages)
    again, _ = override(changed, {"listen.device": "booth", "listen.language": "auto"})
    assert (again.listen.devices, again.listen.languages) == (("booth",), ())


@pytest.mark.parametrize("language", ["german", "", '["de", "auto"]', "[]"])
def test_a_wrong_language_is_one_sentence(language: str) -> None:
    with pytest.raises(ShowError, match=r'two letters such as "en", a list such as \["en", "de"\], or "auto"'):
        override(Show(), {"listen.language": language})


@pytest.mark.parametrize("device", ["[]", '["a", "a"]', '["a", ""]', '["a", "b", "c", "d", "e"]'])
def test_wrong_microphones_are_one_sentence(device: str) -> None:
    with pytest.raises(ShowError, match="a name, or a list of 4 different names at most"):
        override(Show(), {"listen.device": device})


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ('source = "onzet"\nparam = "walk/push"', "line 3: sound.map.1.source: input should be loudness, low"),
        ('source = "low"\nparam = "walk/posh"', "line 4: sound.map.1: there is no parameter 'walk/posh'; did you mean"),
        ('source = "low"\nparam = "blackout"', "line 4: sound.map.1: 'blackout' cannot be moved by sound"),
        ('source = "low"\nparam = "prompt/1/text"', "line 4: sound.map.1: 'prompt/1/text' cannot be moved by sound"),
        ('source = "low"\nparam = "audience/qr"', "line 4: sound.map.1: 'audience/qr' cannot be moved by sound"),
        ('source = "low"\nparam = "tempo/bpm"', "line 4: sound.map.1: 'tempo/bpm' says how the picture follows sound"),
        ('source = "low"\nparam = "go"', "line 4: sound.map.1: 'go' is a trigger and cannot be set"),
        ('source = "chroma"\nparam = "walk/push"', "line 4: sound.map.1: chroma moves twelve parameters: write {n}"),
        ('source = "low"\nparam = "walk/push"\nrange = [0.0]', "line 5: sound.map.1.range.2 is missing."),
        (
            'source = "low"\nparam = "walk/push"\natack_seconds = 1.0',
            "unknown key 'sound.map.1.atack_seconds'; did you",
        ),
    ],
)
def test_a_mistake_in_the_map_of_sound_is_reported_with_its_line(table: str, sentence: str) -> None:
    with pytest.raises(ShowError) as raised:
        parse_show(f"[sound]\n[[sound.map]]\n{table}\n")
    assert sentence in str(raised.value)


def test_a_mistake_in_the_second_table_of_the_map_is_found_there() -> None:
    good = '[[sound.map]]\nsource = "low"\nparam = "walk/push"\n'
    with pytest.raises(ShowError, match=r"line 6: sound\.map\.2: there is no parameter"):
        parse_show(good + good.replace("walk/push", "walk/posh"))


def test_the_file_of_sound_stays_in_the_folder_of_the_show(tmp_path: Path) -> None:
    (tmp_path / "evening.toml").write_text('[sound]\nfile = "../../song.wav"\n', encoding="utf-8")
    with pytest.raises(ShowError, match=r"sound\.file is \.\./\.\./song\.wav, outside the folder"):
        load_show(str(tmp_path / "evening.toml"), confined=True)
