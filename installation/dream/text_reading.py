"""What the words of a text name among the classes of a generator: figures with their colours, places, times, weather.

The perceptor embeds a text as a whole, and drops words on the way. A reading looks every word up (`models.lexicon`):

1. The longest phrase counts: "red sun" is no sun in a red picture.
2. A colour belongs to the figure that follows it, or that "is" of this colour; alone it tints the picture.
3. What follows "like" or "as ... as" is a comparison: it counts only if nothing is named literally.
4. Moods give what no literal word gives, and nothing besides a literal word but a place.
5. What is named is shown; what nothing names stays neutral, or is one of the quiet classes (`Group.quiet`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from installation.core.paths import ASSETS
from installation.models.interfaces import Group
from installation.models.lexicon import MAX_WORDS, Lexicon, Meaning, base_forms, lexicon_of
from installation.text.talk import talk_of

KEPT_READINGS = 512
NOUNS_FILE = ASSETS / "wordnet" / "nouns.txt"
COLOUR_GROUPS = ("subject_colour", "tint")
COLOUR_REACH = 3  # words between a colour and its figure, at most
UNASKED = ("tint", "weather", "subject", "subject_colour", "companion", "detail")  # groups that only words fill

_WORD = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*|[.,;:!?\u2026]")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_CONFUSED = _words("may falls look looks sit seat way post range current note stage front")  # rather verbs
_DETERMINERS = _words("a an the my your his her our their this that these those some any no")
_BE = _words("is are was were be turns turned")
_COLLECTIVES = _words("flock herd group pack row rows swarm crowd school shoal pride fleet bunch lots")
_QUANTITIES = _words(
    "two both three four five six seven eight nine ten dozen dozens hundred hundreds many several countless huge giant "
    "gigantic enormous big large massive colossal immense tiny small little miniature minuscule"
)


@dataclass(frozen=True)
class Term:
    """A word or phrase of a text that names classes.

    Attributes:
        text: As in the text, in lower case.
        meanings: The classes that it names.
        mood: Whether it is an abstract word, whose classes are one way to depict it.
        compared: Whether something else is only compared to it.
        colour: What the text says of its colour, a label of the group `subject_colour`, or "".
    """

    text: str
    meanings: tuple[Meaning, ...]
    mood: bool = False
    compared: bool = False
    colour: str = ""

    def label(self, group: str) -> str:
        """The label that it names in a group, or ""."""
        return next((one.label for one in self.meanings if one.group == group), "")


@dataclass(frozen=True)
class Reading:
    """What a text names.

    Attributes:
        classes: The class that is to be shown in each group that the words decide, group -> label.
        missing: Things that the text names and the picture cannot show, in the words of the text.
        literal: Whether anything is named literally: then what nothing names is not shown.
    """

    classes: Mapping[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    literal: bool = False


class TextReader:
    """Reads texts for one generator; readings are kept."""

    def __init__(self, lexicon: Lexicon, groups: Sequence[Group]) -> None:
        self._lexicon = lexicon
        self._labels = {group.name: group.labels for group in groups}
        self._readings: dict[str, Reading] = {}

    def read(self, text: str) -> Reading:
        """What the words of a text name."""
        if text not in self._readings:
            if len(self._readings) >= KEPT_READINGS:
                self._readings.clear()
            self._readings[text] = read_text(text, self._lexicon, self._labels)
        return self._readings[text]


def text_reader(groups: Sequence[Group]) -> TextReader | None:
    """A reader for a generator with these classes; None if no lexicon describes them."""
    lexicon = lexicon_of(groups)
    return TextReader(lexicon, groups) if lexicon else None


def read_text(text: str, lexicon: Lexicon, labels: Mapping[str, Sequence[str]]) -> Reading:
    """Read a text.

    Args:
        text: In English, or in a language of the lexicon.
        lexicon: Of the generator.
        labels: The labels of each of the generator's groups.
    """
    terms, unknown = find_terms(text, lexicon)
    named = [term for term in terms if not term.mood and not term.compared]
    if not any(term.meanings and not _is_colour(term) for term in named):
        named += [term for term in terms if term.compared and not term.mood]
    moods = [term for term in terms if term.mood and not term.compared]
    things = [term for term in named if not _is_colour(term)]
    classes, missing = _figures(things, labels)
    for term in things:
        for meaning in term.meanings:
            if meaning.group not in ("subject", "companion"):
                classes.setdefault(meaning.group, meaning.label)
    colours = [term for term in named if _is_colour(term)]
    if colours and not things and colours[0].label("tint"):
        classes["tint"] = colours[0].label("tint")
    for term in moods if things or colours else ():
        terrain = term.label("terrain")
        if terrain:
            classes.setdefault("terrain", terrain)
    return Reading(classes, tuple(dict.fromkeys([*unknown, *missing])), bool(things or colours))


def _is_colour(term: Term) -> bool:
    return all(one.group in COLOUR_GROUPS for one in term.meanings)


def _figures(things: Sequence[Term], labels: Mapping[str, Sequence[str]]) -> tuple[dict[str, str], list[str]]:
    """Place the named figures: the first that has no place as a companion is the subject.

    Returns:
        The classes, and the words of those that found no place.
    """
    figures = list({term.label("subject"): term for term in reversed(things) if term.label("subject")}.values())[::-1]
    persons = [term for term in figures if term.label("subject") != "nobody"]
    companions = set(labels.get("companion", ()))
    if not persons:
        return ({"subject": "nobody"} if figures else {}), []
    head = persons[0]
    if len(persons) > 1 and head.label("subject") in companions and persons[1].label("subject") not in companions:
        head = persons[1]
    classes = {"subject": head.label("subject")}
    if head.colour:
        classes["subject_colour"] = head.colour
    missing = []
    for term in persons:
        if term is head:
            continue
        label = term.label("subject")
        if label in companions and "companion" not in classes:
            classes["companion"] = label
        else:
            missing.append(term.text)
    return classes, missing


def find_terms(text: str, lexicon: Lexicon) -> tuple[list[Term], list[str]]:
    """Split a text into the terms that name classes, and the nouns that name none."""
    words = [word.lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'") for word in _WORD.findall(text)]
    spans = _spans(words, lexicon)
    terms: list[Term] = []
    unknown: list[str] = []
    position = 0
    compared = False
    while position < len(words):
        word = words[position]
        if word in ".,;:!?\u2026" or (word in ("and", "but") and compared):
            compared = False
        if word == "like" or _begins_comparison(words, position):
            compared = True
        if position in spans:
            end, meanings, mood = spans[position]
            colour = "" if mood else _colour_of(words, position, end, lexicon)
            terms.append(Term(" ".join(words[position:end]), meanings, mood, compared, colour))
            position = end
            continue
        if _is_unknown_noun(words, position) and not compared:
            unknown.append(word)
        position += 1
    return _without_bound_colours(terms), unknown


def _spans(words: Sequence[str], lexicon: Lexicon) -> dict[int, tuple[int, tuple[Meaning, ...], bool]]:
    """The longest phrases of the lexicon: start -> (end, meanings, whether it is a mood)."""
    spans: dict[int, tuple[int, tuple[Meaning, ...], bool]] = {}
    position = 0
    while position < len(words):
        for length in range(min(MAX_WORDS, len(words) - position), 0, -1):
            found = _look_up(words[position : position + length], lexicon)
            if found and not (length == 1 and _is_talk(words, position, found[0])):
                spans[position] = (position + length, *found)
                break
        position = spans[position][0] if position in spans else position + 1
    return spans


def _look_up(words: Sequence[str], lexicon: Lexicon) -> tuple[tuple[Meaning, ...], bool] | None:
    phrase = " ".join(words)
    for table, mood in ((lexicon.names, False), (lexicon.moods, True)):
        if phrase in table:
            return table[phrase], mood
    start = phrase.removesuffix(words[-1])
    for form in base_forms(words[-1]):
        if start + form in lexicon.names:
            return lexicon.names[start + form], False
    return (lexicon.foreign[phrase], False) if phrase in lexicon.foreign else None


def _is_talk(words: Sequence[str], position: int, meanings: tuple[Meaning, ...]) -> bool:
    """Whether a single word is no name here: a function word, or a verb after its subject."""
    word, before = words[position], words[position - 1] if position else ""
    talk = talk_of("en")
    if word in _COLLECTIVES and words[position + 1 : position + 2] == ["of"]:
        return True
    if talk is not None and word in talk.function and not any(one.label in ("nobody", "alone") for one in meanings):
        return True
    return word in _CONFUSED and before not in _DETERMINERS


def _begins_comparison(words: Sequence[str], position: int) -> bool:
    """Whether "as" here is the second of "as ... as", or that of "as if"."""
    if words[position] != "as":
        return False
    return "as" in words[max(0, position - 3) : position] or words[position + 1 : position + 2] == ["if"]


def _is_unknown_noun(words: Sequence[str], position: int) -> bool:
    word = words[position]
    talk = talk_of("en")
    if not word[0].isalpha() or word.endswith("ing") or word in _CONFUSED | _QUANTITIES | _COLLECTIVES:
        return False
    if talk is not None and (word in talk.function or word in talk.chatter):
        return False
    before = words[position - 1] if position else ""
    after = words[position + 1] if position + 1 < len(words) else "."
    is_head = not after[0].isalnum() or (talk is not None and after in talk.function)
    return any(form in _nouns() for form in base_forms(word)) or (before in _DETERMINERS and is_head)


@cache
def _nouns() -> frozenset[str]:
    """Common nouns for physical things (WordNet 3.0)."""
    return frozenset(NOUNS_FILE.read_text(encoding="utf-8").split())


def _colour_of(words: Sequence[str], start: int, end: int, lexicon: Lexicon) -> str:
    """The colour that is said of what is named from `start` to `end`."""
    talk = talk_of("en")
    stops = talk.function if talk is not None else frozenset()
    for word in reversed(words[max(0, start - COLOUR_REACH) : max(start, end - 1)]):
        if word in stops or not word[0].isalpha():
            break
        if colour := _colour(word, lexicon):
            return colour
    if words[end : end + 1] and words[end] in _BE and end + 1 < len(words):
        return _colour(words[end + 1], lexicon)
    return ""


def _colour(word: str, lexicon: Lexicon) -> str:
    return next((one.label for one in lexicon.names.get(word, ()) if one.group == "subject_colour"), "")


def _without_bound_colours(terms: list[Term]) -> list[Term]:
    """Drop colours that belong to another term."""
    bound = any(term.colour for term in terms)
    return [term for term in terms if not (bound and _is_colour(term))]
