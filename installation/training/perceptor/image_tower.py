"""Training of the eyes, the perceptor's picture tower: pictures land on the sum of their classes.

Three wishes: in each group the right class before the others, a caption before those of other pictures (InfoNCE of van
den Oord et al., 2018, as CLIP has it, where captions are any part of what is there), and the goal itself.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from installation.training.data.lexicon import PLACES
from installation.training.data.render_store import RenderStore
from installation.training.loop import Tell, TrainingLoop
from installation.training.perceptor.class_embeddings import ClassEmbeddings

BATCH = 128
RATES = (("sharpness", 5e-3, 0.0), ("", 2e-3, 0.02))
MEAN, STD = (0.48, 0.45, 0.41), (0.27, 0.26, 0.27)  # of the pictures, for r, g, b
SHARP = 20.0  # at first; of the choice among classes and among captions
CHOOSING, LANDING = 0.5, 1.0  # weights of the wishes beside the captions'
CARE = {"subject": 1.6, "celestial": 1.2, "subject_colour": 1.1, "tint": 0.8, "companion": 0.8, "detail": 0.6}
SMOOTHING = 0.02  # of the labels
NAMED = 0.6  # share of the groups that a caption names
ZOOM = (0.82, 1.05)  # part of the picture's side that is seen, in half of the pictures
SOFT = 0.2  # share of the pictures that are seen as a generator would draw them, without the finest detail
SHIFT = 0.06  # of the side, by which these are moved at most


class ImageTowerTrainer:
    """A picture tower and what it learns from. Pictures are of the tower's own size."""

    def __init__(self, visual: Any, codes: ClassEmbeddings, device: str) -> None:
        self.visual = visual.to(device).to(memory_format=torch.channels_last)
        self.codes, self.device = codes, device
        self._mean = torch.tensor(MEAN, device=device).view(1, 3, 1, 1)
        self._std = torch.tensor(STD, device=device).view(1, 3, 1, 1)
        self._sharpness = torch.full((len(PLACES) + 1,), math.log(SHARP), device=device, requires_grad=True)

    def train(self, renders: RenderStore, steps: int, seed: int, folder: Path, tell: Tell) -> None:
        """From the last checkpoint of the folder to the end."""
        classes = torch.from_numpy(np.array(renders.classes)).long().to(self.device)

        def step(index: int) -> tuple[Tensor, Mapping[str, float]]:
            random = np.random.default_rng([seed, index])
            rows = np.sort(random.choice(len(renders), min(BATCH, len(renders)), replace=False))
            pictures = varied(tensor_of(renders.pictures[rows]), random).to(self.device)
            return self._wishes(self.see(pictures), classes[torch.from_numpy(rows)], random)

        live = {f"visual.{key}": value for key, value in _named(self.visual).items()}
        self.visual.train()
        TrainingLoop("eyes", {**live, "sharpness": self._sharpness}, RATES, folder).run(steps, step, tell)
        self.visual.eval()
        deafen(self.visual.attnpool.c_proj, self.codes.hush)

    def see(self, pictures: Tensor) -> Tensor:
        """[n, 3, side, side] in 0..1 -> unit rows [n, d]; in bfloat16 while training."""
        seen = ((pictures - self._mean) / self._std).contiguous(memory_format=torch.channels_last)
        with torch.autocast(self.device, torch.bfloat16, enabled=self.visual.training):
            found: Tensor = self.visual(seen)
        return F.normalize(found.float(), dim=1)

    def _wishes(self, seen: Tensor, choice: Tensor, random: np.random.Generator) -> tuple[Tensor, Mapping[str, float]]:
        sharpness = self._sharpness.exp().clamp(max=60.0)
        choosing, figures = seen.new_zeros(()), {}
        for column, (name, where) in enumerate(PLACES.items()):
            scores = sharpness[column] * seen @ self.codes.classes[where].T
            wish = F.cross_entropy(scores, choice[:, column], label_smoothing=SMOOTHING)
            choosing = choosing + CARE.get(name, 1.0) * wish
            figures[name] = float((scores.argmax(1) == choice[:, column]).float().mean())
        landing = 1.0 - (seen * self.codes.of_pictures(choice)).sum(1).mean()
        captions = self._captions(seen, choice, sharpness[-1], random)
        return captions + CHOOSING * choosing + LANDING * landing, {"captions": float(captions.detach()), **figures}

    def _captions(self, seen: Tensor, choice: Tensor, sharpness: Tensor, random: np.random.Generator) -> Tensor:
        """InfoNCE of pictures and captions that name some groups; other pictures that a caption fits do not count."""
        named = torch.from_numpy(random.random(choice.shape) < NAMED).to(self.device)
        named[:, 0] |= ~named.any(dim=1)
        starts = torch.tensor([where.start for where in PLACES.values()], device=self.device)
        said = torch.zeros(len(choice), len(self.codes.classes), device=self.device)
        said.scatter_(1, choice + starts, named.float())
        scores = sharpness * self.codes.of_texts(said) @ seen.T  # [captions, pictures]
        fitting = ((choice[:, None] == choice[None]) | ~named[:, None]).all(dim=2)
        own = torch.arange(len(choice), device=self.device)
        fitting[own, own] = False
        scores = scores.masked_fill(fitting, -1e4)
        return 0.5 * (F.cross_entropy(scores, own) + F.cross_entropy(scores.T, own))


