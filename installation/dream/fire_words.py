"""Fires that words name: a thing that burns, a campfire, flames across the whole land, fireworks above it.

"A burning house" is a house in flames, "camping with a fire" has a campfire, a fireplace stands in a room. "The city
burns", "wildfire" and a fire that is named alone are the weather of that name.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import replace

from installation.dream.term import Term
from installation.models.lexicon import Meaning

BURNING, CAMPFIRE, FIREWORKS = "burning", "campfire", "fireworks"  # marks
FIRE = "fire"
AROUND = "around"  # a mark of those who are about it
SPREADS = ("city", "village", "volcano", "ruins")  # places where a fire is a great one
BREATHES = ("dragon", "rocket")  # figures whose fire is no campfire
_CAMPFIRES = frozenset(["bonfire", "bonfires", "campfire", "campfires", "fireplace", "hearth"])  # wherever they burn
_SMALL = _CAMPFIRES | {"fire", "fires"}
_HEARTHS = frozenset(["fireplace", "fireside", "open fire", "log fire", "chimney fire"])  # in a room
_FIREWORKS = frozenset(["fireworks", "firework", "firecrackers", "new year", "new year's eve", "rockets in the sky"])
AROUND_FIREWORKS = {"sky": "night", "terrain": "city"}  # where words say nothing else
_AFTER = frozenset(["burning", "blazing", "fiery"])  # what stands after these burns, else what stands before
_BEFORE = frozenset(
    [
        "on fire",
        "burn",
        "burns",
        "burnt",
        "ablaze",
        "in flames",
        "going up in flames",
        "set alight",
        "it burns",
        "flames",
    ]
)


_SHINES = frozenset(["burn", "burns"])
_BLOSSOMS = frozenset(
    ["poppy", "rose", "tulip", "flower", "sunflower", "daffodil", "hibiscus", "maple leaf", "leaf", "star"]
)


def with_small_fires(terms: Sequence[Term], marks: Container[str]) -> tuple[list[Term], tuple[str, ...]]:
    """Replace fires that do not spread over the land by marks.

    Args:
        terms: Of a text, in its order.
        marks: That the generator has.

    Returns:
        The terms that are left, and the marks.
    """
    left, found = list(terms), []
    for term in terms if FIREWORKS in marks else ():
        if term.name in _FIREWORKS and not term.compared:
            left.remove(term)
            found.append(FIREWORKS)
    for term in terms if CAMPFIRE in marks else ():
        if term.text in _HEARTHS and not term.meanings:
            left[left.index(term)] = replace(term, meanings=(Meaning("terrain", "room"),))
            found.append(CAMPFIRE)
    for fire in terms if BURNING in marks else ():
        if fire.label("weather") != FIRE or fire.mood or fire.compared:
            continue
        burnt = _burnt(left, fire)
        if burnt is not None and fire.name in _SHINES and burnt.label("subject") in _BLOSSOMS:
            left.remove(fire)  # "poppies burn where soldiers slept": they are red
            continue
        if burnt is not None and "burnt" in burnt.marks:
            left.remove(fire)  # "a burnt house": the fire is out
            continue
        if burnt is not None:
            left[left.index(burnt)] = replace(burnt, weak=False)
            found.append(BURNING)
        elif _is_small(left, fire):
            found += [CAMPFIRE, *([AROUND] if fire.place == AROUND and AROUND in marks else [])]
        elif not _burns_unknown(left, fire):
            continue
        left.remove(fire)
    return left, tuple(dict.fromkeys(found))


def _burnt(terms: Sequence[Term], fire: Term) -> Term | None:
    """The figure that burns, or None."""
    place = terms.index(fire)
    after, before = terms[place + 1 : place + 2], terms[max(0, place - 1) : place]
    if fire.name in _AFTER:
        beside = after if after and (_is_thing(after[0]) or not before) else before
    elif fire.name in _BEFORE:
        beside = before or after
    else:
        return None
    return beside[0] if beside and _is_figure(beside[0]) else None


def _burns_unknown(terms: Sequence[Term], fire: Term) -> bool:
    """Whether something burns that cannot be shown: "somebody burnt the toast" is no forest fire."""
    place = terms.index(fire)
    beside = (*terms[place + 1 : place + 2], *terms[max(0, place - 1) : place])
    return fire.name in (*_AFTER, *_BEFORE) and any(not one.meanings for one in beside)


def _is_small(terms: Sequence[Term], fire: Term) -> bool:
    """Whether it burns beside figures, or at a place where it cannot spread."""
    others = [term for term in terms if term is not fire and not term.mood]
    if fire.name not in _SMALL or any(term.label("terrain") in SPREADS for term in others):
        return False
    if fire.name in _CAMPFIRES:
        return True
    figures = [term.label("subject") for term in others if _is_figure(term)]
    return not set(BREATHES) & set(figures) and bool(figures or any(term.label("terrain") for term in others))


def _is_thing(term: Term) -> bool:
    """Whether a term names what can burn: a figure or a place."""
    return bool(term.meanings) and not term.is_colour


def _is_figure(term: Term) -> bool:
    return term.label("subject") not in ("", "nobody") and not term.mood
