"""Checkpoints of BigGAN: architectures, and the conversion of OpenMMLab's files."""

from __future__ import annotations

from math import ceil
from typing import Any

import pytest
import torch
from numpy.testing import assert_allclose

from installation.core.errors import ShowError
from installation.models.biggan import checkpoint
from installation.models.biggan.checkpoint import (
    ARCHITECTURES,
    SINGLE_STATISTICS,
    check_library_keys,
    config_of,
    from_openmmlab,
    library_shapes,
    openmmlab_name,
)
from tests.model_store.networks import State, openmmlab_forward, openmmlab_state


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The config of BigGAN-deep-128 with a sixteenth of the channels."""
    monkeypatch.setattr(checkpoint, "WIDTH", 8)
    return config_of("biggan-deep-128", SINGLE_STATISTICS)


@pytest.fixture
def openmmlab(narrow: dict[str, Any]) -> State:
    return openmmlab_state(narrow, seed=3)


def loaded(state: State, config: dict[str, Any]) -> Any:
    from pytorch_pretrained_biggan import BigGAN, BigGANConfig

    library = BigGAN(BigGANConfig.from_dict(config))
    library.load_state_dict(state, strict=True)
    return library.eval()


@pytest.mark.slow
@pytest.mark.parametrize("prefix", ["", "generator.", "generator_ema."])
def test_converted_weights_render_the_same_pictures_in_the_library(
    openmmlab: State, narrow: dict[str, Any], prefix: str
) -> None:
    file = {f"{prefix}{key}": value for key, value in openmmlab.items()}
    if prefix == "generator_ema.":  # a whole training run, of which the moving average is taken
        file |= {f"generator.{key}": torch.zeros_like(value) for key, value in openmmlab.items()}
    if prefix:
        file["discriminator.input_conv.conv.weight_orig"] = torch.zeros(1)
    library = loaded(from_openmmlab(file, narrow, "their file"), narrow)
    random = torch.Generator().manual_seed(1)
    z = 0.4 * torch.randn(2, 128, generator=random)
    classes = torch.rand(2, 1000, generator=random).softmax(dim=1)
    with torch.inference_mode():
        expected = openmmlab_forward(openmmlab, narrow, z, classes)
        for truncation in (0.02, 0.4, 1.0):
            assert_allclose(library(z, classes, truncation), expected, rtol=1e-4, atol=1e-4)
    assert float(expected.std()) > 0.1  # not flat


@pytest.mark.slow
@pytest.mark.parametrize("name", ARCHITECTURES)
def test_every_key_of_every_architecture_has_a_name_at_openmmlab(name: str) -> None:
    config = config_of(name, SINGLE_STATISTICS)
    named = {openmmlab_name(key) for key in library_shapes(config)}
    assert len(named) == len(library_shapes(config))
    own_names = openmmlab_state({**config, "channel_width": 8}, seed=1)
    assert named == {key for key in own_names if not key.endswith("num_batches_tracked")}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "side", "megabytes"),
    [("biggan-deep-128", 128, 201), ("biggan-deep-256", 256, 224), ("biggan-deep-512", 512, 225)],
)
def test_the_shapes_are_those_of_the_published_files(name: str, side: int, megabytes: int) -> None:
    config = config_of(name)
    size = sum(4 * shape.numel() for shape in library_shapes(config).values())
    assert (config["output_dim"], ceil(size / (1 << 20))) == (side, megabytes)  # without the keys, some 100 kB


def test_the_config_is_the_librarys_own_for_its_default_size() -> None:
    from pytorch_pretrained_biggan import BigGANConfig

    own = BigGANConfig()
    assert config_of("biggan-deep-128") == own.to_dict() | {"layers": [list(layer) for layer in own.layers]}


def test_a_key_that_is_missing_unknown_or_misshapen_is_named(openmmlab: State, narrow: dict[str, Any]) -> None:
    key = "conv_blocks.3.conv2.conv.weight_v"
    lacking = {name: value for name, value in openmmlab.items() if name != key}
    misshapen = openmmlab | {key: torch.zeros(5)}
    strange = openmmlab | {"conv_blocks.3.conv9.conv.weight_v": torch.zeros(1)}
    for state, wrong in (
        (lacking, rf"f lacks key '{key}'"),
        (misshapen, rf"f has key '{key}' in another shape"),
        (strange, r"f has the unknown key 'conv_blocks\.3\.conv9\.conv\.weight_v'"),
    ):
        with pytest.raises(ShowError, match=wrong):
            from_openmmlab(state, narrow, "f")


def test_keys_of_the_library_are_checked_against_the_architecture(openmmlab: State, narrow: dict[str, Any]) -> None:
    state = from_openmmlab(openmmlab, narrow, "f")
    check_library_keys(state, narrow, "f")
    larger = config_of("biggan-deep-512", SINGLE_STATISTICS)
    with pytest.raises(ShowError, match=r"f lacks key 'generator\.layers\.|f has key 'generator\.layers\."):
        check_library_keys(state, larger, "f")
    with pytest.raises(ShowError, match=r"f has the unknown key 'x'"):
        check_library_keys(state | {"x": torch.zeros(1)}, narrow, "f")
    with pytest.raises(ShowError, match=r"f has key 'generator\.bn\.weight' in another shape"):
        check_library_keys(state | {"generator.bn.weight": torch.zeros(9)}, narrow, "f")
