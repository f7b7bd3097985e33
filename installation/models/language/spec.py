"""The language model in the registry: any causal model of transformers that the user brings."""

from __future__ import annotations

from installation.core.model_files import ModelFiles, ModelKind
from installation.models.language import EXTRA
from installation.models.spec import WriterSpec

NAME = "language-model"

SPECS = (
    WriterSpec(
        family="language",
        files=ModelFiles(
            name=NAME,
            kind=ModelKind.WRITER,
            licence="its own",
            size=724_000_000,
            own=("model.safetensors", "config.json", "tokenizer.json", "tokenizer_config.json"),
            advice=(
                "bring the folder of a causal language model in the layout of transformers, as by "
                "`hf download HuggingFaceTB/SmolLM2-360M-Instruct --local-dir language-model --exclude 'onnx/*'`"
            ),
            folder=NAME,
        ),
        packages=("transformers",),
        extra=EXTRA,
    ),
)
