"""Training of `clip-embedded`, from painted pictures and written words to the packed files, in stages.

1. `teacher`: what the words of the vocabulary say.
2. `reader`: the text tower, against the codes of what is said.
3. `renders`: pictures to learn from, and others, held, to be asked about.
4. `eyes`: the picture tower, against the codes of what is painted.
5. `figures`: what it knows of held pictures, captions and words; then the files are packed.

Each stage goes on from what its folder holds. The length of every stage follows from the budget alone, never from the
clock, so that the same seed gives the same weights on the same machine.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from installation import models
from installation.core.errors import ShowError
from installation.models.clip.perceptor import CONFIG, WEIGHTS, load_embedded
from installation.models.clip.quantization import pack, unpack
from installation.models.interfaces import Generator
from installation.training.data.render_store import open_renders, render_set
from installation.training.data.text_batches import TextBatches
from installation.training.data.wordnet import installed
from installation.training.loop import Tell
from installation.training.perceptor.class_embeddings import ClassEmbeddings, spread_codes
from installation.training.perceptor.image_tower import MEAN, STD, ImageTowerTrainer, starting_from
from installation.training.perceptor.text_tower import start_tokens, train_reader
from installation.training.perceptor.vocabulary_teacher import common_words, framed, meanings, vocabulary

ARCHITECTURE: dict[str, Any] = {
    "embed_dim": 128,
    "vision_cfg": {"image_size": 64, "layers": [1, 1, 2, 1], "width": 24, "patch_size": None},
    "text_cfg": {"context_length": 32, "vocab_size": 49408, "width": 128, "heads": 4, "layers": 4},
}
TABLES = ("token_embedding.weight", *(f"visual.attnpool.{part}_proj.weight" for part in "qkvc"))
HELD_SEED = 90_001  # added to the seed, of the pictures that are never learnt from
PLAN = "plan.json"


@dataclass(frozen=True)
class PerceptorPlan:
    """How much is done in each stage."""

    renders: int
    held: int
    vocabulary: int  # words
    frames: int  # in which each word is shown to the teacher
    teacher_steps: int
    reader_steps: int
    eyes_steps: int


FULL = PerceptorPlan(80_000, 4_096, 20_000, 3, 1500, 8000, 2800)
FULL_MINUTES = 81.0  # that it takes on one core
LEAST = PerceptorPlan(256, 128, 40, 1, 60, 4, 4)


def plan_for(minutes: float) -> PerceptorPlan:
    """The full plan, scaled to a budget, with a few of everything at least."""
    share = minutes / FULL_MINUTES
    full, least = asdict(FULL), asdict(LEAST)
    scaled = {name: max(least[name], round(full[name] * share)) for name in full}
    bounded = {name: min(full[name], scaled[name]) for name in ("held", "vocabulary", "frames", "teacher_steps")}
    return PerceptorPlan(**{**scaled, **bounded})


@dataclass(frozen=True)
class PerceptorOptions:
    """What the command line asks for; `warm` is a folder of an embedded perceptor whose weights are begun with."""

    work: Path
    minutes: float
    device: str = "cpu"
    out: Path | None = None
    warm: Path | None = None
    seed: int = 1
    processes: int = 1


def train_perceptor(wish: PerceptorOptions, tell: Tell = print) -> Mapping[str, float]:
    """Train, measure and pack. Returns the figures, which also stand in `figures.json` beside the weights.

    Raises:
        ShowError: the work folder holds a training of another plan or seed, or a package is missing.
    """
    from installation.training.perceptor.metrics import figures_of, table

    torch.set_num_threads(1)
    plan = plan_for(wish.minutes)
    _remember(wish, plan)
    model, codes = build_model(wish.seed), spread_codes().to(wish.device)
    if wish.warm is not None:
        tell(f"{starting_from(model, _weights_in(wish.warm), ('',))} weights of {wish.warm} are begun with")
    _teach_reading(model, codes, plan, wish, tell)
    _paint(models.load_generator("theatre", models.default_place()), plan, wish, tell)
    ImageTowerTrainer(model.visual, codes, wish.device).train(
        open_renders(wish.work / "renders"), plan.eyes_steps, wish.seed, wish.work / "eyes", tell
    )
    out = wish.out or wish.work / "clip-embedded"
    write(model, out)
    perceptor = load_embedded("clip-embedded", out, models.default_place()._replace(assets=out.parent))
    held, usual = open_renders(wish.work / "held"), open_renders(wish.work / "usual")
    figures = figures_of(perceptor, held, usual, wish.seed)
    (out / "figures.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    tell(table(figures))
    return figures


def usual_work() -> Path:
    """Where a training is kept that names no folder: in the user's cache."""
    from platformdirs import user_cache_path

    return user_cache_path("laterna", appauthor=False) / "training" / "perceptor"


