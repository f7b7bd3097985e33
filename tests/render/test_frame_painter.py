from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from installation.core.messages import Direction
from installation.models.fake import FakeGenerator
from installation.models.interfaces import Picture, Point, Size
from installation.render.frame_painter import (
    MEASURE_SECONDS,
    VISIBLE_CHANGE,
    ChangeMeter,
    FramePainter,
    frame_size,
    mean_difference,
)
from installation.render.interfaces import RendererConfig
from installation.render.latent_walk import Drift, LatentWalk
from installation.show.settings import DreamSettings, ModelSettings
from tests.dream.conftest import small_biggan

CONFIG = RendererConfig(ModelSettings(height=90), DreamSettings(), Path(), (16, 9), 15.0, 7, Direction(1))


def fake_painter() -> FramePainter:
    return FramePainter(FakeGenerator(), (64, 114), 0.8)


def walk_at(point: Point) -> LatentWalk:
    return LatentWalk.at_rest(point, FakeGenerator.groups, Drift.begin(point.z.shape[1:], 1, 0.0, 0.0, 0.0))


def test_frames_of_a_resolution_free_generator_fill_the_stage() -> None:
    assert frame_size(FakeGenerator(), CONFIG) == (90, 160)
    assert frame_size(FakeGenerator(), replace(CONFIG, aspect=(3, 4))) == (90, 68)


def test_frames_are_as_large_as_the_machine_of_the_show_paints_them_if_the_show_does_not_say() -> None:
    config = replace(CONFIG, models=ModelSettings(generator="fake", device="cpu"))
    assert frame_size(FakeGenerator(), replace(config, cores=2)) == (288, 512)
    assert frame_size(FakeGenerator(), replace(config, cores=4)) == (432, 768)


def test_frames_of_other_generators_have_their_native_size() -> None:
    assert frame_size(small_biggan(), CONFIG) is None


def test_the_difference_of_equal_pictures_is_zero() -> None:
    painter, point = fake_painter(), FakeGenerator().sample(1, 1)
    picture, change = painter.compare(point, point, 3.0)
    assert change == 0.0
    np.testing.assert_array_equal(picture, painter.paint(point, 3.0))


def test_small_pictures_differ_about_as_much_as_whole_ones() -> None:
    painter, generator = fake_painter(), FakeGenerator()
    a, b = generator.sample(1, 1), generator.sample(1, 2)
    _, change = painter.compare(a, b, 0.0)
    assert change == pytest.approx(mean_difference(painter.paint(a, 0.0), painter.paint(b, 0.0)), rel=0.05)


def test_a_generator_of_one_size_paints_both_pictures_of_a_comparison_in_one_batch() -> None:
    generator = small_biggan()
    painter = FramePainter(generator, None, 0.8)
    a, b = generator.sample(1, 1), generator.sample(1, 2)
    picture, change = painter.compare(a, b, 0.0)
    alone = painter.paint(a, 0.0)
    # a batch may sum in another order, which moves a rounded byte by one level at most
    assert np.abs(picture.astype(int) - alone).max() <= 1
    assert change == pytest.approx(mean_difference(alone, painter.paint(b, 0.0)), abs=1.0)


def test_the_truncation_changes_gradually() -> None:
    generator = small_biggan()
    painter = FramePainter(generator, None, 0.9)
    painter.target_truncation = 0.1
    seen = [generator.truncation]
    for _ in range(30):
        painter.advance(0.1)
        seen.append(generator.truncation)
    assert np.diff(seen).min() >= -0.041
    assert seen[-1] == pytest.approx(0.1)


def test_a_truncation_of_zero_becomes_the_smallest_one() -> None:
    generator = small_biggan()
    FramePainter(generator, None, 0.0)
    assert generator.truncation == pytest.approx(0.05)


def unaltered(point: Point) -> Point:
    return point


def measure(meter: ChangeMeter, painter: FramePainter, point: Point, now: float) -> None:
    """Paint a frame, and measure its change."""
    _, change = meter.begin(painter, point, unaltered, now, 0.0).result()
    meter.measured(change, now)


def test_nothing_is_measured_without_a_reference() -> None:
    meter = ChangeMeter()
    meter.reset(None, 0.0)
    measure(meter, fake_painter(), FakeGenerator().sample(1, 1), 1.0)
    assert meter.change == 0.0


def test_a_change_is_measured_until_it_is_visible() -> None:
    meter, painter, generator = ChangeMeter(), fake_painter(), FakeGenerator()
    before, after = generator.sample(1, 1), generator.sample(1, 2)
    meter.reset(walk_at(before), 0.0)
    measure(meter, painter, before, 0.1)
    assert meter.change == 0.0
    measure(meter, painter, after, 0.2)
    visible = meter.change
    assert visible >= VISIBLE_CHANGE
    measure(meter, painter, before, 0.3)
    assert meter.change == visible


class CountingGenerator(FakeGenerator):
    """Counts what it paints."""

    painted = 0

    def paint(self, latents: Point, size: Size | None = None, phase: float = 0.0) -> Picture:
        self.painted += 1
        return super().paint(latents, size, phase)


def test_what_frames_are_compared_with_is_painted_anew_ten_times_a_second() -> None:
    generator = CountingGenerator()
    meter, painter, before = ChangeMeter(), FramePainter(generator, (64, 114), 0.8), generator.sample(1, 1)
    meter.reset(walk_at(before), 0.0)
    counts = []
    for number in range(6):
        seen = generator.painted
        measure(meter, painter, before, 0.04 * number)
        counts.append(generator.painted - seen)
    assert counts == [3, 2, 2, 3, 2, 2]
    meter.reset(walk_at(generator.sample(1, 2)), 0.24)
    measure(meter, painter, before, 0.24)
    assert meter.change >= VISIBLE_CHANGE


def test_what_a_frame_is_compared_with_can_be_painted_before() -> None:
    generator = CountingGenerator()
    meter, painter, before = ChangeMeter(), FramePainter(generator, (64, 114), 0.8), generator.sample(1, 1)
    meter.prepare(painter, unaltered, 0.0, 0.0)
    assert generator.painted == 0  # there are no new prompts
    meter.reset(walk_at(before), 0.0)
    meter.prepare(painter, unaltered, 0.0, 0.0)
    assert generator.painted == 1
    measure(meter, painter, before, 0.04)
    assert (generator.painted, meter.change) == (3, 0.0)


def test_a_change_that_does_not_become_visible_is_given_up() -> None:
    meter, painter, generator = ChangeMeter(), fake_painter(), FakeGenerator()
    before, after = generator.sample(1, 1), generator.sample(1, 2)
    meter.reset(walk_at(before), 0.0)
    measure(meter, painter, before, MEASURE_SECONDS + 0.1)
    measure(meter, painter, after, MEASURE_SECONDS + 0.2)
    assert meter.change == 0.0
