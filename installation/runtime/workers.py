"""The workers of a show: how each is started, from the state of the moment."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, count
from pathlib import Path
from typing import Any

from installation.conductor.conductor import Conductor
from installation.control.interface import ControlConfig, SurfaceHandovers
from installation.control.walls.settings import WallsSettings
from installation.core import clock
from installation.core.frame_ring import FrameRing
from installation.core.messages import CueFired, FramePresented, Lead, Notice, Origin
from installation.core.os_support import ATTENTIVE_NICENESS, COMPUTING_NICENESS, OUTPUT_NICENESS
from installation.core.speech_messages import SentenceSpoken, WriteLine
from installation.core.worker_status import ControlFigures, RendererHandover
from installation.journal.writer import Journal
from installation.models.language.worker import WriterConfig
from installation.outputs.interface import FrameFormat, OutputClaim, OutputConfig, OutputSpec, Source
from installation.outputs.png_sequence import PngSettings
from installation.outputs.recorder import SPEC as RECORDER
from installation.outputs.recorder import RecorderSettings, codec_of
from installation.render.interfaces import RendererConfig
from installation.runtime import entry_points
from installation.runtime.options import RunOptions
from installation.runtime.output_endings import OutputEndings
from installation.runtime.pictures import PictureStore
from installation.runtime.rings import Rings
from installation.runtime.show_parts import sinks_of, surfaces_of
from installation.runtime.sound_inputs import SoundInputs, is_speech
from installation.runtime.supervisor import SupervisedWorker
from installation.runtime.worker_link import WorkerLink
from installation.show.error_messages import Location, at_line
from installation.show.projection import ProjectedWindow, ScreenSettings
from installation.show.text_file import read_text
from installation.stage.screen_worker import ScreenConfig

LATEST_SENTENCES = 32  # that a new recorder gets: its predecessor may have died before it wrote them


@dataclass
class Workers:
    """The workers by name: renderer, control, speech, and one for each output."""

    options: RunOptions
    conductor: Conductor
    size: tuple[int, int]  # width and height of the stage
    rate: float  # presented frames per second
    journal: Journal | None
    opening: RendererHandover | None = None  # the latents of the opening picture
    by_name: dict[str, SupervisedWorker] = field(init=False, default_factory=dict)
    endings: OutputEndings = field(init=False, default_factory=OutputEndings)
    _cue: CueFired | None = field(init=False, default=None)  # the latest, for outputs that start later
    _spoken: deque[SentenceSpoken] = field(init=False, default_factory=lambda: deque(maxlen=LATEST_SENTENCES))
    _sources: dict[str, Source] = field(init=False, default_factory=dict)  # of the outputs, by worker

    def __post_init__(self) -> None:
        """Create the frame rings. Raises ShowError for a wrong `[[surface]]` or `[[output]]` table, or a picture."""
        self.pictures = PictureStore(self.options.show, self.options.name, self.options.folder)
        self._surfaces = surfaces_of(self.options.show, self._where)
        self.sinks = tuple(sinks_of(self.options.show, self._where))
        self.walls = next((each.settings for each in self._surfaces if isinstance(each.settings, WallsSettings)), None)
        self.rings = Rings(self.size, len(self.options.show.screen))
        films_sound = any(settings.sound for _, settings, _ in self.sinks if isinstance(settings, RecorderSettings))
        film_sound = self.rings.sound if self.options.show.record.sound or films_sound else None
        self.inputs = SoundInputs(self.options, self.conductor, film_sound)

    def _where(self, location: Location) -> str:
        """Where a key of the show file is, for messages; what the command line has added is in no file."""
        if not self.options.file:
            return f"{self.options.name}.toml: "
        line = at_line(read_text(self.options.file, "the show file"), location)
        return f"{self.options.file.name}{line}: " if line else ""

    # -- starting -------------------------------------------------------------------------------------------------

    def start_renderer(self, now: float) -> None:
        """Start the renderer. Its successors continue from the latents on screen, with the Direction of the moment."""
        show = self.options.show

        def start() -> WorkerLink:
            latents = self._renderer_handover()
            config = RendererConfig(
                models=show.models,
                dream=show.dream,
                ring=self._ring("generator").path,
                aspect=self.size,
                rate=show.models.rate,
                seed=self.options.seed,
                direction=self.pictures.complete(self.conductor.direction),
                place=self.options.place,
                latents=(latents.z, latents.classes) if latents else None,
                leads=self.walls is not None and self.walls.role == "leader",
                camera=show.look.camera,
                transitions=show.look.transitions,
            )
            if self.journal:
                self.journal.renderer_started(config.latents, clock.now(), config.direction)
            return WorkerLink(entry_points.renderer, config, "renderer", self.options.inline, COMPUTING_NICENESS)

        self.by_name["renderer"] = SupervisedWorker("renderer", start, now)

    def _renderer_handover(self) -> RendererHandover | None:
        left = self.by_name["renderer"].handover if "renderer" in self.by_name else None
        return left if isinstance(left, RendererHandover) else self.opening

    def start_control(self, now: float) -> None:
        """Start the control worker, if the show has any control surface."""
        if not self._surfaces:
            return

        def start() -> WorkerLink:
            left = self.by_name["control"].handover if "control" in self.by_name else None
            handover = left if isinstance(left, SurfaceHandovers) else None
            values, listings = dict(self.conductor.values), self.conductor.listings
            config = ControlConfig(self._surfaces, values, handover, self.rings.stage.path, listings)
            return WorkerLink(entry_points.control, config, "control", niceness=ATTENTIVE_NICENESS)

        self.by_name["control"] = SupervisedWorker("control", start, now)

    def start_speech(self, now: float) -> None:
        """Start a speech worker for each microphone, if the show listens."""
        for name, start in self.inputs.microphones.items():
            self.by_name[name] = SupervisedWorker(name, start, now)

    def start_sound(self, now: float) -> None:
        """Start the sound worker, if sound is to be analysed and has a source of its own."""
        if start := self.inputs.line_input:
            self.by_name["sound"] = SupervisedWorker("sound", start, now)

    def start_writer(self, now: float) -> None:
        """Start the writer, if a language model writes the show's lines."""
        folder = self.options.language_model
        if folder is not None:
            config = WriterConfig(folder, self.options.seed)
            self.by_name["writer"] = SupervisedWorker(
                "writer",
                lambda: WorkerLink(entry_points.writer, config, "writer", niceness=COMPUTING_NICENESS),
                now,
            )

    def ask_writer(self, message: WriteLine) -> bool:
        """Ask the writer for a line; return whether it can answer."""
        writer = self.by_name.get("writer")
        if writer is None or writer.state != "running":
            return False
        writer.link.send(message)
        return True

    @property
    def speech_links(self) -> list[WorkerLink]:
        """The links to the workers of all microphones."""
        return [worker.link for name, worker in self.by_name.items() if is_speech(name)]

    def recorder_settings(
        self, path: Path, keep_seconds: float | None = None, seconds: float | None = None
    ) -> RecorderSettings:
        """The settings of a recording to `path`: of all, the last `keep_seconds`, or the next `seconds`."""
        record = self.options.show.record
        return RecorderSettings(
            path, keep_seconds, sound=record.sound, seconds=seconds, codec=codec_of(path, record.codec)
        )

    def start_recorder(self, claim: OutputClaim, now: float) -> str:
        """Start a recorder whose folder is claimed; return the worker's name. Raises OSError, and releases it then."""
        record = self.options.show.record
        return self._start_claimed(RECORDER, claim.settings, claim, record.source, record.rate, now)

    @property
    def sequences(self) -> list[Path]:
        """The folders of PNG sequences, as the show file names them."""
        return [settings.path for _, settings, _ in self.sinks if isinstance(settings, PngSettings)]

    def start_output(self, spec: OutputSpec, settings: Any, source: Source, rate: float, now: float) -> str:
        """Start an output with frames of that source; return the worker's name. Raises OSError."""
        claim = spec.claim(settings) if spec.claim else None
        return self._start_claimed(spec, claim.settings if claim else settings, claim, source, rate, now)

    def _start_claimed(
        self, spec: OutputSpec, settings: Any, claim: OutputClaim | None, source: Source, rate: float, now: float
    ) -> str:
        numbered = (f"{spec.kind}-{number}" for number in count(2))
        name = next(name for name in chain([spec.kind], numbered) if name not in {*self.by_name, *self.endings.claims})
        size = self.size if source == "stage" else (0, 0)

        def start() -> WorkerLink:
            ring = self._ring(source).path
            config = OutputConfig(name, spec, settings, ring, FrameFormat(*size, rate, ring.parent))
            link = WorkerLink(entry_points.output, config, name, niceness=OUTPUT_NICENESS)
            for message in (*([self._cue] if self._cue else ()), *self._spoken):
                link.send(message)
            return link

        try:
            self.by_name[name] = SupervisedWorker(name, start, now)
        except OSError:
            if claim:
                claim.release()
            raise
        self._sources[name] = source
        if claim:
            self.endings.claims[name] = claim
        return name

    def end_output(self, name: str) -> None:
        """Let an output finish its work; it is not replaced any more."""
        output = self.by_name.pop(name)
        del self._sources[name]
        self.endings.begin(output, clock.now())

    def mark(self, name: str, now: float) -> None:
        """Tell the outputs, also those to come, that a cue was fired."""
        self._cue = CueFired(name, now)
        self._tell_outputs(self._cue)

    def say(self, sentence: SentenceSpoken) -> None:
        """Tell the outputs, also those to come, what was said."""
        self._spoken.append(sentence)
        self._tell_outputs(sentence)

    def _tell_outputs(self, message: CueFired | SentenceSpoken) -> None:
        for output in self._sources:
            self.by_name[output].link.send(message)

    def start_screens(self, now: float) -> None:
        """Start a worker for each screen of the show."""
        for number, settings in enumerate(self.options.show.screen, 1):
            name = f"screen-{number}"
            self._sources[name] = "stage"
            self.by_name[name] = SupervisedWorker(name, partial(self._start_screen, name, number, settings), now)

    def _start_screen(self, name: str, number: int, settings: ScreenSettings) -> WorkerLink:
        ring, window = self._ring("stage").path, self.conductor.windows[number]
        config = ScreenConfig(name, window, settings, self.options.show.look.opengl, ring, self.rings.lockstep.path)
        return WorkerLink(entry_points.screen, config, name)

    def project(self, window: ProjectedWindow) -> None:
        """Tell a screen how its part lies in its window."""
        if link := self.link(f"screen-{window.number}"):
            link.send(window, key="window")

    def screen_lost(self, name: str) -> None:
        """Let the other screens go on without this one."""
        if name.startswith("screen-"):
            self.rings.lockstep.leave(int(name.removeprefix("screen-")))

    def _ring(self, source: Source) -> FrameRing:
        """The ring with the frames of that source; if it was deleted, a new one, for new workers. Raises OSError."""
        if self.rings.renew(source):
            users = [name for name, taken in self._sources.items() if taken == source]
            for name in ["renderer", *users] if source == "generator" else users:
                if name in self.by_name:
                    self.by_name[name].give_up("its frame ring was deleted")
        return self.rings.of(source)

    # -- running --------------------------------------------------------------------------------------------------

    def link(self, name: str) -> WorkerLink | None:
        """The link to a worker; None if the show has no such worker."""
        worker = self.by_name.get(name)
        return worker.link if worker else None

    def is_surface(self, origin: Origin) -> bool:
        """Whether a message comes from a control surface, which then gets the reply."""
        return any(origin.source in (each.spec.kind, *each.spec.sources) for each in self._surfaces)

    def lead(self, message: Lead) -> None:
        """Pass on what the show does to the surface that leads others, if there is one."""
        if self.walls and self.walls.role == "leader" and (link := self.link("control")):
            link.send(message, key=type(message).__name__)

    @property
    def clock_offset(self) -> float:
        """Seconds that this machine's clock is ahead of the leader's."""
        worker = self.by_name.get("control")
        figures = worker.figures if worker else None
        return sum(each.clock_offset for each in figures.surfaces) if isinstance(figures, ControlFigures) else 0.0

    def publish(self, notice: Notice) -> None:
        """Pass a sentence for the operator to the control surfaces."""
        if link := self.link("control"):
            link.send(notice)

    @property
    def has_viewers(self) -> bool:
        """Whether somebody looks at the picture on a control surface."""
        worker = self.by_name.get("control")
        figures = worker.figures if worker else None
        return isinstance(figures, ControlFigures) and any(each.viewers for each in figures.surfaces)

    def has_outputs(self, source: Source) -> bool:
        """Whether any output takes frames of that source."""
        return source in self._sources.values()

    def is_output(self, name: str) -> bool:
        """Whether the worker of this name takes frames."""
        return name in self._sources

    def is_productive(self, name: str) -> bool:
        """Whether the present process of a worker has done something of what it was started for."""
        return self.by_name[name].process.productive

    def announce(self, frame: FramePresented, source: Source) -> None:
        """Tell the outputs of that source about a frame in the ring."""
        for name, taken in self._sources.items():
            if taken == source:
                self.by_name[name].link.send(frame)

    def finish(self, seconds: float) -> list[Notice]:
        """End the workers: all finish their work at the same time, the outputs last and with more time.

        Returns:
            What the outputs still have to tell the operator. Their files are in `endings.files` then.
        """
        try:
            for worker in self.by_name.values():
                worker.link.close()
            for name, worker in self.by_name.items():
                if name not in self._sources:
                    worker.stop(seconds)
            return self.endings.finish([self.by_name[name] for name in self._sources])
        finally:
            self.rings.close()
            for claim in self.endings.claims.values():
                claim.release()

    def __iter__(self) -> Iterator[SupervisedWorker]:
        return iter(self.by_name.values())
