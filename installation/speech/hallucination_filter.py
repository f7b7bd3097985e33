"""Words that nobody said: why a recogniser's text is not believed.

Whisper itself drops a text only where it hears no speech *and* is unsure of its words; a confident sentence on silence
passes. Here one sign is enough, and the voice that was measured before the recogniser counts as well.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from installation.speech.hallucinated_phrases import INVENTED, MARKS, SIGNATURES
from installation.speech.interfaces import RecognizedText
from installation.text.disfluencies import remove_disfluencies
from installation.text.tokenization import words_of


class RecognizedSegment(NamedTuple):
    """An accepted final."""

    text: str
    at: float  # seconds


@dataclass(frozen=True)
class FilterLimits:
    """Where belief ends."""

    voice_mean: float = 0.5  # mean probability of voice over the segment, at least
    speech_seconds: float = 0.25  # at least
    compression: float = 2.4  # at most: the text repeats itself beyond
    same_trigram: int = 3  # times, at most
    no_speech: float = 0.6  # probability, at most, however sure the words are
    logprob: float = -1.0  # mean of the tokens, at least
    words_per_second: float = 7.0  # at most: nobody speaks faster
    again_seconds: float = 2.0  # the same text once more sooner than this is an echo
    phrase_voice_mean: float = 0.75  # a phrase that is often invented needs a voice this clear
    phrase_no_speech: float = 0.06  # and no more doubt than this


LIMITS = FilterLimits()


def refuse(
    hearing: RecognizedText,
    voice_mean: float,
    speech_seconds: float,
    recent: Sequence[RecognizedSegment | tuple[str, float]],
    now: float,
    limits: FilterLimits = LIMITS,
    language: str = "en",
) -> str:
    """Why the text is not to be believed, as one short sentence; empty: it is believed.

    `voice_mean`: mean probability of voice over the segment, 0..1. `speech_seconds`: how long there was voice.
    `recent`: the last accepted texts with their times, of the same clock as `now`. `language`: two letters, of what is
    said: its fillers are no words, and its phrases are those that are often invented.
    """
    words = words_of(hearing.text)
    return (
        _nothing(words, hearing.text, language)
        or _weak_voice(voice_mean, speech_seconds, limits)
        or _repeats(words, hearing.compression, limits)
        or _doubtful(hearing, limits)
        or (_weak_phrase(hearing, voice_mean, limits) if _often_invented(words, hearing.text, language) else "")
        or _too_fast(words, speech_seconds, limits)
        or _said_again(words, recent, now, limits)
    )


def _nothing(words: Sequence[str], text: str, language: str) -> str:
    if not words:
        return "No words were recognised."
    return "" if remove_disfluencies(text, language) else "Sounds, no words."


def _weak_voice(voice_mean: float, speech_seconds: float, limits: FilterLimits) -> str:
    if speech_seconds < limits.speech_seconds:
        return f"Only {1000 * speech_seconds:.0f} ms of voice."
    if voice_mean < limits.voice_mean:
        return f"Hardly a voice: {voice_mean:.2f}."
    return ""


def _repeats(words: Sequence[str], compression: float, limits: FilterLimits) -> str:
    if compression > limits.compression:
        return f"The text repeats itself (compression {compression:.1f})."
    trigrams = Counter(zip(words, words[1:], words[2:], strict=False))
    most, times = trigrams.most_common(1)[0] if trigrams else ((), 0)
    if times > limits.same_trigram:
        return f"'{' '.join(most)}' {times} times."
    return ""


def _doubtful(hearing: RecognizedText, limits: FilterLimits) -> str:
    if hearing.no_speech > limits.no_speech:
        return f"The recogniser heard no speech ({hearing.no_speech:.2f})."
    if hearing.logprob < limits.logprob:
        return f"The recogniser is unsure of the words ({hearing.logprob:.2f})."
    return ""


def _often_invented(words: Sequence[str], text: str, language: str) -> bool:
    phrase, lower = " ".join(words), text.lower()
    known = phrase in SIGNATURES or phrase in INVENTED.get(language, ())
    return known or any(mark in lower for mark in MARKS)


def _weak_phrase(hearing: RecognizedText, voice_mean: float, limits: FilterLimits) -> str:
    if voice_mean < limits.phrase_voice_mean or hearing.no_speech > limits.phrase_no_speech:
        return "A phrase that is often invented, and the voice is weak."
    return ""


def _too_fast(words: Sequence[str], speech_seconds: float, limits: FilterLimits) -> str:
    pace = len(words) / max(speech_seconds, 1e-3)
    return f"{pace:.0f} words a second: nobody speaks so fast." if pace > limits.words_per_second else ""


def _said_again(words: Sequence[str], recent: Sequence[tuple[str, float]], now: float, limits: FilterLimits) -> str:
    for text, at in recent:
        if now - at < limits.again_seconds and words_of(text) == words:
            return f"The same words as {now - at:.1f} s before."
    return ""
