"""Scores from the labels that the classifier predicts."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from installation.models.interfaces import Generator
from installation.models.theatre.vocabulary import GROUPS, NUM_CLASSES
from installation.training.data.held_out import HeldOutPrompt
from installation.training.data.scene_sampler import draw_scenes
from installation.training.evaluation.classifier import Classifier, ClassifierNet
from installation.training.evaluation.scoring import FIDELITY_SEED, ScoreCounts, measure_fidelity

EMPTY_SEA = {
    "sky": "night", "tint": "no tint", "celestial": "moon", "weather": "clear", "terrain": "sea",
    "subject": "nobody", "subject_colour": "ink", "companion": "alone", "detail": "nothing more",
}  # fmt: skip


def test_a_figure_counts_as_found_in_either_role_and_another_figure_as_unrequested() -> None:
    counts = ScoreCounts()
    prompt = HeldOutPrompt("a wolf at sea", "plain", {"subject": ("wolf",), "terrain": ("sea",)})
    counts.add(prompt, EMPTY_SEA | {"companion": "wolf"}, GROUPS)
    counts.add(prompt, EMPTY_SEA | {"subject": "ship", "companion": "dog"}, GROUPS)
    assert counts.shares() == {"subject": 0.5, "terrain": 1.0, "all": 0.75}
    assert counts == ScoreCounts(
        asked={"subject": 2, "terrain": 2},
        found={"subject": 1, "terrain": 2},
        prompts=2,
        unrequested_subjects=1,
        unrequested_companions=1,
    )


def test_a_figure_is_unrequested_where_none_is_asked_for_unless_the_prompt_allows_it() -> None:
    counts = ScoreCounts()
    predicted = EMPTY_SEA | {"subject": "ship"}
    counts.add(HeldOutPrompt("the sea", "short", {"terrain": ("sea",)}), predicted, GROUPS)
    counts.add(HeldOutPrompt("the sea", "short", {"terrain": ("sea",)}, allowed=("ship",)), predicted, GROUPS)
    assert counts.prompts_without_figure == 2
    assert (counts.unrequested_without_figure, counts.unrequested_subjects) == (1, 1)


def test_a_group_of_which_the_generator_has_no_expected_label_is_left_out() -> None:
    counts = ScoreCounts()
    prompt = HeldOutPrompt("a fox at sea", "plain", {"subject": ("fox",), "terrain": ("sea",)})
    groups = [group._replace(labels=("wolf", "nobody")) if group.name == "subject" else group for group in GROUPS]
    counts.add(prompt, EMPTY_SEA, groups)
    assert counts.shares() == {"terrain": 1.0, "all": 1.0}


def test_without_prompts_there_is_no_share() -> None:
    assert ScoreCounts().shares() == {"all": None}


@dataclass(frozen=True)
class KnownLabels(Classifier):
    """A classifier that returns prepared labels, in order."""

    prepared: tuple[dict[str, str], ...] = ()

    def labels(self, images: Tensor) -> list[dict[str, str]]:
        return list(self.prepared[: len(images)])


def test_the_class_fidelity_of_the_reference_is_exact(theatre: Generator) -> None:
    scenes = draw_scenes(theatre, 4, FIDELITY_SEED)
    torch.set_num_threads(1)
    classes, start = {}, 0
    for group in GROUPS:
        classes[group.name] = scenes.classes[:, start : start + len(group.labels)].argmax(axis=1)
        start += len(group.labels)
    labels = [{group.name: group.labels[classes[group.name][row]] for group in GROUPS} for row in range(4)]
    labels[0]["sky"] = "no sky"
    classifier = KnownLabels(GROUPS, ClassifierNet(NUM_CLASSES), {}, tuple(labels))
    fidelity = measure_fidelity(theatre, theatre, classifier, 4)
    assert fidelity is not None
    assert fidelity.shares == {group.name: 0.75 if group.name == "sky" else 1.0 for group in GROUPS}
    assert fidelity.l1 == 0.0


def test_a_generator_with_other_classes_has_no_class_fidelity(theatre: Generator) -> None:
    classifier = Classifier(GROUPS[:2], ClassifierNet(2), {})
    assert measure_fidelity(theatre, theatre, classifier, 4) is None
