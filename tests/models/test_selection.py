"""Models by name, and what "auto" means."""

from __future__ import annotations

from pathlib import Path

import pytest

from installation.core.errors import ShowError
from installation.models import bank_file, choose, default_place, load_generator, load_perceptor
from installation.models.interfaces import ModelPlace

GIB = 1 << 30


def free(gibibytes: float) -> int:
    return int(gibibytes * GIB)


@pytest.fixture
def installed(tmp_path: Path, place: ModelPlace) -> ModelPlace:
    """A GPU, two of the published BigGANs, a perceptor, and latent banks of both pairs; the files are empty."""
    for name in ("biggan-deep-256", "biggan-deep-128"):
        (tmp_path / name).mkdir()
        for file in ("config.json", "pytorch_model.bin"):
            (tmp_path / name / file).touch()
        bank = bank_file(name, "ViT-B-32", tmp_path)
        bank.parent.mkdir(exist_ok=True)
        bank.touch()
    (tmp_path / "ViT-B-32").mkdir()
    (tmp_path / "ViT-B-32" / "open_clip_model.safetensors").touch()
    return place._replace(cache=tmp_path, device="cuda")


def test_an_unknown_name_is_answered_with_the_nearest_one(place: ModelPlace) -> None:
    with pytest.raises(ShowError, match=r"There is no generator 'bigan-embedded'; did you mean 'biggan-embedded'\?"):
        load_generator("bigan-embedded", place)
    with pytest.raises(ShowError, match=r"known: RN101-quickgelu, "):
        load_perceptor("zzz", place)


def test_without_installed_models_auto_is_the_embedded_pair(place: ModelPlace, tmp_path: Path) -> None:
    bare = place._replace(cache=tmp_path, device="cuda")
    assert choose("auto", "auto", bare, lambda _: free(80)) == ("theatre", "clip-embedded")


@pytest.mark.parametrize(
    ("gibibytes", "chosen"),
    [
        (80, ("biggan-deep-256", "ViT-B-32")),
        (7, ("biggan-deep-128", "ViT-B-32")),
        (2, ("theatre", "clip-embedded")),
        (0, ("theatre", "clip-embedded")),
    ],
)
def test_auto_takes_the_preferred_installed_generator_that_fits_the_memory(
    installed: ModelPlace, gibibytes: float, chosen: tuple[str, str]
) -> None:
    assert choose("auto", "auto", installed, lambda _: free(gibibytes)) == chosen


def test_a_fake_perceptor_takes_the_fake_generator_and_the_other_way_round(installed: ModelPlace) -> None:
    assert choose("auto", "fake", installed, lambda _: free(80)) == ("fake", "fake")
    assert choose("fake", "auto", installed, lambda _: free(80)) == ("fake", "fake")


def test_auto_with_the_embedded_perceptor_takes_the_generator_that_it_recognises(installed: ModelPlace) -> None:
    assert choose("auto", "clip-embedded", installed, lambda _: free(80)) == ("theatre", "clip-embedded")
    with pytest.raises(
        ShowError,
        match=r"'clip-embedded' does not recognise what biggan-deep-256 shows: choose one of ViT-B-32-quickgelu, ViT",
    ):
        choose("biggan-deep-256", "clip-embedded", installed)


def test_a_generator_without_an_installed_perceptor_is_refused_with_the_command_that_installs_one(
    installed: ModelPlace,
) -> None:
    (installed.cache / "ViT-B-32" / "open_clip_model.safetensors").unlink()
    assert choose("auto", "auto", installed, lambda _: free(80)) == ("theatre", "clip-embedded")
    with pytest.raises(ShowError, match=r"needs a perceptor.*`run_show\.py fetch ViT-B-32-quickgelu`\.$"):
        choose("biggan-deep-128", "auto", installed)


def test_the_command_names_the_generator_as_well_if_both_are_missing(tmp_path: Path) -> None:
    nothing = ModelPlace(tmp_path / "assets", tmp_path / "empty", "cpu")
    with pytest.raises(ShowError, match=r"`run_show\.py fetch biggan-deep-512 ViT-B-32-quickgelu`\.$"):
        choose("biggan-deep-512", "auto", nothing)


def test_auto_takes_only_pairs_with_a_latent_bank(installed: ModelPlace) -> None:
    bank_file("biggan-deep-256", "ViT-B-32", installed.cache).unlink()
    assert choose("auto", "auto", installed, lambda _: free(80)) == ("biggan-deep-128", "ViT-B-32")
    (installed.cache / "RN50-quickgelu").mkdir()
    (installed.cache / "RN50-quickgelu" / "open_clip_pytorch_model.bin").touch()
    bank_file("biggan-deep-256", "RN50-quickgelu", installed.cache).touch()
    assert choose("auto", "auto", installed, lambda _: free(80)) == ("biggan-deep-256", "RN50-quickgelu")
    assert choose("auto", "ViT-B-32", installed, lambda _: free(80)) == ("biggan-deep-128", "ViT-B-32")
    assert choose("biggan-deep-128", "auto", installed, lambda _: free(80)) == ("biggan-deep-128", "ViT-B-32")


@pytest.mark.parametrize(
    ("generator", "perceptor", "missing"),
    [("biggan-deep-512", "ViT-B-32", "biggan-deep-512"), ("biggan-deep-256", "ViT-L-14", "ViT-L-14")],
)
def test_a_model_that_is_not_installed_is_refused_with_the_command(
    installed: ModelPlace, generator: str, perceptor: str, missing: str
) -> None:
    with pytest.raises(ShowError) as error:
        choose(generator, perceptor, installed, lambda _: free(80))
    assert str(error.value) == (
        f"'{missing}' is not in {installed.cache}: install it with `run_show.py fetch {missing}`."
    )


def test_an_unfinished_download_or_a_missing_companion_is_no_installed_model(installed: ModelPlace) -> None:
    folder = installed.cache / "ViT-B-32"
    (folder / "open_clip_model.safetensors").rename(folder / "open_clip_model.safetensors.part")
    (folder / "open_clip_model.safetensors.checked.json").touch()
    (installed.cache / "biggan-deep-256" / "config.json").unlink()
    assert choose("auto", "auto", installed, lambda _: free(80)) == ("theatre", "clip-embedded")
    with pytest.raises(ShowError, match="'biggan-deep-256' is not in"):
        load_generator("biggan-deep-256", installed)


def test_a_gpu_that_is_too_small_is_refused(installed: ModelPlace) -> None:
    with pytest.raises(ShowError) as error:
        choose("biggan-deep-256", "ViT-B-32", installed, lambda _: free(3))
    assert str(error.value) == (
        "The GPU is too small for biggan-deep-256: it needs 4 GiB and 3.0 GiB are free; "
        'choose a smaller generator, or "auto".'
    )
    on_cpu = installed._replace(device="cpu")
    assert choose("biggan-deep-256", "ViT-B-32", on_cpu, lambda _: 0) == ("biggan-deep-256", "ViT-B-32")


def test_the_models_folder_is_the_argument_else_the_environments_else_the_users_cache(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LATERNA_MODELS", str(tmp_path / "environment"))
    assert default_place(cache=tmp_path / "argument").cache == tmp_path / "argument"
    assert default_place().cache == tmp_path / "environment"
    monkeypatch.delenv("LATERNA_MODELS")
    assert default_place().cache.name == "models"
    assert (default_place().assets / "clip-embedded" / "perceptor.json").is_file()
