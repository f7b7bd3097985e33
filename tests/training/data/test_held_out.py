"""The held-out prompts and the common words."""

from __future__ import annotations

from installation.models.interfaces import Group
from installation.models.theatre.vocabulary import GROUPS
from installation.training.data.held_out import HeldOutPrompt, common_words, held_out_prompts, unknown_labels


def test_there_are_two_hundred_different_prompts_of_at_most_twelve_words() -> None:
    prompts = held_out_prompts()
    assert len(prompts) >= 200
    assert len({prompt.text for prompt in prompts}) == len(prompts)
    assert max(len(prompt.text.split()) for prompt in prompts) <= 12
    assert all(prompt.expected for prompt in prompts)


def test_every_expected_label_is_a_class_of_the_theatre() -> None:
    expected = [prompt.expected for prompt in held_out_prompts()] + list(common_words().values())
    assert [label for labels in expected for label in unknown_labels(labels, GROUPS)] == []
    assert unknown_labels({"sky": ("night", "plaid")}, GROUPS) == ["sky plaid"]


def taught(group: Group) -> set[str]:
    return set(group.labels) - set(dict(group.like))


def test_the_prompts_ask_for_every_sky_weather_terrain_and_subject() -> None:
    asked = {
        (name, label) for prompt in held_out_prompts() for name, labels in prompt.expected.items() for label in labels
    }
    names = ("sky", "weather", "terrain", "subject", "subject_colour")
    assert {(group.name, label) for group in GROUPS if group.name in names for label in taught(group)} <= asked


def test_fewer_prompts_are_spread_over_all_kinds() -> None:
    prompts = held_out_prompts(24)
    assert len(prompts) == 24
    assert {prompt.kind for prompt in prompts} == {"plain", "poetic", "short"}


def test_the_figures_of_a_prompt_are_its_subjects_and_companions_but_not_nobody() -> None:
    prompt = HeldOutPrompt("", "plain", {"subject": ("nobody", "wolf"), "companion": ("crow",), "terrain": ("sea",)})
    assert prompt.figures == ("wolf", "crow")


def test_there_are_two_hundred_common_words() -> None:
    words = common_words()
    assert len(words) == 200
    assert words["star"] == {
        "subject": ("star",),
        "sky": ("milky way", "night"),
        "weather": ("falling stars",),
    }
