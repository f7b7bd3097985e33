"""The messages between processes: small frozen dataclasses. Nothing else crosses a pipe."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Value = bool | int | float | str
Array = NDArray[np.float32]
EntryState = Literal["held", "live", "queued", "shown", "removed", "rejected", "replaced"]


@dataclass(frozen=True)
class Origin:
    """Where a message comes from, so that a reply finds its way back.

    `source` is keyboard, terminal, say, text, cue, script, snapshot, continuation, speech, show, or the kind of a
    control surface;
    `peer` is the sender within a control surface, such as "127.0.0.1:54321".
    """

    source: str
    peer: str = ""

    @property
    def sender(self) -> str:
        """The source and its host, without a port: who is counted for limits."""
        host = self.peer.rpartition(":")[0] or self.peer
        return f"{self.source}:{host}" if host else self.source

    def __str__(self) -> str:
        return f"{self.source}:{self.peer}" if self.peer else self.source


KEYBOARD, TERMINAL, SAY, TEXT = Origin("keyboard"), Origin("terminal"), Origin("say"), Origin("text")
CUE, SCRIPT, SPEECH, SHOW = Origin("cue"), Origin("script"), Origin("speech"), Origin("show")
SNAPSHOT = Origin("snapshot")
CONTINUATION = Origin("continuation")  # lines that the show writes itself
LANGUAGE_MODEL = Origin("continuation", "language-model")  # those that a language model writes
PROGRAM = Origin("")  # the program itself
AUDIENCE = "audience"  # the source of what visitors send


def parse_origin(text: str) -> Origin:
    """The origin that `str` made this text of."""
    source, _, peer = text.partition(":")
    return Origin(source, peer)


@dataclass(frozen=True)
class Prompt:
    """Words to be imagined. `text` may hold several weighted parts (see `prompt_text.parse_prompt`)."""

    id: int
    text: str
    weight: float = 1.0
    origin: Origin = KEYBOARD
    at: float = 0.0  # when it arrived, seconds of clock.now
    caption: str = ""  # what the audience reads, where it differs from the text
    picture: str = ""  # stored latents that show it, instead of a dream (see `StoredPicture`)
    seed: int = 0  # of its dream; 0: the one that `dream/seed` says


@dataclass(frozen=True, eq=False)
class StoredPicture:
    """Latents by name: a pinned picture, a snapshot, or what an earlier cue had come to.

    `name` is a file in the folder of the show, or "snapshot:3", or "prompt:17" for what the renderer had made of the
    prompt with that id.
    """

    name: str
    z: Array  # [1, z_dim] or [1, layers, z_dim]
    classes: Array  # [1, classes], logits
    generator: str = ""  # that they belong to; empty: not known


@dataclass(frozen=True)
class CapturePicture:
    """Asks the renderer for the latents on screen; it answers with a `StoredPicture` of this name."""

    name: str


FIRST_TAKE = 1  # of a show


@dataclass(frozen=True)
class Direction:
    """What the renderer does from now on: a complete state, so that a new renderer needs no history.

    A new prompt id starts a Dream; a known one continues. A new take does not walk from what was shown: it is a hard
    cut if `fade_seconds` is 0, otherwise the stage crossfades. Without prompts the renderer wanders through the latent
    bank.
    """

    take: int
    prompts: tuple[Prompt, ...] = ()
    fade_seconds: float = 2.5
    params: dict[str, Value] = field(default_factory=dict)  # the live values of the renderer, by name
    paused: bool = False
    number: int = 0  # counts up; only the latest counts, earlier ones may be skipped
    pictures: tuple[StoredPicture, ...] = ()  # those that the prompts name


@dataclass(frozen=True, eq=False)
class FrameLatents:
    """What a frame was painted from, so that another renderer with the same generator can paint the same picture."""

    z: Array  # [1, z_dim] or [1, layers, z_dim], with faders
    classes: Array  # [1, classes], logits
    phase: float  # of the generator's own motion, seconds
    truncation: float
    take: int
    show_at: float  # seconds of clock.now
    generator: str


@dataclass(frozen=True)
class SetParam:
    """Sets a live value. `seconds`: duration of the change, for a number that can fade, and for blackout."""

    name: str
    value: Value
    origin: Origin
    seconds: float = 0.0
    exact: bool = True  # whether the value is what the sender sent; else it was clipped or rounded


@dataclass(frozen=True)
class Trigger:
    """Fires something once: a prompt, GO, panic. Names are those of the parameter table."""

    name: str
    args: tuple[Value, ...] = ()
    origin: Origin = PROGRAM


@dataclass(frozen=True)
class Bundle:
    """Messages that are applied together, at one frame boundary."""

    messages: tuple[SetParam | Trigger | Query, ...]


@dataclass(frozen=True)
class Look:
    """A snapshot: the prompts on the stage and the values of a moment. `picture` names the latents on screen."""

    number: int  # from 1
    name: str
    prompts: tuple[Prompt, ...]
    values: dict[str, Value]

    @property
    def picture(self) -> str:
        """The name of its latents (see `StoredPicture`)."""
        return f"snapshot:{self.number}"


@dataclass(frozen=True)
class SaveLook:
    """Asks main to keep a look on disk; `capture`: with the latents that are on screen now."""

    look: Look
    capture: bool


@dataclass(frozen=True)
class FrameReady:
    """The renderer has put a frame into the ring."""

    slot: int
    sequence: int
    take: int
    prompt_id: int  # of the words it shows; 0: none
    show_at: float  # the moment of the walk that it shows, seconds of clock.now
    score: float  # cosine similarity of picture and words, of the dream's best so far; 0 without words
    steps: int  # optimisation steps since the previous frame
    direction: int  # the number of the Direction that it follows; -1 before the first
    change: float  # mean difference (0..255) from the picture without these words
    crc: int
    pieces: int = 0  # pieces of dream work since the previous frame: steps, and batches of candidate classes
    cutouts: int = 0  # per piece; a replay repeats pieces and cutouts
    modulation: dict[str, float] = field(default_factory=dict)  # what sound added (see `Modulation`)
    searching: bool = False  # whether the macros did not act yet, since their directions were being found


@dataclass(frozen=True)
class Modulation:
    """What sound adds to live parameters at this moment, by name; to all others it adds nothing.

    It is in no Direction and reaches no control surface, since it changes with every frame. Frames record what they
    were drawn with.
    """

    renderer: dict[str, float] = field(default_factory=dict)
    stage: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class BeatClock:
    """The tempo of a clock outside: where in the music it was at a moment."""

    source: str  # one of `param_table.TEMPO_SOURCES`
    bpm: float  # 0: no tempo
    beat: float | None  # beats since the beginning of a bar; None: a beat, but nobody knows which
    at: float  # seconds of clock.now


@dataclass(frozen=True)
class Notice:
    """A sentence for the operator: words that the perceptor does not know, a full disk."""

    worker: str
    text: str
    prompt_id: int = 0


@dataclass(frozen=True)
class Changed:
    """A live value or reading has changed. Control surfaces pass it on, but not to the one who set it."""

    name: str
    value: Value
    origin: Origin = PROGRAM


@dataclass(frozen=True)
class Query:
    """Asks for a value after everything that came before it has been applied; answered by an `Answer`."""

    name: str
    origin: Origin
    address: str = ""  # where the surface answers


@dataclass(frozen=True)
class Answer:
    """The value that a `Query` asked for."""

    name: str
    value: Value
    origin: Origin  # of the query
    address: str = ""


@dataclass(frozen=True)
class QueueEntry:
    """A prompt in the queue or its history, for the operator. `state` says what became of it."""

    id: int  # of the prompt
    text: str
    origin: Origin
    state: EntryState
    at: float = 0.0  # when it arrived, seconds of clock.now


@dataclass(frozen=True)
class QueueChanged:
    """The prompts that wait, next first, then those on hold; and what became of earlier ones, the latest first."""

    waiting: tuple[QueueEntry, ...] = ()
    history: tuple[QueueEntry, ...] = ()


@dataclass(frozen=True)
class CueEntry:
    """A cue of the list, for the operator."""

    number: int  # from 1
    name: str
    words: str
    seconds: float | None = None  # until the next cue follows; None: it waits for GO


@dataclass(frozen=True)
class CuesChanged:
    """The cue list: at the start, and whenever the show file has been read again."""

    cues: tuple[CueEntry, ...] = ()


@dataclass(frozen=True)
class SnapshotEntry:
    """A stored look, for the operator."""

    number: int  # from 1
    name: str


@dataclass(frozen=True)
class SnapshotsChanged:
    """The stored looks, by number."""

    snapshots: tuple[SnapshotEntry, ...] = ()


@dataclass(frozen=True)
class MessageRejected:
    """A message was rejected; goes back to its sender."""

    origin: Origin
    name: str
    reason: str
    busy: bool = False  # not now: the same message may be taken later

    @property
    def of_words(self) -> bool:
        """Whether the rejected message was a prompt."""
        return self.name in ("prompt", "queue/add", "speech")


@dataclass(frozen=True)
class FramePresented:
    """A presented frame is in the ring of the stage, or a generated one in that of the renderer."""

    slot: int
    sequence: int
    at: float


@dataclass(frozen=True)
class CueFired:
    """A cue was fired: recordings begin a chapter."""

    name: str
    at: float  # seconds of clock.now


Inbox = SetParam | Trigger | Bundle | Query | BeatClock  # from control surfaces to main
Listing = QueueChanged | CuesChanged | SnapshotsChanged  # of each, only the latest counts
Feedback = Changed | Listing | Answer | MessageRejected | Notice  # from main to control surfaces
Lead = Direction | FrameLatents  # from a show that leads to one that follows; of each, only the latest counts


def feedback_key(message: Feedback) -> str | None:
    """The key of a message whose successor replaces it: a value by its name, a listing by its kind; else None."""
    match message:
        case Changed(name):
            return name
        case QueueChanged() | CuesChanged() | SnapshotsChanged():
            return type(message).__name__
    return None
