"""Names that no language has: "a flumberwock" is a creature of paper, "a girafe" a giraffe.

Which creature it is follows from the name, so that a flumberwock always looks the same. The operator is told. A name
without an article, or with a capital letter, may be a place, and shows nothing.
"""

from __future__ import annotations

import difflib
import zlib
from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import cache

from installation.dream.arrangement_words import NUMBERS
from installation.dream.english_words import DETERMINERS, is_english
from installation.dream.term import Term
from installation.dream.word_kinds import is_listed, kinds, rare_nouns
from installation.models.lexicon import Lexicon, Meaning, base_forms

CREATURES = ("dragon", "robot", "dinosaur", "frog", "lizard", "caterpillar", "unicorn", "snail", "bat", "peacock")
PAPERS = ("violet", "pink", "green", "light blue", "orange", "red")
PATTERNS = ("spotted", "striped", "")
MISSPELT, LEAST = 0.82, 5  # similarity of spellings, and letters, from which on a word is another one misspelt
_OF_TODAY = frozenset(  # real things that WordNet lacks
    [
        *("didgeridoo", "lederhosen", "dirndl", "tuktuk", "segway", "matryoshka", "pinata", "trebuchet", "frisbee"),
        *("bento", "ramen", "sudoku", "emoji", "selfie", "podcast", "hoodie", "onesie", "crocs", "macaron", "gyoza"),
        *(
            "falafel",
            "hummus",
            "kebab",
            "quinoa",
            "kombucha",
            "tardis",
            "hobbit",
            "ewok",
            "pikachu",
            "pokemon",
            "minion",
        ),
        *("jedi", "lightsaber", "hogwarts", "quidditch", "muggle", "gruffalo", "moomin", "totoro", "godzilla", "smurf"),
        *("chewbacca", "shrek", "tetris", "minecraft", "playmobil", "jetpack", "cyborg", "mecha", "kaiju", "quokka"),
        *("labradoodle", "cockapoo", "axolotl", "theremin", "ukulele", "cajon", "handpan", "djembe", "kalimba"),
        *("blockchain", "bitcoin", "wifi", "router", "dashboard", "touchscreen", "joystick", "gamepad", "chatbot"),
        *(
            "carol",
            "gloaming",
            "yore",
            "tyger",
            "burrito",
            "taco",
            "nacho",
            "tiramisu",
            "panettone",
            "gnocchi",
            "baguette",
            "schnitzel",
            "strudel",
        ),
    ]
)
_ENDINGS = (  # of peoples, of plants and animals in Latin, and of what science names
    *("ian", "ese", "istani", "ish", "aceae", "idae", "oidea", "sphere", "scope", "itis", "osaurus", "eroid", "ectomy"),
    *("ostructure", "structure", "ology", "ometer", "amine", "azole", "icillin", "eus", "ocene", "saudi", "somali"),
)
_BRITISH = (
    *(("our", "or"), ("tre", "ter"), ("ise", "ize"), ("ising", "izing"), ("yse", "yze"), ("ll", "l")),
    *(("plough", "plow"), ("ae", "e"), ("gue", "g"), ("mould", "mold"), ("grey", "gray"), ("ence", "ense")),
)
_BEFORE = (DETERMINERS - {"some", "any", "no", "those", "these"}) | frozenset(NUMBERS)
_VAGUE = frozenset(["many", "much", "lots", "loads", "plenty", "several", "some", "more"])  # said of what all know
_ADJECTIVES = 3  # words between an article and a name, at most


def with_creatures(terms: Sequence[Term], words: Sequence[str], names: Collection[int], lexicon: Lexicon) -> list[Term]:
    """The terms; invented names are creatures, and misspelt ones what was meant.

    Args:
        terms: Of a text.
        words: Of it, in lower case.
        names: Which of them are written with a capital letter.
        lexicon: Of the generator.
    """
    return [_creature(term, lexicon) if _is_invented(term, words, names, lexicon) else term for term in terms]


def _is_invented(term: Term, words: Sequence[str], names: Collection[int], lexicon: Lexicon) -> bool:
    """Whether a term is a strange word after an article or a number."""
    word = term.text
    if term.meanings or term.compared or " " in word or not word.isalpha() or len(word) < LEAST:
        return False
    if any(is_real(form, lexicon) for form in base_forms(word)):
        return False
    place = words.index(word) if word in words else 0
    before = words[max(0, place - _ADJECTIVES) : place]
    return place not in names and _VAGUE.isdisjoint(before) and not _BEFORE.isdisjoint(before)


def is_real(word: str, lexicon: Lexicon) -> bool:
    """Whether a word is a real one, if not shown: of WordNet, of today, or of two words ("hoverboard")."""
    if (
        word in lexicon.unshown
        or word.endswith(_ENDINGS)
        or is_listed(word)
        or is_english(word, lexicon)
        or word in rare_nouns()
        or word in _OF_TODAY
    ):
        return True
    if any(other in word and is_listed(word.replace(other, own)) for other, own in _BRITISH):
        return True
    parts = ((word[:cut], word[cut:]) for cut in range(3, len(word) - 2))
    return any(kinds().get(first) and kinds().get(second) for first, second in parts)


def _creature(term: Term, lexicon: Lexicon) -> Term:
    meant = _misspelt(term.text, lexicon)
    if meant:
        meanings = next(lexicon.names[form] for form in base_forms(meant) if form in lexicon.names)
        return replace(term, meanings=meanings, shown_as=next((one.label for one in meanings), meant))
    drawn = zlib.crc32(next(reversed(list(base_forms(term.text)))).encode())
    label = CREATURES[drawn % len(CREATURES)]
    paper, pattern = PAPERS[drawn // 16 % len(PAPERS)], PATTERNS[drawn // 128 % len(PATTERNS)]
    marks = (*term.marks, *([pattern] if pattern and pattern not in term.marks else []))
    colour = term.colour or paper
    return replace(term, meanings=(Meaning("subject", label),), colour=colour, marks=marks, shown_as=label)


def _misspelt(word: str, lexicon: Lexicon) -> str:
    """The label that is spelt nearly alike, or ""."""
    for form in base_forms(word):
        found = difflib.get_close_matches(form, _figures(lexicon.labels), 1, MISSPELT)
        if found:
            return found[0]
    return ""


@cache
def _figures(labels: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(label for label in labels if len(label) >= LEAST and " " not in label)
