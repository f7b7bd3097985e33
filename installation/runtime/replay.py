"""Replays a journal offline: the renderer gets the same Directions and step budget, the stage the same commands.

With the same versions on the same machine the frames are identical, byte for byte, if the models are fakes or run on
the CPU. The checksum of every frame is compared with the recorded one.

If the beginning of a journal was rotated away, the replay starts at its oldest file as a restarted renderer does: from
the latents on screen and the Direction of that moment. The journal does not hold the state of the optimiser, so these
frames resemble the recorded ones; they are identical again from the next start of a renderer on.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from installation.core.errors import ShowError
from installation.core.messages import Direction, FrameReady, SetParam, Trigger
from installation.core.paths import free_path
from installation.core.prompt_text import captions
from installation.journal.codec import StageCommand
from installation.journal.reader import JournalRecord, RendererLife, read_journal
from installation.models.interfaces import ModelPlace, Picture
from installation.outputs.mp4_writer import Mp4Writer
from installation.render.interfaces import RendererConfig
from installation.render.replay import replay_frames
from installation.runtime.opening_picture import first_picture
from installation.runtime.options import RunOptions
from installation.show.settings import Show
from installation.stage.crossfade import GeneratedFrame
from installation.stage.picture import read_picture
from installation.stage.stage import Stage

FIRST_TAKE = 1  # of the Conductor


def replay_performance(options: RunOptions, journal: Path) -> dict[str, Any]:
    """Render the performance of a journal again, recording it to `options.record` if that is set.

    Returns:
        The number of frames, how many of them equal the recorded ones, and whether the journal is complete.

    Raises:
        ShowError: if the journal cannot be replayed.
    """
    performance = read_journal(journal)
    if not performance.has_words:
        raise ShowError(f"{journal} does not contain the prompts ([journal] words = false), so it cannot be replayed.")
    if not performance.from_first_renderer():
        raise ShowError(f"{journal} does not contain the start of a renderer.")
    try:
        show = Show.model_validate(performance.metadata["show"])
    except (KeyError, ValueError):
        raise ShowError(f"{journal} does not say which show it belongs to.") from None
    frames = _frames(show, options.place, performance)
    if options.record:
        stage = _ReplayStage(show, options.place, performance)
        frames = _recorded(free_path(options.record), stage, performance, frames)
    equal = [zlib.crc32(picture.data) == record.crc for record, picture in frames]
    return {"replayed": str(journal), "frames": len(equal), "equal": sum(equal), "whole": performance.complete}


def _frames(show: Show, place: ModelPlace, performance: JournalRecord) -> Iterator[tuple[FrameReady, Picture]]:
    """Every recorded frame, rendered stage."""
    for life in performance.renderer_lives():
        again = replay_frames(_config(show, place, performance, life), life.directions, life.frames)
        yield from zip(life.frames, (picture for _, picture in again), strict=True)


def _config(show: Show, place: ModelPlace, performance: JournalRecord, life: RendererLife) -> RendererConfig:
    if life.start.direction is None:
        raise ShowError("The journal does not say what its renderer started with.")
    width, height = performance.metadata["size"]
    return RendererConfig(
        models=show.models,
        dream=show.dream,
        ring=Path(),
        aspect=(width, height),
        rate=1.0,
        seed=int(performance.metadata["seed"]),
        direction=life.start.direction,
        place=place,
        latents=life.start.latents,
    )


class _ReplayStage:
    """A stage without a window, driven by the entries of a journal."""

    def __init__(self, show: Show, place: ModelPlace, performance: JournalRecord) -> None:
        width, height = (side + side % 2 for side in performance.metadata["size"])  # video needs even sides
        look = show.look.model_copy(update={"size": (width, height)})
        self.stage = Stage.open(look, show.title, headless=True)
        self.rate = show.record.rate
        picture, _ = first_picture(show.models, place, int(performance.metadata["seed"]), (height, width))
        opening = read_picture(picture) if isinstance(picture, Path) else picture
        self._take, self._fade = FIRST_TAKE, 0.0
        self.stage.show_frame(GeneratedFrame(opening, self._take), 0.0, 0.0)
        self.stage.set_invitation(show.look.invitation)

    def take(self, message: Any, t: float) -> None:
        """Apply an entry of the journal that is not a frame."""
        match message:
            case Direction():
                if message.take != self._take:
                    self._take, self._fade = message.take, message.fade_seconds
                self.stage.set_caption(captions(message.prompts), t)
            case StageCommand(SetParam(name, value, _, seconds)):
                self.stage.set_parameter(name, value, seconds, t)
            case StageCommand(Trigger("panic", (seconds,))):
                self.stage.panic(float(seconds), t)
            case StageCommand(Trigger("reset")):
                self.stage.reset(t)

    def show(self, record: FrameReady, picture: Picture, t: float) -> None:
        """Show a frame."""
        frame = GeneratedFrame(picture, record.take, record.prompt_id, record.change)
        self.stage.show_frame(frame, self._fade, t)


def _recorded(
    path: Path, stage: _ReplayStage, performance: JournalRecord, frames: Iterator[tuple[FrameReady, Picture]]
) -> Iterator[tuple[FrameReady, Picture]]:
    """Pass the frames on, and record what the audience saw of them, at a constant rate."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(stage.stage), closing(Mp4Writer(path, stage.stage.size, stage.rate)) as writer:
        shown = 0
        for entry in performance.from_first_renderer():
            while shown / stage.rate <= entry.t:
                stage.stage.present(shown / stage.rate)
                writer.show(stage.stage.capture())
                writer.write(1)
                shown += 1
            if isinstance(entry.message, FrameReady):
                record, picture = next(frames)
                stage.show(record, picture, entry.t)
                yield record, picture
            else:
                stage.take(entry.message, entry.t)
