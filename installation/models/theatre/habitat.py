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
    "tint": {"no tint": 18},
    "subject": {"nobody": 10},
    "subject_colour": {"ink": 12, "white": 2.8, "red": 2, "gold": 1.2},
    "terrain": {
        label: weight
        for weight, labels in {
            1.5: ("desert", "city", "ice"),
            1.3: ("mountains", "forest", "hills", "sea", "lake"),
            1.0: ("field", "cliffs", "ruins"),
            0.75: ("cave", "volcano"),
        }.items()
        for label in labels
    },
}

CELESTIAL_OF_SKY: dict[str, dict[str, float]] = {
    "dawn": {"sun": 5, "red sun": 3, "empty sky": 1},
    "morning": {"sun": 7, "empty sky": 3},
    "noon": {"sun": 8, "empty sky": 2},
    "sunset": {"sun": 4, "red sun": 5, "empty sky": 1},
    "dusk": {"moon": 2, "golden moon": 3, "crescent moon": 3, "empty sky": 2},
    "night": {"moon": 5, "golden moon": 2, "crescent moon": 3, "empty sky": 2},
    "storm": {"moon": 2, "empty sky": 8},
    "aurora": {"moon": 3, "crescent moon": 3, "empty sky": 4},
    "grey": {"sun": 2, "empty sky": 8},
    "blood red": {"red sun": 4, "eclipse": 5, "moon": 1, "empty sky": 1},
    "dream": {"sun": 1, "moon": 2, "golden moon": 3, "crescent moon": 3, "eclipse": 2, "empty sky": 2},
}

WEATHER_OF_SKY: dict[str, dict[str, float]] = {
    "dawn": {"clear": 6, "clouds": 1, "fog": 1, "petals": 1, "snow": 0.5, "fire": 0.2},
    "morning": {"clear": 6, "clouds": 1, "fog": 1, "petals": 1.5, "snow": 0.8, "rain": 0.2},
    "noon": {"clear": 6, "clouds": 1.5, "petals": 1, "snow": 0.5, "fire": 0.1},
    "sunset": {"clear": 6, "clouds": 1, "fire": 1.2, "petals": 0.5, "snow": 0.2},
    "dusk": {"clear": 6, "clouds": 0.7, "rain": 1.2, "snow": 0.8, "fog": 0.7, "fire": 0.6, "petals": 0.3},
    "night": {"clear": 6, "clouds": 0.7, "rain": 1, "snow": 1, "fog": 0.6, "fire": 1.2, "lightning": 0.8},
    "storm": {"clear": 2.5, "clouds": 1.5, "rain": 3.5, "snow": 1, "lightning": 3},
    "aurora": {"clear": 7, "snow": 2, "clouds": 0.3, "fog": 0.4},
    "grey": {"clear": 4, "clouds": 1.2, "rain": 3, "snow": 2, "fog": 2},
    "blood red": {"clear": 6, "clouds": 0.8, "fire": 2.5, "lightning": 0.8, "fog": 0.2},
    "dream": {"clear": 6, "clouds": 0.7, "snow": 0.5, "fog": 0.7, "petals": 2},
}

TERRAIN_OF_SKY: dict[str, dict[str, float]] = {  # only where the sky cares; all else 1
    "aurora": {"desert": 0.25, "volcano": 0.1, "cave": 0.1, "city": 0.2, "ruins": 0.3, "ice": 2},
    "blood red": {"volcano": 2, "ruins": 2, "cave": 1.5},
    "noon": {"ice": 0.5, "volcano": 0.5},
    "morning": {"volcano": 0.5, "cave": 0.5},
}

TERRAIN_OF_WEATHER: dict[str, dict[str, float]] = {  # only where the weather cares; all else 1
    "rain": {"desert": 0.02, "ice": 0.1, "cave": 0.1, "volcano": 0.2},
    "snow": {"desert": 0.02, "volcano": 0.1, "cave": 0.1, "ice": 2, "mountains": 1.5, "sea": 0.5},
    "fog": {"desert": 0.1, "volcano": 0.2},
    "fire": {"ice": 0.02, "sea": 0.05, "lake": 0.05, "desert": 0.3, "volcano": 2, "city": 2},
    "lightning": {"cave": 0.1, "ice": 0.3, "desert": 0.5},
    "petals": {"desert": 0.1, "ice": 0.05, "volcano": 0.02, "cave": 0.1},
}

ANYWHERE = " ".join(TERRAINS)
CALM = "sea lake mountains desert field hills cliffs ice ruins cave"
HOMES: dict[str, str] = {  # terrains in which a subject lives
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
    homes = {subject: dict.fromkeys(places.split(), 1.0) for subject, places in HOMES.items()}
    given = {
        "celestial": {"sky": _table("sky", "celestial", CELESTIAL_OF_SKY, STRAY)},
        "weather": {"sky": _table("sky", "weather", WEATHER_OF_SKY, STRAY)},
        "terrain": {
            "subject": _table("subject", "terrain", homes, STRAY),
            "sky": _table("sky", "terrain", TERRAIN_OF_SKY, 1.0),
            "weather": _table("weather", "terrain", TERRAIN_OF_WEATHER, 1.0),
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
