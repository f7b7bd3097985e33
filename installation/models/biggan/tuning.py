"""Finds out by trying which variant of the network a card computes fastest."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch

from installation.models.biggan.folded import FoldedBigGAN, Variant
from installation.models.cuda_graphs import CapturedGraph, Stream
from installation.models.interfaces import Point

REPLAYS = 5
GAIN = 0.98  # share of the time from which on a variant counts as faster


def fastest(seconds: Callable[[Variant], float]) -> Variant:
    """Add one change after the other to the plain variant, and keep those that save time.

    `seconds` tries a variant; infinity says that it cannot be computed here.
    """
    best, least = Variant(), seconds(Variant())
    for name in Variant._fields:
        changed = best._replace(**{name: True})
        if (needed := seconds(changed)) < GAIN * least:
            best, least = changed, needed
    return best


def tune(network: FoldedBigGAN, example: Point, stream: Stream) -> list[str]:
    """Let a network compute pictures and gradients in the fastest way; return why a way could not be tried."""
    torch.backends.cudnn.benchmark = True  # the runs before a capture then choose among all algorithms
    problems: list[str] = []

    def seconds(variant: Variant) -> float:
        try:
            network.set_variant(variant)
            return step_seconds(network, example, stream)
        except Exception as error:  # noqa: BLE001 -- Triton and its compiler, which a machine may lack
            problems.append(f"{variant}: {type(error).__name__}: {error}")
            return math.inf

    network.set_variant(fastest(seconds))
    return problems


def step_seconds(network: FoldedBigGAN, example: Point, stream: Stream) -> float:
    """The time of the device for the picture of one point with the gradient of z, captured."""
    z, classes = (torch.from_numpy(part).to(stream.device) for part in (example.z, example.classes))
    z.requires_grad_(True)
    weights = classes.softmax(dim=1)

    def work() -> None:
        torch.autograd.grad(network(z, weights).sum(), z)

    graph = CapturedGraph(work)
    with torch.inference_mode(False), torch.enable_grad():
        graph.warm_up(stream)
        graph.capture(stream)
        return min(stream.seconds_of(graph) for _ in range(REPLAYS))
