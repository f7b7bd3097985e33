"""An optimisation step in short slices, between which a card can paint a frame.

A whole step takes a card 7 to 80 ms, and a frame must come every 16. So a step is done in slices of at most
`SLICE_SECONDS`: parts of the generator's forward pass, chunks of cutouts that add up the gradient of the picture, and
parts of the generator's backward pass, the last of which moves the latents. The gradient is that of the whole step (the
chain rule: generator and perceptor meet in the picture only); the memory of cutouts is that of one chunk. On CUDA each
part and the chunk are graphs, whose durations say how many of them make a slice.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from installation.dream.cutouts import Draws, draw, take
from installation.dream.objective import Objective, Weights
from installation.dream.prompt_target import PromptTarget
from installation.models.capabilities import RenderPart
from installation.models.cuda_graphs import (
    WARM_UP_RUNS,
    CapturedGraph,
    MemoryPool,
    Stream,
    memory_pool,
    release_memory,
)

SLICE_SECONDS = 0.003  # of the device, at most: that long a frame may wait
CHUNK = 16  # cutouts of a slice, at most

Work = Callable[[], None]
Descend = Callable[[Sequence[Tensor]], None]
Frontier = tuple[Tensor, ...]  # all tensors between two parts


def grouped(costs: Sequence[float], limit: float) -> tuple[range, ...]:
    """Consecutive ranges whose costs sum to `limit` at most; a single one may exceed it."""
    groups: list[range] = []
    total = 0.0
    for index, cost in enumerate(costs):
        if not groups or total + cost > limit:
            groups.append(range(index, index + 1))
            total = cost
        else:
            groups[-1] = range(groups[-1].start, index + 1)
            total += cost
    return tuple(groups)


@dataclass(frozen=True)
class StepTensors:
    """What a step reads and writes, at fixed addresses.

    Attributes:
        z: [1, ...], optimised.
        classes: [1, classes], class parameters; optimised if they require a gradient.
        target: What views are compared with.
        weights: Of the loss.
        scale: Of the loss, for half precision (see `losses.finite`).
        loss: Where the loss is written.
    """

    z: Tensor
    classes: Tensor
    target: PromptTarget
    weights: Weights
    scale: float
    loss: Tensor

    @property
    def optimised(self) -> list[Tensor]:
        """The latents that require a gradient."""
        return [tensor for tensor in (self.z, self.classes) if tensor.requires_grad]


class SlicedRendering:
    """A picture part by part.

    Attributes:
        inputs: Of each part that is done; the gradient stops there.
        outputs: Of each part that is done.
        works: What does the parts, in their order.
    """

    def __init__(self, start: Frontier, parts: Sequence[RenderPart], finish: Callable[[Tensor], None]) -> None:
        """Render z and class parameters; `finish` gets the picture, in the work of the last part."""
        self.inputs: list[Frontier] = []
        self.outputs: list[Frontier] = []
        self._start, self._parts, self._finish = start, parts, finish
        self.works = [self._work(index) for index in range(len(parts))]

    def _work(self, index: int) -> Work:
        def work() -> None:
            if index == 0:
                self.inputs, self.outputs = [self._start], []
            else:
                before = self.outputs[-1]
                self.inputs.append(tuple(one.detach().requires_grad_(torch.is_grad_enabled()) for one in before))
            self.outputs.append(self._parts[index](*self.inputs[-1]))
            if index == len(self._parts) - 1:
                self._finish(self.outputs[-1][0])

        return work


class SlicedStep:
    """One step with the gradient of `Objective.loss`, and the rating of what is shown, slice by slice.

    Attributes:
        chunk: Cutouts of a slice.
        most: Cutouts of a step, at most; a multiple of `chunk`.
    """

    def __init__(self, objective: Objective, tensors: StepTensors, most: int, descend: Descend, rating: Rating) -> None:
        """Prepare steps of up to `most` cutouts.

        Args:
            objective: The loss.
            tensors: What a step reads and writes.
            most: At least 1.
            descend: Gets the gradients of the optimised latents, as scaled.
            rating: What is rated, and what gets the embedding of its picture.
        """
        self._objective, self._tensors, self._descend = objective, tensors, descend
        self._most = most
        self._share = tensors.loss.new_zeros(())  # of one cutout in the mean
        self._row = torch.zeros(1, dtype=torch.long, device=tensors.z.device)  # the first cutout of the next chunk
        self._draws: Draws
        self._picture: Tensor
        self._picture_gradient: Tensor
        self._gradients: Sequence[Tensor] = ()  # of the inputs of the part that was done backward last
        latents = tensors.z, tensors.classes
        self._rendering = SlicedRendering(latents, objective.render_parts(objective.size), self._begin_views)
        self._forward = [CapturedGraph(work, objective.random) for work in self._rendering.works]
        backward = [self._backward_work(part) for part in reversed(range(len(self._forward)))]
        self._backward = [CapturedGraph(work, objective.random) for work in backward]
        self._rating = [CapturedGraph(torch.no_grad()(work)) for work in rating.works(objective)]
        self._set_chunk(min(CHUNK, most))
        self._groups = [[*self._forward], [*self._backward], [*self._rating]]
        self._slices = [[[graph] for graph in graphs] for graphs in self._groups]

    def slices(self, count: int, rated: bool) -> list[Work]:
        """The slices of a step with `count` cutouts, or with the largest multiple of `chunk` below."""
        chunks = max(1, min(count, self.most) // self.chunk)
        self._share.fill_(1.0 / (chunks * self.chunk))
        forward, backward, rating = ([_together(group) for group in groups] for groups in self._slices)
        return [*forward, *[self._views] * chunks, *backward, *(rating if rated else [])]

    def capture(self, stream: Stream, seconds: float = SLICE_SECONDS) -> None:
        """Capture everything, and make slices of up to `seconds` of it. The latents move meanwhile.

        Raises:
            torch.OutOfMemoryError: It does not fit.
        """
        pool = memory_pool(stream.device)  # one for all: they never run at the same time
        graphs = [*self._forward, self._views, *self._backward, *self._rating]
        self._share.fill_(1.0 / self.chunk)
        _capture(graphs, stream, pool)
        costs = [math.inf] * len(graphs)
        for _ in range(WARM_UP_RUNS):
            costs = [min(cost, stream.seconds_of(graph)) for cost, graph in zip(costs, graphs, strict=True)]
        views = costs.pop(len(self._forward))
        self._slices = []
        for group in self._groups:
            own, costs = costs[: len(group)], costs[len(group) :]
            self._slices.append([[group[index] for index in part] for part in grouped(own, seconds)])
        if views > seconds and self.chunk > 1:
            self._set_chunk(max(1, int(self.chunk * seconds / views)))
            _capture([*self._forward, self._views, *self._backward], stream, pool)

    def _set_chunk(self, largest: int) -> None:
        """Take chunks of up to `largest` cutouts, which divide the whole number as evenly as possible."""
        self.chunk = self._most // math.ceil(self._most / largest)
        self.most = self._most // self.chunk * self.chunk
        self._rows = torch.arange(self.chunk, device=self._tensors.z.device)
        self._views = CapturedGraph(self._add_views)

    # -- what the parts do ----------------------------------------------------------------------------------------

    def _begin_views(self, picture: Tensor) -> None:
        """Draw all cutouts, and begin the gradient of the picture with what the loss says of it alone."""
        objective, tensors = self._objective, self._tensors
        self._picture = picture.detach().requires_grad_()
        self._draws = draw(
            picture, self._most, objective.perceptor.input_size, objective.random, objective.options.warped_views
        )
        self._row.zero_()
        terms = objective.picture_terms(self._picture)
        tensors.loss.copy_(terms.detach())
        if terms.requires_grad:
            (self._picture_gradient,) = torch.autograd.grad(tensors.scale * terms, self._picture)
        else:
            self._picture_gradient = torch.zeros_like(self._picture)

    def _add_views(self) -> None:
        """Add the gradient of the next chunk of cutouts."""
        objective, tensors = self._objective, self._tensors
        draws = self._draws.rows(self._row + self._rows)
        views = take(self._picture, draws, objective.options.antialias)
        embeddings = objective.perceptor.embed_image(views)
        losses = tensors.target.losses(embeddings) + objective.view_terms(embeddings)  # [chunk]
        loss = losses.sum() * self._share
        (gradient,) = torch.autograd.grad(tensors.scale * loss, self._picture)
        with torch.no_grad():
            self._picture_gradient.add_(gradient)
            tensors.loss.add_(loss.detach())
            self._row.add_(self.chunk)

    def _backward_work(self, part: int) -> Work:
        def work() -> None:
            rendering, tensors = self._rendering, self._tensors
            last = part == len(rendering.outputs) - 1
            found = [self._picture_gradient] if last else self._gradients
            pairs = zip(rendering.outputs[part], found, strict=True)
            outputs, gradients = zip(*(pair for pair in pairs if pair[0].requires_grad), strict=True)
            if part > 0:
                inputs = rendering.inputs[part]
                self._gradients = torch.autograd.grad(outputs, inputs, gradients, materialize_grads=True)
                return
            terms = self._objective.latent_terms(tensors.z, tensors.classes, tensors.weights)
            scale = torch.full_like(terms, tensors.scale)
            latents = torch.autograd.grad((*outputs, terms), tensors.optimised, (*gradients, scale))
            tensors.loss.add_(terms.detach())
            self._descend(latents)

        return work


@dataclass(frozen=True)
class Rating:
    """What is rated from time to time: other latents than those that are optimised.

    Attributes:
        z: [1, ...].
        classes: [1, classes], class parameters.
        rate: Gets the embedding of their picture, [1, d].
    """

    z: Tensor
    classes: Tensor
    rate: Callable[[Tensor], None]

    def works(self, objective: Objective) -> list[Work]:
        """Render the picture in parts, then rate it."""
        pictures: list[Tensor] = []
        parts = objective.render_parts(objective.rated_size)
        rendering = SlicedRendering((self.z, self.classes), parts, pictures.append)
        return [*rendering.works, lambda: self.rate(objective.perceptor.embed_image(pictures.pop()))]


def _together(graphs: Sequence[CapturedGraph[None]]) -> Work:
    def work() -> None:
        for graph in graphs:
            graph()

    return work


def _capture(graphs: Sequence[CapturedGraph[None]], stream: Stream, pool: MemoryPool | None) -> None:
    """Capture graphs that follow each other, after trying them; those that are captured already are only tried."""
    with stream.work():
        for _ in range(WARM_UP_RUNS if stream.asynchronous else 1):
            for graph in graphs:
                graph()
    release_memory(stream.device)
    for graph in graphs:
        graph.capture(stream, pool)
