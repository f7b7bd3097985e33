"""The embedded and the installed models, and what a show needs of them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from installation.core.model_files import sha256_of, write_manifest
from installation.doctor.finding import Finding, Level
from installation.doctor.models import check_embedded, check_installed
from installation.models import all_specs, default_place
from installation.models.interfaces import ModelPlace
from installation.show.settings import ModelSettings, Show
from tests.doctor.findings import PLACE, levels


@pytest.fixture
def installed(tmp_path: Path) -> ModelPlace:
    """A generator and a perceptor with a manifest, and a recogniser without one; the contents are no weights."""
    for path in ("biggan-deep-128/pytorch_model.bin", "ViT-B-32/open_clip_model.safetensors"):
        install(tmp_path / path)
    (tmp_path / "biggan-deep-128" / "config.json").write_bytes(b"{}")
    (tmp_path / "tiny.en.pt").write_bytes(b"put there by hand")
    return default_place(cache=tmp_path)


def install(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"weights")
    write_manifest(path, sha256_of(path), "https://a.b/c")


def by_subject(findings: list[Finding]) -> dict[str, Finding]:
    return {finding.about: finding for finding in findings}


@pytest.mark.slow
def test_every_embedded_model_loads() -> None:
    embedded = [
        f"model: {spec.name}" for spec in all_specs() if spec.embedded and spec.listed and spec.installed(PLACE)
    ]
    assert levels(check_embedded(Show(), PLACE)) == dict.fromkeys(embedded, Level.OK)


@pytest.mark.slow
def test_missing_assets_are_a_failure_of_each_embedded_model_that_has_any(tmp_path: Path) -> None:
    found = check_embedded(Show(), PLACE._replace(assets=tmp_path))
    loaded = {finding.about for finding in found if finding.level is not Level.FAILURE}
    assert loaded == {"model: strokes", "model: pixels", "model: fft"}


def test_a_show_with_a_generator_that_repaints_needs_no_bank_of_its_own() -> None:
    found = by_subject(check_installed(Show(models=ModelSettings(generator="strokes", device="cpu")), PLACE))
    assert found["models: of this show"].text == "strokes with clip-embedded"
    assert found["latent bank"].level is Level.OK


def test_installed_models_are_hashed_and_the_one_without_manifest_is_a_warning(installed: ModelPlace) -> None:
    assert levels(check_installed(Show(), installed)) == {
        "models: of this show": Level.OK,
        "model: biggan-deep-128": Level.OK,
        "model: ViT-B-32": Level.OK,
        "model: tiny.en": Level.WARNING,
    }


def test_a_damaged_file_of_the_right_size_and_date_is_found_by_its_hash(installed: ModelPlace) -> None:
    path = installed.cache / "biggan-deep-128" / "pytorch_model.bin"
    date = path.stat().st_mtime_ns
    path.write_bytes(b"weighty")
    os.utime(path, ns=(date, date))
    assert levels(check_installed(Show(), installed))["model: biggan-deep-128"] is Level.WARNING
    show = Show(models=ModelSettings(generator="biggan-deep-128", device="cpu"))
    found = by_subject(check_installed(show, installed))
    assert found["model: biggan-deep-128"].level is Level.FAILURE
    assert found["model: biggan-deep-128"].remedy == "run run_show.py fetch biggan-deep-128"


def test_a_missing_latent_bank_of_the_shows_models_is_a_failure_with_the_command(installed: ModelPlace) -> None:
    show = Show(models=ModelSettings(generator="biggan-deep-128", device="cpu"))
    found = by_subject(check_installed(show, installed))["latent bank"]
    assert found.level is Level.FAILURE
    assert found.remedy == "run run_show.py bank biggan-deep-128 --perceptor ViT-B-32"


def test_a_show_with_a_model_that_is_not_installed_fails(installed: ModelPlace) -> None:
    found = check_installed(Show(models=ModelSettings(generator="biggan-deep-512")), installed)
    assert found[0].level is Level.FAILURE
    assert "run_show.py fetch biggan-deep-512" in found[0].text


def test_each_of_several_perceptors_is_checked(installed: ModelPlace) -> None:
    other = installed.cache / "RN50-quickgelu" / "open_clip_model.safetensors"
    install(other)
    perceptors = {"ViT-B-32": 1.0, "RN50-quickgelu": 0.5}
    settings = {"generator": "theatre", "perceptors": perceptors, "device": "cpu"}
    show = Show(models=ModelSettings.model_validate(settings))
    found = by_subject(check_installed(show, installed))
    assert found["models: of this show"].text == "theatre with ViT-B-32 and RN50-quickgelu"
    other.write_bytes(b"weighty")
    assert levels(check_installed(show, installed))["model: RN50-quickgelu"] is Level.FAILURE
    other.unlink()
    (missing, *_) = check_installed(show, installed)
    assert (missing.about, missing.level) == ("models: of this show", Level.FAILURE)
    assert "run_show.py fetch RN50-quickgelu" in missing.text
