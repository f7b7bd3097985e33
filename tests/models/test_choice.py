"""Models by name, and what "auto" means."""

from __future__ import annotations

from pathlib import Path

import pytest

from installation.core.errors import ShowError
from installation.models import bank_file, choose, default_place, load_generator, load_perceptor
from installation.models.interfaces import ModelPlace

GIB = 1 << 30


@pytest.fixture
def fetched(tmp_path: Path, place: ModelPlace) -> ModelPlace:
    for name in ("biggan-deep-256", "biggan-deep-128"):
        (tmp_path / name).mkdir()
        for file in ("config.json", "pytorch_model.bin"):
            (tmp_path / name / file).touch()
    for name in ("biggan-deep-256", "biggan-deep-128"):
        bank = bank_file(name, "ViT-B-32", tmp_path)
        bank.parent.mkdir(exist_ok=True)
        bank.touch()
    (tmp_path / "ViT-B-32").mkdir()
    (tmp_path / "ViT-B-32" / "open_clip_model.safetensors").touch()
    return place._replace(cache=tmp_path, device="cuda")


def test_an_unknown_name_is_answered_with_the_nearest(place: ModelPlace) -> None:
    with pytest.raises(ShowError, match=r"There is no generator 'bigan-embedded'; did you mean 'biggan-embedded'\?"):
        load_generator("bigan-embedded", place)
    with pytest.raises(ShowError, match=r"known: RN101-quickgelu, .*clip-embedded, fake"):
        load_perceptor("zzz", place)


def test_without_fetched_models_the_theatre_plays(place: ModelPlace, tmp_path: Path) -> None:
    bare = place._replace(cache=tmp_path, device="cuda")
    assert choose("auto", "auto", bare, lambda _: 80 * GIB) == ("theatre", "clip-embedded")


@pytest.mark.parametrize(
    ("free", "chosen"),
    [
        (80, ("biggan-deep-256", "ViT-B-32")),
        (7, ("biggan-deep-128", "ViT-B-32")),
        (2, ("theatre", "clip-embedded")),
        (0, ("theatre", "clip-embedded")),
    ],
)
def test_auto_takes_the_largest_fetched_biggan_that_fits(
    fetched: ModelPlace, free: int, chosen: tuple[str, str]
) -> None:
    assert choose("auto", "auto", fetched, lambda _: free * GIB) == chosen


def test_a_perceptor_that_knows_only_the_theatre_keeps_auto_at_the_theatre(fetched: ModelPlace) -> None:
    assert choose("auto", "clip-embedded", fetched, lambda _: 80 * GIB) == ("theatre", "clip-embedded")
    with pytest.raises(ShowError, match="knows only the theatre's world"):
        choose("biggan-deep-256", "clip-embedded", fetched)


def test_a_full_size_biggan_without_a_perceptor_says_what_to_fetch(fetched: ModelPlace) -> None:
    (fetched.cache / "ViT-B-32" / "open_clip_model.safetensors").unlink()
    assert choose("auto", "auto", fetched, lambda _: 80 * GIB) == ("theatre", "clip-embedded")
    with pytest.raises(
        ShowError, match=r"wants a full-size perceptor.*run_show\.py fetch ViT-B-32-quickgelu brings one"
    ):
        choose("biggan-deep-128", "auto", fetched)


def test_a_biggan_that_is_not_here_itself_is_fetched_with_its_perceptor(tmp_path: Path) -> None:
    nothing = ModelPlace(tmp_path / "assets", tmp_path / "empty", "cpu")
    with pytest.raises(ShowError, match=r"run_show\.py fetch biggan-deep-512 ViT-B-32-quickgelu brings both\.$"):
        choose("biggan-deep-512", "auto", nothing)


def test_auto_takes_no_pair_whose_bank_is_not_built(fetched: ModelPlace) -> None:
    bank_file("biggan-deep-256", "ViT-B-32", fetched.cache).unlink()
    assert choose("auto", "auto", fetched, lambda _: 80 * GIB) == ("biggan-deep-128", "ViT-B-32")
    (fetched.cache / "RN50-quickgelu").mkdir()
    (fetched.cache / "RN50-quickgelu" / "open_clip_pytorch_model.bin").touch()
    bank_file("biggan-deep-256", "RN50-quickgelu", fetched.cache).touch()
    assert choose("auto", "auto", fetched, lambda _: 80 * GIB) == ("biggan-deep-256", "RN50-quickgelu")
    assert choose("auto", "ViT-B-32", fetched, lambda _: 80 * GIB) == ("biggan-deep-128", "ViT-B-32")
    assert choose("biggan-deep-128", "auto", fetched, lambda _: 80 * GIB) == ("biggan-deep-128", "ViT-B-32")


def test_a_model_that_is_not_fetched_is_told_before_the_show_with_the_command(fetched: ModelPlace) -> None:
    for generator, perceptor, missing in (
        ("biggan-deep-512", "ViT-B-32", "biggan-deep-512"),
        ("biggan-deep-256", "ViT-L-14", "ViT-L-14"),
    ):
        with pytest.raises(ShowError, match=rf"^'{missing}' is not in .*: run_show\.py fetch {missing} brings it, or"):
            choose(generator, perceptor, fetched, lambda _: 80 * GIB)


def test_half_a_download_and_a_note_without_its_file_are_no_model(fetched: ModelPlace) -> None:
    folder = fetched.cache / "ViT-B-32"
    (folder / "open_clip_model.safetensors").rename(folder / "open_clip_model.safetensors.part")
    (folder / "open_clip_model.safetensors.checked.json").touch()
    (fetched.cache / "biggan-deep-256" / "config.json").unlink()
    assert choose("auto", "auto", fetched, lambda _: 80 * GIB) == ("theatre", "clip-embedded")
    with pytest.raises(ShowError, match="'biggan-deep-256' is not in"):
        load_generator("biggan-deep-256", fetched)


def test_a_card_that_is_too_small_is_told_in_one_sentence(fetched: ModelPlace) -> None:
    with pytest.raises(ShowError) as error:
        choose("biggan-deep-256", "ViT-B-32", fetched, lambda _: 3 * GIB)
    assert str(error.value) == (
        "The card is too small for biggan-deep-256: 4 GiB are wanted at least, 3.0 GiB are free; "
        'choose a smaller generator, or "auto".'
    )
    on_cpu = fetched._replace(device="cpu")
    assert choose("biggan-deep-256", "ViT-B-32", on_cpu, lambda _: 0) == ("biggan-deep-256", "ViT-B-32")


def test_the_cache_is_where_the_environment_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LATERNA_MODELS", str(tmp_path))
    assert default_place().cache == tmp_path
    monkeypatch.delenv("LATERNA_MODELS")
    assert default_place().cache.name == "models"
    assert (default_place().assets / "clip-embedded" / "perceptor.json").is_file()