def deafen(last: Any, hush: Tensor) -> None:
    """Take out of a last layer [d, ...] what points towards `hush`, which is of texts alone."""
    with torch.no_grad():
        last.weight -= torch.outer(hush, hush @ last.weight)
        last.bias -= hush * (hush @ last.bias)


def tensor_of(pictures: Any) -> Tensor:
    """[n, h, w, 3] of uint8 -> [n, 3, h, w] in 0..1"""
    return torch.from_numpy(np.array(pictures)).permute(0, 3, 1, 2).float() / 255.0


def varied(pictures: Tensor, random: np.random.Generator) -> Tensor:
    """Pictures as they might have come: mirrored, nearer, moved, softer, lighter, of another cast, with noise."""
    n = len(pictures)
    scale = np.where(random.random(n) < 0.5, random.uniform(*ZOOM, n), 1.0)
    moved = random.uniform(-SHIFT, SHIFT, (n, 2)) * (scale != 1.0)[:, None]
    mirrored = np.where(random.random(n) < 0.5, -1.0, 1.0)
    turn = np.zeros((n, 2, 3), np.float32)
    turn[:, 0, 0], turn[:, 1, 1], turn[:, :, 2] = scale * mirrored, scale, 2.0 * moved
    grid = F.affine_grid(torch.from_numpy(turn), list(pictures.shape), align_corners=False)
    seen = F.grid_sample(pictures, grid, padding_mode="reflection", align_corners=False)
    soft = torch.from_numpy(random.random(n) < SOFT)
    if soft.any():
        seen[soft] = F.interpolate(F.avg_pool2d(seen[soft], 2), scale_factor=2.0, mode="bilinear")
    light = 1.0 + 0.08 * random.standard_normal((n, 1, 1, 1))
    cast = 0.03 * random.standard_normal((n, 3, 1, 1))
    noise = 0.02 * random.random((n, 1, 1, 1), np.float32) * random.standard_normal(seen.shape, np.float32)
    return seen * _float(light) + _float(cast) + _float(noise)


def _float(values: Any) -> Tensor:
    return torch.from_numpy(np.asarray(values, np.float32))


def _named(module: Any) -> dict[str, Tensor]:
    """Parameters and buffers."""
    return {**dict(module.named_parameters()), **dict(module.named_buffers())}


def starting_from(model: Any, weights: Mapping[str, Tensor], keys: Sequence[str] = ("visual.",)) -> int:
    """Begin with the weights of another perceptor where they fit. Returns how many did."""
    own = model.state_dict()
    fitting = {k: v for k, v in weights.items() if k.startswith(tuple(keys)) and k in own and own[k].shape == v.shape}
    model.load_state_dict(fitting, strict=False)
    return len(fitting)
