"""The result of a check."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class Level(Enum):
    """How serious a finding is."""

    OK = "ok"
    WARNING = "warning"  # the show runs without something
    FAILURE = "failure"  # the show does not run


@dataclass(frozen=True)
class Finding:
    """One line of the report."""

    about: str
    level: Level
    text: str
    remedy: str = ""  # what to do; "" if nothing needs to be done
    figures: dict[str, Any] = field(default_factory=dict)  # for the JSON report

    def as_json(self) -> dict[str, Any]:
        """The finding for the JSON report."""
        return {
            "about": self.about,
            "level": self.level.value,
            "text": self.text,
            "remedy": self.remedy,
            "figures": self.figures,
        }


def ok(about: str, text: str, **figures: Any) -> Finding:
    """A finding that needs no action."""
    return Finding(about, Level.OK, text, figures=figures)


def warning(about: str, text: str, remedy: str, **figures: Any) -> Finding:
    """A finding without which the show still runs."""
    return Finding(about, Level.WARNING, text, remedy, figures)


def failure(about: str, text: str, remedy: str, **figures: Any) -> Finding:
    """A finding that prevents the show."""
    return Finding(about, Level.FAILURE, text, remedy, figures)
