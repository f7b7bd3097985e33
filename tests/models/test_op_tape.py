"""A taped function gives what the function gives, with its gradient, and runs it again where it decides otherwise."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor

from installation.models import op_plan, op_tape
from installation.models.op_tape import TapedFunction, decisions, lower_bound, pause_point, upper_bound

Function = Callable[[Tensor], Tensor]
CALLS = 12  # after which any of these functions is on tape
NOTHING = torch.zeros(1)


def called(taped: TapedFunction, function: Function, argument: Tensor, constants: Tensor, key: object) -> Tensor:
    """A call after all slices that it needs."""
    while taped.prepare(function, argument, constants, key):
        pass
    return taped(function, argument, constants, key)


class Counted:
    """A function that counts how often its Python code runs."""

    def __init__(self, function: Function) -> None:
        self.function, self.runs = function, 0

    def __call__(self, argument: Tensor) -> Tensor:
        self.runs += 1
        return self.function(argument)


def with_gradient(function: Function, argument: Tensor) -> tuple[Tensor, Tensor]:
    """The result, and the gradient of a sum of it with weights."""
    leaf = argument.detach().clone().requires_grad_(True)
    result = function(leaf)
    weights = torch.linspace(-1, 2, result.numel()).view_as(result)
    return result.detach().clone(), torch.autograd.grad(result, leaf, weights)[0]


def points(count: int, *shape: int) -> list[Tensor]:
    random = torch.Generator().manual_seed(1)
    return [torch.rand(*shape, generator=random) for _ in range(count)]


def painted(argument: Tensor) -> Tensor:
    """Layers in boxes of one canvas, in place and out of place, with constants among them."""
    x = torch.linspace(0, 1, 12).view(1, 1, 1, -1)
    shade = torch.sin(3 * x) * 0.5 + 0.5  # a constant
    canvas = torch.zeros(1, 3, 8, 12) + shade
    for row in range(3):
        view = canvas[:, :, row : row + 4, 2:9]
        alpha = torch.sigmoid((x[..., 2:9] - argument[row]) * 5) * (1 - argument[row + 1])
        view.copy_(torch.lerp(view.clone(), shade[..., 2:9] * 0.3, alpha))
        pause_point()
    mirrored = canvas.flip(2) * argument.amax()
    kept = torch.where(argument > 0.5, argument, argument.new_zeros(())).sum()
    return torch.maximum(canvas, mirrored).clamp(0, 1) + kept + torch.stack([argument, 1 - argument]).pow(2).sum()


@pytest.mark.parametrize(
    "function",
    [
        painted,
        lambda at: torch.tanh(at)[:, None].expand(5, 3).cumsum(1),
        lambda at: at.masked_fill(torch.tensor([True, False, True, False, True]), 2.0) / (1 + at.abs()),
        lambda at: torch.cat([at[1:], at[:1]]) @ torch.arange(15.0).view(5, 3),
        lambda at: torch.zeros(7).index_add(0, torch.tensor([0, 3, 3, 6, 1]), at) + torch.ones_like(at).sum(),
        lambda at: at.clone().mul_(2).sub_(0.5).relu_(),
    ],
    ids=["painted", "views", "masked", "product", "scattered", "in place"],
)
def test_a_tape_gives_the_same_result_and_gradient_for_other_arguments(function: Function) -> None:
    taped, counted = TapedFunction(), Counted(function)
    for index, point in enumerate(points(CALLS + 8, 5)):
        result, gradient = with_gradient(lambda leaf: called(taped, counted, leaf, NOTHING, None), point)
        expected, expected_gradient = with_gradient(function, point)
        np.testing.assert_allclose(result, expected, rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(gradient, expected_gradient, rtol=1e-5, atol=1e-5)
        if index == CALLS:
            runs = counted.runs
    assert counted.runs == runs < CALLS, "the Python code runs only until it is on tape"


@pytest.mark.usefixtures("without_llvm")
@pytest.mark.filterwarnings("ignore:LLVM makes no machine code")
def test_without_llvm_a_tape_runs_the_functions_of_torch() -> None:
    taped, counted = TapedFunction(), Counted(painted)
    for argument in points(CALLS + 8, 5):
        result, gradient = with_gradient(lambda leaf: called(taped, counted, leaf, NOTHING, None), argument)
        expected, expected_gradient = with_gradient(painted, argument)
        np.testing.assert_allclose(result, expected, rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(gradient, expected_gradient, rtol=1e-5, atol=1e-5)
    assert counted.runs < CALLS


def test_other_constants_and_another_key_are_another_function() -> None:
    taped = TapedFunction()
    for factor, power in ((2.0, 1), (3.0, 1), (3.0, 2)):
        for point in points(CALLS, 4):

            def function(at: Tensor, factor: float = factor, power: int = power) -> Tensor:
                return factor * at**power

            leaf = point.requires_grad_(True)
            result = called(taped, function, leaf, torch.tensor([factor]), power)
            torch.autograd.grad(result.sum(), leaf)
            np.testing.assert_allclose(result.detach(), function(point).detach(), rtol=1e-6)


def branching(at: Tensor) -> Tensor:
    """A box that follows its argument, and a decision."""
    first = int(max(0.0, lower_bound(at.detach().amin(), 0.2) - 0.1) * 10)
    last = int(min(1.0, upper_bound(at.detach().amax(), 0.2) + 0.1) * 10) + 1
    places = torch.arange(10.0)[first:last] / 10
    near = (0.1 - (places[:, None] - at).abs()).clamp(min=0)
    return near.sum(0) if any(decisions(at.detach() > 0.9)) else 2 * near.sum(0)


def test_a_tape_is_refused_where_the_host_would_decide_otherwise() -> None:
    taped, counted = TapedFunction(), Counted(branching)
    calm, moved, high = torch.tensor([0.43, 0.52]), torch.tensor([0.07, 0.52]), torch.tensor([0.43, 0.91])

    def repeated(point: Tensor, calls: int) -> int:
        before = counted.runs
        for _ in range(calls):
            result, gradient = with_gradient(lambda leaf: called(taped, counted, leaf, NOTHING, None), point)
            expected, expected_gradient = with_gradient(branching, point)
            np.testing.assert_allclose(result, expected, atol=1e-6)
            np.testing.assert_allclose(gradient, expected_gradient, atol=1e-6)
        return counted.runs - before

    repeated(calm, CALLS)
    assert repeated(calm + 0.05, 5) == 0, "within the slack the tape holds"
    assert repeated(moved, CALLS) > 0
    assert repeated(moved, 5) == 0, "it is recorded again"
    assert repeated(high, CALLS) > 0, "the other branch"


def test_the_gradient_is_that_of_its_own_result_even_after_another_call() -> None:
    taped = TapedFunction()
    first, second = points(2, 5)
    for _ in range(CALLS):
        with_gradient(lambda leaf: called(taped, painted, leaf, NOTHING, None), first)
    leaves = [point.clone().requires_grad_(True) for point in (first, second)]
    results = [taped(painted, leaf, NOTHING, None) for leaf in leaves]
    for leaf, result in zip(leaves, results, strict=True):
        (gradient,) = torch.autograd.grad(result.sum(), leaf)
        again = leaf.detach().clone().requires_grad_(True)
        (expected,) = torch.autograd.grad(painted(again).sum(), again)
        np.testing.assert_allclose(gradient, expected, rtol=1e-5, atol=1e-5)


def test_a_function_whose_results_change_their_length_is_never_taped() -> None:
    taped, counted = TapedFunction(), Counted(lambda at: 3 * at[at > 0.5] + at.sum())
    for point in points(CALLS, 6):
        result, _ = with_gradient(lambda leaf: called(taped, counted, leaf, NOTHING, None), point)
        np.testing.assert_allclose(result, 3 * point[point > 0.5] + point.sum(), rtol=1e-6)
    assert counted.runs == CALLS + 1, "once to record it"


def test_a_function_that_reads_a_value_on_the_host_without_a_bound_is_never_taped() -> None:
    taped, counted = TapedFunction(), Counted(lambda at: at * (2.0 if float(at.detach().sum()) > 1.5 else 3.0))
    for point in points(CALLS, 3):
        result, _ = with_gradient(lambda leaf: called(taped, counted, leaf, NOTHING, None), point)
        np.testing.assert_array_equal(result, counted.function(point))
    assert counted.runs == CALLS + 1, "once to record it"


def test_a_recording_is_freed_as_soon_as_its_tape_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    alive: list[weakref.ref[object]] = []

    class Noted(op_tape._Recorder):  # type: ignore[no-untyped-call]
        def __init__(self, pause: Callable[[], None]) -> None:
            super().__init__(pause)
            alive.append(weakref.ref(self))

    monkeypatch.setattr(op_tape, "_Recorder", Noted)
    taped = TapedFunction()
    gc.disable()  # a recording holds thousands of tensors: they must not wait for the collector
    try:
        for point in points(CALLS, 5):
            with_gradient(lambda leaf: called(taped, painted, leaf, NOTHING, None), point)
        assert alive
        assert [each() for each in alive if each()] == []
    finally:
        gc.enable()


def test_what_is_on_tape_is_repeated_without_gradient_and_changes_no_gradient() -> None:
    taped, counted = TapedFunction(), Counted(branching)
    calm, other = torch.tensor([0.43, 0.52]), torch.tensor([0.44, 0.51])
    assert taped.repeat(calm, NOTHING, None) is None
    for _ in range(CALLS):
        with_gradient(lambda leaf: called(taped, counted, leaf, NOTHING, None), calm)
    leaf = calm.clone().requires_grad_(True)
    result = taped(counted, leaf, NOTHING, None)
    repeated = taped.repeat(other, NOTHING, None)
    assert repeated is not None
    torch.testing.assert_close(repeated, branching(other))
    (gradient,) = torch.autograd.grad(result, leaf, torch.ones_like(result))
    assert counted.runs < CALLS
    np.testing.assert_allclose(gradient, with_gradient_of_sum(branching, calm), atol=1e-6)
    assert taped.repeat(torch.tensor([0.43, 0.91]), NOTHING, None) is None, "it would decide otherwise"
    assert taped.repeat(other, NOTHING, "another key") is None


def with_gradient_of_sum(function: Function, argument: Tensor) -> Tensor:
    leaf = argument.detach().clone().requires_grad_(True)
    return torch.autograd.grad(function(leaf).sum(), leaf)[0]


def test_a_tape_is_prepared_in_slices_between_which_the_caller_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(op_tape, "SLICE", 7)
    monkeypatch.setattr(op_plan, "CALLS", 5)
    taped, counted = TapedFunction(), Counted(painted)
    first, other = points(2, 5)
    assert not taped.prepare(counted, first, NOTHING, None), "not before the first call"
    taped(counted, first, NOTHING, None)
    slices = 0
    while taped.prepare(counted, first, NOTHING, None):
        slices += 1
        with_gradient(painted, other)
    assert slices > 10
    result, gradient = with_gradient(lambda leaf: taped(counted, leaf, NOTHING, None), other)
    assert counted.runs == 2
    expected, expected_gradient = with_gradient(painted, other)
    np.testing.assert_allclose(result, expected, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(gradient, expected_gradient, rtol=1e-5, atol=1e-5)


def test_functions_that_take_turns_are_not_recorded() -> None:
    taped, counted = TapedFunction(), Counted(painted)
    for key in CALLS * ("one", "other"):
        argument = points(1, 5)[0]
        assert not taped.prepare(counted, argument, NOTHING, key)
        taped(counted, argument, NOTHING, key)
    assert counted.runs == 2 * CALLS


def test_a_recording_ends_where_another_function_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(op_tape, "SLICE", 5)
    threads = threading.active_count()
    taped, (argument,) = TapedFunction(), points(1, 5)
    taped(painted, argument, NOTHING, "one")
    assert taped.prepare(painted, argument, NOTHING, "one")
    assert threading.active_count() == threads + 1
    assert not taped.prepare(painted, argument, NOTHING, "other")
    assert threading.active_count() == threads
    torch.testing.assert_close(called(taped, painted, argument, NOTHING, "one"), painted(argument))


def test_what_a_function_raises_while_it_is_recorded_is_raised_where_it_is_prepared() -> None:
    def painted_once(argument: Tensor) -> Tensor:
        if torch.is_grad_enabled() and argument.requires_grad:
            raise ValueError("no gradient today")
        return argument

    taped, (argument,) = TapedFunction(), points(1, 5)
    taped(painted_once, argument, NOTHING, None)
    with pytest.raises(ValueError, match="no gradient"):
        taped.prepare(painted_once, argument, NOTHING, None)
