"""Continues a text line by line with a causal language model of transformers, read from a local folder.

Weights are read from safetensors only, and no code of the folder is run.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from installation.core.errors import ShowError
from installation.models.checkpoint_io import DAMAGED
from installation.models.cuda_graphs import fast_precision

MAX_WORDS, MIN_WORDS = 14, 2  # of a line
MAX_TOKENS = 40  # that are written for a line
TEMPERATURE, TOP_P, REPETITION = 0.9, 0.95, 1.15
REQUEST = "Continue this text with one more line of at most twelve words, in its language. Answer with the line alone."

_LEADING = re.compile(r"^(?:[-*•>]|\d+[.)])\s+")
_QUOTES = "\"'“”„«»`"


class LanguageWriter:
    """Writes lines; the same lines and seed give the same line."""

    def __init__(self, folder: Path, seed: int) -> None:
        """Load the model on the CPU: the GPU is the renderer's.

        Raises:
            ShowError: It is damaged, or needs code of its own.
        """
        import transformers
        from safetensors import SafetensorError

        transformers.utils.logging.set_verbosity_error()
        transformers.utils.logging.disable_progress_bar()
        settings: Any = {"local_files_only": True, "trust_remote_code": False}
        precision = fast_precision(torch.device("cpu"))
        try:
            self._tokenizer: Any = transformers.AutoTokenizer.from_pretrained(folder, **settings)
            self._model: Any = transformers.AutoModelForCausalLM.from_pretrained(
                folder, use_safetensors=True, dtype=precision, **settings
            ).eval()
        except (SafetensorError, ImportError, *DAMAGED) as error:
            reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
            raise ShowError(f"The language model in {folder} cannot be loaded: {reason}") from error
        self._seed, self._written = seed, 0

    def write(self, lines: Sequence[str]) -> str:
        """Return a line that follows `lines`; "" if what was written is no new line."""
        self._written += 1
        inputs = self._inputs(lines)
        length = inputs["input_ids"].shape[1]
        ending = self._tokenizer.eos_token_id
        with torch.inference_mode(), torch.random.fork_rng(devices=[]):
            torch.manual_seed(self._seed + self._written)
            tokens = self._model.generate(
                **inputs,
                max_new_tokens=MAX_TOKENS,
                do_sample=True,
                temperature=TEMPERATURE,
                top_p=TOP_P,
                repetition_penalty=REPETITION,
                pad_token_id=self._tokenizer.pad_token_id if self._tokenizer.pad_token_id is not None else ending,
            )
        return first_line(self._tokenizer.decode(tokens[0, length:], skip_special_tokens=True), lines)

    def _inputs(self, lines: Sequence[str]) -> Any:
        """The tokens to continue: a request for a model that answers requests, else the text itself."""
        text = "\n".join(lines) + "\n"
        if not getattr(self._tokenizer, "chat_template", None):
            return self._tokenizer(text, return_tensors="pt", return_token_type_ids=False)
        talk = [{"role": "user", "content": f"{REQUEST}\n\n{text}"}]
        return self._tokenizer.apply_chat_template(
            talk, add_generation_prompt=True, return_tensors="pt", return_dict=True
        )


def first_line(text: str, known: Sequence[str]) -> str:
    """Return the first line of what a model has written, as a line to be shown; "" if it is too short or known."""
    written = next((line for line in map(str.strip, text.splitlines()) if line), "")
    words = _LEADING.sub("", written).strip(_QUOTES + " ").split()
    line = " ".join(words[:MAX_WORDS])
    if len(words) > MAX_WORDS:
        line = line.rstrip(",;:-–—")
    repeated = line.casefold() in {each.casefold() for each in known}
    return "" if len(words) < MIN_WORDS or repeated else line
