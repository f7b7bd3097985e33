"""The settings of a show: all keys of a show file with their defaults, units in their names; frozen."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PositiveFloat, model_validator


def _tuple(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def _commands(value: object) -> object:
    texts = isinstance(value, dict) and all(isinstance(each, str) for each in value.values())
    if not texts and not isinstance(value, bool):
        raise ValueError("input should be true, false, or a table of words and triggers")
    return value


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class ModelSettings(_Section):
    """Which models, on which device. "auto" takes the best that is present."""

    generator: str = "auto"
    perceptor: str = "auto"
    perceptors: dict[str, PositiveFloat] = Field(
        default_factory=dict
    )  # several at once, by weight; the first is `perceptor`
    device: str = "auto"
    height: int = Field(default=288, ge=64, le=2160)  # pixels of a picture, where the generator is free in size
    rate: float = Field(default=20.0, ge=1.0, le=240.0)  # generated frames a second, at most; the stage blends
    seed: int = Field(default=0, ge=0)  # 0: another one each time

    @property
    def named(self) -> tuple[str, ...]:
        """The generator and every perceptor, as they are named: "auto" among them."""
        return tuple(dict.fromkeys((self.generator, self.perceptor, *self.perceptors)))

    @model_validator(mode="before")
    @classmethod
    def _led_by_the_first(cls, data: object) -> object:
        """The first of several perceptors is the one that the Bank was made with, and that others ask for."""
        if isinstance(data, dict) and isinstance(data.get("perceptors"), dict) and data["perceptors"]:
            first = next(iter(data["perceptors"]))
            if data.get("perceptor", "auto") not in ("auto", first):
                raise ValueError(f"perceptor is '{data['perceptor']}', but perceptors begins with '{first}'")
            return {**data, "perceptor": first}
        return data


class DreamSettings(_Section):
    """How a Dream is optimised; constants of the models themselves live with the models."""

    classes: Literal["discrete", "optimised"] = "discrete"  # "optimised": gradients on class logits, the ancestors' way
    cutouts: int = Field(default=6, ge=1, le=256)
    size: int = Field(default=96, ge=32, le=1024)  # pixels at which a dream looks at its picture
    steps_per_second: float = Field(default=0.0, ge=0.0)  # at most; 0: as many as the time between frames allows
    latents: Literal["one", "layers"] = "one"  # "layers": a z for each layer of a BigGAN, as in Big Sleep
    class_weights: Literal["softmax", "sigmoid", "top"] = "softmax"  # of optimised classes; the others are Big Sleep's
    max_classes: int = Field(default=3, ge=1, le=100)  # of "top": so many at a time
    temperature: float = Field(default=2.0, gt=0.0, le=20.0)  # of "top": the higher, the more alike their weights


class LookSettings(_Section):
    """The window that the audience sees."""

    fullscreen: bool = False
    display: int = Field(default=0, ge=0)
    size: Annotated[tuple[int, int], BeforeValidator(_tuple)] = (1280, 720)  # of the window, or of a headless stage
    rate: float = Field(default=30.0, ge=1.0, le=240.0)  # presented frames a second where there is no display to ask
    fit: Literal["fill", "letterbox"] = "fill"
    vignette: float = Field(default=0.3, ge=0.0, le=1.0)
    captions: bool = True
    invitation: str = "Type words and press Enter."
    opengl: bool = True  # False: SDL's software path


class QueueSettings(_Section):
    """The words that wait."""

    limit: int = Field(default=200, ge=1, le=10_000)
    attract_after_seconds: float = Field(default=60.0, ge=0.0)  # until the walk through the Bank goes on; 0: never
    attract_every_seconds: float = Field(default=12.0, ge=2.0)  # between one picture of the walk and the next


class OscSettings(_Section):
    """The desk: who may talk to the show. Another address than loopback needs a passcode."""

    enabled: bool = True
    host: str = "127.0.0.1"
    port: int = Field(default=9410, ge=0, le=65535)  # UDP and TCP; 0 takes a free one
    feedback_port: int = Field(default=9411, ge=0, le=65535)
    subscribers: Annotated[tuple[str, ...], BeforeValidator(_tuple)] = ()  # "host:port", told everything always
    passcode: str = ""


class ListenSettings(_Section):
    """Hearing: which microphone, who recognises words, and what counts as speech. None: as the venue has it."""

    enabled: bool = False
    device: str = ""  # a part of the microphone's name; "": the one that the system offers first
    recognizer: str = "auto"  # whisper, sphinx, scripted; "auto": Whisper where its file is present
    model: str = ""  # Whisper's file; "": where `auto` looks for it
    compute: Literal["cpu", "cuda"] = "cpu"  # where Whisper runs; a card that also draws has less time for pictures
    language: str = "en"
    prompt: str = ""  # words that are likely to come: names, the show's own words
    venue: Literal["quiet", "stage", "crowd"] = "quiet"  # a still room, a stage with sound, people talking all around
    push_to_talk: bool = False  # hears only while F3 is held, or /laterna/speech/talk is on
    commands: Annotated[bool | dict[str, str], BeforeValidator(_commands)] = False  # spoken; true: the usual ones
    start_probability: float | None = Field(default=None, gt=0.0, lt=1.0)  # of voice, above which speech begins
    end_probability: float | None = Field(default=None, gt=0.0, lt=1.0)  # of voice, below which it pauses
    end_seconds: float | None = Field(default=None, ge=0.2, le=3.0)  # a pause of that length ends what was said
    preroll_seconds: float | None = Field(default=None, ge=0.0, le=2.0)  # kept from before the voice was noticed
    least_seconds: float | None = Field(default=None, ge=0.0, le=2.0)  # of voice; less is not taken for words
    most_seconds: float | None = Field(default=None, ge=2.0, le=25.0)  # longer speech is cut at its weakest moment


class RecordSettings(_Section):
    """What is kept of a performance."""

    source: Literal["stage", "generator"] = "stage"
    rate: float = Field(default=30.0, ge=1.0, le=120.0)
    folder: str = "recordings"
    keep_minutes: float = Field(default=10.0, ge=0.5)  # of a headless show without --record


class OutputSettings(_Section):
    """An additional output of the show: its kind, and the keys of that kind of sink."""

    model_config = ConfigDict(frozen=True, extra="allow")

    kind: str
    source: Literal["stage", "generator"] = "stage"  # what the audience sees, or the clean generated frames


class SurfaceSettings(_Section):
    """An additional control surface: its kind, and the keys of that kind of surface."""

    model_config = ConfigDict(frozen=True, extra="allow")

    kind: str


class JournalSettings(_Section):
    """The journal of messages. `words = false` leaves out what visitors said."""

    words: bool = True
    max_megabytes: float = Field(default=64.0, gt=0.0)


class ModerationSettings(_Section):
    """What people may put on the wall; what the show itself has prepared (cues, script, `--say`) is not asked."""

    refused_words: Annotated[tuple[str, ...], BeforeValidator(_tuple)] = ()
    max_characters: int = Field(default=0, ge=0)  # 0: as many as words take
    words_per_minute: float = Field(default=0.0, ge=0.0)  # of one source, at most; 0: any number
    hold: bool = False  # words wait until the operator approves of them


class ScriptSettings(_Section):
    """A text that is followed while somebody reads it (`installation/show/script_file.py` says how it is written)."""

    file: str = ""  # beside the show file
    text: str = ""  # or the text itself; filled in from the file
    start_line: int = Field(default=1, ge=1)  # the line that is read first
    evidence_words: float = Field(default=1.25, ge=0.5, le=10.0)  # so much is heard before a line begins
    margin_words: float = Field(default=0.25, ge=0.0, le=5.0)  # and so much more than of any other line
    window_lines: int = Field(default=8, ge=1, le=50)  # how many lines ahead are looked at


class CueSettings(_Section):
    """A prepared change, fired by GO."""

    name: str = ""
    words: str = ""
    caption: str = ""  # what the audience reads; "": the words
    fade_seconds: float | None = Field(default=None, ge=0.0, le=600.0)  # None: transition/time
    seconds: float | None = Field(default=None, gt=0.0, le=36_000.0)  # then the next cue by itself; None: waits for GO
    params: dict[str, Any] = Field(default_factory=dict)


class Show(_Section):
    """A whole show."""

    title: str = "Untitled"
    description: str = ""
    models: ModelSettings = ModelSettings()
    dream: DreamSettings = DreamSettings()
    look: LookSettings = LookSettings()
    queue: QueueSettings = QueueSettings()
    osc: OscSettings = OscSettings()
    listen: ListenSettings = ListenSettings()
    script: ScriptSettings = ScriptSettings()
    moderation: ModerationSettings = ModerationSettings()
    record: RecordSettings = RecordSettings()
    journal: JournalSettings = JournalSettings()
    params: dict[str, Any] = Field(default_factory=dict)
    cue: Annotated[tuple[CueSettings, ...], BeforeValidator(_tuple)] = ()
    output: Annotated[tuple[OutputSettings, ...], BeforeValidator(_tuple)] = ()
    surface: Annotated[tuple[SurfaceSettings, ...], BeforeValidator(_tuple)] = ()
