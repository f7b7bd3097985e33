"""What is shown of abstract words that stand alone: "so lonely" is an old man on a bench in the snow at night.

The table `emblems.toml` has a sentence for each family of words. A text is read as such a sentence if it consists of
words of the table, of words for how much, for whom and for asking, and of a place, a light or a weather, which then
are those of the sentence: "winter melancholy". Anything else that it names is shown instead.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

from installation.dream.english_words import BE, CALENDAR, PREPOSITIONS
from installation.models.lexicon import FOLDER

LONGEST = 7  # words of a phrase of the table
MOST_WORDS = 9  # of a text


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")
_PLAIN = _words(
    "a an the my your his her our their this that these some any i i'm i've am we we're you you're it it's is are was "
    "were be been he she they feel feels felt feeling feelings being sense mood state kind sort air touch bit little "
    "so very really quite too pretty rather such much more most deep deeply pure purely utter utterly great big huge "
    "total totally complete completely absolute absolutely infinite sheer true real strange sudden suddenly and or of "
    "in for with to all just only now today tonight again always still me us please make makes made show want need "
    "give like about something someone somebody how what when oh o ah hello very simply full filled everything "
    "own inner everyday daily hidden growing terrible terribly unbearable constant lasting slightly human mother's "
    "everyone moment moments concept idea word emotion atmosphere vibe vibes scene picture "
    "look looks looked does do did taste tastes smell smells colour color shape face sounds "
    "thing things long slow old new first last never one's every against father's price cost need ache"
)
_JOINED = frozenset(["and", "or", "of", "in", "for", "with", "to", "about", "like"])  # what follows says more of it
_SIDES = _words(  # words of the table that name a side of what follows "of": "the weight of memory"
    "weight sound end ending beginning beginnings power art secret secrets beauty miracle mystery music language magic "
    "meaning story stories time hours moment song dream dreams question words word poetry feeling life"
)
_FADING = _words(  # behind a feeling that one would keep: it is lost
    "fading fades dissolving dissolves dying dies ending ends vanishing crumbling dwindling ebbing withering withers "
    "disappearing breaking cooling running falling slipping turning drifting wearing lost"
)
_PASSING = _words(  # behind one that one would not: it is over
    "lifting lifts passing passes easing eases healing heals subsiding fading fades dissolving dissolves ending ends "
    "melting melts vanishing cooling disappearing ebbing overcome conquered defeated"
)
_TREASURED = (
    "joy",
    "love",
    "hope",
    "friendship",
    "trust",
    "tenderness",
    "freedom",
    "peace of mind",
    "courage",
    "faith",
)
_SUFFERED = (
    "sadness",
    "grief",
    "anger",
    "fear",
    "loneliness",
    "hate",
    "despair",
    "anxiety",
    "pain",
    "stress",
    "heartbreak",
)
_ABSTRACT_PLURALS = ("ces", "ties", "tions", "ments", "sions", "doms", "ships")
_LOST, _OVER = "a wilted hope", "a healing wound"  # phrases of the table
_ADVERBS = _words("always later enough almost nearly perhaps maybe why nowhere fast")  # beside which others count
_ALONE = (  # words that are no emblem beside a light, a weather or a place
    CALENDAR
    | _SIDES
    | _ADVERBS
    | _words("edge brink deep depth depths trace traces remains echo echoes passage speed chance roots private remote")
    | _words("hot cold warm heat chill chilly freezing wild free rest play ill sick heavy slow loud quiet return")
)


_BETWEEN = "strangers|people|us|brothers|sisters|enemies|neighbours|neighbors|generations|souls"
_TAIL = re.compile(  # what says more of a feeling, but names nothing that is seen
    rf" (?:between (?:(?:two|old|total|complete|perfect) )*(?:{_BETWEEN})"
    r"|(?:that|which|who) (?:comes?|goes|never|won't|will|lasts?|stays?|returns?|lingers?|remains?|cannot|can't|doesn't"
    r"|grows?)(?: [a-z']+){0,4}"
    r"|after (?:(?:so|too|all|many|long|several|these|those|[a-z]+ty|ten) )+years(?: apart| together| of [a-z]+)?)$"
)
_AT_END = re.compile(
    r" at the (?:very )?(?:end|edge|beginning|start|close) of "
    r"(?=(?:an? |the )?(?:\w+ )?(?:winter|summer|autumn|spring|night)$)"
)


class Emblem(NamedTuple):
    """The sentence that depicts a text, and what the text says besides: "winter", "in the city"."""

    sentence: str
    setting: str = ""
    called: bool = False  # whether something in that setting is called so: "a peaceful evening"


def emblem_of(text: str) -> str:
    """The sentence that depicts an English text of nothing but abstract words; "" for any other text."""
    found = emblem_and_setting(text)
    return found.sentence if found is not None and not found.setting else ""


def emblem_and_setting(text: str) -> Emblem | None:
    """The sentence that depicts the abstract words of a short English text; None for a text that has none.

    Of several abstract words, the last before "and" or a preposition counts: "quiet despair", "a fear of silence". Of
    "the sound of silence" it is what follows. What is said to be so ("the sea is calm") is no setting, but a thing.
    """
    plain = text.lower().strip(" .!")
    shorter = _AT_END.sub(" in ", _TAIL.sub("", plain))
    if shorter != plain and (of_shorter := emblem_and_setting(shorter)):
        return of_shorter
    found_words = _WORD.findall(text.lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'"))
    words = [_stem(word) if word not in _PLAIN else word for word in found_words]
    if len(words) > MOST_WORDS:
        return None
    found, setting = "", []
    words, became = _without_course(words)
    position, ended, follows, called = 0, False, False, False  # whether a word follows an abstract one
    while position < len(words):
        phrase = _longest(words[position:])
        word = words[position]
        if not phrase and word in _JOINED:
            ended |= bool(found) and not (word == "of" and _side(found) in _SIDES)
        if not phrase and word not in _PLAIN:
            called |= follows and word not in PREPOSITIONS
            setting.append(word)
        found = phrase if phrase and not ended and not (found and phrase in _ADVERBS) else found
        follows = bool(phrase)
        position += len(phrase.split()) or 1
    if not found or (setting and (_side(found) in _ALONE or not BE.isdisjoint(words))):
        return None
    return Emblem(_sentences()[became or found], " ".join(setting), called)


def _without_course(words: Sequence[str]) -> tuple[list[str], str]:
    """Words without the one that says how a feeling ends, and the phrase that depicts its end: "hope dying"; or ""."""
    for place, word in enumerate(words[1:], 1):
        if word not in _FADING | _PASSING:
            continue
        feeling = _sentences().get(words[place - 1], "")
        ends = [
            end
            for end, course, kinds in ((_LOST, _FADING, _TREASURED), (_OVER, _PASSING, _SUFFERED))
            if word in course and feeling in [_sentences()[kind] for kind in kinds]
        ]
        if ends:
            rest = words[place + 1 + (words[place + 1 : place + 2] in (["away"], ["out"], ["apart"], ["down"])) :]
            return [*words[:place], *rest], ends[0]
    return list(words), ""


def _longest(words: Sequence[str]) -> str:
    """The longest phrase of the table with which words begin, or ""."""
    phrases = (" ".join(words[:length]) for length in range(min(LONGEST, len(words)), 0, -1))
    return next((phrase for phrase in phrases if phrase in _sentences()), "")


def _side(phrase: str) -> str:
    """A phrase without its article: "a moment"."""
    return phrase.removeprefix("the ").removeprefix("a ").removeprefix("an ")


def _stem(word: str) -> str:
    """The word of the table of which a word is the adverb, the quality or the plural: "hopefully", "chances"."""
    stems = [word.removesuffix(ending) for ending in ("ness", "nesses", "ly") if word.endswith(ending)]
    stems += [word.removesuffix("s") for ending in _ABSTRACT_PLURALS if word.endswith(ending)]
    forms = [form for stem in stems for form in (stem, stem.removesuffix("i") + "y", stem.removesuffix("ful"))]
    return next((form for form in (word, *forms) if form in _sentences()), word)


@cache
def _sentences() -> Mapping[str, str]:
    """The table: word -> sentence."""
    table = tomllib.loads((FOLDER / "emblems.toml").read_text(encoding="utf-8"))
    return {word: sentence for sentence, words in table.items() for word in words.split(", ")}
