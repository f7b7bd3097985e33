"""What is particular to a device: streams and graphs on CUDA, and nothing at all on a CPU, behind the same few classes.

Work on a CUDA device is put into a stream and done later; the host only waits where it says so. A graph (CUDA Graphs,
through `torch.cuda.graph`) is the whole of a function's kernels, launched at once: launching a thousand one by one
takes longer than they do.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

import torch
from numpy.typing import NDArray
from torch import Tensor

T = TypeVar("T")
Pool = Any  # a handle of CUDA's

FIRST, LAST = -1, 0  # priorities of streams: what the audience waits for, and what it does not
AHEAD = 2  # pieces of work that may wait in a lane: one that is done and the next, so that the device never idles
WARM_RUNS = 3  # before a capture, as the manual of CUDA Graphs has it


def quick_precision(device: torch.device) -> torch.dtype:
    """In which feature maps of a large network are computed.

    bfloat16 where CUDA or the processor has instructions for it, float16 on older CUDA cards, float32 elsewhere.
    """
    if device.type == "cuda":
        return torch.bfloat16 if torch.cuda.get_device_capability(device) >= (8, 0) else torch.float16
    if device.type == "cpu":
        has = torch.cpu.get_capabilities()
        return torch.bfloat16 if has.get("avx512_bf16") or has.get("amx_bf16") else torch.float32
    return torch.float32


class Stream:
    """Work that is done in order, beside that of other lanes: a CUDA stream; elsewhere it is done at once."""

    def __init__(self, device: torch.device, priority: int = LAST) -> None:
        self.device = device
        self._stream: torch.cuda.Stream | None = None
        if device.type == "cuda":
            self._stream = torch.cuda.Stream(device, priority=priority)  # type: ignore[no-untyped-call]
        self._waiting: deque[torch.cuda.Event] = deque()

    @contextmanager
    def work(self) -> Iterator[None]:
        """What is done within goes into this lane, behind what was begun outside of it; first waits until fewer than
        AHEAD pieces are under way.

        So a caller that goes on and on is as slow as the device, and the durations that it measures are true.
        """
        if self._stream is None:
            yield
            return
        while len(self._waiting) >= AHEAD:
            self._waiting.popleft().synchronize()
        self._stream.wait_stream(torch.cuda.current_stream(self.device))
        with torch.cuda.stream(self._stream):
            yield
            self._waiting.append(_recorded())

    def put(self, values: NDArray[Any]) -> Tensor:
        """An array on the device, for work of this lane; nobody waits, and no other lane is given its memory."""
        there = torch.from_numpy(values)
        if self._stream is None:
            return there.to(self.device)
        with torch.cuda.stream(self._stream):
            return there.pin_memory().to(self.device, non_blocking=True)

    def finish(self) -> None:
        """Waits until all is done."""
        if self._stream is not None:
            self._stream.synchronize()
            self._waiting.clear()


class CapturedGraph(Generic[T]):
    """A function of tensors that stay where they are; once `capture` was called, a CUDA device replays it as a graph.

    Its results then are the same tensors each time, and Python's own statements in it are not repeated.
    """

    def __init__(self, function: Callable[[], T], random: torch.Generator | None = None) -> None:
        """`random`: the generator on the device that the function draws from."""
        self._function = function
        self._random = random
        self._graph: torch.cuda.CUDAGraph | None = None
        self._result: T

    def __call__(self) -> T:
        """Runs the function, or launches the graph of it."""
        if self._graph is None:
            return self._function()
        self._graph.replay()
        return self._result

    def capture(self, lane: Stream, pool: Pool | None = None) -> None:
        """Runs the function a few times and captures it; nothing on a device without graphs.

        Takes some tenths of a second and belongs to the start of a show. Graphs of one `pool` work in the same memory:
        they never run at the same time, and leave nothing there that another one must not overwrite.
        Raises torch.OutOfMemoryError.
        """
        if lane.device.type != "cuda" or self._graph is not None:
            return
        with lane.work():
            for _ in range(WARM_RUNS):
                self._function()
            graph = torch.cuda.CUDAGraph()
            if self._random is not None:
                graph.register_generator_state(self._random)
            stream = torch.cuda.current_stream(lane.device)
            # other threads may load models meanwhile; the same stream, so that its priority is that of the kernels
            with torch.cuda.graph(graph, pool, stream, "thread_local"):
                self._result = self._function()
        self._graph = graph


def memory_pool(device: torch.device) -> Pool | None:
    """A place for the memory of several graphs; None on a device without."""
    return torch.cuda.graph_pool_handle() if device.type == "cuda" else None


class AsyncHostCopy:
    """What tensors on a device held lately, on the host: copied behind the work that fills them, never waited for."""

    def __init__(self, *like: Tensor) -> None:
        """For tensors of those shapes and types; before the first `send`, what `like` holds now."""
        self._on_cuda = like[0].is_cuda
        # one that has arrived, and those under way
        self._slots = deque([_host(tensor) for tensor in like] for _ in range(AHEAD + 1 if self._on_cuda else 1))
        self._events: deque[torch.cuda.Event | None] = deque([None] * len(self._slots))
        self.send(*like)
        self.read(wait=True)

    def send(self, *sources: Tensor) -> None:
        """Copies the sources as they will be when the work before this is done; call it in the lane of that work."""
        self._slots.rotate(-1)
        self._events.popleft()
        for host, source in zip(self._slots[-1], sources, strict=True):
            # without an event nobody could tell when the copy is there
            host.copy_(source.detach(), non_blocking=self._on_cuda)
        self._events.append(_recorded() if self._on_cuda else None)

    def read(self, wait: bool = False) -> list[NDArray[Any]]:
        """Copies of the newest that have arrived; with `wait`, of the last that were sent."""
        for hosts, event in zip(reversed(self._slots), reversed(self._events), strict=True):
            if event is not None and wait:
                event.synchronize()
            if event is None or event.query():  # type: ignore[no-untyped-call]
                return [host.numpy().copy() for host in hosts]
        raise RuntimeError("a lane is further ahead than its mirror.")


def _host(like: Tensor) -> Tensor:
    return torch.empty(like.shape, dtype=like.dtype, pin_memory=like.is_cuda)


def _recorded() -> torch.cuda.Event:
    # blocking: a host that waits for it leaves its core to others
    event: torch.cuda.Event = torch.cuda.Event(blocking=True)  # type: ignore[no-untyped-call]
    event.record()
    return event
