"""Places, weathers and heavenly bodies that are things: "the moon in a bottle", "a bowl full of sea".

What is in a small container, in somebody's hands or on a string is no place and no light of the scene, but a figure of
its own, which stands for it: three pines for a forest, waves for a sea.
"""

from __future__ import annotations

from collections.abc import Sequence

from installation.dream.compounds import Piece
from installation.dream.english_words import BODY
from installation.dream.verbs import PAUSES
from installation.models.figure_traits import trait
from installation.models.lexicon import Meaning

_PAUSES = frozenset(PAUSES)
REACH = 6  # words between a place and what it is in, at most
NIGHT, EMPTY = Meaning("sky", "night"), Meaning("celestial", "empty sky")
_FLOCK = Meaning("detail", "distant birds")  # birds that nobody counts
_PERCHED, _FLYING = (
    frozenset(["on", "upon", "in"]),
    frozenset(["fly", "flies", "flying", "flew", "circle", "circling", "over", "above"]),
)
STANDING_FOR = {  # figures, by group and label; with the number of them
    **{("celestial", name): ("moon of paper", "") for name in ("moon", "golden moon", "crescent moon")},
    **{("celestial", name): ("sun of paper", "") for name in ("sun", "red sun", "eclipse")},
    ("celestial", "comet"): ("star", ""),
    **{("sky", name): ("star", "three") for name in ("night", "milky way")},
    ("sky", "rainbow"): ("rainbow of paper", ""),
    ("sky", "storm"): ("thundercloud of paper", ""),
    **{("weather", name): ("thundercloud of paper", "") for name in ("rain", "lightning")},
    **{("weather", name): ("cloud of paper", "") for name in ("clouds", "fog")},
    ("weather", "snow"): ("snowflake of paper", "three"),
    ("weather", "fireflies"): ("fireflies of paper", ""),
    ("weather", "petals"): ("rose", "three"),
    ("weather", "autumn leaves"): ("maple leaf", "three"),
    ("weather", "falling stars"): ("star", "three"),
    **{("terrain", name): ("waves of paper", "") for name in ("sea", "lake", "river", "deep sea", "waterfall")},
    **{("terrain", name): ("peaks of paper", "") for name in ("mountains", "hills", "volcano", "cliffs")},
    ("terrain", "forest"): ("pine", "three"),
    ("terrain", "jungle"): ("palm", "three"),
    ("terrain", "island"): ("palm", ""),
    ("terrain", "desert"): ("sand of paper", ""),
    ("terrain", "city"): ("skyscraper", "three"),
    ("terrain", "village"): ("house", "three"),
    ("terrain", "field"): ("flower", "three"),
    ("detail", "distant birds"): ("bird", "three"),
}
AS_THINGS = {"storm": "thundercloud of paper", "hurricane": "tornado", "tempest": "thundercloud of paper"}  # words
ENCLOSING = frozenset(trait("enclosing"))  # small containers
_IN = frozenset(["in", "inside", "within", "into"])
_BRIMMING = frozenset(["full", "filled", "packed", "laden", "loaded", "crammed", "stuffed", "overflowing"])
_GROWS = frozenset(["growing", "grows", "grow", "sprouting", "sprouts", "sprout", "blooming", "blooms", "bloom"])
_JOINED = frozenset(
    ["tied", "hanging", "hangs", "hung", "leaning", "leans", "chained", "tethered", "moored", "propped"]
)
_FULL = frozenset(
    ["of", "full", "filled", "holding", "holds", "containing", "contains", "keeping", "keeps", "crammed", "with"]
)
_HOLDS = frozenset(
    [
        "bearing",
        "holding",
        "holds",
        "held",
        "hold",
        "carrying",
        "carries",
        "carried",
        "carry",
        "hugging",
        "hugs",
        "cradling",
        "cradles",
        "catching",
        "catches",
        "caught",
        "eating",
        "eats",
        "swallowing",
        "swallows",
        "biting",
        "pulling",
        "pulls",
        "dragging",
        "drags",
        "pushing",
        "pushes",
        "balancing",
        "balances",
        "juggling",
        "juggles",
        "lifting",
        "lifts",
        "stealing",
        "steals",
        "kicking",
        "throwing",
        "rolling",
        "rolls",
        "wearing",
        "wears",
        "bringing",
        "brings",
    ]
)
_WHERE = frozenset(["in", "on", "at", "into", "through", "across", "under", "by", "near", "from", "along", "over"])
_STRINGS = frozenset(["string", "strings", "rope", "ropes", "leash", "lead", "thread", "chain", "ribbon"])
_SMALL = frozenset(
    [
        "pocket",
        "pockets",
        "palm",
        "palms",
        "hand",
        "hands",
        "mouth",
        "beak",
        "lap",
        "arms",
        "paw",
        "paws",
        "head",
        "back",
        "shoulders",
    ]
)


