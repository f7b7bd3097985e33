"""Says what a sound is, in words that can be pictured.

CLAP embeds the sound and a list of descriptions; the softmax of their cosines, as CLAP was trained with, says which
fit. AudioCLIP, whose place this takes, put sounds, words and pictures into one space. CLAP's space is not that of a
perceptor, so that words are the bridge: `sounds.toml` gives for each description what a picture of it shows.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from installation.core.errors import ShowError
from installation.models.checkpoint_io import DAMAGED, read_shapes
from installation.models.clap import WEIGHTS
from installation.models.interfaces import Floats

SAMPLE_RATE = 48_000  # Hz
WINDOW_SECONDS = 10.0  # that CLAP hears at once
MAX_WINDOWS = 6  # of a long sound, evenly spread
TEMPLATE = "This is a sound of {}."  # as in CLAP's own zero-shot evaluation
BATCH = 32  # descriptions that are embedded at once
_SOUNDS = Path(__file__).with_name("sounds.toml")


class ClapListener:
    """A `SoundNamer`."""

    sample_rate = SAMPLE_RATE

    def __init__(self, model: Any, extractor: Any, tokenizer: Any) -> None:
        """Take the parts of a loaded CLAP in evaluation mode, and embed the descriptions."""
        self._model, self._extractor, self._tokenizer = model, extractor, tokenizer
        sounds = load_sounds()
        self._pictured = tuple(sounds.values())
        self._descriptions = self._embed_text([TEMPLATE.format(each) for each in sounds])

    def names(self, samples: Floats) -> tuple[tuple[str, float], ...]:
        """See `SoundNamer.names`."""
        windows = [np.ascontiguousarray(each) for each in _windows(samples)]
        inputs = self._extractor(
            windows, sampling_rate=SAMPLE_RATE, truncation="rand_trunc", padding="repeatpad", return_tensors="pt"
        )
        with torch.inference_mode():
            found = self._model.get_audio_features(**inputs).pooler_output.mean(dim=0)
            scale = self._model.logit_scale_a.exp()
            shares = (scale * self._descriptions @ torch.nn.functional.normalize(found, dim=0)).softmax(dim=0)
        total: dict[str, float] = {}
        for words, share in zip(self._pictured, shares.tolist(), strict=True):
            total[words] = total.get(words, 0.0) + share
        return tuple(sorted(total.items(), key=lambda pair: -pair[1]))

    def _embed_text(self, texts: Sequence[str]) -> torch.Tensor:
        """Unit rows. [n] -> [n, embedding_size]."""
        rows = []
        with torch.inference_mode():
            for begin in range(0, len(texts), BATCH):
                tokens = self._tokenizer(list(texts[begin : begin + BATCH]), padding=True, return_tensors="pt")
                tokens = {name: tokens[name] for name in ("input_ids", "attention_mask")}
                rows.append(self._model.get_text_features(**tokens).pooler_output)
        return torch.cat(rows)


def load_sounds() -> dict[str, str]:
    """Descriptions of sounds, and the words for what a picture of each shows."""
    with _SOUNDS.open("rb") as file:
        return {sound: words for table in tomllib.load(file).values() for sound, words in table.items()}


def load_clap(folder: Path) -> ClapListener:
    """Load CLAP on the CPU from safetensors; about ten seconds.

    Raises:
        ShowError: A file is damaged.
    """
    import transformers
    from safetensors import SafetensorError

    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    settings: Any = {"local_files_only": True}
    try:
        model = transformers.ClapModel.from_pretrained(folder, use_safetensors=True, dtype=torch.float32, **settings)
        extractor = transformers.ClapFeatureExtractor.from_pretrained(folder, **settings)
        tokenizer = transformers.RobertaTokenizer.from_pretrained(folder, **settings)
    except (SafetensorError, *DAMAGED) as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise ShowError(f"The CLAP in {folder} cannot be loaded: {reason}") from error
    return ClapListener(model.eval().requires_grad_(False), extractor, tokenizer)


def check_weights(path: Path, description: str) -> None:
    """Raise ShowError unless a file has the parts of a CLAP."""
    keys = read_shapes(path, description)
    for part in ("audio_projection.linear1.weight", "text_projection.linear1.weight", "logit_scale_a"):
        if part not in keys:
            raise ShowError(f"{description} does not have the key '{part}' of {WEIGHTS}: it is not a CLAP.")


def _windows(samples: Floats) -> list[Floats]:
    """Pieces of a sound, as long as CLAP hears at once, evenly spread over it."""
    length = round(WINDOW_SECONDS * SAMPLE_RATE)
    if len(samples) <= length:
        return [samples]
    count = min(MAX_WINDOWS, -(-len(samples) // length))
    return [samples[start : start + length] for start in np.linspace(0, len(samples) - length, count).astype(int)]
