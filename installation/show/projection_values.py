"""The live values of a projection, and its settings: each can be made from the other.

Names are those of the parameter table without the window that they belong to: `corner/tl/x`, `blend/gamma`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from pydantic import ValidationError

from installation.core.errors import Rejected
from installation.core.messages import Value
from installation.core.param_table import MIRRORS
from installation.show.projection import Point, ProjectedWindow, ProjectionSettings

CORNERS = ("tl", "tr", "br", "bl")  # in the order of `ProjectionSettings.corners`
SIDES = ("left", "right", "top", "bottom")
DOME = ("width", "height", "elevation", "view")
COLOURS = ("brightness", "contrast", "saturation")


def format_points(rows: Sequence[Sequence[Point]]) -> str:
    """Rows of points as a text: `0,0 1,0; 0,1 1,1`."""
    return "; ".join(" ".join(f"{x:.6g},{y:.6g}" for x, y in row) for row in rows)


def parse_points(text: str) -> tuple[tuple[Point, ...], ...]:
    """The rows of points in a text that `format_points` could have made. Raises Rejected."""
    rows = [row.split() for row in text.split(";")] if text.strip() else []
    return tuple(tuple(_point(each) for each in row) for row in rows)


def _point(text: str) -> Point:
    x, comma, y = text.partition(",")
    try:
        point = float(x), float(y)
    except ValueError:
        comma = ""
    if not comma or not all(map(math.isfinite, point)):
        raise Rejected(f"'{text[:20]}' is not a point; write points as x,y x,y and begin rows with ;")
    return point


def projection_values(settings: ProjectionSettings) -> dict[str, Value]:
    """Every live value of a projection."""
    corners = zip(CORNERS, settings.corners, strict=True)
    return {
        **{name: getattr(settings, name) for name in COLOURS},
        **{f"corner/{name}/{axis}": at for name, point in corners for axis, at in zip("xy", point, strict=True)},
        "rotate": settings.rotation,
        "mirror": settings.mirror,
        "mesh": format_points(settings.mesh),
        "mask": format_points(settings.mask),
        **{f"blend/{side}": width for side, width in zip(SIDES, settings.blends, strict=True)},
        "blend/gamma": settings.blend_gamma,
        "blend/curve": settings.blend_curve,
        **{f"dome/{name}": getattr(settings, f"dome_{name}") for name in DOME},
    }


def projection_settings(values: Mapping[str, Value], base: ProjectionSettings) -> ProjectionSettings:
    """The settings that `values` describe; what is not live is taken from `base`.

    Raises:
        Rejected: the corners cross, or the points of the mesh or of a mask are wrong.
    """
    data = base.model_dump()
    data |= {name: values[name] for name in COLOURS}
    data |= {f"blend_{name}": values[f"blend/{name}"] for name in (*SIDES, "gamma", "curve")}
    data |= {f"dome_{name}": values[f"dome/{name}"] for name in DOME}
    data["corners"] = tuple((values[f"corner/{name}/x"], values[f"corner/{name}/y"]) for name in CORNERS)
    data |= {"rotation": values["rotate"], "mirror": values["mirror"]}
    data |= {name: parse_points(str(values[name])) for name in ("mesh", "mask")}
    try:
        return type(base).model_validate(data)
    except ValidationError as error:
        raise Rejected(str(error.errors()[0]["msg"]).removeprefix("Value error, ")) from None


def window_values(windows: tuple[ProjectionSettings, ...]) -> dict[str, Value]:
    """The values of all windows at the start of a show, by name."""
    values: dict[str, Value] = {}
    for window in map(ProjectedWindow, range(len(windows)), windows):
        values |= {f"{window.prefix}/{key}": value for key, value in projection_values(window.settings).items()}
        values |= {f"{window.prefix}/mirror/index": MIRRORS.index(window.settings.mirror)}
        values |= {f"{window.prefix}/testcard": 0, f"{window.prefix}/calibrate": False}
    return values
