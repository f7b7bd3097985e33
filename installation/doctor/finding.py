"""What a check finds."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class Level(Enum):
    """How bad it is."""

    OK = "ok"
    WARNING = "warning"  # the show plays, without something
    FAILURE = "failure"  # the show does not play


@dataclass(frozen=True)
class Finding:
    """One line of the doctor."""

    about: str
    level: Level
    text: str
    remedy: str = ""  # what to do; "" where nothing is to be done
    figures: dict[str, Any] = field(default_factory=dict)  # for machines

    def as_json(self) -> dict[str, Any]:
        """For machines."""
        return {
            "about": self.about,
            "level": self.level.value,
            "text": self.text,
            "remedy": self.remedy,
            "figures": self.figures,
        }


def ok(about: str, text: str, **figures: Any) -> Finding:
    """Nothing is to be done."""
    return Finding(about, Level.OK, text, figures=figures)


def warning(about: str, text: str, remedy: str, **figures: Any) -> Finding:
    """The show plays, without something."""
    return Finding(about, Level.WARNING, text, remedy, figures)


def failure(about: str, text: str, remedy: str, **figures: Any) -> Finding:
    """The show does not play."""
    return Finding(about, Level.FAILURE, text, remedy, figures)
