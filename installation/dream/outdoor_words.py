"""Shops seen from the street, fields of one plant, fish in their bowl: put into the words that name their figures.

1. A shop that a text begins with, or that is beside something, is a house front with a sign; "in the bakery" is a room.
2. "A field of poppies" and "miles of lavender" are so many plants that they cover the ground, "miles of barley" a
   barley field, "a field full of sheep" many sheep.
3. A goldfish in a bowl is a bowl with a fish in it.
4. Who "kept summer in jars" is beside them, not in them: what is said to be there cannot be seen.
"""

from __future__ import annotations

import re

from installation.dream.where_words import placed_plainly
from installation.text.rewriting import rewritten, rules_of

_SHOPS = {  # a word that only a figure of `outlined_figures.toml` has: names of the shop
    "bakeryfront": r"baker(?:y|ies)|baker'?s(?: shop)?|patisserie|boulangerie|cake shop|pastry shop",
    "butcheryfront": r"butcher'?s(?: shop)?|butcher shop|butchery",
    "barberfront": r"barber'?s(?: shop)?|barber shop|barbershop|hairdresser'?s(?: shop| salon)?|hair salon",
    "shopfront": (
        r"(?:toy|flower|book|corner|sweet|candy|pet|antiques?|hat|shoe|village|tailor's|cobbler's|watchmaker's|tea|cheese|"
        r"fish|wine|music|record|clothes|gift|junk|charity|second-hand|closed|shuttered|little|small|old) shops?|"
        r"florist'?s|bookshop|greengrocer'?s|grocer'?s|boutique|shop front|store ?front|haberdashery|"
        r"ironmonger'?s|off-licence"
    ),
}
_STANDS = r"(^|[,.;:] ?|\b(?:and|beside|by|near|next to|outside|in front of|behind|past|opposite|is|with) )"
_LOOK = r"((?:(?:an?|the|my|our|this|one|two|three|some) )?(?:(?!in\b|at\b|of\b)[\w-]+ ){0,2}?)"
_PEOPLE = (  # who are no shop, though one gives them their name
    r"(?! (?:girl|boy|owner|assistant|worker|woman|man|lady|keeper|window|counter|queue|chair|apprentice)\b)"
)
_CROPS = (
    "lavender|clover|heather|flax|rapeseed|canola|sunflowers|poppies|tulips|daffodils|"
    "daisies|bluebells|buttercups|dandelions|cornflowers|roses|irises|crocuses|grapevines|vines|reeds|pumpkins|cabbages|"
    "strawberries|lilies|peonies|violets|mushrooms|cotton|ferns"
)
_PLURALS = {"lavender": "lavenders", "heather": "lavenders", "clover": "clovers"}
_EXPANSES = "fields?|meadows?|acres?|miles|hillsides?|slopes?|hectares|expanse|rows?|carpets?|seas?|mass(?:es)?"
_RIPE = "ripe|golden|red|white|yellow|blue|wild|purple|violet|tall|blooming|pink|young|green"
_EXPANSE = (
    rf"\b(?:(?:an?|the|this|whole|wide|golden|endless|great) )*(?:{_EXPANSES}) "
    rf"(?:and (?:fields|rows|miles|acres) )?(?:full of|of) ((?:(?:{_RIPE}) )*)"
)
_FIELD, _GRAIN = rf"{_EXPANSE}({_CROPS})\b", rf"{_EXPANSE}(wheat|barley|rye|oat|corn|maize)s?\b"
_CROWDED = (
    r"\b(?:(?:an?|the|this|whole|green|wide) )*(field|meadow|pasture|paddock|hillside|park|square|garden|street) "
    r"full of (?!(?:people|children)\b)((?:(?!and\b)\w+ )?(?!and\b)\w+)"
)
_BOATS = "sailing boat|fishing boat|sailboat|boat|ship|yacht|schooner|dhow|junk"
_WORN = (
    "shoes?|boots?|hat|cap|coat|jacket|scarf|gloves?|glasses|umbrella|pipe|bag|handbag|suitcase|violin|bicycle|bike|"
    "dress|mask"
)
_TOWER = (  # of stone, unless words say another
    r"(?<!eiffel )(?<!iron )(?<!steel )(?<!lattice )(?<!clock )(?<!radio )(?<!water )(?<!control )(?<!office )"
    r"(?<!church )(?<!bell )(?<!television )(?<!tv )(?<!paris )(?<!cooling )(?<!stone )(?<!leaning )"
    r"\btower(s?)\b(?! (?:of (?!an? |the )|(?:blocks?|cranes?|bridge|clock|over|above|in paris|made|into)\b))"
)
_LIT = "(?:small|little|lit|burning|glowing|single|lighted|lonely)"
_PLAINLY = (  # what is said besides a thing, and is none of its own
    (r"\b(eiffel tower) in paris\b", r"\1"),
    (_TOWER, r"stone tower\1"),
    (
        rf"(?<!street )\b(?:{_LIT} )*(?:oil )?lamps? (?=(?:{_LIT} )*in (?:the|an?|her|his|my|our) (?:\w+ )?window)",
        "paraffin lamp at night ",
    ),
    (
        r"(?<!street )(?<!oil )(?<!magic )(?<!table )(?<!desk )(?<!paraffin )\blamp(s?) (?=(?:lit |burning |glowing )?"
        r"(?:on|by|beside|next to|over|above) (?:the|an?|her|his|my|our) (?:\w+ )?"
        r"(?:desk|table|bed|bedside|nightstand|sofa|armchair|piano|shelf|chest|dresser|book)s?\b)",
        r"table lamp\1 ",
    ),
    (
        r"\b(under|beside|by|beneath) (?:the|an?|her|his|my|our) (?:(?:warm|old|yellow|small|little|reading) )?lamp\b"
        r"(?=.*\b(?:desk|table|bed|sofa|armchair|kitchen|bedroom|room|homework|knit\w*|sew\w*|read\w*|writ\w*)\b)",
        r"\1 a table lamp",
    ),
    (
        r"\b(desk|table|bed|sofa|armchair|bedroom|reading|knitting|sewing|homework)\b(.*?) (under|beside|by|beneath) "
        r"(?:the|an?|her|his|my|our) (?:(?:warm|old|yellow|small|little) )?lamp\b",
        r"\1\2 \3 a table lamp",
    ),
    (
        r"(?<!magic )(?<!genie's )(?<!aladdin's )\b(?:oil|old brass) lamps?\b(?! (?:and|with|of) (?:a |the )?genie)",
        "paraffin lamp",
    ),
    (r"\b(beekeepers?) (?:in|with|wearing) (?:an?|his|her|the|their) (?:\w+ and )?(?:\w+ )?veils?\b", r"\1"),
    (
        r"\b((?:water|tend|weed|grow)(?:s|ing)?|t(?:ies|ied|ying) up) ((?:the|her|his|their|our|my|some) )?tomatoes\b",
        r"\1 \2tomato plants",
    ),
    (
        r"(?<!picking )(?<!picks )\btomatoes (?=(?:grow|ripen|climb)(?:ing)? |"
        r"in (?:the|a|my|our|her|his) (?:\w+ )?(?:garden|greenhouse|allotment))",
        "tomato plants ",
    ),
    (r"\b((?:bon|camp)fires?|camp fire|fire) with (?:\w+ )?(?:sparks|embers|flames)\b", r"\1"),
    (rf"\b((?:an?|the|his|her|my) )((?:\w+ )?)({_BOATS}) with (\w+ )(?:torn |billowing )?sails?\b", r"\1\4\2\3"),
    (rf"\b(an?|the|one) (?!man|woman|dog|cat)\w+'s (?={_WORN}\b)", r"\1 "),
    (r"\bon (?:an?|the|our|my|his|her) (?:front |back )?door ?steps?\b", "beside a door"),
    (r"\b(?:an? |the )?orchards? of (?:old |young )?(\w+) trees\b", r"five \1 trees"),
    (r"\bslips? (?=under|into|past|through|away|by|out|between|across)", "goes "),
    (r"\bbare (?:branch(?:es)?|boughs?|twigs?)\b", "bare tree"),
    (r"\bfallen trees?\b", "log"),
    (r"\bgutters (?=in|on|out)", "stands "),
    (r"\b(?:an? |the )?caravan of camels\b", "many camels in the desert"),
    (r"\bthe (?:smell|scent|taste|thought|memory|ghost) of (?=[a-z])", "the "),
    (
        r"\bpigeons? (?=(?:\w+ )?(?:ris(?:es?|ing)|rose|fl(?:y|ies|ying|ew)|wheel|circl|scatter|burst|lift|whirr))",
        "flying pigeons ",
    ),
)
_IN_BOWL = (
    r"(?<!two )(?<!three )(?<!four )(?<!five )(?<!six )(?<!many )"
    r"\b(?:(?:an?|the|my|his|her|our|one|little|small|orange|golden|red|lonely|single) )*(?:gold ?fish|fish)"
    r"(?: (?:is|was|that))?(?: (?:swim(?:s|ming)?|circl(?:es|ing)|liv(?:es|ing)|turn(?:s|ing)))?"
    r"(?: (?:round and round|round|around|alone))? in (?:an?|the|its|his|her|my|our) "
    r"(?:(?:round|glass|small|little|big|fish|goldfish|tiny) ?)*(?:bowl|tank|aquarium)\b"
)


