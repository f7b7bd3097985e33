"""Marks: what words say of the figures beside their kinds, in dimensions of z that noise never reaches.

A plain mark ("three", "huge figure") is a large value of one dimension; a few are its negative ("inside" is that of
"front"), so that the two exclude each other. The kind of the second figure ("second fox") and the paper of it ("second
red") are numbers, written in binary as the signs of a few dimensions; values near 0 are no number.
On the way from one number to another a sign passes 0, so that one figure leaves before the other comes.
"""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor

from installation.models.interfaces import Floats
from installation.models.theatre.vocabulary import SUBJECT_COLOURS, SUBJECTS, Z

SET = 4.5  # the value of a mark that is set, or its negative; noise does not reach it
BEGINS, FULL = 3.0, 3.7  # where a mark begins to act, and acts wholly
SECOND = "second "
MARKED_COLOURS = {"pink": "ee7fa8", "orange": "f08a2c", "brown": "6e4223", "grey": "8f9296"}
COUNTS = ("two", "three", "four", "five", "six", "many")
PAPERS = {**SUBJECT_COLOURS, **MARKED_COLOURS}  # of the second figure

# How many figures there are, sizes, colours of paper, who stands where. Stored latents depend on the order.
_PLAIN = (
    *COUNTS,
    *("huge figure", "tiny figure", "huge sky", "tiny sky"),
    *MARKED_COLOURS,
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
}
ROOMS = ("salon", "lamp room", "kitchen", "attic", "library", "studio", "stage")  # marks of which one is set at most
FIRST = max(Z.CAMERA) + 1
KIND = tuple(range(FIRST + len(_PLAIN), FIRST + len(_PLAIN) + 8))  # the second figure's number, lowest digit first
PAPER = tuple(range(KIND[-1] + 1, KIND[-1] + 5))  # the number of its paper
_DIMENSION = {
    **{name: FIRST + index for index, name in enumerate(_PLAIN)},
    **{name: PAPER[-1] + 1 + index for index, name in enumerate(_LATER)},
}
PLAIN = {  # mark -> its dimension of z, and its sign there
    **{name: (dimension, 1.0) for name, dimension in _DIMENSION.items()},
    **{name: (_DIMENSION[other], -1.0) for name, other in _OPPOSED.items()},
}
OF_SKY = frozenset(name for name in PLAIN if name.endswith(" sky"))  # of the celestial body
DIMENSIONS = (*_DIMENSION.values(), *KIND, *PAPER)
NAMES = (*PLAIN, *(SECOND + name for name in (*SUBJECTS, *PAPERS) if name not in ("nobody", "ink")))


def with_marks(z: Floats, names: Iterable[str]) -> Floats:
    """A copy of z with these marks set and all others cleared, [..., z_dim]."""
    marked = z.copy()
    marked[..., list(DIMENSIONS)] = 0.0
    for name in names:
        second = name.removeprefix(SECOND)
        if name in PLAIN:
            dimension, sign = PLAIN[name]
            marked[..., dimension] = SET * sign
        elif second in SUBJECTS:
            marked[..., list(KIND)] = _digits(list(SUBJECTS).index(second), len(KIND))
        else:
            marked[..., list(PAPER)] = _digits(list(PAPERS).index(second), len(PAPER))
    return marked


def marks_of(z: Floats) -> tuple[str, ...]:
    """The marks that are set, [1, z_dim]."""
    plain = [name for name, (index, sign) in PLAIN.items() if z[0, index] * sign > FULL]
    numbers = ((SUBJECTS, second_kind), (PAPERS, second_paper))
    rows = [(list(names), weigh(torch.from_numpy(z))[0]) for names, weigh in numbers]
    return (*plain, *(SECOND + names[int(row.argmax())] for names, row in rows if row.sum() > 0))


def strength(z: Tensor) -> Tensor:
    """How far marks with these values act, 0..1."""
    way = ((z - BEGINS) / (FULL - BEGINS)).clamp(0, 1)
    return way * way * (3 - 2 * way)


def plain_values(z: Tensor) -> Tensor:
    """The values of the marks of PLAIN in its order, positive where they are set: [..., z_dim] -> [..., marks]."""
    dimensions, signs = zip(*PLAIN.values(), strict=True)
    return z[..., list(dimensions)] * torch.tensor(signs, device=z.device)


def names_second(z: Tensor) -> Tensor:
    """Whether there is a second figure anywhere in the batch: [batch, z_dim] -> [1], booleans."""
    return _is_set(z[:, KIND[0] : KIND[-1] + 1])


def names_paper(z: Tensor) -> Tensor:
    """Whether it has paper of its own anywhere in the batch: [batch, z_dim] -> [1], booleans."""
    return _is_set(z[:, PAPER[0] : PAPER[-1] + 1])


def second_kind(z: Tensor) -> Tensor:
    """The weights of the second figure: [batch, z_dim] -> [batch, subjects], all 0 without one."""
    return _number(z[:, KIND[0] : KIND[-1] + 1], len(SUBJECTS))


def second_paper(z: Tensor) -> Tensor:
    """The weights of its paper: [batch, z_dim] -> [batch, papers], all 0 without one."""
    return _number(z[:, PAPER[0] : PAPER[-1] + 1], len(PAPERS))


def _is_set(digits: Tensor) -> Tensor:
    return digits.abs().amin(1).amax(0, keepdim=True) > BEGINS


def _digits(number: int, count: int) -> list[float]:
    return [SET if number >> digit & 1 else -SET for digit in range(count)]


def _number(digits: Tensor, count: int) -> Tensor:
    """The number that signs stand for, as weights: [batch, digits] -> [batch, count]."""
    powers = 2 ** torch.arange(digits.shape[1], device=digits.device)
    number = ((digits > 0) * powers).sum(1).clamp(max=count - 1)
    weights = digits.new_zeros(len(digits), count)
    return weights.scatter(1, number[:, None], strength(digits.abs()).amin(1)[:, None])
