from __future__ import annotations

from itertools import pairwise
from typing import Literal

import numpy as np
import pytest
import torch

from installation.core.errors import ShowError
from installation.core.messages import Prompt, Value
from installation.dream.dream import DreamSession, TorchDream
from installation.dream.latent_bank import LatentBank
from installation.models.biggan.generator import BigGAN
from installation.models.clip.ensemble import Ensemble
from installation.models.fake import FakeGenerator, FakePerceptor
from installation.models.interfaces import Group, Point, weights_of
from installation.render.loading import suit
from installation.show.settings import DreamSettings
from installation.training.bank_builder import build_bank
from tests.models.conftest import calibrated_library


def dream(
    dreamer: DreamSession, text: str = "a quiet evening", seed: int = 1, params: dict[str, Value] | None = None
) -> TorchDream:
    return dreamer.dream((Prompt(7, text),), seed, params or {})


def run(started: TorchDream, steps: int) -> TorchDream:
    while started.steps < steps:
        started.step()
    return started


def score(dreamer: DreamSession, point: Point, text: str) -> float:
    seen = dreamer.look(torch.from_numpy(point.z), torch.from_numpy(point.classes))
    return float(seen.numpy()[0] @ dreamer.embed([text])[0])


def test_it_begins_at_a_near_entry_of_the_bank(fake_dreamer: DreamSession) -> None:
    started = dream(fake_dreamer)
    answers = fake_dreamer.pictures.numpy() @ fake_dreamer.embed(["a quiet evening"])[0]
    assert np.sort(answers)[-12] - 1e-6 <= started.start_score <= answers.max() + 1e-6
    assert started.prompt_id == 7
    assert not started.step()  # choosing classes is no optimisation step


def test_the_score_rises_and_is_the_score_of_what_is_shown(fake_dreamer: DreamSession) -> None:
    done = run(dream(fake_dreamer), 60)
    assert done.score > done.start_score + 0.02
    assert done.score == pytest.approx(score(fake_dreamer, done.point(), "a quiet evening"), abs=0.03)


def test_hundreds_of_steps_do_not_collapse(fake_dreamer: DreamSession) -> None:
    started = run(dream(fake_dreamer), 50)
    early = score(fake_dreamer, started.point(), "a quiet evening")
    late = score(fake_dreamer, run(started, 350).point(), "a quiet evening")
    assert late > early - 0.02
    assert np.abs(started.point().z).max() <= 1.6
    assert np.isfinite(started.point().z).all()


def test_the_same_seed_gives_the_same_bytes_and_another_seed_another_picture(fake_dreamer: DreamSession) -> None:
    points = [run(dream(fake_dreamer, seed=seed), 12).point() for seed in (3, 3, 4)]
    assert points[0].z.tobytes() == points[1].z.tobytes()
    assert points[0].classes.tobytes() == points[1].classes.tobytes()
    assert points[0].z.tobytes() != points[2].z.tobytes()


def test_what_is_shown_never_jumps(theatre_dreamer: DreamSession) -> None:
    started = dream(theatre_dreamer, "a wolf in the snow at night")
    shown = []
    while started.steps < 12:
        shown.append(started.point())
        started.step()
    groups = theatre_dreamer.generator.groups
    weights = [weights_of(point.classes, groups) for point in shown]
    assert max(float(np.abs(b - a).max()) for a, b in pairwise(weights)) < 0.15
    assert max(float(np.abs(b.z - a.z).max()) for a, b in pairwise(shown)) < 0.5


def test_in_the_end_no_ghost_of_another_class_remains(theatre_dreamer: DreamSession) -> None:
    started = run(dream(theatre_dreamer, "a wolf in the snow at night"), 25)
    weights = weights_of(started.point().classes, theatre_dreamer.generator.groups)
    assert ((weights < 1e-4) | (weights > 0.999)).all()


def test_unwanted_words_push_away(theatre_dreamer: DreamSession) -> None:
    def snowy(text: str, params: dict[str, Value]) -> float:
        settled = dream(theatre_dreamer, text, 2, params)
        settled.settle()
        return score(theatre_dreamer, settled.point(), "snow")

    plain = snowy("snow falls on the mountains", {})
    assert snowy("snow falls on the mountains | snow:-1", {}) < plain - 0.1
    assert snowy("snow falls on the mountains", {"prompt/negative": "snow"}) < plain - 0.1


