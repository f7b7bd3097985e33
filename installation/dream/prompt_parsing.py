"""Prompts taken apart for a perceptor: texts that it can hold, and their weights."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from installation.core.messages import Prompt
from installation.core.prompt_text import parse_prompt

NEGATIVE_WEIGHT = -1.0  # of `prompt/negative`: as strong as what is wanted, as Big Sleep's `text_min`


@dataclass(frozen=True)
class ParsedPrompt:
    """Texts and weights, the wanted before the unwanted; `cut` says what did not fit, one sentence each."""

    texts: tuple[str, ...]
    weights: tuple[float, ...]
    cut: tuple[str, ...]

    @property
    def wanted(self) -> tuple[str, ...]:
        """The texts that are not pushed away."""
        return tuple(text for text, weight in zip(self.texts, self.weights, strict=True) if weight > 0)


def read(prompts: Sequence[Prompt], negative: str, fit: Callable[[str], str]) -> ParsedPrompt:
    """All parts of all prompts, each weight times its prompt's, and the words to keep away from every picture.

    `fit` is the perceptor's: it cuts a text that is too long at a word.
    """
    parts = [(text, weight * prompt.weight) for prompt in prompts for text, weight in parse_prompt(prompt.text)]
    parts += [(text, NEGATIVE_WEIGHT * abs(weight)) for text, weight in parse_prompt(negative)]
    parts = sorted((part for part in parts if part[1]), key=lambda part: part[1] < 0)
    fitted = [fit(text) for text, _ in parts]
    cut = (_sentence(whole, held) for (whole, _), held in zip(parts, fitted, strict=True) if held != whole)
    return ParsedPrompt(tuple(fitted), tuple(weight for _, weight in parts), tuple(cut))


def _sentence(whole: str, held: str) -> str:
    last = held.split()[-1] if held else ""
    return f"The perceptor reads '{_short(whole)}' only as far as '{last}' ({len(held)} of {len(whole)} characters)."


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39].rstrip() + "…"
