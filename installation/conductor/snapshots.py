"""Snapshots: whole looks that are stored, recalled, and morphed into each other by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from installation.conductor.active_prompt import ActivePrompt
from installation.conductor.parameter_state import ParameterState
from installation.core.errors import Rejected
from installation.core.messages import (
    SNAPSHOT,
    Look,
    Prompt,
    SaveLook,
    SetParam,
    SnapshotEntry,
    SnapshotsChanged,
    Value,
)
from installation.core.params import default_values, find_value
from installation.core.prompt_text import clean
from installation.show.settings import MAX_SNAPSHOTS

MORE_VALUES = ("transition/time", "caption/opacity")  # of a look, besides those of the renderer
NOT_OF_A_LOOK = ("transition/position",)


class Snapshots:
    """The looks by number; main keeps them on disk, with the latents of their pictures."""

    def __init__(
        self,
        state: ParameterState,
        active: ActivePrompt,
        take_id: Callable[[], int],
        set_value: Callable[[SetParam, float], None],
    ) -> None:
        """Start without looks.

        Args:
            state: the values.
            active: what is on the stage.
            take_id: returns the id of a new prompt.
            set_value: sets a parameter at a time in seconds; it reports a rejection itself and never raises.
        """
        self._state, self._active, self._take_id, self._set_value = state, active, take_id, set_value
        self._looks: dict[int, Look] = {}
        self._morph: tuple[tuple[int, int], tuple[Prompt, Prompt]] | None = None  # the looks, and their prompts

    @property
    def listing(self) -> SnapshotsChanged:
        """The looks, for the operator."""
        return SnapshotsChanged(tuple(SnapshotEntry(n, look.name) for n, look in sorted(self._looks.items())))

    def load(self, looks: Iterable[Look]) -> None:
        """Take the looks that are on disk."""
        self._looks = {look.number: look for look in looks}
        self._state.emit(self.listing)

    def store(self, number: int) -> None:
        """Store what is on the stage. Raises Rejected for a number that is too high."""
        if number > MAX_SNAPSHOTS:
            raise Rejected(f"snapshots have numbers from 1 to {MAX_SNAPSHOTS}.")
        names = [*default_values("renderer"), *self._state.class_weights, *MORE_VALUES]
        values = {name: self._state.values[name] for name in names if name not in NOT_OF_A_LOOK}
        name = self._looks[number].name if number in self._looks else f"snapshot {number}"
        self._put(Look(number, name, self._active.direction.prompts, values), True)

    def rename(self, number: int, name: str) -> None:
        """Give a look another name. Raises Rejected if there is none."""
        self._put(replace(self._find(number), name=clean(name) or f"snapshot {number}"), False)

    def recall(self, number: int, seconds: float, now: float) -> None:
        """Change to a look within so many seconds; 0 cuts. Raises Rejected if there is none, or not now."""
        self._active.check_running()
        look = self._find(number)
        absent: dict[str, Value] = {name: 0.0 for name in self._state.class_weights if name not in look.values}
        for name, value in {**absent, **look.values}.items():
            self._set_value(SetParam(name, value, SNAPSHOT, seconds), now)
        self._active.show(self._pinned(look), seconds, now)
        self._morph = None

    def morph(self, first: int, second: int, position: float, now: float) -> None:
        """Show the look at a position between two, 0..1. Raises Rejected if one is missing, or not now."""
        self._active.check_running()
        looks = self._find(first), self._find(second)
        position = min(max(position, 0.0), 1.0)
        for name, value in _between(looks[0].values, looks[1].values, position).items():
            if self._state.values.get(name) != value:
                self._set_value(SetParam(name, value, SNAPSHOT), now)
        if self._morph is None or self._morph[0] != (first, second):
            a, b = (self._pinned(look)[-1] for look in looks)
            self._morph = (first, second), (a, b)
        a, b = self._morph[1]
        blend = (_weighted(a, 1.0 - position), _weighted(b, position))
        if [prompt.id for prompt in self._active.direction.prompts] == [a.id, b.id]:
            self._active.change(blend)
        else:
            self._active.show(blend, self._state.transition_seconds, now)

    def _find(self, number: int) -> Look:
        if number not in self._looks:
            known = ", ".join(map(str, sorted(self._looks))) or "none"
            raise Rejected(f"there is no snapshot {number}; stored: {known}.")
        return self._looks[number]

    def _put(self, look: Look, capture: bool) -> None:
        self._looks[look.number] = look
        self._morph = None
        self._state.emit(SaveLook(look, capture), self.listing)

    def _pinned(self, look: Look) -> tuple[Prompt, ...]:
        """The words of a look as one prompt, whose picture is the stored one."""
        text = " | ".join(prompt.text for prompt in look.prompts if prompt.text)
        captions = (prompt.caption for prompt in look.prompts)
        origin = look.prompts[-1].origin if look.prompts else SNAPSHOT
        return (Prompt(self._take_id(), text, 1.0, origin, 0.0, ", ".join(filter(None, captions)), look.picture),)


def _weighted(prompt: Prompt, weight: float) -> Prompt:
    """A prompt of a morph; the audience reads only the nearer one."""
    weighted = replace(prompt, weight=weight)
    return weighted if weight >= 0.5 else replace(weighted, text="", caption="")


def _between(first: dict[str, Value], second: dict[str, Value], position: float) -> dict[str, Value]:
    """Values between those of two looks: numbers in proportion, anything else from the nearer look."""
    mixed: dict[str, Value] = {}
    for name in first.keys() & second.keys():
        a, b = first[name], second[name]
        if find_value(name).kind == "float":
            mixed[name] = float(a) + (float(b) - float(a)) * position
        else:
            mixed[name] = a if position < 0.5 else b
    return mixed
