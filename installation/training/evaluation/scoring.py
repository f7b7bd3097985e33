"""What a judge's reading of a picture means for a prompt: what was found, and what nobody asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from installation.models.interfaces import Group
from installation.training.data.held_out import COMPANION, NOBODY, SUBJECT, HeldOutPrompt

ALONE = "alone"
Reading = Mapping[str, str]  # the label that the judge sees in each group


@dataclass
class ScoreCounts:
    """Counts over prompts; shares are None where nothing was asked."""

    asked: dict[str, int] = field(default_factory=dict)
    found: dict[str, int] = field(default_factory=dict)
    prompts: int = 0
    empty: int = 0  # prompts that ask for no figure
    strangers: int = 0  # pictures with a subject that the prompt neither asks for nor lets in
    intruders: int = 0  # of these, those of prompts that ask for no figure
    followers: int = 0  # pictures with a companion that the prompt neither asks for nor lets in

    def add(self, held: HeldOutPrompt, seen: Reading, groups: Sequence[Group]) -> None:
        """Count one picture. What the generator's groups cannot show is left out."""
        known = {group.name: group.labels for group in groups}
        for name, labels in held.asked.items():
            if any(label in known.get(name, ()) for label in labels):
                self.asked[name] = self.asked.get(name, 0) + 1
                self.found[name] = self.found.get(name, 0) + is_found(name, labels, seen)
        self.prompts += 1
        welcome = (*held.figures, *held.may, NOBODY, ALONE)
        stranger = seen[SUBJECT] not in welcome
        self.strangers += stranger
        self.followers += seen[COMPANION] not in welcome
        if not held.figures:
            self.empty += 1
            self.intruders += stranger

    def shares(self) -> dict[str, float | None]:
        """The share found of each group, and of all that is asked for together as "all"."""
        named = {name: self.found[name] / count for name, count in self.asked.items()}
        total = sum(self.asked.values())
        return {**named, "all": sum(self.found.values()) / total if total else None}


def is_found(name: str, labels: Sequence[str], seen: Reading) -> bool:
    """Whether one of the labels is there; a figure may stand as the subject or as its companion."""
    if name in (SUBJECT, COMPANION):
        return seen[SUBJECT] in labels or seen[COMPANION] in labels
    return seen[name] in labels
