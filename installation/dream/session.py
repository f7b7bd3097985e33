"""A generator, a perceptor and their Bank together: what starts Dreams, and what all of them share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from installation.core.errors import ShowError
from installation.core.messages import Prompt, Value
from installation.core.params import PARAMS
from installation.dream.class_choice import CHUNK, CUDA_CHUNK
from installation.dream.class_cooccurrence import ClassCooccurrence
from installation.dream.class_evidence import ClassEvidence
from installation.dream.class_search import Choice
from installation.dream.class_weights import ClassWeighting
from installation.dream.latent_bank import LatentBank, logits_of_choice
from installation.dream.latent_optimizer import LatentOptimizer
from installation.dream.losses import PromptTarget
from installation.dream.memory_budget import advice, budget
from installation.dream.prompt_parsing import ParsedPrompt
from installation.dream.schedule import Schedule
from installation.models.clip.ensemble import Ensemble
from installation.models.cuda_graphs import Stream
from installation.models.interfaces import Floats, Generator, GraphCapturable, Latents, Perceptor, Point, repeat_layers
from installation.show.settings import DreamSettings

if TYPE_CHECKING:
    from installation.dream.dream import TorchDream

KEPT_TEXTS = 512
WARM_PIECES = 4
FALLEN = 0.1  # units under the best rating, from which on a climb is led back
USUAL_TRUNCATION = float(PARAMS["latent/truncation"].default)


class DreamSession:
    """A Dreamer over real models."""

    def __init__(
        self, generator: Generator, perceptor: Perceptor, bank: LatentBank, dreaming: DreamSettings, device: str = "cpu"
    ) -> None:
        """The models are on `device` already; `bank` is of these two (see `load_bank`), or of an Ensemble's leader."""
        self.generator = generator
        self.perceptor = perceptor
        self.bank = bank
        self.dreaming = dreaming
        self.device = torch.device(device)
        self.evidence = ClassEvidence(bank, generator.groups)
        self.company = ClassCooccurrence(bank, generator.groups) if len(generator.groups) > 1 else None
        self.pictures = torch.from_numpy(bank.embeddings.astype(np.float32))
        self.weighing = ClassWeighting(dreaming.class_weights, dreaming.max_classes, dreaming.temperature)
        self.most_cutouts = dreaming.cutouts  # as many as memory has allowed so far
        self.chunk = CHUNK if self.device.type == "cpu" else CUDA_CHUNK
        self.exhausted = False  # not even the least fits
        self.warnings: list[str] = []  # for the operator, of the next dream's notices
        self._size = dreaming.size if generator.resolution_free else None
        self._layers = (
            generator.layers if dreaming.latents == "layers" and isinstance(generator, GraphCapturable) else 0
        )
        self._lane = Stream(self.device)
        self._climb: LatentOptimizer | None = None
        self._texts: dict[str, Floats] = {}

    def dream(self, prompts: Sequence[Prompt], seed: int, params: Mapping[str, Value]) -> TorchDream:
        """See `Dreamer.dream`. Prompts without words give a dream of nothing, which stays at its start.

        On CUDA there is one climb for all: of several dreams only the latest may go on.
        """
        from installation.dream.dream import TorchDream

        return TorchDream(self, prompts, seed, params)

    def fit(self, free: int | None) -> None:
        """So many bytes are free on the device (None: as many as one likes): take as many cutouts as they hold.

        Raises ShowError, one sentence with figures, if not even one cutout fits; of fewer, the first dream tells.
        """
        if free is None:
            return
        need = budget(self.generator, self.perceptor, self._size, self.device)
        told = advice(need, self.most_cutouts, free, f"'{self.generator.name}' and '{self.perceptor.name}'")
        self.most_cutouts = min(self.most_cutouts, need.cutouts(free))
        if not self.most_cutouts:
            raise ShowError(told)
        self.warnings += [told] if told else []

    def warm(self) -> None:
        """Does once what words lead to, so that the first ones of a show do not wait for it."""
        dream = self.dream([Prompt(0, "light")], seed=1, params={})
        for _ in range(WARM_PIECES):
            dream.step()
        ready = self._climb is None
        while not (ready or self.exhausted):
            ready = self._prepared(dream.aim)

    def wander(self, seed: int) -> Point:
        """See `Dreamer.wander`."""
        return self.entry(self.bank.good(seed))

    def entry(self, index: int) -> Point:
        """An entry of the Bank, with one z or one for each layer, as the show has it."""
        point = self.bank.point(index, self.generator.groups)
        return repeat_layers(point, self._layers) if self._layers else point

    def climb(self, start: Latents[Tensor], seed: int, score: float) -> LatentOptimizer:
        """A climb from there; `score` is what is known of the start."""
        if self._climb is None:
            climb = LatentOptimizer(
                self.generator,
                self.perceptor,
                start,
                self.dreaming.size,
                self.dreaming.classes == "optimised",
                seed,
                FALLEN * self.evidence.unit,
                self.weighing,
                self._lane,
            )
            if self.device.type == "cuda":
                self._climb = climb  # its steps are captured, which takes too long for every dream
        else:
            climb = self._climb
        climb.begin(start, seed, score)
        return climb

    def embed(self, texts: Sequence[str]) -> Floats:
        """Embeddings of texts in the Bank's space, [n, d]; remembered."""
        rows = self._embed(texts)
        return self.perceptor.leading(rows) if isinstance(self.perceptor, Ensemble) else rows

    def aims(self, reading: ParsedPrompt) -> tuple[PromptTarget, PromptTarget]:
        """The aim of these texts, on the CPU in the Bank's space, and on the device in the perceptor's."""
        near, seen = self.embed(reading.texts), self._embed(reading.texts)
        floors, weights = near @ self.evidence.mean, np.array(reading.weights, np.float32)
        on_bank = PromptTarget(torch.from_numpy(near), torch.from_numpy(weights), torch.from_numpy(floors))
        return on_bank, PromptTarget(self._lane.put(seen), self._lane.put(weights), self._lane.put(floors))

    def look(self, z: Tensor, logits: Tensor) -> Tensor:
        """Embeddings of pictures, drawn no larger than the perceptor sees. [n, d]"""
        with self._lane.work(), torch.no_grad():
            pictures = self.generator.render(Latents(z, logits), self.perceptor.input_size)
            return self.perceptor.embed_image(pictures)

    def rate(self, z: Tensor, choices: Choice, aim: PromptTarget) -> Floats:
        """See `choosing.Knowledge`. Waits for the device."""
        logits = self.tensor(logits_of_choice(choices, self.generator.groups))
        with self._lane.work():
            rated: Floats = aim.rating(self.look(z.expand(len(choices), *z.shape[1:]), logits)).numpy(force=True)
        return rated

    def tensor(self, values: Floats) -> Tensor:
        """A copy on the device."""
        return self._lane.put(values.copy())

    def together(self, z: Tensor, others: Sequence[Floats]) -> Tensor:
        """One batch of a z on the device and others that are not there yet."""
        with self._lane.work():
            return torch.cat([z, *(self.tensor(other) for other in others)])

    def spare(self, cutouts: int) -> str:
        """Memory has run out in a step of so many cutouts: half of everything from now on. Says so."""
        self.exhausted = cutouts == 1 and self.chunk == 1
        if self.exhausted:
            return "The device's memory is too short for even one cutout: pictures stay as the Bank has them."
        self.most_cutouts, self.chunk = max(1, cutouts // 2), max(1, self.chunk // 2)
        return f"The device's memory is short: a step takes {self.most_cutouts} cutouts from now on, not {cutouts}."

    def _prepared(self, aim: PromptTarget) -> bool:
        """Captures steps of as many cutouts as one likes; False if memory is too short for so many."""
        try:
            if self._climb is not None:
                self._climb.prepare(aim, pace_of({}), list(fewer(self.most_cutouts)))
        except torch.OutOfMemoryError:
            self.warnings.append(self.spare(self.most_cutouts))
            return False
        return True

    def _embed(self, texts: Sequence[str]) -> Floats:
        for text in texts:
            if text not in self._texts:
                if len(self._texts) >= KEPT_TEXTS:
                    del self._texts[next(iter(self._texts))]
                self._texts[text] = self.perceptor.embed_text([text])[0]
        rows = [self._texts[text] for text in texts]
        return np.stack(rows) if rows else np.zeros((0, self.perceptor.embedding_size), np.float32)


def fewer(cutouts: int) -> Iterator[int]:
    """So many, and the numbers that are prepared for scarce time: each a quarter or a third less than the last."""
    half = cutouts
    while half >= 1:
        yield half
        if half * 3 // 4 not in (half, half // 2, 0):
            yield half * 3 // 4
        half //= 2


def pace_of(params: Mapping[str, Value]) -> Schedule:
    """The pace that live parameters ask for."""

    def value(name: str) -> float:
        return float(params.get(name, PARAMS[name].default))

    return Schedule(2.0 * value("dream/rate"), value("dream/strength"), max(value("latent/truncation"), 0.05))
