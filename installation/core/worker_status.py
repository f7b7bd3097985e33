"""What a worker reports about itself: its state, typed figures, and what its successor starts from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from installation.core.messages import Array, Direction

WorkerState = Literal["starting", "running", "failed", "done"]


@dataclass(frozen=True)
class Figures:
    """Base class of the figures that a worker reports."""


@dataclass(frozen=True)
class Handover:
    """Base class of the state that a worker leaves to its successor.

    Main keeps the latest one and passes it to the next process of the same worker.
    """


@dataclass(frozen=True)
class WorkerStatus:
    """A sign of life, sent at least once a second; `reason` says why a worker failed, in one sentence."""

    worker: str
    state: WorkerState
    reason: str = ""
    figures: Figures | None = None
    handover: Handover | None = None


@dataclass(frozen=True)
class RendererFigures(Figures):
    """The renderer: models, rates and the dream in progress."""

    device: str
    generator: str
    perceptor: str
    precision: str  # in which the generator computes: float32, bfloat16 or float16
    generated_size: tuple[int, int]  # width and height in pixels of the last frame
    generated_fps: float  # frames generated per second
    steps_per_second: float  # optimisation steps per second
    frame_ms: float  # median duration of a frame
    step_ms: float  # median duration of an optimisation step
    cutouts: int  # per optimisation step, as the frame budget allows
    most_cutouts: int  # as many as memory allows
    prompt_id: int = 0  # of the dream in progress; 0: none
    score: float = 0.0  # cosine similarity of picture and words
    start_score: float = 0.0  # the same, at the start of the dream
    dream_step: int = 0  # optimisation steps done for it


@dataclass(frozen=True)
class RendererHandover(Handover):
    """The latents on screen: the next renderer's walk starts there."""

    z: Array  # [1, z_dim]
    classes: Array  # [1, classes], logits


@dataclass(frozen=True)
class SpeechFigures(Figures):
    """The speech worker: the microphone and the recogniser."""

    health: str  # live, stalled, reopening, muted, clipping, ended, missing or off
    device: str = ""
    recognizer: str = ""
    quality: int = 0  # 0 none, 1 embedded (known texts only), 2 full
    gate: str = ""  # auto, talk or shut
    speaking: bool = False
    level: float = -120.0  # decibels of full scale
    voice: float = 0.0  # probability that the last 32 ms are speech
    finals: int = 0  # utterances transcribed
    rejected: int = 0  # sounds not taken for words
    waiting: int = 0  # utterances queued for decoding
    overflowed: int = 0  # utterances dropped because the queue was full
    lost: int = 0  # samples dropped by the device
    decode_seconds: float = 0.0  # of the last utterance
    latency_seconds: float = 0.0  # from the end of the voice to its final text


@dataclass(frozen=True)
class SoundFigures(Figures):
    """The sound worker: the line input that it analyses."""

    health: str  # as of the speech worker
    device: str = ""


@dataclass(frozen=True)
class OutputFigures(Figures):
    """An output worker: what its sink has taken."""

    kind: str
    target: str = ""  # a file, an address
    frames: int = 0  # taken, including those that the sink passes over on purpose
    seconds: float = 0.0
    lost: int = 0  # presented frames that the sink did not get
    bytes: int = 0
    files: tuple[str, ...] = ()  # finished files, once the sink is closed
    viewers: int = 0  # who look, or are connected, now


@dataclass(frozen=True)
class SurfaceFigures:
    """One control surface."""

    kind: str
    reason: str = ""  # why it does not work, in one sentence; "" while it does
    port: int = 0  # where it listens; 0: nowhere
    subscribers: int = 0
    connections: int = 0
    messages: int = 0  # received
    malformed: int = 0
    rejected: int = 0
    viewers: int = 0  # who look at the picture now: main then puts frames into the stage ring
    clock_offset: float = 0.0  # seconds that this machine's clock is ahead of the leader's


@dataclass(frozen=True)
class ControlFigures(Figures):
    """The control worker: its surfaces."""

    surfaces: tuple[SurfaceFigures, ...] = ()


@dataclass(frozen=True, eq=False)
class RendererResumed:
    """The renderer begins anew, as a successor would, in the same process: its dreams were lost.

    Attributes:
        latents: z and class logits on screen; None before the first frame.
        direction: What it follows from now on.
    """

    latents: tuple[Array, Array] | None
    direction: Direction
