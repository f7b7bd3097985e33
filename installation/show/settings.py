"""The settings of a show: every key of a show file, with its default, its range and its description.

All models are frozen. Units are part of the names (`fade_seconds`) or given in the description. `shows/README.md`
lists the keys; a test compares it with these classes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from installation.core.param_table import MAX_SEED
from installation.show.projection import ProjectionSettings, ScreenSettings
from installation.show.section import MAX_CHARACTERS, PathText, Section, Size, Texts, to_tuple
from installation.show.site_settings import (
    AlertSettings,
    DiskSettings,
    LogSettings,
    OpeningSettings,
    ProjectorSettings,
)
from installation.show.sound_settings import SoundSettings

Source = Literal["stage", "generator"]

MAX_SCRIPT_CHARACTERS = 1_000_000
MAX_CUES = 10_000
MAX_SNAPSHOTS = 999
MAX_WORKERS = 16  # outputs, and surfaces
MAX_MICROPHONES = 4
MAX_SCREENS = 8
DAY = 86_400.0  # seconds
_LANGUAGE = re.compile(r"^(?:[a-z]{2,3}|auto)$")


def _check_devices(value: object) -> object:
    if isinstance(value, str):
        return value
    named = list(value) if isinstance(value, list | tuple) else []
    if not 1 <= len(set(map(str, named))) == len(named) <= MAX_MICROPHONES or not all(
        isinstance(each, str) and each for each in named
    ):
        raise ValueError(f"input should be a name, or a list of {MAX_MICROPHONES} different names at most")
    return tuple(named)


def _check_languages(value: object) -> object:
    named = [value] if isinstance(value, str) else list(value) if isinstance(value, list | tuple) else []
    valid = named and all(isinstance(each, str) and _LANGUAGE.match(each) for each in named)
    if not valid or ("auto" in named and len(named) > 1):
        raise ValueError('input should be two letters such as "en", a list such as ["en", "de"], or "auto"')
    return value if isinstance(value, str) else tuple(named)


def _check_commands(value: object) -> object:
    is_table = isinstance(value, dict) and all(isinstance(each, str) for each in value.values())
    if not is_table and not isinstance(value, bool):
        raise ValueError("input should be true, false, or a table of words and triggers")
    return value


def _check_rate(rate: float) -> float:
    if 0.0 < rate < 1.0:
        raise ValueError("a rate is 1 or more, or 0: by device")
    return rate


def _check_height(height: int) -> int:
    if 0 < height < LEAST_HEIGHT:
        raise ValueError(f"a height is {LEAST_HEIGHT} or more, or 0: by machine")
    return height


LEAST_HEIGHT = 64  # pixels of a generated frame
Weight = Annotated[float, Field(gt=0.0, le=1000.0)]
Devices = Annotated[str | tuple[str, ...], BeforeValidator(_check_devices)]
Languages = Annotated[str | tuple[str, ...], BeforeValidator(_check_languages)]
Commands = Annotated[bool | dict[str, str], BeforeValidator(_check_commands)]


class _Extension(BaseModel):
    """A table whose further keys are defined by the output sink or control surface that `kind` names."""

    model_config = ConfigDict(extra="allow", frozen=True)


CPU_RATE, CARD_RATE = 25.0, 60.0  # generated frames per second, where the show names no rate
HEIGHTS = ((8, 576), (4, 432), (0, 288))  # processor cores, and the pixels that they paint in time at `CPU_RATE`
CARD_HEIGHT = 720
CPU_CUTOUTS, CARD_CUTOUTS = 6, 32  # of a step, where the show names no number


class ModelSettings(Section):
    """Which models are used, and on which device."""

    generator: str = Field(default="auto", description="generator; auto: the best one installed")
    perceptor: str = Field(default="auto", description="perceptor; auto: the best one installed")
    perceptors: dict[str, Weight] = Field(default_factory=dict, description="several perceptors and their weights")
    device: str = Field(default="auto", description="torch device: cpu, cuda, cuda:1; auto: a GPU if there is one")
    height: Annotated[int, AfterValidator(_check_height)] = Field(
        default=0,
        ge=0,
        le=2160,
        description="generated pixels, if the generator has no fixed size; 0: 288; on 4 cores 432, 8 576, a card 720",
    )
    rate: Annotated[float, AfterValidator(_check_rate)] = Field(
        default=0.0, ge=0.0, le=240.0, description="generated frames per second, at most; 0: 25, on a CUDA card 60"
    )
    compile: bool = Field(default=False, description="compile the perceptor for a CUDA card: a minute at the start")
    seed: int = Field(default=0, ge=0, le=MAX_SEED, description="random seed of the show; 0: another one each time")

    def height_on(self, device: str, cores: int) -> int:
        """Return the height of generated frames, in pixels, on a torch device of a machine with so many cores."""
        by_cores = next(height for least, height in HEIGHTS if cores >= least)
        return self.height or (by_cores if device == "cpu" else CARD_HEIGHT)

    def rate_on(self, device: str) -> float:
        """Return the generated frames per second, at most, on a torch device."""
        return self.rate or (CARD_RATE if device.startswith("cuda") else CPU_RATE)

    @property
    def named(self) -> tuple[str, ...]:
        """The names of the generator and of every perceptor, as in the show file; may include "auto"."""
        return tuple(dict.fromkeys((self.generator, self.perceptor, *self.perceptors)))

    @model_validator(mode="before")
    @classmethod
    def _first_perceptor_leads(cls, data: object) -> object:
        """Make the first of several perceptors `perceptor`: the one that the latent bank was built with."""
        if isinstance(data, dict) and isinstance(data.get("perceptors"), dict) and data["perceptors"]:
            first = next(iter(data["perceptors"]))
            if data.get("perceptor", "auto") not in ("auto", first):
                raise ValueError(f"perceptor is '{data['perceptor']}', but the first of perceptors is '{first}'")
            return {**data, "perceptor": first}
        return data


Optimizer = Literal[
    "adam", "sgd", "cma-es", "cma-es-with-adam", "cma-es-with-sgd", "cma-es-then-adam", "cma-es-then-sgd"
]
Regulariser = Literal[
    "class_entropy", "few_classes", "noise_normality", "embedding_normality", "latent_moments", "total_variation"
]


class DreamSettings(Section):
    """How latents are optimised towards a prompt. Constants of a model are defined with the model."""

    classes: Literal["discrete", "optimised", "frozen"] = Field(
        default="discrete",
        description="discrete: search; optimised: gradients on their logits, as in Big Sleep; frozen: as at the start",
    )
    cutouts: int = Field(
        default=0,
        ge=0,
        le=256,
        description="cutouts per step at the start; the frame budget adapts them; 0: 6, on a CUDA card 32",
    )
    size: int = Field(
        default=96, ge=32, le=1024, description="pixels of the picture that is optimised, if it has no fixed size"
    )
    steps_per_second: float = Field(
        default=0.0, ge=0.0, le=10_000.0, description="optimisation steps, at most; 0: what the machine can do"
    )
    latents: Literal["one", "layers"] = Field(
        default="one", description="layers: one z per layer of a BigGAN, as in Big Sleep"
    )
    class_weights: Literal["softmax", "sigmoid", "top"] = Field(
        default="softmax", description="for optimised classes; sigmoid and top as in Big Sleep"
    )
    max_classes: int = Field(default=3, ge=1, le=100, description='number of classes, for class_weights = "top"')
    temperature: float = Field(
        default=2.0, gt=0.0, le=20.0, description='higher: more even weights, for class_weights = "top"'
    )
    start: Literal["bank", "random", "fusedream"] = Field(
        default="bank", description="where z begins: the latent bank, one random draw, or FuseDream's mixture of many"
    )
    start_classes: Literal["words", "bank", "random", "dirichlet", "mix", "embedding"] = Field(
        default="words", description="classes at the start; words: those that the prompt names"
    )
    start_samples: int = Field(
        default=1000, ge=8, le=100_000, description='random latents that are scored, for start = "fusedream"'
    )
    class_names: Texts = Field(
        default=(), description="classes at the start, by name or number; for ImageNet any name of WordNet"
    )
    optimizer: Optimizer = Field(
        default="adam", description="adam, sgd, cma-es, or cma-es with, or then, one of the two"
    )
    population: int = Field(default=16, ge=4, le=1000, description="candidates of a generation of CMA-ES")
    sigma: float = Field(default=0.5, gt=0.0, le=10.0, description="step size of CMA-ES at the start")
    covariance: Literal["diagonal", "full"] = Field(
        default="diagonal", description="of CMA-ES; full: as in the workshop notebooks, slower in so many dimensions"
    )
    generations: int = Field(
        default=30, ge=1, le=10_000, description="of CMA-ES before the gradient takes over, for cma-es-then-..."
    )
    learning_rate: float = Field(default=0.05, gt=0.0, le=10.0, description="of z, at dream/rate 0.5")
    class_learning_rate: float = Field(default=0.1, gt=0.0, le=10.0, description="of optimised classes")
    average: float | None = Field(
        default=None, ge=0.0, lt=1.0, description="decay of the moving average of z; not set: rises from .9 to .98"
    )
    loss: Literal["spherical", "cosine"] = Field(
        default="spherical", description="distance of picture and prompt: VQGAN+CLIP's, or Big Sleep's"
    )
    stochastic_truncation: bool = Field(
        default=False, description="draw values of z beyond the truncation again, instead of clipping them"
    )
    grayscale: bool = Field(default=False, description="judge pictures without their colours")
    views: Literal["plain", "warped"] = Field(
        default="plain", description="warped: cutouts are also turned, tilted and partly erased, as in VQGAN+CLIP"
    )
    pictures: PathText = Field(
        default="", description="folder of pictures and sounds that prompts may name, such as fox.png:.5, rain.wav"
    )
    regularisers: dict[Regulariser, float] = Field(
        default_factory=dict, description="further loss terms and their weights; noise_normality = 0.01, for example"
    )

    def cutouts_on(self, device: str) -> int:
        """Return the cutouts per step at the start, on a torch device."""
        return self.cutouts or (CARD_CUTOUTS if device.startswith("cuda") else CPU_CUTOUTS)


class LookSettings(Section):
    """The window that the audience sees."""

    fullscreen: bool = Field(default=False, description="fill the whole display")
    display: int = Field(default=0, ge=0, le=63, description="which display, counted from 0")
    size: Size = Field(default=(1280, 720), description="pixels of the window, or of the recording of a headless show")
    rate: float = Field(default=30.0, ge=1.0, le=240.0, description="presented frames per second of a headless show")
    fit: Literal["fill", "letterbox"] = Field(default="fill", description="fill: crop the picture; letterbox: add bars")
    vignette: float = Field(default=0.3, ge=0.0, le=1.0, description="how dark the corners are, 0 to 1")
    paper: float = Field(default=0.6, ge=0.0, le=1.0, description="how much of a paper's surface is seen, 0 to 1")
    camera: float = Field(
        default=1.0, ge=0.0, le=1.0, description="how far the camera moves over the planes of a paper scene; 0: not"
    )
    transitions: Literal["scenes", "dip", "blend"] = Field(
        default="scenes", description="paper scenes change as on a stage, by a dip to black, or all at once"
    )
    captions: bool = Field(default=True, description="show the prompt under the picture")
    live_captions: bool = Field(default=True, description="show words while they are spoken, uncertain ones dimmed")
    subtitles: bool = Field(default=False, description="show all that is said, for the hard of hearing")
    invitation: str = Field(default="Type words and press Enter.", description="shown until the first prompt")
    opengl: bool = Field(default=True, description="false: draw without OpenGL")


class QueueSettings(Section):
    """The queue of prompts, and the attract walk."""

    limit: int = Field(default=200, ge=1, le=10_000, description="prompts that may wait")
    attract_after_seconds: float = Field(
        default=60.0, ge=0.0, le=DAY, description="silence before the attract walk resumes; 0: never"
    )
    attract_every_seconds: float = Field(
        default=12.0, ge=2.0, le=DAY, description="between two pictures of the attract walk"
    )


class OscSettings(Section):
    """OSC control. A host other than the loopback address needs a passcode."""

    enabled: bool = Field(default=True, description="listen for OSC")
    host: str = Field(default="127.0.0.1", description="address to listen on; 0.0.0.0: the whole network")
    port: int = Field(default=9410, ge=0, le=65535, description="UDP and TCP; 0: any free port")
    feedback_port: int = Field(
        default=9411, ge=0, le=65535, description="UDP port for feedback, unless a subscriber gives one"
    )
    subscribers: Texts = Field(default=(), description='"host:port" of tools that always get feedback')
    passcode: str = Field(default="", description="required from every sender with /laterna/connect")


class WebSettings(Section):
    """The operator page and OSCQuery. A host other than the loopback address needs a passcode."""

    enabled: bool = Field(default=True, description="serve the operator page and OSCQuery")
    host: str = Field(default="127.0.0.1", description="address to listen on; 0.0.0.0: the whole network")
    port: int = Field(default=9412, ge=0, le=65535, description="TCP; 0: any free port")
    passcode: str = Field(default="", description="asked for once by the operator page; panic and blackout need none")
    picture_rate: float = Field(
        default=8.0, ge=0.0, le=30.0, description="pictures per second on the operator page, at most; 0: none"
    )
    announce: bool = Field(default=True, description="announce the show in the local network, unless host is loopback")


class AudienceSettings(Section):
    """A web page where visitors send words: /audience on the port of [web]."""

    enabled: bool = Field(default=False, description="serve the page")
    url: str = Field(default="", description="address in the QR code; empty: that of this machine")
    question: str = Field(
        default="What do you want to see?", max_length=120, description="above the field for the words"
    )
    hold: bool = Field(default=True, description="hold the words until the operator approves them")
    max_characters: int = Field(default=120, ge=1, le=500, description="of one visitor's words")
    pause_seconds: float = Field(
        default=15.0, ge=0.0, le=3600.0, description="between two sets of words from one visitor"
    )
    per_minute: float = Field(
        default=6.0, gt=0.0, le=600.0, description="sets of words from one address; a Wi-Fi may share one address"
    )
    keep_minutes: float = Field(
        default=60.0, ge=1.0, le=1440.0, description="how long the page remembers what a visitor sent"
    )


class ListenSettings(Section):
    """Speech recognition. An endpointing key that is not set has the value of the venue."""

    enabled: bool = Field(default=False, description="listen to a microphone")
    device: Devices = Field(
        default="", description='part of the microphone\'s name; empty: the default; several: ["stage", "audience"]'
    )
    recognizer: str = Field(default="auto", description="sphinx, whisper, or a model; auto: Whisper if it is installed")
    model: PathText = Field(default="", description="path of a Whisper model; empty: the installed one")
    compute: Literal["cpu", "cuda"] = Field(
        default="cpu", description="where Whisper runs; cuda slows the pictures down"
    )
    language: Languages = Field(
        default="en", description='two letters; several: ["en", "de"]; any that is spoken: "auto"'
    )
    prompt: str = Field(default="", description="words that are likely, such as names, as a hint to the recogniser")
    venue: Literal["quiet", "stage", "crowd"] = Field(
        default="quiet", description="a quiet room, a stage with sound, or a crowd that talks"
    )
    push_to_talk: bool = Field(default=False, description="listen only while F3 is held or /laterna/speech/talk is 1")
    commands: Commands = Field(default=False, description="true: the default voice commands; or a table of your own")
    start_probability: float | None = Field(
        default=None, gt=0.0, lt=1.0, description="speech starts above this voice activity"
    )
    end_probability: float | None = Field(
        default=None, gt=0.0, lt=1.0, description="a pause is voice activity below this"
    )
    end_seconds: float | None = Field(
        default=None, ge=0.2, le=3.0, description="length of the pause that ends a sentence"
    )
    preroll_seconds: float | None = Field(
        default=None, ge=0.0, le=2.0, description="audio kept from before speech starts"
    )
    least_seconds: float | None = Field(default=None, ge=0.0, le=2.0, description="shorter speech is rejected")
    most_seconds: float | None = Field(
        default=None, ge=2.0, le=25.0, description="longer speech is split at a quiet moment"
    )

    @property
    def devices(self) -> tuple[str, ...]:
        """The name of each microphone."""
        return self.device if isinstance(self.device, tuple) else (self.device,)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that may be spoken; none: any."""
        if isinstance(self.language, tuple):
            return self.language
        return () if self.language == "auto" else (self.language,)

    @property
    def main_language(self) -> str:
        """The language of texts whose language is not known."""
        return next(iter(self.languages), "en")


