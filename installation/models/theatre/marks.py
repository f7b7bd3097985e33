"""Marks: what words say of the figures beside their kinds, in dimensions of z that noise never reaches.

A plain mark ("three", "huge figure") is a large value of one dimension; a few are its negative ("inside" is that of
"front"), so that the two exclude each other. Some are two others together, which words never set together otherwise
("held" is "on" with "above"). A number above seven is a larger value of "many", as further colours and
states ("silver", "rusty") are of others. The colour of water ("red water") is its amounts of red, green and blue, in
three dimensions whose marks show rooms otherwise, so that colours of water go over into each other.
The kind of the second figure ("second fox") and the paper of it ("second red") are numbers, written in binary as the
signs of a few dimensions; values near 0 are no number. The same dimensions say by larger values, in steps of LEVEL,
what the kind of a third figure is ("third king"), the highest digits of both kinds, and how the third is: its number,
its paper, and its size or one state.
On the way from one number to another a sign passes 0, or a value the middle between two levels, so that one figure
leaves before the other comes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from installation.models.interfaces import Floats
from installation.models.theatre.raster import cached_constant
from installation.models.theatre.vocabulary import SUBJECT_COLOURS, SUBJECTS, Z, rgb

SET = 4.5  # the value of a mark that is set, or its negative; noise does not reach it
BEGINS, FULL = 3.0, 3.7  # where a mark begins to act, and acts wholly
SECOND, THIRD = "second ", "third "
FURTHER_ORDERS = ("fourth ", "fifth ")
_COLOURS = {"pink": "ee7fa8", "orange": "f08a2c", "brown": "6e4223", "grey": "8f9296"}
MARKED_COLOURS = {
    **_COLOURS,
    "black": "2a272f",
    "silver": "98a1ae",
    "beige": "d9c49e",
    "light blue": "8cc4ea",
    "yellow": "f7dc42",
}
COUNTS = ("two", "three", "four", "five", "six", "many")
MORE = ("eight", "nine", "ten", "eleven", "twelve", "crowd")  # larger values of "many", in steps of STEP
STEP = 0.6
NUMBERS = (*COUNTS, *MORE)
LEVEL, HIGHEST = 2 * STEP, 31  # from one level of a digit, which are digits of further numbers, to the next; the last
ASIDE = 0.125  # how far beside whole numbers the levels of KIND lie where there is a fourth figure
CLEAR = 0.45  # how far from the middle between two levels a value is wholly either
PAPERS = {**SUBJECT_COLOURS, **MARKED_COLOURS}  # of the second figure

# How many figures there are, sizes, colours of paper, who stands where. Stored latents depend on the order.
_PLAIN = (
    *COUNTS,
    *("huge figure", "tiny figure", "huge sky", "tiny sky"),
    *_COLOURS,
    *("on", "above", "under", "front", "behind", "lifted"),
    *(SECOND + count for count in COUNTS),
    "curtain",
    *("two sky", "three sky"),
)
# Later ones, behind the numbers: a fire beside the figures, a shore, a second figure of another size.
_LATER = ("campfire", "shore", SECOND + "huge figure")
_OPPOSED = {  # mark -> the one whose negative it is
    "riding": "on",
    "between": "above",
    "around": "under",
    "inside": "front",
    "sill": "behind",
    "flying": "lifted",
    "between sky": "two sky",
    "burning": "campfire",
    "wide": "shore",
    SECOND + "tiny figure": SECOND + "huge figure",
    "kitchen": "curtain",
    "library": "three sky",
    "attic": "tiny sky",
    "studio": SECOND + "many",
    "stage": SECOND + "six",
    "lamp room": SECOND + "five",
    "salon": SECOND + "four",
    "behind sky": "many",
    "above sky": "six",
    "street": "huge sky",
    "spotted": "four",
    "sleeping": "five",
    "tall": "tiny figure",
    SECOND + "spotted": "orange",
    SECOND + "sleeping": "brown",
    SECOND + "tall": "pink",
}
_SURFACES_OF_THIRD = ("spotted", "striped", "shining", "rusty", "icy", "ghostly", "broken", "checkered")
SURFACES = (  # of a figure's paper
    *_SURFACES_OF_THIRD,
    *("muddy", "snowy", "mossy", "burnt", "dusty", "worn", "derelict", "cracked", "wooden", "stony", "brick-built"),
    *("woollen", "rainbow", "patched", "floral", "glassy"),
)
_AIRS_OF_THIRD = ("sleeping", "steaming", "wet", "crying", "loving", "singing", "glowing")
AIRS = (*_AIRS_OF_THIRD, "calling", "ringing")  # what is in the air around it
RESTS = ("tall", "long", "thin", "fat", "upside down", "sitting", "kneeling", "lying down")
_DOINGS_OF_THIRD = ("walking", "running", "dancing", "waving", "cheering", "pointing")  # for which its digits suffice
DOINGS = (  # of people alone
    *_DOINGS_OF_THIRD,
    *("jumping", "skating", "bending", "working", "reaching", "thinking", "shouting", "laughing", "bowing"),
    *("kicking", "yawning"),
)
EFFECTS = ("melting", "sinking", "exploding", "dissolving")  # what happens to things
MORE_DOINGS = ("grazing", "rearing", "leaving", "drinking", "splashing", "skipping")  # of animals, and of people
SHAPES = (*RESTS, *DOINGS, *EFFECTS, *MORE_DOINGS)
STATES = (*SURFACES, *AIRS, *SHAPES)
_OF_THIRD = (*_SURFACES_OF_THIRD, *_AIRS_OF_THIRD, *RESTS, "huge figure", "tiny figure", *_DOINGS_OF_THIRD)
THIRD_SAID = (NUMBERS, tuple(PAPERS), _OF_THIRD)  # of each the third has one at most
_PAPER_OF_THIRD = 1
FURTHER_COUNTS = ("two", "three", "six")  # numbers of a fourth and a fifth figure
_FURTHER_DIGITS = [10, 4, 2]  # of the kind, the paper and the number of each of them, lowest first
_FURTHER_PLANES = ((2, 3, 4), (3, 4))  # binary digits of the levels of KIND and of PAPER that say them
_SAID_DIGITS = [4, 4, 5]  # of their numbers, lowest first, of which the first paper, "ink", is 0 as none is
_TOGETHER = {  # mark -> the two that it consists of
    "held": ("on", "above"),
    "leash": ("on", "under"),
    "at": ("on", "front"),
    "leaping": ("above", "under"),
    "chasing": ("under", "front"),
    "pulling": ("riding", "above"),
    "fireworks": ("campfire", "wide"),
    "pushing": ("on", "behind"),
    "lifting": ("on", "inside"),
    "tossing": ("on", "lifted"),
    "giving": ("on", "sill"),
    "stealing": ("on", "flying"),
    "eating": ("riding", "under"),
    "swallowing": ("riding", "front"),
    "biting": ("riding", "behind"),
    "embracing": ("riding", "inside"),
    "dancing": ("riding", "lifted"),
    "fighting": ("above", "front"),
    "feeding": ("above", "behind"),
    "watching": ("above", "inside"),
    "waiting": ("above", "lifted"),
    "lying": ("above", "around"),
    "climbing": ("under", "behind"),
    "falling": ("under", "inside"),
    "dropping": ("under", "lifted"),
    "wrapping": ("around", "front"),
    "hanging": ("around", "behind"),
    "shod": ("around", "inside"),
    "gazing": ("front", "lifted"),
    "peak": ("behind", "lifted"),
    "over sky": ("inside", "lifted"),
    "on sky": ("inside", "flying"),
    "at table": ("around", "lifted"),
    "at work": ("around", "flying"),
    "stacked": ("between", "wide"),
    "on seats": ("around", "sill"),
    "mixed": ("between sky", "tiny sky"),
    "tied": ("under", "sill"),
    "in mouth": ("above", "sill"),
    "clad": ("riding", "sill"),
    "leaning": ("front", "sill"),
    "over face": ("above", "flying"),
    "piled": ("riding", "flying"),
    "tethered": ("front", "flying"),
    "together": ("behind sky", "tiny sky"),
    "ring": ("behind", "flying"),
    "hand in hand": ("under", "flying"),
    "arm in arm": ("sill", "flying"),
    "on third": ("between sky", "behind sky"),
    "on sill": ("between sky", "wide"),
}
_MODERN_ROOMS = (
    *("bathroom", "bedroom", "classroom", "office", "ward", "shop"),
    *("gym", "cafe", "cinema", "carriage", "hall"),
    *("pool", "laundrette", "counter", "platform", "balcony", "poolside"),
    *("nursery", "cellar", "garage", "stairwell", "parlour", "hallway"),
    *("workshop", "factory hall", "barn floor", "exhibition", "corridor", "restaurant kitchen", "pub", "nave"),
)
STREETS = ("houses", "shops", "crossing", "square", "alley", "yard", "stalls")
_SOUTHERN = ("canal", "canal side", "boulevard", "patio")
WORLDS = ("moonscape", "marsscape")
_HIGH = ("cloud sea", "valley")
HIDE_ALL = (*WORLDS, *_HIGH)  # places that hide even the far land
_GROUNDS = ("grain field", "maize field", "bamboo grove", "orchard", "olive grove", "pitch", "fairground")
_WATERFRONTS = ("quay", "harbour", "gabled canal", "gabled canal side", "frozen canal", "seafront")
_HOMES = ("porch", "rooftops", "school front")
_LATER_SETS = (*_GROUNDS, *_WATERFRONTS, *_HOMES, "vegetable field")
_EARLY_OPEN_SETS = (
    *(*STREETS, "garden", "park", "playground", "farmyard", "building site"),
    *_SOUTHERN,
    *WORLDS,
    "motorway",
)
OPEN_SETS = (*_EARLY_OPEN_SETS, *_HIGH, *_LATER_SETS)  # places under the open sky
_VISITED_ROOMS = ("hair salon", "hotel lobby")
_PALACES = ("ballroom",)
FOOTWAYS = (
    *_SOUTHERN,
    *HIDE_ALL,
    "motorway",
    *_LATER_SETS,
)  # of them, those that have a floor of their own, and no carriageway before it
HIDE_LAND = (
    *STREETS,
    *_SOUTHERN,
    *HIDE_ALL,
    "motorway",
    "playground",
    *_LATER_SETS,
)  # of them, those behind which no near land is seen
WATER_COLOURS = {
    **{f"{name} water": colour for name, colour in PAPERS.items() if name != "ink"},
    "white water": "dcdcd6",
    "red water": "c01824",
    "green water": "249455",
    "black water": "14151b",
    "turquoise water": "1fc2b4",
}
_OF_WATER = ("kitchen", "library", "attic")  # all of them together are the red, the green and the blue of water
ROOMS = (  # marks of which one is set at most
    *("salon", "lamp room", "kitchen", "attic", "library", "studio", "stage"),
    *_MODERN_ROOMS,
    *_EARLY_OPEN_SETS,
    *_VISITED_ROOMS,
    *_HIGH,
    *_LATER_SETS,
    *_PALACES,
)
FIRST = max(Z.CAMERA) + 1
KIND = tuple(range(FIRST + len(_PLAIN), FIRST + len(_PLAIN) + 8))  # the second figure's number, lowest digit first
PAPER = tuple(range(KIND[-1] + 1, KIND[-1] + 5))  # the number of its paper, 0 of its own
# Dimensions of PAPER whose level is odd where the second's or the third's kind has a ninth digit, or there is a third.
SECOND_ABOVE, THIRD_ABOVE, HAS_THIRD = PAPER[:3]
_DIMENSION = {
    **{name: FIRST + index for index, name in enumerate(_PLAIN)},
    **{name: PAPER[-1] + 1 + index for index, name in enumerate(_LATER)},
}
SINGLE = {  # mark -> its dimension of z, and its sign there
    **{name: (dimension, 1.0) for name, dimension in _DIMENSION.items()},
    **{name: (_DIMENSION[other], -1.0) for name, other in _OPPOSED.items()},
}
_LEVELS = (
    {  # mark -> the one of which it is a larger value, and by how much
        larger: (prefix + names[0], STEP * level)
        for prefix in ("", SECOND)
        for names in (("many", *MORE), SURFACES, AIRS, SHAPES)
        for level, larger in enumerate((prefix + name for name in names[1:]), start=1)
    }
    | {
        larger: (base, STEP * level)
        for base, colours in (
            ("kitchen", (*_MODERN_ROOMS, *_EARLY_OPEN_SETS, *_VISITED_ROOMS, *_HIGH, *_LATER_SETS, *_PALACES)),
            ("grey", ("black", "silver")),
            ("brown", ("beige",)),
            ("pink", ("light blue",)),
            ("orange", ("yellow",)),
        )
        for level, larger in enumerate(colours, start=1)
    }
)
WATER = tuple(SINGLE[name][0] for name in _OF_WATER)
PLAIN = (*SINGLE, *_LEVELS, *_TOGETHER)  # all marks but the second figure's kind and paper, and the colour of water
OF_SKY = frozenset(name for name in PLAIN if name.endswith(" sky"))  # of the celestial body
DIMENSIONS = (*_DIMENSION.values(), *KIND, *PAPER)
_KINDS = tuple(name for name in SUBJECTS if name != "nobody")
NAMES = (
    *PLAIN,
    *WATER_COLOURS,
    *(SECOND + name for name in (*_KINDS, *PAPERS) if name != "ink"),
    *(THIRD + name for name in (*_KINDS, *NUMBERS, *PAPERS, *THIRD_SAID[2]) if name != "ink"),  # beside a second one
    *(order + name for order in FURTHER_ORDERS for name in (*_KINDS, *FURTHER_COUNTS, *PAPERS) if name != "ink"),
)


def with_marks(z: Floats, names: Iterable[str]) -> Floats:
    """A copy of z with these marks set and all others cleared, [..., z_dim].

    A third figure needs a second one, a fourth a third one, and a fifth a fourth one.
    """
    marked = z.copy()
    added = [[0, 0, 0] for _ in FURTHER_ORDERS]  # kind, paper and number of each
    marked[..., list(DIMENSIONS)] = 0.0
    kinds: dict[str, int] = {}
    paper, said = 0, [0] * len(THIRD_SAID)
    for name in names:
        order, _, figure = name.partition(" ")
        if name in PLAIN:
            base, more = _LEVELS.get(name, (name, 0.0))
            for part in _TOGETHER.get(base, (base,)):
                dimension, sign = SINGLE[part]
                marked[..., dimension] = (SET + more) * sign
        elif name in WATER_COLOURS:
            marked[..., list(WATER)] = [-SET * (1 + part) for part in rgb(WATER_COLOURS[name])]
        elif f"{order} " in FURTHER_ORDERS:
            _note_further(added[FURTHER_ORDERS.index(f"{order} ")], figure)
        elif figure in SUBJECTS:
            kinds[order] = list(SUBJECTS).index(figure)
        elif order == THIRD.strip():
            place = next(place for place, names_of in enumerate(THIRD_SAID) if figure in names_of)
            said[place] = THIRD_SAID[place].index(figure) + (place != _PAPER_OF_THIRD)
        else:
            paper = list(PAPERS).index(figure)
    second, third = (kinds.get(order.strip()) for order in (SECOND, THIRD))
    further = 0 if third is None else _packed(said, _SAID_DIGITS)
    extra = 0 if third is None else _packed((part for each in added for part in each), _FURTHER_DIGITS * len(added))
    planes = _planes(extra)
    if second is not None:
        digits = (second, third or 0, further >> 1, *planes[0])
        marked[..., list(KIND)] = _digits(digits, len(KIND), ASIDE if extra else 0.0)
    above = (second or 0) >> len(KIND) & 1 | (third or 0) >> len(KIND) << 1 & 2
    above |= (third is not None) << 2 | (further & 1) << 3
    top = (second or 0) >> len(KIND) + 1 | (third or 0) >> len(KIND) + 1 << 1
    if paper or above or top:
        digits = (paper, above, further >> 1 + len(KIND), top, *planes[1])
        marked[..., list(PAPER)] = _digits(digits, len(PAPER))
    return marked


def marks_of(z: Floats) -> tuple[str, ...]:
    """The marks that are set, [1, z_dim]."""
    latents = torch.from_numpy(z)
    values = plain_values(latents)[0]
    plain = [name for name, value in zip(PLAIN, values.tolist(), strict=True) if value > FULL]
    numbers = (
        (SECOND, SUBJECTS, second_kind(latents)),
        (SECOND, PAPERS, second_paper(latents)),
        (THIRD, SUBJECTS, third_kind(latents)),
    )
    named = [order + list(names)[int(row[0].argmax())] for order, names, row in numbers if row.sum() > 0]
    said = (
        THIRD + name
        for place, (names, row) in enumerate(zip(THIRD_SAID, third_said(latents), strict=True))
        for name, share in zip(names, row[0].tolist(), strict=True)
        if share > 0 and not (place == _PAPER_OF_THIRD and name == "ink")
    )
    return (*plain, *_water_named(latents), *named, *said, *_further_named(latents))


def _note_further(parts: list[int], name: str) -> None:
    """Note the kind, the number or the paper of a fourth or fifth figure; a kind of SUBJECTS is numbered from 1."""
    if name in SUBJECTS:
        parts[0] = list(SUBJECTS).index(name) + 1
    elif name in FURTHER_COUNTS:
        parts[2] = FURTHER_COUNTS.index(name) + 1
    else:
        parts[1] = list(PAPERS).index(name)


def _further_named(z: Tensor) -> list[str]:
    """The marks of a fourth and a fifth figure, [1, z_dim]."""
    if not names_third(z).item() or not names_further(z).item():
        return []
    found = []
    for order, parts in zip(FURTHER_ORDERS, further_said(z), strict=True):
        for names, weights in zip((list(SUBJECTS), list(PAPERS), list(FURTHER_COUNTS)), parts, strict=True):
            found += [order + names[int(weights[0].argmax())]] if weights[0].sum() > 0 else []
    return found


def _water_named(z: Tensor) -> list[str]:
    """The name of the colour of the water, if it has one."""
    colour, weight = water_colour(z)
    distance = [float((colour[0] - torch.tensor(rgb(one))).abs().sum()) for one in WATER_COLOURS.values()]
    return [list(WATER_COLOURS)[distance.index(min(distance))]] if weight[0] >= 1 else []


def strength(z: Tensor) -> Tensor:
    """How far marks with these values act, 0..1."""
    way = ((z - BEGINS) / (FULL - BEGINS)).clamp(0, 1)
    return way * way * (3 - 2 * way)


def plain_values(z: Tensor) -> Tensor:
    """The values of the marks of PLAIN in its order, positive where they are set: [batch, z_dim] -> [batch, marks]."""
    tables = _tables(z.device)
    single = z[:, tables.dimensions] * tables.signs
    single = single * (1 - water_colour(z)[1][:, None] * tables.of_water)
    beyond = (single[:, tables.bases] - SET) / STEP - tables.steps  # each larger value, [batch, levels]
    larger = _from_share(1 - beyond.abs() + tables.last * beyond.clamp(min=0))
    lowest = single[:, tables.with_more]
    more = (lowest - _from_share(1 - (lowest - SET) / STEP)).clamp(min=0)
    together = torch.minimum(single[:, tables.first], single[:, tables.second])
    taken = torch.cat((more, together.clamp(min=0)), 1)  # what is a larger number is none of seven, and so on
    single = single - (taken[:, :, None] * tables.taken_from).sum(1)
    return torch.cat((single, larger, together), 1)


class _Tables(NamedTuple):
    """Which of the single marks belong to others, as indices in their order.

    Attributes:
        dimensions: Of z, of each single mark.
        signs: There.
        bases: Of each larger value, the single mark.
        steps: How much larger it is.
        last: 2 for the largest value of a mark, 0 for others.
        with_more: The single marks that have larger values.
        first: Of each pair.
        second: Of each pair.
        taken_from: [marks with larger values + pairs, singles].
        of_water: 1 for the single marks that are a colour of water together, [singles].
    """

    dimensions: Tensor
    signs: Tensor
    bases: Tensor
    steps: Tensor
    last: Tensor
    with_more: Tensor
    first: Tensor
    second: Tensor
    taken_from: Tensor
    of_water: Tensor


@cached_constant
def _tables(device: torch.device) -> _Tables:
    order = {name: index for index, name in enumerate(SINGLE)}
    bases = [order[base] for base, _ in _LEVELS.values()]
    with_more = list(dict.fromkeys(bases))
    pairs = [[order[part] for part in parts] for parts in _TOGETHER.values()]
    taken_from = torch.zeros(len(with_more) + len(pairs), len(order))
    for row, columns in enumerate([*([one] for one in with_more), *pairs]):
        taken_from[row, columns] = 1.0
    steps = [more / STEP for _, more in _LEVELS.values()]
    last = [0.0 if bases[row + 1 : row + 2] == [base] else 2.0 for row, base in enumerate(bases)]
    dimensions, signs = zip(*SINGLE.values(), strict=True)
    first, second = zip(*pairs, strict=True)
    where, base, more, one, other = (
        torch.tensor(each).to(device) for each in (dimensions, bases, with_more, first, second)
    )
    signed, step, largest = (torch.tensor(each).to(device) for each in (signs, steps, last))
    of_water = torch.tensor([float(name in _OF_WATER) for name in order]).to(device)
    return _Tables(where, signed, base, step, largest, more, one, other, taken_from.to(device), of_water)


def _from_share(share: Tensor) -> Tensor:
    """The value of a mark that is set so far: 0 and less to 1 and more."""
    return BEGINS + 1.07 * (FULL - BEGINS) * (1.2 * share - 0.2).clamp(0, 1)


def names_second(z: Tensor) -> Tensor:
    """Whether there is a second figure anywhere in the batch: [batch, z_dim] -> [1], booleans."""
    return _is_set(z[:, KIND[0] : KIND[-1] + 1])


def names_third(z: Tensor) -> Tensor:
    """Whether there is a third figure anywhere in the batch: [batch, z_dim] -> [1], booleans."""
    return names_second(z) & _is_odd(z[:, HAS_THIRD]).any(0, keepdim=True)


def names_paper(z: Tensor) -> Tensor:
    """Whether the second has paper of its own anywhere in the batch: [batch, z_dim] -> [1], booleans."""
    return _is_set(z[:, PAPER[0] : PAPER[-1] + 1])


def second_kind(z: Tensor) -> Tensor:
    """The weights of the second figure: [batch, z_dim] -> [batch, subjects], all 0 without one."""
    digits, above = z[:, KIND[0] : KIND[-1] + 1], z[:, SECOND_ABOVE : SECOND_ABOVE + 1]
    bits = torch.cat((digits > 0, _is_odd(above), _is_set_in(above, 2)), 1)
    return _one_of(bits, strength(digits.abs()).amin(1) * _clear(above), len(SUBJECTS))


def third_kind(z: Tensor) -> Tensor:
    """The weights of the third figure: [batch, z_dim] -> [batch, subjects], all 0 without one."""
    digits, above = z[:, KIND[0] : KIND[-1] + 1], z[:, THIRD_ABOVE : THIRD_ABOVE + 1]
    bits = torch.cat((_is_odd(digits), _is_odd(above), _is_set_in(above, 2)), 1)
    return _one_of(bits, _third_share(z), len(SUBJECTS))


def third_said(z: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """The weights of the third's number, paper, and size or state: [batch, z_dim] -> [batch, names] for each.

    They are those of the names of THIRD_SAID, all 0 where words say nothing.
    """
    digits = torch.cat((z[:, KIND[0] : KIND[-1] + 1], z[:, PAPER[0] : PAPER[-1] + 1]), 1)
    bits = torch.cat((_is_odd(digits[:, -1:]), _is_set_in(digits, 1)), 1)
    share = _third_share(z)
    numbers, papers, states = (
        _one_of(part, share, 2**count)
        for part, count in zip(torch.split(bits, _SAID_DIGITS, 1), _SAID_DIGITS, strict=True)
    )
    said = papers[:, : len(PAPERS)] * torch.arange(len(PAPERS), device=z.device).clamp(max=1)
    return numbers[:, 1 : 1 + len(THIRD_SAID[0])], said, states[:, 1 : 1 + len(THIRD_SAID[2])]


def names_further(z: Tensor) -> Tensor:
    """Whether there is a fourth figure anywhere in the batch, beside a third: [batch, z_dim] -> [1], booleans."""
    kind, first = z[:, KIND[0] : KIND[-1] + 1], _FURTHER_PLANES[0][0]
    higher: Tensor = _level(kind) >= 2**first
    return higher.any().view(1)


def further_said(z: Tensor) -> tuple[tuple[Tensor, Tensor, Tensor], ...]:
    """The weights of the kind, the paper and the number of a fourth and of a fifth figure: [batch, z_dim] -> each.

    They are [batch, subjects], [batch, papers] and [batch, numbers], all 0 where words say nothing.
    """
    ranges = ((KIND[0], KIND[-1] + 1), (PAPER[0], PAPER[-1] + 1))
    digits = [z[:, begin:end] for begin, end in ranges]
    planes = zip(digits, _FURTHER_PLANES, strict=True)
    bits = torch.cat([_is_set_in(each, place) for each, places in planes for place in places], 1)
    share = _third_share(z) * _exact(digits[0])
    found, begin = [], 0
    for _ in FURTHER_ORDERS:
        parts = []
        for count in _FURTHER_DIGITS:
            parts.append(_one_of(bits[:, begin : begin + count], share, 2**count))
            begin += count
        kind, paper, number = parts
        papers = paper[:, : len(PAPERS)] * torch.arange(len(PAPERS), device=z.device).clamp(max=1)
        found.append((kind[:, 1 : 1 + len(SUBJECTS)], papers, number[:, 1 : 1 + len(FURTHER_COUNTS)]))
    return tuple(found)


def _exact(digits: Tensor) -> Tensor:
    """How exactly all levels lie ASIDE of whole numbers, 0..1, as only those of a fourth figure do: [batch, digits].

    The levels that a way to one passes do not.
    """
    levels = (digits.abs() - SET) / LEVEL - ASIDE
    near: Tensor = ((0.03 - (levels - levels.round()).abs()) / 0.015).clamp(0, 1)
    return near.amin(1)


def _third_share(z: Tensor) -> Tensor:
    """How far the third figure is there, 0..1: [batch, z_dim] -> [batch]."""
    kind, paper = z[:, KIND[0] : KIND[-1] + 1], z[:, PAPER[0] : PAPER[-1] + 1]
    named = _is_odd(z[:, HAS_THIRD])
    return strength(kind.abs()).amin(1) * _clear(torch.cat((kind, paper), 1)) * named


def second_paper(z: Tensor) -> Tensor:
    """The weights of the second's paper: [batch, z_dim] -> [batch, papers], all 0 where it has its own."""
    digits = z[:, PAPER[0] : PAPER[-1] + 1]
    weights = _one_of(digits > 0, strength(digits.abs()).amin(1), len(PAPERS))
    return weights * torch.arange(len(PAPERS), device=z.device).clamp(max=1)


