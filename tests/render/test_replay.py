from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from installation.core.errors import ShowError
from installation.core.messages import Direction, FrameReady, Prompt
from installation.models.fake import FakeGenerator
from installation.render.fake import FakeDreamFactory
from installation.render.interfaces import RendererConfig
from installation.render.renderer import Renderer
from installation.render.replay import replay_frames
from installation.show.settings import DreamSettings, ModelSettings

CONFIG = RendererConfig(
    ModelSettings(generator="fake", height=64), DreamSettings(), Path(), (1, 1), 60.0, 7, Direction(take=1)
)
DIRECTIONS = [
    Direction(take=1, prompts=(Prompt(1, "a fox"),), number=1),
    Direction(take=1, prompts=(Prompt(2, "snow | people:-1"),), number=2),
    Direction(take=2, prompts=(Prompt(2, "snow | people:-1"),), fade_seconds=0.0, params={"walk/speed": 1.0}, number=3),
]


def performance(directions: Sequence[Direction], added: Sequence[dict[str, float]] = ()) -> list[FrameReady]:
    """Draw twenty frames for each Direction with a varying amount of work, as a render worker records them.

    `added`: what sound adds in each frame.
    """
    generator = FakeGenerator()
    renderer = Renderer(CONFIG, generator, FakeDreamFactory(generator))
    records: list[FrameReady] = []
    now = 100.0
    for direction in (CONFIG.direction, *directions):
        for index in range(20):
            cutouts, pieces = 2 + index % 4, index % 3
            renderer.set_cutouts(cutouts)
            for _ in range(pieces):
                renderer.work()
            if index == 0:
                renderer.direct(direction)
            now += 1.0 / 30.0
            modulation = added[len(records)] if added else {}
            renderer.modulate(modulation)
            frame = renderer.draw(now)
            crc = zlib.crc32(np.ascontiguousarray(frame.picture).data)
            records.append(
                FrameReady(
                    slot=0,
                    sequence=len(records),
                    take=frame.take,
                    prompt_id=frame.prompt_id,
                    show_at=now,
                    score=frame.score,
                    steps=0,
                    direction=direction.number,
                    change=frame.change,
                    crc=crc,
                    pieces=pieces,
                    cutouts=cutouts,
                    modulation=modulation,
                )
            )
    return records


def test_a_replay_draws_the_same_frames() -> None:
    records = performance(DIRECTIONS)
    assert [crc for crc, _ in replay_frames(CONFIG, DIRECTIONS, records)] == [record.crc for record in records]
    assert len({record.crc for record in records}) == len(records)


def test_a_missing_direction_is_an_error() -> None:
    with pytest.raises(ShowError, match=r"frame 40 follows Direction 2, which is missing\."):
        list(replay_frames(CONFIG, DIRECTIONS[:1], performance(DIRECTIONS)))


@pytest.mark.parametrize("changes", [{"pieces": 10**12}, {"pieces": -1}, {"show_at": float("nan")}, {"cutouts": 10**9}])
def test_a_frame_that_no_renderer_can_have_drawn_is_an_error(changes: dict[str, Any]) -> None:
    first, *others = performance(DIRECTIONS)
    with pytest.raises(ShowError, match=r"frame 0 has a time or an amount of work that no renderer can have\."):
        list(replay_frames(CONFIG, DIRECTIONS, [replace(first, **changes), *others]))


@pytest.mark.parametrize("changes", [{"id": -1}, {"seed": -1}, {"seed": 2**40}, {"weight": float("inf")}, {"text": ""}])
def test_a_direction_that_no_show_can_have_is_an_error(changes: dict[str, Any]) -> None:
    first, *others = DIRECTIONS
    broken = replace(first, prompts=(replace(first.prompts[0], **changes),))
    with pytest.raises(ShowError, match=r"Direction 1 has a prompt that no show can have\."):
        list(replay_frames(CONFIG, [broken, *others], performance(DIRECTIONS)))


def test_a_replay_draws_the_same_frames_with_sound() -> None:
    added = [{"walk/push": 0.1 * (number % 7), "latent/noise": 0.05 * (number % 3)} for number in range(80)]
    records = performance(DIRECTIONS, added)
    assert [crc for crc, _ in replay_frames(CONFIG, DIRECTIONS, records)] == [record.crc for record in records]
    still = performance(DIRECTIONS)
    assert sum(one.crc != other.crc for one, other in zip(records, still, strict=True)) > 70


def test_sound_that_moves_what_no_show_has_is_an_error() -> None:
    (record, *_) = performance(())
    with pytest.raises(ShowError, match="sound moves"):
        list(replay_frames(CONFIG, (), [replace(record, modulation={"walk/posh": 0.1})]))
