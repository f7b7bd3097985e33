"""From a transcript to a prompt."""

from __future__ import annotations

import pytest

from installation.core.prompt_text import PromptPart, parse_prompt
from installation.text.disfluencies import remove_disfluencies


@pytest.mark.parametrize(
    ("transcript", "prompt"),
    [
        ("a red sun over the sea", "A red sun over the sea"),
        ("A red sun over the sea.", "A red sun over the sea"),
        ("Um, a red, uh, sun... over the sea", "A red sun... over the sea"),
        ("a forest um of glass", "A forest of glass"),
        ("Well, the the moon", "The moon"),
        ("Okay, so well", "So well"),
        ("hmm", ""),
        (" ... ", ""),
        ("[Music] a violin (applause)", "A violin"),
        ("where am i", "Where am I"),
        ("i'm a river, i think", "I'm a river, I think"),
        ("Who is there?", "Who is there?"),
        ("an umbrella in her errand", "An umbrella in her errand"),
        ("no no no", "No no no"),
        ("the answer: 42", "The answer, 42"),
        ("fire | water", "Fire water"),
        ("a clock at 10:30", "A clock at 10:30"),
        ("  éclairs\tand\nstars ", "Éclairs and stars"),
    ],
)
def test_a_transcript_becomes_a_prompt_without_disfluencies(transcript: str, prompt: str) -> None:
    assert remove_disfluencies(transcript) == prompt


@pytest.mark.parametrize(
    ("language", "transcript", "prompt"),
    [
        ("de", "ähm, er geht um das Haus", "Er geht um das Haus"),
        ("fr", "euh, la mer", "La mer"),
        ("fi", "hmm, um er", "Um er"),
    ],
)
def test_filled_pauses_depend_on_the_language(language: str, transcript: str, prompt: str) -> None:
    assert remove_disfluencies(transcript, language) == prompt


@pytest.mark.parametrize("transcript", ["the answer: 42", "a:2|b:-1", "love:", "three: two: 1"])
def test_no_transcript_is_parsed_as_weights(transcript: str) -> None:
    prompt = remove_disfluencies(transcript)
    assert parse_prompt(prompt) == (PromptPart(prompt),)


@pytest.mark.parametrize(
    "transcript", ["Well, okay, the moon", "um well, so, um, the the the moon", "a: b: 3 | c", "hm, i, i"]
)
def test_removing_disfluencies_twice_changes_nothing(transcript: str) -> None:
    once = remove_disfluencies(transcript)
    assert remove_disfluencies(once) == once
