"""The light of a text that names none: rain under grey clouds, snow on a winter's day, people and animals by day.

A setting sun is seen at sunset, the moon on a clear night, and who names a moon sees it in the evening.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

DAY = ("morning", "noon", "golden hour")  # skies
EVENING = ("dusk", "blue hour", "night")
BRIGHT = (*DAY, "dawn", "sunset", "rainbow", "winter")  # of places without anyone
CLOUDED = {"rain": "grey", "lightning": "storm", "snow": "winter"}  # weather -> the sky that it falls from
_NIGHTLY = frozenset(  # figures and ornaments that are seen by night
    (
        *("owl", "bat", "ghost", "wolf", "spider", "skull", "witch", "star", "lamp", "lantern", "candle"),
        *("lighthouse", "astronaut", "rocket", "flame", "mask", "crow", "vampire", "skeleton", "thief", "sleeper"),
        *("wizard", "firework", "fireworks", "campfire", "ufo", "satellite", "alien", "robot", "monster", "dragon"),
        *("christmas tree", "bell", "satellite dish", "street lamp", "torch", "zombie", "burning", "glowing"),
    )
)
_BY_DAY_OR_NIGHT = ("cave", "deep sea", "graveyard", "ruins", "volcano", "city", "ice")  # terrains
_LANTERNS = "lanterns"  # that rise into the sky
_NIGHTLY_WEATHER = ("fire", "fireflies", "falling stars", "ash", "fog")
_MOONLIT = frozenset(["moonlit", "moonlight", "moonbeam", "moonbeams", "moonshine"])
_FOGGY = frozenset(["foggy", "misty", "fogbound"])
_SNOWY = frozenset(["snowy", "snow-covered", "snowbound", "snowed", "snow-clad"])
_AWAITED = re.compile(
    r"\b(?:(?:wait|hop|long|pray|wish)(?:s|es|e|ing|ed)? for|before) (?:\w+ ){0,2}(?:snow|snowfall|rain)\b"
)
_MOONS = ("moon", "golden moon", "crescent moon")
_MOONLESS = frozenset(["moonless", "starless", "pitch-dark", "pitch-black"])
_ROOFED = ("room", "cave", "deep sea")  # terrains without a sky to be seen
_LIT_NIGHT = ("fire", "fireflies", "falling stars", "ash")  # weather that lights a night by itself
_VEILED = ("rain", "snow", "fog", "lightning", "ash", "sandstorm")  # weather that hides the sun


def usual_sky(classes: Mapping[str, str]) -> str:
    """The sky of a text that names none, from its classes by group; "" where several would do."""
    if "sky" in classes or "celestial" in classes:
        return ""
    return CLOUDED.get(classes.get("weather", ""), "")


def usual_celestial(classes: Mapping[str, str]) -> str:
    """What is seen in the sky of a text that names nothing in it; "" where nothing need be.

    The low sun is seen at sunset, and on a clear night the moon.
    """
    if "celestial" in classes or classes.get("weather") in _VEILED:
        return ""
    if classes.get("sky") == "night" and classes.get("terrain") not in _ROOFED:
        return "" if classes.get("weather") in _LIT_NIGHT or classes.get("detail") == _LANTERNS else "moon"
    return "red sun" if classes.get("sky") == "sunset" else ""


def possible_skies(classes: Mapping[str, str], marks: Iterable[str]) -> tuple[str, ...]:
    """The skies of a text that names no light; () for all.

    Args:
        classes: That it names, by group.
        marks: How its figures are arranged; those of further figures end in their names.
    """
    if not {"sky", "tint"}.intersection(classes) and classes.get("celestial") in _MOONS:
        return EVENING
    if not {"sky", "celestial", "tint"}.isdisjoint(classes) or classes.get("weather") in _NIGHTLY_WEATHER:
        return ()
    shown = {classes.get(group, "") for group in ("subject", "companion", "detail")}
    shown |= {mark.partition(" ")[2] or mark for mark in marks} | set(marks)
    if _LANTERNS in shown:
        return EVENING
    if not _NIGHTLY.isdisjoint(shown):
        return ()
    if classes.get("subject", "nobody") != "nobody" or classes.get("weather") == "petals":
        return DAY
    return () if classes.get("terrain", "") in _BY_DAY_OR_NIGHT else BRIGHT


def told_light(classes: Mapping[str, str], words: Sequence[str]) -> dict[str, str]:
    """The classes of a text, by group, with what adjectives say of its light and without weather that is awaited.

    Moonlight brings a moon and the night around it, and a moonless night has none; a snowy place lies under snow, a
    foggy one in fog; who waits for snow sees none.
    """
    found = dict(classes)
    if not _MOONLIT.isdisjoint(words) and "celestial" not in found:
        found = {"sky": "night", **found, "celestial": "moon"}
    if not _MOONLESS.isdisjoint(words):
        found = {"celestial": "empty sky", **found}
    if _AWAITED.search(" ".join(words)) and found.get("weather") in ("snow", "rain"):
        del found["weather"]
        found = {"sky": "grey", **found}
    elif not _FOGGY.isdisjoint(words) and found.get("terrain") != "room":
        found = {"weather": "fog", **found}
    elif not _SNOWY.isdisjoint(words) and found.get("terrain") != "room":
        found = {"weather": "snow", **found}
    return found
