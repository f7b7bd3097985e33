from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from installation.core.errors import ShowError
from installation.models.fake import FakeGenerator
from installation.models.interfaces import Latents
from installation.models.stored_latents import StoredLatents, read_latents, save_latents, save_notebook_latents
from installation.models.theatre.vocabulary import NUM_CLASSES

FAKE = FakeGenerator()
STORED = StoredLatents(FAKE.sample(2, seed=3), "fake", {"prompt": "ein Wolf, 狼", "seed": "3"})


def test_latents_are_read_as_they_were_written_and_the_same_latents_give_the_same_bytes(tmp_path: Path) -> None:
    files = [tmp_path / "a.safetensors", tmp_path / "b.safetensors"]
    for path in files:
        save_latents(path, STORED)
    assert files[0].read_bytes() == files[1].read_bytes()
    again = read_latents(files[0])
    np.testing.assert_array_equal(again.point.z, STORED.point.z)
    np.testing.assert_array_equal(again.point.classes, STORED.point.classes)
    assert (again.generator, again.settings) == (STORED.generator, STORED.settings)


@pytest.mark.parametrize("named", ["fox_1_noise.txt", "fox_1_class.txt", "fox_1"])
def test_files_written_by_the_recipe_of_the_notebooks_are_read(tmp_path: Path, named: str) -> None:
    z, classes = np.random.default_rng(1).standard_normal(128), np.random.default_rng(2).standard_normal(1000)
    np.savetxt(tmp_path / "fox_1_noise.txt", z)
    np.savetxt(tmp_path / "fox_1_class.txt", classes)
    np.savetxt(tmp_path / "fox_10_noise.txt", classes)  # no other file with the same beginning is taken
    point = read_latents(tmp_path / named).point
    np.testing.assert_allclose(point.z, z[None].astype(np.float32))
    np.testing.assert_allclose(point.classes, classes[None].astype(np.float32))


@pytest.mark.parametrize("shape", [(128,), (11, 128)])
def test_a_pair_is_read_as_it_was_written(tmp_path: Path, shape: tuple[int, ...]) -> None:
    z = np.random.default_rng(1).standard_normal((1, *shape)).astype(np.float32)
    pair = save_notebook_latents(tmp_path / "fox", Latents(z, np.zeros((1, 1000), np.float32)))
    np.testing.assert_array_equal(read_latents(pair[0]).point.z, z)


def test_the_latents_of_another_generator_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ShowError, match="latents of 'theatre', not of 'fake': choose the generator 'theatre'"):
        StoredLatents(STORED.point, "theatre").point_for(FAKE, tmp_path)
    wrong = StoredLatents(Latents(np.zeros((1, 128), np.float32), np.zeros((1, NUM_CLASSES), np.float32)))
    with pytest.raises(ShowError, match=r"128 numbers of noise and \d+ numbers of classes; 'fake' needs 12 and"):
        wrong.point_for(FAKE, tmp_path)
    assert STORED.point_for(FAKE, tmp_path) is STORED.point


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.safetensors", b"", "holds no latents"),
        ("a.safetensors", b"\x10" * 200, "holds no latents"),
        ("a_noise.txt", b"", "is empty"),
        ("a_noise.txt", b"words\n", "each line should hold numbers"),
        ("a_noise.txt", b"\xff\xfe\n", "each line should hold numbers"),
        ("a_noise.txt", b"nan\n", "not finite"),
        ("a.png", b"", "is not a file of latents"),
    ],
)
def test_a_file_without_latents_is_one_sentence(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ShowError, match=message):
        read_latents(tmp_path / name)


@pytest.mark.parametrize("name", ["a.safetensors", "a_noise.txt"])
def test_a_missing_file_is_one_sentence(tmp_path: Path, name: str) -> None:
    with pytest.raises(ShowError, match="cannot be read: No such file"):
        read_latents(tmp_path / name)
