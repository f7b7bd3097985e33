"""The means of an utterance's cepstra, which pocketsphinx takes off them, found before it searches for words.

Whoever feeds it in pieces cannot let it find them by itself. A second decoder that looks at next to nothing (one word,
one Gaussian of each mixture, every twentieth frame) reads the same sound for them in some milliseconds.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from installation.listen.base import Samples

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

    def of(self, samples: Samples) -> str:
        """As the library writes them, and takes them by `set_cmn`."""
        self._decoder.start_utt()
        self._decoder.process_raw(samples.tobytes(), no_search=False, full_utt=True)
        self._decoder.end_utt()
        return str(self._decoder.get_cmn())
