"""How a change runs: curves from 0..1 to 0..1, named as in CSS and in lighting desks."""

from __future__ import annotations

from collections.abc import Callable

from installation.core.clock import ease_out

Curve = Callable[[float], float]


def _linear(t: float) -> float:
    return t


def _ease_in(t: float) -> float:
    return t**3


def _ease_in_out(t: float) -> float:
    return t * t * (3.0 - 2.0 * t)  # smoothstep


CURVES: dict[str, Curve] = {  # the index of `transition/curve/index` is the place in this table
    "ease-out": ease_out,
    "linear": _linear,
    "ease-in": _ease_in,
    "ease-in-out": _ease_in_out,
}
DEFAULT_CURVE = "ease-out"


def along(curve: str, t: float) -> float:
    """The progress at `t`, both 0..1; `t` is clipped. A name that is not known counts as the default."""
    return CURVES.get(curve, CURVES[DEFAULT_CURVE])(min(max(t, 0.0), 1.0))
