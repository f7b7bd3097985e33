"""The stage in a real window, under a virtual X server, with both painters."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pygame
import pytest
from numpy.typing import NDArray

from tests.conftest import require_system

PAINTERS = ("opengl", "software")
STILLS = ("picture", "attract", "typing", "caption", "help", "blackout")
ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    """A virtual X server on a free display."""
    require_system(shutil.which("Xvfb") and shutil.which("xdotool"), "Xvfb and xdotool are not installed")
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1280x800x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    with os.fdopen(reading) as answer:
        number = answer.readline().strip()
    yield f":{number}"
    server.terminate()
    server.wait(10)


@pytest.fixture(scope="module")
def played(display: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The folder of the stills and the result of each painter's scenes."""
    folders = {painter: tmp_path_factory.mktemp(painter) for painter in PAINTERS}
    environment = {**os.environ, "DISPLAY": display, "SDL_VIDEODRIVER": "x11", "LP_NUM_THREADS": "1"}
    environment.pop("WAYLAND_DISPLAY", None)
    for painter, folder in folders.items():
        command = [sys.executable, "-m", "tests.stage.scenes", painter, str(folder)]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
    return folders


def result(played: dict[str, Path], painter: str) -> dict[str, Any]:
    found = json.loads((played[painter] / "result.json").read_text())
    assert isinstance(found, dict)
    if painter == "opengl":
        require_system(found["painter"] == "opengl", f"there is no OpenGL 3.3: {found['notices']}")
    return found


def still(played: dict[str, Path], painter: str, name: str) -> NDArray[np.float64]:
    """[h, w, 3], 0..255."""
    result(played, painter)
    image = pygame.image.load(played[painter] / f"{name}.png")
    return pygame.surfarray.array3d(image).swapaxes(0, 1).astype(float)


def foot(picture: NDArray[np.float64], part: float = 0.25) -> NDArray[np.float64]:
    return picture[round(picture.shape[0] * (1 - part)) :]


@pytest.mark.parametrize("painter", PAINTERS)
def test_the_asked_painter_paints_without_complaint(played: dict[str, Path], painter: str) -> None:
    assert (result(played, painter)["painter"], result(played, painter)["notices"]) == (painter, [])


@pytest.mark.parametrize("painter", PAINTERS)
def test_the_picture_fills_the_window_and_darkens_gently_towards_its_corners(
    played: dict[str, Path], painter: str
) -> None:
    picture = still(played, painter, "picture")
    assert picture.shape == (360, 640, 3)
    sun = picture[100:150, 380:430].mean()
    assert sun > 225
    assert picture[300:, 280:360].mean() < 40
    top = picture[0, :, 2]
    assert 0.75 * top[320] < top[0] < 0.95 * top[320]


@pytest.mark.parametrize("painter", PAINTERS)
def test_the_invitation_is_a_quiet_line_at_the_foot(played: dict[str, Path], painter: str) -> None:
    changed = np.abs(still(played, painter, "attract") - still(played, painter, "picture")).max(axis=2)
    assert foot(changed).max() > 80
    assert changed[:250].max() < 8
    assert still(played, painter, "attract")[changed > 60].max() < 235


@pytest.mark.parametrize("painter", PAINTERS)
def test_words_typed_through_the_x_server_stand_in_the_line_and_are_said(played: dict[str, Path], painter: str) -> None:
    assert result(played, painter)["said"] == "a red sun"
    line = still(played, painter, "typing")[310:355, 200:440]
    assert (line.max(axis=2) > 120).sum() > 150


@pytest.mark.parametrize("painter", PAINTERS)
def test_a_key_that_is_held_in_the_window_talks_until_it_is_let_go(played: dict[str, Path], painter: str) -> None:
    assert result(played, painter)["talked"] == [True, False]


@pytest.mark.parametrize("painter", PAINTERS)
def test_the_caption_is_bright_over_a_darkened_ground(played: dict[str, Path], painter: str) -> None:
    words, bare = (foot(still(played, painter, name)) for name in ("caption", "picture"))
    assert (words.min(axis=2) > 200).sum() > 300
    assert np.median(words - bare) <= 0


@pytest.mark.parametrize("painter", PAINTERS)
def test_help_darkens_the_picture_and_lists_the_keys(played: dict[str, Path], painter: str) -> None:
    page = still(played, painter, "help")
    assert np.median(page) < 0.5 * np.median(still(played, painter, "picture"))
    assert (page[80:340, 70:160].max(axis=2) > 150).sum() > 300


@pytest.mark.parametrize("painter", PAINTERS)
def test_a_still_shows_neither_the_help_page_nor_the_line_that_is_typed(played: dict[str, Path], painter: str) -> None:
    def apart(one: str, other: str) -> float:
        return float(np.abs(still(played, painter, one) - still(played, painter, other)).max())

    assert apart("help_still", "caption") < 2 < 100 < apart("help", "caption")
    assert apart("typing_still", "picture") < 2 < 100 < apart("typing", "picture")
    assert apart("help_after_still", "help") == 0  # and nobody sees that it was kept


@pytest.mark.parametrize("painter", PAINTERS)
def test_blackout_is_black_in_the_next_frame(played: dict[str, Path], painter: str) -> None:
    assert result(played, painter)["blackout"] == [["blackout", True]]
    assert still(played, painter, "blackout").max() == 0


@pytest.mark.parametrize("painter", PAINTERS)
def test_what_is_read_for_the_ring_is_what_is_seen(played: dict[str, Path], painter: str) -> None:
    figures = result(played, painter)
    assert figures["read_difference"] < 0.5
    assert figures["smaller_mean"] == pytest.approx(figures["mean"], abs=3)


@pytest.mark.parametrize("painter", PAINTERS)
def test_a_resized_window_is_filled_again(played: dict[str, Path], painter: str) -> None:
    assert result(played, painter)["resized"] == [500, 400]
    assert still(played, painter, "resized")[:10, :].mean() > 50
    assert still(played, painter, "resized")[:, -10:].mean() > 30


@pytest.mark.parametrize("painter", PAINTERS)
def test_pasted_words_are_said_on_one_line(played: dict[str, Path], painter: str) -> None:
    assert result(played, painter)["pasted"] == "a wolf in the snow"


@pytest.mark.parametrize("painter", PAINTERS)
def test_a_lost_graphics_card_costs_no_picture(played: dict[str, Path], painter: str) -> None:
    assert result(played, painter)["painter_after_loss"] == "software"
    assert still(played, painter, "after_loss").mean() > 60


@pytest.mark.parametrize("painter", PAINTERS)
def test_closing_the_window_asks_to_quit(played: dict[str, Path], painter: str) -> None:
    assert result(played, painter)["closing"] == ["Quit"]


@pytest.mark.parametrize("name", STILLS)
def test_both_painters_show_the_same(played: dict[str, Path], name: str) -> None:
    first, second = (still(played, painter, name) for painter in PAINTERS)
    assert np.abs(first - second).mean() < 3
    assert first.mean() == pytest.approx(second.mean(), abs=1.5)
