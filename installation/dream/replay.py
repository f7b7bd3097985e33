"""A performance drawn again, offline, from its records: the same grants in the same order give the same frames."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from installation.dream.base import RendererConfig
from installation.dream.loading import load_dreamer, load_generator, settled
from installation.dream.renderer import Renderer
from installation.messages import BEFORE_THE_FIRST, Direction, Drawn
from installation.models.base import Picture


def replay_frames(
    config: RendererConfig, directions: Mapping[int, Direction], records: Iterable[Drawn]
) -> Iterator[Picture]:
    """Draws the frames of one life of a renderer again, offline, one for each record.

    `directions` are those that it was sent, by number; each record says what was granted before its frame and which
    Direction it follows. Raises ShowError for models that are not here, KeyError for a Direction that is not given.
    """
    config = settled(config)
    generator = load_generator(config)
    renderer = Renderer(config, generator, load_dreamer(config, generator))
    every = {config.direction.number: config.direction, **directions}
    follows = BEFORE_THE_FIRST
    for record in records:
        renderer.spend(record.cutouts)
        for _ in range(record.pieces):
            renderer.work()
        if record.directions != follows:
            follows = record.directions
            renderer.direct(every[follows])
        yield renderer.draw(record.show_at).picture
