"""CUDA streams, graphs and host copies, behind classes that do the same work at once on other devices.

Work on a CUDA device is queued in a stream and done later; the host waits only where it says so. A CUDA graph holds
all kernels of a function and launches them at once, which is faster than launching a thousand kernels one by one.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from typing import Any, Generic, Protocol, TypeVar

import torch
from numpy.typing import NDArray
from torch import Tensor

T = TypeVar("T")
MemoryPool = Any  # a handle of CUDA's

HIGH_PRIORITY, LOW_PRIORITY = -1, 0  # of streams: frames for the audience come before optimisation
MAX_PENDING = 2  # pieces of work queued in a stream: the present one and the next, so that the device never idles
WARM_UP_RUNS = 3  # before a capture, as the documentation of CUDA graphs recommends


def fast_precision(device: torch.device) -> torch.dtype:
    """The precision for feature maps of a large network.

    bfloat16 where a GPU or CPU has instructions for it, float16 on older CUDA GPUs, float32 elsewhere.
    """
    if device.type == "cuda":
        return torch.bfloat16 if torch.cuda.get_device_capability(device) >= (8, 0) else torch.float16
    if device.type == "cpu":
        has = torch.cpu.get_capabilities()
        return torch.bfloat16 if has.get("avx512_bf16") or has.get("amx_bf16") else torch.float32
    return torch.float32


class Mark(Protocol):
    """A moment of a stream that the device may not have reached yet; what `torch.cuda.Event` does."""

    def query(self) -> bool:
        """Whether the device has reached it."""
        ...

    def synchronize(self) -> None:
        """Wait until the device has reached it."""
        ...

    def elapsed_time(self, end: Any) -> float:
        """Milliseconds from here to another mark; the device has reached both."""
        ...


class Stream:
    """Work done in order, beside that of other streams: a CUDA stream. Other devices do the work at once.

    Attributes:
        asynchronous: Whether the device works while the host goes on.
        begun: Pieces of work so far.
    """

    def __init__(self, device: torch.device, priority: int = LOW_PRIORITY) -> None:
        self.device = device
        self.asynchronous = device.type == "cuda"
        self.begun = 0
        self._priority = priority
        self._pending: deque[tuple[Mark, Mark]] = deque()  # of each piece: where it begins and ends
        self._finished: list[float] = []
        self._in_piece = False
        self._awaited: Mark | None = None

    @cached_property
    def _stream(self) -> torch.cuda.Stream:
        return torch.cuda.Stream(self.device, priority=self._priority)  # type: ignore[no-untyped-call]

    @contextmanager
    def work(self) -> Iterator[None]:
        """Queue the enclosed work in this stream, after the work that was queued before in the current one."""
        if not self.asynchronous:
            yield
            return
        self._stream.wait_stream(torch.cuda.current_stream(self.device))
        with torch.cuda.stream(self._stream):
            yield

    @contextmanager
    def piece(self) -> Iterator[None]:
        """Queue work that is counted and timed; a piece within a piece is part of it.

        Waits until there is room. So a caller that loops is as slow as the device; one that must not wait looks at
        `has_room` first.
        """
        if not self.asynchronous or self._in_piece:
            with self.work():
                yield
            return
        while not self.has_room:
            (self._awaited or self._pending[0][1]).synchronize()
        self._in_piece = True
        self.begun += 1
        try:
            with self.work():
                began = self.mark()
                try:
                    yield
                finally:
                    self._pending.append((began, self.mark()))
        finally:
            self._in_piece = False

    @property
    def has_room(self) -> bool:
        """Whether fewer than MAX_PENDING pieces are pending, and no result is awaited; does not wait."""
        self._collect()
        if self._awaited is not None and self._awaited.query():
            self._awaited = None
        return self._awaited is None and len(self._pending) < MAX_PENDING

    def finished(self) -> list[float]:
        """Seconds of the device for each piece that has ended since the last call, in their order."""
        self._collect()
        finished, self._finished = self._finished, []
        return finished

    def _collect(self) -> None:
        while self._pending and self._pending[0][1].query():
            began, ended = self._pending.popleft()
            self._finished.append(began.elapsed_time(ended) / 1000.0)

    def mark(self) -> Mark:
        """Mark the end of the work queued so far. The stream is asynchronous."""
        # blocking: a host that waits for the event sleeps instead of spinning
        event: torch.cuda.Event = torch.cuda.Event(enable_timing=True, blocking=True)  # type: ignore[no-untyped-call]
        event.record(self._stream)
        return event

    def seconds_of(self, work: Callable[[], Any]) -> float:
        """Do work in this stream, and wait for it; return the seconds that it took the device."""
        if not self.asynchronous:
            began = time.perf_counter()
            work()
            return time.perf_counter() - began
        with self.work():
            start = self.mark()
            work()
            end = self.mark()
        end.synchronize()
        return start.elapsed_time(end) / 1000.0

    def await_result(self) -> None:
        """Leave no room for a next piece before all work queued so far is done, because it reads the result."""
        if self.asynchronous:
            self._awaited = self.mark()

    def wait_for_result(self) -> None:
        """Wait for the work before the last `await_result`."""
        if self._awaited is not None:
            self._awaited.synchronize()

    def put(self, values: NDArray[Any]) -> Tensor:
        """Copy an array to the device for work of this stream, without waiting."""
        with self.work():  # so that no other stream is given its memory
            return to_device(torch.from_numpy(values), self.device)

    def finish(self) -> None:
        """Wait until all work is done."""
        if self.asynchronous:
            self.mark().synchronize()


def wait_for(device: torch.device) -> None:
    """Wait for all work on a device, of every stream."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def to_device(host: Tensor, device: torch.device) -> Tensor:
    """A tensor of the host on the device; on CUDA copied in the current stream, without waiting."""
    if device.type != "cuda":
        return host.to(device)
    return host.pin_memory().to(device, non_blocking=True)


