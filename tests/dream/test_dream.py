from __future__ import annotations

from itertools import pairwise
from typing import Literal

import numpy as np
import pytest
import torch

from installation.core.messages import Prompt, Value
from installation.dream.dream import Dream
from installation.dream.latent_bank import LatentBank
from installation.dream.session import DreamSession
from installation.models.clip.ensemble import Ensemble
from installation.models.fake import FakePerceptor
from installation.models.interfaces import Point, weights_of
from installation.models.theatre.marks import DIMENSIONS, SET, SINGLE
from installation.show.settings import DreamSettings
from tests.dream.conftest import session_of, small_biggan

TEXT = "a quiet evening"


def start(session: DreamSession, text: str = TEXT, seed: int = 1, params: dict[str, Value] | None = None) -> Dream:
    return session.dream((Prompt(7, text),), seed, params or {})


def run(dream: Dream, steps: int) -> Dream:
    while dream.steps < steps:
        dream.step()
    return dream


def settled(session: DreamSession, text: str, seed: int = 1, params: dict[str, Value] | None = None) -> Dream:
    dream = start(session, text, seed, params)
    dream.settle()
    return dream


def score(session: DreamSession, point: Point, text: str) -> float:
    """The cosine of a text and the picture of a point."""
    models = session.models
    embedding = models.embed_latents(torch.from_numpy(point.z), torch.from_numpy(point.classes))
    return float(embedding.numpy()[0] @ models.embed_texts([text])[0])


def test_a_dream_begins_at_one_of_the_nearest_bank_entries(fake_session: DreamSession) -> None:
    models, dream = fake_session.models, start(fake_session)
    cosines = models.bank_embeddings.numpy() @ models.embed_texts([TEXT])[0]
    assert np.sort(cosines)[-12] - 1e-6 <= dream.start_score <= cosines.max() + 1e-6
    assert dream.prompt_id == 7


def test_the_class_search_comes_before_the_first_optimisation_step(fake_session: DreamSession) -> None:
    dream = start(fake_session)
    assert not dream.step()
    assert dream.steps == 0


def test_the_score_rises_and_is_that_of_the_shown_picture(fake_session: DreamSession) -> None:
    dream = run(start(fake_session), 60)
    assert dream.score > dream.start_score + 0.02
    assert dream.score == pytest.approx(score(fake_session, dream.point(), TEXT), abs=0.03)


@pytest.mark.slow
def test_hundreds_of_steps_do_not_collapse(fake_session: DreamSession) -> None:
    dream = run(start(fake_session), 50)
    early = score(fake_session, dream.point(), TEXT)
    late = score(fake_session, run(dream, 350).point(), TEXT)
    assert late > early - 0.02
    assert np.abs(dream.point().z).max() <= 1.6


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(fake_session: DreamSession) -> None:
    first, same, other = (run(start(fake_session, seed=seed), 12).point() for seed in (3, 3, 4))
    assert (first.z.tobytes(), first.classes.tobytes()) == (same.z.tobytes(), same.classes.tobytes())
    assert first.z.tobytes() != other.z.tobytes()


@pytest.mark.slow
def test_the_shown_latents_never_jump(theatre_session: DreamSession) -> None:
    dream = start(theatre_session, "a wolf in the snow at night")
    shown = []
    while dream.steps < 12:
        shown.append(dream.point())
        dream.step()
    groups = theatre_session.models.generator.groups
    weights = [weights_of(point.classes, groups) for point in shown]
    assert max(float(np.abs(b - a).max()) for a, b in pairwise(weights)) < 0.15
    assert max(float(np.abs(b.z - a.z).max()) for a, b in pairwise(shown)) < 0.5


@pytest.mark.slow
def test_the_shown_class_weights_arrive_at_the_chosen_classes(theatre_session: DreamSession) -> None:
    dream = run(start(theatre_session, "a wolf in the snow at night"), 25)
    weights = weights_of(dream.point().classes, theatre_session.models.generator.groups)
    assert ((weights < 1e-4) | (weights > 0.999)).all()


@pytest.mark.parametrize(
    ("text", "params"),
    [("snow falls on the mountains | snow:-1", {}), ("snow falls on the mountains", {"prompt/negative": "snow"})],
    ids=["negative weight", "negative prompt"],
)
def test_an_unwanted_text_is_avoided(theatre_session: DreamSession, text: str, params: dict[str, Value]) -> None:
    plain = settled(theatre_session, "snow falls on the mountains", 2)
    avoiding = settled(theatre_session, text, 2, params)
    assert score(theatre_session, avoiding.point(), "snow") < score(theatre_session, plain.point(), "snow") - 0.1


