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
from installation.control.interface import ControlConfig, SurfaceConfig, SurfaceHandovers
from installation.control.registry import surface_spec
from installation.control.walls.settings import WallsSettings
from installation.control.web.config import WebConfig
from installation.core import clock
from installation.core.errors import ShowError
from installation.core.frame_ring import FrameRing
from installation.core.lockstep import Lockstep
from installation.core.messages import (
    CueFired,
    FramePresented,
    Lead,
    Notice,
    Origin,
    SentenceSpoken,
    WriteLine,
)
from installation.core.ring_folder import LOCKSTEP, SOUND_RING, remove_rings, ring_folder
from installation.core.worker_status import ControlFigures, OutputFigures, RendererHandover, WorkerStatus
from installation.journal.writer import Journal
from installation.models.language.worker import WriterConfig
from installation.outputs.interface import FrameFormat, OutputClaim, OutputConfig, OutputSpec, Source
from installation.outputs.png_sequence import PngSettings
from installation.outputs.recorder import SPEC as RECORDER
from installation.outputs.recorder import RecorderSettings, codec_of
from installation.outputs.registry import output_spec
from installation.render.interfaces import RendererConfig
from installation.runtime import entry_points
from installation.runtime.options import RunOptions
from installation.runtime.pictures import PictureStore
from installation.runtime.supervisor import SupervisedWorker
from installation.runtime.worker_link import WorkerLink
from installation.show.extensions import extension_settings
from installation.show.projection import ProjectedWindow, ScreenSettings
from installation.show.settings import Show
from installation.show.sound_settings import SoundSettings
from installation.speech.interfaces import SoundConfig, SpeechConfig
from installation.stage.screen_worker import ScreenConfig

