"""The registry of model families, and a family that is added from a single file."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from installation.bench import roofline
from installation.bench.model_pair import write_random_bank
from installation.bench.runner import BenchOptions, run_bench
from installation.cli.main import main
from installation.core.model_files import ModelKind
from installation.doctor.models import check_embedded, check_installed
from installation.models import GENERATORS, PERCEPTORS, all_specs, choose, load_generator, load_perceptor
from installation.models.interfaces import ModelPlace
from installation.show.settings import ModelSettings, Show
from tests.models.toy_generator import TOY, Toy

IMPORT_ALONE = """
import sys
import installation.models.registry
libraries = {"torch", "open_clip", "pytorch_pretrained_biggan", "safetensors"} & sys.modules.keys()
assert not libraries, libraries
"""


def test_importing_the_registry_imports_no_model_library() -> None:
    subprocess.run([sys.executable, "-c", IMPORT_ALONE], check=True)


def test_names_are_unique_and_kinds_are_right() -> None:
    listed = [spec.name for spec in all_specs() if spec.listed]
    assert len(set(listed)) == len(listed)
    assert {spec.files.kind for spec in GENERATORS.values()} == {ModelKind.GENERATOR}
    assert {spec.files.kind for spec in PERCEPTORS.values()} == {ModelKind.PERCEPTOR}


def test_preferences_of_one_domain_differ() -> None:
    """So that "auto" does not depend on the order of the registry."""
    for specs in (GENERATORS.values(), PERCEPTORS.values()):
        ranks = [(spec.domain, spec.preference) for spec in specs if spec.preference]
        assert len(set(ranks)) == len(ranks)


@pytest.fixture
def toy_place(monkeypatch: pytest.MonkeyPatch, place: ModelPlace, tmp_path: Path) -> ModelPlace:
    """A place where the toy is registered and has a latent bank with the embedded perceptor."""
    monkeypatch.setitem(GENERATORS, "toy", TOY)
    place = place._replace(cache=tmp_path)
    write_random_bank(load_generator("toy", place), load_perceptor("clip-embedded", place), place)
    return place


def test_a_registered_toy_is_loaded_and_chosen_by_auto(toy_place: ModelPlace, tmp_path: Path) -> None:
    assert isinstance(load_generator("toy", toy_place), Toy)
    assert choose("auto", "auto", toy_place) == ("toy", "clip-embedded")
    without_bank = toy_place._replace(cache=tmp_path / "empty")
    assert choose("auto", "auto", without_bank) == ("theatre", "clip-embedded")
    assert choose("toy", "auto", without_bank) == ("toy", "clip-embedded")


def test_a_registered_toy_is_in_the_table_of_models(toy_place: ModelPlace, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "--models", str(toy_place.cache), "--json"]) == 0
    (row,) = (row for row in json.loads(capsys.readouterr().out) if row["name"] == "toy")
    assert (row["kind"], row["state"], row["usable"]) == ("generator", "embedded", True)


@pytest.mark.slow
def test_the_doctor_checks_a_registered_toy(toy_place: ModelPlace) -> None:
    found = {finding.about: finding.text for finding in check_embedded(Show(), toy_place)}
    assert found["model: toy"] == "embedded, loads"
    show = Show(models=ModelSettings(generator="toy", device="cpu"))
    found = {finding.about: finding.text for finding in check_installed(show, toy_place)}
    assert found["models: of this show"] == "toy with clip-embedded"
    assert found["latent bank"] == "of toy and clip-embedded"


@pytest.mark.slow
def test_the_benchmark_times_a_registered_toy(toy_place: ModelPlace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(roofline, "PROBE_SECONDS", 0.0)
    monkeypatch.setitem(roofline.MATRIX_SIDES, "cpu", 64)
    monkeypatch.setitem(roofline.COPY_BYTES, "cpu", 1 << 20)
    reports: list[str] = []
    options = BenchOptions(toy_place, ["toy"], cutouts=[1], seconds=0.01, lines=0)
    (row,) = run_bench(options, reports.append)["models"]
    assert (row["generator"], row["perceptor"], row["random_weights"]) == ("toy", "clip-embedded", False)
    assert row["walk"]["ours"]["per_second"] > 0.0
    assert reports == ["toy with clip-embedded"]
