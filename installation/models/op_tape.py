"""Repeats the operations of a function of a tensor, and of its gradient, without running its Python code again.

A picture of 96 x 96 pixels takes thousands of small operations; on a processor their Python code and autograd's records
cost more than the arithmetic. A `TapedFunction` notes the operations of one run and of its gradient, drops those whose
results cannot change, and from then on runs the others in memory of its own, as machine code (`op_kernels`). CUDA
graphs do the same for a GPU, and PyTorch's Static Runtime for networks on a processor.

To make a tape takes .2 to .4 s of a core, which a live show spends in slices of about 15 ms (`TapedFunction.prepare`).

A function says by `pause_point` where its recording may pause. What it decides on the host becomes part of the tape.
So it must read values by `lower_bound`, `upper_bound` and `decisions` alone: where they would decide otherwise, the
function is run again instead. A function that reads a value by `float` or `item` is never taped.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable
from torch.utils._python_dispatch import TorchDispatchMode

from installation.models.op_kernels import prepare_usual
from installation.models.op_plan import Op, Plan, planned, tensors
from installation.models.sliced_call import SlicedCall

Function = Callable[[Tensor], Tensor]

NEVER = 1 << 62  # calls
FIRST = 1  # calls of a function before it is recorded: functions that take turns are not
SLICE = 500  # operations of a recording between two pauses: about 15 ms


class _Bound(NamedTuple):
    """A scalar that must not fall below `lowest`."""

    value: Tensor
    lowest: float


class _Recorder(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Notes operations, and the values that the host has seen."""

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        """Whether torch wraps each call; to do that it would import its compiler, for over a second."""
        return False

    def __init__(self, pause: Callable[[], None]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.ops: list[Op] = []
        self.bounds: list[_Bound] = []
        self.guarded = False  # while a number is read that a bound holds
        self.may_pause = False  # after any operation
        self._pause, self._next_pause = pause, SLICE

    def rest(self) -> None:
        """Pause, if the last pause is some operations ago."""
        if len(self.ops) >= self._next_pause:
            self._next_pause = len(self.ops) + SLICE
            self._pause()

    def read(self, value: Tensor, slack: float) -> float:
        """A scalar less `slack`, which becomes a bound."""
        self.guarded = True
        seen = float(value)
        self.guarded = False
        self.bounds.append(_Bound(value.detach().view(()), seen - slack))
        return seen - slack

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        result = func(*args, **kwargs)
        if self.guarded and not isinstance(result, Tensor):
            return result  # a number that `lower_bound` or `decisions` reads
        results = [result.detach()] if isinstance(result, Tensor) else [part.detach() for part in tensors(result)]
        self.ops.append(Op(func, args, kwargs, results))
        if self.may_pause:
            self.rest()
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


def pause_point() -> None:
    """A place where a recording may pause: where no lock is held, as a `functools.cached_property` holds one."""
    recorder = _this_thread.recorder
    if recorder is not None:
        recorder.rest()


def prepare_tapes() -> None:
    """Compile what most tapes need, so that the first one does not wait for it; takes half a second of a core."""
    prepare_usual()


class TapedFunction:
    """Calls a function of a tensor, with a gradient; repeats it from a tape, once that has been prepared.

    Only for one thread, a processor, and deterministic functions. The numbers of calls and slices alone decide when
    there is a tape, so that the same calls give the same results.
    """

    def __init__(self) -> None:
        self._key: object = None
        self._constants = torch.empty(0)
        self._recording: SlicedCall[_Tape | None] | None = None
        self._forget(FIRST)

    def _forget(self, wait: int) -> None:
        self._wait = self._waited = wait  # calls before the next recording; then those that it has waited for
        if self._recording is not None:
            self._recording.close()
        self._recording = None
        self._tape: _Tape | None = None

    def _take(self, constants: Tensor, key: object) -> None:
        """Forget the tape if it is that of another function."""
        if key != self._key or not torch.equal(constants, self._constants):
            self._key, self._constants = key, constants.detach().clone()
            self._forget(FIRST)

    def prepare(self, function: Function, argument: Tensor, constants: Tensor, key: object) -> bool:
        """Do a slice of what puts the function on tape; return whether to go on with that before the next call.

        A function whose tape was refused is recorded again only after some calls: twice as many each time.

        Args:
            function: Must do the same whenever key and constants are the same.
            argument: Of the next call.
            constants: Have no gradient.
            key: What else the function depends on.
        """
        self._take(constants, key)
        if self._tape is not None or self._wait > 0:
            return False
        if self._recording is None:
            start = argument.detach().clone()
            self._recording = SlicedCall(lambda pause: _recorded(function, start, pause))
        if not self._recording.advance():
            return True
        self._tape, self._recording = self._recording.result(), None
        if self._tape is None:
            self._wait = NEVER
        return False

    def __call__(self, function: Function, argument: Tensor, constants: Tensor, key: object) -> Tensor:
        """Call `function`; see `prepare`. The argument has a gradient."""
        self._take(constants, key)
        self._wait -= 1
        if self._tape is None:
            return function(argument)
        result: Tensor = _Repeated.apply(argument, self._tape)
        if self._tape.holds():
            return result
        self._forget(2 * self._waited)
        return function(argument)

    def repeat(self, argument: Tensor, constants: Tensor, key: object) -> Tensor | None:
        """The result for another argument, without gradient; None if it is not on tape.

        Neither the argument nor the constants change what is recorded.
        """
        if self._tape is None or key != self._key or not torch.equal(constants, self._constants):
            return None
        result = self._tape.forward(argument.detach())
        return result if self._tape.holds() else None


def _recorded(function: Function, argument: Tensor, pause: Callable[[], None]) -> _Tape | None:
    """Run a function and its gradient, and make a tape of the run; None if there can be none."""
    recorder = _Recorder(pause)
    leaf = argument.detach().requires_grad_(True)
    _this_thread.recorder = recorder
    with torch.enable_grad(), recorder:
        run = function(leaf)
    _this_thread.recorder = None
    recorder.may_pause = True  # in the gradient, none of the function's own code runs
    split = len(recorder.ops)
    gradient = torch.ones_like(run)
    total = (
        run * gradient
    ).sum()  # for a gradient of anything but a scalar, torch would import sympy, for half a second
    with recorder:
        (result,) = torch.autograd.grad(total, leaf)
    bounds = recorder.bounds
    outputs = [run, result, *(bound.value for bound in bounds)]
    plan = planned(recorder.ops, split, [argument, gradient], outputs, pause)
    return _Tape(plan, argument, gradient, torch.tensor([bound.lowest for bound in bounds])) if plan else None


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
