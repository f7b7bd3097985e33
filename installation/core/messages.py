"""What the processes say to each other: small frozen dataclasses, nothing else crosses a pipe."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Value = bool | int | float | str
Array = NDArray[np.float32]


@dataclass(frozen=True)
class Prompt:
    """Words to be imagined. `text` may hold several weighted parts (see `prompt_text.parse_prompt`)."""

    id: int
    text: str
    weight: float = 1.0
    source: str = "keyboard"
    at: float = 0.0  # when it was said, seconds of clock.now
    caption: str = ""  # what the audience reads, where it differs from the text


@dataclass(frozen=True)
class Direction:
    """Everything that the renderer is to do from now on: a whole state, so that a newcomer needs no history.

    A prompt id not seen before starts a Dream; an unchanged one goes on. A new take starts anew without a walk from
    what was shown: a hard cut if `fade_seconds` is 0, else the stage crossfades. No prompts: wander through the Bank.
    """

    take: int
    prompts: tuple[Prompt, ...] = ()
    fade_seconds: float = 2.5
    params: dict[str, Value] = field(default_factory=dict)  # the values that the renderer applies, by name
    paused: bool = False
    number: int = 0  # counts up: some may be skipped on the way, the latest is what counts


@dataclass(frozen=True)
class SetParam:
    """A live value is set. `seconds`: how long the change takes, where the parameter can fade (blackout)."""

    name: str
    value: Value
    source: str
    seconds: float = 0.0


@dataclass(frozen=True)
class Trigger:
    """Something is to happen once: a prompt, GO, panic. Names as in the table of parameters."""

    name: str
    args: tuple[Value, ...] = ()
    source: str = ""


@dataclass(frozen=True)
class Bundle:
    """Messages that are applied together, at one frame boundary."""

    messages: tuple[SetParam | Trigger, ...]


@dataclass(frozen=True)
class FrameReady:
    """The renderer has put a frame into the ring."""

    slot: int
    sequence: int
    take: int
    prompt_id: int  # 0: nobody's words
    show_at: float  # the moment that the frame shows, seconds of clock.now
    score: float  # cosine of picture and words, of the dream's best so far; 0 without words
    steps: int  # optimisation steps done since the frame before
    direction: int  # the number of the Direction that this frame follows; -1 before the first
    change: float  # mean difference (0..255) from what the drift alone would have shown, since these words came
    crc: int
    pieces: int = 0  # pieces of dream work since the frame before: the optimisation steps, and choices among classes
    cutouts: int = 0  # that each of them was given; a replay repeats pieces and cutouts


@dataclass(frozen=True)
class WorkerStatus:
    """A sign of life, at least once a second. `state`: starting, running, failed, done."""

    worker: str
    state: str
    figures: dict[str, Any] = field(default_factory=dict)
    latents: tuple[Array, Array] | None = None  # what is shown: z and class logits, so that a successor resumes


@dataclass(frozen=True)
class Notice:
    """A sentence for the operator: words that the perceptor can hardly place, a disk that is full."""

    worker: str
    text: str
    prompt_id: int = 0


@dataclass(frozen=True)
class Transcription:
    """Words that the listener has heard. Partials may be replaced by the next; finals come in order and never twice."""

    utterance: int  # counts up; a final has the number of its partials
    text: str
    final: bool
    stable: int = 0  # how many of the first characters of a partial will not change any more
    began: float = 0.0  # the voice's first frame, seconds of clock.now
    ended: float = 0.0  # its last one; 0 while it goes on
    recognizer: str = ""


@dataclass(frozen=True)
class SpeechRejected:
    """Sound that was not taken for words, and why: the operator sees every refusal."""

    utterance: int
    text: str  # what the recogniser made of it, if it was asked
    reason: str  # one short sentence


@dataclass(frozen=True)
class RecognizerHints:
    """What the listener's recogniser may expect from now on."""

    words: tuple[str, ...] = ()  # lines of the show
    known: bool = False  # hardly anything but these lines will be said: a text is read aloud


@dataclass(frozen=True)
class Changed:
    """A live value has changed; goes to the desk, which tells every subscriber but the one who set it."""

    name: str
    value: Value
    source: str = ""


@dataclass(frozen=True)
class MessageRejected:
    """A message was not taken; goes back to who sent it."""

    source: str
    name: str
    reason: str

    @property
    def of_words(self) -> bool:
        """Whether somebody's words were not taken."""
        return self.name in ("prompt", "queue/add", "speech")


@dataclass(frozen=True)
class FramePresented:
    """The stage has put what the audience sees into its ring."""

    slot: int
    sequence: int
    at: float


Inbox = SetParam | Trigger | Bundle
