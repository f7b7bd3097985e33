"""The messages between processes: small frozen dataclasses. Nothing else crosses a pipe."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Value = bool | int | float | str
Array = NDArray[np.float32]
GateMode = Literal["auto", "talk", "shut"]  # voice activity decides; everything is speech; nothing is


@dataclass(frozen=True)
class Origin:
    """Where a message comes from, so that a reply finds its way back.

    `source` is keyboard, terminal, say, text, cue, script, speech, show, or the kind of a control surface; `peer` is
    the sender within a control surface, such as "127.0.0.1:54321".
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
PROGRAM = Origin("")  # the program itself


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


@dataclass(frozen=True)
class SetParam:
    """Sets a live value. `seconds`: duration of the change, for a parameter that can fade (blackout)."""

    name: str
    value: Value
    origin: Origin
    seconds: float = 0.0


@dataclass(frozen=True)
class Trigger:
    """Fires something once: a prompt, GO, panic. Names are those of the parameter table."""

    name: str
    args: tuple[Value, ...] = ()
    origin: Origin = PROGRAM


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
    prompt_id: int  # of the words it shows; 0: none
    show_at: float  # the moment of the walk that it shows, seconds of clock.now
    score: float  # cosine similarity of picture and words, of the dream's best so far; 0 without words
    steps: int  # optimisation steps since the previous frame
    direction: int  # the number of the Direction that it follows; -1 before the first
    change: float  # mean difference (0..255) from the picture without these words
    crc: int
    pieces: int = 0  # pieces of dream work since the previous frame: steps, and batches of candidate classes
    cutouts: int = 0  # per piece; a replay repeats pieces and cutouts


@dataclass(frozen=True)
class Notice:
    """A sentence for the operator: words that the perceptor does not know, a full disk."""

    worker: str
    text: str
    prompt_id: int = 0


@dataclass(frozen=True)
class Transcription:
    """Recognised speech. A partial is replaced by the next one; finals come in order, each once."""

    utterance: int  # counts up; a final has the same number as its partials
    text: str
    final: bool
    stable: int = 0  # of a partial: how many leading characters will not change any more
    began: float = 0.0  # first frame with voice, seconds of clock.now
    ended: float = 0.0  # last frame with voice; 0 while it continues
    recognizer: str = ""


@dataclass(frozen=True)
class SpeechRejected:
    """Sound that was rejected as speech, and why."""

    utterance: int
    text: str  # what the recogniser returned, if it ran
    reason: str  # one short sentence


@dataclass(frozen=True)
class MicrophoneGate:
    """What the speech worker listens to from now on."""

    mode: GateMode


@dataclass(frozen=True)
class RecognizerHints:
    """What the recogniser should expect from now on."""

    words: tuple[str, ...] = ()  # lines of the show
    known: bool = False  # a text is read aloud: little else will be said


@dataclass(frozen=True)
class Changed:
    """A live value or reading has changed. Control surfaces pass it on, but not to the one who set it."""

    name: str
    value: Value
    origin: Origin = PROGRAM


@dataclass(frozen=True)
class MessageRejected:
    """A message was rejected; goes back to its sender."""

    origin: Origin
    name: str
    reason: str

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


Inbox = SetParam | Trigger | Bundle
Feedback = Changed | MessageRejected | Notice  # from main to control surfaces
