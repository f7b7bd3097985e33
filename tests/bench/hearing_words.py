"""Word errors with real weights, in quiet and in noise, and in several languages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

from installation.speech.interfaces import Samples
from tests.bench.hearing_clips import (
    VOICES,
    Measurement,
    Options,
    Result,
    Row,
    human_clips,
    mixed,
    pink_noise,
    rate,
    synthesized,
    total,
    word_errors,
)
from tests.bench.hearing_texts import FOREIGN, FREE, MESSY, SCRIPT
from tests.speech import flite, pico

NOISES = (20.0, 10.0, 0.0)  # dB that noise is quieter than the voice
SECOND_TALKERS = (10.0, 5.0)


def _spoken(texts: Sequence[str], voice: str, options: Options) -> Result:
    recognizer = options.load("en")
    return word_errors((text, recognizer.decode(synthesized(text, voice)).text) for text in options.some(texts))


def _human(options: Options) -> Result:
    recognizer = options.load("en")
    return word_errors((text, recognizer.decode(samples).text) for text, samples in options.some(human_clips()))


def _kind(kind: str, texts: Sequence[str], **more: Callable[[Options], Result]) -> Measurement:
    def rows(results: Mapping[str, Result]) -> Iterator[Row]:
        for voice, result in results.items():
            yield Row(f"word error, {kind}, {voice}, {result['words']} words", rate(result))

    return Measurement({voice: partial(_spoken, texts, voice) for voice in VOICES} | more, rows)


SCRIPT_LINES = _kind("script", SCRIPT, human=_human)
FREE_WISHES = _kind("free", FREE)
MESSY_WISHES = _kind("messy", MESSY)


def _with_noise(samples: Samples, decibels: float) -> Samples:
    return mixed(samples, pink_noise(len(samples)), decibels)


def _with_talker(samples: Samples, decibels: float) -> Samples:
    return mixed(samples, flite.synthesize(FREE[3], "slt"), decibels)


def _disturbed(disturb: Callable[[Samples, float], Samples], decibels: float, options: Options) -> Result:
    recognizer = options.load("en")
    clips = ((text, disturb(flite.synthesize(text, "rms"), decibels)) for text in options.some(SCRIPT))
    return word_errors((text, recognizer.decode(samples).text) for text, samples in clips)


def _noise_rows(results: Mapping[str, Result]) -> Iterator[Row]:
    for name, result in results.items():
        yield Row(f"word error, script, flite rms, {name} quieter", rate(result))


NOISE = Measurement(
    {f"pink noise {decibels:.0f} dB": partial(_disturbed, _with_noise, decibels) for decibels in NOISES}
    | {f"second talker {decibels:.0f} dB": partial(_disturbed, _with_talker, decibels) for decibels in SECOND_TALKERS},
    _noise_rows,
)


def _foreign(language: str, options: Options) -> Result:
    """A language that is detected, the same one set, and a show that listens for English only."""
    clips = [(text, pico.synthesize(text, language)) for text in options.some(FOREIGN[language])]
    detecting, english, own = options.load(), options.load("en"), options.load(language)
    heard = [(text, detecting.decode(samples)) for text, samples in clips]
    return {
        "detected": word_errors((text, each.text) for text, each in heard),
        "set": word_errors((text, own.decode(samples).text) for text, samples in clips),
        "right": sum(each.language == language for _, each in heard),
        "told": sum(english.decode(samples).detected == language for _, samples in clips),
        "clips": len(clips),
    }


def _native(options: Options) -> Result:
    """English speech in a show that listens for English, and in one that detects."""
    clips = [(text, synthesized(text, voice)) for voice in VOICES for text in options.some(FREE)]
    detecting, english = options.load(), options.load("en")
    heard = [(text, detecting.decode(samples)) for text, samples in clips]
    own = [(text, english.decode(samples)) for text, samples in clips]
    return {
        "detected": word_errors((text, each.text) for text, each in heard),
        "set": word_errors((text, each.text) for text, each in own),
        "right": sum(each.language == "en" for _, each in heard),
        "told": sum(bool(each.detected) for _, each in own),
        "clips": len(clips),
    }


def _language_rows(results: Mapping[str, Result]) -> Iterator[Row]:
    for language, result in results.items():
        yield Row(
            f"word error, {language}, language detected / set", f"{rate(result['detected'])} / {rate(result['set'])}"
        )
    right, clips = total(results, "right"), total(results, "clips")
    yield Row("languages detected rightly", f"{right} of {clips}", "all", right == clips)
    foreign = {language: result for language, result in results.items() if language != "en"}
    if foreign:
        told = f"{total(foreign, 'told')} of {total(foreign, 'clips')}"
        yield Row('foreign clips reported with language = "en"', told)
    if "en" in results:
        told_of_english, count = results["en"]["told"], results["en"]["clips"]
        yield Row("English clips reported as foreign", f"{told_of_english} of {count}", "0", not told_of_english)


LANGUAGES = Measurement(
    {"en": _native} | {language: partial(_foreign, language) for language in FOREIGN}, _language_rows
)
