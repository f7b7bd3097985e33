"""The recogniser that is always there: pocketsphinx with the English model of its own wheel.

It hears English only, and every fourth word wrong with its own language model. Told the words of the show it is good
(see `language_model`): so it is labelled as embedded, and at its best where the text is known.

It searches while somebody speaks (see `search`), and the words are there when the voice ends. Of its three passes it
makes the first and the third, the best path through what the first has found: that takes five milliseconds for a second
of sound. The second one, a search of its own for which everything would have to wait, has found no word more.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from installation.core.errors import ShowError
from installation.speech.interfaces import RecognizedText, Samples
from installation.speech.recognizers.background_lm import background
from installation.speech.recognizers.ngram_lm import BACKGROUND, arpa, sentences
from installation.speech.recognizers.sphinx_cmn import QUIET, CepstralMeans
from installation.speech.recognizers.sphinx_streaming import StreamingDecoder
from installation.text.tokenization import words_of

if TYPE_CHECKING:
    from pocketsphinx import Decoder

BEAMS = {"maxhmmpf": 6000, "maxwpf": 20}  # states and words of a frame: a fifth less work for the same words
KNOWN_BACKGROUND = 0.2  # the share of common English where hardly anything but the words of the show is said
_SHORTEST_HALF = 3  # letters of a part of a compound
_HISSES = ("S", "Z", "SH", "ZH", "CH", "JH")
_VOICELESS = ("P", "T", "K", "F", "TH")


class SphinxRecognizer:
    """A Follower. `lines`: the words of the show, a line or a prompt each; none: the model's own English.

    `known`: a text is read, and hardly anything but these lines will be said.
    """

    name = "sphinx (embedded)"

    def __init__(
        self, lines: Sequence[str] = (), tell: Callable[[str], None] | None = None, known: bool = False
    ) -> None:
        self.left_out: tuple[str, ...] = ()  # words of the show that cannot be heard: no dictionary has them
        self._lines = tuple(lines)
        self._share = KNOWN_BACKGROUND if known else BACKGROUND
        self._tell = tell
        self._loaded: StreamingDecoder | None = None
        self._utterance: int | None = None  # that the search is in

    def warm(self) -> None:
        """Loads the model and builds the show's own. Raises ShowError where the packaged model does not load."""
        self._ready()

    def decode(self, samples: Samples) -> RecognizedText:
        """The words of a piece of speech, lower case without signs. Says nothing of its own confidence."""
        return self._heard(None, samples, StreamingDecoder.finish)

    def follow(self, utterance: int, samples: Samples) -> RecognizedText:
        """The words so far of an utterance that is being spoken."""
        return self._heard(utterance, samples, StreamingDecoder.follow)

    def finish(self, utterance: int, samples: Samples) -> RecognizedText:
        """The words of an utterance that is over: only what it was not followed through takes time."""
        return self._heard(utterance, samples, StreamingDecoder.finish)

    def _heard(
        self, utterance: int | None, samples: Samples, go_on: Callable[[StreamingDecoder, Samples], str]
    ) -> RecognizedText:
        began = time.perf_counter()
        search = self._ready()
        if utterance is None or utterance != self._utterance or len(samples) < search.fed:
            search.begin()
        self._utterance = utterance
        text = go_on(search, samples)
        return RecognizedText(text, seconds=time.perf_counter() - began)

    def _ready(self) -> StreamingDecoder:
        if self._loaded is None:
            decoder, means = _packaged()
            if any(words_of(line) for line in self._lines):
                self._bias(decoder)
            self._loaded = StreamingDecoder(decoder, means)
        return self._loaded

    def _bias(self, decoder: Decoder) -> None:
        wanted = sorted({word for line in self._lines for word in words_of(line)})
        common = background(decoder, wanted)
        self.left_out = tuple(word for word in wanted if not _teach(decoder, word))
        spoken = sentences(self._lines, set(wanted) - set(self.left_out))
        if self.left_out and self._tell:
            self._tell(f"{self.name} does not know how these words sound: {', '.join(self.left_out)}.")
        if spoken:
            _activate(decoder, arpa(spoken, common, self._share))


def _packaged() -> tuple[Decoder, CepstralMeans]:
    from pocketsphinx import Decoder

    try:
        return Decoder(loglevel=QUIET, fwdflat=False, **BEAMS), CepstralMeans()
    except RuntimeError as error:
        raise ShowError(f"The packaged model of pocketsphinx does not load ({error}): install it again.") from error


def _teach(decoder: Decoder, word: str) -> bool:
    """Whether the decoder knows the word, or could be taught it from words that it knows."""
    if decoder.lookup_word(word):
        return True
    phones = pronunciation(word, decoder.lookup_word)
    if phones:
        decoder.add_word(word, phones, True)
    return bool(phones)


def pronunciation(word: str, lookup: Callable[[str], str | None]) -> str:
    """How a word sounds that the dictionary lacks: a genitive or a plural of a known one, or two known ones together.

    `lookup` gives the phones (ARPAbet, spaces between) of a known word or None. Empty: not to be guessed.
    """
    for ending in ("'s", "s"):
        stem = lookup(word.removesuffix(ending)) if word.endswith(ending) else None
        if stem:
            return f"{stem} {_genitive(stem.split()[-1])}"
    for cut in range(len(word) - _SHORTEST_HALF, _SHORTEST_HALF - 1, -1):
        first, second = lookup(word[:cut]), lookup(word[cut:])
        if first and second:
            return f"{first} {second}"
    return ""


def _genitive(last: str) -> str:
    if last in _HISSES:
        return "IH Z"
    return "S" if last in _VOICELESS else "Z"


def _activate(decoder: Decoder, model: str) -> None:
    """The library reads language models from files only."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "show.lm"
        path.write_text(model, encoding="utf-8")
        decoder.add_lm_file("show", str(path))
    decoder.activate_search("show")
