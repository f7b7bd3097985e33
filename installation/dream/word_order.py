"""English texts in the order and the words that the reader of terms understands.

1. What is left out is filled in: "three red and two blue balloons" are three red balloons and two blue balloons.
2. Sides are named between the figures: "on the left a cat, on the right a dog" is a cat left of a dog.
3. "A turtle with a house on its back" bears it, and "a pumpkin with a candle inside" contains it.
4. A statue of something is that thing of stone.
5. The mother of ducklings is a large duck.
6. Who carries somebody is named before that one.
"""

from __future__ import annotations

import re

from installation.dream.arrangement_words import MARKED_COLOURS, NUMBERS, SIZES
from installation.dream.carried_words import carriers_named
from installation.dream.english_sizes import plain_sizes
from installation.dream.join_words import joined_plainly
from installation.dream.toy_balloons import with_toy_balloons
from installation.dream.young_animals import with_animal_families, with_kinds_of_cubs, with_mothers
from installation.models.lexicon import base_forms
from installation.text.rewriting import rewritten, rules_of

_NUMBER = rf"(?:{'|'.join(sorted((word for word in NUMBERS if word.isascii() and word.isalnum()), key=len)[::-1])})"
_LOOK = "|".join(
    (
        *MARKED_COLOURS,
        *SIZES,
        "red",
        "blue",
        "green",
        "yellow",
        "golden",
        "white",
        "purple",
        "violet",
        "fat",
        "thin",
        "tall",
    )
)
_BODY = "back|head|nose|shoulders?|antlers|horns|trunk|humps?|shell|tail|wings?|roof|belly"
_THING = r"(?:an?|the|one|two|three|four|five|six|some) (?:[\w'-]+ ){1,4}?"
_CUT = "statue|sculpture|figurine|carving"
_STUFF = "stone|marble|bronze|gold|golden|silver|ice|snow|sand|wooden|wood|glass|crystal|iron|metal|chocolate|paper"
_POURED = "soup|stew|porridge|noodles|rice|cereal|milk|water|punch|lime|curry|broth|life"
_VESSEL = "pails?|buckets?|churns?|watering cans?|barrels?|sacks?|bags?|tubs?|wheelbarrows?|tins?|boxes|box|carts?"
_FILLING = (
    "milk|water|paint|wine|beer|cider|rum|oil|flour|sugar|salt|sand|coal|earth|soil|cement|rubbish|"
    "rice|grain|oats|tea|tar|ash|ashes|feed|hay"
)
_AFTER_FRUIT = "on|in|under|beside|between|with|at|from|behind|before|above|rolls?|lies|lying|falls?|grows|hangs?"
_UNEATEN = "rain|stars?|sea|night|fog|snow|light|moon|sun|fireflies|clouds?|waves?|ocean|sky|storms?|water"
_HIGH = "shoulders?|head|nose|trunk|neck|snout|beak|antlers"
_FLANKED = r"\3\4 between two \2"
_HOLDER = "nests?|baskets?|bird ?cages?|cages?|wheelbarrows?|buckets?|pails?"
_LARGE = "(?:houses|trees|mountains?|hills?|palace|lorry|city|town)"  # what is not shown beside what is as large
_ON_WALLS = (  # what hangs or moves on the wall of a room
    "(?:clocks?|pictures?|mirrors?|spiders?|shadows?|paintings?|fly|flies|maps?|posters?|lamps?|windows?|graffiti|portraits?|"
    r"photos?|letters?|cracks?|masks?|keys?|guns?|swords?|calendars?|lights?|hats?|coats?|is|are|was|hangs?|hanging)\b"
)
_SITS = "(?:sitting |sits |perched |standing |stands |walking |walks |asleep |sleeping )?"
_SIDES = r"on the (left|right)(?: (?:hand )?side)?"
_RULES: tuple[tuple[str, str], ...] = (
    (rf"\b({_NUMBER}) ({_LOOK}) and ({_NUMBER}) ({_LOOK}) ([a-z]+)\b", r"\1 \2 \5 and \3 \4 \5"),
    (r"\b(?:an? |the )?clouds? (?:shaped like|in the (?:shape|form) of) (an? [a-z]+)", r"\1 made of clouds in the sky"),
    (r"\b(?:an? |the )(?:[a-z]+ ){1,3}(?:shaped like|in the (?:shape|form) of) (an? [a-z]+)", r"\1"),
    (
        r"\b(an? )([a-z]+) (?:(?:much|far) )?(?:taller|bigger|larger|higher) than "
        r"(?:(?:she|he|it|they) (?:is|are|was|were)\b|(?:her|him|it|them)sel(?:f|ves)|(?:its|his|her|their) [a-z]+)",
        r"\1huge \2",
    ),
    (rf"\b(an? )((?:[a-z]+ ){{1,3}})as (?:big|large|tall|high|huge) as (?:an? |the ){_LARGE}\b", r"\1huge \2"),
    (r"\ba (?:ring|circle|stack|pile|heap) of (?=[a-z]{3,}s\b)(?!leaves|cards|coins|books)", "some "),
    (
        rf"\b(?!{_ON_WALLS}|lean)([a-z]+) {_SITS}on an? (?:(?:high|long|sunny|warm|crumbling|mossy) )?wall\b",
        r"\1 on a stone wall",
    ),
    (r"\b(two|three|four|five|six|seven|eight|nine|ten) of (?:the|my|our|these|those) (?=[a-z]+s\b)", r"\1 "),
    (r"\bbehind bars\b", "in a cage"),
    (rf"\bon (an?|the|my|her|his|their|our) ((?:\w+ ){{0,2}}\w+)'s (?:left |right )?(?:{_HIGH})\b", r"on \1 \2"),
    (rf"\bon the (?:{_HIGH}) of (?=an?\b|the\b|his\b|her\b|my\b|their\b|its\b)", "on "),
    (r"\b(an?|one|two) ((?:\w+ ){1,3})on (?:each|either|both) sides? of (an? |the )(\w+)\b", _FLANKED),
    (r"\b(snake|python|serpent|boa|octopus) (?=(?:a)?round\b)", r"\1 wrapped "),
    (r"\b(in|into|from) an? (?:hole|hollow) in (?=(?:an?|the) (?:\w+ )?(?:tree|oak|log|stump|wall)\b)", r"\1 "),
    (rf"\b(an?|the|one|{_NUMBER}) ((?:\w+ )?)orange(?= (?:{_AFTER_FRUIT})\b| ?(?:$|[,.;!?]))", r"\1 \2orange fruit"),
    (rf"\b(?:with|has|having|balancing) ({_THING})on (?:top of )?(?:its|his|her|their) (?:{_BODY})\b", r"bearing \1"),
    (rf"\b(?:with|has|having) ({_THING})on (?:top of )?it\b", r"bearing \1"),
    (rf"\b(?:with|has|having) ({_THING})inside(?: (?:it|of it))?(?= ?(?:$|[,.;!]))", r"containing \1"),
    (rf"\b({_STUFF}) (?:{_CUT})s? of an? ", r"\1 "),
    (rf"\b({_VESSEL}) (?:full )?of (?:warm |cold |hot |fresh |clean |dirty |dry |wet )*(?:{_FILLING})\b", r"\1"),
    (
        rf"\b((?:an?|the|my|her|his|one) (?:\w+ )?(?:basket|crate|wheelbarrow|fruit bowl)) (?:full )?of "
        rf"(?=(?:{_NUMBER} |\w+ )?\w+s\b)",
        r"\1 containing ",
    ),
    (rf"\b({_HOLDER}) with (?=(?:{_NUMBER} |some |many )?(?:\w+ )?\w+s\b)", r"\1 containing "),
    (
        rf"\b(?:an? |the )?(?:bowl|plate|dish|tray|punnet|platter|slice) of "
        rf"(?!an? |the |{_POURED}|{_UNEATEN})(?=[a-z])",
        "",
    ),
    (rf"\b(?:an? |the )?(?:{_CUT}) of an? (?=[a-z])", "a stone "),
)
_ORDERED = rules_of(_RULES)
_IS = r",? (?:is |there is |stands |sits )?"
_SIDES_FIRST = re.compile(rf"^{_SIDES}{_IS}(.+?),? (?:and )?{_SIDES}{_IS}(.+)$", re.IGNORECASE)
_SIDES_LAST = re.compile(rf"^(.+?),? {_SIDES},? (?:and )?(.+?),? {_SIDES}(.*)$", re.IGNORECASE)
_ONES = re.compile(rf"\b([a-z]+)(,? and) ({_NUMBER}) ({_LOOK}) (ones?)\b", re.IGNORECASE)


def plain_order(text: str) -> str:
    """An English text without ellipses, and with what belongs to a figure behind it."""
    text = joined_plainly(with_mothers(with_animal_families(with_kinds_of_cubs(carriers_named(text)))))
    text = rewritten(text, _ORDERED)
    text = with_toy_balloons(_ONES.sub(_named_again, plain_sizes(text)))
    if found := _SIDES_FIRST.match(text):
        return f"{found[2]} {found[1].lower()} of {found[4]}"
    if found := _SIDES_LAST.match(text):
        return f"{found[1]} {found[2].lower()} of {found[3]}{found[5]}"
    return text


def _named_again(found: re.Match[str]) -> str:
    """The noun instead of "one": "two white cats and a black cat"."""
    noun = found[1] if found[5] == "ones" else list(base_forms(found[1]))[-1]
    return f"{found[1]}{found[2]} {found[3]} {found[4]} {noun}"
