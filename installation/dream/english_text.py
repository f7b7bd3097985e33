"""The words and phrases of an English text that name something, in their order.

1. The longest phrase counts: "red sun" is no sun in a red picture.
2. A colour belongs to the figure that follows it, or that "is" of this colour: "but make it blue". What a place is
   anyway ("a green meadow") does not tint the picture.
3. What follows "like" or "as ... as" is a comparison, until its clause or its noun ends: "like a feather the snow lay
   down". A place after it is not compared: "like tulips along the river".
4. Verbs ("an owl sitting on a tree"), owners ("the dragon's eye") and light itself are weak: they are figures only if
   nothing else is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from installation.core.paths import ASSETS
from installation.dream.arrangement_words import COUNTS, MARKED_COLOURS, NUMBERS, marks_of, place_of
from installation.dream.term import Term
from installation.models.lexicon import MAX_WORDS, Lexicon, Meaning, base_forms
from installation.text.talk import talk_of

NOUNS_FILE = ASSETS / "wordnet" / "nouns.txt"
BIRDS = ("bird", "crow", "swan", "eagle", "owl")
FLAMES = ("candle", "lamp", "flame")  # what burns without a fire
EXACT = tuple(count for count in COUNTS if count != "many")
COLOUR_REACH = 3  # words between a colour and its figure, at most

_WORD = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*|[.,;:!?\u2026]")
_PAUSES = ".,;:!?\u2026"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_CONFUSED = _words("may falls look looks sit seat way post range current note stage front")  # rather verbs
_VERBS_TOO = _words(  # name nothing before their object: "the bus crosses the bridge", "a ship leaves the harbour"
    "crosses leaves wave waves rocks bear bears ship ships swallow swallows duck ducks book books watch hand hands "
    "park parks eye eyes mask masks snows rings fish fishes rose mine lock clock crown crowns post mail sail sails "
    "house houses"
)
_DETERMINERS = _words("a an the my your his her our their this that these those some any no")
_OBJECTS = _DETERMINERS | _words("me you him it us them")
_STARTERS = _DETERMINERS | _words("i he she it they we you there")  # begin another part of a sentence
_PREPOSITIONS = _words("in on at along over across by under through above beside near behind between below beneath")
_BE = _words("is are was were be turns turned")
_LINKS = _BE | _words("and but , make makes made paint it its it's that which who all in of")  # "but make it blue"
_FLOCKS = _words("flock flocks murder skein murmuration")
_COLLECTIVES = _words("flock herd group pack row rows swarm crowd school shoal pride fleet bunch lots murder")
_QUANTITIES = _words(
    "one ones two both three four five six seven eight nine ten dozen dozens hundred hundreds many several countless "
    "huge giant gigantic enormous big large massive colossal immense tiny small little miniature minuscule"
)
_PORTIONS = _words("bit lot course look try show see mean say test stop")  # are no things after "a" either
_WEAK = _words(  # name a figure by what it does or gives
    "light lights lighting illumination sit sits walk walks dance dances read reads ring rings toll tolls howl howls "
    "gallop gallops purr purrs meow hoot bark barks caw roar roars croak croaks slither buzz sail drive cycle camp "
    "unlock knock enter march stroll stare gaze glance blink wink behold touch grasp greet launch tick chime haunt"
)
_NATURAL = {  # colours of places, which are no tint of the picture
    "green": ("field", "hills", "forest", "jungle", "swamp", "river", "island", "mountains"),
    "blue": ("sea", "lake", "river", "ice", "deep sea", "waterfall", "mountains"),
    "gold": ("field", "desert"),
}


def find_terms(text: str, lexicon: Lexicon) -> list[Term]:
    """Split a text into the terms that name classes, and the nouns that name none."""
    words = [word.lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'") for word in _WORD.findall(text)]
    spans = _spans(words, lexicon)
    comparison = _Comparison(words)
    terms: list[Term] = []
    position = after = 0
    while position < len(words):
        comparison.reach(position)
        if position not in spans:
            if _is_unknown_noun(words, position) and not comparison.active:
                terms.append(Term(words[position], ()))
            position += 1
            continue
        end, meanings, mood = spans[position]
        if terms and _is_natural_colour(terms[-1], meanings) and terms[-1].text == words[position - 1]:
            terms.pop()
        term = _term(words, (position, end), meanings, mood, lexicon)
        place = place_of(words, after, position, term.label("subject")) if after else ""
        terms.append(replace(term, compared=comparison.covers(term, end), place=place))
        if mood and term.text in lexicon.mood_things:
            terms.append(Term(term.text, (), compared=terms[-1].compared))
        after = end if term.label("subject") and not term.weak else after
        position = end
    return _with_flocks(_without_lit_flames(_without_bound_colours(terms)), words)


def is_english(word: str, lexicon: Lexicon) -> bool:
    """Whether an English list has the word."""
    talk = talk_of("en")
    if word in lexicon.names or word in lexicon.moods or (talk is not None and word in talk.chatter):
        return True
    return any(form in _nouns() or form in lexicon.names for form in base_forms(word))


class _Comparison:
    """Follows what something is only compared to.

    Attributes:
        active: Whether the word that was reached last is compared.
    """

    def __init__(self, words: Sequence[str]) -> None:
        self.active = False
        self._words = words
        self._noun_end = 0  # the word after the last noun that was compared
        self._placed = False  # whether a preposition has followed that noun

    def reach(self, position: int) -> None:
        """Go on to a word."""
        word = self._words[position]
        if word in _PAUSES or word in ("and", "but") or (self._noun_end == position and word in _STARTERS):
            self.active = False
        if word == "like" or _begins_comparison(self._words, position):
            self.active, self._noun_end, self._placed = True, -1, False
        self._placed |= self._noun_end > 0 and word in _PREPOSITIONS

    def covers(self, term: Term, end: int) -> bool:
        """Whether a term that ends before `end` is compared."""
        covered = self.active and not (self._placed and not term.label("subject"))
        self._noun_end = end if self.active else self._noun_end
        return covered


def _term(
    words: Sequence[str], span: tuple[int, int], meanings: tuple[Meaning, ...], mood: bool, lexicon: Lexicon
) -> Term:
    """What the words of a span name, with its colour and its marks."""
    phrase = " ".join(words[slice(*span)])
    if mood:
        return Term(phrase, meanings, mood=True)
    is_figure = any(one.group == "subject" for one in meanings)
    return Term(
        phrase,
        meanings,
        colour=_colour_of(words, *span, lexicon) if is_figure else "",
        shown_as=_stand_in(phrase, meanings, lexicon),
        marks=marks_of(words, *span, meanings, lexicon),
        weak=is_figure and _is_weak(words, *span),
    )


def _stand_in(phrase: str, meanings: Sequence[Meaning], lexicon: Lexicon) -> str:
    """The label that is shown of something that looks different, or ""."""
    found = next((lexicon.stand_ins[form] for form in base_forms(phrase) if form in lexicon.stand_ins), "")
    return found if any(one.label == found for one in meanings) else ""


def _is_weak(words: Sequence[str], start: int, end: int) -> bool:
    """Whether what names a figure is a verb, an owner, or light."""
    word = words[end - 1]
    if word.endswith("'s"):
        return True
    spoken_of = start > 0 and words[start - 1] in _DETERMINERS
    return end - start == 1 and not spoken_of and (word in _WEAK or (word.endswith("ing") and len(word) > 5))


def _is_natural_colour(colour: Term, meanings: Sequence[Meaning]) -> bool:
    places = _NATURAL.get(colour.label("tint"), ()) if colour.is_colour else ()
    return any(one.group == "terrain" and one.label in places for one in meanings)


def _without_lit_flames(terms: list[Term]) -> list[Term]:
    """Drop the fire of what burns without one: "a burning candle"."""
    if not any(term.label("subject") in FLAMES for term in terms):
        return terms
    return [term for term in terms if term.label("weather") != "fire" or not term.text.startswith(("burn", "blaz"))]


def _with_flocks(terms: list[Term], words: Sequence[str]) -> list[Term]:
    """The terms, and birds in the distance where there is a flock of birds."""
    flock = any(term.label("subject") in BIRDS and "many" in term.marks for term in terms)
    if flock and not set(words).isdisjoint(_FLOCKS):
        return [*terms, Term("flock", (Meaning("detail", "distant birds"),))]
    return terms


def _spans(words: Sequence[str], lexicon: Lexicon) -> dict[int, tuple[int, tuple[Meaning, ...], bool]]:
    """The longest phrases of the lexicon: start -> (end, meanings, whether it is a mood)."""
    spans: dict[int, tuple[int, tuple[Meaning, ...], bool]] = {}
    position = 0
    while position < len(words):
        for length in range(min(MAX_WORDS, len(words) - position), 0, -1):
            found = _look_up(words[position : position + length], lexicon)
            if found and not (length == 1 and _is_talk(words, position, found[0])):
                counted = _counted_figure(words, position, lexicon) if length == 1 else ()
                spans[position] = (position + length, counted or found[0], found[1] and not counted)
                break
        position = spans[position][0] if position in spans else position + 1
    return spans


def _counted_figure(words: Sequence[str], position: int, lexicon: Lexicon) -> tuple[Meaning, ...]:
    """What one of several counted things is, if that is a figure: "three birds" are no flock in the distance."""
    if position == 0 or NUMBERS.get(words[position - 1]) not in EXACT:
        return ()
    meanings = (lexicon.names.get(form, ()) for form in base_forms(words[position]))
    return next((each for each in meanings if any(one.group == "subject" for one in each)), ())


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
    return _has_object(words, position) or (word in _CONFUSED and before not in _DETERMINERS)


def _has_object(words: Sequence[str], position: int) -> bool:
    """Whether a word that may be a thing is a verb before its object."""
    if words[position] not in _VERBS_TOO or (position and words[position - 1] in _DETERMINERS):
        return False
    return not _OBJECTS.isdisjoint(words[position + 1 : position + 2])


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
    if _has_object(words, position):
        return False
    before = words[position - 1] if position else ""
    after = words[position + 1] if position + 1 < len(words) else "."
    if talk is not None and word in talk.function:
        return False
    if talk is not None and word in talk.chatter and (before not in ("a", "an") or word in _PORTIONS):
        return False  # "well, ...", but "a well"
    is_head = not after[0].isalnum() or (talk is not None and after in talk.function)
    if any(form in _nouns() for form in base_forms(word)):
        return True
    return is_head and before in _DETERMINERS | _QUANTITIES


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
    position = end
    while position < len(words) and words[position] in _LINKS:
        position += 1
    is_said = position > end and position < len(words) and words[position - 1] not in _PAUSES
    ends_there = words[position - 1] in _BE or words[position + 1 : position + 2] in ([], [","], ["."], ["and"], ["!"])
    return _colour(words[position], lexicon) if is_said and ends_there else ""


def _colour(word: str, lexicon: Lexicon) -> str:
    if word in MARKED_COLOURS:
        return MARKED_COLOURS[word]
    return next((one.label for one in lexicon.names.get(word, ()) if one.group == "subject_colour"), "")


def _without_bound_colours(terms: list[Term]) -> list[Term]:
    """Drop colours that belong to another term."""
    bound = {term.colour for term in terms} - {""}

    def is_bound(term: Term) -> bool:
        return MARKED_COLOURS.get(term.text, "") in bound or (term.is_colour and term.label("subject_colour") in bound)

    return [term for term in terms if not is_bound(term)]
