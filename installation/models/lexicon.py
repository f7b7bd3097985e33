"""The words that name the classes of a generator: nouns, colours, times, weather, and moods with all that they imply.

The words are data beside the vocabulary of the generator: `theatre/lexicon.toml` has those of each class, `moods.toml`
abstract words with several classes each, `languages.toml` and `short_words.toml` common nouns of seven other languages,
`common_nouns.toml` further ones of four of these, `scripts.toml` and `more_words.toml` those of six more by their
English names, `everyday_nouns.toml` those of Russian and further ones of six of the others, `figure_nouns.toml` and
`glyph_nouns.toml` those of the figures of everyday life in all of these, `further_nouns.toml` and
`further_glyph_nouns.toml` those of Czech, Swedish, Ukrainian and Greek, `romanised.toml` words in Latin letters of
languages that have others, `scenes.toml` occasions with all that belongs to them, `varieties.toml` words for figures in
a colour, a size or a state, `modern_words.toml` words of life today, `nearest_kinds.toml` words for things that no
figure depicts, with the nearest figure of their kind, `stand_ins.toml` the words whose thing is shown as something
else, `further_figures.toml` what stands in for the figures that only the theatre has, and `implied_places.toml` where
things are at home. A generator that lacks a figure shows a related one.
"""

from __future__ import annotations

import tomllib
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import NamedTuple

from installation.models.interfaces import Group
from installation.models.theatre.further_figures import FURTHER
from installation.models.theatre.glyph_figures import WORDED

FOLDER = Path(__file__).parent / "theatre"
FOREIGN, SHORT_WORDS = "languages", "short_words"  # by label
COMMON, MORE_WORDS, EVERYDAY = "common_nouns", "more_words", "everyday_nouns"
FIGURES, GLYPH_NOUNS, PEOPLE_NOUNS = "figure_nouns", "glyph_nouns", "people_nouns"
FURTHER_NOUNS, FURTHER_GLYPH_NOUNS = "further_nouns", "further_glyph_nouns"
ROMANISED = "romanised"
MODERN = "modern_words"
BY_NAME = {  # the table that comes first decides
    GLYPH_NOUNS: ("de", "fr", "es", "it", "ru", "pl", "tr", "ar", "nl", "pt", "ko", "zh", "ja", "hi"),
    PEOPLE_NOUNS: ("de", "fr", "es", "it", "ru", "pl", "tr", "ar", "nl", "pt", "ko", "zh", "ja", "hi"),
    FIGURES: ("de", "fr", "es", "it", "ru", "pl", "tr", "ar", "nl", "pt", "ko", "zh", "ja", "hi"),
    COMMON: ("de", "fr", "es", "it"),
    "scripts": ("zh", "ja", "hi"),
    MORE_WORDS: ("nl", "pt", "ko"),
    EVERYDAY: ("ru", "pl", "tr", "ar", "nl", "pt", "ko"),
    FURTHER_NOUNS: ("cs", "sv", "uk", "el"),
    FURTHER_GLYPH_NOUNS: ("cs", "sv", "uk", "el"),
}
COLUMNS = {FOREIGN: ("de", "fr", "es", "it"), SHORT_WORDS: ("ar", "tr", "pl"), **BY_NAME}
_ENDINGS = (
    ("'s", ""),
    ("ves", "f"),
    ("ies", "y"),
    ("es", ""),
    ("s", ""),
    ("men", "man"),
    ("eeth", "ooth"),
    ("feet", "foot"),
)
QUALIFIERS = (  # before the figures of `scenes.toml` and `varieties.toml`
    *("two", "three", "many", "crowd"),
    *("white", "red", "gold", "blue", "light blue", "green", "violet", "pink", "orange", "brown", "grey", "black"),
    *("silver", "beige", "yellow"),
    *("spotted", "striped", "shining", "rusty", "icy", "ghostly", "broken", "checkered", "sleeping", "steaming", "wet"),
    *(
        "muddy",
        "snowy",
        "mossy",
        "burnt",
        "dusty",
        "worn",
        "derelict",
        "cracked",
        "wooden",
        "stony",
        "brick-built",
        "woollen",
    ),
    *("rainbow", "patched", "floral", "glassy"),
    *("crying", "loving", "singing", "glowing", "tall", "long", "thin", "fat", "upside down", "sitting", "kneeling"),
    "lying down",
    *("walking", "running", "dancing", "waving", "cheering", "pointing", "jumping", "skating", "bending", "working"),
    *("reaching", "thinking", "shouting", "laughing", "bowing", "kicking", "yawning", "leaving", "calling", "ringing"),
    *("melting", "sinking", "exploding", "dissolving", "grazing", "rearing", "drinking", "splashing", "skipping"),
)
SIZES = {"huge": "huge figure", "tiny": "tiny figure"}  # also before them
VARIETIES, NEAREST_KINDS = "varieties", "nearest_kinds"
UNSHOWN = "unshown"  # the row of `nearest_kinds.toml` that is a list of words
ARTICLES = ("der", "die", "das", "eine", "le", "la", "un", "une", "el", "una", "il", "gli")
OWN_ONLY = "own_only"  # the row of `common_nouns.toml` that is a list of words
MAX_WORDS = 5  # of a phrase
NAMED_GROUPS = ("sky", "celestial", "weather", "terrain", "subject", "detail")  # whose labels are names of things


