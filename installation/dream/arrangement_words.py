"""Words for how many figures there are, how large they are, what colour their paper has, and who stands on whom.

They become marks of an `Arrangeable` generator: "three", "huge figure", "pink", "on".
"""

from __future__ import annotations

from collections.abc import Sequence

from installation.models.lexicon import Lexicon, Meaning, base_forms

COUNTS = ("two", "three", "four", "five", "six", "many")
SKY_COUNTS = ("two", "three")  # of suns or moons
REACH = 4  # words between a number or a size and its noun, at most
MARKED_COLOURS = {"pink": "pink", "rosy": "pink", "orange": "orange", "brown": "brown", "grey": "grey", "gray": "grey"}


def _table(rows: dict[str, str]) -> dict[str, str]:
    return {word: mark for mark, words in rows.items() for word in words.split()}


NUMBERS = _table(
    {
        "one": "a an one single 1 another each every",
        "two": "two both twin pair 2 zwei beide deux dos dois duas due twee dwa dwie iki два две 两 二 둘 اثنان",
        "three": "three trio 3 drei trois tres três tre drie trzy üç три 三 셋 ثلاثة",
        "four": "four 4 vier quatre cuatro quatro quattro cztery dört четыре 四 넷 أربعة",
        "five": "five 5 fünf cinq cinco cinque vijf pięć beş пять 五 다섯 خمسة",
        "six": "six 6 sechs seis sei zes sześć altı шесть 六 여섯 ستة",
        "many": "traffic seven eight nine ten dozen dozens hundred hundreds thousand thousands many several countless "
        "numerous flock flocks herd herds pack packs row rows swarm swarms crowd school shoal pride fleet bunch lots "
        "murder group 7 8 9 10 12 20 50 100 1000 viele beaucoup muchos muchas muitos muitas molti molte veel wiele çok "
        "много",
    }
)
SIZES = _table(
    {
        "huge": "huge giant gigantic enormous big large massive colossal immense vast monumental towering",
        "tiny": "tiny small little miniature minuscule wee",
    }
)
INSIDE = "inside"  # is no mark: nothing is shown in another thing
PLACES = _table(
    {
        "on": "on upon atop crosses crossing crossed",
        "above": "above over",
        "under": "under beneath below underneath",
        "behind": "behind",
        "front": "front before",
        INSIDE: "inside within",
    }
)
VESSELS = ("tree", "palm", "pine", "boat", "ship", "chair", "hand", "bicycle")  # figures in which others sit
HELD = ("umbrella",)  # over somebody's head
OVERHEAD = (
    *HELD,
    "balloon",
    "airplane",
    "kite",
    "bird",
    "eagle",
    "bat",
    "star",
    "angel",
)  # which is above what is under
_INSIDE = frozenset(["in", "inside", "into"])
_PAIRS = frozenset(["eyes", "hands", "lovers", "twins"])
_PLURALS = frozenset(["children", "wolves", "geese", "leaves", "men", "women", "people", "mice", "oxen"])
_OWN_SIZE = ("ferris wheel", "child", "couple")  # labels whose phrases have a size that means nothing


def marks_of(
    words: Sequence[str], start: int, end: int, meanings: Sequence[Meaning], lexicon: Lexicon
) -> tuple[str, ...]:
    """The marks of the figure or celestial body that is named from `start` to `end` and has these meanings.

    A plain plural means three, of what there is a pair of two: "swans", "eyes".
    """
    groups = {one.group: one.label for one in meanings}
    if "subject" not in groups and "celestial" not in groups:
        return ()
    before = [*_reach(words, start), *words[start : end - 1]]
    count = next((NUMBERS[word] for word in reversed(before) if word in NUMBERS and word not in ("a", "an")), "")
    if not count and "subject" in groups and _is_plural(words[end - 1], lexicon):
        count = "two" if words[end - 1] in _PAIRS else "three"
    size = next((SIZES[word] for word in reversed(before) if word in SIZES), "")
    marks = [count] if count in COUNTS and groups.get("subject") not in ("couple", "group") else []
    if "celestial" in groups and count in SKY_COUNTS:
        marks = [f"{count} sky"]
    if size and "celestial" in groups:
        marks.append(f"{size} sky")
    elif size and groups.get("subject") not in _OWN_SIZE:
        marks.append(f"{size} figure")
    return tuple(marks)


def place_of(words: Sequence[str], after: int, start: int, label: str) -> str:
    """How a figure `label` that begins at `start` stands to one that ends at `after`, a value of `PLACES`, or ""."""
    between = words[after:start]
    named = next((PLACES[word] for word in between if word in PLACES), "")
    if named in ("", INSIDE) and label in VESSELS and not _INSIDE.isdisjoint(between):
        return "on"
    return "under" if not named and label in HELD and "with" in between else named


def relation(place: str, first_is_companion: bool) -> str:
    """The mark for the first of two figures standing at a `place` of the second."""
    if first_is_companion:
        return place
    return {"above": "lifted", "under": "above"}.get(place, place)


def _reach(words: Sequence[str], start: int) -> list[str]:
    """The words before a noun that may belong to it: not beyond punctuation or another clause."""
    found: list[str] = []
    for word in reversed(words[max(0, start - REACH) : start]):
        if not word[0].isalnum() or (word in PLACES and word != "over") or word in ("and", "in", "with", "by", "at"):
            break
        found.insert(0, word)
        if word in ("the", "my", "your", "his", "her"):
            break
    return found


def _is_plural(word: str, lexicon: Lexicon) -> bool:
    if word in _PLURALS or word in _PAIRS:
        return True
    if word.endswith("'s"):
        return False
    singular = [form for form in base_forms(word) if form != word]
    subjects = {one.label for one in lexicon.names.get(word, ()) if one.group == "subject"}
    for form in singular:
        named = {one.label for one in lexicon.names.get(form, ()) if one.group == "subject"}
        if named and word.endswith("s") and (not subjects or subjects & named):
            return True
    return False
