"""One generator with one perceptor: our walk and dream, and the ordinary way over the same weights."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from installation.bench.baseline import Baseline
from installation.bench.roofline import DeviceLimit, OperationCount, counted
from installation.bench.timing import Timing, in_turns
from installation.dream.latent_optimizer import LatentOptimizer, OptimizerOptions
from installation.dream.prompt_target import PromptTarget
from installation.dream.schedule import Schedule
from installation.models import load_generator, load_perceptor
from installation.models.biggan.generator import load_library
from installation.models.interfaces import GraphCapturable, Latents, ModelPlace

SIZE = 96  # pixels at which a dream looks, where the generator is free in size
WALK, DREAM = "walk", "dream"


class ModelPair:
    """What is timed."""

    def __init__(self, generator: str, perceptor: str, place: ModelPlace, seed: int = 1) -> None:
        """Raises ShowError if a model is unknown or not here."""
        self.names = (generator, perceptor)
        self.place = place
        self.generator = load_generator(generator, place)
        self.perceptor = load_perceptor(perceptor, place)
        random = np.random.default_rng(seed)
        text = random.standard_normal((1, self.perceptor.embedding_size))
        self.text = torch.from_numpy((text / np.linalg.norm(text)).astype(np.float32))
        self.start = self.generator.sample(1, seed)

    def paint(self) -> Any:
        """One frame of the walk, from latents to bytes in memory."""
        return self.generator.paint(self.start)

    @property
    def precision(self) -> torch.dtype:
        """In which the generator computes: the perceptor's may be another."""
        name = self.generator.precision if isinstance(self.generator, GraphCapturable) else "float32"
        precision: torch.dtype = getattr(torch, name)
        return precision

    def render(self) -> Any:
        """The same picture by plain calls, whose work can be counted: a graph's cannot."""
        with torch.inference_mode():
            return self.generator.render(self._begin())

    def climb(self, cutouts: int, captured: bool = True) -> Callable[[], None]:
        """Steps of a dream with so many cutouts; `captured` as a graph where the device has such."""
        start, device = self._begin(), torch.device(self.place.device)
        options = OptimizerOptions(SIZE, max_drop=1.0, optimise_classes=True)
        climb = LatentOptimizer(self.generator, self.perceptor, start, options, seed=1)
        aim = PromptTarget(self.text.to(device), torch.ones(1, device=device), torch.zeros(1, device=device))
        pace = Schedule()
        if captured and device.type == "cuda":
            climb.capture(aim, pace, [cutouts])
            climb.reset(start, 1)
        return lambda: climb.step(aim, pace, cutouts)

    def _begin(self) -> Latents[Tensor]:
        device = torch.device(self.place.device)
        return Latents(torch.from_numpy(self.start.z).to(device), torch.from_numpy(self.start.classes).to(device))

    def ordinary(self, cutouts: int) -> Baseline | None:
        """The ordinary way over the same networks; None for a generator that is no BigGAN."""
        folder = _folder(self.names[0], self.place)
        if folder is None:
            return None
        clip = _bare_clip(self.names[1], self.place)
        side = self.perceptor.input_size
        return Baseline(load_library(folder), clip, side, cutouts, self.text, 1, self.place.device)


def timed_walk(pair: ModelPair, seconds: float, limit: DeviceLimit) -> dict[str, Any]:
    """Frames alone: ours, the ordinary way's, their ratio, and how near ours is to the limit."""
    ordinary = pair.ordinary(1)
    works: dict[str, Callable[[], Any]] = {"ours": pair.paint}
    if ordinary is not None:
        works["ordinary"] = ordinary.frame
    return _row({"work": WALK}, in_turns(works, pair.place.device, seconds), counted(pair.render), limit)


def timed_dream(pair: ModelPair, cutouts: int, seconds: float, limit: DeviceLimit) -> dict[str, Any]:
    """Steps alone with so many cutouts, likewise."""
    ordinary = pair.ordinary(cutouts)
    step, eager = pair.climb(cutouts), pair.climb(cutouts, captured=False)
    works: dict[str, Callable[[], Any]] = {"ours": step}
    if ordinary is not None:
        works["ordinary"] = ordinary.step
    row = _row({"work": DREAM, "cutouts": cutouts}, in_turns(works, pair.place.device, seconds), counted(eager), limit)
    if pair.place.device.startswith("cuda"):
        row["memory_mb"] = {name: _peak_megabytes(work) for name, work in works.items()}
    return row


def _row(head: dict[str, Any], courses: dict[str, Timing], work: OperationCount, limit: DeviceLimit) -> dict[str, Any]:
    ours = courses["ours"]
    row = {**head, "ours": ours.row(), "giga_operations": round(work.operations / 1e9, 2)}
    row["megabytes"] = round(work.bytes / 1e6, 1)
    row["share_of_limit"] = round(limit.share(work, ours.median), 3)
    if "ordinary" in courses:
        row["ordinary"] = courses["ordinary"].row()
        row["ratio"] = round(courses["ordinary"].median / ours.median, 2)
    return row


def _peak_megabytes(work: Callable[[], Any]) -> float:
    torch.cuda.reset_peak_memory_stats()
    work()
    torch.cuda.synchronize()
    return round(torch.cuda.max_memory_allocated() / 1e6, 1)


def _folder(generator: str, place: ModelPlace) -> Path | None:
    for folder in (place.assets / generator, place.cache / generator):
        if (folder / "pytorch_model.bin").is_file():
            return folder
    return None


def _bare_clip(perceptor: str, place: ModelPlace) -> Any:
    """The architecture with random weights: as fast as any others."""
    import open_clip

    config = place.assets / perceptor / "perceptor.json"
    if config.is_file():
        model: Any = open_clip.CLIP(**json.loads(config.read_text(encoding="utf-8"))["open_clip"])
    else:
        model = open_clip.create_model(perceptor, pretrained=None)
    return model.to(place.device).eval().requires_grad_(False)
