"""CUDA streams, graphs and host copies, behind classes that do the same work at once on other devices.

Work on a CUDA device is queued in a stream and done later; the host waits only where it says so. A CUDA graph holds
all kernels of a function and launches them at once, which is faster than launching a thousand kernels one by one.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Generic, NamedTuple, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from installation.models.interfaces import Floats, Latents, Point

T = TypeVar("T")
MemoryPool = Any  # a handle of CUDA's
Render = Callable[[Latents[Tensor]], Tensor]  # see `Generator.render`

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


class Stream:
    """Work done in order, beside that of other streams: a CUDA stream. Other devices do the work at once."""

    def __init__(self, device: torch.device, priority: int = LOW_PRIORITY) -> None:
        self.device = device
        self._stream: torch.cuda.Stream | None = None
        if device.type == "cuda":
            self._stream = torch.cuda.Stream(device, priority=priority)  # type: ignore[no-untyped-call]
        self._pending: deque[torch.cuda.Event] = deque()

    @contextmanager
    def work(self) -> Iterator[None]:
        """Queue the enclosed work in this stream, after the work that was queued before in the current one.

        Waits until fewer than MAX_PENDING pieces are pending. So a caller that loops is as slow as the device, and the
        durations that it measures are true.
        """
        if self._stream is None:
            yield
            return
        while len(self._pending) >= MAX_PENDING:
            self._pending.popleft().synchronize()
        self._stream.wait_stream(torch.cuda.current_stream(self.device))
        with torch.cuda.stream(self._stream):
            yield
            self._pending.append(_recorded_event())

    def put(self, values: NDArray[Any]) -> Tensor:
        """Copy an array to the device for work of this stream, without waiting."""
        host = torch.from_numpy(values)
        if self._stream is None:
            return host.to(self.device)
        with torch.cuda.stream(self._stream):  # so that no other stream is given its memory
            return host.pin_memory().to(self.device, non_blocking=True)

    def finish(self) -> None:
        """Wait until all work is done."""
        if self._stream is not None:
            self._stream.synchronize()
            self._pending.clear()


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
            current = torch.cuda.current_stream(stream.device)  # the graph's kernels inherit its priority
            try:
                # thread_local: other threads may load models meanwhile
                with torch.cuda.graph(graph, pool, current, "thread_local"):
                    self._result = self._function()
            except RuntimeError as error:
                if (cause := memory_shortage(error)) is not None:
                    raise cause from error
                raise
        self._graph = graph


def memory_shortage(error: BaseException) -> torch.OutOfMemoryError | None:
    """The out-of-memory error behind an error, if there is one.

    Where memory runs out inside a capture, ending the capture fails as well, and hides the reason.
    """
    found: BaseException | None = error
    while found is not None and not isinstance(found, torch.OutOfMemoryError):
        found = found.__cause__ or found.__context__
    return found


def memory_pool(device: torch.device) -> MemoryPool | None:
    """A memory pool that several graphs can share; None on other devices than CUDA."""
    return torch.cuda.graph_pool_handle() if device.type == "cuda" else None


class AsyncHostCopy:
    """The latest values of device tensors on the host, copied after the work that fills them, without waiting."""

    def __init__(self, *examples: Tensor) -> None:
        """For tensors of these shapes and types, whose values are read until the first `send`."""
        self._on_cuda = examples[0].is_cuda
        # one slot that has arrived and those that may be under way
        self._slots = deque(
            [_host_buffer(tensor) for tensor in examples] for _ in range(MAX_PENDING + 1 if self._on_cuda else 1)
        )
        self._events: deque[torch.cuda.Event | None] = deque([None] * len(self._slots))
        self.send(*examples)
        self.read(wait=True)

    def send(self, *sources: Tensor) -> None:
        """Copy the tensors as they are after the work queued before this; call it in the stream of that work."""
        self._slots.rotate(-1)
        self._events.popleft()
        for host, source in zip(self._slots[-1], sources, strict=True):
            # only CUDA has an event that tells when an asynchronous copy has arrived
            host.copy_(source.detach(), non_blocking=self._on_cuda)
        self._events.append(_recorded_event() if self._on_cuda else None)

    def read(self, wait: bool = False) -> list[NDArray[Any]]:
        """The newest values that have arrived; with `wait`, the last that were sent. The caller owns the arrays."""
        for hosts, event in zip(reversed(self._slots), reversed(self._events), strict=True):
            if event is not None and wait:
                event.synchronize()
            if event is None or event.query():  # type: ignore[no-untyped-call]
                return [host.numpy().copy() for host in hosts]
        raise RuntimeError("more copies are pending than a stream allows.")


class PaintedFrame(NamedTuple):
    """Images as bytes, and the brightest value of each in 0..1; NaN if any value is NaN."""

    pictures: NDArray[np.uint8]  # [batch, height, width, 3]
    brightest: Floats  # [batch]


class CapturedPainter:
    """Paints batches of one shape as a CUDA graph: latents in and bytes out through buffers at fixed addresses."""

    def __init__(self, render: Render, example: Point, stream: Stream) -> None:
        """`render` draws latents of the shape of `example`; the work is done in `stream`."""
        self._stream = stream
        device = stream.device
        self._latents = Latents(*(torch.zeros(part.shape, device=device) for part in (example.z, example.classes)))
        self._pinned = device.type == "cuda"
        self._upload = Latents(
            *(torch.zeros(part.shape, pin_memory=self._pinned) for part in (example.z, example.classes))
        )
        self._render = render
        self._graph = CapturedGraph(self._draw)
        self._download: AsyncHostCopy | None = None

    def prepare(self) -> None:
        """Capture the graph if the device has graphs."""
        with torch.inference_mode():
            self._graph.warm_up(self._stream)
            self._graph.capture(self._stream)

    def paint(self, latents: Point) -> PaintedFrame:
        """Paint, and wait for the result."""
        with torch.inference_mode(), self._stream.work():
            self._put(latents)
            painted = self._graph()
            if self._download is None:
                self._download = AsyncHostCopy(*painted)
            self._download.send(*painted)
            pixels, brightest = self._download.read(wait=True)
        return PaintedFrame(pixels, brightest)

    def _put(self, latents: Point) -> None:
        upload, own = self._upload, self._latents
        for array, host, tensor in ((latents.z, upload.z, own.z), (latents.classes, upload.classes, own.classes)):
            host.copy_(torch.from_numpy(array))
            tensor.copy_(host, non_blocking=self._pinned)

    def _draw(self) -> tuple[Tensor, Tensor]:
        pictures = self._render(self._latents)
        pixels = pictures.mul(255.0).round().to(torch.uint8).permute(0, 2, 3, 1).contiguous()
        return pixels, pictures.flatten(1).amax(1)


def _host_buffer(tensor: Tensor) -> Tensor:
    return torch.empty(tensor.shape, dtype=tensor.dtype, pin_memory=tensor.is_cuda)


def _recorded_event() -> torch.cuda.Event:
    # blocking: a host that waits for the event sleeps instead of spinning
    event: torch.cuda.Event = torch.cuda.Event(blocking=True)  # type: ignore[no-untyped-call]
    event.record()
    return event
