"""The settings of `[projection]`: how the picture lies on a wall.

Places are shares of the projector's image, from (0, 0) at the top left to (1, 1) at the bottom right.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from installation.show.section import Section, Size, to_tuple, to_tuples

Mirror = Literal["none", "horizontal", "vertical", "both"]
Share = Annotated[float, Field(ge=0.0, le=1.0)]
Place = Annotated[float, Field(ge=-2.0, le=3.0)]  # a picture may reach beyond the projector's image
Point = tuple[Place, Place]
Corners = tuple[Point, Point, Point, Point]
Mesh = tuple[tuple[Point, ...], ...]
Polygon = Annotated[tuple[Point, ...], Field(min_length=3, max_length=200)]
Gain = Annotated[float, Field(ge=0.0, le=2.0)]

WHOLE: Corners = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
MAX_MESH_POINTS = 17  # in a row, and in a column


def _check_corners(corners: Corners) -> Corners:
    """Accept a convex quadrilateral: only that is the picture of a rectangle."""
    turns = []
    for index in range(4):
        (ax, ay), (bx, by), (cx, cy) = (corners[(index + step) % 4] for step in range(3))
        turns.append((bx - ax) * (cy - by) - (by - ay) * (cx - bx))
    if not (min(turns) > 1e-6 or max(turns) < -1e-6):
        raise ValueError("the four corners should form a convex quadrilateral: top left, top right, bottom right, …")
    return corners


def _check_mesh(mesh: Mesh) -> Mesh:
    widths = {len(row) for row in mesh}
    if mesh and (len(widths) != 1 or not 2 <= len(mesh) <= MAX_MESH_POINTS or not 2 <= min(widths) <= MAX_MESH_POINTS):
        raise ValueError(f"a mesh has 2 to {MAX_MESH_POINTS} rows of equally many points, 2 to {MAX_MESH_POINTS}")
    return mesh


class ProjectionSettings(Section):
    """How the picture lies on the wall. See `stage/projection/README.md`."""

    corners: Annotated[Corners, BeforeValidator(to_tuples), AfterValidator(_check_corners)] = Field(
        default=WHOLE,
        description="of the picture: top left, top right, bottom right, bottom left",
    )
    mesh: Annotated[Mesh, BeforeValidator(to_tuples), AfterValidator(_check_mesh)] = Field(
        default=(), description="rows of points of a bent surface, applied before the corners; empty: flat"
    )
    rotation: Literal[0, 90, 180, 270] = Field(default=0, description="degrees clockwise; 90 or 270 for portrait")
    mirror: Mirror = Field(
        default="none", description="none, horizontal (for projection from behind), vertical or both"
    )
    mask: Annotated[tuple[Polygon, ...], BeforeValidator(to_tuples), Field(max_length=32)] = Field(
        default=(), description="polygons that stay black, in shares of the projector's image"
    )
    blend_left: Share = Field(default=0.0, description="width of the edge blend, as a share of the picture; 0: none")
    blend_right: Share = Field(default=0.0, description="the same at the right edge")
    blend_top: Share = Field(default=0.0, description="the same at the upper edge")
    blend_bottom: Share = Field(default=0.0, description="the same at the lower edge")
    blend_gamma: float = Field(default=2.2, ge=1.0, le=4.0, description="gamma of the projector, for the edge blend")
    blend_curve: float = Field(default=2.0, ge=1.0, le=6.0, description="exponent of the ramp; 1 is straight")
    brightness: Gain = Field(default=1.0, description="factor of all colours")
    contrast: Gain = Field(default=1.0, description="distance from middle grey; 0 is grey")
    saturation: Gain = Field(default=1.0, description="0 is black and white")

    dome_width: float = Field(
        default=0.0, ge=0.0, le=360.0, description="degrees around a dome that the picture covers; 0: no dome master"
    )
    dome_height: float = Field(default=90.0, ge=5.0, le=180.0, description="degrees that it covers upwards")
    dome_elevation: float = Field(
        default=0.0, ge=-90.0, le=85.0, description="degrees of its lower edge above the horizon"
    )
    dome_view: float = Field(default=180.0, ge=60.0, le=360.0, description="degrees that the dome master shows")
    canvas: Size | None = Field(
        default=None, description="pixels of the picture, for screens that share it; not set: those of the window"
    )

    @property
    def blends(self) -> tuple[float, float, float, float]:
        """The widths of the edge blend, as shares of the picture: left, right, top, bottom."""
        return self.blend_left, self.blend_right, self.blend_top, self.blend_bottom

    @property
    def portrait(self) -> bool:
        """Whether the picture is turned on its side."""
        return self.rotation in (90, 270)

    @property
    def neutral(self) -> bool:
        """Whether nothing has to be done: a picture of its size fills the projector's image as it is."""
        unused = {"canvas", "blend_gamma", "blend_curve", "dome_height", "dome_elevation", "dome_view"}
        return all(getattr(self, name) == each.default for name, each in _FIELDS.items() if name not in unused)


_FIELDS = ProjectionSettings.model_fields


def _check_part(part: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    x, y, width, height = part
    if width <= 0.0 or height <= 0.0 or x + width > 1.0 + 1e-9 or y + height > 1.0 + 1e-9:
        raise ValueError("a part is x, y, width and height, within the canvas: [0.5, 0, 0.5, 1] is its right half")
    return part


Part = Annotated[tuple[Share, Share, Share, Share], BeforeValidator(to_tuples), AfterValidator(_check_part)]
Coordinate = Annotated[int, Field(ge=-65536, le=65536)]


class ScreenSettings(ProjectionSettings):
    """A further window in a process of its own, such as another projector."""

    name: str = Field(default="", description="for the operator")
    display: int = Field(default=0, ge=0, le=63, description="which display, counted from 0")
    fullscreen: bool = Field(default=False, description="fill the whole display")
    size: Size = Field(default=(1280, 720), description="pixels of the window")
    position: Annotated[tuple[Coordinate, Coordinate], BeforeValidator(to_tuple)] | None = Field(
        default=None, description="pixels from the top left of the desktop; such a window has no frame"
    )
    part: Part = Field(default=(0.0, 0.0, 1.0, 1.0), description="of the canvas: x, y, width, height in shares")


@dataclass(frozen=True)
class ProjectedWindow:
    """What one window shows besides the picture, and how that lies in it: a complete state.

    Attributes:
        number: 0 for the window of the stage, from 1 for those of `[[screen]]`.
        settings: How the picture lies in the window.
        test_card: Its number in `TEST_CARDS`; 0 for the picture.
        calibrating: Whether the points of the picture are shown, to be moved by hand.
        identified: Whether the number of the window is shown.
        locked: Whether the points must not be moved.
    """

    number: int = 0
    settings: ProjectionSettings = field(default_factory=ProjectionSettings)
    test_card: int = 0
    calibrating: bool = False
    identified: bool = False
    locked: bool = False

    @property
    def prefix(self) -> str:
        """The beginning of the names of its live values."""
        return f"screen/{self.number}" if self.number else "output"


@dataclass(frozen=True)
class KeepProjection:
    """Asks main to keep how the picture lies in a window, and whether that is locked."""

    number: int
    settings: ProjectionSettings
    locked: bool
