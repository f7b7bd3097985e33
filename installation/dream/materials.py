"""What figures are made of, in an English text: "a fox made of glass", "a tree of gold", "a castle built out of sand".

A material is no thing of its own: it is the colour of the figure's paper, and how that looks.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from installation.dream.english_words import function_words
from installation.dream.verbs import PAUSES


class Material(NamedTuple):
    """A colour of paper, or "", a state, or "", and where the words for it end."""

    colour: str
    state: str
    end: int = 0


_LOOKS = {
    Material("", "glassy"): "glass crystal crystals plastic cellophane",
    Material("", "icy"): "ice icicles frost",
    Material("gold", "shining"): "gold brass",
    Material("silver", "shining"): "silver chrome tin aluminium steel mirrors",
    Material("grey", "stony"): "stone stones marble concrete granite rock rocks cement pebbles",
    Material("grey", ""): "iron metal lead",
    Material("brown", "shining"): "bronze copper amber",
    Material("brown", "wooden"): "wood timber oak twigs sticks",
    Material("brown", ""): "chocolate gingerbread clay leather mud earth cork rust",
    Material("white", ""): "paper snow clouds cloud cotton bone bones sugar salt feathers foam",
    Material("", "woollen"): "wool yarn",
    Material("white", "shining"): "porcelain china pearl pearls ivory",
    Material("beige", ""): "sand straw hay cardboard wicker rope",
    Material("orange", "glowing"): "fire flames flame embers lava",
    Material("yellow", "glowing"): "light sunlight stars",
    Material("grey", "ghostly"): "smoke fog mist dust ash shadows shadow",
    Material("light blue", "ghostly"): "water soap bubbles rain air",
    Material("pink", "striped"): "candy sweets candies",
    Material("green", "mossy"): "leaves moss ivy",
    Material("green", ""): "grass jade",
    Material("green", "shining"): "emerald emeralds",
    Material("red", "shining"): "ruby rubies",
    Material("red", "brick-built"): "brick bricks",
    Material("light blue", "shining"): "diamonds diamond",
    Material("black", ""): "coal rubber ebony ink tar",
    Material("gold", ""): "cheese",
}
_MATERIALS = {word: look for look, words in _LOOKS.items() for word in words.split()}
_BARE = frozenset(  # also after "of" alone
    [
        *("glass", "gold", "silver", "ice", "stone", "wood", "paper", "snow", "fire", "crystal", "marble", "iron"),
        *("steel", "sand", "straw", "chocolate", "bronze", "porcelain", "stones", "bricks", "feathers"),
    ]
)
_MADE = frozenset(
    [
        *("made", "carved", "built", "cut", "folded", "woven", "forged", "cast", "sculpted", "knitted", "baked"),
        *("formed", "shaped", "moulded"),
    ]
)
_FROM = frozenset(["of", "from", "out", "in", "entirely", "completely", "only", "purely", "all"])
_SAID_OF_IT = frozenset(
    [
        *("pure", "solid", "burning", "pale", "clear", "cold", "melting", "thin", "old", "polished", "living"),
        *("green", "golden", "real", "stained", "coloured", "colored", "blown"),
    ]
)
_HOLD = (  # figures before "of" that hold it: "a cup of gold"
    *("cup", "wine glass", "bottle", "pot", "bucket", "basket", "box", "bathtub", "vase", "treasure chest"),
    *("suitcase", "sled", "truck", "wheelbarrow", "spaghetti", "fork", "hand", "wheat", "bread", "ship", "train"),
)
_LINKS = frozenset(["is", "was", "that", "which", "all"])


def made_of(words: Sequence[str], end: int, label: str) -> Material | None:
    """What a figure `label` whose name ends at `end` is made of, if the text says so right behind it."""
    place = end
    while words[place : place + 1] and words[place] in _LINKS:
        place += 1
    is_made = words[place : place + 1] and words[place] in _MADE
    if not is_made and (words[place : place + 1] != ["of"] or label in _HOLD):
        return None
    place += bool(is_made)
    begin = place
    while words[place : place + 1] and (words[place] in _FROM or words[place] in _SAID_OF_IT):
        place += 1
    word = words[place] if place < len(words) else ""
    if place == begin or word not in _MATERIALS or not (is_made or word in _BARE) or not _ends(words, place + 1):
        return None
    return _MATERIALS[word]._replace(end=place + 1)


def _ends(words: Sequence[str], place: int) -> bool:
    """Whether no other noun follows: "of gold", but not "of gold coins"."""
    return place >= len(words) or words[place] in PAUSES or words[place] in function_words()
