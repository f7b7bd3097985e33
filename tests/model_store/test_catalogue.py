"""The catalogue: every model by its name, and the models that a show needs."""

from __future__ import annotations

import re

import pytest

from installation.core.errors import ShowError
from installation.core.model_files import ModelKind
from installation.model_store.catalogue import catalogue, model_files, needed, requested
from installation.models import GENERATORS, PERCEPTORS
from installation.show.loader import load_show, parse_show, shows
from installation.speech.recognizers.whisper_files import PUBLISHED


def test_it_has_every_model_that_a_show_can_name() -> None:
    known = catalogue()
    by_kind = {kind: {name for name, files in known.items() if files.kind is kind} for kind in ModelKind}
    assert by_kind[ModelKind.GENERATOR] == GENERATORS.keys() - {"fake"}
    assert by_kind[ModelKind.PERCEPTOR] == PERCEPTORS.keys() - {"fake"}
    assert by_kind[ModelKind.RECOGNIZER] == {"sphinx", *PUBLISHED}


def test_the_hub_repository_of_a_perceptor_holds_weights_for_its_architecture_and_constants() -> None:
    import open_clip
    from open_clip.pretrained import get_pretrained_cfg, list_pretrained_tags_by_model

    names = [name for name, spec in PERCEPTORS.items() if not spec.embedded]
    assert names
    for name in names:
        repository = re.search(r"co/(.+)/resolve", model_files(name).sources[0].url)
        assert repository is not None
        pretrained = [get_pretrained_cfg(name, tag) for tag in list_pretrained_tags_by_model(name)]
        offered = [each for each in pretrained if each["hf_hub"].strip("/") == repository[1]]
        assert offered, name
        for each in offered:
            assert each["mean"] == open_clip.OPENAI_DATASET_MEAN, name
            assert bool(each.get("quick_gelu")) == name.endswith("-quickgelu"), name


def test_every_model_has_a_licence_and_every_download_a_size_and_https_sources() -> None:
    for files in catalogue().values():
        assert files.licence, files.name
        if not files.embedded:
            assert files.size > 10_000_000, files.name
            assert all(source.url.startswith("https://") for source in files.sources), files.name


def test_the_file_names_of_openmmlab_end_with_the_digits_of_their_hash() -> None:
    openmmlab = [
        source for files in catalogue().values() for source in files.sources if source.basename.endswith(".pth")
    ]
    assert len(openmmlab) == 6
    assert all(source.basename.endswith(f"-{source.sha256}.pth") for source in openmmlab)


def test_an_unknown_name_is_answered_with_the_nearest_one() -> None:
    with pytest.raises(ShowError, match=r"There is no model 'bigan-deep-512'; did you mean 'biggan-deep-512'\?"):
        model_files("bigan-deep-512")


@pytest.mark.parametrize("name", shows())
def test_the_shows_that_come_with_laterna_need_no_download(name: str) -> None:
    assert needed(load_show(name)) == []


@pytest.mark.parametrize(
    ("settings", "names"),
    [
        (
            '[models]\ngenerator = "biggan-deep-256"\n[listen]\nenabled = true\nrecognizer = "whisper"\n',
            ["biggan-deep-256", "ViT-B-32-quickgelu", "base.en"],
        ),
        ('[models]\ngenerator = "biggan-deep-256"\nperceptor = "ViT-L-14"\n', ["biggan-deep-256", "ViT-L-14"]),
        ('[models]\nperceptors = { "ViT-B-32" = 1.0, RN50-quickgelu = 0.5 }\n', ["ViT-B-32", "RN50-quickgelu"]),
        ('[models]\ngenerator = "biggan-embedded"\n', []),
    ],
)
def test_a_show_needs_the_models_that_it_names_and_their_preferred_partner(settings: str, names: list[str]) -> None:
    assert needed(parse_show(settings)) == names


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ('generator = "biggan-256"\n', "There is no generator 'biggan-256'; did you mean 'biggan-deep-256'"),
        (
            'perceptors = { "ViT-B-32" = 1.0, RN50x8-quickgelu = 0.5 }\n',
            "There is no model 'RN50x8-quickgelu'; did you mean 'RN50x4-quickgelu'",
        ),
    ],
)
def test_a_show_with_an_unknown_model_is_refused(settings: str, sentence: str) -> None:
    with pytest.raises(ShowError, match=sentence):
        needed(parse_show(f"[models]\n{settings}"))


def test_models_that_are_requested_by_name_and_by_a_show_come_once() -> None:
    show = parse_show('[models]\ngenerator = "biggan-deep-256"\nperceptor = "ViT-L-14"\n')
    names = [files.name for files in requested(["ViT-L-14", "turbo"], show)]
    assert names == ["ViT-L-14", "turbo", "biggan-deep-256"]
