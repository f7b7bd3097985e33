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
from installation.models.interfaces import ModelPlace
from installation.render.fake import FakeDreamFactory
from installation.render.interfaces import RendererConfig
from installation.render.latent_directions import found_path
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


def performance(
    directions: Sequence[Direction], added: Sequence[dict[str, float]] = (), config: RendererConfig = CONFIG
) -> list[FrameReady]:
    """Draw twenty frames for each Direction with a varying amount of work, as a render worker records them.

    `added`: what sound adds in each frame.
    """
    generator = FakeGenerator()
    renderer = Renderer(config, generator, FakeDreamFactory(generator))
    records: list[FrameReady] = []
    now = 100.0
    for direction in (CONFIG.direction, *directions):
        for index in range(20):
            cutouts, pieces = 2 + index % 4, 0
            renderer.set_cutouts(cutouts)
            for _ in range(5 if renderer.macros.searching else index % 3):
                pieces += not renderer.macros.searching
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
                    searching=renderer.macros.searching,
                )
            )
    return records


def test_a_replay_draws_the_same_frames() -> None:
    records = performance(DIRECTIONS)
    assert [crc for crc, _ in replay_frames(CONFIG, DIRECTIONS, records)] == [record.crc for record in records]
    assert len({record.crc for record in records}) == len(records)


@pytest.mark.parametrize("elsewhere", [False, True])
def test_a_replay_draws_the_same_frames_where_the_directions_of_macros_were_searched(
    tmp_path: Path, elsewhere: bool
) -> None:
    config = replace(CONFIG, place=ModelPlace(tmp_path, tmp_path / "cache"))
    moved = replace(DIRECTIONS[1], params={"latent/macro/1": 0.9, "latent/macro/2": 0.2})
    directions = [DIRECTIONS[0], moved, DIRECTIONS[2]]
    records = performance(directions, config=config)
    searched = [record.sequence for record in records if record.searching]
    assert searched == list(range(40, 40 + len(searched)))
    assert 10 < len(searched) < 20
    assert found_path("fake", tmp_path / "cache").exists()
    if elsewhere:
        config = replace(config, place=ModelPlace(tmp_path, tmp_path / "other"))
    assert [crc for crc, _ in replay_frames(config, directions, records)] == [record.crc for record in records]


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


def test_a_frame_before_anything_could_be_shown_is_an_error() -> None:
    (record, *_) = performance(DIRECTIONS)
    with pytest.raises(ShowError, match="has nothing to show"):
        list(replay_frames(replace(CONFIG, latents=None), DIRECTIONS, [replace(record, direction=-1)]))
