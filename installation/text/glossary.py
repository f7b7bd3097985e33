"""Small dictionaries of other languages into English: verbs, adjectives, prepositions, numbers, further nouns.

Each language has a table in `glossaries/`. Its sections are kinds of words, and each row is an English word with the
forms of the other language: "old" = "alt~ uralt". A "~" stands for any of the endings of its kind in that language, and
"_" for a space. What follows a "|" are plurals. The tables of `COLUMNS` add words of several languages, with a column
for each of those that they name first; a word that the language's own table has is not changed. A language with a
`base` in its grammar has all the words of that language, too, which are read after its own: Norwegian those of Danish.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

FOLDER = Path(__file__).with_name("glossaries")
STEM, SPACE, PLURALS = "~", "_", "|"
NOUN, ADJECTIVE, VERB, BEFORE, AFTER = "noun", "adjective", "verb", "before", "after"
NUMBER, WORD, ADVERB, ARTICLE = "number", "word", "adverb", "article"
PARTICLE, COUNTER, STRANGE = "particle", "counter", "strange"  # of a noun's role, of a number; an unknown noun
PARTED = "parted"  # verbs whose second part ends the clause
PERFECT, PERFECT_OF_MOTION, MODAL = "perfect", "perfect_of_motion", "modal"  # keys of a grammar
PARTICIPLES = "participles"  # key of a grammar: the pattern of regular ones
PARTICIPLE = "participle"  # of a verb, behind a form of "to have"
BASE = "base"  # another language, whose words a language has, too
JOINED = "joined"  # an "and" with the verb behind it
UNREAD = "unread"  # an unknown word that is no noun
COLUMNS = (  # tables of several languages
    *("living_nouns", "household_nouns", "outdoor_nouns", "everyday_verbs"),
    *("figure_nouns", "thing_nouns", "common_verbs", "common_adjectives", "told_words"),
)
KINDS = (WORD, PARTICLE, COUNTER, BEFORE, AFTER, NUMBER, ARTICLE, ADVERB, ADJECTIVE, VERB, NOUN)  # the first decides
_PLAIN = (WORD, PARTICLE, COUNTER, BEFORE, AFTER, NUMBER, ARTICLE)
MAX_PHRASE = 4  # words
_LONG = 5  # letters


class Entry(NamedTuple):
    """What a word of another language is in English: of a kind, `ending` is what follows its stem."""

    kind: str
    english: str
    ending: str = ""
    plural: bool = False


@dataclass(frozen=True)
class Glossary:
    """The dictionary of one language.

    Attributes:
        verb_last: Whether the verb follows its objects, and what stands somewhere precedes what is said of it.
        verb_free: Whether cases say who does what, so that the verb of a clause stands anywhere.
        adjective_after: Whether adjectives follow their noun.
        verb_first: Whether the verb may begin a sentence, before its subject.
        relative_verb_last: Whether the verb follows its object in a clause that a pronoun begins.
        owner_marked: Whether an owner behind a noun always has a preposition or an article of its own.
        parted: English verbs by a verb and the word that ends its clause: German "geht" and "auf" are "rise".
        participles: English verbs by their participle, as it is said behind a form of "to have".
        perfect: Forms of "to have" before a participle.
        perfect_of_motion: Forms of "to be" before the participle of a verb of motion.
        participle: Of regular verbs, whose stem is its group; of languages that say it just behind "to have".
        modals: Verbs like "to want", before another verb that is what is seen.
        exact: Words in lower case.
        nouns: Those of the exact words that are verbs or adjectives, too: Danish "bager" is a baker, and bakes.
        stems: Beginnings of words, with any of the endings of their kind.
        endings: By kind.
        first_person: Endings of verbs whose subject is "I".
        attributive: Endings of verbs that are said of the noun that follows.
    """

    verb_last: bool = False
    verb_free: bool = False
    adjective_after: bool = False
    verb_first: bool = False
    relative_verb_last: bool = False
    owner_marked: bool = False
    parted: Mapping[tuple[str, str], str] = field(default_factory=dict)
    participles: Mapping[str, str] = field(default_factory=dict)
    perfect: frozenset[str] = frozenset()
    perfect_of_motion: frozenset[str] = frozenset()
    modals: frozenset[str] = frozenset()
    participle: re.Pattern[str] | None = None
    exact: Mapping[str, Entry] = field(default_factory=dict)
    nouns: Mapping[str, Entry] = field(default_factory=dict)
    stems: Mapping[str, tuple[Entry, ...]] = field(default_factory=dict)
    endings: Mapping[str, re.Pattern[str]] = field(default_factory=dict)
    first_person: re.Pattern[str] | None = None
    attributive: re.Pattern[str] | None = None

    def __contains__(self, word: object) -> bool:
        """Whether a word names a thing, or what it does or is like."""
        entry = self.look_up(word) if isinstance(word, str) else None
        return entry is not None and entry.kind not in _PLAIN

    def look_up(self, word: str) -> Entry | None:
        """What a word or phrase in lower case is; None if the dictionary lacks it."""
        if word in self.exact:
            return self.exact[word]
        for end in range(len(word), 0, -1):
            for entry in self.stems.get(word[:end], ()):
                pattern = self.endings.get(entry.kind)
                if pattern is not None and pattern.fullmatch(word[end:]):
                    return entry._replace(ending=word[end:])
        return None

    def plain_words(self) -> Iterator[str]:
        """The single words that name nothing: prepositions, numbers, pronouns and their like."""
        return (word for word, entry in self.exact.items() if entry.kind in _PLAIN and " " not in word)

    @property
    def content(self) -> frozenset[str]:
        """The words that name things, and what they do or are like, without those that are listed by their stem.

        Of phrases the long words count.
        """
        words = [word for word, entry in self.exact.items() if entry.kind not in _PLAIN]
        return frozenset([*words, *(part for word in words for part in word.split() if len(part) >= _LONG)])

    def longest(self, text: str, start: int) -> tuple[int, Entry] | None:
        """Where the longest word that begins at `start` of a text without spaces ends, and what it is; or None."""
        found = None
        for end in range(start + 1, min(len(text), start + 12) + 1):
            entry = self.look_up(text[start:end])
            if entry is not None:
                found = (end, entry)
        return found


def _parted(rows: Mapping[str, str]) -> dict[tuple[str, str], str]:
    """English verbs by both parts of a verb, from rows like "rise" = "geht_auf gehen_auf"."""
    pairs = [(form.partition(SPACE), english) for english, forms in rows.items() for form in forms.split()]
    return {(verb, ending): english for (verb, _, ending), english in pairs}


def _participles(tables: Iterable[Mapping[str, Mapping[str, str]]]) -> dict[str, str]:
    """English verbs by their participles in another language, those of the first table first."""
    found: dict[str, str] = {}
    for table in tables:
        for english, forms in table.get(PARTICIPLE, {}).items():
            for form in forms.split():
                found.setdefault(form, english)
    return found


@cache
def _columns(name: str) -> dict[str, Any]:
    """A table of several languages, as it is written."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def _column(name: str, language: str) -> dict[str, dict[str, str]]:
    """What a table of several languages has of one: by kind, forms by English word."""
    table = _columns(name)
    languages = table["languages"].split()
    if language not in languages:
        return {}
    place = languages.index(language)
    return {
        kind: {english: f"{row}{';' * place}".split(";")[place] for english, row in table[kind].items()}
        for kind in (*KINDS, PARTICIPLE)
        if kind in table
    }


