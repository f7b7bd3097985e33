"""Who plays what: of the figures that a text names one becomes the subject, another its companion.

A companion that is no class of the generator is one of its marks ("second fox"), as are the number and the paper of it.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from installation.dream.actors import EITHER, PEOPLE, WALKER
from installation.dream.arrangement_words import (
    ACTS,
    BEARS,
    BY,
    COUNTS,
    HOLDABLE,
    INSIDE,
    OF_SKY,
    OVERHEAD,
    PAPERS,
    SIDES,
    SIZE_MARKS,
    relation,
)
from installation.dream.calm_places import EVERYDAY_PEOPLE
from installation.dream.scene_words import FURTHER_ORDERS, NOBODY, SECOND, THIRD
from installation.dream.state_words import DONE, EXCLUDED, EXCLUDED_SECOND, KIND_OF, KINDS, NOT_OF_THIRD, SURFACES
from installation.dream.term import Term
from installation.models.figure_traits import trait
from installation.models.lexicon import Meaning, base_forms

INK = "ink"
GROUP = "group"  # who "we" and "they" are: three people
ON_TABLES = trait("on_tables")
OF_GLASS, SURFACE = trait("glass"), KINDS[SURFACES]  # figures through which others are seen
HATTED = trait("hatted")  # who wears a hat or a crown anyway
SHARED = ("sleeping", "sitting", "kneeling", "lying down", "laughing", "singing", "crying", *DONE)  # states of two
MOVING = ("pushing", "pulling")  # what can be moved with somebody on it
TIGHT = ("on", "riding", "inside", "between", "around", "worn", "under", "above", "through")  # places of what touches
LOOSE = ("watching", "waiting", "feeding")  # acts of who need not touch
ON_SKY = {"watching": "gazing", "leaping": "over sky", "above": "over sky", "on": "on sky", "riding": "on sky"}
SMALL_THINGS = trait("of_a_hand")
STACKED, STOOD, TOGETHER = "stacked", "on third", "together"  # marks
BORNE = ("held", "worn", "in mouth", "eating")  # how somebody has a thing with which he stands on a third
STOOD_ON = trait("stood_on")
SORCERERS = ("witch", "wizard", "fairy")
WITHIN = ("on", "inside", "at")  # a place
SEATS, SEATED = trait("seats"), ("on", "inside", "riding")  # on which people sit, and how words say that they do


class Casting(NamedTuple):
    """What is shown of the figures that a text names.

    Attributes:
        classes: Group -> label.
        marks: How they are arranged.
        missing: The words of those that found no place.
    """

    classes: dict[str, str]
    marks: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def cast_figures(
    things: Sequence[Term], labels: Mapping[str, Sequence[str]], marks: Container[str] = (), actor: str = ""
) -> Casting:
    """Cast the figures among the things that a text names.

    A place that is left goes to the owner of one of them, if that is nobody of a family ("the dragon's eye"), to what
    belongs to an occasion, or to who does what the text says.

    Args:
        things: In the order of the text.
        labels: The labels of each of the generator's groups.
        marks: That the generator has.
        actor: The label of who acts unnamed, or "".
    """
    named = [term for term in things if term.label("subject")]
    figures = [term for term in named if term.label("subject") != NOBODY]
    figures = _distinct([term for term in figures if not term.weak] or figures)
    figures = [_at_large(term, alone=len(figures) == 1) if _is_a_place(term) else term for term in figures]
    figures = [term for place, term in enumerate(figures) if not (place and _is_worn_anyway(figures[place - 1], term))]
    people = [place for place, term in enumerate(figures) if term.label("subject") in PEOPLE and not term.scene]
    figures = [
        term
        for place, term in enumerate(figures)
        if not (people and people[0] < place and term.scene and term.label("subject") in EITHER)
    ]
    grounds = [term for term in figures if _is_ground(term)]
    if len(grounds) < len(figures):  # what stands there comes after all who are there
        figures = [term for term in figures if not _is_ground(term)]
    else:
        grounds = []
    if not figures and named:
        return Casting({"subject": NOBODY})
    figures = _without_laid_table(_alike(figures))
    if any(term.label("subject") in SORCERERS for term in figures):  # they ride it
        figures = [term for term in figures if term.label("subject") != "broom"]
    figures += _guests(figures, named, actor or (WALKER if any(term.lead == "leash" for term in figures) else ""))
    figures += grounds[: max(0, 3 - len(figures))]
    if not figures:
        return Casting({})
    if len(figures) > 1 and figures[0].lead and not (figures[1].place or figures[1].beside):
        figures[:2] = [figures[1], replace(figures[0], place=figures[0].lead)]
    companions = frozenset(labels.get("companion", ()))
    stacked = [STACKED] if STACKED in marks and _is_stack(figures) else []
    stacked += [STOOD] if STOOD in marks and _stand_on(figures) else []
    together = TOGETHER in marks and _are_together(figures)
    third, figures = _with_loner(figures, marks)
    young = all(_is_young(term) for term in figures)
    if young or len({term.label("subject") for term in figures[:2]}) == len(figures[:2]):
        figures = [_grown(term) for term in figures]
    subject, companion = _roles(figures, companions, marks)
    classes = {"subject": subject.label("subject")}
    own = [mark for mark in subject.marks if not mark.endswith("sky")]
    own, lost = _fitting(own, EXCLUDED, own)
    if subject.colour in labels.get("subject_colour", ()):
        classes["subject_colour"] = subject.colour
    elif subject.colour:
        own.append(subject.colour)
    sided = companion is not None and figures[1].place in SIDES  # a second that marks name is on the right
    known = frozenset[str]() if third is not None or sided else companions  # a third one needs it, too
    if companion and companion.label("subject") in known:
        classes["companion"] = companion.label("subject")
    if companion:
        others, left_out = _fitting(_companion_marks(companion, known), EXCLUDED_SECOND, [*own, subject.colour])
        own += others
        lost += left_out
        related = relation(figures[0], figures[1], first_is_companion=companion is figures[0])
        crowded = bool(set(own) & set(COUNTS[3:]))  # who stand in ranks
        own += [mark for mark in related if not (crowded and mark in LOOSE)]
        if INSIDE in related and subject.label("subject") in OF_GLASS and not any(mark in SURFACE for mark in own):
            own.append("glassy")
    elif f"{subject.place} sky" in OF_SKY and (subject.place != "between" or "two" in subject.marks):
        own.append(f"{subject.place} sky")
    own += _skywards(things) if companion is None else []
    if companion is None and any(term.label("terrain") and term.place == "above" for term in things):
        own.append("flying")
    if third is not None and companion is not None and companion.place == "between":
        own.append("between")
    if third is not None:
        own += [mark for mark in _third_marks(third) if mark in marks] + stacked + [TOGETHER] * together
    shown = 2
    for order, term in zip(FURTHER_ORDERS if third is not None else (), figures[2:], strict=False):
        further = _further_marks(order, term)
        if further[0] not in marks:
            break
        own += [mark for mark in further if mark in marks]
        shown += 1
    return Casting(classes, tuple(own), (*lost, *(term.text for term in figures[shown:])))


def _is_a_place(term: Term) -> bool:
    """Whether a thing is a place with all that belongs to it, as a park: what is in it stands beside its trees."""
    if term.scene is None or term.shown_as or term.label("subject") in SMALL_THINGS:  # which are at home somewhere
        return False
    qualifiers, _ = term.scene.figures[0]
    if len(term.scene.figures) == 1 and not set(qualifiers) <= set(COUNTS):
        return False  # a barn is a red house
    return any(group == "terrain" for group, _ in term.scene.setting)


def _is_worn_anyway(wearer: Term, term: Term) -> bool:
    """Whether a hat is one that its wearer has already, and the text says no colour of it."""
    plain = not term.colour or term.scene is not None
    return (
        term.place == "worn"
        and plain
        and wearer.label("subject") in HATTED
        and term.label("subject") not in ("glasses", "scarf")
    )


def _is_ground(term: Term) -> bool:
    """Whether a thing is a place that others are in: "in the park", but not "a bird above the harbour"."""
    return _is_a_place(term) and not (term.place or term.lead)


def _at_large(place: Term, alone: bool) -> Term:
    """A place without its preposition, if that only says that somebody is there, or if nobody is."""
    where, before = ("" if alone or word in WITHIN else word for word in (place.place, place.lead))
    return replace(place, place=where, lead=before)


def _is_young(term: Term) -> bool:
    """Whether a word is one for a small kind of a figure, as a puppy is."""
    return bool(term.scene and "tiny figure" in term.scene.figures[0][0])


def _grown(term: Term) -> Term:
    """A young animal as large as any, where none of its kind is beside it: "a puppy", but "a dog and a puppy"."""
    if not _is_young(term):
        return term
    return replace(term, marks=tuple(mark for mark in term.marks if mark != "tiny figure"))


def _fitting(marks: Sequence[str], excluded: Mapping[str, str], others: Container[str]) -> tuple[list[str], list[str]]:
    """The marks without states that others exclude, and those states."""
    lost = [
        mark
        for mark in marks
        if any(KIND_OF.get(mark.removeprefix(SECOND)) == kind for other, kind in excluded.items() if other in others)
    ]
    return [mark for mark in marks if mark not in lost], [mark.removeprefix(SECOND) for mark in lost]


def _skywards(things: Sequence[Term]) -> list[str]:
    """What somebody does with the sun or the moon: look at it, leap over it, or be on it."""
    places = [term.place for term in things if term.label("celestial")]
    return [ON_SKY[place] for place in places if place in ON_SKY][:1]


def _with_loner(figures: list[Term], marks: Container[str]) -> tuple[Term | None, list[Term]]:
    """The third figure that is shown, if there are three, and the others: those first that have to do with each other.

    What is pushed or pulled is what the third is on: "a girl pushing her grandfather on a swing".
    """
    if len(figures) < 3:
        return None, figures
    first, second, third, *others = figures
    in_hand = second.place in ("", "held") and second.label("subject") in HOLDABLE
    if first.label("subject") in PEOPLE and in_hand and third.label("subject") in SEATS and third.place in SEATED:
        first, second, third = first, replace(third, place="on"), replace(second, place="")
    moved = second.place in MOVING and third.place in ("on", "inside", "riding", "at")
    if _is_stack(figures) or _stand_on(figures):
        loner, pair = third, [first, second]
    elif moved:
        loner, pair = second, [first, replace(third, place=second.place)]
    elif (third.place and not (second.place in ACTS or second.place in TIGHT)) or _is_counted(third, first, second):
        loner, pair = first, [second, third]
    else:
        loner, pair = third, [first, second]
    known = all(
        order + one.label("subject") in marks for order, one in ((THIRD, loner), (SECOND, pair[0]), (SECOND, pair[1]))
    )
    return (loner, [*pair, *others]) if known else (None, figures)


def _is_stack(figures: Sequence[Term]) -> bool:
    """Whether the first two are on a third: "a cat in a box on a car", "a nest with four eggs in a tree"."""
    if len(figures) != 3 or figures[2].beside:
        return False
    return figures[1].place in ("on", "inside", "riding", *BEARS) and figures[2].place in ("on", "riding")


def _stand_on(figures: Sequence[Term]) -> bool:
    """Whether somebody is on a third with what he holds or wears: "a lighthouse keeper holding a lantern on a rock"."""
    if len(figures) < 3 or figures[2].beside or figures[2].place != "on":
        return False
    sheltered = figures[1].place == "under" and figures[1].label("subject") in OVERHEAD
    return (figures[1].place in BORNE or sheltered) and figures[2].label("subject") in STOOD_ON


def _are_together(figures: Sequence[Term]) -> bool:
    """Whether the first two are both on a third, or in it: "a fisherman and his dog in a boat"."""
    if len(figures) < 3 or figures[1].place or figures[2].beside or figures[2].place not in ("on", "inside", "riding"):
        return False
    return figures[1].beside and figures[2].label("subject") not in (*OF_GLASS, "swing")


def _is_counted(third: Term, first: Term, second: Term) -> bool:
    """Whether there are several of the third and one of the first, which have nothing to do with each other."""
    return not second.place and bool(set(third.marks) & set(COUNTS)) and not set(first.marks) & set(COUNTS)


def _without_laid_table(figures: list[Term]) -> list[Term]:
    """The figures without a table on which several of them lie, because there is one below such things anyway."""
    tables = [term for term in figures if term.label("subject") == "table" and not term.colour]
    others = [replace(term, place="") for term in figures if term not in tables]
    laid = len(others) > 2 and all(term.label("subject") in ON_TABLES for term in others[:2])
    return others if tables and laid else figures


def _alike(figures: list[Term]) -> list[Term]:
    """The first of two that are named together in the pose that is said of the second: "a tiger and a boy sleeping"."""
    if len(figures) > 1 and figures[1].along and figures[0].label("subject") in PEOPLE:
        return _with_partner(figures)
    if len(figures) < 2 or not figures[1].beside or figures[1].place:
        return figures
    if figures[0].label("subject") == figures[1].label("subject"):
        return figures  # "four kittens and a sleeping kitten"
    first, second, *others = figures
    shared = [mark for mark in second.marks if mark in SHARED and mark in second.said_after]
    if {KIND_OF[mark] for mark in shared} & {KIND_OF.get(mark) for mark in first.marks}:
        return figures
    return [replace(first, marks=(*first.marks, *shared)), second, *others]


def _with_partner(figures: list[Term]) -> list[Term]:
    """The second of two people in the pose of the first, with whom they do something: "a girl skating with her dad"."""
    first, second, *others = figures
    busy = any(mark in KIND_OF for mark in second.marks) or second.place or second.label("subject") not in PEOPLE
    shared = () if busy else tuple(mark for mark in first.marks if mark in SHARED)
    return [first, replace(second, marks=(*second.marks, *shared)), *others]


def _guests(figures: Sequence[Term], named: Sequence[Term], actor: str) -> list[Term]:
    """Who else is shown, if there is room; nobody of a family to whom it only belongs: "my dad's bicycle"."""
    owned = [term for term in named if term.weak and term.text.endswith("'s")]
    owners = [replace(term, place="") for term in owned if term.label("subject") not in EVERYDAY_PEOPLE]
    expected = [
        Term(
            label,
            (Meaning("subject", label),),
            marks=tuple(mark for mark in own if mark in COUNTS or mark in SIZE_MARKS or mark in KIND_OF),
            colour=next((mark for mark in own if mark in PAPERS), ""),
        )
        for term in figures
        for own, label in (term.scene.figures[1:] if term.scene else ())
    ]
    few = ("three",) if actor == GROUP else ()
    acting = [Term(actor, (Meaning("subject", actor),), marks=few)] if actor else []
    if any(term.label("subject") in (*PEOPLE, "hand") for term in (*figures, *expected)):
        acting = []
    if any(term.place in ACTS for term in figures[1:]):
        acting = []  # the first of them acts: "a fox, chasing a rabbit"
    shown = {term.label("subject") for term in figures}
    others = [term for term in (*owners, *acting, *expected) if term.label("subject") not in shown]
    return others[: max(0, (2 + bool(acting) * (len(figures) > 1)) - len(figures))]


def _companion_marks(companion: Term, companions: Container[str]) -> list[str]:
    """Its kind if it is no class, its number, its size, and its paper."""
    label = companion.label("subject")
    named = [] if label in companions else [label]
    named += [mark for mark in companion.marks if mark in COUNTS or mark in SIZE_MARKS or mark in KIND_OF]
    named += [companion.colour] if companion.colour not in ("", INK) else []
    return [SECOND + name for name in named]


def _third_marks(third: Term) -> list[str]:
    """The kind of a third figure, its number, its paper, and its size or a state."""
    counts = [mark for mark in third.marks if mark in COUNTS]
    states = [mark for mark in third.marks if mark in SIZE_MARKS or (mark in KIND_OF and mark not in NOT_OF_THIRD)]
    colour = [third.colour] if third.colour not in ("", INK) else []
    return [THIRD + name for name in (third.label("subject"), *counts[:1], *colour, *states[:1])]


def _further_marks(order: str, term: Term) -> list[str]:
    """The kind, the number and the paper of a fourth or fifth figure; several that are not counted are three."""
    count = next((mark for mark in term.marks if mark in COUNTS), "")
    count = "six" if count in COUNTS[COUNTS.index("five") :] else "three" if count == "four" else count
    colour = term.colour if term.colour != INK else ""
    return [order + name for name in (term.label("subject"), count, colour) if name]


def _distinct(figures: Sequence[Term]) -> list[Term]:
    """The figures without those that are named again: another colour makes another figure, and "and" another word."""
    found: list[Term] = []
    for term in figures:
        same = [one for one in found if one.label("subject") == term.label("subject")]
        recoloured = bool(term.colour) and all(_other_paper(term, one) for one in same)
        renamed = term.beside and not any(_same_words(term.text, one.text) for one in same)
        reshaped = term.beside and bool(_states(term)) and all(_states(one) != _states(term) for one in same)
        resized = _size(term) != 0 and all(_size(one) != _size(term) for one in same)
        if not same or recoloured or renamed or resized or reshaped:
            found.append(term)
        else:  # "a cup of hot chocolate"
            one = same[0]
            states = [mark for mark in term.marks if mark in KIND_OF and mark not in one.marks]
            if set(COUNTS).isdisjoint(one.marks):  # "the gander leads the geese"
                states += [mark for mark in term.marks if mark in COUNTS]
            found[found.index(one)] = replace(one, marks=(*one.marks, *states))
    return found


def _other_paper(term: Term, one: Term) -> bool:
    """Whether the same figure is named in another colour: "seven sheep and one black sheep"."""
    if not one.colour:
        return term.beside and set(term.marks) & set(COUNTS) != set(one.marks) & set(COUNTS)
    return one.colour != term.colour


def _same_words(text: str, other: str) -> bool:
    """Whether two names have a word in common: "a wolf, a lone wolf"."""
    return any(not set(base_forms(word)).isdisjoint(other.split()) for word in text.split())


def _states(term: Term) -> set[str]:
    """How a figure is said to be: "a fat cat and a thin cat" are two."""
    return {mark for mark in term.marks if mark in KIND_OF}


def _size(term: Term) -> int:
    return ("huge figure" in term.marks) - ("tiny figure" in term.marks)


def _roles(figures: Sequence[Term], companions: Container[str], marks: Container[str]) -> tuple[Term, Term | None]:
    """The subject and the companion.

    Of two that stand on, under, before or behind each other, the second is the subject, because it is what the first
    stands on; of one in the air above another, the one on the ground is, unless it is a companion by its class. Of one
    under an umbrella or a bird, the first is. Otherwise the larger is, if the text says so.
    """
    if len(figures) == 1:
        return figures[0], None
    first, second = figures[:2]
    is_class = [term.label("subject") in companions for term in (first, second)]
    fits = [known or SECOND + term.label("subject") in marks for known, term in zip(is_class, figures, strict=False)]
    if second.place in BY.values():
        swapped = True
    elif second.place in (*ACTS, *BEARS, "left"):
        swapped = False
    elif second.place == "right":
        swapped = fits[0]
    elif second.place == "above" and any(is_class):
        swapped = is_class[0]
    elif second.place == "worn" or (second.place == "under" and second.label("subject") in OVERHEAD):
        swapped = not fits[1]
    elif second.place and second.place != "between":
        swapped = fits[0]
    else:
        larger = _size(second) > _size(first) and second.place != "between"
        swapped = fits[0] and (not fits[1] or larger)
    return (second, first) if swapped else (first, second)
