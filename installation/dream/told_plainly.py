"""English texts without the turns of storytellers: what was done in childhood, for what, at whose house.

1. "When I was little my father took me fishing" shows a child with the father.
2. "Took the boy to the river to fish" is the boy fishing at the river.
3. "The yard of grandmother's house" is the yard, not another house.
4. "In the moonlight" has a moon, and "the sand at the seaside" is a beach.
5. Who floats a paper boat lets it sail; nobody lets it fly.
"""

from __future__ import annotations

import re

_YOUNG = r"(?:little |small |young )?(?:child|kid|boy|girl)"
_CHILDHOOD = re.compile(
    r"(?:,? ?\b(?:back )?when (?:i was|we were) (?:(?:just|still|only|very|so|an?) )*"
    rf"(?:{_YOUNG}|children|kids|little|small|young|\w+ years old)\b"
    rf"|^as (?:(?:an? )?{_YOUNG}|children|kids)\b),?",
    re.IGNORECASE,
)
_ONESELF = re.compile(r"\b(?:I|me|we|us|someone)\b", re.IGNORECASE)
_SEVERAL = ("we", "us")
_ELDERS = (
    "father|dad|daddy|papa|mother|mum|mom|mummy|grandmother|grandma|granny|nana|grandfather|grandpa|granddad|uncle|aunt"
)
_ELDER = re.compile(rf"\b(?:{_ELDERS})\b(?!'s| and\b)", re.IGNORECASE)
_ROOMS = "yard|garden|backyard|courtyard|patio|kitchen|cellar|attic|balcony|veranda|porch|roof|terrace"
_BOATS = r"(?=(?:an?|the|their|his|her|our|my|two|three|some|little) (?:little |small )?(?:paper )?(?:boats?|ships?)\b)"
_RULES = (
    (
        r"\b((?:takes?|took|brings?|brought) (?:an? |the |his |her |my |our )?\w+(?: along| out)?"
        r"(?: to (?:the |an? )?\w+)?) to (fish|swim|skate|dance|sled)(?= ?(?:$|[,.;!?]| (?:at|in|on|with)\b))",
        r"\1 \2ing",
    ),
    (rf"\b({_ROOMS}) of (?:(?:my|our|his|her|their|the|an?) )?(?:\w+ )?(?:\w+'s )?(?:house|home)\b", r"\1"),
    (r"\b(?:in|under|by) (?:the )?(?:(?:pale|silver|bright|full) )?moonlight\b", "at night under the moon"),
    (r"\bon (?:the )?sand (?=(?:at|by|of|beside|near) the (?:sea|seaside|ocean|shore)\b)", "on the beach "),
    (r"\bseaside\b(?! \w+)", "sea"),
    (rf"\bfloat(s|ed|ing)? {_BOATS}", r"sail\1 "),
    (r"\b(tell|tells|told|telling)\b([^,.;]*?) (?:old )?(?:fairy ?tales?|old stories|an old story)\b", r"\1\2 stories"),
    (r"\b((?:cherry|apple|plum|almond|peach|pear) trees?) in (?:full )?(?:bloom|blossom|flower)\b", r"flowering \1"),
    (r"\b(under|beneath|below) (?:the |some )?(?:\w+ )?cherry blossoms?\b", r"\1 the flowering cherry tree"),
    (
        r"\b(under|beneath|below) (?:the |some )?((?:\w+ )?)(cherry|apple|olive|plum|almond|peach) trees\b",
        r"\1 the \2\3 tree",
    ),
)
_ORDERED = tuple((re.compile(pattern, re.IGNORECASE), plain) for pattern, plain in _RULES)


def told_plainly(text: str) -> str:
    """An English text in which all that is to be seen is said as such."""
    text = _with_child(text)
    for pattern, plain in _ORDERED:
        text = pattern.sub(plain, text)
    return text


def _with_child(text: str) -> str:
    """The text with a child, or children, for who tells of their own childhood."""
    found = _CHILDHOOD.search(text)
    if found is None:
        return text
    rest = f"{text[: found.start()]}{text[found.end() :]}".strip()
    said = re.search(r"\b(?:boy|girl)\b", found[0], re.IGNORECASE)
    child = f"a {said[0].lower()}" if said else "a child"
    if own := _ONESELF.search(rest):
        who = "children" if own[0].lower() in _SEVERAL else child
        return f"{rest[: own.start()]}{who}{rest[own.end() :]}"
    return _ELDER.sub(rf"\g<0> and {child}", rest, count=1)
