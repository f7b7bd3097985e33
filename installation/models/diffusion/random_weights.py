"""Random weights of the turbo models in their published layout, for benchmarks and tests."""

from __future__ import annotations

import gzip
import json
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any

import torch

from installation.models.diffusion.quiet import quietly

_CLIP_MERGES = 49152 - 256 - 2  # of CLIP's vocabulary: without bytes and the two markers
_SCHEDULE = {
    "beta_start": 0.00085,
    "beta_end": 0.012,
    "beta_schedule": "scaled_linear",
    "timestep_spacing": "trailing",
    "prediction_type": "epsilon",
    "steps_offset": 1,
}
_ATTENDING = ("CrossAttnDownBlock2D",) * 3 + ("DownBlock2D",)
_VAE = {
    "block_out_channels": (128, 256, 512, 512),
    "down_block_types": ("DownEncoderBlock2D",) * 4,
    "up_block_types": ("UpDecoderBlock2D",) * 4,
    "layers_per_block": 2,
    "latent_channels": 4,
}
SIZES: dict[str, dict[str, Any]] = {
    "sd-turbo": {
        "unet": {
            "sample_size": 64,
            "block_out_channels": (320, 640, 1280, 1280),
            "down_block_types": _ATTENDING,
            "up_block_types": ("UpBlock2D",) + ("CrossAttnUpBlock2D",) * 3,
            "attention_head_dim": (5, 10, 20, 20),
            "cross_attention_dim": 1024,
            "use_linear_projection": True,
        },
        "vae": {**_VAE, "scaling_factor": 0.18215, "force_upcast": False},
        "text": [{"hidden_size": 1024, "num_hidden_layers": 23, "num_attention_heads": 16, "intermediate_size": 4096}],
    },
    "sdxl-turbo": {
        "unet": {
            "sample_size": 64,
            "block_out_channels": (320, 640, 1280),
            "down_block_types": ("DownBlock2D",) + ("CrossAttnDownBlock2D",) * 2,
            "up_block_types": ("CrossAttnUpBlock2D",) * 2 + ("UpBlock2D",),
            "attention_head_dim": (5, 10, 20),
            "transformer_layers_per_block": (1, 2, 10),
            "cross_attention_dim": 2048,
            "use_linear_projection": True,
            "addition_embed_type": "text_time",
            "addition_time_embed_dim": 256,
            "projection_class_embeddings_input_dim": 2816,
        },
        "vae": {**_VAE, "scaling_factor": 0.13025, "force_upcast": True},
        "text": [
            {"hidden_size": 768, "num_hidden_layers": 12, "num_attention_heads": 12, "intermediate_size": 3072},
            {
                "hidden_size": 1280,
                "num_hidden_layers": 32,
                "num_attention_heads": 20,
                "intermediate_size": 5120,
                "projection_dim": 1280,
            },
        ],
    },
}


def write_random_diffusion(name: str, folder: Path, seed: int) -> None:
    """Write a model of `SIZES` with random weights, file by file as it is published."""
    import diffusers
    import transformers

    sizes = SIZES[name]
    encoders = (transformers.CLIPTextModel, transformers.CLIPTextModelWithProjection)
    scheduler = diffusers.EulerDiscreteScheduler if name == "sd-turbo" else diffusers.EulerAncestralDiscreteScheduler
    with quietly(), torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        diffusers.UNet2DConditionModel(**sizes["unet"]).save_pretrained(folder / "unet")
        diffusers.AutoencoderKL(**sizes["vae"]).save_pretrained(folder / "vae")
        scheduler(**_SCHEDULE).save_pretrained(folder / "scheduler")
        for index, config in enumerate(sizes["text"]):
            suffix = f"_{index + 1}" if index else ""
            whole = transformers.CLIPTextConfig(**config, bos_token_id=49406, eos_token_id=49407)
            encoders[index](whole).save_pretrained(folder / f"text_encoder{suffix}")
            _write_tokenizer(folder / f"tokenizer{suffix}")


def _write_tokenizer(folder: Path) -> None:
    """CLIP's vocabulary, from the copy in open_clip."""
    from open_clip.tokenizer import bytes_to_unicode

    found = find_spec("open_clip")
    assert found is not None
    assert found.origin is not None
    with gzip.open(Path(found.origin).with_name("bpe_simple_vocab_16e6.txt.gz"), "rt", encoding="utf-8") as file:
        merges = [line.rstrip("\n") for line in islice(file, 1, _CLIP_MERGES + 1)]
    letters = list(bytes_to_unicode().values())
    tokens = [*letters, *(f"{letter}</w>" for letter in letters), *("".join(merge.split()) for merge in merges)]
    vocabulary = {token: index for index, token in enumerate([*tokens, "<|startoftext|>", "<|endoftext|>"])}
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "vocab.json").write_text(json.dumps(vocabulary), encoding="utf-8")
    (folder / "merges.txt").write_text("\n".join(["#version: 0.2", *merges, ""]), encoding="utf-8")
    special = {"bos_token": "<|startoftext|>", "eos_token": "<|endoftext|>", "pad_token": "!"}
    (folder / "special_tokens_map.json").write_text(json.dumps(special), encoding="utf-8")
    (folder / "tokenizer_config.json").write_text(json.dumps({**special, "model_max_length": 77}), encoding="utf-8")
