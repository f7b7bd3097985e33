"""Word errors with real weights."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tests.bench.hearing_clips import (
    Options,
    Row,
    human_clips,
    mixed,
    noisy,
    spoken,
    word_error,
    word_error_of,
)
from tests.bench.hearing_texts import FOREIGN, FREE, MESSY, SCRIPT
from tests.speech import flite, pico

NOISES = (20.0, 10.0, 0.0)  # dB that noise is quieter than the voice
SECOND_TALKERS = (10.0, 5.0)


def measure_script(options: Options) -> Iterator[Row]:
    """Lines of a text, without any hint, and human voices."""
    yield from _by_voice(options, "script", SCRIPT)
    clips = options.some(human_clips())
    if clips:
        yield Row(f"word error, read, human, {len(clips)} clips", f"{word_error_of(options.load('en'), clips):.1%}")


def measure_free(options: Options) -> Iterator[Row]:
    """Wishes."""
    return _by_voice(options, "free", FREE)


def measure_messy(options: Options) -> Iterator[Row]:
    """Wishes as people speak."""
    return _by_voice(options, "messy", MESSY)


def _by_voice(options: Options, kind: str, texts: Sequence[str]) -> Iterator[Row]:
    recognizer = options.load("en")
    for voice, clips in spoken(options.some(texts)):
        yield Row(f"word error, {kind}, {voice}", f"{word_error_of(recognizer, clips):.1%}")


def measure_noise(options: Options) -> Iterator[Row]:
    """Pink noise, and another voice."""
    recognizer = options.load("en")
    clips = [(text, flite.synthesize(text, "rms")) for text in options.some(SCRIPT)]
    for decibels in NOISES:
        found = word_error_of(recognizer, [(text, noisy(samples, decibels)) for text, samples in clips])
        yield Row(f"word error, script, flite rms, pink noise {decibels:.0f} dB quieter", f"{found:.1%}")
    other = flite.synthesize(FREE[3], "slt")
    for decibels in SECOND_TALKERS:
        found = word_error_of(recognizer, [(text, mixed(samples, other, decibels)) for text, samples in clips])
        yield Row(f"word error, script, flite rms, second talker {decibels:.0f} dB quieter", f"{found:.1%}")


def measure_languages(options: Options) -> Iterator[Row]:
    """Languages that are detected, languages that are set, and speech in one that is not listened for."""
    detecting, english = options.load(), options.load("en")
    right = told = total = 0
    for language, texts in FOREIGN.items():
        clips = [(text, pico.synthesize(text, language)) for text in options.some(texts)]
        heard = [(text, detecting.decode(samples)) for text, samples in clips]
        right += sum(each.language == language for _, each in heard)
        told += sum(english.decode(samples).detected == language for _, samples in clips)
        total += len(clips)
        error = word_error((text, each.text) for text, each in heard)
        set_error = word_error_of(options.load(language), clips)
        yield Row(f"word error, {language}, Pico, language detected / set", f"{error:.1%} / {set_error:.1%}")
    clips = [clip for _, by_voice in spoken(options.some(FREE)) for clip in by_voice]
    false = sum(bool(english.decode(samples).detected) for _, samples in clips)
    yield Row("languages detected rightly", f"{right} of {total}", "all", right == total)
    yield Row('foreign clips reported with language = "en"', f"{told} of {total}")
    yield Row("the same, of English clips", f"{false} of {len(clips)}", "0", false == 0)
