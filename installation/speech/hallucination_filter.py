"""Rejects text that a recogniser hallucinates on silence, noise and music.

Whisper drops a segment only if the no-speech probability is high *and* the average log-probability is low (Radford et
al. 2022, section 4.5), so that a confident sentence on silence passes. Here one criterion is enough, and the VAD's
evidence counts as well.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from installation.speech.hallucinated_phrases import ATTRIBUTIONS, CREDIT_FRAGMENTS, PHRASES
from installation.speech.interfaces import RecognizedText
from installation.speech.mic_health import SILENCE_DBFS
from installation.text.disfluencies import remove_disfluencies
from installation.text.tokenization import words_of


@dataclass(frozen=True)
class FilterLimits:
    """Limits beyond which a text is rejected.

    The limits of the compression ratio, the no-speech probability and a sentence's average log-probability are
    Whisper's.
    """

    min_voice_probability: float = 0.5  # mean over the segment
    min_voice_seconds: float = 0.25
    max_compression_ratio: float = 2.4
    max_trigram_count: int = 3  # occurrences of the same three words
    max_no_speech_prob: float = 0.6
    max_words_per_second: float = 7.0  # faster than anybody speaks
    echo_seconds: float = 2.0  # the same text again within this time is an echo
    phrase_min_voice_probability: float = 0.75  # for phrases that are often hallucinated
    phrase_max_no_speech_prob: float = 0.4
    sentence_words: int = 4  # of a text that counts as a sentence, at least
    min_sentence_logprob: float = -1.0  # average log-probability
    min_short_logprob: float = -1.1  # of a shorter text, where doubt about a capital or a full stop counts for more
    min_level: float = -46.0  # dBFS; a quieter voice is too quiet to be recognised


LIMITS = FilterLimits()
LOUD_LIMITS = replace(LIMITS, min_sentence_logprob=-0.65, min_short_logprob=-1.0)
VENUE_LIMITS = {  # babble and the sound of a show become sentences of which two words in three are wrong
    "quiet": LIMITS,
    "stage": LOUD_LIMITS,
    "crowd": LOUD_LIMITS,
}
WEAK_LOGPROB = -0.6  # of accepted finals below, two words in three are wrong; above, one in ten
WEAK_NO_SPEECH_PROB = 0.4
WEAK_VOICE_PROBABILITY = 0.6


class AcceptedText(NamedTuple):
    """A final that passed the filter."""

    text: str
    ended: float  # end of its voice, seconds


@dataclass(frozen=True)
class SpeechEvidence:
    """What the VAD says about the segment that was decoded."""

    voice_probability: float  # mean over the segment, 0..1
    voice_seconds: float
    ended: float  # end of its voice, seconds on the clock of `AcceptedText`
    level: float = 0.0  # of the voice, dBFS


def rejection_reason(
    recognized: RecognizedText,
    evidence: SpeechEvidence,
    recent: Sequence[AcceptedText] = (),
    language: str = "en",
    limits: FilterLimits = LIMITS,
) -> str:
    """Decide whether a text is a hallucination.

    Args:
        recognized: The recogniser's hypothesis.
        evidence: The VAD's evidence for the same segment.
        recent: The last accepted texts, to recognise echoes.
        language: Two letters, of a text whose language the recogniser does not report; selects the filled pauses and
            the hallucinated phrases.
        limits: The limits of each criterion.

    Returns:
        The reason in one short sentence, or "" if the text is accepted.
    """
    words, language = words_of(recognized.text), recognized.language or language
    reason = (
        _no_words(words, recognized.text, language)
        or _weak_voice(evidence, limits)
        or _repetitive(words, recognized.compression_ratio, limits)
        or _low_confidence(words, recognized, limits)
        or _hallucinated_phrase(words, recognized, evidence, language, limits)
        or _too_fast(words, evidence.voice_seconds, limits)
        or _echo(words, recent, evidence.ended, limits)
    )
    if reason and SILENCE_DBFS < evidence.level < limits.min_level:
        return f"Too quiet ({evidence.level:.0f} dBFS): speak closer to the microphone, or raise its level."
    return reason


def is_weak(recognized: RecognizedText, evidence: SpeechEvidence) -> bool:
    """Return whether there is reason to doubt a text that passed."""
    least = WEAK_LOGPROB if len(words_of(recognized.text)) >= LIMITS.sentence_words else LIMITS.min_short_logprob
    return (
        recognized.avg_logprob < least
        or recognized.no_speech_prob > WEAK_NO_SPEECH_PROB
        or evidence.voice_probability < WEAK_VOICE_PROBABILITY
    )


def _no_words(words: Sequence[str], text: str, language: str) -> str:
    if not words:
        return "No words were recognised."
    return "" if remove_disfluencies(text, language) else "Sounds, no words."


def _weak_voice(evidence: SpeechEvidence, limits: FilterLimits) -> str:
    if evidence.voice_seconds < limits.min_voice_seconds:
        return f"Only {1000 * evidence.voice_seconds:.0f} ms of voice."
    if evidence.voice_probability < limits.min_voice_probability:
        return f"Low voice probability ({evidence.voice_probability:.2f})."
    return ""


def _repetitive(words: Sequence[str], compression_ratio: float, limits: FilterLimits) -> str:
    if compression_ratio > limits.max_compression_ratio:
        return f"Repetitive text (compression ratio {compression_ratio:.1f})."
    trigrams = Counter(zip(words, words[1:], words[2:], strict=False))
    trigram, count = trigrams.most_common(1)[0] if trigrams else ((), 0)
    if count > limits.max_trigram_count:
        return f"Repetitive text ('{' '.join(trigram)}' {count} times)."
    return ""


def _low_confidence(words: Sequence[str], recognized: RecognizedText, limits: FilterLimits) -> str:
    if recognized.no_speech_prob > limits.max_no_speech_prob:
        return f"High no-speech probability ({recognized.no_speech_prob:.2f})."
    sentence = len(words) >= limits.sentence_words
    least = limits.min_sentence_logprob if sentence else limits.min_short_logprob
    if recognized.avg_logprob < least:
        return f"Low log-probability of the words ({recognized.avg_logprob:.2f})."
    return ""


def _hallucinated_phrase(
    words: Sequence[str], recognized: RecognizedText, evidence: SpeechEvidence, language: str, limits: FilterLimits
) -> str:
    """Check phrases that are often hallucinated, which need stronger evidence than other text."""
    if not _often_hallucinated(words, recognized.text, language):
        return ""
    if (
        evidence.voice_probability < limits.phrase_min_voice_probability
        or recognized.no_speech_prob > limits.phrase_max_no_speech_prob
    ):
        return "A common hallucination, with weak evidence of speech."
    return ""


def _often_hallucinated(words: Sequence[str], text: str, language: str) -> bool:
    phrase, lower = " ".join(words), text.lower()
    known = phrase in ATTRIBUTIONS or phrase in PHRASES.get(language, ())
    return known or any(fragment in lower for fragment in CREDIT_FRAGMENTS)


def _too_fast(words: Sequence[str], voice_seconds: float, limits: FilterLimits) -> str:
    rate = len(words) / max(voice_seconds, 1e-3)
    return f"Too fast for speech ({rate:.0f} words a second)." if rate > limits.max_words_per_second else ""


def _echo(words: Sequence[str], recent: Sequence[AcceptedText], now: float, limits: FilterLimits) -> str:
    for text, ended in recent:
        if now - ended < limits.echo_seconds and words_of(text) == words:
            return f"An echo of the same words {now - ended:.1f} s before."
    return ""
