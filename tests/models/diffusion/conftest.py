"""Small turbo models with random weights, for these tests alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from installation.models import default_place
from installation.models.diffusion.random_weights import write_random_diffusion
from installation.models.interfaces import ModelPlace
from tests.conftest import require_package
from tests.models.conftest import shrink_diffusion


@pytest.fixture(scope="module")
def diffusion_place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModelPlace]:
    require_package("diffusers")
    cache = tmp_path_factory.mktemp("diffusion")
    with pytest.MonkeyPatch.context() as patch:
        shrink_diffusion(patch)
        for name in ("sd-turbo", "sdxl-turbo"):
            write_random_diffusion(name, cache / name, 1)
        yield default_place(cache=cache)
