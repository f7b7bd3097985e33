"""Parts of bodies that an English text says only with who has them: "my son's hand", "winter with a white fist".

A hand, an eye or a fist alone is a figure. Where a text gives it an owner and names something else that is seen, a
figure of it would be a giant's: it is left out, and the owner is seen instead.
"""

from __future__ import annotations

from collections.abc import Sequence

from installation.dream.compounds import Piece
from installation.dream.english_words import OWNERS
from installation.dream.verbs import PAUSES
from installation.models.figure_traits import trait

_BODY = frozenset(["hand", "fist", "eye", "lips", "tooth", "brain", "skull", "heart"])  # labels
_LIFELESS = frozenset((*trait("headless"), *trait("of_a_house"), "lighthouse", "bus", "train", "car", "house"))
_SEEN = ("subject", "celestial", "terrain", "sky", "weather")  # groups
_SAID_OF = ("is", "was", "are", "were", "of", "holds", "hold", "holding", "reaching", "reaches", "with")  # after a part
_ENTIRE = ("heart", "tooth")  # are seen by themselves, unless they are in or with something
_AMONG = ("in", "with", "into", "from", "on", "through", "inside", "between", "of", "under")
REACH = 3  # words before a part that say whose it is


def owned_parts(pieces: Sequence[Piece], words: Sequence[str]) -> frozenset[int]:
    """The places of parts of bodies that are not pictured, because somebody or something else of the text has them."""
    parts = [piece for piece in pieces if _is_part(piece)]
    if not parts or not any(_is_seen(piece) for piece in pieces if piece not in parts):
        return frozenset()
    lifeless = _only_lifeless(pieces)
    return frozenset(
        piece.start for piece in parts if _is_owned(piece, words) or (lifeless and piece.text in ("eye", "eyes"))
    )


def _only_lifeless(pieces: Sequence[Piece]) -> bool:
    """Whether what a text names has no eyes: "the lighthouse turns its one good eye"."""
    labels = {one.label for piece in pieces if not piece.mood for one in piece.meanings if one.group == "subject"}
    labels -= _BODY
    return bool(labels) and labels <= _LIFELESS


def _is_part(piece: Piece) -> bool:
    return not piece.mood and any(one.group == "subject" and one.label in _BODY for one in piece.meanings)


def _is_seen(piece: Piece) -> bool:
    return not piece.mood and any(one.group in _SEEN and one.label != "nobody" for one in piece.meanings)


def _is_owned(piece: Piece, words: Sequence[str]) -> bool:
    """Whether it is said whose part it is, or that something has it, as in "with a fist"."""
    before = list(words[max(0, piece.end - 1 - REACH) : piece.end - 1])
    last = max((place for place, word in enumerate(before) if word in PAUSES), default=-1)
    before = before[last + 1 :]
    owned = any(word in OWNERS or word.endswith("'s") for word in before[-2:])
    among = any(word in _AMONG for word in before)
    after = words[piece.end : piece.end + 1]
    if not _BODY.isdisjoint(one.label for one in piece.meanings if one.label in _ENTIRE):
        return owned and (among or piece.text == "teeth") and not set(after) & {"is", "was"}
    if owned:
        return not set(after) & {*_SAID_OF}
    return "with" in before and before[-1:] != ["with"]
