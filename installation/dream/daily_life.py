"""Doings of every day put into words that name who does them, where, and with what.

1. Who says only what is done or what there is means somebody: "homework at the kitchen table" is a child's, a quarrel
   that of two.
2. Words that mean another thing here are replaced: a delivery rider rides a bicycle, shopping that one carries is a
   bag, glasses on a tray are no spectacles.
3. An occasion before or after which something happens is not seen: "washing up after the party" has no balloons.
4. Who is at somebody's is beside him: "lunch at my grandparents' house".
"""

from __future__ import annotations

import re

from installation.dream.actors import PEOPLE, actor_of
from installation.models.lexicon import Lexicon
from installation.text.rewriting import rewritten, rules_of

_OWN = r"(?:(?:an?|the|my|our|his|her|their|your|some|another|one) )?"
_KIN = (
    r"(?:grandparents|grandmother|grandfather|grandma|granny|grandpa|grandad|granddad|nan|nana|aunt|auntie|"
    r"uncle|parents|mother|mum|mom|father|dad|sister|brother|friend|neighbours?|neighbors?|cousins?)"
)
_OCCASIONS = (
    r"(?:party|shift|dinner|lunch|supper|breakfast|meal|match|game|wedding|funeral|holidays?|trip|concert|show|guests|"
    r"journey|interview|meeting|exams?|christmas|birthday)"
)
_PLAYED = r"accordion|guitar|trumpet|saxophone|flute|cello|violin|harmonica|banjo|drums?|balalaika|harp"
_SENSES = (  # what is said, and what is read instead, whoever does it
    (
        r"\b(?:food |pizza |parcel |bike |bicycle )*(?:delivery|courier) (?:rider|cyclist|boy|girl|kid|guy)s?\b",
        "cyclist",
    ),
    (r"\b(?:bike|bicycle|cycle|food) couriers?\b", "cyclist"),
    (r"\bdelivery (?:man|woman|driver|person|lady)\b", "postman"),
    (
        r"\b((?:carr|bring|brought|lug|haul|drag|drop|unpack|with|hold|take|taking)\w*) "
        r"(?:(?:the|her|his|my|our|their|all|of|heavy|weekly) )*shopping\b(?! (?:bag|trolley|cart|list|centre|basket))",
        r"\1 a shopping bag",
    ),
    (r"\bbags? (?:full )?of shopping\b", "shopping bag"),
    (
        r"\b(wait(?:s|ed|ing)?) (?:for|on) (?:(?:the|a|my|our|her|his|their|last|late|night|school|next) )+bus\b",
        r"\1 at the bus stop",
    ),
    (r"\b(trays?) (?:full )?of (?:\w+ )?(?:glasses|drinks)\b", "wine glass"),
    (r"\b((?:wash|dry|polish|rins|fill|clear|clink)\w*) (?:the |some |up the )?glasses\b", r"\1 wine glasses"),
    (
        rf"\b(?:street )?(?:musician|busker)s? (?:with|playing|on) (?=(?:an?|his|her|the) (?:\w+ )?(?:{_PLAYED})\b)",
        "man playing ",
    ),
    (
        r"\b(?:(?:writ|chalk|scribbl|draw)\w+)(?: \w+){0,3}? on (?:the|a|her|his) (?:black|white|chalk) ?board\b",
        "drawing in the classroom",
    ),
    (
        r"\b((?:mend|fix|repair|patch)\w*) (?:an?|the|his|her|my) (?:puncture|flat tyre|flat tire|inner tube)s?\b",
        r"\1 a bicycle",
    ),
    (r"\bchang(?:ing|es|ed) (?:an?|the|his|her|my) (?:car )?(?:flat )?(?:tyre|tire|wheel)\b", "mending a car"),
    (
        r"\b(?:fix|mend|repair|unblock)\w* (?:the|a|our|her|his) (?:leaking |dripping |blocked )?(?:kitchen "
        r")?(?:sink|tap|drain)\b",
        "holding a spanner in the kitchen",
    ),
    (r"\b(?:at|over) (?:the|a|our) (?:kitchen )?sink\b", "in the kitchen"),
    (
        r"\b(blow(?:s|ing)?|blew) (?:out )?(?:(?:the|all|her|his|six|five|seven|birthday) )*candles\b(?! on)",
        r"blowing the candles on a birthday cake",
    ),
    (r"\bknead(?:ing|s|ed)?(?: (?:the|some|bread|pizza))* dough\b", "kneading bread in the kitchen"),
    (r"\b(?:is |was )?(?:tell(?:s|ing)?|told)(?: \w+)? (?:bedtime )?stor(?:y|ies) to\b", "reading a book to"),
    (r"\bin (?:the|a|an|our) (?:(?:old|tiny|crowded|stuck|broken) )?(?:lift|elevator)\b", "in the corridor"),
    (
        r"\b(?:on|at|over|by|round|around) (?:the|a|our|his) (?:barbecue|barbeque|bbq|barbie|grill)\b",
        "beside a campfire in the garden",
    ),
    (
        r"\b(?:sitting )?on the (?:bare )?floor (?:of|in) (?:an?|the|our|my|their) (?:\w+ )?(?:flat|apartment|"
        r"room|house)\b",
        "sitting in the living room",
    ),
    (
        r"\b(?:splash|jump|stamp|stomp|hop|run|ran|danc|wad)\w* (?:in|into|through|around in) "
        r"(?:(?:the|a|big|muddy|every|deep) )*puddles?\b",
        "splashing beside a puddle",
    ),
    (
        r"\b(puddles?),? in (?:(?:his|her|their|bright|big|new|old|red|yellow|green|blue|pink|muddy) )*"
        r"(?:wellies|wellingtons|wellington boots|rubber boots|rain ?boots|boots)\b",
        r"\1",
    ),
    (r"\bflower (?:seller|vendor|lady|woman)\b", "woman with a bouquet"),
    (r"\b(balloon|newspaper|fruit|bread|chestnut|ice cream) (?:seller|vendor)\b", r"man with a \1"),
    (
        r"\b(?:a teenager and a teenage girl|teenagers|teens) on (scooter|moped|bike|bicycle)s\b",
        r"two teenagers on two \1s",
    ),
    (r"^(?:sunday|saturday|christmas|easter) (?=(?:lunch|dinner|roast|breakfast|brunch)\b)", ""),
    (
        rf"^(lunch|dinner|breakfast|supper|brunch) at ({_OWN}{_KIN})'s(?: house| place| home| flat)?(?=$|[,.;!])",
        r"a child having \1 with \2 in the kitchen",
    ),
    (
        r"^(.*?) (waiting at the bus stop)(.*?) with ((?:an?|two|three|her|his|the|all) (?:\w+ )*(?:bags?|"
        r"suitcases?|handbag|umbrella|bouquet|flowers|backpack|parcel|basket|box|cello|guitar))\b",
        r"\1 with \4 \2\3",
    ),
    (r"\bwashing[- ]up\b(?! (?:liquid|bowl|gloves))", "washing the dishes"),
    (
        r"\b(?:burn(?:ing|s|ed|t)?) (the|his|her|our|some) (?=(?:\w+ )?(?:sausages?|toast|dinner|steaks?|"
        r"burgers?|meat|rice|pancakes?|food)\b)",
        r"cooking \1 ",
    ),
)
_HANDS = (
    r"\b((?:(?:my|the|our|her|his|an?) )?(?:old )?\w+)'s? (?:(?:old|wrinkled|strong|careful|busy) )?hands (?=\w+ing\b)"
)
_OF_OCCASION = (
    r"(?<=\w),? (?:(?:on )?the (night|evening|morning|day) )?(?:before|after|during) "
    rf"{_OWN}(?:(?:night|late|long|early|birthday|sunday|big|football) )*{_OCCASIONS}\b(?! table)"
)
_AT_KIN = rf"\bat ({_OWN}){_KIN}'?s?'? ?(?:house|place|home|flat)?(?=$|[,.;!]| (?:on|in|with|after|before)\b)"
_ALONE = (  # what is said where nobody is named
    (r"^(?:(?:my|the|a|an|doing|some|maths|late|evening) )*homework\b", "a child doing homework"),
    (
        rf"^{_OWN}(?:very )?(?:first|last) day (?:(?:back )?at|in) (?:\w+ )?(?:school|kindergarten|nursery)\b",
        "a child with a backpack in the classroom",
    ),
    (rf"^{_OWN}breakfast in bed\b", "a woman with a cup sitting on the bed"),
    (
        rf"^{_OWN}(?:\w+ )?(?:argument|quarrel|squabble|silence) in (?:the|a|our) (car|taxi|van)\b",
        r"a couple in the \1",
    ),
    (
        rf"^{_OWN}(?:\w+ )?(?:argument|quarrel|squabble) (?=in|on|at|over|about|under|outside)",
        "a man and a woman arguing ",
    ),
    (
        rf"^{_OWN}(?:\w+ )?(?:conversation|chat|talk|gossip) (?=in|on|at|over|under|outside)",
        "a man and a woman talking ",
    ),
    (
        r"^(?:the |a )?(?:(?:morning|evening|monday|friday|daily) )?(?:rush hour|commute|crush) (?:in|on) (?:the |a )?"
        r"(?:underground|tube|metro|subway|train|tram|bus)\b",
        "people in the train carriage",
    ),
    (
        rf"^{_OWN}(?:(?:sunday|family|christmas|easter|saturday|birthday|late|long|summer) )*(lunch|dinner|"
        rf"brunch|supper|breakfast)\b(?! (?:box|break|lady|table|for (?:one|two)))",
        r"a family having \1",
    ),
    (
        r"^moving (?:house|home|flats?|day|(?:in(?:to)?|out(?: of)?)"
        r"(?: (?:an?|the|our|my) (?:new |old |first )*(?:house|home|flat|apartment))?)\b,?"
        r"(?: (?:with )?(?:the )?(?:cardboard |packed )?boxes (?:everywhere|all over(?: the place)?|in every room))?",
        "a man and a woman with three boxes in the living room",
    ),
    (rf"^{_OWN}(?:long |endless )?(?:queue|line) (?=(?:outside|at|in front of|before|by) )", "five people "),
    (rf"^{_OWN}(?:haircut|trim) at\b", "a barber cutting a boy's hair at"),
)
_HAIR_OF = (
    r"\b(cut|cuts|cutting|trims|trimming) (?:the )?hair of ((?:an?|the|my|his|her) (?:old |young |little )?\w+)"
    r"(?: (?:who (?:is|sits) )?(?:sitting|seated))?(?: in (?:the|a|his|her) (?:\w+ )?chair)?"
)
_TO_BED = (
    r"\b(?:put|tuck)(?:ting|s)? (?:in )?((?:the|our|my|a|her|his) (?:\w+ )?baby) (?:to (?:bed|sleep)|in(?:to)? bed)\b"
)
_CHILD_TO_BED = (
    r"\b(?:put|tuck)(?:ting|s)? (?:in )?((?:the|our|my|a|her|his) (?:\w+ )?\w+) (?:to (?:bed|sleep)|in(?:to)? bed)\b"
)