class Meaning(NamedTuple):
    """A class that a word means."""

    group: str
    label: str


class Scene(NamedTuple):
    """What people expect to see on an occasion, or of a variety of a figure: figures, and light, weather and place.

    Before each figure stand its number, its size, its colour and its states, if any. A meaning without a group is a
    mark of the generator (`Arrangeable`), such as a campfire.
    """

    figures: tuple[tuple[tuple[str, ...], str], ...]
    setting: tuple[Meaning, ...]


@dataclass(frozen=True)
class Lexicon:
    """What words mean to one generator.

    Attributes:
        names: Words and phrases, in lower case, with the classes that each names, at most one of each group.
        moods: Abstract words with the classes that depict them together.
        foreign: Nouns of other languages together, without those of languages that have many English words (Dutch
            "boot"), and without common nouns that mean something else elsewhere (German "Hut").
        languages: The same by language.
        labels: The names of the classes themselves, without those that stand for nothing.
        mood_names: One word for each mood.
        stand_ins: Words whose thing is not shown itself, with the label of what is shown instead.
        modern: Words of life today, brands among them.
        mood_things: Words of moods for things that no figure shows.
        implied: Words with the place where what they name is at home.
        compounds: Things of two words that are none of what the words name, and no figure shows.
        unshown: Single words for things that no figure shows, and that are not guessed at either.
        scenes: Occasions, such as "birthday party"; each is one of `names`, too, for its first figure.
        lands: Words of moods for places on earth.
        english: What those words are called in English, by language and word; "" for any language.
    """

    names: Mapping[str, tuple[Meaning, ...]]
    moods: Mapping[str, tuple[Meaning, ...]]
    foreign: Mapping[str, tuple[Meaning, ...]]
    languages: Mapping[str, Mapping[str, tuple[Meaning, ...]]] = field(default_factory=dict)
    labels: tuple[str, ...] = ()
    mood_names: tuple[str, ...] = ()
    stand_ins: Mapping[str, str] = field(default_factory=dict)
    modern: frozenset[str] = frozenset()
    mood_things: frozenset[str] = frozenset()
    compounds: frozenset[str] = frozenset()
    unshown: frozenset[str] = frozenset()
    implied: Mapping[str, Meaning] = field(default_factory=dict)
    scenes: Mapping[str, Scene] = field(default_factory=dict)
    lands: frozenset[str] = frozenset()
    english: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def has(self, text: str) -> bool:
        """Whether it is an English word or phrase that names something."""
        return text in self.names or text in self.moods


