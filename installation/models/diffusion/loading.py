"""Reads a folder in the layout of diffusers. Nothing in the folder decides which code runs, and no pickle is read.

The parts are loaded by classes that are named here, from safetensors only. `DiffusionPipeline.from_pretrained` would
load whatever classes `model_index.json` names.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import torch

from installation.core.errors import ShowError
from installation.models.checkpoint_io import DAMAGED, read_shapes
from installation.models.cuda_graphs import fast_precision

MAX_TOKENS = 77  # that CLIP's text encoders read, with their markers
SCHEDULERS = ("EulerDiscreteScheduler", "EulerAncestralDiscreteScheduler", "LCMScheduler")
_SIGNS = {"sd-turbo": 1024, "sdxl-turbo": 2048}  # the width of the text embedding, by which the two are told apart
_CROSS_ATTENTION = ".attn2.to_k.weight"  # its second axis is that width


class Parts(NamedTuple):
    """A loaded model.

    Attributes:
        pipeline: Of diffusers, with tokenizers and text encoders, for the embedding of words.
        unet: Predicts noise.
        vae: Decodes latents to pictures.
        scheduler: Says which noise is removed at each step.
    """

    pipeline: Any
    unet: Any
    vae: Any
    scheduler: Any


def load_parts(folder: Path, device: str) -> Parts:
    """Load the model in `folder`, in the fast precision of the device.

    Raises:
        ShowError: A file is missing or damaged, or the model is of another kind.
    """
    import diffusers
    import transformers
    from safetensors import SafetensorError

    from installation.models.diffusion.quiet import quietly

    precision = fast_precision(torch.device(device))
    settings: Any = {"local_files_only": True, "use_safetensors": True}
    large = (folder / "text_encoder_2").is_dir()
    last_encoder = transformers.CLIPTextModelWithProjection
    with quietly():
        try:
            unet = diffusers.UNet2DConditionModel.from_pretrained(folder / "unet", torch_dtype=precision, **settings)
            vae = diffusers.AutoencoderKL.from_pretrained(folder / "vae", torch_dtype=precision, **settings)
            if vae.config.force_upcast:  # its features overflow in half precision
                vae = vae.float()
            scheduler = _scheduler(folder / "scheduler")
            parts: dict[str, Any] = {"unet": unet, "vae": vae, "scheduler": scheduler}
            encoders = {"": transformers.CLIPTextModel, **({"_2": last_encoder} if large else {})}
            for suffix, encoder in encoders.items():
                path = folder / f"text_encoder{suffix}"
                parts[f"text_encoder{suffix}"] = encoder.from_pretrained(path, dtype=precision, **settings)
                parts[f"tokenizer{suffix}"] = transformers.CLIPTokenizer.from_pretrained(
                    folder / f"tokenizer{suffix}", local_files_only=True, model_max_length=MAX_TOKENS
                )
            if large:
                pipeline: Any = diffusers.StableDiffusionXLPipeline(**parts, add_watermarker=False)
            else:
                none = {"safety_checker": None, "feature_extractor": None, "requires_safety_checker": False}
                pipeline = diffusers.StableDiffusionPipeline(**parts, **none)
        except (SafetensorError, json.JSONDecodeError, *DAMAGED) as error:
            raise ShowError(f"The model in {folder} cannot be loaded: {_first_line(error)}") from error
    for part in (unet, vae, pipeline.text_encoder, *([pipeline.text_encoder_2] if large else [])):
        part.to(device).eval().requires_grad_(False)
    return Parts(pipeline, unet, vae, scheduler)


def check_unet(path: Path, model: str, description: str) -> None:
    """Raise ShowError unless a file holds the weights of the denoising network of that model; they are not read."""
    keys = read_shapes(path, description)
    widths = {value.shape[1] for key, value in keys.items() if key.endswith(_CROSS_ATTENTION)}
    if "conv_in.weight" not in keys or widths != {_SIGNS[model]}:
        raise ShowError(f"{description} does not hold the unet of {model}: it is not the file of this model.")


def _scheduler(folder: Path) -> Any:
    import diffusers

    config = json.loads((folder / "scheduler_config.json").read_text(encoding="utf-8"))
    name = config.get("_class_name") if isinstance(config, dict) else None
    if name not in SCHEDULERS:
        raise ShowError(f"{folder} asks for the scheduler '{name}': Laterna knows {', '.join(SCHEDULERS)}.")
    return getattr(diffusers, name).from_config(config)


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
