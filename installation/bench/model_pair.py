"""One generator with one perceptor: walk and dream, and the baseline over the same networks."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import torch
from torch import Tensor

from installation import models
from installation.bench.baseline import Baseline
from installation.bench.peer import Peer
from installation.bench.roofline import DeviceLimit, OperationCount, count_operations
from installation.bench.timing import Timing, Work, time_alternately
from installation.dream.latent_bank import LatentBank, strongest_choice
from installation.dream.latent_optimizer import RATE_EVERY, LatentOptimizer
from installation.dream.objective import OptimizerOptions
from installation.dream.prompt_target import PromptTarget
from installation.dream.schedule import Schedule
from installation.models.capabilities import MixedPrecision
from installation.models.interfaces import Generator, Latents, ModelPlace, Perceptor

DREAM_SIZE = 96  # pixels at which a dream renders a resolution-free generator
BANK_ENTRIES = 64
WALK, DREAM = "walk", "dream"


class ModelPair:
    """A generator and a perceptor that are timed together."""

    def __init__(self, generator: str, perceptor: str, place: ModelPlace, seed: int = 1) -> None:
        """Load both. Raises ShowError if a model is unknown or not installed."""
        self.names = (generator, perceptor)
        self.place = place
        self.generator = models.load_generator(generator, place)
        self.perceptor = models.load_perceptor(perceptor, place)
        random = np.random.default_rng(seed)
        text = random.standard_normal((1, self.perceptor.embedding_size))
        self.text = torch.from_numpy((text / np.linalg.norm(text)).astype(np.float32)).to(place.device)
        self.start = self.generator.sample(1, seed)

    @property
    def precision(self) -> torch.dtype:
        """The precision of the generator; that of the perceptor may differ."""
        name = self.generator.precision if isinstance(self.generator, MixedPrecision) else "float32"
        precision: torch.dtype = getattr(torch, name)
        return precision

    def paint(self) -> Any:
        """One frame of the walk, from latents to bytes in memory."""
        return self.generator.paint(self.start)

    def render(self) -> Any:
        """The same image without a CUDA graph, in which operations cannot be counted."""
        with torch.inference_mode():
            return self.generator.render(self._start_tensors())

    def optimisation_step(self, cutouts: int, captured: bool = True) -> Work:
        """A function that does one step of a dream; `captured` as a CUDA graph if the device has graphs."""
        start, device = self._start_tensors(), torch.device(self.place.device)
        options = OptimizerOptions(DREAM_SIZE, max_drop=1.0, optimise_classes=bool(self.generator.groups))
        optimizer = LatentOptimizer(self.generator, self.perceptor, start, options, seed=1)
        target = PromptTarget(self.text, torch.ones(1, device=device), torch.ones(1, device=device))
        schedule = Schedule()
        if captured and device.type == "cuda":
            optimizer.capture(target, schedule, cutouts)
            optimizer.reset(start, 1)

        def step() -> None:
            while not optimizer.step(target, schedule, cutouts):  # slice by slice
                pass

        return step

    def baseline(self, cutouts: int) -> Baseline | None:
        """The baseline, or None if a model has no reference implementation."""
        generator, perceptor = models.generator_spec(self.names[0]), models.perceptor_spec(self.names[1])
        if generator.reference is None or perceptor.reference is None:
            return None
        return Baseline(
            generator.reference(self.place),
            perceptor.reference(self.place),
            self.text,
            side=self.perceptor.input_size,
            cutouts=cutouts,
            seed=1,
        )

    def peer(self) -> Peer | None:
        """The honest peer, or None if a model has no reference implementation."""
        generator, perceptor = models.generator_spec(self.names[0]), models.perceptor_spec(self.names[1])
        if generator.peer is None or perceptor.reference is None:
            return None
        encode = perceptor.reference(self.place)
        return Peer(generator.peer(self.place), encode, self.text, self.perceptor.input_size)

    def _start_tensors(self) -> Latents[Tensor]:
        device = torch.device(self.place.device)
        return Latents(torch.from_numpy(self.start.z).to(device), torch.from_numpy(self.start.classes).to(device))


def time_walk(pair: ModelPair, seconds: float, limit: DeviceLimit) -> dict[str, Any]:
    """Time single frames: Laterna's, the baseline's, their ratio, and the share of the roofline."""
    baseline = pair.baseline(1)
    works: dict[str, Work] = {"ours": pair.paint}
    if baseline is not None:
        works["baseline"] = baseline.frame
    timings = time_alternately(works, pair.place.device, seconds)
    return _row({"work": WALK}, timings, count_operations(pair.render), limit)


def time_dream(pair: ModelPair, cutouts: int, seconds: float, limit: DeviceLimit) -> dict[str, Any]:
    """Time single optimisation steps with that many cutouts, likewise; on CUDA with the peak memory."""
    baseline = pair.baseline(cutouts)
    step, eager_step = pair.optimisation_step(cutouts), pair.optimisation_step(cutouts, captured=False)
    works: dict[str, Work] = {"ours": step}
    if baseline is not None:
        works["baseline"] = baseline.step
    if (peer := pair.peer()) is not None:
        works["peer"] = partial(peer.step, cutouts)
    timings = time_alternately(works, pair.place.device, seconds)
    eager_step()  # the first one has a rating, which follows every eighth step only
    row = _row({"work": DREAM, "cutouts": cutouts}, timings, count_operations(eager_step, RATE_EVERY), limit)
    if pair.place.device.startswith("cuda"):
        row["memory_mb"] = {name: _peak_megabytes(work) for name, work in works.items()}
    return row


def _row(head: dict[str, Any], timings: dict[str, Timing], work: OperationCount, limit: DeviceLimit) -> dict[str, Any]:
    ours = timings["ours"]
    row = {**head, "ours": ours.row(), "giga_operations": round(work.operations / 1e9, 2)}
    row["megabytes"] = round(work.bytes / 1e6, 1)
    row["share_of_limit"] = round(limit.share(work, ours.median), 3)
    for name, ratio in (("baseline", "ratio"), ("peer", "peer_ratio")):
        if name in timings:
            row[name] = timings[name].row()
            row[ratio] = round(timings[name].median / ours.median, 2)
    return row


def _peak_megabytes(work: Callable[[], Any]) -> float:
    torch.cuda.reset_peak_memory_stats()
    work()
    torch.cuda.synchronize()
    return round(torch.cuda.max_memory_allocated() / 1e6, 1)


def write_random_bank(generator: Generator, perceptor: Perceptor, place: ModelPlace, seed: int = 1) -> None:
    """Write a latent bank whose embeddings are noise into the models folder, so that dreams start anywhere."""
    random = np.random.default_rng(seed)
    drawn = generator.sample(BANK_ENTRIES, seed)
    classes = strongest_choice(drawn.classes, generator.groups)
    rows = random.standard_normal((BANK_ENTRIES + drawn.classes.shape[1], perceptor.embedding_size))
    rows = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float16)
    bank = LatentBank(
        generator.name,
        perceptor.name,
        drawn.z.astype(np.float16),
        classes.astype(np.int16),
        rows[:BANK_ENTRIES],
        rows[BANK_ENTRIES:],
    )
    path = models.bank_file(*bank.model_names, place.cache)
    path.parent.mkdir(parents=True, exist_ok=True)
    bank.save(path)
