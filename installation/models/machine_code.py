"""Machine code for loops over tensors, made by LLVM when it is first needed, for the processor that it runs on.

A `Kernel` says what is computed for each element; `address` compiles it, once in a process, in a few milliseconds. A
program is an array of instructions, each a kernel with the places and strides of its operands, that runs without
Python in between.

An instruction is a row of 64-bit integers: the address of the kernel, the length of the row, four sizes (the innermost
last), then for each operand its address and four strides in bytes, and for each scalar its bits in double precision.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterable, Sequence
from ctypes import CFUNCTYPE, c_int64, c_void_p
from functools import cache
from typing import NamedTuple

import numpy as np

from installation.core.llvm import compiled
from installation.models.vector_code import OPERATIONS, Body, reads_truths

WIDTH = 16  # elements that a loop takes at once: two registers of AVX, one of AVX-512, four of NEON
DIMENSIONS = 4  # of an operand, at most
SIZES_AT = 2  # of an instruction
OPERANDS_AT = SIZES_AT + DIMENSIONS
OPERAND_FIELDS = 1 + DIMENSIONS


class Operand(NamedTuple):
    """How a kernel finds the elements of an operand along the innermost dimension.

    Attributes:
        boolean: One byte an element, instead of float32.
        stride: "1": neighbours; "0": always the same; "s": any other distance.
    """

    boolean: bool
    stride: str


class Kernel(NamedTuple):
    """What is computed for each element.

    Attributes:
        operation: A name in `OPERATIONS`.
        operands: The result first.
        scalars: How many.
        reduction: "": the result is stored; "add", "max", "min": it is combined with what is there.
    """

    operation: str
    operands: tuple[Operand, ...]
    scalars: int
    reduction: str


class Program:
    """Instructions that run one after another."""

    def __init__(self, rows: Sequence[Sequence[int]], kept_alive: object) -> None:
        """`rows` are instructions; `kept_alive` owns the memory of their operands."""
        self._count = len(rows)
        self._fields = np.array([field for row in rows for field in row], np.int64)
        self._place = self._fields.ctypes.data
        self._kept_alive = kept_alive
        self._run = _runner()

    def __call__(self) -> None:
        """Run all of them."""
        self._run(self._place, self._count)


_compiled: dict[Kernel, int] = {}  # addresses
_compiling = threading.RLock()  # guards the addresses


def address(kernel: Kernel) -> int:
    """The address of a kernel's machine code."""
    if kernel not in _compiled:
        prepare([kernel])
    return _compiled[kernel]


def prepare(kernels: Iterable[Kernel]) -> None:
    """Compile kernels together; other threads go on meanwhile, except those that need a kernel too."""
    with _compiling:
        names = {kernel: f"kernel_{len(_compiled) + number}" for number, kernel in enumerate(_missing(kernels))}
        if names:
            found = compiled([_Writer(kernel, name).text() for kernel, name in names.items()], list(names.values()))
            _compiled.update(zip(names, found, strict=True))


def _missing(kernels: Iterable[Kernel]) -> list[Kernel]:
    return [kernel for kernel in dict.fromkeys(kernels) if kernel not in _compiled]


@cache
def _runner() -> Callable[[int, int], None]:
    return CFUNCTYPE(None, c_void_p, c_int64)(compiled([_RUNNER], ["run"])[0])


