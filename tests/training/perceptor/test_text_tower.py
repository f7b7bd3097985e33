"""Training of the text tower."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose

from installation.models.theatre.vocabulary import NUM_CLASSES
from installation.training.data.text_batches import TextBatches
from installation.training.perceptor.class_embeddings import ClassEmbeddings
from installation.training.perceptor.text_tower import (
    TextTowerTrainer,
    classification_loss,
    encode_text,
    init_token_embeddings,
)
from installation.training.perceptor.train import build_model
from tests.training.perceptor.test_class_embeddings import label_rows


def test_encoding_in_buckets_gives_what_the_model_gives() -> None:
    from open_clip import SimpleTokenizer

    model = build_model(2).double().eval()
    tokens = SimpleTokenizer(context_length=32)(["a wolf", "the white horse by the sea at night", "", "night"])
    with torch.inference_mode():
        expected = model.encode_text(tokens, normalize=True)
        assert_allclose(encode_text(model, tokens), expected, atol=1e-12)


def test_tokens_of_similar_words_start_with_similar_embeddings() -> None:
    model = build_model(2)
    rows = np.random.default_rng(0).standard_normal((40, 64)).astype(np.float32)
    rows[1] = rows[0]
    init_token_embeddings(model, list(range(500, 540)), rows)
    table = model.token_embedding.weight.detach()
    similar, different = (table[500] - table[501]).norm(), (table[500] - table[502]).norm()
    assert similar < 0.5 * different


def test_the_accuracy_counts_the_named_classes_of_all_groups(embeddings: ClassEmbeddings) -> None:
    labels = torch.cat((label_rows(("subject", "wolf"), ("sky", "night")), label_rows(("terrain", "sea"))))
    targets = embeddings.text_targets(labels)
    right_loss, right = classification_loss(targets, labels, embeddings)
    wrong_loss, wrong = classification_loss(targets.flip(0), labels, embeddings)
    assert right == 1.0
    assert wrong < 0.5
    assert right_loss < wrong_loss


@pytest.mark.slow
def test_training_lowers_the_distance_to_the_targets(embeddings: ClassEmbeddings, tmp_path: Path) -> None:
    from open_clip import SimpleTokenizer

    tokenizer = SimpleTokenizer(context_length=32)
    model = build_model(2)
    batches = TextBatches(["besides"], np.zeros((1, NUM_CLASSES), np.float32))
    texts, rows = batches.batch(np.random.default_rng(1), 64)
    targets, tokens = embeddings.text_targets(torch.from_numpy(rows)), tokenizer(texts)

    def cosine() -> float:
        with torch.inference_mode():
            return float((encode_text(model, tokens) * targets).sum(1).mean())

    before = cosine()
    TextTowerTrainer(model, tokenizer, embeddings).train(batches, 3, 0, tmp_path, lambda _: None)
    assert cosine() > before