_ANYBODY = rules_of(
    (
        *_SENSES,
        (_HANDS, r"\1 "),
        (_HAIR_OF, r"\1 \2's hair"),
        (_TO_BED, r"carrying \1 in the bedroom"),
        (_CHILD_TO_BED, r"reading a book to \1 in the bedroom"),
    )
)
_NOBODY = rules_of(_ALONE)
_OCCASION, _VISIT = re.compile(_OF_OCCASION, re.IGNORECASE), re.compile(_AT_KIN, re.IGNORECASE)
_DAY = re.compile(
    r"(?<=\w),?(?: on)?(?: (?:every|last|next|this))? (?:mon|tues|wednes|thurs|fri|satur|sun)days?\b"
    r"(?! (?:lunch|roast|dinner|school|market|best|papers?))",
    re.IGNORECASE,
)
_LEADS = re.compile(
    r"^(?=(?:carrying|holding|pushing|pulling|dragging|lugging|waiting|hugging|cuddling)\b)", re.IGNORECASE
)
_NO_PERSON = frozenset(["shopping", "barbecue", "queue", "line", "commute", "party", "row", "pool", "crowd", "last"])


def daily_life_named(text: str, lexicon: Lexicon) -> str:
    """An English text with who acts unnamed in it, and with things of every day in the words of their figures.

    Args:
        text: In lower or upper case.
        lexicon: Of the generator, which knows the words for people.
    """
    text = _OCCASION.sub(lambda found: f" at {found[1]}" if found[1] in ("night", "morning", "evening") else "", text)
    if not _names_person(text, lexicon):
        text = rewritten(text, _NOBODY)
    text = _VISIT.sub(r"with an old man and an old woman in the kitchen", text) if "grandparents" in text else text
    text = rewritten(_led(text), _ANYBODY)
    return _led(_DAY.sub("", text))


def _led(text: str) -> str:
    """A text that begins with what somebody does to something, with who does it."""
    actor = actor_of(text.lower().split()) if _LEADS.match(text) else ""
    return f"a {actor} {text}" if actor else text


def _names_person(text: str, lexicon: Lexicon) -> bool:
    """Whether any word of a text but those for gatherings names people."""
    return any(
        meaning.group == "subject" and meaning.label in PEOPLE
        for word in re.findall(r"[\w-]+", text.lower())
        if word not in _NO_PERSON
        for meaning in lexicon.names.get(word, ())
    )
