"""The stage without a window: what is presented, whatever comes or does not come."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pygame
import pytest
from numpy.typing import NDArray

from installation.core.params import PARAMS
from installation.show.settings import LookSettings
from installation.stage.compositor_cpu import CpuCompositor
from installation.stage.image_files import read_picture
from installation.stage.overlay.help import HelpOverlay
from installation.stage.stage import Stage
from installation.stage.text.typesetter import Typesetter
from tests.stage.scenes import landscape

SIZE = (320, 180)


def stage(**look: object) -> Stage:
    return Stage.open(LookSettings.model_validate({"size": SIZE, **look}), "Test", headless=True)


def run(stage: Stage, start: float, seconds: float) -> float:
    for tick in range(round(seconds * 30)):
        stage.present(start + tick / 30)
    return start + seconds


def foot(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return picture[130:]


def test_a_stage_without_pictures_is_black_and_presents_all_the_same() -> None:
    empty = stage()
    shown = empty.present(0.0)
    assert empty.capture().shape == (180, 320, 3)
    assert empty.capture().max() == 0
    assert (shown.take, shown.prompt_id, shown.change) == (-1, 0, 0.0)


def test_the_picture_is_shown_in_its_colours() -> None:
    showing = stage(vignette=0.0)
    showing.show_picture(landscape(), 0, 0, 0.0, 0.0)
    run(showing, 0.0, 2)
    seen = showing.capture().astype(float)
    expected = landscape(180, 320)
    assert np.abs(seen - expected).mean() < 4


def test_letterbox_shows_the_whole_picture_between_black_bars() -> None:
    showing = stage(fit="letterbox", vignette=0.0)
    showing.show_picture(np.full((64, 64, 3), 200, np.uint8), 0, 0, 0.0, 0.0)
    run(showing, 0.0, 2)
    seen = showing.capture()
    assert seen[:, :69].max() == 0
    assert seen[:, -69:].max() == 0
    assert abs(int(seen[90, 160, 0]) - 200) <= 1


def test_fill_cuts_a_square_picture_above_and_below() -> None:
    square = np.zeros((64, 64, 3), np.uint8)
    square[14:50] = 200
    showing = stage(vignette=0.0)
    showing.show_picture(square, 0, 0, 0.0, 0.0)
    run(showing, 0.0, 2)
    assert showing.capture()[4:-4].min() > 190


def test_blackout_and_panic_are_the_stages_own_while_no_frame_comes() -> None:
    showing = stage()
    showing.show_picture(landscape(), 0, 0, 0.0, 0.0)
    now = run(showing, 0.0, 2)
    bright = showing.capture().mean()
    showing.set("blackout", True, 0.0, now)
    showing.present(now)
    assert showing.capture().max() == 0
    showing.set("blackout", False, 0.0, now)
    now = run(showing, now, 1)
    showing.panic(1.0, now)
    showing.present(now + 0.2)
    assert 0 < showing.capture().mean() < bright
    now = run(showing, now + 0.3, 1)
    assert showing.capture().max() == 0
    showing.reset(now)
    run(showing, now, 1.5)
    assert showing.capture().mean() == pytest.approx(bright, abs=1)


def test_every_value_of_the_stage_in_the_table_can_be_set() -> None:
    showing = stage()
    for row in PARAMS.values():
        if row.owner == "stage":
            showing.set(row.name, row.default, 0.0, 0.0)
    with pytest.raises(KeyError):
        showing.set("walk/speed", 0.5, 0.0, 0.0)


def test_no_presented_frame_differs_much_from_the_one_before_unless_it_is_a_cut() -> None:
    showing = stage(vignette=0.3)
    showing.show_picture(landscape(), 0, 0, 0.0, 0.0)
    now = run(showing, 0.0, 2)
    last, rng, steps = showing.capture().astype(float), np.random.default_rng(2), []
    for tick in range(120):
        now += 1 / 30 if tick % 31 else 2.0
        if tick % 2 == 0:
            blocks = rng.integers(0, 256, (8, 10, 3), dtype=np.uint8).repeat(12, 0).repeat(17, 1)
            frame = blocks if tick % 8 else landscape()[::-1]
            showing.show_picture(frame, tick // 40, 0, 1.0, now)
        told = showing.present(now).difference
        seen = showing.capture().astype(float)
        steps.append(float(np.abs(seen - last).mean()))
        assert told == pytest.approx(steps[-1], abs=3)
        last = seen
    assert max(steps) < 12
    now = run(showing, now, 2)
    showing.show_picture(255 - landscape(), 9, 0, 0.0, now)
    assert showing.present(now + 1 / 30).difference > 12


def test_words_fade_in_and_out_at_the_foot_of_the_stage() -> None:
    showing = stage()
    now = run(showing, 0.0, 0.1)
    showing.caption("a wolf in the snow", now)
    showing.present(now)
    showing.present(now + 0.1)
    early = foot(showing.capture()).max()
    now = run(showing, now + 0.1, 1)
    assert 0 < early < foot(showing.capture()).max()
    assert showing.capture()[:110].max() == 0
    showing.caption("", now)
    run(showing, now, 1)
    assert showing.capture().max() == 0


def test_the_invitation_gives_way_to_words_and_comes_back() -> None:
    showing = stage(invitation="Say something.")
    showing.invite("Say something.")
    now = run(showing, 0.0, 2)
    invited = showing.capture()
    assert foot(invited).max() > 60
    showing.caption("a wolf", now)
    now = run(showing, now, 2)
    assert not np.array_equal(showing.capture(), invited)
    showing.caption("", now)
    run(showing, now, 3)
    assert np.array_equal(showing.capture(), invited)


@pytest.mark.parametrize("how", ["look", "parameter"])
def test_captions_can_be_switched_off(how: str) -> None:
    showing = stage(captions=how != "look")
    if how == "parameter":
        showing.set("caption/opacity", 0.0, 0.0, 0.0)
    showing.caption("a wolf in the snow", 0.0)
    run(showing, 0.0, 2)
    assert showing.capture().max() == 0


def test_the_help_layer_shows_states_and_warnings_even_in_blackout() -> None:
    showing = stage()
    showing.set("blackout", True, 0.0, 0.0)
    showing.help(["renderer: running"])
    now = run(showing, 0.0, 1)
    before = showing.capture().astype(int)
    showing.warn("The disk is full.")
    now = run(showing, now, 0.2)
    assert before.max() > 150
    assert np.abs(showing.capture() - before)[:, 160:].max() > 50
    showing.help(None)
    run(showing, now, 1)
    assert showing.capture().max() == 0


def test_the_newest_warning_is_seen_however_much_there_is_to_say() -> None:
    pages = []
    for newest in ("the disk is full", "the desk is gone"):
        layer = HelpOverlay(Typesetter(), "Test")
        layer.status(["a worker that has a lot to say of itself, and says it at length"] * 5)
        for text in (*["an old story that is told once more, and is long, and has no end"] * 4, newest):
            layer.warn(text)
        layer.toggle(0.0)
        layer.sprites(SIZE, 0.0)
        pages.append(pygame.surfarray.array3d(layer.sprites(SIZE, 1.0)[0].surface))
    assert not np.array_equal(pages[0], pages[1])


def test_the_help_page_cannot_be_made_to_flash() -> None:
    page = HelpOverlay(Typesetter(), "Test")
    shown = []
    for tick in range(60):
        page.toggle(tick / 30)
        shown.append(page.shown)
    assert sum(a != b for a, b in pairwise(shown)) <= 4


def test_what_is_read_may_have_any_size() -> None:
    showing = stage()
    showing.show_picture(landscape(), 0, 0, 0.0, 0.0)
    run(showing, 0.0, 2)
    same, smaller = np.zeros((180, 320, 3), np.uint8), np.zeros((90, 160, 3), np.uint8)
    showing.read_into(same)
    showing.read_into(smaller)
    assert np.array_equal(same, showing.capture())
    assert smaller.mean() == pytest.approx(same.mean(), abs=1)


def test_a_picture_finer_than_the_stage_is_shown_in_its_size() -> None:
    showing = stage(vignette=0.0)
    showing.show_picture(landscape(360, 640), 0, 0, 0.0, 0.0)
    run(showing, 0.0, 2)
    assert np.abs(showing.capture().astype(float) - landscape(180, 320)).mean() < 2


def test_a_still_is_what_was_presented(tmp_path: Path) -> None:
    showing = stage()
    showing.show_picture(landscape(), 0, 0, 0.0, 0.0)
    run(showing, 0.0, 2)
    showing.save_still(tmp_path / "stills" / "one.png")
    assert np.array_equal(read_picture(tmp_path / "stills" / "one.png"), showing.capture())
    showing.help(["renderer: running"])
    run(showing, 2.0, 2)
    showing.save_still(tmp_path / "helped.png")
    assert showing.capture().mean() < read_picture(tmp_path / "helped.png").mean() / 2
    assert np.array_equal(read_picture(tmp_path / "helped.png"), read_picture(tmp_path / "stills" / "one.png"))
    with pytest.raises(OSError):
        showing.save_still(tmp_path / "stills" / "one.png" / "two.png")


@pytest.mark.parametrize("driver", ["dummy", "no-such-driver"])
def test_without_a_display_the_stage_is_headless_and_says_so(monkeypatch: pytest.MonkeyPatch, driver: str) -> None:
    monkeypatch.setenv("SDL_VIDEODRIVER", driver)
    found = Stage.open(LookSettings(size=SIZE), "Test")
    assert found.headless
    assert len(found.notices) == 1
    assert found.notices[0].startswith("There is no screen (")
    assert found.events(0.0) == []
    assert not pygame.display.get_init()


def test_a_display_that_knows_no_full_screen_ends_no_show(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    pygame.display.init()
    pygame.display.set_mode(SIZE)
    showing = Stage(LookSettings(size=SIZE), "Test", CpuCompositor(SIZE, "fill", 0.0, True), 30.0, headless=False)
    pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=pygame.K_F11, mod=0, unicode=""))
    assert showing.events(0.0) == []
    assert showing.notices == ["The window stays as it is: That operation is not supported."]
    showing.close()


def test_the_first_change_of_new_words_is_told() -> None:
    showing = stage()
    showing.show_picture(landscape(), 0, 0, 0.0, 0.0)
    now = run(showing, 0.0, 2)
    assert showing.show_picture(landscape(), 1, 5, 2.0, now, change=20.0)
    told = []
    for tick in range(60):
        shown = showing.present(now + tick / 30)
        told.append(shown.change)
    assert shown.prompt_id == 5
    assert told == sorted(told)
    assert told[0] < 4 < told[-1]
    assert not showing.show_picture(landscape(), 0, 4, 2.0, now, change=90.0)


def test_the_grain_is_even_and_black_stays_black() -> None:
    painter = CpuCompositor(SIZE, "fill", 0.0, window=False)
    painter.paint(None, ())
    assert painter.capture().max() == 0
