"""The interfaces of the models: a Generator turns latents into images, a Perceptor embeds images and texts.

Latents that are walked, stored and reported are numpy arrays, so that everything but the models and the optimisation
runs without torch; inside a dream the same class holds tensors.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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

ABSENT = -14.0  # the logit of a class that is not there: a weight of about 1e-6


class ModelPlace(NamedTuple):
    """Where models are found and where they run."""

    assets: Path  # the embedded models, in the repository
    cache: Path  # the models folder: what `fetch` installs and `bank` builds
    device: str = "cpu"


class Group(NamedTuple):
    """Classes that exclude each other: BigGAN has one group of 1,000 classes, the theatre has seven groups.

    `neutral` is the index of the class that stands for nothing (no tint, no subject), or None. The weights of a
    `simplex` sum to 1 (softmax of the logits); in any other group each class has a weight of its own in 0..1, the
    exponential of its logit, as the sigmoid of Big Sleep gives them.

    `quiet` are the labels that may be shown where words ask for something else: no aurora behind a white horse. If
    there are none, all labels are.

    `like` are the labels that only words choose, because the perceptor has not been taught them, each with the label
    for which it is taken where the perceptor or the latent bank decides.
    """

    name: str
    labels: tuple[str, ...]
    neutral: int | None = None
    simplex: bool = True
    quiet: tuple[str, ...] = ()
    like: tuple[tuple[str, str], ...] = ()

    def to_row(self) -> dict[str, Any]:
        """What files of a model keep of a simplex."""
        row: dict[str, Any] = {"name": self.name, "labels": list(self.labels), "neutral": self.neutral}
        row |= {"quiet": list(self.quiet)} if self.quiet else {}
        return row | {"like": dict(self.like)} if self.like else row

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Group:
        """Read a row of `to_row`. Raises KeyError or TypeError if it is none."""
        return cls(
            row["name"],
            tuple(row["labels"]),
            row["neutral"],
            quiet=tuple(row.get("quiet", ())),
            like=tuple(row.get("like", {}).items()),
        )


@dataclass(frozen=True)
class Latents(Generic[A]):
    """A batch of points in the latent space of a generator. A is `Floats`, or `Tensor` inside a dream."""

    z: A  # [batch, z_dim] or [batch, layers, z_dim]; other generators state a `z_shape` (see `FreeLatents`)
    classes: A  # [batch, sum of groups]: logits (see `Group`); [batch, 0] for a generator without classes

    def __len__(self) -> int:
        return len(self.z)  # type: ignore[arg-type]

    def __getitem__(self, rows: slice | NDArray[np.intp]) -> Latents[A]:
        """The rows of a slice or an index array, as a batch."""
        return Latents(self.z[rows], self.classes[rows])  # type: ignore[index]


Point = Latents[Floats]


def slices(groups: Sequence[Group]) -> list[slice]:
    """The columns of each group in `Latents.classes`."""
    ends = np.cumsum([len(group.labels) for group in groups]).tolist()
    return [slice(end - len(group.labels), end) for group, end in zip(groups, ends, strict=True)]


def taught_classes(groups: Sequence[Group]) -> NDArray[np.intp]:
    """For each class of all groups itself, or the class for which it is taken (see `Group.like`). -> [classes]."""
    classes = np.arange(sum(len(group.labels) for group in groups))
    for group, where in zip(groups, slices(groups), strict=True):
        for name, like in group.like:
            classes[where.start + group.labels.index(name)] = where.start + group.labels.index(like)
    while (classes[classes] != classes).any():  # what is like a class that is itself like another
        classes = classes[classes]
    return classes


def weights_of(logits: Floats, groups: Sequence[Group]) -> Floats:
    """Class weights of logits. [batch, classes] -> [batch, classes]; each simplex sums to 1."""
    parts = [np.empty((len(logits), 0), np.float32)]
    for group, where in zip(groups, slices(groups), strict=True):
        if not group.simplex:
            parts.append(np.exp(np.minimum(logits[:, where], 0.0)))
            continue
        shifted = np.exp(logits[:, where] - logits[:, where].max(axis=1, keepdims=True))
        parts.append(shifted / shifted.sum(axis=1, keepdims=True))
    return np.concatenate(parts, axis=1).astype(np.float32)


def logits_of(weights: Floats) -> Floats:
    """Logits of class weights, with `ABSENT` for a weight of 0. [batch, classes] -> the same shape."""
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


def same_layers(points: Sequence[Point]) -> list[Point]:
    """Points in one shape: if any has a z for each layer, those of the others are repeated."""
    layers = max((point.z.shape[1] for point in points if point.z.ndim == 3), default=0)
    return [repeat_layers(point, layers) if layers and point.z.ndim == 2 else point for point in points]


def height_width(size: Size) -> tuple[int, int]:
    """A size as (height, width), in pixels."""
    return (size, size) if isinstance(size, int) else size


@runtime_checkable
class Generator(Protocol):
    """Latents in, images out."""

    name: str
    z_dim: int
    groups: tuple[Group, ...]
    native_size: int  # pixels of a side
    resolution_free: bool  # whether it renders at any size; else images are always native_size square

    def sample(self, n: int, seed: int) -> Point:
        """Draw `n` latents from the generator's own distribution; the same seed gives the same latents."""
        ...

    def render(self, latents: Latents[Tensor], size: Size | None = None, phase: float = 0.0) -> Tensor:
        """Images [batch, 3, height, width] in 0..1, differentiable in the latents.

        `size` None is the native size. `phase`, in seconds, drives motion that has no meaning (rain, waves, flicker);
        generators without such motion ignore it. A resolution-free generator shows more of the same scene at the sides
        of a wide or tall image: the middle square is the image of the square size, except that figures may stand
        farther out.
        """
        ...

    def paint(self, latents: Point, size: Size | None = None, phase: float = 0.0) -> Picture:
        """The image of one point as bytes, without gradient: [height, width, 3]."""
        ...


