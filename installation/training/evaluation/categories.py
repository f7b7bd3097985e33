"""Answers by category: full, partly, missing or contradicted, judged by what each scene says of itself.

The classifier of pictures has not learnt numbers, sizes and places. The painter shows exactly what its latents say
(the tests of the theatre count figures in pictures), so here they are read instead of the picture. What this cannot
judge is whether a picture is beautiful, or whether a figure is recognised by people.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from installation.core.errors import ShowError
from installation.core.messages import Prompt
from installation.dream.class_names import strongest_classes
from installation.dream.session import DreamSession
from installation.models.capabilities import Arrangeable
from installation.models.interfaces import Generator, Picture, Point
from installation.text.gist import gist_of_any
from installation.training.contact_sheet import CaptionedImage, write_captioned_sheet
from installation.training.data.held_out import ANYTHING, COMPANION, PROGRAM, SUBJECT, CategoryPrompt
from installation.training.data.lexicon import ALONE
from installation.training.evaluation.methods import SEED, render_point
from installation.training.progress import log_progress

Verdict = Literal["full", "partly", "missing", "contradicted"]
VERDICTS: tuple[Verdict, ...] = ("full", "partly", "missing", "contradicted")
SECOND = "second "  # begins the marks of a second figure
HARMLESS_WEATHER = ("clear", "clouds")  # beside words that name no weather
SHEET_COLUMNS = 4


@dataclass(frozen=True)
class SceneDescription:
    """What a scene shows.

    Attributes:
        classes: Group -> label.
        figures: The labels of all figures.
        marks: How they are arranged.
        told: What the operator is told of the words.
    """

    classes: Mapping[str, str]
    figures: frozenset[str] = frozenset()
    marks: tuple[str, ...] = ()
    told: str = ""


@dataclass(frozen=True)
class CategoryAnswer:
    """A prompt, what is shown, and how it is judged; no scene and no picture where the one on stage stays."""

    prompt: CategoryPrompt
    scene: SceneDescription | None
    verdict: Verdict
    picture: Picture | None


def evaluate_categories(session: DreamSession, prompts: Sequence[CategoryPrompt], steps: int) -> list[CategoryAnswer]:
    """Answer the prompts as a show does, and judge the answers."""
    try:
        session.finish_loading()
    except ShowError as error:
        log_progress("evaluate", f"{error} Words of other languages are read by the lists alone.")
    return [_answer(session, prompt, steps) for prompt in prompts]


def _answer(session: DreamSession, prompt: CategoryPrompt, steps: int) -> CategoryAnswer:
    wish = gist_of_any(prompt.text, "en").prompt
    if not wish:
        return CategoryAnswer(prompt, None, judge(prompt, None), None)
    dream = session.dream((Prompt(1, wish),), SEED, {})
    while dream.steps < steps:
        dream.step()
    dream.settle()
    point = dream.point()
    scene = describe(session.models.generator, point, dream.pop_notice())
    return CategoryAnswer(prompt, scene, judge(prompt, scene), render_point(session.models, point))


def describe(generator: Generator, point: Point, told: str) -> SceneDescription:
    """What a point shows, a batch of one."""
    labels = strongest_classes(point, generator.groups)[0]
    classes = {group.name: group.labels[label] for group, label in zip(generator.groups, labels, strict=True)}
    marks = generator.marks_of(point) if isinstance(generator, Arrangeable) else ()
    kinds = next((group.labels for group in generator.groups if group.name == SUBJECT), ())
    second = [mark.removeprefix(SECOND) for mark in marks if mark.startswith(SECOND)]
    figures = {classes.get(SUBJECT, PROGRAM), classes.get(COMPANION, ALONE), *(one for one in second if one in kinds)}
    return SceneDescription(classes, frozenset(figures - {PROGRAM, ALONE}), marks, told)


def judge(prompt: CategoryPrompt, scene: SceneDescription | None) -> Verdict:
    """Compare a scene with what its prompt asks for; without a scene, the picture on stage stays."""
    if scene is None:
        return "full" if prompt.keep else "missing"
    if prompt.keep or _unasked(prompt, scene):
        return "contradicted"
    found = [
        *(_shows(scene, group, labels) for group, labels in prompt.expected.items()),
        *(any(one in scene.marks for one in mark.split("/")) for mark in prompt.marks),
        *(word.lower() in scene.told.lower() for word in prompt.told),
    ]
    return "full" if all(found) else ("partly" if any(found) else "missing")


def _shows(scene: SceneDescription, group: str, labels: Sequence[str]) -> bool:
    if group in (SUBJECT, COMPANION):
        return not scene.figures.isdisjoint(labels)
    return scene.classes.get(group) in labels


def _unasked(prompt: CategoryPrompt, scene: SceneDescription) -> bool:
    """Whether there is a figure or weather that nothing in the prompt calls for."""
    asked = {label for labels in prompt.expected.values() for label in labels} | set(prompt.allowed)
    weather = scene.classes.get("weather", HARMLESS_WEATHER[0])
    shown = {*scene.figures, weather} - set(HARMLESS_WEATHER)
    return ANYTHING not in asked and not shown <= asked


def format_categories(answers: Sequence[CategoryAnswer]) -> str:
    """A Markdown table of the verdicts by category, and the prompts that are not answered fully."""
    lines = [f"| category | prompts | {' | '.join(VERDICTS)} |", "| --- " * (2 + len(VERDICTS)) + "|"]
    for category in dict.fromkeys(answer.prompt.category for answer in answers):
        lines.append(_row(category, [answer for answer in answers if answer.prompt.category == category]))
    lines.append(_row("**all**", answers))
    failures = [
        f"- {answer.verdict}: *{answer.prompt.text}* ({answer.scene.told if answer.scene else 'the picture stays'})"
        for answer in answers
        if answer.verdict != "full"
    ]
    return "\n".join([*lines, "", *failures]) + "\n"


def _row(title: str, answers: Sequence[CategoryAnswer]) -> str:
    counts = [sum(answer.verdict == verdict for answer in answers) for verdict in VERDICTS]
    return f"| {title} | {len(answers)} | {' | '.join(map(str, counts))} |"


def write_category_sheets(answers: Sequence[CategoryAnswer], folder: Path) -> None:
    """Write a contact sheet for each category."""
    folder.mkdir(parents=True, exist_ok=True)
    for category in dict.fromkeys(answer.prompt.category for answer in answers):
        images: list[CaptionedImage] = [
            (f"{answer.prompt.text} ({answer.verdict})", answer.picture)
            for answer in answers
            if answer.prompt.category == category and answer.picture is not None
        ]
        if images:
            rows = [images[begin : begin + SHEET_COLUMNS] for begin in range(0, len(images), SHEET_COLUMNS)]
            write_captioned_sheet(rows, folder / f"{category}.jpg")
