"""What is on a table at which people sit: of what everybody has one, what is in a hand, and how large it is."""

from __future__ import annotations

from installation.models.figure_traits import trait

DRINKS = (
    *("cup", "wine glass", "mug of beer", "champagne", "cocktail", "glass of milk", "glass of whisky", "bubble tea"),
    *("juice carton", "bottle"),
)
BITES = (
    *("pizza", "burger", "hot dog", "sandwich", "taco", "ice cream", "croissant", "apple", "banana", "donut", "cookie"),
    *("pretzel", "chicken leg", "bagel", "waffle", "watermelon", "chocolate", "cupcake", "lollipop"),
)
DISHES = (
    "noodle soup",
    "soup bowl",
    "bowl",
    "spaghetti",
    "bowl of rice",
    "salad",
    "sushi",
    "steak",
    "fried egg",
    "french fries",
    "pancakes",
)
WORK = ("book", "computer", "letter", "smartphone", "newspaper", "pencil")  # over which everybody bends
GAMES = ("playing card", "dice", "chess pawn", "puzzle piece")
EACH = (*DRINKS, *BITES, *DISHES, *WORK, "place setting")  # of which everybody has one
IN_HAND = (*DRINKS, *BITES, "playing card", "smartphone", "newspaper")
READ_SEATED = ("book", "newspaper", "letter", "map", "smartphone", "computer")  # on the lap of who sits on a seat
HEIGHTS = {  # of things, in sides of a grown person
    "cup": 0.085,
    "wine glass": 0.12,
    "champagne": 0.13,
    "bottle": 0.2,
    "cake": 0.24,
    "teapot": 0.15,
    "pot": 0.17,
    "candle": 0.15,
    "vase": 0.22,
    "chess pawn": 0.11,
    "computer": 0.17,
    "book": 0.11,
    "egg": 0.06,
    "dice": 0.07,
    "smartphone": 0.09,
    "newspaper": 0.16,
    "letter": 0.07,
    "pencil": 0.08,
    "turkey bird": 0.2,
    "bread": 0.1,
    "t-shirt": 0.18,
    "dress": 0.26,
    "jeans": 0.2,
    "picture frame": 0.3,
}
USUAL, SMALL, LARGE = 0.12, 0.08, 0.18  # of the others
SMALL_THINGS, LARGE_THINGS = trait("small_on_tables"), trait("large_on_tables")
ON_TABLE = frozenset((*trait("on_tables"), *trait("of_a_hand"), *EACH, *GAMES, "computer"))


def height_of(label: str) -> float:
    """Of a thing, in sides of a grown person."""
    return HEIGHTS.get(label, SMALL if label in SMALL_THINGS else LARGE if label in LARGE_THINGS else USUAL)
