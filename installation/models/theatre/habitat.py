"""What goes together in the theatre: where each subject lives, and what stands in which sky.

Relative weights, to be read and changed. A pair that is not named is not impossible, only as rare as `STRAY`: a ship
on a hill has to be asked for. The twin, `biggan-embedded`, has a copy of these weights in its `groups.json`.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from installation.models.base import Floats, Group
from installation.models.sampling import Customs
from installation.models.theatre.classes import GROUPS, TERRAINS

STRAY = 0.002

CHANCES: dict[str, dict[str, float]] = {  # of classes that are drawn unevenly; what is not named has 1
    "tint": {"no tint": 19},
    "subject": {"nobody": 10},
    "subject_colour": {"ink": 12, "white": 2.8, "red": 2, "gold": 1.2},
    "terrain": {
        label: weight
        for weight, labels in {
            1.2: ("mountains", "forest", "hills", "sea", "lake", "desert", "city"),
            1.0: ("field", "cliffs", "ruins", "ice", "river", "island", "village", "road", "waterfall", "room"),
            0.9: ("jungle", "deep sea", "swamp", "graveyard"),
            0.75: ("cave", "volcano"),
        }.items()
        for label in labels
    },
    "detail": {"nothing more": 8},
}

DAY = {"sun": 7, "empty sky": 3}
EVENING = {"moon": 2, "golden moon": 3, "crescent moon": 3, "comet": 0.7, "empty sky": 2}
DEEP_NIGHT = {"moon": 4, "golden moon": 2, "crescent moon": 3, "comet": 1.5, "empty sky": 2}
CELESTIAL_OF_SKY: dict[str, dict[str, float]] = {
    "dawn": {"sun": 5, "red sun": 3, "empty sky": 1},
    "morning": DAY,
    "noon": {"sun": 8, "empty sky": 2},
    "golden hour": {"sun": 8, "red sun": 1, "empty sky": 2},
    "sunset": {"sun": 4, "red sun": 5, "empty sky": 1},
    "dusk": EVENING,
    "blue hour": EVENING,
    "night": DEEP_NIGHT,
    "milky way": {"crescent moon": 2, "moon": 1, "comet": 3, "empty sky": 6},
    "aurora": {"moon": 3, "crescent moon": 3, "comet": 0.7, "empty sky": 4},
    "storm": {"moon": 2, "empty sky": 8},
    "grey": {"sun": 2, "empty sky": 8},
    "winter": {"sun": 5, "moon": 1, "empty sky": 4},
    "rainbow": {"sun": 4, "empty sky": 6},
    "dusty": {"sun": 4, "red sun": 3, "empty sky": 3},
    "blood red": {"red sun": 4, "eclipse": 5, "moon": 1, "comet": 0.7, "empty sky": 1},
    "dream": {
        **{"sun": 1, "moon": 2, "golden moon": 3, "crescent moon": 3, "eclipse": 2, "comet": 1.5},
        "empty sky": 2,
    },
}

WEATHER_OF_SKY: dict[str, dict[str, float]] = {
    "dawn": {"clear": 8, "clouds": 1, "fog": 1, "petals": 1, "snow": 0.5, "fire": 0.2, "autumn leaves": 1},
    "morning": {"clear": 8, "clouds": 1, "fog": 1, "petals": 1.5, "snow": 0.7, "rain": 0.2, "autumn leaves": 1},
    "noon": {"clear": 8, "clouds": 1.7, "petals": 1, "snow": 0.4, "sandstorm": 1, "autumn leaves": 0.7},
    "golden hour": {"clear": 8, "clouds": 0.8, "petals": 0.7, "autumn leaves": 3, "sandstorm": 0.4, "fireflies": 0.3},
    "sunset": {"clear": 8, "clouds": 1, "fire": 1, "petals": 0.5, "autumn leaves": 1, "ash": 0.6, "sandstorm": 0.4},
    "dusk": {
        **{"clear": 8, "clouds": 0.7, "rain": 1, "snow": 0.7, "fog": 0.7, "fire": 0.6},
        **{"petals": 0.3, "fireflies": 2, "falling stars": 0.6, "ash": 0.3},
    },
    "blue hour": {"clear": 8, "snow": 1.2, "rain": 0.8, "fog": 1, "fireflies": 2, "falling stars": 0.6, "clouds": 0.6},
    "night": {
        **{"clear": 9, "clouds": 0.7, "rain": 1, "snow": 1, "fog": 0.6, "fire": 1.1},
        **{"lightning": 0.8, "fireflies": 2, "falling stars": 2, "ash": 0.4},
    },
    "milky way": {"clear": 7, "falling stars": 4, "fireflies": 2},
    "aurora": {"clear": 8, "snow": 2, "falling stars": 2, "clouds": 0.3, "fog": 0.4, "fireflies": 0.3},
    "storm": {"clear": 7, "clouds": 1.2, "rain": 3, "snow": 0.8, "lightning": 3, "sandstorm": 0.4, "ash": 0.5},
    "grey": {"clear": 7, "clouds": 1, "rain": 2, "snow": 1.3, "fog": 1.5, "ash": 1.5, "autumn leaves": 1},
    "winter": {"clear": 7, "snow": 4, "fog": 1, "clouds": 0.7},
    "rainbow": {"clear": 7, "rain": 2, "clouds": 1.5, "petals": 1},
    "dusty": {"clear": 6, "sandstorm": 4, "ash": 1},
    "blood red": {"clear": 8, "clouds": 0.7, "fire": 2.2, "lightning": 0.8, "ash": 2.2, "fog": 0.2, "falling stars": 0.5},
    "dream": {"clear": 8, "clouds": 0.7, "snow": 0.5, "fog": 0.7, "petals": 2, "falling stars": 1, "fireflies": 1},
}

TERRAIN_OF_SKY: dict[str, dict[str, float]] = {  # only where the sky cares; all else 1
    "aurora": {
        **{"desert": 0.25, "volcano": 0.1, "cave": 0.1, "city": 0.2, "ruins": 0.3, "ice": 2},
        **{"jungle": 0.1, "swamp": 0.3, "deep sea": 0.2},
    },
    "blood red": {"volcano": 2, "ruins": 2, "cave": 1.5, "graveyard": 1.5},
    "noon": {"ice": 0.5, "volcano": 0.5, "graveyard": 0.4},
    "morning": {"volcano": 0.5, "cave": 0.5, "graveyard": 0.5},
    "winter": {"desert": 0.1, "volcano": 0.1, "jungle": 0.05, "deep sea": 0.3, "ice": 2, "mountains": 1.5},
    "dusty": {"desert": 3, "ice": 0.05, "jungle": 0.2, "deep sea": 0.2, "swamp": 0.3},
    "rainbow": {"volcano": 0.2, "cave": 0.3, "deep sea": 0.1, "ice": 0.4, "waterfall": 2, "hills": 2},
    "milky way": {"deep sea": 0.2, "room": 0.5},
}

TERRAIN_OF_WEATHER: dict[str, dict[str, float]] = {  # only where the weather cares; all else 1
    "clouds": {"deep sea": 0.1, "cave": 0.4},
    "rain": {"desert": 0.02, "ice": 0.1, "cave": 0.1, "volcano": 0.2, "deep sea": 0.01},
    "snow": {
        **{"desert": 0.02, "volcano": 0.1, "cave": 0.1, "ice": 2, "mountains": 1.5, "sea": 0.5},
        **{"jungle": 0.02, "deep sea": 0.01, "swamp": 0.2, "island": 0.1},
    },
    "fog": {"desert": 0.1, "volcano": 0.2, "deep sea": 0.02, "room": 0.2},
    "fire": {
        **{"ice": 0.02, "sea": 0.05, "lake": 0.05, "desert": 0.3, "volcano": 2, "city": 2},
        **{"deep sea": 0.01, "waterfall": 0.05, "river": 0.2, "island": 0.2, "swamp": 0.2, "village": 2},
    },
    "lightning": {"cave": 0.1, "ice": 0.3, "desert": 0.5, "deep sea": 0.01},
    "petals": {"desert": 0.1, "ice": 0.05, "volcano": 0.02, "cave": 0.1, "deep sea": 0.01},
    "autumn leaves": {
        **{"desert": 0.05, "ice": 0.05, "volcano": 0.02, "cave": 0.1, "deep sea": 0.01, "sea": 0.2},
        **{"forest": 2, "road": 2, "graveyard": 2, "island": 0.2, "jungle": 0.3},
    },
    "fireflies": {"desert": 0.1, "ice": 0.02, "volcano": 0.02, "sea": 0.2, "deep sea": 0.02, "swamp": 2, "jungle": 2},
    "falling stars": {"cave": 0.3, "deep sea": 0.02},
    "ash": {"ice": 0.1, "deep sea": 0.01, "volcano": 3, "ruins": 2, "waterfall": 0.3, "jungle": 0.3, "room": 0.3},
    "sandstorm": {"desert": 8, "ruins": 2, **dict.fromkeys(("ice", "deep sea", "sea", "lake", "jungle"), 0.02)},
}

DETAIL_OF_SKY: dict[str, dict[str, float]] = {  # only where the sky cares; all else 1
    **{sky: {"distant birds": 0.1, "lit windows": 2, "lanterns": 2} for sky in ("night", "milky way", "aurora")},
    **{sky: {"lanterns": 0.2, "lit windows": 0.5} for sky in ("morning", "noon", "rainbow", "dusty")},
}

DETAIL_OF_TERRAIN: dict[str, dict[str, float]] = {  # only where the place cares; all else 1
    "deep sea": {"distant birds": 0, "smoke": 0, "lit windows": 0, "lanterns": 0},
    "cave": {"distant birds": 0.3, "smoke": 0.2, "lit windows": 0.1},
    "room": {"smoke": 0.1, "lit windows": 0.3},
    "sea": {"smoke": 0.3, "lit windows": 0.3},
    "village": {"smoke": 3, "lit windows": 2},
    "city": {"smoke": 2, "lit windows": 2},
    "volcano": {"smoke": 0.3, "lit windows": 0.3},
}

ANYWHERE = " ".join(label.replace(" ", "_") for label in TERRAINS)
CALM = "sea lake mountains desert field hills cliffs ice ruins cave"
HOMES: dict[str, str] = {  # terrains in which a subject lives; deep_sea is one word here
    "horse": "field hills desert mountains forest",
    "wolf": "forest mountains hills ice field",
    "bird": "sea lake mountains forest city field hills cliffs ruins",
    "eagle": "mountains cliffs hills desert lake",
    "owl": "forest hills mountains field ruins",
    "deer": "forest mountains hills field lake",
    "cat": "city field hills ruins",
    "elephant": "field desert hills forest",
    "camel": "desert",
    "whale": "sea cliffs",
    "fish": "sea lake cliffs",
    "butterfly": "field forest hills lake",
    "snake": "desert forest ruins cave field",
    "dragon": "mountains cliffs volcano cave ruins hills",
    "tree": "field hills forest lake mountains cliffs",
    "pine": "mountains forest hills lake ice",
    "palm": "desert sea cliffs lake",
    "flower": "field hills forest lake mountains ruins",
    "ship": "sea cliffs",
    "boat": "sea lake cliffs",
    "train": "hills field city mountains desert",
    "house": "hills field forest city mountains",
    "castle": "cliffs mountains hills lake",
    "church": "hills field city mountains",
    "tower": "city cliffs hills desert mountains field",
    "anchor": "sea cliffs lake",
    "dancer": "city field hills ruins desert",
    "walker": "city field hills desert forest mountains ice ruins",
    "couple": "city field hills forest ruins",
    "angel": "sea mountains city hills cliffs field ruins",
    "hand": "desert hills field ruins sea",
    "heart": CALM,
    "key": CALM,
    "lamp": "city forest hills field cave ruins",
    "candle": "ruins cave hills field",
    "umbrella": "city field hills sea",
    "crown": CALM,
    "skull": "desert ruins cave volcano",
    "swan": "lake sea",
    "wheel": "city field hills",
    "nobody": ANYWHERE,
}


def customs() -> dict[str, Customs]:
    """The tables as the sampler wants them, of each group (see `drawn_together`)."""
    homes = {
        subject: {place.replace("_", " "): 1.0 for place in places.split()} for subject, places in HOMES.items()
    }
    given = {
        "celestial": {"sky": _table("sky", "celestial", CELESTIAL_OF_SKY, STRAY)},
        "weather": {"sky": _table("sky", "weather", WEATHER_OF_SKY, STRAY)},
        "terrain": {
            "subject": _table("subject", "terrain", homes, STRAY),
            "sky": _table("sky", "terrain", TERRAIN_OF_SKY, 1.0),
            "weather": _table("weather", "terrain", TERRAIN_OF_WEATHER, 1.0),
        },
        "detail": {
            "sky": _table("sky", "detail", DETAIL_OF_SKY, 1.0),
            "terrain": _table("terrain", "detail", DETAIL_OF_TERRAIN, 1.0),
        },
    }
    return {
        group.name: Customs(_row(group, CHANCES.get(group.name, {}), 1.0), given.get(group.name, {}))
        for group in GROUPS
    }


def _row(group: Group, named: Mapping[str, float], other: float) -> Floats:
    """Weights of a group's classes, [labels]."""
    unknown = set(named) - set(group.labels)
    if unknown:
        raise ValueError(f"the theatre has no {group.name} {sorted(unknown)}")
    return np.array([named.get(label, other) for label in group.labels], np.float32)


def _table(given: str, wanted: str, named: Mapping[str, Mapping[str, float]], other: float) -> Floats:
    """Weights of one group's classes for each class of another, [labels of the other, labels]."""
    groups = {group.name: group for group in GROUPS}
    _row(groups[given], dict.fromkeys(named, 1.0), 1.0)
    return np.stack([_row(groups[wanted], named.get(label, {}), other) for label in groups[given].labels])
