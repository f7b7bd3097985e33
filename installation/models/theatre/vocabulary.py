"""What the latents of the theatre mean: nine groups of classes with their colours and sizes, and the dimensions of z.

The labels of the classes are data: trained weights and latent banks depend on them and on their order.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from installation.core.errors import ShowError, suggest
from installation.models.interfaces import ABSENT, Floats, Group, slices
from installation.models.theatre.further_figures import FURTHER


class Sky(NamedTuple):
    """Colours of a time of day as hexadecimal RGB, and the strengths (0..1) of effects that only some skies have."""

    zenith: str
    upper: str
    lower: str
    horizon: str
    glow: str  # light around the celestial body, rims of paper layers
    far: str  # the farthest layer of land
    near: str  # the nearest layer of land, and figures
    stars: float = 0.0
    aurora: float = 0.0
    milky_way: float = 0.0
    rainbow: float = 0.0
    storm_clouds: float = 0.0
    overcast: float = 0.0


SKIES = {  # zenith, upper, lower, horizon, glow, far, near
    "dawn": Sky("27335f", "7a5c8e", "f08a6b", "ffd59a", "ffe9bd", "8a6c92", "1e1c3a", 0.1),
    "morning": Sky("5fa0d0", "a6d4e4", "f6e4c6", "ffdca8", "fff6da", "8fb0ba", "1e3a48"),
    "noon": Sky("2b74bd", "6bb0e2", "b6dff0", "f4f3e2", "fffdf2", "86b6b8", "173f48"),
    "golden hour": Sky("4f7f9c", "a9b59b", "f3c56a", "ffe29a", "fff3c8", "b98a4e", "3a2414"),
    "sunset": Sky("341a58", "b0305f", "ff6a34", "ffd25a", "fff2a8", "70386a", "1a0c28"),
    "dusk": Sky("12143a", "3f2f6b", "985088", "f29f92", "ffdcc4", "4b4480", "0f0e28", 0.3),
    "blue hour": Sky("0d1c52", "23428f", "6680c4", "d3b9d2", "f0e2f2", "38528f", "080f2a", 0.2),
    "night": Sky("050a24", "0c1f4c", "1b4678", "58a0b0", "eef0dc", "20456a", "040918", 1.0),
    "milky way": Sky("06051a", "120c34", "331b5c", "94508c", "ffdcf0", "2f2254", "060414", 1.0, milky_way=1.0),
    "aurora": Sky("030720", "08233f", "0d4f55", "48b698", "d0ffe6", "0f3f4a", "020d16", 0.8, 1.0),
    "storm": Sky("0e1118", "262d38", "4a5863", "a2ada6", "d9e0d6", "3a4650", "080b10", storm_clouds=1.0),
    "grey": Sky("868c90", "a9adae", "c8c9c5", "e8e1d2", "f8f2e4", "959c9c", "30363a", overcast=1.0),
    "winter": Sky("8fb4de", "b8d4f0", "dcebfa", "fbeaf0", "ffffff", "a9c4e4", "26426e"),
    "rainbow": Sky("3f86c4", "6fb4dc", "b0dcdc", "fff2c4", "fffbe2", "74b090", "1a4434", rainbow=1.0),
    "dusty": Sky("8c5a30", "b07c48", "cfa066", "e6c690", "ffe8bc", "a07040", "38200e"),
    "blood red": Sky("180004", "560010", "b0101a", "ff5a2a", "ffb868", "560d1c", "0e0004"),
    "dream": Sky("46409a", "a97fd4", "ffa6c9", "ffe4e8", "fff2f8", "9486c4", "322560", 0.25),
}

TINTS = {  # the colours that shadows, midtones and highlights are mapped to
    "no tint": ("000000", "808080", "ffffff"),
    "red": ("14000a", "c81e24", "ffd0a8"),
    "gold": ("1a0d00", "d8961a", "fff3c0"),
    "green": ("00140c", "2a9a52", "e6ffcc"),
    "blue": ("00081e", "2468d0", "d4f0ff"),
    "violet": ("0d0424", "7a3cc8", "f2d8ff"),
    "pink": ("20061a", "e8569a", "ffe6ee"),
    "black and white": ("08080a", "848488", "f6f4f0"),
}

CELESTIALS = {
    "sun": "fff4c8",
    "red sun": "f0281c",
    "moon": "eef4ff",
    "golden moon": "ffb838",
    "crescent moon": "f6f4e4",
    "eclipse": "08060c",
    "comet": "f0f8ff",
    "empty sky": "ffffff",
}

WEATHERS = (
    *("clear", "clouds", "rain", "snow", "fog", "fire", "lightning", "petals"),
    *("autumn leaves", "fireflies", "falling stars", "ash", "sandstorm"),
)

TERRAINS = (
    *("sea", "lake", "mountains", "desert", "forest", "city", "field", "hills"),
    *("cave", "cliffs", "ice", "volcano", "ruins", "river", "waterfall", "island"),
    *("swamp", "village", "road", "graveyard", "room", "deep sea", "jungle"),
)

DETAILS = ("nothing more", "distant birds", "smoke", "lit windows", "lanterns")


class Subject(NamedTuple):
    """How a figure is placed: its elevation (0 on the ground, 1 in the air) and its size relative to the others."""

    elevation: float = 0.0
    size: float = 1.0


SUBJECTS = {
    "horse": Subject(),
    "wolf": Subject(),
    "bird": Subject(1, 0.8),
    "eagle": Subject(1, 0.9),
    "owl": Subject(0, 0.8),
    "deer": Subject(0, 1.1),
    "cat": Subject(0, 0.85),
    "elephant": Subject(0, 1.15),
    "camel": Subject(0, 1.05),
    "whale": Subject(0.05, 1.3),
    "fish": Subject(0.5, 1.0),
    "butterfly": Subject(0.9, 0.8),
    "snake": Subject(0, 0.8),
    "dragon": Subject(0.6, 1.2),
    "tree": Subject(0, 1.35),
    "pine": Subject(0, 1.35),
    "palm": Subject(0, 1.35),
    "flower": Subject(0, 1.05),
    "ship": Subject(0, 1.1),
    "boat": Subject(0, 1.1),
    "train": Subject(0, 1.05),
    "house": Subject(),
    "castle": Subject(0, 1.25),
    "church": Subject(0, 1.15),
    "tower": Subject(0, 1.4),
    "anchor": Subject(0.15, 0.95),
    "dancer": Subject(0, 1.1),
    "walker": Subject(0, 0.95),
    "couple": Subject(),
    "angel": Subject(0.8, 1.0),
    "hand": Subject(0, 1.2),
    "heart": Subject(0.9, 0.85),
    "key": Subject(0.8, 0.9),
    "lamp": Subject(0, 1.3),
    "candle": Subject(0, 1.1),
    "umbrella": Subject(0.3, 0.9),
    "crown": Subject(0.8, 0.8),
    "skull": Subject(0.3, 0.95),
    "swan": Subject(0, 0.9),
    "wheel": Subject(0, 1.0),
    "fox": Subject(0, 0.9),
    "rabbit": Subject(0, 0.85),
    "bear": Subject(0, 1.05),
    "lion": Subject(0, 1.05),
    "dog": Subject(0, 0.9),
    "sheep": Subject(0, 0.85),
    "crow": Subject(0, 0.85),
    "bat": Subject(1, 1.1),
    "turtle": Subject(0, 1.05),
    "spider": Subject(0.8, 0.85),
    "bee": Subject(0.9, 0.75),
    "frog": Subject(0, 0.8),
    "dolphin": Subject(0.35, 1.05),
    "octopus": Subject(0.1, 1.05),
    "rose": Subject(0, 1.1),
    "mushroom": Subject(0, 0.95),
    "cactus": Subject(0, 1.15),
    "leaf": Subject(0.8, 0.85),
    "lighthouse": Subject(0, 1.4),
    "windmill": Subject(0, 1.35),
    "tent": Subject(0, 1.0),
    "bridge": Subject(0, 1.3),
    "ferris wheel": Subject(0, 1.4),
    "car": Subject(0, 1.1),
    "bicycle": Subject(0, 1.05),
    "airplane": Subject(1, 1.0),
    "balloon": Subject(0.9, 1.15),
    "rocket": Subject(0.7, 1.15),
    "kite": Subject(0.9, 0.95),
    "child": Subject(0, 0.95),
    "violin": Subject(0.3, 1.1),
    "bell": Subject(0.8, 0.9),
    "book": Subject(0.3, 1.0),
    "letter": Subject(0.7, 0.95),
    "clock": Subject(0.6, 0.95),
    "hourglass": Subject(0.2, 1.05),
    "mask": Subject(0.8, 0.9),
    "sword": Subject(0, 1.2),
    "chair": Subject(0, 1.05),
    "door": Subject(0, 1.2),
    "flame": Subject(0.1, 1.05),
    "star": Subject(1, 0.85),
    "eye": Subject(0.9, 1.1),
    "ghost": Subject(0.7, 1.05),
    "feather": Subject(0.7, 0.95),
    "old woman": Subject(0, 1.0),
    "man": Subject(0, 1.0),
    "baby": Subject(0, 0.8),
    "mother": Subject(0, 1.0),
    "group": Subject(0, 1.1),
    "robot": Subject(0, 1.05),
    "unicorn": Subject(0, 1.05),
    "tiger": Subject(0, 1.0),
    "monkey": Subject(0, 0.95),
    "cow": Subject(0, 1.0),
    "pig": Subject(0, 0.85),
    "peacock": Subject(0, 1.0),
    "dinosaur": Subject(0, 1.15),
    "jellyfish": Subject(0.6, 0.95),
    "tram": Subject(0, 1.1),
    "bus": Subject(0, 1.1),
    "ball": Subject(0, 0.8),
    "pizza": Subject(0.3, 0.8),
    "cake": Subject(0, 0.9),
    "cup": Subject(0, 0.8),
    "guitar": Subject(0.1, 1.05),
    "piano": Subject(0, 1.1),
    "telephone": Subject(0, 0.8),
    "christmas tree": Subject(0, 1.25),
    "lantern": Subject(0.4, 0.9),
    "woman": Subject(0, 1.0),
    "king": Subject(0, 1.05),
    "knight": Subject(0, 1.05),
    "clown": Subject(0, 1.0),
    "witch": Subject(0, 1.0),
    "astronaut": Subject(0, 1.0),
    "snowman": Subject(0, 1.0),
    "penguin": Subject(0, 0.9),
    "duck": Subject(0, 0.9),
    "rooster": Subject(0, 0.85),
    "crocodile": Subject(0, 1.35),
    "snail": Subject(0, 0.95),
    "mouse": Subject(0, 0.9),
    "shark": Subject(0.05, 1.1),
    "table": Subject(0, 1.05),
    "bed": Subject(0, 1.05),
    "bench": Subject(0, 1.0),
    "fence": Subject(0, 1.1),
    "bottle": Subject(0, 0.95),
    "vase": Subject(0, 0.95),
    "fountain": Subject(0, 1.05),
    "stairs": Subject(0, 1.2),
    "hat": Subject(0, 0.85),
    "apple": Subject(0, 0.85),
    "submarine": Subject(0, 1.1),
    "mermaid": Subject(0, 1.05),
    "queen": Subject(0, 1.05),
    "giraffe": Subject(0, 1.35),
    "cage": Subject(0, 0.95),
    "balcony": Subject(0, 1.3),
    "kangaroo": Subject(0, 1.05),
    "parrot": Subject(0, 0.95),
    "crab": Subject(0, 0.85),
    "swing": Subject(0, 1.25),
    "squirrel": Subject(0, 0.85),
    "hedgehog": Subject(0, 0.8),
    "flamingo": Subject(0, 1.1),
    "gondola": Subject(0, 1.15),
    "mirror": Subject(0, 1.1),
    "fairy": Subject(0.6, 0.95),
    "water mill": Subject(0, 1.2),
    **{name: Subject(further.elevation, further.size) for name, further in FURTHER.items()},
    "nobody": Subject(),
}


AIRBORNE = 0.4  # elevation from which a figure is in the air
RESTING = (  # things that float before the models, and rest on the ground, or on a table, before an audience
    *("key", "crown", "umbrella", "skull", "violin", "book", "letter", "clock", "hourglass", "pizza", "guitar"),
    *("anchor", "mask", "lantern", "dragon"),
)
DRAUGHTS = {  # figures that are at home in water, and how deep they lie in it, in sides of their squares
    "whale": 0.26,
    "fish": 0.0,
    "ship": 0.045,
    "boat": 0.045,
    "swan": 0.05,
    "dolphin": 0.04,
    "octopus": 0.30,
    "jellyfish": 0.0,
    "turtle": 0.06,
    "anchor": 0.10,
    "lighthouse": 0.0,  # on its rock
    "bridge": 0.02,
    "duck": 0.13,
    "crocodile": 0.12,
    "shark": 0.38,
    "submarine": 0.30,
    "mermaid": 0.28,
    "flamingo": 0.10,
    "gondola": 0.06,
    "water mill": 0.10,
    "swimmer": 0.14,
    "goose": 0.13,
    "stork": 0.10,
    "heron": 0.10,
    "rowing boat": 0.10,
    "hippo": 0.24,
    "paper boat": 0.05,
    "rubber duck": 0.10,
}
DIVERS = (
    "whale",
    "fish",
    "dolphin",
    "octopus",
    "turtle",
    "jellyfish",
    "shark",
    "submarine",
    "mermaid",
)  # of them, who swims below the surface as well
SWAY_RADIANS = {  # how far a figure leans to either side
    "boat": 0.035,
    "rowing boat": 0.03,
    "ship": 0.02,
    "swan": 0.02,
    "whale": 0.03,
    "dolphin": 0.04,
    "balloon": 0.03,
    "kite": 0.06,
    "bell": 0.06,
    "feather": 0.06,
    "leaf": 0.06,
    "duck": 0.02,
    "submarine": 0.02,
    "mermaid": 0.015,
    "gondola": 0.02,
    "swimmer": 0.025,
    "goose": 0.02,
    "airship": 0.02,
}


def elevation(label: str, staged: bool) -> float:
    """The elevation of a figure as the models know it, or as an audience sees it."""
    return 0.0 if staged and label in RESTING else SUBJECTS[label].elevation


class Companion(NamedTuple):
    """A second, smaller figure: placed as a subject is, always on one side of it, so that it never crosses it."""

    elevation: float = 0.0
    size: float = 1.0
    side: float = 0.0  # -1 left, 1 right


COMPANIONS = {  # drawn with the figure of the subject of the same name
    "alone": Companion(),
    "bird": Companion(0.9, 0.8, 1),
    "crow": Companion(0, 0.95, -1),
    "tree": Companion(0, 1.45, -1),
    "flower": Companion(0, 0.95, 1),
    "house": Companion(0, 1.1, 1),
    "church": Companion(0, 1.25, -1),
    "boat": Companion(0, 1.0, -1),
    "wolf": Companion(0, 0.9, 1),
    "dog": Companion(0, 0.8, 1),
    "cat": Companion(0, 0.85, -1),
    "horse": Companion(0, 1.05, -1),
    "deer": Companion(0, 1.05, 1),
    "child": Companion(0, 0.95, 1),
    "walker": Companion(0, 1.05, -1),
    "butterfly": Companion(0.8, 0.9, 1),
    "lamp": Companion(0, 1.5, -1),
}

SUBJECT_COLOURS = {  # "ink" takes the near colour of the sky instead (see `FigureColours`)
    "ink": "000000",
    "white": "fbf6ea",
    "red": "d81f2a",
    "gold": "f2b32c",
    "blue": "2f6fe0",
    "green": "2f9e55",
    "violet": "7a3fc0",
}

STARRY_SKIES, AURORA_SKIES, MILKY_SKIES, RAINBOW_SKIES = (
    tuple(name for name, sky in SKIES.items() if getattr(sky, effect) > 0)
    for effect in ("stars", "aurora", "milky_way", "rainbow")
)
TELLING_SKIES = ("dusty", "blood red", "dream", "grey", "winter")  # beside those with an effect of their own
QUIET_SKIES = tuple(
    name
    for name, sky in SKIES.items()
    if not (sky.aurora or sky.milky_way or sky.rainbow or sky.storm_clouds or name in TELLING_SKIES)
)
QUIET_TERRAINS = ("sea", "lake", "mountains", "forest", "field", "hills", "river")
QUIET_CELESTIALS = ("sun", "moon", "golden moon", "crescent moon", "empty sky")

GROUPS = (
    Group("sky", tuple(SKIES), quiet=QUIET_SKIES),
    Group("tint", tuple(TINTS), neutral=0),
    Group("celestial", tuple(CELESTIALS), neutral=len(CELESTIALS) - 1, quiet=QUIET_CELESTIALS),
    Group("weather", WEATHERS, neutral=0),
    Group("terrain", TERRAINS, quiet=QUIET_TERRAINS),
    Group(
        "subject",
        tuple(SUBJECTS),
        neutral=len(SUBJECTS) - 1,
        like=tuple((name, further.like) for name, further in FURTHER.items()),
    ),
    Group("subject_colour", tuple(SUBJECT_COLOURS), neutral=0),
    Group("companion", tuple(COMPANIONS), neutral=0),
    Group("detail", DETAILS, neutral=0),
)
BACKDROP_GROUPS = GROUPS[:5]  # of what stands far: all but the figures and the details
GROUP_SLICES = dict(zip((group.name for group in GROUPS), slices(GROUPS), strict=True))
NUM_CLASSES = sum(len(group.labels) for group in GROUPS)
DEFAULT_LABELS = {"sky": "dusk", "terrain": "hills"}  # of the groups without a neutral class


class Z:
    """Indices of the dimensions of z, by what they control; those after the last are for marks (see `marks`)."""

    HORIZON = 0
    CELESTIAL_X, CELESTIAL_Y, CELESTIAL_RADIUS = 1, 2, 3
    SMALL_STARS = 4
    AURORA = (5, 6)
    CLOUD_X = (7, 8, 9)
    CLOUD_SIZE = (10, 11)
    GROUND_WAVES = ((12, 13, 14), (15, 16, 17), (18, 19, 20))  # far, middle, near layer: slow to quick waves
    SHIFT = (21, 22, 23, 24, 25, 26)  # sideways position of scenery: peaks, buildings, trees, ...
    GROWTH = (27, 28, 29, 30, 31, 32)  # height of scenery
    TOWER_HEIGHT = (33, 35)  # of the city's far and middle row
    FEATURE_X = 34  # position of the one feature of a terrain: crater, island, waterfall, vanishing point, ...
    RIGHT_SIDE, LEFT_SIDE = 36, 37  # position of what frames the view on one side: cliffs, curtains, kelp, ...
    SWELL = 38
    WAVES = 39  # of water, and the bends of the river
    FLAMES = 40
    SUBJECT_SIZE, FIGURES_X, SUBJECT_HEIGHT = 41, 42, 43
    ROCK = 44
    EXPOSURE = 45
    COMPANION_GAP, COMPANION_HEIGHT, COMPANION_SIZE = 46, 47, 48
    CAMERA = (49, 50, 51)  # how much of its move leads sideways, up or down, and forwards


def rgb(colour: str) -> tuple[float, float, float]:
    """Six hexadecimal digits -> red, green, blue in 0..1."""
    return (int(colour[0:2], 16) / 255, int(colour[2:4], 16) / 255, int(colour[4:6], 16) / 255)


def label_index(group: Group, label: str) -> int:
    """Position of a label in its group.

    Raises:
        ShowError: The group has no such label. The message names the closest one.
    """
    if label not in group.labels:
        raise ShowError(f"The theatre has no {group.name.replace('_', ' ')} '{label}': {suggest(label, group.labels)}")
    return group.labels.index(label)


def scene_classes(**labels: str) -> Floats:
    """Class logits of one scene, as in `scene_classes(sky="night", terrain="sea", subject="wolf")`.

    Groups that are not named take their neutral class, or else the one in DEFAULT_LABELS.

    Returns:
        [1, NUM_CLASSES]

    Raises:
        ShowError: There is no such group, or no such label in it. The message names the closest one.
    """
    names = [group.name for group in GROUPS]
    for name in labels:
        if name not in names:
            raise ShowError(f"The theatre has no group of classes '{name}': {suggest(name, names)}")
    logits = np.full((1, NUM_CLASSES), ABSENT, np.float32)
    for group in GROUPS:
        default = group.labels[group.neutral] if group.neutral is not None else DEFAULT_LABELS[group.name]
        column = GROUP_SLICES[group.name].start + label_index(group, labels.get(group.name, default))
        logits[0, column] = 0.0
    return logits