def test_a_negative_prompt_may_be_set_during_a_dream(theatre_session: DreamSession) -> None:
    dream = settled(theatre_session, "snow falls on the mountains", 2)
    before = score(theatre_session, dream.point(), "snow")
    dream.set_params({"prompt/negative": "snow"})
    dream.settle()
    assert score(theatre_session, dream.point(), "snow") < before - 0.1


def test_the_part_with_the_larger_weight_is_matched_better(theatre_session: DreamSession) -> None:
    sea, desert = (
        settled(theatre_session, text).point() for text in ("the sea:4 | the desert", "the sea | the desert:4")
    )
    for text, better, worse in (("the sea", sea, desert), ("the desert", desert, sea)):
        assert score(theatre_session, better, text) > score(theatre_session, worse, text)


def test_all_parts_of_a_prompt_are_shown(theatre_session: DreamSession) -> None:
    assert {"castle", "snow"} <= set(settled(theatre_session, "a castle:2 | falling snow").labels())


def test_a_text_that_the_perceptor_does_not_know_is_reported_once_and_shown(theatre_session: DreamSession) -> None:
    dream = start(theatre_session, "the")
    assert dream.pop_notice() == "The perceptor hardly knows 'the': the picture may not match it."
    assert dream.pop_notice() == ""
    assert run(dream, 2).steps == 2


@pytest.mark.parametrize(
    "text", ["a wolf in the snow at night", "winter", "fire", "an eclipse", "black and white cliffs"]
)
def test_a_text_that_the_perceptor_knows_is_not_reported(theatre_session: DreamSession, text: str) -> None:
    assert start(theatre_session, text).pop_notice() == ""


def test_a_text_that_is_too_long_for_the_perceptor_is_reported(theatre_session: DreamSession) -> None:
    text = "a wolf in the snow " * 20
    notice = start(theatre_session, text).pop_notice()
    assert notice.split("only as far as '")[1].split("'")[0] in text.split()


def test_without_prompts_a_dream_stays_at_its_start(fake_session: DreamSession) -> None:
    dream = fake_session.dream((), 1, {})
    before = dream.point()
    assert not any(dream.step() for _ in range(5))
    np.testing.assert_array_equal(dream.point().z, before.z)


def test_a_lower_truncation_bounds_the_shown_z(fake_session: DreamSession) -> None:
    dream = run(start(fake_session), 5)
    dream.set_params({"latent/truncation": 0.3})
    assert np.abs(run(dream, 65).point().z).max() <= 2 * 0.3 + 0.05  # a rest of the moving average


def test_at_least_one_cutout_is_taken(fake_session: DreamSession) -> None:
    dream = start(fake_session)
    dream.set_cutouts(0)
    assert run(dream, 3).steps == 3


def test_class_logits_are_optimised_if_the_show_asks_for_it(fake_session: DreamSession) -> None:
    models = fake_session.models
    settings = DreamSettings(size=32, cutouts=3, classes="optimised")
    dream = start(session_of(models.generator, models.perceptor, models.bank, settings))
    before = dream.point().classes
    assert dream.step()
    assert run(dream, 60).score > dream.start_score
    weights = weights_of(dream.point().classes, models.generator.groups)
    assert not np.allclose(weights, weights_of(before, models.generator.groups), atol=0.05)


class CrampedPerceptor(FakePerceptor):
    """Runs out of memory if it sees more than `room` pictures at once."""

    def __init__(self, room: int) -> None:
        super().__init__()
        self.room = room

    def embed_image(self, pictures: torch.Tensor) -> torch.Tensor:
        if len(pictures) > self.room:
            raise torch.OutOfMemoryError("CUDA out of memory.")
        rows: torch.Tensor = super().embed_image(pictures)
        return rows


def cramped(session: DreamSession, room: int) -> DreamSession:
    models = session.models
    return session_of(models.generator, CrampedPerceptor(room), models.bank, DreamSettings(size=32, cutouts=12))


