"""What is not believed, and what is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from installation.speech.hallucination_filter import FilterLimits, RecognizedSegment, refuse
from installation.speech.interfaces import RecognizedText

GOOD = RecognizedText("A red sun over the sea.", no_speech=0.01, logprob=-0.2)
THANKS = replace(GOOD, text="Thank you for watching!")
OFTEN = "A phrase that is often invented, and the voice is weak."
TOO_FAST = "8 words a second: nobody speaks so fast."
REFRAIN = "Row on, row on, row on, row on, row on."


@pytest.mark.parametrize(
    ("hearing", "voice_mean", "speech_seconds", "reason"),
    [
        (GOOD, 0.9, 1.5, ""),
        (GOOD, 0.49, 1.5, "Hardly a voice: 0.49."),
        (GOOD, 0.9, 0.24, "Only 240 ms of voice."),
        (replace(GOOD, text=""), 0.9, 1.5, "No words were recognised."),
        (replace(GOOD, text=" ... "), 0.9, 1.5, "No words were recognised."),
        (replace(GOOD, text="[Music]"), 0.9, 1.5, "Sounds, no words."),
        (replace(GOOD, text="(applause) ♪"), 0.9, 1.5, "Sounds, no words."),
        (replace(GOOD, text="Uh, um..."), 0.9, 1.5, "Sounds, no words."),
        (replace(GOOD, compression=2.5), 0.9, 1.5, "The text repeats itself (compression 2.5)."),
        (replace(GOOD, text=REFRAIN), 0.9, 3.0, "'row on row' 4 times."),
        (replace(GOOD, text="Row on, row on, row on, row on."), 0.9, 3.0, ""),
        (replace(GOOD, no_speech=0.61), 0.9, 1.5, "The recogniser heard no speech (0.61)."),
        (replace(GOOD, no_speech=0.61, logprob=-0.01), 0.9, 1.5, "The recogniser heard no speech (0.61)."),
        (replace(GOOD, no_speech=0.59), 0.9, 1.5, ""),
        (replace(GOOD, logprob=-1.01), 0.9, 1.5, "The recogniser is unsure of the words (-1.01)."),
        (THANKS, 0.9, 1.5, ""),
        (THANKS, 0.6, 1.5, OFTEN),
        (replace(THANKS, no_speech=0.07), 0.9, 1.5, OFTEN),
        (replace(GOOD, no_speech=0.07), 0.6, 1.5, ""),
        (replace(GOOD, text="Subtitles by the Amara.org community"), 0.6, 1.5, OFTEN),
        (replace(GOOD, text="one two three four five six seven eight"), 0.9, 1.0, TOO_FAST),
        (replace(GOOD, text="one two three four five six seven"), 0.9, 1.0, ""),
    ],
)  # fmt: skip
def test_every_sign_is_enough(hearing: RecognizedText, voice_mean: float, speech_seconds: float, reason: str) -> None:
    assert refuse(hearing, voice_mean, speech_seconds, (), now=100.0) == reason


@pytest.mark.parametrize(
    ("ago", "text", "reason"),
    [
        (1.0, "a red sun, over the SEA", "The same words as 1.0 s before."),
        (2.0, GOOD.text, ""),
        (1.0, "A red sun over the lake.", ""),
    ],
)
def test_the_same_words_at_once_are_an_echo_and_later_a_refrain(ago: float, text: str, reason: str) -> None:
    recent = (RecognizedSegment("Something else.", 99.9), RecognizedSegment(text, 100.0 - ago))
    assert refuse(GOOD, 0.9, 1.5, recent, now=100.0) == reason


def test_a_show_may_draw_the_lines_elsewhere() -> None:
    assert refuse(GOOD, 0.9, 1.5, (), now=0.0, limits=FilterLimits(voice_mean=0.95)) == "Hardly a voice: 0.90."


@pytest.mark.parametrize(
    ("language", "text", "reason"),
    [
        ("de", "Vielen Dank.", OFTEN),
        ("en", "Vielen Dank.", ""),
        ("de", "So.", ""),
        ("en", "So.", OFTEN),
        ("fi", "Subtítulos realizados por la comunidad de Amara.org", OFTEN),
    ],
)
def test_a_phrase_that_is_invented_in_one_language_is_said_in_another(language: str, text: str, reason: str) -> None:
    assert refuse(replace(GOOD, text=text), 0.6, 1.5, (), now=0.0, language=language) == reason


def test_a_filler_of_one_language_is_a_word_of_another() -> None:
    assert refuse(replace(GOOD, text="Er?"), 0.9, 1.5, (), now=0.0, language="de") == ""
