"""Error messages: suggestions, and quotations from files and the network."""

from __future__ import annotations

from installation.core.errors import MAX_LINE, MAX_WORD, ShowError, suggest


def test_the_closest_known_name_is_suggested() -> None:
    assert suggest("first_lihgt", ["first_light", "poem"]) == "did you mean 'first_light'?"


def test_all_names_are_listed_when_none_is_close() -> None:
    assert suggest("xyz", ["poem", "first_light"]) == "known: first_light, poem."


def test_a_long_list_of_names_is_cut_between_two_names() -> None:
    assert suggest("xyz", [f"parameter/{number:02}" for number in range(80)]).endswith("parameter/09, …")


def test_control_characters_in_a_message_are_escaped() -> None:
    error = ShowError("no show 'a\0b\x1b[2J'.", "none '\x9b\t\n\x7f\u202e\ud800é\u200d'.")
    assert str(error) == "no show 'a\\x00b\\x1b[2J'.\nnone '\\x9b\\t\\n\\x7f\\u202e\\ud800é\u200d'."


def test_a_long_word_and_a_long_line_of_a_message_lose_their_middle() -> None:
    message = str(ShowError(f"There is no show '{'x' * 100_000}'.", f"{'word ' * 100_000}end."))
    first, second = message.split("\n")
    assert (first[:20], first[-4:], len(first)) == ("There is no show 'xx", "xx'.", len("There is no show ") + MAX_WORD)
    assert (second[:10], second[-9:], len(second)) == ("word word ", "word end.", MAX_LINE)