def lexicon_of(groups: Sequence[Group]) -> Lexicon | None:
    """The lexicon for a generator; None if its classes are not those that the lexicon describes."""
    if not {"sky", "terrain", "subject"} <= {group.name for group in groups}:
        return None
    neutral = {group.labels[group.neutral] for group in groups if group.neutral is not None}
    return _lexicon(tuple((group.name, group.labels) for group in groups), frozenset(neutral))


@cache
def _lexicon(labels: tuple[tuple[str, tuple[str, ...]], ...], neutral: frozenset[str]) -> Lexicon:
    known = {Meaning(group, label) for group, each in labels for label in each}
    names: dict[str, tuple[Meaning, ...]] = {}
    for group, each in labels:
        for label in each if group != "companion" else ():
            _add(names, label, Meaning(group, label))
    table = _stand_ins()
    nearest, unshown = _nearest_kinds()
    glyphs = {label: f"{label}, {figure.words}" for label, figure in WORDED.items()}
    drawn_rows = [row for row in _rows({"subject": glyphs}) if Meaning("subject", row[1]) in known]
    drawn_words = {word for _, _, words in drawn_rows for word in words}
    stand_ins = {word: shown for word, shown in table.words.items() if word not in drawn_words}
    for group, label, own_words in _rows({"subject": glyphs}, _table("lexicon")):
        meaning = Meaning(group, label)
        if group == "subject" and meaning not in known:
            meaning = Meaning(group, table.absent.get(label, label))
            stand_ins |= dict.fromkeys(own_words, meaning.label)
        if meaning in known:
            for word in own_words:
                _add(names, word, meaning)
    drawn = {label for label in _varieties() if Meaning("subject", label) in known}  # since, with figures of their own
    scenes = {
        word: scene
        for word, scene in _scenes(labels)
        if scene.figures
        and Meaning("subject", scene.figures[0][1]) in known
        and not (word in _varieties() and any(one.label in drawn for one in names.get(word, ())))
        and not (word in drawn_words and (word in _varieties() or any(word in words for words in nearest.values())))
    }
    names |= {word: (Meaning("subject", scene.figures[0][1]),) for word, scene in scenes.items()}
    stand_ins |= {word: scenes[word].figures[0][1] for words in nearest.values() for word in words if word in scenes}
    modern: set[str] = set()
    for word, meaning, is_other in _modern_words(table.absent, known):
        if word not in names and word not in unshown:
            _add(names, word, meaning)
            modern.add(word)
            stand_ins |= {word: meaning.label} if is_other else {}
    moods: dict[str, tuple[Meaning, ...]] = {}
    mood_names = []
    for rows in _table("moods").values():
        for words, classes in rows.items():
            meanings = tuple(_find(name, labels) for name in classes.split(", "))
            mood_names.append(words.split(", ")[0].lower())
            for word in words.split(", "):
                moods.setdefault(word.lower(), tuple(one for one in meanings if one in known))
    languages: dict[str, dict[str, tuple[Meaning, ...]]] = {}
    plain_words: set[str] = set()
    english: dict[tuple[str, str], str] = {}
    for language, word, name, meanings in _foreign_rows({**moods, **names}):
        kept = tuple(one for one in meanings if one in known)
        if kept:
            own = languages.setdefault(language, {})
            own[word] = own.get(word, ()) + tuple(one for one in kept if not _has_group(own.get(word, ()), one))
            plain_words.add(word)
            english.setdefault((language, word), name)
            english.setdefault(("", word), name)
    bare_words: set[str] = set()
    for language, own in languages.items():
        pairs = [(word, _bare(word)) for word in own]
        for word, bare in pairs:  # "der Bär": the word alone is read in its language only
            if not bare or bare in own:
                continue
            own[bare] = own[word]
            bare_words.add(bare)
            english.setdefault((language, bare), english[language, word])
    places = {label for group, each in labels if group == "terrain" for label in each}
    implied = {
        word: Meaning("terrain", place)
        for place, words in _flat_table("implied_places").items()
        for word in words.split(", ")
        if place in places
    }
    distinct = [own for language, own in languages.items() if language not in BY_NAME[MORE_WORDS]]
    own_only = _own_only(names) | (bare_words - plain_words)
    romanised = {
        word: (name, names[name])
        for name, words in _flat_table(ROMANISED).items()
        for word in words.split(", ")
        if name in names and word not in names
    }
    for word, (name, _) in romanised.items():
        english.setdefault(("", word), name)
    plain = dict.fromkeys(label for group, each in labels if group in NAMED_GROUPS for label in each)
    return Lexicon(
        names=names,
        moods=moods,
        foreign={word: meanings for word, (_, meanings) in romanised.items()}
        | {word: own[word] for own in reversed(distinct) for word in own if word not in own_only},
        languages=languages,
        labels=tuple(label for label in plain if label not in neutral),
        mood_names=tuple(mood_names),
        stand_ins=stand_ins,
        modern=frozenset(modern),
        mood_things=table.mood_things - drawn_words,
        compounds=frozenset(word for word in (*table.compounds, *unshown) if " " in word and word not in names),
        unshown=frozenset(word for word in unshown if " " not in word and word not in names),
        implied=implied,
        scenes=scenes,
        lands=frozenset(word.lower() for words in _table("moods")["lands"] for word in words.split(", ")),
        english=english,
    )


