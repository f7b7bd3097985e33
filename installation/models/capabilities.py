"""What a generator or a perceptor may do beyond its interface; callers ask with `isinstance`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Literal, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from installation.models.interfaces import Floats, Generator, Latents, Point, Size

if TYPE_CHECKING:
    from torch import Tensor

Transitions = Literal["scenes", "dip", "blend"]
RenderPart = Callable[..., "tuple[Tensor, ...]"]  # see `RendersInParts`


class PendingPictures(Protocol):
    """Images of a batch that are being painted."""

    @property
    def ready(self) -> bool:
        """Whether `result` need not wait."""
        ...

    @property
    def seconds(self) -> float:
        """How long the device was busy, once they are ready; 0 if the host has painted."""
        ...

    def result(self) -> NDArray[np.uint8]:
        """The images, after waiting for them: [batch, height, width, 3]."""
        ...


@runtime_checkable
class GraphCapturable(Protocol):
    """A generator whose `render` can be captured as a CUDA graph: it never branches on the values of its input."""

    def prepare(self, *examples: Point) -> None:
        """Prepare to paint batches of these shapes, which may take a second; the values do not matter."""
        ...

    def paint_batch(self, latents: Point) -> NDArray[np.uint8]:
        """The images of a batch at native size: [batch, height, width, 3]."""
        ...

    @property
    def asynchronous(self) -> bool:
        """Whether the device paints while the host goes on, so that frames can be begun ahead."""
        ...

    def begin_batch(self, latents: Point, size: Size | None = None) -> PendingPictures:
        """Begin the images of a batch, without waiting for those begun before."""
        ...


@runtime_checkable
class RendersInParts(Protocol):
    """A generator whose `render` can be done bit by bit, so that other work of the device can come between."""

    def render_parts(self, size: Size | None = None) -> Sequence[RenderPart]:
        """The parts of `render`, in their order.

        Each is a function of all tensors that the one before returned, the first of z and class logits. The last one
        returns the images alone.
        """
        ...


@runtime_checkable
class PreparesGradients(Protocol):
    """A generator whose `render` takes less time with a gradient in z once that is prepared for some classes."""

    def prepare_gradient(self, latents: Latents[Tensor], size: Size | None = None) -> bool:
        """Do a slice of the preparation, about 15 ms; return whether to go on with it before the next `render`."""
        ...


@runtime_checkable
class FinishesLoading(Protocol):
    """A generator that prepares more once its first pictures are shown."""

    def finish_loading(self) -> None:
        """Prepare what the first pictures and dreams do without; other threads may paint meanwhile."""
        ...

    def finish_painting(self) -> None:
        """Prepare only what pictures need, in a process whose dreams go on in another one."""
        ...


@runtime_checkable
class Compilable(Protocol):
    """A perceptor that torch's compiler may make faster on a card."""

    def compile(self, pictures: int) -> str:
        """Compile `embed_image` for so many pictures at once, if that is faster; takes up to a minute.

        Returns why it is computed as before, a sentence; "" if it is not.
        """
        ...


@runtime_checkable
class MixedPrecision(Protocol):
    """A generator that may compute feature maps in less than float32."""

    precision: str  # float32, bfloat16 or float16

    def use_full_precision(self) -> bool:
        """Compute in float32 from now on, after an overflow. False if it does already."""
        ...

    def notice(self) -> str:
        """A sentence for the operator after the precision was raised, once; else ''."""
        ...


@runtime_checkable
class Truncatable(Protocol):
    """A generator whose noise can be truncated."""

    def set_truncation(self, truncation: float) -> None:
        """Bound z by ±2·truncation from the next image on, without waiting for the device."""
        ...


@runtime_checkable
class Staged(Protocol):
    """A generator whose pictures stand on a stage with a camera; its changes of classes may be changes of scene."""

    def set_stage(self, camera: float, transitions: Transitions) -> None:
        """Set the stage of what `paint` paints from now on; `render` and what is optimised stay as they are.

        Args:
            camera: 0..1, the width of the camera's slow moves.
            transitions: "scenes": things leave whole before others come; "dip": the picture dips to black, and the
                next is there; "blend": everything crossfades.
        """
        ...

    def z_progress(self, before: Floats, after: Floats, progress: float) -> float:
        """How far z is at `progress` of a way between two sets of class logits; both 0..1."""
        ...

    def is_mixed(self, classes: Floats) -> bool:
        """Whether class logits stand for something between scenes, so that a change of scene would not end there."""
        ...


