"""Turn a transcript into a prompt: remove filled pauses, discourse markers and repetitions."""

from __future__ import annotations

import re

from installation.core.prompt_text import PromptPart, clean, parse_prompt

_HUMS = ("hm", "hmm", "mhm", "mm", "mmm")
FILLED_PAUSES = {  # by language: "um" and "er" are words in German
    "de": (*_HUMS, "äh", "ähm", "öh", "öhm"),
    "en": (*_HUMS, "um", "umm", "uhm", "uh", "uhh", "er", "erm", "eh"),
    "es": (*_HUMS, "eh", "em", "ehm"),
    "fr": (*_HUMS, "euh", "heu"),
    "it": (*_HUMS, "ehm", "eh"),
}
DISCOURSE_MARKERS = ("well", "okay", "ok", "so", "right", "like", "you know", "i mean", "let's see", "and then")
REPEATED_WORDS = ("a", "an", "and", "at", "i", "in", "is", "it", "my", "of", "on", "the", "to", "with")

_MARKERS = re.compile(rf"^(?:(?:{'|'.join(DISCOURSE_MARKERS)})(?:,|\s*\.\.\.|\s*\u2026)\s+)+", re.IGNORECASE)
_REPETITION = re.compile(rf"\b({'|'.join(REPEATED_WORDS)})(?:[,\s]+\1\b)+", re.IGNORECASE)
_PRONOUN_I = re.compile(r"(?<![\w'])i(?=$|[\s,.!?;]|'(?:m|ve|ll|d|s)\b)")
_ANNOTATION = re.compile(r"\[[^\]]*\]|\([^)]*\)|\*[^*]*\*|[\u2669-\u266f]+")  # "[Music]", "(applause)", notes
_EDGE_PUNCTUATION = " \t,.;:-\u2013\u2014\u2026"


def remove_disfluencies(transcript: str, language: str = "en") -> str:
    """Return the prompt that a speaker meant: capitalised, without a full stop; "" if no words are left.

    Question and exclamation marks stay. Sound annotations (`[Music]`) and the prompt syntax for weights (`fox:2`, `|`)
    are removed, since nobody pronounces them. Discourse markers and repeated function words are removed in English.

    Args:
        transcript: A recognised utterance, or the beginning of one.
        language: Two letters. Of an unknown language only hums ("hmm") are removed.
    """
    text = _filled_pauses(language).sub(" ", _ANNOTATION.sub(" ", clean(transcript)))
    text = " ".join(text.split()).strip(_EDGE_PUNCTUATION)
    if language == "en":
        text = _PRONOUN_I.sub("I", _REPETITION.sub(r"\1", _MARKERS.sub("", text))).strip(_EDGE_PUNCTUATION)
    text = _without_weights(text)
    return text[:1].upper() + text[1:] if any(character.isalnum() for character in text) else ""


def _filled_pauses(language: str) -> re.Pattern[str]:
    """Match a filled pause with the comma before and the punctuation after it; `re` caches the compiled pattern."""
    words = "|".join(FILLED_PAUSES.get(language, _HUMS))
    return re.compile(rf"[,\s]*(?<![\w'-])(?:{words})(?![\w'-])(?:\.\.\.|[,.\u2026])?", re.IGNORECASE)


def _without_weights(text: str) -> str:
    if parse_prompt(text) == (PromptPart(text),):
        return text
    return " ".join(text.replace("|", " ").replace(":", ", ").split())
