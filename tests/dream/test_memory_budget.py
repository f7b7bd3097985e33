"""What a step takes of memory is counted from the models, and a device that is too small is told so in figures."""

from __future__ import annotations

import pytest
import torch

from installation.core.errors import ShowError
from installation.core.messages import Prompt
from installation.dream.cutouts import cutouts
from installation.dream.memory_budget import GIB, SAMPLED, UNDER_WAY, WORKSPACE, MemoryBudget, advice, budget, kept
from installation.dream.session import DreamSession, fewer
from installation.models.biggan.generator import BigGAN
from installation.models.fake import FakePerceptor
from installation.models.interfaces import Group, Latents
from installation.show.settings import DreamSettings
from installation.training.bank_builder import build_bank
from tests.models.conftest import calibrated_library, perceptor_named

CPU = torch.device("cpu")
CLASSES = (Group("class", tuple("abcdefghij")),)
NEED = MemoryBudget(still=2 * GIB, each=100 << 20)


def test_what_autograd_keeps_is_counted_in_bytes_once_for_each_storage() -> None:
    x = torch.ones(1000, requires_grad=True)
    assert kept(lambda count: (x * x).exp() * count, 1) == 4000 + 4000  # x, twice the same, and the exponential


def test_a_step_keeps_what_the_budget_says() -> None:
    generator, perceptor = BigGAN("small", calibrated_library(1), CLASSES), perceptor_named("clip-embedded")
    need = budget(generator, perceptor, None, CPU)
    point = generator.sample(1, 1)
    random = torch.Generator().manual_seed(1)

    def step(views: int) -> torch.Tensor:
        z = torch.from_numpy(point.z).requires_grad_(True)
        picture = generator.render(Latents(z, torch.from_numpy(point.classes)))
        return perceptor.embed_image(cutouts(picture, views, perceptor.input_size, random))

    measured = (kept(step, 9) - kept(step, 1)) / 8
    assert 0.8 * need.each < measured <= need.each


def test_half_precision_and_smaller_pictures_keep_less() -> None:
    library = calibrated_library(1)
    full, half = (
        budget(BigGAN("small", library, CLASSES, precision=each), FakePerceptor(), None, CPU)
        for each in (torch.float32, torch.bfloat16)
    )
    assert half.still < 0.62 * full.still
    assert half.each == full.each >= SAMPLED * 4 * 3 * FakePerceptor.input_size**2


def test_as_many_cutouts_are_taken_as_fit_and_not_one_more() -> None:
    for free in (4 * GIB, 8 * GIB, 13 * GIB):
        fit = NEED.cutouts(free)
        assert NEED.bytes(fit) <= free < NEED.bytes(fit + 1)
    assert NEED.cutouts(GIB) == 0
    assert NEED.bytes(0) == int(UNDER_WAY * 2 * GIB) + WORKSPACE


def test_the_operator_is_told_in_one_sentence_with_figures() -> None:
    assert advice(NEED, 8, 24 * GIB, "A and B") == ""
    assert advice(NEED, 100, 8 * GIB, "A and B") == (
        "A and B want 15.8 GiB for 100 cutouts, and 8.0 GiB are free: a step takes 38 of them."
    )
    assert advice(NEED, 8, GIB, "A and B").endswith("too few for even one: choose a smaller generator or perceptor.")


def test_a_dreamer_takes_what_fits_and_its_first_dream_says_so_once() -> None:
    generator, perceptor = BigGAN("small", calibrated_library(1), CLASSES), FakePerceptor()
    dreamer = DreamSession(generator, perceptor, build_bank(generator, perceptor, 64, 1), DreamSettings(cutouts=64))
    need = budget(generator, perceptor, None, CPU)
    dreamer.fit(None)
    assert dreamer.most_cutouts == 64
    dreamer.fit(need.bytes(20))
    dreamer.warm()
    started = dreamer.dream((Prompt(3, "a fox"),), 1, {})
    assert started.most_cutouts in (19, 20)
    assert "'small' and 'fake' want" in started.notice()
    assert "want" not in dreamer.dream((Prompt(4, "snow"),), 1, {}).notice()
    with pytest.raises(ShowError, match="too few for even one"):
        dreamer.fit(WORKSPACE)


def test_steps_are_prepared_for_fewer_cutouts_down_to_one() -> None:
    assert list(fewer(128)) == [128, 96, 64, 48, 32, 24, 16, 12, 8, 6, 4, 3, 2, 1]
    assert list(fewer(1)) == [1]
