"""Hearing with real weights, in figures: `python -m tests.bench.hearing [--part words ...] [--int8] [--human FOLDER]`.

words      word error of script, free and messy speech, of flite's, Pico's and human voices, in noise, with two talkers
languages  word error in four languages, and how often the language is heard
filters    finals in half an hour without speech; short true words that are refused
following  lines of a text in two languages that begin when they are read, and lines that begin wrongly
time       CPU time of a decoding, memory

Whisper's base weights are downloaded once (see `tests.speech.real_whisper`). FOLDER has WAV files and transcripts of
human voices, such as `test/data/librivox` in the source of pocketsphinx. Delays, and the picture's rate beside a
listener, are measured by `python -m tests.bench.speech --model CHECKPOINT`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated

import numpy as np
import psutil
import typer
from rich.console import Console
from rich.table import Table

from installation.conductor.conductor import Conductor
from installation.core.messages import Changed, SpeechRejected, Transcription
from installation.show.script_file import Script
from installation.show.settings import ListenSettings, ScriptSettings, Show
from installation.speech.audio_file import decode_audio_file
from installation.speech.audio_source import AudioChunk
from installation.speech.endpointing import VENUES
from installation.speech.hallucination_filter import VENUE_LIMITS
from installation.speech.interfaces import SAMPLE_RATE, Recognizer, Samples
from installation.speech.pipeline import SpeechPipeline
from installation.speech.recognizers.whisper import Int8WhisperRecognizer, WhisperRecognizer
from installation.speech.transcriber import Hearing
from installation.text.tokenization import tokens
from installation.text.word_similarity import edit_distance
from tests.bench.hearing_texts import FOREIGN, FREE, GERMAN, MESSY, SCRIPT, SHORT
from tests.speech import flite, pico
from tests.speech.non_speech import NON_SPEECH, to_samples
from tests.speech.real_whisper import real_whisper
from tests.speech.recordings import silence

Row = tuple[str, str, str]  # what, figure, target
Clip = tuple[str, Samples]

SPELLINGS = {"harbor": "harbour", "gray": "grey", "color": "colour"}
NON_SPEECH_MINUTES = 5.0  # of each sound
POEM = Path(__file__).parents[2] / "shows" / "reading.txt"
BLOCK = SAMPLE_RATE // 10
MIN_LEVEL, MAX_LEVEL = 0.05, 0.3  # of full scale, of sounds that are no speech


@dataclass(frozen=True)
class Options:
    """The command line."""

    recognizer: type[WhisperRecognizer]
    human: Path | None
    quick: bool

    def load(self, *languages: str) -> WhisperRecognizer:
        """A loaded recogniser of these languages."""
        recognizer = self.recognizer(real_whisper(), languages)
        recognizer.load()
        return recognizer


def spoken(texts: Sequence[str]) -> Iterator[tuple[str, list[Clip]]]:
    """The texts by each voice."""
    for voice in ("rms", "slt"):
        yield f"flite {voice}", [(text, flite.synthesize(text, voice)) for text in texts]
    yield "pico", [(text, pico.synthesize(text, "en")) for text in texts]


def human(folder: Path) -> list[Clip]:
    """WAV files with their transcripts."""
    paths = sorted(folder.glob("*.wav"))
    return [
        (path.with_suffix(".txt").read_text().strip(), np.concatenate([*decode_audio_file(path)])) for path in paths
    ]


def words(text: str) -> list[str]:
    """The words of a text, in one spelling."""
    return [SPELLINGS.get(word, word) for word in tokens(text)]


def word_error(recognizer: Recognizer, clips: Sequence[Clip]) -> float:
    """The word error rate over all clips."""
    pairs = [(words(text), words(recognizer.decode(samples).text)) for text, samples in clips]
    return sum(edit_distance(said, heard) for said, heard in pairs) / sum(len(said) for said, _ in pairs)


def noisy(samples: Samples, decibels: float, seed: int = 1) -> Samples:
    """Add pink noise at a signal-to-noise ratio."""
    spectrum = np.fft.rfft(np.random.default_rng(seed).normal(size=len(samples)))
    pink = np.fft.irfft(spectrum / np.sqrt(np.maximum(np.arange(len(spectrum)), 1)), len(samples))
    return mixed(samples, pink, decibels)


def mixed(samples: Samples, other: np.ndarray, decibels: float) -> Samples:
    """Add another sound, so many decibels quieter."""
    other = np.resize(other.astype(np.float64), len(samples))
    voice = samples.astype(np.float64)
    scale = np.sqrt((voice**2).mean() / (other**2).mean()) * 10 ** (-decibels / 20)
    both: Samples = np.clip(voice + scale * other, -32768, 32767).astype(np.int16)
    return both


def measure_words(options: Options) -> Iterator[Row]:
    """Word error by kind of speech, voice and noise."""
    recognizer = options.load("en")
    for kind, texts in (("script", SCRIPT), ("free", FREE), ("messy", MESSY)):
        for voice, clips in spoken(texts[:3] if options.quick else texts):
            yield f"word error, {kind}, {voice}", f"{word_error(recognizer, clips):.1%}", ""
    if options.human:
        yield "word error, human", f"{word_error(recognizer, human(options.human)):.1%}", ""
    clips = [(text, flite.synthesize(text, "rms")) for text in (SCRIPT[:3] if options.quick else SCRIPT)]
    for decibels in (20.0, 10.0, 0.0):
        found = word_error(recognizer, [(text, noisy(samples, decibels)) for text, samples in clips])
        yield f"word error, script, pink noise {decibels:.0f} dB", f"{found:.1%}", ""
    other = flite.synthesize(FREE[3], "slt")
    found = word_error(recognizer, [(text, mixed(samples, other, 10.0)) for text, samples in clips])
    yield "word error, script, second talker 10 dB quieter", f"{found:.1%}", ""


def measure_languages(options: Options) -> Iterator[Row]:
    """Word error by language, and whether the language is heard."""
    recognizer = options.load()
    right = total = 0
    for language, texts in FOREIGN.items():
        clips = [(text, pico.synthesize(text, language)) for text in texts]
        heard = [recognizer.decode(samples) for _, samples in clips]
        right += sum(each.language == language for each in heard)
        total += len(heard)
        errors = sum(edit_distance(words(t), words(each.text)) for (t, _), each in zip(clips, heard, strict=True))
        yield f"word error, {language}", f"{errors / sum(len(words(text)) for text in texts):.1%}", ""
    yield "languages heard rightly", f"{right} of {total}", ""


def transcribed(recognizer: Recognizer, sound: Samples, venue: str) -> list[Transcription | SpeechRejected]:
    """What a pipeline makes of a sound, as fast as possible."""
    results: list[Transcription | SpeechRejected] = []
    hearing = Hearing("en", VENUE_LIMITS[venue])
    pipeline = SpeechPipeline(recognizer, VENUES[venue], results.append, hearing, partials=False)
    for start in range(0, len(sound), BLOCK):
        pipeline.process(AudioChunk(sound[start : start + BLOCK], (start + BLOCK) / SAMPLE_RATE))
        while pipeline.decoder.pending_finals > 1:
            time.sleep(0.01)
    while not pipeline.decoder.idle:
        time.sleep(0.01)
    pipeline.close()
    return results


def measure_filters(options: Options) -> Iterator[Row]:
    """Invented finals in sounds without speech, and short true words that are refused."""
    recognizer = options.load("en")
    seconds = 60.0 * (0.2 if options.quick else NON_SPEECH_MINUTES) / 2
    invented = 0
    for number, (name, sound) in enumerate(NON_SPEECH.items()):
        for level in (MIN_LEVEL, MAX_LEVEL):
            results = transcribed(recognizer, to_samples(sound(seconds, number), level), "quiet")
            finals = [each.text for each in results if isinstance(each, Transcription)]
            invented += len(finals)
            if finals:
                yield f"invented in {name}", str(finals), ""
    minutes = 2 * seconds * len(NON_SPEECH) / 60
    yield f"invented finals in {minutes:.0f} minutes of {len(NON_SPEECH)} sounds", str(invented), "0"
    pause = silence(1.0)
    refused = []
    for text in SHORT:
        for voice in ("rms", "slt"):
            results = transcribed(recognizer, np.concatenate([pause, flite.synthesize(text, voice), pause]), "quiet")
            refused += [f"{text}: {each.reason}" for each in results if isinstance(each, SpeechRejected)]
    yield "short true words refused", f"{len(refused)} of {2 * len(SHORT)}", "5 %"
    yield from (("", each, "") for each in refused)


def follow(recognizer: WhisperRecognizer, language: str, lines: Sequence[str], speak: Callable[[str], Samples]) -> str:
    """Read the lines to a Conductor, with one partial before each final; return the lines that began, and wrongly."""
    show = Show(script=ScriptSettings(text="\n".join(lines)), listen=ListenSettings(language=language))
    conductor = Conductor(show)
    followed = wrong = 0
    for number, line in enumerate(lines, 1):
        samples = np.concatenate([silence(0.5), speak(line), silence(0.4)])
        recognizer.context = conductor.reading_position.lines
        for final in (False, True):
            decode = recognizer.decode_final if final else recognizer.decode_partial
            text = decode(number, samples if final else samples[: 2 * SAMPLE_RATE]).text
            message = Transcription(number, text, final, 0 if final else len(text), number * 5.0, number * 5.0 + 3.0)
            for effect in conductor.receive(message, number * 5.0 + 3.0):
                if isinstance(effect, Changed) and effect.name == "script/line":
                    followed += effect.value == number
                    wrong += effect.value != number
    return f"{followed} of {len(lines)}, {wrong} wrong"


def measure_following(options: Options) -> Iterator[Row]:
    """Lines followed, and wrong fires."""
    poem = [line.text for line in Script.parse(POEM.read_text(encoding="utf-8")).lines]
    short = slice(0, 4) if options.quick else slice(0, 40)
    found = follow(options.load("en"), "en", poem[short], lambda line: flite.synthesize(line, "rms"))
    yield "lines followed, English", found, "97 %"
    german = options.load("de")
    for speed in (1.0, 0.85):
        found = follow(german, "de", GERMAN[short], partial(pico.synthesize, language="de", speed=speed))
        yield f"lines followed, German, speed {speed}", found, "97 %"


def measure_time(options: Options) -> Iterator[Row]:
    """CPU time of a decoding and memory."""
    recognizer = options.load("en")
    clips = [flite.synthesize(text, "rms") for text in SCRIPT[: 4 if options.quick else 12]]
    for name, decode in (("partial", recognizer.decode_partial), ("final", recognizer.decode_final)):
        began = time.process_time()
        for number, samples in enumerate(clips):
            decode(number, samples)
        yield f"CPU of a {name}", f"{(time.process_time() - began) / len(clips):.2f} s", ""
    yield "memory of the process", f"{psutil.Process().memory_info().rss >> 20} MB", ""


PARTS: dict[str, Callable[[Options], Iterator[Row]]] = {
    "time": measure_time,
    "words": measure_words,
    "languages": measure_languages,
    "filters": measure_filters,
    "following": measure_following,
}


def main(
    part: Annotated[list[str] | None, typer.Option(help=f"One of {', '.join(PARTS)}; default: all.")] = None,
    int8: Annotated[bool, typer.Option(help="Measure the recogniser in 8-bit integers.")] = False,
    human: Annotated[Path | None, typer.Option(help="A folder of human voices.")] = None,
    quick: Annotated[bool, typer.Option(help="Measure a few sentences only.")] = False,
) -> None:
    """Measure the parts in turn and print the table."""
    options = Options(Int8WhisperRecognizer if int8 else WhisperRecognizer, human, quick)
    table = Table("", "", "target", title="Hearing")
    for name in part or list(PARTS):
        for row in PARTS[name](options):
            print(*row, sep="  ", flush=True)
            table.add_row(*row)
        table.add_section()
    Console(width=130).print(table)


if __name__ == "__main__":
    typer.run(main)
