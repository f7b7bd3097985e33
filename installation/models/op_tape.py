"""Repeats the operations of a function of a tensor, and of its gradient, without running its Python code again.

A picture of 96 x 96 pixels takes thousands of small operations; on a processor their Python code and autograd's records
cost more than the arithmetic. A `TapedFunction` notes the operations of one run and of its gradient, drops those whose
results cannot change, and from then on runs the others in memory of its own, as machine code (`op_kernels`). CUDA
graphs do the same for a GPU, and PyTorch's Static Runtime for networks on a processor.

What a function decides on the host becomes part of the tape. So it must read values by `lower_bound`, `upper_bound` and
`decisions` alone: where they would decide otherwise, the function is run again instead. A function that reads a value
by `float` or `item` is never taped.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable
from torch.utils._python_dispatch import TorchDispatchMode

from installation.models.op_kernels import prepare_usual
from installation.models.op_plan import Op, Plan, planned, tensors

Function = Callable[[Tensor], Tensor]

NEVER = 1 << 62  # repeats
REPEATS = 2  # of a function with the same constants before it is recorded; twice as many after each refused tape


class _Bound(NamedTuple):
    """A scalar that must not fall below `lowest`."""

    value: Tensor
    lowest: float


class _Recorder(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Notes operations, and the values that the host has seen."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.ops: list[Op] = []
        self.bounds: list[_Bound] = []
        self.guarded = False  # while a number is read that a bound holds

    def read(self, value: Tensor, slack: float) -> float:
        """A scalar less `slack`, which becomes a bound."""
        self.guarded = True
        seen = float(value)
        self.guarded = False
        self.bounds.append(_Bound(value.detach(), seen - slack))
        return seen - slack

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        result = func(*args, **kwargs)
        if self.guarded and not isinstance(result, Tensor):
            return result  # a number that `lower_bound` or `decisions` reads
        results = [result.detach()] if isinstance(result, Tensor) else [part.detach() for part in tensors(result)]
        self.ops.append(Op(func, args, kwargs, results))
        return result


class _ThisThread(threading.local):
    recorder: _Recorder | None = None


_this_thread = _ThisThread()


def lower_bound(value: Tensor, slack: float) -> float:
    """A scalar on the host; less `slack` while it is recorded, so that the tape holds until it falls below that."""
    recorder = _this_thread.recorder
    return float(value) if recorder is None else recorder.read(value, slack)


def upper_bound(value: Tensor, slack: float) -> float:
    """A scalar on the host; more by `slack` while it is recorded, so that the tape holds until it exceeds that."""
    return float(value) if _this_thread.recorder is None else -lower_bound(-value.detach(), slack)


def decisions(values: Tensor) -> list[bool]:
    """Booleans on the host, [n], of which a tape allows no other."""
    recorder = _this_thread.recorder
    if recorder is not None:
        recorder.guarded = True
    seen: list[bool] = values.tolist()
    if recorder is not None:
        recorder.guarded = False
        recorder.bounds.append(_Bound((values == torch.tensor(seen)).all().float(), 0.5))
    return seen


def prepare_tapes() -> None:
    """Compile what most tapes need, so that the first one does not wait for it; takes half a second of a core."""
    prepare_usual()


class TapedFunction:
    """Calls a function of a tensor, with a gradient; repeats it from a tape while its constants stay the same.

    Only for one thread, a processor, and deterministic functions. The number of calls alone decides what is recorded
    when, so that the same calls give the same results.
    """

    def __init__(self) -> None:
        self._key: object = None
        self._constants = torch.empty(0)
        self._forget(REPEATS)

    def _forget(self, repeats: int) -> None:
        self._repeats = self._wait = repeats  # before the next recording
        self._recording: _Recording | None = None
        self._tape: _Tape | None = None

    def __call__(self, function: Function, argument: Tensor, constants: Tensor, key: object) -> Tensor:
        """Call `function`.

        Args:
            function: Must do the same whenever key and constants are the same.
            argument: Has a gradient.
            constants: Have none.
            key: What else the function depends on.
        """
        if key != self._key or not torch.equal(constants, self._constants):
            self._key, self._constants = key, constants.detach().clone()
            self._forget(REPEATS)
        if self._recording is not None:
            self._advance(self._recording)
        if self._tape is not None:
            result: Tensor = _Repeated.apply(argument, self._tape)
            if self._tape.holds():
                return result
            self._forget(2 * self._repeats)
        elif self._recording is None:
            self._wait -= 1
            if self._wait < 0:
                self._recording = _Recording(function, argument)
                recorded: Tensor = _Recorded.apply(argument, self._recording)
                return recorded
        return function(argument)

    def repeat(self, argument: Tensor, constants: Tensor, key: object) -> Tensor | None:
        """The result for another argument, without gradient; None if it is not on tape.

        Neither the argument nor the constants change what is recorded.
        """
        if self._tape is None or key != self._key or not torch.equal(constants, self._constants):
            return None
        result = self._tape.forward(argument.detach())
        return result if self._tape.holds() else None

    def _advance(self, recording: _Recording) -> None:
        """Do a slice of the planning."""
        if not recording.complete:  # nobody asked for the gradient
            self._forget(self._repeats)
        elif recording.advance():
            self._recording, self._tape = None, recording.tape
            if self._tape is None:
                self._forget(NEVER)


class _Recording:
    """One run of a function and of its gradient, from which a tape is made in several slices of time."""

    def __init__(self, function: Function, argument: Tensor) -> None:
        self.tape: _Tape | None = None
        self._recorder = _Recorder()
        self._gradients: list[Tensor] = []  # of result and argument, once they are known
        self._planning: Generator[None, None, Plan | None] | None = None
        self._argument = argument.detach().clone()
        self._leaf = self._argument.detach().requires_grad_(True)
        _this_thread.recorder = self._recorder
        try:
            with torch.enable_grad(), self._recorder:
                self._run = function(self._leaf)
        finally:
            _this_thread.recorder = None
        self._split = len(self._recorder.ops)

    def value(self) -> Tensor:
        """The result, without gradient."""
        return self._run.detach()

    def gradient(self, gradient: Tensor) -> Tensor:
        """The gradient of the argument, recorded."""
        gradient = gradient.clone()
        with self._recorder:
            (result,) = torch.autograd.grad(self._run, self._leaf, gradient)
        self._gradients = [gradient, result]
        return result.clone()

    @property
    def complete(self) -> bool:
        """Whether the gradient has been recorded too."""
        return bool(self._gradients)

    def advance(self) -> bool:
        """Do a slice of the planning; return whether it is finished. Then `tape` is set, unless there can be none."""
        bounds = self._recorder.bounds
        if self._planning is None:
            outputs = [self._run, self._gradients[1], *(bound.value for bound in bounds)]
            inputs = [self._argument, self._gradients[0]]
            self._planning = planned(self._recorder.ops, self._split, inputs, outputs)
        try:
            next(self._planning)
        except StopIteration as finished:
            if finished.value is not None:
                lowest = torch.tensor([bound.lowest for bound in bounds])
                self.tape = _Tape(finished.value, self._argument, self._gradients[0], lowest)
            return True
        return False


class _Tape:
    """A planned run with its inputs and outputs."""

    def __init__(self, plan: Plan, argument: Tensor, result_gradient: Tensor, lowest: Tensor) -> None:
        self._plan = plan
        self._argument, self._result_gradient = argument, result_gradient
        self._result, self._gradient, *self._bounded = plan.outputs
        self._lowest = lowest
        self.runs = 0

    def forward(self, argument: Tensor) -> Tensor:
        self.runs += 1
        self._argument.copy_(argument)
        for call in self._plan.first:
            call()
        return self._result.clone()

    def backward(self, gradient: Tensor) -> Tensor:
        self._result_gradient.copy_(gradient)
        for call in self._plan.second:
            call()
        return self._gradient.clone()

    def holds(self) -> bool:
        """Whether the host would have decided the same in the last run."""
        return not self._bounded or bool((torch.stack(self._bounded) >= self._lowest).all())


class _Recorded(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, _argument: Tensor, recording: _Recording) -> Tensor:
        ctx.recording = recording
        return recording.value()

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None]:
        return ctx.recording.gradient(gradient), None


class _Repeated(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, argument: Tensor, tape: _Tape) -> Tensor:
        result = tape.forward(argument)
        ctx.tape, ctx.run, ctx.argument = tape, tape.runs, argument.detach().clone()
        return result

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None]:
        if ctx.run != ctx.tape.runs:  # the tape has run again since
            ctx.tape.forward(ctx.argument)
        return ctx.tape.backward(gradient), None
