"""`python -m installation.training perceptor`: trains `clip-embedded` from rendered images and generated texts.

The stages, in order:

1. The vocabulary teacher labels the words of the vocabulary.
2. The text tower is trained on labelled texts.
3. Training and validation images are rendered.
4. The image tower is trained on the images.
5. The weights are packed and the perceptor is measured on the validation images, captions and words.

Each stage resumes from its folder. The length of every stage follows from the budget and not from the clock, so the
same seed gives the same weights on the same machine.
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
from installation.models.interfaces import Floats, Generator
from installation.training.data import wordnet
from installation.training.data.render_store import open_renders, render_images
from installation.training.data.text_batches import TextBatches
from installation.training.loop import Log
from installation.training.perceptor.class_embeddings import (
    ClassEmbeddings,
    load_class_vectors,
    save_class_embeddings,
    spread_class_embeddings,
)
from installation.training.perceptor.image_tower import MEAN, STD, ImageTowerTrainer
from installation.training.perceptor.text_tower import TextTowerTrainer, init_token_embeddings
from installation.training.perceptor.vocabulary_teacher import common_words, embed_words, label_vocabulary, vocabulary

NAME = "clip-embedded"
ARCHITECTURE: dict[str, Any] = {
    "embed_dim": 128,
    "vision_cfg": {"image_size": 64, "layers": [1, 1, 2, 1], "width": 24, "patch_size": None},
    "text_cfg": {"context_length": 32, "vocab_size": 49408, "width": 128, "heads": 4, "layers": 4},
}
QUANTIZED = ("token_embedding.weight", *(f"visual.attnpool.{part}_proj.weight" for part in "qkvc"))
VALIDATION_SEED = 90_001  # added to the seed for the validation images
PLAN, METRICS = "plan.json", "metrics.json"

# Sub-folders of the work folder. The names are part of the format: they let an older run resume.
TEACHER, TEXT_TOWER, IMAGE_TOWER = "teacher", "reader", "eyes"
TRAINING_IMAGES, BALANCED_IMAGES, TYPICAL_IMAGES = "renders", "held", "usual"


@dataclass(frozen=True)
class PerceptorPlan:
    """The length of each stage."""

    training_images: int
    validation_images: int
    vocabulary: int  # common words
    frames: int  # phrases in which the teacher embeds each word of the lexicon
    teacher_steps: int
    text_steps: int
    image_steps: int


FULL = PerceptorPlan(80_000, 4_096, 20_000, 3, 1500, 8000, 2800)
FULL_MINUTES = 81.0  # of one core
MINIMUM = PerceptorPlan(256, 128, 40, 1, 60, 4, 4)


@dataclass(frozen=True)
class PerceptorOptions:
    """Options of a training run.

    `budget_minutes` of one core determine the plan. `out` is where the files are written, by default into the work
    folder. `warm_start` is a folder of an embedded perceptor whose weights are the initial ones. `images_only` keeps
    its text tower, for a generator that paints the same classes differently.
    """

    work: Path
    budget_minutes: float
    device: str = "cpu"
    out: Path | None = None
    warm_start: Path | None = None
    seed: int = 1
    processes: int = 1
    images_only: bool = False


def plan_for(budget_minutes: float) -> PerceptorPlan:
    """The full plan, scaled to a budget, but not below the minimum."""
    share = budget_minutes / FULL_MINUTES
    full, minimum = asdict(FULL), asdict(MINIMUM)
    scaled = {name: max(minimum[name], round(full[name] * share)) for name in full}
    limited = ("validation_images", "vocabulary", "frames", "teacher_steps")
    return PerceptorPlan(**{**scaled, **{name: min(full[name], scaled[name]) for name in limited}})


def train_perceptor(options: PerceptorOptions, log: Log = print) -> Mapping[str, float]:
    """Train, pack and measure. Returns the metrics, which are also written to `metrics.json` beside the weights.

    Raises:
        ShowError: The work folder holds a run with another plan or seed, a package is missing, or a text tower is to be
            kept without weights to start from.
    """
    from installation.training.perceptor.metrics import markdown_table, measure_perceptor

    torch.set_num_threads(1)
    if options.images_only and options.warm_start is None:
        raise ShowError("Training the image tower alone keeps a text tower: name its folder with --warm.")
    work, plan = options.work, plan_for(options.budget_minutes)
    _claim_work_folder(options, plan)
    model, kept = build_model(options.seed), load_class_vectors(options.warm_start) if options.warm_start else {}
    embeddings = spread_class_embeddings(kept).to(options.device)
    if options.warm_start is not None:
        log(f"{_load_matching(model, options.warm_start)} tensors are initialised from {options.warm_start}")
    if not options.images_only:
        _train_text_tower(model, embeddings, plan, options, log)
    _render_images(models.load_generator("theatre", models.default_place()), plan, options, log)
    ImageTowerTrainer(model.visual, embeddings, options.device).train(
        open_renders(work / TRAINING_IMAGES), plan.image_steps, options.seed, work / IMAGE_TOWER, log
    )
    out = options.out or work / NAME
    write_model(model, out)
    save_class_embeddings(embeddings, out)
    perceptor = load_embedded(NAME, out, models.default_place()._replace(assets=out.parent))
    balanced, typical = open_renders(work / BALANCED_IMAGES), open_renders(work / TYPICAL_IMAGES)
    metrics = measure_perceptor(perceptor, balanced, typical, options.seed)
    (out / METRICS).write_text(json.dumps(metrics, indent=1) + "\n", encoding="utf-8")
    log(markdown_table(metrics))
    return metrics


def default_work_folder() -> Path:
    """The work folder of a run that names none, in the user's cache."""
    from platformdirs import user_cache_path

    return user_cache_path("laterna", appauthor=False) / "training" / "perceptor"


