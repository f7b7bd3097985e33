"""What figures wear, in an English text: "a woman in a red coat" is a woman in red, no woman and a coat.

A dress or a coat is part of the figure's paper, and so is its colour. Hats, crowns and masks are figures of their own;
gloves and shoes are told, or shown beside the figure if the generator has them.
"""

from __future__ import annotations

from collections.abc import Sequence

from installation.dream.actors import PEOPLE
from installation.dream.arrangement_words import MARKED_COLOURS
from installation.dream.compounds import Piece
from installation.dream.english_words import DETERMINERS, GARMENTS
from installation.models.lexicon import Lexicon

REACH = 6  # words between a figure and what it wears, at most
_WEARS = frozenset(["in", "wearing", "wears", "wore", "with", "dressed", "wear", "having"])


def worn_things(pieces: Sequence[Piece], words: Sequence[str], lexicon: Lexicon) -> frozenset[int]:
    """Where the garments begin that figures wear, and their colours."""
    found: set[int] = set()
    for index, piece in enumerate(pieces):
        if words[piece.end - 1] not in GARMENTS:
            continue
        owner = next((one for one in reversed(pieces[:index]) if not is_colour(one.text, lexicon)), None)
        if owner is None or not owner.is_figure or piece.start - owner.end > REACH:
            continue
        if all(one.label not in PEOPLE for one in owner.meanings if one.group == "subject"):
            continue  # a beast wears a garment of its own
        between = words[owner.end : piece.start]
        if _WEARS.isdisjoint(between) or not all(_fits(word, lexicon) for word in between):
            continue
        colours = (one.start for one in pieces[:index] if owner.end <= one.start < piece.start)
        found |= {piece.start, *colours}
    return frozenset(found)


def colour_of_clothes(words: Sequence[str], end: int, lexicon: Lexicon) -> str:
    """The word for the colour of the garment that a figure which ends at `end` wears, or "" ."""
    following = words[end : end + REACH + 2]
    place = next((place for place, word in enumerate(following) if word in GARMENTS), 0)
    before = following[:place]
    if _WEARS.isdisjoint(before) or not all(_fits(word, lexicon) for word in before):
        return ""
    return next((word for word in reversed(before) if is_colour(word, lexicon)), "")


def is_colour(word: str, lexicon: Lexicon) -> bool:
    """Whether a word is a colour of things."""
    if word in MARKED_COLOURS:
        return True
    return any(one.group == "subject_colour" for one in lexicon.names.get(word, ()))


def _fits(word: str, lexicon: Lexicon) -> bool:
    """Whether a word may stand between a figure and what it wears."""
    if word in _WEARS or word in DETERMINERS or is_colour(word, lexicon) or word in ("and", "all", "very"):
        return True
    known = lexicon.names.get(word, ())
    return word[0].isalpha() and not any(one.group in ("subject", "terrain", "celestial") for one in known)
