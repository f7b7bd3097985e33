"""One picture of a prompt, with the same models, dream and latent bank as a show. Same seed, same bytes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from installation.core.errors import ShowError
from installation.core.prompt_text import looks_like_picture, looks_like_sound, parse_prompt
from installation.dream.class_names import class_labels
from installation.dream.composed_dream import AnyDream, ComposedDream
from installation.dream.dream import Dream
from installation.dream.word_session import WordDream
from installation.models.image_files import read_image
from installation.models.interfaces import Picture, Point, weights_of
from installation.studio.workspace import FILM_SIZE, Studio, check_length

RATE_EVERY = 5  # iterations between two ratings of the whole picture
TOP_CLASSES = 3  # that a state names, or one of each group if there are more groups
SEEN = 0.01  # weight below which a class is not in the picture
LUMINANCE = np.array([0.2126, 0.7152, 0.0722], np.float32)


@dataclass(frozen=True)
class ImagineState:
    """Where a dream is.

    Attributes:
        step: Iterations done.
        steps: Iterations in all.
        score: Of the present picture, a cosine.
        best_score: Of the best picture so far.
        loss: What is minimised, regularisers included.
        classes: The strongest classes and their weights.
        understood: The texts and pictures with their weights, as they were read.
        point: The latents to show.
    """

    step: int
    steps: int
    score: float
    best_score: float
    loss: float
    classes: tuple[tuple[str, float], ...]
    understood: tuple[tuple[str, float], ...]
    point: Point


@dataclass(frozen=True)
class Imagined:
    """A picture and how it was made.

    Attributes:
        prompt: The prompt.
        seed: Of the dream.
        picture: [height, width, 3].
        latents: What the picture shows.
        labels: Names of its classes, or of those of the picture that it began with.
        scores: At the start and after each iteration; empty if the words were painted at once.
        best_score: Of the picture.
        steps: Iterations done, fewer than asked for after an interruption.
        notice: Sentences for the operator, or ''.
        stages: Latents on the way, if they were asked for.
        interrupted: Whether Ctrl-C ended the dream.
    """

    prompt: str
    seed: int
    picture: Picture
    latents: Point
    labels: tuple[str, ...]
    scores: tuple[float, ...]
    best_score: float
    steps: int
    notice: str
    stages: tuple[Point, ...] = ()
    interrupted: bool = False


OnState = Callable[[ImagineState], None]


def imagine(
    studio: Studio,
    prompt: str,
    seed: int = 1,
    steps: int = 150,
    *,
    on_state: OnState | None = None,
    resume: Point | None = None,
    new_words: bool = False,
    stage_every: int = 0,
) -> Imagined:
    """Optimise a prompt and paint the best picture that was found.

    Ctrl-C ends the optimisation; the best picture so far is kept.

    Args:
        studio: The models.
        prompt: Words and pictures with weights: `a fox:2 | fog | blur:-1 | photo.png:.5`.
        seed: The same seed gives the same picture.
        steps: Iterations.
        on_state: Called after every iteration.
        resume: Latents to continue from.
        new_words: Whether these were made for other words: then their classes follow the prompt, and z stays.
        stage_every: Keep the latents of every so many iterations; 0 keeps none.

    Raises:
        ShowError: The prompt is empty or names a picture that cannot be read, or a model or the latent bank is missing.
    """
    dream = start_dream(studio, prompt, seed)
    if resume is not None:
        dream.continue_from(resume)
        if new_words and isinstance(dream, Dream):
            dream.search_again()
            dream.settle()
    if isinstance(dream, WordDream):
        return _painted_at_once(studio, dream, prompt, seed)
    tracker = _BestPicture(studio, dream)
    scores, stages, interrupted = [dream.start_score], [dream.point()], False
    try:
        for _ in _iterations(dream, steps):
            scores.append(dream.score)
            if dream.steps % RATE_EVERY == 0:
                tracker.rate(dream.point())
            if stage_every and dream.steps % stage_every == 0:
                stages.append(dream.point())
            if on_state:
                on_state(_state(studio, dream, steps, tracker.score))
    except KeyboardInterrupt:
        if dream.steps == 0:
            raise
        interrupted = True
    dream.settle()
    tracker.rate(dream.point())
    return Imagined(
        prompt=prompt,
        seed=seed,
        picture=paint(studio, tracker.point),
        latents=tracker.point,
        labels=class_labels(tracker.point, studio.generator.groups) or dream.labels(),
        scores=tuple(scores),
        best_score=tracker.score,
        steps=dream.steps,
        notice=dream.pop_notice(),
        stages=tuple(stages) if stage_every else (),
        interrupted=interrupted,
    )


def so_far(studio: Studio, prompt: str, seed: int, state: ImagineState) -> Imagined:
    """The result of a dream that ends at `state`, before it is over."""
    return Imagined(
        prompt=prompt,
        seed=seed,
        picture=paint(studio, state.point),
        latents=state.point,
        labels=tuple(label for label, _ in state.classes),
        scores=(state.score,),
        best_score=state.score,
        steps=state.step,
        notice="",
        interrupted=True,
    )


def _painted_at_once(studio: Studio, dream: WordDream, prompt: str, seed: int) -> Imagined:
    """The picture of a generator that reads words."""
    point = dream.point()
    return Imagined(prompt, seed, paint(studio, point), point, (), (), 0.0, 0, dream.pop_notice())


def start_dream(studio: Studio, prompt: str, seed: int) -> AnyDream:
    """Start a dream and choose its classes.

    Raises:
        ShowError: See `imagine`.
    """
    dream = studio.dream(check_pictures(prompt), seed)
    dream.settle()
    return dream


def paint(studio: Studio, point: Point) -> Picture:
    """Paint a result at the size of the options, without colours if the dream has none."""
    picture = studio.paint(point, studio.options.size or FILM_SIZE)
    return without_colours(picture) if studio.options.dream.grayscale else picture


def without_colours(picture: Picture) -> Picture:
    """Return a picture in shades of grey."""
    grey = np.rint(picture.astype(np.float32) @ LUMINANCE).astype(np.uint8)
    return np.repeat(grey[:, :, None], 3, axis=2)


def check_pictures(prompt: str) -> str:
    """Return the prompt with the full paths of the pictures and sounds that it names.

    Raises:
        ShowError: A picture or sound cannot be read, or the prompt is too long.
    """
    check_length(prompt)
    parts = []
    for text, weight, stop in parse_prompt(prompt):
        if looks_like_picture(text):
            read_image(Path(text))
            text = str(Path(text).resolve())
        elif looks_like_sound(text):
            if not Path(text).is_file():
                raise ShowError(f"The sound {text} cannot be read: there is no such file.")
            text = str(Path(text).resolve())
        parts.append(f"{text}:{weight:g}" + ("" if stop is None else f":{stop:g}"))
    return " | ".join(parts) or prompt


def settings_of(
    studio: Studio, imagined: Imagined, steps: int, assignments: Sequence[str], onto: str = ""
) -> dict[str, str]:
    """What a picture file holds, so that `--like` repeats it; `onto` is the other prompt of a composition."""
    height, width = imagined.picture.shape[:2]
    return {
        "command": "imagine",
        "prompt": imagined.prompt,
        "seed": str(imagined.seed),
        "steps": str(imagined.steps if imagined.steps < steps else steps),
        "size": f"{width}x{height}",
        "generator": studio.generator_name,
        "perceptor": studio.perceptor_name,
        "set": json.dumps(list(assignments)),
        **({"onto": onto} if onto else {}),
        "classes": ", ".join(imagined.labels),
        "score": f"{imagined.best_score:.4f}",
    }


class _BestPicture:
    """The best-rated latents so far: copies, since the optimiser goes on."""

    def __init__(self, studio: Studio, dream: Dream | ComposedDream) -> None:
        self._models, self._dream = studio.dream_models, dream
        self._rating = -np.inf
        self.score = dream.start_score
        self.point = dream.point()

    def rate(self, point: Point) -> None:
        """Keep `point` if its whole picture is rated higher than all before."""
        models = self._models
        embedding = models.embed_latents(models.to_device(point.z), models.to_device(point.classes))
        rating = float(self._dream.target.rating(embedding)[0])
        if rating > self._rating:
            self._rating, self.point = rating, point
            self.score = float(self._dream.target.score(embedding)[0])


def _iterations(dream: AnyDream, steps: int) -> Iterator[int]:
    while dream.steps < steps:
        if dream.step():
            yield dream.steps


def _state(studio: Studio, dream: Dream | ComposedDream, steps: int, best: float) -> ImagineState:
    point = dream.point()
    return ImagineState(
        step=dream.steps,
        steps=steps,
        score=dream.score,
        best_score=max(best, dream.score),
        loss=dream.loss,
        classes=_strongest(studio, point) or tuple((label, 1.0) for label in dream.labels()),
        understood=tuple(zip(map(_short, dream.texts.texts), dream.texts.weights, strict=True)),
        point=point,
    )


def _short(text: str) -> str:
    return Path(text).name if looks_like_picture(text) else text


def _strongest(studio: Studio, point: Point) -> tuple[tuple[str, float], ...]:
    """The classes with the most weight, without neutral ones."""
    groups = studio.generator.groups
    weights = weights_of(point.classes, groups)[0]
    names = [(label, index != group.neutral) for group in groups for index, label in enumerate(group.labels)]
    order = [index for index in np.argsort(-weights, kind="stable").tolist() if names[index][1]]
    shown = [index for index in order[: max(TOP_CLASSES, len(groups))] if weights[index] >= SEEN] or order[:1]
    return tuple((names[index][0], float(weights[index])) for index in shown)
