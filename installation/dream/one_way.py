"""Several that go one way: a race, a parade, "geese in single file", "horses galloping"."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence

from installation.dream.arrangement_words import COUNTS
from installation.dream.scene_words import RELATIONS, SECOND

ONE_WAY = "chasing"  # the mark: without a second figure, all of the first face one way
RACING = frozenset(["race", "races", "racing", "raced", "marathon", "derby", "relay"])
_GOING = RACING | frozenset(
    [
        *("parade", "parades", "parading", "procession", "convoy", "cavalcade", "stampede", "stampeding", "stampedes"),
        *("marching", "marches", "march", "gallop", "galloping", "gallops", "galloped"),
        *("charge", "charging", "charges"),
        *("migrate", "migrates", "migrating", "formation", "file", "queue", "queueing", "queuing", "line", "flee"),
        *("fleeing", "flees", "follow", "following", "winds", "plods", "trooping", "trekking", "southward", "homeward"),
    ]
)
_STAY = frozenset(["clothes", "washing", "finish", "horizon", "state"])  # before "line"


def one_way_marks(
    words: Sequence[str], classes: Mapping[str, str], marks: Sequence[str], known: Container[str]
) -> tuple[str, ...]:
    """The mark of several alike that go one way, or of two that race, if a text says so.

    Args:
        words: Of the text, in lower case.
        classes: What the text names, by group.
        marks: How the figures are arranged.
        known: Marks that the generator has.
    """
    if ONE_WAY not in known or "subject" not in classes or not set(RELATIONS).isdisjoint(marks):
        return ()
    if "companion" in classes or any(mark.startswith(SECOND) for mark in marks):
        return (ONE_WAY,) if not RACING.isdisjoint(words) else ()
    if set(COUNTS).isdisjoint(marks):
        return ()
    going = any(
        word in _GOING and not (word == "line" and words[place - 1 : place] and words[place - 1] in _STAY)
        for place, word in enumerate(words)
    )
    return (ONE_WAY,) if going or "in a row" in " ".join(words) else ()
