"""The command `words`."""

from __future__ import annotations

import json

import pytest

from installation.cli.main import main
from installation.cli.words import WordMeaning, look_up, read_vocabulary
from installation.models.interfaces import Group
from installation.models.theatre.vocabulary import GROUPS

COLOURS = (Group("colour", ("red", "dark red", "blue")), Group("animal", ("red panda", "Blue")))


@pytest.mark.slow
def test_all_labels_of_all_groups_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["words"]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert [group.name for group in GROUPS if ", ".join(group.labels) not in printed] == []
    assert "grief" in printed


def test_the_list_in_json_has_the_groups_of_the_generator_and_the_moods(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["words", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert {name: tuple(listed[name]) for name in listed if name != "mood"} == {
        group.name: group.labels for group in GROUPS
    }
    assert "grief" in listed["mood"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("terms", "status", "expected"),
    [
        (["wolf"], 0, ["wolf figure wolf", "wolf companion wolf"]),
        (["WOLF"], 0, ["wolf figure wolf", "wolf companion wolf"]),
        (["red", "sun"], 0, ["red sun sun or moon red sun"]),
        (["gale", "grief"], 0, ["gale sky storm", "grief mood sky: grey, weather: rain, place: graveyard"]),
        (["Hund"], 0, ["Hund German figure: dog"]),
        (["inferno"], 0, ["inferno weather fire (held out of the perceptor's training)"]),
        (["wulf"], 1, ["'wulf' is not in the vocabulary. Similar: wolf."]),
        (["wolf", "xyzzy"], 1, ["wolf figure wolf", "'xyzzy' is not in the vocabulary."]),
    ],
)
def test_looking_up_words(
    terms: list[str], status: int, expected: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["words", *terms]) == status
    printed = " ".join(capsys.readouterr().out.split())
    assert [part for part in expected if part not in printed] == []


def test_a_look_up_in_json_says_which_classes_a_word_means(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["words", "Hund", "--json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)
    assert (found["term"], found["matches"], found["suggestions"]) == (
        "Hund",
        [{"text": "Hund", "kind": "German", "classes": [["subject", "dog"]], "in_training": True}],
        [],
    )


def test_an_unknown_generator_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["words", "--generator", "theater"]) == 2
    assert "did you mean 'theatre'?" in capsys.readouterr().err


def test_other_generators_are_described_by_their_labels_alone() -> None:
    assert read_vocabulary(COLOURS) == [
        WordMeaning(label, group.name, ((group.name, label),)) for group in COLOURS for label in group.labels
    ]


def test_a_term_is_found_in_any_case_and_in_longer_entries() -> None:
    found = look_up("  red ", read_vocabulary(COLOURS))
    assert (found.term, [meaning.text for meaning in found.matches]) == ("red", ["red"])
    assert [meaning.text for meaning in found.related] == ["dark red", "red panda"]
    assert [meaning.kind for meaning in look_up("BLUE", read_vocabulary(COLOURS)).matches] == ["colour", "animal"]


def test_a_misspelt_term_brings_suggestions() -> None:
    found = look_up("red pandas", read_vocabulary(COLOURS))
    assert (found.matches, found.suggestions) == ((), ("red panda",))
