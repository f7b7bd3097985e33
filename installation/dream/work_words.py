"""Words for people at work, with the tool that each work needs: "mending a bicycle", "sweeping the street".

People who do such a thing are at work (a mark of an `Arrangeable` generator) with the tool in the hand, before what
they do it with. So are several who each hold the same: "three girls looking at their phones".
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from installation.dream.act_words import forms
from installation.dream.arrangement_words import HEAVY, READABLE
from installation.dream.calm_places import INDOORS
from installation.dream.meal_words import DRINKS, FOOD
from installation.dream.scene_words import SECOND
from installation.dream.state_words import KIND_OF
from installation.dream.table_words import (
    AT_TABLE,
    ORDERS,
    PEOPLE,
    NamedFigure,
    kept_marks,
    marks_of_figures,
    named_figures,
    number_of_people,
    without_figures,
)
from installation.models.figure_traits import trait

AT_WORK = "at work"  # a mark
HELD = "held"  # another one
KNEELING = "kneeling"  # a state


class Work(NamedTuple):
    """What a verb needs: the tool, whether one kneels for it, and words that it shows."""

    tool: str = ""
    kneels: bool = False
    shows: tuple[str, ...] = ()


_WORKS = {  # verbs -> what they need
    "mend repair fix": Work("spanner", kneels=True),
    "paint whitewash varnish": Work("paintbrush", shows=("picture", "portrait", "landscape", "wall", "walls", "house")),
    "sweep mop": Work("broom", shows=("floor", "street", "leaves", "steps")),
    "rake": Work("rake", shows=("leaves",)),
    "wash clean polish wipe scrub": Work("sponge", shows=("dishes",)),
    "shave": Work("razor", shows=("beard", "face")),
    "saw": Work("handsaw", shows=("board", "wood", "plank")),
    "hammer nail": Work("hammer", shows=("nail", "nails", "board")),
    "build": Work("hammer"),
    "carve whittle": Work("knife"),
    "chop slice peel": Work("knife"),
    "sew stitch embroider darn": Work("needle"),
    "knit crochet": Work("ball of wool"),
    "stir cook": Work("spoon"),
    "fry": Work("frying pan"),
    "iron": Work("flat iron"),
    "fold": Work(),
    "bake knead": Work("rolling pin"),
    "decorate wrap": Work(),
    "water": Work("watering can", shows=("plants", "flowers")),
    "photograph film": Work("camera", shows=("picture", "photo", "pictures", "photos")),
    "vacuum hoover": Work("vacuum cleaner", shows=("room", "carpet", "floor")),
    "fish": Work("fishing rod", shows=("pier",)),
    "draw sketch": Work("pencil"),
    "dig shovel": Work("spade", shows=("hole",)),
    "weed plant": Work(),
    "comb braid plait style brush": Work("comb", shows=("hair",)),
    "cut trim": Work("scissors", shows=("hair", "paper")),
    "shear": Work("scissors", shows=("wool",)),
    "fell": Work("axe", shows=("wood",)),
    "phone call": Work("smartphone"),
    "pour": Work("bottle", shows=("water", "milk", "juice", "wine", "beer", "tea", "coffee", "drink")),
    "read": Work("book", shows=("story", "stories", "poem", "poems", "tale", "aloud")),
    "hang": Work(shows=("line", "wash", "washing", "laundry", "sheets", "linen", "pegs")),
    "pick gather harvest pluck collect": Work(shows=("flowers", "basket")),
}
_NOT_AS_NOUNS = frozenset(  # forms that are other words as well
    [
        *(
            "paint",
            "water",
            "iron",
            "comb",
            "brush",
            "fish",
            "saw",
            "nail",
            "film",
            "phone",
            "call",
            "cut",
            "cook",
            "plant",
            "fell",
            "read",
        ),
        *("plants", "paints", "waters", "irons", "combs", "brushes", "fishes", "nails", "films", "phones", "calls"),
        *("weed", "weeds", "style", "styles", "cooks", "hammer", "hammers", "wash", "building", "buildings", "draws"),
        *(
            "photograph",
            "photographs",
            "saws",
            "repair",
            "repairs",
            "fix",
            "mop",
            "rake",
            "sponge",
            "polish",
            "polished",
        ),
        *("painted", "built", "fried", "stitched", "braided", "carved", "knitted", "wrapped", "decorated", "weeded"),
        *(
            "plaited",
            "peeled",
            "sliced",
            "chopped",
            "ironed",
            "sawed",
            "baked",
            "cooked",
            "calling",
            "called",
            "cutting",
        ),
    ]
)
_AS_VERBS = frozenset(
    ["cuts", "paints", "irons", "waters", "saws", "hammers", "phones", "photographs", "fixes", "repairs"]
)
_COMPOUNDS = frozenset(
    [
        *("line", "machine", "rod", "boat", "boats", "powder", "board", "pan", "room", "class", "site", "village"),
        *("needles", "kit", "pot", "hut", "up", "net", "nets", "lady", "book"),
    ]
)
_CALLS = re.compile(r"\bon (the|her|his|my|their) (mobile |cell )?(tele)?phones?\b")
_LAUNDRY = frozenset(
    [
        *("washing", "laundry", "linen", "sheets", "clothes", "shirts", "shirt", "towels", "bedsheets", "nappies"),
        *("socks", "dresses", "sheet"),
    ]
)
_STOVE = "stove"
_LINE, _AT_LINE = "washing line", frozenset(["reaching", "washing", "line"])
_PLACED = frozenset(["held", "on", "under", "above", "inside", "front", "behind", "riding", "on seats"])
_BLOOMS = frozenset(["flowers", "wildflowers", "daisies", "poppies", "tulips", "roses", "lavender", "bluebells"])
_HAIRDOS = ("comb", "braid", "plait", "style", "brush")  # verbs
_OF_KIN = {
    **dict.fromkeys(("sister's", "daughter's", "friend's", "granddaughter's", "child's", "girl's"), "child"),
    **dict.fromkeys(("mother's", "mum's", "mom's", "woman's", "wife's", "bride's"), "woman"),
    **dict.fromkeys(("grandmother's", "grandma's", "granny's"), "old woman"),
    **dict.fromkeys(("son's", "brother's", "boy's"), "boy"),
}
_PICKED = ("pick", "gather", "harvest", "pluck", "collect")  # verbs
_TREE_OF = {  # fruit that is picked, and the figure that it grows on
    **dict.fromkeys(("apple", "cherries", "pear", "plum", "fig"), "apple tree"),
    **dict.fromkeys(("orange fruit", "lemon", "peach", "apricot", "mango"), "orange tree"),
    "olives": "olive tree",
    **dict.fromkeys(("raspberries", "blueberries", "blackberries"), "berry bush"),
    "tomato": "tomato plant",
}
_FRUIT = frozenset(
    [
        *("apple", "apples", "cherry", "cherries", "pear", "pears", "plum", "plums", "olives", "fig", "figs", "orange"),
        *("oranges", "lemon", "lemons", "peach", "peaches", "apricots", "mangoes", "mangos", "berries", "raspberries"),
        *("blackberries", "blueberries", "brambles", "tomato", "tomatoes"),
    ]
)
_TREES = ("tree", "apple tree", "orange tree", "olive tree", "berry bush", "bush", "tomato plant")
_FRIED = ("pancakes", "egg", "bacon", "omelette", "sausages", "fried egg")  # in a pan, beside a stove
_POURS = forms("pour")
_BREWED = frozenset(["tea", "coffee", "cocoa", "chocolate"])
_DRAUGHTS = {"wine": "wine glass", "champagne": "wine glass", "prosecco": "wine glass", "port": "wine glass"}
_TEETH = frozenset(["teeth", "tooth"])
_DENTISTS = frozenset(["dentist", "dentist's", "dentists"])
_UMBRELLA, _SNOWMAN = "umbrella", "snowman"
_BUILDS = forms("build") | {"built", "finishing", "finish"}
_SIBLINGS = frozenset(["brother", "sister", "brothers", "sisters", "cousin", "cousins"])
_SELF = frozenset(["i", "me", "my", "we"])
_YOUNG = {"man": "boy", "woman": "child"}
_MEALS = frozenset(["dinner", "lunch", "supper", "meal", "breakfast", "food", "meals"])
_MAKES = frozenset(["make", "makes", "making", "prepare", "prepares", "preparing", "rolling", "shaping", "wrapping"])
_OF_DOUGH = frozenset(
    [
        *("dumpling", "bread", "cookie", "pizza", "cake", "pie", "croissant", "bagel", "pretzel", "donut", "spaghetti"),
        *("cupcake", "waffle", "baguette", "taco"),
    ]
)
_ASSEMBLED = frozenset(["sandwich", "salad", "sushi", "burger", "hot dog", "cheese"])
_GROUND = frozenset(["pavement", "sidewalk", "ground", "floor", "sand", "asphalt", "chalk"])  # on which one draws
_FELLED = frozenset(["tree", "trees", "oak", "pine", "wood", "firewood", "log", "logs", "trunk", "timber"])
_SLICED = frozenset(
    [
        *("bread", "cake", "cheese", "meat", "vegetables", "onion", "onions", "apple", "apples"),
        *("carrot", "carrots", "tomato", "tomatoes", "pizza", "pie", "ham", "melon", "watermelon"),
        *("fruit", "potatoes", "sausage", "sausages", "lemon", "lemons", "loaf"),
    ]
)
_CUTTING = frozenset(["hair", "hedge", "paper", "beard", "fringe"])
_PICTURES = frozenset(["picture", "pictures", "photo", "photos", "selfie", "selfies", "photograph", "photographs"])
_TAKES = frozenset(["taking", "takes", "take", "took"])
_MADE = {  # words for what is worked on, and what shows it
    **dict.fromkeys(("picture", "portrait", "landscape", "still-life"), "picture frame"),
    **dict.fromkeys(("clothes", "laundry", "linen"), "t-shirt"),
    **dict.fromkeys(("board", "plank", "wood", "boards", "planks"), "log"),
}
_REPLACED = ("wardrobe", "dartboard", "washing line")  # figures that stand for such words elsewhere
_BARBERS = frozenset(["hair", "barber", "hairdresser", "beard", "fringe"])
_OF_CUSTOMERS = {
    "man's": "man",
    "woman's": "woman",
    "girl's": "child",
    "child's": "child",
    "boy's": "boy",
    "her": "woman",
    "lady's": "woman",
}
_OUT = ("riding", "inside", "lying", "leaping", "chasing", "embracing", "fighting", "dancing", "leash", "swimming")
_HOLDABLE = frozenset((*trait("holdable"), *trait("carried"))) - {
    *(
        "balloon",
        "toy balloon",
        "kite",
        "umbrella",
        "flag",
        "lantern",
        "cage",
        "baby",
        "gift",
        "pumpkin",
        "bread",
        *trait("led"),
    ),
    *trait("instruments"),
}
_WORK_OF = {form: (verb, work) for verbs, work in _WORKS.items() for verb in verbs.split() for form in forms(verb)}


class AtWork(NamedTuple):
    """The classes and marks of people at work, and the words that these show."""

    classes: dict[str, str]
    marks: tuple[str, ...]
    shown: frozenset[str]


def _whose_hair(words: Sequence[str]) -> str:
    """Who somebody is whose hair is combed: "her sister's hair"; "" where no other is named."""
    return next((_OF_KIN[word] for word, after in pairwise((*words, "")) if word in _OF_KIN and after == "hair"), "")


def _picked(things: Sequence[NamedFigure]) -> list[NamedFigure]:
    """What is picked: fruit from its tree, one of which is in the hand, or else flowers."""
    fruit = next((one for one in things if one.label in _TREE_OF), None)
    if fruit is None:
        return [NamedFigure("flower", "three")]
    rest = [one for one in things if one is not fruit and one.label not in _TREES]
    return [fruit._replace(number=""), NamedFigure(_TREE_OF[fruit.label]), *rest]


def _customer(words: Sequence[str]) -> str:
    """Whose hair is cut: "an old man's hair"; a man where words do not say it."""
    for before, word in pairwise(("", *words)):
        if word in _OF_CUSTOMERS:
            customer = _OF_CUSTOMERS[word]
            return f"old {customer}" if before in ("old", "elderly") and customer in ("man", "woman") else customer
    return "man"


def at_work(
    classes: Mapping[str, str], marks: Sequence[str], words: Sequence[str], known: Container[str]
) -> AtWork | None:
    """People of a reading at work, if its words say that they do what needs a tool or hands.

    Args:
        classes: Of the reading.
        marks: Of the reading.
        words: Of the text.
        known: The marks of the generator.
    """
    poured = not _POURS.isdisjoint(words)
    if AT_WORK not in known or AT_TABLE in marks or any(mark in _OUT and not poured for mark in marks):
        return None
    named = named_figures(classes, marks)
    workers = [one for one in named if one.label in PEOPLE]
    things = [one for one in named if one.label not in PEOPLE]
    if not workers:
        return None
    several = sum(map(number_of_people, workers)) > 1
    if HELD in marks and several and things and things[0].label in _HOLDABLE:
        more = [things[0]] if things[0].label == "box" and things[0].number else []  # those that nobody holds yet
        return _with(classes, marks, [*workers, things[0], *more, *things[1:]], known, (HELD,), frozenset())
    heavy = next((one for one in things if one.label in HEAVY), None)
    if heavy and several and {"lifting", HELD} & {*marks}:
        return _with(classes, marks, [*workers[:2], heavy], known, (), frozenset())
    umbrellas = [one for one in things if one.label == _UMBRELLA and one.number]
    if umbrellas and several and {"on", "inside", "sitting", f"{SECOND}sitting"}.isdisjoint(marks):
        rest = [one for one in things if one.label != _UMBRELLA]
        order = [*workers[:2], umbrellas[0]._replace(number=""), *rest]
        return _with(classes, marks, order, known, (HELD,), frozenset())
    snowman = next((one for one in things if one.label == _SNOWMAN), None)
    if snowman is not None and not (_MAKES | _BUILDS).isdisjoint(words):
        children = not _SIBLINGS.isdisjoint(words) and not _SELF.isdisjoint(words)
        workers = [one._replace(label=_YOUNG.get(one.label, one.label)) if children else one for one in workers]
        rest = [one for one in things if one is not snowman]
        return _with(classes, marks, [*workers[:2], snowman._replace(number=""), *rest], known, (), _BUILDS)
    if not _DENTISTS.isdisjoint(words):
        return _at_dentist(classes, marks, workers, known)
    found = _work(words) or _made_by_hand(words, things)
    if found is None:
        return None
    verb, work = found
    if verb == "read" and (not _PLACED.isdisjoint(marks) or any(one.label in READABLE for one in things)):
        return None
    things = [one for one in things if one.label not in (work.tool, *_REPLACED)]
    made = next((_MADE[word] for word in words if word in _MADE), "")
    if verb == "hang":
        made, things = _LINE, []
    if verb == "pour":
        things = [one for one in things if not one.label.startswith("glass of")]
    if verb == "pour" and not things:
        made = next((_DRAUGHTS[word] for word in words if word in _DRAUGHTS), "cup")
    elif verb in _PICKED:
        made, things = "", _picked(things)
    if verb == "sew" and not things:
        made = "t-shirt"
    if made and verb != "photograph" and not (things and things[0].label != made):
        things = [NamedFigure(made)]
    if verb in _HAIRDOS and len(workers) == 1 and not several and (whose := _whose_hair(words)):
        workers.append(NamedFigure(whose))
    if verb in ("cut", "trim", "shave") and not _BARBERS.isdisjoint(words):
        customer = _customer(words)
        workers.sort(key=lambda one: one.label == customer)  # who cuts comes first
        if len(workers) == 1 and not several:
            workers.append(NamedFigure(customer))
    if verb == "fry" and things and things[0].label in _FRIED:
        things = [*things[:1], *(one for one in things[1:] if one.label != _STOVE), NamedFigure(_STOVE)]
    if verb == "cook" and not things and not _MEALS.isdisjoint(words):
        things = [NamedFigure("pot")]
    stirred = verb in ("cook", "stir", "make") and work.tool == "spoon"
    if stirred and things and _STOVE not in {one.label for one in things}:
        things = [*things, NamedFigure(_STOVE)]
    if not work.tool and not things and "bending" in marks:
        return None
    tool = [NamedFigure(work.tool)] if work.tool else []
    if verb == "hang":
        marks = [mark for mark in marks if mark not in ("reaching", "hanging")]
    states = (
        (KNEELING,)
        if work.kneels and (things or verb == "draw")
        else tuple(mark for mark in marks if KIND_OF.get(mark))[:1]
    )
    order = [*workers[:2], *things[:1], *tool, *things[1:]][: len(ORDERS)]
    if verb in _PICKED and things and things[0].label in _TREE_OF:
        order, states = [*workers[:2], *things][: len(ORDERS)], (*states, HELD)
    if verb == "read":
        order, states = [*workers[:2], *tool, *things][: len(ORDERS)], (*states, HELD)
    if verb == "make":
        classes = {"terrain": INDOORS, **classes}
        states = (*states, *(("kitchen",) if classes["terrain"] == INDOORS and "kitchen" not in marks else ()))
    shown = frozenset((*work.shows, *_MADE, *(_MEALS if verb == "cook" else ()), verb, f"{verb}ing"))
    return _with(classes, marks, order, known, states, shown)


def _made_by_hand(words: Sequence[str], things: Sequence[NamedFigure]) -> tuple[str, Work] | None:
    """The making of food that words name: what is of dough is rolled, the rest is stirred or cut."""
    labels = {one.label for one in things}
    if _MAKES.isdisjoint(words) or not labels & (FOOD - DRINKS):
        return None
    if labels & _OF_DOUGH:
        return "make", Work("rolling pin")
    return "make", Work("knife" if labels & _ASSEMBLED else "spoon")


def _at_dentist(
    classes: Mapping[str, str], marks: Sequence[str], people: Sequence[NamedFigure], known: Container[str]
) -> AtWork | None:
    """A dentist at work on the teeth of somebody on a chair, who is a man where words do not say it."""
    dentist = next((one for one in people if one.label == "doctor"), NamedFigure("doctor", paper="white"))
    patient = next((one for one in people if one.label != "doctor"), NamedFigure("man"))
    order = [dentist._replace(number=""), patient._replace(number=""), NamedFigure("toothbrush")]
    return _with(classes, marks, order, known, (), _TEETH | {"patient", "patients", "chair"})


def _work(words: Sequence[str]) -> tuple[str, Work] | None:
    """The first verb of a text that says such a work, and what it needs."""
    said = frozenset(words)
    if "on" in said and _CALLS.search(" ".join(words)):
        return "phone", Work("smartphone", shows=("phone",))
    if said >= _AT_LINE:
        return "hang", _WORK_OF["hang"][1]
    if said & _TAKES and said & _PICTURES:
        return "photograph", Work("camera", shows=tuple(_PICTURES))
    for place, word in enumerate(words):
        cuts = word in ("cutting", "cut", "cuts", "trimming") and bool(said & (_CUTTING | _SLICED | _FELLED))
        if not cuts and (word not in _WORK_OF or (word in _NOT_AS_NOUNS and word not in _AS_VERBS)):
            continue
        if words[place + 1 : place + 2] and words[place + 1] in _COMPOUNDS:
            continue
        verb, work = _WORK_OF[word]
        if verb == "draw" and said & _GROUND:
            return verb, work._replace(kneels=True)
        if (verb == "hang" and not said & _LAUNDRY) or (verb in _PICKED and not said & (_BLOOMS | _FRUIT)):
            continue
        if verb == "pour":
            if words[place + 1 : place + 2] in (["down"], ["rain"]) or "rain" in said:
                continue
            return verb, work._replace(tool="teapot") if said & _BREWED else work
        if verb == "brush" and said & _TEETH:
            return verb, Work("toothbrush", shows=tuple(_TEETH))
        if verb in ("cut", "chop") and said & _FELLED:
            return "fell", Work("axe", shows=("wood",))
        if verb in ("cut", "trim") and not said & _CUTTING:
            if not said & _SLICED:
                continue
            return "slice", Work("knife")
        return verb, work
    return None


def _with(
    classes: Mapping[str, str],
    marks: Sequence[str],
    order: Sequence[NamedFigure],
    known: Container[str],
    more: Sequence[str],
    shown: frozenset[str],
) -> AtWork:
    order = order[: len(ORDERS)]
    found = {**without_figures(classes), "subject": order[0].label}
    if order[0].paper:
        found["subject_colour"] = order[0].paper
    return AtWork(found, (*marks_of_figures(order, known), *more, *kept_marks(marks), AT_WORK), shown)
