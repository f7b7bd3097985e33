"""Operations of a tape as instructions of machine code (see `machine_code`): elementwise ones, copies and sums.

An operation that is not among them, or whose tensors have other types or more dimensions, is left to torch.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import torch
from torch import Tensor

from installation.core.llvm import is_available
from installation.models.machine_code import DIMENSIONS, Kernel, Operand, Program, address, prepare
from installation.models.vector_code import COMPARISONS, LOGICAL, reads_truths

Number = int | float
_TYPES = (torch.float32, torch.bool)
_FLOAT = 4  # bytes


class Instruction(NamedTuple):
    """A kernel with its operands.

    Attributes:
        row: As `machine_code` describes it.
        tensors: Own the memory of the operands.
    """

    row: list[int]
    tensors: list[Tensor]


_UNARY = "abs cos exp floor log neg reciprocal sgn sigmoid sin sqrt tanh logical_not"
_BINARY = "div maximum minimum mul eq ne lt le gt ge logical_and logical_or"
_SAME = frozenset((*_UNARY.split(), *_BINARY.split(), "sigmoid_backward", "tanh_backward", "where"))
_COPIES = frozenset(("clone", "copy", "_to_copy"))
_FILLED = {"zeros": 0.0, "zeros_like": 0.0, "new_zeros": 0.0, "zero": 0.0, "ones_like": 1.0}
_POWERS = {2: "square", 3: "cube", 4: "fourth", 0.5: "sqrt", -1: "reciprocal", 1: "copy"}
_USUAL = {  # the kernels of most tapes: strides as in `Operand`, the result first, "b" for truths
    "abs cos exp floor log neg reciprocal sgn sigmoid sin sqrt square tanh": "10 11",
    "add div mul sub maximum minimum rsub": "100 101 110 111",
    "sigmoid_backward tanh_backward": "100 111",
    "eq gt lt": "b100 b110 b111",
    "eq logical_and": "b1b1b1",
    "logical_and": "b1b0b0",
    "where": "1b000 1b100 1b101 1b110 1b111",
    "masked_fill": "10b00 11b10",
    "lerp": "1000 1001 1100 1101 1110 1111",
    "cube": "11",
    "copy": "10 11 1b0 1b1 1s s1",
    "mul": "11b1 11s 1s0",
}
_USUAL_SCALED = {"addcmul": "1010 1101 1111"}  # with a scalar
_USUAL_REDUCTIONS = {"add": "01 11", "max": "00 01 11", "min": "00 01 11"}
_REDUCTIONS = {"sum": ("add", 0.0), "amax": ("max", float("-inf")), "amin": ("min", float("inf"))}


def instructions(
    name: str, args: Sequence[Any], kwargs: dict[str, Any], results: Sequence[Tensor]
) -> list[Instruction] | None:
    """What an operation comes to; None if torch has to do it.

    Args:
        name: Of the operator, such as "mul"; with "_" at its end, it writes into its first argument.
        args: Of the operator, in the memory that they have when it is run.
        kwargs: Likewise.
        results: Likewise.
    """
    if name.endswith("_"):
        name, results = name[:-1], args[:1]
        args = args[1:] if name == "copy" else args
    if len(results) != 1 or not is_available():
        return None
    try:
        return _Translation(results[0]).of(name, args, kwargs)
    except _LeftToTorchError:
        return None


def prepare_usual() -> None:
    """Compile what most tapes need, in half a second of a core, so that the first of them does not wait."""
    if not is_available():
        return
    prepare(
        [
            *(Kernel(name, _operands(text), 0, "") for name, text in _pairs(_USUAL)),
            *(Kernel(name, _operands(text), 1, "") for name, text in _pairs(_USUAL_SCALED)),
            *(Kernel("copy", _operands(text), 0, name) for name, text in _pairs(_USUAL_REDUCTIONS)),
        ]
    )


def _pairs(table: dict[str, str]) -> Iterator[tuple[str, str]]:
    return ((name, text) for names, texts in table.items() for name in names.split() for text in texts.split())


def _operands(text: str) -> tuple[Operand, ...]:
    return tuple(Operand(bool(truths), stride) for truths, stride in re.findall("(b?)(.)", text))


def program(parts: Sequence[Instruction]) -> Program:
    """Instructions that run one after another."""
    return Program([part.row for part in parts], [part.tensors for part in parts])


class _LeftToTorchError(Exception):
    """There are no instructions for an operation."""


class _Translation:
    """Of one operation."""

    def __init__(self, out: Tensor) -> None:
        self._out = out
        self._made: list[Instruction] = []

    def of(self, name: str, args: Sequence[Any], kwargs: dict[str, Any]) -> list[Instruction]:
        """The instructions of an operation."""
        if set(kwargs) - {"alpha", "value", "dtype", "layout", "device", "pin_memory", "non_blocking", "memory_format"}:
            raise _LeftToTorchError
        if name in _FILLED:
            self._fill(self._out, _FILLED[name])
        elif name in ("full_like", "fill"):
            self._fill(self._out, args[1])
        elif name in ("slice_backward", "select_backward"):
            self._fill(self._out, 0.0)
            where = torch.ops.aten.slice.Tensor if name == "slice_backward" else torch.select
            self._copy(args[0], where(self._out, *args[2:]))
        elif name in ("cat", "stack"):
            self._join(name, *args)
        elif name in _COPIES:
            self._copy(args[0], self._out)
        elif name in _REDUCTIONS:
            self._reduce(name, *args)
        elif name == "mean":
            self._reduce("sum", *args)
            self._element("mul", self._out, self._out.numel() / args[0].numel())
        elif name in ("add", "sub"):
            self._sum(name, args[0], args[1], kwargs.get("alpha", args[2] if len(args) > 2 else 1))
        elif name == "rsub" and len(args) == 2 and not kwargs:
            self._element("rsub", *args)
        elif name == "pow" and args[1] in _POWERS:
            self._element(_POWERS[args[1]], args[0])
        elif name == "clamp":
            self._clamp(*args)
        elif name == "lerp":
            self._element("lerp", *args)
        elif name == "addcmul":
            self._element("addcmul", *args, scalars=(float(kwargs.get("value", 1)),))
        elif name == "masked_fill":
            self._element("masked_fill", *args)
        elif name in _SAME and not kwargs:
            self._element(name, *args)
        else:
            raise _LeftToTorchError
        return self._made

    def _fill(self, out: Tensor, value: Any) -> None:
        if out.dtype != torch.float32:
            raise _LeftToTorchError
        self._made.append(_instruction("copy", out, [_number(value)], (), ""))

    def _copy(self, source: Tensor, out: Tensor) -> None:
        self._made.append(_instruction("copy", out, [source], (), ""))

    def _join(self, name: str, parts: Sequence[Tensor], dim: int = 0) -> None:
        if name == "stack":
            parts = [part.unsqueeze(dim) for part in parts]
        start = 0
        for part in parts:
            self._copy(part, self._out.narrow(dim, start, part.shape[dim]))
            start += part.shape[dim]

    def _sum(self, name: str, a: Any, b: Any, factor: Number) -> None:
        if factor == 1:
            self._element(name, a, b)
        elif isinstance(b, Tensor):
            self._element(f"{name}_scaled", a, b, scalars=(float(factor),))
        else:
            raise _LeftToTorchError

    def _clamp(self, source: Tensor, low: Any = None, high: Any = None) -> None:
        if low is not None:
            self._element("maximum", source, low)
            source = self._out
        if high is not None:
            self._element("minimum", source, high)

    def _reduce(self, name: str, source: Tensor, dims: Any = None, keep: bool = False) -> None:
        how, identity = _REDUCTIONS[name]
        dims = [dims] if isinstance(dims, int) else dims or range(source.dim())
        dims = sorted({dim % source.dim() for dim in dims} if source.dim() else ())
        out = self._out
        if not keep:
            for dim in dims:
                out = out.unsqueeze(dim)
        if out.dim() != source.dim():
            raise _LeftToTorchError
        self._made.append(_instruction("copy", out, [_constant(identity)], (), ""))
        self._made.append(_instruction("copy", out, [source], (), how))

    def _element(self, operation: str, *operands: Any, scalars: Sequence[float] = ()) -> None:
        """An operation for each element; numbers become tensors."""
        tensors = [part if isinstance(part, Tensor) else _number(part) for part in operands]
        self._made.append(_instruction(operation, self._out, tensors, scalars, ""))


def _number(value: Any) -> Tensor:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise _LeftToTorchError
    return _constant(float(value))


@lru_cache(maxsize=1024)
def _constant(value: float) -> Tensor:
    return torch.tensor(value)


def _instruction(
    operation: str, out: Tensor, inputs: Sequence[Tensor], scalars: Sequence[float], reduction: str
) -> Instruction:
    tensors = [out, *inputs]
    if any(tensor.dtype not in _TYPES or not tensor.numel() for tensor in tensors):
        raise _LeftToTorchError  # a kernel takes at least one element
    _check_types(operation, out, inputs)
    shape = inputs[0].shape if reduction else out.shape
    sizes, strides = _flat(shape, tensors) or _loops(shape, [_broadcast(tensor, shape) for tensor in tensors])
    kinds: list[Operand] = []
    row, innermost = [0, 0, *sizes], sizes[-1]
    for tensor, (first, second, third, last) in zip(tensors, strides, strict=True):
        boolean = tensor.dtype == torch.bool
        size = 1 if boolean else _FLOAT
        row += [tensor.data_ptr(), first * size, second * size, third * size, last * size]
        kinds.append(_operand(boolean, _stride_kind(innermost, last, written=not kinds and not reduction)))
    row[0] = address(Kernel(operation, tuple(kinds), len(scalars), reduction))
    row += [struct.unpack("<q", struct.pack("<d", scalar))[0] for scalar in scalars]
    row[1] = len(row)
    return Instruction(row, tensors)


_operand = lru_cache(maxsize=None)(Operand)


def _check_types(operation: str, out: Tensor, inputs: Sequence[Tensor]) -> None:
    """Leave what mixes floats and truths in an unusual way to torch."""
    truths = out.dtype == torch.bool
    if operation != "copy" and truths != (operation in COMPARISONS or operation in LOGICAL):
        raise _LeftToTorchError
    for place, tensor in enumerate(inputs):
        if tensor.dtype != torch.bool and reads_truths(operation, place, truths):
            raise _LeftToTorchError


def _stride_kind(size: int, stride: int, written: bool) -> str:
    if stride == 1 or (size == 1 and written):
        return "1"
    return "0" if stride == 0 or size == 1 else "s"


def _flat(shape: torch.Size, tensors: Sequence[Tensor]) -> tuple[list[int], list[list[int]]] | None:
    """What `_loops` returns, sooner, for single elements and tensors of one shape without gaps; None for others."""
    strides = []
    for tensor in tensors:
        if tensor.shape == shape and tensor.is_contiguous():
            strides.append([0, 0, 0, 1])
        elif tensor.numel() == 1:
            strides.append([0, 0, 0, 0])
        else:
            return None
    return [1, 1, 1, shape.numel()], strides


def _broadcast(tensor: Tensor, shape: Sequence[int]) -> list[int]:
    """The strides of a tensor that is repeated to a shape."""
    missing = len(shape) - tensor.dim()
    if missing < 0:
        raise _LeftToTorchError
    strides = [0] * missing
    for size, stride, wanted in zip(tensor.shape, tensor.stride(), shape[missing:], strict=True):
        if size != wanted and size != 1:
            raise _LeftToTorchError
        strides.append(stride if size == wanted else 0)
    return strides


def _loops(shape: Sequence[int], strides: Sequence[Sequence[int]]) -> tuple[list[int], list[list[int]]]:
    """The same elements with as few dimensions as possible: four sizes, and four strides for each operand."""
    sizes: list[int] = []
    steps: list[list[int]] = [[] for _ in strides]
    for dim, size in enumerate(shape):
        if size == 1:
            continue
        here = [stride[dim] for stride in strides]
        if sizes and all(before[-1] == step * size for before, step in zip(steps, here, strict=True)):
            sizes[-1] *= size
            for before, step in zip(steps, here, strict=True):
                before[-1] = step
        else:
            sizes.append(size)
            for before, step in zip(steps, here, strict=True):
                before.append(step)
    missing = DIMENSIONS - len(sizes)
    if missing < 0:
        raise _LeftToTorchError
    return [1] * missing + sizes, [[0] * missing + each for each in steps]
