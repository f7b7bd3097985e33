"""Which classes of the theatre go together: the sampling prior over scenes, as tables of relative weights.

Each class is drawn with a weight that is the product of its base weight and of factors for the classes already drawn
in other groups (see `latent_sampling`). A pair that a table of habitats does not list is not impossible, but as rare
as RARE. The distilled generator, `biggan-embedded`, has a copy of these weights in its `groups.json`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from installation.models.interfaces import Floats, Group
from installation.models.latent_sampling import ConditionalPriors
from installation.models.theatre.further_figures import FURTHER
from installation.models.theatre.vocabulary import GROUPS, TERRAINS

RARE = 0.002  # factor of a pair that is not listed

BASE_WEIGHTS: dict[str, dict[str, float]] = {  # 1 if not listed
    "tint": {"no tint": 19},
    "subject": {"nobody": 37.6, **dict.fromkeys(FURTHER, 0.0)},
    "subject_colour": {"ink": 9, "white": 2.4, "red": 1.8, "gold": 1.3},
    "companion": {"alone": 25, "boat": 3, "lamp": 1.5, "cat": 1.4, "wolf": 1.3, "dog": 1.2},
    "terrain": {
        "desert": 1.7,
        **dict.fromkeys(("mountains", "forest", "hills", "sea", "lake", "city"), 1.2),
        "deep sea": 2.5,  # because few subjects live there
        **dict.fromkeys(("jungle", "swamp", "waterfall", "ice", "volcano"), 1.5),
        "graveyard": 0.9,
    },
    "detail": {"nothing more": 8},
}

DAY: dict[str, float] = {"sun": 7, "empty sky": 3}
EVENING = {"moon": 2, "golden moon": 3, "crescent moon": 3, "comet": 0.7, "empty sky": 2}
DEEP_NIGHT = {"moon": 4, "golden moon": 2, "crescent moon": 3, "comet": 1.5, "empty sky": 2}
CELESTIAL_OF_SKY: dict[str, dict[str, float]] = {  # RARE if not listed
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
        "sun": 1,
        "moon": 2,
        "golden moon": 3,
        "crescent moon": 3,
        "eclipse": 2,
        "comet": 1.5,
        "empty sky": 2,
    },
}

WEATHER_OF_SKY: dict[str, dict[str, float]] = {  # RARE if not listed
    "dawn": {"clear": 8, "clouds": 1, "fog": 1, "petals": 1, "snow": 0.5, "fire": 0.2, "autumn leaves": 1},
    "morning": {"clear": 8, "clouds": 1, "fog": 1, "petals": 1.5, "snow": 0.7, "rain": 0.2, "autumn leaves": 1},
    "noon": {"clear": 8, "clouds": 1.7, "petals": 1, "snow": 0.4, "sandstorm": 1, "autumn leaves": 0.7},
    "golden hour": {"clear": 8, "clouds": 0.8, "petals": 0.7, "autumn leaves": 3, "sandstorm": 0.4, "fireflies": 0.3},
    "sunset": {"clear": 8, "clouds": 1, "fire": 1, "petals": 0.5, "autumn leaves": 1, "ash": 0.6, "sandstorm": 0.4},
    "dusk": {
        "clear": 8,
        "clouds": 0.7,
        "rain": 1,
        "snow": 0.7,
        "fog": 0.7,
        "fire": 0.6,
        "petals": 0.3,
        "fireflies": 2,
        "falling stars": 0.6,
        "ash": 0.3,
    },
    "blue hour": {"clear": 8, "snow": 1.2, "rain": 0.8, "fog": 1, "fireflies": 2, "falling stars": 0.6, "clouds": 0.6},
    "night": {
        "clear": 9,
        "clouds": 0.7,
        "rain": 1,
        "snow": 1,
        "fog": 0.6,
        "fire": 1.1,
        "lightning": 0.8,
        "fireflies": 2,
        "falling stars": 2,
        "ash": 0.4,
    },
    "milky way": {"clear": 7, "falling stars": 4, "fireflies": 2},
    "aurora": {"clear": 8, "snow": 2, "falling stars": 2, "clouds": 0.3, "fog": 0.4, "fireflies": 0.3},
    "storm": {"clear": 7, "clouds": 1.2, "rain": 3, "snow": 0.8, "lightning": 3, "sandstorm": 0.4, "ash": 0.5},
    "grey": {"clear": 7, "clouds": 1, "rain": 2, "snow": 1.3, "fog": 1.5, "ash": 1.5, "autumn leaves": 1},
    "winter": {"clear": 7, "snow": 4, "fog": 1, "clouds": 0.7},
    "rainbow": {"clear": 7, "rain": 2, "clouds": 1.5, "petals": 1},
    "dusty": {"clear": 6, "sandstorm": 4, "ash": 1},
    "blood red": {
        "clear": 8,
        "clouds": 0.7,
        "fire": 2.2,
        "lightning": 0.8,
        "ash": 2.2,
        "fog": 0.2,
        "falling stars": 0.5,
    },
    "dream": {"clear": 8, "clouds": 0.7, "snow": 0.5, "fog": 0.7, "petals": 2, "falling stars": 1, "fireflies": 1},
}

TERRAIN_OF_SKY: dict[str, dict[str, float]] = {  # 1 if not listed
    "aurora": {
        "desert": 0.25,
        "volcano": 0.1,
        "cave": 0.1,
        "city": 0.2,
        "ruins": 0.3,
        "ice": 2,
        "jungle": 0.1,
        "swamp": 0.3,
        "deep sea": 0.2,
    },
    "blood red": {"volcano": 2, "ruins": 2, "cave": 1.5, "graveyard": 1.5},
    "noon": {"desert": 2, "ice": 0.5, "volcano": 0.5, "graveyard": 0.4},
    "morning": {"volcano": 0.5, "cave": 0.5, "graveyard": 0.5},
    "winter": {"desert": 0.1, "volcano": 0.1, "jungle": 0.05, "deep sea": 0.3, "ice": 2, "mountains": 1.5},
    "dusty": {"desert": 3, "ice": 0.05, "jungle": 0.2, "deep sea": 0.2, "swamp": 0.3},
    "rainbow": {"volcano": 0.2, "cave": 0.3, "deep sea": 0.1, "ice": 0.4, "waterfall": 2, "hills": 2},
    "milky way": {"deep sea": 0.2, "room": 0.5},
}

TERRAIN_OF_WEATHER: dict[str, dict[str, float]] = {  # 1 if not listed
    "clouds": {"deep sea": 0.1, "cave": 0.4},
    "rain": {"desert": 0.02, "ice": 0.1, "cave": 0.1, "volcano": 0.2, "deep sea": 0.01},
    "snow": {
        "desert": 0.02,
        "volcano": 0.1,
        "cave": 0.1,
        "ice": 2,
        "mountains": 1.5,
        "sea": 0.5,
        "jungle": 0.02,
        "deep sea": 0.01,
        "swamp": 0.2,
        "island": 0.1,
    },
    "fog": {"desert": 0.1, "volcano": 0.2, "deep sea": 0.02, "room": 0.2},
    "fire": {
        "ice": 0.02,
        "sea": 0.05,
        "lake": 0.05,
        "desert": 0.3,
        "volcano": 2,
        "city": 2,
        "deep sea": 0.01,
        "waterfall": 0.05,
        "river": 0.2,
        "island": 0.2,
        "swamp": 0.2,
        "village": 2,
    },
    "lightning": {"cave": 0.1, "ice": 0.3, "desert": 0.5, "deep sea": 0.01},
    "petals": {"desert": 0.1, "ice": 0.05, "volcano": 0.02, "cave": 0.1, "deep sea": 0.01},
    "autumn leaves": {
        "desert": 0.05,
        "ice": 0.05,
        "volcano": 0.02,
        "cave": 0.1,
        "deep sea": 0.01,
        "sea": 0.2,
        "forest": 2,
        "road": 2,
        "graveyard": 2,
        "island": 0.2,
        "jungle": 0.3,
    },
    "fireflies": {"desert": 0.1, "ice": 0.02, "volcano": 0.02, "sea": 0.2, "deep sea": 0.02, "swamp": 2, "jungle": 2},
    "falling stars": {"cave": 0.3, "deep sea": 0.02},
    "ash": {"ice": 0.1, "deep sea": 0.01, "volcano": 3, "ruins": 2, "waterfall": 0.3, "jungle": 0.3, "room": 0.3},
    "sandstorm": {"desert": 8, "ruins": 2, **dict.fromkeys(("ice", "deep sea", "sea", "lake", "jungle"), 0.02)},
}

DETAIL_OF_SKY: dict[str, dict[str, float]] = {  # 1 if not listed
    **{sky: {"distant birds": 0.1, "lit windows": 2, "lanterns": 2} for sky in ("night", "milky way", "aurora")},
    **{sky: {"lanterns": 0.2, "lit windows": 0.5} for sky in ("morning", "noon", "rainbow", "dusty")},
}

DETAIL_OF_TERRAIN: dict[str, dict[str, float]] = {  # 1 if not listed
    "deep sea": {"distant birds": 0, "smoke": 0, "lit windows": 0, "lanterns": 0},
    "cave": {"distant birds": 0.3, "smoke": 0.2, "lit windows": 0.1},
    "room": {"smoke": 0.1, "lit windows": 0.3},
    "sea": {"smoke": 0.3, "lit windows": 0.3},
    "village": {"smoke": 3, "lit windows": 2},
    "city": {"smoke": 2, "lit windows": 2},
    "volcano": {"smoke": 0.3, "lit windows": 0.3},
}

ANYWHERE = " ".join(label.replace(" ", "_") for label in TERRAINS)
OPEN_TERRAINS = "sea lake mountains desert field hills cliffs ice ruins cave room"
SUBJECT_HABITATS: dict[str, str] = {  # terrains; labels of two words are joined by an underscore
    "horse": "field hills desert mountains forest river road village",
    "wolf": "forest mountains hills ice field graveyard",
    "bird": "sea lake mountains forest city field hills cliffs ruins",
    "eagle": "mountains cliffs hills desert lake",
    "owl": "forest hills mountains field ruins graveyard",
    "deer": "forest mountains hills field lake river waterfall",
    "cat": "city field hills ruins village room road",
    "elephant": "field desert hills forest jungle river",
    "camel": "desert",
    "whale": "sea cliffs deep_sea island",
    "fish": "sea lake cliffs deep_sea river waterfall",
    "butterfly": "field forest hills lake jungle waterfall",
    "snake": "desert forest ruins cave field jungle swamp",
    "dragon": "mountains cliffs volcano cave ruins hills",
    "tree": "field hills forest lake mountains cliffs river graveyard village road",
    "pine": "mountains forest hills lake ice",
    "palm": "desert sea cliffs lake island jungle",
    "flower": "field hills forest lake mountains ruins room river",
    "ship": "sea cliffs island",
    "boat": "sea lake cliffs river island swamp",
    "train": "hills field city mountains desert",
    "house": "hills field forest city mountains village river road",
    "castle": "cliffs mountains hills lake",
    "church": "hills field city mountains village graveyard",
    "tower": "city cliffs hills desert mountains field",
    "anchor": "sea cliffs lake deep_sea island",
    "dancer": "city field hills ruins desert room",
    "walker": "city field hills desert forest mountains ice ruins road village graveyard",
    "couple": "city field hills forest ruins road river village",
    "angel": "sea mountains city hills cliffs field ruins graveyard",
    "hand": "desert hills field ruins sea",
    "heart": OPEN_TERRAINS,
    "key": OPEN_TERRAINS,
    "lamp": "city village road hills graveyard room",
    "candle": "ruins cave hills field room graveyard",
    "umbrella": "city field hills sea road village",
    "crown": OPEN_TERRAINS,
    "skull": "desert ruins cave volcano graveyard",
    "swan": "lake sea river",
    "wheel": "field hills village road ruins",
    "fox": "forest field hills mountains graveyard road",
    "rabbit": "field hills forest road",
    "bear": "forest mountains ice river waterfall",
    "lion": "desert field jungle hills ruins",
    "dog": "field hills village road city river",
    "sheep": "field hills mountains village",
    "crow": "field graveyard ruins road forest village swamp",
    "bat": "cave forest ruins graveyard swamp city mountains",
    "turtle": "sea island deep_sea lake swamp river",
    "spider": "forest cave ruins jungle graveyard room",
    "bee": "field hills forest village",
    "frog": "swamp lake river jungle waterfall",
    "dolphin": "sea island deep_sea cliffs",
    "octopus": "deep_sea sea",
    "rose": "field hills ruins graveyard room village",
    "mushroom": "forest swamp cave jungle hills",
    "cactus": "desert road",
    "leaf": "forest river road lake swamp graveyard field",
    "lighthouse": "sea cliffs island ice",
    "windmill": "field hills village river",
    "tent": "forest mountains desert lake field hills ice river island",
    "bridge": "river city waterfall lake village road",
    "ferris_wheel": "city field hills sea village",
    "car": "road city desert hills village",
    "bicycle": "road city village field hills river",
    "airplane": "mountains city sea desert island hills field",
    "balloon": "mountains hills field desert lake village island",
    "rocket": "desert mountains hills city ice volcano",
    "kite": "field hills sea island village cliffs",
    "child": "field hills village road city river room graveyard",
    "violin": "room city ruins village hills",
    "bell": "village mountains ruins graveyard hills city",
    "book": "room ruins forest hills",
    "letter": "room sea road village hills city",
    "clock": "room city ruins desert",
    "hourglass": "desert room ruins cave",
    "mask": "room ruins city cave jungle",
    "sword": "ruins lake mountains graveyard cave hills ice",
    "chair": "room field ruins sea hills road",
    "door": "room field desert ruins hills cave road",
    "flame": "cave ruins volcano room mountains desert",
    "star": "mountains sea desert hills field village lake",
    "eye": "desert sea cave mountains ruins deep_sea",
    "ghost": "graveyard ruins room forest swamp cave village",
    "feather": "sea lake field hills room cliffs",
    "nobody": ANYWHERE,
    "old_woman": "village road room field city graveyard",
    "man": "city road room field village hills sea",
    "baby": "room field village",
    "mother": "field river road village sea hills city",
    "group": "city road field village sea hills",
    "robot": "city road room desert",
    "unicorn": "forest field hills lake waterfall",
    "tiger": "jungle field forest hills swamp",
    "monkey": "jungle forest island ruins",
    "cow": "field hills mountains village river",
    "pig": "field village hills swamp",
    "peacock": "field jungle ruins hills",
    "dinosaur": "jungle desert volcano swamp forest",
    "jellyfish": "deep_sea sea",
    "tram": "city road",
    "bus": "city road village",
    "ball": "field road city room sea",
    "pizza": "room city",
    "cake": "room village",
    "cup": "room city",
    "guitar": "room road village field",
    "piano": "room sea field",
    "telephone": "room city",
    "christmas_tree": "room village city forest",
    "lantern": "road forest cave village graveyard room",
    "woman": "city road room field village hills sea",
    "king": "hills room field ruins mountains",
    "knight": "hills field forest ruins mountains",
    "clown": "field city room village road",
    "witch": "forest swamp hills graveyard village ruins",
    "astronaut": "desert ice volcano mountains hills",
    "snowman": "field hills village ice forest",
    "penguin": "ice sea cliffs",
    "duck": "lake river swamp sea",
    "rooster": "village field hills",
    "crocodile": "swamp river jungle lake",
    "snail": "field forest jungle road",
    "mouse": "room field village cave",
    "shark": "sea deep_sea",
    "table": "room field",
    "bed": "room field",
    "bench": "field road city lake sea hills village",
    "fence": "field hills village road",
    "bottle": "room sea desert",
    "vase": "room field",
    "fountain": "city village field ruins road",
    "stairs": "room ruins city cave hills",
    "hat": "room field road desert",
    "apple": "room field",
    "submarine": "sea deep_sea",
    "mermaid": "sea cliffs island deep_sea",
    "queen": "room hills field ruins",
    "giraffe": "field desert jungle hills",
    "cage": "room field ruins",
    "balcony": "city village road",
    "kangaroo": "desert field hills road",
    "parrot": "jungle island forest room",
    "crab": "sea island cliffs deep_sea",
    "swing": "field hills village lake",
    "squirrel": "forest field hills road",
    "hedgehog": "forest field hills",
    "flamingo": "lake swamp river",
    "gondola": "city lake river sea",
    "mirror": "room field desert",
    "fairy": "forest field lake hills waterfall",
    "water_mill": "river field hills forest",
    "fisherman": "sea lake river cliffs island village",
    "farmer": "field hills village road",
    "sailor": "sea cliffs island city",
    "pirate": "sea island cliffs cave ruins",
    "cook": "room city village",
    "waiter": "room city village",
    "scarecrow": "field hills village",
    "sleeper": "room field hills forest",
    "reader": "room field hills lake city",
    "swimmer": "sea lake river",
    "rider": "field hills desert mountains forest road village",
    "skier": "mountains ice hills forest",
    "monk": "mountains hills ruins village forest",
    "wizard": "mountains forest ruins cave hills",
    "vampire": "graveyard ruins city village forest",
    "skeleton": "graveyard cave ruins desert",
    "goat": "mountains hills field cliffs village",
    "zebra": "field desert hills jungle",
    "panda": "jungle forest mountains",
    "rhino": "field desert hills swamp",
    "hippo": "river lake swamp",
    "seal": "sea ice cliffs island",
    "lizard": "desert ruins jungle road",
    "ant": "field forest hills road desert",
    "dragonfly": "lake river swamp field",
    "starfish": "sea island deep_sea",
    "sunflower": "field hills village",
    "carrot": "field room",
    "pumpkin": "field village room hills",
    "tractor": "field hills village road",
    "truck": "road city desert village",
    "sled": "ice hills mountains forest village",
    "axolotl": "lake river deep_sea",
    "wheat": "field hills village",
    "school": "village city field",
    "beaver": "river lake forest",
    "raccoon": "forest city road village",
    "ostrich": "field desert hills",
    "toucan": "jungle forest",
    "seahorse": "deep_sea sea",
    "seashell": "sea island",
    "flag": "hills field mountains island village",
    "corn": "field hills village",
    "koala": "jungle forest",
    "gorilla": "jungle forest mountains",
    "llama": "mountains hills field",
    "walrus": "sea ice island",
    "sloth": "jungle forest",
    "polar_bear": "ice sea",
    "pyramid": "desert",
    "igloo": "ice mountains",
    "sandcastle": "sea island",
    "superhero": "city road",
    "gnome": "forest field village",
    "santa": "village ice forest city",
    "egyptian_mummy": "desert ruins graveyard",
    "ufo": "field desert city hills",
    "tank": "field desert road ruins",
    "digger": "field city road",
    "scorpion": "desert ruins",
    "bamboo": "jungle forest",
    "surfboard": "sea island",
    "nest": "forest field jungle",
    "heron": "lake river swamp",
    "rowing_boat": "lake river sea island swamp",
    "factory": "city field road",
    "hospital": "city village",
    "bus_stop": "city road village",
    "fern": "forest jungle swamp",
    "viking": "sea cliffs island ice hills",
    "tower_crane": "city sea road",
    "birch": "forest field hills lake river village",
    "willow": "lake river field swamp village",
    "hockey_player": "ice",
    "gravestone": "graveyard ruins field",
    "skyscraper": "city",
    "phone_box": "city village road",
    "mailbox": "village road field city",
}
LAND = "mountains desert forest city field hills cliffs ice ruins river island village road graveyard"
COMPANION_HABITATS: dict[str, str] = {  # terrains
    "alone": ANYWHERE,
    "bird": f"sea lake {LAND} swamp waterfall jungle",
    "crow": f"{LAND} swamp",
    "tree": "forest field hills lake river village road graveyard swamp cliffs mountains",
    "flower": "field hills forest river room village graveyard ruins lake",
    "house": "hills field mountains forest village river road lake ice",
    "church": "hills field mountains village graveyard city road",
    "boat": "sea lake river island swamp cliffs",
    "wolf": "forest mountains ice hills ruins graveyard",
    "dog": "field hills city village road river",
    "cat": "city village room ruins field road",
    "horse": "field hills desert village road mountains river",
    "deer": "forest hills mountains field lake river waterfall",
    "child": "field hills village city road room river sea",
    "walker": "city road hills field desert village ice mountains forest graveyard",
    "butterfly": "field forest hills jungle lake room waterfall swamp",
    "lamp": "city village road room graveyard ruins forest",
}
EXCLUDED_COMPANIONS: dict[str, str] = {  # of subjects: their own kind, what is too large, predators
    "bird butterfly bee eagle crow bat star airplane": "bird",
    "crow eagle": "crow",
    "tree pine palm cactus": "tree",
    "flower rose": "flower butterfly",
    "house castle church windmill": "house",
    "church": "church",
    "boat ship whale dolphin": "boat house church",
    "wolf sheep deer rabbit fox": "wolf",
    "dog fox": "dog",
    "cat lion": "cat",
    "horse": "horse",
    "deer lion bear": "deer",
    "child": "child",
    "walker": "walker",
    "lamp candle": "lamp",
}
DAYLIGHT: dict[str, float] = {"dawn": 2, "morning": 6, "noon": 6, "golden hour": 5, "sunset": 3}
DARKNESS: dict[str, float] = {"dusk": 3, "blue hour": 4, "night": 6, "milky way": 3}
SKY_OF_SUBJECT: dict[str, dict[str, float]] = {  # 1 if not listed
    "bee butterfly flower rose kite child baby mother group ball bicycle bus car tram airplane balloon": DAYLIGHT,
    "cow pig sheep horse duck rooster peacock rabbit monkey lion camel elephant tiger dinosaur": DAYLIGHT,
    "tree palm cactus leaf windmill bench table fence apple cake cup snowman clown frog turtle snail bird": DAYLIGHT,
    "old_woman woman man knight king bed vase fountain chair dog fox crocodile shark jellyfish dolphin": DAYLIGHT,
    "mermaid queen giraffe cage balcony parrot crab swing squirrel hedgehog flamingo": DAYLIGHT,
    "gondola water_mill kangaroo": DAYLIGHT,
    "fisherman farmer boy swimmer cyclist rider bride scarecrow skier": DAYLIGHT,
    "owl bat ghost wolf spider skull witch star lamp lantern candle lighthouse astronaut rocket flame": DARKNESS,
    "mask crow christmas_tree bell": DARKNESS,
    "vampire skeleton thief sleeper wizard": DARKNESS,
}
SUBJECT_COLOUR_FACTORS: dict[str, dict[str, float]] = {  # of subjects; 1 if not listed
    "rose heart flower": {"red": 8, "white": 2},
    "crown bell star key lamp lion": {"gold": 8},
    "swan ghost feather bird sheep letter": {"white": 8},
    "crow bat spider": {"white": 0.2, "gold": 0.2, "red": 0.3, "green": 0.2},
    "frog leaf tree pine cactus palm turtle": {"green": 8},
    "dolphin whale fish": {"blue": 8},
    "butterfly octopus umbrella dragon": {"violet": 8, "blue": 3},
    "fox flame mushroom": {"red": 6, "gold": 3},
}


def class_priors(groups: Sequence[Group] = GROUPS) -> dict[str, ConditionalPriors]:
    """The tables of this module for the sampler, by group; those of some groups alone depend on these only.

    Raises:
        ValueError: A table lists a class that its group does not have.
    """
    given = {
        "sky": {"subject": _factors("subject", "sky", _by_subject(SKY_OF_SUBJECT), 1.0)},
        "celestial": {"sky": _factors("sky", "celestial", CELESTIAL_OF_SKY, RARE)},
        "weather": {"sky": _factors("sky", "weather", WEATHER_OF_SKY, RARE)},
        "terrain": {
            "subject": _factors("subject", "terrain", _subject_habitats(), RARE),
            "sky": _factors("sky", "terrain", TERRAIN_OF_SKY, 1.0),
            "weather": _factors("weather", "terrain", TERRAIN_OF_WEATHER, 1.0),
        },
        "subject_colour": {"subject": _factors("subject", "subject_colour", _by_subject(SUBJECT_COLOUR_FACTORS), 1.0)},
        "companion": {
            "terrain": _factors("terrain", "companion", _companions_by_terrain(), RARE),
            "subject": _factors("subject", "companion", _companions_by_subject(), 1.0),
        },
        "detail": {
            "sky": _factors("sky", "detail", DETAIL_OF_SKY, 1.0),
            "terrain": _factors("terrain", "detail", DETAIL_OF_TERRAIN, 1.0),
        },
    }
    names = {group.name for group in groups}
    return {
        group.name: ConditionalPriors(
            _row(group, BASE_WEIGHTS.get(group.name, {}), 1.0),
            {name: table for name, table in given.get(group.name, {}).items() if name in names},
        )
        for group in groups
    }


def _labels(words: str) -> dict[str, float]:
    """Labels in one string (underscores for spaces) -> a weight of 1 for each."""
    return {word.replace("_", " "): 1.0 for word in words.split()}


def _subject_habitats() -> dict[str, dict[str, float]]:
    rows = {subject.replace("_", " "): _labels(terrains) for subject, terrains in SUBJECT_HABITATS.items()}
    return _with_further(rows)


def _companions_by_terrain() -> dict[str, dict[str, float]]:
    rows: dict[str, dict[str, float]] = {}
    for companion, terrains in COMPANION_HABITATS.items():
        for terrain in _labels(terrains):
            rows.setdefault(terrain, {})[companion] = 1.0
    return rows


def _companions_by_subject() -> dict[str, dict[str, float]]:
    excluded = {subjects: dict.fromkeys(_labels(others), 0.0) for subjects, others in EXCLUDED_COMPANIONS.items()}
    return _by_subject(excluded) | {"nobody": {"alone": 2.5}}


def _by_subject(table: Mapping[str, Mapping[str, float]]) -> dict[str, dict[str, float]]:
    """Split rows that list several subjects; a subject that is in several rows gets them all."""
    rows: dict[str, dict[str, float]] = {}
    for subjects, row in table.items():
        for subject in _labels(subjects):
            rows.setdefault(subject, {}).update(row)
    return _with_further(rows)


def _with_further(rows: dict[str, dict[str, float]]) -> dict[str, dict[str, float]]:
    """The rows of subjects with those of the further figures: their own, or that of the figure that each is like."""
    likes = {name: rows[further.like] for name, further in FURTHER.items() if further.like in rows}
    return likes | rows


def _row(group: Group, weights: Mapping[str, float], default: float) -> Floats:
    """Weights of all classes of a group, [labels]."""
    unknown = set(weights) - set(group.labels)
    if unknown:
        raise ValueError(f"the theatre has no {group.name} {sorted(unknown)}")
    return np.array([weights.get(label, default) for label in group.labels], np.float32)


def _factors(given: str, wanted: str, table: Mapping[str, Mapping[str, float]], default: float) -> Floats:
    """Factors of one group's classes for each class of another, [labels of `given`, labels of `wanted`]."""
    groups = {group.name: group for group in GROUPS}
    _row(groups[given], dict.fromkeys(table, 1.0), 1.0)  # reports unknown labels
    return np.stack([_row(groups[wanted], table.get(label, {}), default) for label in groups[given].labels])
