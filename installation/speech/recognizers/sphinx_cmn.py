"""The means of the cepstra of a sound, which pocketsphinx takes off them before it searches for words.

Whoever feeds it in pieces has to tell it the means. A second decoder that looks at next to nothing (one word,
one Gaussian of each mixture, every twentieth frame) reads the same sound for them in some milliseconds.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from installation.speech.interfaces import Samples

Means = NDArray[np.float64]  # one of each coefficient

QUIET = "FATAL"  # the library's own lines would go straight to the terminal, around our views
EVERY = 20  # frames of which one is looked at


class CepstralMeans:
    """Nothing that it says depends on what it was given before."""

    def __init__(self) -> None:
        """Raises RuntimeError where the packaged model does not load."""
        from pocketsphinx import Decoder

        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "one.dict"
            path.write_text("oh OW\n", encoding="utf-8")
            self._decoder = Decoder(loglevel=QUIET, lm=None, dict=str(path), keyphrase="oh", ds=EVERY, topn=1)

    def of(self, samples: Samples) -> Means:
        """Of all of the sound; not finite where there is none, only zeros."""
        self._decoder.start_utt()
        self._decoder.process_raw(samples.tobytes(), no_search=False, full_utt=True)
        self._decoder.end_utt()
        return parsed(self._decoder.get_cmn())


def parsed(text: str) -> Means:
    """Means as the library writes them."""
    return np.array([float(each) for each in text.split(",")])


def written(means: Means) -> str:
    """Means as the library takes them by `set_cmn`."""
    return ",".join(f"{each:.2f}" for each in means)
