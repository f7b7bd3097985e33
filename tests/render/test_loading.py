from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from installation.core.errors import ShowError
from installation.core.messages import Direction
from installation.models.fake import FakeGenerator
from installation.render.fake import FakeDreamFactory
from installation.render.interfaces import RendererConfig
from installation.render.loading import (
    configure_generator,
    default_device,
    load_dream_factory,
    load_generator,
    resolve_device,
    resolve_models,
)
from installation.show.settings import DreamSettings, ModelSettings
from tests.dream.conftest import small_biggan

CONFIG = RendererConfig(ModelSettings(), DreamSettings(), Path(), (16, 9), 15.0, 7, Direction(1))
FAKE = replace(CONFIG, models=ModelSettings(generator="fake"))

RESOLVE = "import os; from installation.render.loading import resolve_device; resolve_device('auto')"
MPS_FALLBACK = "PYTORCH_ENABLE_MPS_FALLBACK"
FAKE_SHOW = """
import sys
from pathlib import Path
from installation.core.messages import Direction
from installation.render.interfaces import RendererConfig
from installation.render.loading import load_dream_factory, load_generator, resolve_models
from installation.show.settings import DreamSettings, ModelSettings
config = RendererConfig(
    ModelSettings(generator="fake"), DreamSettings(), Path(), (16, 9), 15.0, 7, Direction(1)
)
config = resolve_models(config)
load_dream_factory(config, load_generator(config))
print("torch" in sys.modules)
"""


def output_of(program: str, environment: dict[str, str] | None = None) -> str:
    command = [sys.executable, "-c", program]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.strip()


@pytest.mark.slow
def test_operators_that_mps_lacks_run_on_the_cpu() -> None:
    environment = {name: value for name, value in os.environ.items() if name != MPS_FALLBACK}
    assert output_of(f"{RESOLVE}; print(os.environ['{MPS_FALLBACK}'])", environment) == "1"


def test_the_user_may_forbid_the_fallback_of_mps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(MPS_FALLBACK, "0")
    resolve_device("auto")
    assert os.environ[MPS_FALLBACK] == "0"


def test_the_fake_models_are_loaded_without_torch() -> None:
    assert output_of(FAKE_SHOW) == "False"


def test_auto_is_resolved_to_the_models_that_fit_the_generator() -> None:
    models = resolve_models(FAKE).models
    assert (models.generator, models.perceptor, models.device) == ("fake", "fake", "cpu")


def test_the_fake_generator_has_fake_dreams() -> None:
    generator = load_generator(FAKE)
    assert isinstance(generator, FakeGenerator)
    assert isinstance(load_dream_factory(FAKE, generator), FakeDreamFactory)


def test_a_device_that_torch_does_not_find_is_reported() -> None:
    with pytest.raises(ShowError, match=r"models\.device = 'cuda:77': torch finds no such device"):
        resolve_device("cuda:77")


def test_a_show_plays_on_the_default_device_if_its_own_is_missing() -> None:
    settings = FAKE.models.model_copy(update={"generator": "theatre", "perceptor": "auto", "device": "cuda:77"})
    notices: list[str] = []
    resolved = resolve_models(replace(FAKE, models=settings), notices.append)
    assert resolved.models.device == resolved.place.device == default_device()
    assert notices == [
        f'models.device = \'cuda:77\': torch finds no such device; use "auto" or "cpu". '
        f"The show plays on '{default_device()}'."
    ]


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        (DreamSettings(latents="layers"), "dream.latents = 'layers' is not supported by 'fake': use 'one'"),
        (
            DreamSettings(class_weights="top", classes="optimised"),
            "dream.class_weights = 'top' is not supported by 'fake': use 'softmax'",
        ),
        (
            DreamSettings(start_classes="embedding", classes="optimised"),
            "dream.start_classes = 'embedding' is not supported by 'fake': use 'random'",
        ),
        (
            DreamSettings(start_classes="dirichlet"),
            "'dirichlet' has no effect while classes are searched for: set dream.classes = 'optimised' or 'frozen'",
        ),
        (
            DreamSettings(start="fusedream", optimizer="sgd"),
            "'fusedream' mixes latents by Adam: leave out dream.optimizer = 'sgd'",
        ),
    ],
    ids=["layers", "class weights", "class embedding", "start classes", "start"],
)
def test_settings_that_the_generator_does_not_support_are_reported(settings: DreamSettings, reason: str) -> None:
    with pytest.raises(ShowError, match=reason):
        configure_generator(FakeGenerator(), settings)


def test_class_weights_without_optimised_classes_are_reported() -> None:
    with pytest.raises(ShowError, match=r"set dream\.classes = 'optimised'"):
        configure_generator(small_biggan(), DreamSettings(class_weights="sigmoid"))


def test_class_weights_make_the_classes_of_a_generator_independent() -> None:
    generator = small_biggan()
    configure_generator(generator, DreamSettings(class_weights="sigmoid", classes="optimised"))
    assert [group.simplex for group in generator.groups] == [False]


@pytest.mark.parametrize(
    ("device", "expected"), [("cpu", (25.0, 6)), ("mps", (25.0, 6)), ("cuda", (60.0, 32)), ("cuda:1", (60.0, 32))]
)
def test_frame_rate_and_cutouts_are_those_of_the_device_unless_the_show_names_them(
    device: str, expected: tuple[float, int]
) -> None:
    assert (ModelSettings().rate_on(device), DreamSettings().cutouts_on(device)) == expected
    assert (ModelSettings(rate=25.0).rate_on(device), DreamSettings(cutouts=9).cutouts_on(device)) == (25.0, 9)


@pytest.mark.parametrize(
    ("device", "cores", "expected"),
    [("cpu", 1, 288), ("cpu", 2, 288), ("cpu", 4, 432), ("cpu", 6, 432), ("cpu", 16, 576), ("cuda", 2, 720)],
)
def test_frames_are_as_large_as_the_machine_can_paint_them_unless_the_show_says(
    device: str, cores: int, expected: int
) -> None:
    assert ModelSettings().height_on(device, cores) == expected
    assert ModelSettings(height=96).height_on(device, cores) == 96


def test_a_frame_rate_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match="a rate is 1 or more, or 0: by device"):
        ModelSettings(rate=0.5)
