"""The values of all parameters, and the effects that have not been handed to main yet."""

from __future__ import annotations

from collections.abc import Mapping

from installation.core.errors import Rejected
from installation.core.messages import (
    Answer,
    Changed,
    Direction,
    Listing,
    MessageRejected,
    Modulation,
    Notice,
    SaveLook,
    SetParam,
    Trigger,
    Value,
)
from installation.core.params import (
    PARAMS,
    coerce,
    default_values,
    find_param,
    find_value,
    output_values,
    switched_output,
)
from installation.core.speech_messages import LiveCaption, MicrophoneGate, ReadingPosition
from installation.show.projection import KeepProjection, ProjectedWindow
from installation.show.projection_values import window_values
from installation.show.settings import Show

Effect = (
    Direction
    | SetParam
    | Trigger
    | Changed
    | Listing
    | Answer
    | MessageRejected
    | MicrophoneGate
    | Modulation
    | Notice
    | ReadingPosition
    | LiveCaption
    | SaveLook
    | ProjectedWindow
    | KeepProjection
)


class ParameterState:
    """The current value of every parameter and reading, by name, in `values`."""

    def __init__(self, show: Show, overrides: Mapping[str, Value]) -> None:
        """Start from the defaults, then apply the show's [params], then `overrides`.

        Raises:
            Rejected: a name is unknown or a value does not suit its parameter.
        """
        captions = {} if show.look.captions else {"caption/opacity": 0.0}
        given = {**captions, **show.params, **overrides}
        self.values = {row.name: row.default for row in PARAMS.values() if row.access != "trigger"}
        self.values |= window_values(show.windows)
        self._outputs = len(show.output)
        self.values |= output_values(self._outputs)
        for name in given:
            self.check_output(name)
        self.values |= {name: coerce(find_value(name), value) for name, value in given.items()}
        self.initial = dict(self.values)  # as the show began
        self._attract_seconds = show.queue.attract_every_seconds
        self._effects: list[Effect] = []

    def emit(self, *effects: Effect) -> None:
        """Append effects; main carries them out in this order."""
        self._effects += effects

    def value(self, name: str) -> Value:
        """The present value of a parameter or reading. Raises Rejected if there is none of this name."""
        row = find_param(name)
        if row.access == "trigger":
            raise Rejected("a trigger has no value to query.")
        return self.values.get(name, row.default)

    def check_output(self, name: str) -> None:
        """Raise Rejected if this name switches an output that the show does not have."""
        number = switched_output(name)
        if number is not None and not 1 <= number <= self._outputs:
            raise Rejected(f"there is no output {number}; the show has {self._outputs or 'none'}.")

    def update(self, name: str, value: Value) -> None:
        """Set a value that the show itself changes, such as a reading, and emit `Changed` if it differs."""
        if self.values[name] != value:
            self.values[name] = value
            self._effects.append(Changed(name, value))

    def take_effects(self) -> list[Effect]:
        """Return the effects emitted since the last call; of several Directions only the last, which is complete."""
        effects, self._effects = self._effects, []
        directions = [effect for effect in effects if isinstance(effect, Direction)]
        return [each for each in effects if not isinstance(each, Direction) or each is directions[-1]]

    @property
    def transition_seconds(self) -> float:
        """The fade of a prompt that has none of its own."""
        return float(self.values["transition/time"])

    @property
    def class_weights(self) -> list[str]:
        """The names of the weights of single classes that have been set."""
        return [name for name in self.values if name.startswith(("latent/class/", "latent/related/"))]

    @property
    def renderer_params(self) -> dict[str, Value]:
        """The values that every Direction carries to the renderer."""
        params = {name: self.values[name] for name in [*default_values("renderer"), *self.class_weights]}
        return {**params, "attract/seconds": self._attract_seconds}
