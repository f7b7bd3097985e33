"""The command `words`: what the embedded generators can show, and which words mean it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.table import Table

    from installation.models.interfaces import Group

MAX_RELATED = 12
MAX_SUGGESTIONS = 5
MIN_SIMILARITY = 0.7  # difflib's ratio, 0..1
MOOD = "mood"
NAMES = {  # singular and plural, of the groups of the embedded world; other groups are printed as they are called
    "sky": ("sky", "Skies"),
    "celestial": ("sun or moon", "Sun and moon"),
    "weather": ("weather", "Weather"),
    "terrain": ("place", "Places"),
    "subject": ("figure", "Figures"),
    "companion": ("companion", "Companions"),
    "detail": ("detail", "Details"),
    "tint": ("colour", "Colours"),
    "subject_colour": ("colour of the figure", "Colours of the figure"),
    MOOD: ("mood", "Moods"),
}


@dataclass(frozen=True)
class WordMeaning:
    """A word or phrase of the vocabulary.

    Attributes:
        text: The word or phrase.
        kind: The name of its group, "mood", or the language of a word that is not English.
        classes: What it shows, as (name of the group, label).
        in_training: Whether the perceptor was trained with it. It should understand the others by their likeness to
            these.
    """

    text: str
    kind: str
    classes: tuple[tuple[str, str], ...]
    in_training: bool = True


@dataclass(frozen=True)
class LookUp:
    """The answer to a term.

    Attributes:
        term: What was looked up.
        matches: The meanings of exactly this term; none if it is not in the vocabulary.
        related: Entries that contain the term as a word.
        suggestions: Entries spelled alike, if there are no matches.
    """

    term: str
    matches: tuple[WordMeaning, ...]
    related: tuple[WordMeaning, ...]
    suggestions: tuple[str, ...]


def words(
    terms: Annotated[list[str] | None, typer.Argument(help="Words to look up; none lists all groups.")] = None,
    generator: Annotated[str, typer.Option(help="Name of the generator.")] = "theatre",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> int:
    """List what the pictures can show, or look words up."""
    from installation.models import default_place, load_generator

    groups = load_generator(generator, default_place()).groups
    vocabulary = read_vocabulary(groups)
    if not terms:
        _print_groups(groups, vocabulary, as_json)
        return 0
    phrase = look_up(" ".join(terms), vocabulary)
    found = [phrase] if phrase.matches else [look_up(term, vocabulary) for term in terms]
    if as_json:
        print(json.dumps([asdict(each) for each in found], indent=2, ensure_ascii=False))
    else:
        _print_found(found)
    return 0 if all(each.matches for each in found) else 1


def read_vocabulary(groups: Sequence[Group]) -> list[WordMeaning]:
    """The labels of all groups and, if they are those of the embedded world, all entries of its lexicon."""
    from installation.models.theatre.vocabulary import GROUPS
    from installation.training.data import lexicon

    classes = [(group.name, label) for group in groups for label in group.labels]
    found = {(label, group): WordMeaning(label, group, ((group, label),)) for group, label in classes}
    if classes == [(group.name, label) for group in GROUPS for label in group.labels]:
        training = set(lexicon.training_entries())
        for entry in lexicon.all_entries():
            meaning = tuple(classes[index] for index, _ in entry.labels)
            found[entry.text, entry.kind] = WordMeaning(entry.text, entry.kind, meaning, entry in training)
    return list(found.values())


def look_up(term: str, vocabulary: Iterable[WordMeaning]) -> LookUp:
    """Finds a term in the vocabulary; letter case does not matter."""
    term = " ".join(term.split())
    key = term.casefold()
    by_text: dict[str, list[WordMeaning]] = {}
    for meaning in vocabulary:
        by_text.setdefault(meaning.text.casefold(), []).append(meaning)
    matches = tuple(by_text.get(key, ()))
    related = [
        each for text, meanings in by_text.items() if text != key and f" {key} " in f" {text} " for each in meanings
    ]
    suggestions = () if matches else tuple(get_close_matches(key, by_text, MAX_SUGGESTIONS, MIN_SIMILARITY))
    return LookUp(term, matches, tuple(related[:MAX_RELATED]), suggestions)


def _print_groups(groups: Sequence[Group], vocabulary: Sequence[WordMeaning], as_json: bool) -> None:
    by_name = {group.name: list(group.labels) for group in groups}
    moods: dict[tuple[tuple[str, str], ...], str] = {}
    for meaning in vocabulary:
        if meaning.kind == MOOD:
            moods.setdefault(meaning.classes, meaning.text)  # one word for each mood
    if moods:
        by_name[MOOD] = list(moods.values())
    if as_json:
        print(json.dumps(by_name, indent=2, ensure_ascii=False))
        return
    from installation.cli.console import console

    table = _table()
    for name in sorted(by_name, key=_print_order):
        table.add_row(NAMES.get(name, (name, name))[1], ", ".join(by_name[name]))
        table.add_row()
    page = console()
    page.print(table)
    page.print(f"{len(vocabulary)} words and phrases mean one of these. To look one up: run_show.py words wolf")


def _print_found(found: Sequence[LookUp]) -> None:
    from installation.cli.console import console

    page, table = console(), _table()
    for meaning in (meaning for each in found for meaning in each.matches):
        table.add_row(meaning.text, _singular(meaning.kind), _describe(meaning))
    if table.row_count:
        page.print(table)
    for each in found:
        if not each.matches:
            similar = f" Similar: {', '.join(each.suggestions)}." if each.suggestions else ""
            page.print(f"'{each.term}' is not in the vocabulary.{similar}")
        if each.related:
            page.print(f"See also: {', '.join(dict.fromkeys(meaning.text for meaning in each.related))}.")


def _describe(meaning: WordMeaning) -> str:
    if [group for group, _ in meaning.classes] == [meaning.kind]:
        shown = meaning.classes[0][1]
    else:
        shown = ", ".join(f"{_singular(group)}: {label}" for group, label in meaning.classes)
    return shown + ("" if meaning.in_training else " (held out of the perceptor's training)")


def _table() -> Table:
    from rich.table import Table

    table = Table(box=None, show_header=False, padding=(0, 3, 0, 0))
    table.add_column(style="bold", no_wrap=True)
    return table


def _print_order(name: str) -> int:
    return list(NAMES).index(name) if name in NAMES else len(NAMES)


def _singular(name: str) -> str:
    return NAMES[name][0] if name in NAMES else name
