from __future__ import annotations

from typing import Any

import pytest
import torch

from installation.models.diffusion.random_weights import SIZES
from tests.conftest import require_package

# numbers of parameters of the published models
PUBLISHED = {
    "sd-turbo": {"unet": 865_910_724, "vae": 83_653_863, "text": [340_387_840]},
    "sdxl-turbo": {"unet": 2_567_463_684, "vae": 83_653_863, "text": [123_060_480, 694_659_840]},
}


def parameters(model: Any) -> int:
    return sum(parameter.numel() for parameter in model.parameters())


@pytest.mark.slow
@pytest.mark.parametrize("name", PUBLISHED)
def test_random_weights_have_the_sizes_of_the_published_model(name: str) -> None:
    diffusers, transformers = require_package("diffusers"), require_package("transformers")
    sizes, encoders = SIZES[name], (transformers.CLIPTextModel, transformers.CLIPTextModelWithProjection)
    with torch.device("meta"):  # takes no memory
        found = {
            "unet": parameters(diffusers.UNet2DConditionModel(**sizes["unet"])),
            "vae": parameters(diffusers.AutoencoderKL(**sizes["vae"])),
            "text": [
                parameters(encoder(transformers.CLIPTextConfig(**config)))
                for encoder, config in zip(encoders, sizes["text"], strict=False)
            ],
        }
    assert found == PUBLISHED[name]
