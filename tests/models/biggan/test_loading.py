"""BigGANs from folders, and the messages about files that are wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch

from installation.core.errors import ShowError
from installation.models import load_generator
from installation.models.biggan import CONFIG, WEIGHTS
from installation.models.biggan.loading import GROUPS, load_biggan, load_library, read_groups
from installation.models.interfaces import Group, ModelPlace
from tests.models.conftest import SMALL, calibrated_library

LAYERS_128 = [
    *[(False, 16, 16), (True, 16, 16), (False, 16, 16), (True, 16, 8), (False, 8, 8)],
    *[(True, 8, 4), (False, 4, 4), (True, 4, 2), (False, 2, 2), (True, 2, 1)],
]


@pytest.fixture(scope="module")
def library() -> Any:
    return calibrated_library(1)


def save(folder: Path, library: Any, changes: dict[str, Any], state: dict[str, torch.Tensor] | None = None) -> None:
    folder.mkdir(exist_ok=True)
    (folder / CONFIG).write_text(json.dumps({**SMALL, "eps": 1e-4, **changes}), encoding="utf-8")
    torch.save(state or library.state_dict(), folder / WEIGHTS)


def test_a_published_model_is_loaded_from_the_models_folder_with_imagenets_labels(
    tmp_path: Path, place: ModelPlace
) -> None:
    layout: dict[str, Any] = {
        "output_dim": 128,
        "num_classes": 1000,
        "layers": LAYERS_128,
        "attention_layer_position": 8,
    }
    save(tmp_path / "biggan-deep-128", calibrated_library(9, **layout), layout)
    generator = load_generator("biggan-deep-128", place._replace(cache=tmp_path))
    assert [group.labels[1] for group in generator.groups] == ["goldfish"]
    assert generator.paint(generator.sample(1, 1)).shape == (128, 128, 3)


def test_a_missing_file_is_named(tmp_path: Path, place: ModelPlace) -> None:
    with pytest.raises(ShowError) as error:
        load_biggan("biggan-deep-256", tmp_path, place)
    assert str(error.value) == f"The model 'biggan-deep-256' is incomplete: {tmp_path / CONFIG} is missing."


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("generator.gen_z.bias", None, "lacks key 'generator.gen_z.bias'"),
        ("generator.spare", torch.zeros(1), "has the unknown key 'generator.spare'"),
        ("generator.bn.bias", torch.zeros(3), "does not fit config.json in key 'generator.bn.bias'"),
    ],
)
def test_a_file_of_another_model_is_refused_by_the_name_of_a_key(
    tmp_path: Path, library: Any, key: str, value: torch.Tensor | None, message: str
) -> None:
    state = dict(library.state_dict())
    if value is None:
        del state[key]
    else:
        state[key] = value
    save(tmp_path, library, {}, state)
    with pytest.raises(ShowError, match=message):
        load_library(tmp_path)


def test_a_file_that_is_cut_short_is_refused(tmp_path: Path, library: Any) -> None:
    save(tmp_path, library, {})
    path = tmp_path / WEIGHTS
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(ShowError, match="cut short"):
        load_library(tmp_path)


def test_a_config_that_is_not_json_is_refused(tmp_path: Path, library: Any) -> None:
    save(tmp_path, library, {})
    (tmp_path / CONFIG).write_text("{", encoding="utf-8")
    with pytest.raises(ShowError, match=r"config\.json is not JSON"):
        load_library(tmp_path)


@pytest.mark.parametrize("text", ["[]", "7", "null", '{"layers": 5}', '{"z_dim": "x"}'])
def test_a_config_that_describes_no_biggan_is_refused(tmp_path: Path, library: Any, text: str) -> None:
    save(tmp_path, library, {})
    (tmp_path / CONFIG).write_text(text, encoding="utf-8")
    with pytest.raises(ShowError, match=r"config\.json (does not describe a BigGAN|in key)"):
        load_library(tmp_path)


@pytest.mark.parametrize("text", ["", "{}", "[7]", '[{"name": "sky"}]', "[" * 100_000])
def test_damaged_groups_are_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / GROUPS).write_text(text, encoding="utf-8")
    with pytest.raises(ShowError, match=r"groups\.json (does not describe|names 0 classes)"):
        read_groups(tmp_path, 4)


def test_groups_are_read_from_the_folder_with_their_priors(tmp_path: Path) -> None:
    rows = [
        {"name": "sky", "labels": ["day", "night"], "neutral": None, "chances": [3.0, 1.0], "given": {}},
        {
            "name": "tint",
            "labels": ["none", "red"],
            "neutral": 0,
            "chances": [1.0, 1.0],
            "given": {"sky": [[1, 0], [1, 2]]},
        },
    ]
    (tmp_path / GROUPS).write_text(json.dumps(rows), encoding="utf-8")
    groups, priors = read_groups(tmp_path, 4)
    assert groups == (Group("sky", ("day", "night")), Group("tint", ("none", "red"), neutral=0))
    assert priors is not None
    assert priors["tint"].given["sky"].tolist() == [[1.0, 0.0], [1.0, 2.0]]
    with pytest.raises(ShowError, match="names 4 classes, but the model in its folder has 5"):
        read_groups(tmp_path, 5)


def test_classes_without_names_are_numbered(tmp_path: Path) -> None:
    assert read_groups(tmp_path, 2) == ((Group("class", ("class 0", "class 1")),), None)
