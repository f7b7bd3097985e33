from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from installation.core.messages import Prompt
from installation.dream.class_evidence import ClassEvidence
from installation.dream.class_search import HINTED, NAMED, ascend, candidates, first_guess
from installation.dream.dream import DreamSession
from installation.dream.latent_bank import LatentBank
from installation.models.interfaces import Floats, Group

GROUPS = (Group("light", ("day", "night", "dusk")), Group("guest", ("nobody", "owl", "fox"), 0))
START = np.array([2, 2])


def options(
    light: Sequence[float], guest: Sequence[float], ornaments: Sequence[bool] = (False, False)
) -> list[set[int]]:
    found = candidates(np.array([*light, *guest], np.float32), GROUPS, START, ornaments, 0.27)
    return [set(option.classes.tolist()) for option in sorted(found, key=lambda option: option.column)]


def test_nobody_comes_who_was_not_asked_for() -> None:
    assert options([0, 0, 0], [0, 0.1, HINTED - 0.01])[1] == {0}
    assert options([0, 0, 0], [0, HINTED, 0.1])[1] == {0, 1}


def test_an_ornament_may_stay_uninvited() -> None:
    assert 2 in options([0, 0, 0], [0, 0, 0], ornaments=(False, True))[1]


def test_all_that_is_named_comes_at_once_and_the_rest_stays_or_leaves() -> None:
    named = np.array([0, 1, 0, 0, 1, 0], np.float32)
    assert first_guess(candidates(named, GROUPS, START, (False, False), 0.27), START).tolist() == [1, 1]
    nothing = np.zeros(6, np.float32)
    assert first_guess(candidates(nothing, GROUPS, START, (False, False), 0.27), START).tolist() == [2, 0]


def climbed(rate: dict[tuple[int, ...], float], evidence: Sequence[float], chunk: int = 2) -> list[int]:
    def rated(choices: NDArray[np.intp]) -> Floats:
        assert len(choices) <= chunk
        return np.array([rate.get(tuple(choice), 0.0) for choice in choices.tolist()], np.float32)

    found = candidates(np.array(evidence, np.float32), GROUPS, START, (False, False), 0.27)
    return list(ascend(rated, found, first_guess(found, START), chunk))[-1].tolist()


def test_what_is_seen_decides_between_what_the_words_allow() -> None:
    assert climbed({(0, 0): 0.3, (1, 0): 0.5, (2, 0): 0.4}, [0, 0, 0, 0, 0, 0]) == [1, 0]


def test_a_second_sweep_mends_what_the_first_decided_too_early() -> None:
    hinted = [0.3, 0.3, 0.3, 0, NAMED, NAMED]
    rates = {(2, 1): 0.1, (0, 1): 0.3, (0, 2): 0.5, (1, 2): 0.9}
    assert climbed(rates, hinted) == [1, 2]


def test_where_the_words_do_not_care_a_little_better_is_no_reason_to_change() -> None:
    assert climbed({(2, 0): 0.40, (1, 0): 0.42}, [0, 0, 0, 0, 0, 0]) == [2, 0]


def test_a_perceptor_whose_cosines_are_small_is_trusted_in_its_own_measure() -> None:
    loud, faint = (
        candidates(np.eye(6, dtype=np.float32)[1], GROUPS, START, (False, False), unit) for unit in (0.3, 0.03)
    )
    np.testing.assert_allclose(loud[0].bonus, 10 * faint[0].bonus, rtol=1e-5)


CHOSEN = {
    "a wolf in the snow at night": {"wolf", "snow", "night"},
    "the city burns": {"city", "fire"},
    "a red sun over the sea": {"red sun", "sea"},
    "a dancer under the aurora": {"dancer", "aurora"},
    "a golden castle in the mist": {"castle", "gold", "fog"},
}


@pytest.mark.parametrize("text", CHOSEN)
def test_the_theatre_shows_what_is_said(theatre_dreamer: DreamSession, text: str) -> None:
    dream = theatre_dreamer.dream((Prompt(1, text),), 5, {})
    dream.settle()
    assert CHOSEN[text] <= set(dream.labels())


def test_an_empty_sea_stays_empty(theatre_dreamer: DreamSession) -> None:
    group = next(column for column, group in enumerate(theatre_dreamer.generator.groups) if group.name == "subject")
    for seed in range(3):
        dream = theatre_dreamer.dream((Prompt(1, "a red sun over the sea"),), seed, {})
        dream.settle()
        assert dream.choice[group] == theatre_dreamer.generator.groups[group].neutral


def test_a_thousand_classes_with_four_pictures_each_are_found_by_word_and_picture() -> None:
    random = np.random.default_rng(1)
    meaning = random.standard_normal((1000, 64))
    meaning /= np.linalg.norm(meaning, axis=1, keepdims=True)
    classes = np.repeat(np.arange(1000), 4)
    seen = meaning[classes] + 0.08 * random.standard_normal((4000, 64))
    seen /= np.linalg.norm(seen, axis=1, keepdims=True)
    rows = [values.astype(np.float16) for values in (np.zeros((4000, 2)), seen, meaning)]
    bank = LatentBank("g", "p", rows[0], classes[:, None].astype(np.int16), rows[1], rows[2])
    evidence = ClassEvidence(bank, (Group("class", tuple(map(str, range(1000)))),))
    texts = meaning[:20] + 0.05 * random.standard_normal((20, 64))
    texts = (texts / np.linalg.norm(texts, axis=1, keepdims=True)).astype(np.float32)
    spoken = [evidence.of(text[None], np.ones(1, np.float32)) for text in texts]
    assert [int(row.argmax()) for row in spoken] == list(range(20))
    assert min(float(row.max()) for row in spoken) > NAMED
