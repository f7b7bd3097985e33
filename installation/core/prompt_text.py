"""Prompt text: clean it, parse its weighted parts, and derive the caption that the audience reads."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from installation.core.errors import Rejected
from installation.core.messages import Prompt

MAX_CHARACTERS = 500
MAX_WEIGHT = 10.0  # absolute value; larger weights are clipped
PICTURE_SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".tif", ".tiff")
SOUND_SUFFIXES = (".wav", ".flac", ".mp3", ".ogg", ".m4a", ".aif", ".aiff")

_TIME_OF_DAY = re.compile(r"(?<!\d)\d{1,2}\s*:\s*[0-5]\d\s*$")
_NUMBER = r"([+-]?(?:\d+(?:\.\d*)?|\.\d+))"
_WEIGHT = re.compile(rf"^(.*?\S)\s*:\s*{_NUMBER}\s*(?::\s*{_NUMBER}\s*)?$", re.DOTALL)
_NOISE = re.compile(r"noise#(\d{1,9})", re.IGNORECASE)
_JOINERS = "\u200c\u200d"


class PromptPart(NamedTuple):
    """One part of a prompt.

    Attributes:
        text: Words, the name of a picture or sound, or noise (see `noise_seed`).
        weight: A negative one pushes the picture away from the text.
        stop: The spherical distance at which a picture is near enough, or far enough; None: none is.
    """

    text: str
    weight: float = 1.0
    stop: float | None = None


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


def clean_whole(text: str) -> str:
    """Normalise text as `clean` does, but cut nothing: for files, whose author can still change them.

    Raises:
        Rejected: The text is too long.
    """
    whole = clean(text, 2 * MAX_CHARACTERS)
    if len(whole) > MAX_CHARACTERS:
        raise Rejected(f"'{clean(whole, 30)} …' is longer than {MAX_CHARACTERS} characters; divide it.")
    return whole


def _is_allowed(character: str) -> bool:
    if character.isspace() or character in _JOINERS:
        return True
    return unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Cn")


def parse_prompt(text: str) -> tuple[PromptPart, ...]:
    """Parse the prompt syntax: parts are separated by `|`, each with an optional weight, `a fox:2 | snow | people:-1`.

    The syntax is that of VQGAN+CLIP. A weight is a number after a colon at the end of a part and defaults to 1; a
    second number is the distance at which the part stops to act (`fog:.5:.8`). A time of day is not a weight (`a clock
    at 10:30`). Empty parts and parts with the weight 0 are dropped, so that the result is empty if the text asks for
    nothing.
    """
    parts = []
    for part in text.split("|"):
        match = None if _TIME_OF_DAY.search(part) else _WEIGHT.match(part.strip())
        words, weight, stop = (match[1], float(match[2]), match[3]) if match else (part, 1.0, None)
        words = " ".join(words.split())
        if words and weight:
            clipped = max(-MAX_WEIGHT, min(MAX_WEIGHT, weight))
            parts.append(PromptPart(words, clipped, float(stop) if stop else None))
    return tuple(parts)


def looks_like_picture(text: str) -> bool:
    """Whether a part of a prompt has the form of a picture's file name."""
    return text.lower().endswith(PICTURE_SUFFIXES)


def looks_like_sound(text: str) -> bool:
    """Whether a part of a prompt has the form of a sound's file name."""
    return text.lower().endswith(SOUND_SUFFIXES)


def noise_seed(text: str) -> int | None:
    """Return the seed of a part such as `noise#7`, a random direction as in VQGAN+CLIP; None for anything else."""
    match = _NOISE.fullmatch(text)
    return int(match[1]) if match else None


def caption(text: str) -> str:
    """Return the caption of a prompt text: the words with positive weight, without the weights."""
    return ", ".join(part.text for part in parse_prompt(text) if part.weight > 0 and _is_words(part.text))


def _is_words(text: str) -> bool:
    return not (looks_like_picture(text) or looks_like_sound(text) or noise_seed(text) is not None)


def captions(prompts: Iterable[Prompt]) -> str:
    """Return the caption of the prompts on the stage. A prompt's own `caption` replaces the one from its text."""
    return ", ".join(each for prompt in prompts if (each := prompt.caption or caption(prompt.text)))
