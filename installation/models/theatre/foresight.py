"""Paints the scene that a walk leads to once, in a thread, so that no frame has to wait for what is made for it.

The people of a scene are cut in the pose of what they do, things of glyphs when they are shown for the first time, and
a street, a room or a wood is painted once for a size; all of them are kept.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import torch

from installation.models.interfaces import Latents, Point
from installation.models.theatre.camera import STAGE
from installation.models.theatre.figure_atlas import Atlas
from installation.models.theatre.figures import cast_figures
from installation.models.theatre.marks import FIRST
from installation.models.theatre.outlines import sheets_as
from installation.models.theatre.planes import flat_planes
from installation.models.theatre.raster import PixelGrid
from installation.models.theatre.scene import Scene
from installation.models.theatre.vocabulary import GROUP_SLICES

TINY = (18, 32)  # pixels of the picture whose figures are cast; it is never painted
GROUPS_ON_STAGE = ("weather", "terrain", "subject", "companion")  # of classes that say what is on stage


class Foresight:
    """Cuts the figures that a walk leads to and paints its picture, once for each scene.

    What fails here fails again, and is told, where it is shown.
    """

    def __init__(self, atlas: Atlas) -> None:
        self._atlas = atlas
        self._thread: ThreadPoolExecutor | None = None
        self._last: tuple[int | bytes, ...] = ()

    def foresee(self, point: Point, paint: Callable[[], object] | None = None) -> Future[None] | None:
        """Begin to cut the figures of a point of one scene and to paint it; None if it is the last scene."""
        heaviest = (int(point.classes[0, GROUP_SLICES[group]].argmax()) for group in GROUPS_ON_STAGE)
        key: tuple[int | bytes, ...] = (*heaviest, point.z[:, FIRST:].tobytes())
        if key == self._last:
            return None
        self._last = key
        self._thread = self._thread or ThreadPoolExecutor(1, "cutting")
        return self._thread.submit(_prepare, point, self._atlas, paint)


def _prepare(point: Point, atlas: Atlas, paint: Callable[[], object] | None) -> None:
    cut_figures(point, atlas)
    if paint is not None:
        paint()


@torch.inference_mode()
def cut_figures(point: Point, atlas: Atlas) -> None:
    """Cut all figures of one scene, each person in its pose, as an audience will see them."""
    latents = Latents(torch.from_numpy(point.z).float(), torch.from_numpy(point.classes).float())
    scene = Scene(latents, PixelGrid(*TINY, torch.device("cpu")), 0.0, 1.0, staged=True)
    for cast in cast_figures(flat_planes(scene)[STAGE], atlas):
        for role in cast.roles:
            sheets_as(role.figure, atlas)
