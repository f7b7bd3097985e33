"""The embedded recogniser: pocketsphinx with the English models of its own package.

With its general language model about every fourth word is wrong, so it is labelled as embedded. With a language model
of the show's text it is reliable for that text (see `ngram_lm`).

Of pocketsphinx's three passes the first runs while somebody speaks (see `sphinx_streaming`) and the third, the best
path through the word lattice, at the end of the utterance: 5 ms for a second of speech. The second, a flat-lexicon
search, is left out: it delays the result and corrected no word in our measurements.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from installation.core.errors import ShowError
from installation.speech.interfaces import Quality, RecognizedText, Recognizer, RecognizerRequest, Samples
from installation.speech.recognizers.background_lm import background_ngrams
from installation.speech.recognizers.ngram_lm import BACKGROUND_WEIGHT, build_arpa, training_sentences
from installation.speech.recognizers.sphinx_commands import match_by_sound
from installation.speech.recognizers.sphinx_streaming import LOG_LEVEL, CepstralMeanEstimator, StreamingDecoder
from installation.speech.recognizers.whisper_files import MULTILINGUAL
from installation.text.tokenization import words_of

if TYPE_CHECKING:
    from pocketsphinx import Decoder

BEAMS = {"maxhmmpf": 6000, "maxwpf": 20}  # HMM states and words per frame: a fifth less work for the same words
SCRIPT_BACKGROUND_WEIGHT = 0.2  # of general English, if hardly anything but the show's text will be said
MIN_COMPOUND_PART = 3  # letters
_SIBILANTS = ("S", "Z", "SH", "ZH", "CH", "JH")  # ARPAbet phones
_VOICELESS = ("P", "T", "K", "F", "TH")


def create(request: RecognizerRequest) -> Recognizer:
    """Create the embedded recogniser. Raises ShowError for a language other than English."""
    if request.languages != ("en",):
        wanted = ", ".join(request.languages) or "auto"
        raise ShowError(
            f"The embedded recogniser supports English, not language = '{wanted}': "
            f"get a multilingual Whisper model with run_show.py fetch {MULTILINGUAL}."
        )
    hints = request.hints
    return SphinxRecognizer(hints.words, request.report, hints.known, hints.commands)


class SphinxRecognizer(Recognizer):
    """An incremental recogniser of English."""

    name = "sphinx (embedded)"
    quality: Quality = 1
    incremental = True

    def __init__(
        self,
        lines: Sequence[str] = (),
        report: Callable[[str], None] | None = None,
        script_only: bool = False,
        commands: Sequence[str] = (),
    ) -> None:
        """Configure the recogniser; `load` does the work.

        Args:
            lines: The show's text, for the language model; empty: the packaged one is used.
            report: Takes messages for the operator.
            script_only: Hardly anything but the lines will be said.
            commands: Voice commands, recognised by their sound.
        """
        self.out_of_vocabulary: tuple[str, ...] = ()  # words of the lines whose pronunciation is unknown
        self._lines, self._commands = tuple(lines), tuple(commands)
        self._background_weight = SCRIPT_BACKGROUND_WEIGHT if script_only else BACKGROUND_WEIGHT
        self._report = report
        self._streaming: StreamingDecoder | None = None
        self._utterance: int | None = None  # the one being decoded

    def load(self, predecessor: Recognizer | None = None) -> None:
        """Load the packaged models and build the language model of the show."""
        del predecessor  # a decoder has one language model, so that nothing can be shared
        self._loaded()

    def decode(self, samples: Samples) -> RecognizedText:
        """Recognise a segment; the text is lower case without punctuation, and no confidence is reported."""
        return self._decode(None, samples, StreamingDecoder.finish)

    def decode_partial(self, utterance: int, samples: Samples) -> RecognizedText:
        """Continue the search with the samples that are new."""
        return self._decode(utterance, samples, StreamingDecoder.advance)

    def decode_final(self, utterance: int, samples: Samples) -> RecognizedText:
        """Search the samples that are new and find the best path."""
        recognized = self._decode(utterance, samples, StreamingDecoder.finish)
        if not self._commands:
            return recognized
        return replace(recognized, text=match_by_sound(recognized.text, self._commands, self._loaded().lookup_word))

    def _decode(
        self, utterance: int | None, samples: Samples, step: Callable[[StreamingDecoder, Samples], str]
    ) -> RecognizedText:
        began = time.perf_counter()
        streaming = self._loaded()
        if utterance is None or utterance != self._utterance or len(samples) < streaming.searched:
            streaming.reset()
        self._utterance = utterance
        text = step(streaming, samples)
        return RecognizedText(text, decode_seconds=time.perf_counter() - began)

    def _loaded(self) -> StreamingDecoder:
        if self._streaming is None:
            decoder, estimator = _load_packaged()
            if any(words_of(line) for line in self._lines):
                self._adapt(decoder)
            self._streaming = StreamingDecoder(decoder, estimator)
        return self._streaming

    def _adapt(self, decoder: Decoder) -> None:
        """Activate a language model of the show's lines."""
        words = sorted({word for line in self._lines for word in words_of(line)})
        background = background_ngrams(decoder, words)
        self.out_of_vocabulary = tuple(word for word in words if not _learn_word(decoder, word))
        sentences = training_sentences(self._lines, set(words) - set(self.out_of_vocabulary))
        if self.out_of_vocabulary and self._report:
            missing = ", ".join(self.out_of_vocabulary)
            self._report(f"{self.name} cannot recognise words without a known pronunciation: {missing}.")
        if sentences:
            _activate(decoder, build_arpa(sentences, background, self._background_weight))


def _load_packaged() -> tuple[Decoder, CepstralMeanEstimator]:
    from pocketsphinx import Decoder

    try:
        return Decoder(loglevel=LOG_LEVEL, fwdflat=False, **BEAMS), CepstralMeanEstimator()
    except RuntimeError as error:
        raise ShowError(f"The model of pocketsphinx does not load ({error}): reinstall pocketsphinx.") from error


def _learn_word(decoder: Decoder, word: str) -> bool:
    """Add a missing word to the decoder's dictionary; return whether the dictionary has it now."""
    if decoder.lookup_word(word):
        return True
    phones = guess_pronunciation(word, decoder.lookup_word)
    if phones:
        decoder.add_word(word, phones, True)
    return bool(phones)


def guess_pronunciation(word: str, lookup: Callable[[str], str | None]) -> str:
    """Derive the pronunciation of a genitive, a plural or a compound from the words it is made of.

    Args:
        word: A word that the dictionary lacks.
        lookup: Returns the pronunciation of a known word as ARPAbet phones separated by spaces, or None.

    Returns:
        The pronunciation in the same form; "" if it cannot be derived.
    """
    for suffix in ("'s", "s"):
        stem = lookup(word.removesuffix(suffix)) if word.endswith(suffix) else None
        if stem:
            return f"{stem} {_suffix_s(stem.split()[-1])}"
    for cut in range(len(word) - MIN_COMPOUND_PART, MIN_COMPOUND_PART - 1, -1):
        first, second = lookup(word[:cut]), lookup(word[cut:])
        if first and second:
            return f"{first} {second}"
    return ""


def _suffix_s(last_phone: str) -> str:
    if last_phone in _SIBILANTS:
        return "IH Z"
    return "S" if last_phone in _VOICELESS else "Z"


def _activate(decoder: Decoder, arpa: str) -> None:
    """Make the decoder use a language model, which the library reads only from a file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "show.lm"
        path.write_text(arpa, encoding="utf-8")
        decoder.add_lm_file("show", str(path))
    decoder.activate_search("show")
