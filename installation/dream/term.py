"""A word or phrase of a text, and the classes that it names."""

from __future__ import annotations

from dataclasses import dataclass

from installation.models.lexicon import Meaning, Scene

COLOUR_GROUPS = ("subject_colour", "tint")


@dataclass(frozen=True)
class Term:
    """A word or phrase of a text.

    Attributes:
        text: As in the text, in lower case.
        meanings: The classes that it names; none for a thing that cannot be shown.
        english: Its name in English if the text is in another language, or "".
        mood: Whether it is an abstract word, whose classes are one way to depict it.
        compared: Whether something else is only compared to it.
        colour: What the text says of its colour, a label of the group `subject_colour`, or a mark, or "".
        shown_as: The label of what is shown in its place, if that is something else, or "".
        marks: How many there are of it and how large they are (see `arrangement_words`).
        weak: Whether it is a figure only if nothing else is: "sitting", "the dragon's", "light".
        said_after: The states among the marks that the text says behind it: "a tiger and a boy sleeping".
        lost: What the text says of it that cannot be shown, such as its number.
        lead: The place that the text says before it, of who is named later or not at all: "on the roof we danced".
        scene: What people expect to see besides, if it is an occasion.
        beside: Whether "and" or a comma joins it to the figure before: "a king and a queen" are two.
        along: Whether "with" does: "a girl skating with her father".
        place: How the figure named before stands to it: "on", "above", "under", "behind", "front", or "".
    """

    text: str
    meanings: tuple[Meaning, ...]
    english: str = ""
    mood: bool = False
    compared: bool = False
    colour: str = ""
    shown_as: str = ""
    marks: tuple[str, ...] = ()
    place: str = ""
    lead: str = ""
    scene: Scene | None = None
    beside: bool = False
    along: bool = False
    weak: bool = False
    said_after: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """In English."""
        return self.english or self.text

    def label(self, group: str) -> str:
        """The label that it names in a group, or ""."""
        return next((one.label for one in self.meanings if one.group == group), "")

    @property
    def is_colour(self) -> bool:
        """Whether it names nothing but a colour."""
        return bool(self.meanings) and all(one.group in COLOUR_GROUPS for one in self.meanings)