def test_unwanted_words_may_come_later(theatre_dreamer: DreamSession) -> None:
    started = dream(theatre_dreamer, "snow falls on the mountains", 2)
    started.settle()
    before = score(theatre_dreamer, started.point(), "snow")
    started.adjust({"prompt/negative": "snow"})
    started.settle()
    assert score(theatre_dreamer, started.point(), "snow") < before - 0.1


def test_of_two_parts_the_heavier_is_answered_more(theatre_dreamer: DreamSession) -> None:
    def answers(text: str) -> tuple[float, float]:
        settled = dream(theatre_dreamer, text, 1)
        settled.settle()
        return tuple(score(theatre_dreamer, settled.point(), part) for part in ("the sea", "the desert"))  # type: ignore[return-value]

    wet, dry = answers("the sea:4 | the desert"), answers("the sea | the desert:4")
    assert wet[0] > dry[0]
    assert wet[1] < dry[1]


def test_parts_of_one_prompt_stand_together(theatre_dreamer: DreamSession) -> None:
    settled = dream(theatre_dreamer, "a castle:2 | falling snow")
    settled.settle()
    assert {"castle", "snow"} <= set(settled.labels())


def test_words_that_cannot_be_placed_are_told_once_and_played(theatre_dreamer: DreamSession) -> None:
    started = dream(theatre_dreamer, "the")
    assert started.notice() == "The perceptor can hardly place 'the'."
    assert started.notice() == ""
    assert run(started, 2).steps == 2


def test_words_that_can_be_placed_are_not_remarked(theatre_dreamer: DreamSession) -> None:
    for text in ("a wolf in the snow at night", "winter", "fire", "an eclipse", "black and white cliffs"):
        assert dream(theatre_dreamer, text).notice() == ""


def test_a_text_that_is_too_long_is_cut_at_a_word_and_that_is_said(theatre_dreamer: DreamSession) -> None:
    long = "a wolf in the snow " * 20
    said = dream(theatre_dreamer, long).notice()
    assert "only as far as '" in said
    assert said.split("only as far as '")[1].split("'")[0] in long.split()


def test_nothing_said_stays_where_it_is(fake_dreamer: DreamSession) -> None:
    started = fake_dreamer.dream((), 1, {})
    before = started.point()
    for _ in range(5):
        started.step()
    np.testing.assert_array_equal(started.point().z, before.z)


def test_rate_nought_stands_still_and_truncation_bounds_z(fake_dreamer: DreamSession) -> None:
    started = dream(fake_dreamer, params={"dream/rate": 0.0})
    first = run(started, 1)._climb.z.detach().clone()
    assert torch.equal(run(started, 5)._climb.z, first)
    started.adjust({"dream/rate": 1.0, "latent/truncation": 0.3})
    run(started, 60)
    assert np.abs(started.point().z).max() <= 0.65


def test_the_governor_can_spend_less(fake_dreamer: DreamSession) -> None:
    started = dream(fake_dreamer)
    started.spend(0)
    assert run(started, 3).steps == 3


def test_class_logits_are_optimised_where_the_show_asks_for_it(fake_dreamer: DreamSession) -> None:
    asked = DreamSession(
        fake_dreamer.generator,
        fake_dreamer.perceptor,
        fake_dreamer.bank,
        DreamSettings(size=32, cutouts=3, classes="optimised"),
    )
    started = dream(asked)
    before = started._climb.logits.detach().clone()
    assert started.step()
    done = run(started, 60)
    assert not torch.equal(done._climb.logits, before)
    assert done.score > done.start_score


def test_wandering_gives_pictures_of_the_bank(fake_dreamer: DreamSession) -> None:
    points = [fake_dreamer.wander(seed) for seed in (1, 1, 2)]
    np.testing.assert_array_equal(points[0].z, points[1].z)
    assert len(points[2]) == 1


class Cramped(FakePerceptor):
    """Sees so many pictures at a time; more do not fit its memory."""

    def __init__(self, room: int) -> None:
        super().__init__()
        self.room = room

    def embed_image(self, pictures: torch.Tensor) -> torch.Tensor:
        if len(pictures) > self.room:
            raise torch.OutOfMemoryError("CUDA out of memory.")
        rows: torch.Tensor = super().embed_image(pictures)
        return rows


