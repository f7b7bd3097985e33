"""FuseDream's composition of two pictures: what one prompt shows is cut out and set into the picture of another.

Both pictures are dreamed, then the cut-out's place and size and the z of both are optimised together, so that the
whole matches both prompts (Liu et al., 2021, composed generation). FuseDream cuts out a rectangle; here the cut-out
follows the outline of the figures where the generator can leave them out (see `Group.neutral`), and is a soft ellipse
elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from installation.core.errors import ShowError
from installation.dream.class_names import strongest_classes
from installation.dream.cutouts import cutouts
from installation.dream.prompt_target import PromptTarget
from installation.dream.word_session import WordDream
from installation.models.interfaces import ABSENT, Latents, Picture, Point, slices
from installation.studio.imagine import Imagined, ImagineState, check_pictures, imagine, without_colours
from installation.studio.workspace import FILM_SIZE, Studio

VISIBLE = (0.1, 0.22)  # change of a pixel from which it belongs to a figure: a little, and wholly
MIN_AREA, MAX_AREA = 0.002, 0.5  # of the picture that a figure covers; what covers more is no figure but a mood
MIN_FILLED = 0.12  # of the box around a figure: flakes of snow fill less
ELLIPSE = (0.55, 0.95)  # of half a side, where a soft ellipse begins and ends to fade
SCALES, COLUMNS = (0.55, 0.75, 1.0), (-0.36, -0.24, -0.12, 0.0, 0.12, 0.24, 0.36)  # sizes and places that are tried
HIDING = 0.4  # weight of the share by which figures hide those of the other picture
BOUNDS = ((-0.4, 0.4), (-0.4, 0.4), (0.5, 1.2))  # of a `Place`
JOINT_SHARE = 0.2  # of the iterations, that move both pictures and the place together
Z_RATE, PLACE_RATE = 0.02, 0.01  # of Adam
CUTOUTS = 6


class Figure(NamedTuple):
    """What is cut out of a picture.

    Attributes:
        matte: [1, 1, height, width], 0..1.
        centre: x and y in units of the shorter side of the picture, 0 in its middle.
        foot: y of its lower edge.
    """

    matte: Tensor
    centre: tuple[float, float]
    foot: float


def compose(
    studio: Studio,
    prompt: str,
    onto: str,
    seed: int = 1,
    steps: int = 150,
    *,
    on_state: Callable[[ImagineState], None] | None = None,
) -> Imagined:
    """Dream of two prompts and set what the first shows into the picture of the second.

    Ctrl-C ends the dream of the moment; what there is is composed.

    Args:
        studio: The models.
        prompt: What is cut out.
        onto: What it is set into.
        seed: The same seed gives the same picture.
        steps: Iterations of each of the two dreams.
        on_state: Called after every iteration of them.

    Returns:
        The composed picture; its latents are those of both pictures, a batch of two.

    Raises:
        ShowError: See `imagine`; or the generator reads words by itself.
    """
    joint = studio.dream(check_pictures(f"{prompt} | {onto}"), seed)
    if isinstance(joint, WordDream):
        raise ShowError(
            f"'{studio.generator_name}' paints words at once: nothing is cut out; write both into one prompt."
        )
    front = imagine(studio, prompt, seed, steps, on_state=on_state)
    back = imagine(studio, onto, seed, 0 if front.interrupted else steps, on_state=on_state)
    collage = Collage(studio, front.latents, back.latents)
    place, score = collage.optimise(joint.target, round(JOINT_SHARE * front.steps), seed)
    picture = collage.paint(place)
    return replace(
        front,
        picture=without_colours(picture) if studio.options.dream.grayscale else picture,
        latents=collage.points(),
        labels=tuple(dict.fromkeys((*front.labels, *back.labels))),
        scores=(*front.scores, *back.scores),
        best_score=score,
        steps=min(front.steps, back.steps),
        interrupted=front.interrupted or back.interrupted,
        notice=" ".join(filter(None, dict.fromkeys((front.notice, back.notice)))),
    )


class Collage:
    """Two pictures of a generator, of which the figures of the first are set into the second.

    A place is a tensor of three: x and y of the middle of the figures, in units of the shorter side, 0 in the middle of
    the picture, and their scale.
    """

    def __init__(self, studio: Studio, front: Point, back: Point) -> None:
        """Find the figures of both pictures, batches of one."""
        self._models, self._truncation = studio.dream_models, studio.truncation
        self._generator = studio.generator
        shape = studio.options.size or FILM_SIZE
        self._full = shape if self._generator.resolution_free else None
        side = studio.options.dream.size / min(shape)
        self._small = (round(shape[0] * side), round(shape[1] * side)) if self._full else None
        self._classes = [self._models.to_device(each.classes) for each in (front, back)]
        self._z = [self._models.to_device(each.z) for each in (front, back)]
        self._blanks = [self._find_figures(index, each) for index, each in enumerate((front, back))]

    def points(self) -> Point:
        """The latents of both pictures."""
        parts = ([each.numpy(force=True) for each in both] for both in (self._z, self._classes))
        return Latents(*(np.concatenate(each) for each in parts))

    def paint(self, place: Tensor) -> Picture:
        """The picture at its full size, as bytes."""
        with torch.no_grad():
            picture, _ = self._compose(self._z, place, self._full)
        painted: Picture = picture[0].permute(1, 2, 0).mul(255.0).round().to(torch.uint8).numpy(force=True)
        return painted

    def optimise(self, target: PromptTarget, steps: int, seed: int) -> tuple[Tensor, float]:
        """Move the figures, and the z of both pictures; return the best place and its score."""
        random = torch.Generator(self._models.stream.device)
        random.manual_seed(seed)
        place = self._best_of_grid(target, random).requires_grad_()
        moving = [*(each.clone().requires_grad_() for each in self._z), place]
        rate = Z_RATE * self._models.space.rate
        adam = torch.optim.Adam([{"params": moving[:2], "lr": rate}, {"params": [place], "lr": PLACE_RATE}])
        best, best_rating, score = place.detach().clone(), -np.inf, 0.0
        for step in range(steps + 1):
            composed, hidden = self._compose(moving[:2], place, self._small)
            embeddings = self._models.perceptor.embed_image(cutouts(composed, CUTOUTS, self._side, random))
            whole = embeddings[:1].detach()
            if (rating := float(target.rating(whole)[0] - HIDING * hidden.detach())) > best_rating:
                best, best_rating, score = place.detach().clone(), rating, float(target.score(whole)[0])
                self._z = [each.detach().clone() for each in moving[:2]]
            if step < steps:
                gradients = torch.autograd.grad(target.loss(embeddings) + HIDING * hidden, moving)
                for values, gradient in zip(moving, gradients, strict=True):
                    values.grad = gradient
                adam.step()
                self._keep_within(moving)
        return best, score

    def _keep_within(self, moving: list[Tensor]) -> None:
        with torch.no_grad():
            for z in moving[:2]:
                z.copy_(self._models.space.bounded(z, z.new_tensor(self._truncation)))
            for value, bounds in zip(moving[2], BOUNDS, strict=True):
                value.clamp_(*bounds)

    def _best_of_grid(self, target: PromptTarget, random: torch.Generator) -> Tensor:
        """The best of some places on the ground that the figures stand on, and of the one that they have."""
        with torch.no_grad():
            front, back = (self._render(index, self._z[index], self._small) for index in (0, 1))
            figure = self._figure(front, self._z[0], self._small)
            other = self._matte(1, back, self._z[1], self._small)
            (x, y), foot = figure.centre, figure.foot
            grid = [(x, y, 1.0), *((column, foot - size * (foot - y), size) for size in SCALES for column in COLUMNS)]
            places = [back.new_tensor(each) for each in grid]
            wholes, hidden = zip(*(_set_into(front, back, figure, other, place) for place in places), strict=True)
            views = torch.cat([cutouts(whole, 1, self._side, random) for whole in wholes])
            ratings = target.rating(self._models.perceptor.embed_image(views)) - HIDING * torch.stack(hidden)
            return places[int(ratings.argmax())]

    @property
    def _side(self) -> int:
        return self._models.perceptor.input_size

    def _render(self, index: int, z: Tensor, size: tuple[int, int] | None) -> Tensor:
        return self._generator.render(Latents(z, self._classes[index]), size)

    def _compose(self, z: list[Tensor], place: Tensor, size: tuple[int, int] | None) -> tuple[Tensor, Tensor]:
        """The composed picture, and the share of the other figures that it hides."""
        front, back = (self._render(index, z[index], size) for index in (0, 1))
        figure = self._figure(front.detach(), z[0].detach(), size)
        return _set_into(front, back, figure, self._matte(1, back.detach(), z[1].detach(), size), place)

    def _find_figures(self, index: int, point: Point) -> list[Tensor]:
        """Class logits of a picture without one of its figures each; none if the generator has none to leave out."""
        groups, blanks = self._generator.groups, []
        for group, where, chosen in zip(groups, slices(groups), strongest_classes(point, groups)[0], strict=True):
            if group.neutral is None or group.neutral == chosen:
                continue
            logits = point.classes.copy()
            logits[:, where] = ABSENT
            logits[:, where.start + group.neutral] = 0.0
            blank = self._models.to_device(logits)
            with torch.no_grad():
                whole = self._render(index, self._z[index], self._small)
                if _is_figure(self._change(whole, self._z[index], blank, self._small)):
                    blanks.append(blank)
        return blanks

    def _change(self, picture: Tensor, z: Tensor, blank: Tensor, size: tuple[int, int] | None) -> Tensor:
        """Where a picture changes if a figure is left out, 0..1. -> [1, 1, height, width]."""
        change = (picture - self._generator.render(Latents(z, blank), size)).abs().amax(dim=1, keepdim=True)
        return _smoothstep(change, *VISIBLE)

    def _matte(self, index: int, picture: Tensor, z: Tensor, size: tuple[int, int] | None) -> Tensor:
        """Where the figures of a picture are, 0..1. -> [1, 1, height, width]."""
        with torch.no_grad():
            changes = [self._change(picture, z, blank, size) for blank in self._blanks[index]]
            return torch.stack([torch.zeros_like(picture[:, :1]), *changes]).amax(dim=0)

    def _figure(self, front: Tensor, z: Tensor, size: tuple[int, int] | None) -> Figure:
        with torch.no_grad():
            matte = self._matte(0, front, z, size) if self._blanks[0] else _ellipse(front)
            y, x = _coordinates(matte)
            total = matte.sum().clamp(min=1e-6)
            rows = matte.amax(dim=(0, 1, 3)) > 0.5
            centre = float((matte * x).sum() / total), float((matte * y[:, None]).sum() / total)
            return Figure(matte, centre, float(y[rows].max()) if rows.any() else 0.5)


def _set_into(front: Tensor, back: Tensor, figure: Figure, other: Tensor, place: Tensor) -> tuple[Tensor, Tensor]:
    """Set the figure of one picture into another, of whose figures `other` is the matte.

    Returns:
        The picture [1, 3, height, width], and the share of the smaller of both figures that overlaps, a scalar.
    """
    height, width = front.shape[-2:]
    half = place.new_tensor([width, height]) / (2 * min(height, width))  # of the sides, in units
    centre, moved = place.new_tensor(figure.centre) / half, place[:2] / half  # -1..1, as affine_grid takes them
    shrink = 1.0 / place[2]
    matrix = torch.cat([torch.diag(shrink.expand(2)), (centre - shrink * moved)[:, None]], dim=1)
    grid = F.affine_grid(matrix[None], list(front.shape), align_corners=False)
    picture = F.grid_sample(front, grid, padding_mode="border", align_corners=False)
    matte = F.grid_sample(figure.matte, grid, align_corners=False)
    smaller = torch.minimum(matte.sum(), other.sum()).clamp(min=1.0)
    return back + matte * (picture - back), (matte * other).sum() / smaller


def _is_figure(matte: Tensor) -> bool:
    """Whether what a matte covers is one thing, not weather or a tint."""
    solid = matte[0, 0] > 0.5
    rows, columns = solid.any(dim=1).nonzero(), solid.any(dim=0).nonzero()
    if not len(rows):
        return False
    box = (rows.max() - rows.min() + 1) * (columns.max() - columns.min() + 1)
    area = float(solid.float().mean())
    return MIN_AREA <= area <= MAX_AREA and float(solid.sum() / box) >= MIN_FILLED


def _ellipse(picture: Tensor) -> Tensor:
    height, width = picture.shape[-2:]
    y, x = (torch.linspace(-1.0, 1.0, count, device=picture.device) for count in (height, width))
    return 1.0 - _smoothstep(torch.hypot(x[None, :], y[:, None]), *ELLIPSE)[None, None]


def _coordinates(matte: Tensor) -> tuple[Tensor, Tensor]:
    """Y [height] and x [width] of the pixels, in units of the shorter side, 0 in the middle."""
    unit = min(matte.shape[-2:])
    y, x = ((torch.arange(count, device=matte.device) + 0.5 - count / 2) / unit for count in matte.shape[-2:])
    return y, x


def _smoothstep(values: Tensor, low: float, high: float) -> Tensor:
    t = ((values - low) / (high - low)).clamp(0.0, 1.0)
    return t * t * (3.0 - 2.0 * t)
