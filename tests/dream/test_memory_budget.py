from __future__ import annotations

import pytest
import torch

from installation.core.errors import ShowError
from installation.dream.cutouts import cutouts
from installation.dream.memory_budget import (
    GIB,
    GRADIENT_FACTOR,
    SAMPLING_COPIES,
    WORKSPACE_BYTES,
    MemoryBudget,
    StepMemory,
    saved_bytes,
    shortage,
    step_memory,
)
from installation.models.biggan.generator import BigGAN
from installation.models.clip.perceptor import Clip
from installation.models.fake import FakePerceptor
from installation.models.interfaces import Group, Latents
from tests.dream.conftest import small_biggan
from tests.models.conftest import calibrated_library, perceptor_named

CPU = torch.device("cpu")
MEMORY = StepMemory(base=2 * GIB, per_cutout=100 << 20)


def test_saved_tensors_are_counted_once_for_each_storage() -> None:
    x = torch.ones(1000, requires_grad=True)
    assert saved_bytes(lambda count: (x * x).exp() * count, 1) == 4000 + 4000  # x, and the exponential


def test_a_step_saves_no_more_for_each_cutout_than_was_estimated(monkeypatch: pytest.MonkeyPatch) -> None:
    generator, perceptor = small_biggan(), perceptor_named("clip-embedded")
    assert isinstance(perceptor, Clip)
    monkeypatch.setattr(perceptor, "_encode", perceptor._model.encode_image)  # as on a GPU, where memory is limited
    memory = step_memory(generator, perceptor, None, CPU)
    point = generator.sample(1, 1)
    random = torch.Generator().manual_seed(1)

    def step(count: int) -> torch.Tensor:
        z = torch.from_numpy(point.z).requires_grad_(True)
        picture = generator.render(Latents(z, torch.from_numpy(point.classes)))
        return perceptor.embed_image(cutouts(picture, count, perceptor.input_size, random))

    measured = (saved_bytes(step, 9) - saved_bytes(step, 1)) / 8
    assert 0.8 * memory.per_cutout < measured <= memory.per_cutout


def test_a_half_precision_generator_saves_about_half() -> None:
    library, groups = calibrated_library(1), (Group("class", tuple("abcdefghij")),)
    full, half = (
        step_memory(BigGAN("small", library, groups, precision=precision), FakePerceptor(), None, CPU)
        for precision in (torch.float32, torch.bfloat16)
    )
    assert half.base < 0.62 * full.base
    assert half.per_cutout == full.per_cutout >= SAMPLING_COPIES * 4 * 3 * FakePerceptor.input_size**2


@pytest.mark.parametrize("free", [4 * GIB, 8 * GIB, 13 * GIB])
def test_as_many_cutouts_are_taken_as_fit_and_not_one_more(free: int) -> None:
    fitting = MEMORY.cutouts(free)
    assert MEMORY.bytes(fitting) <= free < MEMORY.bytes(fitting + 1)


def test_no_cutout_fits_into_less_than_the_generator_takes() -> None:
    assert MEMORY.cutouts(GIB) == 0
    assert MEMORY.bytes(0) == int(GRADIENT_FACTOR * 2 * GIB) + WORKSPACE_BYTES


def test_a_shortage_is_reported_with_figures() -> None:
    assert shortage(MEMORY, 8, 24 * GIB, "A and B") == ""
    assert shortage(MEMORY, 100, 8 * GIB, "A and B") == (
        "A and B need 15.8 GiB for 100 cutouts, 8.0 GiB are free: a step takes 38 of them."
    )
    assert shortage(MEMORY, 8, GIB, "A and B") == (
        "A and B need 4.1 GiB for 8 cutouts, 1.0 GiB are free, too few for even one: "
        "choose a smaller generator or perceptor."
    )


def test_a_limit_lowers_the_cutouts_and_warns_once() -> None:
    budget = MemoryBudget(cutouts=100, batch=4)
    budget.limit(MEMORY, 8 * GIB, "A and B")
    assert budget.cutouts == 38
    assert [len(budget.pop_warnings()) for _ in range(2)] == [1, 0]


def test_a_limit_that_allows_all_cutouts_changes_nothing() -> None:
    budget = MemoryBudget(cutouts=8, batch=4)
    budget.limit(MEMORY, 24 * GIB, "A and B")
    assert (budget.cutouts, budget.pop_warnings()) == (8, [])


def test_a_limit_below_one_cutout_is_an_error() -> None:
    with pytest.raises(ShowError, match="too few for even one"):
        MemoryBudget(cutouts=8, batch=4).limit(MEMORY, GIB, "A and B")


def test_the_budget_is_halved_until_nothing_is_left() -> None:
    budget = MemoryBudget(cutouts=6, batch=4)
    taken, limits = 6, []
    while not budget.exhausted:
        budget.halve(taken)
        limits.append((budget.cutouts, budget.batch))
        taken = budget.cutouts
    assert limits == [(3, 2), (1, 1), (1, 1)]


def test_cutouts_of_sliced_steps_are_a_multiple_of_a_chunk() -> None:
    budget = MemoryBudget(cutouts=40, batch=4)
    assert [budget.taken(count) for count in (50, 33, 0)] == [40, 33, 1]
    budget.slice_steps(cutouts=39, chunk=13)
    assert [budget.taken(count) for count in (50, 33, 5)] == [39, 26, 13]
