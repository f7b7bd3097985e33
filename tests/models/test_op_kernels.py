"""Instructions give what torch gives, for every operation, layout and length; what they cannot do is left to torch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

from installation.models.op_kernels import instructions, prepare_usual, program

LENGTHS = (1, 2, 15, 16, 17, 40, 61)  # of vectors: whole ones, shorter ones, both


def run(name: str, args: list[Any], out: Tensor, **kwargs: Any) -> Tensor:
    """The result of the instructions of an operation."""
    made = instructions(name, args, kwargs, [out])
    assert made is not None, f"{name} has no instructions"
    program(made)()
    return out


def assert_same(name: str, args: list[Any], expected: Tensor, **kwargs: Any) -> None:
    out = torch.full_like(expected, 7)
    torch.testing.assert_close(run(name, args, out, **kwargs), expected, rtol=2e-6, atol=2e-6, equal_nan=True)


def normal(*shape: int, seed: int = 1) -> Tensor:
    return 4 * torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def layouts(length: int) -> list[tuple[Tensor, Tensor]]:
    """Pairs that can be combined: whole ones, parts of rows, repeated, transposed and single elements."""
    whole, other = normal(1, 3, 5, length), normal(1, 3, 5, length, seed=2)
    wide = normal(1, 3, 9, length + 6, seed=3)[:, :, 2:7, 3 : 3 + length]
    turned = normal(1, 3, length, 5, seed=4).transpose(2, 3)
    return [
        (whole, other),
        (wide, other),
        (whole, wide[:, :1]),
        (whole[:, :, :1], wide[..., :1]),
        (wide[..., :1], whole),
        (turned, whole),
        (turned, turned[:, :, :1]),
        (whole, normal(1, 3, 1, 1, seed=5)),
        (whole, torch.tensor(1.5)),
    ]


@pytest.mark.parametrize("name", ["add", "sub", "mul", "div", "maximum", "minimum", "eq", "ne", "lt", "le", "gt", "ge"])
def test_two_tensors_of_any_layout(name: str) -> None:
    for length in LENGTHS:
        for a, b in layouts(length):
            assert_same(name, [a, b], getattr(torch, name)(a, b))


UNARY = ["abs", "cos", "exp", "floor", "log", "neg", "reciprocal", "sgn", "sigmoid", "sin", "sqrt", "tanh"]


@pytest.mark.parametrize("name", UNARY)
def test_functions_are_as_exact_as_torch(name: str) -> None:
    function: Callable[[Tensor], Tensor] = getattr(torch, name)
    for length in LENGTHS:
        values = normal(3, length)
        assert_same(name, [values], function(values))
    far = torch.linspace(-80, 80, 4001)
    assert_same(name, [far], function(far))
    if name in ("sin", "cos"):
        angles = torch.linspace(-3000, 3000, 4001)
        torch.testing.assert_close(run(name, [angles], angles.clone()), function(angles), rtol=0, atol=2e-6)


def test_limits_are_kept() -> None:
    extreme = torch.tensor([0.0, -0.0, 200.0, -200.0, 1e-30])
    assert_same("sigmoid", [extreme], torch.sigmoid(extreme))
    assert_same("tanh", [extreme], torch.tanh(extreme))
    assert_same("log", [extreme.abs()], torch.log(extreme.abs()))
    low = run("exp", [torch.tensor([-200.0])], torch.ones(1))
    assert 0 <= float(low) < 1e-37


def test_numbers_factors_and_powers() -> None:
    a, b = normal(2, 19), normal(2, 19, seed=2)
    assert_same("mul", [a, 2.5], a * 2.5)
    assert_same("rsub", [a, 1], 1 - a)
    assert_same("add", [a, b], a + 3 * b, alpha=3)
    assert_same("sub", [a, b, 2], a - 2 * b)
    assert_same("addcmul", [a, b, a], a + 0.5 * b * a, value=0.5)
    assert_same("lerp", [a, b, a.sigmoid()], torch.lerp(a, b, a.sigmoid()))
    assert_same("clamp", [a, -1, 2], a.clamp(-1, 2))
    assert_same("clamp", [a, None, 2], a.clamp(max=2))
    for power in (1, 2, 3, 4, -1):
        torch.testing.assert_close(run("pow", [a, power], a.clone()), a**power, rtol=1e-5, atol=1e-5)


def test_masks() -> None:
    for length in LENGTHS:
        a, b = normal(2, length), normal(2, 1, seed=2)
        mask = a > 0
        assert_same("where", [mask, a, b], torch.where(mask, a, b))
        assert_same("masked_fill", [a, mask, 7.0], a.masked_fill(mask, 7.0))
        assert_same("mul", [a, mask], a * mask)
        assert_same("logical_and", [mask, b > 0], mask & (b > 0))
        assert_same("logical_not", [mask], ~mask)
        assert_same("_to_copy", [mask], mask.float(), dtype=torch.float32)
        assert_same("clone", [mask], mask)


@pytest.mark.parametrize("dims", [[0], [1], [2], [3], [2, 3], [1, 3], [0, 1, 2, 3], []])
def test_sums_and_extremes(dims: list[int]) -> None:
    for values in (normal(2, 3, 5, 37), normal(2, 3, 37, 5).transpose(2, 3), normal(2, 3, 9, 60)[:, :, 1:6, 7:44]):
        for keep in (True, False):
            total = values.sum(dims, keepdim=keep)
            out = run("sum", [values, dims, keep], torch.empty_like(total))
            torch.testing.assert_close(out, total, rtol=1e-5, atol=1e-4)
            mean = values.mean(dims, keepdim=keep)
            out = run("mean", [values, dims, keep], torch.empty_like(mean))
            torch.testing.assert_close(out, mean, rtol=1e-5, atol=1e-5)
            assert_same("amax", [values, dims, keep], values.amax(dims, keepdim=keep))
            assert_same("amin", [values, dims, keep], values.amin(dims, keepdim=keep))


def test_copies_joins_and_gradients_of_views() -> None:
    a, b = normal(2, 3, 17), normal(2, 5, 17, seed=2)
    assert_same("cat", [[a, b], 1], torch.cat([a, b], 1))
    assert_same("stack", [[a, a + 1], 2], torch.stack([a, a + 1], 2))
    assert_same("slice_backward", [a, [2, 9, 17], 1, 2, 8, 2], torch.ops.aten.slice_backward(a, [2, 9, 17], 1, 2, 8, 2))
    assert_same(
        "select_backward", [a[:, 0], [2, 3, 17], 1, 2], torch.ops.aten.select_backward(a[:, 0], [2, 3, 17], 1, 2)
    )
    canvas = torch.zeros(2, 8, 30)
    made = instructions("copy_", [canvas[:, 2:5, 4:21], a], {}, [])
    assert made is not None
    program(made)()
    assert torch.equal(canvas[:, 2:5, 4:21], a)
    assert float(canvas.abs().sum()) == pytest.approx(float(a.abs().sum()), rel=1e-5)


def test_a_result_may_replace_its_argument() -> None:
    values = normal(3, 37)
    expected = (values * 2 - 0.5).clamp(min=0)
    for name, argument in (("mul_", 2.0), ("sub_", 0.5), ("clamp_", 0)):
        made = instructions(name, [values, argument], {}, [values])
        assert made is not None
        program(made)()
    torch.testing.assert_close(values, expected)


def test_what_is_not_known_is_left_to_torch() -> None:
    floats, whole = normal(4, 4), torch.arange(16).view(4, 4)
    five = normal(2, 3, 2, 3, 2)
    crooked = five.permute(4, 2, 0, 3, 1)
    for name, args, kwargs, out in (
        ("cumsum", [floats, 1], {}, floats),
        ("add", [whole, whole], {}, whole),
        ("add", [floats, whole], {}, floats),
        ("div", [floats, floats], {"rounding_mode": "floor"}, floats),
        ("pow", [floats, 2.3], {}, floats),
        ("pow", [floats, floats], {}, floats),
        ("add", [crooked, five.permute(0, 4, 2, 1, 3).reshape(crooked.shape)], {}, torch.empty(crooked.shape)),
        ("where", [floats, floats, floats], {}, floats),
        ("sum", [torch.empty(4, 0, 4), [1]], {}, floats),
        ("mean", [torch.empty(4, 0, 4), [1]], {}, floats),
        ("cat", [[floats, torch.empty(4, 0)], 1], {}, floats),
    ):
        assert instructions(name, args, kwargs, [out]) is None, name


def test_the_usual_kernels_can_be_compiled_together() -> None:
    prepare_usual()
    assert_same("mul", [normal(3, 5), 2.0], normal(3, 5) * 2)
