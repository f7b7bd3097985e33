"""Show files: what is right loads, what is wrong is one sentence that says where and what would be right."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from installation.core.errors import ShowError
from installation.show.loader import load_show, override, parse_show, shows
from installation.show.settings import Show


def test_every_show_that_comes_with_laterna_loads_and_says_what_it_is() -> None:
    assert {"first_light", "poem", "rehearsal"} <= set(shows())
    for name in shows():
        show = load_show(name)
        assert show.title != "Untitled"
        assert show.description


def test_a_show_file_says_what_it_says_and_the_rest_is_default() -> None:
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


def test_a_show_cannot_be_changed_by_accident() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Show().look.rate = 60.0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("titel = 'x'", "line 1: there is no key 'titel': did you mean 'title'?"),
        ("[look]\nsiez = [1, 2]", "line 2: there is no key 'look.siez': did you mean 'size'?"),
        ("[lok]\n", "line 1: there is no section 'lok': did you mean 'look'?"),
        ("[[cue]]\n[[cue]]\nname = 'b'\nwrods = 'x'", "line 4: there is no key 'cue.2.wrods': did you mean 'words'?"),
        ("[[cue]]\n[[cue]]\nwords = 'fog:0'", "line 3: cue.2.words: 'fog:0' holds nothing to be imagined."),
        ("[models]\nheight = 'x'", "line 2: models.height: input should be a valid integer, not 'x'."),
        ("[models]\n\nheight = 3", "line 3: models.height: input should be greater than or equal to 64, not 3."),
        ("[record]\nrate = 30\n[look]\nrate = 0", "line 4: look.rate: input should be greater than or equal to 1"),
        ("[look]\nsize = [1, 2, 3]", "line 2: look.size: array should have at most 2 items, not 3."),
        ("look.rate = 0", "line 1: look.rate: input should be greater than or equal to 1, not 0."),
        ("[look]\nfit = 'fil'", "line 2: look.fit: input should be 'fill' or 'letterbox', not 'fil'."),
        ("look = 3", "line 1: look: input should be a valid table, not 3."),
        ("[[cue]]\nwords = 3", "line 2: cue.1.words: input should be a valid text, not 3."),
        ("[params]\n'walk/sped' = 1", "line 2: there is no parameter 'walk/sped'; did you mean 'walk/speed'?"),
        ("[params]\n'walk/amount' = 'x'", "line 2: 'walk/amount' takes a number from 0 to 1, not 'x'."),
        ("[params]\n'dream/seed' = 1" + "0" * 400, "line 2: 'dream/seed' takes a number from 0 to"),
        ("[params]\n'go' = 1", "line 2: 'go' is a trigger and cannot be set; "),
        ("[[cue]]\n[[cue]]\n[cue.params]\n'walk/sped' = 1", "line 4: there is no parameter 'walk/sped'"),
        ("[[cue]]\nparams = {'walk/sped' = 1}", "line 2: there is no parameter 'walk/sped'"),
        ("[osc]\nhost = '0.0.0.0'", "line 2: osc.host = '0.0.0.0' opens the show to a network; give osc.passcode too."),
    ],
)
def test_a_mistake_is_one_sentence_with_line_key_and_what_would_be_right(text: str, said: str) -> None:
    with pytest.raises(ShowError) as caught:
        parse_show(text, "my.toml")
    assert str(caught.value).startswith(f"my.toml, {said}")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[fullscreen]", "line 1: there is no section 'fullscreen': 'fullscreen' is a key of [look]."),
        ("[models]\nrate = 9\nfullscreen = 1", "line 3: there is no key 'models.fullscreen': 'fullscreen' is a key of"),
        ("rate = 9", "line 1: there is no key 'rate': 'rate' is a key of [models] and of [look] and of [record]."),
        ("[look]\nwords = 'x'", "line 2: there is no key 'look.words': 'words' is a key of [journal] and of [[cue]]."),
        ("[look]\ntitle = 'x'", "line 2: there is no key 'look.title': 'title' stands above the first section."),
        ("[dream]\nstrength = 1", "line 2: there is no key 'dream.strength': \"dream/strength\" is a live value, and"),
        ("[fulscreen]", "line 1: there is no section 'fulscreen': 'fullscreen' is a key of [look]."),
    ],
)
def test_a_key_in_the_wrong_place_is_told_the_right_one(text: str, said: str) -> None:
    with pytest.raises(ShowError) as caught:
        parse_show(text, "my.toml")
    assert str(caught.value).startswith(f"my.toml, {said}")


def test_several_mistakes_are_told_at_once_in_the_order_of_their_lines() -> None:
    with pytest.raises(ShowError) as caught:
        parse_show("[look]\nfit = 'fil'\n[fullscreen]\n[models]\nheight = 3\n", "my.toml")
    assert str(caught.value).splitlines() == [
        "my.toml, line 2: look.fit: input should be 'fill' or 'letterbox', not 'fil'.",
        "my.toml, line 3: there is no section 'fullscreen': 'fullscreen' is a key of [look].",
        "my.toml, line 5: models.height: input should be greater than or equal to 64, not 3.",
    ]


def test_of_many_mistakes_the_first_five_are_told() -> None:
    with pytest.raises(ShowError) as caught:
        parse_show("\n".join(f"key{number} = 1" for number in range(8)), "my.toml")
    assert [line[:17] for line in str(caught.value).splitlines()] == [
        *(f"my.toml, line {number}: " for number in range(1, 6)),
        "... and 3 more.",
    ]


def test_what_is_no_toml_names_its_line() -> None:
    with pytest.raises(ShowError, match=r"my\.toml: .*line 2"):
        parse_show("title = 'x'\nlook = = 3", "my.toml")


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("[params]\nwalk/speed = 3", 'a name with a slash stands in quotes, "walk/speed".'),
        ("[models] height = 360", "each key and each [table] stands in a line of its own."),
        ("title = 'Night", "a text that begins with ' ends with one."),
        ('title = "Night\n[look]', "the text that begins in this line wants its closing quote."),
        ("[listen]\ncommands = true\n[listen.commands]\n'on' = 'go'", "the same name stands here twice."),
        ("[look]\n[osc]\n[look]\n", "the same table stands here twice."),
        ("title = Night", "a text stands in quotes."),
    ],
)
def test_the_usual_mistakes_in_toml_are_told_with_what_would_be_right(text: str, right: str) -> None:
    with pytest.raises(ShowError) as caught:
        parse_show(text, "my.toml")
    assert str(caught.value).endswith(f"): {right}")


def test_a_cue_in_single_brackets_is_told_its_two() -> None:
    with pytest.raises(ShowError, match=r"^my\.toml, line 2: each cue begins with \[\[cue\]\], in two brackets\.$"):
        parse_show("\n[cue]\nwords = 'fog'", "my.toml")


def test_shows_are_found_by_name_and_by_path(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("title = 'Mine'", encoding="utf-8")
    assert load_show(str(path)).title == "Mine"
    with pytest.raises(ShowError, match=r"there is no show 'first_lihgt'; did you mean 'first_light'\?"):
        load_show("first_lihgt")
    with pytest.raises(ShowError, match=r"nowhere\.toml cannot be read: No such file or directory"):
        load_show("nowhere.toml")
    path.write_bytes(b"title = '\xff'")
    with pytest.raises(ShowError, match="is no text in UTF-8"):
        load_show(str(path))


def test_settings_of_the_command_line_win_by_their_full_and_by_their_short_names() -> None:
    settings = {"models.generator": "fake", "height": "256", "look.size": "[640, 360]", "opengl": "False"}
    show, live = override(Show(), {**settings, "folder": "there", "walk/speed": "0.25", "blackout": "on"})
    assert (show.models.generator, show.models.height, show.look.size) == ("fake", 256, (640, 360))
    assert (show.look.opengl, show.record.folder) == (False, "there")
    assert live == {"walk/speed": 0.25, "blackout": True}


def test_what_is_not_set_stays_as_the_show_file_has_it() -> None:
    show = parse_show("[look]\nsize = [640, 360]\n[[cue]]\nwords = 'a'\n[params]\n'walk/speed' = 0.5")
    assert override(show, {}) == (show, {})


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("heigt", "3", "--set heigt: there is no such setting; did you mean 'height'?"),
        ("models.height", "tall", "--set: models.height: input should be a valid integer, not 'tall'."),
        ("rate", "25", "--set rate: which one? Say models.rate or look.rate or record.rate."),
        ("size", "[8, 8]", "--set size: which one? Say dream.size or look.size."),
        ("walk/speed", "fast", "--set walk/speed: 'walk/speed' takes a number from 0 to 1, not 'fast'."),
        ("prompt", "a fox", "--set prompt: 'prompt' is a trigger and cannot be set; "),
        ("osc.host", "0.0.0.0", "--set: osc.host = '0.0.0.0' opens the show to a network; give osc.passcode too."),
    ],
)
def test_a_wrong_setting_is_one_sentence(name: str, value: str, said: str) -> None:
    with pytest.raises(ShowError) as caught:
        override(Show(), {name: value})
    assert str(caught.value).startswith(said)


def test_a_network_address_with_a_passcode_is_taken() -> None:
    show, _ = override(Show(), {"osc.host": "0.0.0.0", "osc.passcode": "1234"})
    assert show.osc.host == "0.0.0.0"


def test_several_perceptors_are_led_by_the_first() -> None:
    show = parse_show('[models]\nperceptors = { "ViT-B-32" = 1.0, RN50 = 0.5 }')
    assert show.models.perceptor == "ViT-B-32"
    assert override(show, {"models.generator": "theatre"})[0].models.perceptors == {"ViT-B-32": 1.0, "RN50": 0.5}
    with pytest.raises(ShowError, match="perceptor is 'RN50', but perceptors begins with 'ViT-B-32'"):
        parse_show('[models]\nperceptor = "RN50"\nperceptors = { "ViT-B-32" = 1.0, RN50 = 0.5 }')
    with pytest.raises(ShowError, match="greater than 0"):
        parse_show('[models]\nperceptors = { "ViT-B-32" = 0.0 }')
