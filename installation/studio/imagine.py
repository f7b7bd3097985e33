"""One picture, offline, with the same models, dream and latent bank as a show. Same seed, same bytes."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from installation import models
from installation.core.errors import ShowError
from installation.core.messages import Prompt, Value
from installation.core.prompt_text import parse_prompt
from installation.dream.latent_bank import load_bank
from installation.models.interfaces import ModelPlace, Picture, Point, Size
from installation.render.loading import configure_generator
from installation.show.settings import DreamSettings


@dataclass(frozen=True)
class StillResult:
    """A picture and how it was made.

    Attributes:
        text: The prompt.
        seed: Of the dream.
        generator: Its name.
        perceptor: Its name.
        picture: [height, width, 3].
        latents: What the picture shows.
        labels: Names of the chosen classes.
        scores: At the start and after every optimisation step.
        notice: Sentences for the operator, or ''.
    """

    text: str
    seed: int
    generator: str
    perceptor: str
    picture: Picture
    latents: Point
    labels: tuple[str, ...]
    scores: tuple[float, ...]
    notice: str

    @property
    def steps(self) -> int:
        """Optimisation steps done."""
        return len(self.scores) - 1

    def save(self, path: Path) -> None:
        """Write a PNG with the prompt and the settings as text chunks."""
        settings = f"generator {self.generator}, perceptor {self.perceptor}, seed {self.seed}, steps {self.steps}"
        texts = {"Title": self.text, "Software": "Laterna", "Description": f"{settings}, {', '.join(self.labels)}"}
        write_png(path, self.picture, texts)


def imagine(
    text: str,
    generator: str = "auto",
    perceptor: str = "auto",
    *,
    steps: int = 120,
    seed: int = 1,
    size: Size | None = None,
    place: ModelPlace | None = None,
    settings: DreamSettings | None = None,
    params: Mapping[str, Value] | None = None,
) -> StillResult:
    """Optimise a prompt and paint the result.

    Args:
        text: The prompt.
        generator: Name of the generator.
        perceptor: Name of the perceptor.
        steps: Optimisation steps.
        seed: The same seed gives the same bytes.
        size: For resolution-free generators; None is the native size.
        place: Where the models are.
        settings: How the dream is optimised.
        params: Live parameters of the renderer.

    Raises:
        ShowError: The prompt is empty, or a model or the latent bank is unknown or missing.
    """
    if not parse_prompt(text):
        raise ShowError(f"The prompt '{text}' is empty: say what the picture should show.")
    import torch

    from installation.dream.dream_models import DreamModels
    from installation.dream.session import DreamSession

    torch.set_num_threads(1)  # more threads sum in another order, which changes the bytes
    place, settings = place or models.default_place(), settings or DreamSettings()
    generator, perceptor = models.choose(generator, perceptor, place)
    bank = load_bank(generator, perceptor, place)
    loaded_generator, loaded_perceptor = (
        models.load_generator(generator, place),
        models.load_perceptor(perceptor, place),
    )
    configure_generator(loaded_generator, settings)
    session = DreamSession(DreamModels.prepare(loaded_generator, loaded_perceptor, bank, settings, place.device))
    dream = session.dream((Prompt(1, text),), seed, params or {})
    scores = [dream.start_score]
    dream.settle()
    while dream.steps < steps:
        if dream.step():
            scores.append(dream.score)
    dream.settle()
    return StillResult(
        text=text,
        seed=seed,
        generator=generator,
        perceptor=perceptor,
        picture=loaded_generator.paint(dream.point(), size),
        latents=dream.point(),
        labels=dream.labels(),
        scores=tuple(scores),
        notice=dream.pop_notice(),
    )


def write_png(path: Path, picture: Picture, texts: Mapping[str, str]) -> None:
    """Write a PNG of [height, width, 3] bytes with `texts` as iTXt chunks (keyword -> text)."""
    height, width, _ = picture.shape
    above = np.concatenate((np.zeros_like(picture[:1]), picture[:-1]))
    rows = b"".join(b"\2" + row.tobytes() for row in picture - above)  # filter 2: difference from the row above
    chunks = (_chunk(b"iTXt", key.encode("latin-1") + bytes(5) + text.encode()) for key, text in texts.items())
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = (_chunk(b"IHDR", header), *chunks, _chunk(b"IDAT", zlib.compress(rows, 9)), _chunk(b"IEND", b""))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(parts))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
