"""A performance drawn again, offline, from its records: the same grants in the same order give the same frames."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence

from installation.dream.base import RendererConfig
from installation.dream.loading import load_dreamer, load_generator, settled
from installation.dream.renderer import Renderer
from installation.messages import Direction, Drawn
from installation.models.base import Picture


def replay_frames(
    config: RendererConfig, directions: Sequence[Direction], records: Iterable[Drawn]
) -> Iterator[tuple[int, Picture]]:
    """Draws the frames of one life of a renderer again, offline: the CRC-32 of each, as a Drawn has it, and the frame.

    `directions` are those that it was sent, in order, without the config's own; each record says what was granted
    before its frame and how many Directions had been applied by then.
    """
    config = settled(config)
    generator = load_generator(config)
    renderer = Renderer(config, generator, load_dreamer(config, generator))
    every = (config.direction, *directions)
    applied = 0
    for record in records:
        renderer.spend(record.cutouts)
        for _ in range(record.pieces):
            renderer.work()
        if record.directions != applied:
            applied = record.directions
            renderer.direct(every[applied - 1])
        picture = renderer.draw(record.show_at).picture
        yield zlib.crc32(picture.data), picture
