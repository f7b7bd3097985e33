"""CLIP (Radford et al., 2021) through open_clip, from local files.

A folder has one of two forms. The embedded form holds `perceptor.json` (the open_clip architecture and the
preprocessing constants) and `perceptor.safetensors` (see `quantization`). The other form holds a checkpoint of an
architecture that open_clip knows by the name of the folder.
"""

from __future__ import annotations

import json
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from re import finditer
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from installation.core.errors import ShowError, suggest
from installation.models.checkpoint_io import DAMAGED
from installation.models.clip import CHECKPOINTS
from installation.models.clip.library import embedded_classes
from installation.models.clip.matrix_tower import matrix_tower
from installation.models.clip.quantization import unpack
from installation.models.cuda_graphs import Stream, fast_precision
from installation.models.interfaces import Floats, ModelPlace
from installation.models.resize import middle_square, resized

CONFIG, WEIGHTS = "perceptor.json", "perceptor.safetensors"
_MARKERS = 2  # the start and end tokens of a text
_LONGEST_TOKEN = 32  # characters; a text longer than the context times this cannot fit

_EMOJI_CATEGORY = "So"  # Unicode's "symbol, other"
# words in the names of emoji that say nothing about what they show
_EMOJI_FILLERS = frozenset(("black", "white", "heavy", "medium", "face", "sign", "symbol", "with"))
# joiner, variation selectors, skin tones
_EMOJI_MODIFIERS = frozenset("\u200d\ufe0e\ufe0f\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff")


@cache
def _tokenizer(context_length: int) -> Any:
    """CLIP's tokenizer, whose table of 49,000 tokens takes a quarter of a second to make."""
    return embedded_classes().tokenizer(context_length=context_length)


class Clip:
    """A Perceptor."""

    def __init__(
        self,
        name: str,
        model: Any,
        mean: Sequence[float],
        std: Sequence[float],
        device: str = "cpu",
        precision: torch.dtype = torch.float32,
    ) -> None:
        """`model` is an `open_clip.CLIP` with its weights; `mean` and `std` are those of its training, for r, g, b.

        `precision` is that of the image tower. The text tower, which runs once for each text, stays in float32.
        """
        side = model.visual.image_size
        self.name = name
        self.context_length = int(model.context_length)
        self.input_size = int(side[0] if isinstance(side, tuple | list) else side)
        self._device = device
        self._model = model.to(device).eval().requires_grad_(False)
        self._dtype = precision
        self._model.visual.to(self._dtype, memory_format=torch.channels_last)  # convolutions are a third faster
        self._encode = matrix_tower(model.visual) or model.encode_image
        self._mean = torch.tensor(mean, device=device).view(1, 3, 1, 1)
        self._inverse_std = 1.0 / torch.tensor(std, device=device).view(1, 3, 1, 1)
        self._tokenizer = _tokenizer(self.context_length)
        self.embedding_size = int(self.embed_text([""]).shape[1])

    def embed_text(self, texts: Sequence[str]) -> Floats:
        """See `Perceptor.embed_text`. Emoji are replaced by their names."""
        tokens = self._tokenizer([self.fit(spell_emoji(text)) for text in texts]).to(self._device)
        with torch.inference_mode():
            rows: Floats = self._model.encode_text(tokens, normalize=True).float().cpu().numpy()
        return rows

    def fit(self, text: str) -> str:
        """See `Perceptor.fit`. A first word that is too long by itself is cut between characters."""
        text = text.strip()
        short = text[: self.context_length * _LONGEST_TOKEN]
        if short == text and self._fits(text):
            return text
        ends = [word.end() for word in finditer(r"\S+", short)] or [0]
        if not self._fits(short[: ends[0]]):
            ends = list(range(ends[0] + 1))
        first_too_long = bisect_right(ends, False, key=lambda end: not self._fits(short[:end]))
        return short[: ends[first_too_long - 1]]

    def embed_image(self, pictures: Tensor) -> Tensor:
        """See `Perceptor.embed_image`. Of an image that is not square the middle square is embedded."""
        inputs = (resized(middle_square(pictures), self.input_size) - self._mean) * self._inverse_std
        return F.normalize(self._encode(inputs.to(self._dtype)).float(), dim=1)

    def compile(self, pictures: int) -> str:
        """See `Compilable.compile`."""
        from installation.models.clip.compiled_tower import faster_tower

        device = torch.device(self._device)
        example = torch.rand(pictures, 3, self.input_size, self.input_size, device=device, dtype=self._dtype)
        self._encode, problem = faster_tower(self._encode, example, Stream(device))
        return problem

    def _fits(self, text: str) -> bool:
        return len(self._tokenizer.encode(text)) + _MARKERS <= self.context_length


