"""The seams of the models: a Generator makes pictures of latents, a Perceptor sees pictures and reads words.

Latents that are walked, stored and reported are numpy arrays, so that everything but the models and the dream
runs without torch; inside a dream the same class holds tensors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, Protocol, TypeVar, runtime_checkable

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from torch import Tensor

Floats = NDArray[np.float32]
Picture = NDArray[np.uint8]  # [height, width, 3], sRGB
Size = int | tuple[int, int]  # the side of a square, or (height, width), in pixels

A = TypeVar("A")


class Group(NamedTuple):
    """Classes that are chosen among: BigGAN has one group of 1,000, the theatre has seven.

    `neutral` is the index of the class that means "nothing of the kind" (no tint, nobody), or None. A `simplex` shares
    out a weight of 1 among its classes, by softmax; else each class has a weight of its own in 0..1, the exponential
    of its logit, as Big Sleep's sigmoid gives them. Logits are logarithms of weights in both.
    """

    name: str
    labels: tuple[str, ...]
    neutral: int | None = None
    simplex: bool = True


@dataclass(frozen=True)
class Latents(Generic[A]):
    """A point of a generator's space, or a batch of them. A is `Floats` outside of a dream, `Tensor` within."""

    z: A  # [batch, z_dim] or [batch, layers, z_dim]
    classes: A  # [batch, sum of groups]: logits (see `Group`)

    def __len__(self) -> int:
        return len(self.z)  # type: ignore[arg-type]

    def __getitem__(self, rows: Any) -> Latents[A]:
        """The rows that a slice or an index array names; always a batch."""
        return Latents(self.z[rows], self.classes[rows])  # type: ignore[index]


Point = Latents[Floats]

ABSENT = -14.0  # the logit of a class that is not there: a weight of about 1e-6


def slices(groups: Sequence[Group]) -> list[slice]:
    """Where each group's logits stand in `Latents.classes`."""
    ends = np.cumsum([len(group.labels) for group in groups]).tolist()
    return [slice(end - len(group.labels), end) for group, end in zip(groups, ends, strict=True)]


def weights_of(logits: Floats, groups: Sequence[Group]) -> Floats:
    """Class weights of logits. [batch, classes] -> [batch, classes]; each simplex sums to 1."""
    parts = []
    for group, where in zip(groups, slices(groups), strict=True):
        if not group.simplex:
            parts.append(np.exp(np.minimum(logits[:, where], 0.0)))
            continue
        shifted = np.exp(logits[:, where] - logits[:, where].max(axis=1, keepdims=True))
        parts.append(shifted / shifted.sum(axis=1, keepdims=True))
    return np.concatenate(parts, axis=1).astype(np.float32)


def logits_of(weights: Floats) -> Floats:
    """Logits of class weights, with `ABSENT` for a weight of nothing. [batch, classes] -> the same."""
    return np.log(np.maximum(weights, np.exp(ABSENT))).astype(np.float32)


def repeat_layers(point: Point, layers: int) -> Point:
    """The same point with its z repeated for each of `layers` layers. z [batch, z_dim] -> [batch, layers, z_dim]."""
    return Latents(np.repeat(point.z[:, None], layers, axis=1), point.classes)


def match_layers(a: Floats, b: Floats) -> tuple[Floats, Floats]:
    """Two z in one shape: where only one has a layer axis, the other is repeated along it."""
    if a.ndim < b.ndim:
        return np.repeat(a[:, None], b.shape[1], axis=1), b
    if b.ndim < a.ndim:
        return a, np.repeat(b[:, None], a.shape[1], axis=1)
    return a, b


def height_width(size: Size) -> tuple[int, int]:
    """A size as (height, width), pixels."""
    return (size, size) if isinstance(size, int) else size


@runtime_checkable
class Generator(Protocol):
    """Latents in, pictures out."""

    name: str
    z_dim: int
    groups: tuple[Group, ...]
    native_size: int  # pixels of a side
    resolution_free: bool  # whether any size is drawn as such; else pictures are always native_size square

    def sample(self, n: int, seed: int) -> Point:
        """`n` latents as the generator's own distribution has them; the same seed gives the same latents."""
        ...

    def render(self, latents: Latents[Tensor], size: Size | None = None, phase: float = 0.0) -> Tensor:
        """[batch, 3, height, width] in 0..1, differentiable in the latents.

        `size` None is native. `phase` (seconds) drives motion that is no meaning (rain, waves, flicker); generators
        without such motion ignore it. A resolution-free generator given (height, width) that is wider or taller
        than a square shows more of the same scene at the sides: its middle square is the picture of the square size.
        """
        ...

    def paint(self, latents: Point, size: Size | None = None, phase: float = 0.0) -> Picture:
        """The same picture of one point, without gradient, as bytes ready to be shown: [height, width, 3]."""
        ...


@runtime_checkable
class GraphCapturable(Protocol):
    """What a generator has besides, where its precision, its truncation and its batches are a matter of speed.

    Its `render` does the same work whatever the values are and never looks at them, so that a device can replay it.
    """

    precision: str  # in which feature maps are computed: float32, bfloat16, float16
    layers: int  # how many noise vectors a layered z has

    def paint_all(self, latents: Point) -> NDArray[np.uint8]:
        """Native pictures of a batch, at once. [batch, height, width, 3]"""
        ...

    def prepare(self, *likes: Point) -> None:
        """Gets ready to paint batches of these shapes, which may take a second; the values do not matter."""
        ...

    def set_truncation(self, truncation: float) -> None:
        """How far z may lie from the middle, from the next picture on; nothing waits for it."""
        ...

    def free_classes(self) -> None:
        """Each class has a weight of its own from now on (see `Group`)."""
        ...

    def steady(self) -> bool:
        """Its numbers were lost: computes in float32 from now on. False if it does already."""
        ...

    def notice(self) -> str:
        """A sentence for the operator, once: that the precision was raised. Or ''."""
        ...


@runtime_checkable
class Perceptor(Protocol):
    """Words in or pictures in, unit vectors of one space out."""

    name: str
    context_length: int  # tokens, the start and end marks among them
    input_size: int  # pixels of a side
    embedding_size: int

    def embed_text(self, texts: Sequence[str]) -> Floats:
        """[n, embedding_size], unit rows. Texts beyond the context are cut (see `fit`)."""
        ...

    def fit(self, text: str) -> str:
        """The text itself, or as many of its first whole words as the context holds."""
        ...

    def embed_image(self, pictures: Tensor) -> Tensor:
        """[n, 3, any, any] in 0..1 -> [n, embedding_size], unit rows, differentiable; resized as needed."""
        ...


class ModelPlace(NamedTuple):
    """Where models are looked for and where they run."""

    assets: Path  # the embedded models, in the repository
    cache: Path  # fetched models
    device: str = "cpu"
