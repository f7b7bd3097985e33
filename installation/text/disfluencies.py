"""From what was heard to what is imagined: a sentence without the sounds of thinking, by language."""

from __future__ import annotations

import re

from installation.core.prompt_text import clean, parse_prompt

_HUMS = ("hm", "hmm", "mhm", "mm", "mmm")
FILLERS = {  # by language: "um" and "er" are words in German
    "de": (*_HUMS, "äh", "ähm", "öh", "öhm"),
    "en": (*_HUMS, "um", "umm", "uhm", "uh", "uhh", "er", "erm", "eh"),
    "es": (*_HUMS, "eh", "em", "ehm"),
    "fr": (*_HUMS, "euh", "heu"),
    "it": (*_HUMS, "ehm", "eh"),
}
OPENINGS = ("well", "okay", "ok", "so", "right", "like", "you know", "i mean", "let's see", "and then")  # English
STUTTERED = ("a", "an", "and", "at", "i", "in", "is", "it", "my", "of", "on", "the", "to", "with")  # English

_OPENING = re.compile(rf"^(?:(?:{'|'.join(OPENINGS)})(?:,|\s*\.\.\.|\s*\u2026)\s+)+", re.IGNORECASE)
_STUTTER = re.compile(rf"\b({'|'.join(STUTTERED)})(?:[,\s]+\1\b)+", re.IGNORECASE)
_PRONOUN = re.compile(r"(?<![\w'])i(?=$|[\s,.!?;]|'(?:m|ve|ll|d|s)\b)")
_SOUND = re.compile(r"\[[^\]]*\]|\([^)]*\)|\*[^*]*\*|[\u2669-\u266f]+")  # "[Music]", "(applause)": not said by anybody
_EDGES = " \t,.;:-\u2013\u2014\u2026"


def sentence(heard: str, language: str = "en") -> str:
    """Heard words as a prompt: without fillers and stutters, a capital first, no full stop; empty if none are left.

    Question and exclamation marks stay. What the prompt language would take for weights (`x:2`, `|`) is never meant
    by a speaker and is taken out. `language`: two letters; where we do not know its fillers, only hums go.
    """
    text = _filler(language).sub(" ", _SOUND.sub(" ", clean(heard)))
    text = " ".join(text.split()).strip(_EDGES)
    if language == "en":
        text = _PRONOUN.sub("I", _STUTTER.sub(r"\1", _OPENING.sub("", text))).strip(_EDGES)
    text = _without_weights(text)
    return text[:1].upper() + text[1:] if any(character.isalnum() for character in text) else ""


def _filler(language: str) -> re.Pattern[str]:
    """A filler with the comma before it and the sign after it; `re` keeps the compiled pattern."""
    words = "|".join(FILLERS.get(language, _HUMS))
    return re.compile(rf"[,\s]*(?<![\w'-])(?:{words})(?![\w'-])(?:\.\.\.|[,.\u2026])?", re.IGNORECASE)


def _without_weights(text: str) -> str:
    if parse_prompt(text) == ((text, 1.0),):
        return text
    return " ".join(text.replace("|", " ").replace(":", ", ").split())
