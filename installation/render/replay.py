"""Repeats the frames of a performance offline: the same work in the same order gives the same frames."""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import replace

from installation.core.errors import ShowError
from installation.core.messages import Array, Direction, FrameReady, Value
from installation.core.param_table import MAX_SEED
from installation.core.params import coerce, find_param, resolve
from installation.core.prompt_text import clean
from installation.models.interfaces import Picture
from installation.render.interfaces import RendererConfig
from installation.render.loading import load_dream_factory, load_generator, resolve_models
from installation.render.rendered_frame import RenderedFrame
from installation.render.renderer import Renderer

MAX_PIECES = 100_000  # of dream work between two frames
MAX_CUTOUTS = 256


def replay_frames(
    config: RendererConfig, directions: Iterable[Direction], records: Iterable[FrameReady]
) -> Iterator[tuple[int, Picture]]:
    """Draw the frames of one renderer process again; yield each frame with its CRC-32.

    Args:
        config: What the renderer was started with.
        directions: What it was sent.
        records: One for each frame, with the work done before it and the number of the Direction that it follows.

    Raises:
        ShowError: A model is missing, or a record cannot have been written by a renderer.
        Rejected: A Direction has a parameter that no show can have.
    """
    replayed = ReplayedRenderer(config, directions)
    for record in records:
        replayed.apply(record)
        picture = replayed.draw(record.show_at).picture
        yield zlib.crc32(picture.data), picture


class ReplayedRenderer:
    """A renderer that repeats the work of a recorded one; it can draw at other times than that."""

    def __init__(self, config: RendererConfig, directions: Iterable[Direction]) -> None:
        """See `replay_frames` for the arguments and errors."""
        config = resolve_models(config)
        generator = load_generator(config)
        factory = load_dream_factory(config, generator, waits=True)
        factory.finish_loading()
        self._renderer = Renderer(config, generator, factory)
        all_directions = (config.direction, *directions)
        self._by_number = {direction.number: _checked_direction(direction) for direction in all_directions}
        self._applied = -1  # no Direction yet, as the renderer counts

    def apply(self, record: FrameReady) -> None:
        """Do the work that was done before a recorded frame."""
        _check_frame(record)
        self._renderer.set_cutouts(record.cutouts)
        for _ in range(record.pieces):
            self._renderer.work()
        if record.direction != self._applied:
            if record.direction not in self._by_number:
                raise ShowError(f"frame {record.sequence} follows Direction {record.direction}, which is missing.")
            self._applied = record.direction
            self._renderer.direct(self._by_number[self._applied])
        self._renderer.modulate(record.modulation)
        self._renderer.macros.repeat(record.searching)
        if not self._renderer.can_draw:
            raise ShowError(f"frame {record.sequence} has nothing to show: no Direction comes before it.")

    def latents(self) -> tuple[Array, Array]:
        """Return z and class logits of the last frame.

        Raises:
            ValueError: There is none yet.
        """
        latents = self._renderer.latents()
        if latents is None:
            raise ValueError("No frame has been drawn yet.")
        return latents

    def draw(self, now: float) -> RenderedFrame:
        """Draw the frame that is shown at `now`, in seconds of the recorded clock."""
        return self._renderer.draw(now)


def _checked_direction(direction: Direction) -> Direction:
    """Return the Direction as a Conductor sends it: with clean texts and values within their ranges."""
    prompts = tuple(replace(prompt, text=clean(prompt.text)) for prompt in direction.prompts)
    if any(
        prompt.id < 0
        or not 0 <= prompt.seed <= MAX_SEED
        or not math.isfinite(prompt.weight)
        or not (prompt.text or prompt.picture)
        for prompt in prompts
    ):
        raise ShowError(f"Direction {direction.number} has a prompt that no show can have.")
    params: dict[str, Value] = {
        name: coerce(find_param(name), value) for name, value in direction.params.items() if resolve(name)
    }
    return replace(direction, prompts=prompts, params=params)


def _check_frame(record: FrameReady) -> None:
    if not all(resolve(name) and math.isfinite(added) for name, added in record.modulation.items()):
        raise ShowError(f"in frame {record.sequence} sound moves what no show has.")
    if not (math.isfinite(record.show_at) and 0 <= record.pieces <= MAX_PIECES and 0 <= record.cutouts <= MAX_CUTOUTS):
        raise ShowError(f"frame {record.sequence} has a time or an amount of work that no renderer can have.")