SLOTS = 8  # of a frame ring
LARGEST_FRAME = 2160 * 3840 * 3  # bytes of a generated frame; the file is sparse, only what is used takes memory
LATEST_SENTENCES = 32  # that a new recorder gets: its predecessor may have died before it wrote them
MAX_FINISH_SECONDS = 1800.0  # for an output that the operator has ended while the show goes on; then it hangs
MAX_CLOSE_SECONDS = 10.0  # for one that leaves no files
OUTPUT_FINISH_SECONDS = 60.0  # for outputs at the end: ten minutes of segments are joined, on a slow disk


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
    files: list[Path] = field(init=False, default_factory=list)  # what the outputs have left, after `finish`
    unfinished: list[str] = field(init=False, default_factory=list)  # what could not be finished, in sentences
    _claims: dict[str, OutputClaim] = field(init=False, default_factory=dict)  # of the outputs that leave files
    _ending: list[SupervisedWorker] = field(init=False, default_factory=list)  # outputs that finish their work
    _finish_by: dict[str, float] = field(init=False, default_factory=dict)  # of these, by name, s of `clock.now`
    _repeated: set[str] = field(init=False, default_factory=set)  # of these, by name, those in a second process
    _cue: CueFired | None = field(init=False, default=None)  # the latest, for outputs that start later
    _spoken: deque[SentenceSpoken] = field(init=False, default_factory=lambda: deque(maxlen=LATEST_SENTENCES))
    _sources: dict[str, Source] = field(init=False, default_factory=dict)  # of the outputs, by worker

    def __post_init__(self) -> None:
        """Create the frame rings. Raises ShowError for a wrong `[[surface]]` or `[[output]]` table, or a picture."""
        self.pictures = PictureStore(self.options.show, self.options.name, self.options.folder)
        try:
            self._surfaces = _surfaces(self.options.show)
            self.sinks = tuple(_sinks(self.options.show))
        except ShowError as error:
            raise ShowError(f"{self.options.name}.toml: {error}") from None
        self.walls = next((each.settings for each in self._surfaces if isinstance(each.settings, WallsSettings)), None)
        width, height = self.size
        self._folder = ring_folder(2 * SLOTS * width * height * 3)
        frames, stage = (self._folder.path / name for name in ("frames", "stage"))
        self.frames = FrameRing(frames, SLOTS, LARGEST_FRAME)
        self.stage_ring = FrameRing(stage, SLOTS, width * height * 3, checked=False)
        self._lockstep = Lockstep(self._folder.path / LOCKSTEP, max(1, len(self.options.show.screen)))

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
            return WorkerLink(entry_points.renderer, config, "renderer", self.options.inline)

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
            config = ControlConfig(self._surfaces, values, handover, self.stage_ring.path, listings)
            return WorkerLink(entry_points.control, config, "control")

        self.by_name["control"] = SupervisedWorker("control", start, now)

    def start_speech(self, now: float) -> None:
        """Start a speech worker for each microphone, if the show listens.

        A successor gets the gate and the script of the moment.
        """
        options, show = self.options, self.options.show
        if not self._listens:
            return

        devices = ("",) if options.audio else show.listen.devices
        for number, device in enumerate(devices, 1):
            name = "speech" if number == 1 else f"speech-{number}"
            sound = show.sound if number == 1 and not self._has_line_input else None
            start = partial(self._start_microphone, name, device, device if len(devices) > 1 else "", sound)
            self.by_name[name] = SupervisedWorker(name, start, now)

    @property
    def _listens(self) -> bool:
        """Whether speech is recognised. `--audio` is for speech, unless the show only analyses sound."""
        show = self.options.show
        return show.listen.enabled or (self.options.audio is not None and not show.sound.enabled)

    @property
    def _has_line_input(self) -> bool:
        """Whether sound has a source of its own, besides the microphone for speech."""
        sound = self.options.show.sound
        return sound.enabled and bool(sound.device or sound.file or not self._listens)

    def start_sound(self, now: float) -> None:
        """Start the sound worker, if sound is to be analysed and has a source of its own."""
        if self._has_line_input:
            config = SoundConfig(self.options.show.sound, self.sound_file, self._film_sound)
            self.by_name["sound"] = SupervisedWorker(
                "sound", lambda: WorkerLink(entry_points.sound, config, "sound"), now
            )

    def start_writer(self, now: float) -> None:
        """Start the writer, if a language model writes the show's lines."""
        folder = self.options.language_model
        if folder is not None:
            config = WriterConfig(folder, self.options.seed)
            self.by_name["writer"] = SupervisedWorker(
                "writer", lambda: WorkerLink(entry_points.writer, config, "writer"), now
            )

    def ask_writer(self, message: WriteLine) -> bool:
        """Ask the writer for a line; return whether it can answer."""
        writer = self.by_name.get("writer")
        if writer is None or writer.state != "running":
            return False
        writer.link.send(message)
        return True

    @property
    def sound_file(self) -> Path | None:
        """The audio file that the sound worker plays instead of a device."""
        options, file = self.options, self.options.show.sound.file
        if options.audio and not self._listens:
            return options.audio
        return (options.folder or Path()) / file if file else None

    def _start_microphone(self, name: str, device: str, label: str, sound: SoundSettings | None) -> WorkerLink:
        """Start the worker of one microphone; `label` names it in its messages, `sound`: analyse its sound as well."""
        conductor, options = self.conductor, self.options
        config = SpeechConfig(
            listening=options.show.listen.model_copy(update={"device": device}),
            models=options.place.cache,
            hints=conductor.recognizer_hints,
            position=conductor.reading_position,
            gate=conductor.microphone_gate,
            microphone=label,
            audio=options.audio,
            sound=sound if sound and sound.enabled else None,
            film_sound=self._film_sound if name == "speech" and not self._has_line_input else None,
        )
        return WorkerLink(entry_points.speech, config, name)

    @property
    def _film_sound(self) -> Path | None:
        """The ring for the sound of recordings; None if none of them has sound."""
        sinks = (settings for _, settings, _ in self.sinks if isinstance(settings, RecorderSettings))
        wanted = self.options.show.record.sound or any(settings.sound for settings in sinks)
        return self._folder.path / SOUND_RING if wanted else None

    def microphone(self, worker: str) -> str:
        """The label of the microphone that a worker listens to; "" if there is only one."""
        devices = self.options.show.listen.devices
        return devices[int(worker.partition("-")[2] or 1) - 1] if len(devices) > 1 else ""

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

    def file_of(self, name: str) -> Path | None:
        """The file that the recorder of this name writes; None if it leaves none."""
        claim = self._claims.get(name)
        return claim.settings.path if claim else None

    def start_output(self, spec: OutputSpec, settings: Any, source: Source, rate: float, now: float) -> str:
        """Start an output with frames of that source; return the worker's name. Raises OSError."""
        claim = spec.claim(settings) if spec.claim else None
        return self._start_claimed(spec, claim.settings if claim else settings, claim, source, rate, now)

    def _start_claimed(
        self, spec: OutputSpec, settings: Any, claim: OutputClaim | None, source: Source, rate: float, now: float
    ) -> str:
        numbered = (f"{spec.kind}-{number}" for number in count(2))
        name = next(name for name in chain([spec.kind], numbered) if name not in {*self.by_name, *self._claims})
        size = self.size if source == "stage" else (0, 0)

        def start() -> WorkerLink:
            ring = self._ring(source).path
            config = OutputConfig(name, spec, settings, ring, FrameFormat(*size, rate, ring.parent))
            link = WorkerLink(entry_points.output, config, name)
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
            self._claims[name] = claim
        return name

    def end_output(self, name: str) -> None:
        """Let an output finish its work; it is not replaced any more."""
        output = self.by_name.pop(name)
        del self._sources[name]
        output.link.close()
        self._ending.append(output)
        self._finish_by[name] = clock.now() + (MAX_FINISH_SECONDS if name in self._claims else MAX_CLOSE_SECONDS)

    def is_ending(self, name: str) -> bool:
        """Whether a worker of this name still finishes its work."""
        return any(output.name == name for output in self._ending)

    @property
    def unfinished_outputs(self) -> int:
        """How many outputs that `end_output` has ended still finish their work."""
        return len(self._ending)

    def ended_outputs(self, now: float) -> list[Notice]:
        """What the outputs have to tell the operator that have finished since; never waits for one."""
        notices = []
        for output in list(self._ending):
            if output.link.process.is_alive():
                if now > self._finish_by[output.name]:
                    output.give_up("it does not finish")
                continue
            messages = self._last_messages(output)
            claim = self._claims.get(output.name)
            finished = not claim or _done(messages) or output.name in self._repeated
            if not finished and output.begin_last(now):  # the next process finishes what this one has left
                self._repeated.add(output.name)
                self._finish_by[output.name] = now + MAX_FINISH_SECONDS
                continue
            self._repeated.discard(output.name)
            del self._finish_by[output.name]
            self._ending.remove(output)
            notices += [*self._take_results(output, messages), *self._files_notice(output, messages)]
            if claim:
                self._claims.pop(output.name).release()
        return notices

    @staticmethod
    def _files_notice(output: SupervisedWorker, messages: list[Any]) -> list[Notice]:
        figures = [each.figures for each in messages if isinstance(each, WorkerStatus) and each.figures]
        files = [file for each in figures[-1:] if isinstance(each, OutputFigures) for file in each.files]
        return [Notice(output.name, f"Recorded {', '.join(files)}.")] if files else []

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
        config = ScreenConfig(name, window, settings, self.options.show.look.opengl, ring, self._lockstep.path)
        return WorkerLink(entry_points.screen, config, name)

    def project(self, window: ProjectedWindow) -> None:
        """Tell a screen how its part lies in its window."""
        if link := self.link(f"screen-{window.number}"):
            link.send(window, key="window")

    def screen_lost(self, name: str) -> None:
        """Let the other screens go on without this one."""
        if name.startswith("screen-"):
            self._lockstep.leave(int(name.removeprefix("screen-")))

    def _ring(self, source: Source) -> FrameRing:
        """The ring with the frames of that source.

        If somebody has deleted its file, it is created again, and the workers that have the old one are replaced.
        Raises OSError.
        """
        ring = self.stage_ring if source == "stage" else self.frames
        if not ring.lost:
            return ring
        self._folder.restore()
        renewed = FrameRing(ring.path, ring.slots, ring.max_bytes, ring.checked)
        ring.close()
        if source == "stage":
            self.stage_ring = renewed
            self._lockstep = Lockstep(self._lockstep.path, self._lockstep.screens)  # numbers begin anew
        else:
            self.frames = renewed
        users = [name for name, taken in self._sources.items() if taken == source]
        for name in ["renderer", *users] if source == "generator" else users:
            if name in self.by_name:
                self.by_name[name].give_up("its frame ring was deleted")
        return renewed

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

    @property
    def claims(self) -> list[OutputClaim]:
        """What is held for the outputs that leave files."""
        return list(self._claims.values())

    def finish(self, seconds: float) -> list[Notice]:
        """End the workers: all finish their work at the same time, the outputs last and with more time.

        Returns:
            What the outputs still have to tell the operator. Their files are in `files` then.
        """
        try:
            for worker in self.by_name.values():
                worker.link.close()
            for name, worker in self.by_name.items():
                if name not in self._sources:
                    worker.stop(seconds)
            outputs = [*(self.by_name[name] for name in self._sources), *self._ending]
            return [notice for output in outputs for notice in self._finish_output(output)]
        finally:
            self.frames.close()
            self.stage_ring.close()
            self._lockstep.close()
            remove_rings(self._folder)
            for claim in self.claims:
                claim.release()

    def _finish_output(self, output: SupervisedWorker) -> list[Notice]:
        messages = self._last_messages(output)
        claim = self._claims.get(output.name)
        if claim and not _done(messages) and not output.timed_out and output.begin_last(clock.now()):
            messages += self._last_messages(output)
        return self._take_results(output, messages)

    def _take_results(self, output: SupervisedWorker, messages: list[Any]) -> list[Notice]:
        claim = self._claims.get(output.name)
        notices = [each for each in messages if isinstance(each, Notice)]
        statuses = [each for each in messages if isinstance(each, WorkerStatus)]
        for status in statuses:
            if isinstance(status.figures, OutputFigures):
                self.files += [Path(file) for file in status.figures.files]
        if claim and not _done(messages) and (sentence := claim.unfinished()):
            self.unfinished.append(sentence)
        return notices + [Notice(output.name, each.reason) for each in statuses if each.state == "failed"]

    @staticmethod
    def _last_messages(output: SupervisedWorker) -> list[Any]:
        output.stop(OUTPUT_FINISH_SECONDS)
        output.link.wait(1.0)  # until the reader thread has everything
        return output.link.receive()

    def __iter__(self) -> Iterator[SupervisedWorker]:
        return iter(self.by_name.values())


