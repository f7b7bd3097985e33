"""Errors in a show file: each message names the file, the line, the key, and what would be right."""

from __future__ import annotations

from inspect import isclass
from time import process_time

import pytest

from installation.core.errors import MAX_LINE, ShowError
from installation.show import settings
from installation.show.loader import parse_show
from installation.show.section import Section


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
        (
            f"[[cue]]\nwords = '{'fox ' * 126}'",
            "line 2: cue.1.words: 'fox fox fox fox fox fox fox …' is longer than 500 ",
        ),
        ("[models]\nheight = 'x'", "line 2: models.height: input should be a valid integer, not 'x'."),
        ("[models]\n\nheight = 3", "line 3: models.height: a height is 64 or more, or 0: by machine, not 3."),
        ("[record]\nrate = 30\n[look]\nrate = 0", "line 4: look.rate: input should be greater than or equal to 1"),
        ("[look]\nsize = [1, 2, 3]", "line 2: look.size: array should have at most 2 items, not 3."),
        ("[look]\nsize = [64, 'x']", "line 2: look.size.2: input should be a valid integer, not 'x'."),
        ("look.rate = 0", "line 1: look.rate: input should be greater than or equal to 1, not 0."),
        ("[look]\nfit = 'fil'", "line 2: look.fit: input should be 'fill' or 'letterbox', not 'fil'."),
        ("look = 3", "line 1: look: input should be a valid table, not 3."),
        ("[[cue]]\nwords = 3", "line 2: cue.1.words: input should be a valid text, not 3."),
        ("[params]\n'walk/sped' = 1", "line 2: there is no parameter 'walk/sped'; did you mean 'walk/speed'?"),
        ("[params]\n'walk/amount' = 'x'", "line 2: 'walk/amount' takes a number from 0 to 1, not 'x'."),
        ("[params]\n'dream/seed' = 1" + "0" * 400, "line 2: params.dream/seed is too large a number."),
        ("[params]\n'go' = 1", "line 2: 'go' is a trigger and cannot be set; "),
        ("[[cue]]\n[[cue]]\n[cue.params]\n'walk/sped' = 1", "line 4: there is no parameter 'walk/sped'"),
        ("[[cue]]\nparams = {'walk/sped' = 1}", "line 2: there is no parameter 'walk/sped'"),
        ("[osc]\nhost = '0.0.0.0'", "line 2: osc.host = '0.0.0.0' opens the show to a network; set osc.passcode too."),
        ("[web]\nhost = '0.0.0.0'", "line 2: web.host = '0.0.0.0' opens the show to a network; set web.passcode too."),
        (
            "[audience]\nenabled = true\n[web]\nenabled = false",
            "line 2: the audience page needs web.enabled = true.",
        ),
    ],
)
def test_an_error_is_one_line_with_the_line_the_key_and_what_would_be_right(text: str, said: str) -> None:
    assert message(text).startswith(f"my.toml, {said}")
    assert "\n" not in message(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[fullscreen]", "line 1: unknown section 'fullscreen'; 'fullscreen' belongs to [look] or [[screen]]."),
        ("[models]\nrate = 9\nfullscreen = 1", "line 3: unknown key 'models.fullscreen'; 'fullscreen' belongs to [lo"),
        ("rate = 9", "line 1: unknown key 'rate'; 'rate' belongs to [models], [look] or [record]."),
        ("[look]\nwords = 'x'", "line 2: unknown key 'look.words'; 'words' belongs to [journal] or [[cue]]."),
        ("[look]\ntitle = 'x'", "line 2: unknown key 'look.title'; 'title' belongs above the first section."),
        ("[dream]\nstrength = 1", "line 2: unknown key 'dream.strength'; \"dream/strength\" is a live parameter, it"),
        ("[vignete]", "line 1: unknown section 'vignete'; 'vignette' belongs to [look]."),
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
        "my.toml, line 3: unknown section 'fullscreen'; 'fullscreen' belongs to [look] or [[screen]].",
        "my.toml, line 5: models.height: a height is 64 or more, or 0: by machine, not 3.",
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
        ('[script]\nfile = "C:\\shows\\a.txt"', "write / in place of \\ in a path, or put it in single quotes."),
        ('[script]\nfile = "C:\\Users\\a.txt"', "write / in place of \\ in a path, or put it in single quotes."),
    ],
)
def test_a_common_syntax_error_comes_with_a_hint(text: str, hint: str) -> None:
    assert message(text).endswith(f"): {hint}")


