"""Words for meals, games and other things done at a table, and what stands on it where they name nothing else."""

from __future__ import annotations

from installation.models.figure_traits import trait

MEALS = {  # what there is if the words name nothing that is eaten or drunk
    "breakfast": ("cup", "bread", "egg"),
    "brunch": ("cup", "croissant"),
    "lunch": ("soup bowl", "bread"),
    "dinner": ("soup bowl", "pot", "bread"),
    "supper": ("soup bowl", "bread"),
    "meal": ("soup bowl", "pot", "bread"),
    "meals": ("soup bowl", "pot", "bread"),
    "feast": ("wine glass", "chicken leg", "cake"),
    "dine": ("wine glass", "candle"),
    "dines": ("wine glass", "candle"),
    "dining": ("wine glass", "candle"),
    "tea": ("cup", "teapot"),
    "coffee": ("cup",),
    "birthday": ("cake",),
    "homework": ("book",),
    "studying": ("book",),
    "exam": ("book",),
    "exams": ("book",),
    "cards": ("playing card",),
    "poker": ("playing card",),
    "chess": ("chess pawn",),
    "draughts": ("chess pawn",),
    "checkers": ("chess pawn",),
    "dominoes": ("dice",),
    "backgammon": ("dice",),
    "monopoly": ("dice",),
    "ludo": ("dice",),
    "boardgame": ("dice",),
    "boardgames": ("dice",),
    "scrabble": ("puzzle piece",),
    "jigsaw": ("puzzle piece",),
    "drink": ("mug of beer",),
    "drinks": ("mug of beer",),
    "cafe": ("cup",),
    "café": ("cup",),
    "cafeteria": ("cup", "sandwich"),
    "canteen": ("soup bowl",),
    "restaurant": ("wine glass", "spaghetti"),
    "bistro": ("wine glass", "bread"),
    "brasserie": ("wine glass", "bread"),
    "trattoria": ("wine glass", "spaghetti"),
    "pizzeria": ("pizza",),
    "diner": ("cup", "burger"),
    "coffeehouse": ("cup",),
    "teahouse": ("cup", "teapot"),
    "tearoom": ("cup", "teapot"),
    "tavern": ("mug of beer",),
    "taverna": ("wine glass", "bread"),
    "pub": ("mug of beer",),
    "bar": ("cocktail",),
}
EATEN = frozenset(
    ["breakfast", "brunch", "lunch", "dinner", "supper", "meal", "meals", "feast", "dine", "dines", "dining"]
)
DRUNK = frozenset(["tea", "coffee", "drink", "drinks"])
PLACES = frozenset(
    [
        *(
            "cafe",
            "café",
            "cafés",
            "cafes",
            "cafeteria",
            "canteen",
            "restaurant",
            "restaurants",
            "pub",
            "bar",
            "bistro",
        ),
        *("brasserie", "trattoria", "pizzeria", "tavern", "taverna", "teahouse", "tearoom", "coffeehouse", "diner"),
    ]
)
READS = frozenset(["read", "reads", "reading"])
STUDY = frozenset(["homework", "studying", "exam", "exams"])
GAMES = frozenset(
    [
        *("cards", "poker", "chess", "draughts", "checkers", "dominoes", "backgammon", "monopoly", "ludo", "boardgame"),
        *("boardgames", "scrabble", "jigsaw"),
    ]
)
PLAYS = frozenset(["play", "plays", "playing", "played", "game", "games", "doing", "round", "over"])
EATS = frozenset(
    [
        *("eat", "eats", "eating", "ate", "drink", "drinks", "drinking", "drank", "sip", "sips", "sipping", "share"),
        *(
            "shares",
            "sharing",
            "have",
            "has",
            "having",
            "had",
            "enjoy",
            "enjoys",
            "enjoying",
            "over",
            "tasting",
            "slurp",
        ),
        *("slurps", "slurping", "gobble", "gobbling", "munching"),
    ]
)
WRITES = frozenset(["write", "writes", "writing", "wrote", "typing", "types", "drawing", "draws", "colouring", "draw"])
WRITTEN = frozenset(["letter", "book", "computer", "pencil", "newspaper"])
PREPARES = frozenset(
    [
        *("cook", "cooks", "cooking", "cooked", "making", "makes", "make", "made", "preparing", "prepares", "bake"),
        *(
            "baking",
            "bakes",
            "serving",
            "serves",
            "serve",
            "brings",
            "bringing",
            "carrying",
            "carries",
            "after",
            "buying",
        ),
        *("buys", "selling", "sells", "washing", "waiter", "waitress", "before", "no", "without", "missed", "skips"),
    ]
)
ELSEWHERE = frozenset(
    [
        *("bench", "street", "walking", "walks", "standing", "stands", "stand", "floor", "blanket", "picnic", "beach"),
        *(
            "bed",
            "sofa",
            "couch",
            "car",
            "train",
            "bus",
            "grass",
            "fire",
            "campfire",
            "counter",
            "roof",
            "stairs",
        ),
        *("steps", "road", "way", "running", "cinema", "plane", "tent", "swing", "boat", "horse", "bicycle", "bathtub"),
        *(
            "bath",
            "shower",
            "feeding",
            "feeds",
            "sign",
            "queue",
            "barbecue",
            "stairs",
            "wall",
            "river",
            "lake",
            "pavement",
        ),
    ]
)
SERVERS = frozenset(["waiter", "waiters", "waitress", "waitresses", "barman", "barista"])
DISHES = frozenset(
    [
        *("noodle soup", "soup bowl", "spaghetti", "bowl of rice", "salad", "sushi", "steak", "fried egg", "pancakes"),
        *("dumpling", "pudding", "pie", "cake", "turkey bird", "chicken leg", "french fries"),
    ]
)
DRINKS = frozenset(
    [
        *("cup", "wine glass", "mug of beer", "champagne", "cocktail", "glass of milk", "glass of whisky", "bottle"),
        *("bubble tea", "juice carton", "teapot"),
    ]
)
FOOD = frozenset(trait("food")) | DISHES | DRINKS
OUTSIDE = frozenset(["outside", "outdoors", "garden", "park", "yard", "backyard", "lawn", "meadow", "patio"])
SHOWN = frozenset(
    [
        *MEALS,
        "game",
        "games",
        "table",
        "class",
        "maths",
        "candlelight",
        "date",
        "board",
        "laptops",
        "party",
        "alphabet",
    ]
)
CHILDREN = frozenset(  # words for boys and girls alike
    [
        *("children", "kids", "pupils", "schoolchildren", "grandchildren", "toddlers", "youngsters", "classmates"),
        *("schoolkids", "children's", "siblings", "grandkids", "cousins"),
    ]
)
GIRLS = frozenset(["girls", "girl", "daughters", "sisters", "boys", "boy", "schoolgirls", "granddaughters", "nieces"])
