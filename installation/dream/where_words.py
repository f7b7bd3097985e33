"""Where things are, in words whose relation is read: by the door, on the chimney, on top of stairs.

Boots by the door stand in the hall, washing on the line is a washing line, and who sits on a chimney is high up.
"""

from __future__ import annotations

from installation.text.rewriting import rewritten, rules_of

_THE = "(?:an?|the|our|my|his|her|its)"
_BY_DOOR = (
    "coats?|raincoats?|boots|wellies|wellingtons|shoes|slippers|umbrellas?|mops?|brooms?|suitcases?|bags?|keys|doormat"
)
_HIGH = "stairs|staircase|ladder|tower|tree|lighthouse|wall|slide"
_WASHING = "washing|laundry|sheets|shirts|clothes"
_RULES = (
    (
        rf"\b({_BY_DOOR}) (?:(?:stands?|waits?|lies?|hangs?|are|is|left|waiting|standing|hanging) )*"
        r"(?:by|beside|at|near|behind|next to) the (?:front |back |kitchen )?door\b(?! of)",
        r"\1 in the hallway",
    ),
    (rf"\b(on|under|beneath) {_THE} ((?:\w+ )?)doormat\b", r"\1 the \2doormat in the hallway"),
    (rf"\bat the (?:very )?top of (?={_THE} (?:\w+ )?(?:{_HIGH})\b)", "on top of "),
    (
        r"\b(on|in|inside|down|atop) (?:an?|the|our) (?:(?:tall|old|red|brick) )*chimney\b(?! (?:of|smoke|sweep))",
        r"\1 a chimney stack on the rooftops",
    ),
    (
        rf"\b{_THE} (?:(?:red|white|and|tartan|checked|checkered|chequered) )+(?:picnic )?(?:blanket|rug|cloth)\b",
        "a picnic blanket",
    ),
    (r"\b(?:mountain|alpine) (?:hut|cabin|chalet)\b", "log cabin in the mountains"),
    (r"\bwooden (?:hut|cabin|chalet|shack)\b", "log cabin"),
    (
        r"(?<!in )(?<!inside )(?<!into )\b(an?|the) ((?:old|dark|little|empty) )?stable"
        r"(?=$|[,.;]| (?:with|in|at|by|under|where|on|and|behind|beside)\b)",
        r"\1 \2barn",
    ),
    (rf"\b{_THE} pumpkin (?:patch|field)\b", "five pumpkins in a vegetable field"),
    (rf"\b(picnic\w*\b.{{0,30}}? on) {_THE} blanket\b", r"\1 a picnic blanket"),
    (
        rf"\bon {_THE} blanket (?=(?:under|in|on|by|beside) {_THE} "
        r"(?:\w+ )?(?:tree|oak|willow|grass|park|garden|meadow|beach|lawn|field|lake|river|sun)\b)",
        "on a picnic blanket ",
    ),
    (
        r"\bsmoke (?:(?:rising|curling|coming) )?(?:from|out of|over|above) (?:(?:the|its|all|their) )*chimneys\b",
        "smoke",
    ),
    (rf"\bunder (?={_THE} (?:pile|heap) of (?:\w+ )?leaves\b)", "in "),
    (
        rf"\b(?:(?:the|clean|wet|white) )*(?:{_WASHING}) "
        r"(?:(?:is|are|hangs?|hanging|dries|drying|flapping) )*"
        r"on (?:the|a|our|her) (?:washing |clothes |clothes-)?line\b",
        "the washing line",
    ),
    (
        r"\b(an?|the) ((?:\w+ )?)(pier|jetty) with (?:an? |the |its )?(?:\w+ )?railings? and (an? (?:\w+ )?\w+)",
        r"\4 on \1 \2\3",
    ),
    (
        r"\b(?:an?|the) (?:bakery|baker's|cake shop|pastry shop|baker's shop) window"
        r"(?: (?:full of|with|of|filled with) (?:\w+ )?\w+)?",
        "a bakeryfront",
    ),
)
_ORDERED = rules_of(_RULES)


def placed_plainly(text: str) -> str:
    """An English text that says in plain prepositions where things are."""
    return rewritten(text, _ORDERED)
