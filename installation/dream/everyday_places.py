"""The places of everyday life that a text names: a street, a garden, a cellar, a hospital that somebody is in.

A place that somebody is in stands behind the figures as a set of the stage (see `marks.ROOMS`), and is no figure among
them: "in the hospital" is a ward, "a hospital" a building. So the words that name it are taken out of the text.
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence
from typing import NamedTuple

ROOM, STREET, GREEN = "room", "city", "field"  # terrains
HIGH = ("cloud sea", "valley")  # marks of places that a sun or a moon is seen above, and between
USUAL_STREET = "houses"  # mark of a street that nothing more is said of
_AT = r"(?:in|at|on|inside|into|through|across|down|along|from|outside|behind|near|around|past|up|within|to|off|by)"
_IN = r"(?:in|at|inside|into|within)"
_WHOLE = r"(?! (?:roofs?|walls?|gates?|fences?|doors?|towers?|bells?|steps?|clock|windows?|chairs?|table|shed|hose)\b)"
_LOOK = (
    r"(?:(?!(?:roof|top|wall|gate|middle|than|in|at|on|of|with|and|to|from|by|under|over|the|a|an|is|are|was|for|car|burning)\b)"
    r"[\w'’-]+ ){0,3}?"
)
_ENDS = r"(?=$|[,.;:!]| (?:in|at|with|of|where|by|on|under|full|after|before|and|is|was)\b)"
_PART = r"(?:(?:the|an?) (?:far |very |other )?(?:edge|middle|end|side|corner|heart|back|foot|bottom) of )?"
_OWN = r"(?:(?:an?|the|my|our|his|her|their|your|this|that|one|every|some) )?"
_BUILDINGS = (  # mark and nouns of places that are figures of their own unless somebody is inside
    ("garage", r"garages?|carport"),
    ("factory hall", r"factor(?:y|ies)|assembly line|warehouses?|production line"),
    ("barn floor", r"barns?|stables?|cow ?sheds?|hay ?lofts?"),
    ("nave", r"church(?:es)?|chapels?|cathedrals?"),
    ("exhibition", r"museums?|art galler(?:y|ies)|exhibitions?"),
    (
        "ward",
        r"hospitals?(?: bed| room| ward)?|clinics?|maternity ward|emergency room|"
        r"(?:doctor|dentist|vet)['’]?s(?: surgery| office| practice)?",
    ),
    (
        "classroom",
        r"classrooms?|school(?! (?:yard|bus|gate|play|bag|trip))|kindergarten|nursery school|lecture hall",
    ),
)
_ROOMS = (  # mark and nouns of rooms
    (
        "restaurant kitchen",
        r"(?:restaurant|hotel|canteen|cafe|café|bistro) kitchens?|"
        r"kitchens? of (?:an?|the) (?:\w+ )?(?:restaurant|hotel)",
    ),
    ("nursery", r"nurser(?:y|ies)(?! rhyme)|(?:baby|child|kid|children|kids)'?s'? (?:bed)?room|playroom"),
    ("cellar", r"(?:wine |coal )?cellars?|basements?"),
    ("stairwell", r"stair ?wells?|(?<!spiral )(?<!winding )staircases?|stairway|landing of (?:the|our) \w+"),
    ("hallway", r"hallways?|entrance hall|front hall|vestibule"),
    ("corridor", r"corridors?|passageways?"),
    ("workshop", r"workshops?|tool ?shed|garden shed|sheds?|smithy|forge|workbench"),
    (
        "cafe",
        r"(?<!pavement )(?<!street )(?<!sidewalk )(?<!outdoor )caf[eé]s?|coffee ?(?:shop|house)s?|tea ?rooms?|"
        r"bistros?|diners?|pizzerias?",
    ),
    ("pub", r"pubs?|taverns?|bars?(?! of)|beer hall"),
    (
        "hair salon",
        r"(?:hair(?:dressing)? ?|beauty |barber )?salons?|(?:hairdresser|barber)['’]s(?: shop| salon| chair)?|"
        r"barber ?shops?",
    ),
    (
        "hotel lobby",
        r"(?:hotel |grand )*(?:lobby|lobbies|foyer)|hotel reception|reception of (?:the|an?|our) (?:\w+ )?hotel",
    ),
    (
        "ballroom",
        r"(?:dance hall|ballroom|throne room|banquet(?:ing)? hall|state room|palace hall|great hall|opera house)s?",
    ),
    ("parlour", r"living ?rooms?|sitting rooms?|lounge|parlour|front room|dining rooms?|nursing home|(?<=at )home"),
    ("office", r"(?<!post )(?<!post-)offices?|open-plan office|work(?=$|[,.])"),
)
_STREETS = (  # mark and nouns of places in a town
    (
        "school front",
        r"school (?:gates?|railings|entrance)|gates? of (?:the|our|a|my) school|"
        r"(?:front of (?:the|our|a|my) |(?<=outside )|(?<=outside the )|(?<=outside our )|(?<=outside my ))school",
    ),
    ("rooftops", r"roof ?tops?|roof terraces?|roofs of (?:the|our|an?) (?:\w+ )?(?:town|city|village)"),
    (
        "shops",
        r"high streets?|shopping streets?|shopping centre|pedestrian zone|shop windows?|shops|kiosk|ice cream parlour",
    ),
    ("stalls", r"(?:market (?:squares?|stalls?)|market ?places?|markets?|bazaars?)(?! (?:woman|man|seller))"),
    ("square", r"(?:town |village |main |old )?squares?|piazza|plaza|(?:church|town hall) steps|steps of the church"),
    (
        "crossing",
        r"(?:zebra |pedestrian |busy |street |road )?crossings?|crosswalks?|intersections?|crossroads|"
        r"traffic lights?|red light|junction",
    ),
    ("alley", r"alleys?|alley ?ways?|back ?streets?|back lanes?"),
    ("yard", r"(?:school |back |inner |prison )?courtyards?|(?:school ?)?yards?|back court"),
    (
        "houses",
        r"streets?|pavements?|sidewalks?|kerb|curb|street corner|corner of (?:the|our) street|"
        r"neighbou?rhood|traffic jams?|(?:rush-hour |heavy )?traffic(?! (?:lights?|warden))|gutter|doorsteps?|town",
    ),
)
_TOWNS = (  # mark and nouns of streets and yards of the south, and of the cities that are known by them
    ("canal", r"venice|canal city|city of canals|canals|(?:grand|narrow|city|town) canal"),
    ("frozen canal", r"frozen (?:\w+ )?canals?|ice (?:of|on) (?:the|an?) (?:\w+ )?canals?"),
    ("gabled canal", r"(?:(?:the )?canals? (?:of|in) )?(?:amsterdam|bruges|delft|utrecht)|dutch canals?|gracht(?:en)?"),
    (
        "harbour",
        r"quays?|quaysides?|harbou?rs?(?: ?(?:front|side|wall))?|docksides?|docks|waterfronts?|wharf|wharves|marinas?|"
        r"fishing ports?|port(?=$|[,.;])",
    ),
    (
        "boulevard",
        r"paris|boulevards?|montmartre|champs[- ][eé]lys[eé]es|(?:pavement|street|sidewalk|outdoor) caf[eé]s?|"
        r"parisian (?:street|caf[eé]|square|avenue)s?|terrace of (?:a|the|our) (?:\w+ )?caf[eé]|caf[eé] terraces?",
    ),
    ("motorway", r"motorways?|highways?|freeways?|expressways?|autobahn"),
    ("patio", r"patios?|(?:andalusian|spanish|moorish|southern|mexican|cloistered) (?:court)?yards?|cloisters?|riads?"),
)
_GREENS = (  # mark and nouns of places under trees, of fields and grounds, and of what is in front of a house
    (
        "grain field",
        r"(?:barley|wheat|rye|oat|grain) ?fields?|(?:ripe |golden |tall |waving )*(?:barley|wheat|rye)",
    ),
    ("maize field", r"(?:corn|maize|sweetcorn) ?fields?|maize"),
    (
        "vegetable field",
        r"(?:potato|cabbage|turnip|beet|beetroot|lettuce|vegetable|carrot|onion|ploughed|plowed) "
        r"(?:fields?|patch|patches|plots?)",
    ),
    ("bamboo grove", r"bamboo (?:groves?|forests?|woods?|thickets?|jungles?)|(?:tall |green )*bamboos?"),
    ("olive grove", r"olive (?:groves?|orchards?)"),
    ("orchard", r"(?:apple |cherry |plum |pear |peach |fruit )?orchards?(?! of)"),
    (
        "pitch",
        r"(?:football|soccer|rugby|hockey|sports|playing) (?:pitch(?:es)?|fields?|grounds?|stadiums?)|stadiums?|"
        r"pitch(?:es)?(?! of)",
    ),
    (
        "fairground",
        r"fun ?fairs?|fair ?grounds?|(?:(?:county|village|town|summer|spring|autumn|country) )?fair"
        r"(?=$|[,.;]| (?:with|at|in|by|and|eating|holding|on)\b)|(?:amusement|theme|luna) parks?",
    ),
    ("seafront", r"seafronts?|(?:sea |beach )?promenades?|board ?walks?|esplanades?"),
    ("porch", r"(?:front |back |wooden )?porch(?:es)?|verandahs?|verandas?|stoops?"),
    ("garden", r"(?:front |back |vegetable |rose )?gardens?|back ?yards?|allotments?|lawns?|flower ?beds?"),
    ("playground", r"playgrounds?|sand ?pits?|sandbox"),
    ("park", r"(?:city |town )?parks?(?! ?(?:ing|bench))"),
    ("farmyard", r"farms?|farm ?yards?"),
    ("building site", r"(?:building|construction) sites?|scaffolding"),
)
_WITHIN = tuple(
    (mark, terrain, nouns)
    for terrain, rows in ((ROOM, _BUILDINGS + _ROOMS), (STREET, _TOWNS + _STREETS), (GREEN, _GREENS))
    for mark, nouns in rows
)
_BUILT = frozenset(mark for mark, _ in _BUILDINGS)
_BANKS = {"canal": "canal side", "gabled canal": "gabled canal side", "harbour": "quay"}  # where nobody is afloat
_OTHER_LIGHT = {  # mark -> the light there, by group
    "moonscape": {"sky": "night", "celestial": "empty sky"},
    "marsscape": {"sky": "dusty"},
}
LIGHTS = {**_OTHER_LIGHT, "frozen canal": {"sky": "winter", "weather": "snow"}}
EVERYDAY_PLACES = (*dict.fromkeys(mark for mark, _, _ in _WITHIN), *_BANKS.values(), *_OTHER_LIGHT, *HIGH)  # marks
_ALONE = frozenset(  # places that a text is of, if it begins with them: "a dark alley with a cat"
    [
        *("nursery", "cellar", "stairwell", "hallway", "corridor", "workshop", "restaurant kitchen", "parlour"),
        *("square", "alley", "yard", "houses", "shops", "crossing", "garden", "playground", "park", "building site"),
        *("canal", "boulevard", "patio", "motorway", "hotel lobby", "frozen canal", "gabled canal", "seafront"),
        *("grain field", "maize field", "bamboo grove", "olive grove", "orchard", "pitch", "fairground", "porch"),
        *("school front", "rooftops", "vegetable field"),
    ]
)
_MOVING = (  # mark, terrain, what is done there
    ("crossing", STREET, r"(?:(?<=\bcross )|(?<=\bcrosses )|(?<=\bcrossing ))(?:the|a) (?:\w+ )?(?:street|road)"),
    ("grain field", GREEN, r"\b(?:over|above) (?:an?|the|our) (?:\w+ )?(?:barley|wheat|rye|oat|grain) ?fields?\b"),
    ("rooftops", STREET, r"\b(?:over|above) (?:the|our) (?:\w+ )?(?:roof ?tops|roofs)\b"),
    ("stairwell", ROOM, r"\b(?:up|down) (?:the|our|four|five|six|seven|three|steep|\w+ flights of) (?:\w+ )?stairs"),
    (
        "houses",
        STREET,
        r"\bon (?:the|my|our|his|her|their) way (?:home from|to|home|from) ?(?:school|work|the office)?",
    ),
)
_WORLDS = (  # mark and what is said of who is on another world; what sits or sleeps on the moon sits on its disc
    (
        "moonscape",
        r"\b(?:on|onto|across) (?:the )?(?:surface of (?:the )?|(?:far|dark|other) side of (?:the )?)?(?:full )?"
        r"moon(?:['’]s surface)?\b|\blunar (?:surface|landscape|base)|\bmoon ?(?:scape|base|landing)\b",
    ),
    (
        "marsscape",
        r"\b(?:on|onto|across) (?:the )?(?:surface of )?(?:planet )?(?:mars|the red planet|red planet|"
        r"(?:another|an alien|a strange|a distant|a foreign|some other) (?:planet|world))\b|"
        r"\bmartian (?:surface|landscape|desert|dust|plain)\b",
    ),
)
_CLOUDS = r"(?:the |a |some )?(?:(?:white|soft|pink|golden|fluffy|high|sea of|bank of|carpet of) )*clouds\b"
_PEAKS = r"(?:the |two |a pair of |tall |high |great |snowy |dark )*(?:mountain peaks|mountains|peaks|summits)\b"
_HEIGHTS = (  # mark and what is said of who is high up
    (
        "cloud sea",
        rf"\b(?:above|over|atop|on top of|on|onto|among|amongst|amid) {_CLOUDS}|\bsea of clouds\b|"
        r"\bon (?:an?|the|his|her|my|our|one|top of a) (?:(?!storm|dark|rain|black)\w+ )?cloud\b|"
        rf"(?<!head )(?<!faces )(?<!shapes )(?<!moon )(?<!sun )(?<!stars )(?<!light )\b(?:up )?in {_CLOUDS}",
    ),
    (
        "valley",
        rf"\b(?:between {_PEAKS}|two (?!thirds\b)(?:\w+ )?(?:mountains|peaks|summits)\b)|"
        r"\b(?:in|through|down|into|across) (?:an?|the|our|this) (?:\w+ )?(?:mountain|alpine|deep|narrow|alp) valley\b",
    ),
)
_ON_DISC = re.compile(
    r"\b(?:sit\w*|sat|seated|sleep\w*|asleep|slept|swing\w*|perch\w*|lean\w*|lying|lies|lie|rest(?:s|ing|ed)?|"
    r"fish(?:es|ing)|crescent|half|hang\w*)\b"
)
VISITED = ("hair salon", "hotel lobby", "ballroom")  # rooms that no things in them tell
_WATERFRONTS = (
    "canal",
    "canal side",
    "gabled canal",
    "gabled canal side",
    "frozen canal",
    "harbour",
    "quay",
    "seafront",
)
_WATERS = ("river", "sea", "lake", "ice", "snow")  # terrains that a waterfront stands for
_CITIES = (
    "canal",
    "gabled canal",
    "frozen canal",
    "boulevard",
    "motorway",
)  # places that a street, a square or a café is in
_IN_CITIES = ("houses", "shops", "square", "crossing", "alley", "cafe")
_AFLOAT = re.compile(
    r"\b(?:gondolas?|gondoliers?|(?:rowing |sailing )?boats?|barges?|canoes?|kayaks?|swans?|ducks?|swim\w*|vaporetto|"
    r"rafts?|ships?|(?:on|in|down|along) (?:the|a) (?:\w+ )?(?:canal|water))\b"
)
_ON_ICE = re.compile(r"\b(?:ice-?|figure )?skat(?:e|es|ing|ed|ers?)\b|\bfrozen\b")
_SEEN_THERE = {  # what a set shows of itself
    **dict.fromkeys(
        ("seafront", "porch"), r"(?:,? (?:with|and|at|by|over) )(?:the |its |an? |white |wooden )*\brailings?\b"
    ),
    "rooftops": r"(?:,? (?:with|and|between|among) )(?:the |its |many |all )*\b(?:chimneys|chimney pots|roofs)\b",
    "orchard": r"(?:,? (?:with|and|between|among|of|full of) )(?:the |its |all |old )*\b(?:\w+ )?(?:fruit )?trees\b",
    "pitch": r"(?:,? (?:with|and|before|in) )(?:the |its |an? |both |two )*\b(?:goals?|goalposts|nets?)\b",
    "fairground": r"(?:,? (?:with|and|of|under) )(?:the |its |many |all |coloured )*\b(?:rides|lights|stalls|booths)\b",
    "canal": r"(?:,? (?:with|and|between|past|along|through|on) )?(?:the |its |old |tall |many |narrow |rows of )*"
    r"\b(?:canals?|palaces|palazz[io]s?|fa[cç]ades?|mooring posts?)\b",
    "boulevard": r"(?:,? (?:with|and|under|past|at) )?(?:the |its |striped |red |caf[eé] |small |little )*"
    r"\b(?:awnings?|caf[eé]s?|caf[eé] (?:tables|chairs))\b",
    "patio": r"(?:,? (?:with|and|full of|of|under|among) )?(?:the |its |white |many |flower ?|blue |hanging )*"
    r"\b(?:pots?(?: (?:of|with) (?:\w+ )?(?:geraniums?|flowers))?|flowerpots?|arch(?:es)?|arcades?)\b",
}
_STAY = {"steps": "stairs", "bench": "bench", "swing": "swing", "traffic": "many cars"}  # what is a figure there
_STAYING = ("houses", "park", "playground")
_TIMES = r"\b(?:before|after|during|until|since|without) (?:school|work|church|the office|class)\b"
_SKYLINE = frozenset(  # words of a city as seen from afar, or from above
    [
        *("city", "cities", "town", "skyline", "skylines", "skyscraper", "skyscrapers", "towers", "rooftops", "roofs"),
        *("above", "flying", "fly", "flies", "flew", "sky", "metropolis", "downtown", "highway", "motorway"),
        *("train", "trains"),
    ]
)
_STREET_TERRAINS = ("", "city", "village", "road", "field", "hills", "room")
_HIGH_TERRAINS = ("", "field", "hills", "mountains")
_PLACES = tuple(
    (
        mark,
        terrain,
        re.compile(rf"\b{_IN if mark in _BUILT else _AT} {_PART}{_OWN}{_LOOK}(?:{nouns})\b{_WHOLE}"),
        re.compile(rf"^{_OWN}{_LOOK}(?:{nouns}){_ENDS}"),
    )
    for mark, terrain, nouns in _WITHIN
)
_DONE = tuple((mark, terrain, re.compile(said)) for mark, terrain, said in _MOVING)
_OTHER_WORLDS = tuple((mark, GREEN, re.compile(said)) for mark, said in _WORLDS)
_HIGH_UP = tuple((mark, GREEN, re.compile(said)) for mark, said in _HEIGHTS)


class Place(NamedTuple):
    """A place of everyday life: the mark of its set, the terrain that it belongs to, and the text without it."""

    mark: str
    terrain: str
    rest: str


def place_said(text: str, marks: Container[str]) -> Place | None:
    """The place of everyday life that an English text names, or None.

    Args:
        text: In lower or upper case.
        marks: That the generator has.
    """
    said = re.sub(_TIMES, "", text.lower())
    found = [
        place for place in _found(said) if place[0] in marks and not (place[0] == "boulevard" and "eiffel" in said)
    ]
    if not found:
        return Place("", "", said.strip()) if said != text.lower() else None
    mark, terrain, _ = min(
        found, key=lambda one: (one[2].start() > 0 or bool(re.match(_AT, one[2].group())), -len(one[2].group()))
    )
    if mark in _IN_CITIES:
        mark = next((city for city, _, _ in found if city in _CITIES), mark)
    found += [(mark, terrain, match) for match in re.finditer(_SEEN_THERE.get(mark, r"(?!)"), said)]
    if mark in ("canal", "gabled canal") and _ON_ICE.search(said) and "frozen canal" in marks:
        mark = "frozen canal"
    if mark in _BANKS and not _AFLOAT.search(said) and _BANKS[mark] in marks:
        mark = _BANKS[mark]
    kept = [word for word in re.finditer(r"\S+", said) if not any(_covers(one[2], word) for one in found)]
    stays = {_STAY[word]: match.start() for one, _, match in found if one in _STAYING for word in _words_of(match)}
    words = sorted([(word.start(), word.group()) for word in kept] + [(start, name) for name, start in stays.items()])
    return Place(mark, terrain, " ".join(word for _, word in words).strip(" ,.;"))


def _covers(match: re.Match[str], word: re.Match[str]) -> bool:
    return match.start() <= word.start() < match.end()


def _words_of(match: re.Match[str]) -> list[str]:
    """The words of `_STAY` that a place is named by."""
    return [word for word in _STAY if re.search(rf"\b{word}", match.group())]


def _found(said: str) -> list[tuple[str, str, re.Match[str]]]:
    """All places that a text names, with what names them."""
    done = _DONE + _HIGH_UP + (() if _ON_DISC.search(said) else _OTHER_WORLDS)
    found = [(mark, terrain, match) for mark, terrain, doing in done if (match := doing.search(said))]
    for mark, terrain, within, alone in _PLACES:
        match = within.search(said) or (alone.search(said) if mark in _ALONE else None)
        if match:
            found.append((mark, terrain, match))
    return found


def set_in(classes: Mapping[str, str], place: Place | None) -> bool:
    """Whether a text whose classes these are may be shown at a place."""
    if place is None or not place.mark:
        return False
    if place.mark in HIGH:
        return classes.get("terrain", "") in _HIGH_TERRAINS
    at_water = place.mark in _WATERFRONTS and classes.get("terrain") in _WATERS
    return at_water or place.terrain == ROOM or classes.get("terrain", "") in _STREET_TERRAINS


def street_of(classes: Mapping[str, str], words: Sequence[str], nobody: str) -> str:
    """The mark of the street where figures are that a city is only the place of, or ""."""
    if classes.get("terrain") != STREET or classes.get("subject", nobody) == nobody or not _SKYLINE.isdisjoint(words):
        return ""
    return USUAL_STREET