class ScriptSettings(Section):
    """A text that is followed while somebody reads it aloud. `script_file` defines its format."""

    file: PathText = Field(default="", description="text file in the folder of the show file")
    text: str = Field(default="", max_length=MAX_SCRIPT_CHARACTERS, description="or the text itself")
    start_line: int = Field(default=1, ge=1, le=MAX_SCRIPT_CHARACTERS, description="line that is read first")
    evidence_words: float = Field(default=1.25, ge=0.5, le=10.0, description="words of evidence before a line begins")
    margin_words: float = Field(default=0.25, ge=0.0, le=5.0, description="more evidence than for any other line")
    window_lines: int = Field(default=8, ge=1, le=50, description="lines ahead that are considered")


class ModerationSettings(Section):
    """What the public may show. Prompts of the show itself (cues, script, `--say`, `--text`) are exempt."""

    refused_words: Texts = Field(default=(), description="words and phrases that are never shown")
    max_characters: int = Field(default=0, ge=0, le=MAX_CHARACTERS, description="of a prompt; 0: no limit of the show")
    words_per_minute: float = Field(default=0.0, ge=0.0, le=10_000.0, description="from one sender; 0: no limit")
    prompts_per_minute: dict[str, Weight] = Field(
        default_factory=dict, description="from one sender, by source: { web = 6, osc = 60 }; others: no limit"
    )
    hold: bool = Field(default=False, description="hold every prompt until the operator approves it")


