"""Light, weather and place that the words of a text name, and which of its words nothing is shown of.

1. Of two places, times or weathers the first is shown, but one that contains another before it.
2. A season gives way to any other time. Its weather stays, if no other is named: snow in winter.
3. A noun for a mood, a day or a land is told beside what is named literally, unless something of it is shown.
"""

from __future__ import annotations

from collections.abc import Container, Sequence

from installation.dream.english_words import CALENDAR
from installation.dream.term import Term
from installation.dream.word_kinds import is_rather_noun
from installation.models.lexicon import Lexicon

CONTAINED = {  # places and skies with what else is to be seen in them
    "lake": ("mountains",),
    "island": ("sea",),
    "cliffs": ("sea",),
    "ice": ("sea",),
    "deep sea": ("sea",),
    "volcano": ("mountains",),
    "waterfall": ("river",),
    "village": ("hills",),
    "storm": ("night", "grey"),
    "milky way": ("night",),
    "aurora": ("night",),
}
TOLD = ("sky", "celestial", "weather", "terrain", "tint")  # groups whose names are reported if others are shown
INDOORS = "room"
BUILDINGS = ("house", "castle", "church", "lighthouse", "tower", "windmill")  # which are seen from outside
SEASONS = {  # words whose sky gives way to any other, with the weather that is left of them
    **dict.fromkeys(("winter", "wintry", "winters", "december", "january", "february"), "snow"),
    **dict.fromkeys(("summer", "july", "august"), ""),
}


def surroundings(things: Sequence[Term]) -> dict[str, str]:
    """The first label of each group that no figure belongs to; of two, the one that contains the other."""
    found: dict[str, str] = {}
    for term in sorted(things, key=lambda term: _season(term) is not None):
        for group, label in term.meanings:
            if group in ("subject", "companion"):
                continue
            if found.get(group) in CONTAINED.get(label, ()):
                found[group] = label
            found.setdefault(group, label)
    outside = [term.label("terrain") for term in things if term.label("terrain") not in ("", INDOORS)]
    if found.get("terrain") == INDOORS and outside and any(term.label("subject") in BUILDINGS for term in things):
        found["terrain"] = outside[0]  # "my mother's kitchen, a house with lit windows at the end of the field"
    season = next((season for season in map(_season, things) if season), "")
    if season and found.get("terrain") != "room":
        found.setdefault("weather", season)
    return found


def _season(term: Term) -> str | None:
    """The weather that is left of a season if there is another sky; None if a term names none."""
    return SEASONS.get(term.text, "snow" if term.label("sky") == "winter" else None)


def is_lost(term: Term, shown: Container[str]) -> bool:
    """Whether nothing is shown of the light, place or colour that a term names."""
    if _season(term) is not None or not any(group in TOLD for group, _ in term.meanings):
        return False
    contained = {inner for outer, inners in CONTAINED.items() if outer in shown for inner in inners}
    return not any(label in shown or label in contained for _, label in term.meanings)


def is_scene(mood: str) -> bool:
    """Whether a mood may choose a place: no adjective, and no day."""
    return mood not in CALENDAR and (" " in mood or is_rather_noun(mood))


def is_mood_lost(mood: Term, shown: Container[str], lexicon: Lexicon) -> bool:
    """Whether nothing is shown of a mood that is a noun, a day or a land."""
    is_noun = " " not in mood.text and not mood.text.endswith("ing") and is_rather_noun(mood.text)
    if not (is_noun or mood.text in lexicon.lands or mood.text in CALENDAR):
        return False
    return not any(label in shown for _, label in mood.meanings)


def is_colour_lost(term: Term, shown: Container[str]) -> bool:
    """Whether a colour that belongs to no figure is not the tint of the picture."""
    plain = term.label("tint") or (term.label("subject_colour") if term.text in ("black", "white") else "")
    return bool(plain) and plain not in shown
