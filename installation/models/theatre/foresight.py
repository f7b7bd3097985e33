"""Cuts the people of a scene before they come on stage, in a thread, so that no frame has to wait for them."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor

import torch

from installation.models.interfaces import Latents, Point
from installation.models.theatre.figure_atlas import LABELS, subject_weights
from installation.models.theatre.figure_layout import Figure
from installation.models.theatre.jointed_figures import jointed_of
from installation.models.theatre.marks import FIRST
from installation.models.theatre.poses import posed
from installation.models.theatre.raster import PixelGrid
from installation.models.theatre.scene import Scene
from installation.models.theatre.vocabulary import GROUP_SLICES

GROUPS_OF_PEOPLE = ("terrain", "subject", "companion")  # of classes that say who is on stage, in which look
SIZE = 8  # pixels of the picture whose people are cut; it is never painted


class Foresight:
    """Cuts the people that a walk leads to, once for each scene.

    What fails here fails again, and is told, where the people are painted.
    """

    def __init__(self) -> None:
        self._thread: ThreadPoolExecutor | None = None
        self._last: tuple[int | bytes, ...] = ()

    def foresee(self, point: Point) -> Future[None] | None:
        """Begin to cut the people of a point of one scene; None if they are those of the last one."""
        heaviest = (int(point.classes[0, GROUP_SLICES[group]].argmax()) for group in GROUPS_OF_PEOPLE)
        key: tuple[int | bytes, ...] = (*heaviest, point.z[:, FIRST:].tobytes())
        if key == self._last:
            return None
        self._last = key
        self._thread = self._thread or ThreadPoolExecutor(1, "cutting")
        return self._thread.submit(cut_people, point)


@torch.inference_mode()
def cut_people(point: Point) -> None:
    """Cut the first two people of a scene, each in its pose, as an audience will see them."""
    latents = Latents(torch.from_numpy(point.z).float(), torch.from_numpy(point.classes).float())
    scene = Scene(latents, PixelGrid(SIZE, SIZE, torch.device("cpu")), 0.0, 1.0, staged=True)
    kinds = scene.second_kind
    first = _figure(scene.group("subject"))
    second = _figure(kinds if kinds.sum() > 0 else subject_weights(scene.group("companion")))
    names = [LABELS[one.present()[0]] if one.present() else "" for one in (first, second)]
    for figure, is_second, other in ((first, False, names[1]), (second, True, names[0])):
        if figure.present():
            jointed_of(posed(scene, figure, is_second, other=other))


def _figure(weights: torch.Tensor) -> Figure:
    """A figure of these kinds anywhere."""
    blank = torch.full((1, 1, 1, 1), 0.5)
    return Figure(weights, blank, blank, blank, blank)
