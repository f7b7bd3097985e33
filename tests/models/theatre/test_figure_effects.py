"""What happens to figures that melt and dissolve."""

import torch

from installation.models.theatre.figure_effects import SPREADS, left_of, melted_at

WHOLE = torch.ones(1, 1, 1, 1)
X = torch.linspace(0.1, 0.9, 9).view(1, 1, 1, 9)


def test_what_melts_is_wider_at_its_floor_and_not_at_its_top() -> None:
    top, floor = (melted_at({"melting": WHOLE}, X, torch.full_like(X, y)) for y in (0.1, 1.0))
    assert torch.allclose(top, X, atol=0.02)
    assert float(floor[..., -1]) < 0.9 - 0.4 * SPREADS + 0.02  # sampled nearer to the middle, so drawn wider


def test_what_dissolves_keeps_its_front_and_loses_its_rear() -> None:
    inside = torch.full_like(X, 0.1)
    left = left_of({"dissolving": WHOLE}, inside, X, torch.full_like(X, 0.5))
    assert float(left[..., 0]) > 0
    assert float(left[..., -1]) < 0


def test_nothing_happens_to_others() -> None:
    inside = torch.full_like(X, 0.1)
    assert left_of({}, inside, X, X) is inside
    assert melted_at({}, X, X) is X
