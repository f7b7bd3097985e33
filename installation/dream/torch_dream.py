"""Words become latents: a start from the Bank, classes by looking, then z by gradient while the words are shown."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from installation.dream.bank import Bank, logits_of_choice
from installation.dream.classes import DISCORD, Choice, ascend, candidates, first_guess, plausible_start
from installation.dream.climb import BOUND, Climb, Pace
from installation.dream.company import Company
from installation.dream.evidence import Evidence
from installation.dream.guidance import Aim
from installation.dream.reading import Reading, read
from installation.messages import Prompt, Value
from installation.models.base import Floats, Generator, Latents, Perceptor, Point, logits_of, weights_of
from installation.params import TABLE
from installation.show import Dreaming

WEAK = 0.4  # evidence below which words name nothing that the perceptor knows
KEPT_TEXTS = 512
CHUNK = 4  # pictures looked at in one piece of work on a CPU: some 40 ms
CUDA_CHUNK = 32
WARM_PIECES = 4
STARTS = 4  # of the nearest entries; the one on whose z the chosen classes stand best is taken
TURN = 0.5  # radians by which a dream leaves its entry of the Bank at once
LOYALTY = 0.08  # units of evidence by which another start must be better than the one that is shown already
FALLEN = 0.1  # units under the best rating, from which on a climb is led back
APPROACH, LEAST_APPROACH = 0.1, 0.02  # of the shown class weights towards the chosen, a piece of work
SMOOTHING = 0.12  # share of all the other classes, where class logits are optimised
USUAL_TRUNCATION = float(TABLE["latent/truncation"].default)


class TorchDreamer:
    """A Dreamer over real models."""

    def __init__(
        self, generator: Generator, perceptor: Perceptor, bank: Bank, dreaming: Dreaming, device: str = "cpu"
    ) -> None:
        """The models are on `device` already; `bank` is of these two (see `load_bank`)."""
        self.generator = generator
        self.perceptor = perceptor
        self.bank = bank
        self.dreaming = dreaming
        self.device = torch.device(device)
        self.evidence = Evidence(bank, generator.groups)
        self.company = Company(bank, generator.groups) if len(generator.groups) > 1 else None
        self.pictures = torch.from_numpy(bank.embeddings.astype(np.float32))
        self._texts: dict[str, Floats] = {}

    def dream(self, prompts: Sequence[Prompt], seed: int, params: Mapping[str, Value]) -> TorchDream:
        """See `Dreamer.dream`. Prompts without words give a dream of nothing, which stays at its start."""
        return TorchDream(self, prompts, seed, params)

    def warm(self) -> None:
        """Does once what words lead to, so that the first ones of a show do not wait for it."""
        dream = self.dream([Prompt(0, "light")], seed=1, params={})
        for _ in range(WARM_PIECES):
            dream.step()

    def wander(self, seed: int) -> Point:
        """See `Dreamer.wander`."""
        return self.bank.point(self.bank.good(seed), self.generator.groups)

    def embed(self, texts: Sequence[str]) -> Floats:
        """Embeddings of texts, [n, d]; remembered."""
        for text in texts:
            if text not in self._texts:
                if len(self._texts) >= KEPT_TEXTS:
                    del self._texts[next(iter(self._texts))]
                self._texts[text] = self.perceptor.embed_text([text])[0]
        rows = [self._texts[text] for text in texts]
        return np.stack(rows) if rows else np.zeros((0, self.perceptor.embedding_size), np.float32)

    def aim(self, reading: Reading) -> Aim:
        """The aim of these texts, on the CPU."""
        texts = self.embed(reading.texts)
        floors = texts @ self.evidence.mean
        weights = np.array(reading.weights, np.float32)
        return Aim(torch.from_numpy(texts), torch.from_numpy(weights), torch.from_numpy(floors))

    def look(self, z: Tensor, logits: Tensor) -> Tensor:
        """Embeddings of pictures, drawn no larger than the perceptor sees. [n, d]"""
        with torch.no_grad():
            pictures = self.generator.render(Latents(z, logits), self.perceptor.input_size)
            return self.perceptor.embed_image(pictures)


class TorchDream:
    """A Dream over real models: see `Dream`."""

    def __init__(
        self, dreamer: TorchDreamer, prompts: Sequence[Prompt], seed: int, params: Mapping[str, Value]
    ) -> None:
        self.prompt_id = prompts[-1].id if prompts else 0
        self.steps = 0
        self._dreamer = dreamer
        self._groups = dreamer.generator.groups
        self._prompts = tuple(prompts)
        self._cutouts = dreamer.dreaming.cutouts
        self._optimised = dreamer.dreaming.classes == "optimised"
        self._params = dict(params)
        self._seed = seed
        self._pace = _pace(params)
        self._read()
        self._near = dreamer.bank.nearest(self._aim_on_bank.rating(dreamer.pictures).numpy(), seed)
        self.start_score = float(self._aim_on_bank.score(dreamer.pictures[self._near[:1].copy()]))
        self.choice: Choice = dreamer.bank.classes[self._near[0]].astype(np.intp)
        self._shown = weights_of(self._logits(self.choice[None]), self._groups)
        self._climb = Climb(
            dreamer.generator,
            dreamer.perceptor,
            Latents(self._start(0), self._tensor(self._first_logits())),
            dreamer.dreaming.size,
            self._optimised,
            seed,
            FALLEN * dreamer.evidence.unit,
        )
        self.score = self.start_score
        self._climb.score = self.start_score
        self._climb.restart(self._own(self._start(0), seed))
        self._choosing = iter(()) if self._optimised or not self.reading.texts else self._choose(STARTS)
        self._notices = [*self.reading.cut, *self._weak()]

    def step(self) -> bool:
        """See `Dream.step`."""
        if not self.reading.texts:
            return False
        found = next(self._choosing, None)
        if found is not None:
            self.choice = found
            self._climb.approach()
            self._approach()
            return False
        if not self._optimised:
            self._climb.logits = self._tensor(self._logits(self.choice[None]))
        self._climb.step(self._aim, self._pace, self._cutouts)
        self._approach()
        self.score = self._climb.score
        self.steps += 1
        return True

    def point(self) -> Point:
        """See `Dream.point`."""
        return Latents(self._climb.shown.numpy(force=True).copy(), logits_of(self._shown))

    def settle(self) -> None:
        """Choose the classes and show what is dreamed at once: for a picture that nobody has watched coming."""
        for found in self._choosing:
            self.choice = found
        self._climb.settle()
        self._shown = self._target()

    def adjust(self, params: Mapping[str, Value]) -> None:
        """See `Dream.adjust`."""
        before, self._params = self._params, dict(params)
        pace, old = _pace(params), self._pace
        if pace.truncation != old.truncation:
            self._climb.rescale(pace.truncation / old.truncation, pace.truncation)
        self._pace = pace
        if _negative(before) != _negative(params):
            self._read()
            if not self._optimised and self.reading.texts:
                self._choosing = self._choose(1)

    def spend(self, cutouts: int) -> None:
        """See `Dream.spend`."""
        self._cutouts = max(1, cutouts)

    def notice(self) -> str:
        """See `Dream.notice`."""
        told = " ".join(self._notices)
        self._notices.clear()
        return told

    def labels(self) -> tuple[str, ...]:
        """The names of the chosen classes, one of each group, neutral ones left out."""
        pairs = zip(self._groups, self.choice, strict=True)
        return tuple(group.labels[index] for group, index in pairs if index != group.neutral)

    def _read(self) -> None:
        self.reading = read(self._prompts, _negative(self._params), self._dreamer.perceptor.fit)
        self._aim_on_bank = self._dreamer.aim(self.reading)
        self._aim = self._aim_on_bank.to(self._dreamer.device)

    def _weak(self) -> list[str]:
        spoken = [
            (text, self._dreamer.evidence.of(self._dreamer.embed([text]), np.ones(1, np.float32)).max())
            for text in self.reading.wanted
        ]
        return [f"The perceptor can hardly place '{text}'." for text, evidence in spoken if evidence < WEAK]

    def _choose(self, starts: int) -> Iterator[Choice]:
        """Yields the classes as they are found; first takes the z on which they stand best, of so many starts."""
        weights = np.array(self.reading.weights, np.float32)
        evidence = self._dreamer.evidence.of(self._dreamer.embed(self.reading.texts), weights)
        known = self._dreamer.evidence
        start, company = self.choice, self._dreamer.company
        if company is not None:
            start = plausible_start(evidence, self._groups, start, known.ornaments, company, self._seed)
        options = candidates(evidence, self._groups, start, known.ornaments, known.unit, company)
        first = first_guess(options, start)
        yield first
        if starts > 1:
            self._restart(first, min(starts, len(self._near)))
            yield first
        chunk = CHUNK if self._dreamer.device.type == "cpu" else CUDA_CHUNK
        yield from ascend(self._rate, options, first, chunk)

    def _restart(self, choice: Choice, starts: int) -> None:
        z = torch.cat([self._climb.z.detach(), *(self._start(index) for index in range(1, starts))])
        logits = self._tensor(self._logits(np.repeat(choice[None], starts, axis=0)))
        ratings = self._aim.rating(self._dreamer.look(z, logits))
        ratings[0] += LOYALTY * self._dreamer.evidence.unit
        best = int(ratings.argmax())
        self._climb.restart(z[best : best + 1])

    def _rate(self, choices: Choice) -> Floats:
        z = self._climb.z.detach()
        seen = self._dreamer.look(z.expand(len(choices), *z.shape[1:]), self._tensor(self._logits(choices)))
        rated: Floats = self._aim.rating(seen).numpy(force=True)
        if self._dreamer.company is not None:
            rated -= DISCORD * self._dreamer.evidence.unit * self._dreamer.company.strangeness(choices)
        return rated

    def _own(self, z: Tensor, seed: int) -> Tensor:
        """z turned a little towards noise of the seed's, so that no two dreams go the same way."""
        noise = np.random.default_rng(seed).standard_normal(z.shape)
        bound = BOUND * self._pace.truncation
        turned = math.cos(TURN) * z + math.sin(TURN) * self._pace.truncation * self._tensor(noise)
        return turned.clamp(-bound, bound)

    def _start(self, index: int) -> Tensor:
        """z of one of the nearest entries, at the present truncation. [1, z_dim]"""
        z = self._dreamer.bank.point(int(self._near[index]), self._groups).z
        bound = BOUND * self._pace.truncation
        return self._tensor((z * (self._pace.truncation / USUAL_TRUNCATION)).clip(-bound, bound))

    def _approach(self) -> None:
        """The shown class weights move towards the chosen ones, and arrive: a trace of another class is a ghost."""
        way = self._target() - self._shown
        moved = self._shown + APPROACH * way + np.clip((1.0 - APPROACH) * way, -LEAST_APPROACH, LEAST_APPROACH)
        self._shown = moved.astype(np.float32)

    def _target(self) -> Floats:
        logits = self._climb.logits.numpy(force=True) if self._optimised else self._logits(self.choice[None])
        return weights_of(logits, self._groups)

    def _first_logits(self) -> Floats:
        logits = self._logits(self.choice[None])
        if not self._optimised:
            return logits
        sizes = np.concatenate([np.full(len(group.labels), len(group.labels)) for group in self._groups])
        smoothed = (1.0 - SMOOTHING) * weights_of(logits, self._groups) + SMOOTHING / sizes
        return logits_of(smoothed.astype(np.float32))

    def _logits(self, choices: Choice) -> Floats:
        return logits_of_choice(choices, self._groups)

    def _tensor(self, values: Floats | NDArray[np.float64]) -> Tensor:
        return torch.from_numpy(values.astype(np.float32)).to(self._dreamer.device)


def _pace(params: Mapping[str, Value]) -> Pace:
    def value(name: str) -> float:
        return float(params.get(name, TABLE[name].default))

    return Pace(2.0 * value("dream/rate"), value("dream/strength"), max(value("latent/truncation"), 0.05))


def _negative(params: Mapping[str, Value]) -> str:
    return str(params.get("prompt/negative", ""))
