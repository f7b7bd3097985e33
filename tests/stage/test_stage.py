"""The stage without a window: what it presents."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from installation.core.param_table import TEST_CARDS
from installation.core.params import PARAMS
from installation.show.projection import ProjectedWindow, ProjectionSettings
from installation.show.settings import LookSettings
from installation.stage.crossfade import GeneratedFrame
from installation.stage.picture import read_picture
from installation.stage.stage import PresentedFrame, Stage
from tests.stage.pictures import Picture, grey, landscape

SIZE = (320, 180)


def open_stage(**look: object) -> Stage:
    return Stage.open(LookSettings.model_validate({"size": SIZE, **look}), "Test", headless=True)


def run(stage: Stage, start: float, seconds: float) -> float:
    """Presents frames from `start` on; returns the time after the last."""
    for tick in range(round(seconds * 30)):
        stage.present(start + tick / 30)
    return start + seconds


def standing(picture: Picture, **look: object) -> tuple[Stage, float]:
    """A stage on which a picture stands, and the time."""
    stage = open_stage(**look)
    stage.show_frame(GeneratedFrame(picture), 0.0, 0.0)
    return stage, run(stage, 0.0, 2)


def bottom(picture: Picture) -> Picture:
    return picture[130:]


def test_a_stage_without_pictures_presents_black_frames() -> None:
    stage = open_stage()
    assert stage.present(0.0) == PresentedFrame(
        take=-1, prompt_id=0, change=0.0, difference=0.0, limited=False, vsync_seconds=0.0
    )
    assert np.array_equal(stage.capture(), grey(0, 180, 320))


def test_the_picture_keeps_its_colours() -> None:
    stage, _ = standing(landscape(), vignette=0.0)
    assert np.abs(stage.capture().astype(float) - landscape(180, 320)).mean() < 4


def test_a_picture_larger_than_the_stage_is_scaled_down() -> None:
    stage, _ = standing(landscape(180, 320).repeat(2, 0).repeat(2, 1), vignette=0.0)
    assert np.abs(stage.capture().astype(float) - landscape(180, 320)).mean() < 2


def test_letterbox_shows_the_whole_picture_between_black_bars() -> None:
    stage, _ = standing(grey(200, 64, 64), fit="letterbox", vignette=0.0, paper=0.0)
    seen = stage.capture()
    assert seen[:, :69].max() == 0
    assert seen[:, -69:].max() == 0
    assert abs(int(seen[90, 160, 0]) - 200) <= 1


def test_fill_crops_a_square_picture_at_top_and_bottom() -> None:
    square = grey(0, 64, 64)
    square[14:50] = 200
    stage, _ = standing(square, vignette=0.0)
    assert stage.capture()[4:-4].min() > 190


def test_blackout_panic_and_reset_need_no_new_frame() -> None:
    stage, now = standing(landscape())
    brightness = stage.capture().mean()
    stage.set_parameter("blackout", True, 0.0, now)
    stage.present(now)
    assert stage.capture().max() == 0
    stage.set_parameter("blackout", False, 0.0, now)
    now = run(stage, now, 1)
    stage.panic(1.0, now)
    stage.present(now + 0.2)
    assert 0 < stage.capture().mean() < brightness
    now = run(stage, now + 0.3, 1)
    assert stage.capture().max() == 0
    stage.reset(now)
    run(stage, now, 1.5)
    assert stage.capture().mean() == pytest.approx(brightness, abs=1)


def test_the_stage_takes_exactly_the_parameters_that_it_owns() -> None:
    stage = open_stage()
    accepted = set()
    for param in PARAMS.values():
        try:
            stage.set_parameter(param.name, param.default, 0.0, 0.0)
        except KeyError:
            continue
        accepted.add(param.name)
    assert accepted == {param.name for param in PARAMS.values() if param.owner == "stage"}


def test_no_presented_frame_jumps_unless_it_is_a_cut() -> None:
    stage, now = standing(landscape(), vignette=0.3)
    last, rng, steps = stage.capture().astype(float), np.random.default_rng(2), []
    for tick in range(120):
        now += 1 / 30 if tick % 31 else 2.0
        if tick % 2 == 0:
            blocks = rng.integers(0, 256, (8, 10, 3), dtype=np.uint8).repeat(12, 0).repeat(17, 1)
            picture = blocks if tick % 8 else landscape()[::-1]
            stage.show_frame(GeneratedFrame(picture, tick // 40), 1.0, now)
        reported = stage.present(now).difference
        seen = stage.capture().astype(float)
        steps.append(float(np.abs(seen - last).mean()))
        assert reported == pytest.approx(steps[-1], abs=3)
        last = seen
    assert max(steps) < 12
    now = run(stage, now, 2)
    stage.show_frame(GeneratedFrame(255 - landscape(), 9), 0.0, now)
    assert stage.present(now + 1 / 30).difference > 12


def test_the_change_by_a_prompt_is_reported_as_it_becomes_visible() -> None:
    stage, now = standing(landscape())
    assert stage.show_frame(GeneratedFrame(landscape(), 1, prompt_id=5, change=20.0), 2.0, now)
    presented = [stage.present(now + tick / 30) for tick in range(60)]
    changes = [each.change for each in presented]
    assert presented[-1].prompt_id == 5
    assert changes == sorted(changes)
    assert changes[0] < 4 < changes[-1]
    assert not stage.show_frame(GeneratedFrame(landscape(), 0, prompt_id=4, change=90.0), 2.0, now)


def test_a_caption_fades_in_and_out_at_the_bottom() -> None:
    stage = open_stage()
    now = run(stage, 0.0, 0.1)
    stage.set_caption("a wolf in the snow", now)
    stage.present(now)
    stage.present(now + 0.1)
    early = bottom(stage.capture()).max()
    now = run(stage, now + 0.1, 1)
    assert 0 < early < bottom(stage.capture()).max()
    assert stage.capture()[:110].max() == 0
    stage.set_caption("", now)
    run(stage, now, 1)
    assert stage.capture().max() == 0


def test_the_invitation_gives_way_to_a_caption_and_returns() -> None:
    stage = open_stage()
    stage.set_invitation("Say something.")
    now = run(stage, 0.0, 2)
    invited = stage.capture()
    assert bottom(invited).max() > 60
    stage.set_caption("a wolf", now)
    now = run(stage, now, 2)
    assert not np.array_equal(stage.capture(), invited)
    stage.set_caption("", now)
    run(stage, now, 3)
    assert np.array_equal(stage.capture(), invited)


@pytest.mark.parametrize("how", ["look", "parameter"])
def test_captions_can_be_switched_off(how: str) -> None:
    stage = open_stage(captions=how != "look")
    if how == "parameter":
        stage.set_parameter("caption/opacity", 0.0, 0.0, 0.0)
    stage.set_caption("a wolf in the snow", 0.0)
    run(stage, 0.0, 2)
    assert stage.capture().max() == 0


def test_the_help_page_shows_state_and_notices_even_in_a_blackout() -> None:
    stage = open_stage()
    stage.set_parameter("blackout", True, 0.0, 0.0)
    stage.set_status(["renderer: running"])
    stage.overlays.help.toggle(0.0)
    now = run(stage, 0.0, 1)
    before = stage.capture().astype(int)
    stage.add_notice("The disk is full.")
    now = run(stage, now, 0.2)
    assert before.max() > 150
    assert np.abs(stage.capture() - before)[:, 160:].max() > 50
    stage.overlays.help.toggle(now)
    run(stage, now, 1)
    assert stage.capture().max() == 0


def test_a_frame_is_read_in_any_size() -> None:
    stage, _ = standing(landscape())
    same, smaller = grey(0, 180, 320), grey(0, 90, 160)
    stage.read_into(same)
    stage.read_into(smaller)
    assert np.array_equal(same, stage.capture())
    assert smaller.mean() == pytest.approx(same.mean(), abs=1)


def test_a_still_is_the_presented_picture_without_the_help_page(tmp_path: Path) -> None:
    stage, now = standing(landscape())
    presented = stage.capture()
    stage.save_still(tmp_path / "stills" / "one.png")
    stage.overlays.help.toggle(now)
    run(stage, now, 2)
    stage.save_still(tmp_path / "with_help.png")
    assert stage.capture().mean() < presented.mean() / 2
    assert np.array_equal(read_picture(tmp_path / "stills" / "one.png"), presented)
    assert np.array_equal(read_picture(tmp_path / "with_help.png"), presented)
    with pytest.raises(OSError):
        stage.save_still(tmp_path / "stills" / "one.png" / "two.png")


def test_a_headless_stage_has_no_events_and_no_notices() -> None:
    stage = open_stage()
    assert (stage.headless, stage.events(0.0), stage.take_notices()) == (True, [], [])


def test_a_test_card_covers_picture_and_caption_and_blackout_covers_the_card() -> None:
    stage, now = standing(landscape())
    stage.set_caption("a red sun", now)
    stage.project(ProjectedWindow(test_card=TEST_CARDS.index("red")))
    now = run(stage, now, 2)
    assert (stage.capture() == (255, 0, 0)).all()
    stage.set_parameter("blackout", True, 0.0, now)
    now = run(stage, now, 0.1)
    assert stage.capture().max() == 0
    stage.set_parameter("blackout", False, 0.0, now)
    stage.project(ProjectedWindow())
    run(stage, now, 2)
    assert (stage.capture() != (255, 0, 0)).any(axis=-1).all()


def test_points_and_numbers_are_not_in_the_picture_that_is_recorded() -> None:
    stage, now = standing(landscape())
    before = stage.capture()
    stage.project(ProjectedWindow(calibrating=True, identified=True))
    run(stage, now, 0.2)
    assert np.array_equal(stage.capture(), before)


def test_a_canvas_is_the_size_of_the_picture() -> None:
    stage = open_stage()
    stage.project(ProjectedWindow(settings=ProjectionSettings(canvas=(480, 90))))
    stage.present(0.0)
    assert (stage.size, stage.capture().shape) == ((480, 90), (90, 480, 3))


def test_a_turned_picture_has_its_size_before_the_first_frame() -> None:
    stage = open_stage()
    width, height = stage.size
    stage.project(ProjectedWindow(settings=ProjectionSettings(rotation=90)))
    assert stage.size == (height, width)


def test_of_many_moves_of_a_point_in_one_frame_only_the_last_is_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    stage = open_stage()
    stage.present(0.0)
    projected: list[ProjectionSettings] = []
    monkeypatch.setattr(stage.display, "project", projected.append)
    moves = [ProjectionSettings(mesh=(((0, 0), (1, 0)), ((0, 1), (1, 1 + step / 100)))) for step in range(50)]
    for move in moves:
        stage.project(ProjectedWindow(settings=move))
    stage.present(0.1)
    stage.present(0.2)
    assert projected == moves[-1:]
