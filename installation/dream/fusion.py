"""FuseDream's optimisation (Liu et al., 2021): the best of many random latents, then their mixture.

A thousand random latents are scored and the best five kept. Adam then moves these five and the softmax weights that mix
them. The latent bank does the first part once for all prompts, which is why it is the default.
"""

from __future__ import annotations

import torch
from torch import Tensor

from installation.dream.latent_optimizer import OptimizerResult
from installation.dream.objective import Objective, OptimizerOptions, Weights
from installation.dream.prompt_target import PromptTarget
from installation.dream.schedule import Schedule
from installation.models.cuda_graphs import Stream
from installation.models.interfaces import Generator, Latents, Perceptor, logits_of, match_layers, weights_of
from installation.show.settings import DreamSettings

BASIS = 5  # latents that are mixed
RATE_SHARE = 0.2  # of the learning rate of z: FuseDream's 5e-3 at 0.025
SCORE_SMOOTHING = 0.5
NOISE = 0.01  # added to the basis in every step


class FusionOptimizer:
    """A mixture of random latents with their own classes; those of `start` are lost. See `optimizers.Optimizer`."""

    def __init__(
        self,
        generator: Generator,
        perceptor: Perceptor,
        start: Latents[Tensor],
        settings: DreamSettings,
        options: OptimizerOptions,
        *,
        stream: Stream,
        batch: int,
    ) -> None:
        """See `optimizers.new_optimizer` for the arguments."""
        self._stream, self._settings, self._batch = stream, settings, batch
        self._random = torch.Generator(start.z.device)
        self._objective = Objective(generator, perceptor, options, self._random)
        self.reset(start, 0)

    @property
    def z(self) -> Tensor:
        """The mixture's z."""
        return self._mixture()[0].detach()

    def reset(self, start: Latents[Tensor], seed: int, score: float = 0.0) -> None:
        """Begin another dream: new random latents."""
        self._random.manual_seed(seed)
        self._seed, self._score, self._loss, self._steps, self._drawn = seed, score, 0.0, 0, 0
        self._schedule = Schedule()
        self._best: list[tuple[float, Tensor, Tensor]] = []  # rating, z, class weights
        self._basis_z, self._basis_weights = start.z.clone(), self._weights(start.classes)
        self._shares = torch.zeros(2, len(self._basis_z), device=start.z.device)
        self._shown_z, self._shown_weights = self._basis_z, self._basis_weights
        self._adam: torch.optim.Adam | None = None

    def result(self) -> OptimizerResult:
        """Return the shown mixture."""
        weights = self._shown_weights.detach().numpy(force=True)
        z = self._shown_z.detach().numpy(force=True).copy()
        return OptimizerResult(z, logits_of(weights), self._score, self._loss)

    def set_classes(self, parameters: Tensor) -> None:
        """Ignored: the classes are those of the mixture."""

    def set_z(self, z: Tensor) -> None:
        """Ignored before the first mixture; afterwards all of the basis moves to z."""
        if self._adam is None:
            return
        with torch.no_grad():
            self._basis_z += z - self.z

    def rescale(self, factor: float, truncation: float) -> None:
        """Scale z after a change of the truncation."""
        with torch.no_grad():
            self._basis_z.copy_(self._objective.space.rescaled(self._basis_z, factor, truncation))

    def ease(self) -> None:
        """Move what is shown towards the mixture."""
        z, weights = (values.detach() for values in self._mixture())
        share = 1.0 - self._schedule.decay(self._steps)
        self._shown_z, self._shown_weights = self._shown_z.lerp(z, share), self._shown_weights.lerp(weights, share)

    def settle(self) -> None:
        """Show the mixture itself."""
        self._shown_z, self._shown_weights = (values.detach() for values in self._mixture())

    def step(self, target: PromptTarget, schedule: Schedule, count: int) -> bool:
        """Score a few random latents or, after the last, do a gradient step and return True."""
        self._schedule = schedule
        with self._stream.work():
            if self._drawn < self._settings.start_samples:
                self._score_samples(target)
                return False
            if self._adam is None:
                self._begin_mixture()
            self._descend(target, schedule, count)
        self.ease()
        return True

    def _score_samples(self, target: PromptTarget) -> None:
        generator, device = self._objective.generator, self._random.device
        drawn = generator.sample(self._batch, self._seed + 7919 * (1 + self._drawn // self._batch))
        z = torch.from_numpy(match_layers(drawn.z, self._shown_z.numpy(force=True))[0].copy()).to(device)
        weights = torch.from_numpy(weights_of(drawn.classes, generator.groups)).to(device)
        with torch.no_grad():
            pictures = self._objective.render(z, _log(weights), self._objective.perceptor.input_size)
            ratings = target.rating(self._objective.perceptor.embed_image(pictures)).tolist()
        found = [(rating, z[i : i + 1], weights[i : i + 1]) for i, rating in enumerate(ratings)]
        self._best = sorted([*self._best, *found], key=lambda each: -each[0])[:BASIS]
        self._drawn += self._batch

    def _begin_mixture(self) -> None:
        self._basis_z = torch.cat([z for _, z, _ in self._best]).requires_grad_()
        self._basis_weights = torch.cat([weights for _, _, weights in self._best])
        self._shares = torch.zeros(2, len(self._basis_z), device=self._random.device, requires_grad=True)
        self._adam = torch.optim.Adam([self._basis_z, self._shares])
        self._shown_z, self._shown_weights = (values.detach() for values in self._mixture())

    def _mixture(self, noise: float = 0.0) -> tuple[Tensor, Tensor]:
        """Z and class weights of the mixture, batches of one."""
        shares = self._shares.softmax(dim=1)  # of z, and of classes
        basis = self._basis_z
        if noise:
            basis = basis + noise * torch.empty_like(basis).normal_(generator=self._random)
        z = torch.tensordot(shares[0], basis, dims=1)[None]
        return z, (shares[1] @ self._basis_weights)[None]

    def _descend(self, target: PromptTarget, schedule: Schedule, count: int) -> None:
        assert self._adam is not None
        scalars = schedule.at(self._steps)
        for group in self._adam.param_groups:
            group["lr"] = RATE_SHARE * scalars.rate
        z, weights = self._mixture(NOISE)
        prior, truncation = z.new_tensor(scalars.prior), z.new_tensor(scalars.truncation)
        loss = self._objective.loss(z, _log(weights), target, Weights(prior, truncation), count)
        self._loss = float(loss.detach())
        moving = [self._basis_z, self._shares]
        for values, gradient in zip(moving, torch.autograd.grad(loss, moving), strict=True):
            values.grad = gradient
        self._adam.step()
        with torch.no_grad():
            self._basis_z.copy_(self._objective.space.bounded(self._basis_z, truncation))
            pictures = self._objective.render(
                self._shown_z, _log(self._shown_weights), self._objective.perceptor.input_size
            )
            score = float(target.score(self._objective.perceptor.embed_image(pictures))[0])
        self._score += (score - self._score) * (1.0 if self._steps == 0 else SCORE_SMOOTHING)
        self._steps += 1

    def _weights(self, parameters: Tensor) -> Tensor:
        logits = self._objective.logits(parameters).detach().numpy(force=True)
        return torch.from_numpy(weights_of(logits, self._objective.generator.groups)).to(parameters.device)


def _log(weights: Tensor) -> Tensor:
    return weights.clamp(min=1e-6).log()