FilmCodec = Literal["h264", "prores", "dnxhr"]


class RecordSettings(Section):
    """Recording."""

    source: Source = Field(default="stage", description="stage: what the audience sees; generator: the raw frames")
    rate: float = Field(default=30.0, ge=1.0, le=120.0, description="frames per second")
    folder: PathText = Field(default="recordings", description="for stills and for headless shows without --record")
    snapshot_folder: PathText = Field(default="snapshots", description="for stored looks, a file for each")
    codec: FilmCodec = Field(
        default="h264", description="h264 (.mp4), or prores or dnxhr (.mov) for editing: ten times larger"
    )
    sound: bool = Field(
        default=False, description="with the sound of the microphone; ask those whose voices it records"
    )
    keep_minutes: float = Field(
        default=10.0, ge=0.5, le=1440.0, description="the end of a headless show that is kept without --record"
    )


class JournalSettings(Section):
    """The journal that `--journal` writes."""

    words: bool = Field(
        default=True, description="false: leave out what people said; such a journal cannot be replayed"
    )
    max_megabytes: float = Field(
        default=64.0, gt=0.0, le=100_000.0, description="of one file; each performance keeps four"
    )


class CueSettings(Section):
    """A prepared change, fired by GO."""

    name: str = Field(default="", description="for the operator")
    words: str = Field(default="", description="the prompt; empty: the prompt on the stage stays")
    caption: str = Field(default="", description="what the audience reads; empty: the prompt")
    fade_seconds: float | None = Field(
        default=None, ge=0.0, le=600.0, description="0: a hard cut; not set: transition/time"
    )
    seconds: float | None = Field(
        default=None, gt=0.0, le=36_000.0, description="until the next cue fires by itself; not set: it waits for GO"
    )
    wait_seconds: float = Field(default=0.0, ge=0.0, le=36_000.0, description="between GO and the cue itself")
    continues: bool = Field(default=False, description="fire the next cue together with this one, after its own wait")
    curve: Literal["", "ease-out", "linear", "ease-in", "ease-in-out"] = Field(
        default="", description="how its fades run, from now on; empty: as before"
    )
    picture: Annotated[int, Field(ge=0, le=MAX_SEED)] | PathText = Field(
        default="", description="stored latents in the folder of the show, shown as they are; or the seed of the dream"
    )
    recall: int = Field(default=0, ge=0, le=MAX_SNAPSHOTS, description="number of a snapshot to recall; 0: none")
    params: dict[str, Any] = Field(
        default_factory=dict, description="parameters that this cue sets, within its fade; or [value, seconds]"
    )