_UNSEEN = (
    r"\b(kept|keeps?|put|puts|stored?|stores|saved?|saves|bottled|preserved|collects?|collected|hid|hides) "
    r"((?:\w+ ){0,2}(?:summer|winter|spring|autumn|time|love|memor(?:y|ies)|sunlight|sunshine|sun|light|hours?|"
    r"days?|years?|silence|secrets?|sorrows?|joy|sea|sky|wind|breath|dreams?|songs?|rain|darkness|night|god) )"
    r"(?:in|into|inside) "
)


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_FRONTS = tuple((_compiled(rf"{_STANDS}{_LOOK}(?:{names})(?!\w){_PEOPLE}"), front) for front, names in _SHOPS.items())
_FRONT = _compiled(rf"\b(?:{'|'.join(_SHOPS)})\b")
_AWNING = _compiled(r",? (?:with|under|and|has) (?:an?|its|the) (?:(?!neon)[\w-]+ ){0,2}(?:awning|sign|signboard)\b")
_ROSES = _compiled(r"\b(?:thatched )?cottage with (?:\w+ )?roses (?:round|around|over|by) (?:the|its) (?:door|porch)\b")
_REWORDED = rules_of(_PLAINLY)
_FULL = _compiled(_CROWDED)
_FIELDS, _GRAINS, _BOWL, _KEPT = (_compiled(pattern) for pattern in (_FIELD, _GRAIN, _IN_BOWL, _UNSEEN))


def outdoors_named(text: str) -> str:
    """An English text with shops, fields and fish bowls in the words of their figures."""
    text = placed_plainly(text)
    for pattern, front in _FRONTS:
        text = pattern.sub(rf"\1\2{front}", text)
    if _FRONT.search(text):
        text = _AWNING.sub("", text)
    text = rewritten(text, _REWORDED)
    text = _ROSES.sub("thatched cottage", text)
    text = _KEPT.sub(r"\1 \2beside ", text)
    text = _GRAINS.sub(r"a \2 field", text)
    return _BOWL.sub("a fishbowl", _FULL.sub(r"many \2 in a \1", _FIELDS.sub(_plants, text)))


def _plants(found: re.Match[str]) -> str:
    """So many plants in a field."""
    crop = found[2].lower()
    return f"hundreds of {found[1]}{_PLURALS.get(crop, crop)} in a field"