def _done(messages: list[Any]) -> bool:
    return any(isinstance(each, WorkerStatus) and each.state == "done" for each in messages)


def is_speech(worker: str) -> bool:
    """Whether the worker of this name listens to a microphone; the first is "speech", the second "speech-2"."""
    return worker.partition("-")[0] == "speech"


def _surfaces(show: Show) -> tuple[SurfaceConfig, ...]:
    """The control surfaces of a show. Raises ShowError for an unknown kind, a wrong key, or two of one kind."""
    surfaces = [SurfaceConfig(surface_spec("osc"), show.osc)] if show.osc.enabled else []
    if show.web.enabled:
        surfaces.append(SurfaceConfig(surface_spec("web"), WebConfig(show.web, show.audience, show.osc, show.title)))
    for entry in show.surface:
        spec = surface_spec(entry.kind)
        settings = extension_settings(entry, spec.settings)
        if any(spec.kind == other.spec.kind for other in surfaces):  # replies are addressed by kind
            raise ShowError(f"There are two control surfaces of kind '{spec.kind}'; a show can have one of each kind.")
        surfaces.append(SurfaceConfig(spec, settings))
    return tuple(surfaces)


def _sinks(show: Show) -> Iterator[tuple[OutputSpec, Any, Source]]:
    """The outputs of a show file. Raises ShowError for an unknown kind or a wrong key."""
    for entry in show.output:
        spec = output_spec(entry.kind)
        settings = extension_settings(entry, spec.settings)
        if spec.check:
            spec.check(settings)
        yield spec, settings, entry.source