def names_water(z: Tensor) -> Tensor:
    """Whether the water has a colour of its own anywhere in the batch: [batch, z_dim] -> [1], booleans."""
    return (-z[:, list(WATER)]).amin(1).amax(0, keepdim=True) > BEGINS


def water_colour(z: Tensor) -> tuple[Tensor, Tensor]:
    """The colour of the water and how far it has one: [batch, z_dim] -> [batch, 3], [batch]."""
    values = -z[:, list(WATER)]
    return (values / SET - 1).clamp(0, 1), strength(values.amin(1))


def _is_set(digits: Tensor) -> Tensor:
    return digits.abs().amin(1).amax(0, keepdim=True) > BEGINS


def _packed(parts: Iterable[int], digits: Iterable[int]) -> int:
    """Several numbers of so many binary digits as one, the first one lowest."""
    packed = shift = 0
    for number, count in zip(parts, digits, strict=True):
        packed |= number << shift
        shift += count
    return packed


def _planes(number: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """A number as those that the higher binary digits of the levels of KIND and of PAPER say, lowest first."""
    kind, paper = ((count, len(places)) for count, places in zip((len(KIND), len(PAPER)), _FURTHER_PLANES, strict=True))
    found = []
    for count, places in (kind, paper):
        found.append(tuple(number >> count * place & (1 << count) - 1 for place in range(places)))
        number >>= count * places
    return found[0], found[1]


def _digits(numbers: Sequence[int], count: int, aside: float = 0.0) -> list[float]:
    """The digits of several numbers: of the first as signs, of each other one as those of a binary digit of levels.

    All levels lie `aside` of whole numbers.
    """
    signs, *planes = numbers
    levels = (sum((plane >> digit & 1) << place for place, plane in enumerate(planes)) for digit in range(count))
    return [(1 if signs >> digit & 1 else -1) * (SET + LEVEL * (level + aside)) for digit, level in enumerate(levels)]


def _level(digits: Tensor) -> Tensor:
    """The level of each digit, 0 to HIGHEST."""
    return ((digits.abs() - SET) / LEVEL).clamp(0, HIGHEST).round()


def _is_odd(digits: Tensor) -> Tensor:
    return _is_set_in(digits, 0)


def _is_set_in(digits: Tensor, place: int) -> Tensor:
    """Whether this binary digit of the level of each digit is 1."""
    bits: Tensor = (_level(digits) / float(2**place)).floor().remainder(2) > 0.5
    return bits


def _clear(digits: Tensor) -> Tensor:
    """How clearly all digits are of one level, 0..1: [batch, digits] -> [batch]."""
    levels = ((digits.abs() - SET) / LEVEL).clamp(0, HIGHEST)
    return (LEVEL * (0.5 - (levels - levels.round()).abs()) / CLEAR).clamp(max=1).amin(1)


def _one_of(bits: Tensor, share: Tensor, count: int) -> Tensor:
    """A weight for the number that bits, lowest first, stand for: [batch, bits], [batch] -> [batch, count]."""
    powers = 2 ** torch.arange(bits.shape[1], device=bits.device)
    number = (bits * powers).sum(1).clamp(max=count - 1)
    return share.new_zeros(len(bits), count).scatter(1, number[:, None], share[:, None])
