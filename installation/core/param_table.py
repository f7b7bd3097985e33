"""The rows of live parameters: values, triggers and readings, each with its type, range and description.

A name with `{n}` or `{id}` stands for many: `cue/{n}/start` for `cue/1/start`, `cue/2/start` and so on.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from installation.core.curves import CURVES, DEFAULT_CURVE
from installation.core.messages import Value
from installation.core.prompt_text import MAX_CHARACTERS
from installation.core.speech_messages import PITCHES

Kind = Literal["float", "int", "bool", "text", "trigger"]
Owner = Literal["conductor", "renderer", "stage"]
Access = Literal["value", "trigger", "reading"]
MAX_SEED = 2**31 - 1  # of every random generator
MACROS = 8  # latent directions
MIRRORS = ("none", "horizontal", "vertical", "both")
TEST_CARDS = ("none", "grid", "ramp", "red", "green", "blue", "white", "blend", "chequer")
MAX_POINTS_CHARACTERS = 8000  # of a mesh or of masks as text
TEMPO_SOURCES = ("tap", "sound", "midi", "link")  # the index of `tempo/source/index` is the place in this table
SLOTS = 4  # prompts that are mixed by weight
PITCH_NAMES = ("C", "C sharp", "D", "D sharp", "E", "F", "F sharp", "G", "G sharp", "A", "A sharp", "B")


@dataclass(frozen=True)
class Param:
    """One row of the table. `critical` rows (go, panic, blackout) are handled first and never dropped."""

    name: str
    kind: Kind
    owner: Owner  # who applies it
    help: str
    default: Value = 0.0
    low: float = 0.0  # of a number
    high: float = 1.0
    unit: str = ""
    access: Access = "value"
    critical: bool = False
    arguments: str = ""  # OSC type tags of a trigger, or of a value with additional arguments; [ ] is optional
    choices: tuple[str, ...] = ()  # of a text; empty: any
    max_characters: int = MAX_CHARACTERS  # of a text

    @property
    def fades(self) -> bool:
        """Whether a change can take seconds."""
        return self.access == "value" and (self.kind == "float" or self.arguments.endswith("[f]"))


def _value(name: str, kind: Kind, owner: Owner, default: Value, help: str, high: float = 1.0, unit: str = "") -> Param:
    return Param(name, kind, owner, help, default, 0.0, high, unit)


def _trigger(name: str, help: str, arguments: str = "", critical: bool = False) -> Param:
    return Param(name, "trigger", "conductor", help, False, access="trigger", critical=critical, arguments=arguments)


def _reading(name: str, kind: Kind, help: str, unit: str = "", high: float = math.inf) -> Param:
    default: Value = "" if kind == "text" else 0 if kind == "int" else 0.0
    return Param(name, kind, "conductor", help, default, -math.inf, high, unit, "reading")


def _slot_rows(number: int) -> tuple[Param, Param]:
    return (
        _value(f"prompt/{number}/text", "text", "conductor", "", f"number {number} of four prompts that are mixed"),
        _value(f"prompt/{number}/weight", "float", "conductor", 1.0, f"weight of prompt {number} in the mixture"),
    )


def _pitch_row(number: int) -> Param:
    return _reading(f"audio/chroma/{number}", "float", f"strength of the pitch class {PITCH_NAMES[number]}", high=1.0)


def _macro_row(number: int) -> Param:
    help = f"latent direction {number} of the generator, the strongest first; 0.5 is neutral"
    return _value(f"latent/macro/{number}", "float", "renderer", 0.5, help)


def _window_rows(of: str) -> tuple[Param, ...]:
    """How the picture lies in one window; `of` is the beginning of the names."""

    def number(name: str, help: str, low: float, high: float, default: float, kind: Kind = "float") -> Param:
        start = round(default) if kind == "int" else float(default)
        return Param(f"{of}/{name}", kind, "conductor", help, start, low, high)

    def points(name: str, help: str) -> Param:
        return Param(f"{of}/{name}", "text", "conductor", help, "", max_characters=MAX_POINTS_CHARACTERS)

    corners = (
        ("tl", "top left", 0, 0),
        ("tr", "top right", 1, 0),
        ("br", "bottom right", 1, 1),
        ("bl", "bottom left", 0, 1),
    )
    cards = ", ".join(f"{at} {name}" for at, name in enumerate(TEST_CARDS))
    return (
        number("testcard", f"test card: {cards}", 0, len(TEST_CARDS) - 1, 0, "int"),
        Param(f"{of}/calibrate", "bool", "conductor", "show the points of the picture, to be moved by hand", False),
        number("brightness", "factor of all colours", 0, 2, 1),
        number("contrast", "distance from middle grey; 0 is grey", 0, 2, 1),
        number("saturation", "0 is black and white", 0, 2, 1),
        *(
            number(f"corner/{name}/{axis}", f"{axis} of the {words} corner, as a share of the window", -2, 3, place)
            for name, words, x, y in corners
            for axis, place in (("x", x), ("y", y))
        ),
        *(
            _trigger(f"{of}/corner/{name}", f"move the {words} corner to x and y", "ff")
            for name, words, _, _ in corners
        ),
        _trigger(f"{of}/corner/reset", "the picture fills the window again, without a mesh"),
        number("rotate", "degrees clockwise: 0, 90, 180 or 270", 0, 270, 0, "int"),
        Param(f"{of}/mirror", "text", "conductor", "none, horizontal, vertical or both", "none", choices=MIRRORS),
        number("mirror/index", "the same as a number: 0 none, 1 horizontal, 2 vertical, 3 both", 0, 3, 0, "int"),
        points("mesh", "the points of a bent surface as x,y x,y …, rows separated by ;"),
        _trigger(f"{of}/mesh/size", "bend the picture by so many columns and rows of points", "ii"),
        _trigger(f"{of}/mesh/point", "move the point in this column and row, from 1, to x and y", "iiff"),
        points("mask", "polygons that stay black, as x,y x,y …, separated by ;"),
        *(
            number(f"blend/{side}", f"width of the edge blend at the {side}, as a share of the picture", 0, 1, 0)
            for side in ("left", "right", "top", "bottom")
        ),
        number("blend/gamma", "gamma of the projector, for the edge blend", 1, 4, 2.2),
        number("blend/curve", "exponent of the ramp of the edge blend", 1, 6, 2),
        number("dome/width", "degrees around a dome that the picture covers; 0: no dome master", 0, 360, 0),
        number("dome/height", "degrees that it covers upwards", 5, 180, 90),
        number("dome/elevation", "degrees of its lower edge above the horizon", -90, 85, 0),
        number("dome/view", "degrees that the dome master shows", 60, 360, 180),
    )


ROWS = (
    _trigger("prompt", "show this prompt now; it interrupts", "s"),
    _value("prompt/negative", "text", "renderer", "", "a prompt that every picture is pushed away from"),
    *(row for number in range(1, SLOTS + 1) for row in _slot_rows(number)),
    _trigger("queue/add", "append a prompt to the queue", "s"),
    _trigger("queue/skip", "show the next waiting prompt now"),
    _trigger("queue/clear", "remove all waiting prompts"),
    _trigger("queue/approve", "approve the held prompt with this number; without one, the oldest", "[i]"),
    _trigger("queue/reject", "discard the held prompt with this number; without one, the oldest", "[i]"),
    _trigger("queue/{id}/approve", "approve this held prompt"),
    _trigger("queue/{id}/reject", "discard this prompt, held or waiting"),
    _trigger("queue/{id}/remove", "take this prompt out of the queue"),
    _trigger("queue/{id}/text", "change the words of this waiting or held prompt", "s"),
    _trigger("queue/{id}/move", "move this waiting prompt to a place in the queue, counted from 1", "i"),
    _value("queue/hold", "bool", "conductor", False, "stop the queue; GO and skip still work"),
    _value("queue/seconds", "float", "conductor", 8.0, "time on the stage before the next queued prompt", 3600.0, "s"),
    _trigger("go", "fire the next cue; without cues, show the next script line or queued prompt", critical=True),
    _trigger("cue/{n}/start", "fire this cue now"),
    _trigger("cue/{n}/load", "GO starts this cue, as if it had begun so many seconds ago", "f"),
    _trigger("playhead/next", "skip the next cue"),
    _trigger("playhead/previous", "go back to the cue before, with the same picture"),
    _trigger("playhead/{n}", "GO fires this cue"),
    Param("pause", "bool", "conductor", "freeze the picture and the cues", False, arguments="[i]"),
    _trigger("resume", "end a pause"),
    _trigger("panic", "fade to black and clear the queue; a second one within a second cuts to black", critical=True),
    _trigger("panicInTime", "panic with a fade of this many seconds", "f", critical=True),
    _trigger("reset", "end panic, blackout and pause, restore the master, return to the attract walk"),
    Param(
        "blackout",
        "bool",
        "stage",
        "black screen; the optional second argument is the fade in seconds",
        False,
        critical=True,
        arguments="i [f]",
    ),
    Param(
        "master/sleep",
        "bool",
        "stage",
        "black screen and an idle renderer, as outside the opening hours; the second argument is the fade in seconds",
        False,
        critical=True,
        arguments="i [f]",
    ),
    _value("master/opacity", "float", "stage", 1.0, "brightness of the whole stage"),
    _value("caption/opacity", "float", "stage", 1.0, "opacity of the captions"),
    *_window_rows("output"),
    *_window_rows("screen/{n}"),
    Param("output/identify", "bool", "conductor", "show the number and the name of every window in it", False),
    Param(
        "output/lock", "bool", "conductor", "refuse changes of corners, mesh, rotation, mirror, mask and blend", False
    ),
    _trigger("output/testcard/next", "show the next test card; after the last one, the picture"),
    _trigger("output/undo", "take back the last change of corners, mesh, rotation, mirror, mask or blend"),
    _value("audience/qr", "bool", "stage", False, "show the QR code of the audience page on the wall"),
    _value("audience/url", "text", "stage", "", "the address in the QR code"),
    _value("midi/learn", "text", "conductor", "", "the parameter that the next MIDI control moved will steer"),
    _value("walk/speed", "float", "renderer", 0.35, "speed of the movement around the current latents"),
    _value("walk/amount", "float", "renderer", 0.4, "how far the picture moves away from the current latents"),
    _value("walk/push", "float", "renderer", 0.0, "extra speed of that movement; at 1 a quarter of its loop a second"),
    _value("dream/enabled", "bool", "renderer", True, "optimise the picture towards the prompt"),
    _value("dream/rate", "float", "renderer", 0.5, "learning rate; 0.5 is the rate that suits the model"),
    _value("dream/strength", "float", "renderer", 0.7, "how far a prompt pulls the picture from likely images"),
    _value("dream/seed", "int", "renderer", 0, "random seed of the next dreams; 0 draws one for each", MAX_SEED),
    _trigger("dream/reseed", "start the dream of the current prompt again with another seed"),
    _value("latent/truncation", "float", "renderer", 0.8, "low for typical pictures, high for varied ones"),
    _value("latent/noise", "float", "renderer", 0.0, "how far the picture is turned in a fixed random direction"),
    *(_macro_row(number) for number in range(1, MACROS + 1)),
    Param("latent/class/{n}/weight", "float", "renderer", "weight of this class of the generator, from 0", 0.0),
    Param(
        "latent/related/{n}/weight", "float", "renderer", "weight of the class that is n-th closest to the words", 0.0
    ),
    _value("transition/time", "float", "conductor", 2.5, "duration of the fade to a new prompt", 60.0, "s"),
    Param(
        "transition/curve",
        "text",
        "renderer",
        "how fades run: ease-out, linear, ease-in or ease-in-out",
        DEFAULT_CURVE,
        choices=tuple(CURVES),
    ),
    _value("transition/curve/index", "int", "conductor", 0, "the same as a number: 0 ease-out, 1 linear, …", 3),
    _value(
        "transition/position",
        "float",
        "renderer",
        1.0,
        "T-bar: 1 lets transitions run; below it, how far the picture has come from the one before",
    ),
    _value("tempo/bpm", "float", "conductor", 0.0, "beats per minute; 0: no tempo", 300.0, "1/min"),
    Param(
        "tempo/source",
        "text",
        "conductor",
        "who gives the tempo: tap (or whoever sets it), sound, midi (its clock) or link (Ableton Link)",
        TEMPO_SOURCES[0],
        choices=TEMPO_SOURCES,
    ),
    _value("tempo/source/index", "int", "conductor", 0, "the same as a number: 0 tap, 1 sound, 2 midi, 3 link", 3),
    _trigger("tempo/tap", "tap the tempo; the first tap begins a bar"),
    _trigger("tempo/beat", "this moment is this beat of the bar, counted from 1; without a number, the first", "[f]"),
    _value("tempo/quantise", "int", "conductor", 0, "GO waits for every so many beats; 4: the bar; 0: no wait", 64),
    _value("tempo/lookahead", "float", "conductor", 0.0, "how long before that beat GO fires the cue", 2.0, "s"),
    _value("sound/amount", "float", "conductor", 1.0, "how much sound moves the picture; 0: not at all", 2.0),
    Param(
        "sound/map/{n}/amount", "float", "conductor", "the same for one [[sound.map]], counted from 1", 1.0, high=2.0
    ),
    _value("speech/enabled", "bool", "conductor", True, "react to speech"),
    _value("speech/gate", "bool", "conductor", False, "close the microphone while the show plays sound"),
    _value("speech/talk", "bool", "conductor", False, "open the microphone, in a show with push to talk"),
    _value("speech/partials", "bool", "conductor", True, "let the beginning of a sentence move the picture"),
    _value("script/line", "int", "conductor", 0, "the script line read last, from 1; the next is expected", 9999),
    _value("script/follow", "bool", "conductor", True, "match speech against the script, and ignore everything else"),
    _trigger("script/next", "show the next script line as if it had been read"),
    _trigger("script/previous", "show the line before the current one again"),
    _trigger("script/load", "follow another script from the folder of the show, from its first line", "s"),
    _trigger("snapshot/{n}/store", "store the picture, the words and the values of this moment"),
    _trigger("snapshot/{n}/recall", "recall them, within so many seconds; without a number, transition/time", "[f]"),
    _trigger("snapshot/{n}/name", "give it a name", "s"),
    _trigger("snapshot/morph", "show the look between two snapshots, at 0 to 1", "iif"),
    _trigger("system/reload", "read the cue list of the show file again"),
    Param("output/{n}/active", "bool", "conductor", "whether this [[output]], counted from 1, is on", True),
    _trigger("record/still", "save the current picture as a PNG file"),
    _trigger("record/start", "record what the audience sees, for so many seconds; without a number, until stop", "[f]"),
    _trigger("record/stop", "end this recording"),
    _reading("prompt/current", "text", "the prompt on the stage"),
    _reading("queue/length", "int", "number of waiting prompts"),
    _reading("queue/now", "text", "the queued or live prompt on the stage; empty for a cue or none"),
    _reading("queue/next", "text", "the prompt that is shown next"),
    _reading("queue/next/id", "int", "its number; 0 if none waits"),
    _reading("queue/pending", "int", "number of prompts on hold for approval"),
    _reading("queue/pending/id", "int", "number of the oldest prompt on hold; 0 if there is none"),
    _reading("queue/pending/words", "text", "text of the oldest prompt on hold"),
    _reading("queue/pending/list", "text", "the ten oldest prompts on hold, with their numbers"),
    _reading("queue/refused", "text", "source of the last rejected prompt, and the reason"),
    _reading("queue/refusals", "int", "number of rejected prompts"),
    _reading("dream/loss", "float", "1 minus the cosine similarity of the picture and the prompt", high=2.0),
    _reading("dream/step", "int", "optimisation steps spent on the current prompt"),
    _reading("cue/current/index", "int", "number of the current cue, counted from 1; 0 before the first"),
    _reading("cue/current/name", "text", "name of the current cue"),
    _reading("cue/next/index", "int", "number of the cue that GO fires; 0 after the last"),
    _reading("cue/next/name", "text", "name of the cue that GO fires"),
    _reading("cue/next/words", "text", "its words, as the audience reads them"),
    _reading("cue/remaining", "float", "time until the next cue fires by itself; 0: it waits for GO", "s"),
    _reading("cue/count", "int", "number of cues"),
    _reading("cue/{n}/name", "text", "name of this cue"),
    _reading("tempo/armed", "int", "1 while GO waits for the beat; a second GO fires the cue at once"),
    _reading("output/{n}/name", "text", "its worker, by which messages name it"),
    _reading("output/{n}/state", "text", "off, starting, running, failed or lost"),
    _reading("output/{n}/state/index", "int", "0 off, 1 starting, 2 running, 3 failed, 4 lost"),
    _reading("output/{n}/viewers", "int", "who looks, as far as the output knows"),
    _reading("output/{n}/lost", "int", "frames that it has left out"),
    _reading("record/active", "int", "1 while a recording runs that record/start has begun"),
    _reading("record/seconds", "float", "how long it runs already", "s"),
    _reading("record/file", "text", "its file"),
    _reading("mode", "text", "attract, live, paused or panic"),
    _reading("mode/index", "int", "0 attract, 1 live, 2 paused, 3 panic"),
    _reading("speech/partial", "text", "what has been recognised of the sentence being spoken"),
    _reading("speech/final", "text", "the last recognised sentence"),
    _reading("speech/unheard", "text", "why the last sound was rejected"),
    _reading("speech/level", "float", "peak level of the microphone; 1 is full scale", high=1.0),
    _reading("speech/latency", "float", "from the end of the last sentence to its text", "s"),
    _reading("speech/finals", "int", "sentences recognised since the speech worker started"),
    _reading("speech/refusals", "int", "sounds rejected since the speech worker started"),
    _reading("speech/health", "text", "live, stalled, reopening, muted, clipping, ended (a recording), missing or off"),
    _reading(
        "speech/health/index", "int", "0 off, 1 live, 2 stalled, 3 reopening, 4 muted, 5 clipping, 6 ended, 7 missing"
    ),
    _reading("speech/recognizer", "text", "name of the speech recogniser"),
    _reading("speech/recognizer/quality", "int", "0 none, 1 embedded (for known texts only), 2 full"),
    _reading("script/name", "text", "file name of the script"),
    _reading("script/lines", "int", "number of lines in the script"),
    _reading("script/text", "text", "the script line read last"),
    _reading("script/next/text", "text", "the script line that is expected next; empty after the last"),
    _reading("audio/live", "int", "1 while sound is analysed"),
    _reading("audio/loudness", "float", "loudness between silence and the loudest of the last seconds", high=1.0),
    _reading("audio/low", "float", "level below 200 Hz, of its largest in the last seconds", high=1.0),
    _reading("audio/mid", "float", "level from 200 Hz to 2 kHz", high=1.0),
    _reading("audio/high", "float", "level above 2 kHz", high=1.0),
    _reading("audio/onset", "float", "strength of the last onset; it fades within 0.15 s", high=1.0),
    _reading("audio/onsets", "int", "onsets since the start of the analysis"),
    *(_pitch_row(number) for number in range(PITCHES)),
    _reading("audio/bpm", "float", "tempo that is heard; 0: none", "1/min"),
    _reading("status/alive", "int", "counts up once a second while the show runs"),
    _reading("status/fps", "float", "presented frames per second", "1/s"),
    _reading("status/generated", "float", "generated frames per second", "1/s"),
    _reading("status/steps", "float", "optimisation steps per second", "1/s"),
    _reading("status/cutouts", "int", "image cutouts per optimisation step, as the frame budget allows"),
    _reading("status/precision", "text", "number format of the generator: float32, bfloat16 or float16"),
    _reading("status/precision/index", "int", "0 not known yet, 1 float32, 2 bfloat16, 3 float16"),
    _reading("status/worker/index", "int", "0 none, 1 renderer, 2 control, 3 speech, 4 an output, 5 sound, 6 writer"),
    _reading("status/missed", "float", "share of the last second's frames that were presented late", "%"),
    _reading("status/worker", "text", "the worker whose state changed last"),
    _reading("status/presented", "int", "frames presented since the start"),
    _reading("status/restarts", "int", "workers replaced since the start"),
    _reading("status/memory", "float", "resident memory of all processes together", "MB"),
    _reading("status/disk", "float", "free space where recordings are kept", "GB"),
    _reading("walls/offset", "float", "how far this clock is ahead of that of the show that it follows", "ms"),
    _reading("walls/late", "float", "99th percentile of how late frames in step with other walls are shown", "ms"),
    _reading("status/selftest", "text", "what the last self-test has found; empty before the first"),
    _reading("status/selftest/index", "int", "0 no self-test yet, 1 passed, 2 warned, 3 failed"),
    _reading("status/selftest/score", "float", "cosine of its line and its picture", high=1.0),
    _reading("status/workers", "text", "every worker and its state, one on each line"),
    _reading("status/state", "text", "starting, running or degraded"),
    _reading("status/state/index", "int", "0 starting, 1 running, 2 degraded"),
)
