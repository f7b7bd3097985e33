"""Convert a Whisper checkpoint to 8-bit integers: `python -m ...whisper_conversion CHECKPOINT FOLDER`.

The folder gets CTranslate2's own format. This runs in a process of its own, whose memory is free again afterwards.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from installation.core.errors import ShowError
from installation.core.paths import pip_install
from installation.speech.recognizers.whisper_engine import load_tokenizer

Array = NDArray[np.float32]


def main(arguments: Sequence[str]) -> int:
    """Convert; print the reason and return 2 if that fails."""
    checkpoint, folder = map(Path, arguments)
    try:
        convert(checkpoint, folder)
    except ShowError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def convert(checkpoint: Path, folder: Path) -> None:
    """Write the folder, complete or not at all.

    Raises:
        ShowError: The package ctranslate2 is missing, the checkpoint is damaged, or the folder cannot be written.
    """
    try:
        from ctranslate2.specs import WhisperSpec
    except ImportError:
        raise ShowError(f"8-bit recognition needs the package ctranslate2: {pip_install('int8')}.") from None
    from installation.speech.recognizers.whisper_torch import load_checkpoint

    model = load_checkpoint(checkpoint, "cpu")
    dims = model.dims
    spec = WhisperSpec(dims.n_audio_layer, dims.n_audio_head, dims.n_text_layer, dims.n_text_head)
    _fill(spec, {name: tensor.float().numpy() for name, tensor in model.state_dict().items()})
    _configure(spec, model)
    spec.validate()
    spec.optimize(quantization="int8")
    unfinished = folder.with_name(f"{folder.name}.new")
    try:
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        spec.save(str(unfinished))
        shutil.rmtree(folder, ignore_errors=True)
        unfinished.rename(folder)
    except OSError as error:
        raise ShowError(f"The converted model cannot be written to {folder} ({error.strerror}).") from error


def _fill(spec: Any, state: dict[str, Array]) -> None:
    """Copy the weights. Attention layers hold query, key and value in one matrix; keys have no bias."""
    for side, part in (("encoder", spec.encoder), ("decoder", spec.decoder)):
        part.position_encodings.encodings = state[f"{side}.positional_embedding"]
        for number, layer in enumerate(part.layer):
            block = f"{side}.blocks.{number}"
            _attention(layer.self_attention, state, f"{block}.attn", ("query", "key", "value"))
            if side == "decoder":
                _attention(layer.attention, state, f"{block}.cross_attn", ("query",), ("key", "value"))
            _linear(layer.ffn.linear_0, state, f"{block}.mlp.0")
            _linear(layer.ffn.linear_1, state, f"{block}.mlp.2")
            _norm(layer.ffn.layer_norm, state, f"{block}.mlp_ln")
    for name in ("conv1", "conv2"):
        _linear(getattr(spec.encoder, name), state, f"encoder.{name}")
    _norm(spec.encoder.layer_norm, state, "encoder.ln_post")
    _norm(spec.decoder.layer_norm, state, "decoder.ln")
    spec.decoder.embeddings.weight = state["decoder.token_embedding.weight"]
    spec.decoder.projection.weight = state["decoder.token_embedding.weight"]


def _attention(layer: Any, state: dict[str, Array], name: str, *groups: tuple[str, ...]) -> None:
    for linear, parts in zip(layer.linear, groups, strict=False):
        weights = [state[f"{name}.{part}.weight"] for part in parts]
        biases = [state.get(f"{name}.{part}.bias", np.zeros(len(weights[0]), np.float32)) for part in parts]
        linear.weight, linear.bias = np.concatenate(weights), np.concatenate(biases)
    _linear(layer.linear[len(groups)], state, f"{name}.out")
    _norm(layer.layer_norm, state, f"{name}_ln")


def _linear(layer: Any, state: dict[str, Array], name: str) -> None:
    layer.weight, layer.bias = state[f"{name}.weight"], state[f"{name}.bias"]


def _norm(layer: Any, state: dict[str, Array], name: str) -> None:
    layer.gamma, layer.beta = state[f"{name}.weight"], state[f"{name}.bias"]


def _configure(spec: Any, model: Any) -> None:
    """Set the vocabulary, and which tokens are languages or may not come first."""
    tokenizer = load_tokenizer(model.is_multilingual, model.num_languages, "en")
    encoding = tokenizer.encoding
    names = {number: name for name, number in encoding._special_tokens.items()}
    size = model.dims.n_vocab
    spec.register_vocabulary([names.get(number) or _token_name(encoding, number) for number in range(size)])
    spec.config.suppress_ids = list(tokenizer.non_speech_tokens)
    spec.config.suppress_ids_begin = [*tokenizer.encode(" "), tokenizer.eot]
    spec.config.lang_ids = list(tokenizer.all_language_tokens)
    spec.config.alignment_heads = [(model.dims.n_text_layer - 1, 0)]


def _token_name(encoding: Any, number: int) -> str:
    """A token as GPT-2's vocabularies write it, which the engine reads: each byte as a printable character."""
    try:
        token: bytes = encoding.decode_single_token_bytes(number)
    except KeyError:
        return f"<|unused {number}|>"
    return "".join(_BYTE_NAMES[byte] for byte in token)


def _byte_names() -> list[str]:
    """Printable bytes stand for themselves, the others for the characters from 256 on."""
    printable = [*range(ord("!"), ord("~") + 1), *range(ord("\u00a1"), ord("\u00ac") + 1), *range(ord("\u00ae"), 256)]
    others = iter(range(256, 512))
    return [chr(byte) if byte in printable else chr(next(others)) for byte in range(256)]


_BYTE_NAMES = _byte_names()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
