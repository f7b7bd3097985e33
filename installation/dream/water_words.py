"""Words that colour water, in an English text: "turquoise water", "a blood-red river", "the sea is green".

The colour becomes a mark of an `Arrangeable` generator ("red water"), so the rest of the picture keeps its own colours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from installation.dream.arrangement_words import LIGHT_BLUE, MARKED_COLOURS, PALE
from installation.dream.compounds import Piece
from installation.dream.english_words import BE, function_words
from installation.dream.term import COLOUR_GROUPS
from installation.models.lexicon import Lexicon, base_forms

WATER = " water"  # ends the marks
WATERS = ("sea", "lake", "river", "deep sea", "swamp", "waterfall", "island", "cliffs")  # terrains where it is seen
REACH = 4  # words between a colour and its water, at most


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


_NAMES = _listed(
    "sea ocean lake river water wave pool pond stream lagoon bay creek brook loch canal waterfall tide surf puddle "
    "spring fountain brine flood rapid reservoir tarn mere swamp marsh"
)
_FOAMS = _listed("wave surf tide rapid waterfall")  # white anyway
_WORDS = {  # for colours of water, beside those of figures
    "turquoise": "turquoise teal aqua aquamarine cyan turquoise-blue turquoise-green blue-green",
    "white": "milky milk-white chalky snow-white",
    "black": "inky ink-black obsidian",
    "red": "bloody blood-red blood-coloured",
    "brown": "muddy coffee-coloured",
    "violet": "wine-dark purple lilac lavender mauve",
    "yellow": "yellow lemon-yellow",
    "pink": "magenta fuchsia",
}
_COLOURS = {word: colour for colour, words in _WORDS.items() for word in words.split()}
_BECOMES = BE | _listed("runs ran run flows flowed glows glowed gleams shines shimmers glitters looks became")
_STRENGTHS = _listed("very so all completely entirely bright dark deep pale light")
_ENDS = _listed("and with in at under by from beneath tonight today again now")
_SKIES = ("blood red", "dark", "grey", "gray", "golden")  # pieces that name a sky for its colour


class WaterColour(NamedTuple):
    """The colour that a text gives to water.

    Attributes:
        colour: A colour of paper or "turquoise"; "" for one that it has anyway.
        places: Of the words that say so.
    """

    colour: str
    places: frozenset[int]


def water_colours(pieces: Sequence[Piece], words: Sequence[str], lexicon: Lexicon) -> dict[int, WaterColour]:
    """The colours of the waters that pieces of a text name, by where the piece begins."""
    found: dict[int, WaterColour] = {}
    starts = {piece.start for piece in pieces if not piece.mood and not _is_colour(piece)}
    others: list[Piece] = []
    for piece in pieces:
        noun = next((form for form in base_forms(words[piece.end - 1]) if form in _NAMES), "")
        if noun and piece.names("terrain") and not piece.names("subject") and piece.end not in starts:
            said = _said_before(others, piece, words, lexicon) or _said_after(piece.end, words, lexicon)
            if said:
                colour = "" if said.colour == "white" and noun in _FOAMS else said.colour
                spans = (range(one.start, one.end) for one in pieces if said.places & {*range(one.start, one.end)})
                found[piece.start] = WaterColour(colour, said.places.union(*spans))
        if not (piece.mood or _is_colour(piece)):
            others.append(piece)
    return found


def of_water(marks: Sequence[str], terrain: str) -> tuple[str, ...]:
    """The marks of the first colour of water, if the terrain has any."""
    return tuple(mark for mark in marks if mark.endswith(WATER))[: terrain in WATERS]


def _said_before(others: Sequence[Piece], piece: Piece, words: Sequence[str], lexicon: Lexicon) -> WaterColour | None:
    """The colour right before water, with other adjectives between at most: "a black, silent lake" is none."""
    least = max([piece.start - REACH, 0, *(one.end for one in others if not _is_said_of_light(one))])
    for place in reversed(range(least, piece.start)):
        if words[place] in function_words() or not words[place][0].isalpha():
            return None
        if colour := _colour(words, place, lexicon):
            return WaterColour(colour, frozenset([place, *_strengthened(words, place)]))
    return None


def _said_after(end: int, words: Sequence[str], lexicon: Lexicon) -> WaterColour | None:
    """The colour that water is said to be: "the lake is green", "the river runs red"."""
    if words[end : end + 1] and words[end] in _BECOMES:
        place = next((at for at in range(end + 1, min(end + 4, len(words))) if words[at] not in _STRENGTHS), 0)
        follows = words[place + 1 : place + 2]
        if place and (not follows or not follows[0][0].isalpha() or follows[0] in _ENDS):
            colour = _colour(words, place, lexicon)
            return WaterColour(colour, frozenset([place, *_strengthened(words, place)])) if colour else None
    return None


def _colour(words: Sequence[str], place: int, lexicon: Lexicon) -> str:
    """The colour of water that a word means, or ""."""
    word = words[place]
    if word == "blue" and place and words[place - 1] in PALE:
        return LIGHT_BLUE
    listed = _COLOURS.get(word) or MARKED_COLOURS.get(word)
    return listed or next((one.label for one in lexicon.names.get(word, ()) if one.group == "subject_colour"), "")


def _strengthened(words: Sequence[str], place: int) -> Sequence[int]:
    """Where the word is that says how dark or pale a colour is, or what is as red: "dark green", "blood red"."""
    return [place - 1] if place and words[place - 1] in (*_STRENGTHS, *PALE, "blood") else []


def _is_colour(piece: Piece) -> bool:
    return bool(piece.meanings) and all(one.group in COLOUR_GROUPS for one in piece.meanings)


def _is_said_of_light(piece: Piece) -> bool:
    """Whether a piece is a sky that is named for its colour: "blood red"."""
    return {one.group for one in piece.meanings} == {"sky"} and piece.text in (
        "blood red",
        "dark",
        "grey",
        "gray",
        "golden",
    )


def dyed_places(found: Mapping[int, WaterColour]) -> set[int]:
    """Where all the words are that colour water."""
    return {place for one in found.values() for place in one.places}
