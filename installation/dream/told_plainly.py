"""English texts without the turns of storytellers: what was done in childhood, for what, at whose house.

1. "When I was little my father took me fishing" shows a child with the father.
2. "Took the boy to the river to fish" is the boy fishing at the river.
3. "The yard of grandmother's house" is the yard, not another house.
4. "In the moonlight" has a moon, and "the sand at the seaside" is a beach.
5. Who floats a paper boat lets it sail; nobody lets it fly.
6. What speakers add about who they have just named belongs to the name: "my cat, she's orange, she sits" is "my orange
   cat sits", and "my brother is a fireman" a fireman.
7. "He's brown and he's jumping" goes on about the first thing (see `told_of_one`).
8. "We danced" is a couple dancing, unless the text names who did.
"""

from __future__ import annotations

import re

from installation.dream.told_of_one import told_of_one
from installation.text.rewriting import rewritten, rules_of

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
_TRAIN = (  # that is alone on its way: an engine has coaches behind it
    r"^((?:an?|the|my|our|one) (?!toy |model |freight |goods |tube |underground |ghost )"
    r"(?:(?!(?:and|of|in|on|with|by|for|to|at|from)\b)\w+ ){0,3}?(?:train|locomotive))"
    r"((?: (?:is )?(?:travelling|running|rushing|rolling|passing|crossing|speeding|going|racing|steaming))?"
    r"(?: (?:in|through|across|at|under|by|past|along|into) "
    r"(?!.*\b(?:bridge|tunnel|station|platform|window|viaduct|with|and)\b)\w+(?: \w+){0,5})?) ?$"
)
_FEW = "three|four|five|six|seven|eight|nine|ten"
_BOTH_GRAND = "an old man and an old woman"
_ORCHARD = "(?:cherry|apple|plum|almond|peach|pear)"
_AT_LAST = re.compile(  # "a bowl of oranges, on a blue table"
    r"(?<=\w), ((?:on|in|inside|under|beside|behind|near) (?:an?|the|my|his|her) (?:[\w-]+ ){0,2}[\w-]+)[.!]?$",
    re.IGNORECASE,
)
_LAMP = re.compile(r"\b(an?|the|one|my|her|his|our|single) lamp\b(?! ?posts?| (?:in|on|at|by|beside)\b)", re.IGNORECASE)
_INDOORS = re.compile(
    r"\b(?:table|chairs?|bed|desk|cups?|armchair|book|kitchen|room|tea|shelf|cradle|stove|bedside|sofa|window)\b", re.I
)
_STREET_LAMP = re.compile(r"\b(?:street ?lamps?|streetlights?|street lights?|lamp ?posts?)\b", re.IGNORECASE)
_OUTDOORS = re.compile(
    r"\b(?:streets?|roads?|park|bridge|harbour|square|gardens?|city|town|village|corner|quay|pier|forest|field|beach|"
    r"station|platform|pavement|alley|lane|bench|desert|river|canal|moon)\b",
    re.IGNORECASE,
)
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
    (r"\bwe(?:['’]re| are| were)(?: all| both)? (sitting|gathered|huddled)\b", r"people \1"),
    (rf"\bpeople (sitting|gathered|huddled)\b(.*?),? ?\b({_FEW}) of us\b", r"\3 people \1\2"),
    (rf"\b({_FEW}) of us\b", r"\1 people"),
    (
        rf"\b({_ELDERS}) (?:is |was )?(?:teaching|teaches|taught|showing|shows|showed) me (?:how )?to "
        r"(fish|bake|cook|knit|skat|danc|paint)e?\b",
        r"\1 and a child \2ing",
    ),
    (
        r"\bwith ((?:\w+ ){0,2}(?:pigtails|plaits|braids|ponytails?|curls|freckles|hair|glasses)) and "
        r"((?:\w+ ){0,3}(?:boots|shoes|hat|cap|coat|dress|jacket|raincoat|scarf|jumper|sweater|gloves|wellies))\b",
        r"in \2, with \1",
    ),
    (_TRAIN, r"\1 pulling two passenger coaches\2"),
    (r"\bat sunrise\b(?!.*\b(?:moon|sun)\b)", "at dawn under the bright sun"),
    (r"\b(?:an? |the |my )?(?:old|elderly|aged) (?:married )?couple\b(?!['’])", _BOTH_GRAND),
    (
        r"\ba (?:man and a woman|woman and a man|boy and a girl|girl and a boy) (kissing|kiss|hugging|hug|embracing) "
        r"(?=on|in|under|at|by|before)",
        r"a couple \1 ",
    ),
    (r"\b(?:(?:my|her|his|our|their|the|your) )?grandparents\b(?!['’])(?! (?:house|home|garden|farm))", _BOTH_GRAND),
    (r"\bbetween (?:my|her|his|our|their|the|your) parents\b(?!['’])", "between a man and a woman"),
    (rf"\bfloat(s|ed|ing)? {_BOATS}", r"sail\1 "),
    (r"\b(tell|tells|told|telling)\b([^,.;]*?) (?:old )?(?:fairy ?tales?|old stories|an old story)\b", r"\1\2 stories"),
    (
        rf"\b({_ORCHARD} trees?)(?: (?:is|are|was|were|stands?|stood|still|now|already|all|has|have|comes?|came|"
        r"bursts?))* (?:in|into) (?:full |white |pink )?(?:bloom|blossom|flower)\b",
        r"flowering \1",
    ),
    (
        rf"\b({_ORCHARD} trees?)\b([^.;!?]*?),? (?:and |but |you |it |they |still |now |all )*"
        r"(?:bloom|blossom|flower)(?:s|ed|ing)?"
        r"(?=$|[,.;!?]| (?:at|in|by|before|again|for|like|under|over|without|white|pink)\b)",
        r"flowering \1\2",
    ),
    (r"\b(under|beneath|below|among) (?:the |some )?flowering cherry trees\b", r"\1 the flowering cherry tree"),
    (rf"\b(under|beneath|below|among) (?:the |some )?flowering {_ORCHARD} trees\b", r"\1 the pink tree"),
    (r"\bflowering (?:plum|apple|pear|peach|almond) tree\b", "pink tree"),
    (rf"\b(two|three|four|five|six|many|rows of) flowering {_ORCHARD} trees\b", r"\1 pink trees"),
    (rf"\b(?:the |some |our |my )?flowering {_ORCHARD} trees\b", "three pink trees"),
    (r"\b(under|beneath|below) (?:the |some )?(?:\w+ )?cherry blossoms?\b", r"\1 the flowering cherry tree"),
    (
        r"\b(under|beneath|below) (?:the |some )?((?:\w+ )?)(cherry|apple|olive|plum|almond|peach) trees\b",
        r"\1 the \2\3 tree",
    ),
)
_KIN = (
    f"{_ELDERS}|grandparents|parents|husband|wife|son|daughter|brother|sister|cousin|friend|neighbour|baby|"
    "boyfriend|girlfriend|partner|nephew|niece|teacher|boss"
)
_PETS = "cat|kitten|dog|puppy|horse|pony|rabbit|hamster|parrot|tortoise|turtle|goldfish|hen|goat|donkey|pig|cow|bird"
_QUALITY = (
    "black and white|red and white|brown and white|ginger and white|"
    "red|blue|green|yellow|white|black|pink|purple|orange|ginger|brown|golden|grey|gray|silver|striped|spotted|tiny|"
    "little|small|big|huge|fat|fluffy|old"
)
_GRAND = "grandmother|grandma|granny|grandfather|grandpa|granddad"
_JOB = r"(?=\w+(?:man|woman|er|or|ist|ian|nurse|pilot|cook)\b)"
_VERY = "(?:(?:all|so|very|really|quite|kinda|pretty|just|a bit) )*"
_MORE = rf"(?: and {_VERY}[a-z]+(?=[,.;]))?"
_ADDED = (  # in order
    (  # "an octopus and it should be purple"
        r"\b(an?|the|my|our) ((?:[a-z]+ )?[a-z]+),? (?:and|but) (?:it|he|she) (?:should|must|could|has to|needs to) "
        rf"be {_VERY}({_QUALITY})\b",
        r"\1 \3 \2",
    ),
    (  # "my cat, she's orange", "a unicorn, white with wings"
        rf"\b(an?|the|my|our|this) ((?:[a-z]+ )?[a-z]+), (?:(?:he|she|it)(?:'s| is| was) )?{_VERY}({_QUALITY}){_MORE}"
        r"(?=[,.;]| with\b| and (?:he|she|it)\b)",
        r"\1 \3 \2",
    ),
    (rf"\b((?:my|our) (?:{_KIN})), (?:he|she)(?:'s| is| was) (?:an? )[a-z]+(?=,|\.| and| so)", r"\1"),
    (  # "my grandfather, so he'd always be baking"
        rf"\b((?:my|our|the|this|an?) (?:[a-z]+ )?(?:{_KIN}|{_PETS})),? (?:and |so |then )?(?:he|she|it)"
        r"(?:'s|'d| is| was| would| used to)?(?: be)?,?(?: (?:always|usually|often|just|still|really|only|be))*,? "
        r"(?=[a-z]+(?:s|ing)\b)",
        r"\1 ",
    ),
    (rf"\b(?:my|our) (?:{_GRAND})(?:'s| is| was) an? {_JOB}", "an old "),
    (rf"\b(?:my|our) (?:{_KIN})(?:'s| is| was) an? {_JOB}", "a "),
)
_ADDITIONS = rules_of(_ADDED)
_DANCED = re.compile(
    r"(?:\band )?\bwe(?:'d| used to| would| have| had|'re| are| were)?,? (?:always )?danc(?:ed?|ing)\b", re.I
)
_DANCERS = re.compile(rf"\b(?:couple|{_KIN}|children|friends|man|woman|boy|girl)\b", re.IGNORECASE)
_ORDERED = rules_of(_RULES)


def told_plainly(text: str) -> str:
    """An English text in which all that is to be seen is said as such."""
    text = rewritten(told_of_one(_with_child(text)), _ADDITIONS)
    if danced := _DANCED.search(text):
        named = _DANCERS.search(text, 0, danced.start())
        text = _DANCED.sub("dancing" if named else "a dancing couple", text)
    text = rewritten(text, _ORDERED)
    return _lit(_AT_LAST.sub(r" \1", text))


def _lit(text: str) -> str:
    """The text with a lamp for rooms among what stands in rooms, and with the street of a street lamp."""
    if _OUTDOORS.search(text) or not (_STREET_LAMP.search(text) or _LAMP.search(text)):
        return text
    if _STREET_LAMP.search(text):
        return text if _INDOORS.search(text) else f"{text.rstrip(' .!')} in the street"
    return _LAMP.sub(r"\1 table lamp", text) if _INDOORS.search(text) else text


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
