"""Words that no list knows, of any language: the nearest of the words that a generator's classes and moods are called.

Some short words are near to almost everything in the encoder's space (hubs; Radovanović et al., 2010). Half of how near
function words come to a name is taken off its similarity.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from installation.models.interfaces import Floats
from installation.models.lexicon import Lexicon, Meaning
from installation.models.sentence_encoder import SentenceEncoder, load_sentence_encoder
from installation.text.language import function_words

SURE = 0.6  # similarity from which a name is taken
SURE_BESIDE_LISTS = 0.65  # where the language has lists: what they lack is seldom another word for what they have
SURE_IN_ENGLISH = 0.72  # for English words, whose neighbours are often another animal
HUB_SHARE = 0.5
HUB_LANGUAGES = ("en", "de", "fr", "es", "pt", "nl", "pl", "tr", "ru", "ar")
HUB_WORDS = 12  # of each of these languages
LIGHT = "light"  # which is no lamp
OTHERS = ("old man", "boy", "girl", "street")  # names whose label is another word
UNSHOWN = (  # what no class shows, lest it is taken for something near, or for the thing that it is said of
    *("giraffe", "kangaroo", "hedgehog", "hippopotamus", "rhinoceros", "ant", "worm", "seahorse", "lobster", "beaver"),
    *("cheese", "milk", "egg", "rice", "soup", "meat", "chocolate", "ice cream", "banana", "strawberry", "carrot"),
    *("potato", "tomato", "grapes", "scissors", "hammer", "needle", "spoon", "plate", "glasses", "shoe", "shirt"),
    *("dress", "coat", "glove", "ring", "necklace", "television", "camera", "newspaper", "washing machine", "fridge"),
    *("bag", "suitcase", "basket", "box", "hospital", "factory", "office", "prison", "nurse", "teacher", "tooth"),
    *("ear", "nose", "mouth", "hair", "foot", "arm", "stone", "mirror", "drum", "trumpet", "flute", "cart", "sledge"),
    *("rope", "pencil", "coin", "money", "wind", "air", "voice", "hour", "year", "week", "name", "word", "world"),
    *("old", "young", "big", "small", "new", "long", "high", "beautiful", "strange", "sleeps", "sleeping", "runs"),
    *("flying", "sitting", "singing", "eats", "drinks", "under", "bread", "school", "doctor"),
    *("circle", "square", "triangle", "line", "number"),
)
COLOURS = ("red", "gold", "blue", "green", "violet", "pink", "white", "black")


class Match(NamedTuple):
    """The nearest name of a text.

    Attributes:
        name: In English.
        meanings: The classes that it names.
        similarity: Cosine, less what hubs have too much.
    """

    name: str
    meanings: tuple[Meaning, ...]
    similarity: float


class NearestWords:
    """Finds the nearest names; the encoder is loaded once, by any thread."""

    def __init__(self, lexicon: Lexicon, load: Callable[[], SentenceEncoder] = load_sentence_encoder) -> None:
        self._lexicon, self._load = lexicon, load
        self._loaded: _Loaded | None = None

    @property
    def ready(self) -> bool:
        """Whether the encoder is loaded."""
        return self._loaded is not None

    def load(self) -> None:
        """Load the encoder; about a second. Raises ShowError if it is not installed."""
        if self._loaded is not None:
            return
        lexicon, encoder = self._lexicon, self._load()
        noise = [word for language in HUB_LANGUAGES for word in sorted(function_words(language))[:HUB_WORDS]]
        others = [
            word for word in lexicon.stand_ins if not (" " in word or word in lexicon.scenes or word in lexicon.modern)
        ]
        all_names = dict.fromkeys((*lexicon.labels, *COLOURS, LIGHT, *OTHERS, *others))
        names = {name: lexicon.names[name] for name in all_names if name in lexicon.names}
        names |= {name: () for name in UNSHOWN if name not in names}
        self._loaded = _Loaded(
            encoder,
            _Table.of(names, encoder, noise),
            _Table.of({name: lexicon.moods[name] for name in lexicon.mood_names}, encoder),
        )

    def names(self, texts: Sequence[str]) -> list[Match]:
        """The nearest name of each text. Raises RuntimeError before `load`."""
        loaded = self._required
        return loaded.names.nearest(loaded.encoder.encode(texts))

    def moods(self, texts: Sequence[str]) -> list[Match]:
        """The nearest mood of each text. Raises RuntimeError before `load`."""
        loaded = self._required
        return loaded.moods.nearest(loaded.encoder.encode(texts))

    def near_moods(self, text: str, count: int) -> list[Match]:
        """The `count` nearest moods of a text, the nearest first. Raises RuntimeError before `load`."""
        loaded = self._required
        return loaded.moods.ranked(loaded.encoder.encode([text]))[:count]

    @property
    def _required(self) -> _Loaded:
        if self._loaded is None:
            raise RuntimeError("The sentence encoder is not loaded.")
        return self._loaded


class _Table:
    """Names with their embeddings."""

    def __init__(self, names: Mapping[str, tuple[Meaning, ...]], rows: Floats, bias: Floats) -> None:
        self._names, self._rows, self._bias = list(names.items()), rows, bias

    @classmethod
    def of(
        cls, names: Mapping[str, tuple[Meaning, ...]], encoder: SentenceEncoder, noise: Sequence[str] = ()
    ) -> _Table:
        rows = encoder.encode(list(names))
        bias = _hub_bias(rows, encoder.encode(noise)) if noise else np.zeros(len(rows), np.float32)
        return cls(names, rows, bias)

    def nearest(self, embedded: Floats) -> list[Match]:
        return [self._match(row, int(row.argmax())) for row in self._similarities(embedded)]

    def ranked(self, embedded: Floats) -> list[Match]:
        row = self._similarities(embedded)[0]
        return [self._match(row, index) for index in np.argsort(-row, kind="stable").tolist()]

    def _similarities(self, embedded: Floats) -> Floats:
        similarities: Floats = embedded @ self._rows.T - self._bias  # [texts, names]
        return similarities

    def _match(self, row: Floats, index: int) -> Match:
        return Match(*self._names[index], float(row[index]))


@dataclass(frozen=True)
class _Loaded:
    """The encoder and what it is compared with."""

    encoder: SentenceEncoder
    names: _Table
    moods: _Table


def _hub_bias(names: Floats, noise: Floats) -> Floats:
    """What is taken off the similarity to each name. [names, d], [words, d] -> [names]."""
    nearest_third = np.sort(noise @ names.T, axis=0)[-len(noise) // 3 :].mean(axis=0)
    bias: Floats = (HUB_SHARE * (nearest_third - np.median(nearest_third)).clip(min=0.0)).astype(np.float32)
    return bias
