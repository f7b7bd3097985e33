"""One step of an optimiser on a few tensors, whose rates are tensors too, so that a CUDA graph can repeat it.

The kernels are torch's. Its `torch.optim` would import a compiler, which delays the first dream by over a second.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

EPSILON = 1e-8  # Adam's


class Adam:
    """Adam (Kingma and Ba, 2015)."""

    def __init__(self, parameters: Sequence[Tensor], rates: Sequence[Tensor], betas: tuple[float, float]) -> None:
        """Each parameter has a rate, a scalar on its device."""
        self._parameters, self._rates, self._betas = parameters, rates, betas
        self._means, self._squares = ([torch.zeros_like(each) for each in parameters] for _ in range(2))
        self._steps = [torch.zeros((), device=each.device) for each in parameters]

    @torch.no_grad()
    def step(self, gradients: Sequence[Tensor]) -> None:
        """Move the parameters by their gradients."""
        first, second = self._betas
        torch._foreach_add_(self._steps, 1.0)
        state = zip(self._parameters, gradients, self._means, self._squares, self._steps, self._rates, strict=True)
        for parameter, gradient, mean, square, step, rate in state:
            torch._fused_adam_(
                *([parameter], [gradient], [mean], [square], [], [step]),
                lr=rate,
                beta1=first,
                beta2=second,
                weight_decay=0.0,
                eps=EPSILON,
                amsgrad=False,
                maximize=False,
            )

    def reset(self) -> None:
        """Forget all steps."""
        for each in (*self._means, *self._squares, *self._steps):
            each.zero_()


class Momentum:
    """Gradient descent with momentum (Polyak, 1964)."""

    def __init__(self, parameters: Sequence[Tensor], rates: Sequence[Tensor], momentum: float) -> None:
        """As for `Adam`; `momentum` is the share of a step that the next one repeats."""
        self._parameters, self._rates, self._momentum = parameters, rates, momentum
        self._moves = [torch.zeros_like(each) for each in parameters]

    @torch.no_grad()
    def step(self, gradients: Sequence[Tensor]) -> None:
        """Move the parameters by their gradients."""
        for parameter, gradient, move, rate in zip(self._parameters, gradients, self._moves, self._rates, strict=True):
            move.mul_(self._momentum).add_(gradient)
            parameter.sub_(rate * move)

    def reset(self) -> None:
        """Forget all steps."""
        for move in self._moves:
            move.zero_()
