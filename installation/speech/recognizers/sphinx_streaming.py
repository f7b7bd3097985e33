"""Incremental decoding with pocketsphinx: an utterance is searched while it is spoken, every sample once.

The library holds the interpreter lock while it searches, so audio is fed in small chunks: otherwise the microphone's
callback would be delayed.

Cepstral mean normalisation (CMN) subtracts the mean of each cepstral coefficient before the search. The mean of the
utterance is unknown while it is being spoken. It is estimated from the audio so far, with the mean of the previous
utterance as a prior. Chunks and the moments of re-estimation do not depend on how much audio is fed at once, so that
an utterance that grows gives the same words as one that is fed whole.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from installation.speech.interfaces import SAMPLE_RATE, Samples

if TYPE_CHECKING:
    from pocketsphinx import Decoder

LOG_LEVEL = "FATAL"  # the library logs directly to the terminal, over the operator's view
CHUNK_SAMPLES = SAMPLE_RATE // 10  # searched at once
FIRST_CMN_SAMPLES = 6 * CHUNK_SAMPLES  # the search starts here; most of it is pre-roll without voice
CMN_INTERVAL_SAMPLES = 5 * CHUNK_SAMPLES  # between two estimates of the mean
CMN_PRIOR_SECONDS = 1.0  # weight of the prior
CMN_FRAME_STEP = 20  # the estimator evaluates one frame in this many

CepstralMean = NDArray[np.float64]  # [coefficients]


class CepstralMeanEstimator:
    """Computes cepstral means with a second decoder that searches as little as possible, in some milliseconds.

    It has one word, one Gaussian per mixture, and skips most frames. Its results do not depend on earlier calls.
    """

    def __init__(self) -> None:
        """Load the packaged model. Raises RuntimeError if that fails."""
        from pocketsphinx import Decoder

        with tempfile.TemporaryDirectory() as folder:
            dictionary = Path(folder) / "one.dict"
            dictionary.write_text("oh OW\n", encoding="utf-8")
            self._decoder = Decoder(
                loglevel=LOG_LEVEL, lm=None, dict=str(dictionary), keyphrase="oh", ds=CMN_FRAME_STEP, topn=1
            )

    def estimate(self, samples: Samples) -> CepstralMean:
        """Return the mean over all samples; it is not finite if all of them are zero."""
        self._decoder.start_utt()
        self._decoder.process_raw(samples.tobytes(), no_search=False, full_utt=True)
        self._decoder.end_utt()
        return parse_cmn(self._decoder.get_cmn())


def parse_cmn(text: str) -> CepstralMean:
    """Parse the means that pocketsphinx returns by `get_cmn`."""
    return np.array([float(value) for value in text.split(",")])


def format_cmn(mean: CepstralMean) -> str:
    """Format means for pocketsphinx's `set_cmn`."""
    return ",".join(f"{value:.2f}" for value in mean)


class StreamingDecoder:
    """Decodes one utterance after another, each in any number of `advance` calls and one `finish`."""

    def __init__(self, decoder: Decoder, estimator: CepstralMeanEstimator) -> None:
        self._decoder, self._estimator = decoder, estimator
        self._prior: CepstralMean = parse_cmn(decoder.get_cmn())  # of the last utterance that contained words
        self._searched = 0
        self._running = False

    @property
    def searched(self) -> int:
        """Samples of the current utterance that have been searched."""
        return self._searched

    def lookup_word(self, word: str) -> str | None:
        """Return the phones of a word, separated by spaces; None if the dictionary lacks it."""
        phones: str | None = self._decoder.lookup_word(word)
        return phones

    def reset(self) -> None:
        """Discard the current utterance."""
        if self._running:
            self._decoder.end_utt()
        self._running, self._searched = False, 0

    def advance(self, samples: Samples) -> str:
        """Return the words so far; `samples` is the utterance from its beginning, no shorter than the last time."""
        if len(samples) >= FIRST_CMN_SAMPLES:
            self._search(samples, len(samples) - len(samples) % CHUNK_SAMPLES)
        return self._hypothesis() if self._running else ""

    def finish(self, samples: Samples) -> str:
        """Return the words of the complete utterance and reset; `samples` is the utterance from its beginning."""
        self._search(samples, len(samples))
        if not self._running:
            return ""
        self._decoder.end_utt()
        self._running, self._searched = False, 0
        words = self._hypothesis()
        if words:  # the mean of noise says nothing about the speaker
            self._prior = self._estimator.estimate(samples)
        return words

    def _search(self, samples: Samples, end: int) -> None:
        # The model recognises noise as silence, but digital silence (all zeros) as a word: skip it.
        if not self._running and samples[:end].any():
            self._decoder.start_utt()
            self._running = True
            self._update_cmn(samples[:FIRST_CMN_SAMPLES])
        while self._running and self._searched < end:
            chunk = samples[self._searched : min(self._searched + CHUNK_SAMPLES, end)]
            if self._searched > FIRST_CMN_SAMPLES and self._searched % CMN_INTERVAL_SAMPLES == 0:
                self._update_cmn(samples[: self._searched])
            self._decoder.process_raw(chunk.tobytes(), no_search=False, full_utt=False)
            self._searched += len(chunk)

    def _update_cmn(self, samples: Samples) -> None:
        mean, seconds = self._estimator.estimate(samples), float(np.count_nonzero(samples)) / SAMPLE_RATE
        if not np.isfinite(mean).all():  # digital silence has no mean
            mean, seconds = self._prior, 0.0
        posterior = (CMN_PRIOR_SECONDS * self._prior + seconds * mean) / (CMN_PRIOR_SECONDS + seconds)
        self._decoder.set_cmn(format_cmn(posterior))

    def _hypothesis(self) -> str:
        hypothesis = self._decoder.hyp()
        return str(hypothesis.hypstr).strip() if hypothesis else ""