@runtime_checkable
class SoundNamer(Protocol):
    """Says what a sound is."""

    sample_rate: int  # Hz

    def names(self, samples: Floats) -> tuple[tuple[str, float], ...]:
        """Words for what a picture of a sound shows, the likeliest first, with their probabilities. [n] mono, -1..1."""
        ...


class WorkQueue(Protocol):
    """Where work waits for a device, in its order; see `cuda_graphs.Stream`.

    Attributes:
        asynchronous: Whether the device works while the host goes on.
        begun: Pieces of work so far.
    """

    asynchronous: bool
    begun: int

    @property
    def has_room(self) -> bool:
        """Whether another piece may be queued, without waiting."""
        ...

    def finished(self) -> list[float]:
        """Seconds of the device for each piece that has ended since the last call, in their order."""
        ...


class HostQueue:
    """A `WorkQueue` of work that the host does at once."""

    asynchronous = False
    begun = 0
    has_room = True

    def finished(self) -> list[float]:
        """See `WorkQueue.finished`: nothing waits."""
        return []


@runtime_checkable
class Perceptor(Protocol):
    """Texts or images in, unit vectors of one space out."""

    name: str
    context_length: int  # tokens, including the start and end tokens
    input_size: int  # pixels of a side
    embedding_size: int

    def embed_text(self, texts: Sequence[str]) -> Floats:
        """Unit rows [n, embedding_size]. A text beyond the context is cut (see `fit`)."""
        ...

    def fit(self, text: str) -> str:
        """The text itself, or as many of its first whole words as the context holds."""
        ...

    def embed_image(self, pictures: Tensor) -> Tensor:
        """Unit rows [n, embedding_size] of images [n, 3, any, any] in 0..1, differentiable; resizes as needed."""
        ...