def _file(language: str) -> Path:
    return FOLDER / f"{language}.toml"


def _tables_of(language: str) -> Iterator[dict[str, Any]]:
    """The table of a language, its columns, and the same of its base."""
    table: dict[str, Any] = tomllib.loads(_file(language).read_text(encoding="utf-8"))
    yield table
    yield from (_column(name, language) for name in COLUMNS)
    if base := table["grammar"].get(BASE):
        yield from _tables_of(base)


def _verb_of(word: str, stems: Mapping[str, tuple[Entry, ...]], endings: re.Pattern[str] | None) -> Entry | None:
    """The verb that a noun may be a form of: Danish "løber" is a runner, and runs."""
    if endings is None or " " in word:
        return None
    verbs = (
        (end, verb) for end in range(len(word) - 1, 0, -1) for verb in stems.get(word[:end], ()) if verb.kind == VERB
    )
    return next((verb._replace(ending=word[end:]) for end, verb in verbs if endings.fullmatch(word[end:])), None)


@cache
def glossary_of(language: str) -> Glossary | None:
    """The dictionary of a language, two letters; None if it has none."""
    if not language or not _file(language).exists():
        return None
    tables = list(_tables_of(language))
    table = tables[0]
    exact: dict[str, Entry] = {}
    nouns: dict[str, Entry] = {}
    stems: dict[str, tuple[Entry, ...]] = {}
    for kind in KINDS:
        for english, forms in (row for each in tables for row in each.get(kind, {}).items()):
            ones, _, many = forms.partition(PLURALS)
            plurals = many.split()
            for form in (*ones.split(), *plurals):
                word, entry = form.replace(SPACE, " "), Entry(kind, english, plural=form in plurals)
                if word.endswith(STEM):
                    stem = word.removesuffix(STEM)
                    stems[stem] = (*stems.get(stem, ()), entry)
                elif exact.setdefault(word, entry).kind in (VERB, ADJECTIVE) and kind == NOUN:
                    nouns.setdefault(word, entry)
    grammar = table["grammar"]
    bare = "?" if grammar.get("bare_stems", True) else ""
    endings = {kind: re.compile(f"(?:{grammar[kind]}){bare}") for kind in KINDS if kind in grammar}
    own = " ".join(table.get(NOUN, {}).values()).split()  # which no verb has: Russian "Маша"
    shared = (word for word, entry in exact.items() if entry.kind == NOUN and word not in own)
    verbs = {word: verb for word in shared if (verb := _verb_of(word, stems, endings.get(VERB)))}
    nouns = {word: exact[word] for word in verbs} | nouns
    exact |= verbs
    return Glossary(
        grammar.get("verb_last", False),
        grammar.get("verb_free", False),
        grammar.get("adjective_after", False),
        grammar.get("verb_first", False),
        grammar.get("relative_verb_last", False),
        grammar.get("owner_marked", False),
        _parted(table.get(PARTED, {})),
        _participles(tables),
        frozenset(grammar.get(PERFECT, "").split()),
        frozenset(grammar.get(PERFECT_OF_MOTION, "").split()),
        frozenset(grammar.get(MODAL, "").split()),
        re.compile(grammar[PARTICIPLES]) if PARTICIPLES in grammar else None,
        exact,
        nouns,
        stems,
        endings,
        re.compile(grammar["first_person"]) if "first_person" in grammar else None,
        re.compile(grammar["attributive"]) if "attributive" in grammar else None,
    )
