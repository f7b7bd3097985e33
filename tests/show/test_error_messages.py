"""Errors in a show file: each message names the file, the line, the key, and what would be right."""

from __future__ import annotations

import pytest

from installation.core.errors import ShowError
from installation.show.loader import parse_show


def message(text: str) -> str:
    with pytest.raises(ShowError) as error:
        parse_show(text, "my.toml")
    return str(error.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("titel = 'x'", "line 1: unknown key 'titel'; did you mean 'title'?"),
        ("[look]\nsiez = [1, 2]", "line 2: unknown key 'look.siez'; did you mean 'size'?"),
        ("[lok]\n", "line 1: unknown section 'lok'; did you mean 'look'?"),
        ("[[cue]]\n[[cue]]\nname = 'b'\nwrods = 'x'", "line 4: unknown key 'cue.2.wrods'; did you mean 'words'?"),
        ("[[cue]]\nwrods = 'x'\n[[cue]]\nwords = 'x'", "line 2: unknown key 'cue.1.wrods'; did you mean 'words'?"),
        ("[[cue]]\n[[cue]]\nwords = 'fog:0'", "line 3: cue.2.words: 'fog:0' describes nothing to be seen."),
        ("[models]\nheight = 'x'", "line 2: models.height: input should be a valid integer, not 'x'."),
        ("[models]\n\nheight = 3", "line 3: models.height: input should be greater than or equal to 64, not 3."),
        ("[record]\nrate = 30\n[look]\nrate = 0", "line 4: look.rate: input should be greater than or equal to 1"),
        ("[look]\nsize = [1, 2, 3]", "line 2: look.size: array should have at most 2 items, not 3."),
        ("[look]\nsize = [1, 'x']", "line 2: look.size.2: input should be a valid integer, not 'x'."),
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
        ("[osc]\nhost = '0.0.0.0'", "line 2: osc.host = '0.0.0.0' opens the show to a network; set osc.passcode too."),
    ],
)
def test_an_error_is_one_line_with_the_line_the_key_and_what_would_be_right(text: str, said: str) -> None:
    assert message(text).startswith(f"my.toml, {said}")
    assert "\n" not in message(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[fullscreen]", "line 1: unknown section 'fullscreen'; 'fullscreen' belongs to [look]."),
        ("[models]\nrate = 9\nfullscreen = 1", "line 3: unknown key 'models.fullscreen'; 'fullscreen' belongs to [lo"),
        ("rate = 9", "line 1: unknown key 'rate'; 'rate' belongs to [models], [look] or [record]."),
        ("[look]\nwords = 'x'", "line 2: unknown key 'look.words'; 'words' belongs to [journal] or [[cue]]."),
        ("[look]\ntitle = 'x'", "line 2: unknown key 'look.title'; 'title' belongs above the first section."),
        ("[dream]\nstrength = 1", "line 2: unknown key 'dream.strength'; \"dream/strength\" is a live parameter, it"),
        ("[fulscreen]", "line 1: unknown section 'fulscreen'; 'fullscreen' belongs to [look]."),
    ],
)
def test_a_key_in_the_wrong_place_is_told_where_it_belongs(text: str, said: str) -> None:
    assert message(text).startswith(f"my.toml, {said}")


@pytest.mark.parametrize("table", ["cue", "output", "surface"])
def test_a_table_array_in_single_brackets_is_told_to_use_double_ones(table: str) -> None:
    expected = f"my.toml, line 2: each {table} starts with [[{table}]], in double brackets."
    assert message(f"\n[{table}]\nname = 'fog'") == expected


def test_several_errors_are_reported_at_once_in_the_order_of_their_lines() -> None:
    assert message("[look]\nfit = 'fil'\n[fullscreen]\n[models]\nheight = 3\n").splitlines() == [
        "my.toml, line 2: look.fit: input should be 'fill' or 'letterbox', not 'fil'.",
        "my.toml, line 3: unknown section 'fullscreen'; 'fullscreen' belongs to [look].",
        "my.toml, line 5: models.height: input should be greater than or equal to 64, not 3.",
    ]


def test_of_many_errors_the_first_five_are_reported() -> None:
    lines = message("\n".join(f"key{number} = 1" for number in range(8))).splitlines()
    assert [line[:17] for line in lines] == [
        *(f"my.toml, line {number}: " for number in range(1, 6)),
        "... and 3 more.",
    ]


def test_a_syntax_error_names_its_line() -> None:
    assert "line 2" in message("title = 'x'\nlook = = 3")


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("[params]\nwalk/speed = 3", 'put the name in quotes: "walk/speed".'),
        ("[models] height = 360", "put each key and each [section] on a line of its own."),
        ("title = 'Night", "text that starts with ' must end with '."),
        ('title = "Night\n[look]', "the text that starts on this line needs a closing quote."),
        ("[listen]\ncommands = true\n[listen.commands]\n'on' = 'go'", "this key is defined twice."),
        ("[look]\n[osc]\n[look]\n", "this section is defined twice."),
        ("title = Night", "put text in quotes."),
    ],
)
def test_a_common_syntax_error_comes_with_a_hint(text: str, hint: str) -> None:
    assert message(text).endswith(f"): {hint}")
