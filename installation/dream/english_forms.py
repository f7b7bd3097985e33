"""The forms of English nouns and verbs: plurals, what one does, what somebody is doing; and where something is."""

from __future__ import annotations

TIMES = frozenset(
    [
        *("night", "dawn", "sunset", "noon", "dusk", "midnight", "sunrise", "day"),
        *("winter", "summer", "spring", "autumn", "morning", "evening", "afternoon"),
    ]
)
_UPON = frozenset(  # what one is on, where other languages say "at" or "in"
    [
        *("table", "roof", "beach", "bench", "branch", "chair", "hill", "hills", "road", "street", "meadow", "tree"),
        *("elephant", "camel", "donkey", "unicorn", "dragon", "whale", "turtle", "ostrich", "sled"),
        *("palm", "horse", "bicycle", "bike", "bridge", "sofa", "couch", "wall", "floor", "ice", "grass", "sand"),
        *("stage", "shore", "cliff", "cliffs", "bed", "windowsill", "back", "shoulder", "head", "plate", "island"),
        *("playground", "stairs", "square", "pier", "balcony", "field", "platform", "path", "shelf", "mountain"),
        *(
            "moon",
            "swing",
            "carousel",
            "coast",
            "raft",
            "rock",
            "stone",
            "armchair",
            "carpet",
            "wire",
            "fence",
            "line",
            "couch",
        ),
        *("leaf", "log", "stump", "throne", "shelf", "cloud", "pillow", "blanket", "ledge", "desk", "jetty", "porch"),
        *(
            "terrace",
            "veranda",
            "market square",
            "kitchen table",
            "flower",
            "sunflower",
            "suitcase",
            "trunk",
            "lily pad",
        ),
    ]
)
_AT = frozenset(["night", "dawn", "sunset", "noon", "dusk", "midnight", "window", "door", "gate", "station"])
_IRREGULAR = {
    "child": "children",
    "man": "men",
    "woman": "women",
    "person": "people",
    "mouse": "mice",
    "goose": "geese",
    "wolf": "wolves",
    "leaf": "leaves",
    "foot": "feet",
    "tooth": "teeth",
    "knife": "knives",
    **{one: f"{one}es" for one in ("potato", "tomato", "superhero", "mosquito")},
    "loaf": "loaves",
    **{same: same for same in ("sheep", "fish", "deer", "people", "clothes", "glasses", "stairs")},
}
_PLURALS = frozenset([*_IRREGULAR.values(), "fishermen", "snowmen"])
_DOUBLED = ("run", "swim", "sit", "hug", "knit", "beg", "dig", "stop", "hop", "pet", "chop")
_VOWELS = tuple("aeiou")


def plural_of(noun: str) -> str:
    """The plural of an English noun, of whose words the last is changed."""
    *before, last = noun.split(" ")
    if last in _PLURALS:
        return noun
    if last in _IRREGULAR:
        last = _IRREGULAR[last]
    elif last.endswith("man"):
        last = last.removesuffix("man") + "men"
    elif last.endswith(("s", "x", "ch", "sh")):
        last += "" if last.endswith("s") and not last.endswith("ss") else "es"
    elif last.endswith("y") and last[-2:-1] not in _VOWELS:
        last = last[:-1] + "ies"
    else:
        last += "s"
    return " ".join([*before, last])


def third_person(verb: str) -> str:
    """A verb as it is said of one: "wait for" -> "waits for"."""
    first, *rest = verb.split(" ")
    if first.endswith(("s", "x", "ch", "sh", "o", "ss")):
        first += "es"
    elif first.endswith("y") and first[-2:-1] not in _VOWELS:
        first = first[:-1] + "ies"
    else:
        first += "s"
    return " ".join([first, *rest])


def participle(verb: str) -> str:
    """A verb as it is said after a noun: "wait for" -> "waiting for"."""
    first, *rest = verb.split(" ")
    if first in _DOUBLED:
        first += first[-1]
    elif first in ("lie", "die"):
        first = first[:-2] + "y"
    elif first.endswith("e") and first != "be" and not first.endswith("ee"):
        first = first[:-1]
    return " ".join([first + "ing", *rest])


def located(noun: str) -> str:
    """The preposition for where something is: on a table, at a window, in a forest."""
    last = noun.split(" ")[-1]
    return "on" if last in _UPON or noun in _UPON else "at" if last in _AT else "in"
