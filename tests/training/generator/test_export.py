"""Conversion between the student and the library's format."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from numpy.testing import assert_allclose

from installation.models.biggan.loading import load_biggan
from installation.models.interfaces import Generator, Latents, ModelPlace, slices
from installation.models.theatre.class_priors import class_priors
from installation.training.generator.export import from_library, to_library, write_generator
from tests.training.generator.students import WIDTH, calibrated_student, generate

FLOAT32_ERROR = 1e-5  # images are in -1..1


def test_the_library_generates_what_the_student_does() -> None:
    student = calibrated_student(WIDTH, 10, seed=1)
    z, weights = torch.randn(2, 96), torch.rand(2, 10)
    expected = generate(student, z, weights)
    with torch.no_grad():
        actual = to_library(student)(z, weights, 1.0)
    assert float(expected.std()) > 0.03
    assert_allclose(actual, expected, atol=FLOAT32_ERROR)


def test_a_student_from_a_library_model_generates_the_same() -> None:
    student = calibrated_student(WIDTH, 10, seed=2)
    z, weights = torch.randn(2, 96), torch.rand(2, 10)
    assert_allclose(
        generate(from_library(to_library(student)), z, weights), generate(student, z, weights), atol=FLOAT32_ERROR
    )


@pytest.mark.slow
def test_a_written_generator_loads_and_generates_what_the_student_does(theatre: Generator, tmp_path: Path) -> None:
    student = calibrated_student(WIDTH, sum(len(group.labels) for group in theatre.groups), seed=4)
    write_generator(to_library(student), theatre.groups, class_priors(), tmp_path)
    loaded = load_biggan("small", tmp_path, ModelPlace(tmp_path, tmp_path), truncation=0.8)
    assert loaded.groups == theatre.groups
    point = loaded.sample(2, seed=1)
    latents = Latents(torch.from_numpy(point.z), torch.from_numpy(point.classes))
    weights = torch.cat([latents.classes[:, where].softmax(1) for where in slices(loaded.groups)], dim=1)
    expected = generate(student, latents.z, weights).add(1).div(2)
    assert_allclose(loaded.render_square(latents), expected, atol=5e-3)  # the file has half precision