class OutputSettings(_Extension):
    """An additional output."""

    kind: str = Field(description="the output sink")
    source: Source = Field(default="stage", description="stage: what the audience sees; generator: the raw frames")


class SurfaceSettings(_Extension):
    """An additional control surface."""

    kind: str = Field(description="the control surface")


class Show(Section):
    """A whole show."""

    title: str = Field(default="Untitled", description="title of the window")
    description: str = Field(default="", description="one sentence for the list of shows")
    models: ModelSettings = ModelSettings()
    dream: DreamSettings = DreamSettings()
    look: LookSettings = LookSettings()
    projection: ProjectionSettings = ProjectionSettings()
    queue: QueueSettings = QueueSettings()
    osc: OscSettings = OscSettings()
    web: WebSettings = WebSettings()
    audience: AudienceSettings = AudienceSettings()
    listen: ListenSettings = ListenSettings()
    sound: SoundSettings = SoundSettings()
    script: ScriptSettings = ScriptSettings()
    moderation: ModerationSettings = ModerationSettings()
    record: RecordSettings = RecordSettings()
    journal: JournalSettings = JournalSettings()
    opening: OpeningSettings = OpeningSettings()
    projector: ProjectorSettings = ProjectorSettings()
    log: LogSettings = LogSettings()
    alerts: AlertSettings = AlertSettings()
    disk: DiskSettings = DiskSettings()
    params: dict[str, Any] = Field(default_factory=dict, description="initial values of live parameters")
    cue: Annotated[tuple[CueSettings, ...], BeforeValidator(to_tuple), Field(max_length=MAX_CUES)] = ()
    screen: Annotated[tuple[ScreenSettings, ...], BeforeValidator(to_tuple), Field(max_length=MAX_SCREENS)] = ()
    output: Annotated[tuple[OutputSettings, ...], BeforeValidator(to_tuple), Field(max_length=MAX_WORKERS)] = ()
    surface: Annotated[tuple[SurfaceSettings, ...], BeforeValidator(to_tuple), Field(max_length=MAX_WORKERS)] = ()

    @property
    def windows(self) -> tuple[ProjectionSettings, ...]:
        """How the picture lies in each window: that of the stage, then those of the screens."""
        return (self.projection, *self.screen)

    def with_windows(self, changes: Mapping[int, Mapping[str, Any]]) -> Show:
        """The show with other keys of some windows, by number. Raises pydantic's ValidationError."""
        changed = {
            number: type(settings).model_validate({**settings.model_dump(), **changes[number]})
            for number, settings in enumerate(self.windows)
            if number in changes
        }
        screens = tuple(changed.get(number, settings) for number, settings in enumerate(self.screen, 1))
        return self.model_copy(update={"projection": changed.get(0, self.projection), "screen": screens})
