"""English texts that count several things of which some differ, or that compare how large two things are.

1. "Seven swans, six white and one black" are six white swans and one black swan, "a dozen eggs, one of them golden"
   eleven eggs and one golden egg.
2. "A mouse bigger than an elephant" is a huge mouse beside a tiny elephant, whatever is larger by nature.
3. "A dog as big as a house" is a huge dog beside a house.
"""

from __future__ import annotations

import re

from installation.dream.arrangement_words import MARKED_COLOURS, SIZES
from installation.models.lexicon import base_forms

_HOW_MANY = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_COUNT = rf"(?:{'|'.join(reversed(_HOW_MANY))}|a dozen|half a dozen)"
_LOOKS = (
    *MARKED_COLOURS,
    *("red", "blue", "green", "yellow", "golden", "gold", "white", "purple", "violet", "spotted", "striped"),
    *("broken", "cracked", "sleeping", "asleep", "crying", "upside down", "rusty", "fat", "thin", "tall"),
    *("huge", "tiny", "giant", "small", "big", "large"),
)
_LOOK = rf"(?:{'|'.join(sorted(_LOOKS, key=len)[::-1])})"
_PLACE = r"((?: (?:in|on|at|by|under|beside|near|over|above|across|along|through) [a-z' ]+?)?)"
_OF_THEM = r"(?:(?:of (?:them|which|whom|these|those)|which|that)(?: (?:is|are|was|were))?|is|are)"
_SEVERAL = rf"({_COUNT}) ([a-z' -]*?)([a-z']+s|sheep|fish|geese|mice|deer|children)\b{_PLACE}"
_LOOKING = rf"(?: {_OF_THEM})? ({_LOOK})(?: ones?)?"
_DONE = r"(?= ?(?:$|[.,;!?]))"
_BOTH_LOOK = re.compile(
    rf"\b{_SEVERAL}[,:;]? (?:and )?({_COUNT}){_LOOKING},? and (?:the other )?"
    rf"({_COUNT})?(?: {_OF_THEM})? ?({_LOOK})(?: ones?)?{_DONE}",
    re.IGNORECASE,
)
_SOME_LOOK = re.compile(rf"\b{_SEVERAL}, (?:but |and |with )?(?:only )?({_COUNT}){_LOOKING}{_DONE}", re.IGNORECASE)
_THING = r"((?:an?|the|my|our|his|her|this|that|one) (?!own\b)(?:[a-z'-]+ ){0,2}?[a-z'-]+)"
_LINK = r"(?:,? (?:that |which |who )?(?:is|was|grows|grew|has grown|stands)|,)?"
_THAN = re.compile(
    rf"\b{_THING}{_LINK} (?:(?:even|much|far|a lot|many times|no) )?"
    rf"(bigger|larger|taller|huger|higher|greater|smaller|tinier|littler|shorter) than {_THING}"
    r"(?: (?:is|was))?(?= ?(?:$|[.,;!?]|(?:in|on|at|by|under|and|beside|near|with|who|that|which)\b))",
    re.IGNORECASE,
)
_AS = re.compile(
    rf"\b{_THING}{_LINK} (?:(?:nearly|almost|just|twice|about|half) )?as "
    r"(big|large|tall|huge|high|small|tiny|little) as "
    r"(an?|the|our|my) ((?:\w+ )?(?:house|tree|car|bus|church|tower|castle|elephant|horse|cow|dog|cat|man|woman|child|"
    r"boy|girl|lighthouse|ship|boat|train|whale|bear|mouse|egg|apple|truck|cottage|giraffe|bicycle|windmill|chair))\b",
    re.IGNORECASE,
)
_SMALLER = ("smaller", "tinier", "littler", "shorter")
_ARTICLE = re.compile(r"^(?:an?|the|one|this|that)$", re.IGNORECASE)


def plain_sizes(text: str) -> str:
    """An English text in which each count is said of its own things, and each compared thing has a size."""
    text = _BOTH_LOOK.sub(_both, text)
    text = _SOME_LOOK.sub(_some, text)
    return _AS.sub(_likened, _THAN.sub(_compared, text))


def _number(word: str) -> int:
    word = word.lower()
    return {"a dozen": 12, "half a dozen": 6}.get(word) or _HOW_MANY.index(word) + 1


def _counted(number: int, looks: str, noun: str) -> str:
    """So many things that look so, with their noun in the singular if it is one."""
    name = list(base_forms(noun))[-1] if number == 1 and noun.endswith("s") else noun
    return " ".join([_HOW_MANY[number - 1], *looks.split(), name])


def _both(found: re.Match[str]) -> str:
    """Each part of the things with its own look; the second part is what is left if its number is not said."""
    total, looks, noun, place, many, look, few, other = found.groups()
    first = _number(many)
    second = _number(few) if few else _number(total) - first
    if first + second != _number(total) or second < 1:
        return found.group()
    return f"{_counted(first, f'{looks} {look}', noun)} and {_counted(second, f'{looks} {other}', noun)}{place}"


def _some(found: re.Match[str]) -> str:
    """The things that look as all do, and those that differ."""
    total, looks, noun, place, few, look = found.groups()
    rest = _number(total) - _number(few)
    if rest < 1:
        return found.group()
    others = [word for word in looks.split() if word not in _LOOKS]
    return f"{_counted(rest, looks, noun)} and {_counted(_number(few), ' '.join([look, *others]), noun)}{place}"


def _compared(found: re.Match[str]) -> str:
    """The two things side by side, each with its size."""
    first, second = ("tiny", "huge") if found[2].lower() in _SMALLER else ("huge", "tiny")
    if second == "huge" and found[3].split()[0].lower() in ("his", "her", "my", "our"):
        return found.group()
    return f"{_sized(found[1], first)} next to {_sized(found[3], second)}"


def _likened(found: re.Match[str]) -> str:
    """The thing with its size, beside what it is as large or as small as."""
    size = "tiny" if found[2].lower() in ("small", "tiny", "little") else "huge"
    return f"{_sized(found[1], size)} next to {found[3]} {found[4]}"


def _sized(thing: str, size: str) -> str:
    """The thing with this size and no other."""
    article, *rest = [word for word in thing.split() if word.lower() not in SIZES]
    return " ".join([re.sub(_ARTICLE, "a", article), size, *rest])
