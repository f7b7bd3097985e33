"""What the marks of a batch say, decoded from z: once for a picture that is painted frame after frame.

All functions take z, [batch, z_dim]. They are those of `marks`; what they say as booleans is of the whole batch.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

from installation.models.op_tape import decisions
from installation.models.theatre import marks
from installation.models.theatre.raster import kept_while_painting

RECENT = 6  # z that are kept: of the frame, of the picture that it is compared with, and the last ones

second_kind = kept_while_painting(marks.second_kind)
third_kind = kept_while_painting(marks.third_kind)
third_said = kept_while_painting(marks.third_said)
second_paper = kept_while_painting(marks.second_paper)
water_colour = kept_while_painting(marks.water_colour)


@lru_cache(maxsize=RECENT)
def painted_marks(z: bytes, device: torch.device) -> Tensor:
    """The z of one scene that is painted without gradients, [1, z_dim], with its marks alone: float32, as bytes."""
    values = np.frombuffer(z, np.float32)[None].copy()
    return torch.from_numpy(np.pad(values, ((0, 0), (marks.FIRST, 0)))).to(device)


@kept_while_painting
def strengths(z: Tensor) -> Tensor:
    """How far each of `marks.PLAIN` is set, [batch, marks]."""
    return marks.strength(marks.plain_values(z))


@kept_while_painting
def strength(all_of_them: Tensor, name: str) -> Tensor:
    """How far one mark is set, of all `strengths`: [batch, 1, 1, 1] in 0..1."""
    return all_of_them[:, marks.PLAIN.index(name)].view(-1, 1, 1, 1)


@kept_while_painting
def names_second(z: Tensor) -> bool:
    """Whether there is a second figure."""
    return decisions(marks.names_second(z.detach()))[0]


@kept_while_painting
def names_third(z: Tensor) -> bool:
    """Whether there is a third figure."""
    return decisions(marks.names_third(z.detach()))[0]


@kept_while_painting
def names_paper(z: Tensor) -> bool:
    """Whether the second has paper of its own."""
    return decisions(marks.names_paper(z.detach()))[0]


@kept_while_painting
def names_water(z: Tensor) -> bool:
    """Whether the water has a colour of its own."""
    return decisions(marks.names_water(z.detach()))[0]


@kept_while_painting
def has_any(z: Tensor) -> bool:
    """Whether a mark is set at all."""
    highest = z.detach()[:, marks.FIRST :].abs().amax()
    return decisions(highest.view(1) > marks.BEGINS)[0]
