"""Scenes change as the show asks, by a dip where frames are rare, and blend where class weights rest in between."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from installation.core.messages import Direction
from installation.models.capabilities import Transitions
from installation.models.fake import FakeGenerator
from installation.models.interfaces import Floats, Latents
from installation.render.interfaces import RendererConfig
from installation.render.stage_control import CAMERA_SECONDS, StageControl
from installation.show.settings import DreamSettings, ModelSettings

PURE, MIXED = (Latents(np.zeros((1, 8), np.float32), np.array([logits], np.float32)) for logits in ([0, -14], [-1, -1]))


class StagedGenerator(FakeGenerator):
    """Remembers how its stage was set."""

    def __init__(self) -> None:
        super().__init__()
        self.stage: tuple[float, Transitions] | None = None

    def set_stage(self, camera: float, transitions: Transitions) -> None:
        self.stage = camera, transitions

    def is_mixed(self, classes: Floats) -> bool:
        return bool(classes.max() < 0.0)

    def z_progress(self, _before: Floats, _after: Floats, progress: float) -> float:
        return progress


def config(dream: DreamSettings | None = None, transitions: Transitions = "scenes") -> RendererConfig:
    return RendererConfig(
        *(ModelSettings(generator="fake"), dream or DreamSettings(), Path(), (16, 9), 15.0, 7, Direction(1)),
        camera=0.5,
        transitions=transitions,
    )


def after_frames(seconds: float, transitions: Transitions = "scenes") -> tuple[float, Transitions] | None:
    generator = StagedGenerator()
    control = StageControl(generator, config(transitions=transitions))
    for frame in range(round(CAMERA_SECONDS / seconds) + 2):
        control.advance(10.0 + frame * seconds)
    control.begin_change(None, PURE)
    return generator.stage


def test_a_change_is_shown_as_asked_unless_frames_are_rare() -> None:
    assert after_frames(1 / 15) == (0.5, "scenes")
    assert after_frames(0.3) == (0.5, "dip")
    assert after_frames(0.3, "blend") == (0.5, "blend")


def test_the_first_change_on_a_slow_machine_is_a_dip() -> None:
    generator = StagedGenerator()
    control = StageControl(generator, config())
    for now in (10.0, 10.4):
        control.advance(now)
    control.begin_change(None, PURE)
    assert generator.stage is not None
    assert generator.stage[1] == "dip"


def test_one_stall_is_not_a_slow_machine() -> None:
    generator = StagedGenerator()
    control = StageControl(generator, config())
    for now in (0.0, 0.06, 0.12, 19.0, 19.06):
        control.advance(now)
    control.begin_change(None, PURE)
    assert generator.stage == (0.5, "scenes")


def test_class_weights_that_rest_in_between_are_blended() -> None:
    generator = StagedGenerator()
    StageControl(generator, config(DreamSettings(classes="optimised")))
    assert generator.stage == (0.0, "blend")


def test_a_mixture_of_pictures_is_blended_on_the_way_there_while_it_rests_and_on_the_way_back() -> None:
    generator = StagedGenerator()
    control = StageControl(generator, config())
    shown: list[Transitions] = []
    for start, target in ((None, PURE), (PURE, MIXED), (MIXED, PURE), (PURE, PURE)):
        control.begin_change(start, target)
        assert generator.stage is not None
        shown.append(generator.stage[1])
    assert shown == ["scenes", "blend", "blend", "scenes"]
    control.follow(MIXED)
    control.advance(1.0)
    assert generator.stage == (0.0, "blend")


def test_a_dream_between_scenes_changes_scenes() -> None:
    generator = StagedGenerator()
    control = StageControl(generator, config())
    control.begin_change(PURE, None)
    control.follow(None)
    control.advance(1.0)
    assert generator.stage == (0.0, "scenes")


def test_a_change_that_is_replaced_on_its_way_is_a_change_of_scene_again() -> None:
    generator = StagedGenerator()
    control = StageControl(generator, config())
    control.begin_change(MIXED, PURE)
    assert generator.stage == (0.0, "scenes")


def test_the_camera_begins_where_the_opening_picture_stands() -> None:
    generator = StagedGenerator()
    control = StageControl(generator, config())
    moves = []
    for now in (100.0, 101.0, 106.0, 112.0, 120.0):
        control.advance(now)
        assert generator.stage is not None
        moves.append(generator.stage[0])
    assert moves[0] == 0.0
    assert 0.0 < moves[1] < 0.02
    assert moves[2:] == [0.25, 0.5, 0.5]


def test_a_generator_without_a_stage_needs_none() -> None:
    StageControl(FakeGenerator(), config()).begin_change(PURE, MIXED)


def test_a_dream_has_decided_once_one_class_of_each_group_leads() -> None:
    control = StageControl(StagedGenerator(), config())
    hour, glass = [0.0, -14.0, -14.0, -14.0], [0.0, -14.0, -14.0]
    for classes, decided in (([*hour, *glass], True), ([0.0, -0.2, *hour[2:], *glass], False)):
        point = Latents(np.zeros((1, 12), np.float32), np.array([classes], np.float32))
        assert control.has_decided(point) == decided
