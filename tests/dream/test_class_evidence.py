from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from installation.dream.class_evidence import NAMED, ClassEvidence
from installation.dream.latent_bank import LatentBank
from installation.dream.session import DreamSession
from installation.models.interfaces import Floats, Group

Rows = NDArray[np.float64]
CLASSES, DIMENSIONS = 1000, 64


def unit_rows(values: Rows) -> Rows:
    return np.asarray(values / np.linalg.norm(values, axis=1, keepdims=True))


def test_a_thousand_classes_with_four_pictures_each_are_recognised_by_their_names() -> None:
    random = np.random.default_rng(1)
    names = unit_rows(random.standard_normal((CLASSES, DIMENSIONS)))
    classes = np.repeat(np.arange(CLASSES), 4)
    pictures = unit_rows(names[classes] + 0.08 * random.standard_normal((len(classes), DIMENSIONS)))
    z, embeddings, labels = (values.astype(np.float16) for values in (np.zeros((len(classes), 2)), pictures, names))
    bank = LatentBank("g", "p", z, classes[:, None].astype(np.int16), embeddings, labels)
    evidence = ClassEvidence(bank, (Group("class", tuple(map(str, range(CLASSES)))),))
    texts = unit_rows(names[:20] + 0.05 * random.standard_normal((20, DIMENSIONS))).astype(np.float32)
    found = [evidence.of_texts(text[None], np.ones(1, np.float32)) for text in texts]
    assert [int(each.argmax()) for each in found] == list(range(20))
    assert min(float(each.max()) for each in found) > NAMED


def theatre_evidence(session: DreamSession, *texts: str, weights: tuple[float, ...] = (1.0,)) -> Floats:
    models = session.models
    return models.evidence.of_texts(models.embed_texts(texts), np.array(weights, np.float32))


def labels_of(session: DreamSession, evidence: Floats) -> list[str]:
    labels = [label for group in session.models.generator.groups for label in group.labels]
    return [label for label, value in zip(labels, evidence, strict=True) if value >= NAMED]


def test_a_name_that_two_groups_share_is_evidence_in_one_of_them_only(theatre_session: DreamSession) -> None:
    assert labels_of(theatre_session, theatre_evidence(theatre_session, "a wolf")).count("wolf") == 1


def test_of_two_names_that_two_groups_share_each_gets_its_own_group(theatre_session: DreamSession) -> None:
    found = labels_of(theatre_session, theatre_evidence(theatre_session, "the angel and the wolf"))
    assert {"angel", "wolf"} <= set(found)


def test_an_unwanted_text_subtracts_its_evidence(theatre_session: DreamSession) -> None:
    wanted = theatre_evidence(theatre_session, "a wolf in the snow")
    both = theatre_evidence(theatre_session, "a wolf in the snow", "snow", weights=(1.0, -1.0))
    assert "snow" in labels_of(theatre_session, wanted)
    assert "snow" not in labels_of(theatre_session, both)
