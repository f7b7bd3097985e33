"""Misspelt English words, and those of text messages, put right before a text is read: "lighthose", "nite".

Only a word that nothing knows is changed, and only to one that the lexicon or the lists of English words have: one
letter away (Damerau 1964), two in a long word, or of the same sound. What is near to none stays an invented name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from installation.dream.act_words import ACT_OF
from installation.dream.english_forms import participle, plural_of, third_person
from installation.dream.english_words import (
    GARMENTS,
    PARTS,
    PREPOSITIONS,
    QUANTITIES,
    SAID,
    UNTOLD,
    function_words,
    nouns,
)
from installation.dream.given_names import is_given_name
from installation.dream.invented_names import is_real
from installation.dream.word_kinds import is_listed, kinds, may_be_noun
from installation.models.lexicon import Lexicon
from installation.text.word_similarity import edit_distance, phonetic_code

LEAST, LONG = 4, 8  # letters of a word that is put right, and of one that may have two mistakes
LETTERS = "abcdefghijklmnopqrstuvwxyz"
_COMMON = (  # verbs besides those that act on something
    "swim run sit walk stand sleep read write sing dance play fly jump sail climb drive ride wait laugh smile cry work "
    "cook bake wash clean iron fold shout fight argue paint draw travel drift float shine burn snow rain bloom fall "
    "grow come go live love miss dream look listen study teach visit shop skate ski camp fish hunt hide whisper"
)
_OTHERS = (  # forms that no rule makes, and old words
    "feet teeth men women children people mice geese wolves leaves knives loaves lives wives shelves halves calves "
    "oxen dice thee thou thy thine hath doth gonna wanna gotta yeah okay"
)
_MESSAGES = {  # words of text messages, and those that are near to others
    "nite": "night",
    "tonite": "tonight",
    "2nite": "tonight",
    "2day": "today",
    "2moro": "tomorrow",
    "luv": "love",
    "skool": "school",
    "thru": "through",
    "wiv": "with",
    "wid": "with",
    "wen": "when",
    "dat": "that",
    "dis": "this",
    "bday": "birthday",
    "xmas": "christmas",
    "frm": "from",
    "sumthing": "something",
    "evry": "every",
    "u": "you",
    "ur": "your",
    "gurl": "girl",
    "boi": "boy",
    "doggy": "dog",
    "runing": "running",
    "flys": "flies",
    "teh": "the",
    "hte": "the",
    "adn": "and",
    "wit": "with",
    "lil": "little",
    "liddle": "little",
    "thier": "their",
    "freind": "friend",
    "freinds": "friends",
    "da": "the",
    "shoon": "shoes",
}
_KIN = "grandpa|grandma|granddad|grandad|granny|grandmother|grandfather|mum|mom|dad|nan|gran|mother|father|daddy|mummy"
_SAID_BETWEEN = "new|old|big|little|small|red|blue|green|favourite|birthday"
_OWNER = re.compile(rf"\b(?<!two )(?<!many )(?<!three )({_KIN})s ((?:(?:{_SAID_BETWEEN}) )?\w+)", re.IGNORECASE)
_ALSO_VERBS = frozenset(["dance", "walk", "drink", "cook", "sleep", "talk", "play", "love", "fish", "work", "laugh"])
_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")


class _Known(NamedTuple):
    """Words to which one may be put right, and the same by their sound."""

    words: frozenset[str]
    by_sound: Mapping[str, tuple[str, ...]]


_kept: dict[int, _Known] = {}  # by lexicon


def well_spelt(text: str, lexicon: Lexicon) -> str:
    """An English text with the words that were meant; names, numbers and words of other languages stay."""
    first = True

    def put_right(found: re.Match[str]) -> str:
        nonlocal first
        word, starts = found[0], first
        first = False
        if word != word.lower() and not (starts and word[1:] == word[1:].lower()):
            return word
        return _right(word.lower(), lexicon) or word

    return _OWNER.sub(_owned, _WORD.sub(put_right, text))


def _owned(found: re.Match[str]) -> str:
    """Give "grandpas dog" the apostrophe that it lacks: its owner is one."""
    owned = found[2].lower().split()[-1]
    owns = may_be_noun(owned) and owned not in _ALSO_VERBS | function_words() | PREPOSITIONS
    return f"{found[1]}'s {found[2]}" if owns else found[0]


def _right(word: str, lexicon: Lexicon) -> str:
    """The word that was meant, or "" if this one is known, or near to none."""
    known = _known(lexicon)
    if word in known.words or is_given_name(word) or word in kinds() or not word.isascii():
        return ""
    if word in _MESSAGES or len(word) < LEAST:
        doubled = word + word[-1]  # "hil"
        right = doubled if doubled in known.words and len(word) == LEAST - 1 else ""
        return _MESSAGES.get(word, "" if is_real(word, lexicon) else right)
    if doubled := _doubled(word):
        return doubled
    if word + "e" in lexicon.labels:
        return word + "e"
    is_adverb = word.endswith("ly") and not is_listed(word)  # which `is_real` takes any for
    if not word.isalpha() or word in nouns() or (is_real(word, lexicon) and not is_adverb):
        return ""
    meant = min(_candidates(word, known), key=lambda one: _unlikeness(word, one, lexicon.labels), default="")
    if word in lexicon.foreign and lexicon.foreign[word] != lexicon.names.get(meant):
        return ""
    return meant


def _unlikeness(word: str, meant: str, labels: tuple[str, ...]) -> tuple[float, bool, bool, bool, str]:
    """How improbable it is that somebody wrote one word for another: the smaller comes first."""
    sound, replaced = phonetic_code(word) != phonetic_code(meant), len(word) == len(meant)
    swapped = replaced and sorted(word) == sorted(meant)
    return (
        _distance(word, meant) + 0.5 * sound,
        word[0] != meant[0],
        meant not in labels,
        replaced and not swapped,
        meant,
    )


def _candidates(word: str, known: _Known) -> Iterator[str]:
    """Known words near enough to one that is unknown."""
    code = phonetic_code(word)
    yield from (one for one in known.by_sound.get(code, ()) if len(one) >= LEAST and edit_distance(word, one) <= 2)
    near = known.words.intersection(_one_edit(word))
    alike = [one for one in near if len(one) >= LEAST and (one[0] == word[0] or one[1:] == word[1:])]
    yield from (one for one in alike if one[0] == word[0] or len(word) > LEAST + 1)
    if len(word) >= LONG and not near:
        others = (one for one in known.words if one[0] == word[0] and abs(len(one) - len(word)) <= 2)
        yield from (one for one in others if len(one) >= LONG - 1 and edit_distance(word, one) <= 2)


def _one_edit(word: str) -> Iterator[str]:
    """All that is one letter more, less or other than a word, or has two letters in the other order."""
    for place in range(len(word) + 1):
        before, after = word[:place], word[place:]
        yield from (before + letter + after for letter in LETTERS)
        if after:
            yield before + after[1:]
            yield from (before + letter + after[1:] for letter in LETTERS)
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]


def _distance(word: str, other: str) -> int:
    """The edit distance, in which two letters in the other order are one edit."""
    return 1 if other in set(_one_edit(word)) else edit_distance(word, other)


def _doubled(word: str) -> str:
    """Spell "swiming" with two letters; "" for a word that doubles nothing."""
    stem = word.removesuffix("ing")
    doubled = participle(stem) if stem != word and len(stem) > 2 else ""
    return doubled if doubled == stem + stem[-1] + "ing" else ""


def _known(lexicon: Lexicon) -> _Known:
    """The words of a lexicon, and common words of English."""
    if id(lexicon) not in _kept:
        named = {*lexicon.names, *lexicon.moods, *lexicon.implied, *lexicon.modern, _OTHERS}
        things = {part for name in named for part in name.split() if part.isalpha() and part.isascii()}
        acts = {form for verb in _COMMON.split() for form in (verb, third_person(verb), participle(verb))} | set(ACT_OF)
        listed = SAID | UNTOLD | GARMENTS | PARTS | QUANTITIES | PREPOSITIONS | function_words()
        words = frozenset(things | {plural_of(one) for one in things if len(one) > 2} | acts | listed)
        sounds: dict[str, tuple[str, ...]] = {}
        for one in sorted(words):
            code = phonetic_code(one)
            sounds[code] = (*sounds.get(code, ()), one)
        _kept[id(lexicon)] = _Known(words, sounds)
    return _kept[id(lexicon)]