def test_a_dream_that_runs_out_of_memory_goes_on_with_fewer_cutouts(fake_session: DreamSession) -> None:
    session = cramped(fake_session, room=4)
    dream = run(start(session), 20)
    assert dream.most_cutouts == 3
    assert dream.pop_notice() == (
        "Device memory ran out: a step takes 6 cutouts from now on instead of 12. "
        "Device memory ran out: a step takes 3 cutouts from now on instead of 6."
    )
    dream.set_cutouts(12)
    assert run(dream, 30).pop_notice() == ""
    assert dream.score > dream.start_score


def test_the_next_dream_begins_with_the_smaller_memory_budget(fake_session: DreamSession) -> None:
    session = cramped(fake_session, room=4)
    run(start(session), 20)
    assert run(start(session), 3).pop_notice() == ""


def test_without_memory_for_one_cutout_the_picture_stays(fake_session: DreamSession) -> None:
    dream = start(cramped(fake_session, room=0))
    assert not any(dream.step() for _ in range(50))
    assert dream.pop_notice().endswith("for even one cutout: pictures stay as they are in the latent bank.")
    assert dream.pop_notice() == ""
    assert np.isfinite(dream.point().z).all()


@pytest.mark.slow
def test_a_dream_may_have_a_z_for_each_layer(biggan_bank: LatentBank) -> None:
    generator = small_biggan()
    session = session_of(generator, FakePerceptor(), biggan_bank, DreamSettings(cutouts=3, latents="layers"))
    dream = start(session)
    assert dream.point().z.shape == session.attract_point(1).z.shape == (1, generator.layers, 16)
    done = run(dream, 40)
    assert np.ptp(done.point().z, axis=1).max() > 0.1
    assert done.score > done.start_score


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["sigmoid", "top"])
def test_optimised_classes_may_have_independent_weights(
    biggan_bank: LatentBank, mode: Literal["sigmoid", "top"]
) -> None:
    generator = small_biggan()
    generator.use_independent_classes()
    settings = DreamSettings(cutouts=3, classes="optimised", class_weights=mode, max_classes=2)
    done = run(start(session_of(generator, FakePerceptor(), biggan_bank, settings)), 60)
    weights = weights_of(done.point().classes, generator.groups)
    assert done.score > done.start_score
    assert weights.sum() != pytest.approx(1.0, abs=1e-3)
    if mode == "top":
        assert (weights > 0.01).sum() <= 3  # two, and one that is still easing out


def test_an_ensemble_starts_from_its_leaders_bank_and_optimises_with_all_members(fake_session: DreamSession) -> None:
    models = fake_session.models
    ensemble = Ensemble({"fake": (FakePerceptor(), 1.0), "other": (FakePerceptor(), 0.5)})
    together, alone = start(session_of(models.generator, ensemble, models.bank)), start(fake_session)
    assert together.start_score == pytest.approx(alone.start_score, abs=1e-5)
    # both members are the same perceptor, so that the ensemble optimises the same score
    assert run(together, 40).score == pytest.approx(run(alone, 40).score, abs=0.02)


def test_words_set_marks_in_the_latents_and_take_them_away(theatre_session: DreamSession) -> None:
    dream = start(theatre_session, "two wolves")
    assert dream.point().z[0, SINGLE["two"][0]] == SET
    dream.set_prompts((Prompt(7, "a wolf"),))
    assert dream.point().z[0, list(DIMENSIONS)].tolist() == [0.0] * len(DIMENSIONS)


def test_related_classes_are_near_the_words_and_hide_nothing_that_they_name(theatre_session: DreamSession) -> None:
    groups = theatre_session.models.generator.groups
    names = [(group.name, label) for group in groups for label in group.labels]
    neutral = {(group.name, group.labels[group.neutral]) for group in groups if group.neutral is not None}
    for text, named in (("a ship at night", {"subject", "sky"}), ("a red fox in the snow", {"subject", "weather"})):
        dream = start(theatre_session, text)
        related = [names[index] for index in dream.related_classes()]
        assert len(set(related)) == len(related) >= 12
        assert not {group for group, _ in related} & named
        assert not set(related) & neutral
        assert len({group for group, _ in related[:4]}) == 4  # the groups take turns
    assert dream.related_classes() == dream.related_classes()


def test_related_classes_of_a_biggan_are_the_runners_up(biggan_bank: LatentBank) -> None:
    session = session_of(small_biggan(), FakePerceptor(), biggan_bank, DreamSettings(cutouts=3))
    dream = start(session)
    related = dream.related_classes()
    assert len(set(related)) == len(related) == 9  # of ten
    other = start(session, "a fox").related_classes()
    assert related != other
