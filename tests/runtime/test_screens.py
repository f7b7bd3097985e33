"""Shows with several windows: a screen that is killed comes back while the others go on, and what is moved is kept."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.conftest import require_system
from tests.running import RunningShow, running, until
from tests.stage.framebuffer import framebuffer

SHOW = """
title = "Two projectors"
[look]
size = [160, 90]
invitation = ""
vignette = 0.0
[models]
generator = "fake"
perceptor = "fake"
[projection]
canvas = [320, 90]
[[screen]]
name = "left"
size = [200, 90]
position = [200, 0]
part = [0.0, 0.0, 0.6, 1.0]
blend_right = 0.33
[[screen]]
name = "right"
size = [200, 90]
position = [400, 0]
part = [0.4, 0.0, 0.6, 1.0]
blend_left = 0.33
"""
RED = (255, 0, 0)


@pytest.mark.slow
def test_a_screen_that_is_killed_comes_back_and_what_is_moved_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    require_system(shutil.which("Xvfb"), "Xvfb is not installed")
    (tmp_path / "wall.toml").write_text(SHOW)
    kept = tmp_path / "wall.projection.toml"
    with framebuffer(tmp_path, (600, 90)) as screen:
        monkeypatch.setenv("DISPLAY", screen.display)
        monkeypatch.setenv("SDL_VIDEODRIVER", "x11")
        monkeypatch.setenv("SDL_VIDEO_WINDOW_POS", "0,0")

        def shown() -> list[bool]:
            return [screen.at(x, 45) == RED for x in (250, 550)]

        def send(show: RunningShow, name: str, *values: float) -> None:
            show.osc.send_message(f"/laterna/{name}", values)

        with running("wall.toml", tmp_path, headless=False) as show:
            until(show.answers, 150, "the start of the show")
            until(lambda: {"screen-1", "screen-2"} <= set(show.workers()), 150, "the start of the screens")
            send(show, "output/testcard", 3)
            until(lambda: shown() == [True, True], 150, "the card of the stage on both screens")
            send(show, "output/testcard", 0)
            send(show, "screen/1/testcard", 3)
            until(lambda: shown() == [True, False], 150, "a card of one screen")
            show.workers()["screen-2"].kill()
            send(show, "screen/2/testcard", 3)
            until(lambda: shown() == [True, True], 150, "the return of the killed screen, in the state of the moment")
            send(show, "screen/2/corner/br", 0.6, 0.6)
            until(lambda: shown() == [True, False], 150, "the moved corner")
            until(kept.is_file, 150, "the file of the projection")
            until(lambda: "[0.6, 0.6]" in kept.read_text(), 150, "the corner in the file")
            assert show.end(120)["processes"]["screen-2"]["restarts"] == 1
        assert "[screen.2]" in kept.read_text()

        with running("wall.toml", tmp_path, headless=False) as show:
            until(show.answers, 150, "the second start")
            send(show, "screen/1/testcard", 6)
            send(show, "screen/2/testcard", 6)
            until(lambda: screen.at(520, 27) == (255, 255, 255), 150, "the picture in its moved corner")
            assert screen.at(550, 70) == (0, 0, 0)
            show.end(120)