# -- files from strangers ----------------------------------------------------------------------------------------------

DEEP, DIGITS = 3_000, 5_000


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"title = {'[' * DEEP}{']' * DEEP}", "my.toml: the values are nested too deeply."),
        (f"{'.'.join('a' * DEEP)} = 1", "my.toml: 'a' is nested too deeply."),
        (f"[[output]]\nkind = 'recorder'\nx = {'[' * 9}{']' * 9}", "my.toml: 'output' is nested too deeply."),
        (f"[models]\nseed = {'9' * DIGITS}", "my.toml, line 2: the number is too long."),
        (f"[models]\nseed = 0x{'f' * DIGITS}", "my.toml, line 2: models.seed is too large a number."),
        ("[models]\nseed = 4_294_967_296", "my.toml, line 2: models.seed: input should be less than or equal to 2147"),
        ("[queue]\nattract_after_seconds = inf", "line 2: queue.attract_after_seconds cannot be inf: use a finite"),
        ("[models]\nperceptors = { RN50 = nan }", "line 2: models.perceptors.RN50 cannot be nan: use a finite number."),
        ("[[cue]]\nparams = { 'walk/speed' = -inf }", "line 2: cue.1.params.walk/speed cannot be -inf: use a finite"),
        ("[look]\nsize = [640, 0]", "line 2: look.size.2: input should be greater than or equal to 16, not 0."),
        ("[look]\nsize = [-5, 360]", "line 2: look.size.1: input should be greater than or equal to 16, not -5."),
        ("[look]\nsize = [60000, 16]", "line 2: look.size.1: input should be less than or equal to 8192, not 60000."),
        ("[look]\nsize = [8192, 8192]", "line 2: look.size: at most 33,177,600 pixels (8K), not [8192, 8192]."),
        ("[look]\ndisplay = 9_000_000_000", "line 2: look.display: input should be less than or equal to 63"),
        ('title = "a\\u0000b"', "line 1: title contains the control character U+0000."),
        ('[record]\nfolder = "a\\u001b[2Jb"', "line 2: record.folder contains the control character U+001B."),
        ('"a\\u0000b" = 1', "my.toml: a\\x00b contains the control character U+0000."),
        ('[script]\nfile = "C:\\new\\table.txt"', "line 2: script.file: \\n and \\t in double quotes are a line break"),
        (f"title = '{'x' * 5_000}'", "line 1: title: text should have at most 1000 characters, not 'xxx"),
    ],
)
def test_a_value_that_no_show_can_have_is_one_short_sentence(text: str, said: str) -> None:
    assert said in message(text)
    assert len(message(text)) <= MAX_LINE
    assert "\n" not in message(text)


def test_thousands_of_outputs_are_refused_before_they_become_processes() -> None:
    assert "output: value should have at most 16 items" in message("[[output]]\nkind = 'recorder'\n" * 5_000)


def test_of_twenty_thousand_errors_five_are_reported_and_only_their_lines_are_searched_for() -> None:
    began = process_time()
    lines = message("".join(f"a{number} = 1\n" for number in range(20_000))).splitlines()
    assert lines[-1] == "... and 19995 more."
    assert process_time() - began < 20.0  # a search for every line would take minutes


SECTIONS = [each for each in vars(settings).values() if isclass(each) and issubclass(each, Section)]


@pytest.mark.parametrize("section", SECTIONS)
def test_every_number_of_a_show_file_has_an_upper_bound(section: type[Section]) -> None:
    properties = section.model_json_schema().get("properties", {})
    variants = {name: row.get("anyOf", [row]) for name, row in properties.items()}
    numbers = {
        name: each
        for name, several in variants.items()
        for each in several
        if each.get("type") in ("integer", "number") and "enum" not in each
    }
    assert [name for name, row in numbers.items() if not {"maximum", "exclusiveMaximum"} & row.keys()] == []
