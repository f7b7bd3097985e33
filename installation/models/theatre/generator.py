"""The theatre as a Generator: sampling of coherent scenes, rendering with gradients, painting to bytes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial

import numpy as np
import torch
from torch import Tensor

from installation.models.capabilities import Transitions
from installation.models.interfaces import (
    ABSENT,
    Floats,
    Group,
    Latents,
    ModelPlace,
    Picture,
    Point,
    Size,
    height_width,
    weights_of,
)
from installation.models.latent_sampling import ConditionalPriors, sample_joint_classes
from installation.models.op_tape import TapedFunction, prepare_tapes
from installation.models.theatre import marks as theatre_marks
from installation.models.theatre.camera import camera_at
from installation.models.theatre.class_priors import class_priors
from installation.models.theatre.composition import paint_scene
from installation.models.theatre.decoded_classes import painted_classes
from installation.models.theatre.decoded_marks import painted_marks
from installation.models.theatre.earlier_worlds import from_earlier
from installation.models.theatre.figure_atlas import load_atlas
from installation.models.theatre.foresight import Foresight
from installation.models.theatre.person_cutting import prepare_people
from installation.models.theatre.planes import Staging
from installation.models.theatre.raster import PixelGrid, cached_constant
from installation.models.theatre.recasting import recast
from installation.models.theatre.scene import Scene
from installation.models.theatre.scene_change import scene_change, z_progress
from installation.models.theatre.sheet_cutting import prepare_cutting
from installation.models.theatre.vocabulary import GROUP_SLICES, GROUPS, NUM_CLASSES

Z_DIM = 96  # more than `vocabulary.Z` uses, for the BigGAN that is trained on the theatre's pictures
Z_SPREAD = 0.8  # standard deviation of z in a sample


@cache
def _scene_priors() -> Mapping[str, ConditionalPriors]:
    """Which classes of all groups go together."""
    return class_priors()


@cached_constant
def _pixel_grid(height: int, width: int, device: torch.device) -> PixelGrid:
    return PixelGrid(height, width, device)


@cached_constant
def _dither(height: int, width: int, device: torch.device) -> Tensor:
    """Uniform noise in 0..1, [height, width]: added before truncation to bytes, it prevents bands in dark skies."""
    return torch.rand(height, width, generator=torch.Generator().manual_seed(1)).to(device)


class Theatre:
    """A differentiable painter of paper-cut landscapes: no weights, any size, any shape.

    `jitter` (0..1) is how much z moves and scales the figures.
    """

    name = "theatre"
    z_dim = Z_DIM
    groups: tuple[Group, ...] = GROUPS
    marks: tuple[str, ...] = theatre_marks.NAMES
    noise_dimensions = theatre_marks.FIRST
    native_size = 128
    resolution_free = True

    def __init__(self, place: ModelPlace, jitter: float = 1.0) -> None:
        self.device = torch.device(place.device)
        self.jitter = jitter
        self._place = place
        self._camera = 0.0
        self._transitions: Transitions = "blend"
        self._taped = TapedFunction()
        self._atlas = load_atlas(place.assets / "theatre" / "figures.npz", self.device)
        self._foresight = Foresight(self._atlas)
        self._largest: Size = self.native_size  # of the pictures painted so far

    def finish_loading(self) -> None:
        """See `installation.models.interfaces.FinishesLoading`."""
        self.finish_painting()
        if self.device.type == "cpu":
            prepare_tapes()

    def finish_painting(self) -> None:
        """See `installation.models.interfaces.FinishesLoading`."""
        prepare_cutting()
        prepare_people()

    def sample(self, n: int, seed: int) -> Point:
        """Draw `n` scenes whose classes go together (see `class_priors`); each group has one class.

        About half of them have clear weather, one in five has no subject.
        """
        rng = np.random.default_rng(seed)
        logits = np.full((n, NUM_CLASSES), ABSENT, np.float32)
        choices = sample_joint_classes(rng, n, GROUPS, _scene_priors())  # [n, groups]
        for choice, columns in zip(choices.T, GROUP_SLICES.values(), strict=True):
            logits[np.arange(n), columns.start + choice] = 0.0
        return Latents((Z_SPREAD * rng.standard_normal((n, Z_DIM))).astype(np.float32), logits)

    def from_earlier(self, point: Point) -> Point | None:
        """See `Grown.from_earlier`."""
        return from_earlier(point)

    def with_marks(self, point: Point, marks: Sequence[str]) -> Point:
        """See `Arrangeable.with_marks`."""
        return Latents(theatre_marks.with_marks(point.z, marks), point.classes)

    def marks_of(self, point: Point) -> tuple[str, ...]:
        """See `Arrangeable.marks_of`."""
        return theatre_marks.marks_of(point.z)

    def render(self, latents: Latents[Tensor], size: Size | None = None, phase: float = 0.0) -> Tensor:
        """Render with gradients in z and in the logits of the classes that have weight.

        A layer costs the pixels of its box, and nothing if no scene of the batch has its class. Many scenes are
        therefore fastest in batches of about 16, sorted by terrain and weather.

        Args:
            latents: z [batch, 96] and classes [batch, NUM_CLASSES].
            size: A side or (height, width), in pixels. The middle square of a wide or tall picture is the square
                picture, but figures stand farther from the middle of a wide one.
            phase: Seconds; drives all motion.

        Returns:
            [batch, 3, height, width] in 0..1.
        """
        picture = self._picture_of_z(latents.classes, size, phase)
        if not self._repeats(latents):
            return picture(latents.z)
        key = size, phase, self.jitter
        if latents.z.requires_grad and torch.is_grad_enabled():
            return self._taped(picture, latents.z, latents.classes, key)
        repeated = self._taped.repeat(latents.z, latents.classes, key)
        return picture(latents.z) if repeated is None else repeated

    def prepare_gradient(self, latents: Latents[Tensor], size: Size | None = None) -> bool:
        """See `PreparesGradients.prepare_gradient`."""
        if not self._repeats(latents):
            return False
        picture = self._picture_of_z(latents.classes, size, 0.0)
        return self._taped.prepare(picture, latents.z, latents.classes, (size, 0.0, self.jitter))

    def _picture_of_z(self, classes: Tensor, size: Size | None, phase: float) -> Callable[[Tensor], Tensor]:
        def picture(z: Tensor) -> Tensor:
            latents = Latents(z, classes)
            return self._picture(latents, self.scene(latents, size, phase), None)

        return picture

    def scene(self, latents: Latents[Tensor], size: Size | None, phase: float) -> Scene:
        """The latents, decoded for a picture of this size."""
        height, width = height_width(size or self.native_size)
        return Scene(latents, _pixel_grid(height, width, self.device), phase, self.jitter)

    def _repeats(self, latents: Latents[Tensor]) -> bool:
        """Whether latents look like those of a dream, which moves the z of one scene for hundreds of steps."""
        of_dream = len(latents.z) == 1 and not latents.classes.requires_grad and not torch.is_inference_mode_enabled()
        return of_dream and self.device.type == "cpu"

    @torch.inference_mode()
    def paint(self, latents: Point, size: Size | None = None, phase: float = 0.0) -> Picture:
        """Paint one scene as bytes, [height, width, 3], with dithering; as staged by `set_stage`."""
        tensors = Latents(self._tensor(latents.z), self._tensor(latents.classes))
        self._largest = max(self._largest, size or self.native_size, key=height_width)
        image = self._staged(tensors, size, phase, latents)[0]
        dither = _dither(image.shape[1], image.shape[2], self.device)
        quantised = torch.add(dither, image, alpha=255, out=image).clamp_(0, 255).to(torch.uint8)
        picture: Picture = torch.stack(quantised.unbind(), 2).cpu().numpy()  # sooner than a permuted copy
        return picture

    @torch.inference_mode()
    def _paint_once(self, latents: Point, size: Size) -> None:
        """Make what the picture of a scene needs, which is kept."""
        self._staged(Latents(self._tensor(latents.z), self._tensor(latents.classes)), size, 0.0, latents)

    def set_stage(self, camera: float, transitions: Transitions) -> None:
        """See `installation.models.capabilities.Staged`."""
        self._camera, self._transitions = camera, transitions

    def z_progress(self, before: Floats, after: Floats, progress: float) -> float:
        """See `installation.models.capabilities.Staged`."""
        if self._transitions == "blend":
            return progress
        return z_progress(before, after, progress, moves=self._transitions == "scenes")

    def recast(self, before: Point, after: Point, between: Point, progress: float) -> Point:
        """See `installation.models.capabilities.Recasting`."""
        if self.device.type == "cpu" and self._transitions == "scenes":
            self._foresight.foresee(after, partial(self._paint_once, after, self._largest))
        return recast(before, after, between, progress, moves=self._transitions == "scenes")

    def is_mixed(self, classes: Floats) -> bool:
        """See `installation.models.capabilities.Staged`."""
        return not scene_change(torch.from_numpy(weights_of(classes, GROUPS)), moves=True).settled

    def _staged(self, latents: Latents[Tensor], size: Size | None, phase: float, point: Point) -> Tensor:
        """One scene as the camera sees it, without gradient; a picture alone is rendered as it is.

        `point` is what the latents are, of which what is decoded of classes and marks is kept for the next frame.
        """
        if self._transitions == "blend" and self._camera <= 0.0:
            return self.render(latents, size, phase)
        height, width = height_width(size or self.native_size)
        grid = _pixel_grid(height, width, self.device)
        classes = painted_classes(point.classes.astype(np.float32).tobytes(), self.device)
        marked = painted_marks(point.z[:, theatre_marks.FIRST :].astype(np.float32).tobytes(), self.device)
        scene = Scene(latents, grid, phase, self.jitter, True, classes, marked)
        change = scene_change(scene.weights, self._transitions == "scenes")
        staging = Staging(camera_at(scene, self._camera), None if self._transitions == "blend" else change)
        return self._picture(latents, scene, staging)

    def _picture(self, latents: Latents[Tensor], scene: Scene, staging: Staging | None) -> Tensor:
        """The picture of latents, which `scene` holds decoded: [batch, 3, height, width] in 0..1."""
        del latents
        return paint_scene(scene, self._atlas, staging)

    def _tensor(self, values: Floats) -> Tensor:
        return torch.as_tensor(values, dtype=torch.float32, device=self.device)
