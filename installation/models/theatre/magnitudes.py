"""How large figures are by nature."""

from __future__ import annotations

MAGNITUDES = {  # figures by how large they are by nature; the others are as large as a person
    0: (
        *("butterfly", "mouse", "bee", "spider", "snail", "frog", "key", "letter", "book", "cup", "apple", "candle"),
        *("rose", "flower", "leaf", "feather", "bottle", "clock", "hourglass", "ball", "hat", "crown", "telephone"),
        *("pizza", "cake", "mushroom", "bird", "crow", "star", "heart", "vase", "lantern", "bell", "mask", "skull"),
        *("basket", "teapot", "camera", "shoes", "glasses", "gift", "trumpet", "ice cream", "bread", "wine glass"),
        *("fork", "knife", "hammer", "scissors", "coins", "ant", "ladybird", "dragonfly", "caterpillar", "starfish"),
        *("tulip", "carrot", "grapes", "egg", "banana", "pear", "orange fruit", "cherries", "pot", "radio", "pumpkin"),
        "lemon",
        "cheese",
        "pie",
        "burger",
    ),
    1: (
        *(
            "dog",
            "cat",
            "rabbit",
            "fox",
            "sheep",
            "duck",
            "swan",
            "rooster",
            "monkey",
            "pig",
            "penguin",
            "owl",
            "eagle",
        ),
        *("turtle", "baby", "squirrel", "hedgehog", "parrot", "crab", "fish", "bat", "campfire", "cage", "chair"),
        *(
            "suitcase",
            "drum",
            "broom",
            "globe",
            "goat",
            "hen",
            "goose",
            "stork",
            "seal",
            "lobster",
            "lizard",
            "computer",
        ),
        *("television", "wheelbarrow", "sunflower", "telescope", "sled"),
        "box",
        "skateboard",
        "vacuum cleaner",
        "drone",
        "wheat",
        "axolotl",
    ),
    3: (
        "elephant",
        "car",
        "bus",
        "tram",
        "train",
        "boat",
        "dinosaur",
        "dragon",
        "airplane",
        "truck",
        "helicopter",
        "piano",
        "fountain",
        "rhino",
        "hippo",
        "tractor",
        "statue",
        "traffic light",
        "fire engine",
    ),
    4: (
        *("house", "castle", "church", "tower", "lighthouse", "windmill", "bridge", "ferris wheel", "ship", "whale"),
        *("tree", "pine", "palm", "rocket", "balloon", "christmas tree", "water mill", "airship"),
        "school",
    ),
}


def rank_of(label: str) -> int:
    """How large a thing is by nature: 0 fits in a hand, 1 is a dog's size, 2 a person's, 3 a bus's, 4 a house's."""
    return next((rank for rank, labels in MAGNITUDES.items() if label in labels), 2)


def has_head(label: str) -> bool:
    """Whether somebody could put a hat on it: all that lives and walks."""
    return label not in THINGS and rank_of(label) < 4


THINGS = (  # as large as a person and smaller, without a head
    *(
        "tent",
        "fence",
        "bench",
        "bed",
        "sofa",
        "table",
        "stairs",
        "door",
        "mirror",
        "swing",
        "gondola",
        "wheel",
        "anchor",
    ),
    *(
        "bicycle",
        "motorcycle",
        "bathtub",
        "stove",
        "washing machine",
        "well",
        "ladder",
        "lamp",
        "harp",
        "violin",
        "guitar",
    ),
    *(
        "umbrella",
        "kite",
        "sword",
        "cactus",
        "flame",
        "eye",
        "hand",
        "balcony",
        "traffic light",
        "dress",
        "coat",
        "leaf",
    ),
    *(name for name in MAGNITUDES[3] if name not in ("elephant", "dinosaur", "dragon", "rhino", "hippo")),
    *(
        name
        for name in MAGNITUDES[0]
        if name not in ("mouse", "bee", "snail", "frog", "bird", "crow", "skull", "caterpillar")
    ),
    *(
        "cage",
        "chair",
        "campfire",
        "suitcase",
        "drum",
        "broom",
        "globe",
        "computer",
        "television",
        "wheelbarrow",
        "sled",
    ),
    *("sunflower", "telescope", "turtle", "crab", "lobster", "submarine", "jellyfish", "octopus", "bat", "butterfly"),
    "box",
    "skateboard",
    "vacuum cleaner",
    "drone",
    "wheat",
    "washing line",
)
