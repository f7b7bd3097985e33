"""Pictures that are shown as they were stored: pinned by a cue, part of a snapshot, or kept from an earlier cue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from installation.core.messages import Direction, Prompt, StoredPicture, Value
from installation.models.capabilities import z_shapes
from installation.models.interfaces import Generator, Latents, Point
from installation.render.latent_walk import interpolate


class PinnedPicture:
    """Stored latents in place of a dream: nothing is optimised. Several are blended by the weights of their prompts."""

    most_cutouts = cutouts = 1
    optimises = False

    def __init__(self, generator: Generator, prompts: Sequence[Prompt], points: Sequence[Point]) -> None:
        """`points`: the latents of each prompt, a batch of one each."""
        self.prompt_id = prompts[-1].id
        self.steps = 0
        self.score = self.start_score = 0.0
        self._groups = generator.groups
        self._points = tuple(points)
        self.set_prompts(prompts)

    def set_prompts(self, prompts: Sequence[Prompt]) -> None:
        """See `DreamProtocol.set_prompts`."""
        total = 0.0
        point = self._points[0]
        for prompt, other in zip(prompts, self._points, strict=True):
            weight = max(0.0, prompt.weight)
            total += weight
            if total:
                point = interpolate(point, other, weight / total, self._groups)
        self._point = point

    def step(self) -> bool:
        """See `DreamProtocol.step`."""
        return False

    def point(self) -> Point:
        """See `DreamProtocol.point`."""
        return self._point

    def set_params(self, params: Mapping[str, Value]) -> None:
        """See `DreamProtocol.set_params`."""

    def set_cutouts(self, cutouts: int) -> None:
        """See `DreamProtocol.set_cutouts`."""

    def related_classes(self) -> tuple[int, ...]:
        """See `DreamProtocol.related_classes`: here, those of the stored picture."""
        return tuple(np.argsort(-self._point.classes[0], kind="stable").tolist())

    def pop_notice(self) -> str:
        """See `DreamProtocol.pop_notice`."""
        return ""


def pinned_picture(direction: Direction, generator: Generator) -> PinnedPicture | None:
    """The pinned picture of a Direction; None if any of its prompts has none, or one that the generator cannot show."""
    stored = {picture.name: picture for picture in direction.pictures}
    pictures = [stored.get(prompt.picture) for prompt in direction.prompts]
    points = [Latents(each.z, each.classes) for each in pictures if each and fits(each, generator)]
    if not points or len(points) < len(direction.prompts):
        return None
    return PinnedPicture(generator, direction.prompts, points)


def missing_pictures(direction: Direction, generator: Generator) -> list[str]:
    """A sentence for each picture that a Direction names and that cannot be shown."""
    stored = {picture.name: picture for picture in direction.pictures}
    sentences = []
    for prompt in direction.prompts:
        picture = stored.get(prompt.picture)
        if prompt.picture and picture is None and not prompt.picture.startswith("prompt:"):
            sentences.append(f"The picture '{prompt.picture}' is missing: '{prompt.text}' is dreamed instead.")
        elif picture is not None and not fits(picture, generator):
            other = f"of '{picture.generator}'" if picture.generator else "of another generator"
            sentences.append(f"The picture '{picture.name}' is {other}, not of '{generator.name}': it is dreamed anew.")
    return sentences


def fits(picture: StoredPicture, generator: Generator) -> bool:
    """Whether a generator can show these latents."""
    shapes = [(1, *shape) for shape in z_shapes(generator)]
    classes = sum(len(group.labels) for group in generator.groups)
    finite = bool(np.isfinite(picture.z).all() and np.isfinite(picture.classes).all())
    named = picture.generator in ("", generator.name)
    return named and finite and picture.z.shape in shapes and picture.classes.shape == (1, classes)
