"""CLIP (Radford et al., 2021) through `open_clip`, from local files.

Two forms of folder. The embedded form holds `perceptor.json` (the open_clip architecture and the preprocessing
constants) beside `perceptor.safetensors` (see `quantize`). The other form holds a checkpoint of an architecture that
open_clip knows by the folder's own name.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Sequence
from pathlib import Path
from re import finditer
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from installation.core.errors import ShowError, suggest
from installation.models import CLIP_CHECKPOINTS as CHECKPOINTS
from installation.models.checkpoint_io import DAMAGED
from installation.models.clip.emoji import spelled
from installation.models.clip.quantization import unpack
from installation.models.cuda_graphs import quick_precision
from installation.models.interfaces import Floats, ModelPlace
from installation.models.resize import middle_square, resized

CONFIG, WEIGHTS = "perceptor.json", "perceptor.safetensors"
_MARKS = 2  # the start and the end of a text
_LONGEST_TOKEN = 32  # characters; a text longer than the context times this is surely too long


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

        `precision` is that in which pictures are seen; texts, read once, stay in float32.
        """
        from open_clip import SimpleTokenizer

        side = model.visual.image_size
        self.name = name
        self.context_length = int(model.context_length)
        self.input_size = int(side[0] if isinstance(side, tuple | list) else side)
        self._device = device
        self._model = model.to(device).eval().requires_grad_(False)
        self._dtype = precision
        self._model.visual.to(self._dtype, memory_format=torch.channels_last)  # a third faster for convolutions
        self._mean = torch.tensor(mean, device=device).view(1, 3, 1, 1)
        self._inverse_std = 1.0 / torch.tensor(std, device=device).view(1, 3, 1, 1)
        self._tokenizer: Any = SimpleTokenizer(context_length=self.context_length)
        self.embedding_size = int(self.embed_text([""]).shape[1])

    def embed_text(self, texts: Sequence[str]) -> Floats:
        """See `Perceptor.embed_text`. Emoji are read by their names."""
        tokens = self._tokenizer([self.fit(spelled(text)) for text in texts]).to(self._device)
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
        # the first end that does not fit; those before it do
        count = bisect_right(ends, False, key=lambda end: not self._fits(short[:end]))
        return short[: ends[count - 1]]

    def embed_image(self, pictures: Tensor) -> Tensor:
        """See `Perceptor.embed_image`. Of pictures that are not square the middle square is seen."""
        seen = (resized(middle_square(pictures), self.input_size) - self._mean) * self._inverse_std
        return F.normalize(self._model.encode_image(seen.to(self._dtype)).float(), dim=1)

    def _fits(self, text: str) -> bool:
        return len(self._tokenizer.encode(text)) + _MARKS <= self.context_length


def load_embedded(name: str, folder: Path, place: ModelPlace) -> Clip:
    """The perceptor of `perceptor.json` and `perceptor.safetensors`. Raises ShowError if they are not there."""
    from open_clip import CLIP
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    for file in (CONFIG, WEIGHTS):
        if not (folder / file).is_file():
            raise ShowError(f"The perceptor '{name}' is not here: {folder / file} is missing.")
    config = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
    model = CLIP(**config["open_clip"])
    path = folder / WEIGHTS
    try:
        packed = load_file(path)
    except SafetensorError as error:
        raise ShowError(f"{path} is not a file of weights, or is cut short: fetch it again.") from error
    _fill(model, {key: torch.from_numpy(np.asarray(value)) for key, value in unpack(packed).items()}, path)
    return Clip(name, model, config["mean"], config["std"], place.device)


def _fill(model: Any, weights: dict[str, Tensor], path: Path) -> None:
    wrong = sorted(model.state_dict().keys() ^ weights.keys())
    if wrong:
        raise ShowError(f"{path} does not fit its {CONFIG}: key '{wrong[0]}' is in only one of the two.")
    model.load_state_dict(weights)


def checkpoint(name: str, place: ModelPlace) -> Path | None:
    """The fetched checkpoint of an open_clip architecture, if there is one."""
    folder = place.cache / name
    return next((folder / file for file in CHECKPOINTS if (folder / file).is_file()), None)


def load_open_clip(name: str, place: ModelPlace) -> Clip:
    """An open_clip architecture with the checkpoint in its folder of the cache; the network is never asked.

    Raises ShowError if open_clip does not know the name, or the checkpoint is missing or of another model.
    Weights that OpenAI trained want the architecture's `-quickgelu` form.
    """
    import open_clip
    from safetensors import SafetensorError

    architecture = open_clip.get_model_config(name)
    if architecture is None:
        raise ShowError(f"open_clip has no architecture '{name}'; {suggest(name, open_clip.list_models())}")
    if "hf_model_name" in architecture["text_cfg"] or "hf_tokenizer_name" in architecture["text_cfg"]:
        raise ShowError(f"The perceptor '{name}' reads words in another way than CLIP's own: choose another one.")
    path = checkpoint(name, place)
    if path is None:
        raise ShowError(f"The perceptor '{name}' is not here: put its {CHECKPOINTS[0]} into {place.cache / name}.")
    try:
        model = open_clip.create_model(name, pretrained=str(path), require_pretrained=True)
    except (SafetensorError, *DAMAGED) as error:
        raise ShowError(f"{path} is not a checkpoint of '{name}', or is cut short: fetch it again.") from error
    seen = open_clip.get_model_preprocess_cfg(model)
    # on a processor the gradient of a transformer in bfloat16 takes more than twice as long as in float32
    on_card = torch.device(place.device).type == "cuda"
    precision = quick_precision(torch.device(place.device)) if on_card else torch.float32
    return Clip(name, model, seen["mean"], seen["std"], place.device, precision)
