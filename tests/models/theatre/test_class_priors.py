"""Samples show all that the theatre knows, in combinations that make sense."""

from __future__ import annotations

import json

import numpy as np
import pytest

from installation.models.interfaces import Floats, ModelPlace, weights_of
from installation.models.theatre import class_priors
from installation.models.theatre.further_figures import FURTHER
from installation.models.theatre.generator import Theatre
from installation.models.theatre.vocabulary import GROUP_SLICES, GROUPS
from tests.models.theatre.conftest import Mask, labels_of


@pytest.fixture(scope="module")
def weights(theatre: Theatre) -> Floats:
    """Class weights of samples, [samples, NUM_CLASSES]."""
    return weights_of(theatre.sample(8000, seed=2).classes, GROUPS)


def have(weights: Floats, group: str, *labels: str) -> Mask:
    """Which samples have one of the classes, [samples]."""
    columns = [GROUP_SLICES[group].start + labels_of(group).index(label) for label in labels]
    return np.asarray(weights[:, columns].sum(1) > 0.5)


def test_samples_show_every_class_and_often_the_neutral_ones(weights: Floats) -> None:
    share = {group.name: weights[:, GROUP_SLICES[group.name]].mean(0) for group in GROUPS}
    assert share["weather"][0] >= 0.5
    assert share["tint"][0] >= 0.7
    assert share["subject"][-1] == pytest.approx(0.2, abs=0.03)
    assert share["companion"][0] >= 0.75
    assert share["detail"][0] >= 0.6
    untaught = [GROUPS[5].labels.index(name) for name in FURTHER]
    assert share["subject"][untaught].max() < 1e-5
    share["subject"] = np.delete(share["subject"], untaught)
    assert all(part.min() > 0.003 for part in share.values())


def test_samples_are_coherent_but_for_one_in_fifty(weights: Floats) -> None:
    dark = have(weights, "sky", "night", "aurora", "dusk")
    assert have(weights, "celestial", "sun", "red sun")[dark].mean() < 0.02
    water = have(weights, "terrain", "sea", "lake", "cliffs", "river", "island", "swamp", "deep sea")
    assert water[have(weights, "subject", "ship", "boat", "whale", "dolphin", "swan")].mean() > 0.97
    desert = have(weights, "terrain", "desert")
    assert desert[have(weights, "weather", "rain", "snow")].mean() < 0.02
    dry = ~have(weights, "weather", "rain", "snow")
    assert desert[have(weights, "subject", "camel") & dry].mean() > 0.8
    assert have(weights, "terrain", "cave", "volcano").mean() < 0.06


def test_a_subject_has_no_companion_of_its_own_kind(weights: Floats) -> None:
    for kind in ("dog", "cat", "horse", "church", "lamp"):
        assert not (have(weights, "subject", kind) & have(weights, "companion", kind)).any(), kind


def test_a_label_that_does_not_exist_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(class_priors._tables()["subject_habitats"], "basilisk", "forest")
    with pytest.raises(ValueError, match="no subject \\['basilisk'\\]"):
        class_priors.class_priors()


def test_the_distilled_generator_has_classes_of_the_theatre_and_tables_of_its_own(place: ModelPlace) -> None:
    rows = json.loads((place.assets / "biggan-embedded" / "groups.json").read_text(encoding="utf-8"))
    known = {group.name: set(group.labels) for group in GROUPS}
    labels = {row["name"]: row["labels"] for row in rows}
    for row in rows:
        assert set(row["labels"]) <= known[row["name"]]
        assert len(row["chances"]) == len(row["labels"])
        for other, table in row["given"].items():
            assert np.array(table).shape == (len(labels[other]), len(row["labels"]))
            assert (np.array(table).sum(axis=1) > 0.0).all()
