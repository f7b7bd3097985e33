"""The live parameters as the renderer has them: what the Direction says, and what sound adds to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from installation.core.messages import Value
from installation.core.params import coerce, default_values, find_value

ATTRACT_SECONDS = 12.0  # from one picture of the attract walk to the next, where the Direction does not say
PUSH_SPEED = 3.0  # of the drift at `walk/push` 1: its loop takes 4 s


@dataclass(frozen=True)
class LiveValues:
    """Values of the renderer's parameters by name; the defaults where the Direction has none.

    Attributes:
        params: Of the Direction.
        added: By sound, to some of them.
    """

    params: Mapping[str, Value] = field(default_factory=lambda: default_values("renderer"))
    added: Mapping[str, float] = field(default_factory=dict)

    def directed(self, params: Mapping[str, Value]) -> LiveValues:
        """The values under a Direction; `self` if it changes none."""
        complete = {**default_values("renderer"), **params}
        return self if complete == self.params else LiveValues(complete, self.added)

    def modulated(self, added: Mapping[str, float]) -> LiveValues:
        """The values when sound adds this; `self` if it changes none."""
        return self if added == self.added else LiveValues(self.params, dict(added))

    @cached_property
    def values(self) -> Mapping[str, Value]:
        """The parameters together with what sound adds to them, within their ranges."""
        values = dict(self.params)
        for name, amount in self.added.items():
            row = find_value(name)
            values[name] = coerce(row, float(values.get(name, row.default)) + amount)
        return values

    @property
    def of_dream(self) -> dict[str, Value]:
        """The parameters of a dream; the truncation of its latents does not follow sound."""
        return {**self.params, **{name: self.values[name] for name in self.added if name.startswith("dream/")}}

    @property
    def drift(self) -> tuple[float, float]:
        """Speed and amount of the drift; what sound adds to the amount is added to what is shown."""
        speed = float(self.values["walk/speed"]) + PUSH_SPEED * float(self.values["walk/push"])
        return speed, float(self.params["walk/amount"])

    @property
    def added_drift(self) -> float:
        """What sound adds to the amount of the drift."""
        return float(self.values["walk/amount"]) - float(self.params["walk/amount"])

    @property
    def attract_seconds(self) -> float:
        """From one picture of the attract walk to the next."""
        return float(self.params.get("attract/seconds", ATTRACT_SECONDS))
