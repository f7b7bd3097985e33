"""From speech to a prompt."""

from __future__ import annotations

import pytest

from installation.core.prompt_text import parse_prompt
from installation.text.disfluencies import sentence


@pytest.mark.parametrize(
    ("heard", "prompt"),
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
def test_a_sentence_is_what_the_speaker_meant(heard: str, prompt: str) -> None:
    assert sentence(heard) == prompt


@pytest.mark.parametrize(
    ("language", "heard", "prompt"),
    [
        ("de", "ähm, er geht um das Haus", "Er geht um das Haus"),
        ("fr", "euh, la mer", "La mer"),
        ("fi", "hmm, um er", "Um er"),
    ],
)
def test_fillers_are_those_of_the_language(language: str, heard: str, prompt: str) -> None:
    assert sentence(heard, language) == prompt


@pytest.mark.parametrize("heard", ["the answer: 42", "a:2|b:-1", "love:", "three: two: 1"])
def test_nothing_said_is_taken_for_a_weight(heard: str) -> None:
    prompt = sentence(heard)
    assert parse_prompt(prompt) == ((prompt, 1.0),)


@pytest.mark.parametrize(
    "heard", ["Well, okay, the moon", "um well, so, um, the the the moon", "a: b: 3 | c", "hm, i, i"]
)
def test_a_sentence_that_is_one_stays_as_it_is(heard: str) -> None:
    assert sentence(sentence(heard)) == sentence(heard)
