"""One picture, offline, with the same models, dream and Bank as a show. Same seed, same bytes."""

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
from installation.render.loading import suit
from installation.show.settings import DreamSettings


@dataclass(frozen=True)
class StillResult:
    """A picture, and how it came about. `course` holds the score of the start and after every step."""

    text: str
    seed: int
    generator: str
    perceptor: str
    picture: Picture
    latents: Point
    labels: tuple[str, ...]
    course: tuple[float, ...]
    notice: str

    def save(self, path: Path) -> None:
        """Write a PNG that carries its words and settings."""
        settings = f"generator {self.generator}, perceptor {self.perceptor}, seed {self.seed}, steps {self.steps}"
        facts = {"Title": self.text, "Software": "Laterna", "Description": f"{settings}, {', '.join(self.labels)}"}
        write_png(path, self.picture, facts)

    @property
    def steps(self) -> int:
        """Optimisation steps done."""
        return len(self.course) - 1


def imagine(
    text: str,
    generator: str = "auto",
    perceptor: str = "auto",
    steps: int = 120,
    seed: int = 1,
    size: Size | None = None,
    place: ModelPlace | None = None,
    dreaming: DreamSettings | None = None,
    params: Mapping[str, Value] | None = None,
) -> StillResult:
    """Dream `text` for that many steps and paint it; `size` None is the generator's native one.

    Raises ShowError if there are no words, or if a model or its Bank is unknown or not here.
    """
    if not parse_prompt(text):
        raise ShowError(f"there is nothing to imagine in '{text}': say what is to be seen.")
    import torch

    from installation.dream.dream_models import DreamModels
    from installation.dream.session import DreamSession

    torch.set_num_threads(1)  # more of them add up in another order, and the bytes differ
    place = place or models.default_place()
    generator, perceptor = models.choose(generator, perceptor, place)
    bank = load_bank(generator, perceptor, place)
    maker, seer = models.load_generator(generator, place), models.load_perceptor(perceptor, place)
    suit(maker, dreaming or DreamSettings())
    session = DreamSession(DreamModels.prepare(maker, seer, bank, dreaming or DreamSettings(), place.device))
    dream = session.dream((Prompt(1, text),), seed, params or {})
    course = [dream.start_score]
    dream.settle()
    while dream.steps < steps:
        if dream.step():
            course.append(dream.score)
    dream.settle()
    point = dream.point()
    picture = maker.paint(point, size)
    return StillResult(
        text, seed, generator, perceptor, picture, point, dream.labels(), tuple(course), dream.pop_notice()
    )


def write_png(path: Path, picture: Picture, facts: Mapping[str, str]) -> None:
    """Write [height, width, 3] bytes as a PNG with `facts` as texts (iTXt chunks, UTF-8)."""
    height, width, _ = picture.shape
    above = np.concatenate((np.zeros_like(picture[:1]), picture[:-1]))
    rows = b"".join(b"\2" + row.tobytes() for row in picture - above)  # filter 2: less the row above, modulo 256
    texts = (_chunk(b"iTXt", key.encode("latin-1") + bytes(5) + text.encode()) for key, text in facts.items())
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = (_chunk(b"IHDR", header), *texts, _chunk(b"IDAT", zlib.compress(rows, 9)), _chunk(b"IEND", b""))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(parts))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
