"""Replays a journal offline: the renderer gets the same Directions and step budget, the stage the same commands.

With the same versions on the same machine the frames are identical, byte for byte, if the models are fakes or run on
the CPU. The checksum of every frame is compared with the recorded one.

If the beginning of a journal was rotated away, the replay starts at its oldest file as a restarted renderer does: from
the latents on screen and the Direction of that moment. The journal does not hold the state of the optimiser, so these
frames resemble the recorded ones; they are identical again from the next start of a renderer on.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from installation.core.errors import Rejected, ShowError
from installation.core.messages import FIRST_TAKE, Direction, FrameReady, Modulation, SetParam, Trigger
from installation.core.os_support import cores
from installation.core.params import PARAMS, coerce, default_values
from installation.core.paths import free_path
from installation.core.prompt_text import captions
from installation.journal.codec import RendererStarted, StageCommand
from installation.journal.reader import JournalRecord, read_journal
from installation.models.interfaces import ModelPlace, Picture
from installation.outputs.mp4_writer import CODECS, Mp4Writer
from installation.outputs.recorder import codec_of
from installation.render.interfaces import RendererConfig
from installation.render.opening_picture import first_picture
from installation.render.replay import replay_frames
from installation.show.settings import LookSettings, ModelSettings, Show
from installation.stage.crossfade import GeneratedFrame
from installation.stage.stage import Stage

MAX_SILENCE_SECONDS = 3600.0  # between two entries: even a paused renderer draws a frame each second


def replay_performance(place: ModelPlace, journal: Path, record: Path | None = None) -> dict[str, Any]:
    """Render the performance of a journal again, recording it to `record` if that is set.

    Args:
        place: Where the models are.
        journal: The newest file of the performance.
        record: The MP4 to write; if it exists, name-2, name-3 ...

    Returns:
        The number of frames, how many of them equal the recorded ones, and whether the journal is complete.

    Raises:
        ShowError: if the journal cannot be replayed.
    """
    performance = read_performance(journal)
    frames = _frames(place, performance)
    if record:
        stage = ReplayStage(place, performance)
        frames = _recorded(free_path(record), stage, performance.record, frames)
    try:
        equal = [zlib.crc32(picture.data) == record.crc for record, picture in frames]
    except Rejected as error:
        raise ShowError(f"{journal} is damaged: {error}") from None
    complete = performance.record.complete
    return {"replayed": str(journal), "frames": len(equal), "equal": sum(equal), "whole": complete}


@dataclass(frozen=True)
class Performance:
    """A journal that can be rendered again."""

    show: Show
    size: tuple[int, int]  # width and height of the stage
    seed: int
    record: JournalRecord
    cores: int  # of the machine on which it was played


def read_performance(journal: Path) -> Performance:
    """Read a journal, and check that it can be replayed. Raises ShowError if it cannot."""
    record = read_journal(journal)
    if not record.has_words:
        raise ShowError(f"{journal} does not contain the prompts ([journal] words = false), so it cannot be replayed.")
    if not record.from_first_renderer():
        raise ShowError(f"{journal} does not contain the start of a renderer.")
    try:
        show = Show.model_validate(record.metadata["show"])
        size = LookSettings.model_validate({"size": record.metadata["size"]}).size
        seed = ModelSettings.model_validate({"seed": record.metadata["seed"]}).seed
    except (KeyError, ValueError):
        raise ShowError(f"{journal} does not say which show it belongs to.") from None
    played_on = record.metadata.get("cores")
    return Performance(show, size, seed, record, played_on if isinstance(played_on, int) and played_on > 0 else cores())


def _frames(place: ModelPlace, performance: Performance) -> Iterator[tuple[FrameReady, Picture]]:
    """Every recorded frame, rendered again."""
    for life in performance.record.renderer_lives():
        again = replay_frames(renderer_config(place, performance, life.start), life.directions, life.frames)
        yield from zip(life.frames, (picture for _, picture in again), strict=True)


def renderer_config(place: ModelPlace, performance: Performance, start: RendererStarted) -> RendererConfig:
    """What a renderer of the performance was started with. Raises ShowError if the journal does not say it."""
    if start.direction is None:
        raise ShowError("The journal does not say what its renderer started with.")
    return RendererConfig(
        models=performance.show.models,
        dream=performance.show.dream,
        ring=Path(),
        aspect=performance.size,
        rate=1.0,
        seed=performance.seed,
        direction=start.direction,
        place=place,
        latents=start.latents,
        camera=performance.show.look.camera,
        transitions=performance.show.look.transitions,
        cores=performance.cores,
    )


class ReplayStage:
    """A stage without a window, driven by the entries of a journal."""

    def __init__(self, place: ModelPlace, performance: Performance) -> None:
        show = performance.show
        width, height = (side + side % 2 for side in performance.size)  # video needs even sides
        look = show.look.model_copy(update={"size": (width, height)})
        self.stage = Stage.open(look, show.title, headless=True)
        self.rate = show.record.rate
        picture = first_picture(show.models, place, performance.seed, (height, width)).picture
        self._take, self._fade = FIRST_TAKE, 0.0
        self.stage.show_frame(GeneratedFrame(picture, self._take), 0.0, 0.0)
        self.stage.set_invitation(show.look.invitation)

    def take(self, message: Any, t: float) -> None:
        """Apply an entry of the journal that is not a frame."""
        match message:
            case Direction():
                if message.take != self._take:
                    self._take, self._fade = message.take, message.fade_seconds
                self.stage.set_caption(captions(message.prompts), t)
            case StageCommand(SetParam(name, value, _, seconds)) if name in default_values("stage"):
                self.stage.set_parameter(name, coerce(PARAMS[name], value), seconds, t)
            case StageCommand(Modulation(stage=added)):
                self.stage.modulate({name: amount for name, amount in added.items() if math.isfinite(amount)})
            case StageCommand(Trigger("panic", (int() | float() as seconds,))):
                self.stage.panic(seconds, t)
            case StageCommand(Trigger("reset")):
                self.stage.reset(t)

    def show(self, record: FrameReady, picture: Picture, t: float) -> None:
        """Show a frame."""
        frame = GeneratedFrame(picture, record.take, record.prompt_id, record.change)
        self.stage.show_frame(frame, self._fade, t)


def _recorded(
    path: Path, stage: ReplayStage, performance: JournalRecord, frames: Iterator[tuple[FrameReady, Picture]]
) -> Iterator[tuple[FrameReady, Picture]]:
    """Pass the frames on, and record what the audience saw of them, at a constant rate."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with (
        closing(stage.stage),
        closing(Mp4Writer(path, stage.stage.size, stage.rate, CODECS[codec_of(path, "h264")])) as writer,
    ):
        shown = 0
        for entry in performance.from_first_renderer():
            if entry.t > shown / stage.rate + MAX_SILENCE_SECONDS:
                raise ShowError(f"the journal is damaged: nothing happens for {entry.t - shown / stage.rate:.0f} s.")
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
