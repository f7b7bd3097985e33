"""Paper pictures of things by name, from the latent bank that ships with Laterna."""

from __future__ import annotations

from functools import cache

from installation.dream.latent_bank import load_bank
from installation.models import default_place, load_generator, load_perceptor
from installation.models.interfaces import Perceptor, Picture


@cache
def embedded_perceptor() -> Perceptor:
    return load_perceptor("clip-embedded", default_place())


@cache
def paper_picture(name: str, size: tuple[int, int] = (90, 160)) -> Picture:
    """The best picture of the bank that is most like the name."""
    place = default_place()
    bank, theatre = load_bank("theatre", "clip-embedded", place), load_generator("theatre", place)
    scores = bank.embeddings @ embedded_perceptor().embed_text([name])[0]
    return theatre.paint(bank.point(int(scores.argmax()), theatre.groups), size)
