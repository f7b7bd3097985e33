"""Repeats the frames of a performance offline: the same work in the same order gives the same frames."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

from installation.core.messages import Direction, FrameReady
from installation.models.interfaces import Picture
from installation.render.interfaces import RendererConfig
from installation.render.loading import load_dream_factory, load_generator, resolve_models
from installation.render.renderer import Renderer


def replay_frames(
    config: RendererConfig, directions: Iterable[Direction], records: Iterable[FrameReady]
) -> Iterator[tuple[int, Picture]]:
    """Draw the frames of one renderer process again; yield each frame with its CRC-32.

    Args:
        config: What the renderer was started with.
        directions: What it was sent.
        records: One for each frame, with the work done before it and the number of the Direction that it follows.

    Raises:
        ShowError: A model is missing.
        KeyError: A Direction is missing.
    """
    config = resolve_models(config)
    generator = load_generator(config)
    renderer = Renderer(config, generator, load_dream_factory(config, generator))
    by_number = {direction.number: direction for direction in (config.direction, *directions)}
    applied = -1  # no Direction yet, as the renderer counts
    for record in records:
        renderer.set_cutouts(record.cutouts)
        for _ in range(record.pieces):
            renderer.work()
        if record.direction != applied:
            applied = record.direction
            renderer.direct(by_number[applied])
        picture = renderer.draw(record.show_at).picture
        yield zlib.crc32(picture.data), picture
