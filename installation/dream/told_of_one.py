"""English texts that go on about their first thing with pronouns, in one phrase.

"There's a boat and it's on the sea and the boat is red" is "a red boat on the sea"; "my dog, he's brown, he has long
legs and he's jumping" is "my brown dog with long legs jumping". Weather is told of no thing: "it's raining".
"""

from __future__ import annotations

import re

_STOP = (
    "he|she|it|they|and|but|or|with|in|on|at|by|under|over|of|to|for|from|behind|near|who|that|which|is|are|was|has|"
    "right|like|so"
)
_WORD = rf"(?!(?:{_STOP})\b)[a-z-]+"
_FIRST = re.compile(
    rf"^(?:(?:so|and|maybe|okay),? )*(?:(?:there|it)(?:'s| is| was) )?"
    rf"(an?|the|my|our|this|that|one) ((?:{_WORD} ){{0,3}})({_WORD})"
    r"(?=,? (?:(?:and|but|so|also) )*(?:he|she|it)\b)",
    re.IGNORECASE,
)
_VERB = r"(?:'s got| has got|'s| is| was| has| had|'d have)"
_VERY = "(?:(?:all|so|very|really|quite|just|kind of|a bit|also) )*"
_QUALITY = (
    "black and white|red and white|brown and white|ginger and white|red|blue|green|yellow|white|black|pink|purple|"
    "orange|ginger|brown|golden|grey|gray|silver|striped|spotted|tiny|little|small|big|huge|giant|fat|fluffy|old|young|tall|happy|sad|angry"
)
_QUALITIES = re.compile(
    rf"{_VERY}((?:{_QUALITY})(?:(?:,? and |, ){_VERY}(?:{_QUALITY}))*)(?=$|[,.!]| (?:with|in|on|at|and|but)\b)", re.I
)
_OWNED = re.compile(r"(?:(?:like|just) )?(?:(?:these|those|this|some) )?(.+)$", re.IGNORECASE)
_GOES_ON = re.compile(
    r"(?:(?:just|always|also) )?((?!going to\b|called\b|named\b)(?:[a-z]+ing|on|in|at|under|by|behind|near|beside|"
    r"inside|next to|over|up|with)\b.*)$",
    re.IGNORECASE,
)
_CALLED = re.compile(r"(?:called|named) \w+$", re.IGNORECASE)
_PARTS = re.compile(
    r"\b(?:eyes|hair|ears|tail|wings|legs|spots|stripes|beard|fur|horns?|sails|doors?|windows?|roof)\b", re.I
)
_RESTING_IN = re.compile(r"\b(?:sitting|sleeping|lying|hiding) (?:in|inside)\b", re.IGNORECASE)
_WEATHER = re.compile(
    r"(?:raining|snowing|thundering|storming|getting|night|morning|evening|dark|sunny|foggy|windy|cold|winter|summer|"
    r"autumn|spring|christmas|halloween|at night)\b",
    re.IGNORECASE,
)
_EARS = re.compile(  # those of dogs and rabbits are long
    r"\b(dog|puppy|spaniel|beagle|basset|rabbit|hare|bunny|donkey|elephant)(?P<rest> [^,.;]*?)?,? (?:and )?"
    r"with (?:\w+ ){0,2}?(?:long|big|floppy|large|huge|hanging)(?: floppy)? ears\b",
    re.IGNORECASE,
)


def told_of_one(text: str) -> str:
    """An English text with what its pronouns add to its first thing in front of, or behind, that thing."""
    found = _FIRST.match(text)
    return _EARS.sub(r"\1\g<rest>", _told(text, found) if found else text)


def _told(text: str, found: re.Match[str]) -> str:
    determiner, before, noun = found.groups()
    again = rf"(?:\b(?:he|she|it)|\bthe {re.escape(noun)})(?={_VERB}\b)"
    begins = re.compile(rf",? ?(?:\b(?:and|but|so|also|then),? )*{again}", re.IGNORECASE)
    starts = list(begins.finditer(text, found.end()))
    named = bool(before) and noun[0].isupper()  # "my cat Felix"
    if named or not starts or starts[0].start() != found.end():
        return text
    ends = [start.start() for start in starts[1:]] + [len(text)]
    qualities: list[str] = []
    parts, behind, carried, apart = "", "", "", ""
    for start, end in zip(starts, ends, strict=True):
        verb = re.match(_VERB, text[start.end() : end], re.IGNORECASE)
        rest = text[start.end() + (verb.end() if verb else 0) : end].strip()
        owns = verb is not None and verb[0].strip().lower() in ("'s got", "has got", "has", "had", "'d have")
        if not rest or _CALLED.match(rest):
            continue  # said twice: "he's he's"
        if owns and (owned := _OWNED.match(rest)):
            if _PARTS.search(owned[1]):
                parts += f" with {owned[1]}"
            else:
                carried += f" with {owned[1]}"
        elif not owns and not _WEATHER.match(rest) and (quality := _QUALITIES.match(rest)):
            qualities.append(quality[1])
            behind += rest[quality.end() :]
        elif not owns and not _WEATHER.match(rest) and (goes_on := _GOES_ON.match(rest)):
            behind += f" {goes_on[1]}"
        else:
            apart += text[start.start() : end]
    behind = f"{behind}{carried}" if _RESTING_IN.search(behind) else f"{carried}{behind}"
    determiner = "a" if determiner.lower() in ("this", "that") else determiner
    return " ".join(f"{determiner} {before}{' '.join([*qualities, noun])}{parts}{behind}{apart}".split())