def build_model(seed: int) -> Any:
    """An untrained CLIP of the embedded architecture."""
    from open_clip import CLIP

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return CLIP(**ARCHITECTURE)


def write(model: Any, folder: Path) -> None:
    """`perceptor.json` and `perceptor.safetensors`, as `models.clip.load_embedded` reads them."""
    from safetensors.numpy import save_file

    folder.mkdir(parents=True, exist_ok=True)
    config = {"open_clip": ARCHITECTURE, "mean": MEAN, "std": STD}
    (folder / CONFIG).write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    weights = {key: value.detach().cpu().numpy() for key, value in model.state_dict().items()}
    save_file({key: np.ascontiguousarray(value) for key, value in pack(weights, TABLES).items()}, folder / WEIGHTS)


def _remember(wish: PerceptorOptions, plan: PerceptorPlan) -> None:
    """A folder holds the training of one plan and one seed."""
    path = wish.work / PLAN
    about = {**asdict(plan), "seed": wish.seed}
    if path.is_file() and json.loads(path.read_text(encoding="utf-8")) != about:
        raise ShowError(f"{wish.work} holds a training of another budget or seed: name another folder with --work.")
    wish.work.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")


def _paint(painter: Generator, plan: PerceptorPlan, wish: PerceptorOptions, tell: Tell) -> None:
    """Pictures to learn from; held ones drawn as evenly; and held ones as they come in the theatre's samples."""
    wanted = (("renders", plan.renders, 0, False), ("held", plan.held, 1, False), ("usual", plan.held // 2, 2, True))
    for name, count, offset, usual in wanted:
        seed = wish.seed + offset * HELD_SEED
        made = render_set(painter, count, seed, wish.work / name, processes=wish.processes, usual=usual)
        tell(f"{name}: {len(made)} pictures")


def _teach_reading(model: Any, codes: ClassEmbeddings, plan: PerceptorPlan, wish: PerceptorOptions, tell: Tell) -> None:
    from open_clip import SimpleTokenizer

    tokenizer = SimpleTokenizer(context_length=model.context_length)
    folder = wish.work / "teacher"
    folder.mkdir(parents=True, exist_ok=True)
    words = vocabulary(plan.vocabulary, wish.seed)
    said = meanings(words, folder, plan.teacher_steps, wish.seed, plan.frames)
    common = common_words(plan.vocabulary)
    rows = framed(words, folder, "vocabulary")[: len(common), 0].numpy()
    if wish.warm is None:
        start_tokens(model, [tokenizer.encoder[f"{word}</w>"] for word in common], rows)
    model.to(wish.device)
    tell(f"teacher: {len(words)} words of the vocabulary, {int((said.max(axis=1) > 0.7).sum())} of them clear")
    if not installed():
        tell("teacher: without a dictionary it knows rare words less; WordNet is `apt install wordnet-base` on Debian")
    train_reader(
        model,
        lambda texts: tokenizer(texts).to(wish.device),
        codes,
        TextBatches(words, said),
        plan.reader_steps,
        wish.seed,
        wish.work / "reader",
        tell,
    )


def _weights_in(folder: Path) -> dict[str, torch.Tensor]:
    from safetensors.numpy import load_file

    if not (folder / WEIGHTS).is_file():
        raise ShowError(f"{folder / WEIGHTS} is missing: there is nothing to begin with.")
    return {key: torch.from_numpy(np.asarray(value)) for key, value in unpack(load_file(folder / WEIGHTS)).items()}
