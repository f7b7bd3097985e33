"""What the benchmarks of dreams share: a session on one thread, settled pictures, and contact sheets to look at."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from installation import models
from installation.core.messages import Prompt
from installation.dream.dream_models import DreamModels
from installation.dream.latent_bank import load_bank
from installation.dream.session import DreamSession
from installation.models.interfaces import Picture, Point
from installation.render.png_file import write_png
from installation.show.settings import DreamSettings

SIDE = 160  # pixels of pictures, for resolution-free generators
GAP = 3  # pixels between pictures on a contact sheet
BACKGROUND = 24


def load_session(generator: str) -> DreamSession:
    """A session of a generator with its matching perceptor, on one thread."""
    torch.set_num_threads(1)
    place = models.default_place()
    generator, perceptor = models.choose(generator, "auto", place)
    bank = load_bank(generator, perceptor, place)
    loaded = models.load_generator(generator, place), models.load_perceptor(perceptor, place)
    session = DreamSession(DreamModels.prepare(*loaded, bank, DreamSettings()))
    session.finish_loading()
    return session


def paint(session: DreamSession, point: Point) -> Picture:
    """The picture of a point at the size of the benchmarks."""
    generator = session.models.generator
    return generator.paint(point, SIDE if generator.resolution_free else None)


def settled_picture(session: DreamSession, text: str, seed: int, steps: int) -> Picture:
    """The picture of a prompt after so many optimisation steps."""
    return paint(session, settled_point(session, text, seed, steps))


def settled_point(session: DreamSession, text: str, seed: int, steps: int) -> Point:
    """The latents of a prompt after so many optimisation steps."""
    dream = session.dream((Prompt(1, text),), seed, {})
    while dream.steps < steps:
        dream.step()
    dream.settle()
    return dream.point()


def contact_sheet(rows: Sequence[Sequence[Picture]], path: Path) -> None:
    """Write rows of pictures of one size as a PNG."""
    height, width, _ = rows[0][0].shape
    columns = max(len(row) for row in rows)
    sheet = np.full((len(rows) * (height + GAP), columns * (width + GAP), 3), BACKGROUND, np.uint8)
    for y, row in enumerate(rows):
        for x, picture in enumerate(row):
            top, left = y * (height + GAP), x * (width + GAP)
            sheet[top : top + height, left : left + width] = picture
    write_png(path, sheet, {})
