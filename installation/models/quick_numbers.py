"""Arithmetic of small tensors with Python numbers, in a third of the time, where no gradients are recorded.

A picture of the theatre takes some three thousand operations, a third of them with a constant. PyTorch makes each
Python number a float64 tensor and converts that to the type of the other operand, which takes several times as long as
the arithmetic on a few numbers itself. Here a number is made a float32 tensor once, and kept: the results are the same,
bit for bit.

`install` changes the operators of `torch.Tensor` in this process. They do what they did wherever gradients may be
recorded, with tensors of other types and with other operands.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any

import torch
from torch import Tensor

Wrapper = Callable[[Callable[..., Any]], Callable[..., Any]]

KEPT = 4096  # numbers; a picture has some 800, of which most are those of the last one
_OPERATORS = ("__add__", "__radd__", "__mul__", "__rmul__", "__sub__", "__truediv__")
_REVERSED = ("__rsub__",)
_METHODS = ("add_", "mul_", "sub_", "div_")
_NUMBERS = frozenset((float, int))  # not bool, nor those of NumPy
_FLOAT = torch.float32
_MARK = "_takes_numbers_quickly"


def install() -> None:
    """Make the operators of `torch.Tensor` quick; again, it does nothing."""
    if hasattr(Tensor, _MARK):
        return
    setattr(Tensor, _MARK, True)
    wrappers: tuple[tuple[Wrapper, tuple[str, ...]], ...] = (
        (_quick, _OPERATORS),
        (_quick_method, _METHODS),
        (_quick_rsub, _REVERSED),
    )
    for make, names in wrappers:
        for name in names:
            setattr(Tensor, name, make(getattr(Tensor, name)))


@lru_cache(maxsize=KEPT)
def _constant(number: float) -> Tensor:
    return torch.scalar_tensor(number, dtype=torch.float32)


# Below, each call counts: a function more would cost a tenth of what is saved.


def _quick(operator: Callable[[Tensor, Any], Any]) -> Callable[[Tensor, Any], Any]:
    """An operator of a tensor and another operand, which may be a number."""
    inference = torch.is_inference_mode_enabled

    @wraps(operator)
    def quick(self: Tensor, other: Any) -> Any:
        if type(other) in _NUMBERS and inference() and self.dtype is _FLOAT:
            other = _constant(other)
        return operator(self, other)

    return quick


def _quick_method(method: Callable[..., Any]) -> Callable[..., Any]:
    """The same for a method, which may take further arguments."""
    inference = torch.is_inference_mode_enabled

    @wraps(method)
    def quick(self: Tensor, other: Any, **further: Any) -> Any:
        if type(other) in _NUMBERS and inference() and self.dtype is _FLOAT:
            other = _constant(other)
        return method(self, other, **further)

    return quick


def _quick_rsub(operator: Callable[[Tensor, Any], Any]) -> Callable[[Tensor, Any], Any]:
    """A number less a tensor."""
    subtract, inference = Tensor.__sub__, torch.is_inference_mode_enabled

    @wraps(operator)
    def quick(self: Tensor, other: Any) -> Any:
        if type(other) in _NUMBERS and inference() and self.dtype is _FLOAT:
            return subtract(_constant(other), self)
        return operator(self, other)

    return quick
