from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pytest

from installation.core.messages import Prompt
from installation.dream.class_evidence import NAMED
from installation.dream.class_search import (
    HINTED,
    ClassKnowledge,
    coordinate_ascent,
    find_candidates,
    first_guess,
    search_classes,
)
from installation.dream.latent_bank import Choice
from installation.dream.session import DreamSession
from installation.models.interfaces import Floats, Group
from installation.models.theatre import vocabulary

GROUPS = (Group("light", ("day", "night", "dusk")), Group("guest", ("nobody", "owl", "fox"), 0))
START = np.array([2, 2])
NOTHING = (0.0, 0.0, 0.0)


def knowledge(decorative: Sequence[bool] = (False, False), gain: float = 0.27) -> ClassKnowledge:
    return ClassKnowledge(GROUPS, decorative, gain)


def floats(*values: float) -> Floats:
    return np.array(values, np.float32)


def options(light: Sequence[float], guest: Sequence[float], *, decorative: bool = False) -> list[set[int]]:
    found = find_candidates(knowledge((False, decorative)), floats(*light, *guest), START)
    return [set(option.classes.tolist()) for option in sorted(found, key=lambda option: option.column)]


def test_a_class_beside_the_neutral_one_is_a_candidate_only_if_the_text_hints_at_it() -> None:
    assert options(NOTHING, [0, 0.1, HINTED - 0.01])[1] == {0}
    assert options(NOTHING, [0, HINTED, 0.1])[1] == {0, 1}


def test_a_decorative_class_may_stay_without_a_hint() -> None:
    assert 2 in options(NOTHING, NOTHING, decorative=True)[1]


@pytest.mark.parametrize(
    ("evidence", "guess"),
    [((0, 1, 0, 0, 1, 0), [1, 1]), ((0, 0, 0, 0, 0, 0), [2, 0])],
    ids=["all named classes at once", "present and neutral classes"],
)
def test_the_first_guess_takes_named_classes_and_otherwise_present_or_neutral_ones(
    evidence: Sequence[float], guess: list[int]
) -> None:
    assert first_guess(find_candidates(knowledge(), floats(*evidence), START), START).tolist() == guess


@dataclass
class Rated:
    """Ratings that are there."""

    ratings: Floats

    def result(self) -> Floats:
        return self.ratings


def ascended(ratings: dict[tuple[int, ...], float], evidence: Sequence[float], batch: int = 2) -> list[int]:
    def rate(choices: Choice) -> Rated:
        assert len(choices) <= batch
        return Rated(floats(*(ratings.get(tuple(choice), 0.0) for choice in choices.tolist())))

    found = find_candidates(knowledge(), floats(*evidence), START)
    best = list(coordinate_ascent(rate, found, first_guess(found, START), batch))[-1]
    return [int(index) for index in best]


def test_ratings_of_pictures_decide_between_candidates() -> None:
    assert ascended({(0, 0): 0.3, (1, 0): 0.5, (2, 0): 0.4}, [0, 0, 0, 0, 0, 0]) == [1, 0]


def test_a_second_sweep_corrects_an_early_decision() -> None:
    hints = [0.3, 0.3, 0.3, 0, NAMED, NAMED]
    assert ascended({(2, 1): 0.1, (0, 1): 0.3, (0, 2): 0.5, (1, 2): 0.9}, hints) == [1, 2]


def test_the_present_class_stays_if_the_text_says_nothing_and_another_is_only_slightly_better() -> None:
    assert ascended({(2, 0): 0.40, (1, 0): 0.42}, [0, 0, 0, 0, 0, 0]) == [2, 0]


def test_bonuses_scale_with_the_cosine_gain_of_the_perceptor() -> None:
    evidence = floats(0, 1, 0, 0, 0, 0)
    large, small = (find_candidates(knowledge(gain=gain), evidence, START) for gain in (0.3, 0.03))
    np.testing.assert_allclose(large[0].bonus, 10 * small[0].bonus, rtol=1e-5)


def test_the_first_guess_is_reported_before_any_picture_is_rated() -> None:
    events: list[str] = []

    def rate(choices: Choice) -> Rated:
        events.append("rate")
        return Rated(np.zeros(len(choices), np.float32))

    def on_first_guess(_guess: Choice) -> Iterator[None]:
        events.append("guess")
        yield
        events.append("guessed")

    search = search_classes(
        knowledge(),
        floats(0, 1, 0, 0, 1, 0),
        START,
        rate,
        seed=1,
        batch=4,
        on_first_guess=on_first_guess,
    )
    assert [next(search).tolist() for _ in range(3)] == [[1, 1], [1, 1], [1, 1]]
    assert events == ["guess", "guessed"]
    list(search)
    assert set(events[2:]) == {"rate"}


def shown_labels(session: DreamSession, text: str, seed: int) -> list[str]:
    dream = session.dream((Prompt(1, text),), seed, {})
    dream.settle()
    return list(dream.labels())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("a wolf in the snow at night", {"wolf", "snow", "night"}),
        ("the city burns", {"city", "fire"}),
        ("a red sun over the sea", {"red sun", "sea"}),
        ("a dancer under the aurora", {"dancer", "aurora"}),
        ("a golden castle in the mist", {"castle", "gold", "fog"}),
        ("a whale in the forest", {"whale", "forest"}),
        ("a horse beside a tree", {"horse", "tree"}),
        ("an owl in a tree", {"owl", "tree"}),
        ("the angel and the wolf", {"angel", "wolf"}),
    ],
)
def test_the_theatre_shows_what_the_text_names(theatre_session: DreamSession, text: str, labels: set[str]) -> None:
    assert labels <= set(shown_labels(theatre_session, text, 1))


def test_a_subject_that_is_named_once_is_shown_once(theatre_session: DreamSession) -> None:
    assert shown_labels(theatre_session, "a wolf in the snow", 2).count("wolf") == 1


def test_no_subject_is_shown_if_none_is_named(theatre_session: DreamSession) -> None:
    subjects = set(next(group.labels for group in vocabulary.GROUPS if group.name == "subject"))
    for seed in range(3):
        assert not subjects & set(shown_labels(theatre_session, "a red sun over the sea", seed))


SUNS = {"sun", "red sun"}
RARE = {"cave", "volcano"}
WATER = {"sea", "deep sea", "waterfall"}
TERRAINS = set(next(group.labels for group in vocabulary.GROUPS if group.name == "terrain"))
FIGURES = {label for group in vocabulary.GROUPS if group.name in ("subject", "companion") for label in group.labels}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "never"),
    [
        ("a ship", TERRAINS - {"sea", "cliffs", "ice", "lake", "island", "river"}),
        ("a camel", TERRAINS - {"desert", "ruins"}),
        ("a wolf in the snow at night", SUNS | RARE | WATER | {"desert", "jungle", "room"}),
        ("a white horse in the fog", RARE | {"deep sea", "room"}),
        ("night", SUNS | RARE),
        ("under the aurora", SUNS | RARE),
        ("a skull beside a candle", FIGURES - {"skull", "candle"}),
        ("the baker lights his oven", FIGURES - {"lamp", "candle", "house", "baker", "stove"}),
    ],
)
def test_the_theatre_adds_nothing_that_does_not_fit(theatre_session: DreamSession, text: str, never: set[str]) -> None:
    for seed in (1, 5, 8):
        assert not set(shown_labels(theatre_session, text, seed)) & never
