"""Which operations of a recorded run have to be run again, in which memory, and by which calls."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from typing import Any, NamedTuple

import torch
from torch import Tensor

from installation.models.op_kernels import Instruction, instructions, program

Call = Callable[[], object]
Key = int  # of a storage, which the recorded tensors keep alive

SLICE = 3000  # operations between two pauses of `planned`, about 15 ms
CALLS = 350  # likewise, while their calls are made

_DIRECT = frozenset(("bmm", "gather", "index_select"))  # functions of torch with `out`, that take the same arguments
_RESHAPING = ("squeeze_", "unsqueeze_", "t_", "transpose_", "detach_")
_SELECTING = ("nonzero", "masked_select", "index", "index_put")  # with a mask, results of any length


class Op(NamedTuple):
    """An operation as it was run."""

    function: Any  # torch._ops.OpOverload
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    results: list[Tensor]  # aliases, so that later changes of a tensor's shape do not matter


class Plan(NamedTuple):
    """The calls that compute what a run has computed, from other inputs.

    Attributes:
        first: Those of the operations before the split.
        second: Those after it.
        outputs: The wanted tensors, in the memory that the calls use.
    """

    first: list[Call]
    second: list[Call]
    outputs: list[Tensor]


def planned(
    ops: Sequence[Op], split: int, inputs: Sequence[Tensor], outputs: Sequence[Tensor], pause: Callable[[], None]
) -> Plan | None:
    """Plan the run of `ops` again.

    None if a result could then have another length, or if the host has read a value that varies.

    An operation is left out if its result depends on no input, if no output depends on it, or if it only allocates or
    views memory: tensors keep their memory, so views do as well.

    Args:
        ops: All operations of the run. The memory of their tensors must not have been used for anything else.
        split: Where the first calls end.
        inputs: Tensors whose contents the caller writes before a run.
        outputs: Tensors that the caller reads after a run.
        pause: Is called now and then.
    """
    accesses = []
    for index, op in enumerate(ops):
        accesses.append(_access(op))
        if index % SLICE == SLICE - 1:
            pause()
    fixed = {_key(tensor) for tensor in (*inputs, *outputs)}
    varying = _varying(accesses, {_key(tensor) for tensor in inputs})
    live = _live(ops, accesses, varying, {_key(tensor) for tensor in outputs})
    if any(_selects_by(ops[index], varying) for index in live) or _read_by_host(ops, accesses, varying):
        return None
    pause()
    memory = _Memory([ops[index] for index in live], varying - fixed)
    pause()
    calls = _Calls(), _Calls()
    for place, index in enumerate(live):
        calls[index >= split].add(ops[index], memory.own)
        if place % CALLS == CALLS - 1:
            pause()
    first, second = (each.finished() for each in calls)
    return Plan(first, second, [memory.own(tensor) for tensor in outputs])


class _Calls:
    """The calls of operations: one for each row of neighbours that have instructions, and those of torch between."""

    def __init__(self) -> None:
        self._calls: list[Call] = []
        self._instructions: list[Instruction] = []

    def add(self, op: Op, own: Callable[[Any], Any]) -> None:
        """Add those of an operation."""
        kwargs = {name: own(part) for name, part in op.kwargs.items()}
        made = instructions(_name(op.function), own(op.args), kwargs, own(op.results))
        if made is None:
            self.finished().append(_call(op, own))
        else:
            self._instructions += made

    def finished(self) -> list[Call]:
        """All calls so far."""
        if self._instructions:
            self._calls.append(program(self._instructions))
            self._instructions = []
        return self._calls


class _Access(NamedTuple):
    reads: frozenset[Key]
    writes: frozenset[Key]  # of arguments that are changed, and of results in memory of their own


def _access(op: Op) -> _Access:
    reads = frozenset(map(_key, _inputs(op)))
    changed = {_key(op.args[place]) for place in _changed_arguments(op.function)}
    return _Access(reads, frozenset(changed.union(set(map(_key, op.results)) - reads)))


def _varying(accesses: Sequence[_Access], inputs: set[Key]) -> set[Key]:
    """The storages whose contents depend on the inputs at some time."""
    varying, before = set(inputs), 0
    while len(varying) > before:  # until nothing is added: a storage may be written before it varies
        before = len(varying)
        for access in accesses:
            if not (varying.isdisjoint(access.reads) and varying.isdisjoint(access.writes)):
                varying |= access.writes
    return varying


def _live(ops: Sequence[Op], accesses: Sequence[_Access], varying: set[Key], outputs: set[Key]) -> list[int]:
    """The numbers of the operations to run again."""
    needed, live = set(outputs), []
    for index in range(len(ops) - 1, -1, -1):
        written = accesses[index].writes
        name = _name(ops[index].function)
        if written.isdisjoint(needed) or written.isdisjoint(varying) or "empty" in name or name in _RESHAPING:
            continue
        needed |= accesses[index].reads
        live.append(index)
    return live[::-1]


def _selects_by(op: Op, varying: set[Key]) -> bool:
    """Whether the length of the result depends on storages that vary."""
    masks = (part for part in tensors(op.args) if part.dtype in (torch.bool, torch.uint8))
    return _name(op.function) in _SELECTING and any(_key(mask) in varying for mask in masks)


def _read_by_host(ops: Sequence[Op], accesses: Sequence[_Access], varying: set[Key]) -> bool:
    """Whether a number that varies has become a Python number."""
    pairs = zip(ops, accesses, strict=True)
    return any(_name(op.function) == "_local_scalar_dense" and access.reads & varying for op, access in pairs)


class _Memory:
    """Memory of storages, which they share where one is needed only after another."""

    def __init__(self, ops: Sequence[Op], storages: set[Key]) -> None:
        first: dict[Key, int] = {}
        last: dict[Key, int] = {}
        recorded: dict[Key, torch.UntypedStorage] = {}
        for number, op in enumerate(ops):
            for tensor in (*_inputs(op), *op.results):
                if (key := _key(tensor)) in storages:
                    first.setdefault(key, number)
                    last[key] = number
                    recorded[key] = tensor.untyped_storage()
        begin, end = defaultdict(list), defaultdict(list)
        for key, number in first.items():
            begin[number].append(key)
            end[last[key]].append(key)
        self._own: dict[Key, torch.UntypedStorage] = {}
        self._views: dict[tuple[Any, ...], Tensor] = {}
        free: dict[int, list[torch.UntypedStorage]] = defaultdict(list)
        for number in range(len(ops)):
            for key in begin[number]:
                size = recorded[key].nbytes()
                new = partial(torch.UntypedStorage, size)
                self._own[key] = free[size].pop() if free[size] else new()
            for key in end[number]:
                free[recorded[key].nbytes()].append(self._own[key])

    def own(self, part: Any) -> Any:
        """A tensor in the memory that it has when it is run again; those in lists likewise."""
        if isinstance(part, Tensor):
            key = _key(part)
            storage = self._own.get(key)
            if storage is None:
                return part.detach()
            place = key, part.storage_offset(), part.size(), part.stride(), part.dtype
            if place not in self._views:
                self._views[place] = torch.empty(0, dtype=part.dtype).set_(storage, *place[1:4])
            return self._views[place]
        if isinstance(part, list | tuple):
            return [self.own(each) for each in part]
        return part


def _call(op: Op, own: Callable[[Any], Any]) -> Call:
    """The call of torch that does the work of an operation again."""
    args, results = own(op.args), own(op.results)
    kwargs = {name: own(part) for name, part in op.kwargs.items()}
    name = _name(op.function)
    if _changed_arguments(op.function):
        return partial(getattr(args[0], name), *args[1:], **kwargs)
    if name in _DIRECT:
        return partial(getattr(torch, name), *args, **kwargs, out=results[0])
    return partial(_run_and_copy, op.function, args, kwargs, results)


def _run_and_copy(function: Any, args: list[Any], kwargs: dict[str, Any], results: list[Tensor]) -> None:
    for own, new in zip(results, tensors(function(*args, **kwargs)), strict=True):
        own.copy_(new)


def _inputs(op: Op) -> list[Tensor]:
    found = []
    for part in op.args if not op.kwargs else (*op.args, *op.kwargs.values()):
        if isinstance(part, Tensor):
            found.append(part)
        elif isinstance(part, list | tuple):
            found += tensors(part)
    return found


def tensors(parts: Any) -> Iterator[Tensor]:
    """The tensors in nested lists and tuples."""
    if isinstance(parts, Tensor):
        yield parts
    elif isinstance(parts, list | tuple):
        for part in parts:
            yield from tensors(part)


def _key(tensor: Tensor) -> Key:
    return int(tensor.untyped_storage()._cdata)


@cache
def _name(function: Any) -> str:
    return _full_name(function).partition(".")[0]


@cache
def _full_name(function: Any) -> str:
    return str(function).removeprefix("aten.")


@cache
def _changed_arguments(function: Any) -> tuple[int, ...]:
    """The positions of the arguments that an operator changes in place."""
    arguments = function._schema.arguments
    return tuple(place for place, each in enumerate(arguments) if each.alias_info and each.alias_info.is_write)
