from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pygame
import pytest

from installation.core.errors import ShowError
from installation.show.loader import parse_show
from installation.show.projection import Corners, Mesh, ProjectionSettings
from installation.stage import projection
from installation.stage.picture import Bytes
from installation.stage.projection.geometry import Doubles, bend, coverage, upright_places
from installation.stage.projection.light import blend, draw_mask
from installation.stage.projection.software import SoftwareProjection
from tests.running import until
from tests.stage.pictures import noise

KEYSTONE: Corners = ((0.12, 0.08), (0.9, 0.02), (0.97, 0.93), (0.05, 0.88))


def bent_mesh(rows: int, columns: int, amount: float) -> Mesh:
    points = np.stack(np.meshgrid(np.linspace(0, 1, columns), np.linspace(0, 1, rows)), axis=-1)
    points += np.random.default_rng(3).uniform(-amount, amount, points.shape)
    return tuple(tuple((float(x), float(y)) for x, y in row) for row in points)


def places(count: int) -> Doubles:
    return np.random.default_rng(1).uniform(0.0, 1.0, (count, 2))


def test_the_corners_of_the_picture_are_where_they_are_asked_for() -> None:
    found = upright_places(ProjectionSettings(corners=KEYSTONE), np.array(KEYSTONE))
    assert np.allclose(found, [(0, 0), (1, 0), (1, 1), (0, 1)], atol=1e-9)


def test_a_regular_mesh_is_exactly_flat() -> None:
    assert np.abs(bend(bent_mesh(4, 5, 0.0), places(500)) - places(500)).max() < 1e-15


def test_a_mesh_passes_through_its_points() -> None:
    mesh = bent_mesh(3, 4, 0.08)
    regular = np.stack(np.meshgrid(np.linspace(0, 1, 4), np.linspace(0, 1, 3)), axis=-1)
    assert np.allclose(bend(mesh, regular), np.array(mesh), atol=1e-12)


def test_the_mesh_is_applied_before_the_corners() -> None:
    mesh = bent_mesh(4, 4, 0.03)
    pin = np.linalg.inv(homography(KEYSTONE))
    bent = np.concatenate([bend(mesh, places(2000)), np.ones((2000, 1))], axis=1) @ pin.T
    found = upright_places(ProjectionSettings(corners=KEYSTONE, mesh=mesh), bent[:, :2] / bent[:, 2:])
    assert np.abs(found - places(2000)).max() * 1920 < 1.0  # pixels


def homography(corners: Corners) -> Doubles:
    """By the null space of the equations, unlike the solver that is tested."""
    rows = []
    for (x, y), (u, v) in zip(corners, ((0, 0), (1, 0), (1, 1), (0, 1)), strict=True):
        rows += [[-x, -y, -1, 0, 0, 0, u * x, u * y, u], [0, 0, 0, -x, -y, -1, v * x, v * y, v]]
    return np.asarray(np.linalg.svd(np.array(rows))[2][-1].reshape(3, 3), float)


def projected(projection: SoftwareProjection, picture: Bytes) -> Bytes:
    """The projector's image of a picture [h, w, 3], as SDL's surfaces hold both."""
    height, width = picture.shape[:2]
    surface = pygame.image.frombuffer(picture.tobytes(), (width, height), "RGB").convert(32)
    shown = pygame.Surface(projection.size, 0, 32)
    projection.draw(pygame.surfarray.pixels2d(surface).T, pygame.surfarray.pixels2d(shown).T)
    return pygame.surfarray.array3d(shown).swapaxes(0, 1)


def test_an_untouched_picture_is_shown_exactly() -> None:
    picture = noise(1, 90, 160)
    assert (projected(SoftwareProjection(ProjectionSettings(), (160, 90), (160, 90)), picture) == picture).all()


@pytest.mark.parametrize(("rotation", "quarters"), [(90, -1), (180, 2), (270, 1)])
def test_a_picture_is_turned_clockwise(rotation: int, quarters: int) -> None:
    picture = noise(1, 90, 160)
    turned = np.rot90(picture, quarters)
    settings = ProjectionSettings.model_validate({"rotation": rotation})
    projection = SoftwareProjection(settings, (160, 90), (turned.shape[1], turned.shape[0]))
    assert (projected(projection, picture) == turned).all()


def test_a_mirrored_picture_is_mirrored() -> None:
    picture = noise(1, 90, 160)
    mirrored = SoftwareProjection(ProjectionSettings(mirror="both"), (160, 90), (160, 90))
    assert (projected(mirrored, picture) == picture[::-1, ::-1]).all()


