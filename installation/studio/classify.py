"""Zero-shot classification: which of a few labels fits a picture best (Radford et al., 2021), by any perceptor."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from installation import models
from installation.core.errors import ShowError
from installation.core.paths import pip_install
from installation.core.prompt_text import MAX_CHARACTERS
from installation.models.image_files import open_image, read_image
from installation.models.interfaces import Floats, ModelPlace, Perceptor, Picture
from installation.models.spec import PerceptorSpec
from installation.studio.contact_sheet import Cell, cell_size, contact_sheet, rows_of
from installation.studio.picture_files import fit_picture, read_settings

TEMPLATES = ("{}", "a photo of a {}.", "a picture of {}.")  # an ensemble of texts for each label, as CLIP's authors use
BATCH = 16  # pictures embedded at once
SHEET_COLUMNS, CELL_HEIGHT = 4, 200  # of a contact sheet; pixels
SHOWN = 2  # labels under a picture
ORIGINS = 50  # pictures that are asked where they come from
EMBEDDED = "clip-embedded"  # the perceptor of what a show paints on a bare machine
PAPER_THEATRE = (
    "'{name}' knows only the paper theatre: for photographs use --perceptor photo ({install}), "
    "or a CLIP (run_show.py fetch {clip})."
)
SOME_OF_THEATRE = (
    "Some of the pictures show the paper theatre, which '{name}' hardly knows: look at them alone, "
    "or with --perceptor {other}."
)


@dataclass(frozen=True)
class Classification:
    """How well each label fits a picture.

    Attributes:
        path: The picture.
        labels: The best first.
        shares: Of each label, 0..1, in the same order; all labels together 1.
        cosines: Of each label with the picture.
    """

    path: Path
    labels: tuple[str, ...]
    shares: tuple[float, ...]
    cosines: tuple[float, ...]


def choose_perceptor(
    name: str, place: ModelPlace, pictures: Sequence[Path] = (), films_alone: bool = False
) -> PerceptorSpec:
    """Return the perceptor of that name, or for "auto" the one that knows most of what the pictures show.

    That is a CLIP; else, if most of the pictures come from a generator of Laterna's, the perceptor of its domain; else
    the photo perceptor. A film does not say where it comes from: where there are `films_alone`, they are taken for
    recordings of shows.

    Raises:
        ShowError: It is unknown or not installed.
    """
    if name != models.AUTO:
        spec = models.perceptor_spec(name)
        if not spec.installed(place):
            raise models.not_installed(name, place)
        return spec
    installed = [spec for spec in models.PERCEPTORS.values() if spec.listed and spec.installed(place)]
    domain = models.perceptor_spec(EMBEDDED).domain if films_alone else _usual_domain(pictures)

    def knowledge(spec: PerceptorSpec) -> tuple[bool, bool, bool, int]:
        anything = spec.domain == ""
        return anything and spec.preference > 0, bool(domain) and spec.domain == domain, anything, spec.preference

    return max(installed, key=knowledge)


def _usual_domain(pictures: Sequence[Path]) -> str:
    """The domain of the generators that most of the pictures come from, as far as the files say it, or ''."""
    domains = _domains(pictures)
    usual = max(set(domains), key=domains.count, default="")
    return usual if 2 * domains.count(usual) > len(domains) else ""


def _domains(pictures: Sequence[Path]) -> list[str]:
    """The domain of the generator of each picture, '' for other programs; what cannot be read is left out."""
    every = max(1, len(pictures) // ORIGINS)
    return [domain for path in pictures[::every] if (domain := _domain(path)) is not None]


def _domain(picture: Path) -> str | None:
    try:
        open_image(picture)
    except ShowError:
        return None
    try:
        generator = models.GENERATORS.get(read_settings(picture).get("generator", ""))
    except ShowError:  # of another program
        return ""
    return generator.domain if generator else ""


def notice(spec: PerceptorSpec, pictures: Sequence[Path] = ()) -> str:
    """Return a sentence about what a perceptor does not know, or '' if it knows the pictures."""
    if spec.domain == "":
        return _notice_of_some(spec, pictures) if spec.preference <= 0 else ""
    if spec.domain == _usual_domain(pictures):
        return ""
    clip = max(models.PERCEPTORS.values(), key=lambda each: each.preference)
    return PAPER_THEATRE.format(name=spec.name, clip=clip.name, install=pip_install("photo"))


def _notice_of_some(spec: PerceptorSpec, pictures: Sequence[Path]) -> str:
    """The same for the photo perceptor, if a few of the pictures are of a domain with a perceptor of its own."""
    domains = set(_domains(pictures)) - {""}
    other = next((each for each in models.PERCEPTORS.values() if each.listed and each.domain in domains), None)
    return SOME_OF_THEATRE.format(name=spec.name, other=other.name) if other else ""


def parse_labels(text: str) -> tuple[str, ...]:
    """Split labels at commas. Raises ShowError if fewer than two are different, or one is too long."""
    labels = tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    if len(labels) < 2:
        raise ShowError(f"--labels takes at least two different labels, such as 'fox, wolf', not '{text}'.")
    for label in labels:
        if len(label) > MAX_CHARACTERS:
            raise ShowError(f"The label '{label}' has {len(label)} characters: at most {MAX_CHARACTERS}.")
    return labels


def check_templates(templates: Sequence[str]) -> None:
    """Raise ShowError if a template has no place for the label."""
    wrong = next((template for template in templates if "{}" not in template), None)
    if wrong is not None:
        raise ShowError(f"The template '{wrong}' has no {{}} where the label belongs.")


def label_embeddings(perceptor: Perceptor, labels: Sequence[str], templates: Sequence[str] = TEMPLATES) -> Floats:
    """Return the mean embedding of each label in all templates: unit rows [labels, d]."""
    texts = [template.replace("{}", label) for label in labels for template in templates]
    means = perceptor.embed_text(texts).reshape(len(labels), len(templates), -1).mean(axis=1)
    unit: Floats = means / np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-9)
    return unit


def embed_pictures(perceptor: Perceptor, pictures: Sequence[Picture], device: str) -> Floats:
    """Return unit rows [n, d] of the middle squares of pictures of any sizes."""
    side = perceptor.input_size
    squares = np.stack([fit_picture(picture, (side, side)) for picture in pictures])
    with torch.no_grad():
        batch = torch.from_numpy(squares).to(device).permute(0, 3, 1, 2).float() / 255.0
        rows: Floats = perceptor.embed_image(batch).float().numpy(force=True)
    return rows


def classify(
    paths: Sequence[Path],
    labels: Sequence[str],
    spec: PerceptorSpec,
    place: ModelPlace,
    *,
    templates: Sequence[str] = TEMPLATES,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Iterator[Classification | ShowError]:
    """Classify pictures in order; a picture that cannot be read gives its error and does not stop the others.

    Raises:
        ShowError: The perceptor cannot be loaded.
    """
    perceptor = models.load_perceptor(spec.name, place)
    texts = label_embeddings(perceptor, labels, templates)
    for done, path in enumerate(paths):
        try:
            picture = read_image(path)
        except ShowError as error:
            yield error
        else:
            yield _classified(path, labels, texts @ embed_pictures(perceptor, [picture], place.device)[0], spec)
        progress(done + 1, len(paths))


def sheet_of(found: Sequence[Classification]) -> Picture:
    """Return a contact sheet of the pictures, each with its best labels."""
    pictures = [read_image(each.path) for each in found]
    captions = [
        "   ".join(f"{a} {b:.0%}" for a, b in zip(each.labels[:SHOWN], each.shares, strict=False)) for each in found
    ]
    cells = [Cell(picture, words) for picture, words in zip(pictures, captions, strict=True)]
    return contact_sheet(rows_of(cells, SHEET_COLUMNS), cell=cell_size(pictures[0], CELL_HEIGHT))


def _classified(path: Path, labels: Sequence[str], cosines: Floats, spec: PerceptorSpec) -> Classification:
    logits = cosines / spec.temperature
    shares = np.exp(logits - logits.max())
    shares = shares / shares.sum()
    order = np.argsort(-shares, kind="stable").tolist()
    return Classification(
        path,
        tuple(labels[index] for index in order),
        tuple(round(float(shares[index]), 4) for index in order),
        tuple(round(float(cosines[index]), 4) for index in order),
    )
