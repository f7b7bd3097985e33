"""A journal played again, offline: the renderer gets the same Directions and grants, the stage the same hand.

With the same versions on the same machine the frames are the same, byte for byte, where the models are fakes or run
on the CPU; every frame's checksum is compared with the recorded one.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from installation.core.errors import ShowError
from installation.core.messages import Direction, FrameReady, SetParam, Trigger
from installation.core.prompt_text import captions
from installation.journal.reader import JournalRecord, RendererLife, read_journal
from installation.journal.writer import StageCommand
from installation.models.interfaces import Picture
from installation.outputs.config import free_path
from installation.outputs.mp4_writer import Mp4Writer
from installation.render.interfaces import RendererConfig
from installation.render.replay import replay_frames
from installation.runtime.opening_picture import first_picture
from installation.runtime.options import RunOptions
from installation.show.settings import Show
from installation.stage.image_files import read_picture
from installation.stage.stage import Stage

FIRST_TAKE = 1  # as the Conductor counts


def replay_performance(plan: RunOptions, journal: Path) -> dict[str, Any]:
    """Renders the journal's performance again, into `plan.record` if there is one. Raises ShowError.

    Returns figures: the frames drawn again, how many of them equal the recorded ones, and whether the journal is whole.
    A recording that is there already is never written over.
    """
    transcript = read_journal(journal)
    if not transcript.has_words:
        raise ShowError(f"{journal} was kept without the words that were said, so it cannot be played again.")
    if not transcript.from_first_renderer():
        raise ShowError(f"{journal} holds no start of a renderer: its beginning has been rotated away.")
    try:
        show = Show.model_validate(transcript.metadata["show"])
    except (KeyError, ValueError):
        raise ShowError(f"{journal} does not say which show it was.") from None
    frames = _frames(show, transcript)
    if plan.record:
        frames = _recorded(free_path(plan.record), show, transcript, frames)
    equal = [zlib.crc32(picture.data) == record.crc for record, picture in frames]
    return {"replayed": str(journal), "frames": len(equal), "equal": sum(equal), "whole": transcript.complete}


def _frames(show: Show, transcript: JournalRecord) -> Iterator[tuple[FrameReady, Picture]]:
    """Every frame that was drawn, drawn again."""
    for life in transcript.renderer_lives():
        again = replay_frames(_config(show, transcript, life), life.directions, life.frames)
        yield from zip(life.frames, (picture for _, picture in again), strict=True)


def _config(show: Show, transcript: JournalRecord, life: RendererLife) -> RendererConfig:
    if life.start.direction is None:
        raise ShowError("the journal does not say what its renderer began with.")
    width, height = transcript.metadata["size"]
    return RendererConfig(
        models=show.models,
        dream=show.dream,
        ring=Path(),
        aspect=(width, height),
        rate=1.0,
        seed=int(transcript.metadata["seed"]),
        direction=life.start.direction,
        latents=life.start.latents,
    )


class _StageAgain:
    """The stage without a window, led by the entries of a journal."""

    def __init__(self, show: Show, transcript: JournalRecord) -> None:
        width, height = (side + side % 2 for side in transcript.metadata["size"])  # a film's sides are even
        look = show.look.model_copy(update={"size": (width, height)})
        self.stage = Stage.open(look, show.title, headless=True)
        picture, _ = first_picture(show.models, int(transcript.metadata["seed"]), (height, width))
        opening = read_picture(picture) if isinstance(picture, Path) else picture
        self._take, self._fade = FIRST_TAKE, 0.0
        self.stage.show_picture(opening, self._take, 0, 0.0, 0.0)
        self.stage.invite(show.look.invitation)

    def take(self, message: Any, t: float) -> None:
        """An entry of the journal, but for the frames."""
        match message:
            case Direction():
                if message.take != self._take:
                    self._take, self._fade = message.take, message.fade_seconds
                self.stage.caption(captions(message.prompts), t)
            case StageCommand(SetParam(name, value, _, seconds)):
                self.stage.set(name, value, seconds, t)
            case StageCommand(Trigger("panic", (seconds,))):
                self.stage.panic(float(seconds), t)
            case StageCommand(Trigger("reset")):
                self.stage.reset(t)

    def show(self, record: FrameReady, picture: Picture, t: float) -> None:
        """A frame has come."""
        self.stage.show_picture(picture, record.take, record.prompt_id, self._fade, t, record.change)


def _recorded(
    path: Path, show: Show, transcript: JournalRecord, frames: Iterator[tuple[FrameReady, Picture]]
) -> Iterator[tuple[FrameReady, Picture]]:
    """Passes the frames on, and records what the audience saw of them, at a constant rate."""
    again = _StageAgain(show, transcript)
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(again.stage), closing(Mp4Writer(path, again.stage.size, show.record.rate)) as reel:
        shown = 0
        for entry in transcript.from_first_renderer():
            while shown / show.record.rate <= entry.t:
                again.stage.present(shown / show.record.rate)
                reel.show(again.stage.capture())
                reel.write(1)
                shown += 1
            if isinstance(entry.message, FrameReady):
                record, picture = next(frames)
                again.show(record, picture, entry.t)
                yield record, picture
            else:
                again.take(entry.message, entry.t)