def cramped(dreamer: DreamSession, room: int) -> DreamSession:
    return DreamSession(dreamer.generator, Cramped(room), dreamer.bank, DreamSettings(size=32, cutouts=12))


def test_where_memory_runs_out_fewer_cutouts_are_taken_and_that_is_said(fake_dreamer: DreamSession) -> None:
    dreamer = cramped(fake_dreamer, room=4)
    started = run(dream(dreamer), 20)
    assert started.most_cutouts == 3
    assert started.notice() == (
        "The device's memory is short: a step takes 6 cutouts from now on, not 12. "
        "The device's memory is short: a step takes 3 cutouts from now on, not 6."
    )
    started.spend(12)
    assert run(started, 30).notice() == ""
    assert started.score > started.start_score
    assert run(dream(dreamer), 3).notice() == ""  # and the next dream knows


def test_where_there_is_no_memory_at_all_the_picture_stays_and_the_show_goes_on(fake_dreamer: DreamSession) -> None:
    started = dream(cramped(fake_dreamer, room=0))
    for _ in range(50):
        assert not started.step()
    assert started.notice().endswith("too short for even one cutout: pictures stay as the Bank has them.")
    assert started.notice() == ""
    assert np.isfinite(started.point().z).all()


@pytest.fixture(scope="module")
def small_biggan() -> tuple[BigGAN, LatentBank]:
    generator = BigGAN("small", calibrated_library(1), (Group("class", tuple("abcdefghij")),))
    return generator, build_bank(generator, FakePerceptor(), 64, 1)


def test_a_dream_may_have_a_z_for_each_layer(small_biggan: tuple[BigGAN, LatentBank]) -> None:
    generator, bank = small_biggan
    dreamer = DreamSession(generator, FakePerceptor(), bank, DreamSettings(cutouts=3, latents="layers"))
    started = dream(dreamer)
    assert started.point().z.shape == dreamer.wander(1).z.shape == (1, generator.layers, 16)
    done = run(started, 40)
    assert np.ptp(done.point().z, axis=1).max() > 0.1
    assert done.score > done.start_score
    again = dream(dreamer)
    assert run(again, 40).point().z.tobytes() == done.point().z.tobytes()


@pytest.mark.parametrize("how", ["sigmoid", "top"])
def test_optimised_classes_may_be_weighed_as_big_sleep_does(how: Literal["sigmoid", "top"]) -> None:
    generator = BigGAN("small", calibrated_library(1), (Group("class", tuple("abcdefghij")),))
    bank = build_bank(generator, FakePerceptor(), 64, 1)
    dreaming = DreamSettings(cutouts=3, classes="optimised", class_weights=how, max_classes=2)
    suit(generator, dreaming)
    done = run(dream(DreamSession(generator, FakePerceptor(), bank, dreaming)), 60)
    weights = weights_of(done.point().classes, generator.groups)
    assert done.score > done.start_score
    assert weights.sum() != pytest.approx(1.0, abs=1e-3)  # nobody shares them out
    if how == "top":
        assert (weights > 0.01).sum() <= 3  # two, and one that is going


def test_a_show_that_asks_for_what_its_generator_has_not_is_refused() -> None:
    with pytest.raises(ShowError, match=r"dream.latents = 'layers' is for a BigGAN; 'fake' knows only 'one'"):
        suit(FakeGenerator(), DreamSettings(latents="layers"))
    with pytest.raises(ShowError, match=r"dream.class_weights = 'top' is for a BigGAN"):
        suit(FakeGenerator(), DreamSettings(class_weights="top", classes="optimised"))
    generator = BigGAN("small", calibrated_library(1), (Group("class", tuple("abcdefghij")),))
    with pytest.raises(ShowError, match=r"set dream.classes = 'optimised'"):
        suit(generator, DreamSettings(class_weights="sigmoid"))


def test_several_perceptors_dream_together_from_the_leaders_bank(fake_dreamer: DreamSession) -> None:
    both = Ensemble({"fake": (FakePerceptor(), 1.0), "other": (FakePerceptor(), 0.5)})
    dreamer = DreamSession(fake_dreamer.generator, both, fake_dreamer.bank, DreamSettings(size=32, cutouts=3))
    started, alone = dream(dreamer), dream(fake_dreamer)
    assert started.start_score == pytest.approx(alone.start_score, abs=1e-5)
    assert run(started, 40).score == pytest.approx(run(alone, 40).score, abs=0.02)  # both see the same
