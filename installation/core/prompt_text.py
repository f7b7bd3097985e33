"""What people say, made safe and taken apart: cleaning, weights, and what a caption shows."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from installation.core.messages import Prompt

MAX_CHARACTERS = 500

_TIME = re.compile(r"(?<!\d)\d{1,2}\s*:\s*[0-5]\d\s*$")
_WEIGHT = re.compile(r"^(.*\S)\s*:\s*([+-]?(?:\d+(?:\.\d*)?|\.\d+))\s*$", re.DOTALL)


def clean(text: str, limit: int = MAX_CHARACTERS) -> str:
    """NFC, without control characters, white space folded to single spaces, at most `limit` characters.

    Joiners and variation selectors stay, since scripts and emoji are shaped by them; a text that is too long is cut
    at a word. Where nothing can be seen, nothing was said: the result is empty.
    """
    head = text[: 8 * limit]  # a text of a hundred thousand characters is not normalised whole
    kept = "".join(" " if character.isspace() else character for character in head if _harmless(character))
    folded = " ".join(unicodedata.normalize("NFC", kept).split())
    if len(folded) > limit:
        folded = folded[: limit + 1].rsplit(" ", 1)[0][:limit]
    return folded if any(unicodedata.category(character)[0] in "LNPS" for character in folded) else ""


def _harmless(character: str) -> bool:
    if character.isspace() or character in "\u200c\u200d":
        return True
    return unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Cn")


def weighted(text: str) -> tuple[tuple[str, float], ...]:
    """The parts of a prompt and their weights: `a fox:2 | snow | people:-1`.

    A colon and a number at a part's end is its weight, 1 without; a negative weight pushes away (as in VQGAN+CLIP).
    A time of day is no weight: `a clock at 10:30`. Empty parts are left out; an empty result: nothing was said.
    """
    parts = []
    for part in text.split("|"):
        found = None if _TIME.search(part) else _WEIGHT.match(part.strip())
        words, weight = (found[1], float(found[2])) if found else (part, 1.0)
        words = " ".join(words.split())
        if words and weight:
            parts.append((words, max(-10.0, min(10.0, weight))))
    return tuple(parts)


def caption(text: str) -> str:
    """The words as an audience reads them: without weights, and without what is pushed away."""
    return ", ".join(words for words, weight in weighted(text) if weight > 0)


def captions(prompts: Iterable[Prompt]) -> str:
    """What the audience reads of the words on the stage: their own captions where they have one."""
    return ", ".join(each for prompt in prompts if (each := prompt.caption or caption(prompt.text)))