def load_embedded(name: str, folder: Path, place: ModelPlace) -> Clip:
    """The perceptor of `perceptor.json` and `perceptor.safetensors` in `folder`.

    Raises:
        ShowError: a file is missing or damaged, or the two do not belong together.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    config = _embedded_config(name, folder)
    try:
        model, mean, std = embedded_classes().clip(**config["open_clip"]), config["mean"], config["std"]
    except (RecursionError, *DAMAGED) as error:
        raise ShowError(f"{folder / CONFIG} does not describe a CLIP ({error}): fetch it again.") from error
    path = folder / WEIGHTS
    try:
        packed = unpack(load_file(path))
    except (SafetensorError, *DAMAGED) as error:
        raise ShowError(f"{path} is not a weights file, or it is damaged or cut short: fetch it again.") from error
    weights = {key: torch.from_numpy(np.asarray(value)) for key, value in packed.items()}
    mismatched = sorted(model.state_dict().keys() ^ weights.keys())
    if mismatched:
        raise ShowError(f"{path} does not fit its {CONFIG}: key '{mismatched[0]}' is in only one of the two.")
    try:
        model.load_state_dict(weights)
        fold_batch_norms(model.visual.eval())
        return Clip(name, model, mean, std, place.device)
    except DAMAGED as error:
        raise ShowError(f"{path} does not fit its {CONFIG}: fetch it again.") from error


def _embedded_config(name: str, folder: Path) -> dict[str, Any]:
    for file in (CONFIG, WEIGHTS):
        if not (folder / file).is_file():
            raise ShowError(f"The perceptor '{name}' is incomplete: {folder / file} is missing.")
    try:
        config: dict[str, Any] = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise ShowError(f"{folder / CONFIG} is not JSON ({error}): fetch it again.") from error
    return config


def load_open_clip(name: str, place: ModelPlace) -> Clip:
    """An open_clip architecture with the checkpoint in its folder below `place.cache`; nothing is downloaded.

    Weights that OpenAI trained need the `-quickgelu` form of the architecture.

    Raises:
        ShowError: open_clip does not know the name, or the checkpoint is missing, damaged or of another model.
    """
    import open_clip
    from safetensors import SafetensorError

    architecture = open_clip.get_model_config(name)
    if architecture is None:
        raise ShowError(f"open_clip has no architecture '{name}'; {suggest(name, open_clip.list_models())}")
    if "hf_model_name" in architecture["text_cfg"] or "hf_tokenizer_name" in architecture["text_cfg"]:
        raise ShowError(f"The perceptor '{name}' does not use CLIP's tokenizer: choose another one.")
    paths = [place.cache / name / file for file in CHECKPOINTS]
    path = next((path for path in paths if path.is_file()), None)
    if path is None:
        raise ShowError(f"The perceptor '{name}' is not installed: {paths[0]} is missing.")
    try:
        model = open_clip.create_model(name, pretrained=str(path), require_pretrained=True)
    except (SafetensorError, *DAMAGED) as error:
        raise ShowError(f"{path} is not a checkpoint of '{name}', or it is cut short: fetch it again.") from error
    preprocessing = open_clip.get_model_preprocess_cfg(model)
    fold_batch_norms(model.visual.eval())
    # on a CPU the gradient of a transformer takes twice as long in bfloat16 as in float32
    on_gpu = torch.device(place.device).type == "cuda"
    precision = fast_precision(torch.device(place.device)) if on_gpu else torch.float32
    return Clip(name, model, preprocessing["mean"], preprocessing["std"], place.device, precision)


def fold_batch_norms(module: nn.Module) -> None:
    """Multiply every batch normalisation in evaluation mode into the convolution before it, in place, in float32.

    A ResNet of CLIP has dozens of them. Without them it is faster, and no running statistic is rounded to bfloat16.
    A normalisation belongs to the module declared just before it, as in the ResNets of open_clip.
    """
    previous_name, previous = "", None
    for name, child in module.named_children():
        if isinstance(child, nn.BatchNorm2d) and isinstance(previous, nn.Conv2d):
            setattr(module, previous_name, fuse_conv_bn_eval(previous, child))
            setattr(module, name, nn.Identity())
        else:
            fold_batch_norms(child)
        previous_name, previous = name, child


def reference_encoder(name: str, place: ModelPlace) -> Callable[[Tensor], Tensor]:
    """open_clip's own image encoder of a perceptor, with random weights: as fast as with trained ones."""
    folder = place.assets / name
    if (folder / CONFIG).is_file():
        model: Any = embedded_classes().clip(**_embedded_config(name, folder)["open_clip"])
    else:
        import open_clip

        model = open_clip.create_model(name, pretrained=None)
    encode: Callable[[Tensor], Tensor] = model.to(place.device).eval().requires_grad_(False).encode_image
    return encode


def spell_emoji(text: str) -> str:
    """Replace each emoji by its Unicode name, since CLIP's vocabulary has hardly any emoji: "wolf" for U+1F43A.

    Words of the names that describe the drawing ("face", "heavy"), joiners, variation selectors and skin tones are
    dropped. A text without emoji is returned unchanged.
    """
    if not any(unicodedata.category(character) == _EMOJI_CATEGORY for character in text):
        return text
    return " ".join("".join(_spell(character) for character in text).split())


def _spell(character: str) -> str:
    if character in _EMOJI_MODIFIERS:
        return " "
    if unicodedata.category(character) != _EMOJI_CATEGORY:
        return character
    name = unicodedata.name(character, "").lower().replace("-", " ")
    return f" {' '.join(word for word in name.split() if word not in _EMOJI_FILLERS)} "
