"""Where others are on, under and in a figure: its seat, the room below it, its opening, and the rim of a container.

All lengths are in heights or in sides of the figure, so that they hold at every size.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from installation.models.figure_traits import trait

MOST_IN_FRONT = 0.7  # height of a companion in front, in heights of the subject


class Seat(NamedTuple):
    """Where others are on a figure: the share of its height that is above them, and their size (1: as beside it)."""

    share: float = 0.13
    size: float = 0.72


SEATS = {  # of figures that have another place than their top
    "chair": Seat(0.56, 1.5),
    "stool": Seat(0.06, 1.5),
    "deckchair": Seat(0.70, 1.4),
    "hammock": Seat(0.66, 1.2),
    "horse": Seat(0.40, 1.0),
    "camel": Seat(0.35),
    "elephant": Seat(0.12),
    "boat": Seat(0.80),
    "ship": Seat(0.72),
    "raft": Seat(0.80),
    "viking ship": Seat(0.62),
    "bridge": Seat(0.45),
    "pier": Seat(0.32),
    "hand": Seat(0.30),
    "tree": Seat(0.30),
    "apple tree": Seat(0.30),
    "orange tree": Seat(0.30),
    "olive tree": Seat(0.30),
    "palm": Seat(0.22),
    "pine": Seat(0.40),
    "christmas tree": Seat(0.40),
    "piano": Seat(0.30, 1.0),
    "car": Seat(0.10),
    "bicycle": Seat(0.35, 1.0),
    "bench": Seat(0.45, 1.3),
    "picnic blanket": Seat(0.35, 1.0),
    "sofa": Seat(0.46, 1.3),
    "ladder": Seat(0.50, 0.9),
    "bed": Seat(0.55, 1.2),
    "lotus flower": Seat(0.52, 0.7),
    "lily pad": Seat(0.55, 2.6),
    "table": Seat(0.30, 1.7),
    "stairs": Seat(0.30, 1.0),
    "balcony": Seat(0.63, 0.55),
    "swing": Seat(0.74, 0.8),
    "gondola": Seat(0.78, 0.6),
    "donkey": Seat(0.46, 1.0),
    "zebra": Seat(0.40, 1.0),
    "goat": Seat(0.42, 0.9),
    "goose": Seat(0.42, 0.6),
    "rhino": Seat(0.10),
    "hippo": Seat(0.10),
    "motorcycle": Seat(0.36, 1.0),
    "tractor": Seat(0.45),
    "sled": Seat(0.45, 0.9),
    "bathtub": Seat(0.33, 1.0),
    "washing machine": Seat(0.04, 1.0),
    "stove": Seat(0.28),
    "television": Seat(0.25, 0.8),
    "computer": Seat(0.01),
    "radio": Seat(0.28),
    "suitcase": Seat(0.18, 1.0),
    "gift": Seat(0.27),
    "drum": Seat(0.35),
    "basket": Seat(0.50),
    "haystack": Seat(0.14, 0.7),
    "pumpkin": Seat(0.20, 0.7),
    "wheelbarrow": Seat(0.30, 1.0),
    "well": Seat(0.02),
    "statue": Seat(0.02),
    "globe": Seat(0.06),
    "trumpet": Seat(0.10),
    "skateboard": Seat(0.50, 1.0),
    "box": Seat(0.42, 0.9),
    "fire engine": Seat(0.36),
    "school": Seat(0.40),
    "cake": Seat(0.31, 0.8),
    "cheese": Seat(0.30),
    "burger": Seat(0.02),
    "pie": Seat(0.36),
    "washing line": Seat(0.06, 0.5),
    "overhead wire": Seat(0.12, 0.55),
    "ostrich": Seat(0.42, 1.0),
    "seahorse": Seat(0.36),
    "spaghetti": Seat(0.20),
    "watermelon": Seat(0.02),
    "donut": Seat(0.03),
    "seashell": Seat(0.03),
    "flag": Seat(0.02),
    "llama": Seat(0.44, 1.0),
    "polar bear": Seat(0.34, 0.9),
    "gorilla": Seat(0.22),
    "toilet": Seat(0.44, 1.0),
    "treasure chest": Seat(0.02),
    "ambulance": Seat(0.10),
    "tank": Seat(0.14),
    "pyramid": Seat(0.02),
    "igloo": Seat(0.02),
    "carousel": Seat(0.04),
    "ufo": Seat(0.04),
    "digger": Seat(0.30),
    "wheelchair": Seat(0.44, 1.2),
    "nest": Seat(0.34, 0.9),
    "bucket": Seat(0.36),
    "rocking chair": Seat(0.52, 1.5),
    "armchair": Seat(0.56, 1.3),
    "dentist's chair": Seat(0.52, 1.3),
    "rowing boat": Seat(0.50),
    "factory": Seat(0.44),
    "hospital": Seat(0.02),
    "bus stop": Seat(0.14),
    "scooter": Seat(0.44, 1.1),
    "carriage": Seat(0.16),
    "frying pan": Seat(0.20),
    "toaster": Seat(0.40),
    "birch": Seat(0.20),
    "willow": Seat(0.06),
    "mailbox": Seat(0.04),
    "gravestone": Seat(0.02),
    "whale": Seat(0.56, 0.8),
    "rocking horse": Seat(0.55, 1.3),
    "carousel horse": Seat(0.55, 1.0),
    "magic carpet": Seat(0.45, 1.4),
    "spiral staircase": Seat(0.30, 0.6),
    "tree house": Seat(0.04, 0.4),
    "four-poster bed": Seat(0.50, 0.9),
    "cradle": Seat(0.42, 0.9),
    "paper boat": Seat(0.52, 0.7),
    "tree stump": Seat(0.20, 1.0),
    "penny-farthing": Seat(0.22, 1.1),
    "bush": Seat(0.12),
    "doormat": Seat(0.5, 2.4),
    "chimney stack": Seat(0.02, 1.2),
    "firewood stack": Seat(0.06),
}
CLEARANCE = {  # under figures with room below: the share of their height, and whether that is in their middle
    "table": (0.60, True),
    "bridge": (0.32, True),
    "bench": (0.42, True),
    "bed": (0.30, True),
    "piano": (0.45, True),
    "chair": (0.38, True),
    "tree": (0.42, False),
    "apple tree": (0.30, False),
    "orange tree": (0.32, False),
    "olive tree": (0.34, False),
    "birch": (0.36, False),
    "willow": (0.30, False),
    "bus stop": (0.66, True),
    "palm": (0.52, False),
    "pine": (0.30, False),
    "mushroom": (0.46, False),
    "umbrella": (0.56, False),
    "flower": (0.50, False),
    "rose": (0.50, False),
    "tulip": (0.50, False),
    "sunflower": (0.46, False),
    "lamp": (0.55, False),
    "christmas tree": (0.25, False),
}
BESIDE_STEM = (MOST_IN_FRONT, False)


class Opening(NamedTuple):
    """Where others are seen in a figure: the middle, foot and height of the opening, in sides; whether it is lit.

    Without an arch the figure has such an opening itself.
    """

    x: float = 0.5
    foot: float = 0.86
    height: float = 0.40
    lit: bool = True
    arch: bool = True


OPENINGS = {  # of containers
    "house": Opening(0.42, 0.90, 0.30),
    "log cabin": Opening(0.48, 0.96, 0.26),
    "castle": Opening(0.5, 0.94, 0.34),
    "church": Opening(0.5, 0.94, 0.34),
    "tower": Opening(0.5, 0.94, 0.20),
    "stone tower": Opening(0.5, 0.54, 0.22),
    "lighthouse": Opening(0.5, 0.66, 0.20),
    "windmill": Opening(0.5, 0.94, 0.28),
    "tent": Opening(0.5, 0.95, 0.42),
    "train": Opening(0.66, 0.64, 0.22),
    "tram": Opening(0.5, 0.70, 0.26),
    "bus": Opening(0.44, 0.68, 0.28),
    "car": Opening(0.47, 0.62, 0.18),
    "airplane": Opening(0.5, 0.62, 0.16),
    "bottle": Opening(0.5, 0.93, 0.29, lit=False, arch=False),  # of glass
    "hourglass": Opening(0.5, 0.86, 0.30, lit=False, arch=False),
    "cage": Opening(0.5, 0.86, 0.52, lit=False),
    "door": Opening(0.60, 0.955, 0.80, arch=False),
    "lantern": Opening(0.5, 0.82, 0.30),
    "lamp": Opening(0.5, 0.40, 0.20),
    "mirror": Opening(0.5, 0.80, 0.46, lit=False),
    "whale": Opening(0.42, 0.66, 0.26),
    "truck": Opening(0.68, 0.76, 0.40),
    "tractor": Opening(0.58, 0.52, 0.30),
    "helicopter": Opening(0.34, 0.60, 0.20),
    "airship": Opening(0.44, 0.60, 0.22),
    "washing machine": Opening(0.5, 0.76, 0.34),
    "television": Opening(0.42, 0.74, 0.38),
    "computer": Opening(0.5, 0.57, 0.44),
    "stove": Opening(0.5, 0.84, 0.20),
    "fire engine": Opening(0.62, 0.70, 0.16),
    "school": Opening(0.5, 0.95, 0.24),
    "igloo": Opening(0.25, 0.96, 0.20, arch=False),
    "ambulance": Opening(0.68, 0.70, 0.20),
    "ufo": Opening(0.5, 0.50, 0.18),
    "pyramid": Opening(0.33, 0.96, 0.16),
    "factory": Opening(0.5, 0.95, 0.24),
    "hospital": Opening(0.5, 0.95, 0.20),
    "carriage": Opening(0.54, 0.50, 0.20),
    "phone box": Opening(0.5, 0.90, 0.56),
    "skyscraper": Opening(0.45, 0.94, 0.14),
    "fridge": Opening(0.46, 0.90, 0.40),
    "mailbox": Opening(0.18, 0.58, 0.20),
}


class Pocket(NamedTuple):
    """Where others look out of a figure: the share of its height that is above the rim, and how large they are at most.

    Their height is in heights of the figure, their width in widths of it; x is the middle of the rim, in sides.
    """

    share: float
    height: float = 0.85
    width: float = 0.85
    x: float = 0.5


POCKETS = {  # figures that others look out of
    "hat": Pocket(0.12),
    "cup": Pocket(0.38, width=0.7),
    "vase": Pocket(0.47, 1.0, 0.6),
    "bowl": Pocket(0.08, 0.9, 0.85),
    "balloon": Pocket(0.84, 0.3, 0.3),
    "basket": Pocket(0.48, 0.95),
    "bathtub": Pocket(0.35, 1.0, 0.95),
    "leaf pile": Pocket(0.32, 0.7, 0.6),
    "chimney stack": Pocket(0.12, 0.9, 0.4),
    "sink": Pocket(0.34, 0.9, 0.8),
    "suitcase": Pocket(0.18),
    "wheelbarrow": Pocket(0.24, 0.95, 0.62),
    "well": Pocket(0.62, 0.42, 0.7),
    "box": Pocket(-0.02, 0.85, 0.62),
    "treasure chest": Pocket(0.40, 0.7),
}
CONTENTS: Mapping[
    str, Mapping[str, tuple[int, ...]]
] = {  # sheets of figures, by their place in the order, that give way to who is in them or on them
    "inside": {
        "basket": (1,),
        "bathtub": (1, 3),
        "cup": (1,),
        "vase": (1, 2, 3),
        "wheelbarrow": (0,),
    },
    "on": {"cake": (4, 5)},
}
GLASS = frozenset(trait("glass"))  # through which others are seen
OPEN_TOPPED = frozenset(trait("open_topped"))  # figures that others look out of, whose rims their outlines tell
BARRED = ("cage",)  # others are seen behind the bars of these
USUAL_OPENING = Opening()
