"""The student generator."""

from __future__ import annotations

import pytest
import torch

from tests.training.generator.students import WIDTH, calibrated_student


@pytest.mark.slow
@pytest.mark.parametrize(("size", "sizes"), [(16, [16]), (64, [16, 32, 64]), (128, [16, 32, 64, 128])])
def test_a_student_generates_images_at_every_size_up_to_the_one_asked_for(size: int, sizes: list[int]) -> None:
    student = calibrated_student(WIDTH, 10, seed=1)
    with torch.no_grad():
        images = student(torch.zeros(2, 96), torch.ones(2, 10), size)
    assert [tuple(image.shape) for image in images.values()] == [(2, 3, one, one) for one in sizes]
    assert all(float(image.abs().max()) <= 1.0 for image in images.values())


def test_measuring_updates_the_running_statistics_and_generating_does_not() -> None:
    student = calibrated_student(WIDTH, 10, seed=1)
    before = student.library.generator.bn.running_means.clone()
    z, weights = torch.ones(4, 96), torch.ones(4, 10)
    with torch.no_grad():
        student(z, weights)
        assert torch.equal(student.library.generator.bn.running_means, before)
        student(z, weights, measure_statistics=True)
    assert not torch.equal(student.library.generator.bn.running_means, before)
