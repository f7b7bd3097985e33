"""Prompt text: clean it, parse its weighted parts, and derive the caption that the audience reads."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from installation.core.messages import Prompt

MAX_CHARACTERS = 500
MAX_WEIGHT = 10.0  # absolute value; larger weights are clipped

_TIME_OF_DAY = re.compile(r"(?<!\d)\d{1,2}\s*:\s*[0-5]\d\s*$")
_WEIGHT = re.compile(r"^(.*\S)\s*:\s*([+-]?(?:\d+(?:\.\d*)?|\.\d+))\s*$", re.DOTALL)
_JOINERS = "\u200c\u200d"


class PromptPart(NamedTuple):
    """One part of a prompt. A negative weight pushes the picture away from the text."""

    text: str
    weight: float = 1.0


def clean(text: str, limit: int = MAX_CHARACTERS) -> str:
    """Normalise text to NFC, remove control characters, fold white space, and cut it to `limit` characters.

    Joiners and variation selectors stay, because scripts and emoji need them. Text that is too long is cut at a word.
    Text without any visible character becomes the empty string. Cleaning is idempotent.
    """
    head = text[: 8 * limit]  # normalising very long text would be slow
    kept = "".join(" " if character.isspace() else character for character in head if _is_allowed(character))
    folded = " ".join(unicodedata.normalize("NFC", kept).split())
    if len(folded) > limit:
        folded = folded[: limit + 1].rsplit(" ", 1)[0][:limit]
    return folded if any(unicodedata.category(character)[0] in "LNPS" for character in folded) else ""


def _is_allowed(character: str) -> bool:
    if character.isspace() or character in _JOINERS:
        return True
    return unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Cn")


def parse_prompt(text: str) -> tuple[PromptPart, ...]:
    """Parse the prompt syntax: parts are separated by `|`, each with an optional weight, `a fox:2 | snow | people:-1`.

    The syntax is that of VQGAN+CLIP. A weight is a number after a colon at the end of a part and defaults to 1; a
    time of day is not a weight (`a clock at 10:30`). Empty parts and parts with the weight 0 are dropped, so that the
    result is empty if the text asks for nothing.
    """
    parts = []
    for part in text.split("|"):
        match = None if _TIME_OF_DAY.search(part) else _WEIGHT.match(part.strip())
        words, weight = (match[1], float(match[2])) if match else (part, 1.0)
        words = " ".join(words.split())
        if words and weight:
            parts.append(PromptPart(words, max(-MAX_WEIGHT, min(MAX_WEIGHT, weight))))
    return tuple(parts)


def caption(text: str) -> str:
    """Return the caption of a prompt text: the parts with positive weight, without the weights."""
    return ", ".join(part.text for part in parse_prompt(text) if part.weight > 0)


def captions(prompts: Iterable[Prompt]) -> str:
    """Return the caption of the prompts on the stage. A prompt's own `caption` replaces the one from its text."""
    return ", ".join(each for prompt in prompts if (each := prompt.caption or caption(prompt.text)))
