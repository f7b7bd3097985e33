"""Lets torch's compiler make an image tower faster, where it does: its small operations become few kernels.

To compile takes up to a minute, and each number of pictures is another program. So only calls with the number that
steps of a dream have on a card are compiled; the others, and what the compiler fails on, are computed as before.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from installation.models.cuda_graphs import CapturedGraph, Stream

Encode = Callable[[Tensor], Tensor]  # pictures to features

REPLAYS = 5
GAIN = 0.98  # share of the time from which on it counts as faster


def faster_tower(encode: Encode, pictures: Tensor, stream: Stream, backend: str = "inductor") -> tuple[Encode, str]:
    """Compile a tower for pictures of this shape, and compare.

    Args:
        encode: The tower.
        pictures: [n, 3, side, side], in its precision.
        stream: Where it is timed.
        backend: Of `torch.compile`.

    Returns:
        The faster of both, and why the compiled one was not taken; "" if it was.
    """
    try:
        compiled = compiled_tower(encode, len(pictures), backend)
        before, after = (gradient_seconds(each, pictures, stream) for each in (encode, compiled))
    except Exception as error:  # noqa: BLE001 -- the compiler, which a machine may lack
        return encode, f"The perceptor could not be compiled ({type(error).__name__}: {_first_line(error)})."
    if after < GAIN * before:
        return compiled, ""
    return encode, f"The perceptor is not compiled: {1000 * after:.1f} ms would take the place of {1000 * before:.1f}."


def compiled_tower(encode: Encode, count: int, backend: str) -> Encode:
    """A tower that is compiled for so many pictures, at its first call with them, and computes others as before."""
    compiled = torch.compile(encode, backend=backend, dynamic=False)

    def features(pictures: Tensor) -> Tensor:
        return compiled(pictures) if len(pictures) == count else encode(pictures)

    return features


def gradient_seconds(encode: Encode, pictures: Tensor, stream: Stream) -> float:
    """The time of the device for the features of pictures with the gradient of the pictures, captured."""
    with torch.inference_mode(False), torch.enable_grad():
        leaf = pictures.detach().clone().requires_grad_(True)

        def work() -> None:
            torch.autograd.grad(encode(leaf).float().sum(), leaf)

        work()
        graph = CapturedGraph(work)
        graph.warm_up(stream)
        graph.capture(stream)
        return min(stream.seconds_of(graph) for _ in range(REPLAYS))


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), "")
