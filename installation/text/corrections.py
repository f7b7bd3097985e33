"""English speech in which one quality, place or number is corrected at once, without its slips.

1. A place: "on an island, sorry, on a hill" is "on a hill".
2. A colour or a size: "it's blue, no, it's red" is "it's red", "a white one, no, a black one" is "a black one".
3. A thing named anew with other words: "a green dress, actually a red dress", "two cats, no, three cats".
4. A thing told more of: "a bird, like, a big yellow bird" is "a big yellow bird".

Whole wishes that are replaced by others are left to `gist`.
"""

from __future__ import annotations

import re

from installation.text.rewriting import rewritten, rules_of

_SLIP = (
    r"(?:[,.\u2026]* (?:oh no|no|sorry|wait|actually|i meant?|or rather|rather|oops|well|hang on|uh|u+m+|er+m*)\b)+"
    r"(?<!\bwell)(?<!\buh)(?<!\bum)[,.]*"
)
_PLACES = "on top of|in front of|next to|on|in|at|under|by|behind|near|beside|inside|over"
_DET = "an?|the|my|our|his|her|their|some"
_NUMBER = "one|two|three|four|five|six|seven|eight|nine|ten"
_NAME = rf"(?:{_DET}) (?:[\w-]+ ){{0,2}}?[\w-]+"
_IT_IS = r"(?:it|he|she|they|that)(?:'s|'re| is| are| was| were)"
_VERY = "(?:(?:all|so|very|really|quite|kind of|more like) )*"
_QUALITY = (
    "red|blue|green|yellow|white|black|pink|purple|orange|ginger|brown|golden|gold|grey|gray|silver|striped|spotted|"
    "tiny|little|small|big|huge|giant|enormous|fat|thin|tall|short|old|young"
)
_SLIP_OF_PLACE = re.compile(
    rf"\s*\b(?P<first>{_PLACES}) {_NAME}{_SLIP} (?:(?:and )?{_IT_IS} )?(?=(?P<last>{_PLACES}) (?:{_DET}) )",
    re.IGNORECASE,
)
_RULES = rules_of(
    (
        (r"\b((?:this|these|an?) [\w-]+),? right(?=,? (?:and |so )?(?:it|he|she|they|there)\b)", r"\1"),
        (rf"\b((?:{_PLACES}) {_NAME}),? (?:and )?{_IT_IS} \1\b", r"\1"),
        (  # "four of us, I think, no, five"
            rf"\b(?:{_NUMBER})((?: of (?:us|them))?)(?:,? (?:i think|i guess|maybe))?{_SLIP} "
            rf"({_NUMBER})(?: of (?:us|them))?(?! of\b)(?=$|[,.;]| (?:and|in|on|at|with|of)\b)",
            r"\2\1",
        ),
        (rf"\b({_IT_IS}) {_VERY}(?:{_QUALITY}){_SLIP} (?:{_IT_IS} )?({_VERY}(?:{_QUALITY}))\b(?! \w+ing\b)", r"\1 \2"),
        (rf"\b(?:an?|the) ([a-z-]+) (an? {_VERY}(?:{_QUALITY}) )\1\b", r"\2\1"),
        (
            rf"\b(?:an?|the) {_VERY}(?:{_QUALITY}) (?!one\b)([\w-]+){_SLIP} (an? {_VERY}(?:{_QUALITY})) one\b",
            r"\2 \1",
        ),
        (rf"\b(?:an?|the) {_VERY}(?:{_QUALITY}) one{_SLIP} ((?:an?|the) {_VERY}(?:{_QUALITY}) one)\b", r"\1"),
        (
            rf"\b(?:{_DET}|{_NUMBER}) (?:[\w-]+ ){{0,2}}?([\w-]+){_SLIP} (?:{_IT_IS} )?"
            rf"((?:{_DET}|{_NUMBER}) (?:[\w-]+ ){{0,3}}?)\1\b",
            r"\2\1",
        ),
        (
            rf"\b(?:an?|the) ([\w-]+),? (?:(?:like|you know|i mean|well),? )+(an? {_VERY}(?:[\w-]+ ){{1,3}})\1\b",
            r"\2\1",
        ),
    )
)


def without_slips(text: str) -> str:
    """The text with what was corrected at once as it was meant in the end."""
    return rewritten(_SLIP_OF_PLACE.sub(_last_place, text), _RULES)


def _last_place(found: re.Match[str]) -> str:
    """Nothing for a place that another replaces; a place that renews an earlier one is left as it is."""
    first, last = found["first"].lower(), found["last"].lower()
    renews = first != last and re.search(rf"\b{last} (?:{_DET})\b", found.string[: found.start()], re.IGNORECASE)
    return found[0] if renews else " "
