"""What typed and spoken wishes become, word by word: the table of `wishes.toml`."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from installation.core.prompt_text import parse_prompt
from installation.dream.text_reading import Reading, TextReader, text_reader
from installation.models.theatre.marks import FURTHER_ORDERS, MARKED_COLOURS, NAMES, SECOND, THIRD
from installation.models.theatre.marks import NUMBERS as COUNTS
from installation.models.theatre.vocabulary import GROUPS
from installation.text.gist import gist_of_any

WISHES: dict[str, dict[str, str]] = tomllib.loads(Path(__file__).with_name("wishes.toml").read_text(encoding="utf-8"))
SIZES = {"huge figure": "huge", "tiny figure": "tiny"}
NOTHING = ("nobody", "alone", "ink")


@pytest.fixture(scope="module")
def reader() -> TextReader:
    found = text_reader(GROUPS, NAMES)
    assert found is not None
    found.load()
    return found


@pytest.mark.parametrize("rows", WISHES.values(), ids=WISHES)
def test_wishes_are_read_word_by_word(reader: TextReader, rows: dict[str, str]) -> None:
    wrong = {text: _difference(described(reader, text), expected.split(", ")) for text, expected in rows.items()}
    assert {text: difference for text, difference in wrong.items() if any(difference)} == {}


def _difference(found: set[str], expected: list[str]) -> tuple[list[str], list[str]]:
    """What is read without being expected, and what is expected without being read; "(token)" may be read or not."""
    wanted = {token for token in expected if not token.startswith("(")}
    allowed = {token.strip("()") for token in expected}
    return sorted(found - allowed), sorted(wanted - found)


def described(reader: TextReader, text: str) -> set[str]:
    """What is pictured and told of a text, in the notation of the table."""
    prompt = gist_of_any(text, "en").prompt
    if not prompt:
        return {"stays"}
    found: set[str] = set()
    for part in parse_prompt(prompt):
        found |= _tokens(reader.read(part.text)) if part.weight > 0 else {f"not {part.text}"}
    return found


def _tokens(reading: Reading) -> set[str]:
    classes, marks = dict(reading.classes), list(reading.marks)
    second = [mark.removeprefix(SECOND) for mark in marks if mark.startswith(SECOND)]
    third = [mark.removeprefix(THIRD) for mark in marks if mark.startswith(THIRD)]
    further = [
        _figure([mark.removeprefix(order) for mark in marks if mark.startswith(order)]) for order in FURTHER_ORDERS
    ]
    first = [mark for mark in marks if mark in (*COUNTS, *SIZES, *MARKED_COLOURS)]
    others = [mark for mark in marks if mark not in first and not mark.startswith((SECOND, THIRD, *FURTHER_ORDERS))]
    first.append(classes.pop("subject_colour", "ink"))
    second.append(classes.pop("companion", "alone"))
    figures = {_figure([*first, classes.pop("subject", "nobody")]), _figure(second), _figure(third), *further}
    tint = classes.pop("tint", "")
    return (
        (figures - {""})
        | set(classes.values())
        | ({f"tint {tint}"} if tint else set())
        | {mark if mark in ("two sky", "three sky", "huge sky", "tiny sky") else f"@{mark}" for mark in others}
        | {f"-{word}" for word in reading.missing}
        | {f"{word}>{label}" for word, label in reading.shown_as}
    )


def _figure(words: list[str]) -> str:
    """Number, size, colour and kind, in this order."""
    known = [SIZES.get(word, word) for word in words if word not in NOTHING]
    return " ".join(sorted(known, key=_order))


def _order(word: str) -> int:
    if word in COUNTS:
        return 0
    return 1 if word in SIZES.values() else 2 if word in COLOURS else 3


COLOURS = (*MARKED_COLOURS, "white", "red", "gold", "blue", "green", "violet")
