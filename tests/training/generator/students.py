"""Small students for the tests."""

from __future__ import annotations

import pytest
import torch

from installation.training.generator import student as student_module
from installation.training.generator.student import StudentGenerator, new_student

WIDTH = 8


def calibrated_student(width: int, classes: int, seed: int) -> StudentGenerator:
    """A student with random weights and the batch statistics that belong to them."""
    student = new_student(width, classes, seed)
    random = torch.Generator().manual_seed(seed)
    z, weights = torch.randn(16, 96, generator=random), torch.rand(16, classes, generator=random)
    with torch.no_grad(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(student_module, "MOMENTUM", 1.0)
        student(z, weights, measure_statistics=True)
    return student


def generate(student: StudentGenerator, z: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    """Images at the full size."""
    with torch.no_grad():
        image: torch.Tensor = student(z, weights)[128]
    return image
