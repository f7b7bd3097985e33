"""The workers of a performance: how each is started, with what it needs to go on where its predecessor ended."""

from __future__ import annotations

from pathlib import Path

from installation.conductor.conductor import Conductor
from installation.control.osc_server import ControlState
from installation.control.worker import ControlConfig, run_control
from installation.core import clock
from installation.core.frame_ring import FrameRing
from installation.core.messages import Array
from installation.core.params import default_values
from installation.journal.writer import Journal
from installation.models import default_place
from installation.outputs.config import RecorderConfig
from installation.outputs.recorder_worker import run_recorder
from installation.render.interfaces import RendererConfig
from installation.render.worker import run_renderer
from installation.runtime.options import RunOptions
from installation.runtime.supervisor import SupervisedWorker
from installation.runtime.worker_link import WorkerLink
from installation.speech.worker import SpeechConfig, run_speech

SLOTS = 8
LARGEST_GENERATED = 2160 * 3840 * 3  # bytes of a frame; the file is sparse, only what is used takes memory
RECORDER_SECONDS = 60.0  # that the recorder gets at the end: ten minutes in parts are joined, on a slow disk


def room_for_rings(aspect: tuple[int, int]) -> int:
    """Bytes that the rings of a stage of that width and height take: what is generated is hardly larger than shown."""
    return 2 * SLOTS * aspect[0] * aspect[1] * 3


class Workers:
    """The workers. `latents` is where the next renderer begins: what the audience sees now.

    `control_state`: which tools listen and which have given the passcode, for the next desk.
    """

    def __init__(
        self, plan: RunOptions, conductor: Conductor, folder: Path, aspect: tuple[int, int], journal: Journal | None
    ) -> None:
        self.latents: tuple[Array, Array] | None = None
        self.control_state = ControlState()
        self.frames = FrameRing(folder / "frames", SLOTS, LARGEST_GENERATED)
        self.stage_ring = FrameRing(folder / "stage", SLOTS, aspect[0] * aspect[1] * 3)
        self.aspect = aspect  # width and height of the stage
        self._plan, self._conductor, self._journal = plan, conductor, journal
        self.workers: dict[str, SupervisedWorker] = {}

    def start_renderer(self, now: float) -> None:
        """The renderer; its successors resume from `latents` and do what the Conductor's Direction then is."""
        show = self._plan.show

        def start() -> WorkerLink:
            config = RendererConfig(
                models=show.models,
                dream=show.dream,
                ring=self.frames.path,
                aspect=self.aspect,
                rate=show.models.rate,
                seed=self._plan.seed,
                direction=self._conductor.direction,
                latents=self.latents,
            )
            if self._journal:
                self._journal.renderer_started(config.latents, clock.now(), config.direction)
            return WorkerLink(run_renderer, config, "renderer", self._plan.inline)

        self.workers["renderer"] = SupervisedWorker("renderer", start, now)

    def start_control(self, now: float) -> None:
        """The desk, if the show wants one. A successor goes on with the values of the moment and the same listeners."""
        osc = self._plan.show.osc
        if not osc.enabled:
            return

        def start() -> WorkerLink:
            config = ControlConfig(osc, dict(self._conductor.values), memory=self.control_state)
            return WorkerLink(run_control, config, "control")

        self.workers["control"] = SupervisedWorker("control", start, now)

    def start_speech(self, now: float) -> None:
        """The listener, if the show wants to hear. A successor goes on with the values and the script of the moment."""
        plan, show = self._plan, self._plan.show
        if not (show.listen.enabled or plan.audio):
            return

        def start() -> WorkerLink:
            conductor = self._conductor
            values = {name: bool(conductor.values[name]) for name in default_values("speech")}
            expected = conductor.recognizer_hints
            cache = default_place().cache
            config = SpeechConfig(show.listen, cache, expected.words, expected.known, values=values, audio=plan.audio)
            return WorkerLink(run_speech, config, "speech")

        self.workers["speech"] = SupervisedWorker("speech", start, now)

    def start_recorder(self, path: Path, keep_seconds: float | None, now: float) -> None:
        """The recorder: of the stage, or of the generator's clean frames, as the show file says."""
        settings = self._plan.show.record
        ring = self.stage_ring if settings.source == "stage" else self.frames
        config = RecorderConfig(ring.path, path, settings.rate, None, keep_seconds)
        self.workers["recorder"] = SupervisedWorker(
            "recorder", lambda: WorkerLink(run_recorder, config, "recorder"), now
        )

    def link(self, name: str) -> WorkerLink | None:
        """The link to a worker that there is."""
        worker = self.workers.get(name)
        return worker.link if worker else None

    def finish(self, seconds: float) -> None:
        """Lets all finish their work at the same time, for so long, and ends them; the recorder has longer."""
        for worker in self.workers.values():
            worker.link.hang_up()
        for name, worker in self.workers.items():
            worker.stop(RECORDER_SECONDS if name == "recorder" else seconds)
        self.frames.close()
        self.stage_ring.close()
