"""What the words of a text name among the classes of a generator: figures with their colours, places, times, weather.

The perceptor embeds a text as a whole, and drops words on the way. A reading looks every word up (`models.lexicon`):

1. The longest phrase counts: "red sun" is no sun in a red picture.
2. A colour belongs to the figure that follows it, or that "is" of this colour; alone it tints the picture.
3. What follows "like" or "as ... as" is a comparison: it counts only if nothing is named literally.
4. Moods give what no literal word gives, and nothing besides a literal word but a place.
5. What is named is shown; what nothing names stays neutral, or is one of the quiet classes (`Group.quiet`).
6. Things that the lists do not know are shown as the nearest thing that they do know, if it is near enough, and the
   operator is told. A text in another language is read word by word in the same way (`foreign_text`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from installation.core.paths import ASSETS
from installation.dream.arrangement_words import COUNTS, MARKED_COLOURS, marks_of, place_of, relation
from installation.dream.foreign_text import read_foreign
from installation.dream.nearest_words import SURE_IN_ENGLISH, NearestWords
from installation.dream.term import Term
from installation.models.interfaces import Group
from installation.models.lexicon import MAX_WORDS, Lexicon, Meaning, base_forms, lexicon_of
from installation.text.language import ENGLISH, language_of
from installation.text.talk import talk_of

KEPT_READINGS = 512
NOUNS_FILE = ASSETS / "wordnet" / "nouns.txt"
BIRDS = ("bird", "crow", "swan", "eagle", "owl")
COLOUR_REACH = 3  # words between a colour and its figure, at most
UNASKED = ("tint", "weather", "subject", "subject_colour", "companion", "detail")  # groups that only words fill

_WORD = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*|[.,;:!?\u2026]")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_CONFUSED = _words("may falls look looks sit seat way post range current note stage front")  # rather verbs
_DETERMINERS = _words("a an the my your his her our their this that these those some any no")
_BE = _words("is are was were be turns turned")
_FLOCKS = _words("flock flocks murder skein murmuration")
_COLLECTIVES = _words("flock herd group pack row rows swarm crowd school shoal pride fleet bunch lots murder")
_QUANTITIES = _words(
    "two both three four five six seven eight nine ten dozen dozens hundred hundreds many several countless huge giant "
    "gigantic enormous big large massive colossal immense tiny small little miniature minuscule"
)


@dataclass(frozen=True)
class Reading:
    """What a text names.

    Attributes:
        classes: The class that is to be shown in each group that the words decide, group -> label.
        missing: Things that the text names and the picture cannot show, in the words of the text.
        literal: Whether anything is named literally: then what nothing names is not shown.
        shown_as: What is shown as something else: pairs of a word of the text and what is shown.
        english: What the perceptor reads instead of a text in another language; "" for the text itself.
        marks: How the figures are arranged (see `arrangement_words`).
        guessed: Whether nothing is named for certain, and the classes are those of a mood that is a little near.
        pending: Whether more may be known once the sentence encoder is loaded.
    """

    classes: Mapping[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    literal: bool = False
    shown_as: tuple[tuple[str, str], ...] = ()
    english: str = ""
    marks: tuple[str, ...] = ()
    guessed: bool = False
    pending: bool = False


class TextReader:
    """Reads texts for one generator; readings are kept."""

    def __init__(
        self, lexicon: Lexicon, groups: Sequence[Group], nearest: NearestWords | None = None, marks: Sequence[str] = ()
    ) -> None:
        """Read for a generator with these classes and marks (see `Arrangeable`)."""
        self._lexicon, self._nearest, self._marks = lexicon, nearest, frozenset(marks)
        self._labels = {group.name: group.labels for group in groups}
        self._readings: dict[str, Reading] = {}

    @property
    def ready(self) -> bool:
        """Whether all is loaded that is known of words."""
        return self._nearest is None or self._nearest.ready

    def load(self) -> None:
        """Load the sentence encoder; about a second. Raises ShowError, and reads on without it, if it is missing."""
        if self._nearest is None:
            return
        try:
            self._nearest.load()
        except Exception:
            self._nearest = None  # only now: what is read meanwhile is read again
            raise

    def read(self, text: str) -> Reading:
        """What the words of a text name."""
        reading = self._readings.get(text)
        if reading is None or (reading.pending and self.ready):
            if len(self._readings) >= KEPT_READINGS:
                self._readings.clear()
            found = read_text(text, self._lexicon, self._labels, self._nearest)
            reading = self._readings[text] = _supported(found, self._marks)
        return reading


def text_reader(groups: Sequence[Group], marks: Sequence[str] = ()) -> TextReader | None:
    """A reader for a generator with these classes and marks; None if no lexicon describes the classes."""
    lexicon = lexicon_of(groups)
    return TextReader(lexicon, groups, NearestWords(lexicon), marks) if lexicon else None


def _supported(reading: Reading, marks: frozenset[str]) -> Reading:
    """The reading without marks that the generator does not have; numbers and colours among them are missing."""
    lost = [mark for mark in reading.marks if mark not in marks]
    named = [mark for mark in lost if mark in COUNTS or mark in MARKED_COLOURS.values()]
    kept = tuple(mark for mark in reading.marks if mark in marks)
    return replace(reading, marks=kept, missing=tuple(dict.fromkeys([*reading.missing, *named]))) if lost else reading


def read_text(
    text: str, lexicon: Lexicon, labels: Mapping[str, Sequence[str]], nearest: NearestWords | None = None
) -> Reading:
    """Read a text.

    Args:
        text: In any language.
        lexicon: Of the generator.
        labels: The labels of each of the generator's groups.
        nearest: Finds the nearest names; None: only the lists are used.
    """
    ready = nearest if nearest is not None and nearest.ready else None
    language = language_of(text, lambda word: _is_english(word, lexicon), lexicon.foreign.__contains__)
    if language == ENGLISH:
        terms = find_terms(text, lexicon)
        pending = ready is not nearest and any(not term.meanings for term in terms)
        return replace(_reading(_with_nearest(terms, ready), labels), pending=pending)
    foreign = read_foreign(text, language, lexicon, ready)
    reading = replace(_reading(foreign.terms, labels), english=foreign.english, pending=ready is not nearest)
    if foreign.unsure:
        classes = {one.group: one.label for one in foreign.unsure}
        return replace(reading, classes={**classes, "subject": "nobody"}, literal=True, guessed=True)
    return reading


def _reading(terms: Sequence[Term], labels: Mapping[str, Sequence[str]]) -> Reading:
    """What is shown of the terms of a text."""
    named = [term for term in terms if not term.mood and not term.compared]
    if not any(term.meanings and not term.is_colour for term in named):
        named += [term for term in terms if term.compared and not term.mood]
    moods = [term for term in terms if term.mood and not term.compared]
    things = [term for term in named if term.meanings and not term.is_colour]
    classes, missing, marks = _figures(things, labels)
    for term in things:
        for meaning in term.meanings:
            if meaning.group not in ("subject", "companion"):
                classes.setdefault(meaning.group, meaning.label)
    colours = [term for term in named if term.is_colour]
    if colours and "subject" not in classes and colours[0].label("tint"):
        classes["tint"] = colours[0].label("tint")
    for term in moods if things or colours else ():
        terrain = term.label("terrain")
        if terrain:
            classes.setdefault("terrain", terrain)
    unknown = [term.text for term in named if not term.meanings]
    unknown += [mark for term in things if term.label("celestial") for mark in term.marks if mark in COUNTS]
    return Reading(
        classes,
        tuple(dict.fromkeys([*unknown, *missing])),
        bool(things or colours),
        tuple((term.text, term.shown_as) for term in things if term.shown_as and term.shown_as in classes.values()),
        marks=tuple(dict.fromkeys([*marks, *(mark for term in things for mark in term.marks if mark.endswith("sky"))])),
    )


def _with_nearest(terms: Sequence[Term], nearest: NearestWords | None) -> list[Term]:
    """The terms, with what is near enough to things that are not known."""
    unknown = [term for term in terms if not term.meanings]
    if nearest is None or not unknown:
        return list(terms)
    found = dict(zip([term.text for term in unknown], nearest.names([term.text for term in unknown]), strict=True))
    return [
        replace(term, meanings=match.meanings, shown_as=match.name)
        if (match := found.get(term.text)) and match.similarity >= SURE_IN_ENGLISH and not term.meanings
        else term
        for term in terms
    ]


def _figures(
    things: Sequence[Term], labels: Mapping[str, Sequence[str]]
) -> tuple[dict[str, str], list[str], list[str]]:
    """Place the named figures: the first that has no place as a companion is the subject.

    Of two that stand on, above, under or behind each other, the second is, if the first can be its companion.

    Returns:
        The classes, the words of those that found no place, and the marks of the subject.
    """
    figures = list({term.label("subject"): term for term in reversed(things) if term.label("subject")}.values())[::-1]
    persons = [term for term in figures if term.label("subject") != "nobody"]
    companions = set(labels.get("companion", ()))
    if not persons:
        return ({"subject": "nobody"} if figures else {}), [], []
    head = persons[0]
    if len(persons) > 1 and head.label("subject") in companions:
        second = persons[1]
        head = second if second.place or second.label("subject") not in companions else head
    classes = {"subject": head.label("subject")}
    marks = [mark for mark in head.marks if not mark.endswith("sky")]
    if head.colour in labels.get("subject_colour", ()):
        classes["subject_colour"] = head.colour
    elif head.colour:
        marks.append(head.colour)
    missing = []
    for term in persons:
        if term is head:
            continue
        label = term.label("subject")
        if label in companions and "companion" not in classes:
            classes["companion"] = label
            place = persons[1].place if {term.text, head.text} == {one.text for one in persons[:2]} else ""
            marks += [relation(place, first_is_companion=term is persons[0])] if place else []
        else:
            missing.append(term.text)
    return classes, missing, marks


def find_terms(text: str, lexicon: Lexicon) -> list[Term]:
    """Split an English text into the terms that name classes and the nouns that name none, in their order."""
    words = [word.lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'") for word in _WORD.findall(text)]
    spans = _spans(words, lexicon)
    terms: list[Term] = []
    position = after = 0
    compared = False
    while position < len(words):
        word = words[position]
        if word in ".,;:!?\u2026" or (word in ("and", "but") and compared):
            compared = False
        if word == "like" or _begins_comparison(words, position):
            compared = True
        if position in spans:
            end, meanings, mood = spans[position]
            phrase = " ".join(words[position:end])
            is_figure = not mood and any(one.group == "subject" for one in meanings)
            colour = _colour_of(words, position, end, lexicon) if is_figure else ""
            marks = () if mood else marks_of(words, position, end, lexicon)
            place = place_of(words, after, position) if after else ""
            stand_in = lexicon.stand_ins.get(phrase, "")
            term = Term(phrase, meanings, mood, compared, colour, stand_in, marks, place)
            terms.append(term)
            position = end
            after = end if term.label("subject") else after
            continue
        if _is_unknown_noun(words, position) and not compared:
            terms.append(Term(word, ()))
        position += 1
    return _with_flocks(_without_bound_colours(terms), words)


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


def _is_english(word: str, lexicon: Lexicon) -> bool:
    """Whether an English list has the word."""
    talk = talk_of("en")
    if word in lexicon.names or word in lexicon.moods or (talk is not None and word in talk.chatter):
        return True
    return any(form in _nouns() or form in lexicon.names for form in base_forms(word))


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
    if word in MARKED_COLOURS:
        return MARKED_COLOURS[word]
    return next((one.label for one in lexicon.names.get(word, ()) if one.group == "subject_colour"), "")


def _without_bound_colours(terms: list[Term]) -> list[Term]:
    """Drop colours that belong to another term."""
    bound = any(term.colour for term in terms)
    return [term for term in terms if not (bound and (term.is_colour or term.text in MARKED_COLOURS))]
