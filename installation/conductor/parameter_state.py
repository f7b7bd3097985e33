"""The live values of a show and the effects of a message, collected while it is worked off."""

from __future__ import annotations

from collections.abc import Mapping

from installation.core.messages import Changed, Direction, MessageRejected, SetParam, Trigger, Value
from installation.core.params import PARAMS, coerce, default_values, find_value
from installation.show.settings import Show

Effect = Direction | SetParam | Trigger | Changed | MessageRejected


class ParameterState:
    """`values` holds every value and reading of the table by its name."""

    def __init__(self, show: Show, given: Mapping[str, Value]) -> None:
        """The table's defaults, then what the show file sets, then what is given."""
        captions = {} if show.look.captions else {"caption/opacity": 0.0}
        asked = {**captions, **show.params, **given}
        self.values = {row.name: row.default for row in PARAMS.values() if row.access != "trigger"}
        self.values |= {name: coerce(find_value(name), value) for name, value in asked.items()}
        self._attract_seconds = show.queue.attract_every_seconds
        self._effects: list[Effect] = []

    def emit(self, *effects: Effect) -> None:
        """To be done by main, in this order."""
        self._effects += effects

    def tell(self, name: str, value: Value, source: str = "") -> None:
        """A reading, or a value that changed by itself."""
        if self.values[name] != value:
            self.values[name] = value
            self._effects.append(Changed(name, value, source))

    def taken(self) -> list[Effect]:
        """Takes the effects out."""
        effects, self._effects = self._effects, []
        return effects

    @property
    def fade_seconds(self) -> float:
        """What a change of pictures takes where nothing else is asked for."""
        return float(self.values["transition/time"])

    @property
    def renderer_params(self) -> dict[str, Value]:
        """What every Direction tells the renderer."""
        return {
            **{name: self.values[name] for name in default_values("renderer")},
            "attract/seconds": self._attract_seconds,
        }
