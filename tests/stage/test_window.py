"""The stage in a real window on a virtual X display, with both compositors."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from installation.stage.picture import read_picture
from tests.conftest import require_system

pytestmark = pytest.mark.slow  # two programs that wait in real time for the X server

COMPOSITORS = ("opengl", "software")
PICTURES = ("picture", "invitation", "typing", "caption", "help", "blackout")
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def folders(x_display: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """For each compositor the folder of its pictures and its `result.json`."""
    folders = {compositor: tmp_path_factory.mktemp(compositor) for compositor in COMPOSITORS}
    environment = {**os.environ, "DISPLAY": x_display, "SDL_VIDEODRIVER": "x11", "LP_NUM_THREADS": "1"}
    environment.pop("WAYLAND_DISPLAY", None)
    for compositor, folder in folders.items():
        command = [sys.executable, "-m", "tests.stage.scenes", compositor, str(folder)]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
    return folders


@pytest.fixture(params=COMPOSITORS)
def scenes(request: pytest.FixtureRequest, folders: dict[str, Path]) -> PlayedScenes:
    return PlayedScenes(request.param, folders[request.param])


class PlayedScenes:
    """What one compositor showed."""

    def __init__(self, compositor: str, folder: Path) -> None:
        self.compositor, self._folder = compositor, folder
        self.result: dict[str, Any] = json.loads((folder / "result.json").read_text())
        if compositor == "opengl":
            usable = self.result["compositor"] == "opengl"
            require_system(usable, f"there is no OpenGL 3.3: {self.result['notices']}")

    def picture(self, name: str) -> NDArray[np.float64]:
        """[height, width, 3], 0..255."""
        return read_picture(self._folder / f"{name}.png").astype(float)

    def difference(self, one: str, other: str) -> float:
        return float(np.abs(self.picture(one) - self.picture(other)).max())


def bottom(picture: NDArray[np.float64], part: float = 0.25) -> NDArray[np.float64]:
    return picture[round(picture.shape[0] * (1 - part)) :]


def test_the_chosen_compositor_is_used_without_notice(scenes: PlayedScenes) -> None:
    assert (scenes.result["compositor"], scenes.result["notices"]) == (scenes.compositor, [])


def test_the_picture_fills_the_window_and_darkens_towards_the_corners(scenes: PlayedScenes) -> None:
    picture = scenes.picture("picture")
    assert picture.shape == (360, 640, 3)
    assert picture[100:150, 380:430].mean() > 225  # the sun
    assert picture[300:, 280:360].mean() < 40  # the hills
    top = picture[0, :, 2]
    assert 0.75 * top[320] < top[0] < 0.95 * top[320]


def test_the_invitation_is_a_readable_line_at_the_bottom(scenes: PlayedScenes) -> None:
    changed = np.abs(scenes.picture("invitation") - scenes.picture("picture")).max(axis=2)
    assert bottom(changed).max() > 80
    assert changed[:250].max() < 16  # the grain of the two frames
    assert scenes.picture("invitation")[changed > 60].max() > 235


def test_words_typed_through_the_x_server_are_drawn_and_submitted(scenes: PlayedScenes) -> None:
    assert scenes.result["typed"] == "a red sun"
    line = scenes.picture("typing")[310:355, 200:440]
    assert (line.max(axis=2) > 120).sum() > 150


def test_a_held_push_to_talk_key_opens_the_microphone_once_until_it_is_released(scenes: PlayedScenes) -> None:
    assert scenes.result["talk"] == [True, False]


def test_the_caption_is_bright_on_a_darkened_background(scenes: PlayedScenes) -> None:
    caption, picture = (bottom(scenes.picture(name)) for name in ("caption", "picture"))
    assert (caption.min(axis=2) > 200).sum() > 300
    assert np.median(caption - picture) <= 0


def test_the_help_page_darkens_the_picture_and_lists_the_keys(scenes: PlayedScenes) -> None:
    page = scenes.picture("help")
    assert np.median(page) < 0.5 * np.median(scenes.picture("picture"))
    assert (page[80:340, 80:190].max(axis=2) > 150).sum() > 300


def test_a_still_contains_neither_help_page_nor_text_input(scenes: PlayedScenes) -> None:
    assert scenes.difference("help_still", "caption") < 2 < 100 < scenes.difference("help", "caption")
    assert scenes.difference("typing_still", "picture") < 2 < 100 < scenes.difference("typing", "picture")


def test_keeping_a_still_does_not_change_what_is_presented(scenes: PlayedScenes) -> None:
    assert scenes.difference("help_after_still", "help") == 0


def test_a_blackout_is_black_in_the_next_frame(scenes: PlayedScenes) -> None:
    assert scenes.result["blackout"] == [["blackout", True]]
    assert scenes.picture("blackout").max() == 0


def test_the_copy_for_recordings_is_what_is_presented(scenes: PlayedScenes) -> None:
    assert scenes.result["copy_difference"] < 0.5
    assert scenes.result["small_copy_mean"] == pytest.approx(scenes.result["copy_mean"], abs=3)


def test_a_resized_window_is_filled(scenes: PlayedScenes) -> None:
    assert scenes.result["resized"] == [500, 400]
    assert scenes.picture("resized")[:10, :].mean() > 50
    assert scenes.picture("resized")[:, -10:].mean() > 30


def test_pasted_text_is_submitted_as_one_line(scenes: PlayedScenes) -> None:
    assert scenes.result["pasted"] == "a wolf in the snow"


def test_the_picture_survives_the_loss_of_the_graphics_card(scenes: PlayedScenes) -> None:
    assert scenes.result["compositor_after_loss"] == "software"
    assert scenes.picture("after_loss").mean() > 60


def test_closing_the_window_asks_to_quit(scenes: PlayedScenes) -> None:
    assert scenes.result["closing"] == ["QuitRequest"]


@pytest.mark.parametrize("name", PICTURES)
def test_both_compositors_show_the_same(folders: dict[str, Path], name: str) -> None:
    first, second = (PlayedScenes(compositor, folders[compositor]).picture(name) for compositor in COMPOSITORS)
    assert np.abs(first - second).mean() < 3
    assert first.mean() == pytest.approx(second.mean(), abs=1.5)
