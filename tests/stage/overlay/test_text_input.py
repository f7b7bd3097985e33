"""The text input as a model of editing."""

from __future__ import annotations

from collections.abc import Callable

from installation.stage.overlay.text_input import HISTORY, DisplayText, TextInput
from installation.stage.text.graphemes import cluster_starts


def typed(text: str, limit: int = 500) -> TextInput:
    text_input = TextInput(limit)
    for character in text:
        text_input.insert(character)
    return text_input


def test_typed_text_is_inserted_at_the_cursor() -> None:
    text_input = typed("a wof")
    text_input.left()
    text_input.insert("l")
    assert (text_input.text, text_input.cursor) == ("a wolf", 5)


def test_the_cursor_moves_by_word_and_to_both_ends() -> None:
    text_input = typed("a red  sun ")
    moves: tuple[Callable[[], None], ...] = (
        lambda: text_input.left(by_word=True),
        lambda: text_input.left(by_word=True),
        text_input.home,
        lambda: text_input.right(by_word=True),
        text_input.end,
    )
    places = []
    for move in moves:
        move()
        places.append(text_input.cursor)
    assert places == [7, 2, 0, 1, 11]


def test_deleting_removes_a_character_or_a_word_on_either_side() -> None:
    text_input = typed("one two three")
    texts = []
    text_input.backspace(by_word=True)
    texts.append(text_input.text)
    text_input.home()
    text_input.delete()
    texts.append(text_input.text)
    text_input.delete(by_word=True)
    texts.append(text_input.text)
    text_input.backspace()
    texts.append(text_input.text)
    assert texts == ["one two ", "ne two ", " two ", " two "]


def test_a_letter_with_marks_and_a_joined_emoji_are_one_character() -> None:
    text_input = typed("e\u0301👩\u200d👩\u200d👧")
    text_input.backspace()
    assert text_input.text == "e\u0301"
    text_input.left()
    assert text_input.cursor == 0
    text_input.right()
    assert text_input.cursor == 2


def test_flags_skin_tones_and_variation_selectors_belong_to_their_character() -> None:
    assert cluster_starts("🇫🇷🇩🇪👍🏽❤\ufe0fx") == [0, 2, 4, 6, 8]


def test_submitting_returns_the_cleaned_words_and_clears_the_text() -> None:
    text_input = typed("  a   wolf ")
    assert text_input.submit() == "a wolf"
    assert (text_input.text, text_input.cursor) == ("", 0)


def test_submitting_without_words_returns_nothing() -> None:
    assert typed("   ").submit() is None


def test_nothing_is_submitted_while_an_input_method_composes() -> None:
    text_input = typed("红")
    text_input.compose("tai yang", 8)
    assert text_input.submit() is None
    assert text_input.display() == DisplayText("红tai yang", 9, 1, 9)
    text_input.insert("太阳")
    assert text_input.submit() == "红太阳"


def test_a_cancelled_composition_leaves_the_text_as_it_was() -> None:
    text_input = typed("ab")
    text_input.left()
    text_input.compose("xyz", 1)
    assert text_input.display() == DisplayText("axyzb", 2, 1, 4)
    text_input.compose("", 0)
    assert text_input.display() == DisplayText("ab", 1, 1, 1)


def test_the_history_goes_back_and_returns_to_the_draft() -> None:
    text_input = TextInput()
    for words in ("one", "two", "two"):
        text_input.insert(words)
        text_input.submit()
    text_input.insert("draft")
    recalled = []
    for step in (text_input.older,) * 3 + (text_input.newer,) * 3:
        step()
        recalled.append(text_input.text)
    assert recalled == ["two", "one", "one", "two", "draft", "draft"]


def test_the_history_is_bounded() -> None:
    text_input = TextInput()
    for number in range(HISTORY + 20):
        text_input.insert(str(number))
        text_input.submit()
    for _ in range(HISTORY + 20):
        text_input.older()
    assert text_input.text == "20"


def test_pasted_text_is_cut_at_the_limit_and_stays_on_one_line() -> None:
    text_input = TextInput(limit=10)
    text_input.insert("ab\ncd\x00\tefghijklmnop")
    text_input.insert("x")
    assert text_input.text == "ab cd efgh"


def test_the_text_is_visible_while_somebody_types_and_hidden_but_kept_afterwards() -> None:
    text_input = TextInput()
    opacities = [text_input.opacity(0.0)]
    text_input.insert("a")
    text_input.touch(1.0)
    opacities += [text_input.opacity(now) for now in (1.0, 1.5, 30.0, 32.0)]
    text_input.touch(40.0)
    opacities += [text_input.opacity(now) for now in (40.0, 41.0)]
    assert opacities == [0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 1.0]
    assert text_input.text == "a"


def test_submitted_text_fades_out() -> None:
    text_input = typed("wolf")
    text_input.touch(0.0)
    text_input.opacity(0.0)
    text_input.opacity(1.0)
    text_input.submit()
    text_input.opacity(1.0)
    assert 0 < text_input.opacity(1.2) < 1
    assert text_input.opacity(3.0) == 0.0
