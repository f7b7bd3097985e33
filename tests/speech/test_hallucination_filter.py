"""Which texts are rejected as hallucinations, and why."""

from __future__ import annotations

from dataclasses import replace

import pytest

from installation.speech.hallucination_filter import (
    VENUE_LIMITS,
    AcceptedText,
    FilterLimits,
    SpeechEvidence,
    is_weak,
    rejection_reason,
)
from installation.speech.interfaces import RecognizedText

GOOD = RecognizedText("A red sun over the sea.", no_speech_prob=0.01, avg_logprob=-0.2)
THANKS = replace(GOOD, text="Thank you for watching!")
CLEAR = SpeechEvidence(voice_probability=0.9, voice_seconds=1.5, ended=100.0)
WEAK = replace(CLEAR, voice_probability=0.6)
ONE_SECOND = replace(CLEAR, voice_seconds=1.0)
THREE_SECONDS = replace(CLEAR, voice_seconds=3.0)

ANNOTATION = "Sounds, no words."
COMMON = "A common hallucination, with weak evidence of speech."
TOO_FAST = "Too fast for speech (8 words a second)."
REFRAIN = "Row on, row on, row on, row on, row on."
NO_SPEECH = "High no-speech probability (0.61)."


@pytest.mark.parametrize(
    ("recognized", "evidence", "reason"),
    [
        (GOOD, CLEAR, ""),
        (GOOD, replace(CLEAR, voice_probability=0.49), "Low voice probability (0.49)."),
        (GOOD, replace(CLEAR, voice_seconds=0.24), "Only 240 ms of voice."),
        (replace(GOOD, text=""), CLEAR, "No words were recognised."),
        (replace(GOOD, text=" ... "), CLEAR, "No words were recognised."),
        (replace(GOOD, text="[Music]"), CLEAR, ANNOTATION),
        (replace(GOOD, text="(applause) ♪"), CLEAR, ANNOTATION),
        (replace(GOOD, text="Uh, um..."), CLEAR, ANNOTATION),
        (replace(GOOD, compression_ratio=2.5), CLEAR, "Repetitive text (compression ratio 2.5)."),
        (replace(GOOD, text=REFRAIN), THREE_SECONDS, "Repetitive text ('row on row' 4 times)."),
        (replace(GOOD, text="Row on, row on, row on, row on."), THREE_SECONDS, ""),
        (replace(GOOD, no_speech_prob=0.61), CLEAR, NO_SPEECH),
        (replace(GOOD, no_speech_prob=0.61, avg_logprob=-0.01), CLEAR, NO_SPEECH),
        (replace(GOOD, no_speech_prob=0.59), CLEAR, ""),
        (replace(GOOD, avg_logprob=-1.01), CLEAR, "Low log-probability of the words (-1.01)."),
        (replace(GOOD, text="Winter.", avg_logprob=-1.07), CLEAR, ""),
        (replace(GOOD, text="Winter.", avg_logprob=-1.11), CLEAR, "Low log-probability of the words (-1.11)."),
        (THANKS, CLEAR, ""),
        (THANKS, WEAK, COMMON),
        (replace(THANKS, no_speech_prob=0.39), CLEAR, ""),
        (replace(THANKS, no_speech_prob=0.41), CLEAR, COMMON),
        (replace(GOOD, no_speech_prob=0.07), WEAK, ""),
        (replace(GOOD, text="Subtitles by the Amara.org community"), WEAK, COMMON),
        (replace(GOOD, text="one two three four five six seven eight"), ONE_SECOND, TOO_FAST),
        (replace(GOOD, text="one two three four five six seven"), ONE_SECOND, ""),
    ],
)
def test_each_criterion_rejects_on_its_own(recognized: RecognizedText, evidence: SpeechEvidence, reason: str) -> None:
    assert rejection_reason(recognized, evidence) == reason


@pytest.mark.parametrize(
    ("ago", "text", "reason"),
    [
        (1.0, "a red sun, over the SEA", "An echo of the same words 1.0 s before."),
        (2.0, GOOD.text, ""),
        (1.0, "A red sun over the lake.", ""),
    ],
)
def test_the_same_words_are_an_echo_for_two_seconds(ago: float, text: str, reason: str) -> None:
    recent = (AcceptedText("Something else.", 99.9), AcceptedText(text, 100.0 - ago))
    assert rejection_reason(GOOD, CLEAR, recent) == reason


@pytest.mark.parametrize(("venue", "passes"), [("quiet", True), ("stage", False), ("crowd", False)])
def test_babble_does_not_pass_on_a_stage_or_in_a_crowd(venue: str, passes: bool) -> None:
    babble = replace(GOOD, avg_logprob=-0.7)
    assert (rejection_reason(babble, CLEAR, limits=VENUE_LIMITS[venue]) == "") is passes
    assert rejection_reason(replace(babble, text="The end."), CLEAR, limits=VENUE_LIMITS[venue]) == ""


def test_a_voice_that_is_rejected_may_just_be_too_quiet() -> None:
    reason = "Too quiet (-48 dBFS): speak closer to the microphone, or raise its level."
    assert rejection_reason(replace(GOOD, text=""), replace(CLEAR, level=-48.0)) == reason
    assert rejection_reason(replace(GOOD, text=""), replace(CLEAR, level=-45.0)) == "No words were recognised."
    assert rejection_reason(GOOD, replace(CLEAR, level=-48.0)) == ""


@pytest.mark.parametrize(
    ("recognized", "evidence", "weak"),
    [
        (GOOD, CLEAR, False),
        (replace(GOOD, avg_logprob=-0.61), CLEAR, True),
        (replace(GOOD, text="Snow.", avg_logprob=-0.61), CLEAR, False),
        (replace(GOOD, no_speech_prob=0.45), CLEAR, True),
        (GOOD, replace(CLEAR, voice_probability=0.55), True),
    ],
)
def test_a_text_that_passes_may_be_weak(recognized: RecognizedText, evidence: SpeechEvidence, weak: bool) -> None:
    assert is_weak(recognized, evidence) is weak


def test_the_limits_can_be_changed() -> None:
    strict = FilterLimits(min_voice_probability=0.95)
    assert rejection_reason(GOOD, CLEAR, limits=strict) == "Low voice probability (0.90)."


@pytest.mark.parametrize(
    ("language", "text", "reason"),
    [
        ("de", "Vielen Dank.", COMMON),
        ("en", "Vielen Dank.", ""),
        ("de", "So.", ""),
        ("en", "So.", COMMON),
        ("fi", "Subtítulos realizados por la comunidad de Amara.org", COMMON),
    ],
)
def test_hallucinated_phrases_depend_on_the_language_and_subtitle_credits_do_not(
    language: str, text: str, reason: str
) -> None:
    assert rejection_reason(replace(GOOD, text=text), WEAK, language=language) == reason


def test_a_filled_pause_of_one_language_is_a_word_of_another() -> None:
    assert rejection_reason(replace(GOOD, text="Er?"), CLEAR, language="de") == ""