def to_host(tensor: Tensor) -> Tensor:
    """A copy of a tensor on the host; of one on CUDA it is filled once the current stream has come so far.

    Pinned memory comes from torch's cache, which gives nothing away that a copy still uses.
    """
    host = torch.empty(tensor.shape, dtype=tensor.dtype, pin_memory=tensor.is_cuda)
    return host.copy_(tensor.detach(), non_blocking=tensor.is_cuda)


class CapturedGraph(Generic[T]):
    """A function of tensors at fixed addresses; after `capture` a CUDA device replays it as a graph.

    A replay returns the same tensors each time and does not execute the Python statements of the function.
    """

    def __init__(self, function: Callable[[], T], random: torch.Generator | None = None) -> None:
        """`random` is the generator on the device from which the function draws."""
        self._function = function
        self._random = random
        self._graph: torch.cuda.CUDAGraph | None = None
        self._result: T

    def __call__(self) -> T:
        """Run the function, or replay its graph."""
        if self._graph is None:
            return self._function()
        self._graph.replay()
        return self._result

    def warm_up(self, stream: Stream) -> None:
        """Run the function a few times, as a capture needs it; does nothing on other devices than CUDA."""
        if stream.device.type != "cuda" or self._graph is not None:
            return
        with stream.work():
            for _ in range(WARM_UP_RUNS):
                self._function()

    def capture(self, stream: Stream, pool: MemoryPool | None = None) -> None:
        """Capture the function, after `warm_up`; does nothing on other devices than CUDA.

        Takes some tenths of a second, at the start of a show. Graphs of one `pool` share memory: they must not run
        at the same time, nor leave anything there that another one must not overwrite.

        Raises:
            torch.OutOfMemoryError: the graph does not fit.
        """
        if stream.device.type != "cuda" or self._graph is not None:
            return
        with stream.work():
            graph = torch.cuda.CUDAGraph()
            if self._random is not None:
                graph.register_generator_state(self._random)
            # begun by hand: `torch.cuda.graph` waits for the device and frees memory each time, which delays frames;
            # thread_local: other threads may load models meanwhile
            graph.capture_begin(pool, "thread_local")
            try:
                self._result = self._function()
            except BaseException as error:
                with suppress(RuntimeError):  # ending a capture that failed fails as well
                    graph.capture_end()
                if (cause := memory_shortage(error)) is not None and cause is not error:
                    raise cause from error
                raise
            graph.capture_end()
        self._graph = graph


def memory_shortage(error: BaseException) -> torch.OutOfMemoryError | None:
    """The out-of-memory error behind an error, if there is one.

    Where memory runs out inside a capture, what comes after it fails as well, and hides the reason.
    """
    found: BaseException | None = error
    while found is not None and not isinstance(found, torch.OutOfMemoryError):
        found = found.__cause__ or found.__context__
    return found


def release_memory(device: torch.device) -> None:
    """Give back memory that torch keeps for later, before a capture: a graph cannot use it. Waits for the device."""
    if device.type == "cuda":
        torch.cuda.empty_cache()


def memory_pool(device: torch.device) -> MemoryPool | None:
    """A memory pool that several graphs can share; None on other devices than CUDA."""
    return torch.cuda.graph_pool_handle() if device.type == "cuda" else None