def _modern_words(absent: Mapping[str, str], known: Container[Meaning]) -> Iterator[tuple[str, Meaning, bool]]:
    """The words of life today, what each is shown as, and whether that is another thing."""
    for section, rows in _table(MODERN).items():
        for label, words in rows.items():
            group = "terrain" if section == "places" else "subject"
            shown = label if Meaning(group, label) in known else absent.get(label, label)
            meaning = Meaning(group, shown)
            if meaning in known:
                yield from ((word, meaning, section == "shown_as" or shown != label) for word in words.split(", "))


def _rows(*tables: Mapping[str, Mapping[str, str]]) -> Iterator[tuple[str, str, list[str]]]:
    """Group, label and words of each row; what comes first decides what a word means."""
    for table in tables:
        for group, rows in table.items():
            yield from ((group, label, words.split(", ")) for label, words in rows.items())


def _scenes(labels: Sequence[tuple[str, tuple[str, ...]]]) -> Iterator[tuple[str, Scene]]:
    varieties = ((words, row) for row, words in _flat_table(VARIETIES).items())
    nearest = ((", ".join(words), row) for row, words in _nearest_kinds()[0].items())
    for words, row in (*nearest, *varieties, *_flat_table("scenes").items()):
        figures, setting = [], []
        for name in row.split(", "):
            qualifiers, bare = _qualified(name, labels)
            meaning = _find(bare, labels)
            if meaning.group == "subject":
                figures.append((qualifiers, bare))
            else:
                setting.append(meaning)
        for word in words.split(", "):
            yield word, Scene(tuple(figures), tuple(setting))


@cache
def _nearest_kinds() -> tuple[dict[str, tuple[str, ...]], tuple[str, ...]]:
    """The rows of `nearest_kinds.toml` with their words, and the words that are not shown at all."""
    rows = {row: tuple(" ".join(words.split()).split(", ")) for row, words in _flat_table(NEAREST_KINDS).items()}
    unshown = rows.pop(UNSHOWN)
    return rows, unshown


@cache
def _varieties() -> frozenset[str]:
    """The words of `varieties.toml`."""
    return frozenset(word for words in _flat_table(VARIETIES).values() for word in words.split(", "))


def _qualified(name: str, labels: Sequence[tuple[str, tuple[str, ...]]]) -> tuple[tuple[str, ...], str]:
    """The marks and colours before the label of a figure, and the label."""
    found: list[str] = []
    while not _find(name, labels).group:
        word = next((one for one in (*QUALIFIERS, *SIZES) if name.startswith(f"{one} ")), "")
        if not word:
            break
        found.append(SIZES.get(word, word))
        name = name.removeprefix(word).strip()
    return tuple(found), name


