"""Words become latents: a start from the Bank, classes by looking, then z by gradient while the words are shown."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import torch

from installation.core.messages import Prompt, Value
from installation.dream.class_choice import best_start, chosen
from installation.dream.class_search import Choice
from installation.dream.latent_bank import logits_of_choice
from installation.dream.latent_optimizer import BOUND
from installation.dream.losses import PromptTarget
from installation.dream.prompt_parsing import read
from installation.dream.session import USUAL_TRUNCATION, DreamSession, pace_of
from installation.models.interfaces import Floats, Latents, Point, logits_of, weights_of

WEAK = 0.4  # evidence below which words name nothing that the perceptor knows
STARTS = 4  # of the nearest entries; the one on whose z the chosen classes stand best is taken
TURN = 0.5  # radians by which a dream leaves its entry of the Bank at once
APPROACH, LEAST_APPROACH = 0.1, 0.02  # of the shown class weights towards the chosen, a piece of work
SMOOTHING = 0.12  # share of all the other classes, where class logits are optimised


class TorchDream:
    """A Dream over real models: see `Dream`."""

    def __init__(
        self, dreamer: DreamSession, prompts: Sequence[Prompt], seed: int, params: Mapping[str, Value]
    ) -> None:
        self.prompt_id = prompts[-1].id if prompts else 0
        self.steps = 0
        self._dreamer = dreamer
        self._groups = dreamer.generator.groups
        self._prompts = tuple(prompts)
        self._cutouts = dreamer.most_cutouts
        self._optimised = dreamer.dreaming.classes == "optimised"
        self._params = dict(params)
        self._seed = seed
        self._pace = pace_of(params)
        self._read()
        self._near = dreamer.bank.nearest(self._aim_on_bank.rating(dreamer.pictures).numpy(), seed)
        self.start_score = float(self._aim_on_bank.score(dreamer.pictures[self._near[:1].copy()]))
        self.score = self.start_score
        self.choice: Choice = dreamer.bank.classes[self._near[0]].astype(np.intp)
        self._climbed = self.choice  # the classes that the climb has
        self._shown = weights_of(self._logits(self.choice[None]), self._groups)
        start = self._start(0)
        first = Latents(dreamer.tensor(start), dreamer.tensor(self._first_numbers()))
        self._climb = dreamer.climb(first, seed, self.start_score)
        self._climb.restart(dreamer.tensor(self._own(start, seed)))
        self._choosing: Iterator[Choice] = iter(())
        if not self._optimised and self.reading.texts:
            self._choosing = self._choose(STARTS)
        self._notices = [*self.reading.cut, *self._weak()]
        if prompts and prompts[-1].id:  # not the one that warms up
            self._notices += dreamer.warnings
            dreamer.warnings = []

    @property
    def most_cutouts(self) -> int:
        """See `Dream.most_cutouts`."""
        return self._dreamer.most_cutouts

    def step(self) -> bool:
        """See `Dream.step`. Where memory runs out, the next ones take less of it."""
        if not self.reading.texts or self._dreamer.exhausted:
            return False
        try:
            return self._piece()
        except torch.OutOfMemoryError:
            self._notices.append(self._dreamer.spare(self._cutouts))
            self._cutouts = min(self._cutouts, self.most_cutouts)
            return False

    def point(self) -> Point:
        """See `Dream.point`."""
        return Latents(self._climb.told().z, logits_of(self._shown))

    def settle(self) -> None:
        """Choose the classes and show what is dreamed at once: for a picture that nobody has watched coming."""
        for found in self._choosing:
            self.choice = found
        self._climb.settle()
        self._shown = self._target()

    def adjust(self, params: Mapping[str, Value]) -> None:
        """See `Dream.adjust`."""
        before, self._params = self._params, dict(params)
        pace, old = pace_of(params), self._pace
        if pace.truncation != old.truncation:
            self._climb.rescale(pace.truncation / old.truncation, pace.truncation)
        self._pace = pace
        if _negative(before) != _negative(params):
            self._read()
            if not self._optimised and self.reading.texts:
                self._choosing = self._choose(1)

    def spend(self, cutouts: int) -> None:
        """See `Dream.spend`."""
        self._cutouts = max(1, min(cutouts, self.most_cutouts))

    def notice(self) -> str:
        """See `Dream.notice`."""
        told = " ".join(self._notices)
        self._notices.clear()
        return told

    def labels(self) -> tuple[str, ...]:
        """The names of the chosen classes, one of each group, neutral ones left out."""
        pairs = zip(self._groups, self.choice, strict=True)
        return tuple(group.labels[index] for group, index in pairs if index != group.neutral)

    @property
    def aim(self) -> PromptTarget:
        """Where it goes, in the perceptor's space."""
        return self._aim

    def _piece(self) -> bool:
        found = next(self._choosing, None)
        if found is not None:
            self.choice = found
            self._climb.approach()
            self._approach()
            return False
        if not self._optimised and self._climbed is not self.choice:
            self._climb.choose(self._dreamer.tensor(self._logits(self.choice[None])))
            self._climbed = self.choice
        self._climb.step(self._aim, self._pace, self._cutouts)
        self._approach()
        self.score = self._climb.told().score
        self.steps += 1
        return True

    def _read(self) -> None:
        self.reading = read(self._prompts, _negative(self._params), self._dreamer.perceptor.fit)
        self._aim_on_bank, self._aim = self._dreamer.aims(self.reading)

    def _weak(self) -> list[str]:
        known = self._dreamer.evidence
        spoken = [
            (text, known.of(self._dreamer.embed([text]), np.ones(1, np.float32)).max()) for text in self.reading.wanted
        ]
        return [f"The perceptor can hardly place '{text}'." for text, evidence in spoken if evidence < WEAK]

    def _choose(self, starts: int) -> Iterator[Choice]:
        """Yields the classes as they are found; first takes the z on which they stand best, of so many starts."""
        weights = np.array(self.reading.weights, np.float32)
        spoken = self._dreamer.evidence.of(self._dreamer.embed(self.reading.texts), weights)

        def restart(guess: Choice) -> None:
            others = [self._start(index) for index in range(1, min(starts, len(self._near)))]
            tried = self._dreamer.together(self._climb.z.detach(), others)
            best = best_start(self._dreamer, tried, guess, self._aim)
            self._climb.restart(tried[best : best + 1])

        return chosen(
            self._dreamer,
            self._groups,
            spoken,
            self.choice,
            lambda: self._climb.z.detach(),
            self._aim,
            self._seed,
            restart if starts > 1 else None,
        )

    def _own(self, z: Floats, seed: int) -> Floats:
        """Z turned a little towards noise of the seed's, so that no two dreams go the same way."""
        noise = np.random.default_rng(seed).standard_normal(z.shape).astype(np.float32)
        bound = BOUND * self._pace.truncation
        turned: Floats = math.cos(TURN) * z + math.sin(TURN) * self._pace.truncation * noise
        return turned.clip(-bound, bound)

    def _start(self, index: int) -> Floats:
        """Z of one of the nearest entries, at the present truncation. [1, z_dim], or [1, layers, z_dim]"""
        z = self._dreamer.entry(int(self._near[index])).z
        bound = BOUND * self._pace.truncation
        return (z * (self._pace.truncation / USUAL_TRUNCATION)).clip(-bound, bound)

    def _approach(self) -> None:
        """The shown class weights move towards the chosen ones, and arrive: a trace of another class is a ghost."""
        way = self._target() - self._shown
        moved = self._shown + APPROACH * way + np.clip((1.0 - APPROACH) * way, -LEAST_APPROACH, LEAST_APPROACH)
        self._shown = moved.astype(np.float32)

    def _target(self) -> Floats:
        logits = self._climb.told().classes if self._optimised else self._logits(self.choice[None])
        return weights_of(logits, self._groups)

    def _first_numbers(self) -> Floats:
        """What the climb begins with for classes: the chosen ones, softened where they are optimised."""
        logits = self._logits(self.choice[None])
        if not self._optimised:
            return logits
        sizes = np.concatenate([np.full(len(group.labels), len(group.labels)) for group in self._groups])
        smoothed = (1.0 - SMOOTHING) * weights_of(logits, self._groups) + SMOOTHING / sizes
        softened = torch.from_numpy(logits_of(smoothed.astype(np.float32)))
        return self._dreamer.weighing.numbers(softened).numpy()

    def _logits(self, choices: Choice) -> Floats:
        return logits_of_choice(choices, self._groups)


def _negative(params: Mapping[str, Value]) -> str:
    return str(params.get("prompt/negative", ""))
