"""The search for the words of one utterance, which goes on while it is spoken: no sample is searched twice.

The library holds the interpreter while it searches, and the microphone's callback would have to wait: so it is fed in
pieces. Before it searches it takes the means of the cepstra off them, and it has to be told these before the utterance
is whole: they are those of the speech before (of the model's own at first) and of what is there of this one, which soon
counts more. Pieces, and the moments at which the means are renewed, do not depend on how much is fed at once: a growing
utterance gives the same words as a whole one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from installation.speech.interfaces import RATE, Samples
from installation.speech.recognizers.sphinx_cmn import CepstralMeans, Means, parsed, written

if TYPE_CHECKING:
    from pocketsphinx import Decoder

PIECE = RATE // 10  # samples that are searched at once
LEAD = 6 * PIECE  # samples that are there before the search begins: half a second of them are nobody's voice
RENEWED = 5 * PIECE  # samples from one look at the utterance's own means to the next
TRUST = 1.0  # seconds of this utterance that count as much as all the speech before


class StreamingDecoder:
    """One utterance after another, each begun, fed and ended."""

    def __init__(self, decoder: Decoder, means: CepstralMeans) -> None:
        self._decoder, self._means = decoder, means
        self._before: Means = parsed(decoder.get_cmn())  # of the last speech in which there were words
        self._fed = 0  # samples of the present utterance
        self._running = False

    @property
    def fed(self) -> int:
        """Samples of the present utterance that have been searched."""
        return self._fed

    def begin(self) -> None:
        """Forgets the present utterance: the next samples are those of another one."""
        if self._running:
            self._decoder.end_utt()
        self._running, self._fed = False, 0

    def follow(self, samples: Samples) -> str:
        """The words so far of an utterance that goes on; `samples` from its beginning, no fewer than the last time."""
        if len(samples) >= LEAD:
            self._feed(samples, len(samples) - len(samples) % PIECE)
        return self._words() if self._running else ""

    def finish(self, samples: Samples) -> str:
        """The words of the whole utterance; `samples` from its beginning. The next one may begin."""
        self._feed(samples, len(samples))
        if not self._running:
            return ""
        self._decoder.end_utt()
        self._running, self._fed = False, 0
        words = self._words()
        if words:  # noise says nothing of a voice
            self._before = self._means.of(samples)
        return words

    def _feed(self, samples: Samples, end: int) -> None:
        # Of noise the model makes silence, but of nothing at all (every sample 0) it makes a word.
        if not self._running and samples[:end].any():
            self._decoder.start_utt()
            self._running = True
            self._adapt(samples[:LEAD])
        while self._running and self._fed < end:
            piece = samples[self._fed : min(self._fed + PIECE, end)]
            if self._fed > LEAD and self._fed % RENEWED == 0:
                self._adapt(samples[: self._fed])
            self._decoder.process_raw(piece.tobytes(), no_search=False, full_utt=False)
            self._fed += len(piece)

    def _adapt(self, samples: Samples) -> None:
        own, seconds = self._means.of(samples), float(np.count_nonzero(samples)) / RATE
        if not np.isfinite(own).all():  # of nothing at all there is no mean, and zeros do not count in any
            own, seconds = self._before, 0.0
        self._decoder.set_cmn(written((TRUST * self._before + seconds * own) / (TRUST + seconds)))

    def _words(self) -> str:
        hypothesis = self._decoder.hyp()
        return str(hypothesis.hypstr).strip() if hypothesis else ""
