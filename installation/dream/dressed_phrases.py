"""Who wears what, in phrases of another language that are put into English.

Many languages have one verb for what is worn and what is carried (German "trägt", French "porte"), say what somebody
wears far from who it is, or with a verb of its own: "a girl wears a red dress, flies a kite" is a girl in a red dress.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from installation.dream.english_phrases import AND, DOING, NP, OTHER, TIME, Phrase, is_bare
from installation.dream.english_words import GARMENTS

_ON_HEADS = (
    *("hat", "top hat", "cap", "crown", "mask", "glasses", "headscarf", "helmet", "army helmet", "wreath", "hair bow"),
    *("diving mask", "graduation cap", "headphones", "turban", "veil", "wig"),
)
_ON_BODIES = (
    *("scarf", "shoes", "boots", "gloves", "socks", "necklace", "necktie", "tie", "apron", "belt", "jeans", "shorts"),
    *("trousers", "bikini", "swimsuit", "underpants", "pyjamas", "kimono", "sandal", "sneaker", "high heel", "ring"),
    *(
        "ice skate",
        "roller skate",
        "ballet shoes",
        "diamond ring",
        "wristwatch",
        "backpack",
        "wings",
        "beard",
        "pearls",
    ),
    *("moustache", "mittens", "slippers", "hiking boot", "medal", "armour"),
)
WORN = frozenset([*GARMENTS, *_ON_HEADS, *_ON_BODIES])
_BORNE = ("wear", "carry")  # verbs that many languages do not tell apart
_OVER_HEADS = ("umbrella", "parasol")
_FAR = ("in", "with")  # roles of what somebody wears, behind the verb


def dressed(phrases: Sequence[Phrase]) -> list[Phrase]:
    """The phrases with what is worn beside who wears it, and with what is carried carried."""
    found = [replace(each, suffix=_in_garments(each.suffix)) for each in phrases]
    for index in range(len(found) - 1):
        doing, what = found[index : index + 2]
        if doing.kind == DOING and doing.words in _BORNE and is_bare(what):
            found[index] = replace(doing, words=_verb_for(what.head))
    return _beside_wearers(_worn_while(found))


def _verb_for(head: str) -> str:
    """What one does with a thing that other languages call worn or carried."""
    return "wear" if head in WORN else "hold" if head in _OVER_HEADS else "carry"


def _in_garments(suffix: str) -> str:
    """What follows a noun, with "in the dress" for "wearing the dress"."""
    words = suffix.split(" ")
    if words[0] != "wearing":
        return suffix
    if any(word in _OVER_HEADS for word in words[1:5]):
        return " ".join(["holding", *words[1:]])
    return " ".join(["in", *words[1:]]) if any(word in GARMENTS for word in words[1:5]) else suffix


def _worn_while(phrases: list[Phrase]) -> list[Phrase]:
    """The phrases with what somebody wears who does something else, too, said of them."""
    for index in range(1, len(phrases) - 2):
        who, doing, what = phrases[index - 1 : index + 2]
        if doing.kind != DOING or doing.words != "wear" or not is_bare(who) or what.head not in GARMENTS:
            continue
        rest = phrases[index + 2 :]
        rest = rest[1:] if rest[0].kind == OTHER and rest[0].words == AND else rest
        if rest and rest[0].kind == DOING:
            return [*phrases[:index], replace(what, role="in"), *rest]
    return phrases


def _beside_wearers(phrases: list[Phrase]) -> list[Phrase]:
    """The phrases with a garment that is said behind the verb beside who wears it: "dances in the red dress"."""
    verb = next((index for index, each in enumerate(phrases) if each.kind == DOING), 0)
    if not verb or not is_bare(phrases[verb - 1]) or verb + 1 >= len(phrases):
        return phrases
    worn = next(
        (index for index in range(verb + 1, len(phrases)) if phrases[index].kind != NP or _is_worn(phrases[index])), 0
    )
    if not worn or not _is_worn(phrases[worn]) or any(each.role == TIME for each in phrases[verb + 1 : worn]):
        return phrases
    garment = replace(phrases[worn], role="in" if phrases[worn].head in GARMENTS else phrases[worn].role)
    return [*phrases[:verb], garment, *phrases[verb:worn], *phrases[worn + 1 :]]


def _is_worn(phrase: Phrase) -> bool:
    return phrase.kind == NP and phrase.role in _FAR and phrase.head in WORN
