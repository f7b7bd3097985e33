"""Where the things that a text names are at home, and what single words say of the whole scene.

A text that names no place has the one where its things belong: a boat lies on water, a bed stands in a room, and what
stands alone stands in the open, because a single tree before a forest would be one of many.
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence
from itertools import pairwise

from installation.dream.act_words import GENERAL
from installation.dream.arrangement_words import COUNTS
from installation.dream.building_parts import BUILT_UP
from installation.dream.calm_places import calm_place, room_of
from installation.dream.fire_words import CAMPFIRE
from installation.dream.join_words import JOINS, PILED, TETHERED
from installation.dream.verbs import PAUSES
from installation.models.figure_traits import trait
from installation.models.lexicon import Lexicon, base_forms

NOBODY = "nobody"
SECOND, THIRD = "second ", "third "  # begin the marks of the companion, and of a third figure
FURTHER_ORDERS = ("fourth ", "fifth ")  # and of further ones
SOLITARY = frozenset(["single", "alone", "lone", "lonely", "lonesome", "solitary", "forlorn"])
EMPTY = frozenset(["empty", "deserted", "bare", "wide", "vast", "endless"])
WOODED = ("tree", "pine", "house", "tent", "wolf", "deer", "fox", "bear", "owl", "rabbit", "leaf")  # else in a forest
OPEN = "field"
BEACH = frozenset(["beach", "beaches", "shore", "seashore", "seaside", "coast", "strand", "playa", "plage", "spiaggia"])
SILLS = frozenset(["windowsill", "sill", "ledge", "fensterbank", "fensterbrett"])
WINDOWS = frozenset(["window", "fenster", "fenêtre", "ventana", "finestra", "janela", "raam"])
IN_WINDOWS = trait("in_windows")  # stand there
STREETS = frozenset(
    ["street", "streets", "straße", "rue", "calle", "strada", "rua", "straat", "road", "crossing", "kerb"]
)
_WINGED = frozenset((*trait("flyers"), "kite", "balloon", "airplane", "airship", "bird"))
OUTDOORS = trait("outdoors")  # never in a room
BROOMS = frozenset(["broom", "broomstick", "broomsticks", "besen"])
FLIES = frozenset(["flying", "flies", "fly", "flew", "fliegt", "fliegende", "floating", "floats", "hovering", "hovers"])
_UNROOFED = ("bridge", "rope bridge", "pier")  # on which musicians are on no stage
_FLOATS, _WATERS = ("floating", "floats"), ("sea", "lake", "river", "deep sea", "swamp", "waterfall")
_IN_AIR = frozenset(["air", "sky", "space", "clouds", "cloud", "wind", "mist", "breeze", "luft", "mid-air", "universe"])
_DENIED = frozenset(["can't", "cannot", "not", "never", "couldn't", "don't", "doesn't", "won't"])
_COMPARED = frozenset(["like", "as"])
ALOFT = (
    "on a cloud",
    "on the clouds",
    "on clouds",
    "upon a cloud",
    "in the sky",
    "in the air",
    "through the sky",
    "across the sky",
    "in the clouds",
    "am himmel",
)
_HOUSEHOLD = trait("household")
FOOD, TABLETOP = trait("food"), frozenset(trait("on_tables")) & frozenset(trait("of_a_hand"))  # a still life
_WILD = frozenset(("nest", "mouse", "feather", "seashell"))  # small, but at home outside
_FEW = ("two", "three", "four", "five", "six")  # of which a table has room for all
_GROWN = ("pumpkin", "corn", "watermelon", "pineapple")  # food that several of stand in a field
HOME_OF = {  # where figures are at home if a text names nothing else
    **dict.fromkeys(_HOUSEHOLD, "room"),
    "suitcase": "road",
    "well": "village",
    "wheelbarrow": "field",
    "traffic light": "city",
    "fire engine": "city",
    "skateboard": "road",
    "school": "village",
    "washing line": "field",
    "wheat": "field",
    "flag": "hills",
    "corn": "field",
    "pyramid": "desert",
    "igloo": "ice",
    "polar bear": "ice",
    "sandcastle": "sea",
    "ambulance": "city",
    "pram": "road",
    "carousel": "field",
    "digger": "field",
    "surfboard": "sea",
    "bamboo": "jungle",
    **dict.fromkeys(("scorpion", "camel", "cactus"), "desert"),
    "factory": "city",
    "hospital": "city",
    "bus stop": "road",
    "fern": "forest",
    "tower crane": "city",
    "scooter": "road",
    "hockey player": "ice",
    "carriage": "road",
    "mailbox": "village",
    "phone box": "city",
    "gravestone": "graveyard",
    "skyscraper": "city",
    "seagull": "sea",
}
WATER_OF = {  # figures that are at home in water
    **dict.fromkeys(
        (
            *("boat", "swan", "duck", "gondola", "flamingo", "swimmer", "goose", "hippo", "beaver", "axolotl"),
            *("heron", "rowing boat", "lily pad"),
        ),
        "lake",
    ),
    **dict.fromkeys(("ship", "whale", "dolphin", "shark", "lighthouse", "mermaid"), "sea"),
    **dict.fromkeys(("seal", "lobster", "starfish", "walrus", "sandcastle", "seashell"), "sea"),
    **dict.fromkeys(("fish", "jellyfish", "octopus", "submarine", "seahorse"), "deep sea"),
}
ROOMS = (  # marks of rooms with the words that name one, then with those that need one; the first that is found counts
    ("stage", "stage theatre theater spotlight spotlights cabaret opera audience applause bühne scène escenario palco"),
    ("cinema", "cinema cinemas kino cinéma cine"),
    ("pool", "swimmer swimmers swim swims swimming swam"),
    ("poolside", "pool pools swimmingpool baths lido schwimmbad piscine piscina"),
    ("laundrette", "laundrette laundromat launderette waschsalon laverie"),
    ("counter", "bank post-office postoffice counter counters postamt banque banco banca"),
    ("platform", "platform platforms station stations bahnsteig bahnhof gare"),
    ("balcony", "balcony balconies terrace veranda porch porches balkon balcon balcón balcone"),
    ("carriage", "carriage compartment"),
    ("ward", "hospital hospitals clinic ward surgery dentist's doctor's krankenhaus hôpital ospedale"),
    ("classroom", "classroom classrooms lecture klassenzimmer aula"),
    (
        "shop",
        "supermarket supermarkets grocery shop store aisle checkout self-checkout till tills supermarkt supermarché "
        "supermercado",
    ),
    ("gym", "gym fitness turnhalle"),
    ("cafe", "café cafés cafe cafes restaurant restaurants bistro pub bakery bar"),
    ("hall", "airport terminal departures gate lobby foyer waiting-room hallway concourse reception"),
    ("bathroom", "bathroom bathrooms badezimmer washbasin washbasins"),
    ("office", "office offices büro bureau oficina"),
    ("bedroom", "bedroom bedrooms schlafzimmer"),
    ("attic", "attic attics loft garret dachboden grenier ático soffitta"),
    ("kitchen", "kitchen kitchens oven stove fridge sink küche cuisine cocina cucina cozinha"),
    ("library", "library libraries bookshelf bookshelves bookcase bookshop bibliothek bibliothèque biblioteca"),
    ("studio", "studio studios gallery galleries museum atelier"),
    ("salon", "curtain curtains window windows windowsill sill ledge ballroom palace"),
    ("cinema", "movie movies popcorn"),
    ("ward", "dentist dentists doctor nurse patient"),
    ("classroom", "school class teacher blackboard exam lesson pupils schule école"),
    ("shop", "groceries shops"),
    ("gym", "workout treadmill yoga zumba pilates weights dumbbells"),
    ("bathroom", "bath bathtub tub shower toilet loo toothbrush teeth tap taps faucet towel soap baignoire bagno"),
    ("office", "meeting cubicle coworkers colleague colleagues boss printer spreadsheet"),
    ("lamp room", "sofa couch armchair parlour lullaby"),
    ("bedroom", "bed mattress pillow pyjamas pajamas duvet"),
    (
        "kitchen",
        "cook cooks cooking bake bakes baking breakfast lunch dinner supper soup spaghetti pasta pancake pancakes "
        "toast dish dishes plate plates tea coffee cup teapot jam",
    ),
    ("kitchen", "teapots kettle pot pots saucepan bread loaf loaves fork spoon knife pizza washing washer"),
    ("library", "homework study studying reading read reads globe telescope"),
    ("lamp room", "evening night birthday party guests television tv radio netflix"),
    ("bedroom", "sleep sleeping sleeps sleeper asleep bedtime alarm"),
    ("stage", "singer violinist magician trumpet harp drum drums concert concerts gig"),
    ("studio", "camera laundry"),
    ("cafe", "barista bartender cocktail beer beers pint waiter waitress"),
)
NAMED_ROOMS = 22  # of them, how many are shown as what the words name
SPOTLIGHTS = frozenset(["spotlight", "spotlights"])
WITHOUT_WINDOW = ("stage", "cinema", "shop", "laundrette", "counter", "cellar", "exhibition", "corridor")
_ROOMS = tuple((mark, frozenset(words.split())) for mark, words in ROOMS)
_INDOORS = "room"
_OUTING = frozenset(["picnic", "picnics", "barbecue", "camping", "beach", "garden"])
_LYING = ("on", "inside", "front", "behind")  # relations of things on a table
_SUPPORTED = ("inside", "on", "held", "leash", "riding")  # places of what need not be at home where it is
RELATIONS = (
    "on",
    "riding",
    "above",
    "under",
    "around",
    "front",
    "inside",
    "behind",
    "lifted",
    "between",
    "held",
    "leash",
    "at",
    "chasing",
    "pulling",
    "leaping",
    *GENERAL,
    *JOINS,
)
_PEAK = re.compile(
    r"\b(on|onto|atop|up|top of|climb\w*|reach\w*|scal\w+) (\w+ ){0,3}(mountains?|peaks?|summits?|mountaintop)\b"
    r"(?! (?:road|path|pass|trail|track|lake|stream|river|village|meadow|slope|hut))"
)
_CLIFF = re.compile(r"\b(on|onto|atop|upon|top of|edge of) (\w+ ){0,3}(cliffs?|crags?|precipice|headland|bluff)\b")
_CLIMBS = re.compile(
    r"\b(climb|climbs|climbed|climbing|scales|scaling|scrambling|clambering) (?:up )?(?:\w+ ){0,3}"
    r"(mountains?|peaks?|cliffs?|crags?|rocks?|rock face|slopes?|summits?)\b(?! (?:road|path|pass|trail|track))"
)
_FALLS = re.compile(
    r"\b((falls|falling|fell|tumbles|tumbling|plunges|plunging) (from|out of|off|down|through)"
    r"|(dives|diving|dived|dove|plunges|plunging) (from|off|into|in|headfirst))\b"
)
_HANGS = re.compile(r"\b(hang|hangs|hanging|hung|dangles|dangling) (upside down|from|by|on|in)\b")
_WAVES = ("fish", "whale", "ship", "boat", "shark", "dolphin", "seal", "octopus")  # who are never on a cliff
_ENCLOSING = trait("enclosing")
_INSIDE = "inside"
_UNFALLEN = ("leaf", "star", "feather", "flower", "rose")


def named_by(mark: str) -> str:
    """The figure, number or paper that a mark names of the companion or of a further figure; else the mark."""
    order, _, name = mark.partition(" ")
    return name if f"{order} " in (SECOND, THIRD, *FURTHER_ORDERS) else mark


def home_of(
    classes: Mapping[str, str], marks: Sequence[str], words: Sequence[str], lexicon: Lexicon, subjects: Container[str]
) -> str:
    """The terrain where what a text names is at home, or "".

    Args:
        classes: That it names.
        marks: How the figures are arranged.
        words: Of the text.
        lexicon: Of the generator.
        subjects: The labels of all figures.
    """
    named = (classes.get("subject"), classes.get("companion"), *(named_by(mark) for mark in marks))
    standing = any(mark in _SUPPORTED for mark in marks) and classes.get("subject") not in WATER_OF
    figures = [label for label in named if label and label in subjects and label != NOBODY]
    if not {"clad", "in mouth"}.isdisjoint(marks):  # with whom it goes anywhere
        figures = figures[:1]
        if figures[0] in _HOUSEHOLD:
            figures = []
    enclosed = _INSIDE in marks and classes.get("subject") in _ENCLOSING
    if enclosed:  # a ship in a bottle needs no sea
        figures = [label for label in figures if label not in WATER_OF or label == classes["subject"]]
    water = "" if standing or _is_aloft(words) else _water(figures)
    if "terrain" in classes:
        return water if (classes["terrain"], water) == ("sea", "deep sea") and "celestial" not in classes else ""
    outside = CAMPFIRE in marks or not {"celestial", "weather"}.isdisjoint(classes)
    outside = outside or any(label in OUTDOORS or label in _UNROOFED for label in named)
    if calm_place(figures, outside and not _is_mild(classes)) == _INDOORS:
        return _INDOORS
    pairs = [" ".join(pair) for pair in pairwise(words)]
    forms = [form for word in (*pairs, *words) for form in base_forms(word)]
    places = [lexicon.implied[form].label for form in forms if form in lexicon.implied and not enclosed]
    placed = any(mark in RELATIONS and mark not in _LYING for mark in marks)
    if not (outside or placed or _OUTING.intersection(forms)) and _is_still_life(figures, marks):
        return _INDOORS
    if water:
        places.append(water)
    if classes.get("subject") in WOODED and not SOLITARY.isdisjoint(words):
        places.append(OPEN)
    homes = {HOME_OF.get(label, "") for label in figures}
    if len(homes) == 1:
        places += homes
    home = next((place for place in places if place and not (outside and place == _INDOORS)), "")
    return home or calm_place(figures, outside)


def _is_mild(classes: Mapping[str, str]) -> bool:
    """Whether the only weather that is named is one that is seen through a window."""
    return "celestial" not in classes and classes.get("weather") in ("clouds", "fog")


def _is_still_life(figures: Sequence[str], marks: Sequence[str]) -> bool:
    """Whether several small things are named and nothing else: "two apples and a knife"."""
    if not figures or not TABLETOP.issuperset(figures) or not _WILD.isdisjoint(figures):
        return False
    counted = any(mark in _FEW for mark in marks) and figures[0] in FOOD and figures[0] not in _GROWN
    return len(set(figures)) > 1 or counted


ROOMS_INSTEAD = {  # room -> the number of second figures that no generator shows in it, and another room
    "lamp room": ("five", "parlour"),
    "salon": ("four", "parlour"),
    "studio": ("many", "exhibition"),
    "stage": ("six", "cinema"),
}


def with_room_for_all(marks: Sequence[str]) -> tuple[str, ...]:
    """Marks with another room where one and a number of second figures exclude each other: "five cats on a table"."""
    found = tuple(marks)
    for room, (number, instead) in ROOMS_INSTEAD.items():
        if room in found and SECOND + number in found:
            found = tuple(instead if mark == room else mark for mark in found)
    return found


def scene_marks(
    classes: Mapping[str, str], marks: Sequence[str], words: Sequence[str], known: Container[str]
) -> tuple[str, ...]:
    """The marks of the whole scene: alone, on a beach, a windowsill or a street, in the air, in which room."""
    found: list[str] = []
    subject, terrain = classes.get("subject", NOBODY), classes.get("terrain", "")
    alone = not any(mark.startswith(SECOND) for mark in marks) and "companion" not in classes
    if terrain == "sea" and _any(BEACH, words):
        found.append("shore")
    elif alone and subject != NOBODY and terrain != _INDOORS and _any(SOLITARY | EMPTY, words):
        found.append("wide")
    placed = any(mark in RELATIONS for mark in marks)
    in_window = subject in IN_WINDOWS and _any(WINDOWS, words)
    accompanied = "companion" in classes or any(mark.startswith(SECOND) for mark in marks)
    if terrain == _INDOORS and subject != NOBODY and accompanied and _any(SILLS, words):
        found.append("on sill")
    elif terrain == _INDOORS and subject != NOBODY and not placed and (_any(SILLS, words) or in_window):
        found.append("sill")
    if terrain in BUILT_UP and subject != NOBODY and _any(STREETS, words):
        found.append("street")
    aloft = _is_aloft(words) and not ("cloud sea" in marks and "on" in words)  # who walks on the clouds
    others_fly = classes.get("detail") == "distant birds" or (accompanied and _another_flies(classes, marks, words))
    if (
        subject != NOBODY
        and not (placed or others_fly)
        and (_flies(words, terrain in _WATERS) or aloft or (subject == "witch" and _any(BROOMS, words)))
    ):
        found.append("flying")
    spoken = " ".join(words)
    on_top = {"mountains": _PEAK, "cliffs": _CLIFF}.get(terrain)
    if on_top is not None and subject not in (NOBODY, *_WAVES):
        climbs = _CLIMBS.search(spoken) is not None
        if climbs and alone and not placed:
            found += ["peak", "climbing"]
        elif on_top.search(spoken) and not (climbs and "on" in marks):  # who bears a load is seen from near
            found.append("peak")
    if alone and subject not in (NOBODY, *_UNFALLEN) and not (placed or found):
        found += [name for name, said in (("falling", _FALLS), ("hanging", _HANGS)) if said.search(spoken)][:1]
        found += [TETHERED] if TETHERED in words and not found else []
    if alone and PILED in words and any(mark in COUNTS for mark in marks):
        found.append(PILED)
    if terrain == _INDOORS:
        seen = not {"celestial", "weather"}.isdisjoint(classes)
        said = [*words, *("-".join(pair) for pair in pairwise(words))]
        rooms = (mark for mark, named in _ROOMS if _any(named, said))
        room = next((one for one in rooms if not (seen and one in WITHOUT_WINDOW)), "")
        room = room or room_of((subject, *(named_by(mark) for mark in marks)))
        found += [room] if room else []
    return tuple(mark for mark in found if mark in known)


def _lies_on(after: Sequence[str]) -> bool:
    """Whether what floats is in or on something other than the air: "a cork floats in a barrel"."""
    return after[:1] in (["in"], ["on"], ["down"], ["upon"]) and _IN_AIR.isdisjoint(after)


def _flies(words: Sequence[str], wet: bool = False) -> bool:
    """Whether a text says that something flies, rather than what it is like, or what it cannot do; `wet`: on water."""
    return any(
        word in FLIES
        and not (wet and word in _FLOATS and "above" not in words)
        and not (word in _FLOATS and _lies_on(words[place + 1 :]))
        and not (place and words[place - 1] in _DENIED)
        and _COMPARED.isdisjoint(words[:place])
        for place, word in enumerate(words)
    )


def _another_flies(classes: Mapping[str, str], marks: Sequence[str], words: Sequence[str]) -> bool:
    """Whether a clause of its own says that another figure flies: "a cow in a field, an eagle flies in the sky"."""
    others = {classes.get("companion", ""), *(mark.partition(" ")[2] for mark in marks)}
    place = next((index for index, word in enumerate(words) if word in FLIES), 0)
    begin = max((index for index in range(place) if words[index] in PAUSES), default=0)
    named = begin > 0 and place > begin + 1 and classes.get("subject") not in words[begin:place]
    return named and not others.isdisjoint(_WINGED) and classes.get("subject") not in _WINGED


def _is_aloft(words: Sequence[str]) -> bool:
    """Whether a text says that something is "in the sky"."""
    return any(f" {phrase} " in f" {' '.join(words)} " for phrase in ALOFT)


def names_room(word: str, marks: Container[str]) -> bool:
    """Whether a word names the very room that one of the marks shows."""
    return any(mark in marks and word in named for mark, named in _ROOMS[:NAMED_ROOMS])


def _any(wanted: frozenset[str], words: Container[str]) -> bool:
    return any(word in words for word in wanted)


def _water(figures: Sequence[str | None]) -> str:
    """Where the swimmers and vessels among the figures are, or ""; under water only if nobody else is there."""
    afloat = {WATER_OF[label] for label in figures if label in WATER_OF}
    if afloat == {"deep sea"} and all(label in WATER_OF for label in figures):
        return "deep sea"
    return "sea" if "sea" in afloat else "lake" if afloat else ""