@runtime_checkable
class Recasting(Protocol):
    """A generator in whose z some words are steps, between which it would show what nobody has said."""

    def recast(self, before: Point, after: Point, between: Point, progress: float) -> Point:
        """A point on the way from one point to another, at `progress` in 0..1, whose steps are those of one end.

        `between` is the same point as it is interpolated; it is returned where there is no such step.
        """
        ...


@runtime_checkable
class LayeredLatents(Protocol):
    """A generator that takes one noise vector for each layer."""

    layers: int


@runtime_checkable
class FreeLatents(Protocol):
    """A generator whose z describes one picture (its pixels, strokes or codes), instead of being normal noise.

    Such z are interpolated linearly, drift along directions that the generator names, and are bounded by the generator;
    truncation means nothing for them. `sample` gives pictures of no particular content.
    """

    z_shape: tuple[int, ...]  # without the batch; the last is z_dim
    z_rate: float  # the optimiser's learning rate, relative to that for normal noise
    aspect: float  # width to height of the picture that z describes; a wider one is continued at the sides

    def bounded(self, z: Tensor) -> Tensor:
        """The nearest z that describe a picture. [batch, *z_shape] -> the same."""
        ...

    def prior(self, z: Tensor) -> Tensor:
        """How unlike a natural picture z are: a scalar of 0 or more, differentiable, to be kept small."""
        ...

    def drift_directions(self, count: int, seed: int) -> Floats:
        """What a drift adds to z at full width, in each of `count` directions. -> [count, *z_shape]."""
        ...


@runtime_checkable
class PictureEncoder(Protocol):
    """A generator that finds the latents of a given picture, so that dreams can start from any picture."""

    encoded_size: tuple[int, int]  # (height, width) of the pictures that it takes, in pixels

    def encode(self, pictures: Tensor) -> Tensor:
        """The z whose pictures are most like these. [n, 3, height, width] in 0..1 -> [n, *z_shape]."""
        ...


@runtime_checkable
class WordPainter(Protocol):
    """A generator that reads words by itself: z holds noise and the embedding of a text, row by row.

    Its pictures need no perceptor, no latent bank and no optimisation. Every row is interpolated as noise is, on its
    sphere; drift and faders move the rows of the noise only.
    """

    z_shape: tuple[int, ...]  # without the batch: [rows, z_dim]
    noise_rows: int  # the first rows of z

    def compose(self, texts: Sequence[str], weights: Sequence[float], seed: int) -> Floats:
        """The z of weighted texts; negative weights push away. The seed draws the noise. -> [1, *z_shape]."""
        ...

    def fit(self, text: str) -> str:
        """The text itself, or as many of its first whole words as the model reads."""
        ...

    def noise_directions(self, count: int, seed: int) -> Floats:
        """Directions of a drift: unit rows of noise, and zeros for the words. -> [count, *z_shape]."""
        ...


@runtime_checkable
class Arrangeable(Protocol):
    """A generator that can show how many figures there are, how large, and where, when words say so."""

    marks: tuple[str, ...]
    noise_dimensions: int  # of z, the first ones; the others hold the marks, which no drift and no fader may move

    def with_marks(self, point: Point, marks: Sequence[str]) -> Point:
        """The same point with these marks set and all others cleared."""
        ...

    def marks_of(self, point: Point) -> tuple[str, ...]:
        """The marks that are set in a point, a batch of one."""
        ...


@runtime_checkable
class Grown(Protocol):
    """A generator whose earlier editions had fewer classes."""

    def from_earlier(self, point: Point) -> Point | None:
        """The same pictures in the classes of today; None if the point is of no earlier edition."""
        ...


@runtime_checkable
class ClassEmbedded(Protocol):
    """A generator that sees a weighted sum of one vector for each class."""

    @property
    def class_embeddings(self) -> Floats:
        """The vectors. -> [classes, d]."""
        ...


@runtime_checkable
class IndependentClasses(Protocol):
    """A generator that can take a weight for each class, instead of weights that sum to 1."""

    def use_independent_classes(self) -> None:
        """Make no group a simplex from now on (see `Group`)."""
        ...


def z_shapes(generator: Generator) -> list[tuple[int, ...]]:
    """The shapes that z of a generator may have, without the batch."""
    if isinstance(generator, FreeLatents | WordPainter):
        return [generator.z_shape]
    layered = [(generator.layers, generator.z_dim)] if isinstance(generator, LayeredLatents) else []
    return [(generator.z_dim,), *layered]
