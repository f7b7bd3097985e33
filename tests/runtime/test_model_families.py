"""Generators that the user brings, named in a show file and played in a show."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from installation.bench.model_pair import write_random_bank
from installation.core import clock
from installation.core.messages import Origin, Trigger
from installation.model_store.catalogue import model_files
from installation.model_store.install import fetch_from
from installation.models import load_generator, load_perceptor
from installation.models.diffusion.random_weights import write_random_diffusion
from installation.models.interfaces import ModelPlace
from installation.models.stylegan2.checkpoint import mean_style
from installation.models.stylegan2.network import Architecture, random_network
from tests.conftest import require_package
from tests.models.conftest import place, shrink_diffusion
from tests.runtime.in_process import turn_until
from tests.runtime.test_seams import opened

__all__ = ["place"]

LOADING_SECONDS = 400.0  # at most: torch and the libraries of a model take ten seconds of a core

SHOW = """
[models]
generator = "{generator}"
perceptor = "{perceptor}"
[look]
size = [128, 64]
[osc]
enabled = false
[web]
enabled = false
[record]
folder = "{folder}"
"""


def install_stylegan2(place: ModelPlace, folder: Path) -> None:
    sizes = Architecture((32, 32, 32, 16, 8), style=32, mapping=2)
    network = random_network(sizes, 1)
    checkpoint = folder / "mine.pt"
    torch.save({"g_ema": network.state_dict(), "latent_avg": mean_style(network, sizes)}, checkpoint)
    fetch_from(model_files("stylegan2"), checkpoint, place.cache, lambda _so_far, _total: None)
    write_random_bank(load_generator("stylegan2", place), load_perceptor("photo", place), place)


def install_turbo(place: ModelPlace, folder: Path, patch: pytest.MonkeyPatch) -> None:
    shrink_diffusion(patch)
    write_random_diffusion("sd-turbo", folder / "sd-turbo", 1)
    (folder / "sd-turbo" / "pytorch_model.bin").write_bytes(b"not asked for")
    fetch_from(model_files("sd-turbo"), folder, place.cache, lambda _so_far, _total: None)
    assert not (place.cache / "sd-turbo" / "pytorch_model.bin").exists()


@pytest.mark.slow
@pytest.mark.parametrize(("generator", "perceptor"), [("stylegan2", "photo"), ("sd-turbo", "auto")])
def test_a_model_that_the_user_brings_plays_in_a_show(
    generator: str, perceptor: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: ModelPlace
) -> None:
    monkeypatch.setenv("LATERNA_MODELS", str(tmp_path / "models"))
    place = place._replace(cache=tmp_path / "models")
    if generator == "stylegan2":
        require_package("timm")
        install_stylegan2(place, tmp_path)
    else:
        require_package("diffusers")
        install_turbo(place, tmp_path, monkeypatch)
    runner = opened(SHOW.format(generator=generator, perceptor=perceptor, folder=tmp_path), tmp_path)
    try:
        runner._start(clock.now())
        turn_until(runner, lambda: runner.conductor.renderer_ready, LOADING_SECONDS)
        runner._receive(Trigger("prompt", ("a coffee cup",), Origin("keyboard")), clock.now())
        turn_until(runner, lambda: any(figures.changed for figures in runner.report.prompts.values()), 60.0)
        turn_until(runner, lambda: runner.report.renderer is not None and runner.report.renderer.prompt_id > 0, 60.0)
        figures = runner.report.renderer
    finally:
        runner._end()
    assert figures is not None
    assert figures.generator == generator