class _Writer:
    """Writes one kernel: four nested loops, the innermost over vectors."""

    def __init__(self, kernel: Kernel, name: str) -> None:
        self._kernel, self._name = kernel, name
        self._strided = any(operand.stride == "s" for operand in kernel.operands)
        self._body = Body(1 if self._strided else WIDTH)
        self._horizontal = bool(kernel.reduction) and kernel.operands[0].stride == "0"

    def text(self) -> str:
        """The whole function in LLVM's language."""
        self._entry()
        for depth in range(DIMENSIONS - 1):
            self._head(depth)
        self._innermost()
        for depth in reversed(range(DIMENSIONS - 1)):
            self._tail(depth)
        lines = "\n".join(self._body.lines)
        return f"{self._body.declarations()}\ndefine void @{self._name}(ptr %row) {{\n{lines}\nret void\n}}"

    def _field(self, kind: str, name: str, place: int) -> None:
        self._body.lines += [
            f"%at_{name} = getelementptr i64, ptr %row, i64 {place}",
            f"%{name} = load {kind}, ptr %at_{name}",
        ]

    def _entry(self) -> None:
        self._body.lines.append("entry:")
        for depth in range(DIMENSIONS):
            self._field("i64", f"n{depth}", SIZES_AT + depth)
        for number in range(len(self._kernel.operands)):
            place = OPERANDS_AT + number * OPERAND_FIELDS
            self._field("ptr", f"p{number}_0", place)
            for depth in range(DIMENSIONS):
                self._field("i64", f"s{number}_{depth}", place + 1 + depth)
        place = OPERANDS_AT + len(self._kernel.operands) * OPERAND_FIELDS
        for number in range(self._kernel.scalars):
            self._field("double", f"wide{number}", place + number)
            self._body.lines.append(f"%scalar{number} = fptrunc double %wide{number} to float")
            self._body.splat(f"%scalar{number}", "float", f"%c{number}")
        self._body.lines.append("br label %head0")

    def _head(self, depth: int) -> None:
        """The beginning of a loop: where the operands are in its turn."""
        before = "entry" if depth == 0 else f"head{depth - 1}"
        self._body.lines += [
            f"head{depth}:",
            f"%i{depth} = phi i64 [ 0, %{before} ], [ %i{depth}_next, %tail{depth} ]",
        ]
        for number in range(len(self._kernel.operands)):
            self._body.lines += [
                f"%o{number}_{depth} = mul i64 %i{depth}, %s{number}_{depth}",
                f"%p{number}_{depth + 1} = getelementptr i8, ptr %p{number}_{depth}, i64 %o{number}_{depth}",
            ]
        if depth < DIMENSIONS - 2:
            self._body.lines.append(f"br label %head{depth + 1}")

    def _tail(self, depth: int) -> None:
        after = f"tail{depth - 1}" if depth else "end"
        self._body.lines += [
            *([] if depth == DIMENSIONS - 2 else [f"tail{depth}:"]),
            f"%i{depth}_next = add i64 %i{depth}, 1",
            f"%again{depth} = icmp slt i64 %i{depth}_next, %n{depth}",
            f"br i1 %again{depth}, label %head{depth}, label %{after}",
            *([] if depth else ["end:"]),
        ]

    def _innermost(self) -> None:
        body, last = self._body, DIMENSIONS - 1
        constants = {}
        for number, operand in list(enumerate(self._kernel.operands))[1:]:
            if operand.stride == "0":
                constants[number] = body.broadcast(operand.boolean, f"%p{number}_{last}")
        identity = body.constant({"add": 0.0, "max": -math.inf, "min": math.inf}.get(self._kernel.reduction, 0.0))
        before = f"head{last - 1}"
        body.lines += [
            f"%full = and i64 %n{last}, {-body.width}",
            "%any = icmp sgt i64 %full, 0",
            "br i1 %any, label %loop, label %rest",
            "loop:",
            f"%i = phi i64 [ 0, %{before} ], [ %i_next, %loop ]",
        ]
        if self._horizontal:
            body.lines.append(f"%sum = phi {body.floats} [ {identity}, %{before} ], [ %sum_loop, %loop ]")
        self._element("%i", constants, "%sum", "%sum_loop", None)
        body.lines += [
            f"%i_next = add i64 %i, {body.width}",
            "%more = icmp slt i64 %i_next, %full",
            "br i1 %more, label %loop, label %rest",
            "rest:",
        ]
        if self._horizontal:
            body.lines.append(f"%sum_rest = phi {body.floats} [ {identity}, %{before} ], [ %sum_loop, %loop ]")
        result = "%sum_rest"
        if body.width > 1:
            self._masked(constants)
            result = "%sum_all"
        else:
            body.lines += [f"br label %tail{last - 1}", f"tail{last - 1}:"]
        if self._horizontal:
            self._reduce(result)

    def _masked(self, constants: dict[int, str]) -> None:
        """The last, shorter vector, if there is one."""
        body, last = self._body, DIMENSIONS - 1
        body.lines += [
            f"%left = sub i64 %n{last}, %full",
            "%has_left = icmp sgt i64 %left, 0",
            f"br i1 %has_left, label %masked, label %tail{last - 1}",
            "masked:",
            "%left_short = trunc i64 %left to i32",
        ]
        body.splat("%left_short", "i32", "%left_all")
        lanes = ", ".join(f"i32 {lane}" for lane in range(body.width))
        body.lines.append(f"%mask = icmp ult {body.integers} <{lanes}>, %left_all")
        self._element("%full", constants, "%sum_rest", "%sum_masked", "%mask")
        body.lines += [f"br label %tail{last - 1}", f"tail{last - 1}:"]
        if self._horizontal:
            body.lines.append(f"%sum_all = phi {body.floats} [ %sum_rest, %rest ], [ %sum_masked, %masked ]")

    def _element(self, index: str, constants: dict[int, str], before: str, after: str, mask: str | None) -> None:
        """One vector: load, compute, store; or combine `before` to `after`."""
        body, kernel, last = self._body, self._kernel, DIMENSIONS - 1
        places = {}
        for number, operand in enumerate(kernel.operands):
            if operand.stride == "s":
                offset = body.new(f"mul i64 {index}, %s{number}_{last}")
                places[number] = body.new(f"getelementptr i8, ptr %p{number}_{last}, i64 {offset}")
            elif operand.stride == "1":
                kind = "i8" if operand.boolean else "float"
                places[number] = body.new(f"getelementptr {kind}, ptr %p{number}_{last}, i64 {index}")
        inputs = []
        for number, operand in list(enumerate(kernel.operands))[1:]:
            known = constants.get(number)
            loaded = known or body.load(operand.boolean, places[number], mask)
            truths = reads_truths(kernel.operation, number - 1, kernel.operands[0].boolean)
            inputs.append(body.as_floats(loaded) if operand.boolean and not truths else loaded)
        value = OPERATIONS[kernel.operation](body, *inputs, *(f"%c{number}" for number in range(kernel.scalars)))
        if kernel.reduction and not self._horizontal:
            value = body.combine(kernel.reduction, body.load(False, places[0], mask), value)
        if not self._horizontal:
            body.store(kernel.operands[0].boolean, places[0], value, mask)
            return
        value = body.combine(kernel.reduction, before, value)
        if mask:
            value = body.choose(mask, value, before)
        body.lines.append(f"{after} = bitcast {body.floats} {value} to {body.floats}")

    def _reduce(self, vector: str) -> None:
        """Combine the lanes of a vector with the result in memory."""
        body, place = self._body, f"%p0_{DIMENSIONS - 1}"
        lanes = body.across(self._kernel.reduction, vector)
        body.lines.append(f"%known = load float, ptr {place}")
        total = body.combine(self._kernel.reduction, "%known", lanes, "float")
        body.lines.append(f"store float {total}, ptr {place}")


_RUNNER = """
define void @run(ptr %program, i64 %count) {
entry:
  br label %loop
loop:
  %row = phi ptr [ %program, %entry ], [ %next, %loop ]
  %left = phi i64 [ %count, %entry ], [ %fewer, %loop ]
  %kernel = load ptr, ptr %row
  call void %kernel(ptr %row)
  %length_at = getelementptr i64, ptr %row, i64 1
  %length = load i64, ptr %length_at
  %next = getelementptr i64, ptr %row, i64 %length
  %fewer = add i64 %left, -1
  %more = icmp sgt i64 %fewer, 0
  br i1 %more, label %loop, label %done
done:
  ret void
}
"""