@pytest.mark.parametrize("gamma", [1.8, 2.2, 2.4])
@pytest.mark.parametrize("curve", [1.0, 2.0, 3.0])
def test_two_overlapping_projectors_give_the_light_of_one(gamma: float, curve: float) -> None:
    """With the eight bits of a projector, on white."""
    white = np.full((4, 500, 3), 255, np.uint8)
    shared = {"blend_gamma": gamma, "blend_curve": curve}
    left, right = (
        projected(
            SoftwareProjection(ProjectionSettings.model_validate({side: 0.2, **shared}), (500, 4), (500, 4)), white
        )
        for side in ("blend_right", "blend_left")
    )
    light = (left[:, -100:] / 255.0) ** gamma + (right[:, :100] / 255.0) ** gamma
    assert np.abs(light - 1).max() < 0.006


def test_the_blend_follows_a_bent_picture() -> None:
    settings = ProjectionSettings(blend_left=0.25)
    assert np.allclose(blend(settings, np.array([(0.0, 0.5), (0.125, 0.1), (0.25, 0.9)])), [0, 0.5 ** (1 / 2.2), 1])


def test_a_mask_keeps_its_polygon_black() -> None:
    mask = draw_mask(ProjectionSettings(mask=(((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0)),)), 64, 36)
    assert (mask[:, :31].max(), mask[:, 33:].min()) == (0, 255)


def test_the_picture_ends_softly_at_its_edge_and_nothing_is_outside() -> None:
    covered = coverage(ProjectionSettings(corners=KEYSTONE), 320, 180)
    assert (covered[0, 0], covered[90, 160], covered[-1, -1]) == (0.0, 1.0, 0.0)
    assert 0.2 < np.mean((covered > 0.0) & (covered < 1.0)) * 320 * 180 / (2 * (320 + 180)) < 2.0


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("corners = [[0, 0], [1, 1], [1, 0], [0, 1]]", "convex quadrilateral"),
        ("mesh = [[[0, 0], [1, 0]], [[0, 1]]]", "equally many points"),
        ("rotation = 45", "projection.rotation"),
        ("corner = [[0, 0]]", "did you mean"),
    ],
)
def test_a_wrong_key_is_one_sentence_with_its_line(line: str, sentence: str) -> None:
    with pytest.raises(ShowError, match=sentence) as caught:
        parse_show(f"[projection]\n{line}\n", "wall.toml")
    assert "line 2" in str(caught.value)


def test_the_examples_of_the_readme_are_shows() -> None:
    text = (Path(projection.__path__[0]) / "README.md").read_text(encoding="utf-8")
    walls = [parse_show(example).projection for example in re.findall(r"```toml\n(.*?)```", text, re.DOTALL)]
    assert [wall.neutral for wall in walls] == [False] * 4 + [True, False]


def test_a_dome_master_has_the_front_below_the_zenith_in_the_middle_and_black_around_it() -> None:
    dome = ProjectionSettings(dome_width=180.0, dome_height=90.0)
    found = upright_places(dome, np.array([(0.5, 1.0), (0.5, 0.75), (0.75, 0.5), (0.25, 0.5)]))
    assert np.allclose(found, [(0.5, 1.0), (0.5, 0.5), (1.0, 0.5), (0.0, 0.5)])
    covered = coverage(dome, 200, 200)
    assert (covered[150, 100], covered[50, 100], covered[195, 5]) == (1.0, 0.0, 0.0)


def test_a_picture_all_around_a_dome_has_neither_a_seam_nor_a_hole() -> None:
    covered = coverage(ProjectionSettings(dome_width=360.0), 201, 201)
    y, x = np.mgrid[:201, :201] - 100
    assert covered[np.hypot(x, y) < 99].min() == 1.0
    assert covered[np.hypot(x, y) > 102].max() == 0.0


def test_a_mesh_is_inverted_to_within_a_pixel() -> None:
    mesh = bent_mesh(4, 4, 0.06)
    found = upright_places(ProjectionSettings(mesh=mesh), bend(mesh, places(2000)))
    assert np.abs(found - places(2000)).max() * 1920 < 1.0


def test_a_change_is_shown_once_its_tables_are_made_and_colours_at_once() -> None:
    picture = noise(1, 90, 160)
    projection = SoftwareProjection(ProjectionSettings(), (160, 90), (160, 90))
    projection.change(ProjectionSettings(mirror="horizontal"))
    projection.change(ProjectionSettings(mirror="both"))  # the latest is shown in the end
    assert (projected(projection, picture) == picture).all()
    until(lambda: projection.update() and projection.settled, 30.0, "the change")
    assert (projected(projection, picture) == picture[::-1, ::-1]).all()
    projection.change(ProjectionSettings(mirror="both", brightness=0.5))
    assert projection.settled
    assert np.abs(projected(projection, picture) - picture[::-1, ::-1] / 2).max() <= 0.5
