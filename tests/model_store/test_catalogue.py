"""The catalogue: every model that Laterna knows by name, and where it comes from."""

from __future__ import annotations

import re

import pytest

from installation.core.errors import ShowError
from installation.model_store.catalogue import CATALOGUE, FileFormat, ModelKind, entry
from installation.model_store.selection import needed, wished
from installation.models import GENERATORS, OPEN_CLIP, PERCEPTORS
from installation.show.loader import load_show, parse_show, shows
from installation.speech.recognizers.whisper_files import PUBLISHED


def test_every_model_that_a_show_can_name_is_in_it() -> None:
    named = {kind: {name for name, each in CATALOGUE.items() if each.kind is kind} for kind in ModelKind}
    assert named[ModelKind.GENERATOR] == GENERATORS.keys() - {"fake"}
    assert named[ModelKind.PERCEPTOR] == PERCEPTORS.keys() - {"fake"}
    assert named[ModelKind.RECOGNIZER] == {"sphinx", *PUBLISHED}


def test_a_perceptor_is_one_that_open_clip_has_weights_for_with_the_constants_that_we_use() -> None:
    import open_clip
    from open_clip.pretrained import get_pretrained_cfg, list_pretrained_tags_by_model

    for name in OPEN_CLIP:
        repository = re.search(r"co/(.+)/resolve", CATALOGUE[name].sources[0].url)
        assert repository is not None
        found = [get_pretrained_cfg(name, tag) for tag in list_pretrained_tags_by_model(name)]
        offered = [each for each in found if each["hf_hub"].strip("/") == repository[1]]
        assert offered, name
        for each in offered:
            assert each["mean"] == open_clip.OPENAI_DATASET_MEAN, name
            assert bool(each.get("quick_gelu")) == name.endswith("-quickgelu"), name


def test_every_fetched_model_has_a_licence_a_size_and_sources_by_https() -> None:
    for each in CATALOGUE.values():
        assert each.licence, each.name
        if not each.embedded:
            assert each.size > 10_000_000, each.name
            assert all(source.url.startswith("https://") for source in each.sources), each.name


def test_openmmlabs_hash_is_the_end_of_its_files_name() -> None:
    digits = [
        (source.basename, source.sha256)
        for each in CATALOGUE.values()
        if each.form is FileFormat.BIGGAN
        for source in each.sources
        if source.basename.endswith(".pth")
    ]
    assert len(digits) == 6
    assert all(name.endswith(f"-{sha256}.pth") for name, sha256 in digits)


def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(ShowError, match=r"There is no model 'bigan-deep-512'; did you mean 'biggan-deep-512'\?"):
        entry("bigan-deep-512")


@pytest.mark.parametrize("name", shows())
def test_a_show_that_comes_with_laterna_needs_nothing_fetched(name: str) -> None:
    assert needed(load_show(name)) == []


def test_a_show_names_what_it_needs() -> None:
    show = parse_show('[models]\ngenerator = "biggan-deep-256"\n[listen]\nenabled = true\nrecognizer = "whisper"\n')
    assert needed(show) == ["biggan-deep-256", "ViT-B-32-quickgelu", "base.en"]
    named = parse_show('[models]\ngenerator = "biggan-deep-256"\nperceptor = "ViT-L-14"\n')
    assert needed(named) == ["biggan-deep-256", "ViT-L-14"]
    several = '[models]\nperceptors = { "ViT-B-32" = 1.0, RN50-quickgelu = 0.5 }\n'
    assert needed(parse_show(several)) == ["ViT-B-32", "RN50-quickgelu"]
    assert [each.name for each in wished(["ViT-L-14", "turbo"], named)] == ["ViT-L-14", "turbo", "biggan-deep-256"]
    with pytest.raises(ShowError, match="did you mean 'biggan-deep-256'"):
        needed(parse_show('[models]\ngenerator = "biggan-256"\n'))
    with pytest.raises(ShowError, match="There is no model 'RN50x8-quickgelu'; did you mean 'RN50x4-quickgelu'"):
        needed(parse_show('[models]\nperceptors = { "ViT-B-32" = 1.0, RN50x8-quickgelu = 0.5 }\n'))
