"""A performance drawn again, offline, from its records: the same grants in the same order give the same frames."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

from installation.core.messages import Direction, FrameReady
from installation.models.interfaces import Picture
from installation.render.interfaces import RendererConfig
from installation.render.loading import load_dreamer, load_generator, settled
from installation.render.renderer import Renderer


def replay_frames(
    config: RendererConfig, directions: Iterable[Direction], records: Iterable[FrameReady]
) -> Iterator[tuple[int, Picture]]:
    """Draws the frames of one life of a renderer again, offline: for each record the frame's CRC-32, and the frame.

    `directions` are those that it was sent; each record says what was granted before its frame, and the number of the
    Direction that it follows. Raises ShowError for models that are not here, KeyError if a Direction is missing.
    """
    config = settled(config)
    generator = load_generator(config)
    renderer = Renderer(config, generator, load_dreamer(config, generator))
    every = {direction.number: direction for direction in (config.direction, *directions)}
    follows = -1  # as the renderer counts: no Direction yet
    for record in records:
        renderer.spend(record.cutouts)
        for _ in range(record.pieces):
            renderer.work()
        if record.direction != follows:
            follows = record.direction
            renderer.direct(every[follows])
        picture = renderer.draw(record.show_at).picture
        yield zlib.crc32(picture.data), picture