def enclosed_places(pieces: Sequence[Piece], words: Sequence[str]) -> dict[int, tuple[Piece, tuple[str, ...]]]:
    """The places, weathers and heavenly bodies that are things: where each begins, as what figure, and its marks.

    Args:
        pieces: Of the text.
        words: Of it, in lower case.
    """
    found = {}
    for index, piece in enumerate(pieces):
        standing = _standing_for(piece)
        if standing is None:
            continue
        others = [one for one in pieces if one is not piece and one.is_figure]
        if not (_is_in(piece, others, words) or _is_of(piece, others, words) or _is_handled(piece, others, words)):
            continue
        label, number = standing
        found[index] = piece._replace(meanings=(Meaning("subject", label),)), (number,) if number else ()
    return {piece.start: (piece, marks) for piece, marks in found.values()}


def sky_of(label: str) -> tuple[Meaning, ...]:
    """The sky behind a figure that stands for a heavenly body: its own is empty."""
    if label == "sun of paper":
        return (EMPTY,)
    return (NIGHT, EMPTY) if label == "moon of paper" else ()


def _standing_for(piece: Piece) -> tuple[str, str] | None:
    """The figure that stands for a place, a weather or a heavenly body, and the number of it; or None."""
    if piece.names("subject"):
        return None
    if piece.text in AS_THINGS:
        return AS_THINGS[piece.text], ""
    named = {(one.group, one.label) for one in piece.meanings}
    return next((standing for said, standing in STANDING_FOR.items() if said in named), None)


def _is_enclosing(piece: Piece) -> bool:
    return any(one.group == "subject" and one.label in ENCLOSING for one in piece.meanings)


def _is_in(piece: Piece, others: Sequence[Piece], words: Sequence[str]) -> bool:
    """Whether it is in a small container, in somebody's hands or on a string, or, of birds, on a fence or in a tree."""
    after = words[piece.end : piece.end + REACH]
    ends = [place for place, word in enumerate(after) if word in PAUSES]
    after = after[: min(ends, default=REACH)]
    if after[:1] == ["on"] and not BODY.isdisjoint(after) and others:
        return True
    if "tethered" in after[:2]:
        return True
    small = _SMALL | _STRINGS
    where = [place for place, word in enumerate(after) if word in small]
    if where and after[where[0] - 1 : where[0]] and {"in", "on", "from"} & {*after[: where[0]]}:
        return after[where[0]] in _STRINGS or not {"his", "her", "its", "my", "your", "their", "the"}.isdisjoint(after)
    ahead = [one for one in others if one.start >= piece.end and not one.text.endswith("ing")]
    nearest = ahead[0] if ahead else None
    if nearest is None or nearest.start - piece.end > REACH:
        return False
    between = words[piece.end : nearest.start]
    if _FLOCK in piece.meanings and not _PERCHED.isdisjoint(between) and _FLYING.isdisjoint(between):
        return _PAUSES.isdisjoint(between)
    if not _GROWS.isdisjoint(between) and piece.names("terrain"):
        return _PAUSES.isdisjoint(between)
    if not _is_enclosing(nearest):
        return False
    return not _IN.isdisjoint(between) and _PAUSES.isdisjoint(between)


def _is_of(piece: Piece, others: Sequence[Piece], words: Sequence[str]) -> bool:
    """Whether a small container is full of it, or a part of it is said to be in that."""
    nearest = next((one for one in reversed(others) if one.end <= piece.start), None)
    if nearest is None or piece.start - nearest.end > REACH:
        return False
    between = words[nearest.end : piece.start]
    if not _is_enclosing(nearest) and _BRIMMING.isdisjoint(between):
        return False
    if not _PAUSES.isdisjoint(between) or _FULL.isdisjoint(between):
        return False
    if between[0] == "with" and not {"filled", "full"} & {*between}:
        return bool({"inside", "in"} & {*words[piece.end : piece.end + 2]})
    return True


def _is_handled(piece: Piece, others: Sequence[Piece], words: Sequence[str]) -> bool:
    """Whether somebody holds it, or has it on the body."""
    nearest = next((one for one in reversed(others) if one.end <= piece.start), None)
    if nearest is None or piece.start - nearest.end > REACH:
        return False
    between, after = words[nearest.end : piece.start], words[piece.end : piece.end + 4]
    if not _PAUSES.isdisjoint(between):
        return False
    held = next((place for place, word in enumerate(between) if word in _HOLDS), None)
    if held is not None:
        return _WHERE.isdisjoint(between[held:])  # who eats in the forest has no forest in the mouth
    if not _JOINED.isdisjoint(between) and piece.names("celestial"):
        return True
    on_body = after[:1] == ["on"] and not BODY.isdisjoint(after)
    return "with" in between and on_body
