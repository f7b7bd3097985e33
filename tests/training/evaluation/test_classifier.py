"""Storing and loading the classifier."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from installation.core.errors import ShowError
from installation.models.theatre.vocabulary import GROUPS, NUM_CLASSES
from installation.training.evaluation.classifier import Classifier, ClassifierNet, load_classifier, save_classifier


def test_a_stored_classifier_has_less_than_a_megabyte_and_predicts_one_label_in_each_group(tmp_path: Path) -> None:
    torch.manual_seed(1)
    net = ClassifierNet(NUM_CLASSES).eval()
    size = save_classifier(Classifier(GROUPS, net, {"sky": 0.5}), tmp_path)
    classifier = load_classifier(tmp_path)
    images = torch.rand(4, 3, 128, 128, generator=torch.Generator().manual_seed(1))
    predicted = classifier.labels(images)
    assert size < 1_000_000
    assert (classifier.groups, classifier.accuracy) == (GROUPS, {"sky": 0.5})
    assert [list(labels) for labels in predicted] == [[group.name for group in GROUPS]] * 4
    assert all(labels[group.name] in group.labels for labels in predicted for group in GROUPS)


def test_stored_weights_differ_from_the_trained_ones_by_their_rounding_only(tmp_path: Path) -> None:
    torch.manual_seed(1)
    net = ClassifierNet(NUM_CLASSES).eval()
    save_classifier(Classifier(GROUPS, net, {}), tmp_path)
    stored = load_classifier(tmp_path).net.state_dict()
    for key, value in net.state_dict().items():
        if value.ndim > 1:  # int8 with one scale for each output channel: half a step
            bound = value.flatten(1).abs().amax(1).div(127 * 2).view(-1, *[1] * (value.ndim - 1)) * 1.01
            assert bool(((stored[key] - value).abs() <= bound).all()), key


def test_a_missing_classifier_is_reported_with_the_command_that_trains_it(tmp_path: Path) -> None:
    with pytest.raises(ShowError, match=r"python -m installation\.training judge"):
        load_classifier(tmp_path)
