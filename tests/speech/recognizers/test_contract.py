"""The contract of `Recognizer`, for every entry of the registry."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from installation.core.model_files import sha256_of
from installation.speech.interfaces import SAMPLE_RATE, RecognizedText, Recognizer, RecognizerRequest
from installation.speech.recognizers.registry import RECOGNIZERS, create_recognizer
from installation.speech.recognizers.scripted import ScriptedRecognizer
from installation.speech.recognizers.whisper_files import PUBLISHED, WhisperFile
from tests.speech.flite import synthesize
from tests.speech.recognizers import toy_recognizer
from tests.speech.recordings import SIX_SENTENCES_MODEL, silence

FIRST = "An old ship in a storm."
SECOND = "Slow golden waves at night."
FEED_SAMPLES = SAMPLE_RATE // 2
INT8 = "base.en-int8"  # the others are the same, and each converts the checkpoint
TESTED = [name for name in (*RECOGNIZERS, "toy") if not name.endswith("-int8") or name == INT8]
NAMES = [pytest.param(name, marks=pytest.mark.slow if name in (*PUBLISHED, INT8) else ()) for name in TESTED]


@pytest.fixture(scope="module")
def models() -> Iterator[Path]:
    """A models folder in which the small test checkpoint takes the place of every published one."""
    sha256, size = sha256_of(SIX_SENTENCES_MODEL), SIX_SENTENCES_MODEL.stat().st_size
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as folder:
        for name, model in list(PUBLISHED.items()):
            (Path(folder) / model.file).symlink_to(SIX_SENTENCES_MODEL)
            patch.setitem(PUBLISHED, name, WhisperFile(model.file, sha256, size, cpu_seconds=0.1))
        yield Path(folder)


@pytest.fixture(scope="module", params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def recognizer(name: str, models: Path) -> Recognizer:
    made = create(name, models)
    made.load()
    return made


def create(name: str, models: Path) -> Recognizer:
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(RECOGNIZERS, "toy", toy_recognizer.create)
        return create_recognizer(name, RecognizerRequest(models))


@pytest.mark.slow
def test_it_has_a_name_and_a_quality_for_the_operator(recognizer: Recognizer) -> None:
    assert recognizer.name
    assert recognizer.quality in (1, 2)


def test_it_reports_text_and_confidence_in_range(recognizer: Recognizer) -> None:
    recognized = recognizer.decode(synthesize(FIRST, "rms"))
    assert recognized.text.strip() == recognized.text != ""
    assert 0.0 <= recognized.no_speech_prob <= 1.0
    assert recognized.avg_logprob <= 0.0
    assert recognized.compression_ratio > 0.0
    assert recognized.decode_seconds >= 0.0


@pytest.mark.parametrize("samples", [silence(0.0), silence(1.0)], ids=["empty", "zeros"])
def test_it_accepts_audio_without_speech(recognizer: Recognizer, samples: np.ndarray) -> None:
    assert isinstance(recognizer.decode(samples), RecognizedText)


@pytest.mark.slow
def test_noise_and_an_unfinished_utterance_do_not_change_the_next_decoding(recognizer: Recognizer) -> None:
    recognizer.decode(synthesize(FIRST, "rms"))  # a recogniser may adapt to the last words that it heard
    before = recognizer.decode(synthesize(FIRST, "rms")).text
    noise = np.random.default_rng(3).normal(0, 6000, SAMPLE_RATE).astype(np.int16)
    recognizer.decode(noise)
    recognizer.decode_partial(1, synthesize(SECOND, "rms"))
    assert recognizer.decode(synthesize(FIRST, "rms")).text == before


@pytest.mark.slow
def test_the_final_of_a_growing_utterance_is_that_of_the_whole(recognizer: Recognizer) -> None:
    samples = synthesize(FIRST, "rms")
    for end in range(FEED_SAMPLES, len(samples), FEED_SAMPLES):
        recognizer.decode_partial(10, samples[:end])
    assert recognizer.decode_final(10, samples).text == recognizer.decode(samples).text


@pytest.mark.slow
def test_another_utterance_starts_anew_even_if_the_last_one_never_ended(recognizer: Recognizer) -> None:
    recognizer.decode_partial(20, synthesize(FIRST, "rms"))
    recognizer.decode_partial(21, synthesize(SECOND, "rms")[:FEED_SAMPLES])
    final = recognizer.decode_final(21, synthesize(SECOND, "rms")).text
    assert final == recognizer.decode(synthesize(SECOND, "rms")).text


@pytest.mark.slow
def test_fewer_samples_than_before_start_anew(recognizer: Recognizer) -> None:
    first, second = synthesize(FIRST, "rms"), synthesize(SECOND, "rms")
    recognizer.decode_partial(30, np.concatenate([first, second]))
    assert recognizer.decode_final(30, first).text == recognizer.decode(first).text


@pytest.mark.slow
def test_a_successor_recognises_what_a_new_recogniser_does_whatever_it_replaces(
    name: str, recognizer: Recognizer, models: Path
) -> None:
    samples = synthesize(FIRST, "rms")
    new = create(name, models)
    expected = new.decode(samples).text
    for predecessor in (recognizer, ScriptedRecognizer([])):
        successor = create(name, models)
        successor.load(predecessor)
        assert (successor.name, successor.decode(samples).text) == (recognizer.name, expected)
