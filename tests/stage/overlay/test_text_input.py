"""The typed line as a model of editing."""

from __future__ import annotations

from installation.stage.overlay.text_input import HISTORY, TextInput
from installation.stage.text.graphemes import starts


def typed(text: str, limit: int = 500) -> TextInput:
    line = TextInput(limit)
    for character in text:
        line.insert(character)
    return line


def test_typing_goes_in_at_the_cursor() -> None:
    line = typed("a wof")
    line.left()
    line.insert("l")
    assert (line.text, line.cursor) == ("a wolf", 5)


def test_home_end_and_words_move_the_cursor() -> None:
    line = typed("a red  sun ")
    places = []
    for move in (lambda: line.left(word=True), lambda: line.left(word=True), line.home, lambda: line.right(word=True)):
        move()
        places.append(line.cursor)
    line.end()
    assert [*places, line.cursor] == [7, 2, 0, 1, 11]


def test_deleting_takes_a_character_or_a_word_on_either_side() -> None:
    line = typed("one two three")
    line.backspace(word=True)
    assert line.text == "one two "
    line.home()
    line.delete()
    assert line.text == "ne two "
    line.delete(word=True)
    assert line.text == " two "
    line.backspace()
    assert line.text == " two "


def test_a_letter_with_its_marks_and_a_joined_emoji_are_one_character() -> None:
    line = typed("e\u0301👩\u200d👩\u200d👧")
    line.backspace()
    assert line.text == "e\u0301"
    line.left()
    assert line.cursor == 0
    line.right()
    assert line.cursor == 2


def test_flags_tones_and_selectors_hold_together() -> None:
    assert starts("🇫🇷🇩🇪👍🏽❤\ufe0fx") == [0, 2, 4, 6, 8]


def test_enter_gives_the_words_cleaned_and_empties_the_line() -> None:
    line = typed("  a   wolf ")
    assert line.submit() == "a wolf"
    assert (line.text, line.cursor) == ("", 0)


def test_enter_on_nothing_gives_nothing() -> None:
    assert typed("   ").submit() is None


def test_enter_during_a_composition_belongs_to_the_input_method() -> None:
    line = typed("红")
    line.compose("tai yang", 8)
    assert line.submit() is None
    assert line.shown() == ("红tai yang", 9, (1, 9))
    line.insert("太阳")
    assert line.submit() == "红太阳"


def test_a_cancelled_composition_leaves_nothing_behind() -> None:
    line = typed("ab")
    line.left()
    line.compose("xyz", 1)
    assert line.shown() == ("axyzb", 2, (1, 4))
    line.compose("", 0)
    assert line.shown() == ("ab", 1, (1, 1))


def test_history_goes_back_and_comes_forth_to_the_draft() -> None:
    line = TextInput()
    for words in ("one", "two", "two"):
        line.insert(words)
        line.submit()
    line.insert("draft")
    seen = []
    for step in (line.older, line.older, line.older, line.newer, line.newer, line.newer):
        step()
        seen.append(line.text)
    assert seen == ["two", "one", "one", "two", "draft", "draft"]


def test_history_is_bounded() -> None:
    line = TextInput()
    for number in range(HISTORY + 20):
        line.insert(str(number))
        line.submit()
    for _ in range(HISTORY + 20):
        line.older()
    assert line.text == "20"


def test_pasting_is_cut_where_the_line_is_full_and_stays_on_one_line() -> None:
    line = TextInput(limit=10)
    line.insert("ab\ncd\x00\tefghijklmnop")
    assert line.text == "ab cd efgh"
    line.insert("x")
    assert line.text == "ab cd efgh"


def test_the_line_is_seen_while_somebody_types_and_withdraws_when_nobody_does() -> None:
    line = TextInput()
    assert line.light(0.0) == 0.0
    line.insert("a")
    line.touch(1.0)
    line.light(1.0)
    assert line.light(1.5) == 1.0
    line.light(30.0)
    assert line.light(32.0) == 0.0
    assert line.text == "a"
    line.touch(40.0)
    line.light(40.0)
    assert line.light(41.0) == 1.0


def test_a_submitted_line_fades_away() -> None:
    line = typed("wolf")
    line.touch(0.0)
    line.light(0.0)
    line.light(1.0)
    line.submit()
    line.light(1.0)
    assert 0 < line.light(1.2) < 1
    assert line.light(3.0) == 0.0
