"""A language model with random weights, in the files that a published one has."""

from __future__ import annotations

from pathlib import Path

import torch

from tests.conftest import require_package

WORDS = ("the", "fox", "runs", "into", "snow", "and", "sea", "takes", "moon", "dark", "night", "light", "a", "wolf")


def write_tiny_language_model(folder: Path, chat_template: str = "") -> Path:
    """Write a GPT-2 that knows `WORDS` and writes them in any order; return the folder."""
    transformers, tokenizers = require_package("transformers"), require_package("tokenizers")
    vocabulary = {word: index for index, word in enumerate(["<end>", "<unknown>", "\n", *WORDS])}
    model = tokenizers.Tokenizer(tokenizers.models.WordLevel(vocabulary, unk_token="<unknown>"))
    model.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    tokenizer = transformers.PreTrainedTokenizerFast(
        tokenizer_object=model, eos_token="<end>", unk_token="<unknown>", chat_template=chat_template or None
    )
    tokenizer.save_pretrained(folder)
    config = transformers.GPT2Config(
        vocab_size=len(vocabulary), n_positions=512, n_embd=16, n_layer=1, n_head=2, bos_token_id=0, eos_token_id=0
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1)
        transformers.GPT2LMHeadModel(config).save_pretrained(folder)
    return folder