def build_model(seed: int) -> Any:
    """An `open_clip.CLIP` of the embedded architecture with random weights."""
    from open_clip import CLIP

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return CLIP(**ARCHITECTURE)


def write_model(model: Any, folder: Path) -> None:
    """Write `perceptor.json` and `perceptor.safetensors`, which `models.clip.perceptor.load_embedded` reads."""
    from safetensors.numpy import save_file

    folder.mkdir(parents=True, exist_ok=True)
    config = {"open_clip": ARCHITECTURE, "mean": MEAN, "std": STD}
    (folder / CONFIG).write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    weights = {key: value.detach().cpu().numpy() for key, value in model.state_dict().items()}
    packed = {key: np.ascontiguousarray(value) for key, value in pack(weights, QUANTIZED).items()}
    save_file(packed, folder / WEIGHTS)


def _claim_work_folder(options: PerceptorOptions, plan: PerceptorPlan) -> None:
    """Record the plan and the seed in the work folder, or compare them with those of the run that it holds."""
    path = options.work / PLAN
    record = _plan_record(plan, options.seed)
    if path.is_file() and json.loads(path.read_text(encoding="utf-8")) != record:
        raise ShowError(f"{options.work} holds a run with another budget or seed: choose another folder with --work.")
    options.work.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


def _plan_record(plan: PerceptorPlan, seed: int) -> dict[str, int]:
    """The content of `plan.json`, whose keys are those of older runs."""
    return {
        "renders": plan.training_images,
        "held": plan.validation_images,
        "vocabulary": plan.vocabulary,
        "frames": plan.frames,
        "teacher_steps": plan.teacher_steps,
        "reader_steps": plan.text_steps,
        "eyes_steps": plan.image_steps,
        "seed": seed,
    }


def _render_images(generator: Generator, plan: PerceptorPlan, options: PerceptorOptions, log: Log) -> None:
    """Render the training images, and validation images with balanced and with typical classes."""
    sets = (
        (TRAINING_IMAGES, plan.training_images, 0, True),
        (BALANCED_IMAGES, plan.validation_images, VALIDATION_SEED, True),
        (TYPICAL_IMAGES, plan.validation_images // 2, 2 * VALIDATION_SEED, False),
    )
    for name, count, offset, balanced in sets:
        seed, folder = options.seed + offset, options.work / name
        renders = render_images(generator, count, seed, folder, processes=options.processes, balanced=balanced)
        log(f"{name}: {len(renders)} images")


def _train_text_tower(
    model: Any, embeddings: ClassEmbeddings, plan: PerceptorPlan, options: PerceptorOptions, log: Log
) -> None:
    from open_clip import SimpleTokenizer

    tokenizer = SimpleTokenizer(context_length=model.context_length)
    words, labels = _labelled_vocabulary(plan, options, log)
    if options.warm_start is None:
        common = common_words(plan.vocabulary)
        rows = embed_words(words, options.work / TEACHER, "vocabulary")[: len(common), 0].numpy()
        init_token_embeddings(model, [tokenizer.encoder[f"{word}</w>"] for word in common], rows)
    model.to(options.device)
    trainer = TextTowerTrainer(model, lambda texts: tokenizer(texts).to(options.device), embeddings)
    trainer.train(TextBatches(words, labels), plan.text_steps, options.seed, options.work / TEXT_TOWER, log)


def _labelled_vocabulary(plan: PerceptorPlan, options: PerceptorOptions, log: Log) -> tuple[list[str], Floats]:
    folder = options.work / TEACHER
    folder.mkdir(parents=True, exist_ok=True)
    words = vocabulary(plan.vocabulary, options.seed)
    labels = label_vocabulary(words, folder, plan.teacher_steps, options.seed, plan.frames)
    log(f"teacher: {len(words)} words, {int((labels.max(axis=1) > 0.7).sum())} of them with a certain label")
    if not wordnet.is_installed():
        log("teacher: WordNet is not installed, so rare words get worse labels (Debian: apt install wordnet-base)")
    return words, labels


def _load_matching(model: Any, folder: Path) -> int:
    """Load the tensors of an embedded perceptor that fit a model by name and shape. Returns their number."""
    from safetensors.numpy import load_file

    if not (folder / WEIGHTS).is_file():
        raise ShowError(f"{folder / WEIGHTS} does not exist: there are no weights to start from.")
    weights = {key: torch.from_numpy(np.asarray(value)) for key, value in unpack(load_file(folder / WEIGHTS)).items()}
    own = model.state_dict()
    matching = {key: value for key, value in weights.items() if key in own and own[key].shape == value.shape}
    model.load_state_dict(matching, strict=False)
    return len(matching)
