"""A performance as a film: rendered again offline from its journal, at any size and frame rate.

The optimisation repeats exactly what was done live. The pictures are drawn anew at the times and at the size of the
film, so that no frame is late and nothing is scaled up.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from installation.core.errors import Rejected, ShowError
from installation.core.messages import Direction, FrameReady, SetParam
from installation.core.paths import writing
from installation.core.prompt_text import captions as captions_of
from installation.core.speech_messages import AudioStarted
from installation.journal.codec import RendererStarted, StageCommand
from installation.journal.reader import JournalEntry, RendererLife
from installation.models.interfaces import ModelPlace, Picture
from installation.render.replay import ReplayedRenderer
from installation.studio.captions import Caption, write_srt
from installation.studio.replay import (
    MAX_SILENCE_SECONDS,
    Performance,
    ReplayStage,
    read_performance,
    renderer_config,
)
from installation.studio.video import FilmWriter

MAX_RENDERED_HEIGHT = 2160  # of `models.height`


@dataclass(frozen=True)
class FilmPlan:
    """How a performance is filmed.

    Attributes:
        size: Width and height; None is that of the stage.
        fps: Frames per second.
        captions: Whether the captions are in the picture; None is as in the show.
        srt: Whether they are written beside the film.
        audio: A sound track. One that the show itself has played begins in the film when it began there.
        device: Where the generator runs; None is that of the show.
    """

    size: tuple[int, int] | None = None
    fps: float = 30.0
    captions: bool | None = None
    srt: bool = False
    audio: Path | None = None
    device: str | None = None


def render_film(
    place: ModelPlace, journal: Path, target: Path, plan: FilmPlan, on_frame: Callable[[int, int], None]
) -> int:
    """Render the performance of a journal to `target`; return the number of frames.

    Raises:
        ShowError: The journal cannot be rendered again, or the film cannot be written.
    """
    performance = _planned(read_performance(journal), plan)
    entries = performance.record.from_first_renderer()
    total = max(1, round(entries[-1].t * plan.fps))
    film = _Film(place, performance, plan)
    try:
        with FilmWriter(target, plan.fps, plan.audio, _audio_begins(entries, plan.audio)) as writer:
            for entry in entries:
                while writer.frames / plan.fps <= entry.t:
                    film.check_silence(entry.t - writer.frames / plan.fps)
                    writer.write(film.picture(writer.frames / plan.fps))
                    on_frame(writer.frames, total)
                film.apply(entry)
    except Rejected as error:
        raise ShowError(f"{journal} is damaged: {error}") from None
    finally:
        film.stage.stage.close()
    if plan.srt:
        with writing(path := target.with_suffix(".srt")):
            write_srt(path, film.captions(writer.frames / plan.fps))
    return writer.frames


def _audio_begins(entries: Sequence[JournalEntry], audio: Path | None) -> float:
    """The second of the film at which a show began to play this file; 0 if it did not."""
    name = audio.name if audio else ""
    played = (each.t for each in entries if isinstance(each.message, AudioStarted) and each.message.name == name)
    return next(played, 0.0)


def _planned(performance: Performance, plan: FilmPlan) -> Performance:
    """The performance with the size, the captions and the device of the plan."""
    width, height = (side + side % 2 for side in (plan.size or performance.size))
    show = performance.show
    look = show.look if plan.captions is None else show.look.model_copy(update={"captions": plan.captions})
    update: dict[str, object] = {"height": min(height, MAX_RENDERED_HEIGHT)}
    if plan.device is not None:
        update["device"] = plan.device
    changed = show.model_copy(update={"look": look, "models": show.models.model_copy(update=update)})
    return replace(performance, show=changed, size=(width, height))


class _Film:
    """The stage and the renderer of a performance, at the times of the film."""

    def __init__(self, place: ModelPlace, performance: Performance, plan: FilmPlan) -> None:
        self._keeps_captions = plan.captions is None
        self.stage = ReplayStage(place, performance)
        self._place, self._performance = place, performance
        self._lives = iter(performance.record.renderer_lives())
        self._renderer: ReplayedRenderer | None = None
        self._record: FrameReady | None = None  # the last one
        self._offset = 0.0  # of the renderer's clock to the time of the film
        self._captions: list[tuple[float, str]] = []

    def check_silence(self, seconds: float) -> None:
        """Raise ShowError if nothing is recorded for longer than a performance can be silent."""
        if seconds > MAX_SILENCE_SECONDS:
            raise ShowError(f"the journal is damaged: nothing happens for {seconds:.0f} s.")

    def apply(self, entry: JournalEntry) -> None:
        """Take the next entry of the journal."""
        match entry.message:
            case RendererStarted():
                self._start(next(self._lives))
            case FrameReady() as record if self._renderer is not None:
                self._renderer.apply(record)
                self._record, self._offset = record, record.show_at - entry.t
            case Direction() as direction:
                self._captions.append((entry.t, captions_of(direction.prompts)))
                self.stage.take(direction, entry.t)
            case StageCommand(SetParam("caption/opacity")) if not self._keeps_captions:
                pass
            case message:
                self.stage.take(message, entry.t)

    def picture(self, t: float) -> Picture:
        """Return what the audience sees at `t`, seconds of the film."""
        if self._renderer is not None and self._record is not None:
            frame = self._renderer.draw(t + self._offset)
            self.stage.show(replace(self._record, change=frame.change), frame.picture, t)
        self.stage.stage.present(t)
        return self.stage.stage.capture()

    def captions(self, end: float) -> list[Caption]:
        """Return the captions of the whole film."""
        ends = [t for t, _ in self._captions[1:]] + [end]
        merged: list[Caption] = []
        for (start, text), until in zip(self._captions, ends, strict=True):
            if merged and merged[-1].text == text:
                merged[-1] = Caption(merged[-1].start, until, text)
            else:
                merged.append(Caption(start, until, text))
        return merged

    def _start(self, life: RendererLife) -> None:
        config = renderer_config(self._place, self._performance, life.start)
        self._renderer, self._record = ReplayedRenderer(config, life.directions), None