def _add(names: dict[str, tuple[Meaning, ...]], word: str, meaning: Meaning) -> None:
    word = word.lower()
    found = names.get(word, ())
    if meaning.group not in (one.group for one in found):
        names[word] = (*found, meaning)


def _bare(word: str) -> str:
    """A word without the article before it; "" if it has none."""
    first, _, rest = word.partition(" ")
    return rest if first in ARTICLES and " " not in rest else ""


def _has_group(meanings: Sequence[Meaning], meaning: Meaning) -> bool:
    return any(one.group == meaning.group for one in meanings)


def _foreign_rows(
    names: Mapping[str, tuple[Meaning, ...]],
) -> Iterator[tuple[str, str, str, tuple[Meaning, ...]]]:
    """The words of other languages: language, word, English name, meanings; the most telling name of a word first."""
    for table in BY_NAME:
        for name, words in _flat_table(table).items():
            for language, word in _columns(table, words) if name != OWN_ONLY else ():
                yield language, word, name, names.get(name, ())
    for table in (FOREIGN, SHORT_WORDS):
        for group, rows in _table(table).items():
            for label, words in rows.items():
                for language, word in _columns(table, words):
                    yield language, word, label, (Meaning(group, label),)


def _own_only(names: Container[str]) -> frozenset[str]:
    """The nouns that are read in their own language only: those that are English, too, or are listed as such.

    So are all that `everyday_nouns.toml` and `figure_nouns.toml` add (Polish "most", Turkish "at").
    """
    rows = _flat_table(COMMON)
    listed = rows.pop(OWN_ONLY).split()
    words = {word for row in rows.values() for _, word in _columns(COMMON, row)}
    everyday = {
        word
        for name in (EVERYDAY, FIGURES, GLYPH_NOUNS, PEOPLE_NOUNS, FURTHER_NOUNS)
        for row in _flat_table(name).values()
        for _, word in _columns(name, row)
    }
    old = {
        word
        for table in (FOREIGN, SHORT_WORDS)
        for group in _table(table).values()
        for row in group.values()
        for _, word in _columns(table, row)
    }
    return frozenset([*listed, *(word for word in words - old if word in names), *(everyday - old)])


def _columns(table: str, words: str) -> Iterator[tuple[str, str]]:
    for language, column in zip(COLUMNS[table], words.split(", "), strict=True):
        yield from ((language, word.lower()) for word in column.split("/") if word)


def _find(name: str, labels: Sequence[tuple[str, tuple[str, ...]]]) -> Meaning:
    """The class `group:label`, or the first one with a label."""
    if ":" in name:
        return Meaning(*name.split(":"))
    return next((Meaning(group, name) for group, each in labels if name in each), Meaning("", name))


def _table(name: str) -> dict[str, dict[str, str]]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def _flat_table(name: str) -> dict[str, str]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


class _StandIns(NamedTuple):
    words: dict[str, str]  # word -> what is shown
    absent: dict[str, str]  # figure that a generator may not have -> what it shows instead
    mood_things: frozenset[str]
    compounds: frozenset[str]  # of two words, that are none of what the words name


@cache
def _stand_ins() -> _StandIns:
    table = tomllib.loads((FOLDER / "stand_ins.toml").read_text(encoding="utf-8"))
    absent, mood, compounds = table.pop("absent"), table.pop("mood"), table.pop("compounds")
    absent |= {name: figure.like for name, figure in FURTHER.items()}
    words = {word: label for label, each in table.items() for word in each.split(", ")}
    return _StandIns(words, absent, frozenset(mood.split(", ")), frozenset(compounds.split(", ")))


def base_forms(word: str) -> Iterator[str]:
    """The word, and what it may be a plural or a possessive of."""
    yield word
    for ending, base in _ENDINGS:
        if word.endswith(ending) and len(word) > len(ending) + 2:
            yield word.removesuffix(ending) + base
