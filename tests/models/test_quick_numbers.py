"""Arithmetic with Python numbers gives the same results, bit for bit, once it is quick."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

from installation.models import quick_numbers

NUMBERS = (0.1, -3, 2.5, 1 / 3, 7, 1e-6)
OPERATIONS: tuple[Callable[[Any, Any], Any], ...] = (operator.add, operator.sub, operator.mul, operator.truediv)
IN_PLACE: tuple[Callable[[Tensor, float], Tensor], ...] = (
    lambda x, number: x.clone().add_(number),
    lambda x, number: x.clone().add_(number, alpha=0.3),
    lambda x, number: x.clone().sub_(number),
    lambda x, number: x.clone().mul_(number),
    lambda x, number: x.clone().div_(number),
)
VALUES = {
    "float": torch.randn(3, 5, generator=torch.Generator().manual_seed(1)),
    "double": torch.randn(7, generator=torch.Generator().manual_seed(2)).double(),
    "whole": torch.arange(6),
}


def results(x: Tensor) -> list[Tensor]:
    """Of all operations, with the tensor before and after the number."""
    found = [each(x, number) for each in OPERATIONS for number in NUMBERS]
    found += [each(number, x) for each in OPERATIONS[:3] for number in NUMBERS]
    return found + ([each(x, number) for each in IN_PLACE for number in NUMBERS] if x.is_floating_point() else [])


def plain_results() -> dict[str, list[Tensor]]:
    """Those where gradients may be recorded, which are left as they are."""
    return {name: results(x) for name, x in VALUES.items()}


@pytest.mark.parametrize("name", VALUES)
def test_results_and_their_types_are_the_same(name: str) -> None:
    quick_numbers.install()
    quick_numbers.install()
    plain = plain_results()[name]
    with torch.inference_mode():
        quick = results(VALUES[name])
    assert [one.dtype for one in quick] == [one.dtype for one in plain]
    assert all(torch.equal(one, other) for one, other in zip(quick, plain, strict=True))


def test_a_number_is_kept_and_never_changed() -> None:
    quick_numbers.install()
    with torch.inference_mode():
        first = 2.0 * torch.ones(3)
        first.mul_(5.0)
        assert (2.0 * torch.ones(3)).tolist() == [2.0, 2.0, 2.0]


def test_gradients_are_recorded_as_ever() -> None:
    quick_numbers.install()
    x = torch.ones(2, requires_grad=True)
    (gradient,) = torch.autograd.grad((1 - 3.0 * x / 2).sum(), x)
    assert gradient.tolist() == [-1.5, -1.5]


def test_other_operands_are_left_to_torch() -> None:
    quick_numbers.install()
    with torch.inference_mode():
        assert (torch.ones(2) * torch.tensor([2.0, 3.0])).tolist() == [2.0, 3.0]
        assert (torch.ones(2) * True).tolist() == [1.0, 1.0]
        with pytest.raises(TypeError):
            torch.ones(2) * "word"
