"""Random weights of CLAP in the layout of transformers, for tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

SIZES: dict[str, dict[str, Any]] = {  # of clap-htsat-unfused: transformers' own defaults
    "text": {},
    "audio": {},
    "all": {"projection_dim": 512},
}


def write_random_clap(folder: Path, seed: int) -> None:
    """Write a CLAP of `SIZES` with random weights, and a tokenizer of bytes."""
    import tokenizers
    import transformers

    transformers.utils.logging.disable_progress_bar()
    config = transformers.ClapConfig(text_config=SIZES["text"], audio_config=SIZES["audio"], **SIZES["all"])
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        transformers.ClapModel(config).save_pretrained(folder)
    transformers.ClapFeatureExtractor(truncation="rand_trunc").save_pretrained(folder)
    alphabet = sorted(tokenizers.pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {token: index for index, token in enumerate(["<s>", "<pad>", "</s>", "<unk>", "<mask>", *alphabet])}
    transformers.RobertaTokenizer(vocab=vocabulary, merges=[]).save_pretrained(folder)
